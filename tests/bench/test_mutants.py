"""Mutation testing: what it changes, whom it lets judge, and that what is written of survivors is still so."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.mutants.changes import mutants_of, sample
from bench.mutants.judges import Choice
from bench.mutants.page import difference, measured
from bench.mutants.scope import ALL, ROOT, judging

SOURCE = '''"""A module."""

import re

NAMES = frozenset("one two".split())
SHORT = re.compile(r"a{1,3}|b(?=c)|d")


def counted(db: object, most: int = 3) -> int:
    """Not changed."""
    if most and db is not None:
        db.execute("UPDATE t SET a = 1, b = 2 WHERE c = ? AND d > ?", (most, "x"))
    try:
        return int(SHORT.pattern, base=most)
    except ValueError:
        raise KeyError("the wording stays") from None
'''


def changes() -> set[tuple[str, str]]:
    return {difference(mutant.before, mutant.after) for mutant in mutants_of("m.py", SOURCE)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"one two"', '"two"'),
        ('"a{1,3}|b(?=c)|d"', '"a{1,2}|b(?=c)|d"'),
        ('"a{1,3}|b(?=c)|d"', '"a{1,3}|b|d"'),
        ('"a{1,3}|b(?=c)|d"', '"a{1,3}|b(?=c)"'),
        ("SET a = 1, b = 2 WHERE", "SET a = 1 WHERE"),
        ("WHERE c = ? AND d > ?", "WHERE ? IS NOT NULL AND d > ?"),
        ("c = ? AND d", "c = ? OR d"),
        ("d > ?", "d >= ?"),
        ("most and db is not None", "most or db is not None"),
        ("is not", "is"),
        ("except ValueError", "except ()"),
        ("return int(SHORT.pattern, base=most)", "return None"),
        ("int(SHORT.pattern, base=most)", "int(SHORT.pattern, )"),
        ("raise KeyError", "pass"),
        ("3", "4"),
    ],
)
def test_statements_conditions_numbers_sql_patterns_and_tables_are_changed(before: str, after: str) -> None:
    found = mutants_of("m.py", SOURCE)
    assert any(before in one.before and after in one.after and before not in one.after for one in found)


def test_each_change_is_one_of_its_own_and_the_source_with_it_is_python() -> None:
    found = mutants_of("m.py", SOURCE)
    assert len({one.name for one in found}) == len({one.make() for one in found}) == len(found)
    for one in found:
        compile(one.make(), one.module, "exec")
        assert "the wording stays" in one.make() or "pass" in one.make()
        assert "Not changed." in one.make()


def test_what_runs_on_import_is_told_from_what_runs_when_called() -> None:
    found = mutants_of("m.py", SOURCE)
    assert {one.on_import for one in found if one.place == ""} == {True}
    assert {one.on_import for one in found if one.before == "3"} == {True}
    assert {one.on_import for one in found if one.place and one.before != "3" and "most: int" not in one.before} == {
        False
    }


def test_the_same_changes_are_drawn_when_lines_move() -> None:
    moved = SOURCE.replace("import re\n", "import re\n\n\nX = 1\n")
    drawn = {one.name for one in sample(mutants_of("m.py", SOURCE), 10)}
    assert len(drawn) == 10
    again = {one.name for one in mutants_of("m.py", moved)}
    assert drawn <= again


def test_the_quickest_tests_that_run_the_line_judge_and_of_a_parametrised_one_some() -> None:
    tests = Choice()
    tests.add(
        {
            "failed": ["t.py::fails"],
            "seconds_of": {"t.py::a[1]": 1.0, "t.py::a[2]": 1.0, "t.py::b": 1.5, "t.py::c": 0.5, "t.py::fails": 0.1},
            "lines": {"m.py": {"12": ["t.py::a[1]", "t.py::a[2]", "t.py::b", "t.py::fails", ""], "2": ["t.py::c"]}},
        }
    )
    of_line = next(one for one in mutants_of("m.py", SOURCE) if one.line == one.last_line == 12)
    assert tests.of(of_line, 3.0) == ["t.py::a[1]", "t.py::b"]
    assert tests.of(of_line, 0.0) == ["t.py::a[1]"]
    on_import = next(one for one in mutants_of("m.py", SOURCE) if one.on_import)
    assert tests.of(on_import, 99.0) == ["t.py::c", "t.py::a[1]", "t.py::a[2]", "t.py::b"]


def test_whatever_judges_and_is_judged_exists() -> None:
    assert [module for module in ALL if not (ROOT / module).is_file()] == []
    assert len(judging()) > 30


@pytest.mark.parametrize("module", ALL)
def test_every_survivor_is_still_in_the_code_and_has_its_reason(module: str) -> None:
    """Where one is not: `python -m bench.mutants` with the module's name, and a reason for each that it names."""
    source = " ".join((ROOT / module).read_text(encoding="utf-8").split())
    for one in measured()[module]["survivors"]:
        assert one["before"] in source, one["name"]
        assert one["reason"], one["name"]


@pytest.mark.parametrize("module", ALL)
def test_of_every_module_four_in_five_changes_are_noticed(module: str) -> None:
    figures = measured()[module]
    assert 1 - len(figures["survivors"]) / figures["judged"] >= 0.8


THING = "LIMIT = 3\n\n\ndef below(x: int) -> bool:\n    return x < LIMIT\n"


def judged(folder: Path, *orders: dict[str, Any], warm: bool) -> list[dict[str, Any]]:
    """What a judge says, in a repository of one module and one test."""
    (folder / "thing.py").write_text(THING)
    (folder / "test_thing.py").write_text(
        "from thing import below\n\n\ndef test_edge():\n    assert below(2)\n    assert not below(3)\n"
    )
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n')
    ran = subprocess.run(
        [sys.executable, "-m", "bench.mutants.judge", *(["test_thing.py"] if warm else [])],
        cwd=folder, env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}, text=True, timeout=120, check=True, capture_output=True,
        input="".join(json.dumps({"tests": ["test_thing.py::test_edge"], "seconds": 60} | order) + "\n" for order in orders),
    )  # fmt: skip
    assert (folder / "thing.py").read_text() == THING
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_judge_tells_a_change_that_fails_from_one_that_makes_no_difference_and_one_that_never_ends(
    tmp_path: Path,
) -> None:
    said = judged(
        tmp_path,
        {"measure": ["thing.py"]},
        {"module": "thing.py", "source": THING.replace("<", "<=")},
        {"module": "thing.py", "source": THING.replace("x < LIMIT", "LIMIT > x")},
        {"module": "thing.py", "source": THING.replace("return x < LIMIT", "while True: pass"), "seconds": 2},
        warm=True,
    )
    assert [one["status"] for one in said] == ["survived", "killed", "survived", "timeout"]
    assert said[0]["lines"]["thing.py"]["5"] == ["test_thing.py::test_edge"]
    assert said[1]["failed"] == ["test_thing.py::test_edge"]


def test_what_runs_on_import_is_judged_by_importing_anew(tmp_path: Path) -> None:
    changed = [THING.replace("LIMIT = 3", f"LIMIT = {value}") for value in ("4", "2 + 1", "None", "1 / 0")]
    said = judged(tmp_path, *({"module": "thing.py", "source": source} for source in changed), warm=False)
    assert [one["status"] for one in said] == ["killed", "survived", "killed", "killed"]
