"""The two walls between strangers and the model, one at a time: what tools and adapters clean, and the last gate."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from eventdesk_tools import text


def _uncut(text: str, limit: int = 200) -> str:
    return text[:limit]


def _unread(text: str) -> str:
    return text[:100_000]


def _unchecked(text: str | None, limit: int = 500) -> str:
    return (text or "")[:limit]


def _open(text: str) -> str:
    return text


GATE_ALONE = "the last gate alone"
OWN_ALONE = "own cleaning alone"
_INERT: Mapping[str, Mapping[Callable[..., str], Callable[..., str]]] = {
    GATE_ALONE: {text.line: _uncut, text.paragraphs: _unread, text.web_address: _unchecked},
    OWN_ALONE: {text.presentable: _open},
}


def leave_only(wall: str, patching: pytest.MonkeyPatch) -> None:
    """Let everything through where the other wall is defined, so that it is gone wherever it was imported to."""
    for function, inert in _INERT[wall].items():
        code: Any = inert.__code__
        patching.setattr(function, "__code__", code)


@pytest.fixture(params=list(_INERT))
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test that takes it runs once with each wall as the only one."""
    leave_only(request.param, monkeypatch)
    return request.param


@pytest.fixture
def ungated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the last gate."""
    leave_only(OWN_ALONE, monkeypatch)
