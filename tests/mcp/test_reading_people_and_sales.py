"""Lists of people, sales, sessions and events through a client: each record once, and never an empty list for "not told"."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mcp.types import TextContent

from eventdesk_server.http import client
from eventdesk_server.http.limits import RateLimiter
from tests.mcp.conftest import Chat, chatting, decoded
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.evvnt.desk import QUAY
from tests.providers.heysummit import summit
from tests.tokens import count

pytestmark = pytest.mark.anyio
SIZE = 237
V1 = {"heysummit": summit.V1_SETTINGS}
FOLK = "Harbour Folk"
WEEK = "Harbour Design Week"


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts without the platforms' limits a minute, which a test's many walks would meet."""

    def unlimited(_: object, monotonic: Callable[[], float]) -> RateLimiter:
        return RateLimiter((), monotonic)

    monkeypatch.setattr(client, "RateLimiter", unlimited)


async def ask(chat: Chat, tool: str, **arguments: Any) -> dict[str, Any]:
    """A tool's answer, which is within its budget."""
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
    return chatting(provider, season={provider: season}, **more)


# Walking ------------------------------------------------------------------------------------------------------------


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


# Filters ------------------------------------------------------------------------------------------------------------

STATUS = {
    "paid": "confirmed", "unpaid": "pending", "amount_mismatch": "pending", "cancelled": "cancelled",
    "refunded": "cancelled", "expired": "cancelled",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
async def test_people_of_event_schedule_are_filtered_as_the_season_was_made(seed: int) -> None:
    orders = schedule.random_sales(seed, 80)
    async with chat_of("eventschedule", schedule.season(schedule.event(sales=orders))) as chat:

        async def emails(**filters: Any) -> set[str]:
            rows = await walk(chat, "list_attendees", event=FOLK, turns=[["ref", "email"]], **filters)
            return {row["email"] for row in rows}

        def those(test: Callable[[dict[str, Any]], bool]) -> set[str]:
            return {order["email"] for order in orders if test(order)}

        def active(order: dict[str, Any]) -> bool:
            return STATUS[order["status"]] != "cancelled"

        for word in ("confirmed", "pending", "cancelled"):
            expected = {o["email"] for o in orders if STATUS[o["status"]] == word}
            assert not expected or await emails(status=word) == expected
        assert await emails() == those(active)
        assert await emails(paid=True) == those(lambda o: o["status"] == "paid")
        assert await emails(name="person 1") == those(lambda o: active(o) and o["name"].startswith("Person 1"))
        detail = await ask(chat, "get_event", event=FOLK)
        refs = {row[1]: row[0] for row in detail["tickets"]["rows"]}
        for number, name in enumerate(("Free", "Balcony", "Stalls")):
            holders = {
                o["email"] for o in orders if active(o) and any(x.get("ticket") == number for x in o.get("lines", ()))
            }
            assert await emails(ticket=name.upper()) == await emails(ticket=refs[name]) == holders
        since = datetime(2027, 1, 10, tzinfo=ZoneInfo(schedule.ZONE))
        assert await emails(since="2027-01-10") == those(
            lambda o: active(o) and datetime.fromisoformat(o["created_at"]).replace(tzinfo=UTC) >= since
        )
        one = next(order for order in orders if active(order))
        assert await emails(email=one["email"].upper()) == {one["email"]}
        days: Counter[str] = Counter()
        statuses: Counter[str] = Counter()
        for order in filter(active, orders):
            heads = sum(x["quantity"] for x in order.get("lines", ()) if "ticket" in x) or int("lines" not in order)
            at = datetime.fromisoformat(order["created_at"]).replace(tzinfo=UTC)
            days[str(at.astimezone(ZoneInfo(schedule.ZONE)).date())] += heads
            statuses[STATUS[order["status"]]] += heads
        for by, truth in (("day", days), ("status", statuses)):
            told = await ask(chat, "list_attendees", event=FOLK, count_by=by)
            expected = {name: heads for name, heads in truth.items() if heads}
            assert {name: heads for name, heads in told["rows"] if heads} == expected
            assert told["total"] == sum(truth.values())


@pytest.mark.parametrize("seed", range(3))
async def test_people_of_eventtia_are_filtered_and_counted_as_the_season_was_made(seed: int) -> None:
    made, truth = fair.season(seed, people=120, payments=0, sessions=5)
    types = {str(row["id"]): fair.TYPES[row["attendee_type"]] for row in made["events"][0]["attendees"]}
    async with chat_of("eventtia", made) as chat:

        async def ids(**filters: Any) -> set[str]:
            rows = await walk(chat, "list_attendees", event="Spring Fair", **filters)
            return {row["ref"].rpartition("-")[2] for row in rows}

        for word in ("confirmed", "pending", "rejected", "cancelled"):
            assert await ids(status=word) == truth.of(word)
        assert await ids() == truth.active
        assert await ids(checked_in=True) == truth.active & truth.checked_in
        assert await ids(paid=False, status="active") == truth.active & truth.unpaid
        session = made["events"][0]["workshops"][0]
        assert await ids(session=session["name"]) == {
            one for one in truth.active if str(session["id"]) in truth.booked[one]
        }
        detail = await ask(chat, "get_event", event="Spring Fair")
        for ref, name, *_ in detail["tickets"]["rows"]:
            holders = {one for one in truth.active if types[one] == name}
            assert await ids(ticket=name.lower()) == await ids(ticket=ref) == holders
        since = datetime(2027, 1, 20, tzinfo=fair.ZONE)
        assert await ids(since="2027-01-20") == {one for one in truth.active if truth.made[one] >= since}
        one = next(iter(truth.active))
        assert await ids(email=truth.emails[one].upper()) == {one}
        told = await ask(chat, "list_attendees", event="Spring Fair", count_by="day")
        assert {date.fromisoformat(day): heads for day, heads in told["rows"]} == truth.by_day()
        told = await ask(chat, "list_attendees", event="Spring Fair", count_by="ticket")
        assert dict(told["rows"]) == Counter(types[one] for one in truth.active)


async def test_sales_are_filtered_by_state_address_and_span() -> None:
    orders = schedule.random_sales(5, 90)
    async with chat_of("eventschedule", schedule.season(schedule.event(sales=orders))) as chat:

        async def emails(**filters: Any) -> set[str]:
            return {row["email"] for row in await walk(chat, "list_sales", turns=[["ref", "email"]], **filters)}

        for status in ("unpaid", "paid", "refunded", "cancelled", "expired"):
            assert await emails(status=status) == {o["email"] for o in orders if o["status"] == status}
        assert await emails(status="mismatch") == {o["email"] for o in orders if o["status"] == "amount_mismatch"}
        assert await emails(email=orders[0]["email"].upper()) == {orders[0]["email"]}
        zone = ZoneInfo(schedule.ZONE)
        first, last = datetime(2027, 1, 5, tzinfo=zone), datetime(2027, 1, 20, tzinfo=zone) + timedelta(days=1)
        assert await emails(since="2027-01-05", until="2027-01-20", event=FOLK) == {
            o["email"] for o in orders if first <= datetime.fromisoformat(o["created_at"]).replace(tzinfo=UTC) < last
        }
        for tool in ("list_sales", "list_events", "event_summary"):
            given = {"events": [FOLK]} if tool == "event_summary" else {}
            error = await refused(chat, tool, since="2027-01-05", until="2027-01-04", **given)
            assert (error["code"], error["field"]) == ("invalid_arguments", "until")


async def test_addresses_that_stand_twice_are_listed_page_by_page() -> None:
    orders = [
        schedule.one_line(n, email=f"{'P' if n % 2 else 'p'}{n // 2}@mail.test" if n < 120 else f"alone{n}@mail.test")
        for n in range(140)
    ]
    async with chat_of("eventschedule", schedule.season(schedule.event(sales=orders))) as chat:
        rows = await walk(chat, "list_attendees", event=FOLK, duplicates=True, turns=[["ref", "email"]])
        assert len({row["ref"] for row in rows}) == len(rows) == 120
        folded = [row["email"].casefold() for row in rows]
        assert folded == sorted(folded)
        first = await ask(chat, "list_attendees", event=FOLK, duplicates=True)
        assert (first["total"], "next_cursor" in first) == (120, True)
        error = await refused(
            chat, "list_attendees", event=FOLK, status="all", duplicates=True, cursor=first["next_cursor"]
        )
        assert error["field"] == "cursor"
        alone = await ask(chat, "list_attendees", event=FOLK, duplicates=True, name="Person 130")
        assert (alone["rows"], alone["total"]) == ([], 0)


async def test_who_came_to_one_event_and_is_not_at_the_other() -> None:
    here, there = [summit.person(n) for n in range(30)], [summit.person(9_100 + n) for n in range(10)]
    season = summit.season(here)
    season["events"][1]["attendees"] = [
        row | {"email": f"P{n}@EXAMPLE.org", "tickets": []} for n, row in enumerate(there)
    ]
    async with chat_of("heysummit", season) as chat:
        rows = await walk(chat, "list_attendees", event=WEEK, not_in="Another", turns=[["ref", "email"]])
        assert {row["email"] for row in rows} == {f"p{n}@example.org" for n in range(10, 30)}
        counted = await ask(chat, "list_attendees", event=WEEK, not_in="Another", count_by="status")
        assert counted["rows"] == [["confirmed", 20]]
        assert any("10 addresses" in note for note in counted["notes"])


async def test_a_person_is_looked_for_in_every_account_and_what_was_not_searched_is_named() -> None:
    season = {
        "eventschedule": schedule.season(schedule.event(sales=[schedule.sale(1, [{"ticket": 0, "quantity": 1}])])),
        "heysummit": summit.season([summit.person(1, email="P1@Mail.Test")]),
        "eventtia": fair.season(1, people=3, payments=0, sessions=0)[0],
        "eventhq": courses(), "evvnt": listings(),
    }  # fmt: skip
    async with chatting(season=season) as chat:
        answer = await ask(chat, "list_attendees", email="p1@MAIL.test")
        assert {row[0].split(":")[0] for row in answer["rows"]} == {"demo-eventschedule", "demo-heysummit"}
        assert answer["total"] == 2
        (note,) = [note for note in answer["notes"] if note.startswith("Not searched")]
        assert "demo-eventhq" in note
        assert "demo-evvnt" in note
        for more in ({"ticket": "Free"}, {"session": "Talk 1"}, {"occurrence": "2027-06-01"}, {"count_by": "ticket"}):
            error = await refused(chat, "list_attendees", email="p1@mail.test", **more)
            assert (error["code"], error["field"]) == ("invalid_arguments", "event")
        assert (await refused(chat, "list_attendees", name="Person"))["field"] == "event"


# What is not told ---------------------------------------------------------------------------------------------------

UNTOLD: list[tuple[str, str, str, dict[str, Any]]] = [
    ("eventschedule", FOLK, "list_attendees", {"checked_in": True}),
    ("eventschedule", FOLK, "list_attendees", {"session": "Act 1"}),
    ("eventschedule", FOLK, "list_attendees", {"fields": ["company"]}),
    ("eventschedule", FOLK, "list_attendees", {"count_by": "Diet"}),
    ("eventschedule", FOLK, "list_attendees", {"status": "rejected"}),
    ("eventschedule", FOLK, "list_sales", {"status": "failed"}),
    ("eventschedule", FOLK, "list_sessions", {"attendee": "p1@mail.test"}),
    ("eventschedule", FOLK, "list_sessions", {"fields": ["seats"]}),
    ("eventtia", "Spring Fair", "list_attendees", {"fields": ["source"]}),
    ("eventtia", "Spring Fair", "list_attendees", {"count_by": "source"}),
    ("eventtia", "Spring Fair", "list_attendees", {"status": "incomplete"}),
    ("eventtia", "Spring Fair", "list_attendees", {"occurrence": "2027-05-01"}),
    ("eventtia", "Spring Fair", "list_sales", {"status": "unpaid"}),
    ("heysummit", WEEK, "list_attendees", {"paid": True}),
    ("heysummit", WEEK, "list_attendees", {"checked_in": False}),
    ("heysummit", WEEK, "list_attendees", {"status": "cancelled"}),
    ("heysummit", WEEK, "list_attendees", {"ticket": "t-8801"}),
    ("heysummit", WEEK, "list_attendees", {"fields": ["ref", "ticket"]}),
    ("heysummit", WEEK, "list_attendees", {"count_by": "ticket"}),
]


@pytest.mark.parametrize(("provider", "event", "tool", "filters"), UNTOLD)
async def test_what_a_platform_cannot_answer_is_refused_never_an_empty_list(
    provider: str, event: str, tool: str, filters: dict[str, Any]
) -> None:
    season = {
        "eventschedule": schedule.season(schedule.event(sales=[schedule.one_line(1)])),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
        "heysummit": summit.season([summit.person(1)], [summit.talk(1)]),
    }[provider]
    async with chat_of(provider, season) as chat:
        error = await refused(chat, tool, event=event, **filters)
        assert (error["code"], bool(error["next"])) == ("unsupported", True)


async def test_a_column_that_no_row_fills_is_named_also_when_nobody_asked_for_it() -> None:
    season = {
        "heysummit": summit.season([summit.person(n) for n in range(3)], [summit.talk(n) for n in range(3)]),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
    }
    async with chatting("heysummit", "eventtia", season=season) as chat:
        people = await ask(chat, "list_attendees", event=WEEK)
        assert (len(people["rows"]), people["notes"]) == (3, ["ticket: not told by demo-heysummit."])
        payments = await ask(chat, "list_sales", event="Spring Fair")
        assert "items: not told by demo-eventtia." in payments["notes"]
        sources = await ask(chat, "list_attendees", event=WEEK, count_by="source")
        assert sources["rows"] == [[None, 3]]
        assert "source: not told by demo-heysummit." in sources["notes"]
    async with chat_of("heysummit", season["heysummit"], settings=V1) as chat:
        told = await ask(chat, "list_attendees", event=WEEK, count_by="ticket")
        assert told["rows"] == [["Free pass", 3]]


async def test_payments_of_a_whole_account_are_said_to_be_missing_where_they_are_kept_by_event() -> None:
    season = {
        "eventschedule": schedule.season(schedule.event(sales=[schedule.one_line(n) for n in range(40)])),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
    }
    async with chatting("eventschedule", "eventtia", season=season) as chat:
        rows = await walk(chat, "list_sales")
        assert len(rows) == 40
        last = await ask(chat, "list_sales", limit=200)
        assert "total" not in last
        assert any(note.startswith("demo-eventtia: unsupported") for note in last["notes"])
        assert (await refused(chat, "list_sales", account="demo-eventtia"))["code"] == "unsupported"


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
