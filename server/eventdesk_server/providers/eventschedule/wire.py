"""What we read of Event Schedule's answers. Fields that nothing here needs are ignored."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from eventdesk_tools.refs import RECORD_ID

T = TypeVar("T")
_TEXT_LIMIT = 20_000
# The ends of the calendar are kept clear, so that zones and sums of days never overflow.
_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def _text(value: Any) -> Any:
    """Null is no text; numbers may stand for text; nothing is longer than the platform's own limits allow."""
    if value is None or isinstance(value, bool):
        return ""
    return value[:_TEXT_LIMIT] if isinstance(value, str) else value


def _utc(value: Any) -> Any:
    """`2027-03-20 10:00:00` is UTC, as is every other time that tells no offset."""
    if not isinstance(value, str) or not value.strip():
        return None if value is None or value == "" else value  # a list can stand here: it has no place in a set
    at = datetime.fromisoformat(value.strip())
    return min(max(at if at.tzinfo else at.replace(tzinfo=UTC), _EARLIEST), _LATEST).astimezone(UTC)


def _no_members(value: Any) -> Any:
    """An object keyed by schedule id, but an empty list where there is none."""
    return value or {}


def _none_as_object(value: Any) -> Any:
    return {} if value is None else value


def _none_as_zero(value: Any) -> Any:
    return 0 if value is None else value


def _none_as_false(value: Any) -> Any:
    return False if value is None else value


def _none_as_empty(value: Any) -> Any:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_text), Field(pattern=rf"^{RECORD_ID.pattern}$")]
OptionalId = Annotated[str, BeforeValidator(_text), Field(pattern=rf"^({RECORD_ID.pattern})?$")]
Instant = Annotated[datetime | None, BeforeValidator(_utc)]
Count = Annotated[int, BeforeValidator(_none_as_zero)]
Flag = Annotated[bool, BeforeValidator(_none_as_false)]
Rows = Annotated[list[T], BeforeValidator(_none_as_empty)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class Meta(_Wire):
    """Where a page stands. The reference page's examples show fewer fields than a server answers."""

    last_page: int | None = None
    total: int | None = None


class Page(_Wire, Generic[T]):
    data: list[T]
    meta: Annotated[Meta, BeforeValidator(_none_as_object)] = Meta()


class One(_Wire, Generic[T]):
    data: T


class Group(_Wire):
    """A sub-schedule."""

    id: Id
    name: Text = ""
    slug: Text = ""


class Schedule(_Wire):
    """A schedule that the account owns or administers. `timezone` is not checked by the platform."""

    id: Id
    subdomain: Text
    name: Text = ""
    type: Text = ""
    timezone: Text = ""
    groups: Rows[Group] = []


class Attached(_Wire):
    """A schedule that an event hangs off, in the order of attachment."""

    id: Id
    subdomain: Text = ""
    name: Text = ""
    type: Text = ""
    group: Group | None = None


class VolumeDiscount(_Wire):
    min_quantity: int | None = None
    type: Text = ""
    value: Decimal | None = None


class Category(_Wire):
    id: int
    name: Text = ""


class Ticket(_Wire):
    """A ticket type or an add-on. `quantity` is capacity, not what is left; null and 0 mean unlimited."""

    id: Id
    type: Text
    price: Decimal | None = None
    quantity: Count = 0
    description: Text = ""
    sales_start_at: Instant = None
    sales_end_at: Instant = None
    volume_discount: VolumeDiscount | None = None
    is_pass: Flag = False
    url: Text = ""
    image_url: Text = ""


class Member(_Wire):
    name: Text = ""
    email: Text = ""


class Part(_Wire):
    """An agenda part. Its times are free text."""

    id: OptionalId = ""
    name: Text
    description: Text = ""
    start_time: Text = ""
    end_time: Text = ""


class Event(_Wire):
    """An event as lists, reads and writes answer it."""

    id: Id
    name: Text
    url: Text = ""
    short_description: Text = ""
    description: Text = ""
    starts_at: Instant = None
    duration: Decimal | None = None
    category_id: int | None = None
    category_name: Text = ""
    is_private: Flag = False
    is_draft: Flag = False
    is_internal: Flag = False
    is_password_protected: Flag = False
    event_url: Text = ""
    registration_url: Text = ""
    venue_id: OptionalId = ""
    venue_name: Text = ""
    venue_address1: Text = ""
    flyer_image_url: Text = ""
    schedule_type: Text = "single"
    recurring_frequency: Text = ""
    recurring_interval: int | None = None
    days_of_week: Text = ""
    recurring_end_type: Text = ""
    recurring_end_value: Text = ""
    rsvp_enabled: Flag = False
    rsvp_limit: int | None = None
    tickets_enabled: Flag = False
    tickets: Rows[Ticket] = []
    addons: Rows[Ticket] = []
    members: Annotated[dict[str, Member], BeforeValidator(_no_members)] = {}
    event_parts: Rows[Part] = []
    ticket_currency_code: Text = ""
    payment_method: Text = ""
    schedules: Rows[Attached] = []
    updated_at: Instant = None

    @property
    def repeats(self) -> bool:
        return self.schedule_type == "recurring" or bool(self.recurring_frequency)

    @property
    def length(self) -> timedelta | None:
        """How long it lasts; None when nobody said."""
        return None if not self.duration or self.duration < 0 else timedelta(hours=float(min(self.duration, 100_000)))


class Line(_Wire):
    """A line of an order. Its price and name are the ticket's present ones, not those of the sale."""

    ticket_id: OptionalId = ""
    type: Text = ""
    quantity: Count = 0
    is_addon: Flag = False


class Sale(_Wire):
    """An order on one event and one date. Its secret is not read.

    `group_id` joins the guests of an order, the primary carrying its total; `order_id` joins orders made together, which
    may be on several events. Without its lines and its quantity nobody could tell an RSVP from an order, or count heads.
    """

    id: Id
    event_id: OptionalId = ""
    event_name: Text = ""
    name: Text = ""
    email: Text = ""
    phone: Text = ""
    status: Text
    event_date: date | None = None
    payment_method: Text = ""
    payment_amount: Decimal | None = None
    volume_discount_amount: Decimal | None = None
    discount_amount: Decimal | None = None
    order_id: Text = ""
    is_order_primary: Flag = False
    transaction_reference: Text = ""
    tickets: list[Line]
    total_quantity: int | None = None
    group_id: Text = ""
    is_primary: Flag = False
    created_at: Instant = None

    @property
    def active(self) -> bool:
        """Whether it counts. A word that the platform adds later counts until we know better."""
        return self.status not in {"cancelled", "refunded", "expired"}

    @property
    def holds_places(self) -> bool:
        return self.status in {"unpaid", "paid"}

    @property
    def heads(self) -> int:
        """People: an RSVP has no lines and counts as one; of a group only the first row carries the number."""
        if self.group_id and not self.is_primary:
            return self.total_quantity or 0
        if self.total_quantity is None:
            return sum(line.quantity for line in self.tickets if not line.is_addon) if self.tickets else 1
        return self.total_quantity or int(not self.tickets)

    @property
    def lines(self) -> dict[tuple[str, str], int]:
        """Quantities by kind and id."""
        found: dict[tuple[str, str], int] = {}
        for line in self.tickets:
            key = ("x" if line.is_addon else "t", line.ticket_id)
            found[key] = found.get(key, 0) + line.quantity
        return found
