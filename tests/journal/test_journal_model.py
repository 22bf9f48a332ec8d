"""The journal against what must never happen: a request sent while another may be under way, or after one was."""

from collections.abc import Coroutine
from typing import Any

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from eventdesk_server.journal.entries import SqliteEntry, take
from eventdesk_server.journal.listing import entries, settle
from eventdesk_server.journal.owners import new_owner
from eventdesk_server.journal.store import Store
from eventdesk_tools.errors import RunsElsewhere
from eventdesk_tools.journal import EntryState
from tests.journal.support import Clock, claim

OWNERS = [new_owner() for _ in range(3)]
WANTED = claim("k")


def now(work: Coroutine[Any, Any, None]) -> None:
    """Run what an in-memory journal never waits for."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the journal waited")


class Journaled(RuleBasedStateMachine):
    """Three processes and one write of one step. `open` is the request that left and whose outcome is not stored, `holder`
    the claim that was given last and not given back."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.store = Store(None, self.clock)
        self.held: dict[str, SqliteEntry] = {}
        self.open: SqliteEntry | None = None
        self.holder: SqliteEntry | None = None

    @rule(owner=sampled_from(OWNERS))
    def claims(self, owner: str) -> None:
        if owner not in self.held:
            found = self.store.run_now(lambda db: take(db, self.store, owner, WANTED, None))
            if isinstance(found, SqliteEntry):
                assert (found.state is EntryState.SENT) == (self.open is not None)
                self.held[owner] = self.holder = found

    @rule(owner=sampled_from(OWNERS))
    def sends(self, owner: str) -> None:
        entry = self.held.get(owner)
        # The write path sends only what it does not know as sent or done.
        if entry is None or entry.state is not EntryState.CLAIMED:
            return
        try:
            now(entry.sending(frozenset()))
        except RunsElsewhere:
            del self.held[owner]
        else:
            assert self.holder is entry, "sent without holding the claim"
            assert self.open is None, "sent while an earlier request may have happened"
            self.open = entry

    @precondition(lambda self: self.open is not None)
    @rule(happened=sampled_from([True, False]))
    def is_answered(self, happened: bool) -> None:
        """The answer arrives, perhaps after the claim was lost."""
        assert self.open is not None
        now(self.open.completed({}) if happened else self.open.not_sent())
        self.open = None

    @rule(owner=sampled_from(OWNERS))
    def lets_go(self, owner: str) -> None:
        entry = self.held.pop(owner, None)
        if entry is not None:
            now(entry.let_go())
            if entry is self.holder:
                self.holder = None

    @rule(owner=sampled_from(OWNERS))
    def dies(self, owner: str) -> None:
        self.held.pop(owner, None)

    @rule(seconds=sampled_from([1.0, 100.0, -100.0, 86400.0 * 40, -86400.0 * 40]))
    def time_passes(self, seconds: float) -> None:
        self.clock.at += seconds

    @rule(happened=sampled_from([True, False]))
    def a_person_settles(self, happened: bool) -> None:
        for row in entries(self.store):
            if row["state"] == "unknown":
                settle(self.store, row["id"], happened=happened)
                self.open = self.holder = None

    @invariant()
    def the_last_claim_stands_until_it_is_given_back(self) -> None:
        if self.holder is not None:
            rows = self.store.run_now(lambda db: db.execute("SELECT owner, attempt FROM entries").fetchall())
            # What was never sent may have been pruned.
            assert [tuple(row) for row in rows] in ([], [(self.holder.owner, self.holder.attempt)])

    @invariant()
    def what_is_open_is_never_forgotten(self) -> None:
        if self.open is not None:
            assert [row["state"] for row in entries(self.store)] in (["unknown"], ["sending"])


TestJournaled = Journaled.TestCase
TestJournaled.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
