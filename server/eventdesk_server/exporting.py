"""`eventdesk export attendees`: a door list as a file, every row of it, by name."""

import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
from mcp import Client

from eventdesk_server.app import App, build_from_environment
from eventdesk_server.terminal import bar
from eventdesk_server.writing import checked, write
from eventdesk_tools.catalog import list_attendees
from eventdesk_tools.desk import Call, Progress
from eventdesk_tools.errors import EventdeskError, InvalidArguments, Unsupported
from eventdesk_tools.files import csv_bytes
from eventdesk_tools.journal import Preview, Reply, Verdict
from eventdesk_tools.models import Json
from eventdesk_tools.naming import NamedEvent, name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.privacy import EVERYTHING
from eventdesk_tools.whole import whole_list

FORMATS = ("csv", "xlsx")
_ALWAYS = ("name", "email", "ticket", "status", "checked_in")
"""Columns of every door list; an empty one is filled in by hand."""
_SAID = ("ticket", "checked_in", "paid")
"""What somebody at the door would look for, and is told when the platform does not tell it."""
_ORDER = ("name", "email", "ticket", "quantity", "occurrence", "status", "paid", "checked_in")
_TITLES = {
    "name": "Name", "email": "Email", "ticket": "Ticket", "quantity": "Quantity", "occurrence": "Date", "status": "Status",
    "paid": "Paid", "checked_in": "Checked in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asked for. Without `out` the file is named after the event."""

    event: str
    format: str = ""
    out: str = ""
    status: str = ""
    occurrence: str = ""
    force: bool = False


class Nobody:
    """The person of a call that only reads: there is nothing to ask."""

    async def ask(self, preview: Preview) -> Reply:  # noqa: ARG002 - the port's words
        """See `eventdesk_tools.journal.Confirmer`."""
        return Reply(Verdict.DECLINED)


def run_export(asked: Asked, flags: Mapping[str, Any]) -> tuple[str, bool]:
    """Write the list; answers what to tell the person, and whether it failed.

    Raises:
        SettingsError: The settings are wrong.
    """
    app = build_from_environment(flags, stay_up=False)
    try:
        form = _format(asked)
        if asked.out:
            checked(Path(asked.out), force=asked.force)
        with bar() as shown:
            found = anyio.run(_read, app, asked, shown.told)
        if found.failure is not None:
            raise found.failure
        name = f"attendees-{re.sub(r'[^A-Za-z0-9_-]+', '-', found.ref)}-{app.desk.now():%Y%m%d}.{form}"
        path = checked(Path(asked.out or name), force=asked.force)
        made = (csv_bytes if form == "csv" else xlsx_bytes)(found.columns, found.rows)
        write(path, made, force=asked.force)
    except EventdeskError as exc:
        return f"{exc.message} {exc.next}".strip(), True
    rows = len(found.rows)
    return "\n".join([f"{path}: {rows} {'row' if rows == 1 else 'rows'}.", *found.notes]), False


def _format(asked: Asked) -> str:
    ending = Path(asked.out).suffix.lower().removeprefix(".")
    if asked.format and ending in FORMATS and ending != asked.format:
        raise InvalidArguments(f"{asked.out} ends like {ending}, and {asked.format} is asked for.", next="Change one.")
    return asked.format or (ending if ending in FORMATS else "csv")


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read: the event's ref, its list, and what is to be said of it. Else why it could not be."""

    ref: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Json]] = ()
    notes: Sequence[str] = ()
    failure: EventdeskError | None = None


async def _read(app: App, asked: Asked, tell: Progress) -> _Found:
    spec = list_attendees.TOOL
    desk = replace(app.desk, people=EVERYTHING, answer_within=math.inf)
    async with Client(app.server):  # for as long as the server's own things are open
        call = Call(
            desk=desk, tool=spec.name, arguments={}, confirmer=Nobody(), tell=tell, started=desk.runtime.seconds()
        )
        try:
            named = await name_event(call, asked.event, Capability.LIST_ATTENDEES, writing=False)
            columns, rows = await _told(call, named, asked)
        except EventdeskError as exc:
            return _Found(failure=exc)
    return _Found(str(named.ref), *door_list(columns, rows), notes=call.notes.as_list())


async def _told(call: Call, named: NamedEvent, asked: Asked) -> tuple[list[str], list[list[Json]]]:
    """The list with as many of the columns as the platform tells; what it does not tell is said."""
    given = {"event": str(named.ref), "status": asked.status, "occurrence": asked.occurrence}
    fields = list(_ORDER)
    while True:
        asking = {**{name: value for name, value in given.items() if value}, "fields": fields}
        try:
            read = await whole_list(call, list_attendees.TOOL, asking)
        except Unsupported as exc:
            if not set(fields) & set(exc.columns):
                raise
            fields = [name for name in fields if name not in exc.columns]
            continue
        if silent := [_TITLES[name].lower() for name in _SAID if name not in fields]:
            call.notes.add(f"{named.account.title} does not tell: {', '.join(silent)}.")
        return read


def door_list(columns: Sequence[str], rows: Sequence[Sequence[Json]]) -> tuple[list[str], list[list[Json]]]:
    """Rows by name as people sort them, under titles; columns that only some platforms tell are left out where empty."""
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    found.sort(key=lambda row: [sorting(row.get(name)) for name in ("name", "email", "ticket", "occurrence")])
    kept = [name for name in _ORDER if name in _ALWAYS or any(row.get(name) not in (None, "") for row in found)]
    return [_TITLES[name] for name in kept], [[_word(row.get(name)) for name in kept] for row in found]


def sorting(text: Json) -> tuple[str, str]:
    """A name's place: without case and accents first, so that Émile stands among the others with E."""
    plain = unicodedata.normalize("NFKD", str(text or ""))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold(), plain


def _word(value: Json) -> Json:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def xlsx_bytes(columns: Sequence[str], rows: Sequence[Sequence[Json]]) -> bytes:
    """A table as a workbook: every text is text, also what looks like a formula, a link or a number."""
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] # noqa: PLC0415 - only workbooks need it

    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    sheet = book.add_worksheet("Attendees")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True, "bottom": 1}))
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value not in (None, ""):
                sheet.write_string(at, column, str(value), text)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.autofit()
    sheet.repeat_rows(0)
    book.close()
    return made.getvalue()
