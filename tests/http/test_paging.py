"""Walking lists to their end."""

import pytest

from eventdesk_server.http.paging import Slice, position_of, walk
from eventdesk_server.http.paging import pages as read
from eventdesk_tools.errors import ListIncomplete

pytestmark = pytest.mark.anyio


async def walked(*pages: Slice[str], cap: int = 300) -> tuple[list[str], str]:
    """The rows, and the complaint at the end."""
    rows: list[str] = []
    asked: list[int] = []

    async def fetch(position: int) -> Slice[str]:
        asked.append(position)
        return pages[position - 1]

    try:
        async for row in walk(fetch, key=str, cap=cap):
            rows.append(row)  # noqa: PERF401 - the rows before a failure count
    except ListIncomplete as exc:
        return rows, exc.message
    assert asked == list(range(1, len(asked) + 1))
    return rows, ""


async def test_every_record_comes_once_and_in_order() -> None:
    empty: list[str] = []
    pages = [Slice(["a", "b"], 2, 5), Slice(["b", "c"], 3, 5), Slice(empty, 4, 5), Slice(["d", "e"], None, 5)]
    assert await walked(*pages) == (["a", "b", "c", "d", "e"], "")
    assert await walked(Slice(empty, None)) == ([], "")
    assert await walked(Slice(["a"], None, 1)) == (["a"], "")


async def test_237_rows_in_pages_of_any_size_come_out_whole() -> None:
    rows = [f"r{n}" for n in range(237)]
    for size in (1, 7, 10, 79, 100, 237, 500):
        chunks = [rows[at : at + size] for at in range(0, 237, size)]
        pages = [Slice(chunk, n + 2 if n + 1 < len(chunks) else None, 237) for n, chunk in enumerate(chunks)]
        assert await walked(*pages) == (rows, "")


async def test_a_repeated_page_is_told() -> None:
    told = "The platform repeated a page: 2 records were read, and there may be more."
    assert await walked(Slice(["a", "b"], 2), Slice(["a", "b"], 3)) == (["a", "b"], told)
    assert await walked(Slice(["a", "b"], 2), Slice(["a", "b"], None)) == (["a", "b"], told)
    assert await walked(Slice(["a", "b"], 2), Slice(["b"], 3)) == (["a", "b"], told)
    assert await walked(Slice(["a", "b"], 1)) == (["a", "b"], told)
    empty: list[str] = []
    assert await walked(Slice(["a", "b"], 2), Slice(empty, 3), Slice(empty, 2)) == (["a", "b"], told)


async def test_a_list_that_gives_fewer_than_it_counts_is_told() -> None:
    assert await walked(Slice(["a"], 2, 3), Slice(["b"], None, 3)) == (
        ["a", "b"],
        "The platform counts 3 records and gave 2.",
    )


async def test_the_cap_tells_how_many_were_read() -> None:
    rows, told = await walked(Slice(["a"], 2), Slice(["b"], 3), Slice(["c"], None), cap=2)
    assert rows == ["a", "b"]
    assert told == "The platform has more than 2 pages here: 2 records were read, not all."


async def moved(*pages: list[str], before: int | None = 0, totals: list[int | None]) -> list[tuple[list[str], bool]]:
    """What two-page readings one after the other make of a list, and whether it is told to have moved."""
    turn = iter(zip(pages, totals, strict=True))

    async def fetch(position: int) -> Slice[str]:
        rows, total = next(turn)
        return Slice(rows, position + 1 if position < 2 else None, total)

    return [(list(page.rows), page.moved) async for page in read(fetch, key=str, before=before)]


async def test_a_list_whose_count_changes_while_it_is_read_is_read_again_for_what_slipped_away() -> None:
    assert await moved(["a", "b"], ["d"], ["b", "c"], ["d"], totals=[4, 3, 3, 3]) == [
        (["a", "b"], False), (["d"], False), (["c"], True),
    ]  # fmt: skip
    assert await moved(["b", "c"], ["c", "d"], ["a", "b"], ["c", "d"], totals=[3, 4, 4, 4]) == [
        (["b", "c"], False), (["d"], False), (["a"], True),
    ]  # fmt: skip


async def test_rows_that_change_places_are_missed_by_no_reading() -> None:
    assert await moved(["a", "b"], ["b", "d"], ["a", "b"], ["c", "d"], totals=[4, 4, 4, 4]) == [
        (["a", "b"], False), (["d"], False), (["c"], True),
    ]  # fmt: skip
    # What is resumed in the middle counts from there.
    assert await moved(["a", "b"], ["b", "c"], totals=[5, 5], before=2) == [(["a", "b"], False), (["c"], False)]


async def test_a_list_that_keeps_changing_is_not_taken_for_whole() -> None:
    with pytest.raises(ListIncomplete, match="gave 4 of 3 records: the list changed while it was read, twice"):
        await moved(["a", "b"], ["d"], ["b", "c"], ["d"], totals=[4, 3, 4, 3])


@pytest.mark.parametrize(
    ("link", "position"),
    [
        ("https://evil.example/x?page=3&limit=10", 3),
        ("?page=12", 12),
        ("https://x/?a=b&page=1&page=2", 2),
        ("https://x/?offset=3", None),
        ("https://x/?page=", None),
        ("https://x/?page=-1", None),
        ("https://x/?page=3e2", None),
        ("https://x/?page=٣", None),
        ("https://x/?page=9999999999", None),
        ("https://[x/?page=1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_next_link_gives_its_position_and_nothing_else(link: str | None, position: int | None) -> None:
    assert position_of(link, "page") == position
