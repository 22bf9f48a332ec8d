"""How the platform's language sees values: its casts, its tests for numbers, and its JSON."""

import json
import math
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, cast

_INT_PREFIX = re.compile(r"[ \t\n\r\v\f]*[+-]?\d{1,40}")
_FLOAT_PREFIX = re.compile(r"[ \t\n\r\v\f]*[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
_NUMERIC = re.compile(r"[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*", re.ASCII)
_INTEGER = re.compile(r"[ \t\n\r\v\f]*([+-]?(0|[1-9][0-9]{0,18}))[ \t\n\r\v\f]*", re.ASCII)
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_COLUMN_MAX = 2**31 - 1
_PRICE_MAX = Decimal("9999999999.999")


def pretty(value: Any) -> str:
    """JSON as successes are written: indented, with `/` and everything beyond ASCII escaped."""
    return json.dumps(plain(value), indent=4, allow_nan=False).replace("/", "\\/")


def compact(value: Any) -> str:
    """JSON as the controllers' errors are written."""
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False).replace("/", "\\/")


def framework(value: Any) -> str:
    """JSON as the framework's own errors are written: indented, slashes as they are."""
    return json.dumps(plain(value), indent=4, allow_nan=False)


def plain(value: Any) -> Any:
    """The same value with whole floats as integers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("list[Any]", value)]
    return number(value) if isinstance(value, float | Decimal) else value


def number(value: float | Decimal | None) -> int | float | None:
    """A number without `.0`."""
    if value is None:
        return None
    as_float = float(value)
    return int(as_float) if as_float.is_integer() and abs(as_float) < 1e15 else as_float


def entries(value: Any) -> list[tuple[str, Any]]:
    """An array's keys and values: JSON objects and lists are the same thing here."""
    if isinstance(value, dict):
        return [(str(key), item) for key, item in cast("dict[Any, Any]", value).items()]
    if isinstance(value, list):
        return [(str(index), item) for index, item in enumerate(cast("list[Any]", value))]
    return []


def listed(value: Any) -> list[Any]:
    """An array's values."""
    return [item for _, item in entries(value)]


def get(value: Any, key: str) -> Any:
    """One value of an array, None where there is none."""
    return next((item for name, item in entries(value) if name == key), None)


def is_array(value: Any) -> bool:
    return isinstance(value, dict | list)


def truthy(value: Any) -> bool:
    """Everything but null, false, 0, "", "0" and the empty array."""
    return bool(value) and value != "0"


def boolean(value: Any) -> bool:
    """The lenient reading of a flag: 1, true, on and yes; anything else is false."""
    return value is True or (isinstance(value, str | int) and str(value).strip().lower() in {"1", "true", "on", "yes"})


def is_numeric(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and _NUMERIC.fullmatch(value) is not None)


def is_integer(value: Any) -> bool:
    """The `integer` rule: true passes, as does a whole float and a decimal string without leading zeros."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _INT_MIN <= value <= _INT_MAX
    if isinstance(value, float):
        return value.is_integer() and abs(value) < 1e15
    if not isinstance(value, str):
        return False
    found = _INTEGER.fullmatch(value)
    return found is not None and _INT_MIN <= int(found[1]) <= _INT_MAX


def integer(value: Any) -> int:
    """The cast to an integer: what a string starts with, 1 for any array that holds something."""
    if value is None or isinstance(value, bool | int):
        return max(_INT_MIN, min(_INT_MAX, int(value or 0)))
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and abs(value) < 2**63 else 0
    if isinstance(value, str):
        found = _INT_PREFIX.match(value)
        return max(_INT_MIN, min(_INT_MAX, int(found[0]))) if found else 0
    return 1 if value else 0


def column_integer(value: Any) -> int | None:
    """An integer as a column of 32 bits keeps it."""
    return None if value is None else max(-_COLUMN_MAX, min(_COLUMN_MAX, integer(value)))


def leading_number(text: str) -> float:
    """What the database makes of a text that it compares with a number: 0 unless it starts with digits."""
    found = _FLOAT_PREFIX.match(text)
    return float(found[0]) if found else 0.0


def as_float(value: Any) -> float:
    """A value that passed the `numeric` rule, as a finite float."""
    result = float(value) if isinstance(value, int | float) else float(str(value).strip())
    return max(-1e300, min(1e300, result))


def price(value: Any) -> str | None:
    """A price as its column keeps it: three decimals, halves rounded up."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        amount = Decimal(0)
    amount = min(amount, _PRICE_MAX) if amount.is_finite() else _PRICE_MAX
    return str(amount.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))
