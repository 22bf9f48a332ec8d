"""The campaign of faults: it finds nothing wrong with Eventdesk, and finds what is wrong where something is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from bench.faults import hosts
from bench.faults.campaign import plot
from bench.faults.deeds import Claim, Deed, Part, claims_of
from bench.faults.plots import STAGES
from bench.faults.verdicts import Told, Verdict, judge, judge_journal
from bench.faults.worlds import world_of

ROOT = Path(__file__).parents[2]
CAMPAIGN = [sys.executable, "-m", "bench.faults"]
FIGURES = ("duplicates", "lost", "unexplained", "unjournaled", "hung")


def played(*arguments: str) -> tuple[dict[str, Any], str]:
    """A campaign's figures, and all that it printed."""
    ran = subprocess.run(
        [*CAMPAIGN, "--json", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    return json.loads(ran.stdout.splitlines()[-1]), ran.stdout + ran.stderr


def test_nothing_is_doubled_lost_unexplained_or_out_of_the_journal() -> None:
    figures, text = played("--runs", "50", "--seed", "2027")
    assert figures["runs"] == 200
    assert {name: figures[name] for name in FIGURES} == dict.fromkeys(FIGURES, 0), text
    assert set(figures["providers"]) == set(STAGES)
    assert figures["outcomes"]["done"] > 100


def test_without_its_journal_the_campaign_finds_duplicates() -> None:
    figures, _ = played("--runs", "25", "--seed", "2027", "--no-journal")
    assert figures["duplicates"] > 5
    assert figures["failed"]


@pytest.mark.parametrize("provider", STAGES)
def test_the_same_seed_and_index_are_the_same_run(provider: str) -> None:
    for index in range(20):
        assert plot(7, provider, index).told() == plot(7, provider, index).told()
    assert len({json.dumps(plot(7, provider, index).told()["faults"]) for index in range(20)}) > 5


@pytest.mark.parametrize("provider", STAGES)
def test_every_deed_starts_out_undone(provider: str) -> None:
    for stage in STAGES[provider]:
        with world_of(stage) as box:
            for deed in stage.deeds(box.world.store, 1):
                assert [part.held(box.world.store) for part in deed.parts] == [0] * len(deed.parts), deed.label


# The judge -----------------------------------------------------------------------------------------------------------

ADDING = Deed(tool="create_sale", arguments={}, parts=(Part("", lambda _: 0),), grows={"orders": 1})
DONE: Mapping[str, Any] = {"outcome": "done"}
UNKNOWN: Mapping[str, Any] = {"error": {"code": "outcome_unknown", "message": "?"}}
REFUSED: Mapping[str, Any] = {"error": {"code": "rejected_by_provider", "message": "no"}}


def told(answer: Mapping[str, Any] | None, before: int, after: int, others: int = 0, *, alone: bool = True) -> Told:
    return Told(
        answer=answer, claims=claims_of(ADDING, answer), before={"": before}, after={"": after},
        others_before={"": 0}, others={"": others}, alone=alone,
    )  # fmt: skip


def judged(*answers: Told, held: int, others: int = 0) -> Verdict:
    return judge(
        ADDING,
        answers,
        held={"": held},
        others={"": others},
        grown={"orders": held},
        grown_by_others={"orders": others},
    )


def test_a_second_record_is_a_duplicate_unless_somebody_else_made_it() -> None:
    assert judged(told(DONE, 0, 2), held=2).duplicates == 1
    assert judged(told(DONE, 0, 2, others=1), held=2, others=1).clean


def test_a_record_under_another_name_is_a_duplicate_too() -> None:
    found = judge(
        ADDING, [told(DONE, 0, 1)], held={"": 1}, others={"": 0}, grown={"orders": 1, "events": 1}, grown_by_others={}
    )
    assert found.duplicates == 1


def test_done_without_a_record_is_lost() -> None:
    assert judged(told(DONE, 0, 0), held=0).lost == 1
    assert judged(told(UNKNOWN, 0, 0), told(DONE, 0, 1), held=1).clean


def test_a_record_that_an_answer_denies_is_unexplained() -> None:
    assert judged(told(REFUSED, 0, 1), held=1).unexplained == 1
    assert judged(told(REFUSED, 0, 1, others=1), held=1, others=1).clean
    assert judged(told(UNKNOWN, 0, 1), told(REFUSED, 1, 1), told(DONE, 1, 1), held=1).unexplained == 1
    assert judged(told(None, 0, 0), told(REFUSED, 0, 1), told(DONE, 1, 1), held=1).unexplained == 1
    assert judged(told(REFUSED, 0, 0), told(DONE, 0, 1), held=1).clean


def test_while_calls_run_together_a_record_may_come_after_a_refusal_but_not_before_it() -> None:
    assert judged(told(REFUSED, 0, 1, alone=False), told(DONE, 1, 1), held=1).clean
    assert judged(told(REFUSED, 1, 1, alone=False), told(DONE, 1, 1), held=1).unexplained == 1


BUSY: Mapping[str, Any] = {
    "error": {"code": "conflict", "message": "Another call is carrying this write out; this one …"}
}
TOKEN: Mapping[str, Any] = {"error": {"code": "invalid_arguments", "field": "token", "message": "used already"}}


@pytest.mark.parametrize("answer", [BUSY, TOKEN])
def test_an_answer_that_speaks_of_its_own_call_alone_may_follow_one_that_sent_but_hides_nothing(
    answer: Mapping[str, Any],
) -> None:
    assert judged(told(None, 0, 0), told(answer, 0, 1), told(DONE, 1, 1), held=1).clean
    assert judged(told(answer, 0, 1), told(DONE, 1, 1), held=1).unexplained == 1
    assert judged(told(None, 0, 0), told(answer, 0, 1), held=1).unexplained == 1


def test_an_answer_that_names_what_was_done_denies_nothing() -> None:
    partly = told({"error": {"code": "rejected_by_provider", "message": "Done: this by an earlier call; …"}}, 1, 1)
    assert judged(told(None, 0, 1), partly, held=1).clean


def test_rows_of_a_later_call_that_deny_what_an_earlier_one_did_are_unexplained() -> None:
    deed = Deed(tool="cancel_registration", arguments={}, parts=(Part("club:1:a-7", lambda _: 0, makes=False),))
    columns = ["ref", "outcome", "reason"]
    for outcome, reason, claim in (
        ("provider_unavailable", "no answer", Claim.NOT_DONE),
        ("provider_unavailable", "Done: this by an earlier call; no answer", Claim.PARTLY),
        ("outcome_unknown", "no answer", Claim.UNKNOWN),
        ("not_tried", "", Claim.NOT_TRIED),
    ):
        answer = {"columns": columns, "rows": [["club:1:a-7", outcome, reason]]}
        assert claims_of(deed, answer) == {"club:1:a-7": claim}


def test_an_unknown_outcome_may_go_either_way_and_must_be_in_the_journal() -> None:
    for held in (0, 1):
        unknown = told(UNKNOWN, 0, held)
        assert judged(unknown, held=held).clean
        verdict = Verdict()
        judge_journal(verdict, [unknown], [{"state": "unknown"}])
        assert verdict.clean
        judge_journal(verdict, [unknown], [])
        assert (verdict.unjournaled, verdict.unexplained) == (1, 1)


def test_a_call_without_an_answer_that_left_a_record_must_be_in_the_journal() -> None:
    verdict = Verdict()
    judge_journal(verdict, [told(None, 0, 0)], [])
    judge_journal(verdict, [told(None, 0, 1)], [{"state": "done"}])
    judge_journal(verdict, [told(None, 0, 1, others=1)], [])
    assert verdict.clean
    judge_journal(verdict, [told(None, 0, 1)], [])
    assert verdict.unjournaled == 1


def test_rows_that_an_answer_of_many_does_not_name_are_done() -> None:
    parts = tuple(Part(str(row), lambda _: 0) for row in (1, 2, 3))
    deed = Deed(tool="register_attendees", arguments={}, parts=parts)
    answer = {"registered": 2, "columns": ["row", "outcome"], "rows": [[2, "unknown"]]}
    assert claims_of(deed, answer) == {"1": Claim.DONE, "2": Claim.UNKNOWN, "3": Claim.DONE}


# Its processes -------------------------------------------------------------------------------------------------------


def group(leader: int) -> list[int]:
    """The living processes of a process group."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == leader and state != "Z":
            found.append(int(entry.parent.name))
    return found


@pytest.mark.anyio
async def test_a_campaign_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    process = await anyio.open_process(
        [*CAMPAIGN, "--runs", "500"],
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    async with process:
        with anyio.fail_after(60):
            while len(group(process.pid)) < 6:  # noqa: ASYNC110 - other processes' lives are no events of this loop
                await anyio.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            while group(process.pid):  # noqa: ASYNC110 - see above
                await anyio.sleep(0.02)


@pytest.mark.anyio
async def test_a_process_hangs_that_does_nothing_for_long_or_works_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hosts, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(hosts, "QUIET_LOOKS", 3)
    idle = await anyio.open_process([sys.executable, "-c", "input()"])
    busy = await anyio.open_process([sys.executable, "-c", "while True: pass"])
    async with idle, busy:
        with anyio.fail_after(60):
            with pytest.raises(TimeoutError):
                async with hosts.patience(idle.pid):
                    await anyio.sleep_forever()
            monkeypatch.setattr(hosts, "MOST_WORK", 0.2)
            with pytest.raises(TimeoutError):
                async with hosts.patience(busy.pid):
                    await anyio.sleep_forever()
            async with hosts.patience(idle.pid):
                pass
        for process in (idle, busy):
            process.kill()
