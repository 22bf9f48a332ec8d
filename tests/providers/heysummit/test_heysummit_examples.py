"""HeySummit's documented answers, and answers unlike them in every tolerated way, mean what they should."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from eventdesk_server.providers.heysummit import wire
from eventdesk_tools.models import Event, EventStatus, PersonStatus, Session, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.times import Moment
from tests.providers.scripted import example

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def london(year: int, month: int, day: int, hour: int, minute: int) -> Moment:
    return Moment.instant(datetime(year, month, day, hour, minute, tzinfo=LONDON))


def event(**changes: Any) -> Event:
    return wire.Event.model_validate(example(HERE, "event_v2") | changes).to_event(NOW, "", "")


def test_the_event_of_version_2_maps_whole() -> None:
    assert event() == Event(
        id="4711",
        title="Harbour Design Week",
        status=EventStatus.LIVE,
        starts=london(2027, 7, 6, 9, 30),
        ends=london(2027, 7, 9, 17, 0),
        zone="Europe/London",
        url="https://harbour-design.example.com/",
    )


def test_the_list_of_version_1_maps_and_its_rows_may_lack_flags() -> None:
    page = wire.Page[wire.Event].model_validate(example(HERE, "events_v1"))
    assert (page.count, page.next, [row.id for row in page.results]) == (
        17,
        "https://api.heysummit.com/api/events/?page=2",
        ["1234", "1234"],
    )
    flags = [(row.is_live, row.is_archived, row.is_evergreen, row.is_open) for row in page.results]
    assert flags == [(True, False, False, True), (None, None, None, None)]


def test_the_event_of_version_1_has_wall_times_because_no_zone_is_told() -> None:
    read = wire.Event.model_validate(example(HERE, "event_v1")).to_event(NOW, "", "")
    assert (str(read.starts), str(read.ends), read.zone) == ("2019-05-19T11:53", "2019-05-31T12:44", None)


def test_the_talk_ends_after_its_duration() -> None:
    talk = wire.Talk.model_validate(example(HERE, "talk_v2")).to_session("Europe/London")
    assert talk == Session(
        id="90210",
        title="Keynote: tides",
        starts=london(2027, 7, 6, 18, 0),
        ends=london(2027, 7, 6, 18, 45),
        speakers=("Ada Pier",),
        status="live",
        track="Main stage",
    )
    assert talk.starts is not None
    assert talk.starts.utc().hour == 17


def test_a_ticket_becomes_one_ticket_for_each_of_its_prices() -> None:
    ticket = wire.Ticket.model_validate(example(HERE, "ticket_v2"))
    assert ticket.to_priced_tickets("GBP") == (
        Ticket(id="8801", name="Day pass, Early", price=Money(Decimal(49), "GBP"), left=12, on_sale=True),
        Ticket(id="8802", name="Day pass, Regular", price=Money(Decimal(79), "GBP"), left=12, on_sale=True),
    )


def test_the_attendee_maps_and_completed_order_is_confirmed() -> None:
    person = wire.Attendee.model_validate(example(HERE, "attendee_v2"))
    assert (person.id, person.status, person.talks, person.event) == (
        "33001",
        PersonStatus.CONFIRMED,
        ("90210",),
        "4711",
    )
    assert person.belongs("4711", "KIM@Example.org")
    assert not person.belongs("4712", "kim@example.org")


@pytest.mark.parametrize("name", ["event_v2", "event_v1", "talk_v2", "ticket_v2", "attendee_v2"])
def test_strange_fields_reordered_keys_and_numbers_as_text_change_nothing(name: str) -> None:
    models: dict[str, Any] = {"event": wire.Event, "talk": wire.Talk, "ticket": wire.Ticket, "attendee": wire.Attendee}
    model = models[name.partition("_")[0]]
    given = example(HERE, name)
    strange = {key: str(value) if type(value) is int else value for key, value in reversed(given.items())}
    assert model.model_validate(strange | {"brand_new": {"deep": [1]}}) == model.model_validate(given)


@pytest.mark.parametrize("name", ["event_v2", "talk_v2", "ticket_v2", "attendee_v2"])
def test_every_field_but_the_needed_ones_may_be_null_or_missing(name: str) -> None:
    models: dict[str, Any] = {"event": wire.Event, "talk": wire.Talk, "ticket": wire.Ticket, "attendee": wire.Attendee}
    needed = {"id", "title", "email"}
    given = example(HERE, name)
    nulls = {key: value if key in needed else None for key, value in given.items()}
    bare = {key: value for key, value in given.items() if key in needed}
    model = models[name.partition("_")[0]]
    assert model.model_validate(nulls) == model.model_validate(bare)


def test_an_answer_without_an_id_does_not_fit() -> None:
    with pytest.raises(ValidationError):
        wire.Event.model_validate({"title": "x"})


def test_an_id_that_could_climb_in_a_path_does_not_fit() -> None:
    with pytest.raises(ValidationError):
        wire.Event.model_validate({"id": "../7", "title": "x"})


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        ({"is_archived": True, "is_live": False}, EventStatus.ARCHIVED),
        ({"is_live": False}, EventStatus.DRAFT),
        ({"is_live": False, "last_talk_at": "2027-01-05T10:00:00"}, EventStatus.ENDED),
        ({"last_talk_at": "2027-01-05T10:00:00"}, EventStatus.ENDED),
        ({"_is_open_for_registrations": False}, EventStatus.CLOSED),
        ({}, EventStatus.LIVE),
        ({"is_live": None, "is_archived": None, "_is_open_for_registrations": None}, EventStatus.UNKNOWN),
        ({"is_live": "true", "is_archived": "false"}, EventStatus.LIVE),
    ],
)
def test_the_status_is_the_first_word_that_fits(flags: dict[str, Any], status: EventStatus) -> None:
    assert event(**flags).status is status


def test_the_flag_for_registrations_is_read_with_and_without_its_underscore() -> None:
    given = example(HERE, "event_v2")
    del given["_is_open_for_registrations"]
    plain = wire.Event.model_validate(given | {"is_open_for_registrations": False})
    assert plain.is_open is False


def test_an_evergreen_event_never_ends() -> None:
    assert event(is_evergreen=True, last_talk_at="2020-01-01T10:00:00").status is EventStatus.LIVE
    assert event(first_talk_at=None, last_talk_at=None).evergreen


@pytest.mark.parametrize("zone", ["Mars/Phobos", "", "../../etc/passwd"])
def test_an_unknown_zone_stays_wall_time_and_is_never_called_utc(zone: str) -> None:
    read = event(timezone=zone)
    assert (str(read.starts), read.zone) == ("2027-07-06T09:30", None)


def test_the_accounts_zone_serves_where_the_event_has_none() -> None:
    read = wire.Event.model_validate(example(HERE, "event_v1")).to_event(NOW, "Europe/London", "")
    assert (str(read.starts), read.zone) == ("2019-05-19T11:53+01:00", "Europe/London")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027-07-06T18:00:00Z", "2027-07-06T19:00+01:00"),
        ("2027-07-06T18:00:00+02:00", "2027-07-06T17:00+01:00"),
        ("2027-07-06T18:00:00.123456", "2027-07-06T18:00+01:00"),
        ("2027-07-06", "2027-07-06"),
        ("soon", "None"),
        ("2027-13-45T99:00:00", "None"),
    ],
)
def test_a_written_offset_is_trusted_and_a_bare_date_stays_a_date(text: str, shown: str) -> None:
    assert str(event(first_talk_at=text).starts) == shown


def test_only_web_addresses_pass_as_links() -> None:
    assert event(event_url="javascript:alert(1)").url == ""
    assert event(event_url="https://x.example/ <b>").url == ""


@pytest.mark.parametrize("shape", [[{"id": 7, "title": "x"}], {"id": 7, "title": "x"}])
def test_a_bare_list_or_a_single_record_is_taken_for_a_page(shape: Any) -> None:
    page = TypeAdapter(wire.Page[wire.Event]).validate_python(shape)
    assert [row.id for row in page.results] == ["7"]


@pytest.mark.parametrize(
    ("prices", "known"),
    [
        ([{"id": 1, "price": "0.00"}], ["1"]),
        ('[{"id": "1", "price": 0}]', ["1"]),
        ("[]", []),
        ("", None),
        (None, None),
        ("[{'id': 1}]", None),
        ('[{"title": "no id"}]', None),
        ('{"id": 1}', None),
        ([{"id": "early", "price": "1"}], None),
    ],
)
def test_prices_are_read_from_text_or_list_and_what_does_not_decode_is_unknown(
    prices: Any, known: list[str] | None
) -> None:
    ticket = wire.Ticket.model_validate({"id": 610, "title": "Day pass", "prices": prices})
    assert (None if ticket.known_prices is None else [price.id for price in ticket.known_prices]) == known


@pytest.mark.parametrize(
    ("paid", "price", "free"),
    [("false", "49", True), (False, "49", True), ("true", "0.00", True), ("true", "£99", False), (None, "49", False)],
)
def test_the_word_false_is_not_paid_and_nought_is_free(paid: Any, price: str, free: bool) -> None:
    ticket = wire.Ticket.model_validate({"id": 1, "title": "T", "is_paid": paid, "prices": [{"id": 2, "price": price}]})
    (read,) = ticket.to_priced_tickets("")
    assert read.price is not None
    assert read.price.free is free


def test_a_sign_that_belongs_to_one_currency_tells_it_and_a_dollar_does_not() -> None:
    ticket = wire.Ticket.model_validate(
        {
            "id": 1,
            "title": "T",
            "prices": [{"id": 2, "price": "£1,299.50"}, {"id": 3, "price": "$5"}, {"id": 4, "price": "ask"}],
        }
    )
    assert [str(read.price) for read in ticket.to_priced_tickets("")] == ["1299.50 GBP", "5.00 ?", "None"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed Order", PersonStatus.CONFIRMED),
        ("Started Order", PersonStatus.INCOMPLETE),
        ("", PersonStatus.UNKNOWN),
        (None, PersonStatus.UNKNOWN),
    ],
)
def test_any_other_word_for_a_registration_is_incomplete(word: str | None, status: PersonStatus) -> None:
    given = example(HERE, "attendee_v2") | {"registration_status": word}
    assert wire.Attendee.model_validate(given).status is status


def test_talks_and_events_are_named_by_address_object_or_number() -> None:
    person = wire.Attendee.model_validate(
        {"id": 1, "email": "a@example.org", "talks": ["https://api.heysummit.com/api/talks/55/", {"id": 56}, 57, None]}
    )
    assert person.talks == ("55", "56", "57")
    addresses = ("https://api.heysummit.com/api/v2/events/24/", 24, {"id": 24}, "24")
    talks = [wire.Talk.model_validate({"id": 1, "title": "T", "event": given}) for given in addresses]
    assert {talk.event for talk in talks} == {"24"}


def test_a_stage_that_is_a_bare_number_is_not_shown() -> None:
    def room(value: Any) -> str:
        return wire.Talk.model_validate({"id": 1, "title": "T", "stage": value}).to_session(None).room

    assert [room(value) for value in ("Main", {"title": "Main"}, {"name": "Main"}, 12, "12", None)] == ["Main"] * 3 + [
        ""
    ] * 3


def test_a_talk_says_that_it_is_cancelled_hidden_or_undated() -> None:
    def status(**fields: Any) -> str:
        return wire.Talk.model_validate({"id": 1, "title": "T", "date": "2027-07-06T18:00:00"} | fields).status

    assert (status(talk_cancelled=True), status(is_active=False), status(date=None)) == (
        "cancelled",
        "hidden",
        "undated",
    )
