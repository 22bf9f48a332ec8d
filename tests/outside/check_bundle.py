"""The bundle (.mcpb) as it is published: judged and packed by the official tool, unpacked, and started as a chat app would."""

import json
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from eventdesk_tools import __version__
from tests.outside.support import HERE, NODE, ROOT, command, run

pytestmark = pytest.mark.anyio
MCPB = "@anthropic-ai/mcpb"
SECONDS = 120


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def unpacked(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left after the way to a person's computer; the folder has a space in its name."""
    folder = tmp_path_factory.mktemp("bundle")
    made = await run([sys.executable, "packaging/bundle.py", str(folder / "made")], seconds=SECONDS)
    assert made.code == 0, made.said
    file, there = folder / f"eventdesk-{__version__}.mcpb", folder / "Claude Extensions" / "eventdesk"
    for words in (
        ["validate", str(folder / "made" / "manifest.json")],
        ["pack", str(folder / "made"), str(file)],
        ["unpack", str(file), str(there)],
    ):
        ran = await run([*command(MCPB, "mcpb"), *words], seconds=SECONDS, folder=folder)
        assert ran.code == 0, ran.said
    return there


async def as_a_host_starts_it(folder: Path, form: Mapping[str, Any], home: Path) -> StdioServerParameters:
    ran = await run([str(NODE), "resolve_bundle.mjs", str(folder), json.dumps(form)], seconds=SECONDS, folder=HERE)
    assert ran.code == 0, ran.said
    config = json.loads(ran.out)
    assert config["command"] == "uv"
    return StdioServerParameters(
        command=config["command"], args=config["args"], env={**surroundings(home), **config["env"]}
    )


def surroundings(home: Path) -> dict[str, str]:
    """This computer's way to the registry, with the uv that the lock file names, and none of its person's settings."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("EVENTDESK_", "VIRTUAL_ENV"))
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**inherited, "PATH": path, "EVENTDESK_STATE_FOLDER": str(home / "state")}


def test_it_holds_what_it_needs_and_nothing_else(unpacked: Path) -> None:
    wheel = f"eventdesk-{__version__}-py3-none-any.whl"
    assert {path.name for path in unpacked.iterdir()} == {
        "LICENSE", "README.md", "main.py", "manifest.json", "pyproject.toml", wheel,
    }  # fmt: skip
    with zipfile.ZipFile(unpacked / wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    packages = [ROOT / folder / f"eventdesk_{folder}" for folder in ("prompts", "server", "tools")]
    files = [file for package in packages for file in package.rglob("*") if file.is_file()]
    sources = {file.relative_to(ROOT).as_posix().partition("/")[2] for file in files if "__pycache__" not in file.parts}
    assert shipped == sources, "with every text and table that stands beside the code"


async def test_it_starts_with_an_empty_form_and_lists_the_tools_it_names(unpacked: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "config.toml"
    nothing.touch()
    server = await as_a_host_starts_it(unpacked, {"settings_file": str(nothing)}, tmp_path)
    with anyio.fail_after(SECONDS):
        async with Client(server) as client:
            listed = (await client.list_tools()).tools
            answer = await client.call_tool("list_events", {"limit": 1})
            assert client.server_info is not None
            assert client.server_info.version == __version__
    named = json.loads((unpacked / "manifest.json").read_text(encoding="utf-8"))["tools"]
    assert [tool.name for tool in listed] == [tool["name"] for tool in named]
    assert '"sandbox":true' in answer.content[0].model_dump()["text"]


async def test_the_form_reaches_the_settings(unpacked: Path, tmp_path: Path) -> None:
    settings = tmp_path / "my settings.toml"
    settings.write_text('[accounts.eventhq]\nbase_url = "http://127.0.0.1:9/api"\n', encoding="utf-8")
    form = {"eventhq_key": "invented-key", "read_only": True, "settings_file": str(settings)}
    server = await as_a_host_starts_it(unpacked, form, tmp_path)
    with anyio.fail_after(SECONDS):
        async with Client(server) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            answer = (await client.call_tool("list_accounts", {})).content[0].model_dump()["text"]
    assert "create_event" not in names
    assert '"eventhq"' in answer
    assert "demo-" not in answer
    assert "invented-key" not in answer


async def test_its_packages_are_the_tested_ones(unpacked: Path) -> None:
    """Runs after the bundle was started, or makes its environment now."""
    words = ["uv", "run", "--quiet", "--directory", str(unpacked), "python", "-c", VERSIONS]
    ran = await run(words, seconds=SECONDS, env=surroundings(unpacked))
    assert ran.code == 0, ran.said
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    installed = [pin for pin in ran.out.split() if not pin.startswith("eventdesk==")]
    assert len(installed) > 20
    assert [pin for pin in installed if f"\n{pin} " not in lock] == []


VERSIONS = """
from importlib import metadata
for found in metadata.distributions():
    print(f"{found.name.lower().replace('_', '-').replace('.', '-')}=={found.version}")
"""
