"""The resources beside registration: programme, merchandise, payments, stands, surveys, messages, hooks and places."""

from typing import Final

from eventdesk_server.sandbox.eventtia.shapes import DAY_UPDATED, UPDATED, A, Relation, missing, shape

_NAMED: Final = {"name": A("text", ...), "updated_at": UPDATED}

WORKSHOP_CATEGORY: Final = shape(
    "workshop_categories", {"name": A("text", ...), "color": A("text", "#0f7b6c"), "updated_at": DAY_UPDATED}
)
SPEAKER: Final = shape(
    "speakers",
    {
        "full_name": A("text", ...),
        "email": A("text", ""),
        "picture": A("map", {}),
        "banner": A("map", {}),
        "position": A("text", ""),
        "twitter": A("text", ""),
        "linkedin": A("text", ""),
        "bio": A("text", ""),
        "company": A("text", ""),
        "updated_at": DAY_UPDATED,
        "instagram": A("text", ""),
        "website": A("text", ""),
        "file_category_id": A("int"),
    },
    workshops=Relation("workshops", many=True, season=False),
)
GUEST: Final = shape(
    "guests",
    {
        "uuid": A("text", ""),
        "first_name": A("text", ...),
        "last_name": A("text", ...),
        "email": A("text", ...),
        "company": A("text", ""),
        "import_id": A("int"),
        "updated_at": UPDATED,
    },
    attendee=Relation("attendees"),
    attendee_type=Relation("attendee_types"),
)
PURCHASE_ITEM: Final = shape(
    "purchase_items",
    {
        "name": A("text", ...),
        "description": A("text", ""),
        "quantity": A("int", 0),
        "maximum_quantity_per_attendee": A("int", 1),
        "available_for_attendee_types": A("map", {}),
        "image": A("map", {}),
        "updated_at": UPDATED,
    },
)
PURCHASE: Final = shape(
    "attendee_purchase_items",
    {"quantity": A("int", 1), "paid": A("flag", False), "updated_at": UPDATED},
    attendee=Relation("attendees"),
    purchase_item=Relation("purchase_items"),
)
PAYMENT: Final = shape(
    "payments",
    {
        "payment_type": A("text", "Manual payment"),
        "identifier": A("text"),
        "currency": A("text", ...),
        "description": A("text", ""),
        "total_amount": A("text", ...),
        "status": A("text", "accepted"),
        "created_at": UPDATED,
        "updated_at": UPDATED,
        "vat": A("text", "0.0"),
    },
    attendee=Relation("attendees"),
)
FILE_CATEGORY: Final = shape("event_file_categories", {"name": A("text", ...)})
EVENT_FILE: Final = shape(
    "event_files",
    {
        "name": A("text", ...),
        "description": A("text", ""),
        "event_file": A("text", ""),
        "is_image": A("flag", False),
        "urls": A("map", {"thumb": "", "small": "", "medium": "", "large": "", "original": ""}),
        "entity_id": A("int"),
        "entity_type": A("text"),
        "number_of_downloads": A("int", 0),
    },
    event=Relation("events", season=False),
    event_file_category=Relation("event_file_categories", season=False),
)
STAND_CATEGORY: Final = shape("stand_categories", _NAMED)
ZONE: Final = shape("zones", _NAMED)
STAND: Final = shape(
    "stand_reservations",
    {
        "display_name": A("text", ...),
        "profile_logo": A("map", {key: path for key, path in missing("profile_logos").items() if key != "medium"}),
        "profile_description": A("text", ""),
        "website": A("text", ""),
        "profile_extra_fields": A("map", {}),
        "updated_at": UPDATED,
    },
    zone=Relation("zones"),
    stand_category=Relation("stand_categories"),
)
LEAD: Final = shape(
    "leads",
    {
        "name": A("text", ...),
        "company": A("text", ""),
        "email": A("text", ""),
        "phone": A("text", ""),
        "notes": A("text", ""),
        "priority": A("text", "medium"),
        "uuid": A("text", ""),
        "updated_at": DAY_UPDATED,
    },
)
POI: Final = shape(
    "pois",
    {
        "latitude": A("number"),
        "longitude": A("number"),
        "name": A("text", ...),
        "description": A("text", ""),
        "category_name": A("text", ""),
        "updated_at": UPDATED,
    },
)
QA_SESSION: Final = shape("event_qa_sessions", {"name": A("text", ...)})
QUESTION: Final = shape("custom_fields", {"name": A("text", ...)})
"""A survey's question, and one of the account's fields for events. The reference shows neither."""
HOOK: Final = shape(
    "event_web_hooks",
    {"target_url": A("text", ...), "trigger": A("text", ...), "created_at": UPDATED},
    event=Relation("events", season=False),
)
SURVEY: Final = shape(
    "surveys",
    {
        "name": A("text", ...),
        "description": A("text", ""),
        "entity_ids": A("list", []),
        "enabled": A("flag", True),
        "survey_type": A("text", "attendee"),
        "entity_type": A("text", "attendee_types"),
        "session_type": A("text", "survey"),
        "enabled_signature": A("flag", False),
        "business_conference_id": A("int"),
        "answered": A("flag", False),
        "updated_at": UPDATED,
    },
    custom_fields=Relation("custom_fields", many=True, season=False),
)
SURVEY_ANSWER: Final = shape(
    "survey_answers",
    {
        "entity_id": A("int", 0),
        "entity_type": A("text", "Attendee"),
        "values": A("map", {}),
        "related_entity_type": A("text"),
        "related_entity_id": A("int"),
    },
)
MESSAGE: Final = shape(
    "conditioned_massive_messages",
    {
        "account_id": A("int", 5401),
        "created_at": UPDATED,
        "updated_at": UPDATED,
        "subject": A("text", ...),
        "body": A("text", ""),
        "created_by_id": A("int", 2201),
        "updated_by_id": A("int", 2201),
        "status": A("int", 1),
        "sent_messages_count": A("int", 0),
        "failed_messages_count": A("int", 0),
        "priority": A("int"),
        "archived": A("flag", False),
        "start_processing_date": A("offset"),
        "end_processing_date": A("offset"),
        "last_activity": A("offset"),
        "email_account_id": A("int", 4401),
        "queued_emails_count": A("int", 0),
        "opened_messages_count": A("int", 0),
        "filter_id": A("int"),
        "repited_mails_count": A("int", 0),
        "draft": A("flag", False),
        "error_description": A("text"),
        "halt": A("flag", False),
        "type": A("text", "ConditionedMassiveMessage"),
        "message_type": A("int", 6),
        "conditions": A("map", {}),
        "server_delivered_emails_count": A("int", 0),
        "test_browser_display_url": A("text", ""),
    },
)
COUNTRY: Final = shape("countries", {"name": A("text", ...), "currency_code": A("text", ...)})
REGION: Final = shape("regions", {"name": A("text", ...)}, country=Relation("countries", season=False))
CITY: Final = shape(
    "cities",
    {
        "name": A("text", ...),
        "latitude": A("number", ...),
        "longitude": A("number", ...),
        "time_zone": A("text", ...),
    },
    region=Relation("regions", season=False),
    country=Relation("countries", season=False),
)
