"""Lists of events, sessions, people and sales are walked to their end: each record once, within the budget."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from tests.mcp.conftest import chatting
from tests.mcp.reading import FOLK, SEASONS, SIZE, V1, WEEK, ask, chat_of, refused, walk
from tests.providers.eventschedule import seasons as schedule
from tests.providers.heysummit import summit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("provider", SEASONS)
async def test_a_calendar_of_237_events_is_walked_to_its_end_each_event_once(provider: str) -> None:
    async with chat_of(provider, SEASONS[provider]()) as chat:
        for when in ("upcoming", "all"):
            rows = await walk(chat, "list_events", when=when, turns=[["ref"], ["title", "ref"]])
            assert (len(rows), len({row["ref"] for row in rows})) == (SIZE, SIZE)
        first = await ask(chat, "list_events", limit=5)
        assert (first["total"], first["returned"]) == (SIZE, 5)
        for other in ({"when": "all"}, {"text": "a"}, {"since": "2027-01-01"}, {"status": "live"}):
            error = await refused(chat, "list_events", cursor=first["next_cursor"], **other)
            assert (error["code"], error["field"]) == ("invalid_arguments", "cursor")


PROGRAMMES = [("eventschedule", FOLK), ("eventtia", "Spring Fair"), ("heysummit", WEEK)]


@pytest.mark.parametrize(("provider", "event"), PROGRAMMES)
async def test_a_programme_of_237_sessions_is_walked_to_its_end_each_session_once(provider: str, event: str) -> None:
    async with chat_of(provider, SEASONS[provider]()) as chat:
        rows = await walk(chat, "list_sessions", event=event, turns=[["ref", "title"], ["title", "ref"]])
        assert len({row["ref"] for row in rows}) == len({row["title"] for row in rows}) == len(rows) == SIZE
        first = await ask(chat, "list_sessions", event=event)
        assert first["total"] == SIZE
        starts = [row[2] for row in first["rows"] if row[2] is not None]
        assert starts == sorted(starts)
        error = await refused(chat, "list_sessions", event=event, cursor=first["next_cursor"], day="2027-07-06")
        assert error["field"] == "cursor"


PEOPLE: list[tuple[str, str, Mapping[str, Any]]] = [
    ("eventschedule", FOLK, {}), ("eventtia", "Spring Fair", {}), ("heysummit", WEEK, {}), ("heysummit", WEEK, V1),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "event", "settings"), PEOPLE)
async def test_237_people_are_walked_to_their_end_each_once(
    provider: str, event: str, settings: Mapping[str, Any]
) -> None:
    async with chat_of(provider, SEASONS[provider](), settings=settings) as chat:
        rows = await walk(chat, "list_attendees", event=event, status="all", turns=[["ref", "email"], ["email", "ref"]])
        assert len({row["ref"] for row in rows}) == len({row["email"] for row in rows}) == len(rows) == SIZE
        first = await ask(chat, "list_attendees", event=event, status="all", limit=11)
        assert (first["returned"], first.get("total", SIZE)) == (11, SIZE)
        for other in ({}, {"status": "all", "name": "1"}, {"status": "all", "since": "2027-01-02"}):
            error = await refused(chat, "list_attendees", event=event, cursor=first["next_cursor"], **other)
            assert error["field"] == "cursor"
        assert (await refused(chat, "list_attendees", event=event, cursor="nonsense"))["field"] == "cursor"


@pytest.mark.parametrize(("provider", "event", "settings"), [row for row in PEOPLE if row[0] != "heysummit" or row[2]])
async def test_237_sales_are_walked_to_their_end_each_once(
    provider: str, event: str, settings: Mapping[str, Any]
) -> None:
    async with chat_of(provider, SEASONS[provider](), settings=settings) as chat:
        rows = await walk(chat, "list_sales", event=event, turns=[["ref"], ["amount", "ref"]])
        assert len({row["ref"] for row in rows}) == len(rows) == SIZE
        first = await ask(chat, "list_sales", event=event, limit=9)
        assert (first["returned"], first.get("total", SIZE)) == (9, SIZE)
        error = await refused(chat, "list_sales", event=event, cursor=first["next_cursor"], until="2027-02-01")
        assert error["field"] == "cursor"


async def test_lists_of_one_event_are_refused_where_the_platform_keeps_none() -> None:
    async with chatting() as chat:
        for tool, accounts in (
            ("list_sessions", ("demo-evvnt", "demo-eventhq")),
            ("list_attendees", ("demo-evvnt", "demo-eventhq")),
            ("list_sales", ("demo-evvnt", "demo-eventhq", "demo-heysummit")),
        ):
            for account in accounts:
                error = await refused(chat, tool, event=f"{account}:1")
                assert (error["code"], bool(error["next"])) == ("unsupported", True)


async def test_a_total_is_of_all_accounts_and_of_the_filter_or_absent() -> None:
    """A platform's own count is of its own rows and filters; what is added here is not in it."""
    people = [schedule.one_line(n, status="paid") for n in range(30)]
    season = schedule.season(
        schedule.event(sales=people), schedule.event("Matinee", sales=people[:10]), schedule.event("Gala", sales=[])
    )
    async with chat_of("eventschedule", season) as chat:
        some = await ask(chat, "list_attendees", event=FOLK, status="confirmed", not_in="Matinee", limit=5)
        assert some.get("total", 20) == 20
        assert len(await walk(chat, "list_attendees", event=FOLK, status="confirmed", not_in="Matinee")) == 20
        both = await ask(chat, "list_attendees", email="p1@mail.test", status="all", limit=1)
        assert both.get("total", 2) == 2
        assert len(await walk(chat, "list_attendees", email="P1@Mail.test", status="all")) == 2
        assert (await ask(chat, "list_sales", limit=3))["total"] == 40


async def test_long_names_of_every_script_stay_within_the_budget_and_lose_nobody() -> None:
    rng = random.Random(9)
    words = ["Łódź", "東京国際展示場", "مهرجان", "🎉🎊🥳" * 6, "x" * 60, "{}[]<>" * 8, "Nguyễn"]
    people = [
        summit.person(n, name=" ".join(rng.choices(words, k=4)), utm_source=" ".join([str(n), *rng.choices(words, k=3)]))
        for n in range(180)
    ]  # fmt: skip
    async with chat_of("heysummit", summit.season(people)) as chat:
        turns = [["ref", "name", "email", "source", "registered"]]
        assert len({row["ref"] for row in await walk(chat, "list_attendees", event=WEEK, turns=turns)}) == 180
        counted = await ask(chat, "list_attendees", event=WEEK, count_by="source")
        assert counted["total"] == 180
        assert any("smaller groups" in note for note in counted["notes"])
    orders = [schedule.one_line(n, name=" ".join(rng.choices(words, k=3)), email="a@mail.test") for n in range(150)]
    async with chat_of("eventschedule", schedule.season(schedule.event(sales=orders))) as chat:
        turns = [["ref", "name", "email", "registered", "ticket"]]
        rows = await walk(chat, "list_attendees", event=FOLK, duplicates=True, turns=turns)
        assert len({row["ref"] for row in rows}) == len(rows) == 150
