"""What is told of a write that is done, half done, or settled after its call."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio
import pytest
from typing_extensions import override

from eventdesk_server.journal.store import Store
from eventdesk_server.runtime import AnyioRuntime, Background
from eventdesk_tools.errors import JournalUnusable, OutcomeUnknown, ProviderUnavailable, RateLimited, RejectedByProvider
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import StepContext
from tests.tools.test_writes import Platform, desk, plan, run

pytestmark = pytest.mark.anyio


async def test_a_write_that_cannot_be_read_back_is_done_with_what_is_known() -> None:
    async def finish(_: Mapping[str, str]) -> WriteResult:
        raise ProviderUnavailable("down")

    of, platform = desk(), Platform()
    done = await run(of, replace(plan(platform), finish=finish))
    assert (done["outcome"], done["record"]) == ("done", "r1")
    assert "could not be read: down" in done["notes"][0]


async def test_a_rate_limit_in_an_optional_step_leaves_it_to_the_same_call() -> None:
    @dataclass
    class Limited(Platform):
        @override
        async def make(self, name: str) -> Mapping[str, str]:
            if self.losing == ["limited"]:
                self.losing.clear()
                raise RateLimited("too many", retry_after=9)
            return await Platform.make(self, name)

    of, platform = desk(), Limited()
    planned = plan(platform, steps=2, optional={2})
    platform.losing = ["ok", "limited"]
    with pytest.raises(RateLimited, match=r"Done: step 1\. Not done: step 2"):
        await run(of, planned)
    assert (await run(of, planned))["outcome"] == "done"
    assert platform.sent == ["step 1", "step 2"]


async def test_a_write_whose_outcome_cannot_be_recorded_is_told_as_it_is_and_never_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of, platform = desk(), Platform()
    planned = plan(platform)
    (step,) = planned.steps

    async def broken(_self: Store, _work: object) -> None:
        raise JournalUnusable("The disk is full.")

    async def send_and_lose_the_journal(context: StepContext) -> Mapping[str, str]:
        values = await step.send(context)
        monkeypatch.setattr(Store, "run", broken)
        return values

    done = await run(of, replace(planned, steps=(replace(step, send=send_and_lose_the_journal),)))
    assert done["outcome"] == "done"
    assert "could not be recorded: The disk is full." in done["notes"][0]
    monkeypatch.undo()
    assert (await run(of, planned))["outcome"] == "done"
    assert platform.sent == ["step 1"]


async def test_a_record_that_appears_after_the_answer_settles_the_write() -> None:
    of, platform = desk(), Platform(losing=["nothing"])

    async def sleep(_: float) -> None:
        await anyio.lowlevel.checkpoint()

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            serving = replace(of, runtime=AnyioRuntime(sleep, Background(group)))
            with pytest.raises(OutcomeUnknown):
                await run(serving, plan(platform))
            platform.records.append("late")
    again = await run(of, plan(platform))
    assert (again["outcome"], again["record"]) == (Outcome.ALREADY_DONE, "late")
    assert len(platform.sent) == 1


class _Impatient(AnyioRuntime):
    """Whose last resort comes soon."""

    @override
    @asynccontextmanager
    async def shielded(self, seconds: float) -> AsyncGenerator[None]:
        with anyio.move_on_after(0.01, shield=True):
            yield


async def test_a_step_that_never_comes_back_is_unknown_and_not_done() -> None:
    platform, of = Platform(), desk()
    planned = plan(platform)

    async def never(_: StepContext) -> Mapping[str, str]:
        platform.sent.append("never")
        await anyio.sleep_forever()
        raise AssertionError

    hanging = replace(planned, steps=(replace(planned.steps[0], send=never),))
    impatient = replace(of, runtime=_Impatient(of.runtime.sleep))
    with pytest.raises(OutcomeUnknown, match="nothing came back"):
        await run(impatient, hanging)
    with pytest.raises(OutcomeUnknown):
        await run(of, planned)
    assert platform.sent == ["never"]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_change_that_was_done_and_is_refused_when_repeated_is_told_as_done_before(times: int) -> None:
    of, platform = desk(), Platform()
    planned = plan(platform, stands=None)
    await run(of, planned)
    platform.losing = ["refused"] * times
    for _ in range(times):
        with pytest.raises(RejectedByProvider, match=r"^Done: this by an earlier call; .* This call failed: no$"):
            await run(of, planned)
