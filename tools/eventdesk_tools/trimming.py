"""A platform's own answer made fit to be read: clean, without secrets, within the budget, and saying what was left out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from eventdesk_tools.answer_paths import (
    DEPTH_MOST,
    NOWHERE,
    ROOT,
    hides,
    path_text,
    pattern,
    picked,
    place,
    secret_name,
    step,
)
from eventdesk_tools.answers import BUDGET, compact, weigh
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.text import paragraphs

_MAIN = ("data", "results", "items", "rows", "events")
_FRAME = 400
"""Of the budget, for what is said beside the answer."""
_LEAST = 100
"""Less room for the main list is none."""
_NAMED = 12
"""So many of the places that were left out are named."""


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

    One path to one place shows that place alone, under its path, and continues there: a list between its items, an
    object between its fields, a text between its characters.

    Raises:
        InvalidArguments: A path of `fields` is nowhere in the answer, or nothing is at `start`.
    """
    inner = place(value, fields[0]) if len(fields) == 1 else NOWHERE
    if inner is not NOWHERE and (isinstance(inner, Mapping | list) or "[" in fields[0] or _is_long(inner)):
        shown = _place_shown(inner, (fields[0],) if fields[0] != ROOT else (), start, budget)
        return shown if fields[0] == ROOT else _under(fields[0], shown)
    if fields:
        value = picked(value, fields)
    return _listed(value, (), (_WHOLE, *_LEVELS) if fields else _LEVELS, start, budget)


def _is_long(value: Json) -> bool:
    return isinstance(value, str) and len(value) > _WHOLE.text


def _under(path: str, shown: Trimmed) -> Trimmed:
    return Trimmed({path: shown.value}, shown.part, shown.following, shown.notes)


def _place_shown(node: Json, base: tuple[str, ...], start: int, budget: int) -> Trimmed:
    if isinstance(node, str):
        return _text_part(node, base, start, budget)
    if isinstance(node, Mapping) and len(cast("Mapping[str, Json]", node)) > _WHOLE.fields:
        return _entries(cast("Mapping[str, Json]", node), base, (_WHOLE, *_LEVELS), start, budget)
    return _listed(node, base, (_WHOLE, *_LEVELS), start, budget)


def _ended() -> InvalidArguments:
    return InvalidArguments(
        "The answer has become shorter: nothing is at this cursor.", field="cursor", next="Call without cursor."
    )


def _listed(value: Json, base: tuple[str, ...], levels: Sequence[_Level], start: int, budget: int) -> Trimmed:
    """A value whose main list, where it has one, is shown from `start` on."""
    path = _main_list(value)
    items = cast("list[Json]", _at(value, path)) if path is not None else []
    if start and start >= len(items):
        # A cursor of an object that was continued between its fields.
        if isinstance(value, Mapping) and start < len(cast("Mapping[str, Json]", value)):
            return _entries(cast("Mapping[str, Json]", value), base, levels[-1:], start, budget)
        raise _ended()
    for level in levels:
        kept = _Kept(level, base=len(base))
        frame = kept.clean(_emptied(value, path), base)
        room = budget - weigh(compact(frame)) - _FRAME
        if room < _LEAST:
            continue
        shown: list[Json] = []
        for at, item in enumerate(items[start:], start):
            here = (*base, *(path or ()), f"[{at}]")
            clean = kept.clean(item, here)
            room -= weigh(compact(clean)) + 1
            if room < 0:
                break
            shown.append(clean)
        if room < 0 and not shown and level is levels[-1]:
            _remember(kept.large, (*base, *(path or ()), f"[{start}]"))
            shown.append("…")
        if room >= 0 or len(shown) >= 3 or (level is levels[-1] and shown):
            return _result(kept, frame, base, path, shown, start, len(items))
    if isinstance(value, Mapping):
        return _entries(cast("Mapping[str, Json]", value), base, levels[-1:], start, budget)
    raise _ended()


def _result(
    kept: "_Kept",
    frame: Json,
    base: tuple[str, ...],
    path: tuple[str, ...] | None,
    shown: list[Json],
    start: int,
    total: int,
) -> Trimmed:
    end = start + len(shown)
    if path is None:
        return Trimmed(frame, notes=tuple(kept.notes()))
    part = f"{path_text((*base, *path, '[]'))}: {start + 1}-{end} of {total}" if start or end < total else ""
    return Trimmed(_with(frame, path, shown), part, end if end < total else None, tuple(kept.notes()))


def _entries(
    held: Mapping[str, Json], base: tuple[str, ...], levels: Sequence[_Level], start: int, budget: int
) -> Trimmed:
    """An object between its fields, from the field number `start` on."""
    names = list(held)
    if start >= len(names):
        raise _ended()
    for level in levels:
        kept = _Kept(level, base=len(base))
        room = budget - _FRAME
        shown: dict[str, Json] = {}
        end = start
        for name in names[start:]:
            one = kept.fields(held, [name], base)
            weight = weigh(compact(one))
            if weight > budget // 3:
                _remember(kept.large, (*base, step(name)))
                one, weight = {}, 60
            room -= weight
            if room < 0:
                break
            shown.update(one)
            end += 1
        if end > start and (room >= 0 or end - start >= 3 or level is levels[-1]):
            part = (
                f"fields of {path_text(base)}: {start + 1}-{end} of {len(names)}" if end < len(names) or start else ""
            )
            return Trimmed(shown, part, end if end < len(names) else None, tuple(kept.notes()))
    raise _ended()


