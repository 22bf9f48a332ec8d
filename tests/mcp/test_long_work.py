"""Work that goes on at a platform: followed, reported, and continued by the same call."""

from dataclasses import replace
from typing import Any

import pytest

from tests.mcp.conftest import Era, Human, chatting, decoded

pytestmark = pytest.mark.anyio
CLONE: dict[str, Any] = {"event": "demo-eventtia:harbor-design-days", "starts": "2028-05-12T09:00"}


async def test_a_copy_is_followed_to_its_end_with_progress_over_mcp(era: Era) -> None:
    told: list[tuple[float, float | None, str | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    async with chatting("eventtia", era=era, human=Human(), switches={"eventtia.clone_polls": 3}) as chat:
        done = decoded(await chat.client.call_tool("clone_event", CLONE, progress_callback=progress))
        assert done["outcome"] == "done"
        assert done["starts"].startswith("2028-05-12T09:00")
        assert told
        assert all("copying" in (message or "") for _, _, message in told)
        assert [p for p, _, _ in told] == sorted(p for p, _, _ in told)


async def test_a_copy_that_takes_long_is_continued_by_the_same_call_and_never_sent_twice(era: Era) -> None:
    human = Human()
    async with chatting("eventtia", era=era, human=human, switches={"eventtia.clone_polls": 20}) as chat:
        chat.server.desk = replace(chat.server.desk, answer_within=8.0)
        outcomes: list[str] = []
        while not outcomes or outcomes[-1] == "running":
            answer = await chat.call("clone_event", **CLONE)
            outcomes.append(answer["outcome"])
            assert len(outcomes) < 40
        assert outcomes[0] == "running"
        assert outcomes[-1] == "done"
        assert len([seen for seen in chat.rehearsal.writes if seen.path.endswith("/clone")]) == 1
        assert len(human.asked) <= 1
