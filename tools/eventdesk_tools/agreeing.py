"""One yes for several writes. It covers each of them: a call that goes on asks only about what was not agreed to."""

import contextlib
from collections.abc import Callable, Mapping, Sequence

from eventdesk_tools.answers import Answer, compact
from eventdesk_tools.carrying import carry_out
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Question, Why, WritePlan
from eventdesk_tools.writes import confirm, digest_of, note_true, request_shown

MAILS_UNASKED = 5
"""A call that makes a platform write to more people than this is asked about."""
_ASKED_MOST = 10
"""Different questions that are put into one."""


def joint_question(plans: Sequence[WritePlan], text: str) -> Question | None:
    """One question for several writes: what each would ask, and how many people are written to."""
    asked = [plan.question for plan in plans if plan.question is not None]
    mails = sum(plan.mail in {"yes", "unknown"} for plan in plans)
    if not asked and mails <= MAILS_UNASKED:
        return None
    texts = list(dict.fromkeys(question.text for question in asked))
    parts = [text, *texts[:_ASKED_MOST]]
    if len(texts) > _ASKED_MOST:
        parts.append(f"And {len(texts) - _ASKED_MOST} more.")
    if mails > MAILS_UNASKED:
        parts.append(f"The platform may write to {mails} people.")
    why = {reason for question in asked for reason in question.why}
    if mails > MAILS_UNASKED:
        why.add(Why.MAIL)
    return Question(text=" ".join(parts), why=frozenset(why), reversible=all(question.reversible for question in asked))


async def agree(
    call: Call,
    account: Account,
    plans: Sequence[WritePlan],
    text: Callable[[Sequence[WritePlan]], str],
    body: Callable[[Sequence[WritePlan], Question], Mapping[str, Json]],
) -> Answer | None:
    """Get a person's yes to all of these writes. None means: go on; else how a yes can be had.

    A write that a person agreed to within the hour, or of which a request has left already, is not asked about again.

    Raises:
        Declined: The person did not say yes.
        Conflict: What a person agreed to is no longer what would be sent.
    """
    if joint_question(plans, "") is None:
        return None
    marks = {await _mark(call, account, plan): plan for plan in plans}
    agreed = await call.desk.journal.agreed(list(marks))
    asked = [mark for mark, plan in marks.items() if mark not in agreed and not await _begun(call, account, plan)]
    fresh = [marks[mark] for mark in asked]
    question = joint_question(fresh, text(fresh))
    if question is None:
        return None
    waiting = await confirm(call, question, digest_of(call, account, fresh, question), body(fresh, question))
    if waiting is None:
        await call.desk.journal.agree(asked)
    return waiting


async def carry_out_agreed(call: Call, account: Account, plan: WritePlan) -> WriteResult:
    """Carry out one of several writes. The yes that it was given is used up when it is done."""
    planned: WritePlan | WriteResult = plan if plan.anew is None else await plan.anew()
    if isinstance(planned, WritePlan):
        result = await carry_out(call, account, planned)
    else:
        result = planned
        await note_true(call, account, result)
    if result.outcome is not Outcome.RUNNING:
        with contextlib.suppress(JournalUnusable):  # a yes that is not used up runs out
            await call.desk.journal.used_up(await _mark(call, account, plan))
    return result


async def _begun(call: Call, account: Account, plan: WritePlan) -> bool:
    return await call.desk.journal.begun(await call.desk.journal.key(account.identity, plan.makes_true))


async def _mark(call: Call, account: Account, plan: WritePlan) -> str:
    """What a yes to a write binds: what holds afterwards, the requests, the changes, and why it was asked about."""
    shown = [
        list(plan.makes_true),
        [request_shown(step) for step in plan.steps if step.request is not None],
        [(change.field, change.before, change.after) for change in plan.changes],
        [sorted(plan.question.why), plan.question.reversible] if plan.question is not None else plan.mail,
    ]
    return await call.desk.journal.key(account.identity, ("agreed", call.desk.subject, compact(shown)))
