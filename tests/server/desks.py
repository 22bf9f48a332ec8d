"""A person's computer for tests: settings, keyring, journal, and a sandbox that answers at the platforms' addresses."""

import json
import os
import tomllib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from tests.server.running import command
from tests.server.terminal import on_a_terminal
from tests.support import NOW

ROOT = Path(__file__).parents[2]


@dataclass
class Desk:
    """Runs `eventdesk …` as its person does."""

    folder: Path
    env: dict[str, str]
    connections: dict[str, dict[str, str]]
    sandbox: Sandbox

    async def run(self, *words: str, typed: str = "", fresh: bool = False) -> tuple[int, str, str]:
        """Without a terminal: exit code, standard output, standard error."""
        ran = await anyio.to_thread.run_sync(lambda: command(self.env, words, typed, fresh=fresh))
        return ran.returncode, ran.stdout, ran.stderr

    async def talk(self, *words: str, typed: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
        """On a terminal: exit code and screen."""
        return await anyio.to_thread.run_sync(on_a_terminal, words, self.env, typed)

    @property
    def config(self) -> Path:
        return Path(self.env["EVENTDESK_CONFIG"])

    @property
    def accounts(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text()).get("accounts", {}) if self.config.exists() else {}

    @property
    def entries(self) -> dict[str, str]:
        """What the keyring holds."""
        path = Path(self.env["TEST_KEYRING"])
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def files(self) -> list[str]:
        """Every file below the settings' folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


def surroundings(folder: Path, keyring: str = "FileKeyring") -> dict[str, str]:
    """The variables of a person who has settings, keyring and journal below a folder, and no chat app."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("EVENTDESK_", "XDG_", "SSL_CERT_"))
    }
    backend = f"tests.server.keyring_backends.{keyring}" if keyring else "keyring.backends.fail.Keyring"
    return {
        **kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": backend, "NO_PROXY": "127.0.0.1",
        "TEST_KEYRING": str(folder.parent / "keyring.json"), "TEST_UNLOCKED": str(folder.parent / "unlocked"),
        "EVENTDESK_CONFIG": str(folder / "config.toml"), "EVENTDESK_STATE_FOLDER": str(folder.parent / "state"),
    }  # fmt: skip


@asynccontextmanager
async def desk(folder: Path, keyring: str = "FileKeyring", **more: str) -> AsyncGenerator[Desk]:
    """A desk whose folder has a space in its name."""
    with Sandbox(now=NOW, limits=False, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            place = folder / "Ada's settings"
            place.mkdir()
            with anyio.fail_after(180):
                yield Desk(place, {**surroundings(place, keyring), **more}, connections, sandbox)
