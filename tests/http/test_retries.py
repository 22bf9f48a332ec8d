"""What is sent again, and what never is."""

import logging
import re
from datetime import timedelta
from email.utils import format_datetime

import anyio
import httpx2
import pytest
from pydantic import TypeAdapter
from typing_extensions import override

from eventdesk_server.http.policy import Dialect, IdleReset, Refusal, Window
from eventdesk_tools.errors import (
    Conflict,
    OutcomeUnknown,
    ProviderChanged,
    ProviderUnavailable,
    RateLimited,
)
from tests.http.support import (
    ADD,
    LIST,
    SET,
    START,
    Clock,
    Row,
    Script,
    build,
    page,
    reply,
    sentence,
)

pytestmark = pytest.mark.anyio

ROWS = TypeAdapter(list[Row])
SENT_AND_LOST = [
    httpx2.ReadError("reset"),
    httpx2.ReadTimeout("slow"),
    httpx2.WriteTimeout("slow"),
    httpx2.WriteError("reset"),
    httpx2.RemoteProtocolError("cut off"),
]
NEVER_SENT = [httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), httpx2.PoolTimeout("busy")]


@pytest.mark.parametrize(
    "failure", [*SENT_AND_LOST, *NEVER_SENT, reply(500), reply(503), page(502), reply(429)], ids=str
)
async def test_a_read_is_repeated_twice_with_growing_pauses(failure: httpx2.Response | Exception) -> None:
    clock, script = Clock(), Script(failure, failure, reply(body=[{"id": 1}]))
    assert await build(script, clock=clock).read(LIST, ROWS) == [Row(id=1)]
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize("failure", [*SENT_AND_LOST, *NEVER_SENT, reply(500)], ids=str)
async def test_a_read_is_given_up_after_three_attempts(failure: httpx2.Response | Exception) -> None:
    script = Script(*[failure] * 4)
    with pytest.raises(ProviderUnavailable, match=r"Platform \(club\)"):
        await build(script).read(LIST, ROWS)
    assert len(script.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 423])
async def test_a_read_that_was_refused_is_not_repeated(status: int) -> None:
    script = Script(*[reply(status)] * 2)
    with pytest.raises(Exception, match=r"Platform \(club\)"):
        await build(script).read(LIST, ROWS)
    assert len(script.requests) == 1


@pytest.mark.parametrize("failure", [*SENT_AND_LOST, reply(500), reply(503, retry_after="1"), page(504)], ids=str)
@pytest.mark.parametrize("operation", [ADD, SET])
async def test_a_write_that_may_have_happened_is_never_repeated(
    failure: httpx2.Response | Exception, operation: object
) -> None:
    script = Script(failure, reply(201, {"id": 1}))
    client = build(script)
    prepared = client.prepare(ADD if operation is ADD else SET, path={"event": "7"})
    with pytest.raises(OutcomeUnknown, match="it may have been done"):
        await client.send(prepared, Row)
    assert len(script.requests) == 1


@pytest.mark.parametrize("failure", [*NEVER_SENT, reply(429)], ids=str)
async def test_a_write_that_certainly_did_not_happen_is_repeated(failure: httpx2.Response | Exception) -> None:
    script = Script(failure, failure, reply(201, {"id": 1}))
    client = build(script)
    assert await client.send(client.prepare(ADD, path={"event": "7"}), Row) == Row(id=1)


async def test_a_write_without_a_connection_changed_nothing() -> None:
    script = Script(*[httpx2.ConnectError("refused")] * 3)
    client = build(script)
    with pytest.raises(ProviderUnavailable, match="nothing was sent"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        page(200),
        reply(body=b'{"id": 1'),
        reply(body=b'{"id": "\xff"}'),
        reply(body={"name": "x"}),
        reply(body=b""),
        httpx2.Response(200, content=b'{"id": 1}', headers={"content-type": "text/csv"}),
    ],
    ids=["page", "cut", "not UTF-8", "wrong shape", "empty", "csv"],
)
async def test_a_2xx_that_is_not_understood_leaves_a_write_unknown_and_a_read_changed(answer: httpx2.Response) -> None:
    client = build(Script(answer))
    with pytest.raises(OutcomeUnknown):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    with pytest.raises(ProviderChanged):
        await build(Script(answer)).read(LIST, Row)


async def test_a_wrong_shape_names_the_place_and_no_value() -> None:
    script = Script(reply(body=[{"id": 1}, {"id": "Joan Secret", "title": "x"}]))
    with pytest.raises(ProviderChanged) as caught:
        await build(script).read(LIST, ROWS)
    assert caught.value.message == (
        "Platform (club) answered list_events in another shape than documented: 1.id is of another kind (int_parsing)."
    )


