"""What stays on the disk names nobody, whatever was written and wherever."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from mcp import Client

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal.audit import Audit
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.test_agreed_batches import never
from tests.mcp.test_previews import WRITES
from tests.mcp.writing import WRITING

pytestmark = pytest.mark.anyio
FILES = ("journal.db", "journal.db-wal", "audit.jsonl")
PEOPLE = (
    "select name, email, phone from eventschedule_sale", "select name, email from eventschedule_user",
    "select email, phone from eventschedule_role", "select email, name from heysummit_attendees",
    "select name, email from evvnt_users", "select email, first_name || ' ' || last_name from eventtia_attendees",
)  # fmt: skip


def texts(value: Any) -> Iterator[str]:
    """Every text in what was given to a call, under the names that hold people."""
    inner: Any
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        for name, inner in given.items():
            if name in {"name", "email", "answer"} and isinstance(inner, str):
                yield inner
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from texts(inner)


def people_of(chat: Chat) -> set[str]:
    """Names, addresses and phones of everybody the platforms know, after the writes."""
    store = chat.rehearsal.sandbox.world.store
    return {str(value) for sql in PEOPLE for row in store.rows(sql) for value in row.values() if value}


def is_last(what: str) -> bool:
    """What would keep other writes from their events comes last."""
    return what.startswith(("archive", "cancel", "an operation"))


async def test_no_name_address_or_phone_stands_in_journal_or_audit_after_writes_of_every_kind(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path)
    async with chatting(human=Human(), options=WRITING | {"journal": journal}) as chat:
        desk = replace(chat.rehearsal.desk)
        server = EventdeskServer(desk, never, Audit(tmp_path), subscriptions=False)
        async with Client(server, elicitation_callback=Human()) as client:
            for what in sorted(WRITES, key=is_last):
                tool, arguments = WRITES[what]
                await client.call_tool(tool, arguments)
        private = people_of(chat) | {text for _, given in WRITES.values() for text in texts(given)}
    written = entries(journal.store)
    assert {row["provider"] for row in written} == {"eventschedule", "eventtia", "heysummit", "evvnt"}
    assert {row["tool"] for row in written} == {tool for tool, _ in WRITES.values()}
    audited = [json.loads(line) for line in Path.read_text(tmp_path / FILES[-1]).splitlines()]
    assert len(audited) >= len(WRITES)
    contents = {name: Path.read_bytes(tmp_path / name).decode("utf-8", "replace").casefold() for name in FILES}
    assert {"ada@pier.example", "Ada Pier", "rhea quay", "rhea.quay1@example.com"} <= private
    assert len(private) > 500
    for name, content in contents.items():
        assert [text for text in private if len(text) > 4 and text.casefold() in content] == [], name
