"""`create_event`: a new event, from scratch or from one of any account."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError, InvalidArguments, Unsupported
from eventdesk_tools.models import Json, WriteResult
from eventdesk_tools.naming import name_event
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import Capability
from eventdesk_tools.records import EventDraft, NewTicket, Place
from eventdesk_tools.spec import Closed, ToolArgs, ToolSpec
from eventdesk_tools.writes import write

_COPIED = frozenset(
    {
        "ends",
        "zone",
        "summary",
        "description",
        "place",
        "category",
        "tickets",
        "website",
        "booking_url",
        "image_url",
        "recurrence",
    }
)
"""What a copy may do without."""


class PlaceArgs(Closed):
    """Where an event is to be."""

    name: Annotated[str, Field(max_length=200)] = ""
    address: Annotated[str, Field(max_length=200)] = ""
    town: Annotated[str, Field(max_length=100)] = ""
    postcode: Annotated[str, Field(max_length=20)] = ""
    country: Annotated[str, Field(max_length=60)] = ""

    def place(self) -> Place:
        return Place(name=self.name, address=self.address, town=self.town, postcode=self.postcode, country=self.country)


class TicketArgs(Closed):
    """A ticket to be offered."""

    name: Annotated[str, Field(max_length=200)]
    price: Annotated[str, Field(max_length=40)]
    quantity: Annotated[int | None, Field(ge=1, le=1_000_000)] = None

    def ticket(self) -> NewTicket:
        return NewTicket(name=self.name.strip(), price=self.price, quantity=self.quantity)


class CreateEventArgs(ToolArgs):
    """Arguments of `create_event`."""

    account: Annotated[str, Field(max_length=64)] = ""
    calendar: Annotated[str, Field(max_length=120)] = ""
    from_event: Annotated[str, Field(max_length=300)] = ""
    title: Annotated[str, Field(max_length=255)] = ""
    starts: Annotated[str, Field(max_length=40)] = ""
    ends: Annotated[str, Field(max_length=40)] = ""
    zone: Annotated[str, Field(max_length=60)] = ""
    summary: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=10_000)] = ""
    place: PlaceArgs | None = None
    category: Annotated[str, Field(max_length=200)] = ""
    tickets: Annotated[list[TicketArgs], Field(max_length=40)] = []
    website: Annotated[str, Field(max_length=2_000)] = ""
    booking_url: Annotated[str, Field(max_length=2_000)] = ""
    image_url: Annotated[str, Field(max_length=2_000)] = ""
    recurrence: Annotated[str, Field(max_length=300)] = ""
    package: Annotated[str, Field(max_length=100)] = ""
    published: bool = False
    dry_run: bool = False


async def create_event(call: Call, args: CreateEventArgs) -> Answer:
    """Create an event, unpublished unless asked; a listing is public at once. `from_event`, of any account, supplies what
    is not given. `calendar`: schedule or schedule/sub-schedule; `recurrence`: RRULE."""
    (account, *others) = call.chosen(args.account, Capability.CREATE_EVENT)
    if others:
        raise InvalidArguments("Which account?", field="account", allowed=[a.name for a in (account, *others)][:10])
    given = draft = _given(args)
    zone: str | None = None
    if args.from_event:
        source = await name_event(call, args.from_event, Capability.GET_EVENT, writing=True, tool="get_event")
        call.use(account)
        copied = await source.account.provider.draft_of(source.id)
        draft = merged(copied, given)
        if given.starts is not None and given.zone is None:
            # A start that is given is wall time where the new event is to be, which this account knows.
            draft, zone = replace(draft, zone=None), copied.zone
    missing = [name for name in ("title", "starts") if not getattr(draft, name)]
    if missing:
        raise InvalidArguments(f"{' and '.join(missing)} must be given.", field=missing[0], next="Ask the person.")
    plan = await _plan(call, account, draft, given=given, copied=bool(args.from_event), zone=zone)
    return await write(call, account, plan, dry_run=args.dry_run)


async def _plan(
    call: Call, account: Account, draft: EventDraft, *, given: EventDraft, copied: bool, zone: str | None
) -> WritePlan | WriteResult:
    """A plan; of a copied draft without what this account cannot take, which is named in the answer.

    `zone` is the source's: times are read in it where this account has none of its own.
    """
    left_out: dict[str, EventdeskError] = {}
    while True:
        try:
            plan = await account.provider.plan_event(draft)
        except (Unsupported, InvalidArguments) as exc:
            name = exc.field.split(".")[0]
            if name == "zone" and draft.zone is None and zone is not None:
                draft, zone = replace(draft, zone=zone), None
                continue
            if name in left_out:
                # It can neither be taken as it is nor be left out: the first reason says what is wrong with it.
                raise left_out[name] from exc
            if not copied or name not in _COPIED or getattr(given, name) is not None or getattr(draft, name) is None:
                raise
            left_out[name] = exc
            draft = replace(draft, **{name: None})
            continue
        if left_out:
            call.notes.add(f"Not copied, because {account.title} does not take it: {', '.join(left_out)}.")
        return plan


def _given(args: CreateEventArgs) -> EventDraft:
    def text(name: str) -> str | None:
        return getattr(args, name).strip() or None

    return EventDraft(
        title=text("title"), starts=text("starts"), ends=text("ends"), zone=text("zone"), summary=text("summary"),
        description=text("description"), place=args.place.place() if args.place is not None else None, category=text("category"),
        tickets=tuple(ticket.ticket() for ticket in args.tickets) or None, website=text("website"), booking_url=text("booking_url"),
        image_url=text("image_url"), recurrence=text("recurrence"), package=text("package"), calendar=text("calendar"),
        published=args.published,
    )  # fmt: skip


def merged(base: EventDraft, given: EventDraft) -> EventDraft:
    """`base` with everything that `given` says. A new start drops the old end: the length is kept by the platform's adapter."""
    changes: dict[str, Json] = {
        name: value
        for name in EventDraft.__dataclass_fields__
        if (value := getattr(given, name)) is not None and name != "clear"
    }
    if given.starts is not None and given.ends is None and base.starts is not None and base.ends is not None:
        changes["ends"] = moved_end(base.starts, base.ends, given.starts)
    return replace(base, **{**changes, "calendar": given.calendar, "package": given.package})


def moved_end(starts: str, ends: str, now_starts: str) -> str | None:
    """The end that keeps an event's length in wall time, or None when that cannot be told."""
    try:
        length = datetime.fromisoformat(ends[:16]) - datetime.fromisoformat(starts[:16])
        return (datetime.fromisoformat(now_starts[:16]) + length).isoformat(timespec="minutes")
    except ValueError:
        return None


TOOL = ToolSpec(
    title="Create event", args=CreateEventArgs, handler=create_event, effect=Effect.ADD, needs=Capability.CREATE_EVENT
)