@pytest.mark.parametrize("body", [b"", b"null", b" \n", b"\xef\xbb\xbfnull"])
async def test_an_empty_answer_is_none_where_none_is_allowed(body: bytes) -> None:
    answer = httpx2.Response(
        204 if not body else 200, content=body, headers={"content-type": "text/html"} if not body else {}
    )
    assert await build(Script(answer)).read(LIST, TypeAdapter(Row | None)) is None


@pytest.mark.parametrize("status", [302, 303, 300, 304])
async def test_a_write_that_is_answered_with_another_place_to_look_at_may_have_happened(status: int) -> None:
    script = Script(reply(status, location="https://api.example.org/v1/elsewhere"))
    client = build(script, dialect=Dialect(title="Platform", sentence=sentence, redirects="same_host_reads"))
    with pytest.raises(OutcomeUnknown, match=r"redirected the request .* may have been done"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert len(script.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_redirected_write_did_not_happen_and_is_not_followed(status: int) -> None:
    script = Script(reply(status, location="https://api.example.org/v1/elsewhere"))
    client = build(script, dialect=Dialect(title="Platform", sentence=sentence, redirects="same_host_reads"))
    with pytest.raises(ProviderChanged, match="redirected the request") as caught:
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert "base_url" in caught.value.next
    assert len(script.requests) == 1


FOLLOWS = Dialect(title="Platform", sentence=sentence, redirects="same_host_reads")


@pytest.mark.parametrize(
    "location", ["/v1/events/x", "https://api.example.org/v1/events/x", "https://api.example.org:443/v1/events/x"]
)
async def test_a_read_follows_a_redirect_on_the_same_host(location: str) -> None:
    script = Script(reply(301, location=location), reply(body=[]))
    assert await build(script, dialect=FOLLOWS).read(LIST, ROWS) == []
    assert script.targets[1] == "GET /v1/events/x"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/v1",
        "//evil.example/v1",
        "http://api.example.org/v1/events/",
        "https://api.example.org:444/v1",
        "https://u:p@api.example.org/v1",
        "https://[bad",
        "",
    ],
)
async def test_a_key_never_follows_a_redirect_to_another_place(location: str) -> None:
    script = Script(reply(302, location=location))
    with pytest.raises(ProviderChanged, match="redirected"):
        await build(script, dialect=FOLLOWS).read(LIST, ROWS)
    assert len(script.requests) == 1


async def test_redirects_end() -> None:
    script = Script(*[reply(302, location="/v1/events/")] * 9)
    with pytest.raises(ProviderChanged, match="redirected"):
        await build(script, dialect=FOLLOWS).read(LIST, ROWS)
    assert len(script.requests) == 4


async def test_a_dialect_without_redirects_follows_none() -> None:
    with pytest.raises(ProviderChanged, match="redirected"):
        await build(Script(reply(302, location="/v1/x"))).read(LIST, ROWS)


@pytest.mark.parametrize(
    "told",
    [{"retry_after": "7"}, {"retry_after": format_datetime(START + timedelta(seconds=7), usegmt=True)}],
    ids=["seconds", "date"],
)
async def test_retry_after_is_honoured_in_both_forms(told: dict[str, str]) -> None:
    clock = Clock()
    script = Script(reply(429, **told), reply(body=[]))
    assert await build(script, clock=clock).read(LIST, ROWS) == []
    assert clock.slept == [7.0]


async def test_a_retry_date_counts_from_the_answers_own_date() -> None:
    clock = Clock()
    then = START + timedelta(days=400)
    date, until = (format_datetime(at, usegmt=True) for at in (then, then + timedelta(seconds=4)))
    script = Script(reply(503, retry_after=until, date=date), reply(body=[]))
    assert await build(script, clock=clock).read(LIST, ROWS) == []
    assert clock.slept == [4.0]


@pytest.mark.parametrize("operation", ["read", "write"])
async def test_a_wait_longer_than_the_time_left_is_told_instead(operation: str) -> None:
    clock, script = Clock(), Script(reply(429, {"error": "slow down"}, retry_after="60"))
    client = build(script, clock=clock)

    async def call() -> object:
        if operation == "read":
            return await client.read(LIST, ROWS)
        return await client.send(client.prepare(ADD, path={"event": "7"}), Row)

    with pytest.raises(RateLimited) as caught:
        await call()
    assert caught.value.retry_after == 60
    assert clock.slept == []
    with pytest.raises(RateLimited, match="nothing was sent"):
        await call()
    assert len(script.requests) == 1


