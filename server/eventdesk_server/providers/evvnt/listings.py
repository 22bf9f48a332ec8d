"""Reading evvnt: which list is one's own depends on the login's role."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

from pydantic import TypeAdapter

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, walk
from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_server.settings import EvvntSettings

_MOST = 100
"""A higher `max_results` is ignored, and twenty rows come."""
_EVENTS = TypeAdapter(tuple[wire.Event, ...])
_CATEGORIES = TypeAdapter(tuple[wire.Category, ...])
_PUBLISHERS = TypeAdapter(tuple[wire.Publisher, ...])
_PACKAGES = TypeAdapter(tuple[wire.Package, ...])


class Listings:
    """What a login can read."""

    def __init__(self, http: ProviderClient, settings: EvvntSettings, now: Callable[[], datetime]) -> None:
        self.http = http
        self.settings = settings
        self.now = now
        self._categories: dict[str, wire.Category] = {}

    @property
    def _list(self) -> Operation:
        lists = {"organiser": operations.LIST_MINE, "partner": operations.LIST_OURS, "publisher": operations.LIST_FEED}
        return lists[self.settings.role]

    async def all(self, newer_than: datetime | None = None) -> AsyncIterator[wire.Event]:
        """The login's listings; a publisher's are the whole feed. No total is told: the first short page is the last."""
        fixed: dict[str, str] = {}
        if newer_than is not None:
            fixed["newer_than"] = newer_than.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.settings.role == "partner" and self.settings.user_id:
            fixed["user_id"] = self.settings.user_id

        async def fetch(page: int) -> Slice[wire.Event]:
            query: Mapping[str, str | int] = {"max_results": _MOST, "page": page, **fixed}
            rows = await self.http.read(self._list, _EVENTS, query=query)
            return Slice(rows, page + 1 if len(rows) >= _MOST else None)

        async for row in walk(fetch, key=lambda row: row.id, who="evvnt"):
            yield row

    async def one(self, event_id: str) -> wire.Event:
        """One listing."""
        partner = self.settings.role == "partner"
        operation = operations.GET_OURS if partner else operations.GET_EVENT
        return await self.http.read(operation, wire.Event, path={"event": event_id})

    async def category(self, category_id: int | None) -> str:
        """A category's path. The tree is read once."""
        if category_id is None:
            return ""
        if not self._categories:
            read = await self.http.read(operations.LIST_CATEGORIES, _CATEGORIES)
            self._categories = {category.id: category for category in read}
        return wire.category_path(self._categories, str(category_id))

    async def packages(self) -> tuple[wire.Package, ...]:
        """The packages whose credits this login can use; a partner's are those of its user."""
        if self.settings.role == "partner":
            path = {"user": self.settings.user_id}
            return await self.http.read(operations.LIST_USER_PACKAGES, _PACKAGES, path=path)
        return await self.http.read(operations.LIST_MY_PACKAGES, _PACKAGES)

    async def contract(self) -> wire.Contract:
        return await self.http.read(operations.GET_CONTRACT, wire.Contract)

    async def publishers(self) -> tuple[wire.Publisher, ...]:
        return await self.http.read(operations.LIST_PUBLISHERS, _PUBLISHERS)
