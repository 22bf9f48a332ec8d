"""Times that are read: from the platform's table through a list, 500 a platform; zones by whatever name, days, and what is not told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import win_tz

from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_server.providers.zone_names import RAILS, told_zone
from eventdesk_tools.times import zone_of
from tests.mcp.conftest import Hours, chatting
from tests.mcp.wall_times import ZONES, Wall, drawn, meant
from tests.providers.eventtia import seasons as fair

pytestmark = pytest.mark.anyio
MANY = 500
CALLED = {
    "Europe/London": "GMT Standard Time", "Europe/Madrid": "Madrid", "America/New_York": "Eastern Time (US & Canada)",
    "America/St_Johns": "Newfoundland Standard Time", "Asia/Kathmandu": "Kathmandu", "Asia/Tokyo": "Tokyo Standard Time",
    "Australia/Lord_Howe": "Lord Howe Standard Time", "America/Sao_Paulo": "E. South America Standard Time",
    "Pacific/Auckland": "New Zealand Standard Time", "UTC": "UTC",
}  # fmt: skip
"""The zones as Windows or Rails calls them."""


def certain(seed: int, zones: tuple[str, ...] = ZONES) -> list[Wall]:
    """Wall times that there are once."""
    return [wall for wall in drawn(seed, MANY + 100, zones) if len(meant(wall.wall, ZoneInfo(wall.zone))) == 1][:MANY]


def summits(walls: list[Wall]) -> dict[str, Any]:
    rows = [
        {
            "id": 4000 + n, "title": f"Night {n}", "timezone": wall.zone if n % 2 else CALLED[wall.zone],
            "talks": [{"id": 90_000 + n, "title": "Talk", "date": wall.wall.isoformat()}],
        }
        for n, wall in enumerate(walls)
    ]  # fmt: skip
    return {"events": rows}


def fairs(walls: list[Wall]) -> dict[str, Any]:
    season, _ = fair.season(1, people=0, payments=0, sessions=0)
    (event,) = season["events"]
    none: dict[str, Any] = {"attendee_types": [], "speakers": [], "workshop_categories": []}
    season["events"] = [
        event | none | {
            "id": 90 + n, "name": f"Night {n}", "event_uri": f"night-{n}", "timezone": wall.zone,
            "start_date": _with_offset(wall), "end_date": _with_offset(wall, hours=30),
        }
        for n, wall in enumerate(walls)
    ]  # fmt: skip
    return season


def surveys(walls: list[Wall]) -> dict[str, Any]:
    rows = [
        {
            "id": 100 + n, "name": f"Night {n}", "slug": f"night-{n}", "location": "Mill Lane", "registration_opens": "2026-12-06T00:00:00",
            "registration_closes": wall.wall.isoformat(), "event_starts": wall.wall.isoformat(),
            "event_ends": (wall.wall + timedelta(hours=30)).isoformat(), "attendee_count": 0,
        }
        for n, wall in enumerate(walls)
    ]  # fmt: skip
    return {"events": rows}


def _with_offset(wall: Wall, hours: int = 0) -> str:
    (at,) = meant(wall.wall, ZoneInfo(wall.zone))
    return (at + timedelta(hours=hours)).astimezone(ZoneInfo(wall.zone)).isoformat()


async def listed(provider: str, season: dict[str, Any], hours: Hours, **settings: Any) -> dict[str, str | None]:
    """Title to start, of the whole list."""
    found: dict[str, str | None] = {}
    async with chatting(provider, season={provider: season}, settings={provider: settings}) as chat:
        given: dict[str, Any] = {"when": "all", "fields": ["title", "starts"], "limit": 200}
        cursor = ""
        while True:
            answer = await chat.call("list_events", **given, **({"cursor": cursor} if cursor else {}))
            found |= dict(answer["rows"])
            cursor = answer.get("next_cursor", "")
            hours.go(600)
            if not cursor:
                return found


async def test_a_summits_wall_time_is_shown_with_its_zones_offset(hours: Hours) -> None:
    """Also where the zone bears the name that Windows or Rails gives it."""
    walls = certain(11)
    shown = await listed("heysummit", summits(walls), hours, zone="America/Denver")
    assert len(shown) == MANY
    for number, wall in enumerate(walls):
        text = shown[f"Night {number}"]
        assert text is not None
        assert datetime.fromisoformat(text) == meant(wall.wall, ZoneInfo(wall.zone))[0], wall
        assert text.startswith(wall.wall.isoformat(timespec="minutes"))


async def test_a_fairs_instant_is_shown_as_the_wall_time_that_the_platform_wrote(hours: Hours) -> None:
    walls = certain(12)
    shown = await listed("eventtia", fairs(walls), hours, zone="America/Denver")
    assert len(shown) == MANY
    for number, wall in enumerate(walls):
        text = shown[f"Night {number}"]
        assert text == f"{wall.wall.isoformat(timespec='minutes')}{_with_offset(wall)[-6:]}", wall


async def test_a_surveys_wall_time_is_londons_and_midnight_is_a_day(hours: Hours) -> None:
    walls = certain(13, ("Europe/London",))
    shown = await listed("eventhq", surveys(walls), hours)
    assert len(shown) == MANY
    days = 0
    for number, wall in enumerate(walls):
        text = shown[f"Night {number}"]
        if wall.wall.time() == datetime.min.time():
            assert text == wall.wall.date().isoformat()
            days += 1
            continue
        assert text is not None
        assert datetime.fromisoformat(text) == meant(wall.wall, ZoneInfo("Europe/London"))[0]
        assert text.startswith(wall.wall.isoformat(timespec="minutes"))
    assert days > 20


async def test_a_zone_called_by_another_name_is_told_by_its_own() -> None:
    walls = certain(14, ("Europe/Madrid",))[:1]
    async with chatting("heysummit", season={"heysummit": summits(walls)}) as chat:
        event = await chat.call("get_event", event="demo-heysummit:4000")
        assert event["zone"] == "Europe/Madrid"
    attributes = {
        "name": "Fair",
        "event_uri": "fair",
        "timezone": "Eastern Time (US & Canada)",
        "start_date": "2027-05-01T09:00:00-04:00",
    }
    fair_told = EventRecord.model_validate({"id": "1", "type": "events", "attributes": attributes})
    assert fair_told.zone("America/Denver") == "America/New_York"


def test_every_name_of_a_zone_is_of_one_that_there_is() -> None:
    assert len(win_tz) >= 140
    assert len(RAILS) == 149
    for name, iana in {**win_tz, **RAILS}.items():
        assert zone_of(iana) is not None, name
        assert told_zone(name) == (name if zone_of(name) is not None else iana)
    assert told_zone(" W. Europe Standard Time ") == "Europe/Berlin"
    assert told_zone("Europe/London") == "Europe/London"
    assert [told_zone(name) for name in ("", " ", "Mars", "Standard Time", "../etc/passwd", "eastern")] == [""] * 6
