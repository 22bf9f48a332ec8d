"""EventHQ's records and what they mean.

Numbers and some flags come as text. A list and a view of the same event differ: see `Event.merged`.
"""

import html
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, cast

from pydantic import BeforeValidator

from eventdesk_server.providers.loose import Count, Flag, Id, Text, Wire, amount, clock_time, web_address
from eventdesk_tools import models
from eventdesk_tools.models import EventStatus
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment, zone_of

ZONE = "Europe/London"


def _plain(value: Any) -> Any:
    """Text whose entities (`&pound;`) and line ends are the platform's, not the author's."""
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _plain_lines(value: Any) -> Any:
    return html.unescape(value).strip() if isinstance(value, str) else ""


def _tags(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [tag for tag in items if isinstance(tag, str) and tag.strip()]


def _objects(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]


def _amount(value: Any) -> Decimal | None:
    return amount(value)


Plain = Annotated[str, BeforeValidator(_plain)]
Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]
Amount = Annotated[Decimal | None, BeforeValidator(_amount)]


def moment(text: str, zone: str) -> Moment | None:
    """The wall clock of a time, in the account's zone; midnight alone is a day.

    The offset is not used: the list writes +0100 and the view +0000 for the same event, in December, when British
    time is +0000 (reference, Events, examples).
    """
    read = clock_time(text)
    if isinstance(read, datetime):
        wall = read.replace(tzinfo=None)
        return Moment.whole_day(wall.date()) if wall.time() == datetime.min.time() else Moment.local(wall, zone)
    return None if read is None else Moment.whole_day(read)


def begun(when: Moment, now: datetime, zone: str) -> bool:
    """Whether a time has come; a day begins with its midnight."""
    return when.utc(zone) <= now


def over(when: Moment, now: datetime, zone: str) -> bool:
    """Whether a time has passed; a day is over when the next begins."""
    return begun(Moment.whole_day(when.day + timedelta(days=1)) if when.day is not None else when, now, zone)


class PriceStep(Wire):
    """A price and the last day on which it is asked; without a day it is the last one."""

    value: Amount = None
    until_end_of: Text = ""

    @property
    def last_day(self) -> date | None:
        read = clock_time(self.until_end_of)
        return read.date() if isinstance(read, datetime) else read


class Product(Wire):
    """A ticket, or an extra where `primary` is false."""

    id: Id
    name: Plain
    primary: Flag = None
    description: Annotated[str, BeforeValidator(_plain_lines)] = ""
    event_days: Tags = ()
    total_available: Count = None
    total_used: Count = None
    admin_only: Flag = None
    published: Flag = None
    deleted: Flag = None
    sold_out: Flag = None
    position: Count = None
    current_price: Amount = None
    prices: Annotated[tuple[PriceStep, ...], BeforeValidator(_objects)] = ()

    @property
    def hidden(self) -> str:
        """Why the public does not see it, or ""."""
        if self.deleted:
            return "deleted"
        if self.published is False:
            return "not published"
        return "for organisers only" if self.admin_only else ""

    @property
    def left(self) -> int | None:
        """Places left; None when there is no limit."""
        return None if self.total_available is None else max(self.total_available - (self.total_used or 0), 0)

    def _steps(self, today: date) -> list[PriceStep]:
        """The price of today and the later ones, in the order they are asked."""
        coming = [step for step in self.prices if step.last_day is None or step.last_day >= today]
        return sorted(coming, key=lambda step: step.last_day or date.max)

    def price(self, today: date) -> Decimal | None:
        """The price now, as the platform says it."""
        if self.current_price is not None:
            return self.current_price
        steps = self._steps(today)
        return steps[0].value if steps else None

    def _next_price(self, today: date, currency: str) -> str:
        steps = self._steps(today)
        if len(steps) < 2 or steps[0].last_day is None or steps[1].value is None:
            return ""
        return f"until {steps[0].last_day.isoformat()}, then {Money(steps[1].value, currency)}"

    def to_ticket(self, currency: str, today: date, *, open_now: bool) -> models.Ticket:
        price = self.price(today)
        gone = bool(self.sold_out) or self.left == 0
        notes = (
            self.hidden or ("sold out" if gone else ""),
            f"{', '.join(self.event_days)} only" if self.event_days else "",
            self._next_price(today, currency),
        )
        return models.Ticket(
            id=self.id,
            name=self.name,
            price=None if price is None else Money(price, currency),
            sold=self.total_used or 0,
            left="unlimited" if self.left is None else self.left,
            on_sale=open_now and not self.hidden and not gone,
            kind=Kind.EXTRA if self.primary is False else Kind.TICKET,
            description=self.description,
            note="; ".join(filter(None, notes)),
        )


