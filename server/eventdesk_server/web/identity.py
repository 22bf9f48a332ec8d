"""Who brings a bearer token, and what it lets them do."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import anyio
import jwt
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eventdesk_server.secret import SettingsError
from eventdesk_server.settings_http import OAuthSettings, StaticToken
from eventdesk_tools.effects import Effect

logger = logging.getLogger("eventdesk")
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones alone: with a shared secret, or none, anybody who can check a token could make one."""
LEEWAY_SECONDS = 30
TOKEN_LENGTH = 32
"""Characters that a static token has at least: it is as good as a password that nobody can guess."""
KEYS_SECONDS = 300.0
REFETCH_SECONDS = 30.0
FETCH_SECONDS = 5.0
_CLAIM = "eventdesk"
WRITING: frozenset[Effect] = frozenset({Effect.ADD, Effect.CHANGE, Effect.REMOVE})
_EFFECTS: Mapping[str, frozenset[Effect]] = {
    "read": frozenset({Effect.READ}),
    "add": frozenset({Effect.ADD}),
    "change": frozenset({Effect.CHANGE}),
    "remove": frozenset({Effect.REMOVE}),
    "write": WRITING,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A person or program that has come in. Subjects are unique within the one issuer that the settings name."""

    subject: str
    groups: frozenset[str] = frozenset()
    effects: frozenset[Effect] = frozenset()


def effects_of(scopes: Iterable[str], prefix: str = "") -> frozenset[Effect]:
    """What scopes allow. Unknown ones allow nothing."""
    known = [_EFFECTS.get(scope.removeprefix(prefix), frozenset()) for scope in scopes if scope.startswith(prefix)]
    return frozenset[Effect]().union(*known)


def current() -> Identity | None:
    """Who makes the present request; None where nobody had to say."""
    token = get_access_token()
    if token is None:
        return None
    told: Mapping[str, Any] = (token.claims or {})[_CLAIM]
    return Identity(token.subject or "", frozenset(told["groups"]), frozenset(Effect(name) for name in told["effects"]))


def _access(identity: Identity, client: str, resource: str, issuer: str, expires: int | None) -> AccessToken:
    """What the SDK keeps of a request. The token itself is not kept."""
    told = {"groups": sorted(identity.groups), "effects": sorted(identity.effects)}
    return AccessToken(
        token="",
        client_id=client,
        scopes=[],
        expires_at=expires,
        resource=resource or None,
        subject=identity.subject,
        claims={"iss": issuer, _CLAIM: told},
    )


class StaticTokens:
    """`mcp.server.auth.provider.TokenVerifier` for tokens that stand in the settings.

    Raises:
        SettingsError: One cannot be read, is too short, or stands there twice.
    """

    def __init__(self, tokens: Sequence[StaticToken]) -> None:
        self._known: dict[bytes, Identity] = {}
        for at, known in enumerate(tokens):
            text = known.token.read().get_secret_value()
            if len(text) < TOKEN_LENGTH:
                raise SettingsError(f"http.tokens.{at}: a token needs at least {TOKEN_LENGTH} characters")
            digest = _digest(text)
            if digest in self._known:
                raise SettingsError(f"http.tokens.{at}: the same token stands there twice")
            self._known[digest] = Identity(known.subject, frozenset(known.groups), effects_of(known.scopes))

    async def verify_token(self, token: str) -> AccessToken | None:
        """The identity of a token; looked up by its digest, so that how long it takes tells nothing."""
        found = self._known.get(_digest(token))
        if found is None:
            logger.warning("refused: unknown token")
            return None
        return _access(found, found.subject, "", "", None)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class SignedTokens:
    """`mcp.server.auth.provider.TokenVerifier` for access tokens that an issuer signed."""

    def __init__(self, settings: OAuthSettings, public_url: str, *, refetch_seconds: float = REFETCH_SECONDS) -> None:
        """`refetch_seconds`: a key that is not known is not looked for more often, however many tokens name one."""
        self._settings = settings
        self._audience = settings.audience or public_url
        self._resource = public_url
        self._keys = jwt.PyJWKClient(
            settings.jwks_url, lifespan=KEYS_SECONDS, timeout=FETCH_SECONDS, cooldown_duration=refetch_seconds
        )

    async def verify_token(self, token: str) -> AccessToken | None:
        """The identity of a token that is signed by the issuer, made for this server, and not expired."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in SIGNATURES:
                raise jwt.InvalidAlgorithmError("its signature is of a kind that is not accepted")
            key = await anyio.to_thread.run_sync(self._keys.get_signing_key_from_jwt, token)
            claims = jwt.decode(
                token,
                key,
                algorithms=list(SIGNATURES),
                audience=self._audience,
                issuer=self._settings.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "aud", "iss", self._settings.subject_claim]},
            )
        except jwt.PyJWTError as exc:
            logger.warning("refused: %s", type(exc).__name__)
            return None
        return self._accepted(claims)

    def _accepted(self, claims: Mapping[str, Any]) -> AccessToken | None:
        own = {"subject": claims[self._settings.subject_claim], "groups": claims.get(self._settings.groups_claim, ())}
        try:
            told = _Claims.model_validate({**claims, **own})
        except ValidationError as exc:
            logger.warning("refused: the claims %s", ", ".join(str(error["loc"][0]) for error in exc.errors()))
            return None
        effects = effects_of(told.scopes, self._settings.scope_prefix)
        identity = Identity(told.subject, frozenset(told.groups), effects)
        return _access(identity, told.client_id or told.azp, self._resource, self._settings.issuer, told.exp)


class _Claims(BaseModel):
    """What is read of a token, strictly: a list of groups is never made of a text."""

    model_config = ConfigDict(strict=True)

    subject: Annotated[str, Field(pattern=r"\S", max_length=500)]
    groups: Annotated[Sequence[str], Field(max_length=1000)]
    exp: Annotated[int, Field(strict=False)]
    scope: str | list[str] = ""
    """Words in one text, as RFC 9068 has it; or a list, which some issuers send, some as `scp`."""
    scp: str | list[str] = ""
    client_id: str = ""
    azp: str = ""

    @property
    def scopes(self) -> list[str]:
        given = self.scope or self.scp
        return given.split() if isinstance(given, str) else given
