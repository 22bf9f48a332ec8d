"""Lists of one event or one account, cut to the budget and continued from the page where they were cut."""

import base64
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from eventdesk_tools.answers import (
    BUDGET,
    BUDGET_MOST,
    Answer,
    Position,
    filled,
    fingerprint,
    read_event_cursor,
    table,
    without_empty,
)
from eventdesk_tools.desk import Account, Call, failure_note
from eventdesk_tools.errors import EventdeskError, InvalidArguments, ListIncomplete, ProviderUnavailable
from eventdesk_tools.models import Json
from eventdesk_tools.reading import MARGIN
from eventdesk_tools.records import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """One list at one account: `pages(at)` reads it from a position on. `name` tells it from the call's others."""

    account: Account
    name: str
    pages: Callable[[int | None], AsyncIterator[Page[T]]]


CHANGED = "The list changed while it was read: a row may come again."
_BACK = (1, 5)
"""A place remembers the rows so far before its own: where its own is gone, the list goes on after the latest of these."""
_DIGEST = 4
_NONE = bytes(_DIGEST)


@dataclass(frozen=True, slots=True)
class Place:
    """After which row a list was cut: the source, its page, which row of it, and its digest with those of rows before."""

    source: bytes
    at: int
    index: int
    marks: tuple[bytes, ...]

    def cursor(self, filters: bytes) -> str:
        raw = filters + self.source + struct.pack(">IH", self.at, self.index & 0xFFFF) + b"".join(self.marks)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def after(cls, source: bytes, at: int, index: int, trail: Sequence[bytes]) -> "Place":
        """The place after the last row of `trail`, the digests of the rows up to there."""
        return cls(source, at, index, tuple(trail[-1 - n] if n < len(trail) else _NONE for n in (0, *_BACK)))


def read_cursor(cursor: str, filters: bytes) -> Place:
    """The place that a cursor names.

    Raises:
        InvalidArguments: It is no cursor of this tool, or belongs to other filters.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    size = len(filters)
    if (
        len(raw) != size + 9 + _DIGEST * (1 + len(_BACK))
        or base64.urlsafe_b64encode(raw).decode().rstrip("=") != cursor
    ):
        raise InvalidArguments("This is not a cursor.", field="cursor", next="Call again without cursor.")
    if raw[:size] != filters:
        raise InvalidArguments(
            "This cursor belongs to other filters.",
            field="cursor",
            next="Repeat the filters of the call that gave it, or call again without cursor.",
        )
    at, index = struct.unpack(">IH", raw[size + 3 : size + 9])
    marks = raw[size + 9 :]
    return Place(raw[size : size + 3], at, index, tuple(marks[n : n + _DIGEST] for n in range(0, len(marks), _DIGEST)))


@dataclass(slots=True)
class Read(Generic[T]):
    """What was read of the sources: rows with their places, and whether that is all."""

    rows: list[tuple[Source[T], T, Place]]
    complete: bool
    total: int | None
    last: Place | None = None
    """The last row that was looked at, kept or not."""


async def read_sources(
    call: Call,
    sources: Sequence[Source[T]],
    *,
    key: Callable[[T], str],
    keep: Callable[[Source[T], T], bool],
    after: Place | None = None,
    limit: int | None = None,
    exact: bool = True,
) -> Read[T]:
    """Rows of the sources in order, from `after` on, until one more than `limit` fits, the end, or the time is up.

    `exact`: the platform's own count may serve as the total, because `keep` filters by nothing that its query lacks.

    Raises:
        EventdeskError: The only source failed before any row.
    """
    read: Read[T] = Read([], complete=True, total=0)
    marks = [fingerprint(source.account.name, source.name, size=3) for source in sources]
    start = marks.index(after.source) if after is not None and after.source in marks else 0
    if after is not None and after.source not in marks:
        raise InvalidArguments(
            "What this cursor continues is not there any more.", field="cursor", next="Call again without cursor."
        )
    if after is not None:
        read.total = None
    async with call.desk.runtime.within(max(call.seconds_left - MARGIN, 0.1)) as limit_of_time:
        for source, mark in list(zip(sources, marks, strict=True))[start:]:
            here = after if after is not None and after.source == mark else None
            try:
                counts = exact and mark == marks[-1]
                full = await _read_one(call, read, source, mark, here, key=key, keep=keep, limit=limit, counts=counts)
            except EventdeskError as exc:
                if len(sources) == 1 and not read.rows:
                    raise
                read.complete, read.total = False, None
                call.notes.add(failure_note(source.account, exc))
                continue
            if full:
                read.complete = False
                break
    if limit_of_time.expired:
        read.complete, read.total = False, None
        if not read.rows and read.last is None:
            raise ProviderUnavailable("The platform did not answer in time.")
        call.notes.add("The time was up before the end; the cursor goes on from there.")
    return read


async def _read_one(
    call: Call,
    read: Read[T],
    source: Source[T],
    mark: bytes,
    after: Place | None,
    *,
    key: Callable[[T], str],
    keep: Callable[[Source[T], T], bool],
    limit: int | None,
    counts: bool,
) -> bool:
    """Read a source into `read`; true when one more than `limit` fits.

    `counts`: its own count, with the rows of the sources before it, is then the total.
    """
    told: int | None = None
    kept, before = 0, len(read.rows)
    trail = [one for one in reversed(after.marks) if one != _NONE] if after is not None else []
    async for page, skip in _pages(call, source, after, key):
        told = page.total
        for index, row in enumerate(page.rows):
            trail.append(fingerprint(key(row), size=_DIGEST))
            if index < skip:
                continue
            place = Place.after(mark, page.at, index, trail)
            if keep(source, row):
                if limit is not None and len(read.rows) >= limit:
                    await call.tell(len(read.rows), limit, f"{len(read.rows)} rows")
                    read.total = read.total + told if counts and read.total is not None and told is not None else None
                    return True
                read.rows.append((source, row, place))
                kept += 1
            read.last = place
        whole = None if told is None or not counts else min(before + told, limit or before + told)
        await call.tell(len(read.rows), whole, f"{len(read.rows)} rows")
    if read.total is not None:
        read.total += kept
    return False


async def _pages(
    call: Call, source: Source[T], after: Place | None, key: Callable[[T], str]
) -> AsyncIterator[tuple[Page[T], int]]:
    """A source's pages from the place on, each with the number of its rows that were told before."""
    if after is None:
        async for page in source.pages(None):
            yield _noted(call, page), 0
        return
    resumed = source.pages(after.at)
    try:
        first = await anext(resumed, None)
    except ListIncomplete:
        first = None  # so many rows went that the page itself is no more
    index = _row(first, after.marks[0], key) if first is not None else None
    if first is not None and index is not None:
        if index != after.index:
            call.notes.add(CHANGED)
        yield _noted(call, first), index + 1
        async for page in resumed:
            yield _noted(call, page), 0
        return
    call.notes.add(CHANGED)
    async for page, skip in _sought(source, after, key):
        yield page, skip


