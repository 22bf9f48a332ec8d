"""A list read to its end through its tool, cursor by cursor: for files, which take every row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eventdesk_tools.desk import Call
from eventdesk_tools.errors import ListIncomplete
from eventdesk_tools.models import Json
from eventdesk_tools.spec import ToolSpec

NEARLY_UP = 3.0
"""With fewer seconds left, no further part is asked for."""
_MOST = 200


async def whole_list(call: Call, spec: ToolSpec, given: Mapping[str, Any]) -> tuple[list[str], list[list[Json]]]:
    """The columns and every row of a list.

    Raises:
        ListIncomplete: The call's time is up before the end; a part of a list is no list.
    """
    rows: list[list[Json]] = []
    columns: list[str] = []
    total: float | None = None
    cursor = ""

    async def tell(done: float, part: float | None, message: str) -> None:
        before = len(rows)
        known = total if total is not None or before else part
        await call.tell(before + done, known, f"{before + done:.0f} rows" if message.endswith("rows") else message)

    while True:
        arguments = {**given, "limit": _MOST, **({"cursor": cursor} if cursor else {})}
        answer = await spec.handler(replace(call, tell=tell), spec.parse(arguments))
        columns = list(answer.data["columns"])
        rows += answer.data["rows"]
        total = answer.data.get("total", total)
        cursor = str(answer.data.get("next_cursor", ""))
        await call.tell(len(rows), total if cursor else len(rows), f"{len(rows)} rows")
        if not cursor:
            return columns, rows
        if call.seconds_left < NEARLY_UP:
            raise ListIncomplete(
                f"The list is too long for one call: {len(rows)} rows were read and nothing was written.",
                next="Narrow it by status, occurrence or event, and call again.",
            )
