"""Who holds a write: this host, this process, this journal. And whether that one still lives."""

import itertools
import os
import secrets
import socket
from pathlib import Path

LEASE = 90.0
"""Seconds that a claim is another's at most: longer than a call and its last shielded request take together."""
_PROCESS = secrets.token_hex(4)
_NUMBERS = itertools.count()


def new_owner() -> str:
    """A name for a holder of claims."""
    return f"{_host()}|{os.getpid()}|{_PROCESS}|{next(_NUMBERS)}"


def is_live(owner: str | None, lease: float, now: float) -> bool:
    """Whether a claim still stands. A lease beyond any that is given tells of a clock that was set back."""
    if owner is None or not now <= lease <= now + LEASE:
        return False
    host, pid, process, _ = owner.rsplit("|", 3)
    if host != _host():
        return True
    if int(pid) == os.getpid():
        return process == _PROCESS
    return _runs(int(pid))


def _host() -> str:
    """This host, and where the system tells it, this namespace of process numbers."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()} {space}".strip()


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking would end it; the lease alone tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
