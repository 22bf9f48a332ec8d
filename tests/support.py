"""What tests share: accounts wired to the in-process sandbox, a desk around them, and a person who answers."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.registry import sandbox_accounts
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_server.sandbox.core import Clock
from eventdesk_server.sandbox.faults import Faults, Seen
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_tools.carrying import carry_out
from eventdesk_tools.desk import Account, Call, Desk
from eventdesk_tools.journal import Preview, Reply, Verdict
from eventdesk_tools.models import WriteResult
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import EventProvider

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
"""When rehearsals happen."""
ROOT = "http://sandbox.localhost"


@dataclass(slots=True)
class Person:
    """The person behind the client: says yes, no, or cannot be asked (then the verdict is TOKEN or OUTSIDE)."""

    verdict: Verdict = Verdict.ACCEPTED
    asked: list[Preview] = field(default_factory=list[Preview])

    async def ask(self, preview: Preview) -> Reply:
        self.asked.append(preview)
        return Reply(self.verdict, "http://127.0.0.1:1/approve/x" if self.verdict is Verdict.OUTSIDE else "")


@dataclass(slots=True)
class Rehearsal:
    """A desk whose accounts are wired to a sandbox."""

    sandbox: Sandbox
    desk: Desk
    person: Person = field(default_factory=Person)

    @property
    def account(self) -> Account:
        """The only account, or the first."""
        return next(iter(self.desk.accounts.values()))

    @property
    def provider(self) -> EventProvider:
        return self.account.provider

    @property
    def clock(self) -> Clock:
        return self.sandbox.clock

    @property
    def seen(self) -> Sequence[Seen]:
        """The requests that reached the sandbox."""
        return list(self.sandbox.faults.seen)

    @property
    def writes(self) -> Sequence[Seen]:
        return [seen for seen in self.seen if seen.method not in {"GET", "HEAD"}]

    def call(self, tool: str = "test", arguments: Mapping[str, object] | None = None) -> Call:
        async def tell(done: float, total: float | None, message: str) -> None:
            self.told.append((done, total, message))

        return Call(
            desk=self.desk,
            tool=tool,
            arguments=arguments or {},
            confirmer=self.person,
            tell=tell,
            started=self.desk.runtime.seconds(),
        )

    told: list[tuple[float, float | None, str]] = field(default_factory=list[tuple[float, float | None, str]])

    async def carry_out(self, planned: WritePlan | WriteResult) -> WriteResult:
        """Run a plan's steps as the desk does, without asking anybody."""
        if isinstance(planned, WriteResult):
            return planned
        return await carry_out(self.call(), self.account, planned)


async def no_pause(seconds: float) -> None:
    """A sleep that is over at once."""
    await anyio.lowlevel.checkpoint()


@asynccontextmanager
async def rehearse(
    *providers: str,
    season: Mapping[str, Any] | None = None,
    now: datetime | None = NOW,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    switches: Mapping[str, Any] | None = None,
    limits: bool = False,
    empty: bool = False,
    sleep: Callable[[float], Awaitable[None]] = no_pause,
    monotonic: Callable[[], float] = anyio.current_time,
) -> AsyncGenerator[Rehearsal]:
    """A desk with the sandbox's accounts of these providers (all when none is named).

    `sleep` is how everybody waits, `monotonic` the clock by which clients keep the platforms' limits.
    """
    sandbox = Sandbox(
        now=now, limits=limits, season=season, empty=empty, switches=switches, faults=Faults(record=True, sleep=sleep)
    )
    connections = {name: c for name, c in sandbox.connections(ROOT).items() if not providers or name in providers}
    accounts = sandbox_accounts(connections, sandbox.transport, sandbox.clock.now, settings, sleep, monotonic=monotonic)
    desk = Desk(accounts=accounts, now=sandbox.clock.now, runtime=AnyioRuntime(sleep), journal=SqliteJournal())
    try:
        yield Rehearsal(sandbox, desk)
    finally:
        for account in accounts.values():
            await account.provider.aclose()
        sandbox.close()


_MOVING = re.compile(r"timestamp|updated_at|sandbox_filled|_settings")
_CHANGED_AT = re.compile(r'"updated_at":"[^"]*"')


def held(sandbox: Sandbox) -> dict[str, list[dict[str, str]]]:
    """Everything that the platforms hold, but for when it was changed and who is logged in."""
    stores = [sandbox.standin(name).world.store for name in sandbox.providers]
    return {
        table["name"]: [
            {key: _CHANGED_AT.sub("", str(value)) for key, value in row.items() if not _MOVING.search(key)}
            for row in stores[0].rows(f"SELECT * FROM {table['name']}")
        ]
        for table in stores[0].rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not _MOVING.search(table["name"])
    }
