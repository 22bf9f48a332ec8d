"""What clients are sent, word for word and token for token: a change of one token is a decision, visible in the diff.

Rewrite the snapshot with `SNAPSHOTS=write pytest tests/snapshots`.
"""

import json
import os
from pathlib import Path
from typing import Any

from eventdesk_server.binding import published
from eventdesk_tools.answers import compact
from eventdesk_tools.catalog import CATALOG, INSTRUCTIONS
from tests.tokens import count

FILE = Path(__file__).parent / "tools.json"


def as_sent() -> dict[str, Any]:
    tools: dict[str, Any] = {}
    total = sent = 0
    for spec in CATALOG:
        tool = published(spec).model_dump(by_alias=True, exclude_none=True)
        tokens = count(compact({key: tool[key] for key in ("name", "description", "inputSchema")}))
        tools[spec.name] = {"tokens": tokens, **tool}
        total += tokens
        sent += count(compact(tool))
    return {
        "tokens": total,
        "tokens_as_sent": sent,
        "instructions": INSTRUCTIONS,
        "instruction_tokens": count(INSTRUCTIONS),
        "tools": tools,
    }


def test_the_tools_are_those_of_the_snapshot() -> None:
    present = json.dumps(as_sent(), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("SNAPSHOTS") == "write":
        FILE.write_text(present, encoding="utf-8")
    assert present == FILE.read_text(encoding="utf-8")


def test_the_tool_list_keeps_its_budget() -> None:
    listed = as_sent()
    tokens = [tool["tokens"] for tool in listed["tools"].values()]
    assert max(tokens) <= 320
    assert sum(tokens) / len(tokens) <= 180
    assert listed["instruction_tokens"] <= 200
    assert listed["tokens_as_sent"] <= 3_800
