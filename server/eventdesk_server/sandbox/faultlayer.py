"""Carries faults out: an ASGI layer around all stand-ins.

What only the carrier can do (break a connection, leave it open until the client goes) it asks of the `Connection` that
the carrier put into the scope: a socket's (`serve.py`) or the in-process transport's (`inprocess.py`).
"""

import html
import inspect
import json
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any, Protocol, cast

import anyio
import anyio.lowlevel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eventdesk_server.sandbox.faults import Answer, Fault, Faults, Seen

EXTENSION = "eventdesk.sandbox.connection"
"""The key below `extensions` of an ASGI scope that holds the request's `Connection`."""

Headers = list[tuple[bytes, bytes]]
_CHUNK = 65_536
_JSON = (b"content-type", b"application/json")


class ConnectionBroken(Exception):
    """The connection ended without an answer. Only carriers that have no socket let it out."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__("the sandbox broke the connection")
        self.reset = reset


class Connection(Protocol):
    """What carries one request, as far as faults need it."""

    async def break_off(self, *, reset: bool) -> None:
        """End the connection without another byte."""
        ...

    async def hold(self, seconds: float | None, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Keep the client waiting so long; None: until it leaves."""
        ...

    async def stream(self, status: int, headers: Headers, chunks: Iterator[bytes], send: Send, *, cut: bool) -> None:
        """Answer piece by piece. With `cut` the connection breaks after the last piece."""
        ...


class _Unknown:
    """A carrier that offers nothing: a break is an exception."""

    async def break_off(self, *, reset: bool) -> None:
        raise ConnectionBroken(reset=reset)

    async def hold(self, seconds: float | None, sleep: Callable[[float], Awaitable[None]]) -> None:
        await (anyio.sleep_forever() if seconds is None else sleep(seconds))

    async def stream(self, status: int, headers: Headers, chunks: Iterator[bytes], send: Send, *, cut: bool) -> None:
        await send_chunks(status, headers, chunks, send, cut=cut)
        if cut:
            raise ConnectionBroken


