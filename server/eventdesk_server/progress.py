"""How far a call is, told to whoever asked: always forward, not too often, and at the latest every two seconds."""

import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

SILENCE_SECONDS = 2.0
BURST = 20
"""So many steps are told however fast they come; then as many as ten a second."""
A_SECOND = 10.0

Report = Callable[[float, float | None, str | None], Awaitable[None]]


@dataclass(slots=True)
class Progress:
    """The progress of one call. The protocol has it that each number is greater than the one before.

    A call may go through several counts (accounts, then events): where one begins anew it goes on from the last number.
    Between two steps, signs of life come ever closer to the next number and never reach it.
    """

    report: Report
    clock: Callable[[], float] = anyio.current_time
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _base: float = 0.0
    _done: float = 0.0
    _sent: float = 0.0
    _total: float | None = None
    _message: str = "working"
    _at: float = field(default=-math.inf)
    _room: float = BURST

    async def tell(self, done: float, total: float | None, message: str) -> None:
        """See `eventdesk_tools.desk.Progress`."""
        if done < self._done:
            self._base += self._done
        self._done = done
        self._total = None if total is None else self._base + max(total, done)
        self._message = message
        value = self._base + done
        last = total is not None and done >= total
        if value > self._sent and (last or self._room + self._rested >= 1):
            await self._send(value)

    @property
    def _rested(self) -> float:
        """The room that came since the last word."""
        return min((self.clock() - self._at) * A_SECOND, BURST)

    async def _send(self, value: float) -> None:
        if value <= self._sent:
            following = math.floor(self._sent) + 1
            value = (self._sent + following) / 2
            if not self._sent < value < following:
                return  # so many signs of life that no number is left between
        self._room = max(min(self._room + self._rested, BURST) - 1, 0)
        self._sent, self._at = value, self.clock()
        total = self._total if self._total is None or self._total >= value else None
        await self.report(value, total, self._message)

    async def _live(self) -> None:
        while True:
            await self.sleep(SILENCE_SECONDS)
            if self.clock() - self._at >= SILENCE_SECONDS:
                await self._send(self._sent)

    @asynccontextmanager
    async def alive(self) -> AsyncGenerator[None]:
        """Signs of life until the block ends."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._live)
            try:
                yield
            finally:
                group.cancel_scope.cancel()
