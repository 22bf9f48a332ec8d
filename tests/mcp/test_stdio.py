"""The server as a host starts it: a process with pipes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.abc import Process
from mcp import Client, StdioServerParameters

from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.mcp.conftest import Era, decoded
from tests.support import NOW

pytestmark = pytest.mark.anyio
COMMAND = [sys.executable, "-m", "eventdesk_server"]


def environment(**extra: str) -> dict[str, str]:
    """The surroundings of a server that finds no settings of this computer's person."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
    return {**kept, "XDG_CONFIG_HOME": "/nonexistent", "HOME": "/nonexistent", **extra}


@asynccontextmanager
async def started(env: Mapping[str, str]) -> AsyncGenerator["Wire"]:
    process = await anyio.open_process(COMMAND, env=dict(env), stderr=subprocess.PIPE)
    async with process:
        try:
            with anyio.fail_after(30):
                yield Wire(process)
        finally:
            if process.returncode is None:
                process.kill()


class Wire:
    """JSON-RPC by hand, to send what no client would."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._rest = b""
        self._id = 0

    async def send(self, data: bytes) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send(data)

    async def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            self._rest += await self.process.stdout.receive()
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        await self.send(json.dumps(message).encode() + b"\n")
        while True:
            answer = await self.receive()
            if answer.get("id") == self._id:
                return answer

    async def open(self) -> None:
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        await self.ask("initialize", **hello)
        await self.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        answer = await self.ask("tools/call", name=tool, arguments=arguments)
        return json.loads(answer["result"]["content"][0]["text"])


async def test_with_no_settings_at_all_the_sandbox_answers_and_says_so(era: Era) -> None:
    server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment())
    with anyio.fail_after(30):
        async with Client(server, mode="legacy" if era == "2025" else "auto") as client:
            answer = decoded(await client.call_tool("list_events", {"limit": 50}))
            assert answer["sandbox"] is True
            assert {row[0].split(":")[0] for row in answer["rows"]} == {
                "demo-heysummit", "demo-eventhq", "demo-eventtia", "demo-evvnt", "demo-eventschedule",
            }  # fmt: skip


async def test_a_key_in_the_settings_talks_to_that_platform_over_http(tmp_path: Path) -> None:
    with Sandbox(now=NOW, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            given = connections["eventschedule"]
            (tmp_path / "config.toml").write_text(
                f'[accounts.club]\nprovider = "eventschedule"\nbase_url = "{given["base_url"]}"\nkey = {{ env = "CLUB_KEY" }}\n'
            )
            env = environment(
                EVENTDESK_CONFIG=str(tmp_path / "config.toml"), CLUB_KEY=given["key"], EVENTDESK_NOW=NOW.isoformat()
            )
            async with started(env) as wire:
                await wire.open()
                answer = await wire.call("list_events")
                assert "sandbox" not in answer
                assert all(row[0].startswith("club:") for row in answer["rows"])
                assert answer["returned"] > 0
            assert {dict(seen.headers)["x-api-key"] for seen in sandbox.faults.seen} == {given["key"]}


async def test_a_missing_key_is_authentication_failed_and_never_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[accounts.club]\nprovider = "eventschedule"\nkey = { env = "NOT_SET_ANYWHERE" }\n'
    )
    async with started(environment(EVENTDESK_CONFIG=str(tmp_path / "config.toml"))) as wire:
        await wire.open()
        answer = await wire.call("list_events")
        assert answer["error"]["code"] == "authentication_failed"
        assert "NOT_SET_ANYWHERE" in answer["error"]["message"]
        assert "sandbox" not in answer


async def test_under_a_host_a_typo_in_the_settings_is_told_by_list_accounts(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[accounts.club]\nprovider = "eventschedule"\nkee = "x"\n')
    async with started(environment(EVENTDESK_CONFIG=str(tmp_path / "config.toml"))) as wire:
        await wire.open()
        tools = await wire.ask("tools/list")
        assert [tool["name"] for tool in tools["result"]["tools"]] == ["list_accounts"]
        assert "did you mean key?" in (await wire.call("list_accounts"))["error"]["message"]


@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.ISO-8859-9"])
async def test_the_wire_is_utf_8_whatever_the_locale(locale: str) -> None:
    async with started(environment(LC_ALL=locale, LANG=locale, PYTHONUTF8="0", PYTHONIOENCODING="latin-1")) as wire:
        await wire.open()
        answer = await wire.call("list_events", account="demo-heysummit", text="東京")
        assert answer["rows"][0][1].startswith("東京")


async def test_what_is_no_request_does_not_end_the_server() -> None:
    async with started(environment()) as wire:
        await wire.open()
        for line in (
            b"not json\n",
            b"\xff\xfe\xff\n",
            b"[]\n",
            b"{}\n",
            b'{"jsonrpc":"2.0","id":1}\n',
            b"\n\n",
            b"x" * 20_000_000 + b"\n",
        ):
            await wire.send(line)
        answer = await wire.call("get_event", event="x" * 1_000_000)
        assert answer["error"]["code"] == "invalid_arguments"
        assert (await wire.call("list_accounts"))["returned"] == 5


async def test_the_end_of_input_ends_the_process_cleanly() -> None:
    async with started(environment()) as wire:
        await wire.open()
        assert wire.process.stdin is not None
        await wire.process.stdin.aclose()
        assert await wire.process.wait() == 0


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_cleanly(name: signal.Signals) -> None:
    async with started(environment()) as wire:
        await wire.open()
        wire.process.send_signal(name)
        assert await wire.process.wait() == 0
        assert wire.process.stderr is not None
        told = b"".join([chunk async for chunk in wire.process.stderr])
        assert b"Traceback" not in told


async def test_only_json_rpc_is_on_stdout_and_no_key_on_stderr(tmp_path: Path) -> None:
    secret = "canary-key-4711"
    (tmp_path / "config.toml").write_text(
        f'[accounts.club]\nprovider = "eventhq"\nbase_url = "http://127.0.0.1:9/api/v1"\nkey = "{secret}"\n'
    )
    env = environment(EVENTDESK_CONFIG=str(tmp_path / "config.toml"), EVENTDESK_LOG_LEVEL="debug")
    async with started(env) as wire:
        await wire.open()
        answer = await wire.call("list_events")
        assert answer["error"]["code"] == "provider_unavailable"
        assert wire.process.stdin is not None
        await wire.process.stdin.aclose()
        assert wire.process.stdout is not None
        assert wire.process.stderr is not None
        rest = b"".join([chunk async for chunk in wire.process.stdout])
        told = b"".join([chunk async for chunk in wire.process.stderr])
        assert rest == b""
        assert secret.encode() not in told
        assert secret not in json.dumps(answer)
