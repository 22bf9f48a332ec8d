"""One yes for several writes: what is asked, whom it covers, and when it is used up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_tools.agreeing import MAILS_UNASKED, agree, carry_out_agreed, joint_question
from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Desk
from eventdesk_tools.errors import Declined, JournalUnusable, OutcomeUnknown, StillRunning
from eventdesk_tools.journal import Verdict
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Question, StepContext, Why, WritePlan
from tests.support import Person
from tests.tools.test_writes import ASK, HARD, Platform, call, desk, plan

pytestmark = pytest.mark.anyio


def one(number: int, platform: Platform | None = None, **changed: object) -> WritePlan:
    planned = replace(plan(platform or Platform(), question=ASK), makes_true=("registration", str(number)), mail="no")
    return replace(planned, **changed)  # pyright: ignore[reportArgumentType] - fields by their names


def asking(text: str, *why: Why, reversible: bool = True) -> Question:
    return Question(text=text, why=frozenset(why), reversible=reversible)


def test_nothing_is_asked_of_writes_that_ask_nothing_and_write_to_few() -> None:
    mailing = [one(n, question=None, mail="yes") for n in range(MAILS_UNASKED)]
    assert joint_question([], "x") is None
    assert joint_question([*mailing, one(9, question=None), one(10, question=None, mail="")], "x") is None
    assert MAILS_UNASKED == 5


@pytest.mark.parametrize("mail", ["yes", "unknown"])
def test_who_may_be_written_to_is_told_as_soon_as_they_are_many(mail: str) -> None:
    mailing = [one(n, question=None, mail=mail) for n in range(MAILS_UNASKED + 1)]
    assert joint_question(mailing, "Register 6?") == Question(
        text="Register 6? The platform may write to 6 people.", why=frozenset({Why.MAIL}), reversible=True
    )


def test_a_joint_question_says_each_thing_once_and_is_as_strict_as_the_strictest() -> None:
    plans = [
        one(1, question=asking("Paid?", Why.PAID)),
        one(2, question=asking("Paid?", Why.PAID, Why.PUBLIC)),
        one(3, question=None, mail="yes"),
        one(4, question=asking("Gone?", Why.DESTRUCTIVE, reversible=False)),
    ]
    assert joint_question(plans, "Change 4?") == Question(
        text="Change 4? Paid? Gone?", why=frozenset({Why.PAID, Why.PUBLIC, Why.DESTRUCTIVE}), reversible=False
    )
    assert joint_question(plans[:3], "Change 3?") == asking("Change 3? Paid?", Why.PAID, Why.PUBLIC)


def test_few_mails_are_not_spoken_of_among_other_questions() -> None:
    plans = [one(n, mail="yes") for n in range(MAILS_UNASKED)]
    assert joint_question(plans, "Go?") == replace(ASK, text="Go? Archive?")
    joint = joint_question([*plans, one(9, mail="yes")], "Go?")
    assert joint == asking("Go? Archive? The platform may write to 6 people.", Why.DESTRUCTIVE, Why.MAIL)


def test_of_many_different_questions_ten_are_put_and_the_others_counted() -> None:
    plans = [one(n, question=asking(f"{n}?", Why.PAID)) for n in range(12)]
    ten = " ".join(f"{n}?" for n in range(10))
    assert joint_question(plans[:10], "Go?") == asking(f"Go? {ten}", Why.PAID)
    assert joint_question(plans, "Go?") == asking(f"Go? {ten} And 2 more.", Why.PAID)


async def agreed(of: Desk, plans: Sequence[WritePlan], person: Person) -> Answer | None:
    def body(asked: Sequence[WritePlan], question: Question) -> Mapping[str, Json]:
        return {"question": question.text, "writes": len(asked)}

    return await agree(
        call(of, person), of.accounts["club"], plans, lambda asked: f"{len(asked)} writes:", body
    )  # fmt: skip


async def test_one_yes_covers_each_of_the_writes_and_only_new_ones_are_asked_about() -> None:
    of, person = desk(), Person()
    assert await agreed(of, [one(1), one(2)], person) is None
    assert await agreed(of, [one(2), one(1)], person) is None
    assert [preview.question.text for preview in person.asked] == ["2 writes: Archive?"]
    assert await agreed(of, [one(1), one(2), one(3)], person) is None
    assert person.asked[-1].question.text == "1 writes: Archive?"
    assert dict(person.asked[-1].body)["writes"] == 1


async def test_nobody_is_asked_where_nothing_asks() -> None:
    person = Person(Verdict.DECLINED)
    assert await agreed(desk(), [one(1, question=None)], person) is None
    assert person.asked == []


async def test_no_yes_is_kept_of_who_declined_or_was_not_reached() -> None:
    of = desk()
    with pytest.raises(Declined):
        await agreed(of, [one(1)], Person(Verdict.DECLINED))
    waiting = await agreed(of, [one(1)], Person(Verdict.OUTSIDE))
    assert waiting is not None
    assert "approve_at" in waiting.data
    assert await agreed(of, [one(1)], Person(Verdict.TOKEN)) is not None


@pytest.mark.parametrize(
    "other",
    [
        one(2),
        one(1, steps=()),
        one(1, steps=tuple(replace(step, request=PlannedRequest(method="PUT", path="/x")) for step in one(1).steps)),
        one(1, changes=()),
        one(1, changes=(Change("other", None, "confirmed"),)),
        one(1, changes=(Change("status", "open", "confirmed"),)),
        one(1, changes=(Change("status", None, "open"),)),
        one(1, question=HARD),
        one(1, question=asking("Archive?", Why.PAID)),
    ],
)
async def test_a_yes_covers_only_the_same_end_requests_changes_and_reasons(other: WritePlan) -> None:
    of, person = desk(), Person()
    await agreed(of, [one(1)], person)
    await agreed(of, [other], person)
    assert len(person.asked) == 2


async def test_a_yes_covers_a_question_that_is_only_worded_otherwise() -> None:
    of, person = desk(), Person()
    await agreed(of, [one(1)], person)
    await agreed(of, [one(1, question=replace(ASK, text="Archive it now?"))], person)
    assert len(person.asked) == 1


async def test_a_yes_is_used_up_when_its_write_is_done_and_kept_while_it_is_not() -> None:
    of, person, platform = desk(), Person(), Platform()
    planned = one(1, platform)
    club = of.accounts["club"]
    await agreed(of, [planned, one(2)], person)
    assert (await carry_out_agreed(call(of), club, planned)).outcome is Outcome.DONE
    await agreed(of, [planned], person)
    assert len(person.asked) == 2
    await agreed(of, [one(2)], person)
    assert len(person.asked) == 2


async def test_a_yes_lasts_while_the_platform_is_still_at_work() -> None:
    async def wait(_: StepContext) -> Mapping[str, str]:
        raise StillRunning("Still copying.", {})

    of, person = desk(), Person()
    planned = one(1)
    planned = replace(planned, steps=(replace(planned.steps[0], request=None, send=wait),))
    await agreed(of, [planned], person)
    assert (await carry_out_agreed(call(of), of.accounts["club"], planned)).outcome is Outcome.RUNNING
    await agreed(of, [planned], person)
    assert len(person.asked) == 1


async def test_a_write_whose_request_has_left_is_not_asked_about_again() -> None:
    of, person, platform = desk(), Person(), Platform(losing=["nothing"])
    planned = one(1, platform)
    with pytest.raises(OutcomeUnknown):
        await carry_out_agreed(call(of), of.accounts["club"], planned)
    assert await agreed(of, [planned], person) is None
    assert person.asked == []


async def test_a_write_that_is_planned_anew_is_the_one_that_is_sent_or_is_found_done() -> None:
    of, platform = desk(), Platform()
    fresh = one(1, platform)

    async def anew() -> WritePlan | WriteResult:
        return fresh

    async def done() -> WritePlan | WriteResult:
        return WriteResult(outcome=Outcome.ALREADY_DONE, event_id="7", makes_true=("registration", "2"))

    club = of.accounts["club"]
    stale = Platform()
    assert (await carry_out_agreed(call(of), club, one(1, stale, anew=anew))).outcome is Outcome.DONE
    asked = call(of)
    assert (await carry_out_agreed(asked, club, one(2, stale, anew=done))).outcome is Outcome.ALREADY_DONE
    assert [(trace.target, trace.outcome) for trace in asked.trail] == [("club:7", "already_done")]
    assert (platform.sent, stale.sent) == (["step 1"], [])


async def test_a_done_write_is_told_also_where_its_yes_cannot_be_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_journal: SqliteJournal, _mark: str) -> None:
        raise JournalUnusable("The disk is full.")

    monkeypatch.setattr(SqliteJournal, "used_up", broken)
    of = desk()
    assert (await carry_out_agreed(call(of), of.accounts["club"], one(1))).outcome is Outcome.DONE
