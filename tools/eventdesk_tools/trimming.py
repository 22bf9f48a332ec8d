"""A platform's own answer made fit to be read: clean, without secrets, within the budget, and saying what was left out."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from eventdesk_tools.answers import BUDGET, compact, weigh
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.text import line, paragraphs

DEPTH_MOST = 12
_MAIN = ("data", "results", "items", "rows", "events")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORDS = frozenset(
    "password passwd pwd passphrase secret secrets token tokens apikey credential credentials authorization jwt bearer magic "
    "otp signature sso".split()
)
_SECRET_PAIRS = frozenset(
    ("api key|access key|private key|secret key|production key|sandbox key|auth key|signing key|login link|login url|"
     "access link|access url|access code|session id|client secret|direct login").split("|")
)  # fmt: skip
_NAME_KEYS = ("name", "key", "param", "attribute")


def secret_name(name: str) -> bool:
    """Whether a field of this name may hold a secret: a key, a password, a link that logs its holder in."""
    words = [word.lower() for word in _WORD.findall(name)]
    pairs = {" ".join(pair) for pair in pairwise(words)}
    return bool(_SECRET_WORDS & set(words) or _SECRET_PAIRS & pairs)


@dataclass(frozen=True, slots=True)
class _Level:
    """How much is kept: characters of a text, items of an inner list, fields of an object."""

    text: int
    items: int
    fields: int


_LEVELS = (_Level(400, 20, 80), _Level(160, 8, 60), _Level(80, 3, 40), _Level(40, 1, 20))
_WHOLE = _Level(4_000, 40, 80)
"""For what was asked for by `fields`."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What is shown. `part` tells which items of the main list, `following` where to go on; None at its end."""

    value: Json
    part: str = ""
    following: int | None = None
    notes: tuple[str, ...] = ()


def trimmed(value: Json, *, fields: Sequence[str] = (), start: int = 0, budget: int = BUDGET) -> Trimmed:
    """As much of an answer as the budget holds. Its main list is cut between items, from `start` on.

    Raises:
        InvalidArguments: A path of `fields` is nowhere in the answer, or nothing is at `start`.
    """
    if fields:
        value = picked(value, fields)
    path = _main_list(value)
    items = cast("list[Json]", _at(value, path)) if path is not None else []
    if start and start >= len(items):
        raise InvalidArguments(
            "The answer has become shorter: nothing is at this cursor.", field="cursor", next="Call without cursor."
        )
    levels = (_WHOLE, *_LEVELS) if fields else _LEVELS
    for level in levels:
        kept = _Kept(level)
        frame = kept.clean(_emptied(value, path), ())
        room = budget - weigh(compact(frame)) - 400
        shown: list[Json] = []
        for item in items[start:]:
            clean = kept.clean(item, (*(path or ()), "[]"))
            room -= weigh(compact(clean)) + 1
            if room < 0:
                break
            shown.append(clean)
        if room >= 0 or len(shown) >= 3 or (level is levels[-1] and shown):
            return _result(kept, frame, path, shown, start, len(items))
    raise InvalidArguments(
        "The answer is too large to be shown, even shortened.",
        field="fields",
        allowed=paths_of(value)[:10],
        next="Call again with fields: a few of the paths in allowed.",
    )


def _result(
    kept: "_Kept", frame: Json, path: tuple[str, ...] | None, shown: list[Json], start: int, total: int
) -> Trimmed:
    end = start + len(shown)
    if path is None:
        return Trimmed(frame, notes=tuple(kept.notes()))
    part = f"{path_text((*path, '[]'))}: {start + 1}-{end} of {total}" if start or end < total else ""
    return Trimmed(_with(frame, path, shown), part, end if end < total else None, tuple(kept.notes()))


