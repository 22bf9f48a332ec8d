"""A server around a rehearsal, and clients of both eras that can or cannot ask their person."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

import anyio
import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent
from pydantic import TypeAdapter
from typing_extensions import override

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.journal import Preview, Reply, Verdict
from tests.support import Rehearsal, rehearse

Era = Literal["2026", "2025"]
ANSWER: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


@dataclass
class Human:
    """The person behind the client. `reply` is what the client sends for them; `slow` is how long they take."""

    reply: ElicitResult = field(default_factory=lambda: ElicitResult(action="accept", content={"ok": True}))
    slow: float = 0.0
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        await anyio.sleep(self.slow)
        return self.reply


class Hours:
    """A clock that clients take for real time and that moves only by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0
        self.chat: Chat | None = None

    def __call__(self) -> float:
        return self.at

    def go(self, seconds: float) -> None:
        """Let time pass, for the platform too."""
        self.at += seconds
        if self.chat is not None:
            self.chat.rehearsal.clock.advance(timedelta(seconds=seconds))

    async def sleep(self, seconds: float) -> None:
        """Wait, which lets the time pass."""
        self.go(seconds)
        await anyio.lowlevel.checkpoint()


@dataclass
class Chat:
    """A connected client and what lies behind it."""

    client: Client
    rehearsal: Rehearsal
    server: EventdeskServer
    links: list[str]
    hours: Hours | None = None

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """A tool's answer, decoded; "isError" is added for failures."""
        return decoded(await self.client.call_tool(tool, arguments))


def decoded(result: CallToolResult) -> dict[str, Any]:
    assert result.structured_content is None
    (block,) = result.content
    assert isinstance(block, TextContent)
    answer = ANSWER.validate_json(block.text)
    assert bool(result.is_error) == ("error" in answer)
    return answer


@asynccontextmanager
async def chatting(
    *providers: str,
    era: Era = "2026",
    human: Human | None = None,
    options: Mapping[str, Any] | None = None,
    hours: Hours | None = None,
    **rehearsing: Any,
) -> AsyncGenerator[Chat]:
    """A client of an era; without `human` it cannot ask. `options` replace fields of the desk; `hours` is the time of all."""
    links: list[str] = []

    async def outside(preview: Preview) -> Reply:
        links.append(preview.id)
        return Reply(Verdict.OUTSIDE, link=f"http://127.0.0.1:1/approve/{len(links)}")

    time = {} if hours is None else {"sleep": hours.sleep, "monotonic": hours}
    async with rehearse(*providers, **time, **rehearsing) as rehearsal:
        rehearsal.desk = replace(rehearsal.desk, **(options or {}))
        server = EventdeskServer(rehearsal.desk, outside, subscriptions=False)
        mode = "legacy" if era == "2025" else "auto"
        async with Client(server, mode=mode, elicitation_callback=human, raise_exceptions=True) as client:
            chat = Chat(client, rehearsal, server, links, hours)
            if hours is not None:
                hours.chat = chat
            yield chat


@pytest.fixture(params=["2026", "2025"])
def era(request: pytest.FixtureRequest) -> Era:
    """Each test that takes it runs once an era."""
    return request.param


@dataclass(frozen=True, slots=True)
class ByHand(AnyioRuntime):
    """The tools' clock moves by hand, as the clients' does."""

    hours: Hours = field(default_factory=Hours)

    @override
    def seconds(self) -> float:
        return self.hours.at


@pytest.fixture
def hours() -> Hours:
    """For `chatting(hours=…)`."""
    return Hours()
