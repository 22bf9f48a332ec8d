"""The client of one account at one provider: limits, retries, errors and redaction, in one place."""

import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

import anyio
import httpx2
from pydantic import SecretBytes, SecretStr, TypeAdapter
from typing_extensions import override

from eventdesk_server.http.answers import WrongShape, adapter_of, parse
from eventdesk_server.http.base_url import checked_base_url
from eventdesk_server.http.building import (
    FilePart,
    Later,
    PreparedWrite,
    Query,
    content_of,
    path_of,
    prepare_write,
    target_of,
)
from eventdesk_server.http.credentials import Credentials, Grant
from eventdesk_server.http.errors import Voice
from eventdesk_server.http.exchange import (
    LASTING,
    Answer,
    ExchangeFailed,
    Outgoing,
    exchange,
    log,
    open_client,
    same_place,
)
from eventdesk_server.http.limits import RateLimiter
from eventdesk_server.http.operations import Effect, Operation
from eventdesk_server.http.policy import Dialect
from eventdesk_server.http.redaction import redacted
from eventdesk_tools.errors import ProviderError, ProviderUnavailable, RateLimited
from eventdesk_tools.models import Json
from eventdesk_tools.plans import Found, Step, StepContext

__all__ = ["FilePart", "Later", "PreparedWrite", "ProviderClient", "Query"]

T = TypeVar("T")

_ATTEMPTS = 3
_REDIRECTS = 3
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_UNTOLD_WAIT = 30.0
_CONNECT = 5.0
_LOG_IN = Operation(name="log_in", method="POST", path="", effect=Effect.READ, summary="Log in.", withheld="log-in")
_ANY: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class _Call:
    """One request as it is known before its credentials are."""

    method: str
    operation: Operation
    path: str
    pairs: tuple[tuple[str, str | Later], ...] = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    content_type: str
    reading: bool
    deadline: float
    anonymous: bool = False


