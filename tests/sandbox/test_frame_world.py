"""The whole sandbox: mounts, seasons, credentials, and serving it over a socket."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World, unknown_keys
from eventdesk_server.sandbox.inprocess import ROOT_URL
from eventdesk_server.sandbox.serve import serve, serving
from eventdesk_server.sandbox.world import Sandbox, read_season

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Toy(StandIn):
    """A platform that keeps texts, and says where it believes it lives."""

    name = "toy"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.store.script(f"create table if not exists {self.name}_items (title text)")

    @override
    def app(self) -> Starlette:
        async def items(request: Request) -> JSONResponse:
            rows = [row["title"] for row in self.world.store.rows(f"select title from {self.name}_items")]
            now = self.world.clock.now().isoformat()
            return JSONResponse({"base": str(request.base_url), "rows": rows, "now": now, "limits": self.world.limits})

        return Starlette(routes=[Route("/items", items)])

    @property
    @override
    def base_path(self) -> str:
        return "/v1/"

    @override
    def credentials(self) -> dict[str, str]:
        return {"key": f"{self.name}-key"}

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        unknown_keys(season, ["titles"], "toy")
        for title in season["titles"]:
            self.world.store.insert(f"{self.name}_items", {"title": title})

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        return {"titles": [f"{rng.randrange(10**6)}"]}


class Other(Toy):
    name = "other"


async def read(sandbox: Sandbox, path: str = "/toy/items") -> dict[str, Any]:
    async with httpx2.AsyncClient(transport=sandbox.transport(), base_url=ROOT_URL) as client:
        return (await client.get(path)).json()


async def test_each_stand_in_lives_below_its_name_and_knows_it() -> None:
    with Sandbox([Toy, Other], empty=True) as sandbox:
        assert (await read(sandbox))["base"] == f"{ROOT_URL}/toy/"
        assert (await read(sandbox, "/other/items"))["base"] == f"{ROOT_URL}/other/"
        assert sandbox.providers == ("toy", "other")


async def test_anything_else_is_told_which_platforms_there_are() -> None:
    with Sandbox([Toy, Other], empty=True) as sandbox:
        for path in ("/", "/nobody/items"):
            assert await read(sandbox, path) == {"error": "The sandbox has these platforms: toy, other"}


def test_connections_hold_base_url_and_credentials() -> None:
    with Sandbox([Toy], empty=True) as sandbox:
        expected = {"toy": {"base_url": "http://127.0.0.1:1/toy/v1/", "key": "toy-key"}}
        assert sandbox.connections("http://127.0.0.1:1") == expected
        assert sandbox.connections("http://127.0.0.1:1/") == expected


async def test_the_demo_season_is_the_same_every_time_and_comes_when_first_needed() -> None:
    rows: list[object] = []
    for _ in range(2):
        with Sandbox([Toy], now=NOW) as sandbox:
            sandbox.connections(ROOT_URL)
            assert sandbox.world.store.rows("select * from toy_items") == []
            rows.append((await read(sandbox))["rows"])
    assert rows[0] == rows[1] != []


async def test_a_season_of_ones_own_replaces_the_demo_and_leaves_the_others_empty() -> None:
    with Sandbox([Toy, Other], season={"toy": {"titles": ["mine"]}}) as sandbox:
        assert (await read(sandbox))["rows"] == ["mine"]
        assert (await read(sandbox, "/other/items"))["rows"] == []


async def test_the_clock_can_be_pinned_and_moved_and_limits_switched_off() -> None:
    with Sandbox([Toy], now=NOW, limits=False, switches={"toy.x": 1}) as sandbox:
        sandbox.clock.advance(timedelta(hours=1))
        answer = await read(sandbox)
        assert (answer["now"], answer["limits"]) == ("2027-03-01T13:00:00+00:00", False)
        assert sandbox.world.switch("toy.x") == 1


async def test_a_file_keeps_the_state_and_is_filled_once(tmp_path: Path) -> None:
    for _ in range(2):
        with Sandbox([Toy], path=str(tmp_path / "toy.db")) as sandbox:
            assert len((await read(sandbox))["rows"]) == 1


@pytest.mark.parametrize(
    ("season", "message"),
    [
        ({"nobody": {}}, "nobody: no such provider; a season may name toy"),
        ({"toy": []}, "toy: must be an object"),
        ({"toy": {"titles": [], "tiles": []}}, "toy: toy: unknown key 'tiles'"),
    ],
)
def test_a_wrong_season_is_refused_by_its_path(season: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="toy") as raised:
        Sandbox([Toy], season=season)
    assert str(raised.value) == message


def test_a_stand_in_that_is_not_there_is_a_key_error() -> None:
    with Sandbox([Toy], empty=True) as sandbox, pytest.raises(KeyError):
        sandbox.standin("nobody")


def test_a_season_file_is_an_object(tmp_path: Path) -> None:
    path = tmp_path / "season.json"
    path.write_text('{"toy": {"titles": ["é"]}}', encoding="utf-8")
    assert read_season(str(path)) == {"toy": {"titles": ["é"]}}
    for text, message in (("[]", "an object"), ("{", "not JSON")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            read_season(str(path))


async def test_serving_answers_on_a_free_port_and_stops_at_the_end() -> None:
    with Sandbox([Toy], season={"toy": {"titles": ["mine"]}}) as sandbox:
        async with serving(sandbox) as connections:
            root = connections["toy"]["base_url"].removesuffix("/toy/v1/")
            assert root.startswith("http://127.0.0.1:")
            async with httpx2.AsyncClient(base_url=root, trust_env=False) as client:
                answer = await client.get("/toy/items")
                assert answer.json()["base"] == f"{root}/toy/"
                assert "server" not in answer.headers
        async with httpx2.AsyncClient(base_url=root, trust_env=False) as client:
            with pytest.raises(httpx2.ConnectError):
                await client.get("/toy/items")


async def test_a_port_that_is_taken_is_an_os_error() -> None:
    with Sandbox([Toy], empty=True) as sandbox:
        async with serving(sandbox) as connections:
            port = httpx2.URL(connections["toy"]["base_url"]).port
            assert port is not None
            with pytest.raises(OSError, match="in use"):
                await serve(sandbox, port)


async def test_serve_ends_when_it_is_cancelled() -> None:
    with Sandbox([Toy], empty=True) as sandbox:
        roots: list[str] = []
        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:

                def ready(connections: dict[str, dict[str, str]]) -> None:
                    roots.append(connections["toy"]["base_url"])
                    tasks.cancel_scope.cancel()

                await serve(sandbox, 0, ready)
        assert len(roots) == 1


PROGRAM = """
import sys, json, anyio
sys.path.insert(0, {folder!r})
from test_frame_world import Sandbox, Toy, serve
with Sandbox([Toy], empty=True) as sandbox:
    anyio.run(serve, sandbox, 0, lambda found: (sys.stdout.write(json.dumps(found) + "\\n"), sys.stdout.flush()))
sys.stdout.write("closed\\n")
"""


if sys.platform == "win32":
    # The one signal that can be sent to another process there; it goes to a group, so the program gets its own.
    NUMBERS, OWN_GROUP = [signal.CTRL_BREAK_EVENT], subprocess.CREATE_NEW_PROCESS_GROUP
else:
    NUMBERS, OWN_GROUP = [signal.SIGTERM, signal.SIGINT], 0


@pytest.mark.parametrize("number", NUMBERS)
def test_serve_ends_in_good_order_on_a_signal(number: signal.Signals) -> None:
    program = PROGRAM.format(folder=str(Path(__file__).parent))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
        creationflags=OWN_GROUP,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert set(json.loads(process.stdout.readline())) == {"toy"}
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stdout.read() == "closed\n"
        assert process.stderr.read() == ""
