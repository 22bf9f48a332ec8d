"""Reading evvnt: which list is one's own depends on the login's role."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

from pydantic import TypeAdapter

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, walk
from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_server.settings import EvvntSettings
from eventdesk_tools.errors import PermissionDenied
from eventdesk_tools.refs import shown

_MOST = 100
"""A higher `max_results` is ignored, and twenty rows come."""
_EVENTS = TypeAdapter(tuple[wire.Event, ...])
_CATEGORIES = TypeAdapter(tuple[wire.Category, ...])
_PUBLISHERS = TypeAdapter(tuple[wire.Publisher, ...])
_PACKAGES = TypeAdapter(tuple[wire.Package, ...])
_BOUGHT = TypeAdapter(tuple[wire.BoughtPackage, ...])


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

    @property
    def _acting(self) -> Mapping[str, str]:
        """For whom a partner asks."""
        user = self.settings.user_id if self.settings.role == "partner" else ""
        return {"user_id": user} if user else {}

    async def all(self, newer_than: datetime | None = None) -> AsyncIterator[wire.Event]:
        """The login's listings; a publisher's are the whole feed. No total is told: the first short page is the last."""
        fixed = dict(self._acting)
        if newer_than is not None:
            fixed["newer_than"] = newer_than.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

        async def fetch(page: int) -> Slice[wire.Event]:
            query: Mapping[str, str | int] = {"max_results": _MOST, "page": page, **fixed}
            rows = await self.http.read(self._list, _EVENTS, query=query)
            return Slice(rows, page + 1 if len(rows) >= _MOST else None)

        async for row in walk(fetch, key=lambda row: row.id, who="evvnt"):
            yield row

    async def reach(self) -> None:
        """Ask for one row of the login's own list, which a key of another role is refused."""
        await self.http.read(self._list, _EVENTS, query={"max_results": 1, "page": 1, **self._acting})

    async def one(self, event_id: str) -> wire.Event:
        """One listing."""
        partner = self.settings.role == "partner"
        operation = operations.GET_OURS if partner else operations.GET_EVENT
        return await self.http.read(operation, wire.Event, path={"event": event_id})

    async def own(self, event_id: str) -> tuple[wire.Event, tuple[wire.Event, ...]]:
        """One of the login's own listings, and all of them.

        Raises:
            PermissionDenied: It is somebody else's, or not there.
        """
        rows = tuple([row async for row in self.all()])
        for row in rows:
            if row.id == event_id:
                return row, rows
        raise PermissionDenied(
            f"The listing {shown(event_id)} is not one of this account's own.",
            next="Choose a listing that list_events shows for this account.",
        )

    async def report(self, event_id: str) -> wire.Report:
        """How one of the login's own listings does."""
        return await self.http.read(operations.GET_REPORT, wire.Report, path={"event": event_id})

    async def categories(self) -> Mapping[str, wire.Category]:
        """The tree by id, read once."""
        if not self._categories:
            read = await self.http.read(operations.LIST_CATEGORIES, _CATEGORIES)
            self._categories = {category.id: category for category in read}
        return self._categories

    async def category(self, category_id: int | None) -> str:
        """A category's path."""
        return "" if category_id is None else wire.category_path(await self.categories(), str(category_id))

    async def bought(self, user: str) -> tuple[wire.BoughtPackage, ...]:
        """The login's packages with what was said when they were bought; a partner's are those of the user."""
        if user:
            return await self.http.read(operations.LIST_USER_PACKAGES, _BOUGHT, path={"user": user})
        return await self.http.read(operations.LIST_MY_PACKAGES, _BOUGHT)

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
