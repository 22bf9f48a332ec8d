"""Every answer of the demo season: each tool at each account, as plain calls, previews, hand-offs and refusals."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.types import TextContent

from eventdesk_tools.ports import Capability, Mode
from tests.mcp.conftest import Chat, Hours, Human, chatting
from tests.mcp.matrix import ACCOUNTS, EVENTS, MATRIX, usual
from tests.tokens import count

READING = (
    Capability.LIST_EVENTS, Capability.GET_EVENT, Capability.LIST_SESSIONS, Capability.LIST_ATTENDEES,
    Capability.LIST_SALES, Capability.EVENT_SUMMARY,
)  # fmt: skip
_RANDOM = {
    r'"token":"[^"]+"': '"token":"…"',
    r"(files\.example/)[0-9a-f]{16}": r"\1…",
}
"""What is drawn anew in every run, and what stands for it."""


@dataclass(frozen=True)
class Said:
    """A call, and what the model is told."""

    tool: str
    arguments: Mapping[str, Any]
    text: str

    @property
    def tokens(self) -> int:
        return count(self.text)

    @property
    def answer(self) -> dict[str, Any]:
        return json.loads(self.text)

    def shown(self) -> str:
        """As the snapshots show it: the rows of a table on lines of their own."""
        arguments = json.dumps(self.arguments, ensure_ascii=False)
        text = self.text.replace('"rows":[[', '"rows":[\n [').replace("],[", "],\n [")
        return f"# {self.tool} {arguments}\n# {self.tokens} tokens\n{text}\n"


async def say(chat: Chat, tool: str, arguments: Mapping[str, Any]) -> Said:
    if chat.hours is not None:
        chat.hours.go(61)  # so that no platform's limit decides what is told
    result = await chat.client.call_tool(tool, dict(arguments))
    (block,) = result.content
    assert isinstance(block, TextContent)
    text = block.text
    for pattern, shown in _RANDOM.items():
        text = re.sub(pattern, shown, text)
    return Said(tool, arguments, text)


def call_of(account: str, capability: Capability) -> dict[str, Any]:
    """A call as an organiser's assistant makes it: default columns, default limit."""
    arguments = usual(account, capability) | dict(MATRIX[account][capability].arguments)
    return {
        k: v
        for k, v in arguments.items()
        if capability not in READING or k not in {"fields", "limit", "status", "when"}
    }


async def answers_of(account: str) -> list[Said]:
    """All answers of one account: what it tells, previews, what is done, what is handed over, what is refused."""
    provider, settings = ACCOUNTS[account]
    given: dict[str, Any] = {"settings": {provider: settings}}
    said: list[Said] = []
    async with chatting(provider, hours=Hours(), **given) as chat:
        said.append(await say(chat, "list_accounts", {"account": f"demo-{provider}"}))
        everything = ["description", "sessions", "speakers", "fields", "coupons"]
        event = f"demo-{provider}:{EVENTS[account][0]}"
        said.append(await say(chat, "get_event", {"event": event, "include": everything}))
        said += [await say(chat, c, call_of(account, c)) for c in READING]
        said.append(await say(chat, "event_summary", {}))
        # A client that cannot ask: a preview, a token or a page stands for the question.
        said += [await say(chat, c, call_of(account, c) | {"dry_run": True}) for c in Capability if c not in READING]
    for capability in Capability:
        if capability in READING or MATRIX[account][capability].mode not in {Mode.NATIVE, Mode.EMULATED}:
            continue
        async with chatting(provider, hours=Hours(), **given) as chat:
            waiting = await say(chat, capability, call_of(account, capability))
        if "outcome" in waiting.answer and waiting.answer["outcome"] == "preview":
            said.append(waiting)
        async with chatting(provider, human=Human(), hours=Hours(), **given) as chat:
            said.append(await say(chat, capability, call_of(account, capability)))
            said.append(await say(chat, capability, call_of(account, capability)))
    return said


FOLK = "demo-eventschedule:MWP3fc"
DESIGN = "demo-eventtia:harbor-design-days"
ALL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("list_accounts", {}),
    ("list_events", {}),
    ("list_events", {"when": "past", "limit": 5}),
    ("list_events", {"status": "live", "fields": ["title", "starts", "left", "sold"], "limit": 5}),
    ("list_sales", {"limit": 5}),
    ("list_attendees", {"event": FOLK}),
    ("list_attendees", {"event": FOLK, "fields": ["name", "email", "status"]}),
    ("list_attendees", {"event": FOLK, "count_by": "ticket"}),
    ("list_attendees", {"event": FOLK, "duplicates": True}),
    ("list_attendees", {"email": "kim.quay@example.org"}),
    ("event_summary", {}),
    ("event_summary", {"events": [DESIGN, FOLK]}),
    ("export_list", {"list": "attendees", "event": FOLK}),
    ("find_operations", {"query": "discount codes"}),
    ("find_operations", {"query": "who scanned a badge at the stand", "account": "demo-eventtia"}),
    ("call_read_operation", {"operation": "eventschedule.list_categories"}),
    ("call_read_operation", {"operation": "eventtia.no_such_operation"}),
    ("apply_preview", {"token": "never given"}),
    ("get_event", {"evnt": DESIGN}),
    ("get_event", {"event": "open studio"}),
    ("get_event", {"event": "No Such Night"}),
    ("get_event", {"event": "demo-nowhere:1"}),
    ("list_events", {"cursor": "not a cursor"}),
    ("list_events", {"since": "tomorrow"}),
    ("archive_event", {"event": "Open Studio"}),
    ("register_attendee", {"event": DESIGN, "name": "Ada Pier", "email": "not an address"}),
    ("register_attendee", {"event": DESIGN, "name": "Ada Pier", "email": "ada@pier.example"}),
    ("register_attendees", {"event": DESIGN, "ticket": "General", "dry_run": True, "rows": [
        {"name": f"Ada Pier{chr(97 + n)}", "email": f"ada{n}@pier.example" if n % 5 else "no address"} for n in range(12)
    ]}),
    ("no_such_tool", {}),
)  # fmt: skip


async def answers_of_all() -> list[Said]:
    """Answers for which the accounts are asked together, and refusals that no account is asked for."""
    async with chatting(hours=Hours()) as chat:
        return [await say(chat, tool, arguments) for tool, arguments in ALL]
