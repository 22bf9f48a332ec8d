"""Reading HeySummit's lists to their end. Each route's way of paging is learnt from its first `next`.

Events page by number; lists inside an event by `limit` and `offset` on version 2, where a page number is ignored and
page one comes back. Some routes count more rows than they show and name no next page at all. (All seen in 2026.)
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, position_of, walk
from eventdesk_server.providers.heysummit import wire
from eventdesk_tools.errors import ListIncomplete

Row = TypeVar("Row", bound=wire.Record)
Style = Literal["page", "offset"]

_ROWS_A_PAGE = 50
"""Asked for where `limit` is known; fewer may come."""


@dataclass(slots=True)
class _Reader(Generic[Row]):
    """Where a walk stands."""

    http: ProviderClient
    operation: Operation
    answer: type[wire.Page[Row]]
    path: Mapping[str, str]
    query: Mapping[str, str | int]
    style: Style
    read: int = 0

    @property
    def first(self) -> int:
        return 0 if self.style == "offset" else 1

    async def fetch(self, position: int) -> Slice[Row]:
        query = dict(self.query)
        if self.style == "offset":
            query["limit"] = _ROWS_A_PAGE
        if self.read:
            query[self.style] = position
        page = await self.http.read(self.operation, self.answer, path=self.path, query=query)
        self.read += len(page.results)
        return Slice(page.results, self._after(position, page), page.count)

    def _after(self, position: int, page: wire.Page[Row]) -> int | None:
        """The next position. Of `next` only this number is used: following it would take the key wherever it points."""
        if page.next:
            offset, number = position_of(page.next, "offset"), position_of(page.next, "page")
            if offset is None and number is None:
                raise ListIncomplete("HeySummit names its next page in a way that Eventdesk does not know.")
            self.style = "page" if offset is None else "offset"
            return number if offset is None else offset
        if page.count is None or self.read >= page.count or not page.results:
            return None
        return position + (len(page.results) if self.style == "offset" else 1)


def rows(
    http: ProviderClient,
    operation: Operation,
    answer: type[wire.Page[Row]],
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str | int] | None = None,
    style: Style = "page",
) -> AsyncIterator[Row]:
    """Each row of a list once.

    Raises:
        ListIncomplete: A page came twice, or the next one is not to be found.
    """
    reader = _Reader(http, operation, answer, path or {}, query or {}, style)
    return walk(reader.fetch, key=lambda row: row.id, first=reader.first)
