"""Lists are cut to the budget, continued where they were cut, and never end silently."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_tools.answers import fingerprint
from eventdesk_tools.desk import Call
from eventdesk_tools.errors import InvalidArguments, ListIncomplete
from eventdesk_tools.listing import Place, Source, answer_list, read_cursor, read_sources, read_whole
from eventdesk_tools.records import Page
from tests.tokens import count
from tests.tools.test_writes import call, desk

pytestmark = pytest.mark.anyio
FILTERS = fingerprint("x")


def source(name: str, rows: list[str], size: int, fail_after: int | None = None) -> Source[str]:
    async def pages(at: int | None) -> AsyncIterator[Page[str]]:
        page = at or 1
        while (page - 1) * size < len(rows) or page == 1:
            if fail_after is not None and page > fail_after:
                raise ListIncomplete("broken off")
            yield Page(rows[(page - 1) * size : page * size], page, None)
            page += 1

    return Source(desk().accounts["club"], name, pages)


async def walk(of: Call, sources: list[Source[str]], limit: int, keep: str = "") -> list[str]:
    seen: list[str] = []
    cursor = ""
    while True:
        after = read_cursor(cursor, FILTERS) if cursor else None
        read = await read_sources(of, sources, key=str, keep=lambda _, r: keep in r, after=after, limit=limit)
        answer = answer_list(
            of, read, ["x"], lambda _, r: [r], filters=FILTERS, limit=limit, limit_given=True, asked=True
        ).data
        seen += [row[0] for row in answer["rows"]]
        assert answer["returned"] == len(answer["rows"]) <= limit
        if "next_cursor" not in answer:
            return seen
        cursor = answer["next_cursor"]
        assert count(cursor) <= 40


@given(st.integers(0, 240), st.integers(1, 50), st.integers(1, 200), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
async def test_walking_yields_each_record_exactly_once(total: int, size: int, limit: int, sources: int) -> None:
    lists = [[f"s{n}-r{i}" for i in range(total // (n + 1))] for n in range(sources)]
    of = call(desk())
    seen = await walk(of, [source(f"s{n}", rows, size) for n, rows in enumerate(lists)], limit)
    assert seen == [row for rows in lists for row in rows]


async def test_a_filter_that_the_platform_does_not_know_is_applied_to_every_page() -> None:
    rows = [f"r{i}" for i in range(237)]
    seen = await walk(call(desk()), [source("s", rows, 24)], 7, keep="9")
    assert seen == [row for row in rows if "9" in row]


async def test_the_total_is_told_when_all_was_read_and_absent_until_then() -> None:
    of = call(desk())
    rows = [f"r{i}" for i in range(30)]
    whole = await read_sources(of, [source("s", rows, 24)], key=str, keep=lambda _, __: True, limit=50)
    assert (whole.total, whole.complete) == (30, True)
    part = await read_sources(of, [source("s", rows, 24)], key=str, keep=lambda _, __: True, limit=5)
    assert (part.total, part.complete) == (None, False)


async def test_one_broken_list_among_several_is_a_note_and_alone_a_failure() -> None:
    of = call(desk())
    good, bad = source("a", ["x"], 5), source("b", ["y"] * 9, 5, fail_after=0)
    read = await read_sources(of, [bad, good], key=str, keep=lambda _, __: True)
    assert [row for _, row, _ in read.rows] == ["x"]
    assert not read.complete
    assert "broken off" in of.notes.as_list()[0]
    with pytest.raises(ListIncomplete):
        await read_sources(of, [bad], key=str, keep=lambda _, __: True)


async def test_nothing_is_computed_from_part_of_a_list() -> None:
    with pytest.raises(ListIncomplete):
        await read_whole(
            call(desk()), source("s", [f"r{i}" for i in range(60)], 24, fail_after=1), key=str, keep=lambda _, __: True
        )


async def test_rows_that_went_away_or_came_in_between_do_not_lose_the_others() -> None:
    of = call(desk())
    before = [f"r{i}" for i in range(100)]
    read = await read_sources(of, [source("s", before, 10)], key=str, keep=lambda _, __: True, limit=25)
    after = read.rows[-1][2]
    gone = [row for row in before if row != "r24"]  # the row that the cursor names
    rest = await read_sources(of, [source("s", gone, 10)], key=str, keep=lambda _, __: True, after=after)
    assert set(gone[25:]) <= {row for _, row, _ in rest.rows}


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "é", "a" * 20, ""])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidArguments):
        read_cursor(cursor, FILTERS)


def test_a_cursor_is_refused_for_other_filters() -> None:
    place = Place.after(b"abc", 7, 2, [b"fst1", b"snd2", b"thd3"])
    cursor = place.cursor(FILTERS)
    assert read_cursor(cursor, FILTERS) == place
    assert place.marks == (b"thd3", b"snd2", bytes(4))
    with pytest.raises(InvalidArguments, match="other filters"):
        read_cursor(cursor, fingerprint("y"))
