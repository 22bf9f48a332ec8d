"""JSON with comments and trailing commas, edited where it stands: whatever is outside the edit stays as it was.

Places come from the standard parser itself. Comments and trailing commas are blanked first, character for character, so
that its offsets hold for the text as it is.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_STRING = r'"(?:[^"\\]|\\.)*+"'
_COMMENT = re.compile(rf"{_STRING}|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|[{{\[][ \t\r\n]*,|,(?=[ \t\r\n]*[}}\]])", re.DOTALL)
_VISIBLE = re.compile(r"[^\r\n]")
_SPACE = re.compile(r"[ \t\r\n]*")
_BLANKS = " \t\r\n"
_MARK = "\ufeff"


class JsoncError(ValueError):
    """The text is none, or cannot be edited; the message says where."""


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    begin: int
    value_at: int
    end: int


@dataclass(frozen=True, slots=True)
class _Object:
    opens: int
    closes: int
    members: Sequence[_Member]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, the same without comments, and the same without trailing commas too; all of one length."""

    text: str
    bare: str
    strict: str


def parse(text: str, *, comments: bool = True) -> Any:
    """What the text holds; an empty one, or one of comments alone, is an empty object.

    Args:
        text: With or without a byte order mark.
        comments: Whether comments and trailing commas are allowed.

    Raises:
        JsoncError: With line and column.
    """
    return _value(_taken(text, comments=comments))


def put(text: str, path: Sequence[str], value: Any) -> str:
    """The text with this value at the end of the path. Objects on the way are made where they are missing.

    Raises:
        JsoncError: The text is malformed, something on the way is no object, or a name on the way stands twice.
    """
    taken = _taken(text)
    _value(taken)
    if not taken.strict.strip(_BLANKS):
        begun = text.rstrip(_BLANKS)
        gap = _newline(text) if begun.strip(_MARK) else ""
        return put(f"{begun}{gap}{{}}{_newline(text)}", path, value)
    here, rest, found = _way(taken, path)
    if found is not None:
        return text[: found.value_at] + _shown(taken, here, value) + text[found.end :]
    for missing in reversed(rest[1:]):
        value = {missing: value}
    return _inserted(taken, here, rest[0], value)


def remove(text: str, path: Sequence[str]) -> str:
    """The text without the member at the end of the path, or as it is when there is none.

    Raises:
        JsoncError: As for `put`.
    """
    taken = _taken(text)
    _value(taken)
    if not taken.strict.strip(_BLANKS):
        return text
    here, _, found = _way(taken, path)
    return text if found is None else _removed(taken, here, found)


def _taken(text: str, *, comments: bool = True) -> _Text:
    marked = f" {text[1:]}" if text.startswith(_MARK) else text
    if not comments:
        return _Text(text, marked, marked)
    bare = _COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else _VISIBLE.sub(" ", found[0]), marked)
    return _Text(text, bare, _COMMA.sub(lambda found: " " if found[0] == "," else found[0], bare))


