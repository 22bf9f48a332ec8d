"""Agenda, registrations and sales: each record once, from every page on, and nothing claimed that the platform does not tell."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.lists import to_attendee, to_sale
from eventdesk_server.providers.eventschedule.mapping import Home
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import EventQuery, PersonStatus, Session
from eventdesk_tools.money import Money
from eventdesk_tools.records import Attendee, AttendeeQuery, Page, Sale, SaleQuery, SaleStatus, SessionQuery
from eventdesk_tools.times import Moment
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.providers.eventschedule.seasons import event, one_line, sale, season
from tests.providers.eventschedule.test_wire import example
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

T = TypeVar("T")
HOME = Home(None, "America/New_York")


async def every(pages: AsyncIterator[Page[T]]) -> list[Page[T]]:
    return [page async for page in pages]


async def ids(r: Rehearsal) -> dict[str, str]:
    rows = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
    r.sandbox.faults.seen.clear()
    return {row.title: row.id for row in rows}


def emails(pages: list[Page[Any]]) -> list[str]:
    return [row.email for page in pages for row in page.rows]


@pytest.mark.parametrize("kind", ["attendees", "sales"])
async def test_237_orders_are_each_listed_once_and_the_list_goes_on_from_every_page(
    rehearsal: Rehearse, kind: str
) -> None:
    rows = [one_line(number) for number in range(237)]
    other = event("Other", sales=[one_line(900)])
    async with rehearsal("eventschedule", season=season(event(sales=rows), other)) as r:
        at = (await ids(r))["Harbour Folk"]

        def read(position: int | None) -> AsyncIterator[Page[Any]]:
            if kind == "sales":
                return r.provider.list_sales(SaleQuery(event_id=at), at=position)
            return r.provider.list_attendees(AttendeeQuery(event_id=at, status="all"), at=position)

        whole = await every(read(None))
        assert [(page.at, len(page.rows), page.total) for page in whole] == [(1, 100, 237), (2, 100, 237), (3, 37, 237)]
        assert emails(whole) == [f"p{number}@mail.test" for number in reversed(range(237))]
        for page in whole:
            assert emails(await every(read(page.at))) == emails(whole[page.at - 1 :])
        assert await every(read(4)) in ([], [Page([], 4, 237)])


async def test_all_sales_of_an_account_name_their_event_and_its_currency(rehearsal: Rehearse) -> None:
    events = [
        event(f"Event {n}", ticket_currency_code=code, sales=[one_line(n * 3 + 1)])
        for n, code in enumerate(["EUR", "JPY", "GBP", "USD", "CHF"])
    ]
    async with rehearsal("eventschedule", season=season(*events)) as r:
        (page,) = await every(r.provider.list_sales(SaleQuery()))
        assert [(row.event, str(row.amount)) for row in page.rows] == [
            ("Event 4", "30.50 CHF"), ("Event 3", "30.50 USD"), ("Event 2", "30.50 GBP"), ("Event 1", "30.5 JPY"),
            ("Event 0", "30.50 EUR"),
        ]  # fmt: skip
        assert page.total == 5
        # One list of events for their currencies, not a request for each.
        assert [seen.path.rsplit("/", 1)[-1] for seen in r.seen] == ["sales", "events"]


async def test_an_order_is_a_whole_record(rehearsal: Rehearse) -> None:
    lines = [{"ticket": 1, "quantity": 2}, {"addon": 0, "quantity": 1}]
    made = event(sales=[sale(0, lines, status="paid", phone="+1 555 0100")])
    async with rehearsal("eventschedule", season=season(made)) as r:
        at = (await ids(r))["Harbour Folk"]
        (people,) = await every(r.provider.list_attendees(AttendeeQuery(event_id=at)))
        (sales,) = await every(r.provider.list_sales(SaleQuery(event_id=at)))
        (attendee,), (order,) = people.rows, sales.rows
        assert attendee == Attendee(
            id=order.id,
            name="Person 0",
            email="p0@mail.test",
            status=PersonStatus.CONFIRMED,
            ticket="Balcony",
            ticket_id=attendee.ticket_id,
            paid=True,
            phone="+1 555 0100",
            quantity=2,
            heads=2,
            amount=Money(Decimal("65.5"), "EUR"),
            registered=datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
            source="order",
            occurrence=date(2027, 6, 1),
        )
        assert str(attendee.registered) == "2027-01-01 03:00:00-05:00"
        assert order == Sale(
            id=order.id,
            buyer="Person 0",
            email="p0@mail.test",
            status=SaleStatus.PAID,
            event_id=at,
            event="Harbour Folk",
            items=(("Balcony", 2), ("Soup", 1)),
            amount=Money(Decimal("65.5"), "EUR"),
            made=datetime(2027, 1, 1, 8, 0, tzinfo=UTC),
            quantity=2,
            method="cash",
            occurrence=date(2027, 6, 1),
            reference=order.reference,
        )
        assert attendee.ticket_id
        assert people.total is None


@pytest.mark.parametrize(
    ("status", "person", "word", "paid"),
    [
        ("paid", PersonStatus.CONFIRMED, "paid", True),
        ("unpaid", PersonStatus.PENDING, "unpaid", False),
        ("amount_mismatch", PersonStatus.PENDING, "mismatch", False),
        ("cancelled", PersonStatus.CANCELLED, "cancelled", None),
        ("refunded", PersonStatus.CANCELLED, "refunded", None),
        ("expired", PersonStatus.CANCELLED, "expired", None),
        ("on_hold", PersonStatus.UNKNOWN, "unknown", None),
    ],
)
def test_the_platforms_words_become_ours_and_a_new_one_is_unknown(
    status: str, person: PersonStatus, word: str, paid: bool | None
) -> None:
    read = wire.Sale.model_validate({**example("seen-sale")["data"], "status": status})
    attendee, order = to_attendee(read, HOME, "EUR"), to_sale(read, "EUR")
    assert (attendee.status, order.status, attendee.paid) == (person, word, paid)
    assert {attendee.word, order.word} == ({status} if status == "on_hold" else {""})


def test_an_order_with_nulls_numbers_as_text_and_unknown_fields_still_maps() -> None:
    read = wire.Sale.model_validate(
        {
            "id": "Zk3vQa", "status": "paid", "name": None, "email": None, "phone": 5550100, "event_date": None,
            "payment_amount": "60.500", "tickets": [], "total_quantity": None, "created_at": None, "novel": {"a": 1},
            "group_id": None, "order_id": 7, "is_primary": None, "discount_amount": "1.50", "volume_discount_amount": 2,
        }
    )  # fmt: skip
    assert to_attendee(read, HOME, None) == Attendee(
        id="Zk3vQa", name="", email="", status=PersonStatus.CONFIRMED, paid=True, phone="5550100", quantity=None, heads=1,
        amount=Money(Decimal("60.500"), None), source="order",
    )  # fmt: skip
    order = to_sale(read, None)
    assert (order.items, str(order.discount), str(order.amount)) == ((("RSVP", 1),), "3.50 ?", "60.50 ?")


def test_heads_that_are_not_told_are_those_of_the_lines_and_an_order_without_lines_told_is_no_rsvp() -> None:
    lines = [{"ticket_id": "p2XcRd", "quantity": 2}, {"ticket_id": "q3YdSe", "quantity": 5, "is_addon": True}]
    order = {"id": "Zk3vQa", "status": "paid", "tickets": lines}
    assert wire.Sale.model_validate(order).heads == 2
    assert wire.Sale.model_validate(order | {"group_id": "Zk3vQb", "is_primary": False}).heads == 0
    for untold in ({"id": "Zk3vQa", "status": "paid"}, order | {"tickets": None}):
        with pytest.raises(ValidationError):
            wire.Sale.model_validate(untold)


async def test_rsvps_are_registrations_of_one_and_guests_of_a_group_are_counted_once(rehearsal: Rehearse) -> None:
    guest = {"name": "Guest", "email": "guest@mail.test", "lines": [{"ticket": 0, "quantity": 1}]}
    rows = [sale(0), one_line(3, guests=[guest])]
    async with rehearsal("eventschedule", season=season(event(rsvp_enabled=True, sales=rows))) as r:
        at = (await ids(r))["Harbour Folk"]
        (page,) = await every(r.provider.list_attendees(AttendeeQuery(event_id=at)))
        assert {row.email: row.heads for row in page.rows if row.email != "p3@mail.test"} == {
            "p0@mail.test": 1,
            "guest@mail.test": 0,
        }
        assert {row.source for row in page.rows} == {"rsvp", "order"}


@pytest.mark.parametrize(
    ("query", "asked", "total"),
    [
        ({}, "", False),
        ({"status": "all"}, "", True),
        ({"status": "confirmed"}, "&status=paid", True),
        ({"status": "pending"}, "", False),
        ({"status": "cancelled"}, "", False),
        ({"paid": True}, "&status=paid", True),
        ({"paid": False, "status": "all"}, "", False),
        ({"email": "p1@mail.test", "status": "all"}, "&email=p1%40mail.test", True),
        ({"email": "pérez@mail.test", "status": "all"}, "", False),
        ({"name": "Person", "status": "all"}, "", False),
        ({"ticket": "Free", "status": "all"}, "", False),
    ],
)
async def test_registrations_are_narrowed_only_where_the_platforms_filter_is_exact(
    rehearsal: Rehearse, query: dict[str, Any], asked: str, total: bool
) -> None:
    statuses = ["paid", "unpaid", "cancelled", "amount_mismatch", "expired"]
    rows = [one_line(number, status=statuses[number % 5]) for number in range(10)]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        at = (await ids(r))["Harbour Folk"]
        (page,) = await every(r.provider.list_attendees(AttendeeQuery(event_id=at, **query)))
        (seen,) = [seen for seen in r.seen if seen.path.endswith("/sales")]
        assert f"event_id={at}{asked}&per_page=100&page=1" in str(seen)
        assert (page.total is not None) == total


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"session": "s-x"}, "session"),
        ({"checked_in": True}, "checked_in"),
        ({"status": "rejected"}, "status"),
        ({"columns": frozenset({"ref", "answers"})}, "fields"),
        ({"columns": frozenset({"company"})}, "fields"),
    ],
)
async def test_what_orders_do_not_tell_is_refused_by_name_before_any_request(
    rehearsal: Rehearse, query: dict[str, Any], field: str
) -> None:
    async with rehearsal("eventschedule", season=season(event())) as r:
        with pytest.raises(Unsupported) as refused:
            await every(r.provider.list_attendees(AttendeeQuery(event_id="Hw81Lp", **query)))
        assert refused.value.field == field
        assert refused.value.next
        assert r.seen == []


async def test_sales_never_pend_or_fail_and_mismatch_is_filtered_by_the_reader(rehearsal: Rehearse) -> None:
    rows = [one_line(0, status="amount_mismatch"), one_line(1, status="refunded")]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        with pytest.raises(Unsupported) as refused:
            await every(r.provider.list_sales(SaleQuery(status="pending")))
        assert r.seen == []
        assert "unpaid" in refused.value.allowed
        (page,) = await every(r.provider.list_sales(SaleQuery(status="mismatch")))
        assert [row.status for row in page.rows] == ["refunded", "mismatch"]
        assert page.total is None
        (page,) = await every(r.provider.list_sales(SaleQuery(status="refunded")))
        assert ([row.status for row in page.rows], page.total) == (["refunded"], 1)


async def test_reading_stops_where_orders_are_older_than_asked(rehearsal: Rehearse) -> None:
    rows = [one_line(number) for number in range(237)]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        at = (await ids(r))["Harbour Folk"]
        since = datetime(2027, 1, 1, 11, 0, tzinfo=UTC)
        pages = await every(r.provider.list_sales(SaleQuery(event_id=at, since=since)))
        assert [(page.at, page.total) for page in pages] == [(1, None), (2, None)]
        wanted = [row for page in pages for row in page.rows if row.made is not None and row.made >= since]
        assert len(wanted) == 57


async def test_a_date_must_be_one_of_a_repeating_event(rehearsal: Rehearse) -> None:
    weekly = event(
        "Weekly", recurring_frequency="weekly", days_of_week="0010000",
        sales=[one_line(0, event_date="2027-06-01"), one_line(1, event_date="2027-06-08")],
    )  # fmt: skip
    async with rehearsal("eventschedule", season=season(event(), weekly)) as r:
        known = await ids(r)
        (page,) = await every(
            r.provider.list_attendees(AttendeeQuery(event_id=known["Weekly"], occurrence=date(2027, 6, 8)))
        )
        assert emails([page]) == ["p1@mail.test"]
        for title, day in (("Weekly", date(2027, 6, 9)), ("Harbour Folk", date(2027, 6, 1))):
            with pytest.raises(InvalidArguments):
                await every(r.provider.list_attendees(AttendeeQuery(event_id=known[title], occurrence=day)))
            with pytest.raises(InvalidArguments):
                await every(r.provider.list_sales(SaleQuery(event_id=known[title], occurrence=day)))


@pytest.mark.parametrize("change", ["added", "removed"])
async def test_orders_that_come_or_go_between_pages_leave_no_gap_and_no_repeat(
    rehearsal: Rehearse, change: str
) -> None:
    rows = [one_line(number) for number in range(237)]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        at = (await ids(r))["Harbour Folk"]
        found: list[str] = []
        async for page in r.provider.list_sales(SaleQuery(event_id=at)):
            first = not found
            found += [row.email for row in page.rows]
            if first:
                async with organiser(r) as o:
                    event_ = await o.read(at)
                    if change == "added":
                        await o.sale(event_, "new@mail.test", event_["tickets"][0]["id"])
                    else:
                        await o.call("DELETE", f"/sales/{page.rows[0].id}")
        assert len(found) == len(set(found))
        expected = {f"p{number}@mail.test" for number in range(237)}
        assert set(found) == (expected | {"new@mail.test"} if change == "added" else expected)


async def test_agenda_parts_are_sessions_of_one_page(rehearsal: Rehearse) -> None:
    parts = [
        {"name": f"Part {number}", "description": f"About {number}", "start_time": "19:30" if number % 2 else "later"}
        for number in range(237)
    ]
    async with rehearsal("eventschedule", season=season(event(parts=parts))) as r:
        at = (await ids(r))["Harbour Folk"]
        (page,) = await every(r.provider.list_sessions(SessionQuery(event_id=at)))
        assert (page.at, page.total, len({row.id for row in page.rows})) == (1, 237, 237)
        assert page.rows[1] == Session(
            id=page.rows[1].id,
            title="Part 1",
            starts=Moment.instant(datetime(2027, 6, 1, 23, 30, tzinfo=UTC), "America/New_York"),
            description="About 1",
        )
        assert (page.rows[0].starts, page.rows[0].status) == (None, "undated")
        assert await every(r.provider.list_sessions(SessionQuery(event_id=at), at=1)) == [page]
        assert await every(r.provider.list_sessions(SessionQuery(event_id=at), at=2)) == []


@pytest.mark.parametrize("query", [{"attendee": "a-x"}, {"columns": frozenset({"seats"})}])
async def test_somebodys_sessions_and_seats_are_not_told(rehearsal: Rehearse, query: dict[str, Any]) -> None:
    async with rehearsal("eventschedule", season=season(event())) as r:
        with pytest.raises(Unsupported):
            await every(r.provider.list_sessions(SessionQuery(event_id="Hw81Lp", **query)))
        assert r.seen == []
