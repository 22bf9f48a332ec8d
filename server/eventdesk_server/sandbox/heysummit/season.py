"""The season format of the HeySummit stand-in: what a season file may hold, and how it is checked.

Ids are whole numbers and unique per kind, except that a ticket's id and a price's id may be the same number: they are
different id spaces. Times are written as the platform writes them: bare wall-clock time in the event's zone
(`2027-07-06T18:00:00`, optionally with six digits of microseconds), or with `Z` or an offset, or a bare date.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

_TIME = re.compile(r"[12]\d{3}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{6})?(Z|[+-]\d\d:\d\d)?)?")


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError("not a time as the platform writes it, such as 2027-07-06T18:00:00")
    datetime.fromisoformat(text)
    return text


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(_time(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


Time = Annotated[str, AfterValidator(_time)]
Instant = Annotated[str, AfterValidator(_instant)]
"""Server time: UTC, with or without offset."""
Id = Annotated[int, Field(gt=0, lt=2**63)]


class Row(BaseModel):
    """What all parts of a season share: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _encodable(cls, value: Any) -> Any:
        """A JSON file can write half a character (`\\ud800`), which no answer can."""
        json.dumps(value, ensure_ascii=False, default=lambda _: None).encode()
        return value

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the named fields that the season spells out; a field left out stays out of the answers too."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class Speaker(Row):
    """A speaker. Each text but the two names may be null or empty."""

    id: Id
    first_name: str
    last_name: str
    company: str | None = None
    company_title: str | None = None
    headshot: str = "https://cdn.heysummit.example/default-headshot.png"
    expert_creds: str | None = ""
    bio: str | None = None
    is_active: bool = True


class Category(Row):
    id: Id
    title: str
    description: str | None = ""


class Talk(Row):
    """A talk. The v2 extras are answered only where given; `omit` leaves keys out of the answers for this row."""

    id: Id
    title: str
    date: Time | None = None
    speakers: list[Id] = []
    categories: list[Id] = []
    is_active: bool = True
    is_featured: bool = False
    capacity: Annotated[int, Field(ge=0)] | None = None
    """Places for attendees; null is unlimited. Never answered."""
    admits: list[Id] | None = None
    """The tickets that give access; null is everybody. Never answered."""
    omit: list[str] = []

    ends_at: Time | None = None
    slug: str | None = None
    url: str | None = None
    external_url: str | None = None
    date_localised: str | None = None
    broadcast_duration_mins: int | None = None
    description_short: str | None = None
    description_long: str | None = None
    stage: str | int | dict[str, Any] | None = None
    inperson_available: bool | None = None
    inperson_venue: str | int | dict[str, Any] | None = None
    inperson_venue_area: str | int | dict[str, Any] | None = None
    is_open_access: bool | None = None
    is_public_access: bool | None = None
    replay_planned: bool | None = None
    replay_url: str | None = None
    talk_cancelled: bool | None = None
    is_agenda_item: bool | None = None
    primary_image: str | None = None
    custom_promo_image_primary: str | None = None
    brand_logo: str | None = None
    custom_tag: str | None = None


TALK_EXTRAS = tuple(Talk.model_fields)[tuple(Talk.model_fields).index("ends_at") :]
"""The fields of a talk that only v2 answers."""


class Price(Row):
    """One price of a ticket. The amount is display text: `99`, `0.00`, `£99`."""

    id: Id
    title: str
    price: str


class Ticket(Row):
    """A ticket. `prices_as` says how v2 writes the prices: JSON in a string, an array, or text that does not decode."""

    id: Id
    title: str
    description: str = ""
    is_paid: bool | Literal["true", "false"] = "false"
    is_active: bool = True
    prices: list[Price] = []
    prices_as: Literal["text", "array", "broken"] = "text"
    quantity_remaining: int | str | None = None
    mark_as_popular: bool = False
    apply_to_broadcasts: bool = True
    apply_to_replays: bool = False
    apply_to_inperson: bool = False
    checkout_link: str | None = None
    created_at: Instant


class Holding(Row):
    """A ticket that an attendee holds, by the price it was got at."""

    ticket_price_id: Id
    amount_gross: str | None = None
    amount_net: str | None = None
    created_at: Instant | None = None


class Answer(Row):
    question_id: Id
    answer: Annotated[str, Field(min_length=1)]


class Attendee(Row):
    """A registration. No two of one event share an address, ignoring case."""

    id: Id
    email: str
    name: str
    registration_status: str = "Completed Order"
    created_at: Instant
    agreed_terms: Instant | None = None
    affiliate_email: str | None = None
    speaker_referrer_email: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    referer_ref: str | None = None
    http_referer: str | None = None
    http_referer_domain: str | None = None
    ip_address: str | None = None
    categories: list[Id] = []
    talks: list[Id] = []
    questions: list[Answer] = []
    tickets: list[Holding] = []


class Coupon(Row):
    id: Id
    coupon_code: str = ""
    title: str = ""
    description: str | None = ""
    is_active: bool = True
    type_discount: int | str = 1
    amount_discount: int | float | str = "10.00"
    max_purchases: int | None = None
    restrict_to_specific_tickets: list[Id] = []
    active_from: Time | None = None
    active_to: Time | None = None


class Sponsor(Row):
    id: Id
    title: str
    slug: str
    url: str | None = None
    logo: str | None = None
    short_description: str | None = ""
    long_description: str | None = ""
    link_title: str | None = ""
    is_active: bool = True
    is_main_sponsor: bool = False
    sponsor_categories: list[Id] = []
    show_on_landing_page: bool = True
    show_on_talk_pages: bool = False
    show_on_category_pages: bool = False
    show_on_blog_posts: bool = False


class SponsorCategory(Row):
    id: Id
    title: str


class Event(Row):
    """An event with all that belongs to it.

    `first_talk_at` and `last_talk_at` follow from the talks unless given. `omit` names keys that this row's answers
    leave out, as some rows of the platform do (`is_open_for_registrations` stands for both dialects' spelling).
    `timezone` and `description` are answered only where given.
    """

    id: Id
    title: str
    event_url: str | None = None
    company_name: str | None = None
    timezone: str | None = None
    first_talk_at: Time | None = None
    last_talk_at: Time | None = None
    description: str | None = None
    status: str = "live"
    is_live: bool = True
    is_archived: bool = False
    is_evergreen: bool = False
    is_open_for_registrations: bool = True
    logo: str | None = None
    logo_white: str | None = None
    feature_image: str | None = None
    shown_categories: list[Id] = []
    """Categories that the event's own record repeats inline."""
    tags: list[str] = []
    omit: list[str] = []

    categories: list[Category] = []
    speakers: list[Speaker] = []
    talks: list[Talk] = []
    tickets: list[Ticket] = []
    attendees: list[Attendee] = []
    coupons: list[Coupon] = []
    sponsors: list[Sponsor] = []
    sponsor_categories: list[SponsorCategory] = []


class Webhook(Row):
    """A subscription. The platform's own field names are not published; these are a guess."""

    id: Id
    event: Id
    url: str
    action: str
    is_active: bool = True


class Season(Row):
    events: list[Event] = []
    webhooks: list[Webhook] = []


def read(season: Mapping[str, Any]) -> Season:
    """Check a season.

    Raises:
        ValueError: It does not fit; the message names the path of the wrong part.
    """
    try:
        return Season.model_validate(season)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise ValueError(f"heysummit.{path}: {first['msg']}") from wrong
