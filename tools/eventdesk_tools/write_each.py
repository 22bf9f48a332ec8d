"""Several writes of one call: asked about once, an outcome each."""

import math
from collections.abc import Callable, Sequence

from eventdesk_tools.answers import Answer, without_empty
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import EventdeskError, RateLimited
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Question, Why, WritePlan
from eventdesk_tools.writes import carry_out, confirm, digest_of, request_shown

MAILS_UNASKED = 5
"""A call that makes a platform write to more people than this is asked about."""


def joint_question(plans: Sequence[WritePlan], text: str) -> Question | None:
    """One question for several writes: what each would ask, and how many people are written to."""
    asked = [plan.question for plan in plans if plan.question is not None]
    mails = sum(plan.mail in {"yes", "unknown"} for plan in plans)
    if not asked and mails <= MAILS_UNASKED:
        return None
    parts = [text, *dict.fromkeys(question.text for question in asked[:10])]
    if len(asked) > 10:
        parts.append(f"And {len(asked) - 10} more.")
    if mails > MAILS_UNASKED:
        parts.append(f"The platform may write to {mails} people.")
    why = {reason for question in asked for reason in question.why}
    if mails > MAILS_UNASKED:
        why.add(Why.MAIL)
    return Question(text=" ".join(parts), why=frozenset(why), reversible=all(question.reversible for question in asked))


async def write_each(
    call: Call,
    account: Account,
    plans: Sequence[tuple[str, WritePlan | WriteResult | EventdeskError]],
    *,
    text: Callable[[int], str],
    dry_run: bool,
) -> Answer:
    """Carry out several planned writes, asked about once, with an outcome each. `plans` are (ref, plan or result).

    `text` asks for as many as are to be sent. A failure of one leaves the others; the rest is `not_tried` when the time
    is nearly up or the platform takes no more for now, and the same call goes on.
    """
    call.use(account)
    real = [plan for _, plan in plans if isinstance(plan, WritePlan)]
    summary = text(len({plan.makes_true for plan in real}))
    question = joint_question(real, summary)
    if dry_run or (question is not None and real):
        body = without_empty(
            {
                "outcome": Outcome.PREVIEW.value,
                "account": account.name,
                "summary": summary,
                "question": question.text if question is not None else None,
                "requests": [request_shown(step) for plan in real for step in plan.steps if step.request is not None],
                **_table([_unsent(ref, plan) for ref, plan in plans if not isinstance(plan, WritePlan)]),
                "notes": [*dict.fromkeys(note for plan in real for note in plan.notes), *call.notes.as_list()],
            }
        )
        if dry_run:
            return Answer(body)
        call.desk.writable(account)
        assert question is not None  # noqa: S101 - the condition above
        waiting = await confirm(call, question, digest_of(call, account, real, question), body)
        if waiting is not None:
            return waiting
    call.desk.writable(account)
    rows: list[list[Json]] = []
    stopped = False
    try:
        for ref, plan in plans:
            if not isinstance(plan, WritePlan):
                rows.append(_unsent(ref, plan))
            elif stopped or is_time_up(call):
                rows.append([ref, "not_tried", None, None])
            else:
                try:
                    rows.append(await _one_of_many(call, account, ref, plan))
                except RateLimited as exc:
                    call.notes.add(go_on_later(exc))
                    rows.append([ref, "not_tried", None, None])
                    stopped = True
            await call.tell(len(rows), len(plans), f"{len(rows)} of {len(plans)}")
    finally:
        call.desk.forget(account.name)
    return Answer(without_empty({**_table(rows), "returned": len(rows), "notes": call.notes.as_list()}))


def is_time_up(call: Call) -> bool:
    """Whether no further write may be begun; the answer says so."""
    if call.seconds_left >= NEARLY_UP:
        return False
    call.notes.add("The time was up: make the same call again for those not tried; nothing is sent twice.")
    return True


def go_on_later(limited: RateLimited) -> str:
    """When the same call may go on."""
    wait = f" in {math.ceil(limited.retry_after)} s" if limited.retry_after else ""
    return f"The platform takes no more for now: make the same call again{wait}; nothing is sent twice."


def _table(rows: Sequence[Sequence[Json]]) -> dict[str, Json]:
    if not rows:
        return {}
    names = ("ref", "outcome", "status", "reason")
    used = [i for i in range(4) if i < 2 or any(row[i] for row in rows)]
    return {"columns": [names[i] for i in used], "rows": [[row[i] for i in used] for row in rows]}


def _unsent(ref: str, plan: WriteResult | EventdeskError) -> list[Json]:
    if isinstance(plan, EventdeskError):
        return [ref, plan.code.value, None, plan.message]
    return [ref, plan.outcome.value, plan.status, "; ".join(plan.notes)]


async def _one_of_many(call: Call, account: Account, ref: str, plan: WritePlan) -> list[Json]:
    try:
        result = await carry_out(call, plan, call.desk.journal.key(account.identity, plan.makes_true))
    except RateLimited:
        raise
    except EventdeskError as exc:
        return [ref, exc.code.value, None, exc.message]
    call.notes.extend(result.notes[:2])
    return [ref, result.outcome.value, result.status, None]


NEARLY_UP = 4.0
"""Seconds before a call's end after which no further write is begun."""
