"""Whatever a platform sends, five megabytes, ten thousand rows or rare scripts: no answer is more than 8,000 tokens."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from mcp.types import TextContent

from eventdesk_tools.answers import compact
from eventdesk_tools.ports import Capability
from tests.hostile.platform import overheard, readings, written_by_strangers
from tests.mcp.conftest import Chat, Hours, chatting, decoded, hours
from tests.mcp.matrix import ACCOUNTS, EVENTS, MATRIX, usual
from tests.mcp.reading import FOLK, WEEK
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit
from tests.tokens import count

pytestmark = pytest.mark.anyio
__all__ = ["hours"]
MANY = 10_000
TEXTS: Mapping[str, Callable[[random.Random], str]] = {
    "cuneiform": lambda rng: "".join(chr(rng.randrange(0x12000, 0x12399)) for _ in range(4_000)),
    "rare scripts by turns": lambda rng: "".join(chr(rng.choice((0x10A0, 0x1400, 0x1780, 0xA000, 0x13000)) + rng.randrange(60)) for _ in range(4_000)),
    "rare han": lambda rng: "".join(chr(rng.randrange(0x20000, 0x2A6D0)) for _ in range(4_000)),
    "emoji": lambda rng: "".join(chr(rng.randrange(0x1F300, 0x1F5FF)) for _ in range(4_000)),
    "codes": lambda rng: "".join(rng.choices("abcdefghkmnopqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ0123456789+/", k=20_000)),
    "punctuation": lambda rng: "".join(rng.choices("!#$%&*+,-./:;=?@^{|}~'", k=20_000)),
    "digits": lambda rng: "".join(rng.choices("0123456789", k=20_000)),
    "short words of codes": lambda rng: " ".join("".join(rng.choices("bcdfghjkqxz0123456789", k=11)) for _ in range(3_000)),
}  # fmt: skip
"""What may take a token a byte, and more than that where a text is cut."""


async def said(chat: Chat, tool: str, arguments: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """An answer's tokens, and the answer. A minute goes by before each."""
    assert chat.hours is not None
    chat.hours.go(61)
    result = await chat.client.call_tool(tool, dict(arguments))
    (block,) = result.content
    assert isinstance(block, TextContent)
    return count(block.text), decoded(result)


def most(answer: Mapping[str, Any]) -> int:
    """How many tokens an answer of this kind may be, beside what a failure allows."""
    if "error" in answer:
        return 120 + count(compact(answer["error"].get("allowed", [])))
    return 600 if answer.get("outcome") in {"preview", "hand_off", "already_done", "already_registered"} else 8_000


def filled(text: str) -> Any:
    """Every text that people can write ends with `text`, and no two are the same."""
    return written_by_strangers(lambda _, given: f"{given} {text}")


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_no_reading_is_above_its_budget_whatever_is_written(account: str, hours: Hours) -> None:
    async with overheard(account, hours=hours) as (chat, layer):
        calls = [call for call, _ in await readings(chat, account, hours)]
        shown = 0
        for number, (name, text) in enumerate(TEXTS.items()):
            layer.change = filled(text(random.Random(name)))
            for at, (tool, arguments) in enumerate(calls):
                # Every reading meets every fourth text, and every text a fourth of the readings.
                if (at + number) % 4 == 0:
                    wide = {"limit": 200} if "limit" in arguments else {}
                    tokens, answer = await said(chat, tool, arguments | wide)
                    assert tokens <= most(answer), (name, tool, arguments, tokens)
                    shown += "error" not in answer
        assert shown >= len(calls)


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_no_write_that_is_shown_or_refused_is_above_its_budget_whatever_is_written(
    account: str, hours: Hours
) -> None:
    event = f"demo-{ACCOUNTS[account][0]}:{EVENTS[account][0]}"
    async with overheard(account, hours=hours) as (chat, layer):
        for name, text in TEXTS.items():
            layer.change = filled(text(random.Random(name)))
            for capability in (one for one in Capability if one in WRITING):
                arguments = usual(account, capability) | dict(MATRIX[account][capability].arguments)
                tokens, answer = await said(chat, capability, arguments | {"dry_run": True})
                assert tokens <= most(answer), (name, capability, tokens, answer)
            for arguments in (
                {"event": "no such"},
                {"event": f"{event}x"},
                {"event": event, "occurrence": "2027-01-01"},
            ):
                tokens, answer = await said(chat, "get_event", arguments)
                assert tokens <= most(answer), (name, arguments, tokens, answer)


