"""The season format of the EventHQ stand-in: what a season file may hold, and how it is checked.

Events' times are wall-clock time in London, `2027-04-12T00:00:00` or a bare date; an offset may follow as the platform
writes it (`+0100`) and means nothing. A product's times are UTC. Numbers are numbers here, though the platform
writes most of them as text.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

_TIME = re.compile(r"([12]\d{3}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)([+-]\d\d:?\d\d)?)?")


def _wall(text: str) -> str:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time as the platform writes it, such as 2027-04-12T00:00:00")
    return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00:00'}").isoformat()


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or not -10 <= amount.adjusted() <= 10:
        raise ValueError("not an amount, such as 95.50")
    return text


Wall = Annotated[str, AfterValidator(_wall)]
Day = Annotated[str, AfterValidator(_day)]
Amount = Annotated[str, AfterValidator(_amount)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]


class Row(BaseModel):
    """What all parts of a season share: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _encodable(cls, value: Any) -> Any:
        """A JSON file can write half a character (`\\ud800`), which no answer can."""
        json.dumps(value, ensure_ascii=False, default=lambda _: None).encode()
        return value


class Tag(Row):
    """A tag. Answers show its name, filters take its id, and nothing in the API tells which is which."""

    id: Annotated[str, Field(min_length=1)]
    name: str


class Price(Row):
    """One step of a price: valid to the end of a day, or for good."""

    value: Amount
    until_end_of: Day | None = None


class Product(Row):
    """A ticket (`primary`) or an extra. Sold out when `total_used` reaches `total_available`."""

    id: Annotated[str, Field(min_length=1)]
    name: str
    event_days: list[str] = []
    primary: bool = True
    description: str = ""
    total_available: Count | None = None
    admin_only: bool = False
    max_order_per_attendee: Count = 1
    vat_rate: int | float | str | None = None
    position: Count = 1
    total_used: Count | None = None
    published: bool = True
    deleted: bool = False
    deleted_date: Wall | None = None
    created: Wall
    modified: Wall
    prices: list[Price] = []


class Event(Row):
    """An event. `capacity` is the venue's limit, never answered; `tags` are tag ids."""

    id: Count
    name: str
    slug: Slug
    location: str = ""
    summary: str = ""
    registration_opens: Wall | None = None
    registration_closes: Wall | None = None
    event_starts: Wall | None = None
    event_ends: Wall | None = None
    tags: list[str] = []
    attendee_count: Count = 0
    capacity: Count | None = None
    test: bool = False
    products: list[Product] = []


class Season(Row):
    tags: list[Tag] = []
    events: list[Event] = []


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
        raise ValueError(f"eventhq.{path}: {first['msg']}") from wrong
