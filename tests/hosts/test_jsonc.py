"""Editing JSON with comments in place: the value is right, and what is outside the edit is the same to the character."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_server.jsonc import JsoncError, parse, put, remove

ENTRY = {"command": "/opt/our tools/eventdesk", "args": ["--read-only"]}
PATH = ("mcpServers", "eventdesk")
_SCALARS = ["null", "true", "-1.5e3", "0", '""', '"a // b"', '"/* c */"', '"}, ,]"', '"\\"\\\\"', '"\\u00e9 é 🎟️"']
_KEYS = ["a", "b // c", "Ünï", "{", 'say \\"yes\\"', "env"]
_COMMENTS = ["// a note", '// "eventdesk": {}, [', "/* one */", '/* "two": { \n } */', "/***/", "//"]


@st.composite
def gaps(draw: st.DrawFn, newline: str) -> str:
    """What may stand between two tokens."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 2))):
        parts.append(draw(st.sampled_from(["", " ", "\t", newline, newline + "  "])))
        if draw(st.booleans()):
            comment = draw(st.sampled_from(_COMMENTS)).replace("\n", newline)
            parts.append(comment + (newline if comment.startswith("//") else ""))
    return "".join(parts)


@st.composite
def objects(draw: st.DrawFn, newline: str, keys: Sequence[str], depth: int, *, last: str = "") -> str:
    """An object as a person may have typed it; `last` is a member that it must have somewhere."""

    def gap() -> str:
        return draw(gaps(newline))

    def value(deeper: int) -> str:
        kind = draw(st.integers(0, 3 if deeper else 1))
        if kind == 2:
            return draw(objects(newline, _KEYS, deeper - 1))
        if kind == 3:
            items = [gap() + value(deeper - 1) + gap() for _ in range(draw(st.integers(0, 2)))]
            return f"[{','.join(items)}{',' if items and draw(st.booleans()) else ''}{gap()}]"
        return draw(st.sampled_from(_SCALARS))

    chosen = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    members = [f'{gap()}"{key}"{gap()}:{gap()}{value(depth)}{gap()}' for key in chosen]
    if last:
        members.insert(draw(st.integers(0, len(members))), f"{gap()}{last}{gap()}")
    return f"{{{','.join(members)}{',' + gap() if members and draw(st.booleans()) else gap()}}}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A host's file: with the servers or without, on one line or on many, with notes, with a mark at its beginning."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    servers = draw(objects(newline, _KEYS, 2))
    has = draw(st.booleans())
    whole = draw(objects(newline, _KEYS, 2, last=f'"mcpServers": {servers}' if has else ""))
    mark, before, after = draw(st.sampled_from(["", "\ufeff"])), draw(gaps(newline)), draw(gaps(newline))
    return f"{mark}{before}{whole}{after}"


def comments(text: str) -> list[str]:
    """Every comment, in order; a second look at the text, by another way than the one under test."""
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            at += 1
            while text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif text.startswith("//", at):
            end = min(place for place in (*(text.find(mark, at) for mark in "\r\n"), len(text)) if place >= 0)
            found.append(text[at:end])
            at = end - 1
        elif text.startswith("/*", at):
            end = text.index("*/", at) + 2
            found.append(text[at:end])
            at = end - 1
        at += 1
    return found


def holds(longer: str, shorter: str) -> bool:
    """Whether every character of the shorter stands in the longer, in the same order."""
    rest = iter(longer)
    return all(character in rest for character in shorter)


@given(files())
def test_an_entry_is_put_and_every_other_character_stays(text: str) -> None:
    before = parse(text)
    after = put(text, PATH, ENTRY)
    assert parse(after) == {**before, "mcpServers": {**before.get("mcpServers", {}), "eventdesk": ENTRY}}
    assert comments(after) == comments(text)
    added = re.sub(
        r"\s", "", f'"mcpServers":{{"eventdesk":{{"command":"{ENTRY["command"]}","args":["--read-only"]}}}},,'
    )
    assert len(re.sub(r"\s", "", after)) - len(re.sub(r"\s", "", text)) <= len(added)
    assert holds(re.sub(r"\s", "", after), re.sub(r"\s", "", text))


@given(files())
def test_an_entry_that_was_put_can_be_taken_out_again(text: str) -> None:
    before = parse(text)
    there = put(text, PATH, ENTRY)
    gone = remove(there, PATH)
    assert parse(gone) == {**before, "mcpServers": before.get("mcpServers", {})}
    assert comments(gone) == comments(text)
    assert remove(gone, PATH) == gone


