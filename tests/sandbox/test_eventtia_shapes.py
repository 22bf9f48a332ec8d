"""Every resource of Eventtia's stand-in has the attributes and relationships of the reference, and no others."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn
from tests.sandbox.eventtia_desk import logged_in

pytestmark = pytest.mark.anyio
NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
HARBOR: Final = "/events/harbor-design-days"
CONFERENCE: Final = f"{HARBOR}/business_conferences/15001"

DETAIL: Final = (
    "start_date end_date created_at updated_at active name event_uri logo coordinates address timezone time_format description"
    " default_language currency white_label white_label_images google_analytics_tracking_code"
    " google_tag_manager_tracking_code sender_email banner_image static_map website is_virtual attendance_mode"
    " virtual_timezone cloned_from_id city_id is_template can_register_mid_workshop iso_code featured"
)
WORKSHOP: Final = (
    "start_date end_date created_at updated_at booking_deadline_date name description location show_on_register"
    " streaming_embed_code streaming_type streaming_url guid jitsi_url background_image enable_chat chat_name"
    " file_category_id enabled_emotions interactivity_type interactivity_snippet availability used_seats translation_snippet"
    " price sponsor_id attendance_mode eventtia_studio_params"
)
ATTENDEE: Final = (
    "created_at updated_at uuid fields status paid checked_in checked_in_date qr_code can_schedule_meetings"
)
MEETING: Final = (
    "start_date end_date created_at updated_at business_conference_id status start_date_seconds end_date_seconds user_message"
    " source guid location rejection_description shared_participant_ids meeting_type demodesk_link demodesk_id slot_id"
    " is_virtual host_attended participant_attended participant_attendance_mode host_attendance_mode"
)
# path, type, attributes, relationships of the first resource of a list
LISTS: Final = (
    ("/events", "events", ("name event_uri start_date end_date logo coordinates address google_analytics_tracking_code"
     " google_tag_manager_tracking_code"), ""),
    ("/events/slim", "events", ("start_date end_date created_at updated_at registration_start_date registration_end_date name"
     " latitude longitude timezone banner_image address_details city_id custom_fields_data"), ""),
    ("/event-custom-fields", "custom_fields", "name", ""),
    (f"{HARBOR}/attendee_types", "attendee_types", ("name attendance_mode price price_end_date description capacity"
     " availability order price_without_vat confirmation_required updated_at valid_if_no_payments"),
     "attendee_type_custom_fields business_conference_participant_type"),
    (f"{HARBOR}/attendees", "attendees", ATTENDEE,
     "attendee_type attendee_type_custom_fields business_conference_participants"),
    (f"{HARBOR}/workshops", "workshops", WORKSHOP, "speakers workshop_categories"),
    (f"{HARBOR}/workshop_categories", "workshop_categories", "name color updated_at", ""),
    (f"{HARBOR}/guests", "guests", "uuid first_name last_name email company import_id updated_at", "attendee attendee_type"),
    (f"{HARBOR}/speakers", "speakers", ("full_name email picture banner position twitter linkedin bio company updated_at"
     " instagram website file_category_id"), "workshops"),
    (f"{HARBOR}/event_file_categories/1201/event_files", "event_files", ("name description event_file is_image urls entity_id"
     " entity_type number_of_downloads"), "event event_file_category"),
    (f"{HARBOR}/purchase_items", "purchase_items", ("name description quantity maximum_quantity_per_attendee"
     " available_for_attendee_types image updated_at"), ""),
    (f"{HARBOR}/attendee_purchase_items", "attendee_purchase_items", "quantity paid updated_at", "attendee purchase_item"),
    (f"{HARBOR}/attendees/600001/attendee_purchase_items", "attendee_purchase_items", "quantity paid updated_at",
     "attendee purchase_item"),
    (f"{HARBOR}/attendee-payments", "payments", ("payment_type identifier currency description total_amount status created_at"
     " updated_at vat"), "attendee"),
    (f"{HARBOR}/stand_categories", "stand_categories", "name updated_at", ""),
    (f"{HARBOR}/zones", "zones", "name updated_at", ""),
    (f"{HARBOR}/stand_reservations", "stand_reservations", ("display_name profile_logo profile_description website"
     " profile_extra_fields updated_at"), "zone stand_category"),
    (f"{HARBOR}/stand_reservations/2701/leads", "leads", "name company email phone notes priority uuid updated_at", ""),
    (f"{HARBOR}/pois", "pois", "latitude longitude name description category_name updated_at", ""),
    (f"{HARBOR}/event_qa_sessions", "event_qa_sessions", "name", ""),
    (f"{HARBOR}/massive_messages", "conditioned_massive_messages", ("account_id created_at updated_at subject body"
     " created_by_id updated_by_id status sent_messages_count failed_messages_count priority archived start_processing_date"
     " end_processing_date last_activity email_account_id queued_emails_count opened_messages_count filter_id"
     " repited_mails_count draft error_description halt type message_type conditions server_delivered_emails_count"
     " test_browser_display_url"), ""),
    ("/countries", "countries", "name currency_code", ""),
    ("/countries/3/regions", "regions", "name", "country"),
    ("/countries/3/regions/31/cities", "cities", "name latitude longitude time_zone", "region country"),
    ("/web_hooks", "event_web_hooks", "target_url trigger created_at", "event"),
    (f"{HARBOR}/surveys", "surveys", ("name description entity_ids enabled survey_type entity_type session_type"
     " enabled_signature business_conference_id answered updated_at"), "custom_fields"),
    (f"{HARBOR}/surveys/10051/survey_answers", "survey_answers", ("entity_id entity_type values related_entity_type"
     " related_entity_id"), ""),
    (f"{HARBOR}/business_conferences", "business_conferences", ("start_date end_date created_at updated_at"
     " scheduling_starts_on booking_deadline_date name event_id location meeting_duration mail_sender_name"
     " limit_amount_of_scheduled_meetings_per_slot meeting_rejection_enabled meeting_rejection_description_options"
     " automatic_scheduling automatic_scheduling_settings rated_show_participant_agendas blacklist_enabled"
     " blacklist_settings neo4j_sync enable_meetings_evaluation enable_categories is_virtual total_accepted_meetings"
     " total_requested_meetings total_rejected_meetings max_repeated_meetings show_only_confirmed"),
     "business_conference_participant_types business_conference_categories"),
    (f"{CONFERENCE}/business_conference_participant_types", "business_conference_participant_types",
     ("name profile_extra_fields required_logo enable_categories_offering enable_categories_looking_for can_block_time_slots"
     " updated_at agenda can_schedule_last_minute_meetings can_request_meeting_to_attendee_types show_contact_info"
     " rejection_enabled"), "business_conference_profile_fields attendee_types business_conference survey"),
    (f"{CONFERENCE}/business_conference_participant_types/15101/unavailable_hours",
     "business_conference_participant_type_unavailable_hours", "start_date end_date", ""),
    (f"{CONFERENCE}/business_conference_participants", "business_conference_participants", ("business_conference_id"
     " participant_type_id event_account_id attendee_id participant_type_name profile_display_name profile_contact_name"
     " profile_contact_email job_title telephone public_registration logo profile_extra_fields blocked_slots updated_at"),
     "attendee"),
    (f"{CONFERENCE}/business_conference_participants/15301/agenda", "business_conference_meetings", MEETING,
     "business_conference_participants"),
    (f"{CONFERENCE}/business_conference_meetings", "business_conference_meetings", MEETING,
     "business_conference_participants"),
)  # fmt: skip


_SHARED: Final = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
_SEASON: Final = _SHARED.default_season(random.Random(7))
_SHARED.load(_SEASON)


@pytest.fixture
async def reader() -> AsyncIterator[httpx2.AsyncClient]:
    """For tests that change nothing: their events are made once."""
    async with logged_in(_SHARED) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    stand_in = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
    stand_in.load(_SEASON)
    async with logged_in(stand_in) as client:
        yield client


@pytest.mark.parametrize(("path", "kind", "attributes", "relations"), LISTS, ids=[row[0] for row in LISTS])
async def test_a_list_has_the_documented_members(
    reader: httpx2.AsyncClient, path: str, kind: str, attributes: str, relations: str
) -> None:
    body = (await reader.get(path)).json()
    assert set(body) - {"included"} == {"data", "links"} | ({"meta"} if path != "/events/slim" else set())
    assert set(body["links"]) == {"self", "first", "prev", "next", "last"}
    first = body["data"][0]
    assert set(first) == {"id", "type", "attributes"} | ({"relationships"} if relations else set())
    assert first["id"].isdigit()
    assert first["type"] == kind
    assert sorted(first["attributes"]) == sorted(attributes.split())
    assert sorted(first.get("relationships", {})) == sorted(relations.split())


async def test_an_event_read_alone_shows_four_attributes_more_than_one_that_was_written(
    client: httpx2.AsyncClient,
) -> None:
    body = (await client.get(HARBOR)).json()
    assert set(body) == {"data"}
    assert set(body["data"]["attributes"]) == {*DETAIL.split(), "budget", "total_attendees", "api_key", "fields"}
    assert body["data"]["relationships"] == {
        "attendee_types": {
            "data": [{"id": "51001", "type": "attendee_types"}, {"id": "51002", "type": "attendee_types"}]
        }
    }
    body = (await client.put(HARBOR, json={"description": "New"})).json()
    assert set(body) == {"data"}
    assert set(body["data"]["attributes"]) == set(DETAIL.split())


async def test_a_custom_field_of_an_attendee_type_has_the_documented_members(reader: httpx2.AsyncClient) -> None:
    body = (await reader.get(f"{HARBOR}/attendee_types")).json()
    field = next(each for each in body["included"] if each["id"] == "880103")
    updated = field["attributes"].pop("updated_at")
    assert updated == "2026-02-06"
    assert field == {
        "id": "880103",
        "type": "attendee_type_custom_fields",
        "attributes": {
            "name": "email", "alias": None, "required": True, "default": True, "input_type": 1, "values": None, "display": True,
            "max_chars": 0, "validations": None, "value_limited": 0, "lower_bound": None, "upper_bound": None, "options": None,
            "include_time": None, "order": 3, "available_public_listings": False, "filterable": False, "internal_id": None,
            "use_radio_buttons": False, "edit_admin_only": False,
        },
        "relationships": {"attendee_type": {"data": {"id": "51001", "type": "attendee_types"}}},
    }  # fmt: skip


async def test_a_booking_is_answered_as_documented(client: httpx2.AsyncClient) -> None:
    body = (
        await client.post(f"{HARBOR}/attendee_workshops", json={"workshop_id": 73001, "attendee_id": 600031})
    ).json()
    key = body["data"].pop("id")
    assert key.isdigit()
    assert body == {
        "data": {
            "type": "attendee_workshops",
            "attributes": {"checked_in_date": None, "checked_in": False},
            "relationships": {
                "attendee": {"data": {"id": "600031", "type": "attendees"}},
                "workshop": {"data": {"id": "73001", "type": "workshops"}},
            },
        },
        "meta": {"current_attendee_workshops": [73001]},
    }


async def test_each_time_is_spelt_as_its_attribute_spells_it(reader: httpx2.AsyncClient) -> None:
    async def first(path: str) -> dict[str, Any]:
        body: Any = (await reader.get(path)).json()["data"]
        return body["attributes"] if "attributes" in body else body[0]["attributes"]

    event = next(e for e in (await reader.get("/events")).json()["data"] if e["id"] == "90211")["attributes"]
    assert (event["start_date"], event["end_date"]) == (
        "2026-05-11T09:00:00.000+02:00",
        "2026-05-13T18:00:00.000+02:00",
    )
    assert (await first(HARBOR))["start_date"] == "2026-05-11T07:00:00.000Z"
    slim = next(e for e in (await reader.get("/events/slim")).json()["data"] if e["id"] == "90211")["attributes"]
    assert slim["start_date"] == "2026-05-11T07:00:00.000Z"
    assert (await first(f"{HARBOR}/attendee_types"))["price_end_date"] == "2026-05-09T23:59:00.000+02:00"
    lab = await first(f"{HARBOR}/workshops/73001")
    assert lab["start_date"] == "2026-05-11T08:00:00.000Z"
    assert lab["booking_deadline_date"] == "2026-05-10T09:00:00.000+02:00"
    assert (await first(f"{HARBOR}/attendees"))["created_at"].endswith("Z")
    assert (await first(f"{HARBOR}/speakers"))["updated_at"] == "2026-04-07"
    assert (await first(f"{HARBOR}/attendee-payments"))["created_at"][-6:] in {"+01:00", "+02:00"}
    types = (await reader.get(f"{CONFERENCE}/business_conference_participant_types")).json()["data"]
    agenda = types[0]["attributes"]["agenda"]
    assert agenda["1778482800"] == ["2026-05-11 09:00:00", "2026-05-11 09:25:00", 4101]


async def test_the_other_bodies_are_bare(reader: httpx2.AsyncClient) -> None:
    assert (await reader.get(f"{HARBOR}/massive_messages/95001/stats")).json() == {"errors": 4, "opened": 31}
    assert (await reader.get(f"{HARBOR}/clone-progress")).json() == {"finished": True}
    stats = (await reader.get(f"{HARBOR}/tickets-stats")).json()
    assert [set(row) for row in stats] == [{"name", "used_seats", "seats_limit"}] * 2


async def test_a_city_comes_with_its_region_and_country(reader: httpx2.AsyncClient) -> None:
    assert (await reader.get("/cities/40102")).json() == {
        "data": {
            "id": "40102",
            "type": "cities",
            "attributes": {"name": "Barcelona", "latitude": 41.38, "longitude": 2.18, "time_zone": "Europe/Madrid"},
            "relationships": {
                "region": {"data": {"id": "31", "type": "regions"}},
                "country": {"data": {"id": "3", "type": "countries"}},
            },
        },
        "included": [
            {
                "id": "31",
                "type": "regions",
                "attributes": {"name": "Catalonia"},
                "relationships": {"country": {"data": {"id": "3", "type": "countries"}}},
            },
            {"id": "3", "type": "countries", "attributes": {"name": "Spain", "currency_code": "EUR"}},
        ],
    }
