"""Cancelling: asked for, sent once, looked at afterwards, and told as it is."""

from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import InvalidArguments, NotFound, OutcomeUnknown
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.people import NAMED
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from eventdesk_tools.records import AttendeeQuery
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import Turns, Upstream, attendee, event, kind, listed, question, rehearsed
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio

HARBOR = "harbor-design-days"
CANCEL = f"/api/v3/events/{HARBOR}/attendees/600001/cancel"


def fair(*shown: Any, **answers: Any) -> Upstream:
    """A registration of which the platform shows, one look after the other, what `shown` says."""
    given = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": listed(
            [kind("1", "Day")], included=[question("103", "1", "email", default=True)]
        ),
        "GET events/fair/attendees/5": Turns(list(shown)),
        "PUT events/fair/attendees/5/cancel": httpx2.Response(200, content=b""),
    }
    return Upstream(given | answers)


def person(**told: Any) -> Any:
    return attendee("5", "1", {"103": "ines@vidal.example"}, **told)


async def planned(r: Rehearsal, record: str = "600001", event_id: str = HARBOR) -> WritePlan:
    plan = await r.provider.plan_cancellation(event_id, record, whole_order=False)
    assert isinstance(plan, WritePlan)
    return plan


@pytest.mark.parametrize("answer", ["empty", "no_content", "null", "resource"])
@pytest.mark.parametrize("gone", [False, True])
async def test_a_registration_is_cancelled_whatever_the_platform_answers_and_shows_afterwards(
    rehearsal: Rehearse, answer: str, gone: bool
) -> None:
    switches = {"eventtia.cancel_answer": answer, "eventtia.cancelled_is_gone": gone}
    async with rehearsal("eventtia", switches=switches) as r:
        plan = await planned(r)
        assert plan.steps[0].request == PlannedRequest(method="PUT", path=f"/events/{HARBOR}/attendees/600001/cancel")
        assert plan.makes_true == ("cancellation", HARBOR, "600001")
        assert plan.changes == (Change("status", "confirmed", "cancelled"),)
        assert len(r.writes) == 1
        result = await r.carry_out(plan)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=HARBOR,
            record=(Kind.REGISTRATION, "600001"),
            status="cancelled",
            mail="unknown",
            facts={"ticket": "General"},
            notes=("Eventtia no longer shows the registration.",) if gone else (),
        )
        assert [(write.method, write.path, write.body) for write in r.writes[1:]] == [("PUT", CANCEL, b"")]
        query = AttendeeQuery(event_id=HARBOR)
        assert "600001" not in {row.id async for page in r.provider.list_attendees(query) for row in page.rows}


async def test_a_person_is_asked_with_name_ticket_and_that_nothing_takes_it_back() -> None:
    r = rehearsed(fair({"data": person(paid=True)}, **{"GET events/fair/attendees": listed([person()])}))
    plan = await planned(r, "5", "fair")
    assert plan.question is not None
    assert NAMED.sub(r"\1", plan.question.text) == (
        "Cancel the registration a-5 of 'ines@vidal.example' ('Day') for 'Fair' on Eventtia? Nothing takes it back. It is paid, and no "
        "money is returned."
    )
    assert (plan.question.why, plan.question.reversible) == (frozenset({Why.DESTRUCTIVE}), False)
    assert plan.notes == ("No money is returned by this.",)


async def test_what_is_cancelled_already_is_not_sent_again(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await planned(r))
        again = await r.provider.plan_cancellation(HARBOR, "600001", whole_order=False)
        assert isinstance(again, WriteResult)
        assert (again.outcome, again.status, len(r.writes[1:])) == (Outcome.ALREADY_DONE, "cancelled", 1)


async def test_a_rejected_registration_holds_no_seat_to_be_given_back() -> None:
    result = await rehearsed(fair({"data": person(status="rejected")})).provider.plan_cancellation(
        "fair", "5", whole_order=False
    )
    assert isinstance(result, WriteResult)
    assert (result.outcome, result.status) == (Outcome.ALREADY_DONE, "rejected")
    assert result.notes == ("It was rejected, and holds no seat.",)


async def test_a_registration_that_keeps_its_word_is_looked_up_in_the_lists() -> None:
    """Before: in the ordinary list. Afterwards: only in the one with deleted ones."""

    def people(request: httpx2.Request) -> Any:
        cancelled = any(seen.method == "PUT" for seen in upstream.seen)
        assert request.url.params["email"] == "ines@vidal.example"
        return listed([] if cancelled and "include_archived" not in request.url.params else [person()])

    upstream = fair({"data": person()}, **{"GET events/fair/attendees": people})
    r = rehearsed(upstream)
    result = await r.carry_out(await planned(r, "5", "fair"))
    assert (result.outcome, result.status, len(upstream.writes)) == (Outcome.DONE, "cancelled", 1)
    again = await r.provider.plan_cancellation("fair", "5", whole_order=False)
    assert isinstance(again, WriteResult)
    assert again.outcome is Outcome.ALREADY_DONE


async def test_what_the_platform_takes_and_does_not_do_is_not_called_done() -> None:
    r = rehearsed(fair({"data": person()}, **{"GET events/fair/attendees": listed([person()])}))
    result = await r.carry_out(await planned(r, "5", "fair"))
    assert (result.outcome, result.status) == (Outcome.UNKNOWN, "confirmed")
    assert "still shows the registration as it was" in result.notes[0]


@pytest.mark.parametrize("kind_of_drop", ["drop_after", "drop_before"])
async def test_an_unanswered_cancellation_is_settled_by_looking_and_never_sent_twice(
    rehearsal: Rehearse, kind_of_drop: Any
) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind=kind_of_drop, method="PUT", path="/cancel", times=1))
        if kind_of_drop == "drop_after":
            assert (await r.carry_out(await planned(r))).outcome is Outcome.DONE
        else:
            with pytest.raises(OutcomeUnknown):
                await r.carry_out(await planned(r))
        assert len(r.writes[1:]) == 1


async def test_an_unknown_registration_is_told_before_any_write(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        with pytest.raises(NotFound, match="gone, or never was"):
            await r.provider.plan_cancellation(HARBOR, "1", whole_order=False)
        assert r.writes[1:] == []


async def test_a_whole_order_is_refused_by_name_before_any_request() -> None:
    upstream = fair({"data": person()})
    with pytest.raises(InvalidArguments) as caught:
        await rehearsed(upstream).provider.plan_cancellation("fair", "5", whole_order=True)
    assert (caught.value.field, upstream.seen) == ("whole_order", [])


async def test_many_of_one_event_read_the_event_and_its_forms_once(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        for record in ("600001", "600002", "600003"):
            await planned(r, record)
        asked = [seen.path.removeprefix(f"/api/v3/events/{HARBOR}") for seen in r.seen if seen.method == "GET"]
        assert asked == [
            "",
            "/attendee_types",
            *(path for record in ("600001", "600002", "600003") for path in (f"/attendees/{record}", "/attendees")),
        ]
