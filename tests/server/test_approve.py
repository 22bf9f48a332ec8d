"""`eventdesk approve`: a person in a terminal, and a real server that waits in another process."""

import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from eventdesk_server.journal.store import Store
from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.mcp.conftest import decoded
from tests.server.terminal import on_a_terminal
from tests.support import NOW

pytestmark = pytest.mark.anyio
EVENT = {
    "account": "club", "calendar": "boathouse", "title": "Quay Fair", "starts": "2027-08-12T19:30",
    "ends": "2027-08-12T21:30", "published": True,
}  # fmt: skip


@dataclass
class Waits:
    """A server that cannot ask, and the surroundings in which its person types."""

    client: Client
    sandbox: Sandbox
    env: dict[str, str]
    state: Path

    async def call(self, **more: Any) -> dict[str, Any]:
        return decoded(await self.client.call_tool("create_event", {**EVENT, **more}))

    async def typed(self, *words: str, answer: str = "") -> tuple[int, str]:
        """Run `eventdesk approve …` on a terminal, type the answer; its exit code and what stood on the screen."""
        return await anyio.to_thread.run_sync(approving, words, self.env, answer)

    @property
    def written(self) -> int:
        return sum(seen.method not in {"GET", "HEAD"} for seen in self.sandbox.faults.seen)


def approving(words: Sequence[str], env: Mapping[str, str], answer: str) -> tuple[int, str]:
    return on_a_terminal(["approve", *words], env, [("[y/N] ", answer)], all_asked=False)


@asynccontextmanager
async def waiting(folder: Path, channel: str = "terminal") -> AsyncGenerator[Waits]:
    with Sandbox(now=NOW, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            club = connections["eventschedule"]
            settings, state = folder / "config.toml", folder / "state"
            settings.write_text(
                f'confirm_channel = "{channel}"\nnow = "{NOW.isoformat()}"\n[accounts.club]\nprovider = "eventschedule"\n'
                f'base_url = "{club["base_url"]}"\nkey = "{club["key"]}"\n'
            )
            kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
            env = {**kept, "EVENTDESK_CONFIG": str(settings), "EVENTDESK_STATE_FOLDER": str(state)}
            server = StdioServerParameters(command=sys.executable, args=["-m", "eventdesk_server"], env=env)
            with anyio.fail_after(60):
                async with Client(server) as client:
                    yield Waits(client, sandbox, env, state)


async def test_what_a_person_allows_in_a_terminal_goes_through_once(tmp_path: Path) -> None:
    async with waiting(tmp_path) as waits:
        shown = await waits.call()
        assert "approve_at" not in shown
        command = shown["approve_with"].split()
        assert command[:2] == ["eventdesk", "approve"]
        code, screen = await waits.typed(command[2], answer="y")
        assert (code, waits.written) == (0, 0)
        assert "Publish a new event: 'Quay Fair'" in screen
        (request,) = shown["requests"]
        assert f"{request['method']} {request['path']}" in screen
        assert screen.rstrip().endswith("Allowed. Now tell the assistant to go on.")
        assert (await waits.call())["outcome"] == "done"
        (sent,) = [seen for seen in waits.sandbox.faults.seen if seen.method == "POST"]
        assert sent.body.decode() in screen
        code, screen = await waits.typed(command[2], answer="y")
        assert code == 1
        assert "no longer open" in screen
        other = await waits.call(title="Quay Fair II")
        assert other["outcome"] == "preview"
        assert waits.written == 1


@pytest.mark.parametrize("answer", ["n", "", "yes please", "\x04"])
async def test_anything_but_a_yes_in_a_terminal_sends_nothing(tmp_path: Path, answer: str) -> None:
    async with waiting(tmp_path) as waits:
        name = (await waits.call())["approve_with"].split()[2]
        assert (await waits.typed(name, answer=answer))[0] == 1
        again = await waits.call()
        assert again["outcome"] == "preview"
        assert waits.written == 0


async def test_only_a_terminal_takes_an_answer_and_the_list_needs_none(tmp_path: Path) -> None:
    async with waiting(tmp_path, "auto") as waits:
        shown = await waits.call()
        assert shown["approve_at"].startswith("http://127.0.0.1:")
        name = shown["approve_with"].split()[2]
        command = [sys.executable, "-m", "eventdesk_server", "approve"]
        for words in ([name], []):
            refused = await anyio.run_process([*command, *words], input=b"y\n", env=waits.env, check=False)
            assert refused.returncode == 1
            assert b"in a terminal" in refused.stderr
        listed = await anyio.run_process([*command, "--list"], env=waits.env)
        assert listed.stdout.decode().startswith(f"{name}  club: Publish a new event: 'Quay Fair'")
        assert (await waits.call())["outcome"] == "preview"
        assert waits.written == 0


async def test_of_several_that_wait_one_must_be_named_and_an_old_one_is_gone(tmp_path: Path) -> None:
    async with waiting(tmp_path) as waits:
        first, second = await waits.call(), await waits.call(title="Quay Fair II")
        names = [shown["approve_with"].split()[2] for shown in (first, second)]
        code, screen = await waits.typed(answer="y")
        assert code == 1
        assert "Name one" in screen
        assert all(name in screen for name in names)
        store = Store(waits.state)
        store.run_now(
            lambda db: db.execute("UPDATE previews SET until = until - 600 WHERE id LIKE ?", (f"{names[0]}%",))
        )
        store.close()
        code, screen = await waits.typed(names[0], answer="y")
        assert code == 1
        assert "no longer open" in screen
        assert (await waits.call())["outcome"] == "preview"
        assert waits.written == 0
        code, _ = await waits.typed(names[1], answer="y")
        assert code == 0
        assert (await waits.call(title="Quay Fair II"))["outcome"] == "done"
        assert waits.written == 1


async def test_where_nothing_was_ever_asked_nothing_waits(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
    env = {**kept, "XDG_CONFIG_HOME": "/nonexistent", "EVENTDESK_STATE_FOLDER": str(tmp_path / "state")}
    code, screen = await anyio.to_thread.run_sync(approving, (), env, "y")
    assert (code, screen.strip()) == (1, "Nothing waits for an answer.")
    assert not (tmp_path / "state").exists()
