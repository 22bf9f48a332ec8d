"""Settings of `eventdesk serve-http`: where it listens, who may come in, and what their words of authority are called."""

import ipaddress
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from eventdesk_server.secret import Closed, Secret

Scope = Literal["read", "add", "change", "remove", "write"]
"""What a login may do, by the effect of a tool. `write` is `add`, `change` and `remove`."""
Port = Annotated[int, Field(ge=0, le=65535)]
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class StaticToken(Closed):
    """A bearer token for a small set-up: who brings it is `subject`."""

    token: Secret
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    groups: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ("read", "write")


class OAuthSettings(Closed):
    """An issuer of signed access tokens (RFC 9068). Its keys are fetched from `jwks_url` and follow their rotation."""

    issuer: str
    jwks_url: str
    audience: str = ""
    """What a token's `aud` must hold; the `public_url` if this is empty."""
    scope_prefix: str = "eventdesk:"
    """Before the words of `Scope` in a token's `scope`."""
    subject_claim: str = "sub"
    groups_claim: str = "groups"

    @field_validator("issuer", "jwks_url")
    @classmethod
    def _safe(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("must begin with https://")
        return url


class HttpSettings(Closed):
    """`[http]`. Beyond loopback it needs `public_url` and either `oauth` or `tokens`."""

    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: str = ""
    """The address that clients use, like https://events.example.org/mcp. Tokens must have been made for it."""
    allowed_origins: tuple[str, ...] = ()
    """Web pages that may call, like https://chat.example.org. Programs send no origin and always may."""
    oauth: OAuthSettings | None = None
    tokens: tuple[StaticToken, ...] = ()
    calls_per_minute: Annotated[int, Field(ge=1)] = 120
    """Of each subject."""
    drain_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    """How long running calls are waited for at the end."""
    state_keys: tuple[Secret, ...] = ()
    """What the state of a question is sealed with: the same on every replica. The first seals, all open."""

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"https", "http"} or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("write it like https://events.example.org/mcp")
        if url and parts.path != "/mcp":
            raise ValueError("ends in /mcp")
        return url

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.oauth is not None and self.tokens:
            raise ValueError("give oauth or tokens, not both")
        if self.oauth is not None and not self.public_url:
            raise ValueError("oauth needs public_url: tokens are made for it")
        return self

    @property
    def guarded(self) -> bool:
        """Whether who comes in must say who they are."""
        return self.oauth is not None or bool(self.tokens)


def is_loopback(host: str) -> bool:
    """Whether an address is of this computer alone."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
