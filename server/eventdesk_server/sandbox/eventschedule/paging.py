"""Lists: order without a tie-breaker, pages, and the seven `meta` keys."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from eventdesk_server.sandbox.eventschedule import php
from eventdesk_server.sandbox.eventschedule.answers import Answer, server_error
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.state import Row, State
from eventdesk_server.sandbox.eventschedule.validation import INTEGER, NULLABLE, Rule, at_least, at_most

PER_PAGE_RULE: tuple[Rule, ...] = (NULLABLE, INTEGER, at_least(1), at_most(500))
_LARGEST = 500
_DEFAULT = 100
_FALLBACK = 15


def per_page(call: Call) -> int:
    """The page size: clamped to 500, and 15 in place of what is no number.

    Raises:
        FrameworkError: It is negative, which the database refuses.
    """
    size = min(php.integer(call.get("per_page", _DEFAULT)), _LARGEST) or _FALLBACK
    if size < 0:
        raise server_error()
    return size


def page(call: Call) -> int:
    """The page asked for; 1 unless it is a positive integer."""
    value = call.get("page", 1)
    return php.integer(value) if php.is_integer(value) and php.integer(value) >= 1 else 1


def newest_first(state: State, rows: list[Row], column: str, number: int) -> list[Row]:
    """Rows by a column descending, rows without a value last.

    Equal values come in no particular order. With `eventschedule.unstable_ties` that order changes from page to page.
    """
    turned = bool(state.world.switch("eventschedule.unstable_ties", False)) and number % 2 == 0
    rows = sorted(rows, key=lambda row: row.get("id") or row.get("number") or 0, reverse=turned)
    return sorted(rows, key=lambda row: (row[column] is not None, row[column] or ""), reverse=True)


def paged(call: Call, rows: Sequence[Row], render: Callable[[Row], Any], *, number: int | None = None) -> Answer:
    """One page of rows."""
    size = per_page(call)
    current = page(call) if number is None else number
    start = (current - 1) * size
    shown = rows[start : start + size]
    body = {
        "data": [render(row) for row in shown],
        "meta": {
            "current_page": current,
            "from": start + 1 if shown else None,
            "last_page": max(1, math.ceil(len(rows) / size)),
            "per_page": size,
            "to": start + len(shown) if shown else None,
            "total": len(rows),
            "path": call.site + call.path.rstrip("/"),
        },
    }
    return Answer(200, php.pretty(body))
