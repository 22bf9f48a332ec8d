"""The command line, run as a person runs it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from eventdesk_tools import __version__
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.effects import Effect


def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
    return subprocess.run(
        [sys.executable, "-m", "eventdesk_server", *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**kept, "XDG_CONFIG_HOME": "/nonexistent", "HOME": "/nonexistent", **extra},
    )  # fmt: skip


def test_the_version_is_told() -> None:
    assert run("--version").stdout.strip() == f"eventdesk {__version__}"


def test_the_demo_ends_with_everything_as_it_should_be() -> None:
    ran = run("demo")
    assert ran.returncode == 0, ran.stderr
    assert "each answered as it should be" in ran.stdout
    assert "tokens; the platforms' own answers:" in ran.stdout
    assert "Traceback" not in ran.stderr


def test_the_tool_list_is_printed_as_it_is_sent() -> None:
    listed: dict[str, Any] = json.loads(run("tools", "--json").stdout)
    assert [tool["name"] for tool in listed["tools"]] == [
        spec.name for spec in CATALOG if spec.name != "call_write_operation"
    ]
    assert all(tool["inputSchema"]["additionalProperties"] is False for tool in listed["tools"])
    assert "list_events" in run("tools").stdout


def test_read_only_leaves_the_reading_tools() -> None:
    listed = json.loads(run("--read-only", "tools", "--json").stdout)
    assert [tool["name"] for tool in listed["tools"]] == [spec.name for spec in CATALOG if spec.effect is Effect.READ]


def test_a_call_by_hand_answers_as_a_model_would_see_it() -> None:
    ran = run("call", "list_events", '{"limit": 2}')
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["returned"] == 2


def test_a_failed_call_by_hand_says_so_in_its_exit_code() -> None:
    ran = run("call", "get_event", '{"event": "nobody:1"}')
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["error"]["code"] == "unknown_ref"
    assert run("call", "get_event", "not json").returncode == 1


def test_a_typo_in_the_settings_stops_the_command_and_names_the_nearest_setting(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("read_onyl = true\n")
    ran = run("tools", EVENTDESK_CONFIG=str(tmp_path / "config.toml"))
    assert ran.returncode == 2
    assert "did you mean read_only?" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--season", "/nonexistent.json"),
        ("--now", "yesterday"),
        ("--faults", "[{]"),
        ("--faults", '[{"kind":"earthquake"}]'),
    ],
)
def test_the_sandbox_refuses_what_it_cannot_read(arguments: tuple[str, ...]) -> None:
    ran = run("sandbox", *arguments)
    assert ran.returncode == 2
    assert ran.stderr.startswith("eventdesk sandbox:")
    assert "Traceback" not in ran.stderr


def test_the_sandbox_prints_one_line_when_ready_and_serves_all_five() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "eventdesk_server", "sandbox", "--now", "2027-03-01T09:00+00:00", "--no-limits", "--faults",
         '[{"kind":"status","provider":"evvnt","code":503}]'],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            ready: dict[str, dict[str, str]] = json.loads(process.stdout.readline())
            assert set(ready) == {"eventschedule", "eventtia", "heysummit", "eventhq", "evvnt"}
            club = ready["eventschedule"]
            answer = httpx2.get(f"{club['base_url']}/events", headers={"X-API-Key": club["key"]}, trust_env=False)
            assert answer.status_code == 200
            assert answer.json()["meta"]["total"] > 0
            listing = ready["evvnt"]
            assert (
                httpx2.get(
                    f"{listing['base_url']}/events/mine", auth=(listing["key"], listing["secret"]), trust_env=False
                ).status_code
                == 503
            )
        finally:
            process.send_signal(signal.SIGTERM)
            rest, told = process.communicate(timeout=20)
        assert process.returncode == 0
        assert (rest, told) == ("", "")
