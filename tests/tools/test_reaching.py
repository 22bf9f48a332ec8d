"""Every part of an answer of any size is reached by the paths and cursors that the answers themselves give."""

import re
from collections.abc import Iterator
from itertools import count as numbers
from typing import Any

import pytest

from eventdesk_tools.answers import BUDGET, compact, weigh
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.trimming import Trimmed, trimmed

_LEAF = re.compile(r"leaf-\d+")
_LISTED = re.compile(r"(?:characters|fields|here): (.*?)\. fields with one such path")
_ENTRY = re.compile(r"(.+?)(?: \(\d+\))?(?: and (\d+) like it)?")
_PART = re.compile(r"(.*)\[\]: (\d+)-(\d+) of \d+")


def ways(shown: Trimmed) -> Iterator[str]:
    """The paths that the notes name. What is like the first of its kind is in the other rows of this part."""
    part = _PART.fullmatch(shown.part)
    for note in shown.notes:
        found = _LISTED.search(note)
        for entry in found[1].split(", ") if found else ():
            assert " more" not in entry, "not every kind is named"
            named = _ENTRY.fullmatch(entry)
            assert named is not None
            yield named[1]
            if named[2] and part is not None and named[1].startswith(f"{part[1]}["):
                rest = named[1].removeprefix(f"{part[1]}[").partition("]")[2]
                yield from (f"{part[1]}[{at}]{rest}" for at in range(int(part[2]) - 1, int(part[3])))
            elif named[2]:
                head, _, rest = named[1].rpartition("[0]")
                yield from (f"{head}[{at}]{rest}" for at in range(1 + int(named[2])))


def crawled(value: Any) -> set[str]:
    """Every leaf that is seen when each path and cursor is followed."""
    leaves: set[str] = set()
    waiting: list[list[str]] = [[]]
    asked: set[str] = set()
    while waiting:
        fields = waiting.pop()
        start: int | None = 0
        while start is not None:
            try:
                shown = trimmed(value, fields=fields, start=start)
            except InvalidArguments:
                assert fields  # a row that is shorter than the first of its kind
                break
            assert weigh(compact(shown.value)) <= BUDGET
            leaves |= set(_LEAF.findall(compact(shown.value)))
            for path in ways(shown):
                if path not in asked and [path] != fields:
                    asked.add(path)
                    waiting.append([path])
            start = shown.following
    return leaves


def leaf(at: Iterator[int], size: int = 0) -> str:
    text = f"leaf-{next(at)}"
    return f"{text} {'filler ' * (size // 7)}{f' leaf-{next(at)}' if size else ''}".strip()


def rows(at: Iterator[int]) -> Any:
    return {"data": [{"id": leaf(at), "note": leaf(at, 150)} for _ in range(26_000)], "meta": {"total": leaf(at)}}


def long_rows(at: Iterator[int]) -> Any:
    return [{"text": leaf(at, 11_500), "tags": [leaf(at) for _ in range(90)], "id": leaf(at)} for _ in range(400)]


def deep(at: Iterator[int], depth: int = 18) -> Any:
    if depth == 0:
        return leaf(at, 4_700_000)
    return {"name": leaf(at), "list": [leaf(at) for _ in range(1_500)], "inner": deep(at, depth - 1)}


def wide(at: Iterator[int]) -> Any:
    return {f"field.{name}": {"a": leaf(at, 580), "b": [leaf(at)] * 2} for name in range(8_000)}


def broad(at: Iterator[int]) -> Any:
    return {f"k{a}": {f"m{b}": {f"n{c}": leaf(at) for c in range(40)} for b in range(40)} for a in range(9)}


def one_text(at: Iterator[int]) -> Any:
    return " ".join(leaf(at, 300) for _ in range(15_500))


@pytest.mark.parametrize("make", [rows, long_rows, deep, wide, broad, one_text])
def test_every_part_of_a_large_answer_is_reached(make: Any) -> None:
    at = numbers()
    value = make(at)
    assert len(compact(value)) > (250_000 if make is broad else 4_900_000)
    made = {f"leaf-{number}" for number in range(next(at))}
    missed = made - crawled(value)
    # A word that lies across the end of a part is seen in two halves.
    assert len(missed) <= (len(made) // 20 if make is one_text else 0), sorted(missed)[:5]


@pytest.mark.parametrize("path", ["data[0].token", "data[0].params[0].value", "token", "data[0].params[0].value.a"])
def test_no_path_leads_to_what_may_be_a_secret(path: str) -> None:
    hidden = {"name": "stripe_secret_api_key", "value": {"a": "canary" * 900}}
    value = {"data": [{"token": "canary" * 900, "params": [hidden]}], "token": ["canary"]}
    if "[" in path:
        with pytest.raises(InvalidArguments) as refused:
            trimmed(value, fields=[path])
        assert "canary" not in f"{refused.value.message} {refused.value.allowed}"
    else:
        assert "canary" not in compact(trimmed(value, fields=[path]).value)


def test_a_row_by_its_number_is_shown_under_its_path() -> None:
    value = {"data": [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": ["b", "c"]}], "a.b": {"c": [5]}}
    assert trimmed(value, fields=["data[1]"]).value == {"data[1]": {"id": 2, "tags": ["b", "c"]}}
    assert trimmed(value, fields=["data[1].tags"]).value == {"data[1].tags": ["b", "c"]}
    assert trimmed(value, fields=["data[1].id"]).value == {"data[1].id": 2}
    assert trimmed(value, fields=["a.b.c"]).value == {"a.b.c": [5]}
    assert trimmed(value, fields=["."]).value == value
    for missing in ("data[2]", "data[-1]", "data[x]", "data[1].none", "nothing[0]"):
        with pytest.raises(InvalidArguments):
            trimmed(value, fields=[missing])
