"""What came of a run: its answers held against the sandbox's database, and its unknown outcomes against the journal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.faults.deeds import Claim, Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call's answer, and how many records held each part of the deed just before the call and just after the answer.

    `others` counts those that somebody else made in between; `alone`: no other call of the same was under way.
    """

    answer: Mapping[str, Any] | None
    claims: Mapping[str, Claim]
    before: Mapping[str, int]
    after: Mapping[str, int]
    others: Mapping[str, int]
    alone: bool = True


@dataclass(slots=True)
class Verdict:
    """The figures of one run, with a sentence for each thing that is wrong."""

    duplicates: int = 0
    lost: int = 0
    unexplained: int = 0
    unjournaled: int = 0
    hung: int = 0
    wrong: list[str] = field(default_factory=list[str])

    @property
    def clean(self) -> bool:
        return not self.wrong

    def add(self, kind: str, number: int, why: str) -> None:
        setattr(self, kind, getattr(self, kind) + number)
        self.wrong.append(f"{kind}: {why}")


def judge(
    deed: Deed,
    told: Sequence[Told],
    *,
    held: Mapping[str, int],
    others: Mapping[str, int],
    grown: Mapping[str, int],
    grown_by_others: Mapping[str, int],
) -> Verdict:
    """Hold a run's answers against the database: what holds each part at the end, and how much each table has grown.

    `others` and `grown_by_others` are what somebody else added.
    """
    verdict = Verdict()
    doubled = sum(max(held[part.name] - 1 - others[part.name], 0) for part in deed.parts if part.makes)
    extra = sum(
        max(number - deed.grows.get(kind, 0) - grown_by_others.get(kind, 0), 0) for kind, number in grown.items()
    )
    if doubled or extra:
        verdict.add("duplicates", max(doubled, extra), f"held {dict(held)}, grown {dict(grown)}")
    for part in deed.parts:
        _judge_part(verdict, part.name, told)
    return verdict


def _judge_part(verdict: Verdict, name: str, told: Sequence[Told]) -> None:
    sent = False
    """Whether an earlier answer leaves it open that something was sent."""
    for number, one in enumerate(told, 1):
        claim, after = one.claims[name], one.after[name]
        if claim is Claim.DONE and after == 0:
            verdict.add("lost", 1, f"call {number}: {name or 'it'} is told done, and no record holds it: {_short(one)}")
        ours = after - one.before[name] - one.others[name]
        if claim is Claim.NOT_DONE and one.alone and not sent and ours > 0:
            why = f"call {number}: {name or 'it'} is told not done, and a record holds it: {_short(one)}"
            verdict.add("unexplained", 1, why)
        sent = sent or claim is not Claim.NOT_DONE or not one.alone
    last = told[-1]
    ours = last.after[name] - sum(one.others[name] for one in told)
    if last.claims[name] is Claim.NOT_DONE and sent and ours > 0:
        why = f"the last call: {name or 'it'} is told not done, and a record holds it: {_short(last)}"
        verdict.add("unexplained", 1, why)


def judge_journal(verdict: Verdict, told: Sequence[Told], entries: Sequence[Mapping[str, Any]]) -> None:
    """What the last answer leaves open must have its entry: one a row where the answer has rows, else one for the call.

    An entry may be further than the answer: what was settled meanwhile is done there, and of several steps some are.
    """
    last = told[-1]
    unknown = [name for name, claim in last.claims.items() if claim is Claim.UNKNOWN]
    if last.answer is not None and "error" in last.answer:
        unknown = unknown[:1]
    if len(unknown) > len(entries):
        missing = len(unknown) - len(entries)
        verdict.add("unjournaled", missing, f"{len(unknown)} unknown, {len(entries)} entries in the journal")
        verdict.unexplained += missing
    left = [
        name
        for name, claim in last.claims.items()
        if claim is Claim.SILENT and last.after[name] - last.others[name] > last.before[name]
    ]
    if left and not entries:
        verdict.add("unjournaled", len(left), "a call without an answer left records and no entry in the journal")
        verdict.unexplained += len(left)


def _short(told: Told) -> str:
    return json.dumps(told.answer, ensure_ascii=False)[:200]
