"""Who may come in over HTTP: tokens of the settings, tokens that an issuer signs, and the names and pages that may call."""

import base64
import hashlib
import hmac
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from eventdesk_server.settings import Settings, SettingsError
from eventdesk_server.settings_http import OAuthSettings
from eventdesk_server.web.identity import SignedTokens
from eventdesk_server.web.serving import build_team, refuse_open
from tests.web.teams import PING, PUBLIC, TOKENS, Issuer, called, issuing, signed_team, team

pytestmark = pytest.mark.anyio
HOST = {"Host": "events.example.org"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "headers",
    [{}, bearer("x" * 40), {"Authorization": f"Basic {TOKENS['ana']}"}, {"Authorization": TOKENS["ana"]}],
)
async def test_without_a_known_token_nobody_comes_in(headers: dict[str, str], tmp_path: Path) -> None:
    async with team(tmp_path) as running:
        answer = await running.status(headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "events.example.org.evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
    ],
)
async def test_other_names_and_other_pages_are_turned_away(
    headers: dict[str, str], status: int, tmp_path: Path
) -> None:
    async with team(tmp_path) as running:
        answer = await running.status({**bearer(TOKENS["ana"]), **headers})
    assert answer.status_code == status


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with team(tmp_path) as running:
        answer = await running.status(bearer(TOKENS["ana"]), {**PING, "params": {"x": "y" * 5_000_000}})
    assert answer.status_code == 413


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_signed_token_comes_in_with_both_generations(mode: str, tmp_path: Path) -> None:
    async with signed_team(tmp_path) as (running, issuer), running.client("ana", mode, issuer.token()) as client:
        accounts = await called(client, "list_accounts")
    assert [row[0] for row in accounts["rows"]] == ["club", "talks"]


async def test_the_groups_of_a_token_open_their_accounts(tmp_path: Path) -> None:
    async with (
        signed_team(tmp_path) as (running, issuer),
        running.client("ana", token=issuer.token(sub="eve", groups=["fairs", "choir"])) as client,
    ):
        accounts = await called(client, "list_accounts")
    assert [row[0] for row in accounts["rows"]] == ["fairs", "talks"]


def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


BAD: dict[str, dict[str, Any]] = {
    "for another server": {"aud": "https://other.example/mcp"},
    "for nobody": {"aud": None},
    "of another issuer": {"iss": "https://evil.example"},
    "of no issuer": {"iss": None},
    "expired": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "not yet valid": {"nbf": int(time.time()) + 3600},
    "without a subject": {"sub": None},
    "with an empty subject": {"sub": "  "},
    "with a number for a subject": {"sub": 7},
    "with a text for groups": {"groups": "fairs"},
    "signed by somebody else": {"key": other_key()},
    "unsigned": {"alg": "none", "key": ""},
    "signed with a shared secret": {"alg": "HS256", "key": "k" * 64},
}


@pytest.mark.parametrize("why", BAD)
async def test_a_signed_token_that_is_not_right_is_refused_and_logged_without_itself(
    why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with signed_team(tmp_path) as (running, issuer):
        token = issuer.token(**BAD[why])
        with caplog.at_level(logging.DEBUG):
            answer = await running.status({**HOST, **bearer(token)})
    assert answer.status_code == 401
    assert [
        record
        for record in caplog.records
        if record.name == "eventdesk" and record.getMessage().startswith("refused: ")
    ]
    assert token not in caplog.text
    assert token.split(".")[2] not in caplog.text or not token.split(".")[2]


def confused(issuer: Issuer) -> str:
    """A token whose signature is made with the issuer's public key as if it were a shared secret."""
    _, payload, _ = issuer.token().split(".")
    public = issuer.keys["first"].public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first","typ":"JWT"}').decode().rstrip("=")
    made = hmac.new(secret, f"{head}.{payload}".encode(), hashlib.sha256).digest()
    return f"{head}.{payload}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


async def test_the_public_key_is_no_shared_secret(tmp_path: Path) -> None:
    async with signed_team(tmp_path) as (running, issuer):
        assert (await running.status({**HOST, **bearer(confused(issuer))})).status_code == 401


def checking(issuer: Issuer, refetch_seconds: float) -> SignedTokens:
    settings = OAuthSettings(issuer=issuer.url, jwks_url=f"{issuer.url}/jwks")
    return SignedTokens(settings, PUBLIC, refetch_seconds=refetch_seconds)


async def test_a_new_key_of_the_issuer_is_fetched() -> None:
    async with issuing() as issuer:
        tokens = checking(issuer, 1e-9)
        assert await tokens.verify_token(issuer.token())
        issuer.make_key("second")
        assert await tokens.verify_token(issuer.token(kid="second"))
        assert await tokens.verify_token(issuer.token())
        assert issuer.asked == 2


async def test_keys_that_nobody_has_do_not_make_the_issuer_busy() -> None:
    async with issuing() as issuer:
        tokens = checking(issuer, 30.0)
        stranger = other_key()
        for number in range(20):
            assert await tokens.verify_token(issuer.token(kid=f"unknown-{number}", key=stranger)) is None
        assert await tokens.verify_token(issuer.token())
    assert issuer.asked <= 2


async def test_an_issuer_that_does_not_answer_lets_nobody_in() -> None:
    async with issuing() as issuer:
        token = issuer.token()
    assert await checking(issuer, 30.0).verify_token(token) is None


async def test_a_client_learns_where_to_get_a_token(tmp_path: Path) -> None:
    async with signed_team(tmp_path) as (running, issuer):
        refused = await running.status(HOST)
        where = "/.well-known/oauth-protected-resource/mcp"
        assert f'resource_metadata="https://events.example.org{where}"' in refused.headers["www-authenticate"]
        import httpx2

        async with httpx2.AsyncClient() as http:
            told = (await http.get(f"{running.url}{where}", headers=HOST)).json()
    assert told["resource"] == PUBLIC
    assert told["authorization_servers"] == [issuer.url]


@pytest.mark.parametrize(
    ("http", "says"),
    [
        ({"host": "0.0.0.0"}, "oauth"),
        ({"host": "192.168.1.5"}, "oauth"),
        ({"host": "events.example.org"}, "oauth"),
        ({"host": "0.0.0.0", "tokens": [{"token": "t" * 40, "subject": "ana"}]}, "public_url"),
    ],
)
def test_beyond_this_computer_it_listens_only_for_those_who_say_who_they_are(http: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        refuse_open(Settings.model_validate({"http": http}).http)


@pytest.mark.parametrize(
    "http",
    [
        {},
        {"host": "localhost"},
        {"host": "::1"},
        {"host": "127.0.0.5"},
        {"host": "0.0.0.0", "public_url": PUBLIC, "tokens": [{"token": "t" * 40, "subject": "ana"}]},
    ],
)
def test_where_nobody_else_comes_or_who_comes_is_known_it_listens(http: dict[str, Any]) -> None:
    refuse_open(Settings.model_validate({"http": http}).http)


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        ([{"token": "short", "subject": "ana"}], "at least 32 characters"),
        ([{"token": "t" * 40, "subject": "ana"}, {"token": "t" * 40, "subject": "ben"}], "twice"),
    ],
)
def test_a_token_that_can_be_guessed_or_is_two_peoples_stops_the_start(tokens: list[dict[str, str]], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        build_team(Settings.model_validate({"http": {"tokens": tokens}}))
