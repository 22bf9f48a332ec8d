"""`update_sale`: mark what became of sales."""

from typing import Annotated, Literal

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.batch import plan_each, records_of
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.write_each import write_each

_ENDING = frozenset({"refund", "cancel"})
"""What takes the person off the event too, and so needs `cancel_registration` to be permitted."""
_VERBS = {"mark_paid": "Mark as paid", "refund": "Mark as refunded", "cancel": "Cancel"}


class UpdateSaleArgs(ToolArgs):
    """Arguments of `update_sale`."""

    sales: Annotated[list[str], Field(description="Refs.", min_length=1, max_length=50)]
    action: Literal["mark_paid", "refund", "cancel"]
    whole_order: bool = False
    dry_run: bool = False


async def update_sale(call: Call, args: UpdateSaleArgs) -> Answer:
    """Mark sales paid, refunded or cancelled, an outcome each. No money moves."""
    if args.action in _ENDING:
        call.through = (*call.through, Capability.CANCEL_REGISTRATION.value)
    account, refs = records_of(call, args.sales, {Kind.ORDER, Kind.REGISTRATION}, Capability.UPDATE_SALE, "sales")
    provider = account.provider
    plans = await plan_each(
        refs, lambda ref: provider.plan_sale_update(ref.event, ref.id, args.action, whole_order=args.whole_order)
    )

    def text(number: int) -> str:
        sales = f"{number} sale{'s' if number != 1 else ''}"
        return f"{_VERBS[args.action]}: {sales} at {account.name}? No money moves."

    return await write_each(call, account, plans, text=text, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Update sale", args=UpdateSaleArgs, handler=update_sale, effect=Effect.CHANGE, needs=Capability.UPDATE_SALE
)
