"""The two sides of the comparison, each a client that counts what a model reads: Eventdesk, and an automatic wrapper.

The wrapper is FastMCP's `from_openapi` on Event Schedule's own description of its API, called by FastMCP's own client.
Both talk to a stand-in of their own with the same demo season, at the same moment.
"""

import json
import logging
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from fastmcp import Client, FastMCP
from mcp.types import TextContent, Tool

from eventdesk_server.demo import Upstream
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_tools.answers import compact
from tests.mcp.conftest import Chat, Human, chatting
from tests.support import NOW, ROOT
from tests.tokens import count

OPENAPI = Path(__file__).parents[1] / "tests" / "contract" / "eventschedule-openapi.json"


def listed(tools: list[Tool]) -> dict[str, int]:
    """A tool list in tokens: what models are given of it in most chat apps, and as it is sent."""
    sent = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]
    parts = [{key: tool.get(key, "") for key in ("name", "description", "inputSchema")} for tool in sent]
    return {
        "tools": len(sent),
        "tokens": sum(count(compact(tool)) for tool in parts),
        "as_sent": sum(count(compact(tool)) for tool in sent),
    }


@dataclass
class Side:
    """Calls of one side, with what a model writes and reads for them: arguments and text, nothing twice."""

    upstream: Upstream
    calls: int = 0
    tokens: int = 0
    answered: int = 0
    """The answers' part of `tokens`."""
    read: dict[str, Any] = field(default_factory=dict[str, Any])
    """What was told already, which a model would not ask for again."""

    def _note(self, tool: str, arguments: Mapping[str, Any], text: str) -> dict[str, Any]:
        self.calls += 1
        size = count(_pinned(text))
        self.answered += size
        self.tokens += count(compact({"name": tool, "arguments": arguments})) + size
        return json.loads(text)

    def raw(self) -> int:
        """What the platforms answered since last asked, in tokens."""
        return count(_pinned(self.upstream.take()))


def _pinned(text: str) -> str:
    """Text whose random parts, which the stand-in draws anew in every run, are always the same."""
    return _SECRET.sub(r"\g<1>i9ayflcx38yc1dx5u003bpn8re1o1ibu", text)


_SECRET = re.compile(r'("secret": ?")[a-z0-9]{32}')


@dataclass
class Ours(Side):
    """Eventdesk."""

    chat: Chat = field(kw_only=True)

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.chat.client.call_tool(tool, arguments)
        (block,) = result.content
        assert isinstance(block, TextContent)
        return self._note(tool, arguments, block.text)


@dataclass
class Wrapper(Side):
    """The automatic wrapper."""

    client: Client[Any] = field(kw_only=True)

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.client.call_tool(tool, arguments)
        (block,) = result.content
        assert isinstance(block, TextContent)
        return self._note(tool, arguments, block.text)

    async def pages(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        """Every row of a list, followed to its last page as the answers tell."""
        rows: list[dict[str, Any]] = []
        more: dict[str, int] = {}
        while True:
            answer = await self.call(tool, **arguments, **more)
            rows += answer["data"]
            meta = answer["meta"]
            if meta["current_page"] >= meta["last_page"]:
                return rows
            more = {"page": meta["current_page"] + 1}


@asynccontextmanager
async def ours(*providers: str) -> AsyncGenerator[Ours]:
    """Eventdesk on the demo accounts of these providers (all when none is named), whose person says yes."""
    async with chatting(*providers, human=Human()) as chat:
        upstream = Upstream(chat.rehearsal.sandbox.app)
        chat.rehearsal.sandbox.__dict__["app"] = upstream
        yield Ours(upstream, chat=chat)


@asynccontextmanager
async def wrapper() -> AsyncGenerator[Wrapper]:
    """The wrapper. Its answers are not checked against the description: the platform does not always keep to it."""
    for name in ("fastmcp", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with Sandbox(now=NOW, limits=False) as sandbox:
        upstream = Upstream(sandbox.app)
        sandbox.__dict__["app"] = upstream
        to = sandbox.connections(ROOT)["eventschedule"]
        headers = {"X-API-Key": to["key"]}
        async with httpx2.AsyncClient(base_url=to["base_url"], headers=headers, transport=sandbox.transport()) as http:
            described = json.loads(OPENAPI.read_text(encoding="utf-8"))
            server = FastMCP[Any].from_openapi(described, client=http, name="eventschedule", validate_output=False)
            async with Client(server) as client:
                yield Wrapper(upstream, client=client)
