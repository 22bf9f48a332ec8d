"""The resources of registration: events, attendee types and their fields, attendees, activities and bookings."""

from collections.abc import Mapping
from typing import Final

from eventdesk_server.sandbox.eventtia.shapes import (
    DAY_UPDATED,
    STAMPS,
    UPDATED,
    A,
    Attribute,
    Relation,
    Shape,
    missing,
)

EVENT: Final = Shape(
    "events",
    {
        "start_date": A("utc", ...),
        "end_date": A("utc", ...),
        **STAMPS,
        "active": A("flag", True),
        "name": A("text", ...),
        "event_uri": A("text", ...),
        "logo": A("map", missing("logos")),
        "coordinates": A("map", {"lat": None, "lng": None}),
        "address": A("text", ""),
        "timezone": A("text", ""),
        "time_format": A("text", "am_pm"),
        "description": A("text", ""),
        "default_language": A("text", "en"),
        "currency": A("text", "USD"),
        "white_label": A("flag", False),
        "white_label_images": A("map", {}),
        "google_analytics_tracking_code": A("text"),
        "google_tag_manager_tracking_code": A("text"),
        "sender_email": A("text"),
        "banner_image": A("map", missing("banner_images")),
        "static_map": A("text"),
        "website": A("text"),
        "is_virtual": A("flag", False),
        "attendance_mode": A("text"),
        "virtual_timezone": A("text"),
        "cloned_from_id": A("int"),
        "city_id": A("int"),
        "is_template": A("flag", False),
        "can_register_mid_workshop": A("flag", False),
        "iso_code": A("text"),
        "featured": A("flag", False),
    },
    {"attendee_types": Relation("attendee_types", many=True, season=False)},
)
EVENT_MORE: Final[Mapping[str, Attribute]] = {
    "budget": A("number", 0.0),
    "api_key": A("text", ""),
    "registration_start_date": A("utc"),
    "registration_end_date": A("utc"),
    "address_details": A("text"),
    "custom_fields_data": A("map", {}),
    "sender_name": A("text"),
}
"""What an event's record holds beyond the detail shape: for the answer to one event, the slim list, or nobody."""

ATTENDEE_TYPE: Final = Shape(
    "attendee_types",
    {
        "name": A("text", ...),
        "attendance_mode": A("text", "mixed"),
        "price": A("number", 0.0),
        "price_end_date": A("offset"),
        "description": A("text", ""),
        "capacity": A("int"),
        "availability": A("int", 0),
        "order": A("int", 1),
        "price_without_vat": A("number", 0.0),
        "confirmation_required": A("flag", False),
        "updated_at": UPDATED,
        "valid_if_no_payments": A("flag", True),
    },
    {
        "attendee_type_custom_fields": Relation("attendee_type_custom_fields", many=True, season=False),
        "business_conference_participant_type": Relation("business_conference_participant_types", season=False),
    },
    computed=frozenset({"availability"}),
)
CUSTOM_FIELD: Final = Shape(
    "attendee_type_custom_fields",
    {
        "name": A("text", ...),
        "alias": A("text"),
        "required": A("flag", False),
        "default": A("flag", False),
        "input_type": A("int", 1),
        "values": A("any"),
        "display": A("flag", True),
        "max_chars": A("int", 0),
        "validations": A("any"),
        "value_limited": A("int", 0),
        "lower_bound": A("any"),
        "upper_bound": A("any"),
        "options": A("any"),
        "include_time": A("flag"),
        "order": A("int", 1),
        "available_public_listings": A("flag", False),
        "filterable": A("flag", False),
        "updated_at": DAY_UPDATED,
        "internal_id": A("int"),
        "use_radio_buttons": A("flag", False),
        "edit_admin_only": A("flag", False),
    },
    {"attendee_type": Relation("attendee_types", season=False)},
)
ATTENDEE: Final = Shape(
    "attendees",
    {
        **STAMPS,
        "uuid": A("text", ""),
        "fields": A("map", {}),
        "status": A("text", "confirmed"),
        "paid": A("flag", True),
        "checked_in": A("flag", False),
        "checked_in_date": A("offset"),
        "qr_code": A("text", ""),
        "can_schedule_meetings": A("flag", False),
    },
    {
        "attendee_type": Relation("attendee_types"),
        "attendee_type_custom_fields": Relation("attendee_type_custom_fields", many=True, season=False),
        "business_conference_participants": Relation("business_conference_participants", many=True, season=False),
    },
    computed=frozenset({"fields", "qr_code"}),
)
DEFAULT_FIELDS: Final = (
    "first_name", "last_name", "email", "company", "telephone", "city_id", "job_title", "picture", "alternative_email",
    "birthdate", "timezone",
)  # fmt: skip
"""The built-in fields of every attendee type, in the order of the reference's samples."""

WORKSHOP: Final = Shape(
    "workshops",
    {
        "start_date": A("utc", ...),
        "end_date": A("utc", ...),
        **STAMPS,
        "booking_deadline_date": A("offset"),
        "name": A("text", ...),
        "description": A("text", ""),
        "location": A("text", ""),
        "show_on_register": A("flag", True),
        "streaming_embed_code": A("any"),
        "streaming_type": A("text"),
        "streaming_url": A("text"),
        "guid": A("text", ""),
        "jitsi_url": A("text"),
        "background_image": A("map", {}),
        "enable_chat": A("flag", False),
        "chat_name": A("text"),
        "file_category_id": A("int"),
        "enabled_emotions": A("flag", False),
        "interactivity_type": A("text"),
        "interactivity_snippet": A("text"),
        "availability": A("int"),
        "used_seats": A("int", 0),
        "translation_snippet": A("text"),
        "price": A("map"),
        "sponsor_id": A("int"),
        "attendance_mode": A("text", "mixed"),
        "eventtia_studio_params": A("map", {}),
    },
    {
        "speakers": Relation("speakers", many=True),
        "workshop_categories": Relation("workshop_categories", many=True),
    },
    computed=frozenset({"used_seats"}),
)
BOOKING: Final = Shape(
    "attendee_workshops",
    {"checked_in_date": A("offset"), "checked_in": A("flag", False)},
    {"attendee": Relation("attendees"), "workshop": Relation("workshops")},
)
