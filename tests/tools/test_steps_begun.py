"""A write that was begun with other steps than it takes now is not gone on with."""

from collections.abc import Mapping, Sequence

import pytest

from eventdesk_tools.errors import Conflict, OutcomeUnknown, RejectedByProvider
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import PlannedRequest, Step, StepContext, WritePlan
from tests.support import Rehearsal, rehearse

pytestmark = pytest.mark.anyio


class Planned:
    """Plans of one write, with steps by their names. `fails` are raised once, by the step that comes next."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.sent: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.repeatable = False

    def _step(self, name: str) -> Step:
        async def send(_: StepContext) -> Mapping[str, str]:
            self.sent.append(name)
            if name in self.fails:
                raise self.fails.pop(name)
            return {}

        return Step(name=name, request=PlannedRequest(method="POST", path="/x"), send=send, repeatable=self.repeatable)

    async def carried_out(self, names: Sequence[str]) -> WriteResult:
        async def finish(_: Mapping[str, str]) -> WriteResult:
            return WriteResult(outcome=Outcome.DONE)

        plan = WritePlan(summary="x", makes_true=("x", "1"), steps=tuple(map(self._step, names)), finish=finish)
        return await self.rehearsal.carry_out(plan)


NOW = {
    "the done step left out": ["tickets", "dates"],
    "another step before": ["cover", "title", "tickets", "dates"],
    "the order turned": ["tickets", "title", "dates"],
    "nothing but the rest": ["dates"],
}


@pytest.mark.parametrize("what", NOW)
async def test_a_plan_with_other_steps_before_the_stop_is_a_conflict_that_tells_what_was_done(what: str) -> None:
    async with rehearse("eventtia") as rehearsal:
        planned = Planned(rehearsal)
        planned.fails = {"tickets": RejectedByProvider("full")}
        with pytest.raises(RejectedByProvider):
            await planned.carried_out(["title", "tickets", "dates"])
        planned.sent.clear()
        for _ in range(2):
            with pytest.raises(Conflict, match=r"^Done: title\. .* Nothing more was sent"):
                await planned.carried_out(NOW[what])
        assert planned.sent == []
        assert (await planned.carried_out(["title", "tickets", "dates"])).outcome is Outcome.DONE
        assert planned.sent == ["tickets", "dates"]


@pytest.mark.parametrize("what", NOW)
@pytest.mark.parametrize("end", [RejectedByProvider("full"), OutcomeUnknown("no answer")], ids=["refused", "unknown"])
async def test_what_was_begun_otherwise_is_carried_out_where_every_step_may_be_repeated(
    what: str, end: Exception
) -> None:
    async with rehearse("heysummit") as rehearsal:
        planned = Planned(rehearsal)
        planned.fails = {"tickets": end}
        with pytest.raises(type(end)):
            await planned.carried_out(["title", "tickets", "dates"])
        planned.sent.clear()
        planned.repeatable = True
        planned.fails = {NOW[what][-1]: RejectedByProvider("full")}
        with pytest.raises(RejectedByProvider):
            await planned.carried_out(NOW[what])
        assert (await planned.carried_out(NOW[what])).outcome is Outcome.DONE
        assert planned.sent == [*NOW[what], NOW[what][-1]]


async def test_a_step_whose_outcome_is_unknown_is_not_taken_for_another_one() -> None:
    async with rehearse("eventtia") as rehearsal:
        planned = Planned(rehearsal)
        planned.fails = {"tickets": OutcomeUnknown("no answer")}
        with pytest.raises(OutcomeUnknown):
            await planned.carried_out(["title", "tickets"])
        planned.sent.clear()
        with pytest.raises(OutcomeUnknown, match=r"^Done: title\. .* Sent, and not known to have happened: tickets\."):
            await planned.carried_out(["title", "dates"])
        assert planned.sent == []


async def test_other_steps_after_the_stop_are_gone_on_with() -> None:
    async with rehearse("eventtia") as rehearsal:
        planned = Planned(rehearsal)
        planned.fails = {"tickets": RejectedByProvider("full")}
        with pytest.raises(RejectedByProvider):
            await planned.carried_out(["title", "tickets"])
        planned.sent.clear()
        assert (await planned.carried_out(["title", "dates", "cover"])).outcome is Outcome.DONE
        assert planned.sent == ["dates", "cover"]


async def test_a_write_that_is_done_may_be_made_again_with_other_steps() -> None:
    async with rehearse("eventtia") as rehearsal:
        planned = Planned(rehearsal)
        await planned.carried_out(["title", "tickets"])
        await planned.carried_out(["dates"])
        assert planned.sent == ["title", "tickets", "dates"]
