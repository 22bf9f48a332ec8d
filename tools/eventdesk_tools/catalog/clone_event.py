"""`clone_event`: one copy of an event, at another date."""

from typing import Annotated, Literal

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.models import CloneOrder
from eventdesk_tools.naming import name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.writes import write


class CloneEventArgs(ToolArgs):
    """Arguments of `clone_event`."""

    event: Annotated[str, Field(max_length=300)]
    starts: Annotated[str, Field(max_length=40)]
    title: Annotated[str, Field(max_length=255)] = ""
    calendar: Annotated[str, Field(max_length=120)] = ""
    skip: Annotated[
        list[
            Literal["tickets", "sessions", "speakers", "extras", "places", "zones", "networking", "page", "description"]
        ],
        Field(max_length=9),
    ] = []
    website: Annotated[str, Field(max_length=2_000)] = ""
    booking_url: Annotated[str, Field(max_length=2_000)] = ""
    package: Annotated[str, Field(max_length=100)] = ""
    published: bool = False
    dry_run: bool = False


async def clone_event(call: Call, args: CloneEventArgs) -> Answer:
    """Copy an event once, within its account. Everything dated moves by the same days; people and sales stay. Unpublished
    unless asked; listings are public."""
    named = await name_event(call, args.event, Capability.CLONE_EVENT, writing=True)
    order = CloneOrder(
        event_id=named.id,
        starts=args.starts.strip(),
        title=args.title.strip(),
        calendar=args.calendar.strip(),
        skip=tuple(dict.fromkeys(args.skip)),
        website=args.website.strip(),
        booking_url=args.booking_url.strip(),
        package=args.package.strip(),
        published=args.published,
    )
    plan = await named.account.provider.plan_clone(order)
    return await write(call, named.account, plan, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Clone event", args=CloneEventArgs, handler=clone_event, effect=Effect.ADD, needs=Capability.CLONE_EVENT
)
