"""Progress over MCP: on every call that can take more than two seconds, for clients that ask for it."""

import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from eventdesk_server.sandbox.faults import Faults, parse_faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.mcp.conftest import Chat, Era, Human, chatting
from tests.support import NOW

pytestmark = pytest.mark.anyio
Told = list[tuple[float, float | None, str | None]]
EVENT = "demo-eventtia:harbor-design-days"
LONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a calendar of five accounts": ("list_events", {}),
    "everywhere that somebody is registered": ("list_attendees", {"email": "ada.holm12@example.com"}),
    "people": ("list_attendees", {"event": EVENT}),
    "people, counted": ("list_attendees", {"event": EVENT, "count_by": "ticket"}),
    "sales": ("list_sales", {"account": "demo-eventschedule"}),
    "sessions": ("list_sessions", {"event": EVENT}),
    "figures of all": ("event_summary", {}),
    "an export": ("export_list", {"list": "attendees", "event": EVENT}),
    "a batch": (
        "register_attendees",
        {"event": EVENT, "ticket": "General", "rows": [{"name": f"Ada Quay{n}", "email": f"ada{n}@new.example"} for n in range(3)]},
    ),
}  # fmt: skip


def listener() -> tuple[Told, Callable[..., Any]]:
    told: Told = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    return told, progress


def rises(told: Told) -> bool:
    values = [value for value, _, _ in told]
    return all(a < b for a, b in itertools.pairwise(values))


async def told_of(chat: Chat, tool: str, given: dict[str, Any]) -> Told:
    told, progress = listener()
    result = await chat.client.call_tool(tool, given, progress_callback=progress)
    assert not result.is_error, result.content
    return told


@pytest.mark.parametrize(("tool", "given"), LONG.values(), ids=list(LONG))
async def test_every_long_call_tells_how_far_it_is(era: Era, tool: str, given: dict[str, Any], tmp_path: Path) -> None:
    options = {"export_folder": str(tmp_path)}
    async with chatting(era=era, human=Human(), options=options) as chat:
        told = await told_of(chat, tool, given)
    assert told
    assert rises(told)
    assert all(total is None or value <= total for value, total, _ in told)
    assert all(message for _, _, message in told)


async def test_a_list_in_many_pages_counts_its_rows_through(era: Era, tmp_path: Path) -> None:
    async with chatting("heysummit", era=era, options={"export_folder": str(tmp_path)}) as chat:
        told = await told_of(chat, "export_list", {"list": "attendees", "event": "demo-heysummit:4711"})
        rows = (await chat.call("export_list", list="attendees", event="demo-heysummit:4711"))["rows"]
    assert told[-1] == (rows, rows, f"{rows} rows")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_platform_that_is_slow_to_answer_is_reported_meanwhile(mode: Any, tmp_path: Path) -> None:
    """One request, nothing to count: the client still hears every two seconds that the call is alive."""
    told, tell = listener()
    enough = anyio.Event()

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        await tell(progress, total, message)
        if len(told) == 2:
            enough.set()

    async def until_heard(_: float) -> None:
        await enough.wait()

    faults = Faults(parse_faults([{"kind": "delay", "seconds": 1, "path": "/events", "times": 1}]), sleep=until_heard)
    with Sandbox(now=NOW, faults=faults) as sandbox:
        async with serving(sandbox) as connections:
            club = connections["eventschedule"]
            settings = tmp_path / "config.toml"
            settings.write_text(
                f'[accounts.club]\nprovider = "eventschedule"\nbase_url = "{club["base_url"]}"\nkey = "{club["key"]}"\n'
            )
            kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
            env = {**kept, "EVENTDESK_CONFIG": str(settings), "EVENTDESK_STATE_FOLDER": str(tmp_path / "state")}
            server = StdioServerParameters(command=sys.executable, args=["-m", "eventdesk_server"], env=env)
            with anyio.fail_after(60):
                async with Client(server, mode=mode) as client:
                    result = await client.call_tool("list_events", {"account": "club"}, progress_callback=heard)
    assert not result.is_error
    assert len(told) >= 2
    assert rises(told)
    assert told[0][2] == "working"
