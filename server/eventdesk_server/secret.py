"""Where an account's key is kept, and how it is read from there."""

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from eventdesk_server import keyrings


class SettingsError(Exception):
    """The settings cannot be used. The message names the place and, for a typo, the nearest word."""


class KeyringError(SettingsError):
    """The key is in a keyring that does not give it."""

    def __init__(self, message: str, trouble: keyrings.Trouble) -> None:
        super().__init__(message)
        self.trouble = trouble


class Closed(BaseModel):
    """A table of the settings in which an unknown word is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Secret(Closed):
    """Where a key is kept: exactly one of a variable, a file, a command, the system's keyring, or the value itself."""

    env: str = ""
    file: str = ""
    command: tuple[str, ...] = ()
    keyring: str = ""
    value: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        return {"value": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(map(bool, (self.env, self.file, self.command, self.keyring, self.value))) != 1:
            raise ValueError("give exactly one of env, file, command and keyring")
        return self

    @property
    def where(self) -> str:
        """The place, for people. Of a command the first word alone: the others may hold what nobody should see."""
        if self.env:
            return f"the variable {self.env}"
        if self.file:
            return f"the file {Path(self.file).expanduser()}"
        if self.command:
            return f"the command {shlex.join(self.command[:1])}"
        return f"the system keyring, entry {self.keyring}" if self.keyring else "the settings themselves"

    def read(self, seconds: float = 20.0) -> SecretStr:
        """The key itself. A command or a keyring that waits for something is given up after so many seconds.

        Raises:
            SettingsError: It is not there. The message names the place, never a value.
        """
        if self.value is not None:
            return self.value
        found = self._found(seconds)
        if not found.strip():
            raise SettingsError(f"{self.where} is empty or not set")
        return SecretStr(found.strip())

    def _found(self, seconds: float) -> str:
        if self.env:
            return os.environ.get(self.env, "")
        if self.file:
            try:
                return Path(self.file).expanduser().read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as exc:
                raise SettingsError(f"{self.where} cannot be read") from exc
        if self.keyring:
            try:
                return keyrings.read(self.keyring, seconds) or ""
            except keyrings.KeyringUnusable as exc:
                raise KeyringError(f"{self.where}: {exc}", exc.trouble) from exc
        try:
            ran = subprocess.run(  # noqa: S603 - the person's own command from their own settings, no shell
                self.command, capture_output=True, text=True, timeout=seconds, check=True, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as exc:
            raise SettingsError(f"{self.where} failed") from exc
        return ran.stdout
