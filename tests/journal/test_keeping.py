"""What the journal forgets and when, and how what SQLite and the system say is told."""

import errno
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from eventdesk_server.journal.listing import entries
from eventdesk_server.journal.store import KEEP_DONE, KEEP_IDLE, SCHEMA, Store
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.journal import Preview
from eventdesk_tools.plans import Question
from tests.journal.support import START, Clock, claim, opened

pytestmark = pytest.mark.anyio


def counted(store: Store) -> dict[str, int]:
    return store.run_now(
        lambda db: {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("entries", "previews", "hosted", "agreed")
        }
    )


async def test_each_thing_is_kept_as_long_as_it_is_of_use(tmp_path: Path) -> None:
    clock = Clock()
    journal = opened(tmp_path, clock)
    async with journal.holding(replace(claim("done"), host="h", asked="a"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    held = journal.holding(claim("claimed and left by a process that was killed"), 0)
    await held.__aenter__()
    await journal.keep_preview(
        Preview("p", "t", {}, "d", Question(text="?", why=frozenset(), reversible=True), {})
    )  # fmt: skip
    await journal.agree(["m"])
    whole = {"entries": 2, "previews": 1, "hosted": 1, "agreed": 1}
    seen: list[tuple[float, dict[str, int]]] = []
    for seconds in (KEEP_IDLE, KEEP_IDLE + 1, KEEP_IDLE + 601, KEEP_DONE, KEEP_DONE + 1):
        clock.at = START + seconds
        fresh = Store(tmp_path, clock)  # forgets when it opens
        seen.append((seconds, counted(fresh)))
        fresh.close()
    assert [found for _, found in seen] == [
        whole,
        {**whole, "entries": 1, "agreed": 0},
        {**whole, "entries": 1, "agreed": 0, "previews": 0},
        {**whole, "entries": 1, "agreed": 0, "previews": 0},
        {"entries": 0, "previews": 0, "hosted": 0, "agreed": 0},
    ]
    assert (KEEP_IDLE, KEEP_DONE) == (3600, 30 * 86400)
    await held.__aexit__(None, None, None)


@pytest.mark.parametrize(("later", "forgets"), [(KEEP_IDLE, False), (KEEP_IDLE + 1, True), (-1.0, True)])
async def test_a_journal_that_stays_open_forgets_once_an_hour_and_when_its_clock_goes_back(
    later: float, forgets: bool
) -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.agree(["m"])
    clock.at += 10 * 86400
    store = journal.store
    store._pruned = clock.at  # pyright: ignore[reportPrivateUsage] - as if it had just been done
    clock.at += later
    assert counted(store)["agreed"] == (0 if forgets else 1)
    assert store._pruned == (clock.at if forgets else clock.at - later)  # pyright: ignore[reportPrivateUsage]


def coded(kind: type[sqlite3.Error], name: str) -> sqlite3.Error:
    exc = kind("a message of SQLite")
    if name:
        exc.sqlite_errorname = name
    return exc


@pytest.mark.parametrize(
    ("failure", "told", "next_step"),
    [
        (coded(sqlite3.OperationalError, "SQLITE_BUSY"), "Another program holds", "end what has {folder}/journal.db open"),
        (coded(sqlite3.OperationalError, "SQLITE_BUSY_SNAPSHOT"), "Another program holds", "end what has"),
        (coded(sqlite3.OperationalError, "SQLITE_LOCKED"), "Another program holds", "end what has"),
        (coded(sqlite3.OperationalError, "SQLITE_FULL"), "disk is full", "free space on the disk of {folder}"),
        (coded(sqlite3.OperationalError, "SQLITE_IOERR_WRITE"), "disk is full", "free space"),
        (OSError(errno.ENOSPC, "x"), "disk is full", "free space"),
        (OSError(errno.EDQUOT, "x"), "disk is full", "free space"),
        (OSError(errno.EFBIG, "x"), "disk is full", "free space"),
        (OSError(errno.EIO, "x"), "disk is full", "free space"),
        (coded(sqlite3.DatabaseError, "SQLITE_CORRUPT_VTAB"), "is damaged", "journal.db-shm out of {folder}. What is lost then"),
        (coded(sqlite3.DatabaseError, "SQLITE_NOTADB"), "is damaged", "move journal.db"),
        (coded(sqlite3.DatabaseError, ""), "is damaged", "move journal.db"),
        (coded(sqlite3.OperationalError, "SQLITE_READONLY"), "cannot be written", "let {folder} be written by this user"),
        (OSError(errno.EACCES, "x"), "cannot be written", "EVENTDESK_STATE_FOLDER"),
    ],
)  # fmt: skip
async def test_every_failure_says_what_a_person_does_about_it_and_nothing_is_kept(
    failure: Exception, told: str, next_step: str, tmp_path: Path
) -> None:
    store = Store(tmp_path, Clock())

    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO agreed VALUES ('m', 1e12)")
        raise failure

    with pytest.raises(JournalUnusable, match=told) as caught:
        await store.run(work)
    assert caught.value.next.startswith("Nothing more was sent. Tell the person: ")
    assert next_step.format(folder=tmp_path) in caught.value.next
    assert caught.value.__cause__ is failure
    assert counted(store)["agreed"] == 0
    store.close()


async def test_a_failure_of_our_own_is_told_as_it_is_and_nothing_is_kept() -> None:
    store = Store(None, Clock())

    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO agreed VALUES ('m', 1e12)")
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        store.run_now(work)
    assert counted(store)["agreed"] == 0


async def test_a_journal_that_cannot_tell_whose_key_it_has_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path, Clock())
    store.run_now(lambda db: db.execute("DELETE FROM meta"))
    store.close()
    with pytest.raises(JournalUnusable, match="does not belong"):
        await Store(tmp_path, Clock()).digest("text")


async def test_files_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    for name, mode in (("journal.db", 0o644), ("other", 0o644)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    await opened(tmp_path, Clock()).begun("k")
    assert stat.S_IMODE((tmp_path / "journal.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "other").stat().st_mode) == 0o644


async def test_digests_are_hashes_with_the_journals_own_key_and_it_opens_again_after_it_was_closed(
    tmp_path: Path,
) -> None:
    one, two = Store(tmp_path, Clock()), Store(None, Clock())
    digest = await one.digest("text")
    one.close()
    one.close()
    assert digest == await one.digest("text") == await Store(tmp_path, Clock()).digest("text")
    assert digest != await two.digest("text") != await one.digest("other")
    assert (len(digest), await two.digest("\ud800")) == (64, await two.digest("\ud800"))


async def test_a_process_that_closed_its_journal_leaves_what_it_wrote(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
    journal.store.close()
    assert [row["state"] for row in entries(Store(tmp_path, Clock()))] == ["unknown"]
    modes = journal.store.run_now(
        lambda db: [
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "user_version")
        ]
    )
    assert modes == ["wal", 2, SCHEMA]
