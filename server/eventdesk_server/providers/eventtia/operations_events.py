"""Log-in, events, their files and their settings: endpoints of Eventtia's API v3. See `declaring`."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace
from eventdesk_server.providers.eventtia.declaring import EVENT, PAGE, WALL, body, listing, single, slot

_PARAM = Param(
    "param_name",
    "path",
    required=True,
    about="other params may hold payment keys and are not offered",
    choices=("aux_json_data",),
)
_FIELDS = (
    body("is_virtual", "boolean"),
    body("default_language", choices=("es", "en", "fr", "de")),
    body("virtual_timezone", about="IANA name"),
    body("description"),
    body("sender_name"),
    body("sender_email"),
    body("active", "boolean", "whether the public sees it"),
    body("custom_fields_data", "object", "field id to value"),
)

LOG_IN = Operation(
    name="log_in",
    method="POST",
    path="auth",
    effect=Effect.READ,
    summary="Exchange e-mail and password for a token of 30 days.",
    params=(body("email", required=True), body("password", required=True)),
    withheld="it takes a password and answers a token",
    source="Authentication",
)
LOG_IN_AS_SERVER = Operation(
    name="log_in_as_server",
    method="POST",
    path="m2m-auth",
    effect=Effect.READ,
    summary="Exchange a client id and secret for a token.",
    params=(body("client_id", required=True), body("client_secret", required=True)),
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
        *PAGE,
        Param("name", about="whole or part of the name"),
        Param("template", kind="integer", about="id of an event: the events cloned from it"),
        Param("templates", kind="boolean", about="true: templates only"),
        Param("updated_since", about="ISO 8601 with offset, or any left part of it"),
        Param("search_custom_fields", kind="object", about="field id to value, or to a list of values"),
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
    params=(EVENT,),
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
        EVENT,
        body("name"),
        body("start_date", about=WALL),
        body("end_date", about=WALL),
        body("event_uri", about="changes the path of every later call"),
        *_FIELDS,
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
        EVENT,
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
    params=(EVENT,),
    source="Events, Event Clone Progress",
)
GET_TICKET_STATS = Operation(
    name="get_ticket_stats",
    method="GET",
    path="events/{event}/tickets-stats",
    effect=Effect.READ,
    summary="Seats used and seats in all, by name of attendee type.",
    params=(EVENT,),
    source="Events, Tickets Stats",
)
LIST_EVENTS_SLIM = Operation(
    name="list_events_slim",
    method="GET",
    path="events/slim",
    effect=Effect.READ,
    summary="List events between two dates, without the URI that other calls need.",
    params=(
        Param("page[number]", kind="integer", about="1 by default"),
        Param("page[size]", kind="integer", about="100 at most"),
        Param("country_id", kind="integer"),
        Param("city_id", kind="integer"),
        Param("start_date_lower_bound", kind="time", about="ISO 8601 in UTC"),
        Param("start_date_upper_bound", kind="time", about="ISO 8601 in UTC"),
    ),
    source="Events, List of Events Slim",
)
CREATE_EVENT = Operation(
    name="create_event",
    method="POST",
    path="events",
    effect=Effect.ADD,
    summary="Make an event, without tickets or place: those are set in the dashboard.",
    params=(
        body("name", required=True),
        body("start_date", about=WALL, required=True),
        body("end_date", about=WALL, required=True),
        body("event_uri", about="slug, unique; the path of every later call", required=True),
        *_FIELDS,
    ),
    source="Events, Create Event",
)
LIST_EVENT_CUSTOM_FIELDS = listing(
    "list_event_custom_fields",
    "event-custom-fields",
    "List the account's own fields of events.",
    "Events, Custom Fields",
)
LIST_EVENT_FILES = listing(
    "list_event_files",
    "events/{event}/event_file_categories/{category}/event_files",
    "List the files of a category. No call lists categories: sessions and speakers name theirs.",
    "Event Files, List of Files in a Category",
    EVENT,
    slot("category", "file_category_id of a session or speaker"),
)
UPLOAD_EVENT_FILE = Operation(
    name="upload_event_file",
    method="POST",
    path="events/{event}/event_file_categories/{category}/event_files",
    effect=Effect.ADD,
    summary="Upload a file into a category.",
    params=(
        EVENT,
        slot("category", "file_category_id of a session or speaker"),
        body("event_file[name]", required=True),
        body("event_file[description]"),
        body("event_file[event_file]", "file", "path of a file in the import folder", required=True),
    ),
    trace=Trace(
        by="list_event_files",
        fields="attributes",
        agree=("event_file[name]=name", "event_file[description]=description"),
    ),
    source="Event Files, Uploading a File",
)
GET_EVENT_PARAM = single(
    "get_event_param",
    "events/{event}/event_params/{param_name}",
    "The data that integrations keep with an event.",
    "Event Params, Event Param",
    EVENT,
    _PARAM,
)
SET_EVENT_PARAM = Operation(
    name="set_event_param",
    method="PATCH",
    path="events/{event}/event_params/{param_name}",
    effect=Effect.CHANGE,
    summary="Replace the data that integrations keep with an event.",
    params=(
        EVENT,
        _PARAM,
        body("param_value", "any", "the whole new value: any JSON", required=True),
    ),
    source="Event Params, Updating an Event Param",
)

EVENTS = (
    LOG_IN,
    LOG_IN_AS_SERVER,
    LIST_EVENTS,
    LIST_EVENTS_SLIM,
    CREATE_EVENT,
    GET_EVENT,
    UPDATE_EVENT,
    CLONE_EVENT,
    GET_CLONE_PROGRESS,
    LIST_EVENT_CUSTOM_FIELDS,
    GET_TICKET_STATS,
    LIST_EVENT_FILES,
    UPLOAD_EVENT_FILE,
    GET_EVENT_PARAM,
    SET_EVENT_PARAM,
)
