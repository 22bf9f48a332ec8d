"""When what a platform shows counts as what was sent to it."""

from typing import Any

import pytest

from eventdesk_server.providers.tracing import alike


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Ada  Pier ", "ada pier"), (7, "7"), ("7", 7), (7.0, 7), (True, "true"), ("", None),
        ("04/04/2027 - 15:00", "2027-04-04T15:00:00.000+02:00"), ("04/04/2027 - 15:00:00", "2027-04-04 15:00"),
        ("3301, 3302", [{"id": "3302", "type": "x"}, {"id": "3301", "type": "x"}]), ([1, 2], ["2", "1"]), ([], []),
        ({"514": "Yes"}, {"514": "yes", "515": None}), ({"a": {"b": 1}}, {"a": {"b": "1"}}),
    ],
)  # fmt: skip
def test_the_same_in_another_spelling_agrees(sent: Any, seen: Any) -> None:
    assert alike(sent, seen)


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("Ada", "Ada Pier"), (7, 8), (True, False), ("x", None), ("04/05/2027 - 15:00", "2027-04-05T15:00:00Z"),
        ("3301", [{"id": "3301"}, {"id": "3302"}]), ([1], []), (5, [5]), ({"514": "Yes"}, {"515": "Yes"}), ({"a": 1}, None),
    ],
)  # fmt: skip
def test_anything_else_does_not(sent: Any, seen: Any) -> None:
    assert not alike(sent, seen)
