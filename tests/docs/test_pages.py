"""The pages lead everywhere: README tells of every command, and the site's index of every page."""

import re
from pathlib import Path

import pytest

from eventdesk_server.cli import main

ROOT = Path(__file__).parents[2]


def test_the_readme_tells_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    (\S+)  ", capsys.readouterr().out, re.MULTILINE)
    rows = re.findall(r"^\| `eventdesk ([a-z][a-z-]*)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"doctor", "journal", "serve-http"} <= set(commands)
    assert sorted(commands) == sorted(set(rows))


def test_the_index_leads_to_every_page() -> None:
    docs = ROOT / "docs"
    index = (docs / "index.md").read_text(encoding="utf-8")
    trees = "\n".join(re.findall(r"```\{toctree\}\n(.*?)```", index, re.DOTALL)).splitlines()
    pages = [path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")]
    assert sorted(page for page in pages if page != "index") == sorted(
        line for line in trees if line and line[0] != ":"
    )
