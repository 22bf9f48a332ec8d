"""`eventdesk call`: one tool, called by hand through the same server that a host starts."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import anyio
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult, TextContent

from eventdesk_server.app import build_from_environment
from eventdesk_server.terminal import bar
from eventdesk_tools.answers import error_body, rendered
from eventdesk_tools.errors import EventdeskError, InvalidArguments


def run_call(tool: str, arguments: str, flags: Mapping[str, Any]) -> tuple[str, bool]:
    """Call a tool; answers its text and whether it failed. On a terminal a question is asked there.

    Raises:
        SettingsError: The settings are wrong.
    """
    app = build_from_environment(flags, stay_up=False)
    try:
        given = arguments_of(arguments)
    except EventdeskError as exc:
        return rendered(error_body(exc)), True
    return anyio.run(_call, app.server, tool, dict(given))


async def _call(server: Any, tool: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    callback = _ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    with bar() as shown:
        async with Client(server, elicitation_callback=callback) as client:
            result = await client.call_tool(tool, arguments, progress_callback=shown.told)
    text = "\n".join(block.text for block in result.content if isinstance(block, TextContent))
    return text, bool(result.is_error)


async def _ask(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the protocol's words
    sys.stderr.write(f"{params.message}\nGo ahead? [y/N] ")
    sys.stderr.flush()
    reply = await anyio.to_thread.run_sync(sys.stdin.readline)
    if reply.strip().lower() in {"y", "yes"}:
        return ElicitResult(action="accept", content={"ok": True})
    return ElicitResult(action="cancel")


def arguments_of(text: str) -> Mapping[str, Any]:
    """A call's arguments as typed on the command line.

    Raises:
        InvalidArguments: They are not a JSON object.
    """
    try:
        given = json.loads(text or "{}")
    except ValueError as exc:
        raise InvalidArguments(f"The arguments are not JSON: {exc}.") from exc
    if not isinstance(given, dict):
        raise InvalidArguments("The arguments must be a JSON object.")
    return given  # pyright: ignore[reportUnknownVariableType]
