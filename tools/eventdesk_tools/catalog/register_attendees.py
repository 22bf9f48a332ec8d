"""`register_attendees`: many people, one event, an outcome a row."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from eventdesk_tools.answers import Answer, fingerprint, without_empty
from eventdesk_tools.catalog.list_attendees import ACTIVE, source
from eventdesk_tools.catalog.register_attendee import FieldAnswer
from eventdesk_tools.choose import choose_ticket
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import ErrorCode, EventdeskError, InvalidArguments, OutcomeUnknown, RateLimited
from eventdesk_tools.files import column_word, import_path, read_table
from eventdesk_tools.listing import read_whole
from eventdesk_tools.models import Json, Outcome, Registration, WriteResult
from eventdesk_tools.naming import NamedEvent, inside, name_event
from eventdesk_tools.people import clean_email, clean_name
from eventdesk_tools.plans import Question, Why, WritePlan
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.records import AttendeeQuery
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import Closed, ToolArgs, ToolSpec
from eventdesk_tools.times import parse_date
from eventdesk_tools.write_each import MAILS_UNASKED, go_on_later, is_time_up
from eventdesk_tools.writes import carry_out, confirm

ROWS_MOST = 100
SHOWN_MOST = 60
_KNOWN = {column_word(name): name for name in ("name", "email", "last_name", "ticket", "sessions")}
"""Columns of a file that are no answers."""
_OUTCOMES = {
    ErrorCode.SOLD_OUT: "sold_out",
    ErrorCode.INVALID_ARGUMENTS: "invalid",
    ErrorCode.OUTCOME_UNKNOWN: "unknown",
}
_ENDS = {
    Outcome.DONE: "registered",
    Outcome.ALREADY_DONE: "already_registered",
    Outcome.ALREADY_REGISTERED: "already_registered",
    Outcome.UNKNOWN: "unknown",
    Outcome.RUNNING: "unknown",
}


class RowArgs(Closed):
    """A person to be registered."""

    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    last_name: Annotated[str, Field(max_length=200)] = ""
    ticket: Annotated[str, Field(max_length=200)] = ""
    sessions: Annotated[list[str], Field(max_length=40)] = []
    answers: Annotated[list[FieldAnswer], Field(max_length=60)] = []


class RegisterAttendeesArgs(ToolArgs):
    """Arguments of `register_attendees`."""

    event: Annotated[str, Field(max_length=300)]
    rows: Annotated[list[RowArgs], Field(max_length=ROWS_MOST)] = []
    file: Annotated[str, Field(max_length=300)] = ""
    ticket: Annotated[str, Field(max_length=200)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""
    complimentary: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Row:
    """A row and what became of it."""

    number: int
    wanted: Registration | None = None
    outcome: str = "not_tried"
    ref: str = ""
    reason: str = ""


async def register_attendees(call: Call, args: RegisterAttendeesArgs) -> Answer:
    """Register up to 100 people, from rows or a CSV file of the import folder, all checked before the first is sent. Answers
    counts and rows that need attention; the same call continues."""
    named = await name_event(call, args.event, Capability.REGISTER_ATTENDEE, writing=True)
    given = _rows(call, args)
    rows = [_checked(number, row, args, named) for number, row in enumerate(given, 1)]
    _doubles(rows)
    await _tickets(named, rows)
    await _known(call, named, rows)
    todo = [row for row in rows if row.outcome == "not_tried"]
    first = await _first_plan(named, todo)
    if isinstance(first, WriteResult) and first.outcome is Outcome.HAND_OFF:
        raise InvalidArguments(
            f"{named.account.title} takes no registrations here.", next=f"Give the person this link: {first.url}"
        )
    if args.dry_run:
        return _answer(call, rows, preview=True)
    call.desk.writable(named.account)
    waiting = await _asked(call, named, todo, first)
    if waiting is not None:
        return waiting
    await _register(call, named, todo)
    call.desk.forget(named.account.name)
    return _answer(call, rows)


def _rows(call: Call, args: RegisterAttendeesArgs) -> list[RowArgs]:
    if bool(args.rows) == bool(args.file):
        raise InvalidArguments("Give rows or a file, one of them.", field="rows")
    if args.rows:
        return list(args.rows)
    table = read_table(import_path(call.desk.import_folder, args.file))
    if len(table) > ROWS_MOST:
        raise InvalidArguments(
            f"The file has {len(table)} rows; at most {ROWS_MOST} at a time.",
            field="file",
            next="Ask the person to split it.",
        )
    missing = sorted({"name", "email"} - {column_word(name) for name in table[0]})
    if missing:
        raise InvalidArguments(f"The file has no column {missing[0]}.", field="file", allowed=sorted(table[0])[:10])
    return [_file_row(number, row) for number, row in enumerate(table, 1)]


def _file_row(number: int, row: Mapping[str, str]) -> RowArgs:
    known = {_KNOWN[word]: text for name, text in row.items() if (word := column_word(name)) in _KNOWN}
    # Other columns are questions of the event, called as the platform calls them.
    answers = [
        {"field": name, "answer": text} for name, text in row.items() if column_word(name) not in _KNOWN and text
    ]
    sessions = [part.strip() for part in known.pop("sessions", "").split(";") if part.strip()]
    try:
        return RowArgs.model_validate({**known, "sessions": sessions, "answers": answers})
    except ValidationError as exc:
        where = next((str(part) for part in exc.errors()[0]["loc"]), "")
        raise InvalidArguments(
            f"Row {number} of the file: {where} is too long.", field="file", next="Ask the person to correct it."
        ) from exc


def _checked(number: int, row: RowArgs, args: RegisterAttendeesArgs, named: NamedEvent) -> Row:
    try:
        wanted = Registration(
            event_id=named.id, name=clean_name(row.name), email=clean_email(row.email), last_name=row.last_name.strip(),
            ticket=inside(row.ticket or args.ticket, named, Kind.TICKET, "ticket"),
            occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
            answers=tuple((answer.field, answer.answer) for answer in row.answers if answer.answer.strip()),
            sessions=tuple(inside(session, named, Kind.SESSION, "sessions") for session in row.sessions),
            complimentary=args.complimentary,
        )  # fmt: skip
    except EventdeskError as exc:
        return Row(number, outcome="invalid", reason=exc.message)
    return Row(number, wanted)


def _doubles(rows: list[Row]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.wanted is None:
            continue
        email = row.wanted.email.casefold()
        if email in first:
            row.outcome, row.reason = "invalid", f"the address of row {first[email]}"
        else:
            first[email] = row.number


async def _tickets(named: NamedEvent, rows: list[Row]) -> None:
    """Check every row's ticket against the event's, so that a wrong one is known before anything is sent."""
    detail = await named.account.provider.get_event(named.id, frozenset())
    if not detail.tickets:
        return
    for row in rows:
        if row.wanted is not None and row.outcome == "not_tried" and row.wanted.ticket:
            try:
                choose_ticket(detail.tickets, row.wanted.ticket)
            except EventdeskError as exc:
                row.outcome, row.reason = "invalid", exc.message


async def _known(call: Call, named: NamedEvent, rows: list[Row]) -> None:
    """Mark who is registered already, by one list instead of a look-up a row."""
    if named.account.provider.cell(Capability.LIST_ATTENDEES).mode is Mode.UNSUPPORTED or len(rows) < 3:
        return
    occurrence = next((row.wanted.occurrence for row in rows if row.wanted is not None), None)
    query = AttendeeQuery(event_id=named.id, occurrence=occurrence)
    there = await read_whole(
        call, source(named, query), key=lambda a: a.id,
        keep=lambda _, a: a.status in ACTIVE and (occurrence is None or a.occurrence in {None, occurrence}),
    )  # fmt: skip
    known = {person.email.strip().casefold(): person for person in there}
    for row in rows:
        if row.outcome == "not_tried" and row.wanted is not None and not row.wanted.sessions:
            person = known.get(row.wanted.email.casefold())
            if person is not None:
                row.outcome, row.ref = "already_registered", str(named.ref.inside(person.kind, person.id))


async def _first_plan(named: NamedEvent, todo: list[Row]) -> WritePlan | WriteResult | None:
    """The first plan that can be made: it tells whether the platform writes to people, and what it would ask."""
    for row in todo:
        assert row.wanted is not None  # noqa: S101 - rows to do were checked
        try:
            return await named.account.provider.plan_registration(row.wanted)
        except RateLimited:
            raise
        except EventdeskError as exc:
            row.outcome, row.reason = _OUTCOMES.get(exc.code, "rejected"), exc.message
    return None


async def _asked(
    call: Call, named: NamedEvent, todo: list[Row], first: WritePlan | WriteResult | None
) -> Answer | None:
    people = [row for row in todo if row.outcome == "not_tried"]
    asks = first.question if isinstance(first, WritePlan) else None
    mails = isinstance(first, WritePlan) and first.mail in {"yes", "unknown"} and len(people) > MAILS_UNASKED
    if asks is None and not mails:
        return None
    parts = [f"Register {len(people)} people at {named.ref}?"]
    if mails:
        parts.append(f"The platform may write to each of the {len(people)}.")
    if asks is not None:
        parts.append(f"For each: {asks.text}")
    why = set(asks.why) if asks is not None else set[Why]()
    question = Question(
        text=" ".join(parts),
        why=frozenset(why | ({Why.MAIL} if mails else set())),
        reversible=asks is None or asks.reversible,
    )
    # What is agreed to is who gets what, whether it came in the call or in a file.
    wanted = sorted(repr(row.wanted) for row in people)
    digest = fingerprint(named.account.identity, str(named.ref), wanted, question.text, size=32).hex()
    body = {
        "outcome": Outcome.PREVIEW.value,
        "account": named.account.name,
        "summary": parts[0],
        "question": question.text,
        "people": len(people),
    }
    return await confirm(call, question, digest, body)


async def _register(call: Call, named: NamedEvent, todo: list[Row]) -> None:
    provider = named.account.provider
    for done, row in enumerate(todo):
        if row.outcome != "not_tried":
            continue
        if is_time_up(call):
            return
        assert row.wanted is not None  # noqa: S101 - rows to do were checked
        try:
            plan = await provider.plan_registration(row.wanted)
            result = plan
            if isinstance(plan, WritePlan):
                result = await carry_out(call, plan, call.desk.journal.key(named.account.identity, plan.makes_true))
        except RateLimited as exc:
            call.notes.add(go_on_later(exc))
            return
        except OutcomeUnknown as exc:
            row.outcome, row.reason = "unknown", exc.message
            continue
        except EventdeskError as exc:
            row.outcome, row.reason = _OUTCOMES.get(exc.code, "rejected"), exc.message
            continue
        assert isinstance(result, WriteResult)  # noqa: S101 - a plan was carried out
        row.outcome = _ENDS.get(result.outcome, "rejected")
        if row.outcome not in {"registered", "already_registered"}:
            row.reason = "; ".join(result.notes)
        if result.record is not None:
            row.ref = str(named.ref.inside(*result.record))
        await call.tell(done + 1, len(todo), f"{done + 1} of {len(todo)}")


def _answer(call: Call, rows: list[Row], *, preview: bool = False) -> Answer:
    counts = Counter(row.outcome for row in rows)
    if preview:
        counts["would_register"] = counts.pop("not_tried", 0)
    attention = [
        row
        for row in rows
        if row.outcome not in {"registered", "already_registered", *({"not_tried"} if preview else ())}
    ]
    attention.sort(key=lambda row: row.outcome == "not_tried")
    if len(attention) > SHOWN_MOST:
        call.notes.add(f"{SHOWN_MOST} of {len(attention)} rows that need attention are shown.")
    table: list[list[Json]] = [
        [row.number, row.outcome, row.ref or None, row.reason or None] for row in attention[:SHOWN_MOST]
    ]
    data: dict[str, Json] = {"outcome": Outcome.PREVIEW.value} if preview else {}
    data |= {name: count for name, count in counts.items() if count}
    if table:
        data |= {"columns": ["row", "outcome", "ref", "reason"], "rows": table}
    return Answer(without_empty({**data, "total": len(rows), "notes": call.notes.as_list()}))


TOOL = ToolSpec(
    title="Register attendees", args=RegisterAttendeesArgs, handler=register_attendees, effect=Effect.ADD,
    needs=Capability.REGISTER_ATTENDEE,
)  # fmt: skip
