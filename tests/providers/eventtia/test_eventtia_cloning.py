"""Cloning: copied once, found, dated and deactivated at once, filled, its sessions moved, and re-read."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import InvalidArguments, NotFound, OutcomeUnknown, RejectedByProvider
from eventdesk_tools.models import Include, Outcome, WriteResult
from eventdesk_tools.plans import PlannedRequest, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.copies import FLAGS, MOVED, copy, fair, order, planned, row
from tests.providers.eventtia.scripted import Turns, listed, rehearsed

pytestmark = pytest.mark.anyio

HARBOR = "/api/v3/events/harbor-design-days"
ALL = tuple((flag, "true") for flag in FLAGS)


async def test_a_copy_is_named_dated_and_deactivated_and_its_sessions_follow(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        wanted = order(event_id="harbor-design-days", starts="2028-04-02T09:00", title="Harbor 2028")
        plan = await r.provider.plan_clone(wanted)
        assert isinstance(plan, WritePlan)
        assert r.writes[1:] == []
        assert plan.makes_true == ("clone", "harbor-design-days", "2028-04-02T09:00+02:00", "Harbor 2028")
        assert (plan.question, plan.mail) == (None, "")
        assert [step.name for step in plan.steps[:4]] == [
            "copy the event",
            "find the copy",
            "name, date and deactivate the copy",
            "wait until the copy is complete",
        ]
        assert [step.request for step in plan.steps[:5]] == [
            PlannedRequest(method="POST", path="/events/harbor-design-days/clone", query=ALL),
            None,
            PlannedRequest(
                method="PUT",
                path="/events/‹copy›",
                body={
                    "name": "Harbor 2028",
                    "start_date": "02/04/2028 - 09:00:00",
                    "end_date": "04/04/2028 - 18:00:00",
                    "active": False,
                },
            ),
            None,
            PlannedRequest(
                method="PUT",
                path="/events/‹copy›/workshops/‹session_73001›",
                body={"start_date": "02/04/2028 - 10:00:00", "end_date": "02/04/2028 - 12:00:00"},
            ),
        ]
        result = await r.carry_out(plan)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=result.event_id,
            status="inactive",
            url=result.url,
            facts={
                "title": "Harbor 2028",
                "starts": "2028-04-02T09:00+02:00",
                "ends": "2028-04-04T18:00+02:00",
                "copied": ["stands", "speakers", "sessions", "places", "tickets", "networking", "page"],
                "not_copied": ["registrations", "payments"],
                "sessions_moved": 4,
            },
        )
        assert result.event_id not in {"", "harbor-design-days"}
        assert [write.method + " " + write.path for write in r.writes[1:3]] == [
            f"POST {HARBOR}/clone",
            f"PUT /api/v3/events/{result.event_id}",
        ]
        assert len(r.writes) == 1 + 2 + 4
        there = await r.provider.get_event("harbor-design-days", frozenset({Include.SESSIONS}))
        here = await r.provider.get_event(result.event_id, frozenset({Include.SESSIONS}))
        days = {
            new.starts.date - old.starts.date
            for old, new in zip(there.sessions or (), here.sessions or (), strict=True)
            if old.starts is not None and new.starts is not None
        }
        assert [day.days for day in days] == [364]


async def test_all_seven_flags_are_always_sent(rehearsal: Rehearse) -> None:
    plan = await planned(fair(), skip=("Sessions", "attendee_types", "clone_event_page"))
    request = plan.steps[0].request
    assert request is not None
    assert request.query == tuple(
        (flag, "false" if flag in {"clone_workshops", "clone_attendee_types", "clone_event_page"} else "true")
        for flag in FLAGS
    )
    assert plan.facts["not_copied"] == ["sessions", "tickets", "page", "registrations", "payments"]


@pytest.mark.parametrize("name", ["calendar", "website", "booking_url", "package"])
async def test_what_a_copy_does_not_take_is_refused_before_any_request(name: str) -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await planned(upstream, **{name: "x"})
    assert (caught.value.field, upstream.asked) == (name, [])


async def test_an_unknown_part_is_refused_before_any_request() -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await planned(upstream, skip=("catering",))
    assert (caught.value.field, upstream.asked) == ("skip", [])
    assert "sessions" in caught.value.allowed


async def test_the_copy_may_be_public_with_the_old_dates_so_it_is_changed_before_the_copying_ends() -> None:
    upstream = fair(**{"GET events/fair/clone-progress": Turns([{"finished": False}] * 4 + [{"finished": True}])})
    r = rehearsed(upstream)
    plan = await r.provider.plan_clone(order())
    assert isinstance(plan, WritePlan)
    assert "may be public with the old dates" in plan.notes[0]
    result = await r.carry_out(plan)
    assert (result.outcome, result.event_id, result.status, result.notes) == (Outcome.DONE, "fair-2", "inactive", ())
    put = upstream.asked.index("PUT events/fair-2")
    assert upstream.asked[put + 1 :].count("GET events/fair/clone-progress") == 3
    assert upstream.writes == [
        ("POST events/fair/clone?" + "&".join(f"{flag}=true" for flag in FLAGS), None),
        (
            "PUT events/fair-2",
            {
                "name": "Fair",
                "start_date": "11/05/2027 - 09:00:00",
                "end_date": "13/05/2027 - 18:00:00",
                "active": False,
            },
        ),
    ]


async def test_publishing_the_copy_is_asked() -> None:
    plan = await planned(fair(), published=True, title="Fair 2027")
    assert plan.question is not None
    assert plan.question.why == frozenset({Why.PUBLIC})
    assert plan.question.reversible is False
    assert plan.question.text == (
        "Copy 'Fair' on Eventtia and publish the copy as 'Fair 2027', starting 2027-05-11T09:00+02:00?"
    )
    request = plan.steps[2].request
    assert request is not None
    assert request.body["active"] is True


async def test_of_several_new_events_the_newest_that_says_it_is_the_copy_is_taken() -> None:
    rows = [row("fair", "7"), row("fair-2", "9"), row("fair-3", "10"), row("fair-4", "11"), row("older", "3")]
    upstream = fair(
        **{
            "GET events": Turns([listed([row("fair", "7")])] * 4 + [listed(rows)]),
            "GET events/fair-2": {"data": copy(created_at="2026-03-01T09:00:01.000Z")},
            "GET events/fair-3": Turns(
                [
                    {"data": copy("10", "fair-3", created_at="2026-03-01T09:00:05.000Z", **changes)}
                    for changes in ({}, {}, MOVED)
                ]
            ),
            "GET events/fair-4": {"data": copy("11", "fair-4", source=8, created_at="2026-03-01T09:00:09.000Z")},
            "PUT events/fair-3": {"data": copy("10", "fair-3", **MOVED)},
        }
    )
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_clone(order()))
    assert (result.event_id, result.notes) == ("fair-3", ())
    assert "GET events/older" not in upstream.asked


async def test_a_copy_that_was_there_before_is_not_taken_for_the_new_one() -> None:
    rows = [row("fair", "7"), row("old-copy", "8")]
    old = {"data": copy("8", "old-copy", created_at="2027-01-01T00:00:00.000Z")}
    lists = Turns([listed(rows)] * 4 + [listed([*rows, row("fair-2", "9")])])
    r = rehearsed(fair(**{"GET events": lists, "GET events/old-copy": old}))
    assert (await r.carry_out(await r.provider.plan_clone(order()))).event_id == "fair-2"


async def test_where_no_copy_appears_it_is_said_and_nothing_is_copied_again() -> None:
    upstream = fair(**{"GET events": listed([row("fair", "7")]), "GET events/fair/clone-progress": {"finished": True}})
    r = rehearsed(upstream)
    for _ in range(2):
        with pytest.raises(NotFound, match="no copy") as caught:
            await r.carry_out(await r.provider.plan_clone(order()))
        assert caught.value.message.startswith("Done: copy the event. Not done: find the copy:")
    assert [line.partition("?")[0] for line, _ in upstream.writes] == ["POST events/fair/clone"]


async def test_copying_that_goes_on_is_continued_by_the_same_call_and_not_begun_again() -> None:
    upstream = fair(
        **{
            "GET events": Turns([listed([row("fair", "7")])] * 20 + [listed([row("fair", "7"), row("fair-2", "9")])]),
            "GET events/fair/clone-progress": Turns([{"finished": False}] * 11 + [{"finished": True}]),
        }
    )
    r = rehearsed(upstream)
    running = await r.carry_out(await r.provider.plan_clone(order()))
    assert (running.outcome, running.status, running.facts["done"]) == (Outcome.RUNNING, "running", ["copy the event"])
    assert [done for done, _, _ in r.told] == sorted({done for done, _, _ in r.told})
    result = await r.carry_out(await r.provider.plan_clone(order()))
    assert (result.outcome, result.event_id) == (Outcome.DONE, "fair-2")
    assert [line.partition("?")[0] for line, _ in upstream.writes] == ["POST events/fair/clone", "PUT events/fair-2"]


async def test_an_unanswered_request_to_copy_is_looked_up_and_never_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="/clone", times=1))
        wanted = order(event_id="harbor-design-days", starts="2028-04-02T09:00")
        outcomes: list[Any] = []
        for _ in range(6):
            try:
                outcomes.append((await r.carry_out(await r.provider.plan_clone(wanted))).outcome)
            except OutcomeUnknown:
                outcomes.append(None)
        assert len([write for write in r.writes if write.path.endswith("/clone")]) == 1
        assert set(outcomes) <= {None, Outcome.DONE, Outcome.ALREADY_DONE, Outcome.RUNNING}


async def test_a_refused_date_leaves_the_copy_named_in_the_error() -> None:
    upstream = fair(**{"PUT events/fair-2": httpx2.Response(422, json={"message": {"start_date": ["is invalid"]}})})
    r = rehearsed(upstream)
    with pytest.raises(RejectedByProvider) as caught:
        await r.carry_out(await r.provider.plan_clone(order()))
    assert caught.value.message.startswith("Done: copy the event, find the copy. Not done: name, date and deactivate")
    assert "start_date: is invalid" in caught.value.message


async def test_what_the_platform_shows_afterwards_is_compared_as_instants_and_told() -> None:
    other: dict[str, Any] = {**MOVED, "start_date": "2027-05-11T09:00:00.000+00:00", "active": True, "name": "Fair!"}
    upstream = fair(**{"GET events/fair-2": Turns([{"data": copy()}, {"data": copy()}, {"data": copy(**other)}])})
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_clone(order()))
    assert result.notes == (
        "Eventtia shows the start as 2027-05-11T11:00+02:00, not 2027-05-11T09:00+02:00.",
        "Eventtia shows another title than the one sent.",
        "Eventtia shows the copy as active: the public may see it.",
    )
    assert (result.status, result.facts["starts"]) == ("live", "2027-05-11T11:00+02:00")
    same: dict[str, Any] = {**MOVED, "start_date": "2027-05-11T09:00:00.000+02:00"}
    quiet = fair(**{"GET events/fair-2": Turns([{"data": copy()}, {"data": copy()}, {"data": copy(**same)}])})
    r = rehearsed(quiet)
    assert (await r.carry_out(await r.provider.plan_clone(order()))).notes == ()


async def test_the_same_call_again_answers_the_copy_that_stands(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        wanted = order(event_id="harbor-design-days", starts="2028-04-02T09:00")
        first = await r.carry_out(await r.provider.plan_clone(wanted))
        again = await r.carry_out(await r.provider.plan_clone(wanted))
        assert (again.outcome, again.event_id, again.status) == (Outcome.ALREADY_DONE, first.event_id, "inactive")
        assert len([write for write in r.writes if write.path.endswith("/clone")]) == 1


async def test_a_copy_that_is_gone_no_longer_stands() -> None:
    upstream = fair(**{"GET events": listed([row("fair", "7")])})
    plan = await planned(upstream)
    assert plan.stands is not None
    assert await plan.stands({"copy": "fair-2", "copy_id": "9"}) is None


async def test_the_plan_never_writes_and_previews_the_bytes_it_sends(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia", now=datetime(2027, 3, 1, 9, tzinfo=UTC)) as r:
        plan = await r.provider.plan_clone(order(event_id="loft-sessions", starts="2027-09-02T19:00"))
        assert isinstance(plan, WritePlan)
        assert r.writes[1:] == []
        await r.carry_out(plan)
        bodies = [step.request.body for step in plan.steps if step.request is not None and step.request.body]
        assert [json.loads(write.body) for write in r.writes if write.method == "PUT"] == bodies


async def test_a_lost_change_of_the_copy_is_sent_again_so_that_it_never_stays_public(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_before", method="PUT", times=1))
        wanted = order(event_id="loft-sessions", starts="2027-09-02T19:00", skip=("sessions",))
        with pytest.raises(OutcomeUnknown):
            await r.carry_out(await r.provider.plan_clone(wanted))
        result = await r.carry_out(await r.provider.plan_clone(wanted))
        assert (result.outcome, result.status, result.notes) == (Outcome.DONE, "inactive", ())
        assert [write.method for write in r.writes[1:]] == ["POST", "PUT", "PUT"]
