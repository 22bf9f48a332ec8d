"""Programme, merchandise, stands, places of interest and messages: endpoints of Eventtia's API v3. See `declaring`."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace
from eventdesk_server.providers.eventtia.declaring import EVENT, PAGE, WALL, body, include, listing, single, slot

_ACTIVITY = (
    body("description"),
    body("location"),
    body("show_on_register", "boolean", "offered in the registration form"),
    body("allow_blocking_workshops", "boolean"),
    body("availability", "integer", "seats in all"),
    body("show_for_attendee_type", "object", 'attendee type id to the text "true"'),
    body("price", "object", "attendee type id to amount"),
    body(
        "streaming_type",
        choices=(
            "google_meet",
            "webex",
            "microsoft_teams",
            "youtube",
            "other",
            "jitsi",
            "jitsi_oficial",
            "daily_co",
        ),
    ),
    body("streaming_embed_code", "object", "display_name and embed_code; for youtube, jitsi and other"),
    body("streaming_url", about="for the other types"),
    body("enable_chat", "boolean"),
    body("chat_name"),
    body("enabled_emotions", "boolean"),
    body("interactivity_type", choices=("mentimeter", "slido", "sparkup", "other_interactivity")),
    body("interactivity_snippet", about="HTML"),
    body("translation_snippet", about="HTML"),
)

LIST_ACTIVITIES = Operation(
    name="list_activities",
    method="GET",
    path="events/{event}/workshops",
    effect=Effect.READ,
    summary="List the activities (sessions) of an event.",
    params=(
        EVENT,
        *PAGE,
        include("workshop_categories, speakers"),
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
    params=(EVENT, slot("activity")),
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
        EVENT,
        slot("activity"),
        body("name"),
        body("start_date", about=WALL),
        body("end_date", about=WALL),
        *_ACTIVITY,
    ),
    trace=Trace(by="get_activity", fields="attributes", agree=("name", "description", "location", "availability")),
    source="Activities, Update Activity",
)
LIST_SPEAKERS = Operation(
    name="list_speakers",
    method="GET",
    path="events/{event}/speakers",
    effect=Effect.READ,
    summary="List the speakers of an event.",
    params=(EVENT, *PAGE, include("workshops")),
    source="Speakers, List of Speakers",
)
LIST_PURCHASE_ITEMS = Operation(
    name="list_purchase_items",
    method="GET",
    path="events/{event}/purchase_items",
    effect=Effect.READ,
    summary="List the items that can be bought while registering.",
    params=(EVENT, *PAGE),
    source="Merchandising, List of Purchase Items",
)
CREATE_ACTIVITY = Operation(
    name="create_activity",
    method="POST",
    path="events/{event}/workshops",
    effect=Effect.ADD,
    summary="Add an activity (session) to the programme. v3 deletes none.",
    params=(
        EVENT,
        body("name", required=True),
        body("start_date", about=WALL, required=True),
        body("end_date", about=WALL, required=True),
        *_ACTIVITY,
    ),
    trace=Trace(by="list_activities", fields="attributes", agree=("name", "description", "location", "availability")),
    source="Activities, Create Activity",
)
LIST_ACTIVITY_CATEGORIES = listing(
    "list_activity_categories",
    "events/{event}/workshop_categories",
    "List the categories of activities.",
    "Activities, Categories",
    EVENT,
)
SET_ACTIVITY_CATEGORIES = Operation(
    name="set_activity_categories",
    method="POST",
    path="events/{event}/workshops/{activity}/set-categories",
    effect=Effect.CHANGE,
    summary="Give an activity exactly these categories.",
    params=(EVENT, slot("activity"), Param("categories", required=True, about="category ids, comma-separated")),
    trace=Trace(by="get_activity", agree=("categories=relationships.workshop_categories.data",)),
    source="Activities, Add Categories to Activity",
)
GET_PURCHASE_ITEM = single(
    "get_purchase_item",
    "events/{event}/purchase_items/{item}",
    "One item that can be bought while registering.",
    "Merchandising, Purchase Item",
    EVENT,
    slot("item"),
)
LIST_STAND_CATEGORIES = listing(
    "list_stand_categories",
    "events/{event}/stand_categories",
    "List the categories of stands.",
    "Stands, List of Stand Categories",
    EVENT,
)
LIST_STAND_ZONES = listing(
    "list_stand_zones", "events/{event}/zones", "List the zones of stands.", "Stands, List of Stand Zones", EVENT
)
LIST_STAND_RESERVATIONS = listing(
    "list_stand_reservations",
    "events/{event}/stand_reservations",
    "List the exhibitors, public ones only.",
    "Stands, List of Stand Reservations",
    EVENT,
    Param("company_name"),
    Param("zone", kind="integer", about="id of a zone"),
    Param("category", kind="integer", about="id of a stand category"),
)
LIST_EXHIBITOR_LEADS = listing(
    "list_exhibitor_leads",
    "events/{event}/stand_reservations/{stand}/leads",
    "List the leads that an exhibitor took down.",
    "Stands, List of Exhibitor Leads",
    EVENT,
    slot("stand", "id of a stand reservation"),
)
LIST_POINTS_OF_INTEREST = listing(
    "list_points_of_interest",
    "events/{event}/pois",
    "List places near the venue.",
    "Points of Interest, List of Points of Interest",
    EVENT,
)
LIST_QA_SESSIONS = listing(
    "list_qa_sessions",
    "events/{event}/event_qa_sessions",
    "List the rounds of questions and answers.",
    "Q&A Sessions, List of Q&A Sessions",
    EVENT,
    Param("include", about="names are not documented"),
)
LIST_MESSAGES = listing(
    "list_messages",
    "events/{event}/massive_messages",
    "List the mailings of an event. v3 sends none.",
    "Communications, List of Event Massive Messages",
    EVENT,
)
GET_MESSAGE_STATS = single(
    "get_message_stats",
    "events/{event}/massive_messages/{message}/stats",
    "How many of a mailing were opened, and how many failed.",
    "Communications, Event Massive Message Stats",
    EVENT,
    slot("message"),
)

PROGRAMME = (
    LIST_ACTIVITIES,
    GET_ACTIVITY,
    CREATE_ACTIVITY,
    UPDATE_ACTIVITY,
    LIST_ACTIVITY_CATEGORIES,
    SET_ACTIVITY_CATEGORIES,
    LIST_SPEAKERS,
    LIST_PURCHASE_ITEMS,
    GET_PURCHASE_ITEM,
    LIST_STAND_CATEGORIES,
    LIST_STAND_ZONES,
    LIST_STAND_RESERVATIONS,
    LIST_EXHIBITOR_LEADS,
    LIST_POINTS_OF_INTEREST,
    LIST_QA_SESSIONS,
    LIST_MESSAGES,
    GET_MESSAGE_STATS,
)
