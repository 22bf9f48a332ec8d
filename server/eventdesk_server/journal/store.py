"""One SQLite database in the state folder, shared by the processes of one person: opened at the first write."""

import contextlib
import errno
import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import anyio

from eventdesk_tools.errors import JournalUnusable

T = TypeVar("T")
SCHEMA = 3
BUSY_SECONDS = 5.0
KEEP_DONE = 30 * 86400.0
KEEP_IDLE = 3600.0
_CHECK = b"eventdesk journal"
_VERSIONS = {
    1: """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    provider TEXT NOT NULL,
    tool TEXT NOT NULL,
    target TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL,
    names TEXT NOT NULL,
    step_name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'claimed' CHECK (state IN ('claimed', 'sent', 'done')),
    "values" TEXT NOT NULL DEFAULT '{}',
    known TEXT NOT NULL DEFAULT '[]',
    owner TEXT,
    lease REAL NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 1,
    sent_attempt INTEGER NOT NULL DEFAULT 0,
    refused TEXT NOT NULL DEFAULT '',
    settled TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    updated REAL NOT NULL
);
CREATE TABLE previews (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'used')),
    until REAL NOT NULL,
    port INTEGER NOT NULL DEFAULT 0,
    path TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE hosted (
    host TEXT NOT NULL,
    key TEXT NOT NULL,
    asked TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    PRIMARY KEY (host, key)
) WITHOUT ROWID;
CREATE TABLE agreed (mark TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
""",
    2: "ALTER TABLE entries ADD COLUMN stuck INTEGER NOT NULL DEFAULT 0",
    3: "ALTER TABLE entries ADD COLUMN asked TEXT NOT NULL DEFAULT ''",
}
"""What each version of the schema adds to the one before it. A version that was ever released is never changed."""


class Store:
    """The connection. `folder` None keeps all in memory, for this process alone. `clock` is the wall's, in seconds."""

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self.clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._key = b""
        self._pruned = 0.0

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something in one transaction, durable before this returns.

        Raises:
            JournalUnusable: The database cannot be used; nothing of the transaction is kept.
        """
        if self.folder is None:
            return self.run_now(work)
        return await anyio.to_thread.run_sync(self.run_now, work)

    def run_now(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """`run`, for who has no event loop."""
        with self._lock, _explained(self.folder):
            connection = self._open()
            with _transaction(connection):
                return work(connection)

    async def digest(self, text: str) -> str:
        """A keyed hash: the same in all processes, and telling nothing to who has the database alone.

        Raises:
            JournalUnusable: The key cannot be read.
        """
        await self.run(lambda _: None)
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    @property
    def there(self) -> bool:
        """Whether anything was ever written, as far as can be seen: who only looks makes no files."""
        if self._connection is not None or self.folder is None:
            return self._connection is not None
        try:
            return (self.folder / "journal.db").exists()
        except PermissionError:
            return True

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None:
            if self.clock() - self._pruned > KEEP_IDLE or self.clock() < self._pruned:
                self._prune(self._connection)
            return self._connection
        if self.folder is not None:
            if not self.folder.exists():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _private(self.folder / "journal.db")
        name = ":memory:" if self.folder is None else str(self.folder / "journal.db")
        connection = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            with _transaction(connection):
                self._key = self._prepare(connection)
            self._prune(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        weakref.finalize(self, connection.close)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> bytes:
        """Bring the tables to this version of the schema, and see that database and key are a pair."""
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA:
            raise JournalUnusable(
                "Eventdesk's journal was written by a newer version of Eventdesk.",
                next="Tell the person: update Eventdesk here too. Nothing is changed until then.",
            )
        wrong = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if wrong != "ok":
            raise sqlite3.DatabaseError(str(wrong))
        for added in range(version + 1, SCHEMA + 1):
            for statement in _VERSIONS[added].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {added}")
        if version == 0:
            key = self._read_key() or self._make_key()
            connection.execute("INSERT INTO meta VALUES ('key_check', ?)", (_check(key),))
            return key
        key = self._read_key()
        row = connection.execute("SELECT value FROM meta WHERE name = 'key_check'").fetchone()
        if not key or row is None or not hmac.compare_digest(_check(key), row["value"]):
            raise JournalUnusable(
                "The file journal.key does not belong to Eventdesk's journal, which cannot be read without it.",
                next=f"Tell the person: put the right journal.key back into {self.folder}, or move journal.db away. {_LOST}",
            )
        return key

    def _read_key(self) -> bytes:
        """The key; empty when there is none that was written whole."""
        if self.folder is None:
            return b""
        try:
            key = (self.folder / "journal.key").read_bytes()
        except FileNotFoundError:
            return b""
        return key if len(key) == 32 else b""

    def _make_key(self) -> bytes:
        key = secrets.token_bytes(32)
        if self.folder is not None:
            path = self.folder / "journal.key"
            path.unlink(missing_ok=True)  # a part of one, left by a process that was killed; no entry is keyed with it
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
        return key

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Forget what is finished for long. A write whose outcome is unknown, or that is half done, stays."""
        now = self.clock()
        with _transaction(connection):
            connection.execute("DELETE FROM entries WHERE state = 'done' AND updated < ?", (now - KEEP_DONE,))
            connection.execute(
                "DELETE FROM entries WHERE state = 'claimed' AND step = 0 AND updated < ?", (now - KEEP_IDLE,)
            )
            connection.execute("DELETE FROM previews WHERE until < ?", (now - KEEP_IDLE,))
            connection.execute("DELETE FROM hosted WHERE created < ?", (now - KEEP_DONE,))
            connection.execute("DELETE FROM agreed WHERE until < ?", (now,))
        self._pruned = now


_LOST = "What is lost then: which writes were sent already, so that a call made before may be sent once more if it is repeated."


def _reason(name: str, exc: Exception) -> tuple[str, str]:
    """What is wrong with the journal, and what a person does about it."""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "Another program holds Eventdesk's journal.", "end what has {folder}/journal.db open, then call again."
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")) or (
        isinstance(exc, OSError) and exc.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
    ):
        return "Eventdesk's journal cannot grow: the disk is full or failing.", "free space on the disk of {folder}."
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or (not name and not isinstance(exc, OSError)):
        return (
            "Eventdesk's journal is damaged.",
            "move journal.db, journal.db-wal and journal.db-shm out of {folder}. " + _LOST,
        )
    return (
        "Eventdesk's journal cannot be written.",
        "let {folder} be written by this user, or set EVENTDESK_STATE_FOLDER to a folder that can.",
    )


def _check(key: bytes) -> str:
    return hmac.new(key, _CHECK, hashlib.sha256).hexdigest()


def _private(path: Path) -> None:
    """A file that nobody else reads. SQLite gives its own files beside it the same mode."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def _explained(folder: Path | None) -> Generator[None]:
    """Turn what SQLite and the system say into what a person can do."""
    try:
        yield
    except (sqlite3.Error, OSError) as exc:
        name = str(getattr(exc, "sqlite_errorname", ""))
        message, step = _reason(name, exc)
        raise JournalUnusable(
            message, next=f"Nothing more was sent. Tell the person: {step.format(folder=folder)}"
        ) from exc
