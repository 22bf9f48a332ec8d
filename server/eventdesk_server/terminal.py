"""What commands say while they work: a bar on a terminal, plain lines elsewhere. On stderr, so that output stays output."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never, Protocol

if TYPE_CHECKING:
    from tqdm import tqdm

LINES_APART = 2.0
"""Seconds. A log is read afterwards: a line for every step would bury it."""


class Stream(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


@dataclass(slots=True)
class Bar:
    """Shows how far a piece of work is. `told` is what both tools and MCP clients call."""

    stream: Stream
    clock: Callable[[], float] = time.monotonic
    _drawn: "tqdm[Never] | None" = None
    _last: tuple[float, str] = field(default=(float("-inf"), ""))
    _pending: str = ""

    async def told(self, progress: float, total: float | None, message: str | None) -> None:
        if self.stream.isatty():
            self._draw(progress, total, message or "")
        else:
            self._line(_line(progress, total, message or ""))

    def _draw(self, done: float, total: float | None, message: str) -> None:
        from tqdm import tqdm  # noqa: PLC0415 - only terminals draw

        if self._drawn is None:
            tqdm.monitor_interval = 0  # no thread for it
            self._drawn = tqdm(file=self.stream, leave=False, dynamic_ncols=True, mininterval=0)  # pyright: ignore[reportArgumentType] - it writes and flushes
        bar = self._drawn
        bar.total = total
        bar.bar_format = "{desc} |{bar}| {percentage:3.0f}%" if total else "{desc} {elapsed}"
        bar.n = min(done, total) if total else done
        bar.set_description_str(message, refresh=False)
        bar.refresh()

    def _line(self, text: str) -> None:
        at, said = self._last
        self._pending = text if text != said else ""
        if self._pending and self.clock() - at >= LINES_APART:
            self._say()

    def _say(self) -> None:
        self.stream.write(f"{self._pending}\n")
        self.stream.flush()
        self._last, self._pending = (self.clock(), self._pending), ""

    def close(self) -> None:
        """Take the bar away; say the last line, if it was not said."""
        if self._drawn is not None:
            self._drawn.close()
        elif self._pending:
            self._say()


def _line(done: float, total: float | None, message: str) -> str:
    return f"{message} ({done / total:.0%})" if total and done < total else message


@contextmanager
def bar(stream: Stream | None = None) -> Generator[Bar]:
    """A bar for a block."""
    shown = Bar(sys.stderr if stream is None else stream)
    try:
        yield shown
    finally:
        shown.close()
