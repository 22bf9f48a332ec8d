"""What every resource consists of: its attributes, their kinds and defaults, and its relationships.

One table serves three purposes: a season is checked against it, a record is kept by it, an answer is printed by it.
An attribute without a default must be in the season; a default of `None` makes it nullable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import unknown_keys
from eventdesk_server.sandbox.eventtia.values import local_day, record_id, season_time, with_offset

Kind = Literal["text", "int", "number", "flag", "utc", "offset", "day", "map", "list", "any"]
TIMES: Final = frozenset({"utc", "offset", "day"})

_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
    "utc": lambda value: isinstance(value, str),
    "offset": lambda value: isinstance(value, str),
    "day": lambda value: isinstance(value, str),
    "map": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "any": lambda _: True,
}
_WORDS: Final = {
    "flag": "true or false",
    "map": "an object",
    "utc": "a time",
    "offset": "a time",
    "day": "a day or a time",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: how it is printed, and what it is when nothing says so (`...` means it must be said)."""

    kind: Kind
    default: Any = None
    now: bool = False
    """A time that is the moment of writing when nothing says so."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship, kept in the record as an id or a list of ids under its own name."""

    type: str
    many: bool = False
    season: bool = True
    """Whether a season may give it. The others follow from where the record stands, or from other records."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One type of resource."""

    type: str
    attributes: Mapping[str, Attribute]
    relations: Mapping[str, Relation] = field(default_factory=dict[str, Relation])
    computed: frozenset[str] = frozenset()
    """Attributes that follow from other records: printed, never kept."""
    _defaults: dict[str, Any] = field(init=False, repr=False)
    _moments: tuple[str, ...] = field(init=False, repr=False)
    _needed: frozenset[str] = field(init=False, repr=False)
    _allowed: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kept = {name: each for name, each in self.attributes.items() if name not in self.computed}
        given = {name: each for name, each in self.relations.items() if each.season}
        defaults: dict[str, Any] = {name: None if each.default is ... else each.default for name, each in kept.items()}
        defaults |= {name: list[int]() if each.many else None for name, each in given.items()}
        facts: dict[str, object] = {
            "_defaults": defaults,
            "_moments": tuple(name for name, each in kept.items() if each.now),
            "_needed": frozenset(name for name, each in kept.items() if each.default is ...),
            "_allowed": frozenset(("id", *kept, *given)),
        }
        for name, value in facts.items():
            object.__setattr__(self, name, value)

    def check(self, row: object, path: str, where: ZoneInfo, now: str, extra: tuple[str, ...] = ()) -> dict[str, Any]:
        """The record that a season's row describes, times in the form that the store keeps.

        Raises:
            ValueError: The row does not fit; the message names the path of the wrong part.
        """
        given = mapping(row, path)
        record = self.fresh(now)
        unknown_keys(given, self._allowed.union(extra), path)
        lacking = self._needed.difference(given)
        if lacking:
            raise ValueError(f"{path}.{min(lacking)}: is missing")
        for name, value in given.items():
            if name in self.attributes:
                record[name] = _checked(self.attributes[name], value, f"{path}.{name}", where)
            elif name in self.relations and self.relations[name].season:
                record[name] = _related(self.relations[name], value, f"{path}.{name}")
        return record

    def fresh(self, now: str) -> dict[str, Any]:
        """A new record with every default."""
        return {**self._defaults, **dict.fromkeys(self._moments, now)}

    def resource(self, key: int, record: Mapping[str, Any], where: ZoneInfo, dates: object = None) -> dict[str, Any]:
        """The resource as an answer shows it. `dates` is `utc` or `offset` to spell all times one way."""
        attributes = {name: _spelt(each, record.get(name), where, dates) for name, each in self.attributes.items()}
        resource: dict[str, Any] = {"id": str(key), "type": self.type, "attributes": attributes}
        if self.relations:
            resource["relationships"] = {name: each_link(r, record.get(name)) for name, r in self.relations.items()}
        return resource


def mapping(value: object, path: str) -> dict[str, Any]:
    """`value`, an object of a season.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected an object")  # noqa: TRY004 - what `load` promises for any wrong part
    return cast("dict[str, Any]", value)


def sequence(value: object, path: str) -> list[Any]:
    """`value`, a list of a season.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, list):
        raise ValueError(f"{path}: expected a list")  # noqa: TRY004 - what `load` promises for any wrong part
    return cast("list[Any]", value)


def text(value: object, path: str) -> str:
    """`value`, a text of a season.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, str):
        raise ValueError(f"{path}: expected text")  # noqa: TRY004 - what `load` promises for any wrong part
    return value


def each_link(relation: Relation, value: Any) -> dict[str, Any]:
    """A relationship's `{"data": …}` for an id, a list of ids, or nothing."""
    if relation.many:
        return {"data": [{"id": str(key), "type": relation.type} for key in value or ()]}
    return {"data": None if value is None else {"id": str(value), "type": relation.type}}


def _spelt(attribute: Attribute, value: Any, where: ZoneInfo, dates: object) -> Any:
    if value is None or attribute.kind not in TIMES:
        return value
    if attribute.kind == "day":
        return local_day(value, where)
    wanted = dates if dates in {"utc", "offset"} else attribute.kind
    return value if wanted == "utc" else with_offset(value, where)


def _checked(attribute: Attribute, value: Any, path: str, where: ZoneInfo) -> Any:
    if value is None:
        if attribute.default is not None:
            raise ValueError(f"{path}: may not be null")
        return None
    if not _CHECKS[attribute.kind](value):
        raise ValueError(f"{path}: expected {_WORDS.get(attribute.kind, attribute.kind)}")
    return _time(value, path, where) if attribute.kind in TIMES else value


def _related(relation: Relation, value: Any, path: str) -> Any:
    ids = cast("list[Any]", value if isinstance(value, list) else [] if value is None else [value])
    kept = [record_id(each) for each in ids]
    if isinstance(value, list) != relation.many or None in kept:
        raise ValueError(f"{path}: expected {'a list of ids' if relation.many else 'an id'}")
    return kept if relation.many else next(iter(kept), None)


def _time(value: str, path: str, where: ZoneInfo) -> str:
    try:
        return season_time(value, where)
    except ValueError as cause:
        raise ValueError(f"{path}: {value!r} is no ISO 8601 time") from cause


def missing(folder: str) -> dict[str, Any]:
    """What stands where there is no picture: relative paths ending in `missing.png`."""
    sizes = {"thumb": "thumb", "small": "thumb2x", "medium": "medium", "large": "large"}
    return {"filename": None} | {size: f"/{folder}/{part}/missing.png" for size, part in sizes.items()}


def shape(kind: str, attributes: Mapping[str, Attribute], **relations: Relation) -> Shape:
    """A shape, its relationships as keywords."""
    return Shape(kind, attributes, relations)


A = Attribute
UPDATED: Final = A("offset", "", now=True)
DAY_UPDATED: Final = A("day", "", now=True)
STAMPS: Final = {"created_at": A("utc", "", now=True), "updated_at": A("utc", "", now=True)}
