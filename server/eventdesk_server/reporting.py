"""`eventdesk report`: the page that chats show of `event_summary`, as a file."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import CallToolResult, TextContent

from eventdesk_server import card
from eventdesk_server.app import App, build_from_environment
from eventdesk_server.terminal import bar
from eventdesk_server.writing import checked, write
from eventdesk_tools.errors import EventdeskError


def run_report(events: Sequence[str], html: str, flags: Mapping[str, Any], *, force: bool) -> tuple[str, bool]:
    """Write the page; answers what to tell the person, and whether it failed.

    Raises:
        SettingsError: The settings are wrong.
    """
    app = build_from_environment(flags, stay_up=False)
    try:
        path = checked(Path(html), force=force)
        result = anyio.run(_summary, app, list(events))
        data = (result.meta or {}).get(card.DATA)
        if result.is_error or data is None:
            return _said(result), True
        write(path, card.page_with(data).encode("utf-8", "replace"), force=force)
    except EventdeskError as exc:
        return f"{exc.message} {exc.next}".strip(), True
    return f"{path}: {len(data['events'])} of {data['asked']} events. {' '.join(data.get('notes', []))}".strip(), False


async def _summary(app: App, events: list[str]) -> CallToolResult:
    """The tool's answer to a client that shows pages, without the time limit of a chat."""
    app.server.desk = replace(app.desk, answer_within=math.inf)
    pages = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})
    with bar() as shown:
        async with Client(app.server, extensions=[pages]) as client:
            return await client.call_tool(card.TOOL, {"events": events}, progress_callback=shown.told)


def _said(result: CallToolResult) -> str:
    text = "\n".join(block.text for block in result.content if isinstance(block, TextContent))
    told = json.loads(text).get("error", {})
    return f"{told.get('message', text)} {told.get('next', '')}".strip()
