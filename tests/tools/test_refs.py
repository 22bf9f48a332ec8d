"""Refs: the only ids that tools take and give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.errors import UnknownRef
from eventdesk_tools.refs import Kind, Ref, looks_like_ref, shown

names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
ids = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,40}", fullmatch=True)


@given(names, ids, st.one_of(st.none(), st.sampled_from(Kind)), ids)
def test_reading_a_ref_is_the_inverse_of_writing_it(account: str, event: str, kind: Kind | None, record: str) -> None:
    ref = Ref(account, event, kind, record if kind is not None else "")
    assert Ref.parse(str(ref)) == ref
    assert looks_like_ref(str(ref))


@pytest.mark.parametrize(
    "text",
    [
        "club", "club:", ":1", "club:..", "club:.", "club:../x", "club:a/b", "club:%2e%2e", "club:1:9-1", "club:1:t", "club:1:t-", "club:1:t-..",
        "club:1:t-a/b", "Club:1", "club:1:2:3", "club:é", "club:1\n", "club:1 2", "", ":", "club:1:t-%2e",
    ],
)  # fmt: skip
def test_what_could_climb_out_of_a_path_is_no_ref(text: str) -> None:
    if text == "club:1\n":
        assert Ref.parse(text) == Ref("club", "1")  # white space around a ref is forgiven
        return
    with pytest.raises(UnknownRef):
        Ref.parse(text)


@given(st.text(max_size=200))
def test_any_text_is_a_ref_or_refused_with_a_short_printable_message(text: str) -> None:
    refused: UnknownRef | None = None
    try:
        Ref.parse(text)
    except UnknownRef as exc:
        refused = exc
    assert refused is None or (len(refused.message) < 250 and refused.message.isprintable())


def test_text_that_grows_when_it_is_escaped_is_shown_as_short_as_any() -> None:
    assert len(shown("\U00010000" * 59 + "\x08")) == len("'…'") + 60
    assert shown("Łódź") == "'Łódź'"


def test_a_title_with_a_colon_is_not_taken_for_a_ref() -> None:
    assert not looks_like_ref("Bread: a day")
    assert not looks_like_ref("Jazz")
