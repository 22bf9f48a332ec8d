"""What can go wrong between a client and a stand-in, as data: which requests a fault meets and what it does to them.

`Faults` holds the faults of one sandbox, counts them down, and remembers the requests it saw. The layer that carries
them out is `faultlayer.py`. A fault is described in JSON for the command line:

    [{"kind": "drop_after", "provider": "heysummit", "method": "POST", "path": "/attendees/$", "times": 1}]

| kind | what the client meets | does the platform carry the request out? |
|---|---|---|
| `none` | nothing (for a `twin` or a `look_alike` alone) | yes |
| `delay` | the answer, `seconds` later | after `seconds`, also when the client has left |
| `drop_before` | the connection breaks | no |
| `drop_after` | the connection breaks | yes |
| `late_commit` | never an answer | after `seconds`, also when the client has left |
| `black_hole` | never an answer | no |
| `status` | `code` (503), `headers`, `retry_after`, `body` | only with `"commit": true` |
| `html` | an HTML page with `code` (502) | only with `"commit": true` |
| `redirect` | `code` (302) to `location` | only with `"commit": true` |
| `huge` | `code` (200) and a JSON list of `bytes` bytes, streamed | only with `"commit": true` |
| `truncated` | the answer, announced whole, breaks off after half | yes |
| `malformed` | the same status, a body that is not JSON | yes |
| `wrong_shape` | the same status, valid JSON of another `shape` | yes |
| `invalid_utf8` | the same status, bytes that are not UTF-8 | yes |
"""

import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import anyio
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

Kind = Literal[
    "none",
    "delay",
    "drop_before",
    "drop_after",
    "late_commit",
    "black_hole",
    "status",
    "html",
    "redirect",
    "huge",
    "truncated",
    "malformed",
    "wrong_shape",
    "invalid_utf8",
]
Shape = Literal["wrapped", "renamed", "retyped", "null", "empty"]

SEEN_LIMIT = 10_000
_CODES: Mapping[str, int] = {"status": 503, "html": 502, "redirect": 302, "huge": 200}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived, whole."""

    provider: str
    method: str
    path: str
    """Below the provider's mount point, decoded: `/api/events/7`."""
    query: str
    """As sent, still encoded."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Answer:
    """A whole answer of a stand-in, caught before it leaves."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    body: bytes = b""


class Fault(BaseModel):
    """One fault: which requests it meets, how often, and what it does."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    kind: Kind = "none"
    provider: str | None = None
    """None: any."""
    method: str | None = None
    """None: any. In any case of letters."""
    path: str = ""
    """A regular expression, searched for in the path below the mount point. Empty: any path."""
    times: int | None = Field(default=None, ge=1)
    """How often it strikes. None: always."""
    skip: int = Field(default=0, ge=0)
    """So many matching requests pass first."""
    seconds: float = Field(default=0.0, ge=0)
    """Of `delay` and `late_commit`."""
    code: int | None = Field(default=None, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    retry_after: int | float | str | None = None
    """A `Retry-After` header: seconds, or a date as text."""
    body: Any = None
    """Of `status`: text is sent as it is, anything else as JSON. None: the status's phrase as text."""
    location: str | None = None
    size: int = Field(default=10_000_000, alias="bytes", ge=2)
    """Of `huge`; `bytes` in JSON and in the constructor."""
    shape: Shape = "wrapped"
    """Of `wrong_shape`: `wrapped` puts an object into a list and a list into an object, `renamed` changes every key,
    `retyped` makes text of numbers and numbers of text, `null` and `empty` (`{}`) stand in for the answer."""
    commit: bool = False
    """The platform carries the request out before it answers `status`, `html`, `redirect` or `huge`."""
    reset: bool = False
    """A drop comes as a reset of the connection rather than an orderly end."""
    twin: dict[str, Any] | None = None
    """Somebody else sends the same request just before, with these keys of its JSON body changed: `{}` for none."""
    look_alike: Callable[[Seen], object] | None = Field(default=None, exclude=True)
    """Called before the platform sees the request, for tests that put a record there themselves. May be async."""

    @field_validator("path")
    @classmethod
    def _expression(cls, path: str) -> str:
        try:
            re.compile(path)
        except re.error as cause:
            raise ValueError(f"not a regular expression: {cause}") from cause
        return path

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "redirect" and self.location is None:
            raise ValueError("redirect: location is missing")
        if self.kind == "delay" and not self.seconds:
            raise ValueError("delay: seconds is missing")
        return self

    @property
    def answer_code(self) -> int:
        """The status to answer with, where the fault itself answers."""
        return self.code if self.code is not None else _CODES.get(self.kind, 500)

    def meets(self, seen: Seen) -> bool:
        """Whether the request is one of those that this fault is about."""
        return (
            self.provider in (None, seen.provider)
            and (self.method is None or self.method.upper() == seen.method)
            and re.search(self.path, seen.path) is not None
        )


