"""`update_event`: change what an event says of itself."""

from typing import Annotated, Literal

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.catalog.create_event import PlaceArgs, TicketArgs
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.naming import name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.records import EventDraft
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.writes import write

Clearable = Literal["ends", "summary", "description", "category", "tickets", "website", "booking_url", "image_url"]


class UpdateEventArgs(ToolArgs):
    """Arguments of `update_event`."""

    event: Annotated[str, Field(max_length=300)]
    title: Annotated[str, Field(max_length=255)] = ""
    starts: Annotated[str, Field(max_length=40)] = ""
    ends: Annotated[str, Field(max_length=40)] = ""
    summary: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=10_000)] = ""
    place: PlaceArgs | None = None
    category: Annotated[str, Field(max_length=200)] = ""
    tickets: Annotated[list[TicketArgs], Field(max_length=40)] = []
    website: Annotated[str, Field(max_length=2_000)] = ""
    booking_url: Annotated[str, Field(max_length=2_000)] = ""
    image_url: Annotated[str, Field(max_length=2_000)] = ""
    published: bool | None = None
    clear: Annotated[list[Clearable], Field(max_length=8)] = []
    dry_run: bool = False


async def update_event(call: Call, args: UpdateEventArgs) -> Answer:
    """Change an event: what is given, and `clear` empties. `tickets` is the whole list."""
    draft = EventDraft(
        title=args.title.strip() or None, starts=args.starts.strip() or None, ends=args.ends.strip() or None,
        summary=args.summary.strip() or None, description=args.description.strip() or None,
        place=args.place.place() if args.place is not None else None, category=args.category.strip() or None,
        tickets=tuple(ticket.ticket() for ticket in args.tickets) or None, website=args.website.strip() or None,
        booking_url=args.booking_url.strip() or None, image_url=args.image_url.strip() or None, published=args.published,
        clear=frozenset(args.clear),
    )  # fmt: skip
    if draft == EventDraft():
        raise InvalidArguments("Nothing is to be changed.", next="Give at least one argument beside event.")
    both = [name for name in args.clear if getattr(draft, name) is not None]
    if both:
        raise InvalidArguments(f"{both[0]} is given and to be emptied.", field=both[0])
    named = await name_event(call, args.event, Capability.UPDATE_EVENT, writing=True)
    plan = await named.account.provider.plan_update(named.id, draft)
    return await write(call, named.account, plan, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Update event",
    args=UpdateEventArgs,
    handler=update_event,
    effect=Effect.CHANGE,
    needs=Capability.UPDATE_EVENT,
)
