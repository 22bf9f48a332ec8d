"""The event loop, as the tools see it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from anyio.abc import TaskGroup


@dataclass(slots=True)
class Given:
    """Whether a block ran out of time."""

    expired: bool = False


@dataclass(slots=True)
class Background:
    """Where jobs run that outlive their call. Without a group none does."""

    group: TaskGroup | None = None


@dataclass(frozen=True, slots=True)
class AnyioRuntime:
    """`eventdesk_tools.desk.Runtime` over anyio. Tests pass their own `sleep`."""

    sleeper: Callable[[float], Awaitable[None]] = field(default=anyio.sleep)
    background: Background = field(default_factory=Background)

    def seconds(self) -> float:
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        await self.sleeper(seconds)

    @asynccontextmanager
    async def shielded(self, seconds: float) -> AsyncGenerator[None]:
        """Cancelling waits outside. The time limit is the HTTP client's own; this one is the last resort."""
        with anyio.move_on_after(seconds + 30, shield=True):
            yield

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncGenerator[Given]:
        given = Given()
        with anyio.move_on_after(seconds) as scope:
            yield given
        given.expired = scope.cancelled_caught

    def later(self, job: Callable[[], Awaitable[None]]) -> None:
        if self.background.group is not None:
            self.background.group.start_soon(_run, job)

    async def together(self, jobs: Sequence[Callable[[], Awaitable[None]]]) -> None:
        async with anyio.create_task_group() as group:
            for job in jobs:
                group.start_soon(_run, job)


async def _run(job: Callable[[], Awaitable[None]]) -> None:
    await job()