BATCHES: tuple[tuple[str, Callable[[list[str]], dict[str, Any]]], ...] = (
    ("cancel_registration", lambda refs: {"attendees": refs[:50], "whole_order": True}),
    ("update_sale", lambda refs: {"sales": [ref.replace(":a-", ":o-") for ref in refs[:50]], "action": "cancel"}),
    ("register_attendees", lambda refs: {
        "event": refs[0].rpartition(":")[0],
        "rows": [{"name": f"Ada Pier {n}", "email": f"ada{n}@pier.example" if n % 3 else "no address"} for n in range(100)],
    }),
)  # fmt: skip


@pytest.mark.parametrize("name", [None, *TEXTS])
@pytest.mark.parametrize("event", ["demo-eventschedule:MWP3fc", "demo-eventtia:harbor-design-days"])
async def test_a_preview_of_many_writes_is_within_its_budget_and_says_what_it_leaves_out(
    event: str, name: str | None, hours: Hours
) -> None:
    async with overheard(event.removeprefix("demo-").partition(":")[0], hours=hours) as (chat, layer):
        _, found = await said(chat, "list_attendees", {"event": event, "fields": ["ref"], "limit": 100})
        refs = [row[0] for row in found["rows"]]
        if name is not None:
            layer.change = filled(TEXTS[name](random.Random(name)))
        for tool, arguments in BATCHES:
            for dry_run in ({"dry_run": True}, {}):
                tokens, answer = await said(chat, tool, arguments(refs) | dry_run)
                assert tokens <= most(answer), (tool, dry_run, tokens, answer)
                if answer.get("outcome") == "preview" and "requests" in answer:
                    assert any(note.startswith("Only the first of ") for note in answer["notes"]), (tool, answer)


WRITING = frozenset(
    {
        Capability.REGISTER_ATTENDEE, Capability.CREATE_SALE, Capability.CREATE_EVENT, Capability.UPDATE_EVENT,
        Capability.CLONE_EVENT, Capability.ARCHIVE_EVENT, Capability.CANCEL_REGISTRATION, Capability.UPDATE_SALE,
    }
)  # fmt: skip


def surveys() -> dict[str, Any]:
    day = "2027-05-01T00:00:00"
    return {
        "events": [
            {"id": n + 1, "name": f"Survey {n}", "slug": f"survey-{n}", "event_starts": day, "event_ends": day}
            for n in range(MANY)
        ]
    }  # fmt: skip


def harbour() -> dict[str, Any]:
    return schedule.season(schedule.event(sales=[schedule.one_line(n) for n in range(MANY)]))


def fairs() -> dict[str, Any]:
    return fair.season(4, people=MANY, payments=3_000, sessions=300)[0]


def summits() -> dict[str, Any]:
    people = [summit.person(n, id=20_000 + n, email=f"person{n}@mail.example") for n in range(MANY)]
    return summit.season(people, [summit.talk(n) for n in range(1_000)])


LISTS: Mapping[str, tuple[Callable[[], dict[str, Any]], tuple[tuple[str, dict[str, Any]], ...]]] = {
    "eventhq": (surveys, (("list_events", {}), ("get_event", {"event": "Survey 77"}))),
    "eventschedule": (harbour, (("list_attendees", {"event": FOLK}), ("list_sales", {}), ("get_event", {"event": FOLK}))),
    "eventtia": (fairs, (
        ("list_attendees", {"event": fair.URI}), ("list_sales", {"event": fair.URI}), ("list_sessions", {"event": fair.URI}),
    )),
    "heysummit": (summits, (("list_attendees", {"event": WEEK}), ("list_sessions", {"event": WEEK}))),
}  # fmt: skip


@pytest.mark.parametrize("provider", LISTS)
async def test_ten_thousand_rows_are_cut_to_the_budget_and_go_on_by_cursor(provider: str, hours: Hours) -> None:
    season, calls = LISTS[provider]
    async with chatting(provider, season={provider: season()}, hours=hours) as chat:
        for tool, arguments in calls:
            for more, budget in (({}, 2_000), ({"limit": 200}, 8_000)) if tool != "get_event" else (({}, 2_000),):
                tokens, answer = await said(chat, tool, arguments | more)
                assert tokens <= budget, (tool, more, tokens)
                assert tool == "get_event" or (answer["returned"] and answer["next_cursor"]), (tool, answer)
