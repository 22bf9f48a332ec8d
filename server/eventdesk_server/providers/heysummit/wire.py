"""HeySummit's records as both versions of its API write them, and what they mean.

Ids come as numbers or digits, flags and counts as text. Only what Eventdesk uses is read: in particular no record's
own `url`, which names other records, ports and hosts than its own (reference of version 1, samples), but a talk's page.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, Json, model_validator

from eventdesk_server.providers.loose import Count, Flag, Id, Text, Wire, instant, moment, priced, web_address
from eventdesk_server.providers.zone_names import told_zone
from eventdesk_tools import models
from eventdesk_tools.models import EventStatus, PersonStatus
from eventdesk_tools.money import Money
from eventdesk_tools.times import Moment, zone_of

_EVENT_IN_URL = re.compile(r"/events/(\d+)")
_LAST_NUMBER = re.compile(r"(\d+)/?$")


def _name(value: Any) -> Any:
    """A stage, category or tag: text, or an object with a title. A bare number cannot be shown."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return next((text for key in ("title", "name") if isinstance(text := fields.get(key), str)), "")
    return "" if not isinstance(value, str) or value.strip().isdigit() else value


def _names(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [name for item in items if (name := _name(item))]


def _id_of(value: Any) -> Any:
    """An id given bare, inside an object, or at the end of an API address."""
    if isinstance(value, Mapping):
        return _id_of(cast("Mapping[str, Any]", value).get("id"))
    if isinstance(value, str) and (found := _EVENT_IN_URL.search(value) or _LAST_NUMBER.search(value)):
        return found[1]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _talk_id(value: Any) -> str:
    if isinstance(value, str) and (found := _LAST_NUMBER.search(value)):
        return found[1]
    return cast("str", _id_of(value))


def _talk_ids(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [found for item in items if (found := _talk_id(item))]


def _objects(value: Any) -> Any:
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]


Name = Annotated[str, BeforeValidator(_name)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
EventId = Annotated[str, BeforeValidator(_id_of)]
"""The event that a record belongs to; "" where it is not told."""


class Record(Wire):
    """Anything that stands in a list."""

    id: Id


class Placed(Record):
    """What names its event."""

    event: EventId = Field(default="", validation_alias=AliasChoices("event", "event_id"))


Row = TypeVar("Row", bound=Record)


class Page(Wire, Generic[Row]):
    """A page of a list. A bare list or one record alone is taken for one."""

    count: Count = None
    next: Text = ""
    results: tuple[Row, ...]

    @model_validator(mode="before")
    @classmethod
    def _any_shape(cls, given: object) -> object:
        if isinstance(given, list):
            return {"results": cast("list[object]", given)}
        if not isinstance(given, Mapping):
            return given
        fields = cast("Mapping[str, object]", given)
        return fields if "results" in fields else {"results": [fields], "count": 1}


class Event(Record):
    """An event. Version 1 tells no zone; rows may come without their flags."""

    title: Text
    event_url: Text = ""
    first_talk_at: Text = ""
    last_talk_at: Text = ""
    timezone: Text = Field(default="", validation_alias=AliasChoices("timezone", "time_zone", "tz"))
    is_live: Flag = None
    is_archived: Flag = None
    is_evergreen: Flag = None
    is_open: Flag = Field(
        default=None, validation_alias=AliasChoices("_is_open_for_registrations", "is_open_for_registrations")
    )
    description: Text = ""
    categories: Names = ()
    tags: Names = ()

    def zone(self, fallback: str) -> str | None:
        """The event's zone, else the account's. A name that is no zone tells nothing."""
        return told_zone(self.timezone) or fallback or None

    def status(self, ends: Moment | None, now: datetime, zone: str | None) -> EventStatus:
        """The first word that fits."""
        over = ends is not None and not self.evergreen and ends.utc(zone) < now
        if self.is_archived:
            return EventStatus.ARCHIVED
        if self.is_live is False and not over:
            return EventStatus.DRAFT
        if over:
            return EventStatus.ENDED
        if self.is_open is False:
            return EventStatus.CLOSED
        return EventStatus.LIVE if self.is_live else EventStatus.UNKNOWN

    @property
    def evergreen(self) -> bool:
        return self.is_evergreen is True or not (self.first_talk_at or self.last_talk_at)

    def to_event(self, now: datetime, fallback_zone: str, currency: str) -> models.Event:
        zone = self.zone(fallback_zone)
        starts, ends = moment(self.first_talk_at, zone), moment(self.last_talk_at, zone)
        return models.Event(
            id=self.id,
            title=self.title,
            status=self.status(ends or starts, now, zone),
            starts=starts,
            ends=ends,
            zone=zone,
            url=web_address(self.event_url),
            category=", ".join(self.categories),
            tags=self.tags,
            evergreen=self.evergreen,
            currency=currency or None,
        )


class Speaker(Wire):
    """A speaker. Names may be null, empty, or one text."""

    first_name: Text = ""
    last_name: Text = ""
    name: Text = ""
    company: Text = ""
    company_title: Text = ""
    is_active: Flag = None

    @property
    def full_name(self) -> str:
        return " ".join(f"{self.first_name} {self.last_name}".split()) or self.name.strip()

    def to_speaker(self) -> models.Speaker:
        return models.Speaker(name=self.full_name, role=self.company_title, company=self.company)


class SpeakerRow(Speaker, Placed):
    """A speaker as a list of its own shows it."""


class Talk(Placed):
    """A talk. One without a date is a draft; cancelled ones stay in the list."""

    title: Text
    date: Text = Field(default="", validation_alias=AliasChoices("date", "starts_at"))
    ends_at: Text = ""
    broadcast_duration_mins: Count = None
    speakers: Annotated[tuple[Speaker, ...], BeforeValidator(_objects)] = ()
    categories: Names = ()
    stage: Name = ""
    inperson_venue: Name = ""
    url: Text = ""
    description_short: Text = ""
    description_long: Text = ""
    is_active: Flag = None
    talk_cancelled: Flag = None

    @property
    def status(self) -> str:
        if self.talk_cancelled:
            return "cancelled"
        if self.is_active is False:
            return "hidden"
        return "live" if self.date else "undated"

    def to_session(self, zone: str | None) -> models.Session:
        starts = moment(self.date, zone)
        ends = moment(self.ends_at, zone)
        if ends is None and starts is not None and starts.at is not None and self.broadcast_duration_mins:
            ends = Moment.instant(starts.at + timedelta(minutes=self.broadcast_duration_mins), zone)
        return models.Session(
            id=self.id,
            title=self.title,
            starts=starts,
            ends=ends,
            speakers=tuple(speaker.full_name for speaker in self.speakers if speaker.full_name),
            room=self.stage or self.inperson_venue,
            status=self.status,
            track=", ".join(self.categories),
            url=self.page,
            description=self.description_short or self.description_long,
        )

    @property
    def page(self) -> str:
        """Its public page. Earlier the same field held the record's own API address, which is none for people."""
        parts = urlsplit(web_address(self.url))
        is_api = parts.netloc.lower().startswith("api.") or "/api/" in parts.path.lower()
        return "" if is_api else parts.geturl()


class Price(Wire):
    """A price of a ticket. Registration wants its id; the amount is display text."""

    id: Annotated[Id, Field(pattern=r"^\d{1,18}$")]
    title: Text = ""
    price: Text = ""


class Ticket(Placed):
    """A ticket of either version. `prices` is text that holds JSON, or a list; version 1 has none."""

    title: Text = Field(validation_alias=AliasChoices("title", "name"))
    description: Text = ""
    is_paid: Flag = None
    is_active: Flag = None
    quantity_remaining: Count = None
    prices: Annotated[tuple[Price, ...] | Json[tuple[Price, ...]] | object, Field(union_mode="left_to_right")] = None

    @property
    def known_prices(self) -> tuple[Price, ...] | None:
        """The prices; None when they cannot be read."""
        given: object = self.prices
        return cast("tuple[Price, ...]", given) if isinstance(given, tuple) else None

    @property
    def sold_out(self) -> bool:
        return self.quantity_remaining is not None and self.quantity_remaining <= 0

    def money(self, price: Price, currency: str) -> Money | None:
        """What it costs. A ticket that is not paid is free whatever its prices say."""
        if self.is_paid is False:
            return Money(Decimal(0), currency or None)
        return priced(price.price, currency)

    def named(self, price: Price) -> str:
        """A price as people see it: `Day pass, Early`."""
        return ", ".join(filter(None, (self.title, price.title)))

    def _ticket(self, record: str, name: str, price: Money | None) -> models.Ticket:
        return models.Ticket(
            id=record,
            name=name,
            price=price,
            left=self.quantity_remaining,
            on_sale=False if self.sold_out else self.is_active,
            description=self.description,
        )

    def to_priced_tickets(self, currency: str) -> tuple[models.Ticket, ...]:
        """One ticket for each price, as version 2 registers."""
        return tuple(
            self._ticket(price.id, self.named(price), self.money(price, currency)) for price in self.known_prices or ()
        )

    def to_ticket(self) -> models.Ticket:
        """The ticket itself, as version 1 registers. No price is told."""
        return self._ticket(self.id, self.title, None)


def _in_zone(text: str, zone: str | None) -> datetime | None:
    at = instant(text)
    where = zone_of(zone) if zone else None
    return at.astimezone(where) if at is not None and where is not None else at


class HeldTicket(Wire):
    """A ticket on a person's record; version 1 only."""

    ticket_id: EventId = ""
    ticket_name: Text = ""
    amount_gross: Text = ""
    created_at: Text = ""

    @property
    def amount(self) -> Money | None:
        """What stands on it. No currency is told."""
        return priced(self.amount_gross, None)

    def made(self, zone: str | None) -> datetime | None:
        """When it was had, in the event's zone."""
        return _in_zone(self.created_at, zone)


class Attendee(Record):
    """A registration. The answer to creating one on version 1 lacks the status."""

    email: Text
    name: Text = ""
    registration_status: Text | None = None
    event: EventId = Field(default="", validation_alias=AliasChoices("event_id", "event"))
    talks: Annotated[tuple[str, ...], BeforeValidator(_talk_ids)] = ()
    tickets: Annotated[tuple[HeldTicket, ...], BeforeValidator(_objects)] = ()
    created_at: Text = ""
    utm_source: Text = ""
    http_referer_domain: Text = ""

    def registered(self, zone: str | None) -> datetime | None:
        """When, in the event's zone. Version 1 writes it without an offset: the server's time, taken as UTC."""
        return _in_zone(self.created_at, zone)

    @property
    def status(self) -> PersonStatus:
        """`Completed Order` is the only word that is documented; others mean an unfinished registration."""
        word = (self.registration_status or "").strip()
        if not word:
            return PersonStatus.UNKNOWN
        return PersonStatus.CONFIRMED if word.casefold() == "completed order" else PersonStatus.INCOMPLETE

    def belongs(self, event_id: str, email: str) -> bool:
        """Whether it is of this event and address. Addresses differ in case between what is sent and what is kept."""
        return self.event in {"", event_id} and self.email.strip().casefold() == email.strip().casefold()


class Coupon(Placed):
    """A coupon. One without a code cannot be typed in."""

    coupon_code: Text = ""
    title: Text = ""
    is_active: Flag = None
    type_discount: Text = ""
    amount_discount: Text = ""

    def to_coupon(self) -> models.Coupon:
        usable = None if self.is_active is None else self.is_active and bool(self.coupon_code)
        return models.Coupon(code=self.coupon_code, title=self.title, discount=self.amount_discount, usable=usable)


class CheckoutLink(Wire):
    """Where a ticket is bought."""

    checkout_link: Text = Field(validation_alias=AliasChoices("checkout_link", "link", "url"))

    @property
    def address(self) -> str:
        return web_address(self.checkout_link)


class Archived(Wire):
    """The event that was archived."""

    id: Id


class _Told(Wire):
    event: EventId = Field(default="", validation_alias=AliasChoices("event", "event_id"))


def of_event(answer: models.Json, event_id: str) -> models.Json:
    """A list as it came, without the rows that name another event; the platform's count is then of more."""
    if isinstance(answer, Mapping):
        body = cast("Mapping[str, models.Json]", answer)
        return {**body, "results": of_event(body["results"], event_id)} if "results" in body else body
    if not isinstance(answer, list):
        return answer
    return [row for row in cast("list[models.Json]", answer) if _Told.model_validate(row).event in {"", event_id}]
