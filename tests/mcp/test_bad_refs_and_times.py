"""Refs of another event, account or kind, and times that clocks make impossible: refused before anything is written."""

from typing import Any

import pytest

from tests.mcp.conftest import chatting

pytestmark = pytest.mark.anyio
EVENT = "demo-eventtia:harbor-design-days"
ADA = {"name": "Ada Pier", "email": "ada@pier.example"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"event": EVENT, **ADA, "ticket": "demo-eventtia:other-event:t-51001"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": "demo-heysummit:4711:t-51001"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": f"{EVENT}:s-51001"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": f"{EVENT}:t-999999"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": "No such ticket"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": f"{EVENT}:t-.."}, "unknown_ref"),
        ({"event": EVENT, **ADA, "ticket": f"{EVENT}:t-%2e%2e"}, "unknown_ref"),
        ({"event": EVENT, **ADA, "sessions": [f"{EVENT}:t-51001"]}, "unknown_ref"),
        ({"event": EVENT, **ADA, "occurrence": "2027-02-30"}, "invalid_arguments"),
        ({"event": EVENT, **ADA, "answers": [{"field": "Diet", "answer": " "}]}, "invalid_arguments"),
        ({"event": EVENT, "name": "A" * 1_000_000, "email": "a@b.example"}, "invalid_arguments"),
        ({"event": f"{EVENT}:a-600001", **ADA}, "unknown_ref"),
    ],
)
async def test_what_is_not_of_this_event_is_refused(arguments: dict[str, Any], code: str) -> None:
    async with chatting("eventtia", "heysummit") as chat:
        answer = await chat.call("register_attendee", **arguments)
        assert answer["error"]["code"] == code
        assert [seen for seen in chat.rehearsal.writes if not seen.path.endswith("/auth")] == []


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("2028-03-26T02:30", "does not exist"),
        ("2028-10-29T02:30", "comes twice"),
        ("2028-02-30T09:00", "calendar"),
        ("2028-06-12T09:00+05:00", "offset"),
        ("next spring", "not a"),
    ],
)
async def test_a_wall_time_that_clocks_make_impossible_is_refused_with_its_readings(starts: str, told: str) -> None:
    async with chatting("eventtia") as chat:
        error = (await chat.call("clone_event", event=EVENT, starts=starts))["error"]
        assert error["code"] == "invalid_arguments"
        assert told in error["message"]
        if "clocks" in error["message"]:
            assert len(error["allowed"]) == 2
        assert [seen for seen in chat.rehearsal.writes if not seen.path.endswith("/auth")] == []


async def test_a_repeating_event_needs_its_date_and_a_single_one_refuses_it() -> None:
    async with chatting("eventschedule") as chat:
        listed = await chat.call("list_events", status="live", fields=["ref", "repeats", "starts"], limit=50)
        weekly = next(row for row in listed["rows"] if row[1])
        single = next(row for row in listed["rows"] if not row[1])
        needs = await chat.call("register_attendee", event=weekly[0], **ADA)
        assert needs["error"]["code"] == "invalid_arguments"
        assert needs["error"]["field"] == "occurrence"
        refuses = await chat.call("register_attendee", event=single[0], **ADA, occurrence=single[2][:10])
        assert refuses["error"]["code"] == "invalid_arguments"
        assert chat.rehearsal.writes == []


async def test_an_expired_key_is_told_as_such() -> None:
    async with chatting("eventtia") as chat:
        await chat.call("list_events")
        chat.rehearsal.sandbox.world.switches["eventtia.token_generation"] = 2
        # The token is renewed once, for all waiting calls; the person notices nothing.
        assert "error" not in await chat.call("list_events", when="all")
