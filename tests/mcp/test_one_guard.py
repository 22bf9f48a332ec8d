"""A tool and the operation behind it meet the same guards."""

from typing import Any

import pytest

from tests.mcp.conftest import Human, chatting
from tests.mcp.writing import BREAKFAST, ES, FAIR, HS, LISTING, NO, WRITING, code, refs, sent

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
