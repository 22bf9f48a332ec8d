"""The types of Eventtia's values. The same attribute may be a number or a text, and nothing is said in four ways."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, StringConstraints

from eventdesk_tools.money import decimal
from eventdesk_tools.times import Moment, zone_of

_SHORT = 1_000
_LONG = 200_000
_UNLIMITED = "∞"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


class Wire(BaseModel):
    """An object of the wire: what we read of it. What it holds besides is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, defer_build=True)


def nothing(value: object) -> bool:
    """Whether a value says nothing: `null`, `""`, `[]` and `{}` are all in use for that."""
    return value is None or value in ("", [], {})


def _short(value: object) -> object:
    return "" if nothing(value) else value[:_SHORT] if isinstance(value, str) else value


def _long(value: object) -> object:
    return "" if nothing(value) else value[:_LONG] if isinstance(value, str) else value


def _count(value: object) -> int | None:
    if nothing(value) or value == _UNLIMITED:
        return None
    if isinstance(value, (str, int, float)):
        return int(decimal(value))
    raise ValueError("not a number")


def _amount(value: object) -> Decimal | None:
    if nothing(value):
        return None
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return decimal(value)
    raise ValueError("not an amount")


def _price(value: object) -> Decimal | None:
    return decimal(str(value)) if _NUMBER.fullmatch(str(value).strip()) else None


def _when(value: object) -> datetime | date | None:
    if nothing(value):
        return None
    if not isinstance(value, str):
        raise ValueError("not a time")  # noqa: TRY004 - pydantic makes a validation error of ValueError only
    text = value.strip()
    return date.fromisoformat(text) if len(text) == len("2026-05-12") else datetime.fromisoformat(text)


def _flag(value: object) -> object:
    return None if nothing(value) else value


def _object(value: object) -> object:
    return {} if nothing(value) else value


def _list(value: object) -> object:
    return [] if nothing(value) else value


Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Text = Annotated[str, BeforeValidator(_short)]
LongText = Annotated[str, BeforeValidator(_long)]
Count = Annotated[int | None, BeforeValidator(_count)]
Amount = Annotated[Decimal | None, BeforeValidator(_amount)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Mapping = Annotated[dict[str, Any], BeforeValidator(_object)]
Prices = Annotated[dict[str, Annotated[Decimal | None, BeforeValidator(_price)]], BeforeValidator(_object)]
"""Amounts by attendee type, as number or text. What is no amount is None."""
When = Annotated[datetime | date | None, PlainValidator(_when)]
EmptyObject = BeforeValidator(_object)
EmptyList = BeforeValidator(_list)


def moment(when: datetime | date | None, zone: str | None) -> Moment | None:
    """A time of the wire, in `zone`: the platform writes instants in UTC in one place and with an offset in another."""
    if when is None:
        return None
    if not isinstance(when, datetime):
        return Moment.whole_day(when)
    return Moment.instant(when, zone) if when.tzinfo is not None else Moment.local(when, zone)


def agrees(when: datetime | date | None, zone: str) -> bool:
    """Whether an offset of the wire is the one that `zone` has then."""
    where = zone_of(zone)
    return (
        where is not None
        and isinstance(when, datetime)
        and when.tzinfo is not None
        and when.astimezone(where).utcoffset() == when.utcoffset()
    )


def day_first(at: datetime) -> str:
    """A time as Eventtia takes it: `05/11/2026 - 18:30:00`, wall time in the event's zone.

    The day comes first, and a swapped day of twelve or less gives no error: this text is made here, from a parsed time,
    and never passed on.
    """
    return at.strftime("%d/%m/%Y - %H:%M:%S")
