"""Claims: one holder at a time, fenced when lost, shared with who waits."""

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from eventdesk_server.journal.listing import NotSettled, entries, settle
from eventdesk_server.journal.owners import LEASE
from eventdesk_tools.errors import RejectedByProvider, RunsElsewhere
from eventdesk_tools.journal import Earlier, EntryState
from tests.journal.support import Clock, claim, opened

pytestmark = pytest.mark.anyio


async def test_a_claim_that_another_process_holds_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    async with one.holding(claim(), 0):
        with pytest.raises(RunsElsewhere):
            async with two.holding(claim(), 0):
                pytest.fail("two hold one write")
    async with two.holding(claim(), 0) as entry:
        assert entry.state is EntryState.CLAIMED


@pytest.mark.parametrize("jump", [LEASE + 1, -LEASE - 1, 10 * 365 * 86400.0, -10 * 365 * 86400.0])
async def test_a_claim_of_who_is_gone_is_taken_over_whichever_way_the_clock_jumped(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    async with one.holding(claim(), 0) as lost:
        clock.at += jump
        async with two.holding(claim(), 0) as entry:
            with pytest.raises(RunsElsewhere):
                await lost.sending(frozenset())
            await entry.sending(frozenset({"7"}))
    assert [row["state"] for row in entries(one.store)] == ["unknown"]


async def test_a_sent_write_that_is_taken_over_is_seen_as_sent_with_what_was_known(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    async with one.holding(claim(), 0) as lost:
        await lost.sending(frozenset({"7", "8"}))
        clock.at += LEASE + 1
        async with two.holding(claim(), 0) as entry:
            assert (entry.state, entry.known) == (EntryState.SENT, frozenset({"7", "8"}))
        await lost.completed({"id": "9"})
    async with two.holding(claim(), 0) as entry:
        assert (entry.state, entry.values) == (EntryState.DONE, {"id": "9"})


async def test_a_write_that_begins_anew_is_listed_with_the_steps_it_takes_now(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("k", "register", "first talk", "second talk"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({"id": "9"})
    async with journal.holding(claim("k", "ticket"), 0) as entry:
        assert entry.begun == ("register", "first talk", "second talk")
        await entry.restart()
        await entry.sending(frozenset())
    assert [(row["step"], row["done"]) for row in entries(journal.store)] == [("ticket", "0/1")]
    async with journal.holding(claim("k", "ticket"), 0) as entry:
        assert (entry.begun, entry.state, entry.values) == (("ticket",), EntryState.SENT, {})


async def test_what_a_call_sent_is_known_by_the_call_until_another_one_claims_it(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    steps = ("register", "talk")
    async with journal.holding(replace(claim("refused", *steps), asked="this"), 0):
        pass
    async with journal.holding(replace(claim("half", *steps), asked="this"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    async with journal.holding(replace(claim("open", *steps), asked="this"), 0) as entry:
        await entry.sending(frozenset())
    async with journal.holding(replace(claim("done", *steps), asked="other"), 0) as entry:
        for _ in steps:
            await entry.sending(frozenset())
            await entry.completed({})
    half, unknown = Earlier(EntryState.CLAIMED, ("register",)), Earlier(EntryState.SENT, ())
    assert await journal.earlier("this") == (half, unknown)
    assert await journal.earlier("other") == (Earlier(EntryState.DONE, steps),)
    async with journal.holding(replace(claim("open", *steps), asked="other"), 0):
        pass
    assert await journal.earlier("this") == (half,)


@pytest.mark.parametrize("refused", [False, True])
async def test_what_was_done_is_known_again_where_nothing_came_of_beginning_anew(tmp_path: Path, refused: bool) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({"id": "9"})
    async with journal.holding(claim(), 0) as entry:
        await entry.restart()
        if refused:
            await entry.sending(frozenset())
            await entry.not_sent(RejectedByProvider("no"))
    async with journal.holding(claim(), 0) as entry:
        assert (entry.state, entry.values) == (EntryState.DONE, {"id": "9"})


async def test_a_late_outcome_does_not_undo_what_was_settled_meanwhile(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    async with one.holding(claim(), 0) as lost:
        await lost.sending(frozenset())
        clock.at += LEASE + 1
        async with two.holding(claim(), 0) as entry:
            await entry.completed({"id": "9"})
        await lost.not_sent(RejectedByProvider("no"))
    assert [row["state"] for row in entries(one.store)] == ["done"]


async def test_who_waits_in_another_process_shares_a_refusal_and_sends_nothing(tmp_path: Path) -> None:
    clock = Clock()
    one = opened(tmp_path, clock)
    waits = anyio.Event()

    async def pause(_: float) -> None:
        waits.set()
        await anyio.lowlevel.checkpoint()

    two = opened(tmp_path, clock)
    two._sleep = pause  # pyright: ignore[reportPrivateUsage]

    async def second() -> None:
        with pytest.raises(RejectedByProvider, match="identical call"):
            async with two.holding(claim(), 60):
                pytest.fail("the refused write was claimed")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group, one.holding(claim(), 0) as entry:
            group.start_soon(second)
            await waits.wait()
            await entry.sending(frozenset())
            await entry.not_sent(RejectedByProvider("no"))


async def test_who_waits_in_the_same_process_shares_a_refusal_as_it_was_said() -> None:
    journal = opened(None, Clock())

    async def second() -> None:
        with pytest.raises(RejectedByProvider, match="the platform's words"):
            async with journal.holding(claim(), 60):
                pytest.fail("the refused write was claimed")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group, journal.holding(claim(), 0) as entry:
            group.start_soon(second)
            await anyio.wait_all_tasks_blocked()
            await entry.sending(frozenset())
            await entry.not_sent(RejectedByProvider("the platform's words"))


async def test_a_refused_write_may_be_claimed_by_a_later_call(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
        await entry.not_sent(RejectedByProvider("no"))
    async with journal.holding(claim(), 0) as entry:
        assert (entry.state, entry.step, entry.waited) == (EntryState.CLAIMED, 0, False)


async def test_a_person_settles_only_what_is_unknown(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("a", "one", "two"), 0) as entry:
        await entry.sending(frozenset())
        with pytest.raises(NotSettled, match="sending"):
            settle(journal.store, entry.id, happened=True)
    settle(journal.store, entry.id, happened=True)
    with pytest.raises(NotSettled, match="done"):
        settle(journal.store, entry.id, happened=False)
    async with journal.holding(claim("a", "one", "two"), 0) as entry:
        assert (entry.state, entry.step, entry.by_person) == (EntryState.DONE, 1, True)
    with pytest.raises(NotSettled, match="no entry"):
        settle(journal.store, "zzzzzz", happened=True)


async def test_what_a_person_says_did_not_happen_may_be_sent_and_earlier_steps_stay_done(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("a", "one", "two"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({"id": "7"})
        await entry.sending(frozenset())
    settle(journal.store, entry.id, happened=False)
    async with journal.holding(claim("a", "one", "two"), 0) as entry:
        assert (entry.state, entry.step, entry.values) == (EntryState.CLAIMED, 1, {"id": "7"})


async def test_what_planning_finds_true_ends_an_unknown_write(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim(), 0) as entry:
        await entry.sending(frozenset())
    await journal.true("k", {}, "")
    assert [row["state"] for row in entries(journal.store)] == ["done"]


async def test_keys_are_the_same_for_all_processes_and_tell_nothing(tmp_path: Path) -> None:
    one, two, other = opened(tmp_path, Clock()), opened(tmp_path, Clock()), opened(None, Clock())
    parts = ("registration", "1", "", "ida@mail.test", "1")
    key = await one.key("club", parts)
    assert key == await two.key("club", parts) != await other.key("club", parts)
    assert "ida" not in key


async def test_a_write_of_one_step_that_a_person_says_did_not_happen_is_forgotten_and_no_other(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    for key in ("k", "other"):
        async with journal.holding(claim(key), 0) as entry:
            await entry.sending(frozenset())
    assert settle(journal.store, entry.id, happened=False)["id"] == entry.id
    assert len(entries(journal.store)) == 1
    async with journal.holding(claim("other"), 0) as again:
        assert (again.state, again.id != entry.id) == (EntryState.CLAIMED, True)
