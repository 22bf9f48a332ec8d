"""A journal that remembers nothing: what the campaign must catch Eventdesk without."""

import secrets
from collections.abc import Sequence

from typing_extensions import override

from eventdesk_server.journal.journal import SqliteJournal


class ForgettingJournal(SqliteJournal):
    """Previews are kept, for questions would not work without; no write is known for the one that was sent before."""

    @override
    async def key(self, identity: str, makes_true: Sequence[str]) -> str:
        return secrets.token_hex(32)
