"""EventHQ's documented answers, and answers unlike them in every tolerated way, mean what they should."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.providers.eventhq import wire
from eventdesk_tools.models import Event, EventStatus, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment
from tests.providers.scripted import example

HERE = Path(__file__).parent
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LONDON = "Europe/London"


def row(**changes: Any) -> wire.Event:
    return wire.Event.model_validate(example(HERE, "list_row") | changes)


def product(**changes: Any) -> Ticket:
    given = example(HERE, "view_coming")["event"]["products"][0] | changes
    return wire.Product.model_validate(given).to_ticket("GBP", date(2027, 3, 1), open_now=True)


def test_the_documented_list_and_count_fit() -> None:
    rows = wire.EventRows.model_validate(example(HERE, "list")).events
    assert [(r.id, r.slug, r.tags, r.attendee_count) for r in rows] == [
        ("2179", "surveying-trees-december-2015", ("Surrey", "Trees"), 2),
        ("2187", "arboriculture-and-bats-how-to-use-a-fiberscope-october-2015", (), 200),
    ]
    assert wire.EventCount.model_validate(example(HERE, "count")).count == 14
    assert wire.EventCount.model_validate({"message": "success", "count": "37"}).count == 37


def test_the_documented_view_fits_with_its_extra_and_its_ticket() -> None:
    event = wire.EventView.model_validate(example(HERE, "view")).event
    shown = [(t.kind, t.name, str(t.price), t.sold, t.left) for t in event.to_tickets(NOW, LONDON, "GBP")]
    assert shown == [
        (Kind.EXTRA, "Individual Membership", "25.00 GBP", 0, "unlimited"),
        (Kind.TICKET, "Member", "160.00 GBP", 1, "unlimited"),
    ]


def test_a_list_row_maps_whole() -> None:
    assert row().to_event(NOW, LONDON, "GBP") == Event(
        id="pond-survey-april-2027",
        title="Pond Survey April 2027",
        status=EventStatus.LIVE,
        starts=Moment.whole_day(date(2027, 4, 12)),
        ends=Moment.whole_day(date(2027, 4, 12)),
        zone=LONDON,
        place="Mill Lane, Surrey",
        venue="Mill Lane",
        book_at="https://demo.eventhq.co.uk/bookings/start/event:pond-survey-april-2027",
        tags=("Surrey", "Ponds"),
        test=False,
        registered=2,
        currency="GBP",
        aliases=("3307",),
    )


def test_a_product_maps_whole() -> None:
    assert product() == Ticket(
        id="5b0c1f3e-1111-4a2b-9c3d-77aa12bc34de",
        name="Member",
        price=Money(Decimal("95.5"), "GBP"),
        sold=7,
        left=33,
        on_sale=True,
        description="Includes lunch & a £5 guide",
        note="Monday only",
    )


@pytest.mark.parametrize("offset", ["+0100", "+0000", "+01:00", "Z", ""])
def test_the_wall_clock_counts_and_the_offset_does_not(offset: str) -> None:
    assert str(wire.moment(f"2027-01-12T19:30:00{offset}", LONDON)) == "2027-01-12T19:30+00:00"
    assert str(wire.moment(f"2027-07-12T19:30:00{offset}", LONDON)) == "2027-07-12T19:30+01:00"
    assert str(wire.moment(f"2027-07-12T00:00:00{offset}", LONDON)) == "2027-07-12", "midnight alone is a day"


def test_a_view_keeps_what_only_the_list_tells() -> None:
    view = wire.EventView.model_validate(example(HERE, "view_coming")).event
    assert (view.tags, view.attendee_count, view.test, view.sold_out) == ((), None, None, None)
    merged = view.merged(row(test=True, sold_out="1"))
    assert (merged.tags, merged.attendee_count, merged.test, merged.sold_out) == (("Surrey", "Ponds"), 2, True, True)
    assert len(merged.products) == 1
    assert view.merged(None) is view


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"test": True, "event_ends": "2026-01-01T00:00:00+0000"}, EventStatus.TEST),
        ({"event_ends": "2027-02-28T00:00:00+0000"}, EventStatus.ENDED),
        ({"event_starts": "2027-03-01T00:00:00+0000", "event_ends": None}, EventStatus.LIVE),
        ({"event_starts": "2027-02-28T00:00:00+0000", "event_ends": None}, EventStatus.ENDED),
        ({"sold_out": "1"}, EventStatus.SOLD_OUT),
        ({"sold_out": "0"}, EventStatus.LIVE),
        ({"registration_opens": "2027-03-02T00:00:00+0000"}, EventStatus.CLOSED),
        ({"registration_closes": "2027-02-28T00:00:00+0000"}, EventStatus.CLOSED),
        ({"registration_closes": "2027-03-01T00:00:00+0000"}, EventStatus.LIVE),
        (
            {"event_starts": None, "event_ends": None, "registration_opens": None, "registration_closes": None},
            EventStatus.LIVE,
        ),
    ],
)
def test_the_status_is_the_first_word_that_fits(fields: dict[str, Any], status: EventStatus) -> None:
    assert row(**fields).status(NOW, LONDON) is status


def test_nought_as_text_is_not_sold_out_and_one_is() -> None:
    assert product(sold_out="0").on_sale is True
    assert (product(sold_out="1").on_sale, product(sold_out="1").note) == (False, "sold out; Monday only")


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"deleted": True}, "deleted"),
        ({"published": False}, "not published"),
        ({"admin_only": True}, "for organisers only"),
    ],
)
def test_what_the_public_does_not_see_is_not_on_sale(fields: dict[str, Any], note: str) -> None:
    ticket = product(event_days=[], **fields)
    assert (ticket.on_sale, ticket.note) == (False, note)


def test_no_limit_is_unlimited_and_none_used_is_nought() -> None:
    ticket = product(total_available=None, total_used=None)
    assert (ticket.left, ticket.sold) == ("unlimited", 0)
    assert product(total_available="7", total_used="9").left == 0


def test_the_price_of_today_comes_with_the_next_step() -> None:
    steps = [
        {"value": "160.00", "until_end_of": None},
        {"value": "95.50", "until_end_of": "2027-03-01"},
        {"value": "80.00", "until_end_of": "2027-02-01T00:00:00+0000"},
    ]
    early = product(prices=steps, event_days=[])
    assert (str(early.price), early.note) == ("95.50 GBP", "until 2027-03-01, then 160.00 GBP")
    untold = product(prices=steps, current_price=None, event_days=[])
    assert str(untold.price) == "95.50 GBP"
    assert product(prices=[], current_price=None, event_days=[]).price is None


def test_entities_and_line_ends_are_the_platforms_not_the_authors() -> None:
    event = row(name="Bats &amp; Moths", location="Old  Hall,\tKent", summary="One &pound;5\r\nday").to_event(
        NOW, LONDON, "GBP"
    )
    assert (event.title, event.place) == ("Bats & Moths", "Old Hall, Kent")
    assert row(summary="One &pound;5\r\nday").summary == "One £5\r\nday"


def test_strange_fields_reordered_keys_and_other_types_change_nothing() -> None:
    given = example(HERE, "list_row")
    strange: dict[str, Any] = dict(reversed(given.items())) | {
        "id": 3307,
        "attendee_count": 2,
        "test": "0",
        "sold_out": 0,
        "x": [1],
    }
    assert wire.Event.model_validate(strange) == wire.Event.model_validate(given)


def test_every_field_but_the_needed_ones_may_be_null_or_missing() -> None:
    given = example(HERE, "view_coming")["event"]
    needed = {"id", "slug", "name"}
    nulls = {key: value if key in needed else None for key, value in given.items()}
    bare = {key: value for key, value in given.items() if key in needed}
    assert wire.Event.model_validate(nulls) == wire.Event.model_validate(bare)


def test_an_address_that_is_none_is_not_a_booking_page() -> None:
    assert row(register_url="javascript:alert(1)").booking_page == ""
