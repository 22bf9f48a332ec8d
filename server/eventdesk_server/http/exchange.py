"""One request and its answer, inside every limit of time and size; no retry, no meaning."""

import logging
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import anyio
import httpx2

if TYPE_CHECKING:
    import ssl

log = logging.getLogger("eventdesk.http")


class Trouble(StrEnum):
    """Why there is no answer."""

    UNREACHED = "could not be reached"
    UNKNOWN_HOST = "could not be reached: this computer does not find the address"
    UNTRUSTED = "could not be reached safely: this computer does not trust its certificate"
    NO_TRUST_STORE = "could not be reached safely: the file that SSL_CERT_FILE or SSL_CERT_DIR names cannot be used"
    PROXY = "could not be reached: the proxy refused"
    SILENT = "did not answer in time"
    BROKEN = "broke off the connection"
    TOO_LARGE = "sent more than Eventdesk reads at once"
    GARBLED = "sent an answer that cannot be unpacked"


LASTING = frozenset({Trouble.TOO_LARGE, Trouble.GARBLED, Trouble.UNTRUSTED, Trouble.NO_TRUST_STORE, Trouble.PROXY})
"""What the same request would meet again."""


class ExchangeFailed(Exception):
    """No whole answer came. `left` says whether the request may have reached the platform, `detail` what else is known."""

    def __init__(self, trouble: Trouble, *, left: bool, cause: BaseException | None = None, detail: str = "") -> None:
        told = detail or (type(cause).__name__ if cause is not None else "")
        super().__init__(f"{trouble.value} ({told})" if told else trouble.value)
        self.trouble = trouble
        self.left = left
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request with its credentials. Its `repr` is fit for a traceback that shows local values."""

    method: str
    url: httpx2.URL = field(repr=False)
    headers: Sequence[tuple[str, str]] = field(repr=False)
    content: bytes | None = field(repr=False)

    def request(self, timeouts: Mapping[str, float | None], progress: "_Progress | None") -> httpx2.Request:
        """As the HTTP library sends it."""
        extensions: dict[str, Any] = {"timeout": timeouts}
        if progress is not None:
            extensions["trace"] = progress
        return httpx2.Request(
            self.method, self.url, headers=list(self.headers), content=self.content, extensions=extensions
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: httpx2.Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case; "" when none is told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        """Whether it is a web page and no data."""
        return self.content_type in {"text/html", "application/xhtml+xml"} or self.body[:64].lstrip()[:1] == b"<"


@cache
def trust() -> "ssl.SSLContext":
    """The system's trust store. One for all accounts: building it costs more than a request.

    Raises:
        OSError: The file that stands in for it cannot be used.
    """
    return httpx2.create_ssl_context()


def open_client(
    transport: httpx2.AsyncBaseTransport | None, *, connect: float, read: float, connections: int
) -> httpx2.AsyncClient:
    """The HTTP client of one account. `transport` stands in for the network.

    Raises:
        ExchangeFailed: There is nothing to check certificates with.
    """
    try:
        verify = True if transport is not None else trust()  # with a transport of its own nothing is verified or loaded
    except OSError as exc:  # ssl.SSLError, of a file that holds no certificate, is one
        raise ExchangeFailed(Trouble.NO_TRUST_STORE, left=False, cause=exc) from None
    return httpx2.AsyncClient(
        verify=verify,
        transport=transport,
        timeout=httpx2.Timeout(connect=connect, read=read, write=read, pool=connect),
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=5.0),
        follow_redirects=False,
    )


class _Progress:
    """Learns from the transport when the first byte of a request leaves."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = False

    async def __call__(self, event: str, _info: Any) -> None:
        if event.endswith(".send_request_headers.started"):
            self.left = True


async def exchange(
    client: httpx2.AsyncClient,
    outgoing: Outgoing,
    *,
    seconds: float,
    max_bytes: int,
    traced: bool,
) -> Answer:
    """Send one request and read its answer whole.

    Raises:
        ExchangeFailed: No whole answer came within `seconds` and `max_bytes`.
    """
    progress = _Progress()
    timeouts = client.timeout.as_dict()
    # httpcore2 2.16.2 closes the socket of a TLS handshake that times out, but not of one that is cancelled (seen
    # running): so the handshake times out before the total limit cancels it. Drop this when a cancelled one is closed.
    timeouts["connect"] = min(timeouts["connect"] or seconds, seconds * 0.9)
    failed: ExchangeFailed | None = None
    try:
        with anyio.move_on_after(seconds):
            response = await client.send(outgoing.request(timeouts, progress if traced else None), stream=True)
            try:
                return Answer(response.status_code, response.headers, await _drain(response, max_bytes))
            finally:
                await response.aclose()
    except httpx2.TransportError as exc:
        failed = _failed(exc)
    except httpx2.DecodingError as exc:
        failed = ExchangeFailed(Trouble.GARBLED, left=True, cause=exc)
    if failed is not None:
        raise failed  # outside of the handlers: what was caught holds the request, and with it the key
    # A transport that tells nothing of its progress may have sent it.
    left = progress.left or not traced
    raise ExchangeFailed(Trouble.SILENT if left else Trouble.UNREACHED, left=left)


def _failed(exc: httpx2.TransportError) -> ExchangeFailed:
    if isinstance(exc, httpx2.ProxyError):
        return ExchangeFailed(Trouble.PROXY, left=False, cause=exc)
    if isinstance(exc, httpx2.ConnectError):
        return _unreached(exc)
    if isinstance(exc, (httpx2.ConnectTimeout, httpx2.PoolTimeout)):
        return ExchangeFailed(Trouble.UNREACHED, left=False, cause=exc)
    trouble = Trouble.SILENT if isinstance(exc, httpx2.TimeoutException) else Trouble.BROKEN
    return ExchangeFailed(trouble, left=True, cause=exc)


def _unreached(exc: httpx2.ConnectError) -> ExchangeFailed:
    """No connection: what the system says of it is below what the HTTP library raises."""
    import ssl  # noqa: PLC0415 - a start without a connection stays quick

    for cause in _causes(exc):
        if isinstance(cause, socket.gaierror):
            return ExchangeFailed(Trouble.UNKNOWN_HOST, left=False, cause=exc)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ExchangeFailed(Trouble.UNTRUSTED, left=False, cause=exc, detail=cause.verify_message)
    return ExchangeFailed(Trouble.UNREACHED, left=False, cause=exc)


def _causes(exc: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = exc
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


async def _drain(response: httpx2.Response, max_bytes: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise ExchangeFailed(Trouble.TOO_LARGE, left=True)
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise ExchangeFailed(Trouble.TOO_LARGE, left=True)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def same_place(url: httpx2.URL, answer: Answer) -> httpx2.URL | None:
    """Where an answer redirects to, if that is at the same scheme, host and port."""
    location = answer.headers.get("location")
    if answer.status not in {301, 302, 303, 307, 308} or not location:
        return None
    try:
        onward = url.join(location)
    except httpx2.InvalidURL:
        return None
    same = (onward.scheme, onward.host, onward.port) == (url.scheme, url.host, url.port)
    return onward if same and not onward.userinfo else None
