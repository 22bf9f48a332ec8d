"""evvnt's documented answers, and answers unlike them in every tolerated way, mean what they should."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_tools.models import Event, EventStatus, Ticket
from eventdesk_tools.money import Money
from tests.providers.scripted import example

HERE = Path(__file__).parent
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LONDON = "Europe/London"
EVENTS = TypeAdapter(tuple[wire.Event, ...])


def quay(**changes: Any) -> wire.Event:
    return wire.Event.model_validate(example(HERE, "quay") | changes)


@pytest.mark.parametrize("name", ["feed", "mine", "ours"])
def test_the_documented_lists_fit_with_or_without_what_is_called_always_present(name: str) -> None:
    (event,) = EVENTS.validate_python(example(HERE, name))
    assert (event.id, event.title, event.category_id, event.venue.line) == (
        "12345",
        "The Event Title",
        17,
        "Venue name, Venue town / city",
    )
    assert (event.contact.complete, len(event.prices)) == ((False, 0) if name == "ours" else (True, 2))


def test_the_documented_event_maps_whole() -> None:
    event = wire.Event.model_validate(example(HERE, "event")).to_event(NOW, "", "")
    assert event == Event(
        id="12345",
        title="The Event Title",
        status=EventStatus.ENDED,
        starts=wire.local("2013-02-23T22:00:00Z", ""),
        ends=wire.local("2013-02-24T03:00:00Z", ""),
        place="Venue name, Venue town / city",
        book_at="https://go.evvnt.com/ergy42",
        category="17",
        tags=("Example", "event", "keywords"),
        updated=datetime(2013, 2, 7, 17, 35, 22, tzinfo=UTC),
        capacity=100,
    )
    assert (str(event.starts), event.url) == ("2013-02-23T22:00+00:00", ""), (
        "a tracking address is never the event's page"
    )


def test_the_documented_packages_contract_publishers_and_categories_fit() -> None:
    packages = TypeAdapter(tuple[wire.Package, ...])
    (mine,) = packages.validate_python(example(HERE, "packages_mine"))
    assert mine.line == "550e8400-e29b-41d4-a716-446655440000 SinglePackage for 5 events bought 2014-01-01"
    assert packages.validate_python(example(HERE, "user_packages")) == (mine,)
    contract = wire.Contract.model_validate(example(HERE, "contract"))
    assert contract.cost_of(mine) == Money(Decimal("500.0"), "GBP")
    assert contract.cost_of(mine.model_copy(update={"broadcast_volume": 45})) is None
    publishers = TypeAdapter(tuple[wire.Publisher, ...]).validate_python(example(HERE, "publishers"))
    assert [publisher.name for publisher in publishers] == ["Suuper Events"]
    categories = TypeAdapter(tuple[wire.Category, ...]).validate_python(example(HERE, "categories"))
    assert [category.parent_id for category in categories] == ["2", "48", "95", None, "48"]
    assert wire.Created.model_validate(example(HERE, "create_answer")).id == "12345"


def test_the_documented_submission_names_only_declared_parameters() -> None:
    declared = {param.name for param in operations.CREATE_EVENT.params if param.where == "body"}
    assert set(example(HERE, "create_request")) <= declared


def test_a_category_is_shown_by_its_path_without_the_root() -> None:
    rows = [("26", None, "All"), ("48", "26", "Finance"), ("49", "48", "Other"), ("50", "50", "Loop")]
    tree = {number: wire.Category(id=number, parent_id=parent, name=name) for number, parent, name in rows}
    assert wire.category_path(tree, "49") == "Finance > Other"
    assert wire.category_path(tree, "404") == ""
    assert wire.category_path(tree, "50").startswith("Loop"), "a circle ends"


def test_an_id_may_end_in_a_letter_and_is_kept_as_it_comes() -> None:
    assert quay(id="67890x").to_event(NOW, LONDON).id == "67890x"
    with pytest.raises(ValidationError):
        quay(id="../67890")


@pytest.mark.parametrize(
    ("written", "shown", "zone"),
    [
        ("2027-06-12T19:30:00+01:00", "2027-06-12T19:30+01:00", LONDON),
        ("2027-06-12T19:30:00+0100", "2027-06-12T19:30+01:00", LONDON),
        ("2027-01-12T19:30:00Z", "2027-01-12T19:30+00:00", LONDON),
        ("2027-06-12T19:30:00-04:00", "2027-06-12T19:30-04:00", None),
        ("2027-06-12T19:30:00Z", "2027-06-12T19:30+00:00", None),
        ("", "None", None),
    ],
)
def test_times_keep_the_places_own_offset(written: str, shown: str, zone: str | None) -> None:
    event = quay(start_time=written).to_event(NOW, LONDON)
    assert (str(event.starts), event.zone) == (shown, zone)


def test_a_listing_is_live_until_its_end_has_passed() -> None:
    ended = (NOW - timedelta(minutes=1)).isoformat()
    assert quay().to_event(NOW, LONDON).status is EventStatus.LIVE
    assert quay(end_time=ended).to_event(NOW, LONDON).status is EventStatus.ENDED


def test_prices_are_money_where_they_read_so_and_stay_text_where_not() -> None:
    tickets = quay(prices={"Door": "GBP 12.5", "Yen": "JPY 500", "Odd": "ask us", "Short": "12.5"}).to_tickets()
    assert tickets == (
        Ticket(id="1", name="Door", price=Money(Decimal("12.5"), "GBP")),
        Ticket(id="2", name="Yen", price=Money(Decimal(500), "JPY")),
        Ticket(id="3", name="Odd", note="ask us"),
        Ticket(id="4", name="Short", note="12.5"),
    )


@pytest.mark.parametrize(
    ("links", "booked"),
    [
        ({"Website": "https://go.evvnt.com/w"}, ""),
        ({"Booking": "https://go.evvnt.com/b", "Tickets": "https://go.evvnt.com/t"}, "https://go.evvnt.com/t"),
        ({"booking": "https://go.evvnt.com/b"}, "https://go.evvnt.com/b"),
        ({"Tickets": "javascript:alert(1)"}, ""),
        (None, ""),
        ([], ""),
    ],
)
def test_the_booking_link_is_tickets_or_booking(links: Any, booked: str) -> None:
    assert quay(links=links).booking_link == booked


def test_images_come_as_a_list_or_as_one_text_or_under_the_older_name() -> None:
    assert quay(image_urls="//img.example.com/a.jpg").images == ("//img.example.com/a.jpg",)
    older = {key: value for key, value in example(HERE, "quay").items() if key != "image_urls"}
    assert wire.Event.model_validate(older | {"image_url": "https://i.example.com/b"}).images == (
        "https://i.example.com/b",
    )


def test_the_report_address_is_a_login_and_is_never_kept() -> None:
    (event,) = EVENTS.validate_json(json.dumps(example(HERE, "ours")))
    assert "secret-shaped" not in repr(event)


def test_strange_fields_reordered_keys_and_numbers_as_text_change_nothing() -> None:
    given = example(HERE, "quay")
    strange: dict[str, Any] = dict(reversed(given.items())) | {
        "id": "70021",
        "capacity": "120",
        "category_id": "19",
        "new": {"a": 1},
    }
    strange["venue"] = strange["venue"] | {"latitude": "51.5", "longitude": "-0.08", "id": 88}
    assert wire.Event.model_validate(strange) == wire.Event.model_validate(given)


def test_every_field_but_id_and_title_may_be_null_or_missing() -> None:
    given = example(HERE, "quay")
    needed = {"id", "title"}
    nulls = {key: value if key in needed else None for key, value in given.items()}
    bare = {key: value for key, value in given.items() if key in needed}
    assert wire.Event.model_validate(nulls) == wire.Event.model_validate(bare)
