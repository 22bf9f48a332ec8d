"""Judges: processes that change a module in a copy of the repository, and the choice of the tests that they run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bench.mutants.changes import Mutant
from bench.mutants.scope import ROOT, judging

T = TypeVar("T")
R = TypeVar("R")
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", ".hypothesis", ".ruff_cache", "dist")


class Judge:
    """Two processes with a copy of the repository of their own; `bench/mutants/judge.py` is their program.

    One has imported all of it and judges the code of functions; one imports it anew for what runs on import.
    """

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
        self._folder = folder
        self._arguments = (list[str](), judging())
        self._processes = [_process(folder, *arguments) for arguments in self._arguments]

    def ask(self, order: Mapping[str, Any], *, on_import: bool = False) -> dict[str, Any]:
        """What became of the tests: `killed`, `survived`, `timeout`, or `died` where a change ended the judge itself."""
        which = 0 if on_import else 1
        process = self._processes[which]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if answer:
            return json.loads(answer)
        process.wait()
        if "module" in order:
            shutil.copy2(ROOT / order["module"], self._folder / order["module"])
        self._processes[which] = _process(self._folder, *self._arguments[which])
        return {"status": "died"}

    def close(self) -> None:
        for process in self._processes:
            process.terminate()
            process.wait()


def _process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    paths = [str(folder / part) for part in ("tools", "server", "prompts", ".")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}
    return subprocess.Popen(
        [sys.executable, "-m", "bench.mutants.judge", *arguments],
        cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def judges(count: int) -> Generator[list[Judge]]:
    """So many judges. Their copies are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        made: list[Judge] = []
        try:
            made.extend(Judge(Path(folder) / f"copy{number}") for number in range(count))
            yield made
        finally:
            for judge in made:
                judge.close()


def shared_out(made: list[Judge], work: Iterable[T], do: Callable[[Judge, T], R]) -> list[R]:
    """Have the judges do all of the work, each one piece at a time. The results stand in the order of the work."""
    left = list(enumerate(work))[::-1]
    done: dict[int, R] = {}
    failed: list[BaseException] = []

    def labour(judge: Judge) -> None:
        try:
            while left and not failed:
                at, one = left.pop()
                done[at] = do(judge, one)
        except BaseException as exc:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(exc)

    threads = [threading.Thread(target=labour, args=(judge,)) for judge in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return [done[at] for at in sorted(done)]


class Choice:
    """Which tests run which lines, and how long each takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._lines: dict[str, dict[int, set[str]]] = {}

    def add(self, measured: Mapping[str, Any]) -> None:
        """What a judge measured. A test that fails on a busy machine judges nothing."""
        failed = set(measured["failed"])
        self.seconds |= {name: took for name, took in measured["seconds_of"].items() if name not in failed}
        for module, lines in measured["lines"].items():
            of_module = self._lines.setdefault(module, {})
            for line, names in lines.items():
                of_module.setdefault(int(line), set()).update(name for name in names if name and name not in failed)

    def of(self, mutant: Mutant, budget: float) -> list[str]:
        """Tests that run a mutant's lines and take so many seconds together: the quickest, and of each parametrised test some.

        What runs when the module is imported belongs to no test: any of a file that runs some of the module may notice.
        """
        lines = self._lines.get(mutant.module, {})
        names = set[str]().union(*(lines.get(line, set()) for line in range(mutant.line, mutant.last_line + 1)))
        if not names:
            files = {name.partition("::")[0] for of_line in lines.values() for name in of_line}
            names = {name for name in self.seconds if name.partition("::")[0] in files}
        seen: dict[str, int] = {}
        ranked: list[tuple[float, float, str]] = []
        for name in sorted(names, key=self._order):
            function = name.partition("[")[0]
            seen[function] = seen.get(function, 0) + 1
            ranked.append((seen[function] * self.seconds[name], *self._order(name)))
        chosen: list[str] = []
        left = budget
        for _, seconds, name in sorted(ranked):
            if seconds <= left or not chosen:
                left -= seconds
                chosen.append(name)
        return sorted(chosen, key=self._order)

    def _order(self, name: str) -> tuple[float, str]:
        return self.seconds[name], name
