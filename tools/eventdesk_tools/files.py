"""Files that tools read and write: inside the configured folders, nowhere else."""

import csv
import errno
import io
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from itertools import count, zip_longest
from pathlib import Path

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.refs import shown

IMPORT_MOST = 2_000_000
"""Bytes of an imported file."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Json) -> str:
    """A cell as a spreadsheet shows it: text that would begin a formula is quoted."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[Json]]) -> bytes:
    """A table as CSV: UTF-8 with a mark, so that spreadsheets read every script."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def write_table(folder: str, name: str, columns: Sequence[str], rows: Sequence[Sequence[Json]], now: datetime) -> Path:
    """Write a CSV file into the export folder and answer where it is.

    Raises:
        InvalidArguments: No export folder is configured, or it cannot be written to.
    """
    if not folder:
        raise InvalidArguments(
            "No export folder is configured.", next="Tell the person to set export_folder in Eventdesk's settings."
        )
    data = csv_bytes(columns, rows)
    root = Path(folder).expanduser()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise unwritten(root, exc) from exc
    for number in count(1):
        path = root / f"{name}-{now:%Y%m%d-%H%M%S}{f'-{number}' if number > 1 else ''}.csv"
        try:
            save(path, data)
        except FileExistsError:
            continue
        except OSError as exc:
            raise unwritten(path, exc) from exc
        return path
    raise AssertionError("numbers do not end")


def save(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a file whole or not at all, readable by its owner alone.

    It is written beside its place under another name, brought to the disk, and put in its place in one step: whatever
    happens meanwhile, there is the file that was there before, or the new one.

    Raises:
        FileExistsError: There is one already, and it is not to be overwritten.
        OSError: It cannot be written; nothing is left behind.
    """
    handle, beside = tempfile.mkstemp(prefix=".eventdesk-", suffix=".part", dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            Path(beside).replace(path)
        else:
            _place(Path(beside), path)
    finally:
        Path(beside).unlink(missing_ok=True)


def _place(beside: Path, path: Path) -> None:
    """Give a file its name, unless somebody has it. Not every file system can do that in one step."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        beside.replace(path)


_FULL = frozenset({errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])})


def unwritten(path: Path, cause: OSError) -> InvalidArguments:
    """Why a file could not be written, and what to do about it."""
    if cause.errno in _FULL:
        return InvalidArguments(
            f"The disk of {path.parent} is full: nothing was written.",
            next="Space must be freed there, or another folder be named; then do it again.",
        )
    if isinstance(cause, FileExistsError):
        return InvalidArguments(f"{path} is there already.", next="Name another file.")
    if isinstance(cause, FileNotFoundError | NotADirectoryError):
        return InvalidArguments(f"There is no folder {path.parent}.", next="Make it first, or name another.")
    if isinstance(cause, PermissionError) or cause.errno == errno.EROFS:
        return InvalidArguments(
            f"Eventdesk may not write to {path.parent}: nothing was written.",
            next="That must be allowed, or another folder be named.",
        )
    return InvalidArguments(
        f"{path} cannot be written ({cause.strerror or 'unknown'}): nothing was written.",
        next="Another file or folder must be named.",
    )


def import_path(folder: str, name: str, most: int = IMPORT_MOST) -> Path:
    """A file of the import folder.

    Raises:
        InvalidArguments: No folder is configured; the file is missing, too large, or outside the folder.
    """
    if not folder:
        raise InvalidArguments(
            "No import folder is configured.",
            field="file",
            next="Tell the person to set import_folder in Eventdesk's settings.",
        )
    root = Path(folder).expanduser().resolve()
    try:
        path = (root / name).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as exc:
        raise InvalidArguments(
            f"{shown(name)} is not in the import folder.", field="file", next="Ask the person to put it there."
        ) from exc
    if not path.is_relative_to(root) or not path.is_file():
        raise InvalidArguments(
            f"{shown(name)} is not a file of the import folder.", field="file", next="Ask the person to put it there."
        )
    if path.stat().st_size > most:
        raise InvalidArguments(
            f"{shown(name)} is larger than {most // 1_000_000} MB.", field="file", next="Ask the person to split it."
        )
    return path


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column name: with or without a mark, comma, semicolon or tab, any line ends, quotes.

    Names are as written, without the white space around them. A row that is too short has empty cells.

    Raises:
        InvalidArguments: It is no UTF-8 text, has no header, two columns of one name, or a cell in no column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidArguments(
            "The file is not UTF-8 text.", field="file", next="Ask the person to save it as CSV in UTF-8."
        ) from exc
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as exc:
        raise InvalidArguments("The file is not a CSV table.", field="file") from exc
    if len(rows) < 2:
        raise InvalidArguments("The file has no rows below its header." if rows else "The file is empty.", field="file")
    names = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], 1):
        if any(cell.strip() for i, cell in enumerate(row) if i >= len(names) or not names[i]):
            raise InvalidArguments(
                f"Row {number} has a cell in a column without a name.",
                field="file",
                next="Ask the person to name the column, or to quote cells that hold the separator.",
            )
    plain = [column_word(name) for name in names if name]
    doubled = sorted({name for name in plain if plain.count(name) > 1})
    if doubled:
        raise InvalidArguments(
            f"Two columns are called {shown(doubled[0])}.", field="file", next="Ask the person to rename one."
        )
    return [
        {name: cell.strip() for name, cell in zip_longest(names, row[: len(names)], fillvalue="") if name}
        for row in rows[1:]
    ]


def column_word(name: str) -> str:
    """A column's name as it is compared: `Last Name` and `last_name` are one, `E-mail` and `email` too."""
    return re.sub(r"[\s_-]", "", name.casefold())
