"""Reading HeySummit's lists to their end. Each route's way of paging is learnt from its first `next`.

Events page by number; lists inside an event by `limit` and `offset` on version 2, where a page number is ignored and
page one comes back. Some routes count more rows than they show and name no next page at all. (All seen in 2026.)
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, pages, position_of, walk
from eventdesk_server.providers.heysummit import wire
from eventdesk_tools.errors import ListIncomplete
from eventdesk_tools.records import Page

Row = TypeVar("Row", bound=wire.Record)
Style = Literal["page", "offset"]

_ROWS_A_PAGE = 50
"""Asked for where `limit` is known; fewer may come."""
_OTHER = 1 << 30
"""Added to a position that counts in the other way than the route's usual one, so that a list can be resumed there."""


@dataclass(slots=True)
class _Reader(Generic[Row]):
    """Where a walk stands."""

    http: ProviderClient
    operation: Operation
    answer: type[wire.Page[Row]]
    path: Mapping[str, str]
    query: Mapping[str, str | int]
    usual: Style
    at: int | None = None
    """Where it begins; None: at the beginning."""
    before: int | None = 0
    """How many rows stand before the page that is read next; None where a list is resumed by page number."""

    @property
    def start(self) -> int:
        return self.at if self.at is not None else 0 if self.usual == "offset" else 1

    @property
    def stood(self) -> int | None:
        """How many rows stand before the beginning."""
        style, number = self._meant(self.start)
        return number if style == "offset" else None if number > 1 else 0

    def _meant(self, position: int) -> tuple[Style, int]:
        if position < _OTHER:
            return self.usual, position
        return "page" if self.usual == "offset" else "offset", position - _OTHER

    def _named(self, style: Style, number: int) -> int:
        return number if style == self.usual else number + _OTHER

    async def _read(self, style: Style, number: int) -> wire.Page[Row]:
        query = dict(self.query)
        if style == "offset":
            query["limit"] = _ROWS_A_PAGE
        if number > (0 if style == "offset" else 1):
            query[style] = number
        return await self.http.read(self.operation, self.answer, path=self.path, query=query)

    async def fetch(self, position: int) -> Slice[Row]:
        if position == self.start:
            self.before = self.stood
        style, number = self._meant(position)
        page = await self._read(style, number)
        return Slice(page.results, await self._after(style, number, page), page.count)

    async def _after(self, style: Style, number: int, page: wire.Page[Row]) -> int | None:
        """The next position. Of `next` only this number is used: following it would take the key wherever it points."""
        here = len(page.results)
        before, self.before = self.before, None if self.before is None else self.before + here
        if page.next:
            offset, following = position_of(page.next, "offset"), position_of(page.next, "page")
            if offset is not None:
                return self._named("offset", offset)
            if following is not None:
                return self._named("page", following)
            raise ListIncomplete("HeySummit names its next page in a way that Eventdesk does not know.")
        if page.count is None or (before is None and number * here >= page.count):
            return None
        if before is None:
            # Resumed in the middle, and no `next` tells whether this is the end: page one shows how long pages are.
            before = (number - 1) * len((await self._read(style, 1)).results)
            self.before = before + here
        if before + here >= page.count:
            return None
        if not here:
            raise ListIncomplete(f"HeySummit counts {page.count} records here and gave {before}.")
        return self._named(style, number + (here if style == "offset" else 1))


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A list of the platform: read whole, or page by page from any of its positions."""

    http: ProviderClient
    operation: Operation
    answer: type[wire.Page[Row]]
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    style: Style = "page"

    def _reader(self, at: int | None) -> _Reader[Row]:
        return _Reader(self.http, self.operation, self.answer, self.path, self.query, self.style, at)

    def rows(self) -> AsyncIterator[Row]:
        """Each row once.

        Raises:
            ListIncomplete: A page came twice, or the next one is not to be found.
        """
        reader = self._reader(None)
        return walk(reader.fetch, key=lambda row: row.id, first=reader.start, who="HeySummit")

    def pages(self, at: int | None = None) -> AsyncIterator[Page[Row]]:
        """Its pages from position `at` on.

        Raises:
            ListIncomplete: See `rows`.
        """
        reader = self._reader(at)
        return pages(reader.fetch, key=lambda row: row.id, first=reader.start, before=reader.stood, who="HeySummit")
