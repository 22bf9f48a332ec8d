"""What came of a run: its answers held against the sandbox's database, and its unknown outcomes against the journal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.faults.deeds import Claim, Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call's answer, and how many records held each part of the deed just before the call and just after the answer.

    `others_before` and `others` are those among them that somebody else made; `alone`: no other call of the same was
    under way.
    """

    answer: Mapping[str, Any] | None
    claims: Mapping[str, Claim]
    before: Mapping[str, int]
    after: Mapping[str, int]
    others_before: Mapping[str, int]
    others: Mapping[str, int]
    alone: bool = True

    def ours_before(self, name: str) -> int:
        return self.before[name] - self.others_before[name]

    def ours(self, name: str) -> int:
        return self.after[name] - self.others[name]


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
    what = name or "it"
    left_open = False
    """Whether an earlier answer leaves room for a record: so far nobody was told that there is none."""
    for number, one in enumerate(told, 1):
        claim = one.claims[name]
        call = "the last call" if one is told[-1] else f"call {number}"
        if claim is Claim.DONE and one.after[name] == 0:
            verdict.add("lost", 1, f"{call}: {what} is told done, and no record holds it: {_short(one)}")
        # While calls run together a record may come after an answer was true; one that was there before has no excuse.
        seen = one.ours(name) if one.alone or one is told[-1] else one.ours_before(name)
        if claim is Claim.NOT_DONE and seen > 0:
            verdict.add("unexplained", 1, f"{call}: {what} is told not done, and a record holds it: {_short(one)}")
        if claim is Claim.NOT_TRIED and one.alone and not left_open and one.ours(name) > 0:
            verdict.add("unexplained", 1, f"{call}: {what} is told not tried, and a record holds it: {_short(one)}")
        left_open = left_open or claim not in {Claim.NOT_DONE, Claim.NOT_TRIED} or not one.alone
    if told[-1].claims[name] is Claim.NOT_TRIED and told[-1].ours(name) > 0:
        why = f"the last call leaves {what} untried, and a record holds it: {_short(told[-1])}"
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
        if claim is Claim.SILENT and last.ours(name) > last.ours_before(name)
    ]
    if left and not entries:
        verdict.add("unjournaled", len(left), "a call without an answer left records and no entry in the journal")
        verdict.unexplained += len(left)


def _short(told: Told) -> str:
    return json.dumps(told.answer, ensure_ascii=False)[:200]
