"""Several writes of one call: asked about once, an outcome each."""

import copy
import math
from collections.abc import Callable, Sequence

from eventdesk_tools.agreeing import agree, carry_out_agreed, joint_question
from eventdesk_tools.answers import BUDGET, Answer, Notes, first_of, fitting, previewed, without_empty
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.earlier import earlier_of, with_earlier
from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    JournalUnusable,
    PermissionDenied,
    PlanRequired,
    RateLimited,
)
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Question, WritePlan
from eventdesk_tools.writes import note_true, request_shown

NEARLY_UP = 4.0
"""Seconds before a call's end after which no further write is begun."""
SHORT = 3.0
"""Seconds for which a platform's limits are waited out rather than left to a later call."""
KEY_IS_NO_GOOD = (AuthenticationFailed, PermissionDenied, PlanRequired)
"""Refusals that the next write would meet too; platforms block a key after a few."""


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

    def summed(some: Sequence[WritePlan]) -> str:
        return text(len({plan.makes_true for plan in some}))

    def shown(some: Sequence[WritePlan], question: Question | None) -> dict[str, Json]:
        notes = copy.deepcopy(call.notes)
        body = {
            "outcome": Outcome.PREVIEW.value,
            "account": account.name,
            "summary": summed(some),
            "question": question.text if question is not None else None,
            **some_requests(notes, some, BUDGET),
            **_table([_unsent(ref, plan) for ref, plan in plans if not isinstance(plan, WritePlan)]),
            "notes": [*dict.fromkeys(note for plan in some for note in plan.notes), *notes.as_list()],
        }
        return without_empty(body)

    if dry_run:
        return Answer(previewed(shown(real, joint_question(real, summed(real)))))
    call.desk.writable(account)
    waiting = await agree(call, account, real, summed, shown)
    if waiting is not None:
        return waiting
    failed = any(isinstance(plan, EventdeskError) for _, plan in plans)
    earlier = await earlier_of(call) if failed else ()
    rows: list[list[Json]] = []
    stopped, sent = False, 0
    try:
        for ref, plan in plans:
            if not isinstance(plan, WritePlan):
                if isinstance(plan, WriteResult):
                    await note_true(call, account, plan)
                    rows.append(_unsent(ref, plan))
                else:
                    rows.append(_unsent(ref, with_earlier(call, plan, earlier, one_of=len(plans))))
                await call.tell(len(rows), len(plans), f"{len(rows)} of {len(plans)}")
                continue
            stopped = stopped or is_time_up(call) or is_full(call, account, real[sent:])
            if not stopped:
                try:
                    rows.append(await _one_of_many(call, account, ref, plan))
                except (RateLimited, JournalUnusable, *KEY_IS_NO_GOOD) as exc:
                    note_stop(call, exc)
                    stopped = True
            if stopped:
                rows.append([ref, "not_tried", None, None])
            sent += 1
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


def is_full(call: Call, account: Account, plans: Sequence[WritePlan]) -> bool:
    """Whether the platform's limits let the next of these writes wait for long; the answer says for how long they all do."""
    next_one, *_ = plans
    wait = account.provider.fit(_calls(next_one)).wait
    if wait == 0 or (wait <= SHORT and wait < call.seconds_left - NEARLY_UP):
        return False
    call.notes.add(_go_on_later(account.provider.fit(sum(map(_calls, plans))).wait))
    return True


def fit_note(account: Account, plans: Sequence[WritePlan]) -> str:
    """What the platform's limits leave for a later call; "" when they take all of these writes."""
    calls = sum(map(_calls, plans))
    now = account.provider.fit(calls).now
    if now >= calls:
        return ""
    return f"The platform takes {now} of the {calls} requests now: the same call goes on later; nothing is sent twice."


def note_stop(call: Call, error: EventdeskError) -> None:
    """Say why nothing more was sent, and when the same call may go on.

    Raises:
        JournalUnusable: Nothing was sent at all: the whole call is refused.
    """
    if isinstance(error, JournalUnusable):
        if not call.sent:
            raise error
        call.notes.add(f"{error.message} {error.next}")
        return
    call.notes.add(_go_on_later(error.retry_after) if isinstance(error, RateLimited) else error.message)


def _go_on_later(seconds: float | None) -> str:
    wait = f" in {math.ceil(seconds)} s" if seconds else ""
    return f"The platform takes no more for now: make the same call again{wait}; nothing is sent twice."


def _calls(plan: WritePlan) -> int:
    """How many requests carrying a plan out takes; planning it anew is one."""
    return sum(step.request is not None for step in plan.steps) + plan.looks + (plan.anew is not None)


def requests_of(plans: Sequence[WritePlan]) -> list[Json]:
    """The requests of several plans, in the order in which they would be sent."""
    return [request_shown(step) for plan in plans for step in plan.steps if step.request is not None]


def some_requests(notes: Notes, plans: Sequence[WritePlan], room: int) -> dict[str, Json]:
    """As many of the requests as fit, in order; the answer says how many follow."""
    every = requests_of(plans)
    shown = fitting(every, room)
    if len(shown) < len(every):
        notes.add(first_of(len(every), "requests"))
    return {"requests": shown}


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
        result = await carry_out_agreed(call, account, plan)
    except (RateLimited, JournalUnusable, *KEY_IS_NO_GOOD):
        raise
    except EventdeskError as exc:
        return [ref, exc.code.value, None, exc.message]
    call.notes.extend(result.notes[:2])
    return [ref, result.outcome.value, result.status, None]
