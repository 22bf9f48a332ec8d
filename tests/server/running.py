"""Commands in processes of their own that need not import Eventdesk again: each is forked from one that has.

What is proved stays: the process, its exit code, its variables, its terminal. `python -m eventdesk_server` itself is started
where `fresh` says so, and by the tests of the stdio server and of `eventdesk install`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from typing import Any

from typing_extensions import override

PATIENCE = 120.0
_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "eventdesk_server.cli", "eventdesk_server.accounts.adding", "eventdesk_server.accounts.managing", "eventdesk_server.app",
        "eventdesk_server.approve", "eventdesk_server.doctor", "eventdesk_server.handcall", "tests.server.running",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Handed:
    """An open file that the new process is to have."""

    number: int

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (DupFd(self.number),)


def _taken(handed: Any) -> _Handed:
    return _Handed(handed.detach())


def start(words: Sequence[str], env: Mapping[str, str], files: Sequence[int]) -> ForkServerProcess:
    """Start `eventdesk …` in a session of its own, with these as standard input, output and error."""
    process = _FORKING.Process(target=_run, args=(list(words), dict(env), [_Handed(number) for number in files]))
    process.start()
    return process


def _run(words: list[str], env: dict[str, str], files: list[_Handed]) -> None:
    os.setsid()  # else a hidden question would go to the terminal in which the tests run
    for number, handed in enumerate(files):
        os.dup2(handed.number, number)
    for handed in {file.number for file in files} - {0, 1, 2}:
        os.close(handed)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - as above
    sys.argv = ["eventdesk", *words]
    from eventdesk_server.cli import main

    code = main(words)
    sys.stdout.flush()
    sys.exit(code)


def exit_code(process: ForkServerProcess, patience: float = PATIENCE) -> int:
    """How it ended; it is ended if it does not within the patience."""
    process.join(patience)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"the command did not end within {patience:g} s")
    return process.exitcode


def command(
    env: Mapping[str, str], words: Sequence[str], typed: str = "", *, fresh: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `eventdesk …` without a terminal; `fresh` starts Python anew."""
    if fresh:
        return subprocess.run(
            [sys.executable, "-m", "eventdesk_server", *words],
            input=typed, capture_output=True, text=True, encoding="utf-8", env=dict(env), timeout=PATIENCE, check=False,
        )  # fmt: skip
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        given.write(typed.encode())
        given.seek(0)
        code = exit_code(start(words, env, [file.fileno() for file in (given, out, told)]))
        texts: list[str] = []
        for file in (out, told):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(list(words), code, *texts)
