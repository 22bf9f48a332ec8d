"""How an account proves itself to its platform. Every secret is a `SecretStr` until the moment it is sent."""

import base64
import binascii
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, cast
from urllib.parse import quote

import anyio
from pydantic import SecretBytes, SecretStr
from typing_extensions import override

from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    NotFound,
    PermissionDenied,
    ProviderChanged,
    RejectedByProvider,
)

_SENDABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_MARGIN = 60.0
"""A token is renewed this long before it ends."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one request carries: headers, or a last path segment."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    suffix: str = field(default="", repr=False)


class Login(Protocol):
    """Sends a log-in request and answers the decoded body; given by the client for the time of one call."""

    def __call__(self, path: str, content: SecretBytes, /) -> Awaitable[object]: ...


class Credentials(Protocol):
    """The proof of one account."""

    @property
    def secrets(self) -> Sequence[SecretStr]:
        """Everything that must never be seen, as it is now."""
        ...

    async def grant(self, login: Login) -> Grant:
        """What the next request carries.

        Raises:
            AuthenticationFailed: The key is missing or cannot be sent, or the platform refused the log-in.
        """
        ...

    def refused(self, grant: Grant) -> bool:
        """A request with this grant was answered 401: whether another grant is worth one more request."""
        ...


def _sendable(secret: SecretStr, what: str) -> str:
    # No local name holds the key where something is raised: a traceback may show local values.
    if not secret.get_secret_value().strip():
        raise AuthenticationFailed(f"The account's {what} is empty.")
    if not _SENDABLE.fullmatch(secret.get_secret_value().strip()):
        raise AuthenticationFailed(
            f"The account's {what} holds a character that no key has: a line break or an accented letter."
        )
    return secret.get_secret_value().strip()


class _Fixed:
    """Credentials that cannot be renewed."""

    def refused(self, grant: Grant) -> bool:  # noqa: ARG002 - the same shape as LoginToken's
        return False


@dataclass(frozen=True, slots=True)
class HeaderKey(_Fixed):
    """A key in a header: `Authorization: Token k`, `X-API-Key: k`."""

    header: str
    prefix: str
    key: SecretStr

    @property
    def secrets(self) -> Sequence[SecretStr]:
        return (self.key,)

    async def grant(self, login: Login) -> Grant:  # noqa: ARG002 - the same shape as LoginToken's
        return Grant(headers=((self.header, f"{self.prefix} {_sendable(self.key, 'key')}".strip()),))


@dataclass(frozen=True, slots=True)
class BasicAuth(_Fixed):
    """HTTP Basic: the user may be half of the key, so it is a secret too."""

    user: SecretStr
    password: SecretStr

    @property
    def secrets(self) -> Sequence[SecretStr]:
        return (self._pair, self.user, self.password)

    @property
    def _pair(self) -> SecretStr:
        return SecretStr(f"{self.user.get_secret_value().strip()}:{self.password.get_secret_value().strip()}")

    async def grant(self, login: Login) -> Grant:  # noqa: ARG002 - the same shape as LoginToken's
        if ":" in self.user.get_secret_value():
            raise AuthenticationFailed("The account's key holds a colon, which HTTP Basic cannot carry.")
        pair = f"{_sendable(self.user, 'key')}:{_sendable(self.password, 'secret')}"
        return Grant(headers=(("Authorization", "Basic " + base64.b64encode(pair.encode()).decode()),))


@dataclass(frozen=True, slots=True)
class PathToken(_Fixed):
    """A key as the last path segment, `/token:k`."""

    key: SecretStr
    name: str = "token"

    @property
    def secrets(self) -> Sequence[SecretStr]:
        return (self.key,)

    async def grant(self, login: Login) -> Grant:  # noqa: ARG002 - the same shape as LoginToken's
        return Grant(suffix=f"/{self.name}:{quote(_sendable(self.key, 'key'), safe='')}")


@dataclass(frozen=True, slots=True)
class MissingKey(_Fixed):
    """No usable key: every call fails with the reason, before any request."""

    reason: str

    @property
    def secrets(self) -> Sequence[SecretStr]:
        return ()

    async def grant(self, login: Login) -> Grant:  # noqa: ARG002 - the same shape as LoginToken's
        raise AuthenticationFailed(self.reason)


class LoginToken:
    """A bearer token, obtained with the account's own secrets, kept in memory and renewed once for all waiting calls.

    `path` and `fields` are the log-in request; `answer` names the token in what it answers.
    """

    def __init__(
        self,
        *,
        path: str,
        fields: Mapping[str, SecretStr],
        answer: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._path = path
        self._fields = dict(fields)
        self._answer = answer
        self._now = now
        self._monotonic = monotonic
        self._token: SecretStr | None = None
        self._tokens: deque[SecretStr] = deque(maxlen=4)  # the former ones may still be quoted by the platform
        self._renew_at: float | None = None
        self._lock: anyio.Lock | None = None
        self._rounds = 0
        self._failure: EventdeskError | None = None

    @override
    def __repr__(self) -> str:
        return f"LoginToken(path={self._path!r}, fields={sorted(self._fields)})"

    @property
    def secrets(self) -> Sequence[SecretStr]:
        return (*self._fields.values(), *self._tokens)

    async def grant(self, login: Login) -> Grant:
        token = self._current()
        if token is None:
            token = await self._shared_login(login)
        return Grant(headers=(("Authorization", f"Bearer {token.get_secret_value()}"),))

    def refused(self, grant: Grant) -> bool:
        token = self._token
        if token is not None and grant.headers == (("Authorization", f"Bearer {token.get_secret_value()}"),):
            self._token = None
        return True

    def _current(self) -> SecretStr | None:
        if self._renew_at is not None and self._monotonic() >= self._renew_at:
            self._token = None
        return self._token

    async def _shared_login(self, login: Login) -> SecretStr:
        round_before = self._rounds
        if self._lock is None:
            self._lock = anyio.Lock(fast_acquire=True)
        async with self._lock:
            token = self._current()
            if token is not None:
                return token
            if self._rounds > round_before and self._failure is not None:
                # The log-in this call waited for has failed. Trying again for each waiting call could lock the account.
                raise type(self._failure)(
                    self._failure.message, next=self._failure.next, retry_after=self._failure.retry_after
                )
            self._failure = None
            try:
                return await self._log_in(login)
            except EventdeskError as exc:
                self._failure = exc
                raise
            finally:
                self._rounds += 1

    async def _log_in(self, login: Login) -> SecretStr:
        for name, secret in self._fields.items():
            if not secret.get_secret_value().strip():
                raise AuthenticationFailed(f"The account's {name} is empty.")
        try:
            token = _token_in(await login(self._path, _json_of(self._fields)), self._answer)
        except (RejectedByProvider, PermissionDenied, NotFound) as exc:
            raise AuthenticationFailed(exc.message) from None
        if token is None:
            raise ProviderChanged("The platform's answer to the log-in holds no usable token.")
        self._token = token
        self._tokens.append(token)
        lifetime = _lifetime(token.get_secret_value(), self._now)
        self._renew_at = None if lifetime is None else self._monotonic() + max(lifetime - _MARGIN, lifetime / 2)
        return token


def _json_of(fields: Mapping[str, SecretStr]) -> SecretBytes:
    body = {name: secret.get_secret_value() for name, secret in fields.items()}
    return SecretBytes(json.dumps(body, separators=(",", ":")).encode())


def _token_in(answer: object, name: str) -> SecretStr | None:
    token = cast("Mapping[str, object]", answer).get(name) if isinstance(answer, Mapping) else None
    return SecretStr(token) if isinstance(token, str) and _SENDABLE.fullmatch(token) else None


def _lifetime(token: str, now: Callable[[], datetime]) -> float | None:
    """Seconds that a JWT says it lives. Its signature is the platform's matter; None where it says nothing usable."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims: Any = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(claims, dict):
        return None
    times = cast("dict[str, object]", claims)
    ends, issued = times.get("exp"), times.get("iat")
    if not isinstance(ends, (int, float)):
        return None
    # From its own issue where told: our clock may differ from the platform's, or be pinned.
    lifetime = ends - (issued if isinstance(issued, (int, float)) else now().timestamp())
    return lifetime if lifetime > 0 else None
