"""`python -m bench.mutants.judge [folder…]`, in a copy of the repository: changes a module and runs some tests.

It reads orders as lines of JSON and answers each with one. Each order is carried out by a fork of a process that has
imported what takes long. Given folders of tests it imports them and our code too: then a fork only gives the functions
that differ their new code, and what runs when a module is imported cannot be judged. It needs POSIX.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import types
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, NoReturn

import anyio.pytest_plugin
import coverage
import httpx2
import hypothesis
import hypothesis.stateful
import mcp.client.session
import mcp.server.mcpserver
import pytest
import starlette.applications
import uvicorn

PRELOADED = (anyio.pytest_plugin, httpx2, hypothesis.stateful, mcp.client.session, mcp.server.mcpserver, starlette.applications, uvicorn)  # fmt: skip
"""What takes long to import and is not ours."""
_ARGUMENTS = ("-p", "no:xdist", "-p", "no:faulthandler", "-W", "ignore::pytest.PytestAssertRewriteWarning")

_IMPORTED: dict[str, list[types.FunctionType]] = {}
"""All functions that there are before the first order, by their files."""


class _Noted:
    """A pytest plugin: what failed first, the processor's time for each test, and which lines it ran."""

    def __init__(self, measured: coverage.Coverage | None) -> None:
        self.failed: list[str] = []
        self.seconds: dict[str, float] = {}
        self._measured = measured
        self._began = 0.0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._began = time.process_time()
        if self._measured is not None:
            self._measured.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] = time.process_time() - self._began

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid} (import)")


def main() -> None:
    os.environ.pop("PYTEST_ADDOPTS", None)  # what the whole run is given is not for its judges
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, max_examples=30, database=None, deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    )  # fmt: skip
    hypothesis.settings.load_profile("mutants")
    os.nice(15)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # its forks end with it
    warm = len(sys.argv) > 1
    with redirect_stdout(sys.stderr):
        if warm and pytest.main([*_ARGUMENTS, "--collect-only", "-qqq", *sys.argv[1:]]):
            sys.exit("the tests cannot be collected")
    for found in gc.get_objects():
        if isinstance(found, types.FunctionType):
            _IMPORTED.setdefault(found.__code__.co_filename, []).append(found)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        if warm or "module" not in order:
            answer = _forked(order)
        else:
            with _changed(order["module"], order["source"]):
                answer = _forked(order)
        print(json.dumps(answer), flush=True)


@contextmanager
def _changed(module: str, source: str) -> Generator[None]:
    """The file itself, for processes that import it."""
    path = Path(module)
    kept, times = path.read_bytes(), path.stat()
    try:
        path.write_text(source, encoding="utf-8")
        # Bytecode that is cached for this time and size would be taken for the changed module.
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 10_000_000_000))
        yield
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _forked(order: Mapping[str, Any]) -> dict[str, Any]:
    """What became of the tests: `killed`, `survived`, `timeout` or `died`."""
    ours, theirs = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _run(order, theirs)
    os.close(theirs)
    try:
        text, late = _read(ours, began + float(order["seconds"]))
    finally:
        os.close(ours)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    answer = {"status": "timeout"} if late else json.loads(text) if text else {"status": "died"}
    return {**answer, "seconds": time.monotonic() - began}


def _read(pipe: int, deadline: float) -> tuple[bytes, bool]:
    text = b""
    while True:
        ready, _, _ = select.select([pipe], [], [], max(deadline - time.monotonic(), 0.0))
        if not ready:
            return text, True
        part = os.read(pipe, 1 << 16)
        if not part:
            return text, False
        text += part


def _run(order: Mapping[str, Any], pipe: int) -> NoReturn:
    try:
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open("judge.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        if len(sys.argv) > 1 and "module" in order:
            _give_code(str(Path(order["module"]).resolve()), order["source"])
        _send(pipe, _tested(order["tests"], order.get("measure")))
    except BaseException:  # noqa: BLE001 - nothing may leave a fork, and the log tells
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _give_code(path: str, source: str) -> None:
    """Give every function of a module that was imported its code in another source of the module."""
    with open(path, encoding="utf-8") as file:
        old = dict(_functions(compile(file.read(), path, "exec")))
    new = dict(_functions(compile(source, path, "exec")))
    by_line = {(code.co_qualname, code.co_firstlineno): name for name, code in old.items()}
    for found in _IMPORTED.get(path, ()):
        name = by_line.get((found.__code__.co_qualname, found.__code__.co_firstlineno))
        if name is not None and old[name] != new[name]:
            found.__code__ = new[name]


def _functions(code: types.CodeType) -> Iterator[tuple[tuple[str, int], types.CodeType]]:
    """All code in a module's code, by its name and by which of that name it is."""
    seen: dict[str, int] = {}

    def walk(outer: types.CodeType) -> Iterator[tuple[tuple[str, int], types.CodeType]]:
        for inner in outer.co_consts:
            if isinstance(inner, types.CodeType):
                seen[inner.co_qualname] = seen.get(inner.co_qualname, 0) + 1
                yield (inner.co_qualname, seen[inner.co_qualname]), inner
                yield from walk(inner)

    return walk(code)


def _send(pipe: int, answer: Mapping[str, Any]) -> None:
    data = memoryview(json.dumps(answer).encode())
    while data:
        data = data[os.write(pipe, data) :]


def _tested(tests: Sequence[str], measure: Sequence[str] | None) -> dict[str, Any]:
    measured = coverage.Coverage(data_file=None, include=list(measure)) if measure is not None else None
    noted = _Noted(measured)
    stop = () if measured is not None else ("-x",)
    if measured is not None:
        measured.start()
    code = int(pytest.main([*_ARGUMENTS, *stop, *tests], plugins=[noted]))
    answer: dict[str, Any] = {"failed": noted.failed}
    answer["status"] = "killed" if noted.failed else "survived" if code == 0 else f"pytest ended with {code}"
    if measured is not None and measure is not None:
        measured.stop()
        data = measured.get_data()
        lines = {module: data.contexts_by_lineno(str(Path(module).resolve())) for module in measure}
        answer |= {"seconds_of": noted.seconds, "lines": lines}
    return answer


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
