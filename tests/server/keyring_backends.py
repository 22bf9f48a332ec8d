"""Keyrings for tests: one that keeps its entries in a file, one that is locked, one that waits for ever, one that breaks."""

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from typing_extensions import override

# The library's base class is decorated without types, so what overrides it is not typed against it.
# pyright: reportUnknownMemberType=false, reportUntypedBaseClass=false, reportIncompatibleMethodOverride=false


class FileKeyring(KeyringBackend):
    """Entries in the file that TEST_KEYRING names."""

    priority = 5.0  # pyright: ignore[reportAssignmentType, reportIncompatibleVariableOverride] - computed in the base class

    @property
    def _path(self) -> Path:
        return Path(os.environ["TEST_KEYRING"])

    def _entries(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service}/{username}")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps({**self._entries(), f"{service}/{username}": password}))

    @override
    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{service}/{username}"]
        self._path.write_text(json.dumps(entries))


class LockedKeyring(FileKeyring):
    """Locked until the file that TEST_UNLOCKED names is there."""

    @override
    def get_password(self, service: str, username: str) -> str | None:
        if not Path(os.environ["TEST_UNLOCKED"]).exists():
            raise KeyringLocked("Failed to unlock the collection!")
        return super().get_password(service, username)


class WaitingKeyring(FileKeyring):
    """Waits for somebody who never comes."""

    @override
    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        raise AssertionError


class BrokenKeyring(FileKeyring):
    """Fails as a backend does whose service has gone."""

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise ConnectionRefusedError("the bus is gone: s3cret")


class ForgetfulKeyring(FileKeyring):
    """Takes everything and keeps nothing."""

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        return None
