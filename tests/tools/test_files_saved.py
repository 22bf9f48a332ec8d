"""Files that are written: whole or not at all, for their owner alone, and never over another by accident."""

import errno
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.files import save, unwritten, write_table

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_a_file_is_written_for_its_owner_alone_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    save(path, b"name\n")
    assert path.read_bytes() == b"name\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"before")
    with pytest.raises(FileExistsError):
        save(path, b"after")
    assert path.read_bytes() == b"before"
    save(path, b"after", overwrite=True)
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_where_names_cannot_be_given_in_one_step_a_file_that_is_there_still_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links on this file system")

    monkeypatch.setattr(os, "link", refused)
    path = tmp_path / "list.csv"
    save(path, b"first")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"first", 0o600)
    with pytest.raises(FileExistsError):
        save(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_disk_that_fills_up_leaves_what_was_there_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = tmp_path / "list.csv"
    if overwrite:
        before.write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(before, b"x" * 100_000, overwrite=overwrite)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"before"] if overwrite else [])


WRITER = """\
import sys
from datetime import UTC, datetime
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.files import write_table
try:
    write_table(sys.argv[1], "attendees", ["name"], [["x" * 1000]] * 200, datetime(2027, 3, 1, tzinfo=UTC))
except EventdeskError as exc:
    print(exc.code.value, exc.message, exc.next, sep="|")
"""


def test_an_export_that_the_system_stops_half_way_says_what_to_do_and_leaves_no_file(tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    ran = subprocess.run(
        [sys.executable, "-B", "-c", WRITER, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=small,
    )
    code, message, then = ran.stdout.strip().split("|")
    assert code == "invalid_arguments"
    assert message == f"The disk of {tmp_path} is full: nothing was written."
    assert "freed" in then
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("cause", "says", "then"),
    [
        (OSError(errno.ENOSPC, "full"), "is full", "freed"),
        (OSError(errno.EDQUOT, "quota"), "is full", "freed"),
        (PermissionError(errno.EACCES, "no"), "may not write", "allowed"),
        (OSError(errno.EROFS, "read-only"), "may not write", "allowed"),
        (FileNotFoundError(errno.ENOENT, "no"), "no folder", "Make it"),
        (FileExistsError(errno.EEXIST, "yes"), "is there already", "another"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error", "Another"),
    ],
)
def test_why_a_file_could_not_be_written_is_said_with_what_to_do(cause: OSError, says: str, then: str) -> None:
    told = unwritten(Path("/exports/list.csv"), cause)
    assert says in told.message
    assert then in told.next


def test_an_export_folder_that_is_a_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(InvalidArguments, match="taken"):
        write_table(str(tmp_path / "taken"), "sales", ["a"], [], NOW)
