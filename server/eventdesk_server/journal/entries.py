"""Writes in the journal: claimed by one, fenced from who lost the claim, durable before each request leaves."""

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from eventdesk_server.journal.owners import LEASE, is_live
from eventdesk_server.journal.store import Store
from eventdesk_tools.errors import Conflict, EventdeskError, JournalUnusable, RunsElsewhere
from eventdesk_tools.journal import Claim, Earlier, EntryState

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Busy:
    """Another holds the write; `attempt` tells this holding from a later one."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Who held the write was refused, with this code."""

    code: str


@dataclass(slots=True)
class SqliteEntry:
    """One write. `eventdesk_tools.journal.Entry` documents the methods."""

    store: Store
    owner: str
    id: str
    attempt: int
    state: EntryState
    step: int
    steps: tuple[str, ...]
    values: dict[str, str]
    known: frozenset[str]
    by_person: bool
    begun: tuple[str, ...]
    key: str
    host: str
    answered: bool
    waited: bool = False
    refusal: EventdeskError | None = field(default=None)
    was: dict[str, str] | None = None
    """What the steps had yielded when the write was done, before it began anew."""
    behind: bool = False
    """The database does not hold all of this: storing an outcome failed."""

    async def of_others(self, ids: Collection[str]) -> frozenset[str]:
        return await self.store.run(lambda db: made_by_others(db, self.id, ids))

    async def sending(self, known: frozenset[str]) -> None:
        if self.behind:
            raise JournalUnusable("What was done before could not be recorded, so nothing more was sent.")
        name = self.steps[self.step] if self.step < len(self.steps) else ""
        changed = await self._set(
            "state = 'sent', known = ?, step_name = ?, sent_attempt = attempt, lease = ?, refused = ''",
            (json.dumps(sorted(known)), name, self.store.clock() + LEASE),
            "attempt = ? AND owner = ? AND step = ? AND state != 'done'",
            (self.attempt, self.owner, self.step),
        )
        if not changed:
            raise RunsElsewhere("Another call has taken this write over. This one sent nothing more.")
        self.state, self.known = EntryState.SENT, known

    async def completed(self, values: Mapping[str, str]) -> None:
        step = self.step
        self.values = {**self.values, **values}
        self.step += 1
        self.state = EntryState.DONE if self.step >= len(self.steps) else EntryState.CLAIMED
        self.known = frozenset()
        try:
            # An outcome that arrives after the claim was lost is stored all the same: the request was ours.
            await self._set(
                "state = ?, step = ?, \"values\" = ?, known = '[]', lease = ?",
                (self.state.value, self.step, json.dumps(self.values), self.store.clock() + LEASE),
                "step = ? AND state != 'done' AND (sent_attempt = ? OR (attempt = ? AND owner = ?))",
                (step, self.attempt, self.attempt, self.owner),
            )
        except JournalUnusable:
            self.behind = True
            raise

    async def not_sent(self, refusal: EventdeskError | None = None) -> None:
        self.state, self.known, self.refusal = EntryState.CLAIMED, frozenset(), refusal
        await self._set(
            "state = 'claimed', known = '[]', refused = ?",
            (refusal.code.value if refusal is not None else "",),
            "step = ? AND state = 'sent' AND sent_attempt = ?",
            (self.step, self.attempt),
        )

    async def restart(self) -> None:
        self.was = dict(self.values) if self.state is EntryState.DONE else None
        self.state, self.step, self.values, self.known = EntryState.CLAIMED, 0, {}, frozenset()
        self.by_person = False
        await self._set(
            "state = 'claimed', step = 0, \"values\" = '{}', known = '[]', sent_attempt = 0, settled = '', stuck = 0,"
            " steps = ?, names = ?",
            (len(self.steps), json.dumps(self.steps)),
            "attempt = ? AND owner = ?",
            (self.attempt, self.owner),
        )

    async def let_go(self) -> None:
        """Leave the write to whoever comes next. What never left is forgotten, but for a refusal that others wait for.

        Where nothing came of beginning anew, what was done before is known again.
        """

        def work(db: sqlite3.Connection) -> None:
            mine = (self.id, self.attempt, self.owner)
            if self.was is not None:
                db.execute(
                    "UPDATE entries SET state = 'done', step = steps, \"values\" = ? WHERE id = ? AND attempt = ? AND owner = ?"
                    " AND state = 'claimed' AND step = 0",
                    (json.dumps(self.was), *mine),
                )
            db.execute(
                "DELETE FROM entries WHERE id = ? AND attempt = ? AND owner = ?"
                " AND state = 'claimed' AND step = 0 AND refused = ''",
                mine,
            )
            db.execute("UPDATE entries SET owner = NULL WHERE id = ? AND attempt = ? AND owner = ?", mine)

        await self.store.run(work)

    async def _set(self, what: str, values: tuple[object, ...], where: str, bound: tuple[object, ...]) -> bool:
        def work(db: sqlite3.Connection) -> bool:
            if self.host and self.state is EntryState.DONE:
                db.execute("UPDATE hosted SET done = 1 WHERE host = ? AND key = ?", (self.host, self.key))
            sql = f"UPDATE entries SET {what}, updated = ? WHERE id = ? AND {where}"  # noqa: S608 - only constants
            return db.execute(sql, (*values, self.store.clock(), self.id, *bound)).rowcount == 1

        return await self.store.run(work)


