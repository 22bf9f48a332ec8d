"""Reading Event Schedule: pages to their end, the schedules kept for a minute, an event with its zone, its orders."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, pages, walk
from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.mapping import Home, home_of
from eventdesk_server.settings import EventScheduleSettings
from eventdesk_tools.errors import NotFound
from eventdesk_tools.records import Page

Row = TypeVar("Row", wire.Event, wire.Schedule, wire.Sale)
Query = Mapping[str, str | int]

PER_PAGE = 100
"""What the platform gives without being asked; at most 500."""
SALES_PER_PAGE = 200
MOST_PER_PAGE = 500
SALES_PAGES = 10
"""How many pages of orders are counted for one event before it is said that they were not."""
KEPT_SECONDS = 60.0
SINGLY = 3
"""How many events are asked one by one for their currency before all are listed instead."""
_WHO = "Event Schedule"


@dataclass(frozen=True, slots=True)
class Counted:
    """Orders read for counting; `total` is how many there are, whether or not all of them were read."""

    sales: tuple[wire.Sale, ...]
    complete: bool
    total: int


class Reader:
    """The reads of one account."""

    def __init__(
        self,
        client: ProviderClient,
        settings: EventScheduleSettings,
        now: Callable[[], datetime],
    ) -> None:
        self.client = client
        self.settings = settings
        self.now = now
        self._monotonic = client.monotonic
        self._kept: tuple[float, dict[str, wire.Schedule]] | None = None
        self._codes: tuple[float, dict[str, str]] | None = None

    async def schedules(self) -> Mapping[str, wire.Schedule]:
        """The account's schedules by id, read at most once a minute: they hold the zones."""
        if self._kept is None or self._monotonic() - self._kept[0] > KEPT_SECONDS:
            rows = self.every(operations.LIST_SCHEDULES, wire.Page[wire.Schedule], {}, PER_PAGE)
            self._kept = (self._monotonic(), {row.id: row async for row in rows})
        return self._kept[1]

    async def currencies(self, event_ids: Collection[str]) -> Mapping[str, str]:
        """The currencies of events, kept for a minute. An order does not tell its own; a deleted event's is not known."""
        if self._codes is None or self._monotonic() - self._codes[0] > KEPT_SECONDS:
            self._codes = (self._monotonic(), {})
        known = self._codes[1]
        missing = [event_id for event_id in dict.fromkeys(event_ids) if event_id and event_id not in known]
        if len(missing) > SINGLY:
            async for event in self.every(operations.LIST_EVENTS, wire.Page[wire.Event], {}, MOST_PER_PAGE):
                known[event.id] = event.ticket_currency_code
            missing = [event_id for event_id in missing if event_id not in known][:SINGLY]
        for event_id in missing:
            event = await self.event_if_there(event_id)
            known[event_id] = event.ticket_currency_code if event is not None else ""
        return known

    async def categories(self, subdomain: str) -> list[wire.Category]:
        """The categories that events of a schedule may have."""
        answer: wire.One[list[wire.Category]] = await self.client.read(
            operations.LIST_SCHEDULE_CATEGORIES, wire.One[list[wire.Category]], path={"subdomain": subdomain}
        )
        return answer.data

    async def event(self, event_id: str) -> wire.Event:
        answer: wire.One[wire.Event] = await self.client.read(
            operations.SHOW_EVENT, wire.One[wire.Event], path={"event": event_id}
        )
        return answer.data

    async def event_if_there(self, event_id: str) -> wire.Event | None:
        """An event, or None when it was deleted since."""
        with suppress(NotFound):
            return await self.event(event_id)
        return None

    async def sale(self, sale_id: str) -> wire.Sale:
        answer: wire.One[wire.Sale] = await self.client.read(
            operations.SHOW_SALE, wire.One[wire.Sale], path={"sale": sale_id}
        )
        return answer.data

    async def sale_if_there(self, sale_id: str) -> wire.Sale | None:
        """An order, or None when it was deleted since."""
        with suppress(NotFound):
            return await self.sale(sale_id)
        return None

    async def home(self, event: wire.Event) -> Home:
        return home_of(event, await self.schedules(), self.settings.zone)

    def events(self, query: Query) -> AsyncIterator[wire.Event]:
        return self.every(operations.LIST_EVENTS, wire.Page[wire.Event], query, PER_PAGE)

    def orders(self, query: Query) -> AsyncIterator[Page[wire.Sale]]:
        return self.page_by_page(operations.LIST_SALES, wire.Page[wire.Sale], query, MOST_PER_PAGE)

    def sales(self, query: Query) -> AsyncIterator[wire.Sale]:
        return self.every(operations.LIST_SALES, wire.Page[wire.Sale], query, SALES_PER_PAGE)

    async def sales_for_counting(self, event_id: str, day: date | None) -> Counted:
        """The orders of an event, or of one date of it, unless they are too many to be counted within one answer."""
        query: dict[str, str | int] = {"event_id": event_id}
        if day is not None:
            query["event_date"] = day.isoformat()
        first = await self._page(operations.LIST_SALES, wire.Page[wire.Sale], query, SALES_PER_PAGE, 1)
        total = first.total or len(first.rows)
        if first.next is None:
            return Counted(tuple(first.rows), complete=True, total=total)
        if total > SALES_PER_PAGE * SALES_PAGES:
            return Counted((), complete=False, total=total)
        return Counted(tuple([sale async for sale in self.sales(query)]), complete=True, total=total)

    async def orders_counted(self, query: Query) -> tuple[tuple[wire.Sale, ...], int, int]:
        """All orders of a query, how many the platform counts, and how many pages they came on."""
        rows: list[wire.Sale] = []
        total = 0
        read: set[int] = set()
        async for page in self.orders(query):
            rows += page.rows
            read.add(page.at)
            total = page.total or total
        return tuple(rows), max(total, len(rows)), len(read)

    async def orders_made(self, event_id: str) -> int:
        """How many orders of any status an event has, by the platform's own count."""
        page = await self._page(operations.LIST_SALES, wire.Page[wire.Sale], {"event_id": event_id}, 1, 1)
        return page.total if page.total is not None else len(page.rows)

    async def orders_open(self, event_id: str) -> int:
        """How many orders of an event hold places, by the platform's own count."""
        total = 0
        for status in ("unpaid", "paid"):
            page = await self._page(
                operations.LIST_SALES, wire.Page[wire.Sale], {"event_id": event_id, "status": status}, 1, 1
            )
            total += page.total or len(page.rows)
        return total

    async def undated(self, read: int) -> AsyncIterator[wire.Event]:
        """Single events without a start, which no date filter finds; the platform lists them last.

        `read` is how many single events were read already: when there are no more, nothing is missing.
        """
        query: dict[str, str | int] = {"schedule_type": "single"}
        count = await self._page(operations.LIST_EVENTS, wire.Page[wire.Event], query, 1, 1)
        total = count.total or 0
        if total <= read:
            return

        async def backwards(page: int) -> Slice[wire.Event]:
            found = await self._page(operations.LIST_EVENTS, wire.Page[wire.Event], query, PER_PAGE, page)
            rows = [row for row in found.rows if row.starts_at is None]
            return Slice(rows, page - 1 if rows and len(rows) == len(found.rows) and page > 1 else None)

        last = (total + PER_PAGE - 1) // PER_PAGE
        async for event in walk(backwards, key=lambda row: row.id, first=last, who=_WHO):
            yield event

    async def every(
        self, operation: Operation, answer: type[wire.Page[Row]], query: Query, per_page: int
    ) -> AsyncIterator[Row]:
        """Every row once; see `page_by_page`."""
        async for page in self.page_by_page(operation, answer, query, per_page):
            for row in page.rows:
                yield row

    def page_by_page(
        self, operation: Operation, answer: type[wire.Page[Row]], query: Query, per_page: int, at: int | None = None
    ) -> AsyncIterator[Page[Row]]:
        """Every row once, page by page, from page `at` on.

        The platform breaks no ties in its order, so rows of one start may change places between two pages.

        Raises:
            ListIncomplete: Rows are missing after the second reading too.
        """
        first = max(at or 1, 1)

        async def fetch(page: int) -> Slice[Row]:
            found = await self._page(operation, answer, query, per_page, page)
            # A hosted server leaves rows of lesser plans out after counting them, so its total proves nothing missing,
            # and is told on only where the page holds what it counts.
            there = None if found.total is None else max(min(per_page, found.total - (page - 1) * per_page), 0)
            return Slice(found.rows, found.next, found.total, vague=len(found.rows) != there)

        return pages(fetch, key=lambda row: row.id, first=first, before=(first - 1) * per_page, who=_WHO)

    async def _page(
        self, operation: Operation, answer: type[wire.Page[Row]], query: Query, per_page: int, page: int
    ) -> Slice[Row]:
        got: Any = await self.client.read(operation, answer, query={**query, "per_page": per_page, "page": page})
        found: wire.Page[Row] = got
        if found.meta.last_page is not None:
            more = page < found.meta.last_page
        else:
            more = len(found.data) >= per_page
        return Slice(found.data, page + 1 if more else None, found.meta.total)
