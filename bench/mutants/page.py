"""What was measured, and the page that shows it."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.mutants.scope import MODULES

MEASURED = Path(__file__).with_name("measured.json")
_HEAD = "<!-- Printed by `EVENTDESK_DOCS=write pytest tests/docs`, from what `python -m bench.mutants` measured. Do not edit. -->"
_AROUND = 24
_LONGEST = 160


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
    begin = len(os.path.commonprefix([before, after]))
    end = len(os.path.commonprefix([before[begin:][::-1], after[begin:][::-1]]))
    return _part(before, begin, end), _part(after, begin, end)


def _part(text: str, begin: int, end: int) -> str:
    first, last = max(begin - _AROUND, 0), min(len(text) - end + _AROUND, len(text))
    part = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return part if len(part) <= _LONGEST else f"{part[: _LONGEST // 2]} … {part[-_LONGEST // 2 :]}"


def _code(text: str) -> str:
    quoted = text.replace("|", "\\|")
    return f"`` {quoted} ``" if "`" in text else f"`{quoted}`"


_INTRODUCTION = ()
_AFTER = ()
