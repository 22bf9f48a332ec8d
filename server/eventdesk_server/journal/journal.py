"""The journal as the write path sees it: who comes second waits, in this process or another, and shares the outcome."""

import contextlib
import copy
import json
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from eventdesk_server.journal.entries import Busy, Refused, SqliteEntry, earlier, made_by_others, same_call, take
from eventdesk_server.journal.owners import is_live, new_owner
from eventdesk_server.journal.previews import SqlitePreviews
from eventdesk_server.journal.store import Store
from eventdesk_tools.errors import EventdeskError, JournalUnusable, RunsElsewhere, refused_alike
from eventdesk_tools.journal import Claim, Earlier

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds between looks at a claim of another process; the last repeats."""


class _Held:
    """A write that this process holds or waits for."""

    def __init__(self) -> None:
        self.gone = anyio.Event()
        self.refusal: EventdeskError | None = None


class SqliteJournal(SqlitePreviews):
    """`eventdesk_tools.journal.Journal`. Without a folder it is private to this process and ends with it."""

    def __init__(
        self,
        folder: Path | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        super().__init__(Store(folder, clock))
        self._owner = new_owner()
        self._sleep = sleep
        self._held: dict[str, _Held] = {}

    async def key(self, identity: str, makes_true: Sequence[str]) -> str:
        return await self.store.digest("\x1f".join([identity, *makes_true]))

    @asynccontextmanager
    async def holding(self, claim: Claim, seconds: float) -> AsyncGenerator[SqliteEntry]:
        deadline = anyio.current_time() + seconds
        waited = await self._turn(claim.key, deadline)
        held = self._held[claim.key] = _Held()
        entry: SqliteEntry | None = None
        try:
            entry = await self._claimed(claim, deadline)
            entry.waited = entry.waited or waited
            yield entry
        finally:
            with anyio.CancelScope(shield=True):
                try:
                    if entry is not None:
                        held.refusal = entry.refusal
                        with contextlib.suppress(JournalUnusable):  # a lease that is not given back runs out
                            await entry.let_go()
                finally:
                    del self._held[claim.key]
                    held.gone.set()

    async def _turn(self, key: str, deadline: float) -> bool:
        """Wait until no other call of this process has the write; whether one had it."""
        waited = False
        while (held := self._held.get(key)) is not None:
            waited = True
            with anyio.move_on_at(deadline) as scope:
                await held.gone.wait()
            if scope.cancelled_caught:
                raise _still_running()
            if held.refusal is not None:
                raise copy.copy(held.refusal)
        return waited

    async def _claimed(self, wanted: Claim, deadline: float) -> SqliteEntry:
        """Claim a write, waiting while another process has it."""
        seen: Busy | None = None
        pauses = iter(PAUSES)
        while True:
            before = seen
            found = await self.store.run(lambda db: take(db, self.store, self._owner, wanted, before))  # noqa: B023 - run at once
            match found:
                case SqliteEntry():
                    return found
                case Refused():
                    raise refused_alike(found.code)
                case Busy():
                    seen = found
            if anyio.current_time() >= deadline:
                raise _still_running()
            await self._sleep(next(pauses, PAUSES[-1]))

    async def hosted(self, host: str, asked: str) -> None:
        await self.store.run(lambda db: same_call(db, host, asked))

    @property
    def there(self) -> bool:
        return self.store.there

    async def earlier(self, asked: str) -> tuple[Earlier, ...]:
        return await self.store.run(lambda db: earlier(db, asked))

    async def true(self, key: str, values: Mapping[str, str], record: str) -> None:
        def work(db: sqlite3.Connection) -> None:
            row = db.execute("SELECT * FROM entries WHERE key = ? AND state != 'done'", (key,)).fetchone()
            if row is None or key in self._held or is_live(row["owner"], row["lease"], self.store.clock()):
                return
            if made_by_others(db, row["id"], [record]):
                return
            db.execute(
                "UPDATE entries SET state = 'done', settled = 'looked', owner = NULL, \"values\" = ? WHERE id = ?",
                (json.dumps({**json.loads(row["values"]), **values}), row["id"]),
            )

        await self.store.run(work)

    async def begun(self, key: str) -> bool:
        def work(db: sqlite3.Connection) -> bool:
            found = "SELECT 1 FROM entries WHERE key = ? AND (state = 'sent' OR (state = 'claimed' AND step > 0))"
            return db.execute(found, (key,)).fetchone() is not None

        return await self.store.run(work)


def _still_running() -> RunsElsewhere:
    return RunsElsewhere("Another call is carrying this write out; this one sent nothing.")
