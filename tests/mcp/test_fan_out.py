"""Several accounts are asked at once."""

import anyio
import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Era, chatting

pytestmark = pytest.mark.anyio


async def test_all_accounts_are_asked_at_the_same_time(era: Era) -> None:
    async with chatting(era=era) as chat:
        faults = chat.rehearsal.sandbox.faults
        waiting, all_there = 0, anyio.Event()

        async def until_all_wait(_: float) -> None:
            nonlocal waiting
            waiting += 1
            if waiting == 5:
                all_there.set()
            await all_there.wait()

        faults.sleep = until_all_wait
        for provider in chat.rehearsal.sandbox.providers:
            faults.add(Fault(kind="delay", provider=provider, seconds=1, times=1))
        # One after another, the first would wait for the others for ever.
        with anyio.fail_after(10):
            answer = await chat.call("list_events")
        assert answer["total"] > 20
        assert "notes" not in answer


async def test_an_account_that_never_answers_does_not_hold_the_others_up(era: Era) -> None:
    async with chatting("eventhq", "heysummit", era=era) as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="black_hole", provider="heysummit"))
        answer = await chat.call("list_events")
        assert answer["returned"] > 0
        assert any(note.startswith("demo-heysummit: provider_unavailable") for note in answer["notes"])
