"""`eventdesk export attendees`: a door list, every row of it, by name, harmless in a spreadsheet."""

import csv
import errno
import io
import os
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from eventdesk_server.cli import main
from eventdesk_server.exporting import door_list, xlsx_bytes
from eventdesk_tools.files import csv_bytes

FAIR = "demo-eventtia:harbor-design-days"
PLAYS = "demo-eventschedule:8oBfKB"
SUMMIT = "demo-heysummit:4711"
HOSTILE = ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@x", "\tx", "http://x.example", "007"]
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


pytestmark = pytest.mark.usefixtures("desk_of_its_own")


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> list[list[str]]:
    """The cells of a workbook as a spreadsheet shows them, read from its own parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - see above
        assert not sheet.findall(f".//{_SHEET}f")
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist()
    words = ["".join(part.text or "" for part in item.iter(f"{_SHEET}t")) for item in shared]
    rows: list[list[str]] = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells: dict[str, str] = {}
        for cell in row:
            value = cell.findtext(f"{_SHEET}v") or ""
            cells[re.sub(r"\d", "", cell.attrib["r"])] = words[int(value)] if cell.attrib.get("t") == "s" else value
        rows.append([cells.get(chr(65 + at), "") for at in range(8)])
    return rows


def test_a_door_list_is_every_active_person_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "attendees", FAIR]) == 0
    path = Path("attendees-demo-eventtia-harbor-design-days-20270301.csv")
    head, *rows = read_csv(path)
    assert head == ["Name", "Email", "Ticket", "Quantity", "Status", "Paid", "Checked in"]
    assert len(rows) == 61
    assert {row[4] for row in rows} == {"confirmed", "pending"}
    assert {row[5] for row in rows} == {"yes", "no"}
    assert {row[6] for row in rows} == {"no"}
    assert path.stat().st_mode & 0o777 == 0o600
    told = capsys.readouterr()
    assert told.out == f"{path}: 61 rows.\n"
    assert told.err.splitlines()[-1] == "61 rows"


@pytest.mark.parametrize(
    ("event", "rows", "says"),
    [
        (PLAYS, 55, "Event Schedule does not tell: checked in."),
        (SUMMIT, 104, "HeySummit does not tell: ticket, checked in, paid."),
    ],
)
def test_what_a_platform_does_not_tell_is_an_empty_column_and_said(
    event: str, rows: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "attendees", event, "--out", "door.csv"]) == 0
    head, *found = read_csv(Path("door.csv"))
    assert len(found) == rows
    assert head[-1] == "Checked in"
    assert {row[-1] for row in found} == {""}
    assert says in capsys.readouterr().out


def test_a_workbook_holds_what_the_text_file_holds() -> None:
    assert main(["export", "attendees", FAIR, "--out", "door.csv"]) == 0
    assert main(["export", "attendees", FAIR, "--out", "door.xlsx"]) == 0
    book = read_xlsx(Path("door.xlsx").read_bytes())
    assert [row[:7] for row in book] == read_csv(Path("door.csv"))
    assert Path("door.xlsx").stat().st_mode & 0o777 == 0o600


def test_everybody_is_more_than_who_comes() -> None:
    assert main(["export", "attendees", FAIR, "--status", "all", "--out", "all.csv"]) == 0
    rows = read_csv(Path("all.csv"))
    assert len(rows) > 62
    assert "cancelled" in {row[4] for row in rows}


def test_names_are_sorted_as_people_sort_them() -> None:
    names = ["Zoë Quay", "émile Pier", "Emil Pier", "ada Holm", "Åsa Byrne", "Ada Holm"]
    _, rows = door_list(["name", "email", "ticket", "status", "checked_in"], [[n, "", "", "", None] for n in names])
    assert [row[0] for row in rows] == ["Ada Holm", "ada Holm", "Åsa Byrne", "Emil Pier", "émile Pier", "Zoë Quay"]


def test_nothing_in_a_cell_becomes_a_formula_a_link_or_a_number() -> None:
    rows = [[text] for text in HOSTILE]
    book = read_xlsx(xlsx_bytes(["Name"], rows))
    assert [row[0] for row in book[1:]] == HOSTILE
    text = list(csv.reader(io.StringIO(csv_bytes(["Name"], rows).decode("utf-8-sig"), newline="")))
    assert not [cell for (cell,) in text[1:] if cell[:1] in "=+-@\t\r"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "taken.csv"], "--force"),
        (["--out", "nowhere/door.csv"], "no folder"),
        (["--out", "door.csv", "--format", "xlsx"], "ends like csv"),
        (["--status", "confirme"], "confirmed"),
        (["--occurrence", "2027-03-10"], "no repeating events"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken.csv").write_text("mine")
    assert main(["export", "attendees", FAIR, *words]) == 1
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert [(path.name, path.read_text()) for path in Path().iterdir()] == [("taken.csv", "mine")]


def test_a_platform_without_people_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "attendees", "demo-eventhq:pond-survey-april-2027"]) == 1
    assert "head count" in capsys.readouterr().err


def test_a_full_disk_is_said_with_what_to_do_and_the_old_list_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    Path("door.csv").write_text("yesterday's")
    monkeypatch.setattr(os, "fsync", full)
    assert main(["export", "attendees", FAIR, "--out", "door.csv", "--force"]) == 1
    told = capsys.readouterr().err
    assert "is full: nothing was written." in told
    assert "Space must be freed" in told
    assert [(path.name, path.read_text()) for path in Path().iterdir()] == [("door.csv", "yesterday's")]


def test_a_switched_off_list_is_not_exported_either(desk_of_its_own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk_of_its_own.write_text('deny = ["list_attendees"]\n')
    assert main(["export", "attendees", FAIR]) == 1
    assert "switched off" in capsys.readouterr().err
    assert list(Path().iterdir()) == []
