"""How accounts prove themselves, and what happens when the proof is not accepted."""

import base64
import json
from collections.abc import Callable

import anyio
import httpx2
import pytest
from pydantic import SecretStr, TypeAdapter

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import (
    BasicAuth,
    Credentials,
    HeaderKey,
    LoginToken,
    MissingKey,
    PathToken,
)
from eventdesk_tools.errors import AuthenticationFailed, OutcomeUnknown, ProviderChanged, ProviderUnavailable
from tests.http.support import ADD, LIST, START, Clock, Row, Script, build, reply

pytestmark = pytest.mark.anyio

ROWS = TypeAdapter(list[Row])


def jwt(**claims: object) -> str:
    """A token as platforms make them."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def login(clock: Clock) -> LoginToken:
    """Eventtia's way in."""
    return LoginToken(
        path="auth",
        fields={"email": SecretStr("ann@example.org"), "password": SecretStr("pässword")},
        answer="auth_token",
        now=clock.now,
        monotonic=clock.monotonic,
    )


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (HeaderKey("Authorization", "Token", SecretStr("k1")), ("authorization", "Token k1")),
        (HeaderKey("X-API-Key", "", SecretStr(" k1\n")), ("x-api-key", "k1")),
        (BasicAuth(SecretStr("key"), SecretStr("sec:ret")), ("authorization", "Basic a2V5OnNlYzpyZXQ=")),
    ],
)
async def test_keys_travel_as_their_platform_takes_them(credentials: Credentials, header: tuple[str, str]) -> None:
    script = Script(reply(body=[]))
    await build(script, credentials=credentials).read(LIST, ROWS)
    assert script.requests[0].headers[header[0]] == header[1]


async def test_a_path_token_comes_before_the_query() -> None:
    script = Script(reply(body=[]))
    await build(script, credentials=PathToken(SecretStr("a/b"))).read(LIST, ROWS, query={"a": "b"})
    assert script.targets == ["GET /v1/events/token:a%2Fb?a=b"]


@pytest.mark.parametrize(
    "credentials",
    [
        MissingKey("The account club has no key."),
        HeaderKey("X-API-Key", "", SecretStr("")),
        HeaderKey("X-API-Key", "", SecretStr("ab\ncd")),
        PathToken(SecretStr("kéy")),
        BasicAuth(SecretStr("a:b"), SecretStr("c")),
        BasicAuth(SecretStr("a"), SecretStr(" ")),
    ],
)
async def test_a_key_that_cannot_be_used_is_told_before_any_request(credentials: Credentials) -> None:
    script = Script()
    with pytest.raises(AuthenticationFailed, match="The account"):
        await build(script, credentials=credentials).read(LIST, ROWS)
    assert script.requests == []


async def test_credentials_are_made_at_the_first_request_and_may_fail_there() -> None:
    made: list[str] = []

    def make() -> Credentials:
        made.append("again")
        if len(made) == 1:
            raise AuthenticationFailed("The account club has no key.")
        return HeaderKey("X-API-Key", "", SecretStr("k1"))

    script = Script(reply(body=[]), reply(body=[]))
    make_client: Callable[..., ProviderClient] = build
    client = make_client(script, credentials=make)
    assert made == []
    with pytest.raises(AuthenticationFailed):
        await client.read(LIST, ROWS)
    await client.read(LIST, ROWS)
    await client.read(LIST, ROWS)
    assert made == ["again", "again"]


async def test_a_token_is_obtained_once_and_kept() -> None:
    clock, script = Clock(), Script(reply(body={"auth_token": "tok.1"}), reply(body=[]), reply(body=[]))
    client = build(script, clock=clock, credentials=login(clock))
    await client.read(LIST, ROWS)
    await client.read(LIST, ROWS)
    assert script.targets == ["POST /v1/auth", "GET /v1/events/", "GET /v1/events/"]
    assert json.loads(script.bodies[0]) == {"email": "ann@example.org", "password": "pässword"}
    assert "authorization" not in script.requests[0].headers
    assert [request.headers["authorization"] for request in script.requests[1:]] == ["Bearer tok.1"] * 2


@pytest.mark.parametrize("write", [False, True])
async def test_a_401_renews_the_token_and_replays_the_request_once(write: bool) -> None:
    clock = Clock()
    script = Script(
        reply(body={"auth_token": "tok.1"}), reply(401), reply(body={"auth_token": "tok.2"}), reply(body={"id": 3})
    )
    client = build(script, clock=clock, credentials=login(clock))
    if write:
        assert await client.send(client.prepare(ADD, path={"event": "7"}, body={"a": 1}), Row) == Row(id=3)
        assert script.bodies[1] == script.bodies[3] == b'{"a":1}'
    else:
        assert await client.read(LIST, Row) == Row(id=3)
    assert script.requests[3].headers["authorization"] == "Bearer tok.2"
    assert clock.slept == []


