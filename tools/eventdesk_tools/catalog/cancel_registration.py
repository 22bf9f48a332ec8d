"""`cancel_registration`: take people off an event."""

from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.batch import plan_by_event, records_of
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.write_each import write_each


class CancelRegistrationArgs(ToolArgs):
    """Arguments of `cancel_registration`."""

    attendees: Annotated[list[str], Field(description="Refs.", min_length=1, max_length=50)]
    whole_order: Annotated[bool, Field(description="Also what else is in their orders.")] = False
    dry_run: bool = False


async def cancel_registration(call: Call, args: CancelRegistrationArgs) -> Answer:
    """Cancel registrations, an outcome each. No money is returned."""
    account, refs = records_of(
        call, args.attendees, {Kind.REGISTRATION, Kind.ORDER}, Capability.CANCEL_REGISTRATION, "attendees"
    )
    call.tell_how(account, Capability.CANCEL_REGISTRATION)
    provider = account.provider
    plans = await plan_by_event(
        refs, lambda event, records: provider.plan_cancellations(event, records, whole_order=args.whole_order)
    )

    def text(number: int) -> str:
        return f"Cancel {number} registration{'s' if number != 1 else ''} at {account.name}?"

    return await write_each(call, account, plans, text=text, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Cancel registration", args=CancelRegistrationArgs, handler=cancel_registration, effect=Effect.REMOVE,
    needs=Capability.CANCEL_REGISTRATION,
)  # fmt: skip
