"""What clients are sent, word for word and token for token: a change of one token is a decision, visible in the diff.

Rewrite the snapshot with `SNAPSHOTS=write pytest tests/snapshots`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.binding import published
from eventdesk_tools.answers import compact
from eventdesk_tools.catalog import CATALOG, INSTRUCTIONS
from tests.mcp.conftest import chatting
from tests.tokens import count

FILE = Path(__file__).parent / "tools.json"
PAID = ("name", "description", "inputSchema")
"""What chat apps put before their models."""


def as_sent() -> dict[str, Any]:
    tools: dict[str, Any] = {}
    total = sent = 0
    for spec in CATALOG:
        tool = published(spec).model_dump(by_alias=True, exclude_none=True)
        tokens = count(compact({key: tool[key] for key in PAID}))
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
    assert len(tokens) == 21
    assert sum(tokens) <= 3_000
    assert max(tokens) <= 320
    assert sum(tokens) / len(tokens) <= 150
    assert listed["instruction_tokens"] <= 200
    assert listed["tokens_as_sent"] <= 3_800


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("options", "tools", "most", "most_sent"),
    [
        ({"operations_write": True}, 21, 3_000, 3_800),
        ({}, 20, 3_000, 3_800),
        ({"read_only": True}, 10, 1_250, 1_600),
        ({"read_only": True, "operations_write": True}, 10, 1_250, 1_600),
    ],
    ids=["every tool", "by default", "read only", "read only with the opt-in"],
)
async def test_what_a_client_is_sent_keeps_the_budget(
    options: dict[str, Any], tools: int, most: int, most_sent: int
) -> None:
    async with chatting(options=options) as chat:
        listed = (await chat.client.list_tools()).model_dump(by_alias=True, exclude_none=True, mode="json")["tools"]
    assert len(listed) == tools
    assert sum(count(compact({key: tool[key] for key in PAID})) for tool in listed) <= most
    assert count(compact({"tools": listed})) <= most_sent
