"""Answers of Event Schedule, as the platform's own page and a running server show them, become neutral records."""

import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.dialect import sentence
from eventdesk_server.providers.eventschedule.mapping import Home, home_of, shown, to_event, to_sessions, to_tickets
from eventdesk_server.providers.eventschedule.orders import kept
from eventdesk_tools.models import Event, EventStatus, Session, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment

EXAMPLES = Path(__file__).parent / "examples"
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HARBOUR = wire.Schedule(id="Vn72Qd", subdomain="harbour", type="venue", timezone="America/New_York")
HOME = Home(HARBOUR, "America/New_York")


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def event(**changes: Any) -> wire.Event:
    return wire.Event.model_validate({**example("seen-event")["data"], **changes})


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("reference-list-schedules", wire.Page[wire.Schedule]),
        ("reference-show-schedule", wire.One[wire.Schedule]),
        ("reference-list-events", wire.Page[wire.Event]),
        ("reference-show-event", wire.One[wire.Event]),
        ("reference-list-sales", wire.Page[wire.Sale]),
        ("reference-show-sale", wire.One[wire.Sale]),
        ("reference-success", wire.Page[wire.Event]),
        ("reference-list-groups", wire.One[list[wire.Group]]),
        ("reference-create-group", wire.One[wire.Group]),
        ("reference-list-categories", wire.One[list[wire.Category]]),
        ("seen-empty-page", wire.Page[wire.Event]),
        ("seen-event", wire.One[wire.Event]),
        ("seen-sale", wire.One[wire.Sale]),
    ],
)
def test_every_example_answer_parses(name: str, answer: Any) -> None:
    assert answer.model_validate_json((EXAMPLES / f"{name}.json").read_bytes()).data is not None


def test_the_reference_pages_event_maps_though_most_fields_are_left_out() -> None:
    read = wire.One[wire.Event].model_validate(example("reference-show-event")).data
    assert to_event(read, Home(None, "Europe/London"), NOW) == Event(
        id="evt123",
        title="Jazz Night",
        status=EventStatus.ENDED,
        starts=Moment.instant(datetime(2025, 3, 15, 20, tzinfo=UTC), "Europe/London"),
        ends=Moment.instant(datetime(2025, 3, 15, 23, tzinfo=UTC), "Europe/London"),
        zone="Europe/London",
    )


def test_a_whole_event_maps_with_its_zone_place_and_calendar() -> None:
    read = event()
    assert to_event(read, HOME, NOW) == Event(
        id="Hw81Lp",
        title="Harbour Folk",
        status=EventStatus.LIVE,
        starts=Moment.instant(datetime(2027, 4, 1, 1, tzinfo=UTC), "America/New_York"),
        ends=Moment.instant(datetime(2027, 4, 1, 3, 30, tzinfo=UTC), "America/New_York"),
        zone="America/New_York",
        place="Harbour House, 1 Quay Road",
        venue="Harbour House",
        online=False,
        url="https://eventschedule.com/harbour/harbour-folk/Hw81Lp",
        calendar="harbour/late",
        category="Concerts",
        updated=datetime(2027, 2, 5, 9, 10, 11, tzinfo=UTC),
        currency="EUR",
    )


def test_prices_are_text_in_events_and_missing_ones_sell_as_free() -> None:
    assert to_tickets(event(), NOW, HOME) == (
        Ticket(
            id="p2XcRd",
            name="Balcony",
            price=Money(Decimal("30.000"), "EUR"),
            on_sale=True,
            note="until 2027-03-20T06:00-04:00",
        ),
        Ticket(
            id="p2XcRe",
            name="Child",
            price=Money(Decimal(0), "EUR"),
            left="unlimited",
            on_sale=True,
            description="Up to 12",
        ),
        Ticket(id="p2XcRf", name="Soup", price=Money(Decimal("4.500"), "EUR"), on_sale=True, kind=Kind.EXTRA),
    )


def test_an_agenda_part_with_a_clock_time_is_dated_and_one_with_free_text_is_not() -> None:
    read = event()
    at = "America/New_York"
    assert to_sessions(read, shown(read, HOME, NOW), HOME) == (
        Session(
            id="Pr10Za",
            title="Opening",
            starts=Moment.instant(datetime(2027, 4, 1, 1, tzinfo=UTC), at),
            ends=Moment.instant(datetime(2027, 4, 1, 1, 45, tzinfo=UTC), at),
        ),
        Session(id="Pr10Zb", title="Last song", status="undated"),
    )


