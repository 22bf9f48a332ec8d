"""The HeySummit stand-in's season."""

import random
from typing import Any

import pytest

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.heysummit import HeySummitStandIn
from tests.sandbox.heysummit_v2.season import SEASON

pytestmark = pytest.mark.anyio


async def test_the_demo_season_holds_what_a_demonstration_needs(world: World) -> None:
    standin = HeySummitStandIn(world)
    season = standin.default_season(random.Random("a"))
    assert season == standin.default_season(random.Random("a"))
    standin.load(season)
    events = season["events"]
    assert len(events) >= 12
    assert sum(len(event["attendees"]) for event in events) >= 400
    week = events[0]
    assert len(week["talks"]) > 25
    assert [talk["date"] for talk in week["talks"]].count(None) == 1
    assert any(talk.get("is_active") is False for talk in week["talks"])
    assert any(talk["talk_cancelled"] for talk in week["talks"])
    assert {ticket.get("prices_as", "text") for ticket in week["tickets"]} == {"text", "array", "broken"}
    assert week["talks"][0]["date"].startswith("2027-07-")
    assert any("timezone" not in event for event in events)


@pytest.mark.parametrize(
    ("season", "path"),
    [
        ({"evnts": []}, r"heysummit\.evnts"),
        ({"events": [{"id": 1}]}, r"heysummit\.events\.0\.title"),
        ({"events": [{"id": 1, "title": "half \ud800"}]}, r"heysummit\.events\.0\.title"),
        ({"events": [{"id": 1, "title": "x", "tags": ["\udfff"]}]}, r"heysummit\.events\.0\.tags"),
        ({"events": [{"id": 1, "title": "x", "talks": [{"id": 1, "title": "y", "date": "tomorrow"}]}]},
         r"heysummit\.events\.0\.talks\.0\.date"),
        ({"events": [{"id": 1, "title": "x"}, {"id": 1, "title": "y"}]}, r"heysummit\.events\.1\.id"),
        ({"events": [{"id": 1, "title": "x", "talks": [{"id": 1, "title": "y", "speakers": [3]}]}]},
         r"heysummit\.events\.0\.talks\.0\.speakers"),
        ({"events": [{"id": 1, "title": "x", "attendees": [
            {"id": n, "email": mail, "name": "n", "created_at": "2027-01-01T00:00:00"}
            for n, mail in enumerate(("A@b.co", "a@B.co"), 1)]}]}, r"heysummit\.events\.0\.attendees\.1"),
    ],
)  # fmt: skip
async def test_a_wrong_season_is_refused_whole_and_the_message_names_the_place(
    world: World, season: dict[str, Any], path: str
) -> None:
    standin = HeySummitStandIn(world)
    with pytest.raises(ValueError, match=path):
        standin.load(season)
    assert world.store.rows("select * from heysummit_events") == []


async def test_seasons_add_up(world: World) -> None:
    standin = HeySummitStandIn(world)
    standin.load(SEASON)
    standin.load({"events": [{"id": 1, "title": "One more"}]})
    assert len(world.store.rows("select * from heysummit_events")) == 13
