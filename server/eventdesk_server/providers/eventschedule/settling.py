"""What becomes of an order: paid, refunded, cancelled. The platform keeps a record; no money moves by it."""

from collections.abc import Mapping, Sequence

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.words import person_status, sale_status
from eventdesk_tools.errors import InvalidArguments, NotFound, Unsupported
from eventdesk_tools.models import Json, Outcome, PersonStatus, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.people import someone
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.records import SaleAction
from eventdesk_tools.refs import Kind
from eventdesk_tools.text import line

_FROM: Mapping[SaleAction, frozenset[str]] = {
    "mark_paid": frozenset({"unpaid"}),
    "refund": frozenset({"paid"}),
    "cancel": frozenset({"unpaid", "paid"}),
}
_TO: Mapping[SaleAction, str] = {"mark_paid": "paid", "refund": "refunded", "cancel": "cancelled"}
_SAID: Mapping[SaleAction, str] = {"mark_paid": "marked as paid", "refund": "marked as refunded", "cancel": "cancelled"}
_TEXT_LIMIT = 80
_NAMED = 12


async def plan_cancellation(
    reader: Reader, event_id: str, record: str, *, whole_order: bool
) -> WritePlan | WriteResult:
    """Cancel the order that a registration is."""
    return await _plan(reader, event_id, record, "cancel", Kind.REGISTRATION, whole_order=whole_order)


async def plan_sale_update(
    reader: Reader, event_id: str, record: str, action: SaleAction, *, whole_order: bool
) -> WritePlan | WriteResult:
    """Mark an order."""
    return await _plan(reader, event_id, record, action, Kind.ORDER, whole_order=whole_order)


async def plan_action(reader: Reader, record: str, action: SaleAction) -> WritePlan | WriteResult:
    """The same for an order that is named alone, of whatever event."""
    return await _plan(reader, "", record, action, Kind.ORDER, whole_order=False, by_tool=False)


async def _plan(
    reader: Reader,
    event_id: str,
    record: str,
    action: SaleAction,
    kind: Kind,
    *,
    whole_order: bool,
    by_tool: bool = True,
) -> WritePlan | WriteResult:
    sale = await reader.sale(record)
    if event_id and sale.event_id and sale.event_id != event_id:
        raise NotFound(
            "This event has no such order.", next="Call list_attendees or list_sales of the event for current refs."
        )
    status = _word(kind, sale.status)
    over = kind is Kind.REGISTRATION and person_status(sale.status) is PersonStatus.CANCELLED
    if sale.status == _TO[action] or over:
        return WriteResult(
            outcome=Outcome.ALREADY_DONE,
            event_id=sale.event_id,
            record=(kind, sale.id),
            status=status,
            mail="no",
            makes_true=("sale", sale.id, _TO[action]),
        )
    _refuse_transition(sale, action)
    if sale.group_id and not sale.is_primary:
        raise Unsupported(
            "This is one guest of a group: Event Schedule changes a group's orders through its first one only.",
            next=f"Ask the person whether all of the group are meant; then name {kind}-{sale.group_id} with whole_order."
            if sale.group_id
            else "",
        )
    others = await _others(reader, sale)
    items = _items([sale, *others])
    parts = sum(line.quantity for line in sale.tickets)
    if action != "mark_paid" and (others or parts > 1) and not whole_order:
        raise InvalidArguments(
            f"More than one ticket would be {_SAID[action]}: {_listed(items)}. A part of an order cannot be taken out.",
            next="Ask the person whether all of this is meant; if so, "
            + (
                "repeat the call with whole_order: true."
                if by_tool
                else f"use update_sale with whole_order: true and the ref of o-{sale.id}."
            ),
            field="whole_order",
        )
    codes = await reader.currencies([sale.event_id])
    currency = codes.get(sale.event_id, "").upper() or reader.settings.currency or None
    amounts = [order.payment_amount for order in (sale, *others) if order.payment_amount is not None]
    total = Money(sum(amounts[1:], amounts[0]), currency) if amounts else None
    question = _question(sale, action, items, total, len(others))

    async def present() -> wire.Sale | None:
        found = await reader.sale_if_there(sale.id)
        return found if found is not None and found.status == _TO[action] else None

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        return (Found(sale.id),) if await present() is not None else ()

    async def stands(_: Mapping[str, str]) -> WriteResult | None:
        found = await present()
        return result(found, ()) if found is not None else None

    async def finish(_: Mapping[str, str]) -> WriteResult:
        after = await reader.sale(sale.id)
        notes = (
            []
            if after.status == _TO[action]
            else ["Event Schedule took the change, but the order shows another status."]
        )
        return result(after, (*notes, *_afterwards(action, sale.status, total)))

    def result(after: wire.Sale, notes: Sequence[str]) -> WriteResult:
        facts: dict[str, Json] = {"items": items}
        if total is not None:
            facts["amount"] = str(total)
        return WriteResult(
            outcome=Outcome.DONE,
            event_id=sale.event_id,
            record=(kind, sale.id),
            status=_word(kind, after.status),
            mail="unknown",
            facts=facts,
            notes=tuple(notes),
        )

    prepared = reader.client.prepare(operations.UPDATE_SALE, path={"sale": sale.id}, body={"action": action})
    return WritePlan(
        summary=f"{_SAID[action].capitalize()}: order of {someone(sale.email or sale.name)}",
        makes_true=("sale", sale.id, _TO[action]),
        steps=(reader.client.step(f"order {_SAID[action]}", prepared, wire.One[wire.Sale], lambda _: {}, find=find),),
        finish=finish,
        stands=stands,
        question=question,
        changes=(Change("status", before=status, after=_word(kind, _TO[action])),),
        mail="unknown",
        facts={"items": items} | ({"amount": str(total)} if total is not None else {}),
    )


