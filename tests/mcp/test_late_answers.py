"""A question that is answered too late, with an error, or not at all: nothing is sent, and a later yes is to a new question."""

from dataclasses import replace
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_REQUEST, ElicitRequestParams, ElicitResult, ErrorData
from typing_extensions import override

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.previews import PREVIEW_SECONDS
from tests.journal.support import Clock, no_sleep
from tests.mcp.conftest import Era, Human, chatting, decoded
from tests.mcp.test_agreed_batches import never
from tests.mcp.test_every_answer import KINDS
from tests.mcp.writing import code, sent

pytestmark = pytest.mark.anyio
TOOL, ARGUMENTS = KINDS["irreversible"]


class Thoughtful(Human):
    """Says yes, after ten minutes of the journal's clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.thinks = clock, PREVIEW_SECONDS

    @override
    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.clock.at += self.thinks
        return await super().__call__(context, params)


async def test_a_yes_after_ten_minutes_is_none_and_the_next_question_is_a_new_one(era: Era) -> None:
    clock = Clock()
    human = Thoughtful(clock)
    journal = {"journal": SqliteJournal(None, clock, no_sleep)}
    async with chatting("heysummit", era=era, human=human, options=journal) as chat:
        late = await chat.call(TOOL, **ARGUMENTS)
        assert code(late) == "declined"
        assert "ten minutes have passed" in late["error"]["message"]
        assert sent(chat) == []
        human.thinks = PREVIEW_SECONDS - 1
        assert (await chat.call(TOOL, **ARGUMENTS))["outcome"] == "done"
        assert len(human.asked) == 2


class Silent(Human):
    """Answers a question only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.speaks, self.has_spoken = anyio.Event(), anyio.Event()

    @override
    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        try:
            await self.speaks.wait()
            return self.reply
        finally:
            self.has_spoken.set()


async def test_a_call_does_not_wait_for_ever_and_what_is_answered_afterwards_sends_nothing() -> None:
    human = Silent()
    async with chatting("heysummit", era="2025", human=Human()) as chat:
        server = EventdeskServer(chat.rehearsal.desk, never, patience=0.2, subscriptions=False)
        with anyio.fail_after(60):
            async with Client(server, mode="legacy", elicitation_callback=human, raise_exceptions=True) as client:
                ended = decoded(await client.call_tool(TOOL, dict(ARGUMENTS)))
                assert code(ended) == "declined"
                assert len(human.asked) == 1
                human.speaks.set()
                await human.has_spoken.wait()
                assert (await client.call_tool("list_accounts")).is_error is False
                assert sent(chat) == []
                assert decoded(await client.call_tool(TOOL, dict(ARGUMENTS)))["outcome"] == "done"
                assert len(human.asked) == 2
        assert len(sent(chat)) == 1


async def _fails(context: ClientRequestContext, params: ElicitRequestParams) -> ErrorData:
    return ErrorData(code=INVALID_REQUEST, message="no window")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_answers_a_question_with_an_error_gets_no_token_and_sends_nothing(
    kind: str, era: Era
) -> None:
    tool, arguments = KINDS[kind]
    failing: Any = _fails
    async with chatting("eventschedule", "heysummit", "evvnt", era=era, human=failing) as chat:
        answer: dict[str, Any] = {}
        try:
            answer = await chat.call(tool, **arguments)
        except MCPError:
            assert era == "2026"  # there the client itself ends its call
        if era == "2025":
            assert answer["outcome"] == "preview"
            assert "approve_at" in answer
        assert "token" not in answer
        for id_ in chat.links:
            refused = await chat.client.call_tool("apply_preview", {"token": id_})
            assert refused.is_error
        assert sent(chat) == []


async def test_a_question_that_a_client_left_open_is_asked_anew_by_the_next(era: Era) -> None:
    left, human = Silent(), Human()
    async with chatting("heysummit", era=era, human=human) as chat:
        server = EventdeskServer(replace(chat.rehearsal.desk), never, subscriptions=False)
        mode = "legacy" if era == "2025" else "auto"
        async with anyio.create_task_group() as group:

            async def leaves() -> None:
                async with Client(server, mode=mode, elicitation_callback=left) as client:
                    await client.call_tool(TOOL, dict(ARGUMENTS))

            group.start_soon(leaves)
            with anyio.fail_after(30):
                while not left.asked:
                    await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()
        assert sent(chat) == []
        assert (await chat.call(TOOL, **ARGUMENTS))["outcome"] == "done"
        assert len(human.asked) == 1
        assert len(sent(chat)) == 1
