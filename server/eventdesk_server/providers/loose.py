"""Types for reading what platforms write loosely: ids as numbers or text, flags as words, times in several forms.

Nothing here knows a platform. A value that cannot be read is None, never a guess; what an adapter needs it declares
as required, and an answer without it does not fit its model.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from eventdesk_tools.money import Money, decimal
from eventdesk_tools.refs import RECORD_ID
from eventdesk_tools.times import Moment

_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f ]*")
_DIGITS = re.compile(r"[+-]?\d{1,18}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off"})
# The dollar, the yen and the krone are shared by several currencies, and so tell none.
_SIGNS = {"£": "GBP", "€": "EUR", "₹": "INR", "₺": "TRY", "₪": "ILS", "₴": "UAH"}


class Wire(BaseModel):
    """What an adapter reads of an answer: other fields are ignored, nothing is changed afterwards."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=False)


def _id(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(value: Any) -> Any:
    if value is None or isinstance(value, bool | list | dict):
        return ""
    return value if isinstance(value, str) else str(value)


def flag(value: Any) -> bool | None:
    """True, False or, for anything that says neither, None. `"false"` and `"0"` are False."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else None
    if word in _YES:
        return True
    return False if word in _NO else None


def count(value: Any) -> int | None:
    """A whole number, written as one or as digits; None otherwise."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value.strip()) else None


Id = Annotated[str, BeforeValidator(_id), Field(pattern=f"^(?:{RECORD_ID.pattern})$")]
"""An opaque id. One that could not stand in a ref does not fit."""
Text = Annotated[str, BeforeValidator(_text)]
"""Text; null and what is no text are empty."""
Flag = Annotated[bool | None, BeforeValidator(flag)]
Count = Annotated[int | None, BeforeValidator(count)]


def clock_time(text: str) -> date | datetime | None:
    """A date, or a time with or without an offset, as written; None when it is neither."""
    try:
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
        return datetime.fromisoformat(text.strip()) if "-" in text else None
    except ValueError:
        return None


def moment(text: str, zone: str | None) -> Moment | None:
    """What a written time means: a day, an instant where an offset is written, else wall time in `zone`."""
    read = clock_time(text)
    if read is None:
        return None
    if not isinstance(read, datetime):
        return Moment.whole_day(read)
    return Moment.local(read, zone) if read.tzinfo is None else Moment.instant(read, zone)


def instant(text: str) -> datetime | None:
    """A platform's own time of change or creation. One without offset is taken as UTC."""
    read = clock_time(text)
    if not isinstance(read, datetime):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def amount(value: Any) -> Decimal | None:
    """The amount in `"49"`, `"£1,299.00"` or `95.5`; None when there is no one number in it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return _decimal(value)
    found = _NUMBER.findall(str(value))
    return _decimal(_plain(found[0])) if len(found) == 1 else None


def _plain(text: str) -> str:
    bare = re.sub(r"[\u00a0\u202f ]", "", text).rstrip(".,")
    if "," in bare and "." not in bare:
        head, _, tail = bare.rpartition(",")
        return f"{head.replace(',', '')}.{tail}" if len(tail) != 3 else bare.replace(",", "")
    if "," in bare and bare.rfind(",") > bare.rfind("."):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "")


def _decimal(value: str | float | Decimal) -> Decimal | None:
    try:
        return decimal(value)
    except ValueError:
        return None


def priced(value: Any, currency: str | None) -> Money | None:
    """Money from display text. A sign that belongs to one currency tells it; else it is the given one."""
    read = amount(value)
    if read is None:
        return None
    sign = next((code for mark, code in _SIGNS.items() if mark in str(value)), None)
    return Money(read, sign or currency or None)


def web_address(text: str) -> str:
    """The address if a person may be shown it: http or https, one word; else ""."""
    address = f"https:{text.strip()}" if text.strip().startswith("//") else text.strip()
    return address if re.fullmatch(r"https?://[^\s\x00-\x20<>\"\\]{3,2000}", address, re.IGNORECASE) else ""
