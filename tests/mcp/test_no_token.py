"""Mail to many, access unpaid for, what costs, is public or final: a model alone completes none of it, whatever it tries."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import ElicitResult

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_tools.journal import Preview, Reply, Verdict
from tests.mcp.conftest import Chat, Era, Human, chatting, decoded
from tests.mcp.guests import FAIR, people
from tests.mcp.test_every_answer import KINDS as OTHERS
from tests.mcp.test_forged_answers import strings
from tests.mcp.writing import ES, HS, LISTING, PACKAGE, WRITING, code, sent

pytestmark = pytest.mark.anyio
ADA = {"name": "Ada Pier", "email": "ada@pier.example"}
KINDS: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    "mail to many": (("register_attendees", {"event": FAIR, "ticket": "General", "rows": people(8)}),),
    "access without payment": (
        ("register_attendee", {"event": f"{HS}:4711", **ADA, "ticket": "All access, Early", "complimentary": True}),
        ("register_attendees", {"event": f"{HS}:4711", "rows": [ADA], "ticket": "All access, Early", "complimentary": True}),
        ("update_sale", {"sales": [f"{ES}:8oBfKB:o-27fO29"], "action": "mark_paid"}),
        ("call_write_operation", {"operation": "eventschedule.update_sale", "arguments": {"sale": "27fO29", "action": "mark_paid"}}),
    ),
    "paid": (
        OTHERS["paid"],
        ("clone_event", {"event": "demo-evvnt:67949", "starts": "2027-09-07T20:00", "website": LISTING["website"],
                         "package": PACKAGE, "published": True}),
    ),
    "public": (
        OTHERS["public"],
        ("archive_event", {"event": f"{ES}:NAoFZg", "restore": True}),
        ("update_event", {"event": f"{ES}:NAoFZg", "published": True}),
        ("call_write_operation", {"operation": "eventschedule.update_event", "arguments": {"event": "NAoFZg", "is_draft": False}}),
    ),
    "irreversible": (
        OTHERS["irreversible"],
        ("cancel_registration", {"attendees": [f"{FAIR}:a-600001"]}),
        ("call_write_operation", {"operation": "heysummit.archive_event", "arguments": {"event": "4711"}}),
        ("call_write_operation", {"operation": "eventschedule.delete_event", "arguments": {"event": "OfEesm"}}),
    ),
}  # fmt: skip
"""Each kind of write, by the tools and the operations that lead to it."""
DECLINING = ElicitResult(action="decline")
CLIENTS = {"cannot ask": None, "declines by itself": DECLINING}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_no_answer_holds_what_a_model_could_carry_it_out_with(
    kind: str, client: str, era: Era, tmp_path: Path
) -> None:
    reply = CLIENTS[client]
    human = Human(reply) if reply is not None else None
    journal = {"journal": SqliteJournal(tmp_path)}
    mode = "legacy" if era == "2025" else "auto"
    async with (
        chatting(era=era, human=human, options=WRITING | journal) as chat,
        Client(second_server(chat, tmp_path), mode=mode) as other,
    ):
        for tool, arguments in KINDS[kind]:
            seen: list[str] = []
            for _ in range(2):
                answer = await chat.call(tool, **arguments)
                assert "token" not in answer
                if "error" in answer:  # the decline was slow enough for a person's
                    assert (reply, code(answer)) == (DECLINING, "declined")
                else:
                    assert (answer["outcome"], "approve_at" in answer) == ("preview", True), answer
                seen += strings(answer)
            there = decoded(await other.call_tool(tool, dict(arguments)))
            assert "token" not in there
            for text in dict.fromkeys([*seen, *strings(there), *chat.links]):
                for by in (chat.client, other):
                    assert (await by.call_tool("apply_preview", {"token": text[:100]})).is_error, text
            assert sent(chat) == [], (tool, arguments)


def second_server(chat: Chat, folder: Path) -> EventdeskServer:
    """Another session of the same person's, on the same journal."""

    async def outside(preview: Preview) -> Reply:
        return Reply(Verdict.OUTSIDE, link="http://127.0.0.1:1/approve/other")

    desk = replace(chat.rehearsal.desk, journal=SqliteJournal(folder))
    return EventdeskServer(desk, outside, subscriptions=False)
