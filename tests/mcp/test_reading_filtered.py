"""People and sales are filtered, counted and looked for as the season was made."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.mcp.conftest import chatting
from tests.mcp.reading import FOLK, WEEK, ask, chat_of, courses, listings, refused, walk
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit

pytestmark = pytest.mark.anyio
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