def test_an_agenda_part_after_midnight_belongs_to_the_next_day() -> None:
    read = event(
        duration=5, event_parts=[{"name": "Encore", "start_time": "01:15"}, {"name": "Doors", "start_time": "20:00"}]
    )
    encore, doors = to_sessions(read, shown(read, HOME, NOW), HOME)
    assert str(encore.starts) == "2027-04-01T01:15-04:00"
    assert str(doors.starts) == "2027-03-31T20:00-04:00"
    assert (encore.id, doors.id) == ("part-1", "part-2")


def test_members_are_an_object_or_an_empty_list() -> None:
    assert event().members == {"Tl55Ax": wire.Member(name="Duo Nine")}
    assert event(members=[]).members == {}
    assert event(members=None).members == {}


def test_collections_and_recurrence_may_be_absent() -> None:
    bare = wire.Event.model_validate({"id": "Hw81Lp", "name": "Bare"})
    assert (bare.tickets, bare.addons, bare.schedules, bare.event_parts, bare.repeats) == ([], [], [], [], False)
    assert to_event(bare, Home(None, None), NOW) == Event(id="Hw81Lp", title="Bare", status=EventStatus.LIVE)


def test_an_event_maps_the_same_with_unknown_fields_nulls_strings_for_numbers_and_other_key_order() -> None:
    plain = example("seen-event")["data"]
    odd = {
        **plain,
        "category_id": "4",
        "rsvp_limit": "7",
        "duration": "2.5",
        "brand_new": {"deep": [1]},
        "rsvp_enabled": None,
    }
    odd["tickets"] = [{**row, "quantity": str(row["quantity"] or 0), "seat": 1} for row in plain["tickets"]]
    keys = list(odd)
    random.Random(4).shuffle(keys)
    shuffled = wire.Event.model_validate({key: odd[key] for key in keys})
    assert to_event(shuffled, HOME, NOW) == to_event(event(), HOME, NOW)
    assert to_tickets(shuffled, NOW, HOME) == to_tickets(event(), NOW, HOME)


@pytest.mark.parametrize("missing", ["id", "name"])
def test_an_event_without_a_needed_field_is_refused(missing: str) -> None:
    row = example("seen-event")["data"]
    del row[missing]
    with pytest.raises(ValidationError):
        wire.Event.model_validate(row)


@pytest.mark.parametrize("id_", ["../x", "", None, "a b", "x" * 200])
def test_an_id_that_could_climb_in_a_path_is_refused(id_: Any) -> None:
    with pytest.raises(ValidationError):
        event(id=id_)


def test_times_at_the_ends_of_the_calendar_do_no_harm() -> None:
    for text in ("0001-01-01 00:00:00", "9999-12-31 23:59:59"):
        assert to_event(event(starts_at=text), HOME, NOW).starts is not None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, EventStatus.LIVE),
        ({"is_private": True}, EventStatus.UNLISTED),
        ({"is_draft": True, "is_private": True}, EventStatus.DRAFT),
        ({"is_internal": True}, EventStatus.DRAFT),
        ({"starts_at": "2027-02-01 10:00:00"}, EventStatus.ENDED),
        ({"starts_at": "2027-02-01 10:00:00", "is_draft": True}, EventStatus.DRAFT),
        ({"starts_at": "2027-03-01 08:00:00"}, EventStatus.LIVE),
        ({"starts_at": "2027-03-01 08:00:00", "duration": 0.5}, EventStatus.ENDED),
        ({"starts_at": None}, EventStatus.LIVE),
    ],
)
def test_the_status_is_the_first_word_that_fits(changes: dict[str, Any], status: EventStatus) -> None:
    assert to_event(event(**changes), HOME, NOW).status is status


def test_an_event_of_unknown_length_is_not_over_before_its_day_is() -> None:
    # 8:00 UTC is 3 in the morning in New York: the day has 18 hours left at 9:00 UTC.
    assert to_event(event(starts_at="2027-03-01 08:00:00", duration=None), HOME, NOW).status is EventStatus.LIVE
    assert to_event(event(starts_at="2027-02-28 08:00:00", duration=None), HOME, NOW).status is EventStatus.ENDED


