"""Rate limiters shaped like the platforms' real ones, and what a 429 teaches them. Nothing here waits."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from eventdesk_server.http.policy import IdleReset, Limit, Window
from eventdesk_tools.plans import Fit

_MARGIN = 0.05
"""Clocks and wires differ by a little; a call that comes a moment too early costs the whole window."""
_LONGEST = 86_400.0


@dataclass(slots=True, eq=False)
class _Call:
    """When the platform has counted a call at the latest; infinite while it is under way."""

    at: float = math.inf


class _Sliding:
    """At most `calls` in any `seconds`; what holds for any window holds for fixed ones too."""

    def __init__(self, limit: Window) -> None:
        self.methods = limit.methods
        self._most = limit.calls
        self._span = limit.seconds + _MARGIN
        self._calls: list[_Call] = []

    def room(self, now: float) -> int:
        self._calls = [call for call in self._calls if call.at + self._span > now]
        return max(self._most - len(self._calls), 0)

    def delay(self, now: float, calls: int = 1) -> float:
        missing = min(calls, self._most) - self.room(now)
        if missing <= 0:
            return 0.0
        last = sorted(call.at for call in self._calls)[missing - 1]
        return self._span if last == math.inf else last + self._span - now

    def enter(self, now: float) -> _Call:  # noqa: ARG002 - the same shape as the other counter's
        call = _Call()
        self._calls.append(call)
        return call

    def leave(self, call: _Call, now: float) -> None:
        call.at = now

    def silence(self, told: float | None) -> float:
        return self._span if told is None else told


class _Idle:
    """Full until nothing has been counted for `seconds`."""

    def __init__(self, limit: IdleReset) -> None:
        self.methods = limit.methods
        self._most = limit.calls
        self._span = limit.seconds + _MARGIN
        self._count = 0
        self._under_way = 0
        self._last = -math.inf

    def room(self, now: float) -> int:
        if not self._under_way and now - self._last >= self._span:
            self._count = 0
        return max(self._most - self._count, 0)

    def delay(self, now: float, calls: int = 1) -> float:
        if self.room(now) >= min(calls, self._most):
            return 0.0
        return self._span if self._under_way else self._last + self._span - now

    def enter(self, now: float) -> _Call:
        self._count += 1
        self._under_way += 1
        self._last = now
        return _Call()

    def leave(self, call: _Call, now: float) -> None:
        call.at = now
        self._under_way -= 1
        self._last = now

    def silence(self, told: float | None) -> float:
        return max(self._span, told or 0.0)


@dataclass(frozen=True, slots=True)
class Turn:
    """One call under way, as each limit that counts it sees it."""

    calls: tuple[tuple[_Sliding | _Idle, _Call], ...]


class RateLimiter:
    """All limits of one account. A call that was counted too late would be one too many, so calls under way count."""

    def __init__(self, limits: Sequence[Limit], monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._counters = tuple(_Sliding(limit) if isinstance(limit, Window) else _Idle(limit) for limit in limits)
        self._silent: dict[str, float] = {}

    def delay(self, method: str, calls: int = 1) -> float:
        """Seconds until a call of this method may leave; until so many may at once, or as many as ever may."""
        now = self._monotonic()
        longest = self._silent.get(method, now) - now
        for counter in self._counters:
            if method in counter.methods:
                longest = max(longest, counter.delay(now, calls))
        return max(longest, 0.0)

    def fit(self, method: str, calls: int) -> Fit:
        """How many of so many calls of this method may leave now."""
        now = self._monotonic()
        rooms = [counter.room(now) for counter in self._counters if method in counter.methods]
        silent = self._silent.get(method, now) > now
        return Fit(0 if silent else min([calls, *rooms]), self.delay(method, calls))

    def enter(self, method: str) -> Turn:
        """Count a call that leaves now."""
        now = self._monotonic()
        return Turn(tuple((counter, counter.enter(now)) for counter in self._counters if method in counter.methods))

    def leave(self, turn: Turn) -> None:
        """The call has ended, however it ended."""
        now = self._monotonic()
        for counter, call in turn.calls:
            counter.leave(call, now)

    def refused(self, method: str, told: float | None) -> float:
        """The platform said 429, with `told` seconds to wait if it told any: stay silent. Answers for how long."""
        silences = [counter.silence(told) for counter in self._counters if method in counter.methods]
        silence = max([told or 0.0, *silences])
        now = self._monotonic()
        self._silent[method] = max(self._silent.get(method, now), now + silence)
        for counter in self._counters:
            if method in counter.methods:
                for other in counter.methods:
                    self._silent[other] = max(self._silent.get(other, now), now + counter.silence(told))
        return silence


def retry_after(value: str | None, date: str | None, now: Callable[[], datetime]) -> float | None:
    """The seconds that a `Retry-After` header asks for, in both its forms; None when it has none.

    A date counts from the answer's own `Date`, because our clock may differ or be pinned.
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), _LONGEST)
    until = _date(text)
    if until is None:
        return None
    since = _date(date or "") or now()
    return min(max((until - since).total_seconds(), 0.0), _LONGEST)


def _date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
