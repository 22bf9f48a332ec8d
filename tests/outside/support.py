"""What the checks with other people's programs share: where those programs are, running them, serving to them."""

import json
import os
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio
import uvicorn
from starlette.types import ASGIApp

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_MODULES = HERE / "node_modules"
NODE = _MODULES / "node" / "bin" / "node"
"""Node 22, from its npm package: the conformance suite does not run on older ones."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything, for a failed assertion's message."""
        return f"exit code {self.code}\n{self.out}\n{self.err}"


def command(package: str, binary: str) -> list[str]:
    """How to start one program of an npm package.

    Raises:
        FileNotFoundError: The packages are not installed; `make outside` does that.
    """
    described = json.loads((_MODULES / package / "package.json").read_text(encoding="utf-8"))
    binaries: dict[str, str] | str = described["bin"]
    return [str(NODE), str(_MODULES / package / (binaries if isinstance(binaries, str) else binaries[binary]))]


async def run(
    words: Sequence[str], *, seconds: float, folder: Path = ROOT, env: Mapping[str, str] | None = None
) -> Ran:
    """Run a program to its end. It inherits no setting of ours, and its standard input is closed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
    with anyio.fail_after(seconds):
        ended = await anyio.run_process(
            words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, check=False, cwd=folder, env={**inherited, **(env or {})}
        )
    return Ran(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))


@asynccontextmanager
async def serve(app: ASGIApp) -> AsyncGenerator[str]:
    """Serve an application on a free port of 127.0.0.1; gives its URL. Whoever comes before it is ready waits."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with anyio.create_task_group() as group:
            group.start_soon(server.serve, [listening])
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
