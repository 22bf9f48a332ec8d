"""A platform whose every text was written by a stranger, and all the calls by which a model reads it."""

import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast, get_args

from eventdesk_tools.catalog import list_attendees, list_events, list_sales, list_sessions
from eventdesk_tools.desk import ListCache
from eventdesk_tools.ports import Capability, Mode
from tests.contract.rewriting import Change, Rewriting, walked
from tests.mcp.conftest import Chat, Hours, chatting
from tests.mcp.matrix import ACCOUNTS, EVENTS

STRUCTURE = re.compile(
    r"\d{4}-\d\d-\d\d.*|[-+]?[\d.,]*|\d\d:\d\d.*|https?://\S*|[a-z_]{1,30}|true|false|True|False|[A-Z]{2,3}|[A-Z]\w+/[\w/]+|[0-9a-f-]{6,}|[A-Za-z0-9]{6,8}"
)
"""Texts that a platform makes itself: dates, numbers, addresses, words for states, codes, ids."""
STRUCTURAL = re.compile(
    r"(?:^|_)(?:id|ids|uuid|status|type|state|at|date|time|timezone|zone|currency|url|link|subdomain|slug|uri)$"
)


def written_by_strangers(write: Callable[[str, str], str]) -> Change:
    """Every text that people can fill in, through `write(name, text)`."""

    def change(name: str, value: Any) -> Any:
        if not isinstance(value, str) or STRUCTURAL.search(name) or STRUCTURE.fullmatch(value):
            return value
        return write(name, value)

    return lambda answer: walked(change, answer)


def unchanged(answer: Any) -> Any:
    return answer


class Layer(Rewriting):
    """The sandbox behind a change that a test can set."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, self._changed)
        self.change: Change = unchanged

    def _changed(self, answer: Any) -> Any:
        return self.change(answer)


@asynccontextmanager
async def overheard(account: str, **more: Any) -> AsyncGenerator[tuple[Chat, Layer]]:
    """A chat with one account of the matrix; what it reads can be changed. Nothing is kept between calls."""
    provider, settings = ACCOUNTS[account]
    kept: dict[str, Any] = {"events": ListCache[Any](keep=0.0), "sessions": ListCache[Any](keep=0.0)}
    options = kept | more.pop("options", {})
    async with chatting(provider, settings={provider: settings}, options=options, **more) as chat:
        layer = Layer(chat.rehearsal.sandbox.app)
        vars(chat.rehearsal.sandbox)["app"] = layer
        yield chat, layer


def columns_of(module: Any, *without: str) -> list[str]:
    return [name for name in get_args(module.Column) if name not in without]


Reading = tuple[str, dict[str, Any]]


async def answered(chat: Chat, hours: Hours, call: Reading) -> dict[str, Any]:
    """The answer, at a time when no platform's limit is near."""
    hours.go(61.0)
    return await chat.call(call[0], **call[1])


async def readings(chat: Chat, account: str, hours: Hours) -> list[tuple[Reading, dict[str, Any]]]:
    """Every reading that the account can answer, with every column and part, and its answer."""
    found = [(call, await answered(chat, hours, call)) for call in reading_calls(chat, account)]
    return [(call, answer) for call, answer in found if "error" not in answer]


def reading_calls(chat: Chat, account: str) -> Iterator[Reading]:
    """Every reading tool and operation, with every column and part that costs no request a row."""
    provider = chat.rehearsal.provider
    name = f"demo-{ACCOUNTS[account][0]}"
    event = f"{name}:{EVENTS[account][0]}"

    def can(capability: Capability) -> bool:
        return provider.cell(capability).mode in {Mode.NATIVE, Mode.EMULATED}

    costly = {"sold", "left", "capacity", "seats", "sessions"}
    parts = ["description", "sessions", "speakers", "fields", "coupons"]
    yield "list_accounts", {}
    yield "list_events", {"when": "all", "fields": columns_of(list_events, *costly), "limit": 40}
    yield "get_event", {"event": event, "include": parts}
    if can(Capability.LIST_SESSIONS):
        yield "list_sessions", {"event": event, "fields": columns_of(list_sessions, *costly), "limit": 40}
    if can(Capability.LIST_ATTENDEES):
        for fields in ([], *([one] for one in columns_of(list_attendees, *costly))):
            yield "list_attendees", {"event": event, "status": "all", "fields": fields, "limit": 40}
        for by in ("ticket", "source", "Company", "Dietary needs"):
            yield "list_attendees", {"event": event, "count_by": by}
    if can(Capability.LIST_SALES):
        yield "list_sales", {"event": event, "fields": columns_of(list_sales), "limit": 40}
    if can(Capability.EVENT_SUMMARY):
        yield "event_summary", {"events": [event]}
    for info in provider.operations():
        required = {param.name for param in info.params if param.required}
        if info.effect == "read" and not info.withheld and required <= {"event"}:
            arguments = {"event": EVENTS[account][0]} if required else {}
            yield "call_read_operation", {"operation": info.name, "account": name, "arguments": arguments}


def texts(value: Any) -> Iterator[str]:
    """Every text of an answer, names of fields included."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def names(value: Any) -> Iterator[str]:
    """Every name of a field."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield key
            yield from names(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from names(item)
