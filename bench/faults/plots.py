"""What happens in a run, drawn from its seed: who asks for what, what goes wrong at the platform, and who fails when."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bench.faults import eventschedule, eventtia, evvnt, heysummit
from bench.faults.deeds import Stage
from bench.faults.hosts import NOES
from eventdesk_server.sandbox.faults import Fault

STAGES: Mapping[str, tuple[Stage, ...]] = {
    "eventschedule": (eventschedule.STAGE,),
    "eventtia": (eventtia.STAGE,),
    "heysummit": (heysummit.STAGE,),
    "evvnt": (evvnt.ORGANISER, evvnt.PARTNER),
}
_NO_LOG_IN = "^(?!.*/auth$)"
_WRITES = ("POST", "PUT")


class Twist(StrEnum):
    """What a host, a process or a person does."""

    NONE = "no twist"
    AGAIN = "repeats the call"
    AT_ONCE = "calls several times at once"
    TWO_SERVERS = "two servers get the call at once"
    RESTART = "repeats the call after a restart"
    KILL = "SIGKILL"
    KILLED_AGAIN = "SIGKILL, and again in the next process"
    TERM = "SIGTERM"
    CLOSE = "closes the server's input"
    VANISH = "closes both pipes"
    CANCEL = "cancels the call"
    NO = "the person says no"
    TOKEN = "cannot ask, applies the preview twice"  # noqa: S105 - a way of confirming


KILLING = {Twist.KILL, Twist.KILLED_AGAIN}
STRIKING = {Twist.KILL, Twist.KILLED_AGAIN, Twist.TERM, Twist.CLOSE, Twist.VANISH, Twist.CANCEL}
"""Twists that come in the middle of a call."""


@dataclass(frozen=True, slots=True)
class Strike:
    """When a twist comes: `delay` real seconds after the platform has got the `number`th request, or write."""

    number: int
    writes: bool
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One run, whole: the same seed and index give the same plot."""

    seed: int
    index: int
    stage: Stage
    deed: int
    era: str
    faults: tuple[Fault, ...]
    twin: bool
    twist: Twist
    strike: Strike
    calls: int
    noes: tuple[str, ...]
    fresh: bool
    """The host's last retries meet a new server process."""
    keyed: bool
    """The host gives the call a key of its own, the same each time."""

    @property
    def number(self) -> int:
        """Tells the run's names apart."""
        return self.index + 1

    def told(self) -> dict[str, Any]:
        """The plot, for people."""
        return {
            "replay": f"{self.seed}:{self.stage.provider}:{self.index}",
            "era": self.era,
            "twist": self.twist.value,
            **({"strike": f"{self.strike}"} if self.twist in STRIKING else {}),
            **({"says": list(self.noes)} if self.noes else {}),
            "faults": [fault.model_dump(exclude_defaults=True, by_alias=True) for fault in self.faults],
            "twin": self.twin,
            "last call to a new process": self.fresh,
            "the host's key": self.keyed,
        }


def plot_of(seed: int, provider: str, index: int, *, deeds: Sequence[int]) -> Plot:
    """The plot of a run. `deeds` are how many each of the provider's stages offers."""
    rng = random.Random(f"{seed}:{provider}:{index}")
    stages = STAGES[provider]
    which = rng.choices(range(len(stages)), weights=deeds)[0]
    twist = rng.choices(list(Twist), weights=(14, 8, 10, 10, 8, 14, 6, 8, 5, 5, 6, 5, 7))[0]
    faults = tuple(
        fault for _ in range(rng.choices((0, 1, 2), weights=(15, 60, 25))[0]) for fault in _faults(rng, provider)
    )
    return Plot(
        seed=seed,
        index=index,
        stage=stages[which],
        deed=rng.randrange(deeds[which]),
        era="none" if twist is Twist.TOKEN else rng.choice(("2025", "2026")),
        faults=faults,
        twin=twist is not Twist.TOKEN and rng.random() < 0.08,
        twist=twist,
        strike=Strike(
            number=rng.choices((1, 2, 3, rng.randint(4, 12)), weights=(50, 20, 10, 20))[0],
            writes=rng.random() < 0.75,
            delay=rng.choice((0.0, 0.001, 0.003, 0.01, 0.05)) * rng.random(),
        ),
        calls=rng.randint(2, 3),
        noes=tuple(rng.choices(list(NOES), k=rng.randint(1, 2))) if twist is Twist.NO else (),
        fresh=rng.random() < 0.4,
        keyed=twist is not Twist.TOKEN and rng.random() < 0.25,
    )


