"""The sandbox over a real socket on 127.0.0.1."""

import contextlib
import logging
import signal
import socket
import struct
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from itertools import takewhile
from types import FrameType
from typing import Any

import anyio
import uvicorn
from starlette.types import Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import HANDLED_SIGNALS

from eventdesk_server.sandbox.faultlayer import EXTENSION, Headers, send_chunks
from eventdesk_server.sandbox.world import Sandbox

Ready = Callable[[dict[str, dict[str, str]]], None]
_NO_LINGER = struct.pack("ii", 1, 0)


class _Connection:
    """One request on a socket."""

    def __init__(self, protocol: "_Protocol", receive: Receive) -> None:
        self._protocol = protocol
        self._receive = receive

    async def break_off(self, *, reset: bool) -> None:
        transport = self._protocol.transport
        if reset:
            found = transport.get_extra_info("socket")
            if found is not None:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
        await self._gone()

    async def hold(self, seconds: float | None, sleep: Callable[[float], Awaitable[None]]) -> None:
        if seconds is None:
            await self._gone()
        else:
            await sleep(seconds)

    async def stream(self, status: int, headers: Headers, chunks: Iterator[bytes], send: Send, *, cut: bool) -> None:
        transport = self._protocol.transport
        # Sending to a client that has left costs no time and never ends by itself.
        wanted = takewhile(lambda _: not transport.is_closing(), chunks)
        await send_chunks(status, headers, wanted, send, cut=cut)
        if cut:
            transport.close()
            await self._gone()

    async def _gone(self) -> None:
        """Wait until the connection is no more: the server complains of an application that returns unanswered."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _Protocol(H11Protocol):
    """HTTP/1.1 whose requests carry their connection, so that the layer of faults can break it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        inner: Callable[[Any, Any, Any], Awaitable[None]] = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[EXTENSION] = _Connection(self, receive)
            await inner(scope, receive, send)

        self.app = app  # type: ignore[assignment]


class _Server(uvicorn.Server):
    """uvicorn that says when it listens and leaves signals to its caller."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = anyio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def serving(sandbox: Sandbox, port: int = 0) -> AsyncGenerator[dict[str, dict[str, str]]]:
    """Serve the sandbox in the background; gives what an account needs for each provider.

    Raises:
        OSError: The port cannot be had.
    """
    async with _running(sandbox, port) as (connections, _):
        yield connections


async def serve(sandbox: Sandbox, port: int = 0, ready: Ready | None = None) -> None:
    """Serve the sandbox until SIGTERM, SIGINT or cancellation. `ready` is called once it listens.

    Raises:
        OSError: The port cannot be had.
    """
    async with _running(sandbox, port) as (connections, server):
        with _ended_by_signals(server):
            if ready is not None:
                ready(connections)
            await server.ended.wait()


class _Running(_Server):
    """A server whose end can be waited for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ended = anyio.Event()

    async def run_to_end(self, listener: socket.socket) -> None:
        # Shielded: cancelled in its main loop, uvicorn would leave its sockets open.
        with anyio.CancelScope(shield=True):
            try:
                await self.serve(sockets=[listener])
            finally:
                self.listening.set()
                self.ended.set()


@asynccontextmanager
async def _running(sandbox: Sandbox, port: int) -> AsyncGenerator[tuple[dict[str, dict[str, str]], _Running]]:
    # With the protocol named, asyncio sends without waiting for acknowledgements: 40 ms a request on a kept connection.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(signal, "SIGHUP"):  # POSIX; elsewhere the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    root_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    connections = sandbox.connections(root_url)
    config = uvicorn.Config(
        sandbox.app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Running(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.run_to_end, listener)
        try:
            await server.listening.wait()
            yield connections, server
        finally:
            server.should_exit = True


@contextlib.contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Generator[None]:
    """SIGTERM and SIGINT end the server in good order; what handled them before is put back."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in HANDLED_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
