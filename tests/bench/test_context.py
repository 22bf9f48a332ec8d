"""The figures of `bench.context`: small enough, and printed for programs too. The page is compared in `tests/docs`."""

import json

import pytest

from bench import context, morning
from bench.morning import MORNING


def test_a_morning_is_at_most_a_tenth_of_the_automatic_wrappers() -> None:
    found = context.measured()
    assert len(found["questions"]) == len(MORNING) == 12
    assert found["morning"] * 10 <= found["wrapper_morning"]
    assert found["tool_list"] <= 3_000
    assert all(question["calls"] == 1 for question in found["questions"])


def test_no_answer_is_larger_than_what_the_platforms_said() -> None:
    found = context.measured()
    assert [row for row in found["answers"] if row["ours"] * 2 > row["raw"]] == []


def test_the_last_line_for_programs_is_one_object_with_the_three_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert context.main(["--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {name: last[name] for name in ("tool_list", "morning", "wrapper_morning")} == {
        name: context.measured()[name] for name in ("tool_list", "morning", "wrapper_morning")
    }


def test_people_are_shown_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert context.main([]) == 0
    told = capsys.readouterr().out
    assert all(question.asked in told for question in MORNING)


def test_orders_that_do_not_stand_are_no_people() -> None:
    made = [
        {"status": status, "total_quantity": 2, "payment_method": "cash"} for status in ("paid", "unpaid", "refunded")
    ]
    answered = {"status": "paid", "total_quantity": 0, "payment_method": "rsvp"}
    assert morning.heads([*made, answered]) == 5
