"""The write path: shown before sent, asked where it must be, sent once, settled by looking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import anyio
import pytest
from typing_extensions import override

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Account, Call, Desk
from eventdesk_tools.errors import (
    Conflict,
    Declined,
    OutcomeUnknown,
    ProviderUnavailable,
    ReadOnly,
    RejectedByProvider,
    StillRunning,
)
from eventdesk_tools.journal import Verdict
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, PlannedRequest, Question, Step, StepContext, Why, WritePlan
from eventdesk_tools.ports import Capability, Cell, EventProvider, ProviderName
from eventdesk_tools.writes import write
from tests.support import Person

pytestmark = pytest.mark.anyio


@dataclass
class Platform:
    """A platform that makes records, loses answers on command, and counts what reached it."""

    records: list[str] = field(default_factory=list[str])
    sent: list[str] = field(default_factory=list[str])
    losing: list[str] = field(default_factory=list[str])
    """For each send: "ok", "lost" (made, then no answer), "late" (made at the third look), "nothing" (not made), or "refused"."""
    looks: int = 0

    async def make(self, name: str) -> Mapping[str, str]:
        self.sent.append(name)
        await anyio.lowlevel.checkpoint()
        how = self.losing.pop(0) if self.losing else "ok"
        if how == "refused":
            raise RejectedByProvider("no")
        if how == "conflict":
            raise Conflict("already there")
        if how in {"ok", "lost"}:
            self.records.append(f"r{len(self.records) + 1}")
        if how == "twins":
            self.records += ["r8", "r9"]
        if how == "late":
            self.looks = -2
        if how != "ok":
            raise OutcomeUnknown("no answer")
        return {"record": self.records[-1]}

    async def find(self, values: Mapping[str, str]) -> tuple[Found, ...]:
        del values
        if self.looks < 0:
            self.looks += 1
            if self.looks == 0:
                self.records.append("late")
        return tuple(Found(record, {"record": record}) for record in self.records)


class _Nobody(EventProvider):
    name = ProviderName.EVENTSCHEDULE
    support: ClassVar[Mapping[Capability, Cell]] = {}


def desk(**options: Any) -> Desk:
    async def sleep(_: float) -> None:
        await anyio.lowlevel.checkpoint()

    account = Account(
        name="club", provider=_Nobody(), identity="club@here", read_only=options.pop("account_read_only", False)
    )
    return Desk(
        accounts={"club": account},
        now=lambda: datetime(2027, 3, 1, tzinfo=UTC),
        runtime=AnyioRuntime(sleep),
        journal=SqliteJournal(),
        **options,
    )


def call(of: Desk, person: Person | None = None, **arguments: object) -> Call:
    async def tell(done: float, total: float | None, message: str) -> None:
        del done, total, message

    return Call(
        desk=of,
        tool="register_attendee",
        arguments=arguments,
        confirmer=person or Person(),
        tell=tell,
        started=of.runtime.seconds(),
    )


def plan(
    platform: Platform, *, steps: int = 1, question: Question | None = None, stands: bool | None = True, **extra: Any
) -> WritePlan:
    async def finish(values: Mapping[str, str]) -> WriteResult:
        return WriteResult(
            outcome=Outcome.DONE, event_id="1", status="confirmed", facts={"record": values.get("record", "")}
        )

    async def still(values: Mapping[str, str]) -> WriteResult | None:
        return await finish(values) if stands else None

    def step(number: int) -> Step:
        async def send(context: StepContext) -> Mapping[str, str]:
            assert context.seconds_left > 0
            return await platform.make(f"step {number}")

        return Step(
            name=f"step {number}",
            request=PlannedRequest(method="POST", path=f"/things/{number}", body={"email": "a@b.example"}),
            send=send,
            find=platform.find,
            optional=number in extra.get("optional", ()),
            repeatable=number in extra.get("repeatable", ()),
        )

    return WritePlan(
        summary="Register Ada",
        makes_true=("registration", "1", "a@b.example", "1"),
        steps=tuple(step(n + 1) for n in range(steps)),
        finish=finish,
        stands=None if stands is None else still,
        question=question,
        changes=(Change("status", None, "confirmed"),),
        mail="yes",
    )


ASK = Question(text="Archive?", why=frozenset({Why.DESTRUCTIVE}), reversible=True)
HARD = Question(text="Archive for good?", why=frozenset({Why.DESTRUCTIVE}), reversible=False)


async def run(
    of: Desk, planned: WritePlan | WriteResult, person: Person | None = None, *, dry_run: bool = False
) -> dict[str, Any]:
    answer: Answer = await write(call(of, person), of.accounts["club"], planned, dry_run=dry_run)
    return dict(answer.data)


async def test_a_dry_run_shows_the_requests_and_sends_nothing() -> None:
    platform = Platform()
    shown = await run(desk(), plan(platform), dry_run=True)
    assert shown["outcome"] == "preview"
    assert shown["requests"] == [{"method": "POST", "path": "/things/1", "body": {"email": "a@b.example"}}]
    assert shown["changes"] == [{"field": "status", "before": None, "after": "confirmed"}]
    assert "token" not in shown
    assert platform.sent == []


async def test_a_write_is_sent_once_and_the_same_call_again_is_already_done() -> None:
    of, platform = desk(), Platform()
    first = await run(of, plan(platform))
    again = await run(of, plan(platform))
    assert (first["outcome"], again["outcome"]) == ("done", "already_done")
    assert platform.sent == ["step 1"]


async def test_what_no_longer_stands_is_made_again() -> None:
    of, platform = desk(), Platform()
    await run(of, plan(platform))
    assert (await run(of, plan(platform, stands=False)))["outcome"] == "done"
    assert len(platform.sent) == 2


async def test_concurrent_identical_calls_make_one_request_and_share_its_outcome() -> None:
    of, platform = desk(), Platform()
    outcomes: list[str] = []

    async def one() -> None:
        outcomes.append((await run(of, plan(platform, stands=None)))["outcome"])

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(one)
    assert sorted(outcomes) == ["already_done"] * 4 + ["done"]
    assert platform.sent == ["step 1"]


async def test_a_lost_answer_is_settled_by_the_one_new_record_that_agrees() -> None:
    platform = Platform(records=["r1"], losing=["lost"])
    done = await run(desk(), plan(platform))
    assert (done["outcome"], done["record"]) == ("done", "r2")
    assert len(platform.sent) == 1


async def test_a_record_that_was_there_before_is_never_taken_for_the_result() -> None:
    platform = Platform(records=["look-alike"], losing=["nothing"])
    with pytest.raises(OutcomeUnknown):
        await run(desk(), plan(platform))


async def test_an_unknown_outcome_is_never_sent_again_on_absence() -> None:
    of, platform = desk(), Platform(losing=["nothing"])
    for _ in range(3):
        with pytest.raises(OutcomeUnknown):
            await run(of, plan(platform))
    assert len(platform.sent) == 1


async def test_a_platform_that_commits_late_is_found_by_looking_again() -> None:
    of, platform = desk(), Platform(losing=["late"])
    done = await run(of, plan(platform))
    assert (done["outcome"], done["record"]) == ("done", "late")
    assert len(platform.sent) == 1


async def test_several_new_records_that_agree_are_listed_for_the_person() -> None:
    platform = Platform(losing=["twins"])
    with pytest.raises(OutcomeUnknown) as caught:
        await run(desk(), plan(platform))
    assert caught.value.allowed == ("r8", "r9")


async def test_a_refused_write_may_be_tried_again() -> None:
    of, platform = desk(), Platform(losing=["refused"])
    with pytest.raises(RejectedByProvider):
        await run(of, plan(platform))
    assert (await run(of, plan(platform)))["outcome"] == "done"


async def test_a_conflict_is_settled_by_the_record_that_is_there() -> None:
    platform = Platform(records=["r1"], losing=["conflict"])
    assert (await run(desk(), plan(platform)))["record"] == "r1"


async def test_a_broken_sequence_names_what_was_done_and_is_completed_by_the_same_call() -> None:
    of, platform = desk(), Platform(losing=["ok", "refused"])
    with pytest.raises(RejectedByProvider, match=r"Done: step 1\. Not done: step 2"):
        await run(of, plan(platform, steps=3))
    assert (await run(of, plan(platform, steps=3)))["outcome"] == "done"
    assert platform.sent == ["step 1", "step 2", "step 2", "step 3"]


async def test_a_failed_optional_step_is_a_note() -> None:
    platform = Platform(losing=["ok", "refused"])
    done = await run(desk(), plan(platform, steps=2, optional={2}))
    assert done["outcome"] == "done"
    assert done["notes"] == ["step 2: no"]


async def test_a_repeatable_step_is_sent_again_by_the_same_call() -> None:
    of, platform = desk(), Platform(losing=["nothing"])
    with pytest.raises(OutcomeUnknown):
        await run(of, plan(platform, repeatable={1}))
    assert (await run(of, plan(platform, repeatable={1})))["outcome"] == "done"
    assert len(platform.sent) == 2


async def test_cancelling_a_sent_write_does_not_leave_it_without_its_outcome() -> None:
    of = desk()
    started, go_on = anyio.Event(), anyio.Event()

    @dataclass
    class Slow(Platform):
        @override
        async def make(self, name: str) -> Mapping[str, str]:
            started.set()
            await go_on.wait()
            return await Platform.make(self, name)

    platform = Slow()

    async def one() -> None:
        await run(of, plan(platform))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(one)
            await started.wait()
            group.cancel_scope.cancel()
            go_on.set()
    assert platform.records == ["r1"]
    assert (await run(of, plan(platform)))["outcome"] in {"done", "already_done"}
    assert platform.sent == ["step 1"]


async def test_nothing_is_sent_while_read_only() -> None:
    platform = Platform()
    for of in (desk(read_only=True), desk(account_read_only=True)):
        with pytest.raises(ReadOnly):
            await run(of, plan(platform))
        assert (await run(of, plan(platform), dry_run=True))["outcome"] == "preview"
    assert platform.sent == []


async def test_a_declined_question_sends_nothing() -> None:
    platform = Platform()
    with pytest.raises(Declined):
        await run(desk(), plan(platform, question=ASK), Person(Verdict.DECLINED))
    assert platform.sent == []


async def test_an_accepted_question_is_asked_once_and_sent() -> None:
    platform, person = Platform(), Person()
    assert (await run(desk(), plan(platform, question=ASK), person))["outcome"] == "done"
    assert [asked.question.text for asked in person.asked] == ["Archive?"]


async def test_a_client_that_cannot_ask_gets_a_token_for_exactly_what_was_shown() -> None:
    of, platform = desk(), Platform()
    shown = await run(of, plan(platform, question=ASK), Person(Verdict.TOKEN))
    assert platform.sent == []
    preview = await of.journal.preview(shown["token"])
    assert preview is not None
    granted = call(of, Person(Verdict.TOKEN))
    granted.granted = preview
    done = await write(granted, of.accounts["club"], plan(platform, question=ASK), dry_run=False)
    assert done.data["outcome"] == "done"


async def test_a_yes_to_something_else_is_no_yes() -> None:
    of, platform = desk(), Platform()
    shown = await run(of, plan(platform, question=ASK), Person(Verdict.TOKEN))
    other = call(of, Person(Verdict.TOKEN), title="other")
    other.granted = await of.journal.preview(shown["token"])
    with pytest.raises(Conflict):
        await write(other, of.accounts["club"], plan(platform, question=ASK), dry_run=False)
    assert platform.sent == []


async def test_an_approval_outside_the_chat_lets_the_same_call_through_once() -> None:
    of, platform = desk(), Platform()
    person = Person(Verdict.OUTSIDE)
    shown = await run(of, plan(platform, question=HARD, stands=False), person)
    assert "token" not in shown
    assert shown["approve_at"].startswith("http://127.0.0.1:")
    assert await of.journal.approve(person.asked[0].id)
    assert (await run(of, plan(platform, question=HARD, stands=False), person))["outcome"] == "done"
    assert (await run(of, plan(platform, question=HARD, stands=False), person))["outcome"] == "preview"
    assert len(platform.sent) == 1


async def test_work_that_goes_on_at_the_platform_is_continued_by_the_same_call() -> None:
    of, platform = desk(), Platform()
    polls: list[int] = []

    async def wait(context: StepContext) -> Mapping[str, str]:
        polls.append(1)
        await context.progress(len(polls), 3, "copying")
        if len(polls) < 3:
            raise StillRunning("still copying", {})
        return {"copy": "2"}

    base = plan(platform)
    person = Person()
    planned = WritePlan(
        question=ASK,
        summary=base.summary,
        makes_true=base.makes_true,
        steps=(*base.steps, Step(name="wait", request=None, send=wait)),
        finish=base.finish,
    )
    first = await run(of, planned, person)
    assert (first["outcome"], first["done"], first["remaining"]) == ("running", ["step 1"], ["wait"])
    assert (await run(of, planned, person))["outcome"] == "running"
    assert (await run(of, planned, person))["outcome"] == "done"
    assert len(person.asked) == 1
    assert platform.sent == ["step 1"]


async def test_looking_that_fails_does_not_make_an_unknown_outcome_known() -> None:
    @dataclass
    class Blind(Platform):
        @override
        async def find(self, values: Mapping[str, str]) -> tuple[Found, ...]:
            if self.sent:
                raise ProviderUnavailable("down")
            return await Platform.find(self, values)

    of, platform = desk(), Blind(losing=["lost"])
    with pytest.raises(OutcomeUnknown):
        await run(of, plan(platform))
    assert len(platform.sent) == 1


async def test_a_result_without_requests_is_shown_as_it_is() -> None:
    shown = await run(
        desk(read_only=True), WriteResult(outcome=Outcome.HAND_OFF, event_id="1", url="https://example.org/book")
    )
    assert shown == {"outcome": "hand_off", "ref": "club:1", "url": "https://example.org/book"}
