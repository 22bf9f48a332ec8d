"""A platform's own answer, made fit to be read."""

from typing import Any

import pytest

from eventdesk_tools.answer_paths import paths_of, secret_name
from eventdesk_tools.answers import BUDGET, compact, rendered, weigh
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.trimming import trimmed
from tests.tokens import count


def rows(many: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"id": str(at), "attributes": {"name": f"Guest {at}", "email": f"g{at}@pier.example", **more}}
        for at in range(many)
    ]


def test_a_small_answer_stays_as_it_is_without_empty_fields() -> None:
    given: dict[str, Any] = {
        "data": {"id": 5, "name": "Gala", "open": False, "left": 0, "note": None, "tags": [], "text": ""}
    }
    shown = trimmed(given)
    assert shown.value == {"data": {"id": 5, "name": "Gala", "open": False, "left": 0}}
    assert (shown.part, shown.following, shown.notes) == ("", None, ())


@pytest.mark.parametrize("many", [1, 60, 237, 10_000])
def test_every_item_of_a_long_list_is_reached_once(many: int) -> None:
    given = {"data": rows(many), "meta": {"total": many}}
    seen: list[str] = []
    start: int | None = 0
    while start is not None and len(seen) < 600:
        shown = trimmed(given, start=start)
        assert shown.value["meta"] == {"total": many}
        assert weigh(compact(shown.value)) <= BUDGET
        seen += [row["id"] for row in shown.value["data"]]
        if shown.part:
            assert shown.part == f"data[]: {start + 1}-{start + len(shown.value['data'])} of {many}"
        start = shown.following
    assert seen == [str(at) for at in range(len(seen))]
    assert len(seen) >= min(many, 600)


def test_a_list_without_a_name_is_cut_as_well() -> None:
    shown = trimmed([{"id": at, "text": "x" * 60} for at in range(300)])
    assert shown.following == len(shown.value)
    assert shown.part.startswith("[]: 1-")
    assert trimmed([{"id": at} for at in range(300)], start=299).value == [{"id": 299}]


def test_fields_keep_the_paths_they_name() -> None:
    given = {"data": rows(3, notes={"a": 1, "b": 2}), "meta": {"total": 3}}
    shown = trimmed(given, fields=["data[].attributes.name", "data[].attributes.notes", "meta.total"])
    assert shown.value == {
        "data": [{"attributes": {"name": f"Guest {at}", "notes": {"a": 1, "b": 2}}} for at in range(3)],
        "meta": {"total": 3},
    }
    assert trimmed(given, fields=["data.id"]).value == {"data": [{"id": "0"}, {"id": "1"}, {"id": "2"}]}


def test_a_path_that_is_not_there_is_refused_with_some_that_are() -> None:
    with pytest.raises(InvalidArguments) as caught:
        trimmed({"data": rows(3)}, fields=["data[].attributes.nam"])
    assert caught.value.allowed[0] == "data[].attributes.name"
    assert paths_of({"a": [{"b": 1}], "token": "x"}) == ["a[].b"]


def test_long_texts_are_cut_and_named_and_come_longer_when_asked_for() -> None:
    given = {"data": [{"id": 1, "description": "word " * 700}]}
    shown = trimmed(given)
    assert len(shown.value["data"][0]["description"]) <= 401
    assert shown.notes == ("Cut at 400 characters: data[0].description. fields with one such path shows it whole.",)
    whole = trimmed(given, fields=["data[].description"])
    assert whole.value["data"][0]["description"] == ("word " * 700).strip()
    assert whole.notes == ()


def test_inner_lists_are_cut_and_named() -> None:
    shown = trimmed({"data": [{"id": 1, "tags": list(range(50))}], "included": [{"id": at} for at in range(30)]})
    assert shown.value["data"][0]["tags"] == list(range(20))
    assert shown.notes == (
        "Only the first 20 items or 80 fields: included (30), data[0].tags (50). fields with one such path shows all of it.",
    )
    inner = trimmed({"data": {"id": 1}, "included": [{"id": at} for at in range(300)]}, fields=["included[].id"])
    assert len(inner.value["included"]) > 100


@pytest.mark.parametrize(
    "name",
    "password api_key apiKey X-API-Key access_token refreshToken client_secret stripe_secret_api_key pay_u_api_key magic_link "
    "magicLink login_url loginLink sso_url Authorization webhook_secret signature otp paypal_production_key secret".split(),
)  # fmt: skip
def test_what_may_be_a_secret_is_left_out_and_named(name: str) -> None:
    shown = trimmed({"data": [{"id": 1, name: "canary"}], name: {"a": "canary"}})
    assert "canary" not in compact(shown.value)
    assert shown.value == {"data": [{"id": 1}]}
    assert "may be secret" in shown.notes[0]
    assert name in shown.notes[0]


def test_a_secret_under_a_general_name_is_left_out_too() -> None:
    shown = trimmed({"data": {"name": "stripe_secret_api_key", "value": "canary", "id": 3}})
    assert shown.value == {"data": {"name": "stripe_secret_api_key", "id": 3}}


@pytest.mark.parametrize("name", ["secretary", "tokenized", "keynote", "key", "design", "passenger", "assignee", "url"])
def test_ordinary_names_stay(name: str) -> None:
    assert not secret_name(name)


def test_hostile_texts_and_names_become_plain() -> None:
    shown = trimmed(
        {"a\u202eb": ["<script>x</script><b>Bold</b> \u200bword\x07", "**big** [link](https://evil.example)"]}
    )
    assert shown.value == {"ab": ["Bold word", "big link"]}


def test_no_field_is_lost_where_two_names_become_one() -> None:
    assert trimmed({"a": 1, "a\u200b": 2}).value == {"a": 1, "a'": 2}


@pytest.mark.parametrize(
    "given",
    [
        {f"k{at}": "v" * 50 for at in range(20_000)},
        [["x" * 500] * 500] * 500,
        {"a": {"b": {"c": [{"d": ["e" * 900] * 90}] * 90}}},
        [{"t": "漢字" * 4_000} for _ in range(300)],
        [{"t": "\U00010330" * 4_000} for _ in range(300)],
        {"n": float("inf"), "m": float("nan"), "i": 10**5_000},
        "x" * 5_000_000,
        None,
        [],
        [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],
    ],
    ids=str.split("keys lists deep cjk gothic numbers text null empty nested"),
)
def test_whatever_comes_the_answer_fits_and_is_json(given: Any) -> None:
    shown = trimmed(given)
    text = rendered({"answer": shown.value, "notes": list(shown.notes)})
    assert weigh(compact(shown.value)) <= BUDGET
    assert count(text) <= 8_000
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_cursor_behind_the_end_is_told() -> None:
    with pytest.raises(InvalidArguments):
        trimmed({"data": rows(3)}, start=3)
