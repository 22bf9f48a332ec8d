"""The settings file, changed in its place: comments and order stay, and it is written whole or not at all."""

import contextlib
import copy
import errno
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from eventdesk_server.secret import SettingsError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Plain = dict[str, Any]


def accounts_in(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The accounts that stand in the file itself, as they stand there; none without a file.

    Raises:
        SettingsError: It cannot be read, or is no TOML.
    """
    return _read(path)[1].get("accounts", {})


def put_account(path: Path, name: str, values: Mapping[str, Any]) -> None:
    """Add an account, or change one: a value of None takes its setting away.

    Raises:
        SettingsError: The file cannot be read or written. It is as it was.
    """

    def plainly(settings: Plain) -> None:
        _merge(settings.setdefault("accounts", {}).setdefault(name, {}), values)

    def edit(document: "TOMLDocument") -> None:
        import tomlkit  # noqa: PLC0415 - only who changes the file needs it
        from tomlkit.items import InlineTable  # noqa: PLC0415 - see above

        if "accounts" not in document:
            document.add("accounts", tomlkit.table(is_super_table=True))
        accounts = cast("Plain", document["accounts"])
        if name not in accounts:
            inline = isinstance(accounts, InlineTable)
            accounts[name] = tomlkit.inline_table() if inline else tomlkit.table()
        table = cast("Plain", accounts[name])
        for key, value in values.items():
            if isinstance(value, Mapping):
                inline = cast("Plain", tomlkit.inline_table())
                for inner, part in cast("Mapping[str, Any]", value).items():
                    inline[inner] = part
                table[key] = inline
            elif value is not None:
                table[key] = value
            elif key in table:
                del table[key]

    _change(path, plainly, edit)


def drop_account(path: Path, name: str) -> None:
    """Take an account out.

    Raises:
        SettingsError: The file cannot be read or written. It is as it was.
    """

    def plainly(settings: Plain) -> None:
        del settings["accounts"][name]

    def edit(document: "TOMLDocument") -> None:
        accounts = cast("Plain", document["accounts"])
        del accounts[name]
        if not accounts:
            del document["accounts"]

    _change(path, plainly, edit)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one, whatever happens; a new one is readable by its owner alone.

    Raises:
        SettingsError: It cannot be written. Nothing is left behind.
    """
    target = path.resolve()  # a link to the real file stays one
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        try:
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if mode != 0o600:
                made.chmod(mode)
            made.replace(target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                made.unlink()
        if os.name == "posix":
            _settle(target.parent)
    except OSError as exc:
        raise SettingsError(f"{path} was not written: {_reason(exc, target.parent)}") from exc


def _settle(folder: Path) -> None:
    """A new name in a folder outlives a power cut once the folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(exc: OSError, folder: Path) -> str:
    if exc.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return f"there is no room left on the disk of {folder}. Free some space, then do it again."
    if exc.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{folder} may not be written by you. Change that, or name another place with EVENTDESK_CONFIG."
    return f"{exc.strerror or type(exc).__name__} ({folder})."


def _read(path: Path) -> tuple[str, Plain]:
    try:
        text = path.read_bytes().decode("utf-8")
        return text, tomllib.loads(text.replace("\r\n", "\n"))
    except FileNotFoundError:
        return "", {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise SettingsError(f"{path}: {exc}") from exc


def _change(path: Path, plainly: Callable[[Plain], None], edit: Callable[["TOMLDocument"], None]) -> None:
    """Change the text by `edit`, and see that it says what `plainly` makes of its content: nothing else may change."""
    import tomlkit  # noqa: PLC0415 - only who changes the file needs it
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - see above

    text, before = _read(path)
    wanted = copy.deepcopy(before)
    plainly(wanted)
    if not wanted.get("accounts", {"": ""}):
        del wanted["accounts"]
    try:
        document = tomlkit.parse(text)
        edit(document)
        changed = tomlkit.dumps(document) if text else tomlkit.dumps(document).lstrip()
        as_wanted = tomllib.loads(changed.replace("\r\n", "\n")) == wanted
    except (TOMLKitError, ValueError) as exc:  # ValueError: what is put where it cannot stand, and what is no TOML
        raise SettingsError(f"{path} is written in a way that cannot be changed safely: edit it by hand.") from exc
    if not as_wanted:
        raise SettingsError(f"{path} is written in a way that cannot be changed safely: edit it by hand.")
    write_whole(path, changed.encode("utf-8"))


def _merge(table: Plain, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else value
