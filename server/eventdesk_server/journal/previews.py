"""Previews: what they show stays in the process that made it; whether they are used up is in the database, for all."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from eventdesk_server.journal.store import Store
from eventdesk_tools.journal import Preview

PREVIEW_SECONDS = 600.0
AGREED_SECONDS = 3600.0
NAME_LENGTH = 8
"""Of the name by which a person calls a preview: enough to tell apart what ten minutes bring."""


@dataclass(frozen=True, slots=True)
class _Kept:
    preview: Preview
    until: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A preview that a person may allow, whichever process made it, and where that process shows it."""

    id: str
    """As the database has it."""
    port: int
    path: str

    @property
    def name(self) -> str:
        return self.id[:NAME_LENGTH]


class SqlitePreviews:
    """`eventdesk_tools.journal.Previews` and `Agreed`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: dict[str, _Kept] = {}

    async def keep_preview(self, preview: Preview) -> None:
        now = self.store.clock()
        until = now + PREVIEW_SECONDS

        def work(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT INTO previews (id, digest, until) VALUES (?, ?, ?)",
                (_hashed(preview.id), preview.digest, until),
            )

        await self.store.run(work)
        self._kept = {id_: kept for id_, kept in self._kept.items() if kept.until > now}
        self._kept[preview.id] = _Kept(preview, until)

    async def preview(self, id: str) -> Preview | None:  # noqa: A002 - the port's word
        kept = self._kept.get(id)
        if kept is None or not await self._is(id, "state != 'used'"):
            return None
        return kept.preview

    async def consume(self, id: str) -> bool:  # noqa: A002 - the port's word
        self._kept.pop(id, None)
        return await self._mark(id, "used", "state != 'used'")

    async def approve(self, id: str) -> bool:  # noqa: A002 - the port's word
        return await self._mark(id, "approved", "state = 'open'")

    async def approved(self, digest: str) -> Preview | None:
        for id_, kept in list(self._kept.items()):
            if kept.preview.digest == digest and await self._is(id_, "state = 'approved'"):
                return kept.preview
        return None

    async def agree(self, marks: Sequence[str]) -> None:
        until = self.store.clock() + AGREED_SECONDS

        def work(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT OR REPLACE INTO agreed (mark, until) VALUES (?, ?)", [(mark, until) for mark in marks]
            )

        await self.store.run(work)

    async def agreed(self, marks: Sequence[str]) -> frozenset[str]:
        now = self.store.clock()

        def work(db: sqlite3.Connection) -> frozenset[str]:
            sql = f"SELECT 1 FROM agreed WHERE mark = ? AND {_OPEN}"  # noqa: S608 - only constants
            return frozenset(
                mark for mark in marks if db.execute(sql, (mark, now, now + AGREED_SECONDS)).fetchone() is not None
            )

        return await self.store.run(work)

    async def used_up(self, mark: str) -> None:
        await self.store.run(lambda db: db.execute("DELETE FROM agreed WHERE mark = ?", (mark,)))

    async def offered(self, id: str, port: int, path: str) -> str:  # noqa: A002 - the port's word
        """Note where this process shows a preview; answers the name by which a person calls it in a terminal.

        Empty when the database is this process's own, so that no terminal can see it.
        """

        def work(db: sqlite3.Connection) -> None:
            db.execute("UPDATE previews SET port = ?, path = ? WHERE id = ?", (port, path, _hashed(id)))

        if self.store.folder is None:
            return ""
        await self.store.run(work)
        return _hashed(id)[:NAME_LENGTH]

    async def _is(self, id_: str, condition: str) -> bool:
        def work(db: sqlite3.Connection) -> bool:
            sql = f"SELECT 1 FROM previews WHERE id = ? AND {_OPEN} AND {condition}"  # noqa: S608 - only constants
            return db.execute(sql, (_hashed(id_), *self._times())).fetchone() is not None

        return await self.store.run(work)

    async def _mark(self, id_: str, state: str, condition: str) -> bool:
        def work(db: sqlite3.Connection) -> bool:
            sql = f"UPDATE previews SET state = ? WHERE id = ? AND {_OPEN} AND {condition}"  # noqa: S608 - only constants
            return db.execute(sql, (state, _hashed(id_), *self._times())).rowcount == 1

        return await self.store.run(work)

    def _times(self) -> tuple[float, float]:
        """Bounds of `_OPEN`. A preview that lasts longer than any does tells of a clock that was set back."""
        now = self.store.clock()
        return now, now + PREVIEW_SECONDS


def waiting(store: Store) -> list[Waiting]:
    """What all processes of this person wait for, the newest first."""
    now = store.clock()

    def work(db: sqlite3.Connection) -> list[Waiting]:
        sql = f"SELECT id, port, path FROM previews WHERE {_OPEN} AND state = 'open' AND port > 0 ORDER BY until DESC"  # noqa: S608 - only constants
        return [Waiting(row["id"], row["port"], row["path"]) for row in db.execute(sql, (now, now + PREVIEW_SECONDS))]

    return store.run_now(work)


def answered(store: Store, one: Waiting, *, allowed: bool) -> bool:
    """A person's answer in a terminal. False when the question was no longer open."""
    now = store.clock()

    def work(db: sqlite3.Connection) -> bool:
        sql = f"UPDATE previews SET state = ? WHERE id = ? AND {_OPEN} AND state = 'open'"  # noqa: S608 - only constants
        values = ("approved" if allowed else "used", one.id, now, now + PREVIEW_SECONDS)
        return db.execute(sql, values).rowcount == 1

    return store.run_now(work)


_OPEN = "until > ? AND until <= ?"


def _hashed(id_: str) -> str:
    """A preview's name in the database: who reads it there cannot use it."""
    return hashlib.sha256(id_.encode()).hexdigest()
