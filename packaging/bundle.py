"""Puts the folder together that becomes the bundle (.mcpb): the wheel, what starts it, and the versions it was tested with.

Usage: python packaging/bundle.py FOLDER
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*==[^\s\\]+(?: ; [^\\]+?)?) \\$", re.MULTILINE)


def pinned() -> list[str]:
    """Every package that the server needs, in the version that the lock file names."""
    return _PINNED.findall((ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8"))


def project(wheel: str) -> str:
    """The bundle's own pyproject.toml, which uv makes its environment from."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return "\n".join(
        [
            "[project]",
            'name = "eventdesk-bundle"',
            f"version = {json.dumps(wheel.split('-')[1])}",
            f"requires-python = {json.dumps(described['requires-python'])}",
            'dependencies = ["eventdesk"]',
            "",
            "[tool.uv]",
            "package = false",
            f"constraint-dependencies = {json.dumps(pinned(), indent=2)}",
            "",
            "[tool.uv.sources]",
            f"eventdesk = {{ path = {json.dumps(wheel)} }}",
            "",
        ]
    )


def put_together(folder: Path) -> None:
    """Fill the folder, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.absolute())]
    subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603 - our own build
    (wheel,) = folder.glob("*.whl")
    (folder / "pyproject.toml").write_text(project(wheel.name), encoding="utf-8")
    for file in (HERE / "mcpb" / "manifest.json", HERE / "mcpb" / "main.py", ROOT / "LICENSE", ROOT / "README.md"):
        shutil.copy(file, folder)


if __name__ == "__main__":
    put_together(Path(sys.argv[1]))
