"""Lists read page by page to their end, or with a word that the end was not reached."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from eventdesk_tools.errors import ListIncomplete
from eventdesk_tools.records import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page: its rows, the position of the next page, and how many rows the whole list has, where that is told.

    `vague`: the count is of more rows than are given, and only good for noticing that it changes.
    """

    rows: Sequence[T]
    next: int | None
    total: int | None = None
    vague: bool = False


@dataclass(slots=True)
class _Reading:
    """One walk through a list."""

    received: int = 0
    seen: set[str] = field(default_factory=set[str])
    totals: list[int] = field(default_factory=list[int])

    def whole(self, known: int, before: int | None) -> bool:
        """Whether nothing moved meanwhile, or all the same `known` records are all."""
        if not self.totals:
            return True
        there = self.received if before is None else min(self.received, self.totals[-1] - before)
        return len(set(self.totals)) < 2 and known >= there


async def pages(
    fetch: Callable[[int], Awaitable[Slice[T]]],
    *,
    key: Callable[[T], str],
    first: int = 1,
    before: int | None = 0,
    cap: int = 300,
    who: str = "The platform",
) -> AsyncIterator[Page[T]]:
    """The pages of a list from position `first` on, each record once; what `walk` gives row by row.

    Rows that come, go or change places while the list is read move others over the edge of a page: one comes twice, and
    another not at all. Where the platform's count shows it, the list is read once more for what is missing.

    `before` is how many rows stand before `first`, None where that is not known.

    Raises:
        ListIncomplete: See `walk`.
    """
    known: set[str] = set()
    reading = _Reading()
    for again in (False, True):
        reading = _Reading()
        async for page in _read(fetch, reading, key=key, first=first, cap=cap, who=who):
            fresh = [row for row in page.rows if key(row) not in known]
            known.update(key(row) for row in fresh)
            if fresh or not again:
                yield replace(page, rows=fresh, moved=again)
        if reading.whole(len(known), before):
            return
    there = reading.totals[-1] - (before or 0)
    raise ListIncomplete(f"{who} gave {len(known)} of {there} records: the list changed while it was read, twice.")


async def _read(
    fetch: Callable[[int], Awaitable[Slice[T]]],
    reading: _Reading,
    *,
    key: Callable[[T], str],
    first: int,
    cap: int,
    who: str,
) -> AsyncIterator[Page[T]]:
    """One walk, each record once."""
    seen = reading.seen
    visited: set[int] = set()
    echo: str | None = None
    position: int | None = first
    while position is not None:
        if len(visited) == cap:
            raise ListIncomplete(f"{who} has more than {cap} pages here: {len(seen)} records were read, not all.")
        if position in visited:
            raise ListIncomplete(f"{who} repeated a page: {len(seen)} records were read, and there may be more.")
        visited.add(position)
        page = await fetch(position)
        reading.received += len(page.rows)
        if page.total is not None:
            reading.totals.append(page.total)
        before = len(seen)
        fresh: list[T] = []
        for row in page.rows:
            name = key(row)
            if name == echo and row is page.rows[0]:
                raise ListIncomplete(f"{who} repeated a page: {before} records were read, and there may be more.")
            echo = name if echo is None else echo
            if name not in seen:
                seen.add(name)
                fresh.append(row)
        if page.rows and page.next is not None and not fresh:
            raise ListIncomplete(f"{who} repeated a page: {before} records were read, and there may be more.")
        yield Page(fresh, position, None if page.vague else page.total)
        position = page.next


async def walk(
    fetch: Callable[[int], Awaitable[Slice[T]]],
    *,
    key: Callable[[T], str],
    first: int = 1,
    cap: int = 300,
    who: str = "The platform",
) -> AsyncIterator[T]:
    """Every row once, in the platform's order. `fetch` reads the page at a position, `first` and then each `next`.

    Raises:
        ListIncomplete: A page came back again, the platform counts more rows than it gave, or `cap` pages were read.
    """
    given, total = 0, None
    async for page in pages(fetch, key=key, first=first, cap=cap, who=who):
        total = page.total
        for row in page.rows:
            given += 1
            yield row
    if total is not None and total > given:
        raise ListIncomplete(f"{who} counts {total} records and gave {given}.")


def position_of(next_link: str | None, name: str) -> int | None:
    """The number that the query of a `next` link holds under `name`.

    The link itself is never followed: it would take the account's key to any host it named.
    """
    if not next_link:
        return None
    try:
        found = parse_qs(urlsplit(next_link).query, max_num_fields=100).get(name, [])
    except ValueError:
        return None
    text = found[-1] if found else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