class Event(Wire):
    """An event as a list row or a view shows it. Its slug is how it is asked for; its id is not."""

    id: Id
    slug: Id
    name: Plain
    register_url: Text = ""
    location: Plain = ""
    summary: Annotated[str, BeforeValidator(_plain_lines)] = ""
    registration_opens: Text = ""
    registration_closes: Text = ""
    event_starts: Text = ""
    event_ends: Text = ""
    tags: Tags = ()
    attendee_count: Count = None
    test: Flag = None
    sold_out: Flag = None
    products: Annotated[tuple[Product, ...], BeforeValidator(_objects)] = ()

    def merged(self, row: "Event | None") -> "Event":
        """This view with what only the list tells: counts, flags, and the tags that a view leaves empty."""
        if row is None:
            return self
        told = {
            "tags": self.tags or row.tags,
            "attendee_count": row.attendee_count if self.attendee_count is None else self.attendee_count,
            "test": row.test if self.test is None else self.test,
            "sold_out": row.sold_out if self.sold_out is None else self.sold_out,
        }
        return self.model_copy(update=told)

    @property
    def booking_page(self) -> str:
        return web_address(self.register_url)

    def day(self) -> date | None:
        """The day it starts."""
        starts = moment(self.event_starts, ZONE)
        return None if starts is None else starts.date

    def ended(self, now: datetime, zone: str) -> bool:
        ends = moment(self.event_ends, zone) or moment(self.event_starts, zone)
        return ends is not None and over(ends, now, zone)

    def closed(self, now: datetime, zone: str) -> str:
        """Why nobody can book now, or ""."""
        opens, closes = moment(self.registration_opens, zone), moment(self.registration_closes, zone)
        if opens is not None and not begun(opens, now, zone):
            return f"registration opens on {opens}"
        return f"registration closed on {closes}" if closes is not None and over(closes, now, zone) else ""

    def status(self, now: datetime, zone: str) -> EventStatus:
        """The first word that fits."""
        if self.test:
            return EventStatus.TEST
        if self.ended(now, zone):
            return EventStatus.ENDED
        if self.sold_out:
            return EventStatus.SOLD_OUT
        return EventStatus.CLOSED if self.closed(now, zone) else EventStatus.LIVE

    def to_event(self, now: datetime, zone: str, currency: str) -> models.Event:
        return models.Event(
            id=self.slug,
            title=self.name,
            status=self.status(now, zone),
            starts=moment(self.event_starts, zone),
            ends=moment(self.event_ends, zone),
            zone=zone,
            place=self.location,
            venue=self.location.partition(",")[0],
            book_at=self.booking_page,
            tags=self.tags,
            test=self.test,
            registered=self.attendee_count,
            currency=currency,
            aliases=(self.id,),
        )

    def to_tickets(self, now: datetime, zone: str, currency: str) -> tuple[models.Ticket, ...]:
        """Tickets and extras in the order the form shows them."""
        today = now.astimezone(zone_of(zone) or UTC).date()
        open_now = not self.ended(now, zone) and not self.closed(now, zone) and not self.sold_out
        ordered = sorted(self.products, key=lambda product: product.position or 0)
        return tuple(product.to_ticket(currency, today, open_now=open_now) for product in ordered)


class EventRows(Wire):
    events: tuple[Event, ...]


class EventCount(Wire):
    count: int


class EventView(Wire):
    event: Event
