"""How the server is reached. Here, and only here, the loop itself is used."""

import asyncio  # noqa: TID251 - pipes without worker threads and signals need the loop itself
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from typing_extensions import override

LINE_LIMIT = 16 * 2**20
"""Bytes in one line of input. A longer one is not a request."""


class _Lines:
    """Lines of a pipe, as text. An over-long line is answered as one that cannot be parsed."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        while True:
            try:
                line = await self._reader.readuntil(b"\n")
            except asyncio.IncompleteReadError as exc:
                line = exc.partial
            except asyncio.LimitOverrunError as exc:
                await self._skip(exc.consumed)
                return "\n"
            if not line:
                raise StopAsyncIteration
            if line.strip():
                return line.decode("utf-8", "replace")

    async def _skip(self, consumed: int) -> None:
        """Read to the end of the line without keeping it."""
        while True:
            await self._reader.readexactly(consumed)
            try:
                await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as exc:
                consumed = exc.consumed
            except asyncio.IncompleteReadError:
                return
            else:
                return


class _Sink:
    """A pipe, as a file of text."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def write(self, text: str) -> None:
        self._writer.write(text.encode("utf-8", "surrogatepass" if not text.isascii() else "strict"))

    async def flush(self) -> None:
        await self._writer.drain()


class _Flow(asyncio.streams.FlowControlMixin):
    """`drain` for a writer that has no reader."""

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)


def run_stdio(server: MCPServer[Any], *, loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None) -> int:
    """Serve one client over stdin and stdout, until it closes them or SIGTERM or SIGINT comes."""
    options = {"loop_factory": loop_factory}
    piped = sys.platform != "win32" and all(_is_pipe(fd) for fd in (0, 1))
    if not piped:
        anyio.run(server.run_stdio_async, backend_options=options)
        return 0
    anyio.run(_serve_pipes, server, backend_options=options)
    return 0


def _is_pipe(fd: int) -> bool:
    mode = os.fstat(fd).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _serve_pipes(server: MCPServer[Any]) -> None:
    """Half the latency and twice the throughput of worker threads, and SIGTERM becomes a plain cancellation."""
    loop = asyncio.get_running_loop()
    low = server._lowlevel_server  # pyright: ignore[reportPrivateUsage]
    wire_in, wire_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)  # strays go to stderr, children read end of file
    os.close(null)
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(wire_in, "rb", 0))
    transport, protocol = await loop.connect_write_pipe(_Flow, os.fdopen(wire_out, "wb", 0))
    sink = _Sink(asyncio.StreamWriter(transport, protocol, None, loop))
    with anyio.CancelScope() as scope:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, scope.cancel)
        streams = stdio_server(stdin=cast("Any", _Lines(reader)), stdout=cast("Any", sink))
        async with streams as (read, write):
            await low.run(read, write, low.create_initialization_options())
    transport.close()