async def _sought(source: Source[T], after: Place, key: Callable[[T], str]) -> AsyncIterator[tuple[Page[T], int]]:
    """The pages after a row that is not where it was: rows before it came or went, or it went itself.

    A list that pages by number moves under its reader, so the row is looked for from the beginning. Where it is gone, the
    latest row before it that is still there takes its place; without any, the list begins anew, so that no row is lost.
    """
    held: list[Page[T]] = []
    found = False
    async for page in source.pages(None):
        index = None if found else _row(page, after.marks[0], key)
        found = found or index is not None
        if not found:
            held.append(page)
        else:
            yield page, 0 if index is None else index + 1
    if found:
        return
    number, skip = 0, 0
    for mark in after.marks[1:]:
        place = next(((at, row) for at, page in enumerate(held) if (row := _row(page, mark, key)) is not None), None)
        if place is not None:
            number, skip = place[0], place[1] + 1
            break
    for at, page in enumerate(held[number:]):
        yield page, skip if at == 0 else 0


def _row(page: Page[T], mark: bytes, key: Callable[[T], str]) -> int | None:
    """Which row of a page has this digest."""
    return next((at for at, row in enumerate(page.rows) if fingerprint(key(row), size=_DIGEST) == mark), None)


def _noted(call: Call, page: Page[T]) -> Page[T]:
    if page.moved:
        call.notes.add(CHANGED)
    return page


def after_cursor(
    call: Call, rows: Sequence[T], cursor: str, filters: bytes, position: Callable[[T], Position]
) -> Sequence[T]:
    """Of a list that every call reads whole and sorts, the rows after the cursor.

    Raises:
        InvalidArguments: It is no cursor of this list.
    """
    if not cursor:
        return rows
    place, told = read_event_cursor(cursor, filters)
    rest = [row for row in rows if position(row) > place]
    if len(rows) - len(rest) != told:
        call.notes.add(CHANGED)
    return rest


async def read_whole(
    call: Call, source: Source[T], *, key: Callable[[T], str], keep: Callable[[Source[T], T], bool]
) -> list[T]:
    """All rows of one source that fit.

    Raises:
        ListIncomplete: It could not be read to its end in time; nothing is computed from a part.
    """
    read = await read_sources(call, [source], key=key, keep=keep)
    if not read.complete:
        raise ListIncomplete(
            f"{source.account.title}'s list could not be read whole in time.",
            next="Narrow the call by filters, or make it again in a minute.",
        )
    return [row for _, row, _ in read.rows]


def note_silent(call: Call, accounts: Sequence[str], rows: Sequence[Sequence[Json]], columns: Sequence[str]) -> None:
    """Say which column has a value in no row of an account, so that an empty cell is not read as "none"."""
    for index, name in enumerate(columns):
        telling = {account for account, row in zip(accounts, rows, strict=True) if row[index] not in (None, "")}
        if silent := sorted(set(accounts) - telling):
            call.notes.add(f"{name}: not told by {', '.join(silent)}.")


def answer_list(
    call: Call,
    read: Read[T],
    columns: Sequence[str],
    cells: Callable[[Source[T], T], list[Json]],
    *,
    filters: bytes,
    limit: int,
    limit_given: bool,
    asked: bool,
) -> Answer:
    """The rows as a table within the budget, with total or cursor.

    A column that was not asked for, and that no row fills, is left out, and a note says so.
    """
    found = read.rows[:limit]
    values = [cells(source, row) for source, row, _ in found]
    if not asked:
        every = columns
        columns, values = filled(columns, values)
        call.notes.extend(f"{name}: not told." for name in every if name not in columns)
    note_silent(call, [source.account.name for source, _, _ in found], values, columns)
    extra = without_empty({"total": read.total, "notes": call.notes.as_list()})
    data, shown = table(columns, values, extra=extra, budget=BUDGET_MOST if limit_given else BUDGET)
    data |= extra
    if shown < len(read.rows):
        data["next_cursor"] = read.rows[shown - 1][2].cursor(filters)
    elif not read.complete and read.last is not None:
        data["next_cursor"] = read.last.cursor(filters)
    return Answer(data)
