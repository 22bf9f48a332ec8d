"""A journal in a folder whose clock moves by hand, and a claim."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_tools.journal import Claim

START = 1_800_000_000.0


@dataclass
class Clock:
    at: float = START

    def __call__(self) -> float:
        return self.at


def claim(key: str = "k", *steps: str) -> Claim:
    return Claim(
        key=key, account="club", provider="eventschedule", tool="register_attendee", target="club:1",
        steps=steps or ("register",),
    )  # fmt: skip


async def no_sleep(_: float) -> None:
    return None


def opened(folder: Path | None, clock: Callable[[], float]) -> SqliteJournal:
    return SqliteJournal(folder, clock, no_sleep)
