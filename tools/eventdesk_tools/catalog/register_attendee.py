"""`register_attendee`: one person, one event."""

from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Registration
from eventdesk_tools.naming import inside, name_event
from eventdesk_tools.people import clean_email, clean_name
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import Closed, ToolArgs, ToolSpec
from eventdesk_tools.times import parse_date
from eventdesk_tools.writes import write


class FieldAnswer(Closed):
    """An answer to what registering asks for."""

    field: Annotated[str, Field(max_length=200)]
    answer: Annotated[str, Field(max_length=2_000)]


class OrderedItem(Closed):
    """A ticket or extra, and how many."""

    item: Annotated[str, Field(max_length=200)]
    quantity: Annotated[int, Field(ge=1, le=1_000)]


class RegisterAttendeeArgs(ToolArgs):
    """Arguments of `register_attendee`."""

    event: Annotated[str, Field(max_length=300)]
    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    last_name: Annotated[str, Field(max_length=200)] = ""
    ticket: Annotated[str, Field(max_length=200)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""
    answers: Annotated[list[FieldAnswer], Field(max_length=60)] = []
    sessions: Annotated[list[str], Field(max_length=40)] = []
    extras: Annotated[list[OrderedItem], Field(max_length=40)] = []
    complimentary: bool = False
    dry_run: bool = False


async def register_attendee(call: Call, args: RegisterAttendeeArgs) -> Answer:
    """Register a person, once. Without `ticket` the only one on sale is taken if free. `complimentary`: priced, not charged."""
    named = await name_event(call, args.event, Capability.REGISTER_ATTENDEE, writing=True)
    call.tell_how(named.account, Capability.REGISTER_ATTENDEE)
    wanted = Registration(
        event_id=named.id,
        name=clean_name(args.name),
        email=clean_email(args.email),
        last_name=args.last_name.strip(),
        ticket=inside(args.ticket, named, Kind.TICKET, "ticket"),
        occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
        answers=tuple((answer.field, answer.answer) for answer in args.answers),
        sessions=tuple(inside(session, named, Kind.SESSION, "sessions") for session in args.sessions),
        extras=tuple((inside(extra.item, named, Kind.EXTRA, "extras"), extra.quantity) for extra in args.extras),
        complimentary=args.complimentary,
    )
    if any(not answer.strip() for _, answer in wanted.answers):
        raise InvalidArguments("An answer is empty: leave it out.", field="answers")
    plan = await named.account.provider.plan_registration(wanted)
    return await write(call, named.account, plan, dry_run=args.dry_run)


TOOL = ToolSpec(
    title="Register attendee",
    args=RegisterAttendeeArgs,
    handler=register_attendee,
    effect=Effect.ADD,
    needs=Capability.REGISTER_ATTENDEE,
)
