"""Endpoints about the account, its schedules, their sub-schedules and categories."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace

PAGE = (
    Param("page", kind="integer", about="from 1"),
    Param("per_page", kind="integer", about="1 to 500, 100 without it"),
)
_TYPES = ("venue", "talent", "curator")
_LANGUAGES = ("ar", "de", "en", "es", "et", "fr", "he", "it", "nl", "pt", "ro", "ru")
_SUBDOMAIN = Param("subdomain", "path", required=True, about="of the schedule")
_GROUP = Param("group", "path", required=True, about="id of the sub-schedule")
_SEEN = "behaviour seen on a running server of August 2026"
_LOG_IN = "log-in: a key is made in Event Schedule's account settings and set in Eventdesk's"

_SCHEDULE_FIELDS = (
    Param("email", "body", about="contact; hosted: send it always, without one creating fails half-way"),
    Param("description", "body", about="Markdown, at most 10000 characters"),
    Param("short_description", "body", about="at most 200 characters"),
    Param("timezone", "body", about="IANA name; not checked, and a wrong one makes creating events fail"),
    Param("language_code", "body", choices=_LANGUAGES),
    Param("website", "body"),
    Param("address1", "body"),
    Param("city", "body"),
    Param("state", "body"),
    Param("postal_code", "body"),
    Param("country_code", "body", about="two letters"),
)

_SCHEDULE_NAMES = tuple(param.name for param in _SCHEDULE_FIELDS)

SEND_CODE = Operation(
    name="send_verification_code",
    method="POST",
    path="register/send-code",
    effect=Effect.ADD,
    summary="Mail a verification code for a new account.",
    params=(Param("email", "body", required=True),),
    mails=True,
    withheld="sign-up: a person opens an account on Event Schedule's own page",
    source="reference page, Registration",
)

REGISTER = Operation(
    name="register",
    method="POST",
    path="register",
    effect=Effect.ADD,
    summary="Open an account.",
    params=(
        Param("name", "body", required=True),
        Param("email", "body", required=True),
        Param("password", "body", required=True),
        Param("verification_code", "body", about="hosted only"),
        Param("timezone", "body"),
        Param("language_code", "body", choices=_LANGUAGES),
    ),
    withheld="sign-up: it takes a password and answers a key",
    source="reference page, Registration",
)

LOG_IN = Operation(
    name="login",
    method="POST",
    path="login",
    effect=Effect.ADD,
    summary="Exchange e-mail and password for a key.",
    params=(Param("email", "body", required=True), Param("password", "body", required=True)),
    withheld=_LOG_IN,
    source="reference page, Login",
)

LIST_SCHEDULES = Operation(
    name="list_schedules",
    method="GET",
    path="schedules",
    effect=Effect.READ,
    summary="Schedules that the key's user owns or administers, by name, with their sub-schedules.",
    params=(
        Param("subdomain", about="exact"),
        Param("name", about="part of the name"),
        Param("type", choices=_TYPES),
        *PAGE,
    ),
    source="reference page, List Schedules",
)

SHOW_SCHEDULE = Operation(
    name="show_schedule",
    method="GET",
    path="schedules/{subdomain}",
    effect=Effect.READ,
    summary="One schedule with its sub-schedules.",
    params=(_SUBDOMAIN,),
    source="reference page, Show Schedule",
)

CREATE_SCHEDULE = Operation(
    name="create_schedule",
    method="POST",
    path="schedules",
    effect=Effect.ADD,
    summary="Create a schedule. Its subdomain is made of the first words of the name: read it from the answer.",
    params=(
        Param("name", "body", required=True),
        Param("type", "body", required=True, choices=_TYPES),
        *_SCHEDULE_FIELDS,
    ),
    mails=True,
    trace=Trace(by="list_schedules", agree=("name", "type", "email")),
    source=f"reference page, Create Schedule; {_SEEN}",
)

UPDATE_SCHEDULE = Operation(
    name="update_schedule",
    method="PUT",
    path="schedules/{subdomain}",
    effect=Effect.CHANGE,
    summary="Change fields of a schedule; type and subdomain cannot be changed.",
    params=(_SUBDOMAIN, Param("name", "body"), *_SCHEDULE_FIELDS),
    trace=Trace(by="show_schedule", agree=("name", *_SCHEDULE_NAMES)),
    source="reference page, Update Schedule",
)

DELETE_SCHEDULE = Operation(
    name="delete_schedule",
    method="DELETE",
    path="schedules/{subdomain}",
    effect=Effect.REMOVE,
    summary="Delete a schedule, as its owner. A performer's takes the events along that nobody else performs at.",
    params=(_SUBDOMAIN,),
    mails=True,
    trace=Trace(by="show_schedule"),
    source=f"reference page, Delete Schedule; {_SEEN}",
)

LIST_GROUPS = Operation(
    name="list_groups",
    method="GET",
    path="schedules/{subdomain}/groups",
    effect=Effect.READ,
    summary="Sub-schedules of a schedule.",
    params=(_SUBDOMAIN,),
    source="reference page, List Sub-Schedules",
)

CREATE_GROUP = Operation(
    name="create_group",
    method="POST",
    path="schedules/{subdomain}/groups",
    effect=Effect.ADD,
    summary="Create a sub-schedule; its slug is made of the name.",
    params=(_SUBDOMAIN, Param("name", "body", required=True), Param("color", "body", about="such as #FF5733")),
    trace=Trace(by="list_groups", agree=("name", "color")),
    source="reference page, Create Sub-Schedule",
)

UPDATE_GROUP = Operation(
    name="update_group",
    method="PUT",
    path="schedules/{subdomain}/groups/{group}",
    effect=Effect.CHANGE,
    summary="Change a sub-schedule's name, and with it its slug, or its colour.",
    params=(_SUBDOMAIN, _GROUP, Param("name", "body"), Param("color", "body", about="such as #FF5733")),
    trace=Trace(by="list_groups", agree=("name", "color"), row="group"),
    source=f"reference page, Update Sub-Schedule; {_SEEN}",
)

DELETE_GROUP = Operation(
    name="delete_group",
    method="DELETE",
    path="schedules/{subdomain}/groups/{group}",
    effect=Effect.REMOVE,
    summary="Delete a sub-schedule for good; its events stay on the schedule.",
    params=(_SUBDOMAIN, _GROUP),
    trace=Trace(by="list_groups", row="group"),
    source="reference page, Delete Sub-Schedule",
)

LIST_CATEGORIES = Operation(
    name="list_categories",
    method="GET",
    path="categories",
    effect=Effect.READ,
    summary="The platform's twelve categories.",
    source="reference page, List Categories",
)

LIST_SCHEDULE_CATEGORIES = Operation(
    name="list_schedule_categories",
    method="GET",
    path="categories/{subdomain}",
    effect=Effect.READ,
    summary="The categories that a schedule's events may have, its own ones included.",
    params=(_SUBDOMAIN,),
    source=f"not on the reference page; {_SEEN}",
)

ALL: tuple[Operation, ...] = (
    SEND_CODE,
    REGISTER,
    LOG_IN,
    LIST_SCHEDULES,
    SHOW_SCHEDULE,
    CREATE_SCHEDULE,
    UPDATE_SCHEDULE,
    DELETE_SCHEDULE,
    LIST_GROUPS,
    CREATE_GROUP,
    UPDATE_GROUP,
    DELETE_GROUP,
    LIST_CATEGORIES,
    LIST_SCHEDULE_CATEGORIES,
)
