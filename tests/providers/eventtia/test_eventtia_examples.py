"""Every example answer maps, whatever noise, gaps and other types it comes with."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import pytest
from pydantic import TypeAdapter, ValidationError

from eventdesk_server.providers.eventtia.envelope import ANYTHING, Page, Single
from eventdesk_server.providers.eventtia.payments import Payment
from eventdesk_server.providers.eventtia.scalars import day_first
from eventdesk_server.providers.eventtia.tickets import Purchase, PurchaseItem, SeatCounts, TypesPage
from eventdesk_server.providers.eventtia.wire import (
    ActivitiesPage,
    Activity,
    Attendee,
    BookingRecord,
    CloneProgress,
    EventRecord,
    SpeakerRecord,
)
from eventdesk_tools.models import EventStatus, PersonStatus, Session, Speaker, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment
from tests.providers.eventtia.scripted import NOW, event, example

MODELS: Mapping[str, Any] = {
    "add_attendee_to_activity": Single[BookingRecord],
    "clone_event": ANYTHING,
    "create_activity": Single[Activity],
    "get_activity": Single[Activity],
    "get_attendee": Single[Attendee],
    "get_attendee_by_email": Single[Attendee],
    "get_clone_progress": CloneProgress,
    "get_event": Single[EventRecord],
    "get_purchase_item": Single[PurchaseItem],
    "get_ticket_stats": SeatCounts,
    "list_activities": ActivitiesPage,
    "list_attendee_activities": Page[Activity],
    "list_attendee_purchases": Page[Purchase],
    "list_attendee_types": TypesPage,
    "list_attendees": Page[Attendee],
    "list_events": Page[EventRecord],
    "list_payments": Page[Payment],
    "list_purchase_items": Page[PurchaseItem],
    "list_speakers": Page[SpeakerRecord],
    "register_attendee": Single[Attendee],
    "update_activity": Single[Activity],
    "update_event": Single[EventRecord],
    "specimen_add_attendee_to_activity": Single[BookingRecord],
    "specimen_get_attendee": Single[Attendee],
    "specimen_get_event": Single[EventRecord],
    "specimen_get_ticket_stats": SeatCounts,
    "specimen_links": Page[Attendee],
    "specimen_list_activities": ActivitiesPage,
    "specimen_list_attendee_purchases": Page[Purchase],
    "specimen_list_attendee_types": TypesPage,
    "specimen_list_events": Page[EventRecord],
    "specimen_list_payments": Page[Payment],
    "specimen_list_purchase_items": Page[PurchaseItem],
    "specimen_list_speakers": Page[SpeakerRecord],
}
MAPS = {"fields", "price", "available_for_attendee_types"}
NEEDED = {"data", "id", "name", "event_uri", "attributes", "full_name"}


def parse(name: str, value: Any | None = None) -> Any:
    model = MODELS[name]
    whole = cast("TypeAdapter[Any]", model if isinstance(model, TypeAdapter) else TypeAdapter(model))
    return whole.validate_json(json.dumps(example(name) if value is None else value))


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_example_maps(name: str) -> None:
    parse(name)


def noisy(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        turned = {key: found[key] if key in MAPS else noisy(found[key]) for key in reversed(found)}
        return {"unheard_of": {"x": [1]}, **turned}
    return [noisy(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def texts_for_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: texts_for_numbers(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [texts_for_numbers(item) for item in cast("list[Any]", value)]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def emptied(value: Any, nothing: Any) -> Any:
    """The same, with everything that is not needed saying nothing."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: emptied(item, nothing) if key in NEEDED else nothing for key, item in items}
    return [emptied(item, nothing) for item in cast("list[Any]", value)] if isinstance(value, list) else value


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"clone_event"}))
def test_noise_other_order_and_numbers_as_text_change_nothing(name: str) -> None:
    plain = parse(name)
    assert parse(name, noisy(example(name))) == plain
    if "get_event" not in name:  # its custom field values are not read
        assert parse(name, texts_for_numbers(example(name))) == plain


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("name", sorted(set(MODELS) - {"clone_event", "get_clone_progress"}))
def test_what_is_not_needed_may_say_nothing_in_any_way(name: str, nothing: Any) -> None:
    parse(name, emptied(example(name), nothing))


@pytest.mark.parametrize("missing", ["id", "attributes"])
def test_what_is_needed_is_missed(missing: str) -> None:
    answer = example("get_event")
    del answer["data"][missing]
    with pytest.raises(ValidationError, match=missing):
        parse("get_event", answer)


