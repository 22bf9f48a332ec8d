"""The page that allows a change, in a real browser on a narrow window, with nothing but the keyboard."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.outside.support import HERE, NODE, run
from tests.support import NOW

pytestmark = pytest.mark.anyio
TITLE = "שוק הרציף ‒ אוגוסט"
"""Read from right to left."""
EVENT = {
    "account": "club", "calendar": "boathouse", "title": TITLE, "starts": "2027-08-12T19:30", "ends": "2027-08-12T21:30",
    "description": "ערב על המים. " * 20 + "x" * 200, "published": True,
}  # fmt: skip


def browser() -> str:
    """A Chromium of this computer. `.ci/run` installs Debian's.

    Raises:
        FileNotFoundError: There is none.
    """
    named = os.environ.get("CHROMIUM", "")
    for name in (named, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise FileNotFoundError("no Chromium or Chrome is on the path: install one, or name it in CHROMIUM")


async def test_a_person_allows_a_change_by_keyboard_and_exactly_that_is_sent(tmp_path: Path) -> None:
    with Sandbox(now=NOW, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            club = connections["eventschedule"]
            settings = tmp_path / "config.toml"
            settings.write_text(
                f'now = "{NOW.isoformat()}"\n[accounts.club]\nprovider = "eventschedule"\n'
                f'base_url = "{club["base_url"]}"\nkey = "{club["key"]}"\n'
            )
            kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
            env = {**kept, "EVENTDESK_CONFIG": str(settings), "EVENTDESK_STATE_FOLDER": str(tmp_path / "state")}
            server = StdioServerParameters(command=sys.executable, args=["-m", "eventdesk_server"], env=env)
            with anyio.fail_after(120):
                async with Client(server) as client:

                    async def call() -> dict[str, Any]:
                        (block,) = (await client.call_tool("create_event", EVENT)).content
                        assert isinstance(block, TextContent)
                        return json.loads(block.text)

                    shown = await call()
                    assert shown["outcome"] == "preview"
                    assert _written(sandbox) == []
                    words = [str(NODE), str(HERE / "press_allow.mjs"), browser(), shown["approve_at"]]
                    pressed = await run([*words, *filter(None, [os.environ.get("PICTURES")])], seconds=90)
                    assert pressed.code == 0, pressed.said
                    met = json.loads(pressed.out)
                    assert _written(sandbox) == []
                    done = await call()
    assert (met["asked"], met["answered"]) == ("Allow this?", "Allowed")
    assert (met["lang"], met["wider"]) == ("en", 0)
    assert met["faults"] == {"light": [], "dark": []}
    assert met["contrasts"] is True
    assert [stop["text"] for stop in met["stops"]] == ["Allow, once", "Refuse"]
    for stop in met["stops"]:
        assert (stop["tag"], stop["outline"]) == ("BUTTON", "solid")
        assert stop["width"] >= 3
        assert stop["height"] >= 44
    assert done["outcome"] == "done"
    assert met["requests"] == _written(sandbox)


def _written(sandbox: Sandbox) -> list[str]:
    """What was sent, as the page shows requests."""
    found = [seen for seen in sandbox.faults.seen if seen.method not in {"GET", "HEAD"}]
    return [f"{seen.method} {seen.path.removeprefix('/api')}\n{seen.body.decode()}" for seen in found]