class ProviderClient:
    """See the module. Nothing is connected and no key is read before the first request."""

    def __init__(
        self,
        *,
        account: str,
        base_url: str,
        dialect: Dialect,
        credentials: Credentials | Callable[[], Credentials],
        transport: httpx2.AsyncBaseTransport | Callable[[], httpx2.AsyncBaseTransport | None] | None = None,
        version: str = "",
        user_agent: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = anyio.current_time,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        rng: random.Random | None = None,
        total_seconds: float = 20.0,
        max_bytes: int = 10_000_000,
    ) -> None:
        """Raises ValueError for a base URL to which no key may be sent."""
        self._base = checked_base_url(base_url)
        self._dialect = dialect
        self._make_credentials = credentials
        self._credentials: Credentials | None = None
        self._transport = transport
        self.monotonic = monotonic
        """The seconds that pass, as everything of this account counts them."""
        self._sleep = sleep
        self._rng = rng or random.Random()
        self._total = total_seconds
        self._max_bytes = max_bytes
        self._voice = Voice(account, dialect, self._secrets, now)
        self.limiter = RateLimiter(dialect.limits, monotonic)
        self._slots: anyio.Semaphore | None = None
        self._client: httpx2.AsyncClient | None = None
        self._traced = False
        agent = user_agent or f"Eventdesk/{version or '0'} (+MCP server)"
        own = {"Accept": dialect.accept, "User-Agent": agent, "Accept-Encoding": "gzip, deflate", **dialect.headers}
        self._content_type = own.pop("Content-Type", "application/json")
        self._headers = tuple(own.items())

    @override
    def __repr__(self) -> str:
        return f"<ProviderClient {self.who} at {self._base}>"

    @property
    def who(self) -> str:
        """The platform and the account, as messages name them."""
        return self._voice.who

    async def aclose(self) -> None:
        """Give back connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def read(
        self,
        operation: Operation,
        answer: type[T] | TypeAdapter[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Query | None = None,
        body: Json = None,
    ) -> T:
        """Send a reading operation and parse the answer as `answer` (a type or TypeAdapter).

        Raises:
            ProviderError: The platform refused, failed, or answered something else.
            UnknownRef: A path value is not an id; nothing was sent.
        """
        if operation.effect is not Effect.READ:
            raise ValueError(f"{operation.name} is no reading operation")
        prepared = prepare_write(operation, path, query, body)
        return await self._answered(self._call_of(prepared, {}, reading=True), adapter_of(answer))

    def prepare(
        self,
        operation: Operation,
        *,
        path: Mapping[str, str | Later] | None = None,
        query: Query | None = None,
        body: Json = None,
        files: Mapping[str, FilePart] | None = None,
    ) -> PreparedWrite:
        """Fix a write's request, without sending it. With `files` its body is a form of several parts.

        Raises:
            UnknownRef: A path value is not an id.
            InvalidArguments: A text cannot be sent.
        """
        return prepare_write(operation, path, query, body, files)

    async def send(
        self, prepared: PreparedWrite, answer: type[T] | TypeAdapter[T], values: Mapping[str, str] | None = None
    ) -> T:
        """Send a prepared write once and parse the answer.

        It is repeated only when it certainly did not happen: no connection, or turned away with 429 or 401.

        Raises:
            OutcomeUnknown: It may have happened.
            ProviderError: It did not happen.
        """
        if prepared.operation.effect is Effect.READ:
            raise ValueError(f"{prepared.operation.name} is a reading operation")
        return await self._answered(self._call_of(prepared, values or {}, reading=False), adapter_of(answer))

    def without_secrets(self, value: Json) -> Json:
        """A decoded answer without this account's keys, wherever the platform repeats them."""
        return redacted(value, self._secrets())

    def step(
        self,
        name: str,
        prepared: PreparedWrite,
        answer: type[T] | TypeAdapter[T],
        keep: Callable[[T], Mapping[str, str]],
        *,
        find: Callable[[Mapping[str, str]], Awaitable[tuple[Found, ...]]] | None = None,
        optional: bool = False,
    ) -> Step:
        """A plan's step that sends `prepared` and keeps what `keep` takes from the answer."""

        async def send(context: StepContext) -> Mapping[str, str]:
            return keep(await self.send(prepared, answer, context.values))

        return Step(
            name=name,
            request=prepared.planned,
            send=send,
            find=find,
            repeatable=prepared.operation.repeatable,
            optional=optional,
        )

    def _call_of(self, prepared: PreparedWrite, values: Mapping[str, str], *, reading: bool) -> _Call:
        operation = prepared.operation
        return _Call(
            method=operation.method,
            operation=operation,
            path=path_of(operation, prepared.path, values),
            pairs=prepared.query,
            values=values,
            content=content_of(prepared.content, values),
            content_type=prepared.content_type or self._content_type,
            reading=reading,
            deadline=self._deadline(),
        )

    def _deadline(self) -> float:
        """On our own clock: the total limit, or a moment before the caller's deadline, so that the reason gets out."""
        left = max(anyio.current_effective_deadline() - anyio.current_time(), 0.0)
        return self.monotonic() + min(self._total, left - min(0.2, left * 0.05) if left < self._total else left)

    def _left(self, call: _Call) -> float:
        return call.deadline - self.monotonic()

    async def _answered(self, call: _Call, adapter: TypeAdapter[T]) -> T:
        answer = await self._accepted(call)
        try:
            parsed, success = parse(answer, adapter, None if call.anonymous else self._dialect.succeeded)
        except WrongShape as exc:
            raise self._voice.of_shape(str(exc), call.operation.name, reading=call.reading) from None
        if not success:
            raise self._voice.failed_inside(answer)
        return parsed

    async def _accepted(self, call: _Call) -> Answer:
        """The 2xx answer, after as many attempts as are safe and fit into the time."""
        attempt = 1
        renewed = False
        while True:
            grant = Grant() if call.anonymous else await self._grant(call)
            pause = self._rng.uniform(0.0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1)))
            cause: ExchangeFailed | None = None
            try:
                answer = await self._attempt(call, grant, attempt)
            except ExchangeFailed as exc:
                cause = exc
                failure = self._voice.of_failure(exc, reading=call.reading)
                again = exc.trouble not in LASTING and (not exc.left or call.reading)
            else:
                if 200 <= answer.status < 300:
                    return answer
                if answer.status == 401 and not renewed and self._may_renew(call, grant):
                    renewed = True
                    continue
                failure = self._voice.of_answer(answer, reading=call.reading)
                again = self._may_repeat(call, answer, failure)
                pause = max(pause, self._told_wait(call, answer, failure))
            if not again or attempt == _ATTEMPTS or pause >= self._left(call):
                raise failure from cause
            attempt += 1
            await self._sleep(pause)

    def _may_renew(self, call: _Call, grant: Grant) -> bool:
        return not call.anonymous and self._credentials is not None and self._credentials.refused(grant)

    def _may_repeat(self, call: _Call, answer: Answer, failure: ProviderError) -> bool:
        """Whether one more request can help: what was turned away, and reads of a platform that failed."""
        if answer.status == 429:
            return isinstance(failure, RateLimited)
        return call.reading and answer.status >= 500 and isinstance(failure, ProviderUnavailable)

    def _told_wait(self, call: _Call, answer: Answer, failure: ProviderError) -> float:
        told = self._voice.told_wait(answer)
        if answer.status == 429:
            told = self.limiter.refused(call.method, told)
        if isinstance(failure, RateLimited):
            failure.retry_after = round(max(told or _UNTOLD_WAIT, 0.1), 1)
        return told or 0.0

    async def _grant(self, call: _Call) -> Grant:
        if self._credentials is None:
            made = self._make_credentials
            self._credentials = made() if callable(made) else made

        async def log_in(path: str, content: SecretBytes, /) -> object:
            # A log-in adds nothing at the platform, so it is repeated like a read.
            login = _Call(
                method="POST",
                operation=replace(_LOG_IN, path=path),
                path=path.lstrip("/"),
                pairs=(),
                values={},
                content=content.get_secret_value(),
                content_type=self._content_type,
                reading=True,
                deadline=call.deadline,
                anonymous=True,
            )
            return await self._answered(login, _ANY)

        with anyio.move_on_after(self._left(call)):
            return await self._credentials.grant(log_in)
        raise ProviderUnavailable(f"{self.who} did not let the account log in in time: nothing was sent.")

    async def _attempt(self, call: _Call, grant: Grant, attempt: int) -> Answer:
        """One request; for a read, also the ones it is redirected to on the same host."""
        outgoing = self._outgoing(call, grant)
        answer = await self._once(call, outgoing, attempt)
        if self._dialect.redirects == "same_host_reads" and call.reading and call.method == "GET":
            for _ in range(_REDIRECTS):
                onward = same_place(outgoing.url, answer)
                if onward is None:
                    break
                outgoing = replace(outgoing, url=onward)
                answer = await self._once(call, outgoing, attempt)
        return answer

    def _outgoing(self, call: _Call, grant: Grant) -> Outgoing:
        target = target_of(call.path, call.pairs, call.values, self._dialect.query_style, grant.suffix)
        typed = () if call.content is None else (("Content-Type", call.content_type),)
        return Outgoing(
            call.method, httpx2.URL(self._base + target), (*self._headers, *grant.headers, *typed), call.content
        )

    async def _once(self, call: _Call, outgoing: Outgoing, attempt: int) -> Answer:
        client = self._open()
        async with self._turn(call):
            began = self.monotonic()
            outcome = "cancelled"
            try:
                answer = await exchange(
                    client,
                    outgoing,
                    seconds=call.deadline - began,
                    max_bytes=self._max_bytes,
                    traced=self._traced,
                )
            except ExchangeFailed as exc:
                outcome = str(exc)
                raise
            else:
                outcome = str(answer.status)
                return answer
            finally:
                # The path without its query: that may hold an e-mail address, and the whole address a key.
                log.debug(
                    "%s: %s /%s -> %s in %.0f ms, attempt %d",
                    self.who, call.method, call.path, outcome, (self.monotonic() - began) * 1000, attempt,
                )  # fmt: skip

    @asynccontextmanager
    async def _turn(self, call: _Call) -> AsyncGenerator[None]:
        """A place among the concurrent requests, at a time when the platform's limits allow one more."""
        if self._slots is None:
            self._slots = anyio.Semaphore(self._dialect.concurrency, fast_acquire=True)
        slots, limiter = self._slots, self.limiter
        while True:
            with anyio.move_on_after(self._left(call)) as scope:
                await slots.acquire()
            if scope.cancelled_caught:
                raise ProviderUnavailable(f"{self.who} was still busy with earlier requests: nothing was sent.")
            wait = limiter.delay(call.method)
            if wait <= 0:
                break
            slots.release()
            if wait >= self._left(call):
                raise self._voice.limited(wait)
            await self._sleep(wait)
        turn = limiter.enter(call.method)
        try:
            yield
        finally:
            limiter.leave(turn)
            slots.release()

    def _open(self) -> httpx2.AsyncClient:
        if self._client is None:
            given = self._transport
            transport = given if given is None or isinstance(given, httpx2.AsyncBaseTransport) else given()
            self._traced = transport is None or isinstance(transport, httpx2.AsyncHTTPTransport)
            self._client = open_client(
                transport, connect=_CONNECT, read=self._dialect.read_timeout, connections=self._dialect.concurrency
            )
        return self._client

    def _secrets(self) -> Sequence[SecretStr]:
        return () if self._credentials is None else self._credentials.secrets
