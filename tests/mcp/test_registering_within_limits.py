"""Many people at once, over MCP: stopped by the platform's limits or by the time, and gone on with by the same call."""

from typing import Any

import pytest
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult
from typing_extensions import override

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.models import Registration
from tests.mcp.conftest import ByHand, Chat, Era, Hours, Human, chatting
from tests.mcp.guests import (
    FAIR,
    PLATFORMS,
    event_at,
    in_database,
    people,
    posts,
    quay_fair,
    reasons,
    settings_of,
    waits,
)

pytestmark = pytest.mark.anyio


# Limits --------------------------------------------------------------------------------------------------------------


async def test_a_limit_stops_the_batch_and_the_same_call_goes_on_when_it_allows(hours: Hours) -> None:
    async with chatting("eventschedule", human=Human(), limits=True, hours=hours) as chat:
        ref = await quay_fair(chat)
        hours.go(61)
        answers = [await chat.call("register_attendees", event=ref, rows=people(70))]
        assert answers[0]["registered"] == 30
        assert answers[0]["not_tried"] == 40
        assert "make the same call again in 61 s; nothing is sent twice" in " ".join(answers[0]["notes"])
        early = await chat.call("register_attendees", event=ref, rows=people(70))
        assert "registered" not in early
        assert early["already_registered"] == 30
        while answers[-1].get("not_tried") and len(answers) < 5:
            hours.go(61)
            answers.append(await chat.call("register_attendees", event=ref, rows=people(70)))
        assert [answer.get("registered", 0) for answer in answers] == [30, 30, 10]
        assert answers[-1]["already_registered"] == 60
        assert posts(chat) == 71
        assert in_database(chat, "eventschedule") == dict.fromkeys((f"ada{n}@pier.example" for n in range(70)), 1)


async def test_bad_rows_are_shown_before_those_that_wait(hours: Hours) -> None:
    async with chatting("eventschedule", human=Human(), limits=True, hours=hours) as chat:
        ref = await quay_fair(chat)
        hours.go(61)
        rows = [*people(99), {"name": "Ada", "email": "no"}]
        answer = await chat.call("register_attendees", event=ref, rows=rows)
        assert (answer["registered"], answer["not_tried"], answer["invalid"]) == (30, 69, 1)
        assert answer["rows"][0][:2] == [100, "invalid"]


async def test_eventtias_limit_stops_the_batch_without_waiting_and_the_told_pause_is_enough_for_the_rest(
    hours: Hours, era: Era
) -> None:
    async with chatting("eventtia", human=Human(), limits=True, era=era, hours=hours) as chat:
        first = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(100))
        assert first["registered"] >= 85
        assert first["registered"] + first["not_tried"] == 100
        assert hours.at == 1_000.0
        hours.go(waits(first))
        second = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(100))
        assert (second["registered"], second["already_registered"]) == (first["not_tried"], first["registered"])
        assert in_database(chat, "eventtia") == dict.fromkeys((f"ada{n}@pier.example" for n in range(100)), 1)
        assert posts(chat) == 100


async def test_a_short_pause_that_the_platform_wants_is_waited_for(hours: Hours) -> None:
    async with chatting("eventtia", human=Human(), limits=True, era="2025", hours=hours) as chat:
        for _ in range(60):
            await chat.rehearsal.provider.check()
        hours.go(58)
        began = hours.at
        answer = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(60))
        assert answer["registered"] == 60
        assert 2 < hours.at - began < 3


async def test_a_long_pause_that_the_platform_wants_is_told_rather_than_waited_for(hours: Hours) -> None:
    async with chatting("eventtia", human=Human(), limits=True, era="2025", hours=hours) as chat:
        for _ in range(60):
            await chat.rehearsal.provider.check()
        hours.go(48)
        began = hours.at
        first = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(60))
        assert first["registered"] + first["not_tried"] == 60
        assert first["registered"] > 25
        assert (hours.at, waits(first)) == (began, 13)
        hours.go(10)
        second = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(60))
        assert (second["registered"], second["already_registered"]) == (first["not_tried"], first["registered"])
        assert hours.at - began < 14
        assert reached(chat, "eventtia", 0) == 60


async def test_what_the_platform_refuses_as_too_much_stops_the_batch_and_loses_nobody(hours: Hours) -> None:
    async with chatting("heysummit", human=Human(), hours=hours) as chat:
        at = await event_at(chat, "heysummit")
        busy = Fault(kind="status", code=429, retry_after=40, method="POST", path="attendees", skip=5, times=3)
        chat.rehearsal.sandbox.faults.add(busy)
        first = await chat.call("register_attendees", **at, rows=people(12))
        assert (first["registered"], first["not_tried"]) == (5, 7)
        assert waits(first) == 40
        chat.rehearsal.sandbox.faults.clear()
        hours.go(waits(first))
        second = await chat.call("register_attendees", **at, rows=people(12))
        assert (second["registered"], second["already_registered"]) == (7, 5)
        assert in_database(chat, "heysummit") == dict.fromkeys((f"ada{n}@pier.example" for n in range(12)), 1)


async def test_a_preview_tells_how_many_requests_the_platform_takes_now(hours: Hours) -> None:
    async with chatting("eventschedule", human=Human(), limits=True, hours=hours) as chat:
        ref = await quay_fair(chat)
        hours.go(61)
        shown = await chat.call("register_attendees", event=ref, rows=people(70), dry_run=True)
        assert any("The platform takes 30 of the 70 requests now" in note for note in shown["notes"])
        few = await chat.call("register_attendees", event=ref, rows=people(30), dry_run=True)
        assert not any("requests now" in note for note in few.get("notes", []))


