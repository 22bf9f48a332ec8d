"""evvnt's records and what they mean.

The tables call fields "always present" that its own examples leave out, and ids numbers that may end in a letter:
only `id` and `title` are needed, and ids are kept as they come. `links` are evvnt's own tracking addresses, not what
was submitted; `report_url` is a login and is never read.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import AliasChoices, BeforeValidator, Field

from eventdesk_server.providers.loose import (
    Count,
    Id,
    Text,
    Wire,
    amount,
    clock_time,
    count,
    instant,
    moment,
    web_address,
)
from eventdesk_tools import models
from eventdesk_tools.models import EventStatus
from eventdesk_tools.money import Money
from eventdesk_tools.times import Moment

TRACKING_HOST = "go.evvnt.com"
_BOOKING = ("tickets", "booking")
_DAY = "x"
"""What the header of a report's clicks calls the column of days."""
_TOTAL = re.compile(r"\btotals?\b", re.IGNORECASE)


def _texts(value: Any) -> Any:
    """An object of text to text; anything else is empty."""
    if not isinstance(value, Mapping):
        return {}
    items = cast("Mapping[Any, Any]", value).items()
    return {str(key): str(text) for key, text in items if isinstance(text, str | int | float) and str(text).strip()}


def _list(value: Any) -> Any:
    """A list, or the one text that older answers have instead."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [item for item in cast("list[Any]", value) if isinstance(item, str)] if isinstance(value, list) else []


def _numbers(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, int) or (isinstance(item, str) and item.isdigit())]


def _number(value: Any) -> Any:
    """A coordinate as it will be sent again: the same number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        read = amount(value.strip().removeprefix("-"))
        return None if read is None else float(-read if value.strip().startswith("-") else read)
    return value if isinstance(value, int | float) else None


def _object(value: Any) -> Any:
    return cast("object", value) if isinstance(value, Mapping) else {}


Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
Coordinate = Annotated[float | None, BeforeValidator(_number)]


def price_of(text: str) -> Money | None:
    """`GBP 12.5`: a code, a space, an amount. None when it is something else."""
    code, _, rest = text.strip().partition(" ")
    read = amount(rest) if len(code) == 3 and code.isascii() and code.isalpha() else None
    return None if read is None else Money(read, code.upper())


def local(text: str, zone: str) -> Moment | None:
    """A time as the place keeps it: in `zone` where its offset is the zone's, else with the offset that is written.

    Listings carry local time with the place's own offset (documentation, times), so an account's zone must not turn
    an evening in New York into a night in London.
    """
    read = moment(text, None)
    if read is None or read.at is None or not zone:
        return moment(text, zone)
    shown = Moment.instant(read.at, zone)
    return shown if shown.at is not None and shown.at.utcoffset() == read.at.utcoffset() else read


class Venue(Wire):
    """Where it is. The country should be a two-letter code, and is a word in older listings."""

    name: Text = ""
    address_1: Text = ""
    address_2: Text = ""
    town: Text = ""
    country: Text = ""
    postcode: Text = ""
    latitude: Coordinate = None
    longitude: Coordinate = None

    @property
    def line(self) -> str:
        return ", ".join(part for part in (self.name.strip(), self.town.strip()) if part)


class Contact(Wire):
    """Who answers questions about it: a person's data."""

    name: Text = ""
    email: Text = ""
    tel: Text = ""

    @property
    def complete(self) -> bool:
        return all(part.strip() for part in (self.name, self.email, self.tel))


class Event(Wire):
    """A listing."""

    id: Id
    title: Text
    capacity: Count = None
    category_id: Count = None
    sub_category_ids: Annotated[tuple[int, ...], BeforeValidator(_numbers)] = ()
    timestamp: Text = ""
    start_time: Text = ""
    end_time: Text = ""
    door_time: Text = ""
    last_entry_time: Text = ""
    summary: Text = ""
    description: Text = ""
    images: Annotated[tuple[str, ...], BeforeValidator(_list)] = Field(
        default=(), validation_alias=AliasChoices("image_urls", "image_url")
    )
    organiser_name: Text = ""
    contact: Annotated[Contact, BeforeValidator(_object)] = Contact()
    venue: Annotated[Venue, BeforeValidator(_object)] = Venue()
    links: Texts = {}
    prices: Texts = {}
    artists: Text = ""
    keywords: Text = ""
    hashtag: Text = ""
    user_id: Text = ""

    @property
    def booking_link(self) -> str:
        """Where a person books: evvnt's redirect to the page that was submitted."""
        named = {name.strip().lower(): web_address(url) for name, url in self.links.items()}
        return next((named[name] for name in _BOOKING if named.get(name)), "")

    @property
    def starts_at(self) -> datetime | None:
        """The instant it starts, where an offset tells it."""
        read = clock_time(self.start_time)
        return read if isinstance(read, datetime) and read.tzinfo is not None else None

    def over(self, now: datetime, zone: str) -> bool:
        ends = local(self.end_time, zone) or local(self.start_time, zone)
        return ends is not None and ends.utc(zone) < now

    def to_event(self, now: datetime, zone: str, category: str = "") -> models.Event:
        starts = self.starts(zone)
        return models.Event(
            id=self.id,
            title=self.title,
            status=EventStatus.ENDED if self.over(now, zone) else EventStatus.LIVE,
            starts=starts,
            ends=local(self.end_time, zone),
            zone=zone if starts is not None and starts.at is not None and str(starts.at.tzinfo) == zone else None,
            place=self.venue.line,
            book_at=self.booking_link,
            category=category or ("" if self.category_id is None else str(self.category_id)),
            tags=split(self.keywords),
            updated=instant(self.timestamp),
            capacity=self.capacity,
        )

    def to_tickets(self) -> tuple[models.Ticket, ...]:
        """Prices as people see them. evvnt sells none, so nothing is on sale or left here."""
        return tuple(_ticket(number, label, text) for number, (label, text) in enumerate(self.prices.items(), 1))

    def starts(self, zone: str) -> Moment | None:
        return local(self.start_time, zone)


