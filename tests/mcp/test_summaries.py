"""Figures and files through a client: tables, editions side by side, what does not fit, and every row of a file."""

import csv
import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.mcp.conftest import chatting
from tests.mcp.reading import FOLK, ask, listing
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit

pytestmark = pytest.mark.anyio
# Days of since and until are of the account's zone.
ZONES = {"eventschedule": {"zone": schedule.ZONE}, "eventtia": {"zone": "America/Bogota"}}
ACTIVE = {"paid", "unpaid", "amount_mismatch"}


def sums(text: str | None) -> dict[str, Decimal]:
    """Money as answered: "12.50 EUR, 3 JPY"."""
    found = [part.split(" ") for part in (text or "").split(", ") if part]
    return {code: Decimal(amount) for amount, code in found}


def without_zero(sold: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {code: amount for code, amount in sold.items() if amount}


def heads(order: Mapping[str, Any]) -> int:
    return sum(line["quantity"] for line in order.get("lines", ()) if "ticket" in line) or int("lines" not in order)


def made(order: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(order["created_at"]).replace(tzinfo=UTC)


def amount(order: Mapping[str, Any]) -> Decimal:
    rows: list[tuple[dict[str, Any], int]] = [
        (schedule.TICKETS[line["ticket"]] if "ticket" in line else schedule.EXTRAS[line["addon"]], line["quantity"])
        for line in order.get("lines", ())
    ]
    return sum((Decimal(str(row["price"])) * quantity for row, quantity in rows), Decimal(0))


def money(orders: list[dict[str, Any]], status: str) -> dict[str, Decimal]:
    return without_zero({"EUR": sum((amount(o) for o in orders if o["status"] == status), Decimal(0))})


def by_day(orders: list[dict[str, Any]]) -> dict[date, int]:
    days: Counter[date] = Counter()
    for order in orders:
        if order["status"] in ACTIVE:
            days[made(order).astimezone(ZoneInfo(schedule.ZONE)).date()] += heads(order)
    return days


async def test_several_events_are_a_table_and_money_that_is_not_told_is_named() -> None:
    nights = {
        "Folk": schedule.random_sales(1, 40), "Jazz": schedule.random_sales(2, 30), "Soul": [],
    }  # fmt: skip
    season = {
        "eventschedule": schedule.season(*(schedule.event(name, sales=rows) for name, rows in nights.items())),
        "heysummit": summit.season([summit.person(n) for n in range(7)]),
    }
    async with chatting("eventschedule", "heysummit", season=season, settings=ZONES) as chat:
        told = await ask(chat, "event_summary", since="2027-01-05", until="2027-01-20")
        rows = {row[1]: dict(zip(told["columns"], row, strict=True)) for row in told["rows"]}
        assert set(rows) >= {*nights, "Harbour Design Week"}
        for name, orders in nights.items():
            days = by_day(orders)
            assert rows[name]["registered"] == sum(days.values())
            assert rows[name]["new"] == sum(
                n for day, n in days.items() if date(2027, 1, 5) <= day <= date(2027, 1, 20)
            )
            assert without_zero(sums(rows[name]["revenue"])) == money(orders, "paid")
        assert rows["Harbour Design Week"]["registered"] == 7
        assert "revenue: not told by demo-heysummit." in told["notes"]
        assert told["basis"] == f"{len(rows)} of {len(rows)} events"
        three = await ask(chat, "event_summary", events=["Folk", "Soul", "Jazz"])
        assert [row[1] for row in three["rows"]] == ["Folk", "Soul", "Jazz"]
        assert "new" not in three["columns"]


async def test_the_same_event_named_twice_is_one_event() -> None:
    async with chatting("eventschedule", season={"eventschedule": schedule.season(schedule.event())}) as chat:
        once = await ask(chat, "event_summary", events=[FOLK])
        assert await ask(chat, "event_summary", events=[FOLK, once["ref"]]) == once


@pytest.mark.parametrize("hour", [3, 9])
async def test_two_editions_are_compared_at_the_same_distance_from_their_starts(hour: int) -> None:
    orders = schedule.random_sales(11, 120)
    before = schedule.event("Folk 2026", sales=orders, starts_at="2027-02-20 23:00:00")
    after = schedule.event("Folk 2027", sales=schedule.random_sales(12, 20), starts_at="2027-03-20 23:00:00")
    # At three in the morning UTC it is still the day before in New York, where both take place.
    now = datetime(2027, 3, 1, hour, tzinfo=UTC)
    today = now.astimezone(ZoneInfo(schedule.ZONE)).date()
    point = date(2027, 2, 20) - (date(2027, 3, 20) - today)
    season = {"eventschedule": schedule.season(before, after)}
    async with chatting("eventschedule", season=season, now=now) as chat:
        told = await ask(chat, "event_summary", events=["Folk 2027", "Folk 2026"])
    earlier, later = told["events"]
    assert (earlier["title"], later["title"]) == ("Folk 2026", "Folk 2027")
    expected = sum(n for day, n in by_day(orders).items() if day <= point)
    assert earlier["same_point"] == {"date": str(point), "registered": expected}
    assert 0 < expected < earlier["registered"]
    assert "same_point" not in later


async def test_many_tickets_and_long_titles_fit_and_what_does_not_is_said() -> None:
    name = "Frühbucher 東京 مهرجان 🎉 "
    tickets = [{"type": f"{name}{n}", "price": "10", "quantity": 5} for n in range(60)]
    events = [
        schedule.event(f"{'東京国際展示場' * 16} {n}", tickets=tickets, starts_at=f"2027-06-{n + 1:02} 23:00:00")
        for n in range(24)
    ]
    async with chatting("eventschedule", season={"eventschedule": schedule.season(*events)}) as chat:
        table = await ask(chat, "event_summary")
        assert 0 < table["returned"] < table["total"] == 20
        assert any(note.startswith(f"{table['returned']} of 20 events fit") for note in table["notes"])
        assert any("The next 20 of 24" in note for note in table["notes"])
        refs = [row[0] for row in table["rows"]]
        one = await ask(chat, "event_summary", events=refs[:1])
        shown = len(one["tickets"]["rows"])
        assert 0 < shown < 61
        assert f"{refs[0]}: {shown} of 61 tickets fit; get_event lists them." in one["notes"]
        two = await ask(chat, "event_summary", events=refs[:2])
        assert all(edition["tickets"]["rows"] for edition in two["events"])


@pytest.mark.parametrize("seed", range(3))
async def test_a_listings_figures_are_those_of_its_report(seed: int) -> None:
    rng = random.Random(seed)
    days = [[f"{day} Mar", clicks := rng.randint(0, 40), clicks] for day in range(1, rng.randint(2, 28))]
    total, live, reach = rng.randint(50, 90), rng.randint(1, 49), rng.randrange(10**8)
    report = {
        "broadcast_results": {"num_sites_total": total, "num_sites_live": live, "num_sites_submitted": total - live},
        "audience_reach": {"uniques": reach},
        "clicks_by_day": [["x", "Twitter", "Total clicks"], *days],
    }
    season = {
        "evvnt": {
            "categories": [{"id": 19, "parent_id": 26, "name": "Jazz"}],
            "events": [listing(1, title="Quayside Jazz", report=report)],
        },
        "eventschedule": schedule.season(schedule.event(), schedule.event("Gala")),
    }
    async with chatting("evvnt", "eventschedule", season=season) as chat:
        told = await ask(chat, "event_summary", events=["Quayside Jazz"], since="2027-02-01")
        clicks = sum(int(day[2]) for day in days)
        assert (told["sites"], told["live"], told["reach"], told["clicks"]) == (total, live, reach, clicks)
        assert not {"registered", "revenue", "tickets", "new"} & told.keys()
        assert any("without a year" in note for note in told["notes"])
        table = await ask(chat, "event_summary")
        row = next(dict(zip(table["columns"], row, strict=True)) for row in table["rows"] if row[1] == "Quayside Jazz")
        assert (row["reach"], row["clicks"], row["registered"]) == (reach, clicks, None)


# Files --------------------------------------------------------------------------------------------------------------


def read(path: str) -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def where(path: str) -> tuple[Path, int]:
    """Its folder, and what others than its owner may do with it."""
    return Path(path).parent, Path(path).stat().st_mode & 0o077


EVIL = ["=1+1", "+44 20", "-2", "@sum", "\t=x", '=HYPERLINK("http://x")', 'ordinary, "quoted"\nname']


async def test_every_row_is_written_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    orders = [schedule.one_line(n, status="paid", name=f"{EVIL[n % 7]} {n}") for n in range(237)]
    parts = [{"name": f"=Act {n}", "start_time": f"{n % 24:02}:00"} for n in range(30)]
    season = {"eventschedule": schedule.season(schedule.event(sales=orders, parts=parts), schedule.event("-Gala"))}
    folder = {"export_folder": str(tmp_path)}
    async with chatting("eventschedule", season=season, options=folder) as chat:
        people = await ask(chat, "export_list", list="attendees", event=FOLK, fields=["name", "email", "phone"])
        sales = await ask(chat, "export_list", list="sales", account="demo-eventschedule")
        acts = await ask(chat, "export_list", list="sessions", event=FOLK)
        events = await ask(chat, "export_list", list="events", account="demo-eventschedule")
        refused = await ask(chat, "export_list", list="sessions", event=FOLK, status="live")
        assert (refused["error"]["code"], refused["error"]["field"]) == ("invalid_arguments", "status")
        wrong = await ask(chat, "export_list", list="sales", fields=["nonsense"])
        assert wrong["error"]["code"] == "invalid_arguments"
    assert (people["rows"], sales["rows"], acts["rows"], events["rows"]) == (237, 237, 30, 2)
    assert len({answer["path"] for answer in (people, sales, acts, events)}) == 4
    rows = read(people["path"])
    assert rows[0] == people["columns"] == ["name", "email", "phone"]
    assert {row[1] for row in rows[1:]} == {f"p{n}@mail.test" for n in range(237)}
    for answer in (people, sales, acts, events):
        assert where(answer["path"]) == (tmp_path, 0)
        cells = [cell for row in read(answer["path"])[1:] for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "p1@mail.test" not in str(people)
    assert len([row for row in rows[1:] if row[0].startswith("'")]) >= 237 // 2


@pytest.mark.parametrize("name", ["attendees", "sales"])
async def test_a_whole_eventtia_list_is_written(name: str, tmp_path: Path) -> None:
    season, truth = fair.season(4, people=237, payments=237, sessions=3)
    folder = {"export_folder": str(tmp_path)}
    async with chatting("eventtia", season={"eventtia": season}, options=folder) as chat:
        status = {"status": "all"} if name == "attendees" else {}
        told = await ask(chat, "export_list", list=name, event="Spring Fair", fields=["ref"], **status)
    ids = {row[0].rpartition("-")[2] for row in read(told["path"])[1:]}
    assert told["rows"] == 237
    assert ids == (set(truth.statuses) if name == "attendees" else set(truth.payments))


async def test_without_a_folder_nothing_is_written_and_the_way_is_told() -> None:
    async with chatting("eventschedule") as chat:
        error = (await ask(chat, "export_list", list="events"))["error"]
        assert error["code"] == "invalid_arguments"
        assert "export_folder" in error["next"]