def take(
    db: sqlite3.Connection, store: Store, owner: str, wanted: Claim, seen: Busy | None
) -> SqliteEntry | Busy | Refused:
    """Take a write, in one transaction. `seen` is whom the caller waits for."""
    now = store.clock()
    answered = _host(db, wanted, now)
    row = db.execute("SELECT * FROM entries WHERE key = ?", (wanted.key,)).fetchone()
    if row is None:
        db.execute(
            "INSERT INTO entries (id, key, account, provider, tool, target, steps, names, owner, lease, created, updated,"
            " asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                _new_id(db), wanted.key, wanted.account, wanted.provider, wanted.tool, wanted.target, len(wanted.steps),
                json.dumps(wanted.steps), owner, now + LEASE, now, now, wanted.asked,
            ),
        )  # fmt: skip
    else:
        # What this journal holds nobody else waits for here: its owner is gone when storing that failed.
        if row["owner"] != owner and is_live(row["owner"], row["lease"], now):
            return Busy(row["attempt"])
        if seen is not None and row["refused"] and row["attempt"] == seen.attempt:
            return Refused(row["refused"])
        # With other steps it cannot go on: what was done keeps the names under which it was done.
        begun = json.loads(row["names"])[: row["step"] + (row["state"] == "sent")]
        other = row["state"] != "done" and begun != list(wanted.steps[: len(begun)])
        names = row["names"] if other or row["settled"] == "person" else json.dumps(wanted.steps)
        db.execute(
            "UPDATE entries SET owner = ?, lease = ?, attempt = attempt + 1, refused = '', updated = ?, tool = ?, steps = ?,"
            " names = ?, stuck = ?, asked = ? WHERE id = ?",
            (
                owner, now + LEASE, max(now, row["updated"]) if row["state"] == "done" else now, wanted.tool,
                len(json.loads(names)), names, other, wanted.asked, row["id"],
            ),
        )  # fmt: skip
    row = db.execute("SELECT * FROM entries WHERE key = ?", (wanted.key,)).fetchone()
    return SqliteEntry(
        store, owner, row["id"], row["attempt"], EntryState(row["state"]), row["step"], wanted.steps,
        json.loads(row["values"]), frozenset(json.loads(row["known"])), row["settled"] == "person",
        tuple(json.loads(row["names"])), wanted.key, wanted.host, answered, waited=seen is not None,
    )  # fmt: skip


def made_by_others(db: sqlite3.Connection, id_: str, ids: Iterable[str]) -> frozenset[str]:
    """Those of these records that another finished write of the same account made by the same step."""
    rows = db.execute(
        'SELECT other."values" FROM entries one JOIN entries other USING (account, step_name)'
        " WHERE one.id = ? AND one.step_name != '' AND other.id != one.id AND other.state = 'done'",
        (id_,),
    )
    made = {value for row in rows for value in json.loads(row["values"]).values()}
    return frozenset(ids) & made


def earlier(db: sqlite3.Connection, asked: str) -> tuple[Earlier, ...]:
    """What requests of the same call left behind."""
    rows = db.execute("SELECT state, step, names FROM entries WHERE asked = ? ORDER BY created", (asked,)).fetchall()
    found = [Earlier(EntryState(row["state"]), tuple(json.loads(row["names"])[: row["step"]])) for row in rows]
    return tuple(one for one in found if one.done or one.state is not EntryState.CLAIMED)


def same_call(db: sqlite3.Connection, host: str, asked: str) -> None:
    """See that a host's key belongs to no other call.

    Raises:
        Conflict: It does.
    """
    if db.execute("SELECT 1 FROM hosted WHERE host = ? AND asked != ?", (host, asked)).fetchone() is not None:
        raise Conflict(
            "The key of this call belongs to an earlier call with other arguments. Nothing was sent.",
            next="Give every call its own key; only the same call, made again, takes the same.",
        )


def _host(db: sqlite3.Connection, wanted: Claim, now: float) -> bool:
    """Bind the host's key to its call; whether this write was completed under it."""
    if not wanted.host:
        return False
    same_call(db, wanted.host, wanted.asked)
    db.execute(
        "INSERT OR IGNORE INTO hosted (host, key, asked, created) VALUES (?, ?, ?, ?)",
        (wanted.host, wanted.key, wanted.asked, now),
    )
    found = db.execute("SELECT done FROM hosted WHERE host = ? AND key = ?", (wanted.host, wanted.key)).fetchone()
    return bool(found["done"])


def _new_id(db: sqlite3.Connection) -> str:
    """Short, typeable, and without letters that look alike."""
    while True:
        made = "".join(secrets.choice(_LETTERS) for _ in range(6))
        if db.execute("SELECT 1 FROM entries WHERE id = ?", (made,)).fetchone() is None:
            return made
