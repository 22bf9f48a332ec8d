"""The printed pages of the documentation are those that the code prints now.

Rewrite them with `EVENTDESK_DOCS=write pytest tests/docs`.
"""

import os
import re
from pathlib import Path

import pytest

from eventdesk_server.registry import declared, operation_rows
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.effects import Effect
from eventdesk_tools.ports import PROVIDER_TITLES, Capability, ProviderName
from tests.docs.printing import PAGES, PARTS, cell_text

WRITE = os.environ.get("EVENTDESK_DOCS") == "write"  # while tests run, settings of the person who runs them are gone
FOLDER = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_up_to_date(name: str) -> None:
    present = PAGES[name]()
    if WRITE:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / name).write_text(present, encoding="utf-8")
    assert present == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_a_printed_part_is_up_to_date(name: str, part: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    pattern = re.compile(rf"(?<=<!-- {part}: )([^\n]*-->\n)(.*?)(?=<!-- /{part} -->)", re.DOTALL)
    present = pattern.sub(lambda found: found[1] + PARTS[name, part]() + "\n", page)
    if WRITE:
        (FOLDER / name).write_text(present, encoding="utf-8")
    assert pattern.search(page)
    assert present == (FOLDER / name).read_text(encoding="utf-8")


def test_the_pages_name_every_tool_capability_and_operation() -> None:
    tools, capabilities, operations = (PAGES[name]() for name in ("tools.md", "capabilities.md", "operations.md"))
    assert all(f"## `{spec.name}`" in tools for spec in CATALOG)
    assert all(f"| `{capability.value}` |" in capabilities for capability in Capability)
    assert all(f"| `{row['name']}` |" in operations for row in operation_rows())


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for print_page in PAGES.values():
        width = 0
        for row in print_page().splitlines():
            cells = row.replace("\\|", "").count("|") if row.startswith("|") else 0
            assert cells in {0, width} or not width
            width = cells
    assert cell_text("a|b\nc <d>") == "a\\|b c &lt;d>"


@pytest.mark.parametrize("provider", PROVIDER_TITLES)
def test_the_declarations_are_whole(provider: ProviderName) -> None:
    """Whoever wrote them: names and paths are unique, slots are declared, effects agree with methods, sources are told."""
    operations = declared(provider)
    names = [operation.name for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        slots = [param.name for param in operation.params if param.where == "path"]
        assert sorted(slots) == sorted(operation.slots), operation.name
        assert operation.source, operation.name
        assert operation.summary.endswith("."), operation.name
        assert len(operation.summary) <= 200, operation.name
        assert not operation.path.startswith("/"), operation.name
        if operation.withheld:
            continue
        if operation.method == "GET":
            assert operation.effect is Effect.READ, operation.name
        if operation.method == "DELETE":
            assert operation.effect is Effect.REMOVE, operation.name
        if operation.effect is not Effect.READ:
            assert operation.method != "GET", operation.name
        kinds = {param.where: param.kind for param in operation.params if param.kind in {"object", "file"}}
        assert "path" not in kinds, operation.name
