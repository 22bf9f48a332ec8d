"""What a model pays for the usual answers, and at most for any, in tokens."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from mcp.types import TextContent

from eventdesk_tools.answers import compact
from tests.mcp.conftest import Chat, chatting, decoded
from tests.providers.eventschedule import seasons as schedule
from tests.providers.heysummit import summit
from tests.tokens import count

pytestmark = pytest.mark.anyio
FOLK = "Harbour Folk"
WEEK = "Harbour Design Week"
LONG = "An evening of songs by the water, with soup, stories and a late boat home. " * 130
TITLES = (
    "Ceramics for Beginners", "Choir Workshop", "Founders' Breakfast", "Night Swim", "Quayside Jazz", "Open Studio",
    "Data in Practice", "Pond Survey", "Winter Chess Cup", "Été à vélo",
)  # fmt: skip
NAMES = (
    "Ada Okafor",
    "Ines Nowak",
    "Tom Adeyemi",
    "Niamh Nair",
    "Liv Byrne",
    "Jonas Lin",
    "Priya Marsh",
    "Saga Vidal",
)


@asynccontextmanager
async def club(provider: str, season: Mapping[str, Any]) -> AsyncGenerator[Chat]:
    """A client of one account that is named as people name them, and not the sandbox."""
    async with chatting(provider, season={provider: season}) as chat:
        accounts: Any = chat.rehearsal.desk.accounts
        (account,) = accounts.values()
        accounts.clear()
        accounts["club"] = replace(account, name="club", sandbox=False)
        yield chat


async def paid(chat: Chat, tool: str, **arguments: Any) -> tuple[int, dict[str, Any]]:
    """An answer's tokens, and the answer."""
    result = await chat.client.call_tool(tool, arguments)
    (block,) = result.content
    assert isinstance(block, TextContent)
    return count(block.text), decoded(result)


def person(number: int) -> dict[str, Any]:
    name = NAMES[number % len(NAMES)]
    return {"name": name, "email": f"{name.split()[0].lower()}.{number}@example.org"}


# The usual answers ----------------------------------------------------------------------------------------------------


async def test_twenty_events_are_at_most_800_tokens() -> None:
    events = [
        schedule.event(TITLES[n % 10], starts_at=f"2027-04-{n % 28 + 1:02} 18:30:00", tickets=[], addons=[], tickets_enabled=False)
        for n in range(60)
    ]  # fmt: skip
    async with club("eventschedule", schedule.season(*events)) as chat:
        tokens, answer = await paid(chat, "list_events")
    assert (answer["returned"], answer["total"], "next_cursor" in answer) == (20, 60, True)
    assert answer["columns"] == ["ref", "title", "starts", "status", "place"]
    assert tokens <= 800


async def test_fifty_people_are_at_most_1550_tokens_and_three_columns_of_them_950() -> None:
    orders = [schedule.one_line(n, **person(n)) for n in range(80)]
    async with club("eventschedule", schedule.season(schedule.event(sales=orders))) as chat:
        tokens, answer = await paid(chat, "list_attendees", event=FOLK)
        assert (answer["returned"], "next_cursor" in answer) == (50, True)
        assert tokens <= 1_550
        tokens, answer = await paid(chat, "list_attendees", event=FOLK, fields=["name", "email", "status"])
        assert answer["returned"] == 50
        assert tokens <= 950


async def test_fifty_people_of_a_summit_are_at_most_1550_tokens() -> None:
    async with club("heysummit", summit.season([summit.person(n, **person(n)) for n in range(80)])) as chat:
        tokens, answer = await paid(chat, "list_attendees", event=WEEK)
    assert answer["returned"] == 50
    assert tokens <= 1_550


async def test_an_event_with_eight_tickets_is_at_most_350_tokens() -> None:
    tickets = [{"type": kind, "price": 12.5 * n, "quantity": 40} for n, kind in enumerate(("Seat", "Child", "Student", "Member", "Patron", "Door", "Balcony", "Box"))]  # fmt: skip  # noqa: E501
    async with club("eventschedule", schedule.season(schedule.event(tickets=tickets, addons=[]))) as chat:
        tokens, answer = await paid(chat, "get_event", event=FOLK)
    assert len(answer["tickets"]["rows"]) == 8
    assert tokens <= 350


# The demo season: its own names, in several scripts ------------------------------------------------------------------------


EVERY_ACCOUNT = ("", "demo-heysummit", "demo-eventhq", "demo-eventtia", "demo-evvnt", "demo-eventschedule")


@pytest.mark.parametrize("account", EVERY_ACCOUNT)
async def test_twenty_events_of_the_demo_season_are_at_most_800_tokens(account: str) -> None:
    async with chatting() as chat:
        for when in ("upcoming", "past", "all"):
            tokens, answer = await paid(chat, "list_events", account=account, when=when, limit=20)
            assert answer["columns"] == ["ref", "title", "starts", "status", "place"]
            assert answer["returned"] == min(20, answer["total"])
            assert tokens <= 800


