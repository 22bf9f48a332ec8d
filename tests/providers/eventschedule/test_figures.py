"""Figures equal the truth of the season they were counted from."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import EventQuery
from eventdesk_tools.records import EventFigures, SummaryQuery
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.seasons import EXTRAS, TICKETS, ZONE, event, one_line, random_sales, sale, season
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

ACTIVE = {"paid", "unpaid", "amount_mismatch"}
GONE = {"cancelled", "refunded", "expired"}


async def figures(r: Rehearsal, title: str = "Harbour Folk", **query: Any) -> EventFigures:
    rows = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
    found = next(row.id for row in rows if row.title == title)
    r.sandbox.faults.seen.clear()
    return await r.provider.event_figures(SummaryQuery(event_id=found, now=NOW, **query))


def heads(order: dict[str, Any]) -> int:
    return sum(line["quantity"] for line in order.get("lines", ()) if "ticket" in line) or (
        0 if "lines" in order else 1
    )


def amount(order: dict[str, Any]) -> Decimal:
    lines: list[dict[str, int]] = order.get("lines", [])
    rows = [TICKETS[line["ticket"]] if "ticket" in line else EXTRAS[line["addon"]] for line in lines]
    parts = [Decimal(str(row["price"])) * line["quantity"] for row, line in zip(rows, lines, strict=True)]
    return sum(parts, Decimal(0))


def sum_of(orders: list[dict[str, Any]], status: str) -> Decimal:
    return sum((amount(order) for order in orders if order["status"] == status), Decimal(0))


def made_on(order: dict[str, Any]) -> date:
    at = datetime.fromisoformat(order["created_at"]).replace(tzinfo=UTC)
    return at.astimezone(ZoneInfo(ZONE)).date()


def sold(orders: list[dict[str, Any]], ticket: int) -> int:
    return sum(
        line["quantity"]
        for order in orders
        if order["status"] in {"paid", "unpaid"}
        for line in order.get("lines", ())
        if line.get("ticket") == ticket
    )


@pytest.mark.parametrize("seed", range(5))
async def test_figures_of_a_random_season_are_its_truth(rehearsal: Rehearse, seed: int) -> None:
    orders = random_sales(seed, 150 + 150 * seed)
    noise = event("Other", sales=random_sales(seed + 100, 20))
    async with rehearsal("eventschedule", season=season(event(rsvp_enabled=True, sales=orders), noise)) as r:
        since, until = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)
        got = await figures(r, since=since, until=until)
    active = [order for order in orders if order["status"] in ACTIVE]
    days: Counter[date] = Counter()
    for order in active:
        days[made_on(order)] += heads(order)
    assert got.registered == sum(heads(order) for order in active)
    assert got.pending == sum(heads(order) for order in active if order["status"] != "paid")
    assert got.cancelled == sum(heads(order) for order in orders if order["status"] in GONE)
    assert got.by_day == dict(days)
    assert got.new == sum(
        heads(order)
        for order in active
        if since <= datetime.fromisoformat(order["created_at"]).replace(tzinfo=UTC) <= until
    )
    assert got.revenue
    assert (got.revenue["EUR"].amount, got.revenue["EUR"].currency) == (sum_of(orders, "paid"), "EUR")
    assert got.refunded
    assert got.refunded["EUR"].amount == sum_of(orders, "refunded")
    assert got.unpaid
    assert got.unpaid["EUR"].amount == sum_of(orders, "unpaid")
    assert got.tickets
    told = {t.name: (t.sold, t.left) for t in got.tickets if t.kind is Kind.TICKET}
    assert told == {
        "Free": (sold(orders, 0), max(400 - sold(orders, 0), 0)),
        "Balcony": (sold(orders, 1), max(500 - sold(orders, 1), 0)),
        "Stalls": (sold(orders, 2), "unlimited"),
    }
    assert (got.left, got.checked_in, got.title) == (None, None, "Harbour Folk")
    pages = (len(orders) + 499) // 500
    assert got.basis == (f"{len(orders)} of {len(orders)} orders, {pages} of {pages} pages",)
    mismatched = sum(order["status"] == "amount_mismatch" for order in orders)
    assert any(note.startswith(f"{mismatched} orders were paid with another amount") for note in got.notes)


async def test_a_repeating_events_figures_are_of_one_date_or_say_that_they_are_of_all(rehearsal: Rehearse) -> None:
    orders = random_sales(7, 120, ["2027-06-01", "2027-06-08", "2027-06-15"])
    weekly = event("Weekly", recurring_frequency="weekly", days_of_week="0010000", sales=orders)
    async with rehearsal("eventschedule", season=season(weekly, event())) as r:
        whole = await figures(r, "Weekly")
        one = await figures(r, "Weekly", occurrence=date(2027, 6, 8))
        assert any("event_date=2027-06-08" in str(seen) for seen in r.seen)
        with pytest.raises(InvalidArguments):
            await figures(r, "Weekly", occurrence=date(2027, 6, 9))
        with pytest.raises(InvalidArguments):
            await figures(r, occurrence=date(2027, 6, 1))
    there = [order for order in orders if order["event_date"] == "2027-06-08"]
    assert one.registered == sum(heads(order) for order in there if order["status"] in ACTIVE)
    assert one.basis == (f"{len(there)} of {len(there)} orders, 1 of 1 pages",)
    assert str(one.starts) == "2027-06-08T19:00-04:00"
    assert whole.registered == sum(heads(order) for order in orders if order["status"] in ACTIVE)
    assert whole.tickets
    assert {t.name: t.left for t in whole.tickets if t.kind is Kind.TICKET} == {
        "Free": None,
        "Balcony": None,
        "Stalls": "unlimited",
    }
    assert "All dates together" in whole.notes[0]


async def test_an_event_without_orders_has_figures_of_nought_and_an_rsvp_limit_tells_what_is_left(
    rehearsal: Rehearse,
) -> None:
    limited = event(
        "RSVP", tickets_enabled=False, tickets=[], addons=[], rsvp_enabled=True, rsvp_limit=5, sales=[sale(0), sale(1)]
    )
    async with rehearsal("eventschedule", season=season(event(), limited)) as r:
        got = await figures(r)
        assert (got.registered, got.pending, got.cancelled, got.by_day, got.new) == (0, 0, 0, {}, None)
        assert {code: str(money) for code, money in (got.revenue or {}).items()} == {"EUR": "0.00 EUR"}
        assert (got.refunded, got.unpaid, got.basis) == ({}, {}, ("0 of 0 orders, 1 of 1 pages",))
        got = await figures(r, "RSVP")
        assert (got.registered, got.left, got.tickets, got.revenue) == (2, 3, None, {})


async def test_orders_of_another_date_count_as_sold_but_take_no_place(rehearsal: Rehearse) -> None:
    rows = [one_line(0), one_line(3, event_date="2027-06-20")]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        got = await figures(r)
        assert got.tickets
        assert next((t.sold, t.left) for t in got.tickets if t.name == "Free") == (2, 399)
        assert any("another date" in note for note in got.notes)


async def test_a_fresh_status_is_in_no_figure_and_a_missing_currency_is_said(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        events = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        for row in events:
            got = await r.provider.event_figures(SummaryQuery(event_id=row.id, now=NOW))
            assert got.registered is not None
            assert sum((got.by_day or {}).values()) == got.registered
