"""Stock, counted for each ticket and each event date by itself."""

import json

from eventdesk_server.sandbox.eventschedule.answers import Refusal
from eventdesk_server.sandbox.eventschedule.state import Row, State

HOLDING = ("unpaid", "paid")
"""The statuses in which a sale holds its tickets."""


def sold(ticket: Row, date: str) -> int:
    counters: dict[str, int] = json.loads(ticket["sold"])
    return counters.get(date, 0)


def add_sold(state: State, ticket_id: int, date: str | None, quantity: int) -> None:
    """Count a date's sold tickets up, or down to nothing."""
    ticket = state.find("ticket", ticket_id)
    if ticket is None or date is None:
        return
    counters: dict[str, int] = json.loads(ticket["sold"])
    counters[date] = max(0, counters.get(date, 0) + quantity)
    state.store.update("eventschedule_ticket", {"id": ticket_id}, {"sold": json.dumps(counters)})


def move_stock(state: State, sale: Row, sign: int) -> None:
    """Take (1) or release (-1) what a sale's lines hold, add-ons included."""
    for line in state.store.rows("select ticket_id, quantity from eventschedule_line where sale_id = ?", (sale["id"],)):
        add_sold(state, line["ticket_id"], sale["event_date"], sign * line["quantity"])


def check_stock(event: Row, tickets: list[Row], wanted: dict[int, int], date: str) -> None:
    """Refuse what a date cannot seat.

    Raises:
        Refusal: A ticket, the shared pool, or the whole house has too few left.
    """
    seats = [ticket for ticket in tickets if not ticket["is_pass"]]
    limits = [ticket["quantity"] or 0 for ticket in seats]
    pooled = bool(event["shared_pool"]) and len(seats) > 1 and len({limit for limit in limits if limit > 0}) == 1
    taken = sum(sold(ticket, date) for ticket in seats)
    for ticket in tickets:
        if ticket["id"] not in wanted or not ticket["quantity"]:
            continue
        if pooled and not ticket["is_pass"]:
            left = max(limits) - taken
            if sum(wanted.values()) > left:
                raise Refusal(422, f"Tickets not available. Remaining: {left}")
            continue
        left = ticket["quantity"] - sold(ticket, date)
        if wanted[ticket["id"]] > left:
            raise Refusal(422, f"Tickets not available for ticket {ticket['code']}. Remaining: {left}")
    if not seats or any(limit <= 0 for limit in limits):
        return
    reserved: dict[str, int] = json.loads(event["reserved"] or "{}")
    capacity = max(limits) if pooled else sum(limits)
    asked = sum(wanted.get(ticket["id"], 0) for ticket in seats)
    if asked > max(0, capacity - taken - reserved.get(date, 0)):
        raise Refusal(422, "Tickets not available.")
