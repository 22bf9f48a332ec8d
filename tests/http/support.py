"""A scripted network, a clock that only sleeping moves, and a real server on loopback whose bytes the test decides."""

import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import anyio.abc
import httpx2
from pydantic import BaseModel, SecretStr
from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials, HeaderKey
from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.http.policy import Dialect

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
BASE = "https://api.example.org/v1"
CANARY = "cAnArY+key/0815=="

LIST = Operation(name="list_events", method="GET", path="events/", effect=Effect.READ, summary="List events.")
VIEW = Operation(
    name="view_event",
    method="GET",
    path="events/{event}/",
    effect=Effect.READ,
    summary="One event.",
    params=(Param("event", "path", required=True),),
)
ADD = Operation(name="add_person", method="POST", path="events/{event}/people", effect=Effect.ADD, summary="Add.")
SET = Operation(
    name="set_title", method="PUT", path="events/{event}", effect=Effect.CHANGE, summary="Set.", repeatable=True
)


class Row(BaseModel):
    """A record."""

    id: int
    title: str = ""


def sentence(body: Any) -> str:
    """The scripted platform's way to word a failure."""
    return body["error"]


DIALECT = Dialect(title="Platform", sentence=sentence)


@dataclass
class Clock:
    """Stands still until somebody sleeps."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list[float])

    def monotonic(self) -> float:
        return self.at

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at - 1000.0)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await anyio.lowlevel.checkpoint()


Reply = httpx2.Response | Exception | Callable[[httpx2.Request], Awaitable[httpx2.Response]]


class Script(httpx2.AsyncBaseTransport):
    """Answers requests in order, and keeps them."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[httpx2.Request] = []
        self.bodies: list[bytes] = []

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.bodies.append(await request.aread())
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx2.Response) else await reply(request)

    @property
    def targets(self) -> list[str]:
        """Method and path with query, as they left."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


def reply(status: int = 200, body: object = None, **headers: str) -> httpx2.Response:
    """A JSON answer; bytes are sent as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, headers={"content-type": "application/json", **named}, content=content)


def page(status: int = 200) -> httpx2.Response:
    """A web page."""
    return httpx2.Response(status, headers={"content-type": "text/html"}, content=b"<html><b>Sorry</b> blocked</html>")


class HighRoll(random.Random):
    """Always the longest pause."""

    @override
    def uniform(self, a: float, b: float) -> float:
        return b


def build(
    transport: httpx2.AsyncBaseTransport | None,
    *,
    clock: Clock | None = None,
    dialect: Dialect = DIALECT,
    credentials: Credentials | None = None,
    base_url: str = BASE,
    **more: Any,
) -> ProviderClient:
    """A client whose waiting costs no time."""
    clock = clock or Clock()
    return ProviderClient(
        account="club",
        base_url=base_url,
        dialect=dialect,
        credentials=credentials or HeaderKey("Authorization", "Token", SecretStr(CANARY)),
        transport=transport,
        version="1.2.3",
        now=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        rng=HighRoll(),
        **more,
    )


def port_of(listener: anyio.abc.Listener[anyio.abc.SocketStream]) -> int:
    """Where it listens."""
    return listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - anyio's, no Django


Handler = Callable[[anyio.abc.SocketStream, int], Awaitable[None]]


@asynccontextmanager
async def loopback(handler: Handler) -> AsyncGenerator[str]:
    """A TCP server; `handler` gets each connection and its number. Yields the base URL."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = port_of(listener)
    count = 0

    async def serve(stream: anyio.abc.SocketStream) -> None:
        nonlocal count
        count += 1
        async with stream:
            try:
                await handler(stream, count)
            except (anyio.BrokenResourceError, anyio.EndOfStream, anyio.ClosedResourceError):
                return  # the client went away, as some of these tests want

    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, serve)
        yield f"http://127.0.0.1:{port}/api"
        group.cancel_scope.cancel()


async def request_from(stream: anyio.abc.SocketStream) -> bytes:
    """Read one whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += await stream.receive()
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += await stream.receive()
    return head + b"\r\n\r\n" + body


def raw(body: bytes, *, status: str = "200 OK", length: int | None = None, more: Sequence[str] = ()) -> bytes:
    """An answer as bytes; `length` may lie."""
    said = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {said}", *more)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Context:
    """A step's context."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.seconds_left = 10.0

    async def progress(self, done: float, total: float | None, message: str) -> None: ...

    async def sleep(self, seconds: float) -> None: ...
