"""Writing operations under the guards of the tools, from raw arguments (path and body, flat by name)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import cast

from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.orders import plan_sale
from eventdesk_server.providers.eventschedule.putting import Put, plan_put, refuse_what_mangles
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.settling import plan_action
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json, Outcome, SaleOrder, WriteResult
from eventdesk_tools.people import someone
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.records import SaleAction
from eventdesk_tools.refs import Kind
from eventdesk_tools.text import line

_TEXT_LIMIT = 80
Planner = Callable[[Mapping[str, Json]], Awaitable[WritePlan | WriteResult]]


def guarded(reader: Reader) -> Mapping[str, Planner]:
    """By the operation's name; those that are missing here need no guard of a tool."""

    def of(plan: Callable[[Reader, Mapping[str, Json]], Awaitable[WritePlan | WriteResult]]) -> Planner:
        return lambda arguments: plan(reader, arguments)

    return {
        operations.CREATE_EVENT.name: of(_create_event),
        operations.UPDATE_EVENT.name: of(_update_event),
        operations.DELETE_EVENT.name: of(_delete_event),
        operations.CREATE_SALE.name: of(_create_sale),
        operations.UPDATE_SALE.name: of(_update_sale),
        operations.DELETE_SALE.name: of(_delete_sale),
    }


def _body(operation: Operation, arguments: Mapping[str, Json]) -> dict[str, Json]:
    names = {param.name for param in operation.params if param.where == "body"}
    return {name: value for name, value in arguments.items() if name in names}


