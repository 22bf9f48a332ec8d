"""evvnt's endpoints, of its three APIs (evvnt REST API documentation): listings, and which role may call what."""

from dataclasses import replace

from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.evvnt import operations_other as other
from eventdesk_server.providers.evvnt.operations_other import ORGANISER as _ORGANISER
from eventdesk_server.providers.evvnt.operations_other import PARTNER as _PARTNER
from eventdesk_server.providers.evvnt.operations_other import PUBLISHER as _PUBLISHER

_FILTERS = (
    Param("max_results", kind="integer", about="20 unless told; a value over 100 is ignored"),
    Param("page", kind="integer", about="1 is the first"),
    Param("newer_than", kind="time", about="changed after this time"),
    Param("category_id", about="comma-separated; their descendants too"),
    Param("country", about="two-letter code"),
)
_EVENT = Param("event", "path", required=True)
_BODY = (
    Param("title", "body", required=True),
    Param("capacity", "body", "integer"),
    Param("category_id", "body", "integer", required=True),
    Param("sub_category_ids", "body", "list"),
    Param("package_id", "body", about="whose credit is used; a partner sends it in the query"),
    Param("start_time", "body", "time", required=True, about="local time with the offset of that day"),
    Param("end_time", "body", "time", required=True),
    Param("door_time", "body", "time"),
    Param("last_entry_time", "body", "time"),
    Param("summary", "body", required=True, about="at most 200 characters"),
    Param("description", "body", required=True, about="at most 2000 characters"),
    Param("image_urls", "body", "list", about="at most two"),
    Param("organiser_name", "body"),
    Param("contact", "body", "object", required=True, about="name, email, tel"),
    Param("venue", "body", "object", required=True),
    Param("links", "body", "object", about="Website, Booking, Tickets and others, by name"),
    Param("prices", "body", "object", required=True, about='label to text such as "GBP 12.5"'),
    Param("artists", "body"),
    Param("keywords", "body"),
    Param("hashtag", "body"),
)

LIST_FEED = Operation(
    name="list_feed",
    method="GET",
    path="events",
    effect=Effect.READ,
    summary="Lists every listing that the key may see: the feed, not one's own.",
    params=_FILTERS,
    source=f"{_PUBLISHER}, GET /events",
)
LIST_MINE = Operation(
    name="list_my_events",
    method="GET",
    path="events/mine",
    effect=Effect.READ,
    summary="Lists an organiser's own listings.",
    params=_FILTERS,
    source=f"{_ORGANISER}, GET /events/mine",
)
LIST_OURS = Operation(
    name="list_our_events",
    method="GET",
    path="events/ours",
    effect=Effect.READ,
    summary="Lists the listings of a partner's users.",
    params=(*_FILTERS, Param("user_id", about="one user's only")),
    source=f"{_PARTNER}, GET /events/ours",
)
GET_EVENT = Operation(
    name="get_event",
    method="GET",
    path="events/{event}",
    effect=Effect.READ,
    summary="Shows one listing.",
    params=(_EVENT,),
    source=f"{_PUBLISHER}, GET /events/:event_id",
)
GET_OURS = Operation(
    name="get_our_event",
    method="GET",
    path="events/ours/{event}",
    effect=Effect.READ,
    summary="Shows one listing of a partner's users.",
    params=(_EVENT,),
    source=f"{_PARTNER}, GET /events/ours/:event_id",
)
CREATE_EVENT = Operation(
    name="create_event",
    method="POST",
    path="events",
    effect=Effect.ADD,
    summary="Publishes a listing at once. Nothing takes it back.",
    params=(
        *_BODY,
        Param("user_id", about="a partner: the user it is for"),
        Param("package_id", about="a partner: whose credit is used"),
        Param("publisher_id", kind="integer", about="a partner: the site it comes from"),
    ),
    cost="one credit of the package",
    source=f"{_ORGANISER}, POST /events; {_PARTNER}, POST /events",
)

UPDATE_EVENT = Operation(
    name="update_event",
    method="PUT",
    path="events/{event}",
    effect=Effect.CHANGE,
    summary="Changes a listing; what is left out stays. Nested objects are given whole.",
    params=(
        _EVENT,
        *(replace(param, required=False) for param in _BODY if param.name != "package_id"),
        Param("user_id", about="a partner: the user whose listing it is"),
    ),
    repeatable=True,
    source=f"{_ORGANISER}, PUT /events/:event_id; {_PARTNER}, PUT /events/:event_id",
)
GET_REPORT = Operation(
    name="get_event_report",
    method="GET",
    path="events/{event}/report",
    effect=Effect.READ,
    summary="Shows where one of one's own listings went, its reach and clicks.",
    params=(_EVENT,),
    source=f"{_ORGANISER}, GET /events/:event_id/report",
)

LIST_CATEGORIES = other.LIST_CATEGORIES
LIST_PUBLISHERS = other.LIST_PUBLISHERS
GET_CONTRACT = other.GET_CONTRACT
LIST_MY_PACKAGES = other.LIST_MY_PACKAGES
LIST_USER_PACKAGES = other.LIST_USER_PACKAGES

_FOR_ORGANISERS = (LIST_MINE, CREATE_EVENT, UPDATE_EVENT, GET_REPORT, *other.FOR_ORGANISERS)
_FOR_PARTNERS = (LIST_OURS, GET_OURS, *other.FOR_PARTNERS)
ALL: tuple[Operation, ...] = (LIST_FEED, GET_EVENT, *other.FOR_ALL, *_FOR_ORGANISERS, *_FOR_PARTNERS)


def not_for(operation: Operation, role: str) -> str:
    """Why a login of this role is not offered an operation, naming the role that is; "" where it is.

    Organisers may call all that publishers may, partners all (documentation, the beginning of each API).
    """
    if operation in _FOR_PARTNERS and role != "partner":
        return f"it needs the role partner, and this account's is {role}"
    if operation in _FOR_ORGANISERS and role == "publisher":
        return "it needs the role organiser or partner, and this account's is publisher"
    return ""
