"""What was measured, and the page that shows it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.mutants.scope import MODULES, MOST

MEASURED = Path(__file__).with_name("measured.json")
_HEAD = "<!-- Printed by `EVENTDESK_DOCS=write pytest tests/docs`, from what `python -m bench.mutants` measured. Do not edit. -->"
_AROUND = 24
_LONGEST = 160
_INTRODUCTION = f"""# Mutation testing

A test suite is worth what it notices. `python -m bench.mutants` changes the code that guards writes, secrets and people, one
small wrong change at a time, and runs the tests that reach the changed line. A change that fails no test has survived: a
test is missing, the code is more than is needed, or the change makes no difference. Every survivor stands below with the
reason why it stays.

```sh
make mutants                                  # everything below: about an hour on two cores of its own, all written down anew
python -m bench.mutants refs redaction        # some modules, by a part of their path
python -m bench.mutants entries --survivors   # only what survived the last time, after tests were written
```

It needs POSIX. It works on copies in a temporary folder, which end with it; `--help` names the other flags. The figures and
survivors go into `bench/mutants/measured.json`, where the reasons are written too; a run keeps those of the same change.

## A change

mutmut's operators on libcst's tree: other operators of arithmetic and comparison, `and` for `or`, `True` for `False`, a
number more by one, `None` for an assigned value or an argument, a named argument or a `case` left out, either branch of a
conditional expression. To these the module `bench/mutants/changes.py` adds what mutmut leaves out: a statement less, a
condition turned round, nothing returned, nothing caught; in SQL a condition that always holds, `OR` for `AND`, a column that
is not set; in patterns a look around, an alternative or a bound less; in tables of names one name less; another short text.

Of each module at most {MOST} are judged, drawn by a digest of the change itself: the same are drawn each time, and work on one
function does not change what is drawn of another. `--most 100000` judges all.

## The verdict

All judging tests run once unchanged, and coverage.py notes which lines each runs. A change is judged by those that run its
lines, the quickest first, of each parametrised test some; what runs on import is judged by the files of tests that run
part of the module. Tests of about five seconds of processor time come first, then tests of twenty more. Hypothesis runs thirty fixed
examples. A change is killed by a test that fails. It is also killed when its tests have not ended in twenty times their time
and 40 seconds on top, and then again not in three times that: then it is a loop. Whoever survives has passed all that.

""".splitlines()
_AFTER = """## What is not covered

- The wording of messages, docstrings, log lines, types, decorators and default values that are calls are not changed.
  Snapshots and the tests that quote them hold the wording.
- Tests that start the server as a process of its own (`tests/server/test_cli.py`, `test_approve.py`, `tests/mcp/test_stdio.py`),
  the longest ones, the platforms' own and the outside checks do not judge: what only they would notice counts as survived.
- The adapters, the HTTP client beyond redaction, and the sandbox are not in the scope.
- `binding.py` was measured before `asking.py` was taken out of it, and neither has been since; nor has `earlier.py`.
- Two changes at once are not tried.

## Survivors""".splitlines()


def measured() -> dict[str, Any]:
    """Figures and survivors by module, as the last run of each left them."""
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}


def page() -> str:
    """`docs/mutants.md`."""
    figures = measured()
    return "\n".join([_HEAD, "", *_INTRODUCTION, *_table(figures), "", *_AFTER, *_survivors(figures)]).rstrip() + "\n"


def _table(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "| part | module | mutants | judged | killed | of these in a loop | share |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for part, modules in MODULES.items():
        for module in modules:
            yield _row(part, f"`{module}`", [figures[module]])
    yield _row("**all**", "", list(figures.values()))


def _row(part: str, module: str, figures: list[Mapping[str, Any]]) -> str:
    made, judged, loops = (sum(one[name] for one in figures) for name in ("mutants", "judged", "timeouts"))
    killed = judged - sum(len(one["survivors"]) for one in figures)
    return f"| {part} | {module} | {made} | {judged} | {killed} | {loops} | {killed / judged:.0%} |"


def _survivors(figures: Mapping[str, Any]) -> Iterator[str]:
    for modules in MODULES.values():
        for module in modules:
            survivors = figures[module]["survivors"]
            if survivors:
                yield from ("", f"### `{module}`", "", "| where | change | why it stays |", "|---|---|---|")
            for one in survivors:
                before, after = difference(one["before"], one["after"])
                yield f"| {_code(one['place'] or 'module')} | {_code(before)} → {_code(after)} | {one['reason']} |"


def difference(before: str, after: str) -> tuple[str, str]:
    """The parts of two texts in which they differ, with some of what stands around."""
    begin = _same(before, after)
    end = _same(before[begin:][::-1], after[begin:][::-1])
    return _part(before, begin, end), _part(after, begin, end)


def _same(one: str, other: str) -> int:
    """How many characters are the same from the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _part(text: str, begin: int, end: int) -> str:
    first, last = max(begin - _AROUND, 0), min(len(text) - end + _AROUND, len(text))
    part = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return part if len(part) <= _LONGEST else f"{part[: _LONGEST // 2]} … {part[-_LONGEST // 2 :]}"


def _code(text: str) -> str:
    quoted = text.replace("|", "\\|")
    return f"`` {quoted} ``" if "`" in text else f"`{quoted}`"