def test_the_detail_of_the_reference_maps_to_an_inactive_word_only_when_it_says_so() -> None:
    record: EventRecord = parse("get_event").data
    mapped = record.to_event(NOW, "", "")
    assert (mapped.id, mapped.title, mapped.status, mapped.zone) == (
        "firsttest",
        "FirstTest",
        EventStatus.ENDED,
        "America/Bogota",
    )
    assert str(mapped.starts) == "2021-09-06T09:00-05:00"
    assert mapped.online is True
    assert mapped.currency == "USD"
    assert mapped.registered == 0
    assert mapped.tags == ("template",)
    assert mapped.aliases == ("54321",)
    assert mapped.url == "https://live.eventtia.com/es/firsttest"
    assert not any("0000-4000" in str(part) for part in (mapped.aliases, mapped.url, mapped.tags))


def test_an_online_event_is_in_its_virtual_zone_and_another_in_that_of_its_city() -> None:
    zones = {"timezone": "America/Bogota", "virtual_timezone": "Europe/Paris"}
    online = EventRecord.model_validate(event(is_virtual=True, attendance_mode="online", **zones))
    offline = EventRecord.model_validate(event(is_virtual=False, attendance_mode="offline", **zones))
    assert (online.zone("Asia/Tokyo"), offline.zone("Asia/Tokyo")) == ("Europe/Paris", "America/Bogota")
    nowhere = EventRecord.model_validate(event(timezone="Middle-earth/Bree", virtual_timezone=None))
    assert nowhere.zone("Asia/Tokyo") == "Asia/Tokyo"
    assert nowhere.zone("") is None


def test_a_list_row_has_no_zone_and_takes_the_accounts_only_where_the_offset_is_its() -> None:
    row: EventRecord = parse("specimen_list_events").data[0]
    assert row.zone("") is None
    assert row.zone("Europe/Madrid") == "Europe/Madrid"
    assert row.zone("Europe/London") is None
    assert str(row.to_event(NOW, "Europe/London", "EUR").starts) == "2026-05-12T09:00+02:00"


def test_a_list_row_does_not_say_whether_it_is_active_so_its_status_is_unknown_unless_it_is_over() -> None:
    row: EventRecord = parse("specimen_list_events").data[0]
    assert row.status(NOW) is EventStatus.UNKNOWN
    assert row.status(datetime(2026, 5, 14, 15, 59, tzinfo=UTC)) is EventStatus.UNKNOWN
    assert row.status(datetime(2026, 5, 14, 16, 1, tzinfo=UTC)) is EventStatus.ENDED


def test_a_uri_that_cannot_stand_in_a_path_or_meets_another_endpoint_gives_way_to_the_id() -> None:
    for uri in ("slim", "a/b", "..", "żółć", ""):
        record = EventRecord.model_validate(event(uri, "77"))
        assert record.key == "77"
        assert record.to_event(NOW, "", "").aliases == ()


def test_no_capacity_with_an_availability_of_0_is_unlimited_and_not_sold_out() -> None:
    page: TypesPage = parse("specimen_list_attendee_types")
    assert page.data[0].to_ticket("EUR", 50) == Ticket(
        id="51001",
        name="General",
        price=Money(Decimal("0.0"), "EUR"),
        sold=50,
        left="unlimited",
        on_sale=None,
        note="price until 2026-05-10",
    )


@pytest.mark.parametrize(
    ("capacity", "availability", "left", "on_sale"),
    [
        (None, 0, "unlimited", None),
        (0, 0, "unlimited", None),
        (40, 13, 13, None),
        (40, 0, 0, False),
        ("40", "-2", 0, False),
    ],
)
def test_availability_of_a_ticket_is_what_is_left(capacity: Any, availability: Any, left: Any, on_sale: Any) -> None:
    answer = example("specimen_list_attendee_types")
    answer["data"][0]["attributes"] |= {"capacity": capacity, "availability": availability}
    ticket = parse("specimen_list_attendee_types", answer).data[0].to_ticket("EUR")
    assert (ticket.left, ticket.on_sale) == (left, on_sale)