def test_the_zone_is_that_of_the_schedule_else_of_the_account() -> None:
    read = event()
    assert home_of(read, {"Vn72Qd": HARBOUR}, "Europe/London").zone == "America/New_York"
    unset = HARBOUR.model_copy(update={"timezone": ""})
    assert home_of(read, {"Vn72Qd": unset}, "Europe/London").zone == "Europe/London"
    wrong = HARBOUR.model_copy(update={"timezone": "Nowhere/Land"})
    assert home_of(read, {"Vn72Qd": wrong}, "Europe/London").zone == "Europe/London"
    assert home_of(read, {}, "").zone is None


def test_a_curator_made_the_event_and_two_zones_without_one_are_not_certain() -> None:
    duo = wire.Schedule(id="Tl55Ax", subdomain="duo", type="talent", timezone="Asia/Tokyo")
    both = {"Vn72Qd": HARBOUR, "Tl55Ax": duo}
    assert home_of(event(), both, "") == Home(duo, "Asia/Tokyo", sure=False)
    curated = {**both, "Tl55Ax": duo.model_copy(update={"type": "curator"})}
    assert home_of(event(), curated, "").sure


def test_a_sale_is_read_without_its_secret_and_the_journal_keeps_nothing_of_the_person() -> None:
    sale = wire.One[wire.Sale].model_validate(example("seen-sale")).data
    assert (sale.event_date, sale.payment_amount, sale.lines) == (date(2027, 3, 31), Decimal(60), {("t", "p2XcRd"): 2})
    assert "secret" not in wire.Sale.model_fields
    assert not {"name", "email", "phone"} & set(kept(sale))


@pytest.mark.parametrize(
    ("changes", "heads"),
    [
        ({}, 2),
        ({"tickets": [], "total_quantity": 0, "status": "paid", "payment_method": "rsvp"}, 1),
        ({"tickets": [], "total_quantity": 0, "group_id": "Gr12ab", "is_primary": False}, 0),
        ({"tickets": [], "total_quantity": 0, "group_id": "Gr12ab", "is_primary": True}, 1),
    ],
)
def test_heads_are_the_total_plus_one_for_an_rsvp(changes: dict[str, Any], heads: int) -> None:
    assert wire.Sale.model_validate({**example("seen-sale")["data"], **changes}).heads == heads


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reference-error-rate-limit", "Rate limit exceeded"),
        (
            "reference-error-validation",
            "The name field is required. The starts at must match the format Y-m-d H:i:s.",
        ),
        ("seen-error-plan", "API usage is limited to Pro accounts"),
        ("seen-error-throttle", "Too Many Attempts."),
        ("seen-error-framework-404", "No query results for model [App\\Models\\Role] 10"),
        ("seen-error-framework-422", "The pass name field is required."),
        ("seen-error-business", "Tickets not available for ticket p2XcRd. Remaining: 1"),
    ],
)
def test_both_error_shapes_yield_one_sentence(name: str, text: str) -> None:
    assert sentence(example(name)) == text


@pytest.mark.parametrize("body", [None, [], "x", {}, {"error": None}, {"errors": {"a": [1]}}, {"message": ["x"]}])
def test_an_error_body_of_no_known_shape_yields_no_sentence(body: Any) -> None:
    assert sentence(body) == ""


def test_a_page_whose_place_is_null_is_a_page() -> None:
    page = wire.Page[wire.Category].model_validate({"data": [{"id": 4}], "meta": None})
    assert (page.data[0].id, page.meta) == (4, wire.Meta())


def test_a_schedule_without_a_subdomain_is_no_calendar() -> None:
    attached = {"id": "s1", "subdomain": None, "group": {"id": "g1", "slug": "late"}}
    event = wire.Event.model_validate({"id": "e1", "name": "Folk", "schedules": [attached]})
    now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert to_event(event, home_of(event, {}, ""), now).calendar == ""


@pytest.mark.parametrize("value", [[], ["2027-03-20 10:00:00"], {"date": "2027-03-20"}, "soon"])
def test_a_time_of_another_kind_is_another_shape_and_no_crash(value: Any) -> None:
    with pytest.raises(ValidationError):
        event(starts_at=value)
