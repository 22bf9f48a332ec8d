"""Networking, countries and web hooks: endpoints of Eventtia's API v3. See `declaring`."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace
from eventdesk_server.providers.eventtia.declaring import EVENT, body, listing, single, slot

_CONFERENCE = "events/{event}/business_conferences/{conference}"
_HOURS = _CONFERENCE + "/business_conference_participant_types/{participant_type}/unavailable_hours"
_IN = (EVENT, slot("conference", "id of a business conference"))
_TYPE = slot("participant_type", "id of a participant type")
_SPAN = (
    body("start_date", about="DD/MM/YYYY - HH:MM, wall time in the event's zone", required=True),
    body("end_date", about="DD/MM/YYYY - HH:MM, wall time in the event's zone", required=True),
)
_UPDATED = Param("updated_since", about="ISO 8601 with offset, or any left part of it")
_HOOK = Param("target_url", "body", required=True, about="unique, with a part that nobody can guess")
_TRIGGER = "attendee_created or attendee_updated; event triggers fire for account hooks only"
_ACCOUNT_KEY = "its path holds the account's key"

LIST_BUSINESS_CONFERENCES = listing(
    "list_business_conferences",
    "events/{event}/business_conferences",
    "List the networking modules of an event.",
    "Business Conferences, List of Business Conferences",
    EVENT,
    _UPDATED,
)
LIST_PARTICIPANT_TYPES = listing(
    "list_participant_types",
    _CONFERENCE + "/business_conference_participant_types",
    "List the kinds of participants in networking, with their slots.",
    "Business Conferences, List of Business Conference Participant Types",
    *_IN,
)
LIST_UNAVAILABLE_HOURS = listing(
    "list_unavailable_hours",
    _HOURS,
    "List the hours in which a kind of participant takes no meetings.",
    "Business Conferences, unavailable hours",
    *_IN,
    _TYPE,
)
ADD_UNAVAILABLE_HOUR = Operation(
    name="add_unavailable_hour",
    method="POST",
    path=_HOURS,
    effect=Effect.ADD,
    summary="Block hours for a kind of participant.",
    params=(*_IN, _TYPE, *_SPAN),
    trace=Trace(by="list_unavailable_hours", fields="attributes", agree=("start_date", "end_date")),
    source="Business Conferences, unavailable hours",
)
UPDATE_UNAVAILABLE_HOUR = Operation(
    name="update_unavailable_hour",
    method="PUT",
    path=_HOURS + "/{hour}",
    effect=Effect.CHANGE,
    repeatable=True,
    summary="Move blocked hours.",
    params=(*_IN, _TYPE, slot("hour", "id of the unavailable hour"), *_SPAN),
    trace=Trace(by="list_unavailable_hours", fields="attributes", agree=("start_date", "end_date"), row="hour"),
    source="Business Conferences, unavailable hours",
)
DELETE_UNAVAILABLE_HOUR = Operation(
    name="delete_unavailable_hour",
    method="DELETE",
    path=_HOURS + "/{hour}",
    effect=Effect.REMOVE,
    summary="Give blocked hours free.",
    params=(*_IN, _TYPE, slot("hour", "id of the unavailable hour")),
    trace=Trace(by="list_unavailable_hours", row="hour"),
    source="Business Conferences, unavailable hours",
)
LIST_CONFERENCE_PARTICIPANTS = listing(
    "list_conference_participants",
    _CONFERENCE + "/business_conference_participants",
    "List who takes part in networking.",
    "Business Conferences, List of Participants",
    *_IN,
    Param("participant_type_id", kind="integer"),
    _UPDATED,
)
GET_PARTICIPANT_AGENDA = listing(
    "get_participant_agenda",
    _CONFERENCE + "/business_conference_participants/{participant}/agenda",
    "A participant's meetings; meta holds the slots, the blocked ones, and what the status numbers mean.",
    "Business Conferences, Participant Agenda",
    *_IN,
    slot("participant"),
)
LIST_MEETINGS = listing(
    "list_meetings",
    _CONFERENCE + "/business_conference_meetings",
    "List the meetings of a networking module. Status: 1 requested, 2 accepted, 3 rejected, 4 expired.",
    "Business Conferences, Meetings in a Business Conference",
    *_IN,
)
LIST_COUNTRIES = listing("list_countries", "countries", "List the countries.", "Places, List of Countries")
LIST_REGIONS = listing(
    "list_regions",
    "countries/{country}/regions",
    "List a country's regions.",
    "Places, List of Regions",
    slot("country"),
)
LIST_CITIES = listing(
    "list_cities",
    "countries/{country}/regions/{region}/cities",
    "List a region's cities.",
    "Places, List of Cities",
    slot("country"),
    slot("region"),
)
GET_CITY = single("get_city", "cities/{city}", "One city, with its zone.", "Places, City", slot("city"))
LIST_WEBHOOKS = listing(
    "list_webhooks",
    "web_hooks",
    "List the web hooks; those without an event are the account's.",
    "Web Hooks, List Account Web Hooks",
    Param("event_uri", about="the hooks of this event only"),
)
CREATE_EVENT_WEBHOOK = Operation(
    name="create_event_webhook",
    method="POST",
    path="events/{event}/event_web_hooks",
    effect=Effect.ADD,
    summary="Have people's data sent to an address whenever somebody registers or is changed.",
    params=(EVENT, _HOOK, body("trigger", about=_TRIGGER, required=True)),
    trace=Trace(
        by="list_webhooks", given=(("event_uri", "event"),), fields="attributes", agree=("target_url", "trigger")
    ),
    source="Web Hooks, Creating a Event Web Hook",
)
DELETE_EVENT_WEBHOOK = Operation(
    name="delete_event_webhook",
    method="DELETE",
    path="events/{event}/event_web_hooks",
    effect=Effect.REMOVE,
    summary="Stop sending to an address.",
    params=(EVENT, Param("target_url", required=True), Param("trigger", required=True)),
    trace=Trace(
        by="list_webhooks", given=(("event_uri", "event"),), fields="attributes", agree=("target_url", "trigger")
    ),
    source="Web Hooks, Deleting a Event Web Hook; in the query as in the vendor's n8n client",
)
CREATE_ACCOUNT_WEBHOOK = Operation(
    name="create_account_webhook",
    method="POST",
    path="accounts/{account_api_key}/web_hooks",
    effect=Effect.ADD,
    summary="Have data of all events sent to an address.",
    params=(slot("account_api_key"), _HOOK, body("trigger", required=True)),
    withheld=_ACCOUNT_KEY,
    source="Web Hooks, Creating a Account Web Hook",
)
DELETE_ACCOUNT_WEBHOOK = Operation(
    name="delete_account_webhook",
    method="DELETE",
    path="accounts/{account_api_key}/web_hooks",
    effect=Effect.REMOVE,
    summary="Stop sending data of all events to an address.",
    params=(slot("account_api_key"), Param("target_url", required=True), Param("trigger", required=True)),
    withheld=_ACCOUNT_KEY,
    source="Web Hooks, Deleting a Account Web Hook",
)

OTHER = (
    LIST_BUSINESS_CONFERENCES,
    LIST_PARTICIPANT_TYPES,
    LIST_UNAVAILABLE_HOURS,
    ADD_UNAVAILABLE_HOUR,
    UPDATE_UNAVAILABLE_HOUR,
    DELETE_UNAVAILABLE_HOUR,
    LIST_CONFERENCE_PARTICIPANTS,
    GET_PARTICIPANT_AGENDA,
    LIST_MEETINGS,
    LIST_COUNTRIES,
    LIST_REGIONS,
    LIST_CITIES,
    GET_CITY,
    LIST_WEBHOOKS,
    CREATE_EVENT_WEBHOOK,
    DELETE_EVENT_WEBHOOK,
    CREATE_ACCOUNT_WEBHOOK,
    DELETE_ACCOUNT_WEBHOOK,
)