def test_availability_of_a_session_is_its_limit_and_0_is_none() -> None:
    page: ActivitiesPage = parse("specimen_list_activities")
    session = page.data[0].to_session("Europe/Madrid", {"6101": "Rhea Sol"})
    assert session == Session(
        id="73001",
        title="Prototyping Lab",
        starts=Moment.instant(datetime(2026, 5, 12, 8, tzinfo=UTC), "Europe/Madrid"),
        ends=Moment.instant(datetime(2026, 5, 12, 10, tzinfo=UTC), "Europe/Madrid"),
        speakers=(),
        room="Room 2",
        seats=30,
        left=18,
    )
    answer = example("specimen_list_activities")
    answer["data"][0]["attributes"] |= {"availability": 0, "start_date": None}
    unlimited = parse("specimen_list_activities", answer).data[0].to_session("Europe/Madrid", {})
    assert (unlimited.seats, unlimited.left, unlimited.status) == (None, None, "undated")


def test_a_sessions_price_is_text_or_number_and_by_attendee_type() -> None:
    activity: Activity = parse("specimen_list_activities").data[0]
    assert (activity.price_for("51001"), activity.price_for("51002"), activity.price_for("9")) == (0, 15, None)


def test_seats_without_limit_are_told_by_a_sign() -> None:
    counts: SeatCounts = parse("get_ticket_stats")
    assert [(row.name, row.used_seats, row.seats_limit) for row in counts.root] == [("Vip", 4, 100), ("gold", 1, None)]


def test_what_a_purchase_items_numbers_mean_is_not_guessed() -> None:
    item: PurchaseItem = parse("specimen_list_purchase_items").data[0]
    assert item.to_ticket({"51001": "General"}) == Ticket(
        id="8801",
        name="Tote bag",
        kind=Kind.EXTRA,
        description="Cotton",
        note="quantity 40, at most 2 each, for General: 9",
    )


def test_speakers_map() -> None:
    page: Page[SpeakerRecord] = parse("specimen_list_speakers")
    assert page.data[0].to_speaker() == Speaker(name="Rhea Sol", role="Designer", company="Sol Studio")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("confirmed", PersonStatus.CONFIRMED),
        ("Pending", PersonStatus.PENDING),
        ("rejected", PersonStatus.REJECTED),
        ("cancelled", PersonStatus.CANCELLED),
        ("archived", PersonStatus.CANCELLED),
        ("on_hold", PersonStatus.UNKNOWN),
        (None, PersonStatus.UNKNOWN),
    ],
)
def test_words_for_a_registration(word: Any, status: PersonStatus) -> None:
    answer = example("get_attendee")
    answer["data"]["attributes"]["status"] = word
    assert parse("get_attendee", answer).data.status is status


def test_an_address_is_found_under_the_ids_of_its_own_type_and_an_alternative_one_is_not_it() -> None:
    answer = example("specimen_get_attendee")
    answer["data"]["attributes"]["fields"]["880109"] = "other@vidal.example"
    person: Attendee = parse("specimen_get_attendee", answer).data
    emails = frozenset({"880103", "880203"})
    assert person.has_address(" INES@vidal.example", emails)
    assert not person.has_address("other@vidal.example", emails)
    assert not person.has_address("es@vidal.example", emails)
    assert person.has_address("ines@vidal.example", frozenset())


def test_a_page_goes_on_by_its_count_then_by_its_link_and_else_does_not_tell() -> None:
    def goes_on(**parts: Any) -> bool | None:
        return Page[Attendee].model_validate({"data": [], **parts}).goes_on(2)

    assert goes_on(meta={"total_pages": 3}, links={"next": None}) is True
    assert goes_on(meta={"total_pages": "2"}, links={"next": "http://x/?page=3"}) is False
    assert goes_on(links={"next": "http://elsewhere.example/?page=9"}) is True
    assert goes_on(links={"self": "x", "next": None}, meta=None) is False
    assert goes_on() is None
    assert goes_on(links={}, meta={}) is None


def test_times_are_sent_with_the_day_first() -> None:
    assert day_first(datetime(2026, 11, 5, 18, 30, tzinfo=UTC)) == "05/11/2026 - 18:30:00"


def test_times_come_in_utc_with_an_offset_as_dates_or_not_at_all() -> None:
    def starts(value: Any) -> str:
        record = EventRecord.model_validate(event(start_date=value))
        return str(record.to_event(NOW, "", "").starts)

    assert starts("2026-05-12T07:00:00.000Z") == "2026-05-12T09:00+02:00"
    assert starts("2026-05-12T09:00:00.000+02:00") == "2026-05-12T09:00+02:00"
    assert starts("2026-05-12 09:00:00") == "2026-05-12T09:00+02:00"
    assert starts("2026-05-12") == str(Moment.whole_day(date(2026, 5, 12)))
    assert starts(None) == "None"
    with pytest.raises(ValidationError):
        starts("soon")
