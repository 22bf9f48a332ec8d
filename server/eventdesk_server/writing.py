"""Where a command writes a file, as its person named it."""

from pathlib import Path

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.files import save, unwritten


def checked(path: Path, *, force: bool) -> Path:
    """The path, if a file may be written there: looked at before the work, so that it is not done for nothing.

    Raises:
        InvalidArguments: Its folder does not exist, it is no ordinary file, or it is there and is not to be replaced.
    """
    path = path.expanduser()
    if not path.parent.is_dir():
        raise InvalidArguments(f"There is no folder {path.parent}.", next="Make it first, or name another.")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise InvalidArguments(f"{path} is not an ordinary file.", next="Name another file.")
    if path.exists() and not force:
        raise _taken(path)
    return path


def write(path: Path, data: bytes, *, force: bool) -> None:
    """Write it whole or not at all, for its owner alone.

    Raises:
        InvalidArguments: It cannot be written; the message says why, and what to do.
    """
    try:
        save(path, data, overwrite=force)
    except FileExistsError as exc:
        raise _taken(path) from exc
    except OSError as exc:
        raise unwritten(path, exc) from exc


def _taken(path: Path) -> InvalidArguments:
    return InvalidArguments(f"{path} is there already.", next="Name another file, or replace it with --force.")
