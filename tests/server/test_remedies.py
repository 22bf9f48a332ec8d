"""Every fault of an account is really made, and the remedy that is told is the one that mends it."""

import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import httpx2
import pytest
import trustme
from anyio.streams.tls import TLSListener, TLSStream

from eventdesk_server.accounts.checks import check_accounts
from eventdesk_server.accounts.verdicts import Verdict, verdict
from eventdesk_server.http import exchange
from eventdesk_server.sandbox.faults import Fault, Faults
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_server.settings import ACCOUNT
from tests.support import NOW, ROOT, no_pause

pytestmark = pytest.mark.anyio
NO_EVENTS = b'{"count": 0, "next": null, "previous": null, "results": []}'


async def found(
    values: Mapping[str, Any], transport: Callable[[], httpx2.AsyncBaseTransport | None] = lambda: None
) -> Verdict:
    settings = ACCOUNT.validate_python(values)
    return verdict("club", settings, (await check_accounts({"club": settings}, transport))["club"])


async def tried(provider: str, *faults: Fault, sandbox: Mapping[str, Any] | None = None, **changed: Any) -> Verdict:
    async def until_given_up(seconds: float) -> None:
        await anyio.sleep_forever() if seconds > 4 else await no_pause(seconds)

    with Sandbox(now=NOW, limits=False, switches=sandbox, faults=Faults(list(faults), sleep=until_given_up)) as box:
        values = {"provider": provider, **box.connections(ROOT)[provider], **changed}
        return await found(values, box.transport)


def says(status: int, **body: str) -> Fault:
    return Fault(kind="status", code=status, body=body)


