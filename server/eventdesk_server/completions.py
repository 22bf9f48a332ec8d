"""Completions: accounts and events, for the arguments of prompts and of the event resource."""

import re
from collections.abc import Iterable

from mcp.server.context import ServerRequestContext
from mcp.types import (
    CompleteRequestParams,
    CompleteResult,
    Completion,
    PromptReference,
    ResourceTemplateReference,
)
from pydantic import BaseModel

from eventdesk_prompts import load
from eventdesk_server.binding import EventdeskServer
from eventdesk_server.looking import look
from eventdesk_server.resources import EVENT_URI
from eventdesk_tools.desk import Desk
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.naming import folded
from eventdesk_tools.refs import Ref

MOST = 20
SECONDS = 4.0
"""A person is typing: what is not there by then is not proposed."""
TITLE_MOST = 60
_NAMED = re.compile(r".*\((?P<ref>[^()\s]+)\)\s*", re.DOTALL)


class _Events(BaseModel):
    """Refs and titles; none where no character of a title can be seen."""

    rows: list[tuple[str, str | None]]


def add_completions(server: EventdeskServer) -> None:
    """Answer `completion/complete`."""

    async def complete(_: ServerRequestContext[object], params: CompleteRequestParams) -> CompleteResult:
        given = params.context.arguments or {} if params.context is not None else {}
        found = await _proposed(
            server.desk, params.ref, params.argument.name, params.argument.value, given.get("account", "")
        )
        shown = found[:MOST]
        return CompleteResult(completion=Completion(values=shown, total=len(found), has_more=len(found) > len(shown)))

    low = server._lowlevel_server  # pyright: ignore[reportPrivateUsage] - the SDK's decorator hands over no context
    low.add_request_handler("completion/complete", CompleteRequestParams, complete)


def picked(value: str) -> str:
    """The ref in a proposal like "Harbor Days (club:harbor)", so that no stranger's title enters a prompt; else the value."""
    found = _NAMED.fullmatch(value)
    if found is None:
        return value
    try:
        return str(Ref.parse(found["ref"]))
    except EventdeskError:
        return value


async def _proposed(
    desk: Desk, ref: PromptReference | ResourceTemplateReference, name: str, typed: str, account: str
) -> list[str]:
    if isinstance(ref, ResourceTemplateReference):
        if ref.uri != EVENT_URI:
            return []
        if name == "account":
            return _matching(desk.accounts, typed)
        return [Ref.parse(found).event for found, _ in await _events(desk, typed, account)] if name == "event" else []
    prompt = load().get(ref.name)
    kinds = {argument.name: argument.completes for argument in prompt.arguments} if prompt is not None else {}
    match kinds.get(name):
        case "account":
            return _matching(desk.accounts, typed)
        case "event":
            return [f"{title} ({found})" if title else found for found, title in await _events(desk, typed, account)]
        case _:
            return []


def _matching(names: Iterable[str], typed: str) -> list[str]:
    """Those that begin with what was typed, then those that contain it."""
    wanted = folded(typed)
    return sorted((name for name in names if wanted in name), key=lambda name: (not name.startswith(wanted), name))


async def _events(desk: Desk, typed: str, account: str) -> list[tuple[str, str]]:
    """Refs and titles of the events whose title or ref contains what was typed, upcoming ones first."""
    wanted = folded(typed)
    found: dict[str, str | None] = {}
    for when in ("upcoming", "past"):
        try:
            wanted_rows = {"when": when, "account": account, "fields": ["ref", "title"], "limit": 200}
            text = await look(desk, "list_events", wanted_rows, within=SECONDS)
        except EventdeskError:
            break  # there is nobody to tell: the person types on
        found.update(_Events.model_validate_json(text).rows)
    shown = [(ref, (title or "")[:TITLE_MOST].rstrip()) for ref, title in found.items()]
    return [(ref, title) for ref, title in shown if wanted in folded(title) or wanted in ref]