@dataclass(slots=True)
class _Kept:
    """Cleans values at one level, and remembers by path what it left out."""

    level: _Level
    secret: dict[str, None] = field(default_factory=dict[str, None])
    cut: dict[str, None] = field(default_factory=dict[str, None])
    fewer: dict[str, int] = field(default_factory=dict[str, int])

    def clean(self, value: Json, path: tuple[str, ...]) -> Json:
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, int):
            return value if value.bit_length() <= 128 else "[a number too long to be shown]"
        if value is None:
            return None
        if len(path) > DEPTH_MOST:
            self.cut[path_text(path[:6])] = None
            return None
        if isinstance(value, Mapping):
            return self._object(cast("Mapping[str, Json]", value), path)
        return self._list(cast("Sequence[Json]", value), path)

    def _text(self, text: str, path: tuple[str, ...]) -> str:
        head = text[: self.level.text * 20]
        clean = paragraphs(head)
        if len(clean) <= self.level.text and len(head) == len(text):
            return clean
        self.cut[path_text(path)] = None
        return f"{clean[: self.level.text].rstrip()}…"

    def _object(self, value: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
        out: dict[str, Json] = {}
        named_secret = any(isinstance(value.get(key), str) and secret_name(value[key]) for key in _NAME_KEYS)
        for name, item in value.items():
            here = (*path, line(str(name), 60))
            if item is None or item == "" or item == [] or item == {}:
                continue
            hidden = secret_name(str(name)) or (named_secret and name in {"value", "content"})
            if hidden and not isinstance(item, bool):
                self.secret[path_text(here)] = None
                continue
            if len(out) >= self.level.fields:
                self.fewer[path_text(path)] = max(self.fewer.get(path_text(path), 0), len(value))
                break
            key = here[-1]
            while key in out:
                key += "'"
            clean = self.clean(item, here)
            if clean is not None and clean != "" and clean != {} and clean != []:
                out[key] = clean
        return out

    def _list(self, value: Sequence[Json], path: tuple[str, ...]) -> list[Json]:
        here = (*path, "[]")
        if len(value) > self.level.items:
            self.fewer[path_text(here)] = max(self.fewer.get(path_text(here), 0), len(value))
        return [self.clean(item, here) for item in value[: self.level.items]]

    def notes(self) -> list[str]:
        """What was left out, and how to get it."""
        notes: list[str] = []
        if self.cut:
            notes.append(f"Cut at {self.level.text} characters: {_some(self.cut)}. fields with one path shows more.")
        if self.fewer:
            longest = [f"{path} ({total})" for path, total in self.fewer.items()]
            notes.append(
                f"Only the first {self.level.items} items: {_some(longest)}. fields with that path shows more."
            )
        if self.secret:
            notes.append(f"Left out, may be secret: {_some(self.secret)}.")
        return notes


def _some(paths: Mapping[str, None] | Sequence[str], most: int = 4) -> str:
    names = list(paths)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


# Paths ---------------------------------------------------------------------------------------------------------------


def path_text(path: Sequence[str]) -> str:
    """A path as `fields` takes it: `data[].attributes.name`."""
    return ".".join(path).replace(".[]", "[]") or "the answer"


def paths_of(value: Json, most: int = 200) -> list[str]:
    """The paths of an answer, those of a list's first items once."""
    found: dict[str, None] = {}
    _collect(value, (), found, most)
    return list(found)


def _collect(value: Json, path: tuple[str, ...], found: dict[str, None], most: int) -> None:
    if len(found) >= most or len(path) > DEPTH_MOST:
        return
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[str, Json]", value).items():
            if not secret_name(str(name)):
                _collect(item, (*path, line(str(name), 60)), found, most)
    elif isinstance(value, list):
        for item in cast("list[Json]", value)[:3]:
            _collect(item, (*path, "[]"), found, most)
    elif path:
        found[path_text(path)] = None


def picked(value: Json, fields: Sequence[str]) -> Json:
    """Only what the paths name, in its place.

    Raises:
        InvalidArguments: A path is nowhere in the answer; `allowed` lists some that are.
    """
    wanted: dict[str, Json] = {}
    for text in fields:
        parts = [part for part in text.replace("[]", "").split(".") if part]
        if not parts or not _holds(value, parts):
            last = parts[-1] if parts else ""
            known = sorted(paths_of(value), key=lambda path: (last not in path, len(path)))
            raise InvalidArguments(
                f"{line(text, 60)} is not in the answer.",
                field="fields",
                allowed=known[:10],
                next="Call again with paths that are, or without fields.",
            )
        here = wanted
        for part in parts:
            here = here.setdefault(part, {})
    return _pruned(value, wanted)


def _holds(value: Json, parts: Sequence[str]) -> bool:
    if not parts:
        return True
    if isinstance(value, list):
        return any(_holds(item, parts) for item in cast("list[Json]", value))
    if not isinstance(value, Mapping):
        return False
    held = cast("Mapping[str, Json]", value)
    return parts[0] in held and _holds(held[parts[0]], parts[1:])


def _pruned(value: Json, wanted: Mapping[str, Json]) -> Json:
    if not wanted:
        return value
    if isinstance(value, list):
        return [_pruned(item, wanted) for item in cast("list[Json]", value)]
    if not isinstance(value, Mapping):
        return None
    held = cast("Mapping[str, Json]", value)
    return {name: _pruned(held[name], inner) for name, inner in wanted.items() if name in held}


def _main_list(value: Json) -> tuple[str, ...] | None:
    """Where the list is that the answer is about: the shallowest, then `data` and its like, then the longest."""
    found: list[tuple[int, int, int, tuple[str, ...]]] = []

    def look(node: Json, path: tuple[str, ...]) -> None:
        if isinstance(node, list) and node:
            rank = _MAIN.index(path[-1]) if path and path[-1] in _MAIN else len(_MAIN)
            found.append((len(path), rank, -len(cast("list[Json]", node)), path))
        elif isinstance(node, Mapping) and len(path) < 3:
            for name, item in list(cast("Mapping[str, Json]", node).items())[:100]:
                if not secret_name(str(name)):
                    look(item, (*path, str(name)))

    look(value, ())
    return min(found)[3] if found else None


def _at(value: Json, path: Sequence[str]) -> Json:
    for name in path:
        value = value[name]
    return value


def _emptied(value: Json, path: Sequence[str] | None) -> Json:
    """The answer without its main list."""
    if path is None:
        return value
    if not path:
        return None
    held = cast("Mapping[str, Json]", value)
    return {name: _emptied(item, path[1:]) if name == path[0] else item for name, item in held.items()}


def _with(frame: Json, path: Sequence[str], shown: list[Json]) -> Json:
    if not path:
        return shown
    held = cast("dict[str, Json]", frame or {})
    name = line(path[0], 60)
    return {name: _with(held.get(name), path[1:], shown), **{key: item for key, item in held.items() if key != name}}
