"""A chat app as Eventdesk meets one: a server process it started, an MCP client on its pipes, and a person."""

import json
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client._transport import TransportStreams
from mcp.shared.exceptions import MCPError
from mcp.shared.message import SessionMessage
from mcp.types import ElicitRequestParams, ElicitResult, RequestParamsMeta, TextContent, jsonrpc_message_adapter

from bench.faults.zygote import Zygote
from eventdesk_server.binding import HOST_KEY

YES = ElicitResult(action="accept", content={"ok": True})
NOES: Mapping[str, ElicitResult] = {
    "decline": ElicitResult(action="decline"),
    "cancel": ElicitResult(action="cancel"),
    "empty accept": ElicitResult(action="accept"),
    "accepted no": ElicitResult(action="accept", content={"ok": False}),
}
LOOK_EVERY = 5.0
QUIET_LOOKS = 8
"""So many looks in a row at which a server that owes something has used no processor time: it hangs. One that only waits for
its turn on a busy computer uses some."""
MOST_WORK = 60.0
"""Seconds of processor time after which a server that owes something hangs too: it runs in circles."""


class Process:
    """One forked process and this end of its pipes."""

    def __init__(self, zygote: Zygote, order: Mapping[str, Any], errors: Path) -> None:
        self._zygote = zygote
        theirs_in, self.wire_out = os.pipe()
        self.wire_in, theirs_out = os.pipe()
        with errors.open("ab") as err:
            self.pid = zygote.spawn(order, (theirs_in, theirs_out, err.fileno()))
        os.close(theirs_in)
        os.close(theirs_out)
        os.set_blocking(self.wire_in, False)
        os.set_blocking(self.wire_out, False)
        self.ended = anyio.Event()
        self.code: int | None = None

    def signal(self, number: signal.Signals) -> None:
        """Not reaped yet, so that the id is still its own."""
        if self.code is None:
            os.kill(self.pid, number)

    def close_input(self) -> None:
        if self.wire_out >= 0:
            os.close(self.wire_out)
            self.wire_out = -1

    def close_output(self) -> None:
        if self.wire_in >= 0:
            anyio.notify_closing(self.wire_in)
            os.close(self.wire_in)
            self.wire_in = -1

    async def read(self) -> bytes:
        """What it writes next; nothing at its end."""
        while self.wire_in >= 0:
            try:
                return os.read(self.wire_in, 65_536)
            except BlockingIOError:
                with suppress(anyio.ClosedResourceError):
                    await anyio.wait_readable(self.wire_in)
        return b""

    async def write(self, data: bytes) -> None:
        """Raises OSError when it reads no more."""
        while data:
            if self.wire_out < 0:
                raise BrokenPipeError
            try:
                data = data[os.write(self.wire_out, data) :]
            except BlockingIOError:
                await anyio.wait_writable(self.wire_out)

    async def finish(self) -> int:
        """Close its input, wait for its end, and answer its exit code.

        Raises:
            TimeoutError: It did not end, and was killed.
        """
        self.close_input()
        stuck = False
        if self.code is None:
            try:
                async with patience(self.pid):
                    while _alive(self.pid):  # noqa: ASYNC110 - another process's end is no event of this loop
                        await anyio.sleep(0.005)
            except TimeoutError:
                stuck = True
                self.signal(signal.SIGKILL)
            self.code = self._zygote.reap(self.pid)
        self.close_output()
        if stuck:
            raise TimeoutError
        return self.code


def _stat(pid: int) -> list[str]:
    """What the system tells of a process, from its state on; nothing of one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _alive(pid: int) -> bool:
    """Whether a process that nobody has reaped still runs."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _worked(pid: int) -> float:
    """The processor time that a process has used, in seconds."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def patience(pid: int) -> AsyncGenerator[None]:
    """A block in which a process owes something.

    Raises:
        TimeoutError: It hangs, however busy the computer is.
    """

    scope = anyio.CancelScope()

    async def watch() -> None:
        first = last = _worked(pid)
        quiet = 0
        while quiet < QUIET_LOOKS and last - first < MOST_WORK:
            await anyio.sleep(LOOK_EVERY)
            now = _worked(pid)
            quiet, last = (quiet + 1 if now == last else 0), now
        scope.cancel()

    async with anyio.create_task_group() as watching:
        watching.start_soon(watch)
        with scope:
            yield
        watching.cancel_scope.cancel()
    if scope.cancelled_caught:
        raise TimeoutError


class _Pipes:
    """A process's pipes as an MCP client's transport."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._connected = self._connect()

    @asynccontextmanager
    async def _connect(self) -> AsyncGenerator[TransportStreams]:
        arrived, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outgoing, leaving = anyio.create_memory_object_stream[SessionMessage](0)

        async def read() -> None:
            rest = b""
            async with arrived:
                with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                    while data := await self._process.read():
                        *lines, rest = (rest + data).split(b"\n")
                        for line in lines:
                            await arrived.send(
                                SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
                            )

        async def write() -> None:
            async with leaving:
                async for message in leaving:
                    line = message.message.model_dump_json(by_alias=True, exclude_unset=True) + "\n"
                    with suppress(OSError):  # the end of its output says so
                        await self._process.write(line.encode())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            tasks.start_soon(write)
            try:
                yield incoming, outgoing
            finally:
                tasks.cancel_scope.cancel()
                incoming.close()
                outgoing.close()

    async def __aenter__(self) -> TransportStreams:
        return await self._connected.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return await self._connected.__aexit__(kind, error, traceback)


@dataclass(slots=True)
class Person:
    """Says what `replies` hold, one a question, then yes."""

    replies: list[ElicitResult] = field(default_factory=list[ElicitResult])
    asked: int = 0

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002 - the callback's shape
        self.asked += 1
        return self.replies.pop(0) if self.replies else YES


@dataclass(frozen=True, slots=True)
class Host:
    """A connected client."""

    process: Process
    client: Client
    key: str = ""
    """The host's own key, given with every call."""

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        """A tool's answer; None when the connection ended before one came.

        Raises:
            TimeoutError: Neither an answer nor an end came.
        """
        named: Any = {HOST_KEY: self.key} if self.key else None
        meta: RequestParamsMeta | None = named
        async with patience(self.process.pid):
            try:
                result = await self.client.call_tool(tool, dict(arguments), meta=meta)
            except (MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError):
                return None
        (block,) = result.content
        if not isinstance(block, TextContent):
            raise TypeError("an answer that is no text")
        return json.loads(block.text)


@asynccontextmanager
async def hosting(process: Process, era: str, person: Person | None, key: str = "") -> AsyncGenerator[Host]:
    """Connect a client of an era; without a person it cannot ask. `key` goes with every call."""
    client = Client(
        _Pipes(process), mode="legacy" if era == "2025" else "auto", elicitation_callback=person, cache=None
    )
    async with client:
        yield Host(process, client, key)


def environment(folder: Path) -> dict[str, str]:
    """What a command needs to find the journal of a run."""
    return {"EVENTDESK_STATE_FOLDER": str(folder), "EVENTDESK_CONFIG": os.devnull}


async def command(zygote: Zygote, folder: Path, arguments: Sequence[str]) -> str:
    """What a command of the command line prints."""
    order = {"what": "command", "arguments": list(arguments), "environment": environment(folder)}
    process = Process(zygote, order, folder / "stderr.txt")
    text = b""
    while data := await process.read():
        text += data
    await process.finish()
    return text.decode()
