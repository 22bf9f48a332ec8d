"""The system's keyring: macOS Keychain, Windows Credential Locker, the Secret Service or KWallet on Linux.

A backend may wait for a person to unlock it, for ever, and is somebody else's code: every use has a time limit of its own
and fails in one of three ways.
"""

import importlib
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar, cast

T = TypeVar("T")
SERVICE = "eventdesk"
"""Under this name the keyring lists what Eventdesk keeps there."""


class Trouble(StrEnum):
    """Why the keyring cannot be used."""

    NONE = "this computer has no keyring that Eventdesk can use"
    LOCKED = "the system keyring is locked"
    FAILED = "the system keyring failed"


class KeyringUnusable(Exception):
    """The keyring gives or takes nothing now."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value} ({detail})" if detail else trouble.value)
        self.trouble = trouble


def described(seconds: float = 5.0) -> str:
    """What the keyring calls itself.

    Raises:
        KeyringUnusable: There is none.
    """
    return _limited(lambda: _backend().name, seconds)


def read(entry: str, seconds: float = 20.0) -> str | None:
    """What an entry holds; None when there is no such entry.

    Raises:
        KeyringUnusable: There is no keyring, or it is locked, or it failed.
    """
    return _limited(lambda: _backend().get_password(SERVICE, entry), seconds)


def write(entry: str, text: str, seconds: float = 60.0) -> None:
    """Keep a text, in place of what the entry held. It is read back: there are keyrings that keep nothing.

    Raises:
        KeyringUnusable: It is not kept.
    """

    def work() -> bool:
        backend = _backend()
        backend.set_password(SERVICE, entry, text)
        return backend.get_password(SERVICE, entry) == text

    if not _limited(work, seconds):
        raise KeyringUnusable(Trouble.FAILED, "it did not keep what it was given")


def remove(entry: str, seconds: float = 60.0) -> bool:
    """Forget an entry; False when there was none.

    Raises:
        KeyringUnusable: There is no keyring, or it is locked, or it failed.
    """

    def work() -> bool:
        backend = _backend()
        if backend.get_password(SERVICE, entry) is None:
            return False
        backend.delete_password(SERVICE, entry)
        return True

    return _limited(work, seconds)


class _Backend(Protocol):
    name: str
    priority: float

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


def _backend() -> _Backend:
    import keyring  # noqa: PLC0415 - most starts read no keyring

    backend = cast("_Backend", keyring.get_keyring())
    if backend.priority < 1:  # none at all, or one that writes plain text somewhere: keyring recommends none of these
        raise KeyringUnusable(Trouble.NONE)
    return backend


def _limited(work: Callable[[], T], seconds: float) -> T:
    """Run it in a thread that ends with the process: a backend cannot be interrupted."""
    importlib.import_module("keyring")  # finding the library takes none of the time

    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as exc:  # noqa: BLE001 - backends are plug-ins, and raise what their systems raise
            failed.append(exc)

    thread = threading.Thread(target=run, name="eventdesk keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    if not failed:
        raise KeyringUnusable(Trouble.LOCKED, f"it did not answer within {seconds:g} s")
    raise _explained(failed[0]) from None


def _explained(exc: Exception) -> KeyringUnusable:
    from keyring.errors import KeyringLocked, NoKeyringError  # noqa: PLC0415 - see above

    if isinstance(exc, KeyringUnusable):
        return exc
    if isinstance(exc, NoKeyringError):
        return KeyringUnusable(Trouble.NONE)
    # SecretStorage's own exceptions get through in places.
    if isinstance(exc, KeyringLocked) or type(exc).__name__ in {"LockedException", "PromptDismissedException"}:
        return KeyringUnusable(Trouble.LOCKED)
    return KeyringUnusable(Trouble.FAILED, type(exc).__name__)