def _faults(rng: random.Random, provider: str) -> Iterator[Fault]:
    """One fault, most often of the first write: armed for either method, since no tool's writes use both to one end."""
    where: dict[str, Any] = {"provider": provider}
    methods: Sequence[str | None] = _WRITES
    aim = rng.random()
    if aim < 0.75:
        where["path"] = _NO_LOG_IN
        skip = rng.choices((0, 1, 2, 3), weights=(75, 15, 5, 5))[0]
    else:
        methods = ("GET",) if aim < 0.92 else (None,)
        skip = rng.randint(0, 9)
    times = rng.choices((1, 2, None), weights=(75, 15, 10))[0]
    kind, more = rng.choice(_KINDS)
    drawn = {name: value(rng) for name, value in more.items()}
    for method in methods:
        yield Fault(kind=kind, times=times, skip=skip, method=method, **where, **drawn)


def _seconds(rng: random.Random) -> float:
    """Within a client's patience of fifteen seconds, or beyond it; a platform may commit long after."""
    return rng.choice((rng.uniform(0.1, 3.0), rng.uniform(3.0, 14.0), rng.uniform(14.0, 24.0), rng.uniform(24.0, 90.0)))


def _elsewhere(_: random.Random) -> str:
    return "https://elsewhere.example/sign-in"


_Draw = Callable[[random.Random], Any]
_KINDS: Sequence[tuple[Any, Mapping[str, _Draw]]] = (
    ("delay", {"seconds": _seconds}),
    ("drop_before", {"reset": lambda rng: rng.random() < 0.5}),
    ("drop_after", {"reset": lambda rng: rng.random() < 0.5}),
    ("late_commit", {"seconds": _seconds}),
    ("black_hole", {}),
    ("status", {"code": lambda _: 429, "retry_after": lambda rng: rng.choice((None, 0, 1, 3, 60))}),
    ("status", {"code": lambda rng: rng.choice((500, 502, 503, 504)), "commit": lambda rng: rng.random() < 0.5}),
    ("status", {"code": lambda rng: rng.choice((400, 401, 403, 404, 409, 422)), "body": lambda _: {"error": "no"}}),
    ("html", {"code": lambda rng: rng.choice((200, 502, 503)), "commit": lambda rng: rng.random() < 0.5}),
    ("html", {"code": lambda _: 403}),
    (
        "redirect",
        {"code": lambda rng: rng.choice((302, 303)), "commit": lambda rng: rng.random() < 0.5, "location": _elsewhere},
    ),
    ("redirect", {"code": lambda rng: rng.choice((301, 307, 308)), "location": _elsewhere}),
    (
        "huge",
        {
            "code": lambda rng: rng.choice((200, 201)),
            "commit": lambda rng: rng.random() < 0.5,
            "bytes": lambda _: 10_500_000,
        },
    ),
    ("truncated", {}),
    ("malformed", {}),
    ("invalid_utf8", {}),
    ("wrong_shape", {"shape": lambda rng: rng.choice(("wrapped", "renamed", "retyped", "null", "empty"))}),
)


def kind_of(fault: Fault) -> str:
    """The name under which a fault is counted."""
    if fault.kind == "status" and fault.code is not None:
        kind = "429" if fault.code == 429 else "5xx" if fault.code >= 500 else "4xx"
        return f"{kind}, carried out" if fault.commit else kind
    return f"{fault.kind}, carried out" if fault.commit else fault.kind
