"""Registering many people for one event: what they share is read once, and nobody twice."""

from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import EventdeskError, InvalidArguments, SoldOut, UnknownRef, Unsupported
from eventdesk_tools.models import Outcome, Registration, WriteResult
from eventdesk_tools.plans import WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.heysummit.summit import VERSIONS
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio

FREE = {"v2": "Free pass, Free", "v1": "Free pass"}


def guest(email: str, version: str = "v2", **given: Any) -> Registration:
    plain: dict[str, Any] = {"event_id": "4711", "name": "Kim Pier", "ticket": FREE[version], "email": email}
    return Registration(**plain | given)


def guests(number: int, version: str = "v2", **given: Any) -> list[Registration]:
    return [guest(f"guest{n}@quay.example", version, **given) for n in range(number)]


def reads(r: Rehearsal) -> list[str]:
    return [seen.path.partition("/api/")[2] for seen in r.seen if seen.method == "GET"]


def stored(r: Rehearsal) -> int:
    return len(r.sandbox.world.store.rows("select 1 from heysummit_attendees where email like 'guest%'"))


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_all_share_is_read_once_and_each_is_one_request(rehearsal: Rehearse, version: str) -> None:
    async with rehearsal("heysummit", settings=VERSIONS[version]) as r:
        planned = await r.provider.plan_registrations(guests(12, version))
        shared = reads(r)
        assert len([path for path in shared if path.rstrip("/").endswith(("4711", "tickets"))]) == 2
        assert {path.rstrip("/").rpartition("/")[2] for path in shared} == {"4711", "tickets", "attendees"}
        for plan in planned:
            assert isinstance(plan, WritePlan)
            assert plan.anew is None
            result = await r.carry_out(plan)
            # Version 1 answers a registration without its state.
            assert (result.outcome, result.status) == (Outcome.DONE, "confirmed" if version == "v2" else "unknown")
        assert reads(r) == shared
        assert len(r.writes) == 12


async def test_somebody_registered_keeps_what_they_have_and_is_known_in_any_case(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        planned = await r.provider.plan_registrations(
            [guest("kim.quay@EXAMPLE.org", ticket="Student, Student"), *guests(5)]
        )
        assert isinstance(planned[0], WriteResult)
        assert planned[0].outcome is Outcome.ALREADY_REGISTERED
        assert planned[0].record is not None
        assert planned[0].record[1] == "33001"
        assert r.writes == []


async def test_a_ticket_that_is_not_there_is_told_of_somebody_registered_too(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        planned = await r.provider.plan_registrations([guest("kim.quay@example.org", ticket="Balcony"), *guests(5)])
        assert isinstance(planned[0], UnknownRef)


async def test_talks_are_read_once_and_added_to_who_is_there_and_who_comes(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        known = guest("kim.quay@example.org", sessions=("Lunch",))
        planned = await r.provider.plan_registrations([known, *guests(4, sessions=("Lunch",))])
        assert sum(path.endswith("talks/") for path in reads(r)) == 1
        results: list[WriteResult] = []
        for plan in planned:
            assert isinstance(plan, WritePlan)
            results.append(await r.carry_out(plan))
        assert [one.outcome for one in results] == [Outcome.ALREADY_REGISTERED, *[Outcome.DONE] * 4]
        assert [one.notes for one in results] == [()] * 5
        booked = r.sandbox.world.store.rows("select attendee_id from heysummit_schedule where talk_id = 90230")
        assert {int(one.record[1]) for one in results if one.record is not None} <= {
            row["attendee_id"] for row in booked
        }


async def test_of_an_event_with_many_people_each_is_looked_up_at_their_turn(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        new, known = await r.provider.plan_registrations([*guests(1), guest("Kim.Quay@Example.org")])
        assert len([path for path in reads(r) if path.endswith("attendees/")]) == 1
        assert isinstance(new, WritePlan)
        assert isinstance(known, WritePlan)
        assert new.anew is not None
        assert known.anew is not None
        assert r.writes == []
        at_its_turn = await known.anew()
        assert isinstance(at_its_turn, WriteResult)
        assert at_its_turn.outcome is Outcome.ALREADY_REGISTERED
        assert (await r.carry_out(await new.anew())).outcome is Outcome.DONE
        assert len(r.writes) == 1


async def test_a_list_that_ends_before_its_count_is_not_taken_for_everybody(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        short: dict[str, Any] = {"count": 900, "next": None, "previous": None, "results": []}
        r.sandbox.faults.add(Fault(kind="status", code=200, method="GET", path="attendees/$", times=1, body=short))
        (known, *_) = await r.provider.plan_registrations([guest("Kim.Quay@Example.org"), *guests(30)])
        assert isinstance(known, WritePlan)
        assert known.anew is not None
        assert isinstance(await known.anew(), WriteResult)


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_unanswered_request_is_settled_by_a_fresh_look(rehearsal: Rehearse, version: str) -> None:
    async with rehearsal("heysummit", settings=VERSIONS[version]) as r:
        planned = await r.provider.plan_registrations(guests(6, version))
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="attendees", skip=1, times=1))
        for plan in planned:
            assert not isinstance(plan, EventdeskError)
            assert (await r.carry_out(plan)).outcome is Outcome.DONE
        assert stored(r) == len(r.writes) == 6


async def test_what_is_wrong_with_one_is_told_of_that_one(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        rows = [
            *guests(1, ticket="Boat seat, Seat"), *guests(1, ticket="All access, Early"),
            *guests(1, extras=(("x-1", 1),)), *guests(1), *guests(1, sessions=("Breakfast",)),
        ]  # fmt: skip
        planned = await r.provider.plan_registrations(rows)
        assert [type(plan) for plan in planned] == [SoldOut, InvalidArguments, Unsupported, WritePlan, UnknownRef]
        assert r.writes == []
