"""Many runs at once: a few worker processes, each with a zygote of its own, and the sums of what came of it all."""

import gc
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, NoReturn

import anyio

from bench.faults.plots import STAGES, Plot, plot_of
from bench.faults.runs import Outcome, run
from bench.faults.warming import warm
from bench.faults.worlds import world_of
from bench.faults.zygote import Zygote

ABREAST = 8
"""Runs at once in one worker: most of a run is waiting."""
FIGURES = ("duplicates", "lost", "unexplained", "unjournaled", "hung")


@dataclass(frozen=True, slots=True)
class Order:
    """What a campaign is to do."""

    providers: tuple[str, ...]
    runs: int
    seed: int
    workers: int
    forget: bool

    def jobs(self) -> Iterator[tuple[str, int]]:
        """Each run's provider and index, the providers in turn: a campaign that is broken off has seen them all."""
        for index in range(self.runs):
            for provider in self.providers:
                yield provider, index


@dataclass(slots=True)
class Sums:
    """The figures of a campaign."""

    runs: int = 0
    figures: Counter[str] = field(default_factory=Counter[str])
    providers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    faults: Counter[str] = field(default_factory=Counter[str])
    outcomes: Counter[str] = field(default_factory=Counter[str])
    deeds: Counter[str] = field(default_factory=Counter[str])
    wrong: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def add(self, told: dict[str, Any]) -> None:
        """Count one run."""
        provider = told["replay"].split(":")[1]
        self.runs += 1
        self.providers[provider]["runs"] += 1
        for name in FIGURES:
            self.figures[name] += told[name]
            self.providers[provider][name] += told[name]
        self.faults.update(told["struck"])
        self.outcomes.update(told["final"])
        self.deeds[f"{provider}: {told['deed']}"] += 1
        if told["wrong"]:
            self.wrong.append(told)

    def told(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "runs": self.runs,
            **{name: self.figures[name] for name in FIGURES},
            "providers": {name: dict(counts) for name, counts in self.providers.items()},
            "faults": dict(self.faults.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "deeds": dict(sorted(self.deeds.items())),
            "failed": [told["replay"] for told in self.wrong],
        }


@cache
def deeds_of(provider: str) -> tuple[int, ...]:
    """How many deeds each stage of a provider offers."""
    counts: list[int] = []
    for stage in STAGES[provider]:
        with world_of(stage) as box:
            counts.append(len(stage.deeds(box.world.store, 1)))
    return tuple(counts)


def plot(seed: int, provider: str, index: int) -> Plot:
    """The plot of one run of a campaign."""
    return plot_of(seed, provider, index, deeds=deeds_of(provider))


def replay(seed: int, provider: str, index: int, *, forget: bool) -> Outcome:
    """Play one run of a campaign again."""
    zygote = Zygote()
    try:
        return anyio.run(partial(run, plot(seed, provider, index), zygote, forget=forget))
    finally:
        zygote.close()


def campaign(order: Order, *, progress: bool = False) -> Sums:
    """Play all runs. Whatever ends this process ends all others too."""
    jobs = list(order.jobs())
    for provider in order.providers:
        deeds_of(provider)
    warm(order.providers)
    gc.collect()
    gc.freeze()  # what is imported stays shared between the forks
    lifelines: list[int] = []
    pipes: list[int] = []
    workers: list[int] = []
    for number in range(order.workers):
        alive, lifeline = os.pipe()
        results, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            for fd in (lifeline, results, *lifelines, *pipes):
                os.close(fd)
            _work(order, jobs[number :: order.workers], alive, theirs)
        os.close(alive)
        os.close(theirs)
        lifelines.append(lifeline)
        pipes.append(results)
        workers.append(pid)
    sums = Sums()
    try:
        anyio.run(_gather, pipes, sums, len(jobs) if progress else 0)
    finally:
        for lifeline in lifelines:
            os.close(lifeline)
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
    if sums.runs != len(jobs):
        raise RuntimeError(f"{len(jobs) - sums.runs} runs were not played to their end: workers ended with {codes}")
    return sums


async def _gather(pipes: Sequence[int], sums: Sums, total: int) -> None:
    async def listen(pipe: int) -> None:
        rest = b""
        while True:
            await anyio.wait_readable(pipe)
            data = os.read(pipe, 65_536)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                sums.add(json.loads(line))
                if total and sums.runs % 50 == 0:
                    sys.stderr.write(f"\r{sums.runs} of {total}, {len(sums.wrong)} wrong ")
                    sys.stderr.flush()
        os.close(pipe)

    async with anyio.create_task_group() as tasks:
        for pipe in pipes:
            tasks.start_soon(listen, pipe)


def _work(order: Order, jobs: Sequence[tuple[str, int]], alive: int, results: int) -> NoReturn:
    """A worker process, from its fork to its end."""
    code = 1
    try:
        zygote = Zygote()
        anyio.run(_play, order, jobs, zygote, alive, results)
        zygote.close()
        code = 0
    except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
        import traceback  # noqa: PLC0415 - only then

        traceback.print_exc()
    finally:
        os._exit(code)


async def _play(order: Order, jobs: Sequence[tuple[str, int]], zygote: Zygote, alive: int, results: int) -> None:
    left = iter(jobs)

    async def one_after_another() -> None:
        for provider, index in left:
            try:
                outcome = await run(plot(order.seed, provider, index), zygote, forget=order.forget)
            except Exception as broken:
                broken.add_note(f"in the run {order.seed}:{provider}:{index}")
                raise
            os.write(results, json.dumps(outcome.told()).encode() + b"\n")

    async def watch() -> None:
        await anyio.wait_readable(alive)  # it is never written to: the campaign is gone
        os._exit(1)

    async with anyio.create_task_group() as outer:
        outer.start_soon(watch)
        async with anyio.create_task_group() as inner:
            for _ in range(ABREAST):
                inner.start_soon(one_after_another)
        outer.cancel_scope.cancel()
