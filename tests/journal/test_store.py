"""The journal's files: private, versioned, pruned; and what is said when they cannot be used."""

import resource
import signal
import sqlite3
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from eventdesk_server.journal import store as store_module
from eventdesk_server.journal.listing import entries, settle
from eventdesk_tools.errors import ErrorCode, JournalUnusable
from tests.journal.support import Clock, claim, opened

pytestmark = pytest.mark.anyio
DAY = 86400.0


async def written(folder: Path, key: str = "k") -> None:
    journal = opened(folder, Clock())
    async with journal.holding(claim(key), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({"id": "7"})
    journal.store.close()


async def refused(folder: Path) -> JournalUnusable:
    journal = opened(folder, Clock())
    with pytest.raises(JournalUnusable) as caught:
        async with journal.holding(claim("other"), 0) as entry:
            await entry.sending(frozenset())
    journal.store.close()
    assert caught.value.code is ErrorCode.READ_ONLY
    return caught.value


async def test_folder_and_files_are_the_persons_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    journal = opened(folder, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(("journal.db", "journal.db-wal", "journal.db-shm", "journal.key"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    journal.store.close()


async def test_nothing_is_opened_before_the_first_write(tmp_path: Path) -> None:
    opened(tmp_path / "state", Clock())
    assert not (tmp_path / "state").exists()


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    await written(tmp_path)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        db.execute("PRAGMA user_version = 99")
    before = (tmp_path / "journal.db").read_bytes()
    assert "newer version" in (await refused(tmp_path)).message
    assert (tmp_path / "journal.db").read_bytes() == before


async def test_who_only_asks_for_earlier_calls_makes_no_files(tmp_path: Path) -> None:
    assert not opened(tmp_path / "state", Clock()).there
    assert not (tmp_path / "state").exists()
    await written(tmp_path / "state")
    assert opened(tmp_path / "state", Clock()).there


async def test_a_damaged_database_is_refused_with_what_is_lost(tmp_path: Path) -> None:
    await written(tmp_path)
    (tmp_path / "journal.db").write_bytes(b"no database" * 1000)
    told = await refused(tmp_path)
    assert "damaged" in told.message
    assert "What is lost then" in told.next


@pytest.mark.parametrize("key", [b"", b"x" * 32])
async def test_a_key_of_another_journal_is_refused(tmp_path: Path, key: bytes) -> None:
    await written(tmp_path)
    (tmp_path / "journal.key").write_bytes(key)
    assert "journal.key does not belong" in (await refused(tmp_path)).message


async def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    await written(tmp_path)
    (tmp_path / "journal.key").unlink()
    assert "journal.key does not belong" in (await refused(tmp_path)).message
    assert not (tmp_path / "journal.key").exists()


async def test_a_part_of_a_key_left_by_a_killed_start_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "journal.key").write_bytes(b"part")
    await written(tmp_path)
    assert len((tmp_path / "journal.key").read_bytes()) == 32


async def test_a_journal_that_another_program_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await written(tmp_path)
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(tmp_path / "journal.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        assert "Another program holds" in (await refused(tmp_path)).message
    await written(tmp_path, "other")


async def test_a_database_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    assert "cannot be written" in (await refused(tmp_path)).message


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in (await refused(tmp_path / "file" / "state")).message


@contextmanager
def full_disk(path: Path) -> Generator[None]:
    """No file grows beyond what it is, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)


async def test_a_full_disk_is_refused_before_anything_is_sent_and_loses_nothing(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({"id": "7"})
    with full_disk(tmp_path / "journal.db-wal"), pytest.raises(JournalUnusable, match="disk is full"):
        async with journal.holding(claim("other"), 0):
            pytest.fail("the write was claimed")
    assert [(row["state"], row["done"]) for row in entries(journal.store)] == [("done", "1/1")]
    async with journal.holding(claim("other"), 0) as entry:
        await entry.sending(frozenset())
    journal.store.close()


async def test_finished_writes_are_forgotten_after_thirty_days_and_unknown_ones_never(tmp_path: Path) -> None:
    clock = Clock()
    journal = opened(tmp_path, clock)
    async with journal.holding(claim("finished"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    async with journal.holding(claim("unknown"), 0) as entry:
        await entry.sending(frozenset())
    async with journal.holding(claim("half", "one", "two"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    clock.at += 29 * DAY
    await journal.begun("x")
    assert sorted(row["state"] for row in entries(journal.store)) == ["done", "partly done", "unknown"]
    clock.at += 400 * DAY
    await journal.begun("x")
    assert sorted(row["state"] for row in entries(journal.store)) == ["partly done", "unknown"]
    settle(journal.store, next(r["id"] for r in entries(journal.store) if r["state"] == "unknown"), happened=True)
    journal.store.close()
