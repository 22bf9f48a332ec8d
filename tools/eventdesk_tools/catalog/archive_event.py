"""`archive_event`: out of the public's sight, and back where that exists."""

from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.naming import name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.writes import write


class ArchiveEventArgs(ToolArgs):
    """Arguments of `archive_event`."""

    event: Annotated[str, Field(max_length=300)]
    restore: bool = False
    dry_run: bool = False


async def archive_event(call: Call, args: ArchiveEventArgs) -> Answer:
    """Take an event off the public's sight; its data is kept. `effect` tells how: archived (no undo), deactivated, hidden."""
    named = await name_event(call, args.event, Capability.ARCHIVE_EVENT, writing=True)
    plan = await named.account.provider.plan_archive(named.id, restore=args.restore)
    return await write(call, named.account, plan, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Archive event",
    args=ArchiveEventArgs,
    handler=archive_event,
    effect=Effect.REMOVE,
    needs=Capability.ARCHIVE_EVENT,
)
