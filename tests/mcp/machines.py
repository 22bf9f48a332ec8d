"""What state machines over MCP share: a loop that outlives each rule, a chat in it, and servers that come and go."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from anyio.from_thread import start_blocking_portal
from hypothesis.stateful import RuleBasedStateMachine
from mcp import Client
from mcp.types import RequestParamsMeta
from typing_extensions import override

from eventdesk_server.binding import HOST_KEY, EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries, settle
from eventdesk_server.journal.store import Store
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.journal import Preview, Reply
from tests.mcp.conftest import Human, chatting, decoded
from tests.mcp.writing import WRITING, sent

LOST: Mapping[str, Mapping[str, Any]] = {
    "answered": {"kind": "none"},
    "lost after": {"kind": "drop_after"},
    "failed after": {"kind": "status", "code": 500, "commit": True},
    "cut off": {"kind": "truncated"},
    "lost before": {"kind": "drop_before"},
}
"""What becomes of the next write's request. Of the last nobody can tell that it did not happen."""


async def _never(_: Preview) -> Reply:
    raise AssertionError("this client can ask")


class Chatting(RuleBasedStateMachine):
    """One platform, one state folder, and a server that can be started anew. Nobody but these calls writes there."""

    provider: str

    def __init__(self) -> None:
        super().__init__()
        self.human = Human()
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._portal = self._stack.enter_context(start_blocking_portal())
        opened = chatting(self.provider, human=self.human, options=WRITING | {"journal": SqliteJournal(self._folder)})
        self.chat = self._stack.enter_context(self._portal.wrap_async_context_manager(opened))
        self._client = self.chat.client
        self._later = self._stack.enter_context(ExitStack())

    @override
    def teardown(self) -> None:
        self._stack.close()

    def start_anew(self) -> None:
        """Another server of the same person, and its client; the first is gone."""
        self._later.close()
        desk = replace(self.chat.rehearsal.desk, journal=SqliteJournal(self._folder))
        client = Client(EventdeskServer(desk, _never, subscriptions=False), elicitation_callback=self.human)
        self._client = self._later.enter_context(self._portal.wrap_async_context_manager(client))

    def call(self, tool: str, arguments: Mapping[str, Any], *, host: str = "") -> dict[str, Any]:
        """A call's answer, decoded."""
        given: Any = {HOST_KEY: host}
        meta: RequestParamsMeta | None = given if host else None

        async def go() -> dict[str, Any]:
            return decoded(await self._client.call_tool(tool, dict(arguments), meta=meta))

        return self._portal.call(go)

    def striking(self, how: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do something while the next write's request meets this."""
        faults = self.chat.rehearsal.sandbox.faults
        faults.add(Fault(**LOST[how], method="(?!)" if how == "answered" else self.method, times=1))
        try:
            return act()
        finally:
            faults.clear()

    method = "POST"

    @property
    def sent(self) -> int:
        """How many requests left that change something."""
        return len(sent(self.chat))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.chat.rehearsal.sandbox.world.store.rows(sql)

    def settle_unknown(self) -> list[str]:
        """The person has looked: what is unknown did not happen. Answers the entries that were settled."""
        store = Store(self._folder)
        try:
            ids = [row["id"] for row in entries(store) if row["state"] == "unknown"]
            for id_ in ids:
                settle(store, id_, happened=False)
            return ids
        finally:
            store.close()
