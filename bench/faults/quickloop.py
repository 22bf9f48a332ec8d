"""An event loop whose clock runs faster: every pause and every time limit of a server is shorter in the same proportion.

Eventdesk measures time by its event loop. A server on this loop waits its fifteen seconds for a platform in three
quarters of one, by the code and the limits that it has anywhere else.
"""

import asyncio  # noqa: TID251 - the loop itself is the subject
import selectors
import time

from typing_extensions import override

SPEED = 20.0
"""Seconds of a server in one second."""


class _Selector(selectors.DefaultSelector):
    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / SPEED if timeout else timeout)


class QuickLoop(asyncio.SelectorEventLoop):
    """See the module."""

    def __init__(self) -> None:
        super().__init__(_Selector())

    @override
    def time(self) -> float:
        return time.monotonic() * SPEED
