"""Who waits for a write that another holds, and what the journal says of writes that nobody holds."""

from pathlib import Path

import anyio
import pytest

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries, settle
from eventdesk_tools.errors import RejectedByProvider, RunsElsewhere
from eventdesk_tools.journal import EntryState
from tests.journal.support import Clock, claim, no_sleep, opened

pytestmark = pytest.mark.anyio


async def test_another_process_is_waited_for_in_pauses_that_grow_to_half_a_second(tmp_path: Path) -> None:
    clock, pauses = Clock(), list[float]()
    one = opened(tmp_path, clock)
    async with anyio.create_task_group() as group:
        held = one.holding(claim(), 0)
        first = await held.__aenter__()

        async def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 7:
                await held.__aexit__(None, None, None)

        two = SqliteJournal(tmp_path, clock, pause)
        with anyio.fail_after(10):
            async with two.holding(claim(), 60) as entry:
                assert (entry.waited, entry.state, entry.attempt) == (True, EntryState.CLAIMED, 1)
                assert first.waited is False
        group.cancel_scope.cancel()
    assert pauses == [0.02, 0.05, 0.1, 0.2, 0.5, 0.5, 0.5]


async def test_a_call_of_this_process_is_waited_for_no_longer_than_there_is_time() -> None:
    journal = opened(None, Clock())
    with anyio.fail_after(5):
        async with journal.holding(claim(), 0) as entry:
            with pytest.raises(RunsElsewhere):
                async with journal.holding(claim(), 0.01):
                    pytest.fail("two hold one write")
            async with journal.holding(claim("other"), 0) as other:
                assert (entry.waited, other.waited) == (False, False)
            await entry.sending(frozenset())
            await entry.completed({"id": "7"})
        async with journal.holding(claim(), 0) as entry:
            assert (entry.state, entry.values, entry.waited) == (EntryState.DONE, {"id": "7"}, False)


async def test_who_waited_sees_what_became_of_it() -> None:
    journal = opened(None, Clock())
    seen: list[tuple[EntryState, bool]] = []

    async def second() -> None:
        async with journal.holding(claim(), 60) as entry:
            seen.append((entry.state, entry.waited))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group, journal.holding(claim(), 0) as entry:
            group.start_soon(second)
            await anyio.wait_all_tasks_blocked()
            await entry.sending(frozenset())
            await entry.completed({})
    assert seen == [(EntryState.DONE, True)]


async def test_a_write_has_begun_once_a_request_has_left_and_until_it_is_done() -> None:
    journal = opened(None, Clock())
    steps: list[bool] = []
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        for act in (None, entry.sending, entry.completed, entry.sending, entry.completed):
            if act is not None:
                await act(frozenset() if act == entry.sending else {})  # pyright: ignore[reportArgumentType]
            steps.append(await journal.begun("k"))
    assert steps == [False, True, True, True, False]
    assert not await journal.begun("other")


async def test_what_is_found_true_ends_that_write_alone_and_none_that_is_being_carried_out(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    for key in ("k", "other"):
        async with one.holding(claim(key), 0) as entry:
            await entry.sending(frozenset())
            for journal in (one, two):
                await journal.true(key, {}, "")
            assert [row["state"] for row in entries(one.store) if row["id"] == entry.id] == ["sending"]
    await one.true("k", {}, "")
    await one.true("nothing", {}, "")
    rows = entries(one.store)
    assert sorted((row["state"], row["settled"]) for row in rows) == [("done", "looked"), ("unknown", "")]
    async with two.holding(claim("k"), 0) as entry:
        assert (entry.state, entry.by_person) == (EntryState.DONE, False)


async def test_a_key_binds_the_login_and_every_part_in_its_place() -> None:
    journal = opened(None, Clock())
    keys = [
        await journal.key(*of)
        for of in (("club", ("a", "b")), ("club", ("ab",)), ("club", ("b", "a")), ("hall", ("a", "b")), ("club", ("a", "b", "")))
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {64}
    assert await journal.key("club", ("a\ud800",))


async def test_a_claim_that_was_lost_changes_nothing_any_more(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    async with one.holding(claim(), 0) as lost:
        clock.at += 91
        async with two.holding(claim(), 0) as entry:
            await lost.restart()
            await lost.completed({"id": "wrong"})
            await lost.let_go()
            await entry.sending(frozenset({"7"}))
            await lost.not_sent(RejectedByProvider("no"))
            await entry.completed({"id": "8"})
    async with two.holding(claim(), 0) as entry:
        assert (entry.state, entry.values) == (EntryState.DONE, {"id": "8"})


async def test_a_write_that_is_begun_anew_has_forgotten_what_was_done(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        await entry.sending(frozenset({"7"}))
    settle(journal.store, entry.id, happened=True)
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        assert (entry.state, entry.step, entry.by_person, entry.known) == (EntryState.DONE, 1, True, frozenset({"7"}))
        await entry.restart()
        assert (entry.state, entry.step, entry.values, entry.known) == (EntryState.CLAIMED, 0, {}, frozenset())
        await entry.sending(frozenset())
    async with journal.holding(claim("k", "one", "two"), 0) as entry:
        assert (entry.state, entry.step, entry.values, entry.by_person) == (EntryState.SENT, 0, {}, False)


async def test_what_never_left_is_forgotten_but_for_what_was_done_or_sent(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    async with journal.holding(claim("never"), 0):
        assert [row["state"] for row in entries(journal.store)] == ["running"]
    assert entries(journal.store) == []
    async with journal.holding(claim("half", "one", "two"), 0) as entry:
        await entry.sending(frozenset())
        await entry.completed({})
    assert [(row["state"], row["done"]) for row in entries(journal.store)] == [("partly done", "1/2")]


async def test_the_list_tells_of_each_write_what_a_person_needs_the_latest_first(tmp_path: Path) -> None:
    clock = Clock()
    journal = SqliteJournal(tmp_path, clock, no_sleep)
    async with journal.holding(claim("a", "one", "two"), 0) as first:
        await first.sending(frozenset())
        await first.completed({"id": "7"})
        clock.at += 60
        await first.sending(frozenset())
    clock.at += 60
    async with journal.holding(claim("b"), 0) as second:
        await second.sending(frozenset())
        await second.completed({})
    rows = entries(journal.store)
    assert rows == [
        {
            "id": second.id, "state": "done", "account": "club", "provider": "eventschedule", "tool": "register_attendee", "target": "club:1",
            "step": "", "done": "1/1", "since": "2027-01-15T08:02:00+00:00", "settled": "",
        },
        {
            "id": first.id, "state": "unknown", "account": "club", "provider": "eventschedule", "tool": "register_attendee", "target": "club:1",
            "step": "two", "done": "1/2", "since": "2027-01-15T08:00:00+00:00", "settled": "",
        },
    ]  # fmt: skip
    assert settle(journal.store, f" {first.id.upper()} ", happened=True)["id"] == first.id
    settled = next(row for row in entries(journal.store) if row["id"] == first.id)
    assert (settled["state"], settled["done"], settled["settled"], settled["step"]) == ("done", "2/2", "person", "")


async def test_names_of_entries_are_six_letters_that_nobody_confuses(tmp_path: Path) -> None:
    journal = opened(tmp_path, Clock())
    names: set[str] = set()
    for key in range(40):
        async with journal.holding(claim(str(key)), 0) as entry:
            names.add(entry.id)
            await entry.sending(frozenset())
    assert len(names) == 40
    assert {len(name) for name in names} == {6}
    assert not set("".join(names)) & set("il1o0 ")
    assert "".join(names) == "".join(names).lower()