async def test_fifty_people_of_the_demo_seasons_summit_are_at_most_1550_tokens() -> None:
    async with chatting("heysummit") as chat:
        for more in ({}, {"limit": 50}):
            tokens, answer = await paid(chat, "list_attendees", event="demo-heysummit:4711", **more)
            assert (answer["returned"], answer["total"], answer["notes"]) == (50, 104, ["ticket: not told."])
            assert tokens <= 1_550


@pytest.mark.parametrize(("provider", "event"), [("eventtia", "harbor-design-days"), ("eventschedule", "MWP3fc")])
async def test_fifty_people_of_the_demo_season_elsewhere_are_at_most_36_tokens_each(provider: str, event: str) -> None:
    """Each ref says the account, the event and the registration, which costs more here than an account called `club` does."""
    async with chatting(provider) as chat:
        tokens, answer = await paid(chat, "list_attendees", event=f"demo-{provider}:{event}", limit=50)
        assert answer["returned"] == 50
        assert tokens <= 50 * 36
        tokens, answer = await paid(chat, "list_attendees", event=f"demo-{provider}:{event}")
        assert 40 <= answer["returned"] <= 50
        assert tokens <= 1_550


async def test_no_event_of_the_demo_season_with_eight_tickets_is_above_350_tokens() -> None:
    async with chatting("heysummit") as chat:
        tokens, answer = await paid(chat, "get_event", event="demo-heysummit:4711")
        assert len(answer["tickets"]["rows"]) == 8
        assert tokens <= 350


LONG_NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff-Ångström", "Владимир Константинопольский-Запорожченко", "さくらこ 東海林太郎左衛門",
    "عبد الرحمن بن عبد العزيز المنصوري", "ณัฐวุฒิ ศรีสุวรรณพงษ์ประเสริฐ", "Αλεξάνδρα Παπακωνσταντίνου-Οικονόμου",
)  # fmt: skip


async def test_long_names_in_several_scripts_are_beyond_the_figure_and_within_the_default_budget() -> None:
    """The figures are for ordinary text: here a row costs half as much again, and the answer shows fewer and goes on."""
    rows = [
        schedule.one_line(n, name=LONG_NAMES[n % 6], email=f"first.middle.lastname{n}@department.university.example")
        for n in range(80)
    ]
    events = [
        schedule.event(
            f"{LONG_NAMES[n % 6]}: {LONG_NAMES[(n + 1) % 6]}", starts_at=f"2027-05-{n % 28 + 1:02} 18:30:00", tickets=[],
            addons=[], tickets_enabled=False,
        )
        for n in range(30)
    ]  # fmt: skip
    async with club("eventschedule", schedule.season(schedule.event(sales=rows), *events)) as chat:
        for tool, arguments in (("list_attendees", {"event": FOLK}), ("list_events", {})):
            tokens, answer = await paid(chat, tool, **arguments)
            assert tokens <= 2_000
            assert answer["returned"] >= 20
            assert "next_cursor" in answer
            tokens, answer = await paid(chat, tool, **arguments, limit=30)
            assert answer["returned"] == 30
            assert tokens <= 8_000


# Whatever comes -------------------------------------------------------------------------------------------------------


async def test_a_preview_is_at_most_600_tokens_however_long_the_text_and_what_is_sent_is_whole() -> None:
    async with chatting("eventschedule") as chat:
        event = "demo-eventschedule:gVO1e2"
        for tool, given in (
            ("create_event", {"title": "Quay Fair", "starts": "2027-06-12T19:30", "calendar": "boathouse"}),
            ("update_event", {"event": event}),
        ):
            tokens, preview = await paid(chat, tool, **given, description=LONG, dry_run=True)
            assert (preview["outcome"], tokens <= 600) == ("preview", True), tokens
            assert "characters left; sent whole]" in compact(preview["requests"])
        await chat.call("update_event", event=event, description=LONG)
        (sent,) = [seen.json() for seen in chat.rehearsal.writes]
        assert sent["description"].strip() == LONG.strip()


async def test_an_event_with_all_its_parts_is_at_most_2000_tokens_and_says_what_is_not_shown() -> None:
    talks = [summit.talk(n, title=f"Talk {n} about the tide and the town") for n in range(90)]
    async with chatting("heysummit", season={"heysummit": summit.season([], talks)}) as chat:
        everything = ["description", "sessions", "speakers", "fields", "coupons"]
        tokens, answer = await paid(chat, "get_event", event=WEEK, include=everything)
        shown = len(answer["sessions"]["rows"])
        assert tokens <= 2_000
        assert 5 < shown < 90
        assert f"{shown} of 90 sessions are shown. list_sessions shows all." in answer["notes"]
        assert [note for note in answer["notes"] if "does not offer" in note] == sorted(
            (note for note in answer["notes"] if "does not offer" in note), key=lambda note: everything.index(note.split(":")[0])
        )  # fmt: skip
