"""`register_attendees`: many people, one event, an outcome a row."""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, ValidationError

from eventdesk_tools.agreeing import agree
from eventdesk_tools.answers import BUDGET, Answer, compact, previewed, table, weigh, without_empty
from eventdesk_tools.catalog.register_attendee import FieldAnswer
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError, InvalidArguments
from eventdesk_tools.files import column_word, import_path, read_table
from eventdesk_tools.models import Json, Outcome, Registration
from eventdesk_tools.naming import NamedEvent, inside, name_event
from eventdesk_tools.people import clean_email, clean_name
from eventdesk_tools.plans import Question, WritePlan
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.register_each import NOT_TRIED, STALE, Row, plan_again, plan_rows, send_rows
from eventdesk_tools.spec import Closed, ToolArgs, ToolSpec
from eventdesk_tools.times import parse_date
from eventdesk_tools.write_each import fit_note, some_requests

ROWS_MOST = 100
_FINE = frozenset({"registered", "already_registered", "would_register", "would_add_sessions"})
_MAKES_ONE = frozenset({"registration", "order"})
"""How what a plan makes true begins where it makes a registration."""
_KNOWN = {column_word(name): name for name in ("name", "email", "last_name", "ticket", "sessions")}
"""Columns of a file that are no answers."""
_NAMES = frozenset({"name", "last_name"})


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


async def register_attendees(call: Call, args: RegisterAttendeesArgs) -> Answer:
    """Register up to 100 people, from rows or a CSV file of the import folder, all checked before the first is sent. Answers
    counts and rows that need attention; the same call continues."""
    named = await name_event(call, args.event, Capability.REGISTER_ATTENDEE, writing=True)
    given = _rows(call, args)
    rows = [_checked(number, row, args, named) for number, row in enumerate(given, 1)]
    _doubles(rows)
    await plan_rows(call, named, rows)
    if args.dry_run:
        return _preview(call, named, rows)
    call.desk.writable(named.account)
    waited = call.waited
    waiting = await _asked(call, named, rows)
    if waiting is not None:
        return waiting
    if call.waited - waited > STALE:
        await plan_again(call, named, rows)
    try:
        await send_rows(call, named, rows)
    finally:
        call.desk.forget(named.account.name)
    return Answer(_body(call, rows))


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
    for name, cell in (cell for row in table for cell in row.items()):
        # Platforms with two fields for a name are sent its words.
        call.private.update({cell, *(cell.split() if _KNOWN.get(column_word(name)) in _NAMES else ())} - {""})
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


async def _asked(call: Call, named: NamedEvent, rows: Sequence[Row]) -> Answer | None:
    def text(plans: Sequence[WritePlan]) -> str:
        return f"Register {len(plans)} people at {named.ref}?"

    def body(plans: Sequence[WritePlan], question: Question) -> dict[str, Json]:
        notes = copy.deepcopy(call.notes)
        data: dict[str, Json] = {
            "outcome": Outcome.PREVIEW.value,
            "account": named.account.name,
            "summary": text(plans),
            "question": question.text,
            "people": len(plans),
        }
        data |= some_requests(notes, plans, BUDGET - weigh(compact(data)))
        notes.extend(list(dict.fromkeys(note for plan in plans for note in plan.notes))[:4])
        return without_empty({**data, "notes": notes.as_list()})

    return await agree(call, named.account, _plans(rows), text, body)


def _plans(rows: Sequence[Row]) -> list[WritePlan]:
    return [row.plan for row in rows if row.plan is not None]


def _preview(call: Call, named: NamedEvent, rows: Sequence[Row]) -> Answer:
    """What would be sent, and what keeps the other rows from it. Nothing was sent."""
    plans = _plans(rows)
    call.notes.add(fit_note(named.account, plans))
    call.notes.extend(list(dict.fromkeys(note for plan in plans for note in plan.notes))[:4])
    for row in rows:
        if row.plan is not None:
            row.outcome = "would_register" if row.plan.makes_true[0] in _MAKES_ONE else "would_add_sessions"
    data = _body(call, rows)
    if plans:
        data |= some_requests(call.notes, plans, BUDGET - weigh(compact(data)))
        data["mail"] = plans[0].mail
    return Answer(previewed(without_empty({"outcome": Outcome.PREVIEW.value, **data, "notes": call.notes.as_list()})))


def _body(call: Call, rows: Sequence[Row]) -> dict[str, Json]:
    counts = Counter(row.outcome for row in rows)
    attention = [row for row in rows if row.reason or row.outcome not in _FINE]
    attention.sort(key=lambda row: row.outcome == NOT_TRIED)
    data: dict[str, Json] = {**counts, "total": len(rows)}
    if attention:
        cells: list[list[Json]] = [[row.number, row.outcome, row.ref, row.reason] for row in attention]
        found, shown = table(("row", "outcome", "ref", "reason"), cells, extra=data)
        if shown < len(attention):
            call.notes.add(f"{shown} of {len(attention)} rows that need attention are shown.")
        data |= {"columns": found["columns"], "rows": found["rows"]}
    return without_empty({**data, "notes": call.notes.as_list()})


TOOL = ToolSpec(
    title="Register attendees", args=RegisterAttendeesArgs, handler=register_attendees, effect=Effect.ADD,
    needs=Capability.REGISTER_ATTENDEE,
)  # fmt: skip