async def test_a_key_that_is_refused_stops_the_batch_before_the_platform_blocks_it(hours: Hours) -> None:
    async with chatting("eventschedule", human=Human(), hours=hours) as chat:
        at = await event_at(chat, "eventschedule")
        before = posts(chat)
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=401, method="POST", path="sales", skip=3))
        answer = await chat.call("register_attendees", **at, rows=people(20))
        assert (answer["registered"], answer["not_tried"]) == (3, 17)
        assert any("key" in note for note in answer["notes"])
        assert posts(chat) - before <= 5


# Time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_the_end_of_the_time_stops_the_batch_and_the_same_call_completes_it(platform: str, hours: Hours) -> None:
    runtime = {"runtime": ByHand(hours=hours)}
    async with chatting(
        platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform), options=runtime, hours=hours
    ) as chat:
        at = await event_at(chat, platform)
        before = posts(chat)
        slow = Fault(method="POST", path="attendees|sales", look_alike=lambda _: hours.go(2.0))
        chat.rehearsal.sandbox.faults.add(slow)
        answers: list[dict[str, Any]] = []
        while not answers or "not_tried" in answers[-1]:
            began = hours.at
            answers.append(await chat.call("register_attendees", **at, rows=people(25)))
            assert hours.at - began <= 25
            assert len(answers) < 5, answers
        assert [answer["registered"] for answer in answers] == [11, 11, 3]
        assert (
            "The time was up: make the same call again for those not tried; nothing is sent twice."
            in answers[0]["notes"]
        )
        assert reached(chat, platform, before) == 25


def reached(chat: Chat, platform: str, before: int) -> int:
    """How many of our people are registered, each once and by one request."""
    there = in_database(chat, platform)
    assert set(there.values()) == {1}
    assert posts(chat) - before == len(there)
    return len(there)


class Thoughtful(Human):
    """A person who takes five minutes, in which somebody registers one of the people in another way."""

    hours: Hours
    chat: Chat

    @override
    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.hours.go(300)
        provider = self.chat.rehearsal.provider
        one = Registration(event_id="harbor-design-days", name="Ada Piera", email="ada0@pier.example", ticket="General")
        await self.chat.rehearsal.carry_out(await provider.plan_registration(one))
        return await super().__call__(context, params)


async def test_who_was_registered_otherwise_while_a_person_thought_is_not_registered_again(hours: Hours) -> None:
    person = Thoughtful()
    runtime = {"runtime": ByHand(hours=hours)}
    async with chatting("eventtia", era="2025", human=person, options=runtime, hours=hours) as chat:
        person.hours, person.chat = hours, chat
        answer = await chat.call("register_attendees", event=FAIR, ticket="General", rows=people(8))
        assert (answer.get("registered"), answer.get("already_registered")) == (7, 1), answer
        assert reached(chat, "eventtia", 0) == 8


class Elsewhere(Human):
    """A person who takes five minutes, in which the tickets of the event change their names."""

    hours: Hours
    chat: Chat

    @override
    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.hours.go(300)
        rename = "update eventtia_records set doc = replace(doc, ?, ?) where type = 'attendee_types' and id = ?"
        store = self.chat.rehearsal.sandbox.world.store
        store.execute(rename, ('"General"', '"Hall"', 51001))
        store.execute(rename, ('"VIP"', '"General"', 51002))
        return await super().__call__(context, params)


async def test_what_would_be_sent_otherwise_than_was_agreed_is_not_sent(hours: Hours) -> None:
    person = Elsewhere()
    async with chatting(
        "eventtia", era="2025", human=person, options={"runtime": ByHand(hours=hours)}, hours=hours
    ) as chat:
        person.hours, person.chat = hours, chat
        rows = [*people(6), {"name": "Bo Quay", "email": "bo@pier.example", "ticket": f"{FAIR}:t-51001"}]
        answer = await chat.call("register_attendees", event=FAIR, ticket="General", rows=rows)
        assert (answer["registered"], answer["not_tried"]) == (1, 6)
        assert {reason for _, reason in reasons(answer).values()} == {
            "What would be sent changed while the person was asked: make the call again."
        }
        assert list(in_database(chat, "eventtia")) == ["bo@pier.example"]


# Lost answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_lost_answer_among_many_is_settled_by_looking(platform: str) -> None:
    async with chatting(platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform)) as chat:
        at = await event_at(chat, platform)
        before = posts(chat)
        chat.rehearsal.sandbox.faults.add(
            Fault(kind="drop_after", method="POST", path="attendees|sales", skip=2, times=1)
        )
        answer = await chat.call("register_attendees", **at, rows=people(5))
        assert answer["registered"] == 5
        assert reached(chat, platform, before) == 5


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_request_that_was_lost_is_unknown_and_not_sent_again_while_it_may_still_arrive(platform: str) -> None:
    async with chatting(platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform)) as chat:
        at = await event_at(chat, platform)
        before = posts(chat)
        lost = Fault(kind="status", code=503, method="POST", path="attendees|sales", skip=2, times=1)
        chat.rehearsal.sandbox.faults.add(lost)
        for _ in range(2):
            answer = await chat.call("register_attendees", **at, rows=people(5))
            assert answer["unknown"] == 1
        there = in_database(chat, platform)
        assert sorted(there) == [f"ada{n}@pier.example" for n in (0, 1, 3, 4)]
        assert posts(chat) - before == 5
