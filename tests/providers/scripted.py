"""An account whose platform answers from a script: for what a whole season would hide, and for hostile answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2

from eventdesk_server.registry import AccountSetup, registration
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.carrying import carry_out
from eventdesk_tools.desk import Account, Call, Desk
from eventdesk_tools.models import EventQuery, WriteResult
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import EventProvider, ProviderName
from tests.support import Person

Reply = Callable[[httpx2.Request], httpx2.Response]
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def answers(body: Any, status: int = 200) -> Reply:
    """Always the same JSON."""
    return lambda _: httpx2.Response(status, json=body)


def raw(status: int, text: str, kind: str, **headers: str) -> Reply:
    """Always the same text, whatever it is."""
    return lambda _: httpx2.Response(status, text=text, headers={"content-type": kind} | headers)


def in_turn(*replies: Reply) -> Reply:
    """One reply after the other; the last one stays."""
    left = list(replies)

    def reply(request: httpx2.Request) -> httpx2.Response:
        current = left.pop(0) if len(left) > 1 else left[0]
        return current(request)

    return reply


def example(folder: Path, name: str) -> Any:
    """A JSON example of the platform's own documentation."""
    return json.loads((folder / "examples" / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Scripted:
    """A platform: what it answers to `GET /path`, and what arrived. An unscripted request fails the test."""

    script: dict[str, Reply]
    seen: list[httpx2.Request] = field(default_factory=list[httpx2.Request])

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        reply = self.script.get(f"{request.method} {unquote(request.url.raw_path.decode().partition('?')[0])}")
        return httpx2.Response(418, json={"detail": "not in the script"}) if reply is None else reply(request)

    @property
    def asked(self) -> list[str]:
        """What arrived, as `GET /path?query`, decoded."""
        return [f"{request.method} {unquote(request.url.raw_path.decode())}" for request in self.seen]

    @property
    def writes(self) -> list[tuple[str, Any]]:
        """Everything but GET, with its body."""
        return [
            (f"{request.method} {unquote(request.url.raw_path.decode())}", json.loads(request.content or b"null"))
            for request in self.seen
            if request.method != "GET"
        ]

    def account(self, settings: Mapping[str, Any], now: datetime = NOW) -> EventProvider:
        """The platform's adapter, wired to this script."""
        name = ProviderName(settings["provider"])
        setup = AccountSetup(
            account="club",
            settings=ACCOUNT.validate_python(settings),
            provider=name,
            now=lambda: now,
            transport=lambda: httpx2.MockTransport(self.handle),
        )
        return registration(name).build(setup)


async def read_into(kept: list[str], provider: EventProvider, query: EventQuery) -> None:
    """The ids of a list, kept as they come, so that they are there when it breaks off."""
    async for event in provider.list_events(query):
        kept.append(event.id)  # noqa: PERF401 - what came before a failure counts


async def done(provider: EventProvider, planned: WritePlan | WriteResult) -> WriteResult:
    """The plan, carried out as the desk does, with a journal of its own and nobody asked."""
    if isinstance(planned, WriteResult):
        return planned
    from eventdesk_server.journal.journal import SqliteJournal
    from eventdesk_server.runtime import AnyioRuntime

    async def no_sleep(_: float) -> None:
        return None

    async def tell(_done: float, _total: float | None, _message: str) -> None:
        return None

    account = Account(name="club", provider=provider, identity="club")
    runtime = AnyioRuntime(no_sleep)
    desk = Desk(accounts={"club": account}, now=lambda: NOW, runtime=runtime, journal=SqliteJournal())
    call = Call(desk=desk, tool="test", arguments={}, confirmer=Person(), tell=tell, started=runtime.seconds())
    return await carry_out(call, account, planned)
