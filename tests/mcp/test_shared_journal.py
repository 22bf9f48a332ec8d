"""Servers as processes over one journal: racing, ended, and killed in the middle of a write."""

import json
import signal
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest

from eventdesk_server.sandbox.faults import Fault, Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.mcp.test_stdio import COMMAND, Wire, environment, started
from tests.support import NOW

pytestmark = pytest.mark.anyio
ADA: dict[str, Any] = {
    "event": "club:harbor-design-days",
    "name": "Ada Löwe",
    "email": "Ada.Loewe@mail.test",
    "ticket": "General",
}


@dataclass
class Slow:
    """A platform that answers writes only when it is told to."""

    env: dict[str, str]
    sandbox: Sandbox
    state: Path
    reached: anyio.Event = field(default_factory=anyio.Event)
    go_on: anyio.Event = field(default_factory=anyio.Event)

    async def sleep(self, _: float) -> None:
        self.reached.set()
        await self.go_on.wait()

    @property
    def posts(self) -> int:
        return sum(seen.method == "POST" and "attendees" in seen.path for seen in self.sandbox.faults.seen)

    def audited(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.state / "audit.jsonl").read_text().splitlines()]


@asynccontextmanager
async def slow(tmp_path: Path) -> AsyncGenerator[Slow]:
    state = tmp_path / "state"
    platform: Slow

    async def sleep(seconds: float) -> None:
        await platform.sleep(seconds)

    faults = Faults(record=True, sleep=sleep)
    with Sandbox(now=NOW, faults=faults) as sandbox:
        async with serving(sandbox) as connections:
            given = connections["eventtia"]
            rows = [f"{name} = {json.dumps(value)}" for name, value in given.items() if name != "provider"]
            (tmp_path / "config.toml").write_text("\n".join(['[accounts.club]\nprovider = "eventtia"', *rows]))
            env = environment(
                EVENTDESK_CONFIG=str(tmp_path / "config.toml"),
                EVENTDESK_NOW=NOW.isoformat(),
                EVENTDESK_STATE_FOLDER=str(state),
            )
            platform = Slow(env, sandbox, state)
            faults.add(Fault(kind="delay", method="POST", path="attendees", seconds=1))
            yield platform


async def send(wire: Wire, **arguments: Any) -> None:
    message = {"jsonrpc": "2.0", "id": 99, "method": "tools/call"}
    message |= {"params": {"name": "register_attendee", "arguments": arguments}}
    await wire.send(json.dumps(message).encode() + b"\n")


@pytest.mark.parametrize("end", ["SIGTERM", "end of input", "cancelled"])
async def test_a_sent_write_is_not_left_without_its_outcome(tmp_path: Path, end: str) -> None:
    async with slow(tmp_path) as platform:
        async with started(platform.env) as wire:
            await wire.open()
            await send(wire, **ADA)
            await platform.reached.wait()
            if end == "SIGTERM":
                wire.process.send_signal(signal.SIGTERM)
            elif end == "cancelled":
                note = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}}
                await wire.send(json.dumps(note).encode() + b"\n")
                assert wire.process.stdin is not None
                await wire.process.stdin.aclose()
            else:
                assert wire.process.stdin is not None
                await wire.process.stdin.aclose()
            platform.go_on.set()
            assert await wire.process.wait() == 0
        async with started(platform.env) as wire:
            await wire.open()
            again = await wire.call("register_attendee", **ADA)
            assert again["outcome"] in {"already_done", "already_registered"}
        assert platform.posts == 1


def journal(platform: Slow, *arguments: str) -> str:
    ran = subprocess.run(
        [*COMMAND, "journal", *arguments],
        capture_output=True, text=True, timeout=30, check=True, env=platform.env, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return ran.stdout


async def test_a_killed_servers_write_that_happened_is_found_by_the_next(tmp_path: Path) -> None:
    async with slow(tmp_path) as platform:
        async with started(platform.env) as wire:
            await wire.open()
            await send(wire, **ADA)
            await platform.reached.wait()
            wire.process.kill()
            await wire.process.wait()
        platform.go_on.set()
        (entry,) = json.loads(journal(platform, "list", "--json"))["entries"]
        assert (entry["state"], entry["step"], entry["done"]) == ("unknown", "register the person", "0/1")
        async with started(platform.env) as wire:
            await wire.open()
            assert (await wire.call("register_attendee", **ADA))["outcome"] == "already_registered"
        (entry,) = json.loads(journal(platform, "list", "--json"))["entries"]
        assert entry["state"] == "done"
        assert platform.posts == 1


@pytest.mark.parametrize("what", ["happened", "not"])
async def test_a_killed_servers_write_that_cannot_be_found_is_a_persons_to_settle(tmp_path: Path, what: str) -> None:
    async with slow(tmp_path) as platform:
        platform.sandbox.faults.clear()
        platform.sandbox.faults.add(
            Fault(
                kind="black_hole", method="POST", path="attendees", times=1, look_alike=lambda _: platform.reached.set()
            )
        )
        async with started(platform.env) as wire:
            await wire.open()
            await send(wire, **ADA)
            await platform.reached.wait()
            wire.process.kill()
            await wire.process.wait()
        async with started(platform.env) as wire:
            await wire.open()
            unknown = await wire.call("register_attendee", **ADA)
            assert unknown["error"]["code"] == "outcome_unknown"
            assert platform.posts == 1
            (entry,) = json.loads(journal(platform, "list", "--json"))["entries"]
            assert f"eventdesk journal settle {entry['id']}" in unknown["error"]["next"]
            journal(platform, "settle", entry["id"], what)
            after = await wire.call("register_attendee", **ADA)
        if what == "not":
            assert (after["outcome"], platform.posts) == ("done", 2)
        else:
            assert (after["outcome"], platform.posts) == ("already_done", 1)
            assert "A person settled this" in after["notes"][0]


async def test_two_servers_that_are_asked_the_same_at_once_send_one_request(tmp_path: Path) -> None:
    async with slow(tmp_path) as platform:
        outcomes: list[str] = []

        async def ask(wire: Wire) -> None:
            outcomes.append((await wire.call("register_attendee", **ADA))["outcome"])

        async with started(platform.env) as one, started(platform.env) as two:
            await one.open()
            await two.open()
            async with anyio.create_task_group() as group:
                group.start_soon(ask, one)
                await platform.reached.wait()
                group.start_soon(ask, two)
                platform.go_on.set()
        assert sorted(outcomes) in (["already_done", "done"], ["already_registered", "done"])
        assert platform.posts == 1


async def test_neither_journal_nor_audit_holds_a_name_or_an_address(tmp_path: Path) -> None:
    async with slow(tmp_path) as platform:
        platform.go_on.set()
        async with started(platform.env) as wire:
            await wire.open()
            assert (await wire.call("register_attendee", **ADA))["outcome"] == "done"
            refused = await wire.call("register_attendee", **ADA | {"email": "no address", "name": "Ida Berg"})
            assert refused["error"]["code"] == "invalid_arguments"
            files = {path.name: path.read_bytes().lower() for path in platform.state.iterdir()}
        assert {"journal.db", "journal.db-wal", "audit.jsonl"} <= files.keys()
        for name, content in files.items():
            for private in (b"ada", b"loewe", b"mail.test", "löwe".encode(), b"ida berg", b"no address"):
                assert name == "journal.key" or private not in content
        first, second = platform.audited()
        assert first["target"].startswith("club:harbor-design-days:a-")
        assert (first["who"], first["tool"], first["outcome"]) == ("test", "register_attendee", "done")
        assert (second["outcome"], second["entry"]) == ("invalid_arguments", "")
