"""Where `eventdesk accounts` keeps keys: in the system's keyring, or in files that only their owner can read."""

import contextlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from eventdesk_server import keyrings
from eventdesk_server.secret import SettingsError
from eventdesk_server.settings_file import write_whole

Store = Literal["keyring", "file"]


@dataclass(slots=True)
class Keeper:
    """Keeps the keys of one account. `undo` makes everything as it was."""

    folder: Path
    """Where the files are."""
    store: Store
    _undo: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def keep(self, account: str, name: str, key: SecretStr, before: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Keep a key; answers where, as the settings say it. One that stands there `before`, by us, is replaced.

        Raises:
            SettingsError: A file cannot be written.
            KeyringUnusable: The keyring does not take it.
        """
        text = key.get_secret_value()
        if self.store == "file":
            path = self.folder / f"{account}.{name}"
            former = path.read_bytes() if path.exists() else None
            write_whole(path, text.encode("utf-8") + b"\n")
            self._undo.append(lambda: path.unlink(missing_ok=True) if former is None else write_whole(path, former))
            return {"file": str(path)}
        entry = str((before or {}).get("keyring") or "") or _free(f"{account}.{name}")
        held = keyrings.read(entry)
        keyrings.write(entry, text)
        self._undo.append(lambda: _put_back(entry, held))
        return {"keyring": entry}

    def undo(self) -> None:
        """Forget what was kept, and put back what stood there before. What cannot be, stays: it names nothing."""
        while self._undo:
            with contextlib.suppress(SettingsError, OSError, keyrings.KeyringUnusable):
                self._undo.pop()()


def _free(entry: str) -> str:
    """An entry that nobody holds: another settings file may have an account of the same name."""
    found = entry
    while keyrings.read(found) is not None:
        found = f"{entry}-{secrets.token_hex(2)}"
    return found


def _put_back(entry: str, held: str | None) -> None:
    if held is None:
        keyrings.remove(entry)
    else:
        keyrings.write(entry, held)


def secrets_folder(config: Path) -> Path:
    """Where key files are kept: beside the settings file."""
    return config.absolute().parent / "secrets"


def forget(config: Path, kept: Mapping[str, Any]) -> str:
    """Remove a key from where the settings say that it is, if Eventdesk put it there; answers what became of it.

    Raises:
        KeyringUnusable: The keyring does not let go of it.
        OSError: The file cannot be removed.
    """
    if entry := kept.get("keyring"):
        return f"Removed from the system keyring: {entry}." if keyrings.remove(entry) else ""
    if name := kept.get("file"):
        path = Path(name).expanduser()
        if path.absolute().parent != secrets_folder(config):
            return f"The file {path} is your own, and stays."
        path.unlink(missing_ok=True)
        return f"Removed the file {path}."
    if variable := kept.get("env"):
        return f"The variable {variable} is set outside Eventdesk, and stays."
    return ""
