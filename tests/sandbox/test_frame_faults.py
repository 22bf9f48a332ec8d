"""Faults, each met the same way in process and over a socket."""

import json
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.faultlayer import ConnectionBroken
from eventdesk_server.sandbox.faults import Fault, Faults, Seen, parse_faults, read_faults
from eventdesk_server.sandbox.inprocess import ROOT_URL, SandboxTransport
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox

pytestmark = pytest.mark.anyio

PATIENCE = 0.15
BROKEN = (httpx2.ReadError, httpx2.RemoteProtocolError)


class Toy(StandIn):
    """A platform that keeps a list of texts."""

    name = "toy"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.store.script("create table if not exists toy_items (id integer primary key, title text not null)")

    @override
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/api/items", self.items, methods=["GET", "POST"])])

    @property
    @override
    def base_path(self) -> str:
        return "/api"

    @override
    def credentials(self) -> dict[str, str]:
        return {"key": "toy-key"}

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        raise NotImplementedError

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def titles(self) -> list[str]:
        return [row["title"] for row in self.world.store.rows("select title from toy_items order by id")]

    async def items(self, request: Request) -> Response:
        if request.method == "POST":
            title = (await request.json())["title"]
            number = self.world.store.insert("toy_items", {"title": title})
            return JSONResponse({"id": number, "title": title}, 201)
        return JSONResponse(self.titles)


