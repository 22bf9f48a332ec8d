"""Adapters know a platform's facts; time limits, retries, statuses and failures are the HTTP client's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import eventdesk_server.providers

FOLDER = Path(eventdesk_server.providers.__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*/*.py") if path.name != "dialect.py")
STATUSES = range(400, 600)


def names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_an_adapter_holds_no_try_no_status_code_and_no_long_module(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= 400
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Try)]
    compared = [
        constant.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, int)
    ]
    assert not [value for value in compared if value in STATUSES]
    assert not {"status_code", "AsyncClient", "print", "sleep_forever"} & set(names(tree))


_BEYOND_A_LOOP = {"journal", "terminal"}
"""The journal lasts longer than a loop; a terminal's bar is closed after it."""
SOURCES = sorted(path for path in FOLDER.parent.rglob("*.py") if not {path.parent.name, path.stem} & _BEYOND_A_LOOP)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FOLDER.parent)))
def test_the_seconds_that_pass_are_the_loops(path: Path) -> None:
    """What waits by one clock and measures by another would wait wrongly."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    parts = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "time" not in {*whole, *parts}


def test_every_platform_has_the_same_files_for_the_same_roles() -> None:
    for folder in (path for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"):
        assert {"adapter.py", "dialect.py", "operations.py", "wire.py", "__init__.py"} <= {
            p.name for p in folder.iterdir()
        }
