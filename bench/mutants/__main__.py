"""`python -m bench.mutants`: changes the code that guards writes, secrets and people, and counts what the tests notice."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.mutants.changes import Mutant, mutants_of, sample
from bench.mutants.judges import Choice, Judge, judges, shared_out
from bench.mutants.page import MEASURED, measured
from bench.mutants.scope import ALL, MOST, ROOT, judging

QUICK, THOROUGH = 5.0, 20.0
"""Seconds of tests that judge a mutant at first, and once more where those notice nothing."""
_TIMES, _LEAST = 20.0, 40.0
"""A mutant's tests may take so many times as long as without it, and so many seconds on top."""


@dataclass
class Judged:
    """What became of a mutant: `killed` by a test, `timeout` in a loop, or `survived`."""

    mutant: Mutant
    status: str
    by: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of the paths of modules; without them all of the scope")
    parser.add_argument("--most", type=int, default=MOST, help="mutants of each module (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="judges at once (default: %(default)s)")
    parser.add_argument("--survivors", action="store_true", help="only those that survived the last time")
    parser.add_argument("--lines", type=Path, help="a file for which tests run which lines: read when it is there")
    given = parser.parse_args()
    modules = [module for module in ALL if not given.modules or any(part in module for part in given.modules)]
    before = measured()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the copies go
    with judges(given.jobs) as made:
        tests = _lines(made, given.lines)
        for module in modules:
            everything = mutants_of(module, (ROOT / module).read_text(encoding="utf-8"))
            drawn = sample(everything, given.most)
            old = before.get(module, {})
            if given.survivors:
                names = {one["name"] for one in old["survivors"]}
                drawn = [mutant for mutant in everything if mutant.name in names]
            began = time.monotonic()
            found = shared_out(made, drawn, lambda judge, mutant: _judged(judge, tests, mutant))
            figures = _figures(found, len(everything), old, again=given.survivors)
            before[module] = figures
            MEASURED.write_text(json.dumps(before, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            _tell(module, figures, time.monotonic() - began)
    return 0


def _lines(made: list[Judge], kept: Path | None) -> Choice:
    """Run all tests of the scope once, unchanged, and note which lines each runs.

    Raises:
        SystemExit: One does not end.
    """
    tests = Choice()
    answers: dict[str, Any] = json.loads(kept.read_text()) if kept is not None and kept.exists() else {}
    files = judging()
    wanted = [file for file in files if file not in answers]

    def measure(judge: Judge, file: str) -> None:
        answer = judge.ask({"tests": [file], "measure": ALL, "seconds": 900})
        if "seconds_of" not in answer:
            sys.exit(f"{file} does not end without any change: {answer['status']}")
        for failed in answer["failed"]:
            print(f"fails without any change, so it judges nothing: {failed}", file=sys.stderr)
        answers[file] = answer
        if kept is not None:
            kept.write_text(json.dumps(answers))
        print(f"{file}: {len(answer['seconds_of'])} tests, {answer['seconds']:.0f} s", file=sys.stderr)

    shared_out(made, wanted, measure)
    for file in files:
        tests.add(answers[file])
    return tests


def _judged(judge: Judge, tests: Choice, mutant: Mutant) -> Judged:
    quick = tests.of(mutant, QUICK)
    if not quick:
        return Judged(mutant, "survived", "no test runs it")
    source = mutant.make()
    answer = _asked(judge, tests, mutant, source, quick)
    if answer["status"] == "survived":
        more = [name for name in tests.of(mutant, THOROUGH) if name not in set(quick)]
        if more:
            answer = _asked(judge, tests, mutant, source, more)
    status = "killed" if answer["status"] == "died" else answer["status"]
    if mutant.on_import and status.startswith("pytest ended"):
        status = "killed"  # not even what all tests share could be imported
    if status not in {"killed", "survived", "timeout"}:
        sys.exit(f"{mutant.module}, {mutant.name}: {status}")
    return Judged(mutant, status, "".join(answer.get("failed", [])[:1]))


def _asked(judge: Judge, tests: Choice, mutant: Mutant, source: str, names: Sequence[str]) -> dict[str, Any]:
    """Only what runs out of time twice, the second time with three times as much of it, never ends."""
    seconds = _LEAST + _TIMES * sum(tests.seconds[name] for name in names)
    order = {"module": mutant.module, "source": source, "tests": list(names), "seconds": seconds}
    answer = judge.ask(order, on_import=mutant.on_import)
    if answer["status"] == "timeout":
        answer = judge.ask({**order, "seconds": 3 * seconds}, on_import=mutant.on_import)
    return answer


def _figures(found: Sequence[Judged], everything: int, old: Mapping[str, Any], *, again: bool) -> dict[str, Any]:
    reasons = {one["name"]: one.get("reason", "") for one in old.get("survivors", [])}
    survivors = [
        {
            "name": one.mutant.name,
            "line": one.mutant.line,
            "place": one.mutant.place,
            "before": one.mutant.before,
            "after": one.mutant.after,
            "reason": reasons.get(one.mutant.name, ""),
        }
        for one in found
        if one.status == "survived"
    ]
    timeouts = sum(one.status == "timeout" for one in found)
    return {
        "mutants": everything,
        "judged": old["judged"] - len(old["survivors"]) + len(found) if again else len(found),
        "timeouts": old["timeouts"] + timeouts if again else timeouts,
        "survivors": survivors,
    }


def _tell(module: str, figures: Mapping[str, Any], seconds: float) -> None:
    killed = figures["judged"] - len(figures["survivors"])
    share = killed / figures["judged"] if figures["judged"] else 1.0
    print(
        f"{module}: {killed} of {figures['judged']} killed ({share:.0%}), {figures['timeouts']} by time,"
        f" of {figures['mutants']} mutants; {seconds:.0f} s",
        flush=True,
    )
    for one in figures["survivors"]:
        print(f"  {one['name']} {one['line']} {one['place']}: {one['before']}  →  {one['after']}")


if __name__ == "__main__":
    sys.exit(main())
