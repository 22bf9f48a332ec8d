"""A canary key is looked for everywhere a failure leaves a trace."""

import base64
import logging
import traceback
from collections.abc import Callable, Sequence
from urllib.parse import quote

import anyio.abc
import httpx2
import pytest
from pydantic import SecretStr, TypeAdapter

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import BasicAuth, Credentials, HeaderKey, LoginToken, PathToken
from eventdesk_server.http.redaction import redact
from eventdesk_tools.errors import EventdeskError
from tests.http.support import ADD, CANARY, LIST, Row, Script, build, loopback, page, raw, reply, request_from

pytestmark = pytest.mark.anyio

ROWS = TypeAdapter(list[Row])
MARK = "cAnArY"
TOKEN = f"{MARK}.token.value"

KINDS: dict[str, Callable[[], Credentials]] = {
    "header": lambda: HeaderKey("X-API-Key", "", SecretStr(CANARY)),
    "basic": lambda: BasicAuth(SecretStr(CANARY), SecretStr(CANARY + "2")),
    "path": lambda: PathToken(SecretStr(CANARY)),
    "login": lambda: LoginToken(path="auth", fields={"email": SecretStr(CANARY)}, answer="auth_token"),
    "unsendable": lambda: HeaderKey("X-API-Key", "", SecretStr(CANARY + "\nX: y")),
    "colon": lambda: BasicAuth(SecretStr(CANARY + ":"), SecretStr(CANARY)),
}

ECHO = {"error": f"{CANARY} {quote(CANARY, safe='')} {base64.b64encode(CANARY.encode()).decode()}"}
ECHO_TOKEN = {"error": f"Expired: Bearer {TOKEN}"}
FAILURES: dict[str, Callable[[], httpx2.Response | Exception]] = {
    "401": lambda: reply(401, ECHO),
    "400": lambda: reply(400, ECHO),
    "500": lambda: reply(500, ECHO),
    "429": lambda: reply(429, ECHO, retry_after="60"),
    "302": lambda: reply(302, location=f"https://x.example/token:{CANARY}"),
    "page": page,
    "shape": lambda: reply(200, ECHO),
    "connect": lambda: httpx2.ConnectError(f"no route to {CANARY}"),
    "broken": lambda: httpx2.ReadError(f"at https://x/token:{CANARY}"),
    "protocol": lambda: httpx2.LocalProtocolError(f"Illegal header value b'{CANARY}'"),
    "decoding": lambda: httpx2.DecodingError(CANARY),
}


def traces(failure: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """Everything that is left behind."""
    told = traceback.TracebackException.from_exception(failure, capture_locals=True)
    # The test's own frame holds the credentials' factory and the scripted network, which are not ours to hide.
    told.stack[:] = [frame for frame in told.stack if "/tests/" not in frame.filename]
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    shown = [failure.message, failure.next, *failure.allowed] if isinstance(failure, EventdeskError) else []
    return "\n".join(["".join(told.format()), logged, repr(failure), *shown])


def no_key_in(text: str) -> None:
    spellings = (MARK, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode().rstrip("=")[:8])
    assert not [line for line in text.splitlines() if any(spelling in line for spelling in spellings)]


async def call(client: ProviderClient, how: str) -> object:
    if how == "read":
        return await client.read(LIST, ROWS, query={"page": 1})
    return await client.send(client.prepare(ADD, path={"event": "7"}, body={"a": 1}), Row)


@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failure", FAILURES)
async def test_no_failure_shows_a_key(kind: str, failure: str, how: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies: Sequence[httpx2.Response | Exception] = [FAILURES[failure]() for _ in range(3)]
    if kind == "login":
        replies = [reply(body={"auth_token": TOKEN}), *replies]
    client = build(Script(*replies), credentials=KINDS[kind]())
    with pytest.raises(EventdeskError) as caught:
        await call(client, how)
    no_key_in(traces(caught.value, caplog))
    no_key_in(repr(client))
    no_key_in(repr(vars(client)))


@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.parametrize("answer", ["refused", "wrong field", "broken"])
async def test_no_log_in_shows_a_key(answer: str, how: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = {
        "refused": [reply(401, ECHO)],
        "wrong field": [reply(body={"access_token": TOKEN})],
        "broken": [httpx2.ReadError(CANARY)] * 3,
    }
    client = build(Script(*replies[answer]), credentials=KINDS["login"]())
    with pytest.raises(EventdeskError) as caught:
        await call(client, how)
    no_key_in(traces(caught.value, caplog))


async def test_no_token_is_shown_even_when_it_is_no_longer_used(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fresh = "another.token"
    client = build(
        Script(
            reply(body={"auth_token": TOKEN}), reply(401), reply(body={"auth_token": fresh}), reply(401, ECHO_TOKEN)
        ),
        credentials=KINDS["login"](),
    )
    with pytest.raises(EventdeskError) as caught:
        await call(client, "read")
    assert "Expired: Bearer ***" in str(caught.value)
    no_key_in(traces(caught.value, caplog))


@pytest.mark.parametrize("kind", ["header", "basic", "path"])
async def test_no_log_of_any_library_shows_a_key(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        key = quote(CANARY, safe="")
        away = f"Location: https://x.example/token:{key}/?api_key={key}"
        await stream.send(raw(b"[]") if number == 1 else raw(b"[]", status="302 Found", more=[away]))

    async with loopback(handler) as base:
        client = build(None, base_url=base, credentials=KINDS[kind]())
        await client.read(LIST, ROWS, query={"email": "joan@example.org"})
        with pytest.raises(EventdeskError) as caught:
            await client.read(LIST, ROWS)
        await client.aclose()
    assert {record.name.partition(".")[0] for record in caplog.records} >= {"eventdesk", "httpx2", "httpcore2"}
    text = traces(caught.value, caplog)
    no_key_in(text)
    assert "joan" not in text


def test_credentials_hide_what_they_hold() -> None:
    for make in KINDS.values():
        no_key_in(repr(make()))
        no_key_in(str(make()))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key hush/hush!", "key ***!"),
        ("hush%2Fhush hush%2fhush hush%252Fhush", "*** *** ***"),
        ("aHVzaC9odXNo", "***"),
        (
            "https://x/?password=abc&a=b&Client-Secret=x#token=1",
            "https://x/?password=***&a=b&Client-Secret=***#token=1",
        ),
        ("/v1/events/token:abc/x", "/v1/events/token:***/x"),
        ("the token is wrong; say password: please", "the token is wrong; say password: please"),
        ("a ab abc", "a ab abc"),
    ],
)
def test_secrets_are_found_in_every_spelling(text: str, clean: str) -> None:
    assert redact(text, [SecretStr("hush/hush"), SecretStr("ab")]) == clean
