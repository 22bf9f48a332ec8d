"""Archiving at Eventtia: deactivating, told as that, asked for, undone."""

import json
from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import NotFound, RejectedByProvider
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import Turns, Upstream, event, provider_of, rehearsed

pytestmark = pytest.mark.anyio

HARBOR = "/api/v3/events/harbor-design-days"


async def test_an_event_is_deactivated_and_never_said_to_be_archived(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_archive("harbor-design-days", restore=False)
        assert isinstance(plan, WritePlan)
        assert plan.steps[0].request == PlannedRequest(
            method="PUT", path="/events/harbor-design-days", body={"active": False}
        )
        assert plan.changes == (Change("active", before=True, after=False),)
        result = await r.carry_out(plan)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id="harbor-design-days",
            status="inactive",
            facts={"effect": "deactivated"},
            undo={"restore": True},
        )
        assert "archived" not in f"{plan.summary}{plan.question}{result}".lower()
        assert [(write.method, write.path, json.loads(write.body)) for write in r.writes[1:]] == [
            ("PUT", HARBOR, {"active": False})
        ]


async def test_what_is_deactivated_already_is_not_sent_again(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_archive("harbor-design-days", restore=False))
        again = await r.provider.plan_archive("harbor-design-days", restore=False)
        assert again == WriteResult(
            outcome=Outcome.ALREADY_DONE,
            event_id="harbor-design-days",
            status="inactive",
            facts={"effect": "deactivated"},
            undo={"restore": True},
            makes_true=("event_active", "harbor-design-days", "false"),
        )


async def test_deactivating_is_undone_and_may_be_done_again(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        for restore, status in ((False, "inactive"), (True, "live"), (False, "inactive"), (True, "live")):
            result = await r.carry_out(await r.provider.plan_archive("harbor-design-days", restore=restore))
            assert (result.outcome, result.status) == (Outcome.DONE, status)
            assert result.undo == ({} if restore else {"restore": True})


@pytest.mark.parametrize(
    ("people", "words"),
    [(61, " 61 registered."), (1, " 1 person registered."), (None, "")],
    ids=["many", "one", "untold"],
)
async def test_a_person_is_asked_with_the_number_registered(people: Any, words: str) -> None:
    upstream = Upstream({"GET events/fair": {"data": event(total_attendees=people)}})
    plan = await provider_of(upstream).plan_archive("fair", restore=False)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.question.text == (
        f"Deactivate 'Fair' on Eventtia? It goes out of the public's sight; nothing is deleted.{words}"
    )
    assert (plan.question.why, plan.question.reversible) == (frozenset({Why.VISIBLE_CHANGE}), True)


async def test_making_an_event_public_again_is_asked_as_that() -> None:
    upstream = Upstream({"GET events/fair": {"data": event(active=False)}})
    plan = await provider_of(upstream).plan_archive("fair", restore=True)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.question.why == frozenset({Why.PUBLIC, Why.VISIBLE_CHANGE})
    assert plan.question.reversible is False
    assert plan.makes_true == ("event_active", "fair", "true")


async def test_a_long_or_hostile_title_leaves_the_question_short_and_visible() -> None:
    upstream = Upstream({"GET events/fair": {"data": event(name="Fair\u202e\n" + "x" * 900)}})
    plan = await provider_of(upstream).plan_archive("fair", restore=False)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert len(plan.question.text) <= 400
    assert plan.question.text.isprintable()


async def test_an_unanswered_change_is_settled_by_the_present_state(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_after", method="PUT", path=HARBOR, times=1))
        result = await r.carry_out(await r.provider.plan_archive("harbor-design-days", restore=False))
        assert (result.outcome, result.status) == (Outcome.DONE, "inactive")
        assert len(r.writes[1:]) == 1


async def test_a_change_that_the_platform_takes_and_does_not_make_is_not_called_done() -> None:
    upstream = Upstream({"GET events/fair": {"data": event()}, "PUT events/fair": {"data": event(active=False)}})
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_archive("fair", restore=False))
    assert (result.outcome, result.status, result.facts) == (Outcome.UNKNOWN, "live", {})
    assert result.notes == ("Eventtia took the change, but still shows the event as it was.",)


async def test_a_refusal_is_told_in_the_platforms_words() -> None:
    upstream = Upstream(
        {
            "GET events/fair": Turns([{"data": event()}]),
            "PUT events/fair": httpx2.Response(422, json={"message": ["Sender email is not verified"]}),
        }
    )
    r = rehearsed(upstream)
    with pytest.raises(RejectedByProvider, match="Sender email is not verified"):
        await r.carry_out(await r.provider.plan_archive("fair", restore=False))


async def test_an_unknown_event_is_not_found_before_any_write(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        with pytest.raises(NotFound):
            await r.provider.plan_archive("no-such-event", restore=False)
        assert r.writes[1:] == []