async def _update_event(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    body = _body(operations.UPDATE_EVENT, arguments)
    if not body:
        raise InvalidArguments("Nothing is to be changed.", next="Give at least one argument beside event.")
    refuse_what_mangles(body)
    event = await reader.event(str(arguments["event"]))
    home = await reader.home(event)

    def told(found: wire.Event) -> Mapping[str, Json]:
        held = found.model_dump(mode="json")
        return {name: held.get(name) for name in body}

    before = told(event)
    changes = tuple(Change(name, before[name], value) for name, value in body.items())
    return await plan_put(reader, event, home, Put(body=body, changes=changes, told=told, ask=True, compared=False))


async def _create_event(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    body = _body(operations.CREATE_EVENT, arguments)
    refuse_what_mangles(body, creating=True)
    subdomain, title = str(arguments["subdomain"]), str(body["name"]).strip()

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        day = str(body["starts_at"])[:10]
        query = {"subdomain": subdomain, "name": title, "starts_after": day, "starts_before": day}
        return tuple(
            [Found(row.id, {"event": row.id}) async for row in reader.events(query) if row.name.strip() == title]
        )

    async def stands(values: Mapping[str, str]) -> WriteResult | None:
        made = await reader.event_if_there(values["event"])
        return _made(made) if made is not None else None

    async def finish(values: Mapping[str, str]) -> WriteResult:
        return _made(await reader.event(values["event"]))

    prepared = reader.client.prepare(operations.CREATE_EVENT, path={"subdomain": subdomain}, body=body)
    draft = body.get("is_draft") is True or body.get("is_internal") is True
    default = "" if "is_draft" in body else " Without is_draft the schedule's own default decides whether it is public."
    return WritePlan(
        summary=f"Create {line(title)} on {subdomain}",
        makes_true=("operation", "create_event", subdomain, *(f"{name}={body[name]}" for name in sorted(body))),
        steps=(
            reader.client.step(
                "create the event", prepared, wire.One[wire.Event], lambda a: {"event": a.data.id}, find=find
            ),
        ),
        finish=finish,
        stands=stands,
        question=None
        if draft
        else Question(
            text=f"Publish a new event: '{line(title, _TEXT_LIMIT)}' on {subdomain}?{default}",
            why=frozenset({Why.PUBLIC}),
            reversible=False,
        ),
        mail="no",
    )


def _made(event: wire.Event) -> WriteResult:
    facts: dict[str, Json] = {
        "title": event.name,
        "starts_at": event.starts_at.isoformat() if event.starts_at is not None else None,
        "is_draft": event.is_draft,
        "tickets": len(event.tickets),
    }
    return WriteResult(outcome=Outcome.DONE, event_id=event.id, url=event.url, mail="no", facts=facts)


async def _delete_event(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    event = await reader.event(str(arguments["event"]))
    orders = await reader.orders_made(event.id)
    held = (
        f" {orders} order{'s' if orders != 1 else ''} on it vanish{'es' if orders == 1 else ''} with it."
        if orders
        else ""
    )
    also = " A venue or performer that had no other event and no address to write to may be deleted as well."
    return _removal(
        reader,
        operations.DELETE_EVENT,
        {"event": event.id},
        text=f"Delete '{line(event.name, _TEXT_LIMIT)}' for good?{held}{also} Hiding it is archive_event.",
        gone=lambda: _is_gone(reader.event_if_there(event.id)),
        result=WriteResult(outcome=Outcome.DONE, event_id=event.id, status="deleted", mail="unknown"),
    )


async def _delete_sale(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    sale = await reader.sale(str(arguments["sale"]))
    if sale.group_id and not sale.is_primary:
        raise Unsupported(
            "This is one guest of a group: Event Schedule deletes a group's orders through its first one only.",
            next="Ask the person whether all of the group are meant.",
            field="sale",
        )
    items = ", ".join(f"{line.quantity} × {line.type[:_TEXT_LIMIT]}" for line in sale.tickets[:12]) or "RSVP"
    more = " The other orders of its group go along." if sale.is_primary or sale.is_order_primary else ""
    who = someone(sale.name or sale.email, _TEXT_LIMIT)
    return _removal(
        reader,
        operations.DELETE_SALE,
        {"sale": sale.id},
        text=f"Delete the order of {who} for '{line(sale.event_name, _TEXT_LIMIT)}' for good: {items}?{more} No money is returned.",
        gone=lambda: _is_gone(reader.sale_if_there(sale.id)),
        result=WriteResult(
            outcome=Outcome.DONE,
            event_id=sale.event_id,
            record=(Kind.ORDER, sale.id) if sale.event_id else None,
            status="deleted",
            mail="unknown",
        ),
    )


async def _is_gone(read: Awaitable[wire.Event | wire.Sale | None]) -> bool:
    return await read is None


def _removal(
    reader: Reader,
    operation: Operation,
    path: Mapping[str, str],
    *,
    text: str,
    gone: Callable[[], Awaitable[bool]],
    result: WriteResult,
) -> WritePlan:
    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        return (Found(next(iter(path.values()))),) if await gone() else ()

    async def stands(_: Mapping[str, str]) -> WriteResult | None:
        return result if await gone() else None

    async def finish(_: Mapping[str, str]) -> WriteResult:
        return result

    prepared = reader.client.prepare(operation, path=path)
    return WritePlan(
        summary=operation.summary,
        makes_true=("operation", operation.name, *path.values()),
        steps=(reader.client.step(operation.name, prepared, object, lambda _: {}, find=find),),
        finish=finish,
        stands=stands,
        question=Question(text=text, why=frozenset({Why.DESTRUCTIVE}), reversible=False),
        mail="unknown",
    )


async def _create_sale(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    """An order: by id where a key is one of the event's, else by name; never a list, and each item once."""
    event = await reader.event(str(arguments["event_id"]))
    tickets, extras = {row.id for row in event.tickets}, {row.id for row in event.addons}
    items: list[tuple[str, int]] = []
    for name, known, kind in (("tickets", tickets, Kind.TICKET), ("addons", extras, Kind.EXTRA)):
        given = cast("Mapping[str, Json]", arguments.get(name) or {})
        for key, quantity in given.items():
            if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
                raise InvalidArguments(f"{name} holds a quantity that is no number from 1.", field=name)
            items.append((f"{kind}-{key}" if key in known else key, quantity))
    day = arguments.get("event_date")
    order = SaleOrder(
        event_id=event.id,
        name=str(arguments["name"]),
        email=str(arguments["email"]),
        items=tuple(items),
        occurrence=date.fromisoformat(str(day)) if day else None,
    )
    return await plan_sale(reader, order)


async def _update_sale(reader: Reader, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
    return await plan_action(reader, str(arguments["sale"]), cast("SaleAction", arguments["action"]))


def without_secrets(answer: Json) -> Json:
    """A decoded answer without fields called secret, whatever they hold."""
    if isinstance(answer, Mapping):
        held = cast("Mapping[str, Json]", answer)
        return {name: without_secrets(value) for name, value in held.items() if name != "secret"}
    if isinstance(answer, list):
        return [without_secrets(value) for value in cast("list[Json]", answer)]
    return answer
