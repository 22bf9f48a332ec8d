"""Refs: the only ids that tools take and give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.errors import UnknownRef
from eventdesk_tools.refs import KIND_WORDS, Kind, Ref, looks_like_ref, shown

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


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        (f"{'a' * 32}:1", True), (f"{'a' * 33}:1", False), (f"club:{'1' * 128}", True), (f"club:{'1' * 129}", False),
        (f"club:1:t-{'9' * 128}", True), (f"club:1:t-{'9' * 129}", False), ("9-_:_.-", True), ("-club:1", False), ("_club:1", False),
        ("club:-1", True), ("club:.1", False), ("club:1:t--", True), ("club:1:T-1", False), ("club:1:-1", False), ("club:1:ta-1", False),
    ],
)  # fmt: skip
def test_names_and_ids_have_the_characters_and_the_length_that_a_path_can_hold(text: str, well_formed: bool) -> None:
    if well_formed:
        assert str(Ref.parse(text)) == text
        return
    with pytest.raises(UnknownRef, match="is not a ref"):
        Ref.parse(text)


def test_a_record_keeps_its_event_and_its_kind() -> None:
    event = Ref("club", "7")
    assert str(event.inside(Kind.ORDER, "a-1")) == "club:7:o-a-1"
    assert Ref.parse("club:7:o-a-1") == Ref("club", "7", Kind.ORDER, "a-1")
    assert event.inside(Kind.ORDER, "a-1").of_event == event
    assert [str(event.inside(kind, "1")) for kind in Kind] == [f"club:7:{letter}-1" for letter in "txsao"]
    assert KIND_WORDS == {
        Kind.TICKET: "ticket",
        Kind.EXTRA: "extra",
        Kind.SESSION: "session",
        Kind.REGISTRATION: "registration",
        Kind.ORDER: "order or payment",
    }


def test_refs_with_the_same_parts_are_one() -> None:
    assert len({Ref("club", "7"), Ref.parse(" club:7 "), Ref("club", "7").inside(Kind.EXTRA, "1").of_event}) == 1
    with pytest.raises(AttributeError):
        Ref("club", "7").event = "8"  # pyright: ignore[reportAttributeAccessIssue] - that is what must not be


def test_text_of_strangers_is_quoted_escaped_and_cut_at_the_limit() -> None:
    assert shown("x" * 60) == f"'{'x' * 60}'"
    assert shown("x" * 61) == f"'{'x' * 60}…'"
    assert shown("abcd", 3) == "'abc…'"
    assert shown("a\nb") == "'a\\nb'"
    assert shown("\n" * 30) == "'" + r"\n" * 30 + "'"
    assert shown("\n" * 31) == "'" + r"\n" * 30 + "…'"


def test_text_that_grows_when_it_is_escaped_is_shown_as_short_as_any() -> None:
    assert len(shown("\U00010000" * 59 + "\x08")) == len("'…'") + 60
    assert shown("Łódź") == "'Łódź'"


def test_a_title_with_a_colon_is_not_taken_for_a_ref() -> None:
    assert not looks_like_ref("Bread: a day")
    assert not looks_like_ref("Jazz")
    assert not looks_like_ref("jazz:")
    assert not looks_like_ref(":jazz")
    assert not looks_like_ref("bread: 1")
    assert not looks_like_ref("bread:a\tday")
    assert not looks_like_ref("Bread:1")


def test_what_was_meant_as_a_ref_is_one_also_when_it_is_wrong() -> None:
    assert looks_like_ref("bread:../1")
    assert looks_like_ref(" bread:1:2:3 ")
