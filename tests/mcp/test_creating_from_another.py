"""Events made from one of another account, over MCP: what is taken over, what is left out, and in which zone times are read."""

import pytest

from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.writing import code, sent

pytestmark = pytest.mark.anyio

ES, ET, HS, EV = "demo-eventschedule", "demo-eventtia", "demo-heysummit", "demo-evvnt"
FAIR = f"{ET}:harbor-design-days"
"""In Madrid."""
JAZZ = f"{ES}:8oBfKB"
"""In New York."""
LISBON = {"eventtia": {"zone": "Europe/Lisbon"}}


async def test_an_event_of_another_account_supplies_what_is_not_given_and_what_is_not_taken_is_named() -> None:
    async with chatting(human=Human()) as chat:
        copied = await chat.call(
            "create_event", account=ES, calendar="duo", from_event=FAIR, starts="2027-06-12T19:30", title="Mine"
        )
        assert (copied["title"], copied["status"]) == ("Mine", "draft")
        assert copied["starts"] == "2027-06-12T19:30+03:00"
        assert "Not copied, because Event Schedule does not take it: place." in copied["notes"]
        body = sent(chat)[-1].json()
        assert body["duration"] == 57
        assert [row["type"] for row in body["tickets"]] == ["General", "VIP"]
        summit = await chat.call("create_event", account=ES, calendar="duo", from_event=f"{HS}:4711")
        assert any("category" in note for note in summit["notes"])
        other = await chat.call("create_event", account=ET, from_event=f"{ES}:8oBfKB", starts="2027-06-12T19:30")
        assert any("place, category, tickets, website" in note for note in other["notes"])
        given = await chat.call("create_event", account=ET, from_event=f"{ES}:8oBfKB", place={"name": "Loft"})
        assert (code(given), given["error"]["field"]) == ("unsupported", "place")
        listing = await chat.call(
            "create_event", account=EV, from_event=f"{ES}:MWP3fc", starts="2027-06-12T19:30", published=True
        )
        assert (code(listing), listing["error"]["field"]) == ("invalid_arguments", "place")
        assert "required" not in listing["error"]["message"]


# Times ---------------------------------------------------------------------------------------------------------------


def sent_start(chat: Chat) -> tuple[str, str]:
    """The start as it left for Eventtia: wall time, and the zone that it is meant in."""
    body = sent(chat)[-1].json()
    told = body.get("event", body)
    return told["start_date"], told["virtual_timezone"]


async def begins(chat: Chat, event: str) -> tuple[str, str]:
    shown = await chat.call("get_event", event=event)
    return shown["starts"], shown["zone"]


async def test_a_given_start_is_wall_time_of_the_calendar_that_the_copy_goes_to() -> None:
    async with chatting(human=Human()) as chat:
        made = await chat.call(
            "create_event",
            account=ES,
            calendar="duo",
            from_event=FAIR,
            starts="2027-06-12T19:30",
            ends="2027-06-12T23:00",
        )
        assert await begins(chat, made["ref"]) == ("2027-06-12T19:30+03:00", "Asia/Kuwait")
        body = sent(chat)[-1].json()
        assert (body["starts_at"], body["duration"]) == ("2027-06-12 16:30:00", 3.5)


async def test_a_given_start_is_wall_time_of_the_account_that_the_copy_goes_to() -> None:
    async with chatting(human=Human(), settings=LISBON) as chat:
        made = await chat.call("create_event", account=ET, from_event=JAZZ, starts="2027-06-12T19:30")
        assert "error" not in made
        assert sent_start(chat) == ("12/06/2027 - 19:30:00", "Europe/Lisbon")


async def test_a_start_is_read_in_the_zone_of_the_source_where_the_account_has_none() -> None:
    async with chatting(human=Human()) as chat:
        made = await chat.call("create_event", account=ET, from_event=JAZZ, starts="2027-06-12T19:30")
        assert "error" not in made
        assert sent_start(chat) == ("12/06/2027 - 19:30:00", "America/New_York")


async def test_a_given_zone_says_what_a_start_means_whatever_the_accounts_are_in() -> None:
    async with chatting(human=Human(), settings=LISBON) as chat:
        made = await chat.call(
            "create_event", account=ET, from_event=JAZZ, starts="2027-06-12T19:30", zone="Asia/Tokyo"
        )
        assert "error" not in made
        assert sent_start(chat) == ("12/06/2027 - 19:30:00", "Asia/Tokyo")
        here = await chat.call(
            "create_event", account=ES, calendar="duo", from_event=FAIR, starts="2027-06-12T19:30", zone="Asia/Tokyo"
        )
        assert (await begins(chat, here["ref"]))[0] == "2027-06-12T13:30+03:00"


async def test_a_start_that_is_taken_over_stays_the_same_moment() -> None:
    async with chatting(human=Human()) as chat:
        made = await chat.call("create_event", account=ES, calendar="duo", from_event=FAIR)
        assert (await begins(chat, FAIR))[0] == "2027-04-04T09:00+02:00"
        assert (await begins(chat, made["ref"]))[0] == "2027-04-04T10:00+03:00"
