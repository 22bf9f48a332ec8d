"""Registering many people for one event: what they share is read once, and nobody twice."""

from collections.abc import Sequence
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import AuthenticationFailed, EventdeskError, NotFound, UnknownRef
from eventdesk_tools.models import Outcome, Registration, WriteResult
from eventdesk_tools.plans import Planned, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.fairs import at_fair, fair, wanted
from tests.providers.eventtia.scripted import attendee, listed, provider_of
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio

HARBOR = "/api/v3/events/harbor-design-days"


def guests(number: int, **given: Any) -> list[Registration]:
    return [wanted(**{"email": f"guest{n}@quay.example", "ticket": "General"} | given) for n in range(number)]


def reads(r: Rehearsal) -> list[str]:
    return [seen.path.removeprefix(HARBOR) for seen in r.seen if seen.method == "GET"]


async def carried_out(r: Rehearsal, planned: Sequence[Planned]) -> list[WriteResult]:
    """Every plan's result, planned anew at its turn where it says so."""
    results: list[WriteResult] = []
    for plan in planned:
        assert not isinstance(plan, EventdeskError)
        turn = await plan.anew() if isinstance(plan, WritePlan) and plan.anew is not None else plan
        results.append(await r.carry_out(turn))
    return results


async def test_the_event_its_forms_and_its_people_are_read_once_for_all(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        planned = await r.provider.plan_registrations(guests(9))
        assert reads(r) == ["", "/attendee_types", "/attendees", "/attendees", "/attendees"]
        results = await carried_out(r, planned)
        assert {result.outcome for result in results} == {Outcome.DONE}
        assert len(reads(r)) == 5


async def test_activities_are_read_once_and_only_where_somebody_wants_them(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.provider.plan_registrations([*guests(4), *guests(4, sessions=("Opening talk",))])
        assert reads(r).count("/workshops") == 1


async def test_somebody_registered_is_known_whatever_the_case_and_gets_only_missing_sessions(
    rehearsal: Rehearse,
) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_registration(wanted(ticket="General", sessions=("Opening talk",))))
        upper = wanted(email="TEO+VIP@marsh.EXAMPLE", ticket="General")
        more = wanted(ticket="General", sessions=("Opening talk", "Portfolio hour"))
        same, added, *_ = await r.provider.plan_registrations([upper, more, *guests(3)])
        assert isinstance(same, WriteResult)
        assert same.outcome is Outcome.ALREADY_REGISTERED
        assert isinstance(added, WritePlan)
        assert [step.name for step in added.steps] == ["book 'Portfolio hour'"]
        result = await r.carry_out(added)
        assert (result.outcome, result.record) == (Outcome.ALREADY_REGISTERED, same.record)


async def test_a_row_that_cannot_be_planned_leaves_the_others(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        good, bad, other = await r.provider.plan_registrations(
            [wanted(ticket="General"), *guests(1, ticket="Balcony"), *guests(1)]
        )
        assert isinstance(good, WritePlan)
        assert isinstance(bad, UnknownRef)
        assert isinstance(other, WritePlan)
        assert r.writes == [r.writes[0]]
        assert r.writes[0].path.endswith("/auth")


async def test_an_event_that_is_not_there_is_asked_for_once(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        with pytest.raises(NotFound):
            await r.provider.plan_registrations(guests(50, event_id="nowhere"))
        assert len([seen for seen in r.seen if seen.method == "GET"]) == 1


async def test_of_an_event_with_many_people_each_is_looked_up_at_their_turn(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_registration(guests(1)[0]))
        r.sandbox.faults.seen.clear()
        # Three pages of people would be more requests than two look-ups.
        planned = await r.provider.plan_registrations(guests(2))
        assert reads(r) == ["", "/attendee_types", "/attendees"]
        assert r.writes == []
        results = await carried_out(r, planned)
        assert [result.outcome for result in results] == [Outcome.ALREADY_REGISTERED, Outcome.DONE]
        assert reads(r)[3:] == ["/attendees", "/attendees"]
        assert len(r.writes) == 1


@pytest.mark.parametrize("number", [2, 9])
async def test_an_unanswered_request_is_settled_by_a_fresh_look(rehearsal: Rehearse, number: int) -> None:
    async with rehearsal("eventtia") as r:
        planned = await r.provider.plan_registrations(guests(number))
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="register", times=1))
        results = await carried_out(r, planned)
        assert {result.outcome for result in results} == {Outcome.DONE}
        assert len({result.record for result in results}) == number
        assert sum(write.path.endswith("/register") for write in r.writes) == number


async def test_somebody_who_came_between_the_list_and_the_request_is_not_registered_twice(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        planned = await r.provider.plan_registrations(guests(9))
        first = await r.carry_out(await r.provider.plan_registration(guests(1)[0]))
        results = await carried_out(r, planned)
        assert results[0].record == first.record
        emails = r.sandbox.world.store.rows(
            "select email, count(*) as times from eventtia_attendees where email like 'guest%' group by email"
        )
        assert [row["times"] for row in emails] == [1] * 9


async def test_a_list_without_addresses_registers_nobody() -> None:
    reduced = [attendee(str(n), "1", {"777": "someone"}) for n in range(3)]
    upstream = fair(**{"GET events/fair/attendees": listed(reduced)})
    people = [at_fair(email=f"guest{n}@quay.example", ticket="Day") for n in range(5)]
    with pytest.raises(AuthenticationFailed):
        await provider_of(upstream).plan_registrations(people)


async def test_nobody_wanted_is_nothing_asked(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        assert await r.provider.plan_registrations([]) == []
        assert r.seen == []


async def test_a_list_shorter_than_its_count_is_not_taken_for_everybody() -> None:
    one = attendee("1", "1", {"100": "somebody@quay.example"})
    short = listed([one], meta={"total_pages": 1, "total_attendees": 20})
    people = [at_fair(email=f"guest{n}@quay.example", ticket="Day") for n in range(20)]
    for plan in await provider_of(fair(**{"GET events/fair/attendees": short})).plan_registrations(people):
        assert isinstance(plan, WritePlan)
        assert plan.anew is not None
