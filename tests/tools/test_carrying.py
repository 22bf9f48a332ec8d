"""Carrying out: how long is looked for a lost answer, what each step is told, and what a call leaves in journal and trail."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from typing_extensions import override

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries, settle
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.carrying import carry_out
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.errors import Conflict, EventdeskError, OutcomeUnknown, ProviderUnavailable, StillRunning
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Found, Step, StepContext, WritePlan
from eventdesk_tools.refs import Kind
from tests.tools.test_writes import Platform, call, desk, plan

pytestmark = pytest.mark.anyio


@dataclass
class Timed:
    """A desk whose clock only moves when somebody waits, and which keeps the jobs for after the answer."""

    pauses: list[float] = field(default_factory=list[float])
    jobs: list[Callable[[], Awaitable[None]]] = field(default_factory=list[Callable[[], Awaitable[None]]])

    def desk(self, **options: Any) -> Desk:
        timed = self

        class Runtime(AnyioRuntime):
            @override
            def seconds(self) -> float:
                return sum(timed.pauses)

            @override
            async def sleep(self, seconds: float) -> None:
                timed.pauses.append(seconds)

            @override
            def later(self, job: Callable[[], Awaitable[None]]) -> None:
                timed.jobs.append(job)

        return replace(desk(), runtime=Runtime(), **options)


async def carried(of: Desk, planned: WritePlan, **arguments: object) -> tuple[WriteResult | EventdeskError, Call]:
    asked = call(of, None, **arguments)
    try:
        return await carry_out(asked, of.accounts["club"], planned), asked
    except EventdeskError as exc:
        return exc, asked


def states(of: Desk) -> list[tuple[str, str]]:
    assert isinstance(of.journal, SqliteJournal)
    return [(row["state"], row["done"]) for row in entries(of.journal.store)]


@dataclass
class Looked(Platform):
    """Counts looks; `appears` is the look that shows the record, `fails` are those that fail."""

    seen: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    appears: int = 0
    fails: tuple[int, ...] = ()

    @override
    async def find(self, values: Mapping[str, str]) -> tuple[Found, ...]:
        self.seen.append(dict(values))
        if len(self.seen) in self.fails:
            raise ProviderUnavailable("down")
        if self.appears and len(self.seen) >= self.appears:
            return (Found("late", {"record": "late"}),)
        return ()


async def test_a_lost_answer_is_looked_for_four_times_and_then_for_three_minutes() -> None:
    timed, platform = Timed(), Looked(losing=["nothing"])
    of = timed.desk()
    unknown, _ = await carried(of, plan(platform))
    assert isinstance(unknown, OutcomeUnknown)
    assert timed.pauses == [0.5, 1.5, 4.0]
    assert len(platform.seen) == 1 + 4
    timed.pauses.clear()
    (job,) = timed.jobs
    await job()
    assert timed.pauses == [6.0, 12.0, 24.0, 48.0, 84.0]
    assert len(platform.seen) == 1 + 4 + 5
    assert states(of) == [("unknown", "0/1")]


@pytest.mark.parametrize(("within", "pauses"), [(0.5, []), (0.6, [0.5]), (2.0, [0.5]), (2.1, [0.5, 1.5])])
async def test_no_look_is_waited_for_beyond_the_calls_time(within: float, pauses: list[float]) -> None:
    timed, platform = Timed(), Looked(losing=["nothing"])
    unknown, _ = await carried(timed.desk(answer_within=within), plan(platform))
    assert isinstance(unknown, OutcomeUnknown)
    assert timed.pauses == pauses


async def test_a_look_that_fails_is_followed_by_the_next() -> None:
    timed, platform = Timed(), Looked(losing=["nothing"], appears=4, fails=(2, 3))
    done, _ = await carried(timed.desk(), plan(platform))
    assert isinstance(done, WriteResult)
    assert (done.outcome, done.facts) == (Outcome.DONE, {"record": "late"})
    assert timed.pauses == [0.5, 1.5]


@pytest.mark.parametrize("fails", [(), (6, 7)])
async def test_what_appears_after_the_answer_is_settled_by_the_look_that_finds_it(
    fails: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []

    def forget(_desk: Desk, account: str) -> None:
        forgotten.append(account)

    monkeypatch.setattr(Desk, "forget", forget)
    timed, platform = Timed(), Looked(losing=["nothing"], appears=8, fails=fails)
    of = timed.desk()
    await carried(of, plan(platform))
    timed.pauses.clear()
    await timed.jobs[0]()
    assert timed.pauses == [6.0, 12.0, 24.0]
    assert states(of) == [("done", "1/1")]
    assert forgotten == ["club"]


async def test_no_more_is_looked_once_the_write_is_settled_or_only_a_person_can_tell() -> None:
    timed, platform = Timed(), Looked(losing=["nothing"])
    of = timed.desk()
    await carried(of, plan(platform))
    assert isinstance(of.journal, SqliteJournal)
    settle(of.journal.store, entries(of.journal.store)[0]["id"], happened=True)
    timed.pauses.clear()
    await timed.jobs[0]()
    assert (timed.pauses, len(platform.seen)) == ([6.0], 5)

    timed, twins = Timed(), Platform(losing=["nothing"])
    of = timed.desk()
    await carried(of, plan(twins))
    twins.records += ["r8", "r9"]
    timed.pauses.clear()
    await timed.jobs[0]()
    assert timed.pauses == [6.0]
    assert states(of) == [("unknown", "0/1")]


async def test_no_more_is_looked_for_a_step_that_the_write_was_not_begun_with() -> None:
    timed, platform = Timed(), Looked(losing=["nothing"])
    of = timed.desk()
    await carried(of, plan(platform))
    assert isinstance(of.journal, SqliteJournal)
    (row,) = entries(of.journal.store)
    named = ('["another"]', row["id"])
    of.journal.store.run_now(lambda db: db.execute("UPDATE entries SET names = ? WHERE id = ?", named))
    timed.pauses.clear()
    await timed.jobs[0]()
    assert (timed.pauses, len(platform.seen)) == ([6.0], 5)


async def test_a_step_that_nothing_can_tell_of_is_looked_for_only_once() -> None:
    timed, platform = Timed(), Platform(losing=["nothing"])
    of, planned = timed.desk(), plan(platform)
    blind = replace(planned, steps=(replace(planned.steps[0], find=None),))
    await carried(of, blind)
    timed.pauses.clear()
    await timed.jobs[0]()
    assert timed.pauses == [6.0]
    assert states(of) == [("unknown", "0/1")]


async def test_steps_and_looks_are_given_what_earlier_steps_yielded() -> None:
    platform = Looked()
    of, told = desk(), list[tuple[float, float | None, str]]()
    planned = plan(platform, steps=2)

    async def tell(done: float, total: float | None, message: str) -> None:
        told.append((done, total, message))

    async def send(context: StepContext) -> Mapping[str, str]:
        assert context.values == {"record": "r1"}
        await context.progress(1, 3, "copying")
        await context.sleep(7)
        return {"copy": "2"}

    timed = Timed()
    of = timed.desk()
    asked = call(of)
    asked.tell = tell
    await carry_out(
        asked, of.accounts["club"], replace(planned, steps=(planned.steps[0], replace(planned.steps[1], send=send)))
    )
    assert platform.seen == [{}, {"record": "r1"}]
    assert told == [(1, 3, "copying")]
    assert timed.pauses == [7]
    assert asked.sent


async def test_a_conflict_that_no_record_explains_is_told_and_may_be_tried_again() -> None:
    of, platform = desk(), Looked(losing=["conflict"])
    refused, _ = await carried(of, plan(platform))
    assert isinstance(refused, Conflict)
    assert states(of) == [("not sent", "0/1")]
    platform.losing = ["ok"]
    done, _ = await carried(of, plan(platform))
    assert isinstance(done, WriteResult)
    assert platform.sent == ["step 1", "step 1"]


async def test_a_refused_optional_step_is_over_and_is_not_tried_again() -> None:
    of, platform = desk(), Platform(losing=["ok", "refused", "refused"])
    planned = plan(platform, steps=3, optional={2})
    refused, _ = await carried(of, planned)
    assert isinstance(refused, EventdeskError)
    assert refused.message == "Done: step 1, step 2. Not done: step 3: no"
    assert states(of) == [("partly done", "2/3")]
    await carried(of, planned)
    assert platform.sent == ["step 1", "step 2", "step 3", "step 3"]


async def test_a_later_step_in_conflict_is_completed_by_the_same_call() -> None:
    of, platform = desk(), Looked(losing=["ok", "conflict"])
    refused, _ = await carried(of, plan(platform, steps=2))
    assert isinstance(refused, Conflict)
    assert refused.message == "Done: step 1. Not done: step 2: already there"
    assert refused.next == "Make the same call again to complete it; what is done is not repeated."
    first, _ = await carried(desk(), plan(Looked(losing=["conflict"])))
    assert isinstance(first, Conflict)
    assert (first.message, first.next) == ("already there", "")


async def test_work_that_goes_on_is_told_with_what_is_done_and_what_remains() -> None:
    platform = Platform()
    base = plan(platform)

    async def wait(_: StepContext) -> Mapping[str, str]:
        raise StillRunning("Still copying.", {})

    waiting = Step(name="wait", request=None, send=wait)
    running, asked = await carried(
        desk(), replace(base, steps=(*base.steps, waiting, replace(waiting, name="name it")))
    )
    assert running == WriteResult(
        outcome=Outcome.RUNNING,
        status="running",
        facts={"done": ["step 1"], "remaining": ["wait", "name it"]},
        notes=("Still copying.", "Make the same call again to continue; nothing is sent twice."),
    )
    assert [one.outcome for one in asked.trail] == ["running"]


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        ({"event": "club:1"}, "club:1"),
        ({"event": " club:1 "}, "club:1"),
        ({"event": "club:1", "registration": "club:1:a-7"}, "club:1:a-7"),
        ({"event": "club:1", "order": "club:1:o-7"}, "club:1:o-7"),
        ({"event": "club:1", "registration": "club:../1"}, "club:1"),
        ({"event": "Ada Pier's party"}, ""),
        ({"event": 7, "title": "club:1"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
async def test_journal_and_trail_name_the_ref_that_a_call_is_about_and_nothing_else(
    arguments: dict[str, object], target: str
) -> None:
    of = desk()
    _, asked = await carried(of, plan(Platform(losing=["refused"]), steps=2, optional={1}), **arguments)
    _, broken = await carried(of, plan(Platform(losing=["refused"])), **arguments)
    assert isinstance(of.journal, SqliteJournal)
    (row,) = entries(of.journal.store)
    assert (row["target"], row["account"], row["provider"], row["tool"]) == (
        target, "club", "eventschedule", "register_attendee",
    )  # fmt: skip
    assert [(one.account, one.entry, one.outcome) for one in asked.trail] == [("club", row["id"], "done")]
    assert [(one.target, one.entry) for one in broken.trail] == [("club:1", row["id"])]


@pytest.mark.parametrize(
    ("how", "outcome"), [("ok", "done"), ("refused", "rejected_by_provider"), ("nothing", "outcome_unknown")]
)
async def test_the_trail_tells_what_became_of_a_write(how: str, outcome: str) -> None:
    async def finish(_: Mapping[str, str]) -> WriteResult:
        return WriteResult(outcome=Outcome.DONE, event_id="1", record=(Kind.REGISTRATION, "7"))

    _, asked = await carried(desk(), replace(plan(Platform(losing=[how])), finish=finish), event="club:1")
    assert [(one.target, one.outcome) for one in asked.trail] == [("club:1:a-7" if how == "ok" else "club:1", outcome)]


async def test_what_a_person_settled_is_told_with_what_was_not_carried_out() -> None:
    of, platform = desk(), Platform(losing=["nothing"])
    await carried(of, plan(platform, steps=3))
    assert isinstance(of.journal, SqliteJournal)
    settle(of.journal.store, entries(of.journal.store)[0]["id"], happened=True)
    settled, _ = await carried(of, plan(platform, steps=3))
    assert isinstance(settled, WriteResult)
    assert settled.outcome is Outcome.ALREADY_DONE
    assert "A person settled this write" in settled.notes[0]
    assert settled.notes[1:] == ("Not carried out: step 2, step 3.",)
    assert platform.sent == ["step 1"]


async def test_who_goes_on_with_other_steps_is_told_how_to_go_on() -> None:
    of, platform = desk(), Platform(losing=["ok", "refused", "ok", "nothing"])
    planned = plan(platform, steps=2)
    await carried(of, planned)
    turned = replace(planned, steps=planned.steps[::-1])
    refused, _ = await carried(of, turned)
    assert isinstance(refused, Conflict)
    assert isinstance(of.journal, SqliteJournal)
    (stuck,) = entries(of.journal.store)
    assert refused.next == (
        "Read what is there now, tell the person, and make a call for just what is missing."
        f" When nothing is missing the person ends it: `eventdesk journal settle {stuck['id']} happened`."
    )
    platform.losing = ["nothing"]
    await carried(of, planned)
    unknown, _ = await carried(of, turned)
    assert isinstance(unknown, OutcomeUnknown)
    assert "Sent, and not known to have happened: step 2." in unknown.message
    assert unknown.next.startswith("Read what is there now")
    assert "eventdesk journal settle" in unknown.next


async def test_an_unanswered_write_that_nothing_shows_names_the_entry_that_a_person_settles() -> None:
    of, platform = desk(), Looked(losing=["nothing"])
    await carried(of, plan(platform))
    unknown, _ = await carried(of, plan(platform))
    assert isinstance(of.journal, SqliteJournal)
    (row,) = entries(of.journal.store)
    assert isinstance(unknown, OutcomeUnknown)
    assert f"eventdesk journal settle {row['id']} happened" in unknown.next
    assert platform.sent == ["step 1"]
