"""The container file without a container engine: its own steps, carried out in a folder, and its result run by a nobody."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.outside.support import ROOT

FILE = ROOT / "packaging" / "Containerfile"
NOBODY = 65534
PYTHON = "/usr/bin/python3" if os.geteuid() == 0 else sys.executable
"""Root's own Python may stand where nobody else can read it."""


def instructions(stage: int) -> list[tuple[str, str]]:
    """The instructions of a stage, by name and text."""
    whole = FILE.read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line.partition(" ") for line in whole.splitlines() if line and line[0] != "#"]
    starts = [place for place, (name, _, _) in enumerate(lines) if name == "FROM"]
    until = [*starts[1:], len(lines)][stage]
    return [(name, text) for name, _, text in lines[starts[stage] : until]]


def carry_out(command: str, folder: Path) -> None:
    """Run what a RUN line says, with the person's own way to the registry.

    Raises:
        AssertionError: It failed.
    """
    ran = subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"


@pytest.fixture(scope="module")
def built() -> Generator[Path]:
    """The build stage: what it copies from the context, and every command it runs. Everybody may read it."""
    with TemporaryDirectory() as made:
        root = Path(made)
        root.chmod(0o755)
        source = root / "src"
        source.mkdir()
        for name, text in instructions(0):
            if name == "COPY":
                carry_out(f"cd {shlex.quote(str(ROOT))} && cp -r {text.rpartition(' ')[0]} {source}", source)
            elif name == "RUN":
                command = text.replace("/opt/", f"{root}/opt/").replace("python -m venv", f"{PYTHON} -m venv")
                carry_out(command, source)
        yield root


def as_nobody(words: list[str], built: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run as a user who owns nothing here, and who has no home."""
    nobody = NOBODY if os.geteuid() == 0 else None
    return subprocess.run(
        [str(built / "opt" / "eventdesk" / "bin" / words[0]), *words[1:]], env={"HOME": "/nonexistent", **more}, cwd="/",
        capture_output=True, text=True, timeout=60, check=False, input=f"{HELLO}\n", user=nobody, group=nobody,
    )  # fmt: skip


HELLO = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "check", "version": "1"},
        },
    }
)


def text_of(name: str) -> str:
    return [text for found, text in instructions(1) if found == name][-1]


def test_the_health_check_tells_good_settings_from_bad(built: Path) -> None:
    words = json.loads(text_of("HEALTHCHECK").partition("CMD ")[2])
    well = as_nobody(words, built)
    assert well.returncode == 0, well.stderr
    ill = as_nobody(words, built, EVENTDESK_READ_ONYL="true")
    assert ill.returncode == 2
    assert "did you mean read_only?" in ill.stderr


def test_the_entry_point_answers_on_standard_output(built: Path) -> None:
    words = [*json.loads(text_of("ENTRYPOINT")), *json.loads(text_of("CMD"))]
    answered = as_nobody(words, built)
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["result"]["serverInfo"]["name"] == "eventdesk"


def test_it_runs_as_a_user_of_its_own_and_holds_no_build_tools() -> None:
    assert text_of("USER") == "10001"
    assert "--uid 10001" in text_of("RUN")
    assert [text for name, text in instructions(1) if name == "COPY"] == ["--from=build /opt/eventdesk /opt/eventdesk"]


def test_the_context_sends_what_is_copied_and_nothing_else() -> None:
    sent = {
        line[1:] for line in (ROOT / "packaging" / "Containerfile.dockerignore").read_text().split() if line[0] == "!"
    }
    copied = {file for name, text in instructions(0) if name == "COPY" for file in shlex.split(text)[:-1]}
    assert sent == copied
