"""evvnt's endpoints that Eventdesk uses, of its three APIs (evvnt REST API documentation)."""

from eventdesk_server.http.operations import Effect, Operation, Param

_PUBLISHER = "evvnt REST API documentation, Publisher API"
_ORGANISER = "evvnt REST API documentation, Event Organiser API"
_PARTNER = "evvnt REST API documentation, Partner API"
_FILTERS = (
    Param("max_results", kind="integer", about="20 unless told; a value over 100 is ignored"),
    Param("page", kind="integer", about="1 is the first"),
    Param("newer_than", kind="time", about="changed after this time"),
    Param("category_id", about="comma-separated; their descendants too"),
    Param("country", about="two-letter code"),
)
_EVENT = Param("event", "path", required=True)
_USER = Param("user", "path", required=True)
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
LIST_CATEGORIES = Operation(
    name="list_categories",
    method="GET",
    path="categories",
    effect=Effect.READ,
    summary="Lists all categories, each with its parent.",
    source=f"{_PUBLISHER}, GET /categories",
)
LIST_PUBLISHERS = Operation(
    name="list_publishers",
    method="GET",
    path="publishers",
    effect=Effect.READ,
    summary="Lists the sites assigned to the key.",
    source=f"{_PUBLISHER}, GET /publishers",
)
GET_CONTRACT = Operation(
    name="get_contract",
    method="GET",
    path="contract",
    effect=Effect.READ,
    summary="Shows which packages can be bought, and their price.",
    source=f"{_ORGANISER}, GET /contract",
)
LIST_MY_PACKAGES = Operation(
    name="list_my_packages",
    method="GET",
    path="packages/mine",
    effect=Effect.READ,
    summary="Lists an organiser's packages; credits left are not told.",
    source=f"{_ORGANISER}, GET /packages/mine",
)
LIST_USER_PACKAGES = Operation(
    name="list_user_packages",
    method="GET",
    path="users/{user}/packages",
    effect=Effect.READ,
    summary="Lists the packages of a partner's user.",
    params=(_USER,),
    source=f"{_PARTNER}, GET /users/:user_id/packages",
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

OPERATIONS = (
    LIST_FEED,
    LIST_MINE,
    LIST_OURS,
    GET_EVENT,
    GET_OURS,
    LIST_CATEGORIES,
    LIST_PUBLISHERS,
    GET_CONTRACT,
    LIST_MY_PACKAGES,
    LIST_USER_PACKAGES,
    CREATE_EVENT,
)
