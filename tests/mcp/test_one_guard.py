"""Operations meet the guards of their tools, and every write sends what its dry run showed."""

import json
from typing import Any

import pytest

from tests.mcp.conftest import Human, chatting
from tests.mcp.writing import BREAKFAST, ES, ET, EV, FAIR, HS, LISTING, NO, PACKAGE, WRITING, code, outcomes, refs, sent

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("tool", "operation"),
    [
        (
            ("update_event", {"event": f"{ES}:I6snmY", "summary": "x"}),
            ("eventschedule.update_event", {"event": "I6snmY", "short_description": "x"}),
        ),
        (
            ("register_attendee", {"event": f"{HS}:4711", "name": "Ada Pier", "email": "ada@pier.example", "ticket": "Nope"}),
            ("heysummit.register_attendee", {"event": "4711", "name": "Ada Pier", "email": "ada@pier.example", "ticket_price_id": 99999}),
        ),
        (
            ("register_attendee", {"event": FAIR, "name": "Ada Pier", "email": "ada@pier.example", "ticket": "Nope"}),
            (
                "eventtia.register_attendee",
                {"event": "harbor-design-days", "attendee": {"attendee_type_id": 9, "first_name": "Ada", "last_name": "Pier", "email": "ada@pier.example"}},
            ),
        ),
    ],
    ids=["eventschedule", "heysummit", "eventtia"],
)  # fmt: skip
async def test_an_operation_meets_the_guard_of_its_tool(
    tool: tuple[str, dict[str, Any]], operation: tuple[str, dict[str, Any]]
) -> None:
    async with chatting(human=Human(), options=WRITING) as chat:
        by_tool = await chat.call(tool[0], **tool[1])
        by_name = await chat.call("call_write_operation", operation=operation[0], arguments=operation[1])
        assert code(by_name) == code(by_tool)
        assert sent(chat) == []


async def test_evvnts_operation_submits_no_second_listing_of_the_same_event() -> None:
    human = Human()
    async with chatting("evvnt", human=human, options=WRITING) as chat:
        shown = await chat.call("create_event", **LISTING, published=True, dry_run=True)
        assert (await chat.call("create_event", **LISTING, published=True))["outcome"] == "done"
        body = shown["requests"][0]["body"]
        again = await chat.call("call_write_operation", operation="evvnt.create_event", arguments=body)
        assert again.get("outcome") == "already_done" or code(again) == "conflict"
        assert len(sent(chat)) == 1


async def test_an_operation_asks_what_its_tool_asks() -> None:
    human = Human(NO)
    async with chatting("eventschedule", human=human, options=WRITING) as chat:
        (ref,) = await refs(chat, BREAKFAST, 1)
        assert code(await chat.call("cancel_registration", attendees=[ref])) == "declined"
        arguments = {"sale": ref.rpartition("-")[2], "action": "cancel"}
        by_name = await chat.call("call_write_operation", operation="eventschedule.update_sale", arguments=arguments)
        assert code(by_name) == "declined"
        assert "Cancel the order of" in human.asked[1]
        assert sent(chat) == []


ADA = {"name": "Ada Pier", "email": "ada@pier.example"}
SEATS = {"starts": "2027-06-12T19:30", "tickets": [{"name": "Seat", "price": "12.50 GBP"}]}
PAID = {"website": "https://quay.example.org/x", "package": PACKAGE, "published": True}
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "register at Event Schedule": ("register_attendee", {"event": BREAKFAST, **ADA}),
    "register at Eventtia": ("register_attendee", {"event": FAIR, **ADA, "ticket": "General", "answers": [{"field": "diet", "answer": "Fisch & Käse"}]}),
    "register at HeySummit": ("register_attendee", {"event": f"{HS}:4711", **ADA, "ticket": "Free pass, Free"}),
    "sell at Event Schedule": ("create_sale", {"event": BREAKFAST, **ADA, "items": [{"item": "Seat", "quantity": 2}]}),
    "make at Event Schedule": ("create_event", {"account": ES, "calendar": "boathouse", "title": "Été à quai", **SEATS}),
    "make at Eventtia": ("create_event", {"account": ET, "title": "Été", "starts": "2027-06-12T19:30", "ends": "2027-06-12T21:30", "zone": "Europe/Madrid"}),
    "make at evvnt": ("create_event", {**LISTING, "published": True}),
    "change at Event Schedule": ("update_event", {"event": f"{ES}:OfEesm", "title": "Late Swim", "starts": "2027-03-08T21:00"}),
    "empty at Event Schedule": ("update_event", {"event": f"{ES}:8oBfKB", "clear": ["description"]}),
    "change at Eventtia": ("update_event", {"event": FAIR, "title": "Days", "starts": "2027-04-05T09:00"}),
    "change at evvnt": ("update_event", {"event": f"{EV}:67949", "summary": "Two days."}),
    "cancel at Event Schedule": ("cancel_registration", {"attendees": [f"{BREAKFAST}:a-ChyN2I", f"{BREAKFAST}:a-kTnuTH"]}),
    "cancel at Eventtia": ("cancel_registration", {"attendees": [f"{FAIR}:a-600001"]}),
    "refund at Event Schedule": ("update_sale", {"sales": [f"{ES}:8oBfKB:o-9swZ2C"], "action": "refund"}),
    "copy at Eventtia": ("clone_event", {"event": FAIR, "starts": "2028-04-02T09:00"}),
    "copy at Event Schedule": ("clone_event", {"event": f"{ES}:OfEesm", "starts": "2027-09-07T21:00"}),
    "copy at evvnt": ("clone_event", {"event": f"{EV}:67949", "starts": "2027-09-07T20:00", **PAID}),
    "archive at Event Schedule": ("archive_event", {"event": f"{ES}:OfEesm"}),
    "archive at Eventtia": ("archive_event", {"event": FAIR}),
    "archive at HeySummit": ("archive_event", {"event": f"{HS}:4711"}),
    "an operation of Event Schedule": ("call_write_operation", {"operation": "eventschedule.update_event", "arguments": {"event": "OfEesm", "name": "Late"}}),
}  # fmt: skip


@pytest.mark.parametrize("what", WRITES)
async def test_a_dry_run_shows_the_bytes_that_are_then_sent(what: str) -> None:
    tool, arguments = WRITES[what]
    async with chatting(human=Human(), options=WRITING) as chat:
        shown = await chat.call(tool, **arguments, dry_run=True)
        assert shown.get("outcome") == "preview", shown
        assert sent(chat) == []
        done = await chat.call(tool, **arguments)
        assert done.get("outcome", "done") == "done", done
        assert "rows" not in done or set(outcomes(done)) == {"done"}
        requests = sent(chat)
        assert len(requests) == len(shown["requests"])
        for request, one in zip(shown["requests"], requests, strict=True):
            assert request["method"] == one.method
            path, _, query = request["path"].partition("?")
            if "<" not in path:
                assert one.path.endswith(path)
            assert query == one.query
            body = request.get("body")
            if "<" in json.dumps(body):
                continue
            wire = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            # An answer shows a text of the platform's without its carriage returns.
            assert one.body.replace(rb"\r\n", rb"\n") == wire