def _word(kind: Kind, status: str) -> str:
    return person_status(status) if kind is Kind.REGISTRATION else sale_status(status)


def _refuse_transition(sale: wire.Sale, action: SaleAction) -> None:
    """Refuse what the platform has no way for.

    Raises:
        InvalidArguments: Another action would do; `allowed` names it.
        Unsupported: None would.
    """
    if sale.status in _FROM[action]:
        return
    able = [name for name, words in _FROM.items() if sale.status in words]
    words = sale_status(sale.status)
    if able:
        raise InvalidArguments(
            f"The order is {words}: it cannot be {_SAID[action]}.",
            next="Tell the person, or repeat the call with an action of allowed.",
            field="action",
            allowed=able,
        )
    raise Unsupported(
        f"The order is {words}, which the API cannot change.",
        next="Tell the person to look at it in Event Schedule itself.",
        field="action",
    )


async def _others(reader: Reader, sale: wire.Sale) -> list[wire.Sale]:
    """The orders that share the fate of this one: its group's, and where it is the first of several orders, theirs.

    Orders made together may be on several events; they bear one address.
    """
    found: dict[str, wire.Sale] = {}
    if sale.group_id and sale.is_primary:
        query = {"event_id": sale.event_id}
        found |= {row.id: row async for row in reader.sales(query) if row.group_id == sale.group_id}
    if sale.order_id and sale.is_order_primary:
        query = {"email": sale.email}
        found |= {row.id: row async for row in reader.sales(query) if row.order_id == sale.order_id}
    return [row for row in found.values() if row.id != sale.id and row.active]


def _items(sales: Sequence[wire.Sale]) -> list[str]:
    """What goes, each with its number; of several events by event."""
    several = len({sale.event_id for sale in sales}) > 1
    sums: dict[str, int] = {}
    for sale in sales:
        where = f" ({sale.event_name[:_TEXT_LIMIT]})" if several else ""
        for held in sale.tickets:
            name = f"{held.type[:_TEXT_LIMIT]}{where}"
            sums[name] = sums.get(name, 0) + held.quantity
        if not sale.tickets:
            sums[f"RSVP{where}"] = sums.get(f"RSVP{where}", 0) + 1
    return [f"{quantity} × {name}" for name, quantity in sums.items()]


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
    return ", ".join(line(item) for item in items[:_NAMED]) + more


def _question(sale: wire.Sale, action: SaleAction, items: Sequence[str], total: Money | None, others: int) -> Question:
    """Always asked: places become free for others, or somebody counts as having paid. None of it can be taken back."""
    who = someone(sale.name or sale.email, _TEXT_LIMIT)
    what = f"order of {who} for '{line(sale.event_name, _TEXT_LIMIT)}': {_listed(items)}"
    if others:
        what += f" ({others + 1} orders that belong together)"
    money = f" {total}." if total is not None and not total.free else ""
    match action:
        case "mark_paid":
            text, why = f"Mark as paid the {what}?{money} Was it paid? Eventdesk cannot see that.", Why.UNPAID_ACCESS
        case "refund":
            text, why = f"Mark as refunded the {what}?{money} No money is returned by this.", Why.DESTRUCTIVE
        case "cancel":
            text, why = f"Cancel the {what}?{money} No money is returned.", Why.DESTRUCTIVE
    return Question(text=text, why=frozenset({why}), reversible=False)


def _afterwards(action: SaleAction, before: str, total: Money | None) -> list[str]:
    if total is None or total.free or (action == "cancel" and before == "unpaid"):
        return []
    if action == "mark_paid":
        return ["Only the record changed: no money was taken."]
    return [f"No money was returned: {total} is the organiser's to give back."]
