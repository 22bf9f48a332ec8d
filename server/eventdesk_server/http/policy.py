"""A provider's habits on the wire, as data: how it takes credentials, tells errors, and limits calls."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from eventdesk_tools.errors import ProviderError


@dataclass(frozen=True, slots=True)
class Window:
    """So many calls in so many seconds."""

    calls: int
    seconds: float
    methods: frozenset[str] = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class IdleReset:
    """A counter that only falls back after so many seconds without a counted call (Event Schedule, seen running)."""

    calls: int
    seconds: float
    methods: frozenset[str] = frozenset({"GET"})


Limit = Window | IdleReset


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How one kind of refusal is told: the status, and a pattern that its sentence matches (ignoring case).

    `message` replaces the platform's own sentence where that is not fit for people; `{sentence}` stands for it.
    """

    raises: type[ProviderError]
    status: frozenset[int]
    says: re.Pattern[str] | None = None
    message: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a platform speaks.

    Attributes:
        title: The platform's name for messages.
        sentence: One human sentence from a decoded error body, or "" when it has none.
        refusals: Tried in order before the general mapping of statuses.
        succeeded: Whether a 2xx body means success; platforms may answer 200 with a failure inside. None: always.
        limits: The platform's rate limits as it counts them.
        read_timeout: Seconds without a byte before a read is given up.
        query_style: "segments" puts query items into the path as `/key:value` (EventHQ).
    """

    title: str
    sentence: Callable[[Any], str]
    refusals: Sequence[Refusal] = ()
    succeeded: Callable[[Any], bool] | None = None
    limits: Sequence[Limit] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    accept: str = "application/json"
    read_timeout: float = 15.0
    concurrency: int = 4
    redirects: Literal["never", "same_host_reads"] = "never"
    query_style: Literal["query", "segments"] = "query"
