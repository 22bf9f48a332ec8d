"""evvnt's endpoints beside listings: categories, sites, packages, and a partner's users."""

from eventdesk_server.http.operations import Effect, Operation, Param, Trace

PUBLISHER = "evvnt REST API documentation, Publisher API"
ORGANISER = "evvnt REST API documentation, Event Organiser API"
PARTNER = "evvnt REST API documentation, Partner API"
_USER = Param("user", "path", required=True)
_SITE = Param("publisher", "path", required=True, about="a site's id, of list_publishers")
_ON_SITE = (_SITE, Param("event", "path", required=True))

LIST_CATEGORIES = Operation(
    name="list_categories",
    method="GET",
    path="categories",
    effect=Effect.READ,
    summary="Lists all categories, each with its parent.",
    source=f"{PUBLISHER}, GET /categories",
)
LIST_PUBLISHERS = Operation(
    name="list_publishers",
    method="GET",
    path="publishers",
    effect=Effect.READ,
    summary="Lists the sites assigned to the key.",
    source=f"{PUBLISHER}, GET /publishers",
)
GET_CONTRACT = Operation(
    name="get_contract",
    method="GET",
    path="contract",
    effect=Effect.READ,
    summary="Shows which packages can be bought, and their price.",
    source=f"{ORGANISER}, GET /contract",
)
LIST_MY_PACKAGES = Operation(
    name="list_my_packages",
    method="GET",
    path="packages/mine",
    effect=Effect.READ,
    summary="Lists an organiser's packages; credits left are not told.",
    source=f"{ORGANISER}, GET /packages/mine",
)
LIST_USER_PACKAGES = Operation(
    name="list_user_packages",
    method="GET",
    path="users/{user}/packages",
    effect=Effect.READ,
    summary="Lists the packages of a partner's user.",
    params=(_USER,),
    source=f"{PARTNER}, GET /users/:user_id/packages",
)
LIST_EVENTS_V3 = Operation(
    name="list_events_v3",
    method="GET",
    path="v3/events",
    effect=Effect.READ,
    summary="Lists listings with their dates, where they repeat.",
    withheld="what it takes and answers is not published",
    source=f"{PUBLISHER}, GET /v3/events (2026)",
)
LIST_SITE_CATEGORIES = Operation(
    name="list_publisher_categories",
    method="GET",
    path="publishers/{publisher}/categories",
    effect=Effect.READ,
    summary="Lists the categories that a site takes.",
    params=(_SITE, Param("filter", choices=("all", "direct", "direct_to_root"), about="all unless told")),
    source=f"{PUBLISHER}, GET /publishers/:publisher_id/categories",
)
LIST_PUBLISHED = Operation(
    name="list_published_events",
    method="GET",
    path="publishers/{publisher}/published_events",
    effect=Effect.READ,
    summary="Lists what is to come on a site, with the address of its page there.",
    params=(_SITE, Param("newer_than", kind="time", about="changed after this time")),
    source=f"{PUBLISHER}, GET /publishers/:publisher_id/published_events",
)
GET_PUBLISHED = Operation(
    name="get_published_event",
    method="GET",
    path="publishers/{publisher}/published_events/{event}",
    effect=Effect.READ,
    summary="Shows one listing as a site has it.",
    params=_ON_SITE,
    source=f"{PUBLISHER}, GET /publishers/:publisher_id/published_events/:event_id",
)
SET_PUBLISHED = Operation(
    name="set_published_url",
    method="PUT",
    path="publishers/{publisher}/published_events/{event}",
    effect=Effect.CHANGE,
    summary="Tells evvnt where a site shows a listing: its url or its slug, never both.",
    params=(*_ON_SITE, Param("url", "body"), Param("slug", "body", about="like events/quayside-jazz")),
    repeatable=True,
    source=f"{PUBLISHER}, PUT /publishers/:publisher_id/published_events/:event_id",
)
GET_PACKAGE = Operation(
    name="get_package",
    method="GET",
    path="packages/{package}",
    effect=Effect.READ,
    summary="Shows one package; credits left are not told.",
    params=(Param("package", "path", required=True),),
    source=f"{ORGANISER}, GET /packages/:package_id",
)
CREATE_PACKAGE = Operation(
    name="create_package",
    method="POST",
    path="packages",
    effect=Effect.ADD,
    summary="Buys credits. It spends money at once.",
    params=(
        Param("id", "body", "integer", required=True, about="what is bought: an option of get_contract"),
        Param("event_quantity", "body", "integer", required=True),
        Param("purchase_order_id", "body"),
        Param("notes", "body"),
        Param("user_id", about="a partner: the user it is for"),
    ),
    cost="the option's cost_per_event times event_quantity",
    source=f"{ORGANISER}, POST /packages; {PARTNER}, POST /packages",
)
CREATE_USER = Operation(
    name="create_user",
    method="POST",
    path="users",
    effect=Effect.ADD,
    summary="Adds a customer of a partner.",
    params=(Param("name", "body", required=True), Param("email", "body", required=True)),
    trace=Trace(by="list_users", rows="", key="uuid", agree=("name", "email")),
    source=f"{PARTNER}, POST /users",
)
LIST_USERS = Operation(
    name="list_users",
    method="GET",
    path="users",
    effect=Effect.READ,
    summary="Lists a partner's customers.",
    source=f"{PARTNER}, GET /users",
)
GET_USER = Operation(
    name="get_user",
    method="GET",
    path="users/{user}",
    effect=Effect.READ,
    summary="Shows one of a partner's customers.",
    params=(_USER,),
    source=f"{PARTNER}, GET /users/:user_id",
)
UPDATE_USER = Operation(
    name="update_user",
    method="PUT",
    path="users/{user}",
    effect=Effect.CHANGE,
    summary="Changes name or e-mail of a partner's customer.",
    params=(_USER, Param("name", "body"), Param("email", "body")),
    repeatable=True,
    trace=Trace(by="get_user", rows="", agree=("name", "email")),
    source=f"{PARTNER}, PUT /users/:user_id",
)

FOR_ALL: tuple[Operation, ...] = (
    LIST_CATEGORIES,
    LIST_PUBLISHERS,
    LIST_SITE_CATEGORIES,
    LIST_PUBLISHED,
    GET_PUBLISHED,
    SET_PUBLISHED,
    LIST_EVENTS_V3,
)
FOR_ORGANISERS: tuple[Operation, ...] = (GET_CONTRACT, LIST_MY_PACKAGES, GET_PACKAGE, CREATE_PACKAGE)
FOR_PARTNERS: tuple[Operation, ...] = (LIST_USER_PACKAGES, CREATE_USER, LIST_USERS, GET_USER, UPDATE_USER)
