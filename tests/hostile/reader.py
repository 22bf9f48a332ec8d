"""Reading everything that strangers stored: every list to its end, every event, every reading operation."""

import json
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, cast

from starlette.types import Message, Receive, Scope
from typing_extensions import override

from eventdesk_server.registry import declared
from eventdesk_tools.catalog import list_attendees, list_events, list_sales, list_sessions
from eventdesk_tools.ports import Capability, Mode, ProviderName
from tests.contract.rewriting import Rewriting, within
from tests.hostile.payloads import numbered, numbers_in
from tests.hostile.platform import STRUCTURAL, STRUCTURE, Reading, answered, columns_of, unchanged
from tests.hostile.seasons import MAIN, SEASONS, SIZE, Pen
from tests.mcp.conftest import Chat, Hours, chatting
from tests.mcp.matrix import ACCOUNTS, USER

_ENVELOPE = frozenset("data results event events attributes".split())
_ALSO = frozenset("by_email view index mine ours".split())
WORDS = frozenset({"seats_limit"})
"""Fields in which a platform answers a number, or a word of its own."""


class Strangers(Rewriting):
    """The sandbox: what its tables hold comes as it is; what only its answers hold, strangers fill in as they pass.

    `met` tells by kind of record and field which payloads the answers held there, `stored` those of the tables.
    """

    def __init__(self, app: Any, provider: str) -> None:
        super().__init__(app, unchanged)
        self.met: defaultdict[str, set[int]] = defaultdict(set)
        self.stored: defaultdict[str, set[int]] = defaultdict(set)
        self._turns: defaultdict[str, Iterator[int]] = defaultdict(count)
        self._originals: dict[tuple[str, bytes], tuple[Message, bytes]] = {}
        self._same: dict[tuple[str, bytes], tuple[Message, bytes]] = {}
        self._turned = 0
        self._kinds = {
            re.compile("(^|/)" + re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(one.path)) + "$"): _kind(one.path)
            for one in sorted(declared(ProviderName(provider)), key=lambda one: one.path.count("{"))
            if one.method == "GET"
        }

    @override
    async def original(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Asked once: nothing is written while strangers' texts are read."""
        key = (str(scope["path"]), bytes(scope["query_string"]))
        found = self._originals.get(key)
        if found is None:
            found = await super().original(scope, receive)
            if found[0]["status"] == 200:
                self._originals[key] = found
        return found

    @override
    async def answered(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """Changed once where all of it was stored; what is filled in as it passes is another each time."""
        key = (str(scope["path"]), bytes(scope["query_string"]))
        found = self._same.get(key)
        if found is None:
            turned = self._turned
            found = await super().answered(scope, receive)
            if turned == self._turned and found[0]["status"] == 200:
                self._same[key] = found
        return found

    @override
    def rewritten(self, path: str, answer: Any) -> Any:
        plain = re.sub(r"/[a-z_]+:.*", "", path)  # EventHQ's arguments
        kind = next((kind for pattern, kind in self._kinds.items() if pattern.search(plain)), plain)
        return self._walked(answer, kind, "")

    def _walked(self, value: Any, path: str, name: str) -> Any:
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value).items()
            if found := {number for key, _ in items for number in numbers_in(key)}:
                self.met[f"{path}.* (name)"] |= found
            return {
                key: self._walked(item, path if key in _ENVELOPE else f"{path}.{_field(key)}", key)
                for key, item in items
            }
        if isinstance(value, list):
            return [self._walked(item, path, name) for item in cast("list[Any]", value)]
        if (held := within(value)) is not None:
            return json.dumps(self._walked(held, path, name))
        return self._text(value, path, name) if isinstance(value, str) else value

    def _text(self, text: str, path: str, name: str) -> str:
        found = numbers_in(text)
        if found:
            self.stored[path] |= found
        elif text == MAIN or name in WORDS or STRUCTURAL.search(name) or STRUCTURE.fullmatch(text):
            return text
        else:
            self._turned += 1
            at = (next(self._turns[path]) + len(path)) % SIZE
            text, found = numbered(at), {at}
        self.met[path] |= found
        return text

    def lacking(self) -> dict[str, int]:
        """By field that did not hold every payload, how many it lacks. What is included repeats other records."""
        return {
            path: SIZE - len(found)
            for path, found in self.met.items()
            if len(found) < SIZE and ".included." not in path
        }


STRIDE = 24
"""Of the records that an operation tells by their id, it is asked for each so-manieth: lists tell the same of all."""


def _kind(path: str) -> str:
    """What an endpoint tells of: the last part of its path that is no argument."""
    return next(part for part in reversed(path.strip("/").split("/")) if "{" not in part and part not in _ALSO)


def _field(key: str) -> str:
    return "*" if numbers_in(key) or re.search(r"\d", key) else key


@asynccontextmanager
async def among_strangers(account: str, hours: Hours, **more: Any) -> AsyncGenerator[tuple[Chat, Strangers, Pen]]:
    """A chat with one account of the matrix whose season was written by strangers."""
    provider, settings = ACCOUNTS[account]
    pen = Pen()
    season = {provider: SEASONS[provider](pen)}
    async with chatting(provider, settings={provider: settings}, season=season, hours=hours, **more) as chat:
        layer = Strangers(chat.rehearsal.sandbox.app, provider)
        vars(chat.rehearsal.sandbox)["app"] = layer
        yield chat, layer, pen


class Reader:
    """Calls, and keeps what was answered."""

    def __init__(self, chat: Chat, account: str, hours: Hours) -> None:
        self.chat = chat
        self.account = account
        self.hours = hours
        self.calls: list[tuple[Reading, dict[str, Any]]] = []
        self._provider = chat.rehearsal.provider
        self._name = f"demo-{ACCOUNTS[account][0]}"

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        answer = await answered(self.chat, self.hours, (tool, arguments))
        self.calls.append(((tool, arguments), answer))
        return answer

    async def whole(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        """A list to its end."""
        pages = [await self.ask(tool, **arguments)]
        while (cursor := pages[-1].get("next_cursor")) and len(pages) < 200:
            pages.append(await self.ask(tool, **arguments, cursor=cursor))
        return pages

    async def _once(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        return [await self.ask(tool, **arguments)]

    def _can(self, capability: Capability) -> bool:
        return self._provider.cell(capability).mode in {Mode.NATIVE, Mode.EMULATED}

    async def _columns(self, tool: str, module: Any, event: str) -> list[str]:
        """The columns that the account can fill and that cost no request a row."""
        costly = {"sold", "left", "capacity", "seats", "sessions"}
        given = {"event": event} if event else {"when": "all"}
        return [
            name
            for name in columns_of(module, *costly)
            if "error" not in await self.ask(tool, **given, fields=[name], limit=1)
        ]

    async def everything(self) -> None:
        """Every reading tool with all that it can show, and every reading operation."""
        await self.ask("list_accounts")
        columns = await self._columns("list_events", list_events, "")
        pages = await self.whole(
            "list_events", when="all", fields=list(dict.fromkeys(["ref", "title", *columns])), limit=200
        )
        rows = [row for page in pages for row in page.get("rows", [])]
        refs = [row[0] for row in rows]
        main = next((row[0] for row in rows if row[1] == MAIN), refs[0])
        for ref in refs:
            await self.ask("get_event", event=ref, include=["description", "sessions", "speakers", "fields", "coupons"])
        people: list[str] = []
        for tool, module in (
            (Capability.LIST_SESSIONS, list_sessions), (Capability.LIST_SALES, list_sales), (Capability.LIST_ATTENDEES, list_attendees),
        ):  # fmt: skip
            if self._can(tool):
                columns = await self._columns(tool, module, refs[-1] if refs[-1] != main else refs[0])
                more = {"status": "all"} if tool == Capability.LIST_ATTENDEES else {}
                pages = await self.whole(
                    tool, event=main, fields=list(dict.fromkeys(["ref", *columns])), limit=200, **more
                )
                people = [row[0].rsplit("-", 1)[1] for page in pages for row in page["rows"]]
        for by in ("ticket", "source", "Company"):
            await self.ask("list_attendees", event=main, count_by=by)
        if self._can(Capability.EVENT_SUMMARY):
            await self.ask("event_summary", events=[main])
            for first in range(0, len(refs), 7):
                await self.ask("event_summary", events=refs[first : first + 7])
        await self._operations([ref.split(":")[1] for ref in refs], main.split(":")[1], people)

    async def _operations(self, events: Sequence[str], main: str, people: Sequence[str]) -> None:
        first = range(1, SIZE + 1)
        known: Mapping[str, Sequence[Any]] = {
            "attendee": people, "sale": people, "subdomain": [f"place-{n}" for n in range(SIZE)],
            "talk": first, "ticket": first, "webhook": first, "category": first, "guest": first, "survey": first, "stand": first,
            "message": first, "activity": range(7_000, 7_000 + SIZE), "param_name": ["aux_json_data"],
            "item": range(9_000, 9_000 + SIZE), "publisher": range(700, 700 + SIZE), "user": [USER],
            "package": [f"7f1c9a52-0d0e-4a6e-9a53-{n:012d}" for n in range(2_000)][:: 1_000 if "partner" in self.account else 1][:SIZE],
            "email": [f"p{n}@fair.example" for n in range(SIZE)], "city": range(11, 11 + SIZE),
        }  # fmt: skip
        for info in self._provider.operations():
            if info.effect != "read" or info.withheld:
                continue
            required = [param.name for param in info.params if param.required]
            given = {name: [main] if name == "event" else known.get(name, [1]) for name in required}
            if required == ["event"] and info.path.rstrip("/").endswith("}"):
                given["event"] = events
            names = {param.name for param in info.params}
            paged = next((name for name in ("page", "page[number]") if name in names), "")
            size = {"limit": 200} if {"limit", "offset"} <= names else {}
            for turn in range(0, max((len(values) for values in given.values()), default=1), STRIDE):
                arguments: dict[str, Any] = {
                    name: str(values[turn % len(values)]) for name, values in given.items()
                } | size
                for page in range(1, 14):
                    more = {paged: page} if paged and page > 1 else {}
                    call = {"operation": info.name, "account": self._name, "arguments": arguments | more}
                    ask = self._once if turn else self.whole
                    pages = await ask("call_read_operation", **call)
                    if page > 1 and "error" in pages[0]:
                        self.calls.pop()  # beyond the last page
                    if not paged or turn or "error" in pages[0] or not _rows(pages[0].get("answer")):
                        break


def _rows(answer: Any) -> bool:
    """Whether a platform's answer holds records."""
    lists: list[Any] = [answer] if isinstance(answer, list) else list(cast("dict[str, Any]", answer or {}).values())
    return any(len(cast("list[Any]", rows)) > 0 for rows in lists if isinstance(rows, list))
