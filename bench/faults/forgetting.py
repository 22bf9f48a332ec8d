"""A journal that remembers nothing: what the campaign must catch Eventdesk without."""

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from typing_extensions import override

from eventdesk_server.journal.memory import MemoryEntry, MemoryJournal


class ForgettingJournal(MemoryJournal):
    """Previews are kept, for questions would not work without; of what was sent nothing is known a moment later."""

    @override
    def key(self, identity: str, makes_true: Sequence[str]) -> str:
        return secrets.token_hex(32)

    @override
    @asynccontextmanager
    async def holding(self, key: str, tool: str) -> AsyncGenerator[MemoryEntry]:
        yield MemoryEntry()
