"""The troubleshooting page has a part for every code, and no code that does not exist."""

import re
from pathlib import Path

from eventdesk_tools.errors import ErrorCode

PAGE = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def test_every_code_of_a_failure_has_its_heading() -> None:
    heads = [line for line in PAGE.splitlines() if line.startswith("## ")]
    named = [code for head in heads for code in re.findall(r"`([a-z_]+)`", head)]
    assert sorted(named) == sorted(code.value for code in ErrorCode)
