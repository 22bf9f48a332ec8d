"""The framework's validator: which rules run on which values, and its English messages.

A rule that is not about presence is skipped where the value is absent, and where it is null and the field nullable.
Rules on `list.*.name` run once for each entry, after all rules without a star.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventdesk_server.sandbox.eventschedule import php
from eventdesk_server.sandbox.eventschedule.times import parse_loose

_PHP_BLANK = " \t\n\r\0\v"
"""What PHP's `trim` takes away; Python's `strip` takes more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `value` is its argument."""

    kind: str
    value: Any = None


REQUIRED = Rule("required")
SOMETIMES = Rule("sometimes")
NULLABLE = Rule("nullable")
STRING = Rule("string")
INTEGER = Rule("integer")
NUMERIC = Rule("numeric")
BOOLEAN = Rule("boolean")
ARRAY = Rule("array")
EMAIL = Rule("email")
PERMANENT_EMAIL = Rule("permanent_email")
URL = Rule("url")
DATE = Rule("date")
DAY = Rule("date_format", ("Y-m-d", "%Y-%m-%d", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)))
MOMENT = Rule(
    "date_format", ("Y-m-d H:i:s", "%Y-%m-%d %H:%M:%S", re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII))
)


def at_most(limit: int) -> Rule:
    return Rule("max", limit)


def at_least(limit: int) -> Rule:
    return Rule("min", limit)


def exactly(size: int) -> Rule:
    return Rule("size", size)


def one_of(*choices: str | int) -> Rule:
    return Rule("in", frozenset(str(choice) for choice in choices))


def matching(pattern: str) -> Rule:
    return Rule("regex", re.compile(pattern))


def required_with(other: str) -> Rule:
    return Rule("required_with", other)


def required_if(other: str, *values: str) -> Rule:
    return Rule("required_if", (other, values))


Rules = Mapping[str, tuple[Rule, ...]]
_PRESENCE = frozenset({"required", "required_with", "required_if"})
_MARKERS = frozenset({"sometimes", "nullable"})
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LABEL = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\-\u0080-\U0010ffff]*[A-Za-z0-9\u0080-\U0010ffff])?"
_EMAIL = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\\r\n]|\\.)+")@(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f.:]+\])')
_SCHEMES = (
    "https?|ftps?|sftp|ssh|rtsp|rtmp|rtmps|irc|ircs|webcal|ws|wss|git|svn|sip|sips|tel|smb|nfs|mms|feed|data|file"
)
_URL = re.compile(
    rf"(?:{_SCHEMES})://(?:[^\s/?#@]+@)?(?:\w[\w\-]*(?:\.[\w\-]+)*\w\.?|(?:\d{{1,3}}\.){{3}}\d{{1,3}}|\[[0-9a-f:.]+\])"
    r"(?::\d{1,5})?(?:[/?#][^\s<>]*)?",
    re.IGNORECASE,
)
_THROWAWAY = frozenset(
    ("example.com", "example.org", "example.net", "test.com", "fake.com", "mailinator.com", "yopmail.com")
)


def is_email(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 320 and _EMAIL.fullmatch(value) is not None


def validate(data: Mapping[str, Any], rules: Rules) -> dict[str, list[str]]:
    """All messages by field, in the order of the rules."""
    errors: dict[str, list[str]] = {}
    concrete: list[tuple[list[str], tuple[Rule, ...]]] = []
    for field, chain in rules.items():
        if "*" not in field:
            concrete.append(([field], chain))
    for field, chain in rules.items():
        if "*" in field:
            concrete.extend((path, chain) for path in _expand(data, field.split(".")))
    for path, chain in concrete:
        messages = _messages(data, path, chain)
        if messages:
            errors[".".join(path)] = messages
    return errors


def _expand(data: Mapping[str, Any], parts: list[str]) -> list[list[str]]:
    name, *rest = parts
    holder = data.get(name)
    return [[name, key, *rest[1:]] for key, _ in php.entries(holder)]


def _find(data: Mapping[str, Any], path: list[str]) -> tuple[bool, Any]:
    value: Any = data
    for part in path:
        found = [item for key, item in php.entries(value) if key == part]
        if not found:
            return False, None
        value = found[0]
    return True, value


def _empty(value: Any) -> bool:
    return (
        value is None or (isinstance(value, str) and not value.strip(_PHP_BLANK)) or (php.is_array(value) and not value)
    )


def _messages(data: Mapping[str, Any], path: list[str], chain: tuple[Rule, ...]) -> list[str]:
    present, value = _find(data, path)
    kinds = {rule.kind for rule in chain}
    if "sometimes" in kinds and not present:
        return []
    shown = ".".join(path) if len(path) > 1 else path[0].replace("_", " ")
    out: list[str] = []
    for rule in chain:
        if rule.kind in _MARKERS:
            continue
        if rule.kind in _PRESENCE:
            message = _absence(data, rule, shown) if _empty(value) else None
            if message is not None:
                return [*out, message]
            continue
        if not present or (isinstance(value, str) and not value.strip(_PHP_BLANK)):
            continue
        if value is None and "nullable" in kinds:
            continue
        message = _fault(rule, value, kinds, shown)
        if message is not None:
            out.append(message)
    return out


def _absence(data: Mapping[str, Any], rule: Rule, shown: str) -> str | None:
    if rule.kind == "required":
        return f"The {shown} field is required."
    if rule.kind == "required_with":
        if _empty(data.get(rule.value)):
            return None
        return f"The {shown} field is required when {rule.value.replace('_', ' ')} is present."
    other, values = rule.value
    actual = data.get(other)
    if not isinstance(actual, str) or actual not in values:
        return None
    return f"The {shown} field is required when {other.replace('_', ' ')} is {actual}."


def _size(value: Any, numeric: bool) -> float:
    if numeric and php.is_numeric(value):
        return php.as_float(value)
    if php.is_array(value):
        return len(value)
    if value is None or value is False:
        return 0
    return len("1" if value is True else str(value))


def _fault(rule: Rule, value: Any, kinds: set[str], shown: str) -> str | None:
    numeric = bool(kinds & {"numeric", "integer"})
    what = f"The {shown} field "
    match rule.kind:
        case "string":
            return None if isinstance(value, str) else what + "must be a string."
        case "integer":
            return None if php.is_integer(value) else what + "must be an integer."
        case "numeric":
            return None if php.is_numeric(value) else what + "must be a number."
        case "boolean":
            fine = isinstance(value, bool) or (isinstance(value, int | str) and value in (0, 1, "0", "1"))
            return None if fine else what + "must be true or false."
        case "array":
            return None if php.is_array(value) else what + "must be an array."
        case "email":
            return None if is_email(value) else what + "must be a valid email address."
        case "permanent_email":
            host = value.rpartition("@")[2].lower() if isinstance(value, str) else ""
            return what + "must be a permanent email address." if host in _THROWAWAY else None
        case "url":
            return None if isinstance(value, str) and _URL.fullmatch(value) else what + "must be a valid URL."
        case "date":
            return None if isinstance(value, str) and parse_loose(value) else what + "must be a valid date."
        case "date_format":
            name, pattern, shape = rule.value
            return None if _is_date(value, pattern, shape) else what + f"must match the format {name}."
        case "in":
            fine = isinstance(value, str | int | float) and php_text(value) in rule.value
            return None if fine else f"The selected {shown} is invalid."
        case "regex":
            fine = isinstance(value, str | int | float) and rule.value.fullmatch(php_text(value)) is not None
            return None if fine else what + "format is invalid."
        case "max" if _size(value, numeric) > rule.value:
            if numeric:
                return what + f"must not be greater than {rule.value}."
            if "array" in kinds:
                return what + f"must not have more than {rule.value} items."
            return what + f"must not be greater than {rule.value} characters."
        case "min" if _size(value, numeric) < rule.value:
            if numeric:
                return what + f"must be at least {rule.value}."
            return what + f"must be at least {rule.value} characters."
        case "size" if _size(value, numeric) != rule.value:
            return what + f"must be {rule.value} characters."
        case _:
            return None


def php_text(value: str | float) -> str:
    """A scalar as text."""
    if isinstance(value, bool):
        return "1" if value else ""
    return str(php.number(value)) if isinstance(value, float) else str(value)


def _is_date(value: Any, pattern: str, shape: re.Pattern[str]) -> bool:
    if not isinstance(value, str) or not shape.fullmatch(value):
        return False
    try:
        datetime.strptime(value, pattern)  # noqa: DTZ007 - only whether it is a date matters
    except ValueError:
        return False
    return True
