"""Times that are written: argument, wire, the platform's table, and back through a tool: the same instant and the same wall time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.mcp.conftest import Chat, Hours, Human, chatting
from tests.mcp.matrix import LISTING, PACKAGES, rows_of
from tests.mcp.wall_times import ZONES, Wall, drawn, meant
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair

pytestmark = pytest.mark.anyio
MANY = 500
OPEN_STUDIO = "demo-evvnt:67956"
MOVES = 100
PARTS = 25
"""Submitting looks through all listings, so that many at once would take long."""


def _subdomain(zone: str) -> str:
    return zone.lower().replace("/", "").replace("_", "")


def _schedules() -> dict[str, Any]:
    rows = [schedule.schedule(_subdomain(zone), timezone=zone) for zone in ZONES]
    events = [
        schedule.event(
            f"Night in {zone}",
            schedules=[{"subdomain": _subdomain(zone)}],
            tickets=[],
            addons=[],
            tickets_enabled=False,
        )
        for zone in ZONES
    ]
    return schedule.season(*events, schedules=rows)


def _fairs() -> dict[str, Any]:
    season, _ = fair.season(1, people=0, payments=0, sessions=0)
    (event,) = season["events"]
    season["events"] = [
        event
        | {
            "id": 90 + n,
            "name": f"Night in {zone}",
            "event_uri": f"night-{n}",
            "timezone": zone,
            "attendee_types": [],
            "speakers": [],
            "workshop_categories": [],
        }
        for n, zone in enumerate(ZONES)
    ]
    return season


def _in_schedule(chat: Chat, wall: Wall) -> datetime:
    (row,) = rows_of(chat)(f"select starts_at from eventschedule_event where name = 'Night in {wall.zone}'")
    return datetime.fromisoformat(row["starts_at"]).replace(tzinfo=UTC)


def _in_fair(chat: Chat, wall: Wall) -> datetime:
    docs = [json.loads(row["doc"]) for row in rows_of(chat)("select doc from eventtia_events")]
    (doc,) = [doc for doc in docs if doc["name"] == f"Night in {wall.zone}"]
    return datetime.fromisoformat(doc["start_date"])


def _in_listing(chat: Chat) -> datetime:
    (row,) = rows_of(chat)("select body from evvnt_events order by rowid desc limit 1")
    return datetime.fromisoformat(json.loads(row["body"])["start_time"])


def ends_of(wall: Wall, number: int) -> datetime:
    """Two hours, a night, or two days later, by a wall time that there is once."""
    ends = wall.wall + (timedelta(hours=2), timedelta(hours=10), timedelta(days=2))[number % 3]
    while len(meant(ends, ZoneInfo(wall.zone))) != 1:
        ends += timedelta(hours=1)
    return ends


MOVED: dict[str, tuple[dict[str, Any], Callable[[Chat, Wall], datetime]]] = {
    "eventschedule": ({"season": {"eventschedule": _schedules()}}, _in_schedule),
    "eventtia": ({"season": {"eventtia": _fairs()}}, _in_fair),
}


def can_be_told(wall: Wall) -> bool:
    """Both platforms keep wall time: of an hour that comes twice they know the first."""
    return wall.at is not None and wall.at == meant(wall.wall, ZoneInfo(wall.zone))[0]


async def told_back(chat: Chat, ref: str, wall: Wall, ends: datetime, stored: datetime) -> None:
    """The platform's table, and what a tool reads from it."""
    assert wall.at is not None
    assert stored == wall.at, wall
    shown = await chat.call("get_event", event=ref)
    starts, until = datetime.fromisoformat(shown["starts"]), datetime.fromisoformat(shown["ends"])
    assert starts == wall.at, wall
    assert starts.replace(tzinfo=None) == wall.wall, wall
    assert until.replace(tzinfo=None) == ends, wall


@pytest.mark.parametrize("provider", MOVED)
async def test_a_time_that_an_event_is_moved_to_is_read_back_as_the_same(provider: str, hours: Hours) -> None:
    rehearsing, stored = MOVED[provider]
    refused = 0
    async with chatting(provider, human=Human(), hours=hours, **rehearsing) as chat:
        listed = await chat.call("list_events", when="all", fields=["ref", "title"])
        refs = {title: ref for ref, title in listed["rows"]}
        for number, wall in enumerate(drawn(len(provider), MANY)):
            hours.go(120)
            ends, ref = ends_of(wall, number), refs[f"Night in {wall.zone}"]
            answer = await chat.call(
                "update_event", event=ref, starts=wall.given, ends=ends.isoformat(timespec="minutes")
            )
            if can_be_told(wall):
                assert "error" not in answer, (wall, answer)
                await told_back(chat, ref, wall, ends, stored(chat, wall))
                if wall.repeated and provider == "eventschedule":
                    # No change is sent to an event that stands in such an hour: set it back by hand.
                    rows_of(chat)(
                        f"update eventschedule_event set starts_at = '2027-06-01 23:00:00' where name = 'Night in {wall.zone}'"
                    )
                continue
            refused += 1
            assert "error" in answer, (wall, answer, stored(chat, wall))
            assert answer["error"]["code"] in {"invalid_arguments", "unsupported"}, (wall, answer)
            assert answer["error"]["field"] == "starts"
    assert refused >= 10


async def test_a_time_that_a_listing_is_moved_to_is_read_back_as_the_same(hours: Hours) -> None:
    """In the account's zone, whose clocks skip and repeat hours: the wall time that is skipped, or is two, is refused."""
    refused = 0
    async with chatting("evvnt", human=Human(), hours=hours) as chat:
        for number, wall in enumerate(drawn(71, MOVES, ("Europe/London",))):
            hours.go(120)
            ends = ends_of(wall, number)
            answer = await chat.call(
                "update_event", event=OPEN_STUDIO, starts=wall.given, ends=ends.isoformat(timespec="minutes")
            )
            if wall.at is None:
                refused += 1
                assert answer["error"]["code"] == "invalid_arguments", (wall, answer)
                continue
            assert answer.get("outcome") in {"done", "already_done"}, (wall, answer)
            (row,) = rows_of(chat)(f"select body from evvnt_events where id = '{OPEN_STUDIO.partition(':')[2]}'")
            await told_back(
                chat, OPEN_STUDIO, wall, ends, datetime.fromisoformat(json.loads(row["body"])["start_time"])
            )
    assert refused >= 3


@pytest.mark.parametrize("part", range(PARTS))
async def test_a_time_that_is_submitted_is_read_back_as_the_same(part: int, hours: Hours) -> None:
    """evvnt writes the offset, so that both readings of an hour that comes twice can be told."""
    refused = 0
    async with chatting("evvnt", human=Human(), hours=hours) as chat:
        await chat.call("list_accounts")
        rows_of(chat)("update evvnt_packages set event_quantity = 1000")
        for number, wall in enumerate(drawn(50 + part, MANY // PARTS)):
            hours.go(120)
            ends = ends_of(wall, number)
            given = {**LISTING, "title": f"Night {number}", "starts": wall.given, "ends": ends.isoformat(timespec="minutes"),
                     "zone": wall.zone, "package": PACKAGES["evvnt organiser"], "published": True}  # fmt: skip
            answer = await chat.call("create_event", **given)
            if wall.at is None:
                refused += 1
                assert answer["error"]["code"] == "invalid_arguments", (wall, answer)
                assert len(answer["error"]["allowed"]) == 2
                continue
            assert answer.get("outcome") == "done", (wall, answer)
            await told_back(chat, answer["ref"], wall, ends, _in_listing(chat))
    assert refused < MANY // PARTS