async def test_the_callers_deadline_bounds_the_waiting() -> None:
    clock, script = Clock(), Script(reply(429, retry_after="7"))
    with anyio.fail_after(5), pytest.raises(RateLimited) as caught:
        await build(script, clock=clock).read(LIST, ROWS)
    assert (caught.value.retry_after, clock.slept) == (7, [])


async def test_the_reason_gets_out_before_the_caller_gives_up() -> None:
    clock, script = Clock(), Script(reply(429, retry_after="9.9"))
    with anyio.fail_after(10), pytest.raises(RateLimited):
        await build(script, clock=clock).read(LIST, ROWS)
    assert clock.slept == []


async def test_an_own_limit_is_kept_before_the_platform_must_say_it() -> None:
    clock = Clock()
    dialect = Dialect(title="Platform", sentence=sentence, limits=[Window(2, 10)], concurrency=1)
    script = Script(*[reply(body=[])] * 4)
    client = build(script, clock=clock, dialect=dialect)
    for _ in range(3):
        await client.read(LIST, ROWS)
    assert clock.slept == [pytest.approx(10.05)]
    strict = build(script, dialect=Dialect(title="Platform", sentence=sentence, limits=[IdleReset(1, 60)]))
    await strict.read(LIST, ROWS)
    with pytest.raises(RateLimited) as caught:
        await strict.read(LIST, ROWS)
    assert caught.value.retry_after == pytest.approx(60.1)


async def test_no_more_requests_run_at_once_than_the_dialect_allows() -> None:
    running = most = 0
    gate = anyio.Event()

    async def slow(request: httpx2.Request) -> httpx2.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 2:
            gate.set()
        await gate.wait()
        await anyio.lowlevel.checkpoint()
        running -= 1
        return reply(body=[])

    client = build(Script(*[slow] * 8), dialect=Dialect(title="Platform", sentence=sentence, concurrency=2))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(client.read, LIST, ROWS)
    assert most == 2


async def test_cancelling_ends_a_read_at_once_and_frees_its_place() -> None:
    async def never(request: httpx2.Request) -> httpx2.Response:
        await anyio.sleep_forever()
        raise AssertionError

    script = Script(never, reply(body=[]))
    client = build(script, dialect=Dialect(title="Platform", sentence=sentence, concurrency=1))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(client.read, LIST, ROWS)
            while not script.requests:
                await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()
        assert await client.read(LIST, ROWS) == []


async def test_a_documented_refusal_wins_over_the_status() -> None:
    refusals = [Refusal(raises=Conflict, status=frozenset({500}), says=re.compile("duplicate"))]
    dialect = Dialect(title="Platform", sentence=sentence, refusals=refusals)
    script = Script(reply(500, {"error": "duplicate key"}))
    client = build(script, dialect=dialect)
    with pytest.raises(Conflict, match="duplicate key"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)


async def test_a_documented_unavailability_is_repeated_for_reads_only() -> None:
    refusals = [Refusal(raises=ProviderUnavailable, status=frozenset({503}), message="it is being maintained")]
    dialect = Dialect(title="Platform", sentence=sentence, refusals=refusals)
    script = Script(*[reply(503)] * 9)
    client = build(script, dialect=dialect)
    with pytest.raises(ProviderUnavailable, match="it is being maintained"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    assert len(script.requests) == 1
    with pytest.raises(ProviderUnavailable, match="it is being maintained"):
        await client.read(LIST, ROWS)
    assert len(script.requests) == 4


class Stuck(httpx2.AsyncHTTPTransport):
    """Never gets as far as sending."""

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await anyio.sleep_forever()
        raise AssertionError


async def test_a_write_stuck_before_its_first_byte_did_not_happen() -> None:
    client = build(Stuck(), total_seconds=0.05)
    with pytest.raises(ProviderUnavailable, match="nothing was sent"):
        await client.send(client.prepare(ADD, path={"event": "7"}), Row)
    await client.aclose()


async def test_the_log_tells_method_path_and_status_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = build(Script(reply(body=[])))
    await client.read(LIST, ROWS, query={"email": "joan@example.org"})
    ours = [record.getMessage() for record in caplog.records if record.name == "eventdesk.http"]
    assert ours == ["Platform (club): GET /events/ -> 200 in 0 ms, attempt 1"]
    assert "joan" not in caplog.text
