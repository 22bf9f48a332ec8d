"""`create_sale`: one order."""

from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.catalog.register_attendee import OrderedItem
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.models import SaleOrder
from eventdesk_tools.naming import NamedEvent, inside, name_event
from eventdesk_tools.people import clean_email, clean_name
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.times import parse_date
from eventdesk_tools.writes import write


class CreateSaleArgs(ToolArgs):
    """Arguments of `create_sale`."""

    event: Annotated[str, Field(max_length=300)]
    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    items: Annotated[list[OrderedItem], Field(min_length=1, max_length=40)]
    occurrence: Annotated[str, Field(max_length=10)] = ""
    coupon: Annotated[str, Field(max_length=100)] = ""
    nth: Annotated[int, Field(description="2 = a second identical order is meant.", ge=1, le=99)] = 1
    dry_run: bool = False


async def create_sale(call: Call, args: CreateSaleArgs) -> Answer:
    """Record an order: unpaid unless it costs nothing; no money moves, nobody is mailed. Where only the platform sells, a
    link."""
    named = await name_event(call, args.event, Capability.CREATE_SALE, writing=True)
    order = SaleOrder(
        event_id=named.id,
        name=clean_name(args.name),
        email=clean_email(args.email),
        items=tuple((_item(item.item, named), item.quantity) for item in args.items),
        occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
        coupon=args.coupon.strip(),
        nth=args.nth,
    )
    plan = await named.account.provider.plan_sale(order)
    return await write(call, named.account, plan, dry_run=args.dry_run)


def _item(text: str, named: NamedEvent) -> str:
    """An item may be a ticket or an extra: the ref's own letter tells."""
    kind = Kind.EXTRA if text.strip().rpartition(":")[2].startswith(f"{Kind.EXTRA}-") else Kind.TICKET
    return inside(text, named, kind, "items")


TOOL = ToolSpec(
    title="Create sale", args=CreateSaleArgs, handler=create_sale, effect=Effect.ADD, needs=Capability.CREATE_SALE
)
