"""Progress: the protocol wants each number greater than the one before, whatever the tools tell."""

import itertools
import random
from dataclasses import dataclass, field

import anyio
import pytest

from eventdesk_server.progress import SILENCE_SECONDS, Progress

pytestmark = pytest.mark.anyio


@dataclass
class Watch:
    """A client that is told, and a clock that is moved by waiting."""

    at: float = 0.0
    told: list[tuple[float, float | None, str | None]] = field(
        default_factory=list[tuple[float, float | None, str | None]]
    )

    async def report(self, progress: float, total: float | None, message: str | None) -> None:
        self.told.append((progress, total, message))

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await anyio.lowlevel.checkpoint()

    @property
    def progress(self) -> Progress:
        return Progress(self.report, clock=lambda: self.at, sleep=self.sleep)

    @property
    def rises(self) -> bool:
        values = [value for value, _, _ in self.told]
        return all(a < b for a, b in itertools.pairwise(values))


async def test_steps_are_told_as_they_come_with_their_total() -> None:
    watch = Watch()
    progress = watch.progress
    for done in (1, 2, 3):
        watch.at += 1
        await progress.tell(done, 3, f"{done} of 3")
    assert watch.told == [(1, 3, "1 of 3"), (2, 3, "2 of 3"), (3, 3, "3 of 3")]


async def test_of_a_hundred_steps_at_once_the_first_twenty_and_the_last_are_told() -> None:
    watch = Watch()
    progress = watch.progress
    for done in range(1, 101):
        await progress.tell(done, 100, f"{done} rows")
    assert [value for value, _, _ in watch.told] == [*range(1, 21), 100]


async def test_a_long_run_of_quick_steps_is_told_ten_times_a_second() -> None:
    watch = Watch()
    progress = watch.progress
    for done in range(1, 1025):
        watch.at += 1 / 64
        await progress.tell(done, None, f"{done} rows")
    assert 16 * 10 <= len(watch.told) <= 16 * 10 + 20


async def test_a_second_count_goes_on_from_the_first() -> None:
    watch = Watch()
    progress = watch.progress
    for done, total, what in ((5, 5, "accounts"), (1, 20, "events"), (20, 20, "events")):
        watch.at += 1
        await progress.tell(done, total, what)
    assert watch.told == [(5, 5, "accounts"), (6, 25, "events"), (25, 25, "events")]


async def test_whatever_is_told_the_numbers_rise_and_no_total_is_passed() -> None:
    for seed in range(200):
        rng = random.Random(seed)
        watch = Watch()
        progress = watch.progress
        for _ in range(60):
            watch.at += rng.choice([0, 0.05, 0.2, 3])
            total = rng.choice([None, rng.randint(0, 30)])
            await progress.tell(rng.randint(0, 30), total, "rows")
        assert watch.rises
        assert all(total is None or value <= total for value, total, _ in watch.told)


async def test_silence_is_broken_every_two_seconds_without_reaching_the_next_step() -> None:
    watch = Watch()
    progress = watch.progress
    await progress.tell(3, 5, "3 of 5 accounts")
    async with progress.alive():
        while len(watch.told) < 6:
            await anyio.lowlevel.checkpoint()
    assert watch.rises
    assert [(total, message) for _, total, message in watch.told] == [(5, "3 of 5 accounts")] * len(watch.told)
    assert all(3 <= value < 4 for value, _, _ in watch.told)
    assert watch.at >= SILENCE_SECONDS * (len(watch.told) - 1)


async def test_a_call_that_waits_for_hours_runs_out_of_numbers_and_not_of_sense() -> None:
    watch = Watch()
    progress = watch.progress
    async with progress.alive():
        while watch.at < 10_000:
            await anyio.lowlevel.checkpoint()
    assert watch.rises
    assert all(0 < value < 1 and total is None for value, total, _ in watch.told)