def _ticket(number: int, label: str, text: str) -> models.Ticket:
    price = price_of(text)
    return models.Ticket(id=str(number), name=label, price=price, note="" if price is not None else text)


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated text."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Created(Wire):
    """The answer to a new listing."""

    id: Id


class Category(Wire):
    """A category. Names repeat under different parents."""

    id: Id
    parent_id: Id | None = None
    name: Text


class Publisher(Wire):
    id: Id
    name: Text = ""
    url: Text = ""


class Package(Wire):
    """Credits that were bought. How many are left is not told."""

    uuid: Id
    type: Text = ""
    broadcast_volume: Count = None
    event_quantity: Count = None
    purchase_date: Text = ""

    @property
    def line(self) -> str:
        parts = (
            self.uuid,
            self.type,
            f"for {self.event_quantity} events" if self.event_quantity is not None else "",
            f"bought {self.purchase_date}" if self.purchase_date else "",
        )
        return " ".join(filter(None, parts))


class Published(Wire):
    """A listing on a site; without an address as long as the site has told none."""

    event_title: Text = ""
    url: Text = ""


class BoughtPackage(Wire):
    """A package as its own list tells it."""

    uuid: Id
    type: Text = ""
    broadcast_volume: Count = None
    event_quantity: Count = None
    purchase_order_id: Text = ""
    notes: Text = ""


class PackageOption(Wire):
    id: Text = ""
    type: Text = ""
    broadcast_volume: Count = None
    currency: Text = ""
    cost_per_event: Text = ""

    @property
    def cost(self) -> Money | None:
        return price_of(f"{self.currency} {self.cost_per_event}")

    @property
    def line(self) -> str:
        """What it is and costs, as an error lists it."""
        price = f"{self.cost} an event" if self.cost is not None else "price not known"
        return f"{self.id} {self.type} to {self.broadcast_volume} sites, {price}"


class Contract(Wire):
    package_options: tuple[PackageOption, ...] = ()

    def option(self, number: str) -> PackageOption | None:
        """What can be bought under this id."""
        return next((option for option in self.package_options if option.id == number), None)

    def cost_of(self, package: Package) -> Money | None:
        """What an event costs in this package; None unless the contract's options agree on it."""
        costs = {
            option.cost
            for option in self.package_options
            if option.type == package.type and option.broadcast_volume == package.broadcast_volume
        }
        return costs.pop() if len(costs) == 1 else None


def _rows(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [row for row in items if isinstance(row, list)]


class Broadcast(Wire):
    num_sites_total: Count = None
    num_sites_live: Count = None
    num_sites_submitted: Count = None


class Reach(Wire):
    uniques: Count = None


class Report(Wire):
    """A report. Which columns its clicks have differs: they are known by the first row only."""

    broadcast_results: Annotated[Broadcast, BeforeValidator(_object)] = Broadcast()
    audience_reach: Annotated[Reach, BeforeValidator(_object)] = Reach()
    clicks_by_day: Annotated[list[list[Any]], BeforeValidator(_rows)] = []

    @property
    def clicks(self) -> int | None:
        """All clicks: the column that its header calls a total, else all columns but the days; None where none is told."""
        if not self.clicks_by_day:
            return None
        header = [name.strip() if isinstance(name, str) else "" for name in self.clicks_by_day[0]]
        totals = [at for at, name in enumerate(header) if _TOTAL.search(name)]
        sources = [at for at, name in enumerate(header) if at not in totals and name.lower() not in {_DAY, ""}]
        counted = totals[:1] if totals else sources
        if not counted:
            return None
        return sum(_cell(row, at) for row in self.clicks_by_day[1:] for at in counted)


def _cell(row: Sequence[Any], at: int) -> int:
    return (count(row[at]) or 0) if at < len(row) else 0


def category_path(categories: Mapping[str, Category], category_id: str) -> str:
    """`Music > Jazz`: names repeat under different parents. The root, "All", is left out."""
    names: list[str] = []
    here: str | None = category_id
    while here is not None and (found := categories.get(here)) is not None and len(names) < 10:
        if found.parent_id is not None:
            names.append(found.name.strip())
        here = found.parent_id
    return " > ".join(reversed(names))
