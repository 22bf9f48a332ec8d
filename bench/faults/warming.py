"""Every deed once, in this process and with nothing wrong: what is imported and built on first use is shared by all forks."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio
from mcp import Client

from bench.faults.deeds import Stage
from bench.faults.hosts import Person
from bench.faults.plots import STAGES
from bench.faults.worlds import settings_of, world_of
from eventdesk_server.app import build
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.settings import Settings


def warm(providers: Sequence[str]) -> None:
    """Carry out each deed of each stage; the answers are not looked at."""
    folder = Path(tempfile.mkdtemp(prefix="eventdesk-faults-"))
    try:
        for provider in providers:
            for stage in STAGES[provider]:
                anyio.run(_each, stage, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _each(stage: Stage, folder: Path) -> None:
    with world_of(stage) as box:
        async with serving(box) as connections:
            app = build(Settings.model_validate(settings_of(box, stage, connections, folder)))
            deeds = stage.deeds(box.world.store, 1)
            for mode in ("legacy", "auto"):
                async with Client(app.server, mode=mode, elicitation_callback=Person(), cache=None) as client:
                    for deed in deeds:
                        await client.call_tool(deed.tool, dict(deed.arguments))
