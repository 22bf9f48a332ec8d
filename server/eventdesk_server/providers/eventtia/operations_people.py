"""People, what they booked, bought, paid and said: endpoints of Eventtia's API v3. See `declaring`."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace
from eventdesk_server.providers.eventtia.declaring import EVENT, PAGE, body, include, listing, single, slot

_ATTENDEE = slot("attendee", "the registration's number")
_FILTERS = (
    include("attendee_type, attendee_type_custom_fields"),
    Param("include_rejected", kind="boolean"),
    Param("include_archived", kind="boolean", about="deleted and rejected ones too"),
    Param("only_confirmed", kind="boolean"),
    Param("first_name"),
    Param("last_name"),
    Param("email", about="may match a part"),
    Param("company"),
    Param("created_date_time", kind="time", about="YYYY-MM-DDTHH:MM:SS; later ones only"),
    Param("updated_date_time", kind="time", about="YYYY-MM-DDTHH:MM:SS; later ones only"),
)

LIST_ATTENDEE_TYPES = Operation(
    name="list_attendee_types",
    method="GET",
    path="events/{event}/attendee_types",
    effect=Effect.READ,
    summary="List the attendee types with price, seats and what registering asks for.",
    params=(EVENT, *PAGE, include("attendee_type_custom_fields (always there)")),
    source="Attendee Types, List of Attendee Types",
)
LIST_ATTENDEES = Operation(
    name="list_attendees",
    method="GET",
    path="events/{event}/attendees",
    effect=Effect.READ,
    summary="List the people registered; rejected and archived ones only when asked for.",
    params=(EVENT, *PAGE, *_FILTERS),
    source="Attendees, List of Attendees",
)
REGISTER_ATTENDEE = Operation(
    name="register_attendee",
    method="POST",
    path="events/{event}/attendees/register",
    effect=Effect.ADD,
    summary="Register a person. Takes a seat, may make a charge due, and Eventtia writes to the person.",
    params=(
        EVENT,
        body(
            "attendee",
            "object",
            "attendee_type_id, first_name, last_name, email; company, telephone, job_title, alternative_email, "
            "birthdate as DD/MM/YYYY, timezone, custom_fields (field id to value)",
            required=True,
        ),
        body("country_id", "integer"),
        body("region_id", "integer"),
        body("city_id", "integer"),
        body("workshops", "object", "activity id to the same id as a number"),
        body("purchase_items", "object", "item id to quantity"),
        body("group_registration_uuid"),
    ),
    mails=True,
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
        EVENT,
        _ATTENDEE,
        *PAGE,
        include("workshop_categories, speakers"),
    ),
    source="Attendee Activities, List of Activities for an Attendee",
)
LIST_ATTENDEE_PURCHASES = Operation(
    name="list_attendee_purchases",
    method="GET",
    path="events/{event}/attendees/{attendee}/attendee_purchase_items",
    effect=Effect.READ,
    summary="List the purchase items of a person.",
    params=(EVENT, _ATTENDEE, *PAGE, include("attendee, purchase_item")),
    source="Merchandising, List of Purchases for an Attendee",
)
ADD_TO_ACTIVITY = Operation(
    name="add_attendee_to_activity",
    method="POST",
    path="events/{event}/attendee_workshops",
    effect=Effect.ADD,
    summary="Book a registered person into an activity. Takes a seat there; whether its price becomes due is not documented.",
    params=(EVENT, body("workshop_id", "integer", required=True), body("attendee_id", "integer", required=True)),
    source="Attendee Activities, Registering an Attendee to an Activity",
)
GET_ATTENDEE = single(
    "get_attendee",
    "events/{event}/attendees/{attendee}",
    "One registration.",
    "Attendees, Attendee",
    EVENT,
    _ATTENDEE,
    include("attendee_type, attendee_type_custom_fields"),
)
CANCEL_REGISTRATION = Operation(
    name="cancel_registration",
    method="PUT",
    path="events/{event}/attendees/{attendee}/cancel",
    effect=Effect.REMOVE,
    summary="Cancel a registration. Nothing takes it back, and no money is returned.",
    params=(EVENT, _ATTENDEE),
    source="Attendees, Cancel registration",
)
FIND_ATTENDEE_BY_EMAIL = single(
    "find_attendee_by_email",
    "events/{event}/attendees/by_email",
    "One registration of an address; there may be others.",
    "Attendees, Attendee by email",
    EVENT,
    Param("email", required=True),
    include("attendee_type, attendee_type_custom_fields"),
)
REMOVE_FROM_ACTIVITY = Operation(
    name="remove_attendee_from_activity",
    method="DELETE",
    path="events/{event}/attendee_workshops",
    effect=Effect.REMOVE,
    summary="Take a person out of an activity.",
    params=(EVENT, body("workshop_id", "integer", required=True), body("attendee_id", "integer", required=True)),
    trace=Trace(by="list_attendee_activities", given=(("attendee", "attendee_id"),), row="workshop_id"),
    source="Attendee Activities, Unregistering an Attendee from an Activity",
)
REPLACE_ACTIVITIES = Operation(
    name="replace_attendee_activities",
    method="PUT",
    path="events/{event}/attendees/{attendee}/update_activities",
    effect=Effect.REMOVE,
    repeatable=True,
    summary="Book a person into exactly these activities, and out of all others.",
    params=(EVENT, _ATTENDEE, body("workshop_ids", about="activity ids, comma-separated; not empty", required=True)),
    source="Attendee Activities, Updating Activities for an Attendee",
)
LIST_GUESTS = listing(
    "list_guests",
    "events/{event}/guests",
    "List the people invited, and whether they registered.",
    "Guests, List of Guests",
    EVENT,
    include("attendee, attendee_type"),
)
CREATE_GUEST = Operation(
    name="create_guest",
    method="POST",
    path="events/{event}/guests",
    effect=Effect.ADD,
    summary="Add a person to the invited.",
    params=(
        EVENT,
        body("first_name", required=True),
        body("last_name", required=True),
        body("email", required=True),
        body("company"),
        body("attendee_type_id", "integer", "the only type that the person may choose"),
    ),
    trace=Trace(by="list_guests", fields="attributes", agree=("first_name", "last_name", "email", "company")),
    source="Guests, Create Guest",
)
GET_GUEST = single(
    "get_guest",
    "events/{event}/guests/{guest}",
    "One person invited.",
    "Guests, Guest",
    EVENT,
    slot("guest"),
    include("attendee, attendee_type"),
)
LIST_ACTIVITY_ATTENDEES = listing(
    "list_activity_attendees",
    "events/{event}/workshops/{activity}/attendees",
    "List the people booked into an activity.",
    "Activities, List of Attendees in an Activity",
    EVENT,
    slot("activity"),
    *_FILTERS,
)
LIST_PURCHASES = listing(
    "list_purchases",
    "events/{event}/attendee_purchase_items",
    "List what people bought while registering.",
    "Merchandising, List of Items bought by Event",
    EVENT,
    include("attendee, purchase_item"),
)
LIST_PAYMENTS = listing(
    "list_payments",
    "events/{event}/attendee-payments",
    "List an event's payments. They are not orders: who owes is told by the attendees' paid flag.",
    "Payments, List of Attendee Payments",
    EVENT,
    Param("include", about="names are not documented"),
    Param("start_date_time", kind="time", about="YYYY-MM-DD HH:MM"),
    Param("end_date_time", kind="time", about="YYYY-MM-DD HH:MM"),
    Param("payment_type", kind="integer", about="1 manual, 3 electronic", choices=("1", "3")),
    Param("status", about="comma-separated, of: processing, accepted, refuted, expired, error, refunded"),
)
LIST_SURVEYS = listing(
    "list_surveys",
    "events/{event}/surveys",
    "List the surveys of an event.",
    "Surveys, List of Surveys",
    EVENT,
    Param("include", about="names are not documented; custom_fields may be one"),
)
SUBMIT_SURVEY_ANSWERS = Operation(
    name="submit_survey_answers",
    method="POST",
    path="events/{event}/surveys/{survey}/answers",
    effect=Effect.ADD,
    summary="Hand in answers to a survey. No field says whose they are.",
    params=(
        EVENT,
        slot("survey"),
        body("answers", "object", "question id to answer", required=True),
        body("survey_type", required=True, choices=("attendee", "business_conference_meetings")),
    ),
    trace=Trace(by="list_survey_answers", fields="attributes", agree=("answers=values",)),
    source="Surveys, Add survey answer",
)
LIST_SURVEY_ANSWERS = listing(
    "list_survey_answers",
    "events/{event}/surveys/{survey}/survey_answers",
    "List the answers to a survey.",
    "Surveys, List of Survey Answers",
    EVENT,
    slot("survey"),
)

PEOPLE = (
    LIST_ATTENDEE_TYPES,
    LIST_ATTENDEES,
    REGISTER_ATTENDEE,
    GET_ATTENDEE,
    CANCEL_REGISTRATION,
    FIND_ATTENDEE_BY_EMAIL,
    LIST_ATTENDEE_ACTIVITIES,
    ADD_TO_ACTIVITY,
    REMOVE_FROM_ACTIVITY,
    REPLACE_ACTIVITIES,
    LIST_GUESTS,
    CREATE_GUEST,
    GET_GUEST,
    LIST_ACTIVITY_ATTENDEES,
    LIST_PURCHASES,
    LIST_ATTENDEE_PURCHASES,
    LIST_PAYMENTS,
    LIST_SURVEYS,
    SUBMIT_SURVEY_ANSWERS,
    LIST_SURVEY_ANSWERS,
)
