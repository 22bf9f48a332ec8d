"""The audit: a line for each write of each call, for the person alone, and nothing of anybody."""

import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import anyio
import pytest
from typing_extensions import override

from eventdesk_server.journal import audit as audit_module
from eventdesk_server.journal.audit import KEPT, NAME, Audit, audited, lines_of
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.desk import Call, Trace
from tests.tools.test_writes import call, desk

pytestmark = pytest.mark.anyio


def called(*trail: Trace) -> Call:
    """A call that began two and a half seconds ago, in a zone of its own."""

    class ByHand(AnyioRuntime):
        @override
        def seconds(self) -> float:
            return 12.34567

    at = datetime(2027, 3, 1, 9, 30, 15, 999, tzinfo=timezone(timedelta(hours=2)))
    made = call(replace(desk(), runtime=ByHand(), now=lambda: at), event="club:1", name="Ada Pier")
    made.started = 10.0
    made.trail.extend(trail)
    return made


def files(folder: Path) -> dict[str, int]:
    """Names and modes."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_a_call_leaves_a_line_for_each_of_its_writes() -> None:
    trail = (Trace("club", "club:1:a-7", "done", "abc234"), Trace("club", "club:1"))
    first, second = lines_of(called(*trail), "answered", "an app\u202e\n" + "x" * 100)
    assert first == {
        "at": "2027-03-01T07:30:15+00:00",
        "who": "an app " + "x" * 73,
        "tool": "register_attendee",
        "account": "club",
        "target": "club:1:a-7",
        "outcome": "done",
        "seconds": 2.346,
        "entry": "abc234",
    }
    assert second == {**first, "target": "club:1", "outcome": "interrupted", "entry": ""}


async def test_a_call_that_came_to_no_write_leaves_one_line_with_what_became_of_it() -> None:
    (only,) = lines_of(called(), "declined", "app")
    assert {name: only[name] for name in ("account", "target", "outcome", "entry")} == {
        "account": "club",
        "target": "club:1",
        "outcome": "declined",
        "entry": "",
    }


async def test_lines_are_read_back_as_they_were_written_and_are_the_persons_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "state"
    audit = Audit(folder)
    await audit.write([{"who": "100 % é\n", "n": 1}, {"n": 2}])
    await audit.write([{"n": 3}])
    assert (folder / NAME).read_text(encoding="utf-8").splitlines() == [
        '{"who":"100 % é\\n","n":1}',
        '{"n":2}',
        '{"n":3}',
    ]
    assert list(audited(folder)) == [{"who": "100 % é\n", "n": 1}, {"n": 2}, {"n": 3}]
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_nothing_is_written_of_nothing_nor_without_a_folder(tmp_path: Path) -> None:
    await Audit(tmp_path / "state").write([])
    await Audit(None).write([{"n": 1}])
    assert files(tmp_path) == {}
    assert list(audited(tmp_path / "state")) == []


async def test_a_line_that_was_cut_off_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'{"n":1}\n{"n":\n\xff\n{"n":2}\n')
    assert list(audited(tmp_path)) == [{"n": 1}, {"n": 2}]


async def test_a_full_file_is_put_aside_and_the_oldest_of_four_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "BYTES", 20)
    for n in range(1, 8):
        await Audit(tmp_path).write([{"number": n}])
    kept = list(audited(tmp_path))
    assert files(tmp_path) == dict.fromkeys((NAME, *(f"{NAME}.{n}" for n in range(1, KEPT + 1))), 0o600)
    assert kept == [{"number": n} for n in range(8 - len(kept), 8)]
    assert len(kept) == KEPT + 1
    assert KEPT == 3


async def test_an_audit_that_cannot_be_written_stops_no_call_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    await Audit(tmp_path / "file" / "state").write([{"n": 1}])
    (tmp_path / NAME).mkdir()
    await Audit(tmp_path).write([{"n": 1}])
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert {record.name for record in caplog.records} == {"eventdesk"}
    assert "Not a directory" in said[0]
    assert f"the audit in {tmp_path / 'file' / 'state'} could not be written: " in said[0]
    assert f"the audit in {tmp_path} could not be written" in said[1]
    assert json.dumps({"n": 1}) not in "".join(said)


async def test_what_was_done_is_noted_also_when_its_call_is_cancelled(tmp_path: Path) -> None:
    with anyio.CancelScope() as scope:
        scope.cancel()
        await Audit(tmp_path).write([{"n": 1}])
    assert list(audited(tmp_path)) == [{"n": 1}]


async def test_limits_hold_months_of_writes() -> None:
    assert (audit_module.BYTES, NAME) == (5_000_000, "audit.jsonl")
