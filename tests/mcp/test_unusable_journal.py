"""A journal that cannot be used: every write is refused with what to do, before anything is sent; reading goes on."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal import store
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.sandbox.faults import Fault
from tests.journal.test_store import full_disk
from tests.mcp.conftest import Human, chatting, decoded
from tests.mcp.guests import in_database, people
from tests.mcp.test_agreed_batches import never
from tests.mcp.test_previews import WRITES
from tests.mcp.writing import BREAKFAST, FAIR, WRITING, sent

pytestmark = pytest.mark.anyio
NOBODY = 65534


@pytest.fixture
def folder() -> Generator[Path]:
    """A state folder that every user of this computer could enter."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    made.chmod(0o777)
    shutil.rmtree(made)


@contextmanager
def as_somebody() -> Generator[None]:
    """Without the rights of the system's administrator, to whom no mode says no."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@contextmanager
def only_read(folder: Path) -> Generator[None]:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    with as_somebody():
        yield


@contextmanager
def closed(folder: Path) -> Generator[None]:
    folder.chmod(0)
    with as_somebody():
        yield


@contextmanager
def held(folder: Path) -> Generator[None]:
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def damaged(folder: Path) -> Generator[None]:
    whole = (folder / "journal.db").read_bytes()
    (folder / "journal.db").write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    yield


@contextmanager
def newer(folder: Path) -> Generator[None]:
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        db.execute("PRAGMA user_version = 99")
    yield


@contextmanager
def of_another_key(folder: Path) -> Generator[None]:
    (folder / "journal.key").write_bytes(b"x" * 32)
    yield


def full(folder: Path) -> AbstractContextManager[None]:
    return full_disk(folder / "journal.db-wal")


Broken = Callable[[Path], AbstractContextManager[None]]
WAYS: dict[str, tuple[Broken, str, str]] = {
    "it may only be read": (only_read, "cannot be written", "EVENTDESK_STATE_FOLDER"),
    "its folder is another's": (closed, "cannot be written", "EVENTDESK_STATE_FOLDER"),
    "another program holds it": (held, "Another program holds", "end what has"),
    "it is damaged": (damaged, "damaged", "move journal.db"),
    "it is of a newer version": (newer, "newer version", "update Eventdesk"),
    "its key is another's": (of_another_key, "journal.key does not belong", "put the right journal.key back"),
    "the disk is full": (full, "disk is full", "free space"),
}


@pytest.mark.parametrize("how", WAYS)
async def test_writes_are_refused_with_what_to_do_and_reading_goes_on(
    how: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.01)
    broken, says, what_to_do = WAYS[how]
    given = {"event": BREAKFAST, "name": "Ada Pier", "email": "ada@pier.example"}
    async with chatting("eventschedule", "eventtia", "heysummit", human=Human(), options=WRITING) as chat:
        first = SqliteJournal(folder)
        await first.begun("k")
        for name in os.listdir(folder):
            Path.chmod(folder / name, 0o666)
        if how != "the disk is full":
            first.store.close()
        later = first if how == "the disk is full" else SqliteJournal(folder)
        server = EventdeskServer(replace(chat.rehearsal.desk, journal=later), never, subscriptions=False)
        async with Client(server, elicitation_callback=Human()) as client:
            assert not (await client.call_tool("list_events", {})).is_error
            with broken(folder):
                for what in ("register at Event Schedule", "archive at HeySummit", "register many at Eventtia"):
                    tool, arguments = WRITES[what]
                    answer = decoded(await client.call_tool(tool, arguments))
                    errors = [answer["error"]] if "error" in answer else []
                    assert [error["code"] for error in errors] == ["read_only"], answer
                    assert says in errors[0]["message"], answer
                    assert what_to_do in errors[0]["next"], answer
                for tool, arguments in (
                    ("list_events", {}),
                    ("get_event", {"event": FAIR}),
                    ("register_attendee", {**given, "dry_run": True}),
                ):
                    assert not (await client.call_tool(tool, arguments)).is_error
            assert sent(chat) == []
        later.store.close()


async def test_a_journal_that_fails_amid_a_batch_ends_it_and_tells_what_was_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.01)
    at = {"event": FAIR, "ticket": "General", "rows": people(3)}
    async with chatting("eventtia", human=Human(), options={"journal": SqliteJournal(folder)}) as chat:
        await chat.rehearsal.desk.journal.begun("k")
        with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
            faults = chat.rehearsal.sandbox.faults
            faults.add(
                Fault(method="POST", path="attendees", times=1, look_alike=lambda _: db.execute("BEGIN EXCLUSIVE"))
            )
            answer = await chat.call("register_attendees", **at)
            assert (answer["registered"], answer["not_tried"]) == (1, 2), answer
            assert "Another program holds" in " ".join(answer["notes"])
            assert in_database(chat, "eventtia") == {"ada0@pier.example": 1}
            db.execute("ROLLBACK")
        again = await chat.call("register_attendees", **at)
        assert (again["registered"], again["already_registered"]) == (2, 1), again
        assert len(sent(chat)) == 3
