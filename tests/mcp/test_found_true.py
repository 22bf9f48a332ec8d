"""A write whose outcome is unknown is done where the same call finds it so; no open question is left in the journal."""

from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries
from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.writing import ES, EV, FAIR, HS, WRITING, code, sent

pytestmark = pytest.mark.anyio
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "a title at Event Schedule": ("update_event", {"event": f"{ES}:OfEesm", "title": "Late Swim"}),
    "two fields at Event Schedule": ("update_event", {"event": f"{ES}:OfEesm", "title": "Late Swim", "summary": "By night."}),
    "visibility at Event Schedule": ("update_event", {"event": f"{ES}:OfEesm", "published": False}),
    "hiding at Event Schedule": ("archive_event", {"event": f"{ES}:OfEesm"}),
    "an operation of Event Schedule": ("call_write_operation", {"operation": "eventschedule.update_event", "arguments": {"event": "OfEesm", "name": "Late"}}),
    "an order's status": ("update_sale", {"sales": [f"{ES}:8oBfKB:o-9swZ2C"], "action": "refund"}),
    "a title at Eventtia": ("update_event", {"event": FAIR, "title": "Days"}),
    "two fields at Eventtia": ("update_event", {"event": FAIR, "title": "Days", "starts": "2027-04-05T09:00"}),
    "an operation of Eventtia": ("call_write_operation", {"operation": "eventtia.update_event", "arguments": {"event": "harbor-design-days", "name": "A & B"}}),
    "deactivating at Eventtia": ("archive_event", {"event": FAIR}),
    "archiving at HeySummit": ("archive_event", {"event": f"{HS}:4711"}),
    "a summary at evvnt": ("update_event", {"event": f"{EV}:67949", "summary": "Two days."}),
    "an operation of evvnt": ("call_write_operation", {"operation": "evvnt.update_event", "arguments": {"event": "67949", "summary": "Two days."}}),
}  # fmt: skip


def blind(chat: Chat) -> None:
    """From the next write on the platform answers nothing: neither that write, which it carries out, nor a reading."""
    faults = chat.rehearsal.sandbox.faults

    def strikes(_: object) -> None:
        faults.add(Fault(kind="status", code=503, method="GET"))

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        faults.add(Fault(kind="drop_after", method=method, path="^(?!.*/auth$)", times=1, look_alike=strikes))


@pytest.mark.parametrize("what", WRITES)
async def test_what_the_same_call_finds_so_already_is_done_in_the_journal(what: str, tmp_path: Path) -> None:
    tool, arguments = WRITES[what]
    journal = SqliteJournal(tmp_path)
    async with chatting(human=Human(), options=WRITING | {"journal": journal}) as chat:
        blind(chat)
        unknown = await chat.call(tool, **arguments)
        told = unknown["rows"][0][1] if "rows" in unknown else code(unknown)
        assert told == "outcome_unknown", unknown
        assert [row["state"] for row in entries(journal.store)] == ["unknown"]
        chat.rehearsal.sandbox.faults.clear()
        chat.rehearsal.desk.forget(next(iter(chat.rehearsal.desk.accounts)))
        before = len(sent(chat))
        again = await chat.call(tool, **arguments)
        assert (again["rows"][0][1] if "rows" in again else again["outcome"]) in {"already_done", "done"}, again
        assert len(sent(chat)) == before
        assert [row["state"] for row in entries(journal.store)] == ["done"]
