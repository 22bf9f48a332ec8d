"""Lists asked for through a client, and a season of every platform to ask about."""

import random
from collections.abc import Mapping
from typing import Any

from mcp.types import TextContent

from tests.mcp.conftest import Chat, Hours, chatting, decoded
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.evvnt.desk import QUAY
from tests.providers.heysummit import summit
from tests.tokens import count

SIZE = 237
V1 = {"heysummit": summit.V1_SETTINGS}
FOLK = "Harbour Folk"
WEEK = "Harbour Design Week"


async def ask(chat: Chat, tool: str, **arguments: Any) -> dict[str, Any]:
    """A tool's answer, which is within its budget. Where time moves by hand, a minute goes by before each question."""
    if chat.hours is not None:
        chat.hours.go(61)
    result = await chat.client.call_tool(tool, arguments)
    (block,) = result.content
    assert isinstance(block, TextContent)
    assert count(block.text) <= (8_000 if "limit" in arguments else 2_000)
    return decoded(result)


async def refused(chat: Chat, tool: str, **arguments: Any) -> dict[str, Any]:
    """The failure of a call that must fail."""
    return (await ask(chat, tool, **arguments))["error"]


async def walk(chat: Chat, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    """All rows, page by page, with another `limit` and other `fields` on every page."""
    rng = random.Random(tool)
    fields: list[list[str]] = arguments.pop("turns", [["ref"]])
    rows: list[dict[str, Any]] = []
    totals: set[int] = set()
    cursor: dict[str, str] = {}
    for turn in range(SIZE):
        size: dict[str, int] = {"limit": rng.choice((19, 33, 60))} if turn else {}
        answer = await ask(chat, tool, **arguments, **cursor, **size, fields=fields[turn % len(fields)])
        assert answer["returned"] == len(answer["rows"])
        assert 1 <= len(answer["rows"]) <= size.get("limit", 50)
        rows += [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
        totals |= {answer["total"]} if "total" in answer else set()
        if "next_cursor" not in answer:
            assert totals <= {len(rows)}
            return rows
        assert count(answer["next_cursor"]) <= 40
        cursor = {"cursor": answer["next_cursor"]}
    raise AssertionError("the list has no end")


def harbour() -> dict[str, Any]:
    others = [
        schedule.event(f"Night {n}", tickets=[], addons=[], tickets_enabled=False, starts_at="2027-06-02 23:00:00")
        for n in range(SIZE - 1)
    ]
    parts = [{"name": f"Act {n}", "start_time": f"{n % 24:02}:00"} for n in range(SIZE)]
    rows = [schedule.one_line(n, status="paid" if n % 2 else "unpaid") for n in range(SIZE)]
    return schedule.season(schedule.event(sales=rows, parts=parts), *others)


def fairs() -> dict[str, Any]:
    made, _ = fair.season(3)
    (event,) = made["events"]
    others: list[dict[str, Any]] = [
        {"id": 1000 + n, "name": f"Fair {n}", "event_uri": f"fair-{n}", "start_date": "2027-05-02T09:00:00-05:00",
         "end_date": "2027-05-02T18:00:00-05:00", "timezone": "America/Bogota"}
        for n in range(SIZE - 1)
    ]  # fmt: skip
    return made | {"events": [event, *others]}


def summits() -> dict[str, Any]:
    made = summit.season([summit.person(n) for n in range(SIZE)], [summit.talk(n) for n in range(SIZE)])
    others: list[dict[str, Any]] = [
        {"id": 10_000 + n, "title": f"Summit {n}", "timezone": "Europe/London"} for n in range(SIZE - 2)
    ]
    return made | {"events": [*made["events"], *others]}


def courses() -> dict[str, Any]:
    return {
        "events": [
            {"id": n + 1, "name": f"Course {n}", "slug": f"course-{n}", "event_starts": "2027-05-01T00:00:00",
             "event_ends": "2027-05-01T00:00:00", "attendee_count": n}
            for n in range(SIZE)
        ]
    }  # fmt: skip


def listing(number: int, **more: Any) -> dict[str, Any]:
    kept = {key: value for key, value in QUAY.items() if key not in {"links", "sub_category_ids"}}
    return kept | {
        "id": 80_000 + number, "title": f"Jazz {number}", "owner": "organiser", "timestamp": "2027-02-01T10:00:00Z",
        "venue": {k: v for k, v in QUAY["venue"].items() if k != "id"}, "category_id": 19, **more,
    }  # fmt: skip


def listings() -> dict[str, Any]:
    return {
        "categories": [{"id": 19, "parent_id": 26, "name": "Jazz"}],
        "events": [listing(number) for number in range(SIZE)],
    }


SEASONS = {
    "eventschedule": harbour, "eventtia": fairs, "heysummit": summits, "eventhq": courses, "evvnt": listings,
}  # fmt: skip


def chat_of(provider: str, season: Mapping[str, Any], **more: Any) -> Any:
    return chatting(provider, season={provider: season}, hours=Hours(), **more)
