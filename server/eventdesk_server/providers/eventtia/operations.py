"""The endpoints of Eventtia's API v3 in use. Paths are relative to a base URL that ends in `/api/v3`.

Source of all: the reference page of API v3 at connect.eventtia.com, by the section that `source` names. Its curl
samples of writes carry no method; the "HTTP Request" lines are right.

The two PUTs count as repeatable: every field of their bodies is an absolute value, and PUT is idempotent (RFC 9110,
9.2.2). It matters: a copy that may be public with its old dates must not stay so because the request that changes it got
lost.
"""

from typing import Literal

from eventdesk_server.http.operations import Effect, Operation, Param

_PAGE = (
    Param("page[number]", kind="integer", about="1 by default"),
    Param("page[size]", kind="integer", about="24 by default and at most"),
)
_EVENT = Param("event", "path", required=True, about="the event's URI, its slug")


def _include(names: str) -> Param:
    return Param("include", about=f"comma-separated, of: {names}")


def _body(
    name: str,
    kind: Literal["text", "integer", "number", "boolean", "date", "time", "object", "list"] = "text",
    about: str = "",
    *,
    required: bool = False,
) -> Param:
    return Param(name, "body", kind, required, about)


LOG_IN = Operation(
    name="log_in",
    method="POST",
    path="auth",
    effect=Effect.READ,
    summary="Exchange e-mail and password for a token of 30 days.",
    params=(_body("email", required=True), _body("password", required=True)),
    withheld="it takes a password and answers a token",
    source="Authentication",
)
LOG_IN_AS_SERVER = Operation(
    name="log_in_as_server",
    method="POST",
    path="m2m-auth",
    effect=Effect.READ,
    summary="Exchange a client id and secret for a token.",
    params=(_body("client_id", required=True), _body("client_secret", required=True)),
    withheld="it takes a secret and answers a token",
    source="the vendor's own n8n client; not in the reference",
)
LIST_EVENTS = Operation(
    name="list_events",
    method="GET",
    path="events",
    effect=Effect.READ,
    summary="List the events that the login may see.",
    params=(
        *_PAGE,
        Param("name", about="whole or part of the name"),
        Param("template", kind="integer", about="id of an event: the events cloned from it"),
        Param("templates", kind="boolean", about="true: templates only"),
        Param("updated_since", about="ISO 8601 with offset, or any left part of it"),
        Param("city_id", kind="integer"),
        Param("country_id", kind="integer"),
    ),
    source="Events, List of Events",
)
GET_EVENT = Operation(
    name="get_event",
    method="GET",
    path="events/{event}",
    effect=Effect.READ,
    summary="One event.",
    params=(_EVENT,),
    source="Events, Event",
)
UPDATE_EVENT = Operation(
    name="update_event",
    method="PUT",
    path="events/{event}",
    effect=Effect.CHANGE,
    repeatable=True,
    summary="Change an event; fields that are not sent stay.",
    params=(
        _EVENT,
        _body("name"),
        _body("start_date", about="DD/MM/YYYY - HH:MM:SS, wall time in the event's zone"),
        _body("end_date", about="DD/MM/YYYY - HH:MM:SS, wall time in the event's zone"),
        _body("is_virtual", "boolean"),
        _body("default_language", about="es, en or fr"),
        _body("event_uri", about="changes the path of every later call"),
        _body("virtual_timezone", about="IANA name"),
        _body("description"),
        _body("sender_name"),
        _body("sender_email"),
        _body("active", "boolean"),
        _body("custom_fields_data", "object", "field id to value"),
    ),
    source="Events, Update Event",
)
CLONE_EVENT = Operation(
    name="clone_event",
    method="POST",
    path="events/{event}/clone",
    effect=Effect.ADD,
    summary="Begin to copy an event, with its old dates. The copy may be public at once; nothing tells its URI.",
    params=(
        _EVENT,
        *(
            Param(flag, kind="boolean", required=True)
            for flag in (
                "clone_zones",
                "clone_speakers",
                "clone_workshops",
                "clone_pois",
                "clone_attendee_types",
                "clone_business_conference",
                "clone_event_page",
            )
        ),
    ),
    source="Events, Clone Event",
)
GET_CLONE_PROGRESS = Operation(
    name="get_clone_progress",
    method="GET",
    path="events/{event}/clone-progress",
    effect=Effect.READ,
    summary="Whether the copying of this event is finished.",
    params=(_EVENT,),
    source="Events, Event Clone Progress",
)
GET_TICKET_STATS = Operation(
    name="get_ticket_stats",
    method="GET",
    path="events/{event}/tickets-stats",
    effect=Effect.READ,
    summary="Seats used and seats in all, by name of attendee type.",
    params=(_EVENT,),
    source="Events, Tickets Stats",
)
LIST_ATTENDEE_TYPES = Operation(
    name="list_attendee_types",
    method="GET",
    path="events/{event}/attendee_types",
    effect=Effect.READ,
    summary="List the attendee types with price, seats and what registering asks for.",
    params=(_EVENT, *_PAGE, _include("attendee_type_custom_fields (always there)")),
    source="Attendee Types, List of Attendee Types",
)
LIST_ATTENDEES = Operation(
    name="list_attendees",
    method="GET",
    path="events/{event}/attendees",
    effect=Effect.READ,
    summary="List the people registered; rejected and archived ones only when asked for.",
    params=(
        _EVENT,
        *_PAGE,
        _include("attendee_type, attendee_type_custom_fields"),
        Param("include_rejected", kind="boolean"),
        Param("include_archived", kind="boolean"),
        Param("only_confirmed", kind="boolean"),
        Param("first_name"),
        Param("last_name"),
        Param("email", about="may match a part"),
        Param("company"),
        Param("created_date_time", about="YYYY-MM-DDTHH:MM:SS; later ones only"),
        Param("updated_date_time", about="YYYY-MM-DDTHH:MM:SS; later ones only"),
    ),
    source="Attendees, List of Attendees",
)
REGISTER_ATTENDEE = Operation(
    name="register_attendee",
    method="POST",
    path="events/{event}/attendees/register",
    effect=Effect.ADD,
    summary="Register a person. Takes a seat, may make a charge due, and Eventtia writes to the person.",
    params=(
        _EVENT,
        _body(
            "attendee",
            "object",
            "attendee_type_id, first_name, last_name, email; company, telephone, job_title, alternative_email, "
            "birthdate as DD/MM/YYYY, timezone, custom_fields (field id to value)",
            required=True,
        ),
        _body("country_id", "integer"),
        _body("region_id", "integer"),
        _body("city_id", "integer"),
        _body("workshops", "object", "activity id to the same id as a number"),
        _body("purchase_items", "object", "item id to quantity"),
        _body("group_registration_uuid"),
    ),
    cost="a seat; money is due where the type, an activity or an item has a price",
    source="Attendees, Create Attendee",
)
LIST_ATTENDEE_ACTIVITIES = Operation(
    name="list_attendee_activities",
    method="GET",
    path="events/{event}/attendees/{attendee}/workshops",
    effect=Effect.READ,
    summary="List the activities that a person is booked into.",
    params=(
        _EVENT,
        Param("attendee", "path", required=True),
        *_PAGE,
        _include("workshop_categories, speakers"),
    ),
    source="Attendee Activities, List of Activities for an Attendee",
)
LIST_ATTENDEE_PURCHASES = Operation(
    name="list_attendee_purchases",
    method="GET",
    path="events/{event}/attendees/{attendee}/attendee_purchase_items",
    effect=Effect.READ,
    summary="List the purchase items of a person.",
    params=(_EVENT, Param("attendee", "path", required=True), *_PAGE, _include("attendee, purchase_item")),
    source="Merchandising, List of Purchases for an Attendee",
)
ADD_TO_ACTIVITY = Operation(
    name="add_attendee_to_activity",
    method="POST",
    path="events/{event}/attendee_workshops",
    effect=Effect.ADD,
    summary="Book a registered person into an activity.",
    params=(_EVENT, _body("workshop_id", "integer", required=True), _body("attendee_id", "integer", required=True)),
    cost="a seat in the activity",
    source="Attendee Activities, Registering an Attendee to an Activity",
)
LIST_ACTIVITIES = Operation(
    name="list_activities",
    method="GET",
    path="events/{event}/workshops",
    effect=Effect.READ,
    summary="List the activities (sessions) of an event.",
    params=(
        _EVENT,
        *_PAGE,
        _include("workshop_categories, speakers"),
        Param("name", about="whole or part of the name"),
        Param("date", kind="date", about="day of the start"),
        Param("updated_date_time", about="YYYY-MM-DDTHH:MM:SS"),
        Param("in_the_future", kind="boolean", about="send true, or leave it out"),
    ),
    source="Activities, List of Activities",
)
GET_ACTIVITY = Operation(
    name="get_activity",
    method="GET",
    path="events/{event}/workshops/{activity}",
    effect=Effect.READ,
    summary="One activity.",
    params=(_EVENT, Param("activity", "path", required=True)),
    source="Activities, Activity",
)
UPDATE_ACTIVITY = Operation(
    name="update_activity",
    method="PUT",
    path="events/{event}/workshops/{activity}",
    effect=Effect.CHANGE,
    repeatable=True,
    summary="Change an activity; fields that are not sent stay.",
    params=(
        _EVENT,
        Param("activity", "path", required=True),
        _body("name"),
        _body("description"),
        _body("start_date", about="DD/MM/YYYY - HH:MM:SS, wall time in the event's zone"),
        _body("end_date", about="DD/MM/YYYY - HH:MM:SS, wall time in the event's zone"),
        _body("location"),
        _body("show_on_register", "boolean"),
        _body("allow_blocking_workshops", "boolean"),
        _body("availability", "integer", "seats in all"),
        _body("show_for_attendee_type", "object", 'attendee type id to the text "true"'),
        _body("price", "object", "attendee type id to amount"),
    ),
    source="Activities, Update Activity",
)
LIST_SPEAKERS = Operation(
    name="list_speakers",
    method="GET",
    path="events/{event}/speakers",
    effect=Effect.READ,
    summary="List the speakers of an event.",
    params=(_EVENT, *_PAGE, _include("workshops")),
    source="Speakers, List of Speakers",
)
LIST_PURCHASE_ITEMS = Operation(
    name="list_purchase_items",
    method="GET",
    path="events/{event}/purchase_items",
    effect=Effect.READ,
    summary="List the items that can be bought while registering.",
    params=(_EVENT, *_PAGE),
    source="Merchandising, List of Purchase Items",
)

OPERATIONS = (
    LOG_IN,
    LOG_IN_AS_SERVER,
    LIST_EVENTS,
    GET_EVENT,
    UPDATE_EVENT,
    CLONE_EVENT,
    GET_CLONE_PROGRESS,
    GET_TICKET_STATS,
    LIST_ATTENDEE_TYPES,
    LIST_ATTENDEES,
    REGISTER_ATTENDEE,
    LIST_ATTENDEE_ACTIVITIES,
    LIST_ATTENDEE_PURCHASES,
    ADD_TO_ACTIVITY,
    LIST_ACTIVITIES,
    GET_ACTIVITY,
    UPDATE_ACTIVITY,
    LIST_SPEAKERS,
    LIST_PURCHASE_ITEMS,
)