async def send_chunks(status: int, headers: Headers, chunks: Iterator[bytes], send: Send, *, cut: bool) -> None:
    """Send an answer piece by piece; with `cut` it stays open."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await anyio.lowlevel.checkpoint()
    if not cut:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class FaultLayer:
    """The layer: looks at each request below a provider's mount point, and lets the fault that strikes it happen."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._faults.run_due()
        if not self._faults.active:
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        seen = _seen(scope, body)
        fault = self._faults.take(seen)
        if fault is None:
            await self._app(scope, _replay(body, receive), send)
            return
        await self._prelude(fault, seen, scope)
        await self._strike(fault, scope, body, receive, send)

    async def _prelude(self, fault: Fault, seen: Seen, scope: Scope) -> None:
        """What somebody else does just before."""
        if fault.look_alike is not None:
            made = fault.look_alike(seen)
            if inspect.isawaitable(made):
                await made
        if fault.twin is not None:
            await self._collect(scope, _changed(seen.body, fault.twin))

    async def _strike(self, fault: Fault, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        connection: Connection = scope.get("extensions", {}).get(EXTENSION) or _Unknown()
        match fault.kind:
            case "none":
                await self._app(scope, _replay(body, receive), send)
            case "delay" | "late_commit":
                late = self._faults.later(fault.seconds, lambda: self._collect(scope, body))
                await connection.hold(fault.seconds, self._faults.sleep)
                answer = await self._faults.finish(late)
                if fault.kind == "late_commit":
                    await connection.hold(None, self._faults.sleep)
                else:
                    await _send(answer, send)
            case "black_hole":
                await connection.hold(None, self._faults.sleep)
            case "drop_before" | "drop_after":
                if fault.kind == "drop_after":
                    await self._collect(scope, body)
                await connection.break_off(reset=fault.reset)
            case "status" | "html" | "redirect" | "huge":
                if fault.commit:
                    await self._collect(scope, body)
                if fault.kind == "huge":
                    headers: Headers = [_JSON, *_own_headers(fault)]
                    await connection.stream(fault.answer_code, headers, _huge(fault.size), send, cut=False)
                else:
                    await _send(_made_up(fault), send)
            case "truncated":
                answer = await self._collect(scope, body)
                half = answer.body[: len(answer.body) // 2]
                headers = [*_without_length(answer.headers), _length(max(len(answer.body), 1))]
                await connection.stream(answer.status, headers, iter([half] if half else []), send, cut=True)
            case "malformed" | "wrong_shape" | "invalid_utf8":
                await _send(_altered(fault, await self._collect(scope, body)), send)

    async def _collect(self, scope: Scope, body: bytes) -> Answer:
        """Carry the request out and keep the answer."""
        answer = Answer()
        parts: list[bytes] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = list(message.get("headers", []))
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self._app(dict(scope), _replay(body, _silence), send)
        answer.body = b"".join(parts)
        return answer


async def _silence() -> Message:
    """The `receive` of a request whose client is not looked at any more."""
    await anyio.sleep_forever()
    raise AssertionError("unreachable")


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when the client left before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, rest: Receive) -> Receive:
    """A `receive` that gives a body already read, then what comes after."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return await rest()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _seen(scope: Scope, body: bytes) -> Seen:
    provider, _, path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").partition("/")
    return Seen(
        provider=provider,
        method=scope["method"],
        path=f"/{path}",
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
    )


def _changed(body: bytes, changes: dict[str, Any]) -> bytes:
    """A JSON object with some keys changed; any other body as it is."""
    if not changes:
        return body
    try:
        data = json.loads(body)
    except ValueError:
        return body
    return json.dumps({**cast("dict[str, Any]", data), **changes}).encode() if isinstance(data, dict) else body


async def _send(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size).encode()


def _without_length(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != b"content-length"]


def _own_headers(fault: Fault) -> Headers:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers.items()]
    if fault.retry_after is not None:
        headers.append((b"retry-after", str(fault.retry_after).encode("latin-1")))
    return headers


def _made_up(fault: Fault) -> Answer:
    """An answer that some machine in between gives in the platform's place."""
    code = fault.answer_code
    try:
        phrase = HTTPStatus(code).phrase
    except ValueError:
        phrase = "Unknown"
    content_type = b"text/plain; charset=utf-8"
    if fault.kind == "redirect":
        body = b""
    elif fault.kind == "html":
        title = html.escape(f"{code} {phrase}")
        body = (
            f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
            f"<body><center><h1>{title}</h1></center><hr><center>gateway</center></body></html>\n"
        ).encode()
        content_type = b"text/html; charset=utf-8"
    elif fault.body is None or isinstance(fault.body, str):
        body = (phrase if fault.body is None else fault.body).encode("utf-8", "surrogatepass")
    else:
        body = json.dumps(fault.body).encode()
        content_type = b"application/json"
    own = _own_headers(fault)
    headers: Headers = [] if any(name == b"content-type" for name, _ in own) else [(b"content-type", content_type)]
    if fault.kind == "redirect" and fault.location is not None:
        headers.append((b"location", fault.location.encode("utf-8")))
    if code in (204, 304):
        body = b""
    else:
        headers.append(_length(len(body)))
    return Answer(code, headers + own, body)


def _huge(size: int) -> Iterator[bytes]:
    """A JSON list of texts that is `size` bytes long, a piece at a time."""
    left = size - 1
    yield b"["
    while left > _CHUNK + 8:
        yield b'"' + b"x" * (_CHUNK - 3) + b'",'
        left -= _CHUNK
    # What is left: one text with its quotes and the bracket, or blanks where not even that fits.
    yield b'"' + b"x" * (left - 3) + b'"]' if left >= 3 else b" " * (left - 1) + b"]"


def _altered(fault: Fault, answer: Answer) -> Answer:
    """The platform's answer, damaged."""
    headers = _without_length(answer.headers)
    if fault.kind == "malformed":
        body = answer.body[:-1] + b",}"
    elif fault.kind == "invalid_utf8":
        start, quote, rest = answer.body.partition(b'"')
        body = start + quote + b"\xff\xfe\xc3" + rest
    else:
        body = json.dumps(_reshaped(answer.body, fault), ensure_ascii=False).encode("utf-8", "surrogatepass")
        headers = [header for header in headers if header[0].lower() != b"content-type"] + [_JSON]
    return Answer(answer.status, [*headers, _length(len(body))], body)


def _reshaped(body: bytes, fault: Fault) -> Any:
    try:
        data: Any = json.loads(body)
    except ValueError:
        data = body.decode("utf-8", "replace")
    match fault.shape:
        case "wrapped":
            return [data] if not isinstance(data, list) else {"wrapped": cast("list[Any]", data)}
        case "renamed":
            return _walk(data, rename=True)
        case "retyped":
            return _walk(data, rename=False)
        case "null":
            return None
        case "empty":
            return {}


def _walk(data: Any, *, rename: bool) -> Any:
    if isinstance(data, dict):
        items = cast("dict[str, Any]", data)
        return {f"{key}_v9" if rename else key: _walk(value, rename=rename) for key, value in items.items()}
    if isinstance(data, list):
        return [_walk(value, rename=rename) for value in cast("list[Any]", data)]
    if rename:
        return data
    match data:
        case str():
            return len(data)
        case bool() | None:
            return [data]
        case _:
            return f"<{data}>"
