"""Registering in the rehearsal's season, from the list to the talk."""

from typing import Any

import pytest

from eventdesk_tools.models import EventQuery, EventStatus, Include, Outcome, Registration
from tests.providers.conftest import Rehearse

pytestmark = pytest.mark.anyio


def wanted(**changes: Any) -> Registration:
    given: dict[str, Any] = {"event_id": "4711", "name": "Kim Quay", "email": "kim@example.org"}
    return Registration(**(given | changes))


async def test_in_the_rehearsal_a_person_is_registered_once(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        query = EventQuery(now=r.clock.now())
        live = [e.id async for e in r.provider.list_events(query) if e.status is EventStatus.LIVE][-1]
        order = wanted(event_id=live, ticket="Free pass", email="kim.quay+new@example.org")
        first = await r.carry_out(await r.provider.plan_registration(order))
        same = await r.carry_out(await r.provider.plan_registration(order))
        other_case = wanted(event_id=live, email="KIM.QUAY+NEW@example.org")
        again = await r.carry_out(await r.provider.plan_registration(other_case))
        assert (first.outcome, first.status, first.mail) == (Outcome.DONE, "confirmed", "yes")
        assert (same.outcome, same.record) == (Outcome.ALREADY_DONE, first.record)
        assert (again.outcome, again.record) == (Outcome.ALREADY_REGISTERED, first.record)
        assert [write.method for write in r.writes] == ["POST"]


async def test_in_the_rehearsal_talks_are_added_once_the_person_is_there(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        query = EventQuery(now=r.clock.now())
        live = [e.id async for e in r.provider.list_events(query) if e.status is EventStatus.LIVE][-1]
        detail = await r.provider.get_event(live, frozenset({Include.SESSIONS}))
        talks = [talk for talk in detail.sessions or () if talk.status == "live"]
        order = wanted(event_id=live, ticket="Free pass", sessions=(f"s-{talks[0].id}",))
        first = await r.carry_out(await r.provider.plan_registration(order))
        more = wanted(event_id=live, sessions=(talks[0].title, f"s-{talks[1].id}"))
        second = await r.carry_out(await r.provider.plan_registration(more))
        assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.ALREADY_REGISTERED)
        assert (first.notes, second.notes) == ((), ())
        person = (first.record or ("", ""))[1]
        root = f"/api/v2/events/{live}/attendees/"
        assert [write.path for write in r.writes] == [
            root, f"{root}{person}/talks/{talks[0].id}/", f"{root}{person}/talks/{talks[1].id}/",
        ]  # fmt: skip
