"""An organiser's morning: twelve questions, each answered by both sides, which must find the same.

The wrapper's side is played as an economical model would: it filters where the platform can, knows ids and details from
what it has read already, never reads twice what cannot have changed, and follows pages only until the question is answered.
Arithmetic that a model would have to do over the rows costs it nothing here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.sides import Ours, Wrapper
from tests.support import NOW

JAZZ, BREAKFAST, CERAMICS, PARTY = "Quayside Jazz", "Founders' Breakfast", "Ceramics for Beginners", "Harbour Lights"
ADA = {"name": "Ada Pier", "email": "ada.pier@example.org"}
REGULAR = "marta.kesson420@mail.example"
YESTERDAY = datetime(2027, 2, 28, tzinfo=UTC)
SUMMARY = "Bring an apron; the clay is ours."
GONE = frozenset({"cancelled", "refunded", "expired"})
Row = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What the organiser asks, and how each side finds it."""

    asked: str
    ours: Callable[[Ours], Awaitable[Any]]
    wrapper: Callable[[Wrapper], Awaitable[Any]]
    how: str
    """The wrapper's way, for the documentation."""


def rows(answer: Row) -> list[Row]:
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


def upcoming(event: Row) -> bool:
    """Whether an event of the platform has not ended: running, repeating, and without a date too."""
    if event["starts_at"] is None or event["schedule_type"] == "recurring":
        return True
    starts = datetime.strptime(event["starts_at"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return starts + timedelta(hours=float(event["duration"] or 0)) > NOW


def heads(orders: Sequence[Row]) -> int:
    """People of orders that stand; an RSVP has no line and is one."""
    return sum(
        order["total_quantity"] + (order["payment_method"] == "rsvp") for order in orders if order["status"] not in GONE
    )


def found(wrapper: Wrapper, title: str) -> Row:
    """An event that the first question has shown."""
    return next(event for event in wrapper.read["events"] if title in event["name"])


async def orders_of(wrapper: Wrapper, event: Row) -> list[Row]:
    """An event's orders, read once."""
    known: dict[str, list[Row]] = wrapper.read.setdefault("orders", {})
    if event["id"] not in known:
        known[event["id"]] = await wrapper.pages("list_sales", event_id=event["id"])
    return known[event["id"]]


async def _coming(ours: Ours) -> Any:
    return sorted(row["title"] for row in rows(await ours.call("list_events")))


async def _coming_wrapped(wrapper: Wrapper) -> Any:
    wrapper.read["events"] = await wrapper.pages("list_events")
    return sorted(event["name"] for event in wrapper.read["events"] if upcoming(event))


async def _tickets(ours: Ours) -> Any:
    answer = await ours.call("get_event", event=JAZZ)
    return {(row["name"], row["sold"]) for row in rows(answer["tickets"])}


async def _tickets_wrapped(wrapper: Wrapper) -> Any:
    event = found(wrapper, JAZZ)
    orders = await orders_of(wrapper, event)
    return {(ticket["type"], _sold(orders, ticket["type"])) for ticket in event["tickets"]}


def _sold(orders: Sequence[Row], ticket: str) -> int:
    return sum(
        line["quantity"]
        for order in orders if order["status"] in {"paid", "unpaid"}
        for line in order["tickets"] if line["type"] == ticket
    )  # fmt: skip


async def _description(ours: Ours) -> Any:
    answer = await ours.call("get_event", event=PARTY, include=["description"])
    return "Last boat at eleven" in answer["description"]


async def _description_wrapped(wrapper: Wrapper) -> Any:
    return "*Last boat* at eleven" in found(wrapper, PARTY)["description"]


async def _who(ours: Ours) -> Any:
    return sorted(row["email"] for row in rows(await ours.call("list_attendees", event=BREAKFAST)))


async def _who_wrapped(wrapper: Wrapper) -> Any:
    orders = await orders_of(wrapper, found(wrapper, BREAKFAST))
    return sorted(order["email"] for order in orders if order["status"] not in GONE)


async def _unpaid(ours: Ours) -> Any:
    answer = await ours.call("list_sales", event=JAZZ, status="unpaid")
    ours.read["unpaid"] = rows(answer)
    return sorted(row["buyer"] for row in rows(answer))


async def _unpaid_wrapped(wrapper: Wrapper) -> Any:
    return sorted(
        order["name"] for order in await orders_of(wrapper, found(wrapper, JAZZ)) if order["status"] == "unpaid"
    )


async def _bought(ours: Ours) -> Any:
    return [row["status"] for row in rows(await ours.call("list_sales", email=REGULAR))]


async def _bought_wrapped(wrapper: Wrapper) -> Any:
    return [row["status"] for row in await wrapper.pages("list_sales", email=REGULAR)]


async def _register(ours: Ours) -> Any:
    answer = await ours.call("register_attendee", event=BREAKFAST, **ADA)
    return answer["outcome"] == "done"


async def _register_wrapped(wrapper: Wrapper) -> Any:
    event = found(wrapper, BREAKFAST)
    order = {event["tickets"][0]["id"]: 1}
    answer = await wrapper.call("create_sale", event_id=event["id"], tickets=order, **ADA)
    wrapper.read["orders"][event["id"]].append(answer["data"])
    return answer["data"]["email"] == ADA["email"]


async def _pay(ours: Ours) -> Any:
    answer = await ours.call("update_sale", sales=[ours.read["unpaid"][0]["ref"]], action="mark_paid")
    return rows(answer)[0]["outcome"] if "rows" in answer else answer["outcome"]


async def _pay_wrapped(wrapper: Wrapper) -> Any:
    orders = await orders_of(wrapper, found(wrapper, JAZZ))
    order = next(order for order in orders if order["status"] == "unpaid")
    order |= (await wrapper.call("update_sale", id=order["id"], action="mark_paid"))["data"]
    return "done" if order["status"] == "paid" else order["status"]


async def _new(ours: Ours) -> Any:
    answer = await ours.call("list_sales", since="2027-02-28T00:00+00:00", until="2027-03-01T08:59+00:00")
    return answer["total"]


async def _new_wrapped(wrapper: Wrapper) -> Any:
    fresh = 0
    for page in range(1, 99):
        answer = await wrapper.call("list_sales", per_page=20, page=page)
        made = [datetime.fromisoformat(order["created_at"]) for order in answer["data"]]
        fresh += sum(YESTERDAY <= at < NOW for at in made)
        if min(made) < YESTERDAY:
            break
    return fresh


async def _change(ours: Ours) -> Any:
    answer = await ours.call("update_event", event=CERAMICS, summary=SUMMARY)
    return answer["outcome"] == "done"


async def _change_wrapped(wrapper: Wrapper) -> Any:
    event = found(wrapper, CERAMICS)
    answer = await wrapper.call("update_event", id=event["id"], short_description=SUMMARY)
    return answer["data"]["short_description"] == SUMMARY


async def _figures(ours: Ours) -> Any:
    answer = await ours.call("event_summary", events=[JAZZ])
    return answer["registered"], str(answer["revenue"])


async def _figures_wrapped(wrapper: Wrapper) -> Any:
    orders = await orders_of(wrapper, found(wrapper, JAZZ))
    paid = sum(order["payment_amount"] for order in orders if order["status"] == "paid")
    return heads(orders), f"{paid:.2f} USD"


async def _all_figures(ours: Ours) -> Any:
    return {row["title"]: row["registered"] for row in rows(await ours.call("event_summary"))}


async def _all_figures_wrapped(wrapper: Wrapper) -> Any:
    events = [event for event in wrapper.read["events"] if upcoming(event)]
    return {event["name"]: heads(await orders_of(wrapper, event)) for event in events}


MORNING: tuple[Question, ...] = (
    Question("What is coming up?", _coming, _coming_wrapped,
             "`list_events`; no filter by date, because repeating events began in the past"),
    Question("How many tickets of Quayside Jazz are sold, kind by kind?", _tickets, _tickets_wrapped,
             "`list_sales` of the event, because an event does not tell what was sold"),
    Question("What does the text of the Harbour Lights say?", _description, _description_wrapped,
             "nothing: the first list holds the texts"),
    Question("Who is coming to the Founders' Breakfast?", _who, _who_wrapped, "`list_sales` of the event"),
    Question("Who has not paid for Quayside Jazz?", _unpaid, _unpaid_wrapped, "nothing: read for the second question"),
    Question("What has this address bought from us?", _bought, _bought_wrapped, "`list_sales` by `email`"),
    Question("Register Ada Pier for the breakfast.", _register, _register_wrapped, "`create_sale`, the ticket known from the first list"),
    Question("The latest unpaid order of Quayside Jazz has been paid.", _pay, _pay_wrapped, "`update_sale`, the order known"),
    Question("What was sold since yesterday?", _new, _new_wrapped, "`list_sales`, newest first, pages of twenty until an older one comes"),
    Question("Ceramics needs another summary.", _change, _change_wrapped, "`update_event`"),
    Question("Quayside Jazz in figures, please.", _figures, _figures_wrapped, "nothing: read for the second question"),
    Question("How many are registered for each event to come?", _all_figures, _all_figures_wrapped,
             "`list_sales` of each event that was not read before"),
)  # fmt: skip
