"""Rows of people to be registered: all planned before the first is sent, an outcome each, stopped where limits say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventdesk_tools.agreeing import carry_out_agreed
from eventdesk_tools.desk import Call
from eventdesk_tools.earlier import earlier_of, with_earlier
from eventdesk_tools.errors import (
    ErrorCode,
    EventdeskError,
    InvalidArguments,
    JournalUnusable,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from eventdesk_tools.models import Json, Outcome, Registration, WriteResult
from eventdesk_tools.naming import NamedEvent
from eventdesk_tools.plans import Planned, WritePlan
from eventdesk_tools.write_each import KEY_IS_NO_GOOD, NEARLY_UP, is_full, is_time_up, note_stop, requests_of
from eventdesk_tools.writes import note_true

NOT_TRIED = "not_tried"
STALE = 20.0
"""Seconds of a person's thinking after which what was planned is planned once more."""
_OUTCOMES = {
    ErrorCode.SOLD_OUT: "sold_out",
    ErrorCode.OUTCOME_UNKNOWN: "unknown",
    ErrorCode.PROVIDER_UNAVAILABLE: NOT_TRIED,
}
_ENDS = {
    Outcome.DONE: "registered",
    Outcome.ALREADY_DONE: "already_registered",
    Outcome.ALREADY_REGISTERED: "already_registered",
    Outcome.UNKNOWN: "unknown",
    Outcome.RUNNING: "unknown",
}


@dataclass(slots=True)
class Row:
    """A row and what became of it."""

    number: int
    wanted: Registration | None = None
    outcome: str = NOT_TRIED
    ref: str = ""
    reason: str = ""
    plan: WritePlan | None = None
    found: WriteResult | None = None
    """What planning found to be so already."""

    def fail(self, error: EventdeskError) -> None:
        """What is wrong with the row, with what would do instead."""
        other = "rejected" if isinstance(error, ProviderError) else "invalid"
        self.outcome = _OUTCOMES.get(error.code, other)
        self.reason = error.message + (f" Allowed: {'; '.join(error.allowed[:5])}." if error.allowed else "")
        self.plan = None

    def end(self, result: WriteResult, named: NamedEvent) -> None:
        self.outcome = _ENDS.get(result.outcome, "rejected")
        if self.outcome not in {"registered", "already_registered"}:
            self.reason = "; ".join(result.notes)
        if result.record is not None:
            self.ref = str(named.ref.inside(*result.record))
        self.plan = None


async def plan_rows(call: Call, named: NamedEvent, rows: Sequence[Row]) -> None:
    """Plan every row that is not judged yet. Those that have a plan afterwards are to be sent.

    Raises:
        ProviderUnavailable: They could not all be checked in time.
        InvalidArguments: Only the platform's own page registers people.
    """
    todo = [(row, row.wanted) for row in rows if row.outcome == NOT_TRIED and row.wanted is not None]
    planned: list[Planned] = []
    async with call.desk.runtime.within(max(call.seconds_left - NEARLY_UP, 0.1)) as limit:
        planned = await named.account.provider.plan_registrations([wanted for _, wanted in todo])
    if limit.expired:
        raise ProviderUnavailable(
            f"{named.account.title} was too slow: not every row could be checked in time, and nothing was sent.",
            next="Make the same call again in a minute, or with fewer rows.",
        )
    failed = any(isinstance(plan, EventdeskError) for plan in planned)
    earlier = await earlier_of(call) if failed else ()
    for (row, _), plan in zip(todo, planned, strict=True):
        if isinstance(plan, EventdeskError):
            row.fail(with_earlier(call, plan, earlier, one_of=len(rows)))
        elif isinstance(plan, WritePlan):
            row.plan = plan
        elif plan.outcome is Outcome.HAND_OFF:
            raise InvalidArguments(
                f"{named.account.title} takes no registrations here.", next=f"Give the person this link: {plan.url}"
            )
        else:
            row.found = plan
            row.end(plan, named)


async def plan_again(call: Call, named: NamedEvent, rows: Sequence[Row]) -> None:
    """Plan anew what a person thought about for long. What would now be sent otherwise than was shown is not sent."""
    shown = {row.number: _shown(row.plan) for row in rows if row.plan is not None}
    for row in rows:
        row.plan = None
    await plan_rows(call, named, [row for row in rows if row.number in shown])
    for row in rows:
        if row.plan is not None and _shown(row.plan) != shown[row.number]:
            row.plan, row.reason = None, "What would be sent changed while the person was asked: make the call again."


def _shown(plan: WritePlan) -> tuple[tuple[str, ...], list[Json]]:
    return plan.makes_true, requests_of([plan])


async def send_rows(call: Call, named: NamedEvent, rows: Sequence[Row]) -> None:
    """Send the planned rows in order, until all are sent, the time is nearly up, or the platform takes no more for now."""
    for row in rows:
        if row.found is not None:
            await note_true(call, named.account, row.found)
    todo = [row for row in rows if row.plan is not None]
    told: list[str] = []
    for done, row in enumerate(todo):
        left = [other.plan for other in todo[done:] if other.plan is not None]
        if is_time_up(call) or is_full(call, named.account, left):
            break
        plan = left[0]
        try:
            result = await carry_out_agreed(call, named.account, plan)
        except (RateLimited, JournalUnusable, *KEY_IS_NO_GOOD) as exc:
            note_stop(call, exc)
            break
        except EventdeskError as exc:
            row.fail(exc)
        else:
            told += result.notes[:2]
            row.end(result, named)
            if row.outcome == "registered" and row.wanted is not None and row.wanted.sessions:
                row.reason = "; ".join(result.notes)
        await call.tell(done + 1, len(todo), f"{done + 1} of {len(todo)}")
    call.notes.extend(list(dict.fromkeys(told))[:4])