@pytest.mark.parametrize(
    ("provider", "faults", "changed", "code", "told", "command"),
    [
        ("heysummit", [], {"key": "wrong"}, "authentication_failed", "Event setup → API settings", "--replace"),
        ("eventhq", [], {"key": "wrong"}, "authentication_failed", "copy your user's API key", "--replace"),
        ("eventschedule", [], {"key": "wrong"}, "authentication_failed", "switch API access off and on", "--replace"),
        ("evvnt", [], {"secret": "wrong"}, "authentication_failed", "Ask evvnt", "--replace"),
        ("eventtia", [], {"password": "wrong"}, "authentication_failed", "two-factor authentication), a password", "--replace"),
        ("eventtia", [says(401, message="Two-factor authentication code required")], {}, "authentication_failed",
         "needs a second step", "--replace"),
        ("eventtia", [Fault(kind="status", code=200, path="auth$", body={"otp_required": True})], {}, "provider_changed",
         "needs a second step", "--replace"),
        ("eventschedule", [says(401, error="API key expired")], {}, "authentication_failed", "copy the new key", "--replace"),
        ("eventschedule", [says(423, error="API key temporarily blocked")], {}, "authentication_failed", "Wait 15 minutes", "--replace"),
        ("eventschedule", [says(403, error="API usage is limited to Pro accounts")], {}, "plan_required", "higher plan", "accounts test"),
        ("heysummit", [Fault(kind="html", code=403)], {}, "permission_denied", 'user_agent = "Mozilla/5.0"', "accounts test"),
        ("evvnt", [], {"role": "partner"}, "permission_denied", "role partner. If evvnt gave it to you as organiser", "--role organiser"),
        ("evvnt", [Fault(kind="status", code=404)], {"base_url": ""}, "provider_unavailable", "internet connection", "accounts test"),
        ("eventschedule", [], {"base_url": f"{ROOT}/eventschedule"}, "provider_changed", "ends in /api", "--base-url"),
        ("heysummit", [], {"base_url": f"{ROOT}/eventhq/api/v1"}, "", "something else than the API of HeySummit", "--base-url"),
        ("heysummit", [Fault(kind="html", code=200)], {}, "provider_changed", "correct the address", "--base-url"),
        ("eventtia", [Fault(kind="status", code=404, path="events")], {}, "not_found", "correct the address", "--base-url"),
        ("eventhq", [Fault(kind="redirect", location="https://www.example.org/")], {}, "provider_changed", "correct the address", "--base-url"),
        ("heysummit", [Fault(kind="status", code=429, retry_after=90)], {}, "rate_limited", "Wait 90 seconds", "accounts test"),
        ("heysummit", [Fault(kind="status", code=503)], {}, "provider_unavailable", "See that the server at", "accounts test"),
        ("heysummit", [Fault(kind="black_hole")], {}, "provider_unavailable", "See that the server at", "accounts test"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_an_account_is_told_with_its_remedy(
    provider: str, faults: list[Fault], changed: Mapping[str, Any], code: str, told: str, command: str
) -> None:
    with anyio.fail_after(60):
        one = await tried(provider, *faults, **changed)
    assert not one.ok
    assert one.code == code or not code
    assert told in one.remedy.text, one.as_text()
    assert command in one.remedy.command
    assert one.told.startswith(one.title)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ({"env": "NOT_SET_ANYWHERE"}, "put it into the app's own settings"),
        ({"file": "/nonexistent/key"}, "See that the file is there"),
        ({"command": ["/nonexistent/command"]}, "Run the command in a terminal"),
    ],
)
async def test_a_key_that_is_not_there_is_told_with_where_to_put_it(key: dict[str, Any], told: str) -> None:
    one = await found({"provider": "heysummit", "key": key})
    assert one.code == "authentication_failed"
    assert told in one.remedy.text
    assert one.remedy.command == "eventdesk accounts add --name club --replace"


async def test_accounts_that_never_answer_are_given_up_together_and_do_not_hold_up_the_others() -> None:
    waiting, all_there = 0, anyio.Event()

    async def until_all_wait(_: float) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == 4:
            all_there.set()
        await all_there.wait()

    faults = Faults(
        [
            Fault(kind="delay", seconds=1, times=1, provider=name)
            for name in ("heysummit", "eventhq", "evvnt", "eventschedule")
        ]
    )
    faults.sleep = until_all_wait
    with Sandbox(now=NOW, limits=False, faults=faults) as box, anyio.fail_after(60):
        connections = box.connections(ROOT)
        accounts = {
            name: ACCOUNT.validate_python({"provider": name, **connections[name]})
            for name in ("heysummit", "eventhq", "evvnt", "eventschedule")
        }
        checked = await check_accounts(accounts, box.transport)
    assert all(verdict(name, accounts[name], checked[name]).ok for name in accounts)


@asynccontextmanager
async def served_by_its_own_authority(folder: Path) -> AsyncGenerator[tuple[str, Path]]:
    """A server whose certificate only its own authority vouches for: its address, and the authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))

    async def answer(stream: anyio.abc.ByteStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
            await stream.send(b"content-length: %d\r\n\r\n%s" % (len(NO_EVENTS), NO_EVENTS))

    raw = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = raw.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - no database is near
    async with TLSListener(raw, context, standard_compatible=False) as listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, answer)
        yield f"https://127.0.0.1:{port}/api/v2/", folder / "authority.pem"
        group.cancel_scope.cancel()


async def test_a_certificate_of_a_network_s_own_authority_is_named_and_its_remedy_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    exchange.trust.cache_clear()
    async with served_by_its_own_authority(tmp_path) as (base_url, authority):
        values = {"provider": "heysummit", "key": "k", "base_url": base_url}
        one = await found(values)
        assert "does not trust its certificate" in one.told
        assert "set the variable SSL_CERT_FILE to that file" in one.remedy.text
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        exchange.trust.cache_clear()
        assert (await found(values)).ok
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        exchange.trust.cache_clear()
        one = await found(values)
        assert "SSL_CERT_FILE or SSL_CERT_DIR names cannot be used" in one.told
        assert str(tmp_path / "none.pem") in one.remedy.text
    exchange.trust.cache_clear()


@asynccontextmanager
async def looked_into_by_a_proxy(folder: Path, host: str) -> AsyncGenerator[tuple[str, Path]]:
    """A proxy that answers in a platform's place, as those that look into connections do: its address, its authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))

    async def answer(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            asked = await stream.receive()
            assert asked.startswith(f"CONNECT {host}:443 ".encode())
            await stream.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with suppress(
                anyio.BrokenResourceError, anyio.EndOfStream, ssl.SSLError
            ):  # the certificate may not be trusted
                inner = await TLSStream.wrap(stream, server_side=True, ssl_context=context, standard_compatible=False)
                await inner.receive()
                await inner.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
                await inner.send(b"content-length: %d\r\n\r\n%s" % (len(NO_EVENTS), NO_EVENTS))

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, answer)
        port = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - no database is near
        yield f"http://127.0.0.1:{port}", folder / "authority.pem"
        group.cancel_scope.cancel()


async def test_a_proxy_with_an_authority_of_its_own_is_told_and_works_once_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    exchange.trust.cache_clear()
    async with looked_into_by_a_proxy(tmp_path, "app.heysummit.com") as (proxy, authority):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        values = {"provider": "heysummit", "key": "k"}
        one = await found(values)
        assert "does not trust its certificate" in one.told
        assert "A company's proxy" in one.remedy.text
        assert "set the variable SSL_CERT_FILE to that file" in one.remedy.text
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        exchange.trust.cache_clear()
        one = await found(values)
        assert one.ok, one.as_text()
    exchange.trust.cache_clear()


@pytest.mark.parametrize(
    ("base_url", "told", "remedy"),
    [
        ("https://127.0.0.1:1/api", "could not be reached", "See that the server at https://127.0.0.1:1/api runs"),
        (
            "https://no-such-host.invalid/api",
            "does not find the address",
            "Check the address https://no-such-host.invalid/api",
        ),
    ],
)
async def test_a_server_that_is_not_there_is_told_with_its_address(
    base_url: str, told: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    one = await found({"provider": "eventschedule", "key": "k", "base_url": base_url})
    assert told in one.told
    assert remedy in one.remedy.text
