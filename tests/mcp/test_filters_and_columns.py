"""Each filter and each column of each list at each platform: it works, or is unsupported; never an empty list instead."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from eventdesk_tools.catalog import list_attendees, list_events, list_sales, list_sessions
from eventdesk_tools.ports import Capability, Mode
from tests.mcp.matrix import ACCOUNTS, MATRIX, usual
from tests.mcp.walks import Walk, asked
from tests.support import Rehearsal, rehearse

pytestmark = pytest.mark.anyio
Row = dict[str, Any]
Fits = Callable[[Row, Any], bool]
COLUMNS: dict[Capability, tuple[str, ...]] = {
    Capability.LIST_EVENTS: get_args(list_events.Column),
    Capability.LIST_SESSIONS: get_args(list_sessions.Column),
    Capability.LIST_ATTENDEES: get_args(list_attendees.Column),
    Capability.LIST_SALES: get_args(list_sales.Column),
}
COSTLY = {"sold", "left", "capacity", "sessions"}
"""What may cost a request a row comes in short answers, and is proven where the adapters are."""
ACTIVE = {"confirmed", "pending"}


def word(row: Row) -> str:
    return str(row["status"]).partition(" ")[0]


def first(values: Iterable[Any], most: int = 3) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value))[:most]


def moment(row: Row, column: str) -> str:
    """A time as the zone of an account without one tells it, to the minute; "" where there is none."""
    told = row[column]
    return datetime.fromisoformat(told).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if told else ""


def moments(rows: list[Row], column: str) -> list[str]:
    return first(moment(row, column) for row in rows)


# A filter: the column that it needs, the values to try, and which rows fit one.
Filter = tuple[str, Callable[[list[Row]], list[Any]], Fits]
FILTERS: dict[Capability, dict[str, Filter]] = {
    Capability.LIST_EVENTS: {
        "status": ("status", lambda _: [s for s in get_args(list_events.Status) if s], lambda r, v: r["status"] == v),
        "text": ("title", lambda rows: [r["title"][:4] for r in rows[:3]], lambda r, v: v.casefold() in " ".join(
            str(r.get(c) or "") for c in ("title", "place", "calendar", "tags")).casefold()),
        "since": ("starts", lambda rows: first(r["starts"] for r in rows[4:]), lambda r, v: bool(r["starts"])),
    },
    Capability.LIST_SESSIONS: {
        "day": ("starts", lambda rows: first((r["starts"] or "")[:10] for r in rows), lambda r, v: (r["starts"] or "")[:10] == v),
    },
    Capability.LIST_ATTENDEES: {
        "status": ("status", lambda _: ["active", "confirmed", "pending", "incomplete", "rejected", "cancelled", "unknown"],
                   lambda r, v: word(r) == v or (v == "active" and word(r) in ACTIVE)),
        "email": ("email", lambda rows: first(r["email"].upper() for r in rows), lambda r, v: r["email"].casefold() == v.casefold()),
        "name": ("name", lambda rows: first(r["name"][:3] for r in rows), lambda r, v: v.casefold() in r["name"].casefold()),
        "ticket": ("ticket", lambda rows: first((r["ticket"] or "").partition(",")[0] for r in rows),
                   lambda r, v: v in (r["ticket"] or "").split(", ")),
        "paid": ("paid", lambda _: [True, False], lambda r, v: r["paid"] is v),
        "checked_in": ("checked_in", lambda _: [True, False], lambda r, v: r["checked_in"] is v),
        "since": ("registered", lambda rows: moments(rows, "registered"), lambda r, v: moment(r, "registered") >= v),
    },
    Capability.LIST_SALES: {
        "status": ("status", lambda _: ["unpaid", "paid", "refunded", "cancelled", "expired", "mismatch", "pending", "failed", "unknown"],
                   lambda r, v: word(r) == v),
        "email": ("email", lambda rows: first(r["email"] for r in rows), lambda r, v: r["email"].casefold() == v.casefold()),
        "since": ("made", lambda rows: moments(rows, "made"), lambda r, v: moment(r, "made") >= v),
        "until": ("made", lambda rows: moments(rows, "made"), lambda r, v: "" < moment(r, "made") <= v),
    },
}  # fmt: skip
LISTS = [
    (account, capability)
    for account, row in MATRIX.items()
    for capability in COLUMNS
    if row[capability].mode is not Mode.UNSUPPORTED
]
each_list = pytest.mark.parametrize(("account", "capability"), LISTS, ids=[f"{a}-{c}" for a, c in LISTS])


def walk_of(account: str, capability: Capability) -> Walk:
    provider, settings = ACCOUNTS[account]
    call = usual(account, capability) | dict(MATRIX[account][capability].arguments)
    return Walk(account, capability, provider, dict, "", settings=settings, arguments=call)


async def whole(r: Rehearsal, walk: Walk, **more: Any) -> dict[str, Any]:
    """A list to its end, or the failure; each call at a server of its own, which no limit holds up."""
    answer = await asked(r, walk, **more)
    step = answer
    while "next_cursor" in step:
        step = await asked(r, walk, **more, cursor=step["next_cursor"])
        answer["rows"] += step["rows"]
    return answer


async def truth(r: Rehearsal, walk: Walk, capability: Capability) -> tuple[dict[str, Row], set[str]]:
    """All rows by ref with every column that is told, and which columns are not."""
    rows: dict[str, Row] = {}
    refused: set[str] = set()
    for column in COLUMNS[capability]:
        if column in COSTLY:
            continue
        answer = await whole(r, walk, fields=["ref", column])
        if "error" in answer:
            assert (answer["error"]["code"], answer["error"]["field"]) == ("unsupported", "fields")
            assert column in answer["error"]["message"] + answer["error"]["next"]
            refused.add(column)
            continue
        assert answer["columns"] == list(dict.fromkeys(["ref", column]))
        for row in answer["rows"]:
            rows.setdefault(row[0], {})[column] = row[-1]
        if answer["rows"] and column != "tags" and all(row[-1] is None for row in answer["rows"]):
            # Nothing in any row is said in a note, so that nobody reads it as "none".
            assert column in list_events.DEFAULT or f"{column}: not told by demo-{walk.provider}." in answer["notes"]
            refused.add(column)
    return rows, refused


@each_list
async def test_a_filter_keeps_exactly_the_rows_that_fit_or_is_unsupported(account: str, capability: Capability) -> None:
    provider, settings = ACCOUNTS[account]
    walk = walk_of(account, capability)
    async with rehearse(provider, settings={provider: settings}) as r:
        rows, refused = await truth(r, walk, capability)
        assert len(rows) >= 3
        for name, (column, values, fits) in FILTERS[capability].items():
            tried = (
                values(list(rows.values()))
                if column not in refused
                else [True if name in {"paid", "checked_in"} else "2027"]
            )
            for value in tried:
                answer = await whole(r, walk, fields=["ref"], **{name: value})
                if "error" in answer:
                    assert answer["error"]["code"] in {"unsupported", "unknown_ref"}, (name, value, answer)
                    assert answer["error"]["next"]
                    assert column in refused or not any(fits(row, value) for row in rows.values()), (
                        name,
                        value,
                        answer,
                    )
                    continue
                if column in refused:
                    assert answer["rows"] == []
                    assert answer["notes"]
                if name == "since" and capability is Capability.LIST_EVENTS:
                    there = [row["starts"] for ref, row in rows.items() if [ref] in answer["rows"]]
                    assert value in there
                    continue
                found = {ref for (ref,) in answer["rows"]}
                assert found == {ref for ref, row in rows.items() if fits(row, value)}, (name, value)
