"""What every stand-in is built on: the clock, the store, and the shape of a stand-in.

A stand-in speaks one platform's wire format, strictly, from that platform's documentation. Nothing here knows any
of them. Faults are injected outside the stand-ins (`faults.py`), so that a stand-in's own code stays about the platform.
"""

import random
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.applications import Starlette


@dataclass(slots=True)
class Clock:
    """The sandbox's clock: real time, unless pinned."""

    pinned: datetime | None = None

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.pinned if self.pinned is not None else datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move a pinned clock on."""
        self.pinned = self.now() + by


class Store:
    """One SQLite database, in memory or a file, that all stand-ins share. Tables are prefixed `<provider>_`."""

    def __init__(self, path: str = ":memory:") -> None:
        # One thread at a time uses it: every stand-in's handlers are async functions without an await inside a change.
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma foreign_keys = on")

    def script(self, sql: str) -> None:
        """Run a schema."""
        self._db.executescript(sql)

    def execute(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        """Run one statement. `isolation_level` is None: it is committed at once unless between `begin` and `commit`."""
        return self._db.execute(sql, values)

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[dict[str, Any]]:
        """All rows of a query, as dictionaries."""
        return [dict(row) for row in self._db.execute(sql, values)]

    def row(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> dict[str, Any] | None:
        """The first row of a query."""
        found = self._db.execute(sql, values).fetchone()
        return dict(found) if found is not None else None

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Insert one row; answers its rowid."""
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        cursor = self._db.execute(f"insert into {table} ({names}) values ({marks})", tuple(values.values()))
        return cursor.lastrowid or 0

    def update(self, table: str, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Change the rows that `key` names."""
        sets = ", ".join(f"{name} = ?" for name in values)
        where = " and ".join(f"{name} = ?" for name in key)
        self._db.execute(f"update {table} set {sets} where {where}", (*values.values(), *key.values()))

    def version(self) -> tuple[int, int]:
        """Changes with everything that is written, here or by another process."""
        (other,) = self._db.execute("pragma data_version").fetchone()
        return self._db.total_changes, other

    def begin(self) -> None:
        self._db.execute("begin")

    def commit(self) -> None:
        self._db.execute("commit")

    def rollback(self) -> None:
        self._db.execute("rollback")

    def close(self) -> None:
        self._db.close()


@dataclass(slots=True)
class World:
    """What the stand-ins share: a store, a clock, whether limits are enforced, and switches for documented variants."""

    store: Store = field(default_factory=Store)
    clock: Clock = field(default_factory=Clock)
    limits: bool = True
    switches: dict[str, Any] = field(default_factory=dict[str, Any])
    """Documented variants of a platform's behaviour, by `<provider>.<switch>`; each stand-in names its own."""

    def switch(self, name: str, default: Any = None) -> Any:
        return self.switches.get(name, default)


class StandIn(ABC):
    """One platform on loopback.

    Constructing it creates its tables. `load` fills it from a season (one mapping a provider; the format is documented
    at each stand-in's `load`). `app` is its ASGI application. It is mounted below a prefix, so absolute links in answers
    are built from the request's scheme and host and the scope's `root_path`, never from a constant, and not from
    `request.base_url`: below a plain Starlette `Mount` that leaves the prefix out.
    """

    name: ClassVar[str]
    """The provider's name: heysummit, eventhq, eventtia, evvnt, eventschedule."""

    def __init__(self, world: World) -> None:
        self.world = world

    @abstractmethod
    def app(self) -> Starlette:
        """The ASGI application."""

    @property
    @abstractmethod
    def base_path(self) -> str:
        """What follows the mount point in the adapter's base URL, such as `/api/v2/`."""

    @abstractmethod
    def credentials(self) -> dict[str, str]:
        """What an account needs to log in here, in the words of the settings file (`key`, `secret`, `email`, …)."""

    @abstractmethod
    def load(self, season: Mapping[str, Any]) -> None:
        """Add what the season holds for this provider.

        Raises:
            ValueError: The season does not fit the documented format; the message names the path of the wrong part.
        """

    @abstractmethod
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        """The demo season for this provider, in the format that `load` takes, relative to the world's clock."""


def unknown_keys(row: Mapping[str, Any], allowed: Iterable[str], path: str) -> None:
    """Refuse a key that a season's format does not have.

    Raises:
        ValueError: There is one; the message names it.
    """
    extra = sorted(set(row) - set(allowed))
    if extra:
        raise ValueError(f"{path}: unknown key {extra[0]!r}")