class Desk:
    """A sandbox, a client of it, and its toy."""

    def __init__(self, sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
        self.sandbox = sandbox
        self.faults = sandbox.faults
        self.client = client
        toy = sandbox.standin("toy")
        assert isinstance(toy, Toy)
        self.toy = toy

    async def add(self, title: str = "one") -> httpx2.Response:
        return await self.client.post("/api/items", json={"title": title})


@asynccontextmanager
async def opened(way: str, faults: Faults | None = None) -> AsyncGenerator[Desk]:
    with Sandbox([Toy], empty=True, faults=faults) as sandbox:
        timeout = httpx2.Timeout(5, read=PATIENCE)
        if way == "in process":
            async with httpx2.AsyncClient(
                transport=sandbox.transport(), base_url=f"{ROOT_URL}/toy", timeout=timeout
            ) as client:
                yield Desk(sandbox, client)
        else:
            async with serving(sandbox) as connections:
                url = connections["toy"]["base_url"].removesuffix("/api")
                async with httpx2.AsyncClient(base_url=url, timeout=timeout, trust_env=False) as client:
                    yield Desk(sandbox, client)


@pytest.fixture(params=["in process", "socket"])
async def desk(request: pytest.FixtureRequest) -> AsyncGenerator[Desk]:
    async with opened(request.param) as made:
        yield made


async def test_without_faults_requests_pass_and_nothing_is_kept(desk: Desk) -> None:
    answer = await desk.add()
    assert (answer.status_code, answer.json()) == (201, {"id": 1, "title": "one"})
    assert not desk.faults.seen
    assert not desk.faults.log


async def test_a_recorded_request_is_kept_whole(desk: Desk) -> None:
    desk.faults.record = True
    await desk.client.post("/api/items", params={"a": "b c"}, json={"title": "é"}, headers={"X-Mark": "1"})
    (seen,) = desk.faults.seen
    assert (seen.provider, seen.method, seen.path, seen.query) == ("toy", "POST", "/api/items", "a=b+c")
    assert seen.json() == {"title": "é"}
    assert seen.header("x-mark") == "1"
    assert seen.header("x-other") is None
    desk.faults.forget()
    assert not desk.faults.seen


async def test_a_drop_before_leaves_nothing_behind(desk: Desk) -> None:
    desk.faults.add(Fault(kind="drop_before", method="post", times=1))
    with pytest.raises(BROKEN):
        await desk.add()
    assert desk.toy.titles == []
    assert (await desk.add()).status_code == 201


@pytest.mark.parametrize("reset", [False, True])
async def test_a_drop_after_leaves_the_record_behind(desk: Desk, reset: bool) -> None:
    desk.faults.add(Fault(kind="drop_after", times=1, reset=reset))
    with pytest.raises(httpx2.ReadError if reset else BROKEN):
        await desk.add()
    assert desk.toy.titles == ["one"]


async def test_a_short_delay_is_waited_for(desk: Desk) -> None:
    desk.faults.add(Fault(kind="delay", seconds=0.02, times=1))
    assert (await desk.add()).json() == {"id": 1, "title": "one"}
    assert desk.toy.titles == ["one"]


@pytest.mark.parametrize("kind", ["delay", "late_commit"])
async def test_what_comes_after_the_clients_patience_is_committed_all_the_same(desk: Desk, kind: str) -> None:
    desk.faults.add(*parse_faults([{"kind": kind, "seconds": PATIENCE * 2, "times": 1}]))
    with pytest.raises(httpx2.ReadTimeout):
        await desk.add()
    assert (await desk.client.get("/api/items")).json() == []
    await anyio.sleep(PATIENCE * 1.5)
    assert (await desk.client.get("/api/items")).json() == ["one"]


async def test_a_late_commit_may_come_within_the_patience_and_is_never_answered(desk: Desk) -> None:
    desk.faults.add(Fault(kind="late_commit", seconds=0.01, times=1))
    with pytest.raises(httpx2.ReadTimeout):
        await desk.add()
    assert desk.toy.titles == ["one"]


async def test_a_client_that_is_cancelled_does_not_stop_a_late_commit(desk: Desk) -> None:
    desk.faults.add(Fault(kind="late_commit", seconds=0.05, times=1))
    with anyio.move_on_after(0.02):
        await desk.add()
    assert desk.toy.titles == []
    await anyio.sleep(0.1)
    assert (await desk.client.get("/api/items")).json() == ["one"]


async def test_settling_commits_what_is_late_at_once_and_only_once(desk: Desk) -> None:
    desk.faults.add(Fault(kind="late_commit", seconds=60, times=1))
    with pytest.raises(httpx2.ReadTimeout):
        await desk.add()
    assert await desk.faults.settle() == 1
    assert desk.toy.titles == ["one"]
    assert await desk.faults.settle() == 0


async def test_a_black_hole_never_answers_and_commits_nothing(desk: Desk) -> None:
    desk.faults.add(Fault(kind="black_hole", times=1))
    with pytest.raises(httpx2.ReadTimeout):
        await desk.add()
    assert desk.toy.titles == []


async def test_a_status_comes_with_its_header_and_body_instead_of_the_platforms(desk: Desk) -> None:
    desk.faults.add(Fault(kind="status", code=429, retry_after=7, body={"error": "slow down"}, times=1))
    answer = await desk.add()
    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (429, "7", {"error": "slow down"})
    assert desk.toy.titles == []


async def test_a_status_may_come_after_the_commit(desk: Desk) -> None:
    desk.faults.add(Fault(kind="status", commit=True, times=1))
    answer = await desk.add()
    assert (answer.status_code, answer.text) == (503, "Service Unavailable")
    assert desk.toy.titles == ["one"]


async def test_a_status_without_a_body_and_one_of_no_known_name_are_sent(desk: Desk) -> None:
    desk.faults.add(Fault(kind="status", code=204, body="x", times=1), Fault(kind="status", code=599, times=1))
    assert (await desk.add()).content == b""
    assert (await desk.add()).status_code == 599


async def test_html_comes_from_a_gateway(desk: Desk) -> None:
    desk.faults.add(Fault(kind="html", code=404, times=1))
    answer = await desk.add()
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>404 Not Found</h1>" in answer.text


async def test_a_redirect_leads_elsewhere(desk: Desk) -> None:
    desk.faults.add(Fault(kind="redirect", code=307, location="http://elsewhere.invalid/", times=1))
    answer = await desk.add()
    assert (answer.status_code, answer.headers["location"]) == (307, "http://elsewhere.invalid/")


async def test_a_truncated_answer_breaks_off_after_half(desk: Desk) -> None:
    desk.faults.add(Fault(kind="truncated", times=1))
    async with desk.client.stream("POST", "/api/items", json={"title": "one"}) as answer:
        assert answer.headers["content-length"] == "22"
        parts = answer.aiter_raw()
        assert await anext(parts) == b'{"id":1,"ti'
        with pytest.raises(httpx2.RemoteProtocolError):
            await anext(parts)
    assert desk.toy.titles == ["one"]


async def test_a_malformed_answer_keeps_its_status_and_is_not_json(desk: Desk) -> None:
    desk.faults.add(Fault(kind="malformed"))
    answer = await desk.add()
    assert answer.status_code == 201
    for broken in (answer, await desk.client.get("/api/items"), await desk.client.get("/api/none")):
        with pytest.raises(json.JSONDecodeError):
            broken.json()


async def test_bytes_that_are_not_utf_8_reach_the_client(desk: Desk) -> None:
    desk.faults.add(Fault(kind="invalid_utf8", times=1))
    answer = await desk.add()
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("wrapped", [{"id": 1, "title": "one"}]),
        ("renamed", {"id_v9": 1, "title_v9": "one"}),
        ("retyped", {"id": "<1>", "title": 3}),
        ("null", None),
        ("empty", {}),
    ],
)
async def test_a_wrong_shape_is_valid_json_of_another_kind(desk: Desk, shape: str, expected: object) -> None:
    desk.faults.add(*parse_faults({"kind": "wrong_shape", "shape": shape, "times": 1}))
    answer = await desk.add()
    assert (answer.status_code, answer.json()) == (201, expected)


async def test_a_list_of_the_wrong_shape_is_an_object(desk: Desk) -> None:
    desk.faults.add(Fault(kind="wrong_shape"))
    assert (await desk.client.get("/api/items")).json() == {"wrapped": []}


