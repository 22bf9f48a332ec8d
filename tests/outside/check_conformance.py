"""The official MCP conformance suite against our own server object, over HTTP, in both eras."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventdesk_server.app import build
from eventdesk_server.settings import Settings
from tests.outside.conformance_fixtures import add_fixtures
from tests.outside.support import command, run, serve

pytestmark = pytest.mark.anyio

SECONDS = 180
NOT_APPLICABLE = {
    "2026-07-28": {
        "sep-2575-server-honors-notification-filter",
        "sep-2575-server-sends-prompts-list-changed-on-subscription",
        "sep-2575-server-sends-subscription-ack",
        "sep-2575-server-sends-tools-list-changed-on-subscription",
        "sep-2575-server-tags-subscription-id",
    },
    "2025-11-25": set[str](),
}
"""Checks that the suite itself sets aside, because the server says that its lists never change."""


@pytest.mark.parametrize(("revision", "scored"), [("2026-07-28", 37), ("2025-11-25", 30)])
async def test_every_scored_scenario_passes(revision: str, scored: int, tmp_path: Path) -> None:
    server = build(Settings()).server
    add_fixtures(server)
    async with serve(server.streamable_http_app()) as url:
        suite = command("@modelcontextprotocol/conformance", "conformance")
        words = [*suite, "server", "--url", f"{url}/mcp", "--requirements", revision, "-o", str(tmp_path)]
        ran = await run(words, seconds=SECONDS, folder=tmp_path)
    assert ran.code == 0, ran.said
    summary, _, rest = ran.out.partition("=== SUMMARY ===")[2].partition("Not scored")
    unscored = set(re.findall(r"^  . (\S+) \(", rest, re.MULTILINE))
    passed = set(re.findall(r"^✓ (\S+):", summary, re.MULTILINE)) - unscored
    assert len(passed) == scored, ran.said
    unlike = {(name, status) for name, status in _checks(tmp_path, passed) if status not in {"SUCCESS", "INFO"}}
    assert unlike == {(name, "SKIPPED") for name in NOT_APPLICABLE[revision]}, ran.said


def _checks(folder: Path, scenarios: set[str]) -> Iterator[tuple[str, str]]:
    """Every single check of some scenarios: warnings, which are not scored, among them."""
    for scenario in scenarios:
        (found,) = folder.glob(f"**/server-{scenario}-2*/checks.json")
        for check in json.loads(found.read_text(encoding="utf-8")):
            yield check["id"], check["status"]
