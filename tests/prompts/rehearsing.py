"""A server with the demo season, and the calls that a prompt's own words ask for."""

import json
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult, TextContent

from eventdesk_server.app import build
from eventdesk_server.settings import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_CALL = re.compile(r"\b[Cc]all `(\w+)`(.*?)(?=\b[Cc]all `|\n\d\. |\n\n|$)", re.DOTALL)
_ARGUMENT = re.compile(r"`(\w+)` (\"[^\"]*\"|\[[^\]]*\]|true|false|\d+)")
_FURTHER = re.compile(r"Give it (`\w+` \"[^\"]*\")")


def calls_in(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each "call `tool` with `argument` value" of a prompt, in order; "Give it …" adds an argument to the call before."""
    for tool, rest in _CALL.findall(text):
        told = re.split(r"[.;:](?=\s)", rest)[0] + " ".join(_FURTHER.findall(rest))
        yield tool, {name: json.loads(value) for name, value in _ARGUMENT.findall(told)}


@asynccontextmanager
async def connected(**settings: Any) -> AsyncGenerator[Client]:
    """A client of the server as it starts without accounts, on a pinned clock. Its person says yes."""

    async def yes(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        return ElicitResult(action="accept", content={"ok": True})

    app = build(Settings(now=NOW, **settings))
    async with Client(app.server, elicitation_callback=yes) as client:
        yield client


async def told(client: Client, prompt: str, **arguments: str) -> str:
    """What a prompt says."""
    (message,) = (await client.get_prompt(prompt, arguments)).messages
    assert message.role == "user"
    assert isinstance(message.content, TextContent)
    return message.content.text


async def called(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    (block,) = (await client.call_tool(tool, arguments)).content
    assert isinstance(block, TextContent)
    return json.loads(block.text)
