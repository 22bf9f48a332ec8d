"""An operation's arguments, checked against its declared parameters and put where they travel, before any request."""

import difflib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from eventdesk_server.http.building import FilePart
from eventdesk_server.http.operations import Operation, Param
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from eventdesk_tools.files import import_path
from eventdesk_tools.models import Json
from eventdesk_tools.refs import RECORD_ID, shown
from eventdesk_tools.spec import MAX_ARGUMENT

FILE_MOST = 10_000_000
"""Bytes in one file. The platforms take about as many."""
STRUCTURE_MOST = 200_000
"""Characters in the JSON of one object or list."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_ENTRY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_TIME = re.compile(r"[0-9][0-9T:+/. Z-]{3,39}")


@dataclass(frozen=True, slots=True)
class Split:
    """Arguments where they travel. `flat` holds them all by name, files as what a preview shows of them."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: dict[str, str | int | list[str]] = field(default_factory=dict[str, "str | int | list[str]"])
    body: dict[str, Json] = field(default_factory=dict[str, Json])
    files: dict[str, FilePart] = field(default_factory=dict[str, FilePart])
    flat: dict[str, Json] = field(default_factory=dict[str, Json])


def split(operation: Operation, arguments: Mapping[str, Json], folder: str) -> Split:
    """Check arguments and tell path, query, body and files apart.

    Raises:
        InvalidArguments: One is unknown, missing, or not of its kind; the nearest name is proposed.
        UnknownRef: A value for the path is not an id.
    """
    names = list(dict.fromkeys(param.name for param in operation.params))
    for name in arguments:
        if name not in names:
            raise _unknown(operation, name, names)
    missing = [name for name in _required(operation.params) if arguments.get(name) is None]
    if missing:
        raise InvalidArguments(
            f"{operation.name} needs {', '.join(missing)}.",
            field=f"arguments.{missing[0]}",
            next="Add what is missing and call again; find_operations with the operation's name shows its arguments.",
        )
    out = Split()
    for param in operation.params:
        if param.name in arguments:
            _place(out, param, arguments[param.name], folder)
    return out


def _required(params: Iterable[Param]) -> list[str]:
    return list(dict.fromkeys(param.name for param in params if param.required or param.where == "path"))


def _unknown(operation: Operation, name: str, names: Sequence[str]) -> InvalidArguments:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else "." if names else ": it takes none."
    return InvalidArguments(
        f"{operation.name} has no argument {shown(name, 40)}{hint}",
        field="arguments",
        allowed=(near + [known for known in names if known not in near])[:10],
        next="Correct the arguments and call again.",
    )


def _place(out: Split, param: Param, given: Json, folder: str) -> None:
    if given is None:
        raise _wrong(param, "is null", "Leave it out; where the platform can empty a field, an empty text does it.")
    if param.kind == "file":
        out.files[param.name] = part = _file(param, given, folder)
        out.flat[param.name] = str(part)
        return
    value = _KINDS[param.kind](param, given)
    _choose(param, value)
    out.flat[param.name] = value
    match param.where:
        case "path":
            out.path[param.name] = _slot(param, value)
        case "query":
            out.query.update(_entries(param, value) if param.kind == "object" else {param.name: _worded(value)})
        case "body":
            out.body[param.name] = value


def _slot(param: Param, value: Json) -> str:
    text = str(value)
    if not RECORD_ID.fullmatch(text):
        raise UnknownRef(f"{param.name}: {shown(text)} is not an id of this platform.", field=f"arguments.{param.name}")
    return text


