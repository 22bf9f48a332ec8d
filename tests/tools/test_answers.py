"""Answers stay within their budget, and cursors bind their filters."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_tools.answers import (
    BUDGET,
    BUDGET_MOST,
    Notes,
    Position,
    compact,
    cut_text,
    error_body,
    event_cursor,
    fingerprint,
    read_event_cursor,
    rendered,
    table,
    weigh,
    without_empty,
)
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from tests.tokens import count

SCRIPTS = {
    "English": "The quick brown fox jumps over the lazy dog, and again. ",
    "Arabic": "يبدأ البرنامج في السابعة مساءً أهلاً بكم ",
    "Chinese": "春节联欢晚会将于今晚八点开始请提前入场",
    "Japanese": "受付は開場の30分前から始まります。",
    "Hebrew": "ליל ג'אז ביפו העתיקה ",
    "emoji": "🎸👩‍👩‍👧‍👦🏳️‍🌈🧧🚲🎆",
    "Gothic": "𐌰𐌱𐌲𐌳𐌴𐌵𐌶𐌷",
    "Cuneiform": "𒀀𒀁𒀂𒀃𒀄𒀅",
    "Tibetan": "བོད་སྐད་ཀྱི་ཡི་གེ་",
    "codes": "aX9kQ2zR7pL0vB3nM8cW5tY1",
    "digits": "84759302847561029384756",
    "punctuation": "}{][)(*&^%$#@!~`|\\\"';:<>,.?/",
    "Khmer": "ភាសាខ្មែរ",
    "Amharic": "አማርኛ ቋንቋ ",
}
instants = st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
ordinary = st.sampled_from([SCRIPTS[name] for name in ("English", "Arabic", "Chinese", "Hebrew", "Japanese")])


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_full_answer_of_any_script_is_at_most_8000_tokens(name: str) -> None:
    rows = [[f"demo:{i}", (SCRIPTS[name] * 10)[:200], "2027-06-12T19:30+01:00"] for i in range(400)]
    data, shown = table(["ref", "title", "starts"], rows, extra={}, budget=BUDGET_MOST)
    assert 0 < shown < 400
    assert count(rendered(data)) <= 8_000


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_default_list_of_any_script_is_at_most_2000_tokens(name: str) -> None:
    rows = [[f"demo:{i}", (SCRIPTS[name] * 10)[:100], "2027-06-12T19:30+01:00", "live"] for i in range(400)]
    data, shown = table(["ref", "title", "starts", "status"], rows, extra={"total": 400})
    assert shown > 0
    assert count(rendered(data)) <= 2_000


@pytest.mark.parametrize("cell", ["***", "é ***", "𒀀", "**" * 3, "§ 𐌰 --"])
def test_rows_that_weigh_more_together_than_alone_are_cut_and_sent(cell: str) -> None:
    rows = [[cell, None, cell] for _ in range(3_000)]
    data, shown = table(["a", "b", "c"], rows, extra={}, budget=BUDGET_MOST)
    assert 0 < shown < 3_000
    assert count(rendered({**data, "next_cursor": "x" * 34, "sandbox": True})) <= 8_000


@given(
    st.recursive(
        st.text(max_size=5_000),
        lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=6),
        max_leaves=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_tool_makes_is_sent_within_the_budget_as_json(value: object) -> None:
    try:
        text = rendered({"x": value})
    except ValueError:
        assert weigh(compact({"x": value})) > BUDGET_MOST
        return
    json.loads(text)
    assert count(text) <= 8_000


@given(st.lists(st.lists(st.text(max_size=60), min_size=2, max_size=2), max_size=60), st.integers(200, BUDGET))
def test_a_table_keeps_a_prefix_of_its_rows(rows: list[list[str]], budget: int) -> None:
    data, shown = table(["a", "b"], rows, extra={}, budget=budget)
    assert data["rows"] == [[cell or None for cell in row] for row in rows[:shown]]
    assert data["returned"] == shown
    assert shown >= min(1, len(rows))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3_000), st.integers(50, 2_000))
def test_text_that_is_cut_says_how_much_is_left(text: str, room: int) -> None:
    cut = cut_text(text, room, "see the page")
    if cut != text:
        head, _, tail = cut.rpartition(" … [")
        left = int(tail.split()[0])
        assert text[: len(text) - left].rstrip() == head
        assert weigh(head) <= room


@given(
    instants | st.none(),
    st.text(min_size=1, max_size=40),
)
def test_reading_a_cursor_is_the_inverse_of_writing_it(starts: datetime | None, ref: str) -> None:
    filters = fingerprint("x", "upcoming")
    position = Position.of(starts, ref)
    backwards = Position(-position.seconds, position.mark)
    assert read_event_cursor(event_cursor(filters, position, 9), filters) == (position, 9)
    assert read_event_cursor(event_cursor(filters, backwards, 70_000), filters) == (backwards, 70_000)
    assert count(event_cursor(filters, position, 9)) <= 40


def test_a_cursor_is_refused_for_other_filters() -> None:
    cursor = event_cursor(fingerprint("a"), Position.of(None, "x:1"), 1)
    with pytest.raises(InvalidArguments, match="other filters"):
        read_event_cursor(cursor, fingerprint("b"))


@given(st.text(max_size=60))
def test_any_text_as_a_cursor_is_read_or_refused(text: str) -> None:
    with pytest.raises(InvalidArguments):
        read_event_cursor(text, fingerprint("a"))


def test_empty_fields_go_but_false_and_zero_stay() -> None:
    assert without_empty({"a": "", "b": None, "c": [], "d": {}, "e": 0, "f": False}) == {"e": 0, "f": False}


def test_an_error_is_at_most_120_tokens_beside_its_allowed_values() -> None:
    error = UnknownRef(
        "word " * 100, next="step " * 100, field="f", allowed=[f"value {i}" for i in range(50)], retry_after=3.2
    )
    body = error_body(error)
    assert len(body["error"]["allowed"]) == 10
    body["error"].pop("allowed")
    assert count(compact(body)) <= 150
    assert body["error"]["retry_after"] == 3


def test_a_note_is_said_once_and_many_are_counted() -> None:
    notes = Notes()
    for i in range(12):
        notes.add(f"note {i}")
        notes.add(f"note {i}")
    assert len(notes.as_list()) == 9
    assert notes.as_list()[-1] == "4 more notes left out."


@given(
    st.lists(st.text(alphabet="ab 9é", min_size=1, max_size=60), min_size=40, max_size=300),
    st.sampled_from([BUDGET, BUDGET_MOST]),
)
def test_a_table_leaves_room_for_what_stands_around_its_rows(cells: list[str], budget: int) -> None:
    """The longest cursor, the count and the mark of the sandbox come on top of the rows."""
    extra = {"total": 10_000, "notes": ["x" * 240]}
    data, shown = table(
        ["ref", "title"], [[f"account:{n}", cell] for n, cell in enumerate(cells)], extra=extra, budget=budget
    )
    whole = {**data, **extra, "next_cursor": "CISr20fJ6gAAAAwACQRFbkpULWQ6x6NDtQCISr20fJ6gAAAA", "sandbox": True}
    assert shown >= 1
    assert weigh(compact(whole)) <= budget
    assert json.loads(rendered(whole))["rows"] == data["rows"]
