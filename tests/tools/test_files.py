"""Files: read from one folder, written to one folder, harmless in a spreadsheet."""

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.files import IMPORT_MOST, harmless, import_path, read_table, write_table

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", '=HYPERLINK("http://x")'])
def test_a_cell_that_would_begin_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), min_size=2, max_size=2),
        max_size=20,
    )
)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_table(folder, "attendees", ["a", "b"], rows, NOW)
        text = path.read_text(encoding="utf-8-sig")
        back = list(csv.reader(io.StringIO(text, newline="")))[1:]
        assert back == [[harmless(cell) for cell in row] for row in rows]
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_export_in_the_same_second_does_not_overwrite_the_first(tmp_path: Path) -> None:
    first = write_table(str(tmp_path), "sales", ["a"], [["1"]], NOW)
    second = write_table(str(tmp_path), "sales", ["a"], [["2"]], NOW)
    assert first != second
    assert "1" in first.read_text(encoding="utf-8-sig")


def test_without_a_configured_folder_nothing_is_read_or_written() -> None:
    with pytest.raises(InvalidArguments, match="export folder"):
        write_table("", "x", ["a"], [], NOW)
    with pytest.raises(InvalidArguments, match="import folder"):
        import_path("", "x.csv")


@pytest.mark.parametrize(
    "name", ["../secret.csv", "/etc/passwd", "link.csv", "missing.csv", ".", "", "a\x00b", "sub/../../secret.csv"]
)
def test_only_a_file_of_the_import_folder_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InvalidArguments):
        import_path(str(folder), name)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"x" * (IMPORT_MOST + 1))
    with pytest.raises(InvalidArguments, match="larger than"):
        import_path(str(tmp_path), "big.csv")


@pytest.mark.parametrize(
    "data",
    [
        b"name,email\nAda Pier,ada@x.example\n", b"\xef\xbb\xbfname;email\r\nAda Pier;ada@x.example\r\n", b"Name\tE-mail\nAda Pier\tada@x.example",
        b'"name","email"\n"Ada Pier","ada@x.example"\n\n', b"name,email,\nAda Pier,ada@x.example,\n",
    ],
)  # fmt: skip
def test_a_table_is_read_with_any_mark_separator_line_end_and_quotes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(data)
    (row,) = read_table(tmp_path / "in.csv")
    assert list(row.values()) == ["Ada Pier", "ada@x.example"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"name,name\na,b\n", "Two columns"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"Name,NAME \nx,y", "Two columns"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "in.csv").write_bytes(data)
    with pytest.raises(InvalidArguments, match=told):
        read_table(tmp_path / "in.csv")