def _worded(value: Json) -> str | int | list[str]:
    """A value as a query carries it."""
    if isinstance(value, list):
        return [str(_worded(item)) for item in cast("list[Json]", value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value if isinstance(value, int) else str(value)


def _entries(param: Param, value: Json) -> dict[str, str | int | list[str]]:
    """An object as a query carries it: each entry by itself, a list's items one after the other."""
    entries: dict[str, str | int | list[str]] = {}
    for name, item in cast("Mapping[str, Json]", value).items():
        if not _ENTRY.fullmatch(name):
            raise _wrong(param, f"has a name that cannot be sent: {shown(name, 40)}")
        entries[f"{param.name}[{name}]{'[]' if isinstance(item, list) else ''}"] = _worded(item)
    return entries


def _choose(param: Param, value: Json) -> None:
    chosen = cast("list[Json]", value) if isinstance(value, list) else [value]
    if param.choices and not all(str(_worded(item)) in param.choices for item in chosen):
        raise InvalidArguments(
            f"{param.name} must be one of {', '.join(param.choices[:12])}.",
            field=f"arguments.{param.name}",
            allowed=param.choices[:10],
            next="Correct the arguments and call again.",
        )


def _wrong(param: Param, what: str, advice: str = "Correct the arguments and call again.") -> InvalidArguments:
    return InvalidArguments(f"{param.name} {what}.", field=f"arguments.{param.name}", next=advice)


def _text(param: Param, given: Json) -> str:
    # A number in a path or a query is the same text on the wire; in a body it would be another value.
    if isinstance(given, int) and not isinstance(given, bool) and param.where != "body":
        return str(given)
    if not isinstance(given, str):
        raise _wrong(param, "must be text")
    if len(given) > MAX_ARGUMENT:
        raise _wrong(param, f"is too long: at most {MAX_ARGUMENT} characters")
    return given


def _integer(param: Param, given: Json) -> int:
    if isinstance(given, str) and _WHOLE.fullmatch(given.strip()):
        return int(given)
    if isinstance(given, float) and given.is_integer() and abs(given) < 1e15:
        return int(given)
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) >= 10**18:
        raise _wrong(param, "must be a whole number")
    return given


def _number(param: Param, given: Json) -> int | float:
    number = _decoded(given)
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise _wrong(param, "must be a number")
    return number


def _boolean(param: Param, given: Json) -> bool:
    decided = _decoded(given.strip().lower() if isinstance(given, str) else given)
    if not isinstance(decided, bool):
        raise _wrong(param, "must be true or false")
    return decided


def _date(param: Param, given: Json) -> str:
    try:
        return date.fromisoformat(_text(param, given).strip()).isoformat()
    except ValueError:
        raise _wrong(param, "must be a date like 2027-06-12") from None


def _time(param: Param, given: Json) -> str:
    """Each platform writes times its own way; what is no time at all is refused here."""
    text = _text(param, given).strip()
    if not _TIME.fullmatch(text):
        raise _wrong(param, f"must be a time{f' ({param.about})' if param.about else ''}")
    return text


def _object(param: Param, given: Json) -> Json:
    return _structure(param, given, dict, "an object")


def _list(param: Param, given: Json) -> Json:
    return _structure(param, given, list, "a list")


def _anything(param: Param, given: Json) -> Json:
    """Any JSON. A text that spells an object or a list is one; any other text is itself."""
    value = _decoded(given)
    return _bounded(param, value if isinstance(value, dict | list) else given)


def _structure(param: Param, given: Json, kind: type, words: str) -> Json:
    value = _decoded(given)
    if not isinstance(value, kind):
        raise _wrong(param, f"must be {words}")
    return _bounded(param, value)


def _bounded(param: Param, value: Json) -> Json:
    if len(json.dumps(value)) > STRUCTURE_MOST:
        raise _wrong(param, "is too long")
    return value


def _decoded(given: Json) -> Json:
    """What a text says in JSON: `"5"`, `"true"` and `"[…]"` do where no text is asked."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return given


_KINDS: Mapping[str, Callable[[Param, Json], Any]] = {
    "text": _text, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date, "time": _time,
    "object": _object, "list": _list, "any": _anything,
}  # fmt: skip


def _file(param: Param, given: Json, folder: str) -> FilePart:
    """A file of the import folder, of a type that the platform takes. Nothing outside it is read, whatever the name or a link in it says."""
    name = _text(param, given).strip()
    path = import_path(folder, name, FILE_MOST)
    if param.choices and path.suffix.lower().removeprefix(".") not in param.choices:
        raise _wrong(param, f"{shown(name)} must be a file of type {', '.join(param.choices)}")
    try:
        content = path.read_bytes()
    except OSError:
        raise _wrong(param, f"{shown(name)} cannot be read") from None
    if not content:
        raise _wrong(param, f"{shown(name)} is empty")
    return FilePart(path.name, content)
