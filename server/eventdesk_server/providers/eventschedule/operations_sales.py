"""Endpoints about orders, and about what visitors send afterwards."""

from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.eventschedule.operations_schedules import PAGE

_SALE = Param("sale", "path", required=True)
_NOT_ON_PAGE = "vendor's OpenAPI file; not on the reference page"

LIST_SALES = Operation(
    name="list_sales",
    method="GET",
    path="sales",
    effect=Effect.READ,
    summary="Orders, latest first.",
    params=(
        Param("event_id"),
        Param("subdomain", about="of the schedule that the event was made on"),
        Param("status", choices=("unpaid", "paid", "cancelled", "refunded", "expired")),
        Param("email", about="exact, ignoring case"),
        Param("event_date", kind="date", about="in the schedule's zone"),
        *PAGE,
    ),
    source="reference page, List Sales",
)

SHOW_SALE = Operation(
    name="show_sale",
    method="GET",
    path="sales/{sale}",
    effect=Effect.READ,
    summary="One order with its lines.",
    params=(_SALE,),
    source="reference page, Show Sale",
)

CREATE_SALE = Operation(
    name="create_sale",
    method="POST",
    path="sales",
    effect=Effect.ADD,
    summary="Record an order; unpaid unless it costs nothing. No mail is sent and no duplicate is looked for.",
    params=(
        Param("event_id", "body", required=True),
        Param("name", "body", required=True),
        Param("email", "body", required=True),
        Param("tickets", "body", "object", required=True, about="ticket id to quantity"),
        Param("addons", "body", "object", about="add-on id to quantity"),
        Param("event_date", "body", "date", about="required for a repeating event, in the schedule's zone"),
    ),
    source="reference page, Create Sale",
)

UPDATE_SALE = Operation(
    name="update_sale",
    method="PUT",
    path="sales/{sale}",
    effect=Effect.CHANGE,
    summary="Mark an order paid, refunded or cancelled. A record: no money moves.",
    params=(_SALE, Param("action", "body", required=True, choices=("mark_paid", "refund", "cancel"))),
    source="reference page, Update Sale Status",
)

DELETE_SALE = Operation(
    name="delete_sale",
    method="DELETE",
    path="sales/{sale}",
    effect=Effect.REMOVE,
    summary="Take an order off the lists for good; its places become free.",
    params=(_SALE,),
    source="reference page, Delete Sale",
)

LIST_FEEDBACK = Operation(
    name="list_feedback",
    method="GET",
    path="feedback",
    effect=Effect.READ,
    summary="Ratings and comments of people who paid, newest first.",
    params=(
        Param("event_id"),
        Param("subdomain"),
        Param("event_date", kind="date"),
        Param("min_rating", kind="integer", about="1 to 5"),
        Param("from", kind="date", about="of submission"),
        Param("to", kind="date", about="of submission"),
        *PAGE,
    ),
    source=_NOT_ON_PAGE,
)

LIST_FAN_CONTENT = Operation(
    name="list_fan_content",
    method="GET",
    path="fan-content",
    effect=Effect.READ,
    summary="Comments, photos and videos that visitors sent, newest first; only approved ones unless asked.",
    params=(
        Param("type", choices=("comment", "photo", "video")),
        Param("event_id"),
        Param("subdomain"),
        Param("event_date", kind="date"),
        Param("is_approved", kind="integer", about="1 or 0", choices=("1", "0")),
        *PAGE,
    ),
    source=_NOT_ON_PAGE,
)

ALL: tuple[Operation, ...] = (
    LIST_SALES,
    SHOW_SALE,
    CREATE_SALE,
    UPDATE_SALE,
    DELETE_SALE,
    LIST_FEEDBACK,
    LIST_FAN_CONTENT,
)