@pytest.mark.parametrize("size", [2, 5, 65_546, 300_000])
async def test_a_huge_answer_is_exactly_as_large_as_asked_and_valid_json(desk: Desk, size: int) -> None:
    desk.faults.add(Fault(kind="huge", bytes=size, times=1))
    answer = await desk.client.get("/api/items")
    assert len(answer.content) == size
    assert isinstance(answer.json(), list)


async def test_a_huge_answer_is_made_while_it_is_read(desk: Desk) -> None:
    desk.faults.add(Fault(kind="huge", bytes=10**12, times=1))
    async with desk.client.stream("GET", "/api/items") as answer:
        async for _ in answer.aiter_raw():
            break


async def test_a_twin_is_there_before_the_request(desk: Desk) -> None:
    desk.faults.add(Fault(twin={"title": "nearly one"}, times=1), Fault(twin={}, times=1))
    assert (await desk.add()).json()["id"] == 2
    await desk.add("two")
    assert desk.toy.titles == ["nearly one", "one", "two", "two"]


async def test_a_look_alike_goes_in_before_a_request_that_is_then_dropped(desk: Desk) -> None:
    async def insert(seen: Seen) -> None:
        desk.toy.world.store.insert("toy_items", {"title": f"like {seen.json()['title']}"})

    desk.faults.add(Fault(kind="drop_before", look_alike=insert, times=1))
    with pytest.raises(BROKEN):
        await desk.add()
    assert desk.toy.titles == ["like one"]


async def test_faults_choose_their_requests_by_provider_method_and_path() -> None:
    async with opened("in process") as desk:
        desk.faults.add(
            Fault(kind="status", provider="other"),
            Fault(kind="status", method="DELETE"),
            Fault(kind="status", path="^/items"),
        )
        assert (await desk.add()).status_code == 201
        desk.faults.add(Fault(kind="status", provider="toy", method="POST", path="/items$", skip=1, times=2))
        assert [(await desk.add()).status_code for _ in range(4)] == [201, 503, 503, 201]
        assert [struck.fault.skip for struck in desk.faults.log] == [1, 1]
        desk.faults.add(Fault(kind="status"))
        assert (await desk.client.get("/api/items")).status_code == 503
        desk.faults.clear()
        assert (await desk.client.get("/api/items")).status_code == 200


async def test_time_can_be_a_tests_own() -> None:
    waits: list[float] = []
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    faults = Faults([Fault(kind="late_commit", seconds=90, times=1)], sleep=sleep, monotonic=lambda: now)
    async with opened("in process", faults) as desk:
        with pytest.raises(httpx2.ReadTimeout):
            await desk.add()
        assert waits == [PATIENCE]
        assert (await desk.client.get("/api/items")).json() == []
        now = 90.0
        assert (await desk.client.get("/api/items")).json() == ["one"]


async def test_in_process_only_the_sandboxs_own_address_is_answered() -> None:
    with Sandbox([Toy], empty=True) as sandbox:
        async with httpx2.AsyncClient(transport=SandboxTransport(sandbox.app)) as client:
            for url in ("http://example.org/toy/api/items", "https://sandbox.localhost/toy/api/items"):
                with pytest.raises(httpx2.ConnectError):
                    await client.get(url)


async def test_under_a_carrier_that_cannot_break_a_connection_a_drop_is_an_exception() -> None:
    faults = Faults([Fault(kind="drop_after", times=1), Fault(kind="truncated", times=1), Fault(kind="huge", bytes=9)])
    with Sandbox([Toy], empty=True, faults=faults) as sandbox:
        transport = httpx2.ASGITransport(app=sandbox.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ROOT_URL) as client:
            for _ in range(2):
                with pytest.raises(ConnectionBroken):
                    await client.get("/toy/api/items")
            assert len((await client.get("/toy/api/items")).content) == 9


def test_faults_are_read_from_json_in_place_or_from_a_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = '[{"kind": "huge", "bytes": 12, "provider": "evvnt"}, {"kind": "delay", "seconds": 1}]'
    path = tmp_path_factory.mktemp("faults") / "faults.json"
    path.write_text(text, encoding="utf-8")
    for argument in (text, str(path)):
        huge, delay = read_faults(argument)
        assert (huge.kind, huge.size, huge.provider, delay.seconds) == ("huge", 12, "evvnt", 1.0)
    assert len(read_faults('{"kind": "html"}')) == 1


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([{"kind": "explode"}], "faults[0].kind"),
        ([{"kind": "html"}, {"kind": "html", "sort": 1}], "faults[1].sort"),
        ([{"kind": "redirect"}], "location is missing"),
        ([{"kind": "delay"}], "seconds is missing"),
        ([{"path": "("}], "faults[0].path"),
        ("html", "faults"),
    ],
)
def test_a_wrong_fault_is_refused_by_its_path(data: object, path: str) -> None:
    with pytest.raises(ValueError, match="faults") as raised:
        parse_faults(data)
    assert path in str(raised.value)


def test_faults_that_are_not_json_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        read_faults("[{")
