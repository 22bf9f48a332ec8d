"""What a claim starts from: the steps it goes on with, the lease it gets, the host's key that it is bound to."""

from dataclasses import replace
from pathlib import Path

import pytest

from eventdesk_server.journal.entries import SqliteEntry
from eventdesk_server.journal.listing import entries
from eventdesk_server.journal.owners import LEASE
from eventdesk_tools.errors import Conflict, RejectedByProvider, RunsElsewhere
from eventdesk_tools.journal import Claim, EntryState
from tests.journal.support import Clock, claim, opened

pytestmark = pytest.mark.anyio


async def test_a_refusal_leaves_nothing_known_and_other_writes_as_they_are(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("other"), 0) as other:
        await other.sending(frozenset({"9"}))
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset({"7"}))
        await entry.not_sent(RejectedByProvider("no"))
        assert (entry.state, entry.known) == (EntryState.CLAIMED, frozenset())
    async with journal.holding(claim(), 0) as entry:
        assert (entry.state, entry.known) == (EntryState.CLAIMED, frozenset())
    async with journal.holding(claim("other"), 0) as other:
        assert (other.state, other.known) == (EntryState.SENT, frozenset({"9"}))


async def test_a_step_that_is_done_leaves_nothing_known_for_the_next(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        await entry.sending(frozenset({"7"}))
        await entry.completed({"id": "8"})
        assert (entry.known, entry.step, entry.state) == (frozenset(), 1, EntryState.CLAIMED)
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        assert (entry.known, entry.step, entry.values) == (frozenset(), 1, {"id": "8"})


async def test_whoever_takes_a_write_over_holds_it_for_a_lease_of_its_own(tmp_path: Path) -> None:
    clock = Clock()
    one, two, three = (opened(tmp_path, clock) for _ in range(3))
    async with one.holding(claim(), 0):
        clock.at += LEASE + 1
        async with two.holding(claim(), 0) as entry:
            clock.at += LEASE - 1
            with pytest.raises(RunsElsewhere):
                async with three.holding(claim(), 0):
                    pytest.fail("two hold one write")
            await entry.sending(frozenset())
            clock.at += LEASE - 1  # sending begins the lease anew, as the outcome does
            with pytest.raises(RunsElsewhere):
                async with three.holding(claim(), 0):
                    pytest.fail("two hold one write")
            await entry.completed({})
            clock.at += LEASE - 1
            with pytest.raises(RunsElsewhere):
                async with three.holding(claim(), 0):
                    pytest.fail("two hold one write")


async def test_a_done_write_goes_by_the_steps_of_now_and_a_stopped_one_keeps_those_it_was_begun_with(
    tmp_path: Path,
) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("done", "one"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    async with journal.holding(claim("done", "new", "more"), 0) as entry:
        assert (entry.state, entry.begun) == (EntryState.DONE, ("new", "more"))
    async with journal.holding(claim("stopped", "one", "two"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
        await entry.sending(frozenset())
    for steps, begun in (
        (("one", "two", "three"), ("one", "two", "three")),
        (("one", "other"), ("one", "two", "three")),
        (("other",), ("one", "two", "three")),
        (("one", "two"), ("one", "two")),
    ):
        async with journal.holding(claim("stopped", *steps), 0) as entry:
            assert entry.begun == begun
    assert {row["done"] for row in entries(journal.store)} == {"1/2"}


def hosted(key: str = "k", asked: str = "a", host: str = "h") -> Claim:
    return replace(claim(key), host=host, asked=asked)


async def test_a_hosts_key_belongs_to_one_call_and_tells_whether_it_was_completed(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    answered: list[bool] = []
    for act in ("send", "complete", "look"):
        async with journal.holding(hosted(), 0) as entry:
            answered.append(entry.answered)
            if act == "send":
                await entry.sending(frozenset())
            if act == "complete":
                await entry.completed({})
    assert answered == [False, False, True]
    for of, done in ((hosted(host="other"), False), (hosted("second"), False), (claim(), False)):
        async with journal.holding(of, 0) as entry:
            assert entry.answered is done
    with pytest.raises(Conflict, match="belongs to an earlier call"):
        async with journal.holding(hosted(asked="b"), 0):
            pytest.fail("another call took the key")
    with pytest.raises(Conflict):
        await journal.hosted("h", "b")
    await journal.hosted("h", "a")
    await journal.hosted("never seen", "b")


async def test_an_entry_that_is_begun_anew_is_no_longer_a_persons(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        assert isinstance(entry, SqliteEntry)
        entry.by_person = True
        await entry.sending(frozenset({"7"}))
        await entry.restart()
        assert (entry.by_person, entry.known, entry.step, entry.values) == (False, frozenset(), 0, {})
        await entry.sending(frozenset())