@dataclass(slots=True)
class _Armed:
    """A fault and how often it met a request."""

    fault: Fault
    met: int = 0

    def strikes(self, seen: Seen) -> bool:
        if self.fault.times is not None and self.met >= self.fault.skip + self.fault.times:
            return False
        if not self.fault.meets(seen):
            return False
        self.met += 1
        return self.met > self.fault.skip


@dataclass(slots=True, eq=False)
class Late:
    """A request that the platform carries out at a later moment, whether or not its client still waits."""

    due: float
    run: Callable[[], Awaitable[Answer]]
    answer: Answer | None = None
    lock: anyio.Lock = field(default_factory=anyio.Lock)


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that struck, and the request it met."""

    fault: Fault
    seen: Seen


class Faults:
    """The faults of one sandbox, changeable while it runs, and what passed by.

    Args:
        faults: The first faults. Where several meet a request, the first that has strikes left takes it.
        record: Keep the requests in `seen` (the last 10,000).
        sleep: Waits; a test may pass one that only notes the time.
        monotonic: The seconds that `sleep` counts.
    """

    def __init__(
        self,
        faults: Iterable[Fault] = (),
        *,
        record: bool = False,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._armed = [_Armed(fault) for fault in faults]
        self._late: list[Late] = []
        self.record = record
        self.sleep = sleep
        self.monotonic = monotonic
        self.seen: deque[Seen] = deque(maxlen=SEEN_LIMIT)
        self.log: list[Struck] = []
        """What struck, in order."""

    @property
    def active(self) -> bool:
        """Whether a request needs to be looked at."""
        return self.record or bool(self._armed)

    def add(self, *faults: Fault) -> None:
        """Arm more faults, behind those already there."""
        self._armed.extend(_Armed(fault) for fault in faults)

    def clear(self) -> None:
        """Disarm all faults. What is due later stays due, and what was seen stays seen."""
        self._armed.clear()

    def forget(self) -> None:
        """Empty `seen` and `log`."""
        self.seen.clear()
        self.log.clear()

    def take(self, seen: Seen) -> Fault | None:
        """Note a request and say which fault strikes it."""
        if self.record:
            self.seen.append(seen)
        for armed in self._armed:
            if armed.strikes(seen):
                self.log.append(Struck(armed.fault, seen))
                return armed.fault
        return None

    def later(self, seconds: float, run: Callable[[], Awaitable[Answer]]) -> Late:
        """Put a request off. It is carried out by `finish`, or before the first request after its time."""
        late = Late(self.monotonic() + seconds, run)
        self._late.append(late)
        return late

    async def finish(self, late: Late) -> Answer:
        """Carry a put-off request out, once, and answer what the platform said."""
        with anyio.CancelScope(shield=True):
            async with late.lock:
                if late.answer is None:
                    late.answer = await late.run()
                    self._late.remove(late)
        return late.answer or Answer()

    async def run_due(self) -> None:
        """Carry out what is due by now, so that no later request sees the platform without it."""
        if self._late:
            now = self.monotonic()
            for late in sorted((late for late in self._late if late.due <= now), key=lambda late: late.due):
                await self.finish(late)

    async def settle(self) -> int:
        """Carry out everything that was put off, due or not; says how many there were."""
        waiting = sorted(self._late, key=lambda late: late.due)
        for late in waiting:
            await self.finish(late)
        return len(waiting)


_LIST = TypeAdapter(list[Fault])


def read_faults(argument: str) -> list[Fault]:
    """The faults that a command line names: a JSON list (or one object) in place, or the path of a file with it.

    Raises:
        ValueError: It is no JSON, or a part is wrong; the message names the part.
        OSError: The file cannot be read.
    """
    inline = argument.lstrip()[:1] in ("[", "{")
    text = argument if inline else Path(argument).read_text(encoding="utf-8")
    try:
        data = json.loads(text)
    except ValueError as cause:
        raise ValueError(f"faults: not JSON: {cause}") from cause
    return parse_faults(data)


def parse_faults(data: object) -> list[Fault]:
    """Faults from JSON data: a list of objects, or one object.

    Raises:
        ValueError: A part is wrong; the message names it, as in `faults[2].kind`.
    """
    try:
        return _LIST.validate_python([data] if isinstance(data, dict) else data)
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_context=False)[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise ValueError(f"faults{path}: {first['msg']}") from cause
