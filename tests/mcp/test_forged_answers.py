"""Tokens and answers that nobody gave: forged, stale, for other arguments, replayed, many at once."""

import contextlib
from typing import Any, cast

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError
from mcp.types import ElicitResult

from eventdesk_server.journal.journal import SqliteJournal
from tests.mcp.conftest import Chat, Era, Human, chatting
from tests.mcp.test_every_answer import KINDS
from tests.mcp.test_making_and_changing import sent

YES = ElicitResult(action="accept", content={"ok": True})
TOOL, ARGUMENTS = KINDS["reversible"]


def strings(value: Any) -> list[str]:
    """Every text in an answer, and the last part of every address."""
    if isinstance(value, dict):
        return [text for item in cast("dict[str, Any]", value).values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in cast("list[Any]", value) for text in strings(item)]
    return [value, *value.replace("/", " ").split()] if isinstance(value, str) else []


@pytest.mark.anyio
async def test_of_fifty_uses_of_a_token_at_once_one_writes(era: Era) -> None:
    async with chatting("eventschedule", era=era) as chat:
        token = (await chat.call(TOOL, **ARGUMENTS))["token"]
        answers: list[dict[str, Any]] = []

        async def use() -> None:
            answers.append(await chat.call("apply_preview", token=token))

        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(use)
        assert sum(answer.get("outcome") == "done" for answer in answers) == 1
        assert len(sent(chat)) == 1


@pytest.mark.anyio
async def test_of_fifty_same_calls_after_one_approval_one_writes(era: Era) -> None:
    tool, arguments = KINDS["irreversible"]
    async with chatting("heysummit", era=era) as chat:
        await chat.call(tool, **arguments)
        assert await chat.rehearsal.desk.journal.approve(chat.links[0])
        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(lambda: chat.call(tool, **arguments))
        assert len(sent(chat)) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("token", ["", "x" * 24, "../../etc", "%", "' OR 1=1 --", "a\u0000b", "None"])
async def test_a_forged_token_writes_nothing(token: str) -> None:
    async with chatting("eventschedule") as chat:
        await chat.call(TOOL, **ARGUMENTS)
        assert (await chat.call("apply_preview", token=token))["error"]["code"] == "invalid_arguments"
        assert sent(chat) == []


@pytest.mark.anyio
async def test_an_answer_to_no_question_is_asked_for_anew() -> None:
    human = Human(ElicitResult(action="cancel"))
    async with chatting("heysummit", human=human) as chat:
        tool, arguments = KINDS["irreversible"]
        raw = await chat.client.session.call_tool(
            tool, dict(arguments), input_responses={"confirm": YES}, allow_input_required=True
        )
        assert raw.result_type == "input_required"
        assert sent(chat) == []


@pytest.mark.anyio
@pytest.mark.parametrize("how", ["replayed", "tampered with", "for other arguments", "of another server", "stale"])
async def test_a_sealed_question_serves_its_own_call_once(how: str) -> None:
    tool, arguments = KINDS["irreversible"]
    async with chatting("heysummit", human=Human()) as chat, chatting("heysummit", human=Human()) as other:

        async def say(state: str | None, more: dict[str, Any], at: Chat = chat) -> Any:
            return await at.client.session.call_tool(
                tool,
                more,
                allow_input_required=True,
                input_responses={"confirm": YES} if state else None,
                request_state=state,
            )

        state = (await say(None, dict(arguments))).request_state
        before = 0
        with contextlib.suppress(MCPError):  # refused by the SDK, before the tool
            match how:
                case "replayed":
                    await say(state, dict(arguments))
                    before = len(sent(chat))
                    assert before == 1
                    await say(state, dict(arguments))
                case "tampered with":
                    await say(state[:-4] + ("AAAA" if state[-4:] != "AAAA" else "BBBB"), dict(arguments))
                case "for other arguments":
                    await say(state, {"event": arguments["event"].replace("4711", "4720")})
                case "of another server":
                    await say(state, dict(arguments), other)
                case _:
                    journal = chat.rehearsal.desk.journal
                    assert isinstance(journal, SqliteJournal)
                    journal.store.clock = lambda: 4e9
                    await say(state, dict(arguments))
        assert (len(sent(chat)), len(sent(other))) == (before, 0)


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_model_alone_completes_nothing_irreversible_paid_or_public(data: st.DataObject) -> None:
    async def play() -> None:
        async with chatting("eventschedule", "heysummit", "evvnt") as chat:
            seen = ["", "x"]
            for _ in range(data.draw(st.integers(3, 8))):
                if data.draw(st.booleans()):
                    tool, arguments = KINDS[data.draw(st.sampled_from(["irreversible", "paid", "public"]))]
                    answer = await chat.call(tool, **arguments)
                else:
                    answer = await chat.call("apply_preview", token=data.draw(st.sampled_from(seen))[:100])
                seen += strings(answer)
                seen += chat.links  # what no answer tells does not help either
            assert sent(chat) == []

    anyio.run(play)