@given(files(), st.data())
def test_a_member_that_a_person_wrote_is_taken_out_and_nothing_is_added(text: str, data: st.DataObject) -> None:
    before: dict[str, Any] = parse(text)
    if not before:
        return
    key = data.draw(st.sampled_from(sorted(before)))
    after = remove(text, (key,))
    assert parse(after) == {name: value for name, value in before.items() if name != key}
    assert holds(text, after)


@given(files(), st.data())
def test_a_value_is_replaced_between_its_first_and_its_last_character(text: str, data: st.DataObject) -> None:
    before: dict[str, Any] = parse(text)
    if not before:
        return
    key = data.draw(st.sampled_from(sorted(before)))
    after = put(text, (key,), "new")
    assert parse(after) == {**before, key: "new"}
    start = next(place for place in range(len(text)) if after[place] != text[place] or after[place:] == '"new"')
    assert after.startswith(text[:start])
    assert text.endswith(after.split('"new"')[-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '{\n  "s": {\n    "e": 1\n  }\n}\n'),
        ("{}", '{\n  "s": {\n    "e": 1\n  }\n}'),
        ("{}\r\n", '{\r\n  "s": {\r\n    "e": 1\r\n  }\r\n}\r\n'),
        ("// hello", '// hello\n{\n  "s": {\n    "e": 1\n  }\n}\n'),
        ('{"a":1}', '{"a":1, "s": {"e": 1}}'),
        ('{"s":{"a":1,}}', '{"s":{"a":1, "e": 1,}}'),
        ('{\n\t"s": {\n\t}\n}', '{\n\t"s": {\n\t\t"e": 1\n\t}\n}'),
        ('{\n    "s": { /* none */ }\n}', '{\n    "s": { /* none */\n        "e": 1\n    }\n}'),
        ('{\n "s": {\n  "a": 1 // x\n  // y\n }\n}', '{\n "s": {\n  "a": 1, // x\n  // y\n  "e": 1\n }\n}'),
        ('{\n  "s": {\n    "a": 1,\n  },\n}', '{\n  "s": {\n    "a": 1,\n    "e": 1,\n  },\n}'),
    ],
)
def test_an_edit_keeps_to_the_manner_of_the_file(text: str, expected: str) -> None:
    assert put(text, ("s", "e"), 1) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"e": 1}', "{}"),
        ('{\n  "e": 1\n}', "{}"),
        ('{"e": 1, "b": 2}', '{"b": 2}'),
        ('{"a": 1, "e": 1}', '{"a": 1}'),
        ('{\n  "a": 1,\n  "e": {\n  }\n}', '{\n  "a": 1\n}'),
        ('{\n  "a": 1,\n  "e": 1,\n}', '{\n  "a": 1,\n}'),
        ('{\n  "e": 1, // mine\n  "b": 2\n}', '{\n  // mine\n  "b": 2\n}'),
        ('{\n  // c\n  "e": 1, "b": 2\n}', '{\n  // c\n  "b": 2\n}'),
        ('{\n  "a": 1, // c\n  "e": 1}', '{\n  "a": 1 // c\n  }'),
        ('{"e": 1 /* c */, "b": 2}', '{/* c */ "b": 2}'),
    ],
)
def test_a_member_goes_with_its_comma_and_its_line(text: str, expected: str) -> None:
    assert remove(text, ("e",)) == expected


@pytest.mark.parametrize(
    "text",
    ["{", '{"a" 1}', '{"a": 1,, }', "{,}", "[,]", "{} {}", '{"a": NaN}', "{'a': 1}", '{"a": "\n"}', "/* open", "{]", "\x00",
     '{"a": 01}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"],
)  # fmt: skip
def test_what_is_malformed_is_refused(text: str) -> None:
    with pytest.raises(JsoncError):
        parse(text)
    with pytest.raises(JsoncError):
        put(text, ("s", "e"), 1)
    with pytest.raises(JsoncError):
        remove(text, ("s", "e"))


def test_the_place_of_a_mistake_is_that_of_the_text_with_its_comments() -> None:
    with pytest.raises(JsoncError, match=r"line 4, column 9"):
        parse('// one\n/* two\n three */\n{ "a" /* four */ 5 }'.replace(" /* four */ ", "   "))


def test_comments_and_trailing_commas_are_mistakes_where_they_are_not_allowed() -> None:
    for text in ('{"a": 1,}', "{} // c"):
        assert parse(text) == ({"a": 1} if "a" in text else {})
        with pytest.raises(JsoncError):
            parse(text, comments=False)