def _text_part(text: str, base: tuple[str, ...], start: int, budget: int) -> Trimmed:
    if start and start >= len(text):
        raise _ended()
    many = _WHOLE.text
    while many > 100 and weigh(compact(paragraphs(text[start : start + many]))) > budget - _FRAME:
        many //= 2
    end = min(start + many, len(text))
    whole = start == 0 and end == len(text)
    part = "" if whole else f"characters of {path_text(base)}: {start + 1}-{end} of {len(text)}"
    return Trimmed(paragraphs(text[start:end]), part, end if end < len(text) else None)


_Path = tuple[str, ...]
_Places = dict[str, list[tuple[_Path, str]]]
"""By what is alike: where, and of what size."""


@dataclass(slots=True)
class _Kept:
    """Cleans values at one level, and remembers by path what it left out. `base` is the length of the path it began at."""

    level: _Level
    secret: dict[str, None] = field(default_factory=dict[str, None])
    base: int = 0
    cut: _Places = field(default_factory=dict[str, list[tuple[_Path, str]]])
    fewer: _Places = field(default_factory=dict[str, list[tuple[_Path, str]]])
    large: _Places = field(default_factory=dict[str, list[tuple[_Path, str]]])

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
            _remember(self.large, path)
            return None
        if isinstance(value, Mapping):
            held = cast("Mapping[str, Json]", value)
            return self.fields(held, list(held), path)
        return self._list(cast("Sequence[Json]", value), path)

    def fields(self, held: Mapping[str, Json], names: Sequence[str], path: tuple[str, ...]) -> dict[str, Json]:
        """Some fields of an object."""
        out: dict[str, Json] = {}
        for name in names:
            item = held[name]
            here = (*path, step(name))
            if item is None or item == "" or item == [] or item == {}:
                continue
            if hides(held, name) and not isinstance(item, bool):
                self.secret[pattern(path_text(here))] = None
                continue
            if len(out) >= self.level.fields:
                _remember(self.fewer, path, f" ({len(names)})")
                break
            key = here[-1]
            while key in out:
                key += "'"
            clean = self.clean(item, here)
            if clean is not None and clean != "" and clean != {} and clean != []:
                out[key] = clean
        return out

    def _text(self, text: str, path: tuple[str, ...]) -> str:
        head = text[: self.level.text * 20]
        clean = paragraphs(head)
        if len(clean) <= self.level.text and len(head) == len(text):
            return clean
        _remember(self.cut, path)
        return f"{clean[: self.level.text].rstrip()}…"

    def _list(self, value: Sequence[Json], path: tuple[str, ...]) -> list[Json]:
        if len(value) > self.level.items:
            _remember(self.fewer, path, f" ({len(value)})")
        return [self.clean(item, (*path, f"[{at}]")) for at, item in enumerate(value[: self.level.items])]

    def notes(self) -> list[str]:
        """What was left out, and how to get it."""
        notes: list[str] = []
        if self.cut:
            notes.append(
                f"Cut at {self.level.text} characters: {_named(self.cut, self.base)}. fields with one such path shows it whole."
            )
        if self.fewer:
            notes.append(
                f"Only the first {self.level.items} items or {self.level.fields} fields: {_named(self.fewer, self.base)}. "
                "fields with one such path shows all of it."
            )
        if self.large:
            notes.append(
                f"Too large to be shown here: {_named(self.large, self.base)}. fields with one such path shows it."
            )
        if self.secret:
            notes.append(f"Left out, may be secret: {_some(list(self.secret))}.")
        return notes


def _remember(places: _Places, path: _Path, size: str = "") -> None:
    places.setdefault(pattern(path_text(path)), []).append((path, size))


def _named(places: _Places, base: int) -> str:
    """The first of each kind and how many are like it; where there are too many kinds, what they are in."""
    if len(places) <= _NAMED:
        firsts = [(path_text(found[0][0]) + found[0][1], len(found) - 1) for found in places.values()]
        return ", ".join(f"{first}{f' and {like} like it' if like else ''}" for first, like in firsts)
    paths = [found[0][0] for found in places.values()]
    while len(paths) > _NAMED and any(len(path) > base + 1 for path in paths):
        longest = max(map(len, paths))
        paths = list(dict.fromkeys(path[:-1] if len(path) == longest else path for path in paths))
    return ", ".join(path_text(path) for path in paths)


def _some(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


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
    name = step(path[0])
    return {name: _with(held.get(name), path[1:], shown), **{key: item for key, item in held.items() if key != name}}
