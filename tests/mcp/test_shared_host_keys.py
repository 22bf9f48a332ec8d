"""A host's key and identical calls at once, in two servers that are processes over one state folder."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from eventdesk_server.binding import HOST_KEY
from tests.mcp.test_shared_journal import ADA, Slow, slow
from tests.mcp.test_stdio import Wire, started

pytestmark = pytest.mark.anyio
KEY = "run-7/ada"


async def under(wire: Wire, key: str, **more: Any) -> dict[str, Any]:
    answer = await wire.ask("tools/call", name="register_attendee", arguments=ADA | more, _meta={HOST_KEY: key})
    return json.loads(answer["result"]["content"][0]["text"])


def told(answer: dict[str, Any]) -> str:
    return answer["outcome"] if "outcome" in answer else answer["error"]["code"]


async def both(platform: Slow, one: Wire, first: dict[str, Any], two: Wire, second: dict[str, Any]) -> list[str]:
    """What two servers answer, the second asked while the first's request is on its way."""
    answers = ["", ""]

    async def ask(wire: Wire, at: int, given: dict[str, Any]) -> None:
        answers[at] = told(await under(wire, **given))
        if at:
            platform.go_on.set()

    async with anyio.create_task_group() as group:
        group.start_soon(ask, one, 0, first)
        await platform.reached.wait()
        if second == first or second["key"] != first["key"]:
            platform.go_on.set()  # the second waits for the first
        group.start_soon(ask, two, 1, second)
    return answers


CASES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "the same call under the same key": ({"key": KEY}, {"already_done", "already_registered"}),
    "the same call under another key": ({"key": "other"}, {"already_done", "already_registered"}),
    "another call under the same key": ({"key": KEY, "email": "bo@mail.test"}, {"conflict"}),
}


@pytest.mark.parametrize("case", CASES)
async def test_of_two_calls_at_once_in_two_processes_one_request_leaves(tmp_path: Path, case: str) -> None:
    second, expected = CASES[case]
    async with slow(tmp_path) as platform, started(platform.env) as one, started(platform.env) as two:
        await one.open()
        await two.open()
        answers = await both(platform, one, {"key": KEY}, two, second)
        assert answers[0] == "done"
        assert answers[1] in expected
        assert platform.posts == 1
        assert told(await under(two, KEY)) in {"already_done", "already_registered"}
        assert told(await under(one, KEY, name="Bo Quay")) in {"already_registered", "conflict"}
        assert platform.posts == 1


async def test_eight_identical_calls_in_two_processes_make_one_request(tmp_path: Path) -> None:
    answers: list[str] = []
    async with slow(tmp_path) as platform:
        platform.go_on.set()
        async with started(platform.env) as one, started(platform.env) as two:
            for wire in (one, two):
                await wire.open()
            for number in range(8):
                message: dict[str, Any] = {"jsonrpc": "2.0", "id": f"n{number}", "method": "tools/call"}
                message["params"] = {"name": "register_attendee", "arguments": ADA, "_meta": {HOST_KEY: KEY}}
                await (one, two)[number % 2].send(json.dumps(message).encode() + b"\n")
            for number in range(8):
                answer = await (one, two)[number % 2].receive()
                answers.append(told(json.loads(answer["result"]["content"][0]["text"])))
        assert platform.posts == 1
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "already_done", "already_registered"}
