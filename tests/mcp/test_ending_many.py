"""Many registrations and orders ended in one call, over MCP: what they share is read once, and limits and time stop it."""

from collections import Counter
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import ByHand, Chat, Hours, Human, chatting
from tests.mcp.guests import FAIR, people, quay_fair, sent, waits

pytestmark = pytest.mark.anyio


def outcomes(answer: dict[str, Any]) -> Counter[str]:
    assert "rows" in answer, answer
    at = answer["columns"].index("outcome")
    return Counter(row[at] for row in answer["rows"])


def endings(chat: Chat) -> list[str]:
    """What the requests that ended something were sent to."""
    return [seen.path for seen in sent(chat) if seen.method != "POST"]


async def quay_refs(chat: Chat, hours: Hours, number: int) -> list[str]:
    """People registered at a fair of Event Schedule."""
    ref = await quay_fair(chat)
    for begin in range(0, number, 25):
        hours.go(61)
        some = people(number)[begin : begin + 25]
        assert (await chat.call("register_attendees", event=ref, rows=some))["registered"] == len(some)
    hours.go(61)
    listed = await chat.call("list_attendees", event=ref, fields=["ref"], limit=100)
    return [row[0] for row in listed["rows"]]


def active(chat: Chat) -> int:
    rows = chat.rehearsal.sandbox.world.store.rows(
        "select status from eventschedule_sale where email like '%@pier.example'"
    )
    return sum(row["status"] == "paid" for row in rows)


async def test_cancelling_many_of_one_event_reads_what_they_share_once(hours: Hours) -> None:
    async with chatting("eventtia", human=Human(), era="2025", hours=hours) as chat:
        listed = await chat.call("list_attendees", event=FAIR, fields=["ref"], limit=40)
        refs = [row[0] for row in listed["rows"]]
        assert len(refs) == 40
        chat.rehearsal.sandbox.faults.seen.clear()
        shown = await chat.call("cancel_registration", attendees=refs, dry_run=True)
        assert shown["outcome"] == "preview"
        planning = Counter(seen.path.rpartition("/")[2] for seen in chat.rehearsal.seen)
        # The event, its forms, and three pages of people.
        assert sum(planning.values()) == 5, planning
        hours.go(61)
        chat.rehearsal.sandbox.faults.seen.clear()
        done = await chat.call("cancel_registration", attendees=refs[:20])
        assert outcomes(done) == {"done": 20}
        # One request to cancel and one to see what became of it, for each.
        assert len(chat.rehearsal.seen) <= 2 * 20 + 5


async def test_a_list_holds_only_who_takes_part_and_the_others_are_looked_up(hours: Hours) -> None:
    async with chatting("eventtia", human=Human(), hours=hours) as chat:
        listed = await chat.call("list_attendees", event=FAIR, fields=["ref"], limit=6)
        refs = [row[0] for row in listed["rows"]]
        assert outcomes(await chat.call("cancel_registration", attendees=refs[:2])) == {"done": 2}
        again = await chat.call("cancel_registration", attendees=[*refs, f"{FAIR}:a-1"])
        assert outcomes(again) == {"already_done": 2, "done": 4, "not_found": 1}
        assert len(set(endings(chat))) == len(endings(chat)) == 6


async def test_eventtias_limit_stops_cancelling_and_the_same_call_completes_it(hours: Hours) -> None:
    async with chatting("eventtia", human=Human(), limits=True, era="2025", hours=hours) as chat:
        listed = await chat.call("list_attendees", event=FAIR, fields=["ref"], limit=50)
        refs = [row[0] for row in listed["rows"]]
        assert len(refs) == 50
        first = outcomes(answer := await chat.call("cancel_registration", attendees=refs))
        assert set(first) == {"done", "not_tried"}
        assert first["done"] >= 40
        assert hours.at == 1_000.0
        hours.go(waits(answer))
        second = outcomes(await chat.call("cancel_registration", attendees=refs))
        assert second["done"] == first["not_tried"]
        assert second["already_done"] == first["done"]
        assert len(set(endings(chat))) == len(endings(chat)) == 50


@pytest.mark.parametrize("tool", ["cancel_registration", "update_sale"])
async def test_event_schedules_limit_stops_the_call_and_its_event_is_read_once(hours: Hours, tool: str) -> None:
    async with chatting("eventschedule", human=Human(), limits=True, era="2025", hours=hours) as chat:
        refs = await quay_refs(chat, hours, 40)
        given: dict[str, Any] = {"attendees": refs}
        if tool == "update_sale":
            given = {"sales": [ref.replace(":a-", ":o-") for ref in refs], "action": "cancel"}
        chat.rehearsal.sandbox.faults.seen.clear()
        answer = await chat.call(tool, **given)
        assert outcomes(answer) == {"done": 30, "not_tried": 10}
        assert sum("/events/" in seen.path for seen in chat.rehearsal.seen) <= 1
        hours.go(waits(answer))
        rest = await chat.call(tool, **given)
        assert outcomes(rest) == {"already_done": 30, "done": 10}
        assert len(set(endings(chat))) == len(endings(chat)) == 40
        assert active(chat) == 0


async def test_the_end_of_the_time_stops_the_call_and_the_same_call_completes_it(hours: Hours) -> None:
    async with chatting(
        "eventschedule", human=Human(), options={"runtime": ByHand(hours=hours)}, era="2025", hours=hours
    ) as chat:
        refs = await quay_refs(chat, hours, 25)
        chat.rehearsal.sandbox.faults.add(Fault(method="PUT", path="sales", look_alike=lambda _: hours.go(2.0)))
        found: list[Counter[str]] = []
        while not found or found[-1]["not_tried"]:
            began = hours.at
            answer = await chat.call("cancel_registration", attendees=refs)
            assert hours.at - began <= 25
            found.append(outcomes(answer))
            if found[-1]["not_tried"]:
                assert any("The time was up" in note for note in answer["notes"])
            assert len(found) < 5
        assert [one["done"] for one in found] == [11, 11, 3]
        assert len(set(endings(chat))) == len(endings(chat)) == 25
        assert active(chat) == 0


async def test_a_key_that_is_refused_stops_the_call(hours: Hours) -> None:
    async with chatting("eventschedule", human=Human(), era="2025", hours=hours) as chat:
        refs = await quay_refs(chat, hours, 10)
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=401, method="PUT", path="sales", skip=2))
        answer = await chat.call("cancel_registration", attendees=refs)
        assert outcomes(answer) == {"done": 2, "not_tried": 8}
        assert len(endings(chat)) <= 4
        assert active(chat) == 8


async def test_a_preview_of_many_shows_the_first_requests_in_order_tells_how_many_there_are_and_sends_none(
    hours: Hours,
) -> None:
    async with chatting("eventschedule", human=Human(), hours=hours) as chat:
        refs = await quay_refs(chat, hours, 50)
        shown = await chat.call("cancel_registration", attendees=refs, dry_run=True)
        requests = [(one["method"], one["path"].rpartition("/")[2]) for one in shown["requests"]]
        assert len(requests) >= 10
        assert requests == [("PUT", ref.rpartition("a-")[2]) for ref in refs][: len(requests)]
        assert (
            "Only the first of 50 requests are shown; the others are alike and follow in this order." in shown["notes"]
        )
        assert endings(chat) == []
