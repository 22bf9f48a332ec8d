"""Paths into a platform's answer: `data[].attributes.name` for every row, `data[3].tags` for one place; never into a secret."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, cast

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.text import line

DEPTH_MOST = 12
ROOT = "."
"""The path of the answer itself."""
NOWHERE: Final[Any] = object()
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORDS = frozenset(
    "password passwd pwd passphrase secret secrets token tokens apikey credential credentials authorization jwt bearer magic "
    "otp signature sso".split()
)
_SECRET_PAIRS = frozenset(
    ("api key|access key|private key|secret key|production key|sandbox key|auth key|signing key|login link|login url|"
     "access link|access url|access code|session id|client secret|direct login").split("|")
)  # fmt: skip
_NUMBER = re.compile(r"\[\d{1,9}\]")
_NAME_KEYS = ("name", "key", "param", "attribute")


def secret_name(name: str) -> bool:
    """Whether a field of this name may hold a secret: a key, a password, a link that logs its holder in."""
    words = [word.lower() for word in _WORD.findall(name)]
    pairs = {" ".join(pair) for pair in pairwise(words)}
    return bool(_SECRET_WORDS & set(words) or _SECRET_PAIRS & pairs)


def path_text(path: Sequence[str]) -> str:
    """A path as `fields` takes it: `data[].attributes.name`."""
    return ".".join(path).replace(".[", "[") or ROOT


def step(name: object) -> str:
    """A field's name as paths and answers show it."""
    return line(str(name), 60)


def pattern(path: str) -> str:
    """A path without the numbers of its items: what is alike in many rows."""
    return _NUMBER.sub("[]", path)


def place(value: Json, path: str) -> Json:
    """What stands at the one place that a path names; NOWHERE for several, none, or what may be a secret."""
    if path in {"", ROOT}:
        return value
    if path.startswith("["):
        found = _NUMBER.match(path)
        if found is None or not isinstance(value, list):
            return NOWHERE
        rows, at = cast("list[Json]", value), int(found[0][1:-1])
        return place(rows[at], path[found.end() :].removeprefix(".")) if at < len(rows) else NOWHERE
    if not isinstance(value, Mapping):
        return NOWHERE
    held = cast("Mapping[str, Json]", value)
    for name in sorted(held, key=lambda name: -len(step(name))):  # a name may hold a dot
        own = step(name)
        if path == own or path.startswith((f"{own}.", f"{own}[")):
            inner = NOWHERE if hides(held, name) else place(held[name], path[len(own) :].removeprefix("."))
            if inner is not NOWHERE:
                return inner
    return NOWHERE


def hides(held: Mapping[str, Json], name: str) -> bool:
    """Whether a field may hold a secret: by its name, or by what the record says that it is called."""
    if secret_name(str(name)):
        return True
    named = any(isinstance(held.get(key), str) and secret_name(held[key]) for key in _NAME_KEYS)
    return named and name in {"value", "content"}


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
