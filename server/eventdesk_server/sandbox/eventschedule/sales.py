"""Sales: lists, single ones, status actions and deletion. Creation is in `selling`."""

from eventdesk_server.sandbox.eventschedule import names
from eventdesk_server.sandbox.eventschedule.answers import Answer, Refusal, check, success
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.inventory import HOLDING, move_stock
from eventdesk_server.sandbox.eventschedule.paging import PER_PAGE_RULE, newest_first, page, paged
from eventdesk_server.sandbox.eventschedule.render import sale_data
from eventdesk_server.sandbox.eventschedule.state import Row, State
from eventdesk_server.sandbox.eventschedule.validation import (
    DAY,
    EMAIL,
    NULLABLE,
    REQUIRED,
    STRING,
    Rule,
    one_of,
    validate,
)  # fmt: skip

_FILTERS: dict[str, tuple[Rule, ...]] = {
    "event_id": (NULLABLE, STRING),
    "subdomain": (NULLABLE, STRING),
    "status": (NULLABLE, STRING, one_of("unpaid", "paid", "cancelled", "refunded", "expired")),
    "email": (NULLABLE, STRING, EMAIL),
    "event_date": (NULLABLE, DAY),
    "per_page": PER_PAGE_RULE,
}
_ACTIONS = {
    "mark_paid": (("unpaid",), "paid"),
    "refund": (("paid",), "refunded"),
    "cancel": (("unpaid", "paid"), "cancelled"),
}


def list_sales(state: State, call: Call, user: Row) -> Answer:
    check(validate(call.input, _FILTERS))
    events = [row["id"] for row in state.listed_events(user)]
    if call.has("event_id"):
        wanted = state.decode(call.get("event_id"))
        events = [number for number in events if number == wanted]
    rows: list[Row] = []
    for number in events:
        rows += state.store.rows("select * from eventschedule_sale where event_id = ? and is_deleted = 0", (number,))
    for column in ("subdomain", "status", "email", "event_date"):
        if call.has(column):
            sought = call.get(column)
            rows = [row for row in rows if sought is not None and names.folded(row[column]) == names.folded(sought)]
    ordered = newest_first(state, rows, "created_at", page(call))
    return paged(call, ordered, lambda row: sale_data(state, row, user))


def _editable(state: State, call: Call, user: Row) -> Row:
    """The sale in the path.

    Raises:
        Refusal: It is unknown or deleted (404), its event is not the user's (403), or the plan excludes it (403).
    """
    sale = state.find("sale", state.decode(call.parameters["id"]))
    event = state.find("event", sale["event_id"]) if sale is not None and not sale["is_deleted"] else None
    if sale is None or event is None:
        raise Refusal(404, "Sale not found")
    if not state.may_edit(user, event):
        raise Refusal(403, "Unauthorized")
    if not state.is_pro_event(event):
        raise Refusal(403, "API usage is limited to Pro accounts")
    return sale


def show_sale(state: State, call: Call, user: Row) -> Answer:
    return success(sale_data(state, _editable(state, call, user), user))


def _is_secondary(sale: Row) -> bool:
    return sale["group_id"] is not None and sale["group_id"] != sale["id"]


def _followers(state: State, sale: Row) -> list[Row]:
    """The sales that follow a primary one: of its group, and of its order."""
    rows: list[Row] = []
    if sale["group_id"] == sale["id"]:
        rows += state.store.rows(
            "select * from eventschedule_sale where group_id = ? and id <> ?", (sale["id"], sale["id"])
        )
    if sale["order_id"] is not None and sale["is_order_primary"]:
        rows += state.store.rows(
            "select * from eventschedule_sale where order_id = ? and id <> ?", (sale["order_id"], sale["id"])
        )
    return list({row["id"]: row for row in rows}.values())


def set_status(state: State, sale: Row, status: str) -> None:
    """Change one sale's status, and release what it holds when it no longer may hold it."""
    values: dict[str, object] = {"status": status, "updated_at": state.stamp()}
    if status == "paid":
        values["transaction_reference"] = "Manual payment (API)"
    state.store.update("eventschedule_sale", {"id": sale["id"]}, values)
    if sale["status"] in HOLDING and status not in HOLDING:
        move_stock(state, sale, -1)


def update_sale(state: State, call: Call, user: Row) -> Answer:
    sale = _editable(state, call, user)
    check(validate(call.input, {"action": (REQUIRED, STRING, one_of(*_ACTIONS))}))
    if _is_secondary(sale):
        raise Refusal(403, "Cannot modify non-primary grouped sales")
    action = call.get("action")
    sources, status = _ACTIONS[action]
    if sale["status"] not in sources:
        raise Refusal(422, f'Action "{action}" cannot be performed on a sale with status "{sale["status"]}"')
    for row in (sale, *_followers(state, sale)):
        if row["status"] in sources:
            set_status(state, row, status)
    return success(sale_data(state, state.find("sale", sale["id"]) or sale, user), "Sale updated successfully")


def delete_sale(state: State, call: Call, user: Row) -> Answer:
    sale = _editable(state, call, user)
    if _is_secondary(sale):
        raise Refusal(403, "Cannot delete non-primary grouped sales")
    for row in (sale, *_followers(state, sale)):
        if row["status"] in HOLDING:
            set_status(state, row, "cancelled")
        state.store.update("eventschedule_sale", {"id": row["id"]}, {"is_deleted": 1})
    return success({"message": "Sale deleted successfully"})