async def test_a_second_401_is_final() -> None:
    clock = Clock()
    tokens = [reply(body={"auth_token": f"tok.{n}"}) for n in range(3)]
    script = Script(tokens[0], reply(401), tokens[1], reply(401), tokens[2])
    with pytest.raises(AuthenticationFailed, match="does not accept"):
        await build(script, clock=clock, credentials=login(clock)).read(LIST, ROWS)
    assert len(script.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refused_log_in_is_final(status: int) -> None:
    clock, script = Clock(), Script(*[reply(status, {"error": "Wrong username or password."})] * 2)
    client = build(script, clock=clock, credentials=login(clock))
    with pytest.raises(AuthenticationFailed, match="Wrong username or password"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert script.targets == ["POST /v1/auth"]


@pytest.mark.parametrize(
    ("replies", "raises"),
    [
        ([httpx2.ConnectError("no")] * 3, ProviderUnavailable),
        ([reply(500)] * 3, ProviderUnavailable),
        ([reply(body={"other": "tok"})], ProviderChanged),
        ([reply(body={"auth_token": "a\r\nX: b"})], ProviderChanged),
        ([reply(body=[])], ProviderChanged),
        ([reply(body=b"<html>")], ProviderChanged),
    ],
)
async def test_a_log_in_that_fails_leaves_a_write_undone_and_known_to_be(
    replies: list[httpx2.Response | Exception], raises: type[Exception]
) -> None:
    clock, script = Clock(), Script(*replies)
    client = build(script, clock=clock, credentials=login(clock))
    with pytest.raises(raises) as caught:
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert script.replies == []


async def test_waiting_calls_share_one_log_in() -> None:
    clock, gate = Clock(), anyio.Event()

    async def slow(request: httpx2.Request) -> httpx2.Response:
        await gate.wait()
        return reply(body={"auth_token": "tok.1"})

    script = Script(slow, *[reply(body=[]) for _ in range(6)])
    client = build(script, clock=clock, credentials=login(clock))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(client.read, LIST, ROWS)
            await anyio.wait_all_tasks_blocked()
            gate.set()
    assert script.targets.count("POST /v1/auth") == 1


async def test_calls_refused_together_renew_the_token_once() -> None:
    clock, refused = Clock(), 0

    async def platform(request: httpx2.Request) -> httpx2.Response:
        nonlocal refused
        await anyio.lowlevel.checkpoint()
        if request.url.path == "/v1/auth":
            return reply(body={"auth_token": f"tok.{refused}"})
        if request.headers["authorization"] == "Bearer tok.0":
            refused += 1
            await anyio.wait_all_tasks_blocked()
            return reply(401)
        return reply(body=[])

    script = Script(*[platform] * 20)
    client = build(script, clock=clock, credentials=login(clock))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(client.read, LIST, ROWS)
    assert script.targets.count("POST /v1/auth") == 2


async def test_waiting_calls_share_a_refused_log_in_and_a_later_call_tries_again() -> None:
    clock, gate, refused = Clock(), anyio.Event(), 0

    async def slow(request: httpx2.Request) -> httpx2.Response:
        await gate.wait()
        return reply(401)

    script = Script(slow, reply(body={"auth_token": "tok.1"}), reply(body=[]))
    client = build(script, clock=clock, credentials=login(clock))

    async def call() -> None:
        nonlocal refused
        with pytest.raises(AuthenticationFailed):
            await client.read(LIST, ROWS)
        refused += 1

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(call)
            await anyio.wait_all_tasks_blocked()
            gate.set()
    assert refused == 5
    assert len(script.requests) == 1
    assert await client.read(LIST, ROWS) == []


async def test_a_cancelled_log_in_passes_to_the_next_call() -> None:
    clock = Clock()

    async def never(request: httpx2.Request) -> httpx2.Response:
        await anyio.sleep_forever()
        raise AssertionError

    script = Script(never, reply(body={"auth_token": "tok.1"}), reply(body=[]))
    client = build(script, clock=clock, credentials=login(clock))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as waiting, anyio.create_task_group() as first:
            first.start_soon(client.read, LIST, ROWS)
            await anyio.wait_all_tasks_blocked()
            waiting.start_soon(client.read, LIST, ROWS)
            await anyio.wait_all_tasks_blocked()
            first.cancel_scope.cancel()
    assert script.targets == ["POST /v1/auth", "POST /v1/auth", "GET /v1/events/"]


@pytest.mark.parametrize(
    ("token", "lives"),
    [
        (jwt(exp=START.timestamp() + 1000), 940),
        (jwt(exp=5000, iat=4000), 940),
        (jwt(exp=START.timestamp() + 80), 40),
        (jwt(exp=START.timestamp() - 10), None),
        (jwt(exp="soon"), None),
        (jwt(), None),
        ("a.b", None),
        ("a.!!.c", None),
        ("a.W10.c", None),
    ],
)
async def test_a_token_is_renewed_before_it_ends(token: str, lives: float | None) -> None:
    clock = Clock()
    script = Script(
        reply(body={"auth_token": token}), *[reply(body=[])] * 2, reply(body={"auth_token": "tok.2"}), reply(body=[])
    )
    client = build(script, clock=clock, credentials=login(clock))
    await client.read(LIST, ROWS)
    clock.at += (lives or 10_000_000) - 1
    await client.read(LIST, ROWS)
    assert script.targets.count("POST /v1/auth") == 1
    if lives is not None:
        clock.at += 1
        await client.read(LIST, ROWS)
        assert script.targets.count("POST /v1/auth") == 2
