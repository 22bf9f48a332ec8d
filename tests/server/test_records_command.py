"""`eventdesk journal` and `eventdesk audit` as a person reads them."""

import argparse
import json
import os
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.journal import audit
from eventdesk_server.journal.audit import Audit, audited
from eventdesk_server.journal.listing import entries
from eventdesk_server.records import settle_entry, show_audit, show_entries
from eventdesk_server.settings import Settings
from eventdesk_tools.journal import EntryState
from tests.journal.support import Clock, claim, opened
from tests.server.test_cli import run

pytestmark = pytest.mark.anyio
TEXT = argparse.Namespace(json=False)
JSON = argparse.Namespace(json=True)
STUCK = (
    "begun with other steps than the call takes now. When nothing is missing: `eventdesk journal settle ID happened`."
)
NEVER = "Nothing was written yet."


@pytest.fixture(autouse=True)
def madrid(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """This computer's clock is an hour ahead of UTC in winter."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Madrid")
        time.tzset()
        yield
    time.tzset()


def at(folder: Path) -> Settings:
    return Settings(state_folder=str(folder))


async def filled(folder: Path) -> None:
    """A journal with a write in each state in which nobody holds it."""
    clock = Clock()
    journal = opened(folder, clock)
    async with journal.holding(claim("whole"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    clock.at += 60
    async with journal.holding(claim("unknown"), 0) as entry:
        await entry.sending(frozenset())
    for key in ("half", "stuck"):
        clock.at += 60
        async with journal.holding(claim(key, "copy", "move", "publish"), 0) as entry:
            await entry.sending(frozenset())
            await entry.completed({})
    async with journal.holding(claim("stuck", "move", "publish"), 0) as entry:
        assert entry.state is EntryState.CLAIMED
    journal.store.close()


def ids(folder: Path) -> dict[str, str]:
    """The entries by their state."""
    return {row["state"]: row["id"] for row in json.loads(show_entries(JSON, at(folder))[0])["entries"]}


async def test_the_list_is_in_columns_the_latest_first_and_says_what_to_do(tmp_path: Path) -> None:
    await filled(tmp_path)
    known = ids(tmp_path)
    assert show_entries(TEXT, at(tmp_path)) == (
        "\n".join(
            [
                "ID      STATE        DONE  SINCE             TOOL               TARGET  STEP",
                f"{known['stuck']}  stuck        1/3   2027-01-15 09:03  register_attendee  club:1",
                f"{known['partly done']}  partly done  1/3   2027-01-15 09:02  register_attendee  club:1",
                f"{known['unknown']}  unknown      0/1   2027-01-15 09:01  register_attendee  club:1  register",
                f"{known['done']}  done         1/1   2027-01-15 09:00  register_attendee  club:1",
                "",
                "unknown: look at the platform, then say `eventdesk journal settle ID happened`, or `not`.",
                "partly done: the same call completes it.",
                f"stuck: {STUCK}",
            ]
        ),
        False,
    )


@pytest.mark.parametrize("show", [show_entries, show_audit])
def test_where_nothing_was_written_that_is_said_and_no_file_is_made(tmp_path: Path, show: Any) -> None:
    assert show(TEXT, at(tmp_path / "state")) == (NEVER, False)
    assert not (tmp_path / "state").exists()


def settling(folder: Path, id_: str, what: str) -> tuple[str, bool]:
    return settle_entry(argparse.Namespace(id=id_, what=what), at(folder))


AFTER = {
    ("unknown", "happened"): ("the same call answers already_done.", "done"),
    ("unknown", "not"): ("the same call begins anew.", None),
    ("partly done", "happened"): ("the same call answers already_done.", "done"),
    ("partly done", "not"): ("the same call begins anew.", None),
    ("stuck", "happened"): ("the same call answers already_done.", "done"),
    ("stuck", "not"): ("the same call begins anew.", None),
}


@pytest.mark.parametrize(("state", "what"), AFTER)
async def test_what_is_not_finished_a_person_settles(tmp_path: Path, state: str, what: str) -> None:
    await filled(tmp_path)
    id_ = ids(tmp_path)[state]
    says, then = AFTER[state, what]
    text, failed = settling(tmp_path, f" {id_.upper()} ", what)
    assert (text, failed) == (f"{id_} (register_attendee club:1): settled; {says}", False)
    rows = json.loads(show_entries(JSON, at(tmp_path))[0])["entries"]
    assert next((row["state"] for row in rows if row["id"] == id_), None) == then


async def test_an_unknown_step_that_did_not_happen_is_gone_on_with(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("k", "copy", "move"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
        await entry.sending(frozenset())
    (row,) = entries(journal.store)
    assert settling(tmp_path, row["id"], "not")[0].endswith("the same call goes on from there.")
    assert [(row["state"], row["done"]) for row in entries(journal.store)] == [("partly done", "1/2")]
    journal.store.close()


async def test_what_is_done_or_not_there_is_not_settled_and_the_command_fails(tmp_path: Path) -> None:
    await filled(tmp_path)
    done = ids(tmp_path)["done"]
    only = "only what is unknown, partly done or stuck can be settled."
    assert settling(tmp_path, done, "not") == (f"Entry {done} is done: {only}", True)
    missing = "The journal has no entry nosuch. `eventdesk journal list` shows them."
    assert settling(tmp_path, "nosuch", "happened") == (missing, True)
    assert settling(tmp_path / "empty", "nosuch", "happened") == (NEVER, True)


async def test_the_commands_of_a_terminal_say_the_same(tmp_path: Path) -> None:
    await filled(tmp_path)
    env = {"EVENTDESK_STATE_FOLDER": str(tmp_path)}
    listed = run("journal", "list", **env)
    assert (listed.returncode, listed.stdout) == (0, show_entries(TEXT, at(tmp_path))[0] + "\n")
    refused = run("journal", "settle", "nosuch", "not", **env)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("The journal has no entry nosuch.")
    waiting = run("approve", "--list", **env)
    assert (waiting.returncode, waiting.stdout) == (0, "Nothing waits for an answer.\n")
    fresh = run("approve", "--list", EVENTDESK_STATE_FOLDER=str(tmp_path / "empty"))
    assert (fresh.returncode, fresh.stdout) == (0, "Nothing waits for an answer.\n")


# The audit ------------------------------------------------------------------------------------------------------------


def line(number: int) -> dict[str, Any]:
    moment = datetime(2027, 1, 15, 8, number % 60, tzinfo=UTC).isoformat(timespec="seconds")
    return {
        "at": moment, "who": "chat", "tool": "archive_event", "account": "club", "target": f"club:{number}",
        "outcome": "done", "seconds": 0.1, "entry": "abc234",
    }  # fmt: skip


async def test_the_audit_is_in_columns_the_oldest_first(tmp_path: Path) -> None:
    kept = Audit(tmp_path)
    for number in range(2):
        await kept.write([line(number)])
    text, failed = show_audit(TEXT, at(tmp_path))
    assert not failed
    assert text.splitlines() == [
        "AT                WHO   TOOL           TARGET  OUTCOME  ENTRY",
        "2027-01-15 09:00  chat  archive_event  club:0  done     abc234",
        "2027-01-15 09:01  chat  archive_event  club:1  done     abc234",
    ]
    told = show_audit(JSON, at(tmp_path))[0].splitlines()
    assert [json.loads(text) for text in told] == [line(0), line(1)]


async def test_a_full_audit_goes_on_in_a_new_file_and_the_oldest_of_four_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BYTES", 1_000)
    kept = Audit(tmp_path)
    for number in range(40):
        await kept.write([line(number)])
    files = {name: Path.stat(tmp_path / name) for name in os.listdir(tmp_path)}
    assert set(files) == {"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3"}
    assert all(one.st_size <= 1_000 and (os.name != "posix" or one.st_mode & 0o777 == 0o600) for one in files.values())
    left = [one["target"] for one in audited(tmp_path)]
    assert left == [f"club:{number}" for number in range(40 - len(left), 40)]
    assert len(left) > 15


async def test_a_line_that_was_cut_off_is_left_out_of_the_audit(tmp_path: Path) -> None:
    await Audit(tmp_path).write([line(0)])
    with (tmp_path / "audit.jsonl").open("a") as file:
        file.write('{"at":"2027')
    assert show_audit(JSON, at(tmp_path))[0].count("\n") == 0
