"""`list_sales`: orders and payments."""

from typing import Annotated, Literal, cast

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.listing import Source, answer_list, read_cursor, read_sources
from eventdesk_tools.models import Json
from eventdesk_tools.naming import name_event
from eventdesk_tools.people import clean_email
from eventdesk_tools.ports import Capability
from eventdesk_tools.privacy import Privacy
from eventdesk_tools.records import Sale, SaleQuery, SaleStatus
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec, column_names
from eventdesk_tools.text import line
from eventdesk_tools.times import parse_date, parse_span

Column = Literal[
    "ref", "buyer", "items", "amount", "status", "made", "event", "email", "quantity", "method", "discount", "occurrence",
    "reference",
]  # fmt: skip
DEFAULT: tuple[Column, ...] = ("ref", "buyer", "items", "amount", "status", "made")
PERSONAL = frozenset({"buyer", "email"})


class ListSalesArgs(ToolArgs):
    """Arguments of `list_sales`."""

    event: Annotated[str, Field(max_length=300)] = ""
    account: Annotated[str, Field(max_length=64)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    status: Literal[
        "", "unpaid", "paid", "refunded", "cancelled", "expired", "mismatch", "pending", "failed", "unknown"
    ] = ""
    since: Annotated[str, Field(max_length=40)] = ""
    until: Annotated[str, Field(max_length=40)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""
    fields: Annotated[list[Column], column_names(13)] = []
    limit: Annotated[int, Field(ge=1, le=200)] = 30
    cursor: Annotated[str, Field(max_length=200)] = ""


async def list_sales(call: Call, args: ListSalesArgs) -> Answer:
    """List orders, or payments where a platform keeps only these, of an event or a whole account."""
    columns = cast("list[Column]", call.desk.people.columns(args.fields, DEFAULT, PERSONAL))
    call.notes.add(call.desk.people.note)
    email = clean_email(args.email) if args.email else ""
    if args.event:
        named = await name_event(call, args.event, Capability.LIST_SALES, writing=False)
        scopes = [(named.account, named.id)]
    else:
        scopes = [(account, "") for account in call.chosen(args.account, Capability.LIST_SALES)]
    queries: dict[str, SaleQuery] = {}
    sources: list[Source[Sale]] = []
    for account, event_id in scopes:
        query = _query(args, account, event_id, email)
        queries[account.name] = query
        call.tell_how(account, Capability.LIST_SALES)
        sources.append(_source(account, query))
    filters = call.filters("list_sales", args.model_dump(exclude={"fields", "limit", "cursor"}))
    after = read_cursor(args.cursor, filters) if args.cursor else None
    read = await read_sources(
        call,
        sources,
        key=lambda s: s.id,
        keep=lambda s, sale: fits(sale, queries[s.account.name]),
        after=after,
        limit=args.limit,
    )
    return answer_list(
        call, read, columns, lambda s, sale: [cell(name, s.account, sale, call.desk.people) for name in columns],
        filters=filters, limit=args.limit, limit_given="limit" in args.model_fields_set, asked=bool(args.fields),
    )  # fmt: skip


def _query(args: ListSalesArgs, account: Account, event_id: str, email: str) -> SaleQuery:
    zone = account.zone or "UTC"
    since, until = parse_span(args.since, args.until, zone)
    return SaleQuery(
        event_id=event_id, email=email, status=args.status, since=since, until=until,
        occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
    )  # fmt: skip


def _source(account: Account, query: SaleQuery) -> Source[Sale]:
    return Source(account, query.event_id, lambda at: account.provider.list_sales(query, at=at))


def fits(sale: Sale, query: SaleQuery) -> bool:
    """Whether a sale is one of those asked for, whatever the platform filtered."""
    return (
        (not query.email or sale.email.strip().casefold() == query.email.casefold())
        and (not query.status or sale.status == query.status)
        and (query.since is None or (sale.made is not None and sale.made >= query.since))
        and (query.until is None or (sale.made is not None and sale.made <= query.until))
        and (query.occurrence is None or sale.occurrence is None or sale.occurrence == query.occurrence)
    )


def cell(name: Column, account: Account, sale: Sale, people: Privacy) -> Json:
    """One cell. None means that the platform does not tell."""
    match name:
        case "ref":
            return (
                str(account.ref(sale.event_id).inside(Kind.ORDER, sale.id))
                if sale.event_id
                else f"{account.name}:?:o-{sale.id}"
            )
        case "buyer":
            return people.cell("person", line(sale.buyer, 100))
        case "method" | "reference" | "event":
            return line(getattr(sale, name), 100)
        case "email":
            return people.cell("email", line(sale.email, 254))
        case "items":
            return ", ".join(f"{quantity} × {line(item, 60)}" for item, quantity in sale.items[:12])
        case "amount" | "discount":
            money = sale.amount if name == "amount" else sale.discount
            return str(money) if money is not None else None
        case "status":
            return (
                sale.status.value
                if sale.status is not SaleStatus.UNKNOWN or not sale.word
                else f"unknown ({line(sale.word, 30)})"
            )
        case "made":
            return sale.made.isoformat(timespec="minutes") if sale.made is not None else None
        case "quantity":
            return sale.quantity
        case "occurrence":
            return sale.occurrence.isoformat() if sale.occurrence is not None else None


TOOL = ToolSpec(
    title="List sales", args=ListSalesArgs, handler=list_sales, effect=Effect.READ, needs=Capability.LIST_SALES
)
