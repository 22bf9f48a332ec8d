"""Progress for people: a bar on a terminal, plain lines elsewhere."""

import io

import pytest
from typing_extensions import override

from eventdesk_server.terminal import LINES_APART, Bar, bar

pytestmark = pytest.mark.anyio


class Screen(io.StringIO):
    """A terminal."""

    @override
    def isatty(self) -> bool:
        return True


async def test_on_a_terminal_a_bar_is_drawn_and_taken_away() -> None:
    screen = Screen()
    with bar(screen) as shown:
        await shown.told(5, 20, "5 rows")
        half = screen.getvalue()
        await shown.told(20, 20, "20 rows")
    drawn = screen.getvalue()
    assert "5 rows" in half
    assert " 25%" in half
    assert "100%" in drawn
    assert drawn.rpartition("\r")[0].endswith(" ")
    assert "\n" not in drawn


async def test_where_the_end_is_not_known_no_share_of_it_is_shown() -> None:
    screen = Screen()
    with bar(screen) as shown:
        await shown.told(5, None, "5 rows")
        await shown.told(2, 4, "2 of 4 events")
    first, _, second = screen.getvalue().partition("2 of 4 events")
    assert "%" not in first
    assert " 50%" in second


async def test_elsewhere_lines_are_plain_few_and_end_with_the_last() -> None:
    out = io.StringIO()
    at = 0.0
    shown = Bar(out, clock=lambda: at)
    for done in range(1, 41):
        await shown.told(done, 100, f"{done} rows")
        at += LINES_APART / 8
    shown.close()
    assert out.getvalue().splitlines() == [f"{done} rows ({done}%)" for done in (1, 9, 17, 25, 33, 40)]


async def test_what_is_over_at_once_is_one_line() -> None:
    out = io.StringIO()
    with bar(out) as shown:
        await shown.told(3, 3, "3 of 3 events")
    assert out.getvalue() == "3 of 3 events\n"


async def test_nothing_told_is_nothing_said() -> None:
    for out in (io.StringIO(), Screen()):
        with bar(out):
            pass
        assert out.getvalue() == ""