def _value(taken: _Text) -> Any:
    if not taken.strict.strip(_BLANKS):
        return {}
    try:
        return json.loads(taken.strict, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise JsoncError(f"line {exc.lineno}, column {exc.colno}: {exc.msg}") from exc
    except RecursionError as exc:
        raise JsoncError("it is nested too deeply") from exc
    except ValueError as exc:
        raise JsoncError(str(exc)) from exc


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _way(taken: _Text, path: Sequence[str]) -> tuple[_Object, Sequence[str], _Member | None]:
    """The innermost object on the way that is there, what of the path lies in it, and the member at its end."""
    here = _object(taken, _after_space(taken.strict, 0), ())
    for depth, key in enumerate(path):
        found = _member(here, key)
        if found is None or depth + 1 == len(path):
            return here, path[depth:], found
        here = _object(taken, found.value_at, path[: depth + 1])
    raise JsoncError("a path has at least one name")


def _object(taken: _Text, opens: int, path: Sequence[str]) -> _Object:
    """The object at this place, in a text that is known to be well-formed."""
    strict = taken.strict
    if strict[opens] != "{":
        raise JsoncError(f"{'.'.join(path) or 'the whole'} is not an object in {{ }}")
    read = json.JSONDecoder().raw_decode
    members: list[_Member] = []
    at = _after_space(strict, opens + 1)
    while strict[at] != "}":
        key, key_ends = read(strict, at)
        value_at = _after_space(strict, _after_space(strict, key_ends) + 1)
        _, end = read(strict, value_at)
        members.append(_Member(key, at, value_at, end))
        at = _after_space(strict, end)
        if strict[at] == ",":
            at = _after_space(strict, at + 1)
    return _Object(opens, at, members)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _member(here: _Object, key: str) -> _Member | None:
    found = [member for member in here.members if member.key == key]
    if len(found) > 1:
        raise JsoncError(f"{key} stands there {len(found)} times; keep one of them")
    return found[0] if found else None


def _inserted(taken: _Text, here: _Object, key: str, value: Any) -> str:
    text = taken.text
    inside = text[here.opens + 1 : here.closes]
    tail = here.opens + 1 + len(inside.rstrip(_BLANKS))
    member = f"{json.dumps(key, ensure_ascii=False)}: {_shown(taken, here, value)}"
    if not here.members:
        newline, base = _newline(text), _indent_of_line(text, here.opens)
        begun = f"{text[:tail]}{newline}{base}{_unit(taken)}{member}"
        rest = text[tail:] if "\n" in text[tail : here.closes] else f"{newline}{base}{text[here.closes :]}"
        return begun + rest
    last = here.members[-1].end
    trails = "," in taken.bare[last : here.closes]
    gap = " " if _inline(taken, here) else _newline(text) + _indent_within(taken, here)
    return (
        f"{text[:last]}{'' if trails else ','}{text[last:tail]}{gap}{member}{',' if trails else ''}{text[tail:]}"
    )  # fmt: skip


def _removed(taken: _Text, here: _Object, gone: _Member) -> str:
    text = taken.text
    begin, end = gone.begin, gone.end
    head = text[:begin]
    comma = _after_space(taken.bare, end)
    if taken.bare[comma] != ",":
        if len(here.members) > 1:  # it is the last one, and the comma before it goes with it
            before = taken.bare.rindex(",", 0, begin)
            head = text[:before] + text[before + 1 : begin]
        after = text[end:]
    elif text[end:comma].strip(_BLANKS):  # a comment stands before the comma, and stays
        after = text[end:comma] + text[comma + 1 :]
    else:
        after = text[comma + 1 :]
    lead = head[len(head.rstrip(_BLANKS)) :]
    if "\n" in lead and re.match(r"[ \t]*[\r\n]", after):
        head, after = head[: len(head) - len(lead)], after.lstrip(" \t")
    elif "\n" not in lead and taken.bare[comma] != ",":
        head = head[: len(head) - len(lead)]
    else:
        after = after.lstrip(" \t")
    if head.endswith("{") and after.lstrip(_BLANKS).startswith("}"):
        after = after.lstrip(_BLANKS)
    return head + after


def _shown(taken: _Text, here: _Object, value: Any) -> str:
    """A value as it is written among the members of this object."""
    if here.members and _inline(taken, here):
        return json.dumps(value, ensure_ascii=False)
    within = _indent_within(taken, here)
    lines = json.dumps(value, ensure_ascii=False, indent=_unit(taken)).split("\n")
    return (_newline(taken.text) + within).join(lines)


def _inline(taken: _Text, here: _Object) -> bool:
    return "\n" not in taken.text[here.opens : here.closes]


def _indent_within(taken: _Text, here: _Object) -> str:
    """What stands before the members of this object, each on a line of its own."""
    if here.members and "\n" in taken.text[here.opens : here.members[0].begin]:
        return _indent_of_line(taken.text, here.members[0].begin)
    return _indent_of_line(taken.text, here.opens) + _unit(taken)


def _indent_of_line(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 :].lstrip(_MARK)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _unit(taken: _Text) -> str:
    """One step of indentation: what the first indented line has."""
    found = re.search(r"\n([ \t]+)\"", taken.bare)
    return found[1] if found else "  "


def _newline(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
