"""The sandbox without a socket: an HTTP transport that hands requests to its application in this process."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import anyio
import anyio.lowlevel
import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from eventdesk_server.sandbox.faultlayer import EXTENSION, ConnectionBroken, Headers

ROOT_URL = "http://sandbox.localhost"
"""Where the sandbox lives in process. The name resolves to nothing but this machine, should a request ever get out."""


class _PatienceEnded(Exception):
    """The client's read timeout passed."""


class _Streamed(Exception):
    """An answer that is made while it is read."""

    def __init__(self, status: int, headers: Headers, chunks: Iterator[bytes], *, cut: bool) -> None:
        super().__init__("a streamed answer")
        self.status = status
        self.headers = headers
        self.chunks = chunks
        self.cut = cut


class _Connection:
    """One request in process. What the client would notice of a socket becomes an exception on the way out."""

    def __init__(self, patience: float | None) -> None:
        self._left = patience

    async def break_off(self, *, reset: bool) -> None:
        raise ConnectionBroken(reset=reset)

    async def hold(self, seconds: float | None, sleep: Callable[[float], Awaitable[None]]) -> None:
        if self._left is not None and (seconds is None or seconds >= self._left):
            await sleep(self._left)
            raise _PatienceEnded
        if seconds is None:
            await anyio.sleep_forever()
            return
        await sleep(seconds)
        if self._left is not None:
            self._left -= seconds

    async def stream(self, status: int, headers: Headers, chunks: Iterator[bytes], send: Send, *, cut: bool) -> None:  # noqa: ARG002  # the protocol's shape
        raise _Streamed(status, headers, chunks, cut=cut)


class _Stream(httpx2.AsyncByteStream):
    """A body made while it is read; with `cut` it ends as a broken connection does."""

    def __init__(self, chunks: Iterator[bytes], *, cut: bool) -> None:
        self._chunks = chunks
        self._cut = cut

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            await anyio.lowlevel.checkpoint()
            yield chunk
        if self._cut:
            raise httpx2.RemoteProtocolError("peer closed connection without sending complete message body")


class SandboxTransport(httpx2.AsyncBaseTransport):
    """Carries requests for one root URL to the sandbox's application; any other host cannot be reached.

    A client meets the same exceptions as over a socket. Waiting counts against its read timeout, and what a fault put
    off is carried out even when the client has left by then.
    """

    def __init__(self, app: ASGIApp, root_url: str = ROOT_URL) -> None:
        self._app = app
        self._root = httpx2.URL(root_url)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        if (url.scheme, url.host, url.port) != (self._root.scheme, self._root.host, self._root.port):
            raise httpx2.ConnectError("the sandbox answers for its own address only", request=request)
        await anyio.lowlevel.checkpoint()
        connection = _Connection(request.extensions.get("timeout", {}).get("read"))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[EXTENSION] = connection
            await self._app(scope, receive, send)

        try:
            return await httpx2.ASGITransport(app=app).handle_async_request(request)
        except _PatienceEnded:
            raise httpx2.ReadTimeout("the sandbox did not answer in time", request=request) from None
        except ConnectionBroken as broken:
            if broken.reset:
                raise httpx2.ReadError("connection reset by the sandbox", request=request) from None
            message = "Server disconnected without sending a response."
            raise httpx2.RemoteProtocolError(message, request=request) from None
        except _Streamed as answer:
            stream = _Stream(answer.chunks, cut=answer.cut)
            return httpx2.Response(answer.status, headers=answer.headers, stream=stream, request=request)
