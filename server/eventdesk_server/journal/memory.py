"""The journal of one process: what was sent is forgotten when it ends."""

import hashlib
import hmac
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from eventdesk_tools.journal import EntryState, Preview

PREVIEW_SECONDS = 600.0
ENTRIES_MOST = 10_000


@dataclass(slots=True)
class MemoryEntry:
    """One write. `eventdesk_tools.journal.Entry` documents the methods."""

    state: EntryState = EntryState.CLAIMED
    step: int = 0
    values: dict[str, str] = field(default_factory=dict[str, str])
    known: frozenset[str] = frozenset()
    waited: bool = False
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    waiting: int = 0

    async def sending(self, known: frozenset[str]) -> None:
        self.state, self.known = EntryState.SENT, known

    async def completed(self, values: Mapping[str, str]) -> None:
        self.values = {**self.values, **values}
        self.step += 1
        self.state, self.known = EntryState.CLAIMED, frozenset()

    async def not_sent(self) -> None:
        self.state, self.known = EntryState.CLAIMED, frozenset()

    async def done(self) -> None:
        self.state = EntryState.DONE

    async def restart(self) -> None:
        self.state, self.step, self.values, self.known = EntryState.CLAIMED, 0, {}, frozenset()


@dataclass(slots=True)
class _Kept:
    preview: Preview
    until: float
    approved: bool = False


class MemoryJournal:
    """`eventdesk_tools.journal.Journal` in memory."""

    def __init__(self, seconds: Callable[[], float] = anyio.current_time) -> None:
        self._secret = secrets.token_bytes(32)
        self._entries: dict[str, MemoryEntry] = {}
        self._previews: dict[str, _Kept] = {}
        self._seconds = seconds

    def key(self, identity: str, makes_true: Sequence[str]) -> str:
        text = "\x1f".join([identity, *makes_true]).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()

    @asynccontextmanager
    async def holding(self, key: str, tool: str) -> AsyncGenerator[MemoryEntry]:  # noqa: ARG002 - shared journals record the tool
        entry = self._entries.setdefault(key, MemoryEntry())
        waited = entry.lock.locked()
        entry.waiting += 1
        try:
            async with entry.lock:
                entry.waited = waited
                try:
                    yield entry
                finally:
                    self._settle(key, entry)
        finally:
            entry.waiting -= 1

    async def begun(self, key: str) -> bool:
        entry = self._entries.get(key)
        return (
            entry is not None
            and entry.state is not EntryState.DONE
            and (entry.state is EntryState.SENT or entry.step > 0)
        )

    def _settle(self, key: str, entry: MemoryEntry) -> None:
        """Forget what never left; keep what did. Finished entries go first when there are too many, unknown ones never."""
        if entry.state is EntryState.CLAIMED and entry.step == 0 and entry.waiting <= 1:
            self._entries.pop(key, None)
        if len(self._entries) > ENTRIES_MOST:
            done = [k for k, e in self._entries.items() if e.state is EntryState.DONE and not e.waiting]
            for old in done[: len(self._entries) - ENTRIES_MOST]:
                del self._entries[old]

    async def keep_preview(self, preview: Preview) -> None:
        now = self._seconds()
        self._previews = {i: kept for i, kept in self._previews.items() if kept.until > now}
        self._previews[preview.id] = _Kept(preview, now + PREVIEW_SECONDS)

    async def preview(self, id: str) -> Preview | None:  # noqa: A002 - the port's word
        kept = self._previews.get(id)
        return kept.preview if kept is not None and kept.until > self._seconds() else None

    async def consume(self, id: str) -> bool:  # noqa: A002 - the port's word
        kept = self._previews.pop(id, None)
        return kept is not None and kept.until > self._seconds()

    async def approve(self, id: str) -> bool:  # noqa: A002 - the port's word
        kept = self._previews.get(id)
        if kept is None or kept.until <= self._seconds():
            return False
        kept.approved = True
        return True

    async def approved(self, digest: str) -> Preview | None:
        now = self._seconds()
        for kept in self._previews.values():
            if kept.approved and kept.until > now and kept.preview.digest == digest:
                return kept.preview
        return None
