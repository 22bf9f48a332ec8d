"""From ASGI to handlers: the path, the body, the token, the rate, the transaction around each request."""

from collections import deque
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from eventdesk_server.sandbox.eventtia.answers import Refusal, refuse
from eventdesk_server.sandbox.eventtia.books import Books
from eventdesk_server.sandbox.eventtia.calls import Call, Endpoint, Upload
from eventdesk_server.sandbox.eventtia.logins import UNAUTHORISED, holder
from eventdesk_server.sandbox.eventtia.values import plain_text, read_json

_LOCALES: Final = ("en", "es", "fr")
_PREFIX: Final = ["api", "v3"]
_PER_MINUTE: Final = 100
"""Stated in the vendor's notes on its own client; no header is documented."""
_OPEN: Final = ("auth", "m2m-auth")
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


class Gate:
    """The ASGI application below the mount point."""

    def __init__(self, books: Books, endpoints: Sequence[Endpoint]) -> None:
        self._books = books
        self._endpoints = endpoints
        self._recent: dict[str, deque[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
            form = await _form(request)
            response = self._respond(request, body, form)
        except Refusal as refusal:
            response = refuse(refusal, self._books.switch("message_shape"))
        if request.method == "HEAD":
            response = Response(b"", response.status_code, dict(response.headers))
        await response(scope, receive, send)

    def _respond(self, request: Request, body: bytes, form: dict[str, str | Upload]) -> Response:
        """The answer, with what the request changed committed, or nothing changed at all."""
        endpoint, call = self._routed(request)
        self._books.store.begin()
        done = False
        try:
            self._admit(request.headers.get("authorization"), endpoint, call)
            call.form = form
            if endpoint.method != "GET":
                call.sent = _sent(request.headers, body, form)
            response = endpoint.handler(self._books, call)
            done = True
            return response
        finally:
            if done:
                self._books.store.commit()
            else:
                self._books.store.rollback()

    def _routed(self, request: Request) -> tuple[Endpoint, Call]:
        scope = request.scope
        root = str(scope.get("root_path", ""))
        path = str(scope["path"]).removeprefix(root)
        try:
            plain_text(path)
            text = scope["query_string"].decode("latin-1")
            query = [(plain_text(k), plain_text(v)) for k, v in parse_qsl(text, keep_blank_values=True)]
        except ValueError as cause:
            raise Refusal(400, "Bad Request") from cause
        segments = path.split("/")[1:]
        if segments[:1] and segments[0] in _LOCALES:
            segments = segments[1:]
        method = "GET" if request.method == "HEAD" else request.method
        if segments[:2] == _PREFIX:
            rest = segments[2:]
            # The reference's links of the list of events carry a slash before the question mark, no others do.
            rest = rest[:1] if rest == ["events", ""] and method == "GET" else rest
            for endpoint in self._endpoints:
                parts = endpoint.match(rest) if endpoint.method == method else None
                if parts is not None:
                    host = request.headers.get("host", "localhost")
                    return endpoint, Call(f"{scope.get('scheme', 'http')}://{host}{root}{path}", query, parts)
        raise Refusal(404, "Not Found")

    def _admit(self, header: str | None, endpoint: Endpoint, call: Call) -> None:
        """Count the request and find out who asks.

        Raises:
            Refusal: 401 or 429.
        """
        self._count(header or "")
        if endpoint.path in _OPEN:
            return
        try:
            call.user = holder(self._books, header)
        except Refusal:
            # Committed by itself: a refused token stays refused although the request's own changes are undone.
            self._books.store.commit()
            self._books.store.begin()
            if not (endpoint.public and self._books.switch("stale_token_is_public", False)):
                raise
        if call.user is None and not endpoint.public:
            raise Refusal(401, UNAUTHORISED)

    def _count(self, who: str) -> None:
        if not self._books.world.limits:
            return
        now = self._books.world.clock.now().timestamp()
        recent = self._recent.setdefault(who, deque())
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if len(recent) >= _PER_MINUTE:
            after = self._books.switch("retry_after")
            raise Refusal(429, "Too Many Requests", {"Retry-After": str(after)} if after is not None else None)
        recent.append(now)


def _sent(headers: Headers, body: bytes, form: dict[str, str | Upload]) -> Any:
    """The body's parameters. As in any Rails application, JSON that is not declared as such is not read."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _FORMS:
        return {name: value for name, value in form.items() if isinstance(value, str)}
    if kind != "application/json" or not body.strip():
        return None
    try:
        return read_json(body)
    except ValueError as cause:
        raise Refusal(400, "There was a problem in the JSON you submitted.") from cause


async def _form(request: Request) -> dict[str, str | Upload]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS or request.method in {"GET", "HEAD"}:
        return {}
    found: dict[str, str | Upload] = {}
    try:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    upload = Upload(plain_text(value.filename or ""), value.content_type or "", value.size or 0)
                    found[plain_text(name)] = upload
                else:
                    found[plain_text(name)] = plain_text(value)
    except (HTTPException, ValueError, KeyError) as cause:
        raise Refusal(400, "Bad Request") from cause
    return found
