"""The whole sandbox: five stand-ins below one application, their demo season, and the layer of faults around them.

A season file is one JSON object, a key a provider; each stand-in's `load` documents its part.
"""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from eventdesk_server.sandbox.core import Clock, StandIn, Store, World
from eventdesk_server.sandbox.faultlayer import FaultLayer
from eventdesk_server.sandbox.faults import Faults

if TYPE_CHECKING:
    from eventdesk_server.sandbox.inprocess import SandboxTransport

_CLASSES: Mapping[str, str] = {
    "eventschedule": "EventScheduleStandIn",
    "eventtia": "EventtiaStandIn",
    "heysummit": "HeySummitStandIn",
    "eventhq": "EventHQStandIn",
    "evvnt": "EvvntStandIn",
}
_SEED = "eventdesk"


class Sandbox:
    """Five platforms on loopback. Close it, or use it as a context manager.

    A stand-in is made, and its demo season filled in, when it is first needed: starting is cheap.

    Args:
        standins: The stand-ins' classes. None: all five.
        now: Pins the clock. None: real time.
        limits: False switches the platforms' rate limits off.
        season: Each provider's own season; a provider that it does not name starts empty. None: the demo season.
        empty: No season at all; log-ins work.
        path: A SQLite file that keeps the state. One that is filled already is not filled again.
        switches: Documented variants of a platform's behaviour, as `evvnt.created`.
        faults: What goes wrong. None: nothing, until a test adds some.

    Raises:
        ValueError: The season names an unknown provider, or a part of it is wrong; the message names its path.
    """

    def __init__(
        self,
        standins: Sequence[type[StandIn]] | None = None,
        *,
        now: datetime | None = None,
        limits: bool = True,
        season: Mapping[str, Any] | None = None,
        empty: bool = False,
        path: str = ":memory:",
        switches: Mapping[str, Any] | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._classes = {standin.name: standin for standin in standins} if standins is not None else None
        self._names = tuple(self._classes) if self._classes is not None else tuple(_CLASSES)
        self._empty = empty
        self._season = season
        self.faults = faults if faults is not None else Faults()
        self.clock = Clock(now)
        self._made: dict[str, StandIn] = {}
        self._apps: dict[str, ASGIApp] = {}
        unknown = sorted(set(season or ()) - set(self._names))
        if unknown:
            raise ValueError(f"{unknown[0]}: no such provider; a season may name {', '.join(self._names)}")
        self.world = World(Store(path), self.clock, limits, dict(switches or {}))
        self.world.store.script("create table if not exists sandbox_filled (provider text primary key)")
        try:
            for name in season or ():
                self._fill(name)
        except ValueError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.world.store.close()

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers that have a stand-in here."""
        return self._names

    @cached_property
    def app(self) -> ASGIApp:
        """The ASGI application: each stand-in below `/<provider>`, the layer of faults outside."""
        return FaultLayer(self._route, self.faults)

    def transport(self) -> "SandboxTransport":
        """The sandbox in process, for an HTTP client, at `inprocess.ROOT_URL`."""
        from eventdesk_server.sandbox.inprocess import SandboxTransport  # noqa: PLC0415  # the socket way has no need

        return SandboxTransport(self.app)

    def standin(self, name: str) -> StandIn:
        """One provider's stand-in, filled.

        Raises:
            KeyError: There is none of that name.
        """
        self._fill(name)
        return self._make(name)

    def connections(self, root_url: str) -> dict[str, dict[str, str]]:
        """What an account needs for each provider: base URL and credentials, in the words of the settings file."""
        found: dict[str, dict[str, str]] = {}
        for name in self._names:
            standin = self._make(name)
            base_url = f"{root_url.rstrip('/')}/{name}{standin.base_path}"
            found[name] = {"base_url": base_url, **standin.credentials()}
        return found

    def _make(self, name: str) -> StandIn:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            if self._classes is not None:
                kind = self._classes[name]
            else:
                kind = getattr(import_module(f"eventdesk_server.sandbox.{name}"), _CLASSES[name])
            self._made[name] = kind(self.world)
        return self._made[name]

    def _fill(self, name: str) -> None:
        standin = self._make(name)
        filled = self.world.store.row("select provider from sandbox_filled where provider = ?", (name,))
        if filled is not None:
            return
        self.world.store.insert("sandbox_filled", {"provider": name})
        if self._season is not None:
            part = self._season.get(name)
        else:
            part = None if self._empty else standin.default_season(random.Random(f"{_SEED}:{name}"))
        if part is None:
            return
        if not isinstance(part, Mapping):
            raise ValueError(f"{name}: must be an object")  # noqa: TRY004  # a fault of the season
        try:
            standin.load(cast("Mapping[str, Any]", part))
        except ValueError as cause:
            raise ValueError(f"{name}: {cause}") from cause

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        root = scope.get("root_path", "")
        name = scope["path"].removeprefix(root).lstrip("/").partition("/")[0]
        if name not in self._names:
            message = {"error": f"The sandbox has these platforms: {', '.join(self._names)}"}
            await JSONResponse(message, 404)(scope, receive, send)
            return
        if name not in self._apps:
            self._apps[name] = self.standin(name).app()
        # No `app_root_path`, which Starlette's own mount would set: `request.base_url` includes the mount point.
        await self._apps[name]({**scope, "root_path": f"{root}/{name}"}, receive, send)


def read_season(path: str) -> dict[str, Any]:
    """A season file.

    Raises:
        ValueError: It is not JSON, or not an object.
        OSError: It cannot be read.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as cause:
        raise ValueError(f"season: not JSON: {cause}") from cause
    if not isinstance(data, dict):
        raise ValueError("season: must be an object with a key a provider")  # noqa: TRY004  # a fault of the file
    return cast("dict[str, Any]", data)
