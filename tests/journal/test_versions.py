"""Journals that older versions wrote are brought up to date when they are opened; nothing in them is lost."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eventdesk_server.journal.listing import entries
from eventdesk_server.journal.store import SCHEMA
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.journal import EntryState
from tests.journal.support import START, Clock, claim, opened

pytestmark = pytest.mark.anyio
FIRST = (Path(__file__).parent / "data" / "version1.sql").read_text(encoding="utf-8")
KEY = b"k" * 32
CHECK = "b0b5e7d94a2e4357f1e1abaf6c9731db2ddea58acc3972c3978ede3a3b8e69bf"
"""What version 1 wrote to know this key by."""


def first_version(folder: Path, *more: str) -> None:
    """A journal as version 1 wrote it: a write of each state, a preview, and a host's key."""
    (folder / "journal.key").write_bytes(KEY)
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        db.executescript(FIRST)
        db.execute("INSERT INTO meta VALUES ('key_check', ?)", (CHECK,))
        for state, step in (("done", 1), ("sent", 0), ("claimed", 1)):
            db.execute(
                "INSERT INTO entries (id, key, account, provider, tool, target, step, steps, names, state, lease, created,"
                " updated, \"values\") VALUES (?, ?, 'club', 'evvnt', 'update_event', 'club:1', ?, 2, ?, ?, 0, ?, ?, ?)",
                (state, state, step, json.dumps(["one", "two"]), state, START, START, json.dumps({"id": state})),
            )
        db.execute("INSERT INTO hosted (host, key, asked, created) VALUES ('h', 'done', 'a', ?)", (START,))
        for statement in (*more, "PRAGMA user_version = 1"):
            db.execute(statement)
        db.commit()


async def test_the_writes_of_an_older_version_are_gone_on_with(tmp_path: Path) -> None:
    first_version(tmp_path)
    journal = opened(tmp_path, Clock())
    assert {row["id"]: row["state"] for row in entries(journal.store)} == {
        "done": "done", "sent": "unknown", "claimed": "partly done",
    }  # fmt: skip
    async with journal.holding(claim("sent", "one", "two"), 0) as entry:
        assert (entry.state, entry.values) == (EntryState.SENT, {"id": "sent"})
        await entry.completed({"record": "7"})
    async with journal.holding(claim("claimed", "another", "two"), 0) as entry:
        assert (entry.step, entry.begun) == (1, ("one", "two"))
    assert {row["id"]: row["state"] for row in entries(journal.store)}["claimed"] == "stuck"
    journal.store.close()
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert db.execute("SELECT host, key FROM hosted").fetchall() == [("h", "done")]


async def test_an_old_file_and_a_new_one_have_the_same_tables(tmp_path: Path) -> None:
    shapes: list[list[tuple[str, ...]]] = []
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        if name == "old":
            first_version(tmp_path / name)
        journal = opened(tmp_path / name, Clock())
        await journal.begun("k")
        journal.store.close()
        with closing(sqlite3.connect(tmp_path / name / "journal.db")) as db:
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            shapes.append(
                [(table, *map(str, row)) for table in tables for row in db.execute(f"PRAGMA table_info({table})")]
            )
    assert shapes[0] == shapes[1]


async def test_where_bringing_it_up_to_date_fails_the_old_file_stays_as_it_was(tmp_path: Path) -> None:
    first_version(tmp_path, "ALTER TABLE entries ADD COLUMN stuck TEXT")
    journal = opened(tmp_path, Clock())
    for _ in range(2):
        with pytest.raises(JournalUnusable):
            await journal.begun("k")
    journal.store.close()
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (3,)
