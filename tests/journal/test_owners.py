"""Whose claim a write is, and whether that one still lives."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from eventdesk_server.journal import owners
from eventdesk_server.journal.owners import LEASE, is_live, new_owner

NOW = 1_800_000_000.0
HOST = new_owner().split("|")[0]


def owner(host: str = HOST, pid: int | None = None, process: str = "") -> str:
    return "|".join([host, str(os.getpid() if pid is None else pid), process or new_owner().split("|")[2], "0"])


def test_each_owner_of_a_process_has_a_name_of_its_own() -> None:
    one, two = new_owner(), new_owner()
    assert one != two
    assert one.split("|")[:3] == two.split("|")[:3]
    assert str(os.getpid()) == one.split("|")[1]


@pytest.mark.parametrize(("left", "live"), [(0.0, True), (-0.1, False), (LEASE, True), (LEASE + 0.1, False)])
def test_a_claim_stands_within_its_lease_and_no_lease_is_longer_than_any_that_is_given(left: float, live: bool) -> None:
    assert is_live(new_owner(), NOW + left, NOW) is live
    assert LEASE == 90


def test_what_nobody_holds_is_free() -> None:
    assert not is_live(None, NOW + 1, NOW)


def test_another_hosts_claim_stands_until_its_lease_ends() -> None:
    assert is_live(owner("elsewhere", 1), NOW + 1, NOW)
    assert is_live(owner("else|where", 1), NOW + 1, NOW)
    assert not is_live(owner("elsewhere", 1), NOW - 1, NOW)


def test_a_process_that_had_this_ones_number_is_gone() -> None:
    assert not is_live(owner(process="another"), NOW + 1, NOW)


def test_another_process_holds_its_claim_as_long_as_it_lives() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert is_live(owner(pid=other.pid), NOW + 1, NOW)
        other.communicate(b"\n")
    assert not is_live(owner(pid=other.pid), NOW + 1, NOW)


def system(name: str, kill: Callable[[int, int], None]) -> SimpleNamespace:
    """The system as this module sees it."""
    return SimpleNamespace(name=name, getpid=os.getpid, kill=kill)


def test_a_process_of_another_user_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(owners, "os", system("posix", forbidden))
    assert is_live(owner(pid=1), NOW + 1, NOW)


def test_where_asking_would_end_a_process_its_lease_alone_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def ending(_pid: int, _signal: int) -> None:
        pytest.fail("the process was ended")

    monkeypatch.setattr(owners, "os", system("nt", ending))
    assert is_live(owner(pid=os.getppid()), NOW + 1, NOW)


def test_a_namespace_of_processes_is_a_host_of_its_own() -> None:
    assert is_live(owner(HOST.split(" ")[0] + " pid:[1]", 2**22 - 1), NOW + 1, NOW)


def test_where_the_system_tells_no_namespace_a_host_is_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_path: Path) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "readlink", none)
    assert new_owner().split("|")[0] == socket.gethostname()
