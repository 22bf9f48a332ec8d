"""The same rules over a real connection, against servers that break off, lie, stay silent or never stop."""

import gzip
import ssl

import anyio
import anyio.abc
import httpx2
import pytest
from pydantic import TypeAdapter

from eventdesk_server.http import exchange
from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.policy import Dialect
from eventdesk_tools.errors import OutcomeUnknown, ProviderChanged, ProviderError, ProviderUnavailable
from tests.http.support import ADD, LIST, Row, build, loopback, port_of, raw, request_from, sentence

pytestmark = pytest.mark.anyio

ROWS = TypeAdapter(list[Row])
SHORT = 0.2
"""The total limit where it is meant to be reached; nothing depends on how long it is."""


async def write(client: ProviderClient) -> Row:
    return await client.send(client.prepare(ADD, path={"event": "7"}, body={"name": "Zoë"}), Row)


async def failure_of(client: ProviderClient, how: str) -> ProviderError:
    try:
        with pytest.raises(ProviderError) as caught:
            await (write(client) if how == "write" else client.read(LIST, ROWS))
        return caught.value
    finally:
        await client.aclose()


async def test_bytes_arrive_as_they_were_prepared_and_connections_are_kept() -> None:
    seen: list[bytes] = []
    connections: set[int] = set()

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        connections.add(number)
        while True:
            seen.append(await request_from(stream))
            await stream.send(raw(b'{"id": 1}'))

    async with loopback(handler) as base:
        client = build(None, base_url=base)
        assert await write(client) == Row(id=1)
        assert await write(client) == Row(id=1)
        await client.aclose()
    assert connections == {1}
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/events/7/people HTTP/1.1\r\n")
    assert body == '{"name":"Zoë"}'.encode()


@pytest.mark.parametrize("how", ["read", "write"])
async def test_a_cut_answer(how: str) -> None:
    served = 0

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        nonlocal served
        served = number
        await request_from(stream)
        await stream.send(raw(b'{"id": 1', length=100))

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base), how)
    assert type(failure) is (OutcomeUnknown if how == "write" else ProviderUnavailable)
    assert "broke off the connection" in failure.message
    assert served == (1 if how == "write" else 3)


@pytest.mark.parametrize("how", ["read", "write"])
async def test_a_break_after_sending(how: str) -> None:
    served = 0

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        nonlocal served
        served = number
        await request_from(stream)

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base), how)
    assert type(failure) is (OutcomeUnknown if how == "write" else ProviderUnavailable)
    assert served == (1 if how == "write" else 3)


@pytest.mark.parametrize("how", ["read", "write"])
async def test_nobody_there(how: str) -> None:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = port_of(listener)
    await listener.aclose()
    failure = await failure_of(build(None, base_url=f"http://127.0.0.1:{port}"), how)
    assert type(failure) is ProviderUnavailable
    assert failure.message == "Platform (club) could not be reached: nothing was sent."


@pytest.mark.parametrize("how", ["read", "write"])
async def test_a_black_hole(how: str) -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await anyio.sleep_forever()

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base, total_seconds=SHORT), how)
    assert type(failure) is (OutcomeUnknown if how == "write" else ProviderUnavailable)
    assert "did not answer in time" in failure.message


async def test_a_write_whose_time_ran_out_before_it_left_did_not_happen() -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await anyio.sleep_forever()  # never answers the greeting of TLS

    async with loopback(handler) as base:
        secure = base.replace("http://", "https://")
        failure = await failure_of(build(None, base_url=secure, total_seconds=SHORT), "write")
    assert type(failure) is ProviderUnavailable
    assert "nothing was sent" in failure.message


async def test_an_answer_that_drips_forever_is_cut_by_the_total_limit() -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await stream.send(raw(b"", length=10**6))
        while True:
            await stream.send(b" ")
            await anyio.sleep(0.01)

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base, total_seconds=SHORT), "read")
    assert type(failure) is ProviderUnavailable


@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_50_megabyte_answer_is_not_read_to_its_end(how: str, *, announced: bool) -> None:
    sent = 0
    served = 0

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        nonlocal sent, served
        served = number
        await request_from(stream)
        if announced:
            await stream.send(raw(b"", length=50_000_000))
        else:
            await stream.send(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
        chunk = b" " * 65536
        while sent < 50_000_000:
            await stream.send(chunk if announced else b"10000\r\n" + chunk + b"\r\n")
            sent += len(chunk)

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base, max_bytes=1_000_000), how)
    assert type(failure) is (OutcomeUnknown if how == "write" else ProviderChanged)
    assert "more than Eventdesk reads" in failure.message
    assert served == 1
    assert sent < 40_000_000  # what the sockets' buffers take


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_stopped() -> None:
    packed = gzip.compress(b" " * 30_000_000)

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await stream.send(raw(packed, more=["Content-Encoding: gzip"]))

    async with loopback(handler) as base:
        failure = await failure_of(build(None, base_url=base), "read")
    assert type(failure) is ProviderChanged


async def test_an_answer_that_cannot_be_unpacked_is_told() -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await stream.send(raw(b"no gzip", more=["Content-Encoding: gzip"]))

    async with loopback(handler) as base:
        assert type(await failure_of(build(None, base_url=base), "read")) is ProviderChanged
        assert type(await failure_of(build(None, base_url=base), "write")) is OutcomeUnknown


async def test_an_answer_that_is_no_http_is_told() -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await stream.send(b"SSH-2.0-OpenSSH_9.6\r\n")

    async with loopback(handler) as base:
        assert type(await failure_of(build(None, base_url=base), "read")) is ProviderUnavailable
        assert type(await failure_of(build(None, base_url=base), "write")) is OutcomeUnknown


async def test_redirects_over_a_real_connection() -> None:
    paths: list[bytes] = []

    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        while True:
            request = await request_from(stream)
            paths.append(request.split(b" ")[1])
            if paths[-1] == b"/api/there":
                await stream.send(raw(b"[]"))
            else:
                await stream.send(raw(b"", status="302 Found", more=["Location: /api/there"]))

    follows = Dialect(title="Platform", sentence=sentence, redirects="same_host_reads")
    async with loopback(handler) as base:
        client = build(None, base_url=base, dialect=follows)
        assert await client.read(LIST, ROWS) == []
        with pytest.raises(OutcomeUnknown):
            await write(client)
        await client.aclose()
    assert paths == [b"/api/events/", b"/api/there", b"/api/events/7/people"]


async def test_a_connection_closed_while_idle_costs_nothing() -> None:
    async def handler(stream: anyio.abc.SocketStream, number: int) -> None:
        await request_from(stream)
        await stream.send(raw(b'{"id": %d}' % number))

    async with loopback(handler) as base:
        client = build(None, base_url=base)
        assert await write(client) == Row(id=1)
        await anyio.wait_all_tasks_blocked()
        assert await write(client) == Row(id=2)
        await client.aclose()


def test_all_clients_share_one_trust_store() -> None:
    assert exchange.trust() is exchange.trust()
    assert exchange.trust().verify_mode is ssl.CERT_REQUIRED
    assert exchange.trust().check_hostname


async def test_a_client_can_be_closed_before_and_after_use() -> None:
    client = build(httpx2.MockTransport(lambda _: httpx2.Response(200, json=[])))
    await client.aclose()
    assert await client.read(LIST, ROWS) == []
    await client.aclose()
    await client.aclose()
