"""Tools and adapters clean what they read, and every way out has a gate: with either of the two alone, words are all that leaves."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest
from mcp.types import (
    CallToolResult,
    ElicitResult,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)
from typing_extensions import override

from eventdesk_server.asking import AnyContext, Person
from eventdesk_server.binding import EventdeskServer
from eventdesk_server.completions import add_completions
from eventdesk_server.progress import BURST
from eventdesk_server.prompting import add_prompts
from eventdesk_server.resources import EVENT_URI, add_resources
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.catalog import BY_NAME
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.ports import Capability
from eventdesk_tools.privacy import PersonalData, Privacy
from tests.hostile.payloads import MARK, PAYLOADS, faults, numbered, numbers_in
from tests.hostile.platform import overheard, reading_calls, texts, unchanged, written_by_strangers
from tests.hostile.reader import WORDS, among_strangers
from tests.hostile.walls import GATE_ALONE, leave_only, wall
from tests.mcp.conftest import Chat, Era, Hours, Human, chatting, hours
from tests.mcp.matrix import ACCOUNTS, EVENTS, MATRIX, usual

pytestmark = pytest.mark.anyio
__all__ = ["hours", "wall"]
WRITES = tuple(one for one in Capability if BY_NAME[one].effect is not Effect.READ)
AS_IT_IS = frozenset({"requests", "changes", "changed"})
"""Parts of an answer that tell what is sent, or what stands and stood, to the letter: the last gate alone cleans them."""
NEVER_ASKED = frozenset({"eventhq", "evvnt publisher"})
TWO_ERAS = ("eventschedule", "evvnt organiser")


def a_payload_in_each(turns: Iterator[int]) -> Any:
    """Every text that people can write begins with another payload."""
    return written_by_strangers(
        lambda name, text: text if name in WORDS else f"{numbered(next(turns) % len(PAYLOADS))[:150]} {text}"
    )


def told(result: CallToolResult) -> list[str]:
    """Every text of an answer, as text and as structured content, each of which is the whole answer."""
    (block,) = result.content
    assert isinstance(block, TextContent)
    return [*texts(json.loads(block.text)), *texts(result.structured_content or {})]


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_what_is_read_is_words(account: str, hours: Hours, wall: str) -> None:
    async with overheard(account, hours=hours, options={"structured_content": True}) as (chat, layer):
        layer.change = a_payload_in_each(count())
        met: dict[str, int] = {}
        for tool, arguments in reading_calls(chat, account):
            hours.go(61)
            result = await chat.client.call_tool(tool, arguments)
            said = told(result)
            for text in said:
                assert faults(text) == [], (wall, tool, arguments, ascii(text[:300]))
            assert bool(result.structured_content) != bool(result.is_error)
            for text in said:
                met[tool] = met.get(tool, 0) + len(numbers_in(text))
        assert min(met[tool] for tool in ("list_events", "get_event", "call_read_operation")) > 1, met


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_what_is_asked_shown_and_done_is_words(account: str, hours: Hours, wall: str) -> None:
    eras: tuple[Era, ...] = ("2026", "2025") if account in TWO_ERAS else ("2026",)
    for each in eras:
        human = Human()
        async with overheard(account, hours=hours, human=human, era=each) as (chat, layer):
            layer.change = a_payload_in_each(count())
            for capability in WRITES:
                arguments = usual(account, capability) | dict(MATRIX[account][capability].arguments)
                for more in ({"dry_run": True}, {}):
                    hours.go(61)
                    (block,) = (await chat.client.call_tool(capability, arguments | more)).content
                    assert isinstance(block, TextContent)
                    answer: dict[str, Any] = json.loads(block.text)
                    assert answer.get("error", {}).get("code") != "internal", answer
                    of_ours = {
                        name: part for name, part in answer.items() if wall == GATE_ALONE or name not in AS_IT_IS
                    }
                    for text in texts(of_ours):
                        assert faults(text) == [], (wall, capability, more, ascii(text[:300]))
            assert bool(human.asked) == (account not in NEVER_ASKED)
            for question in human.asked:
                of_ours = question if wall == GATE_ALONE else question.partition("\n")[0]
                assert faults(of_ours) == [], (wall, ascii(question[:300]))


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_what_a_platform_refuses_with_is_words(account: str, hours: Hours, wall: str) -> None:
    provider, settings = ACCOUNTS[account]
    event = f"demo-{provider}:{EVENTS[account][0]}"
    async with chatting(provider, settings={provider: settings}, hours=hours) as chat:
        add_resources(chat.server)
        for number in range(list(ACCOUNTS).index(account), len(PAYLOADS), 2 * len(ACCOUNTS)):
            said = {"message": numbered(number)[:300], "errors": {numbered(number)[:80]: [numbered(number)[:300]]}}
            chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=422, body=said))
            hours.go(7_200)
            for text in told(await chat.client.call_tool("get_event", {"event": event})):
                assert faults(text) == [], (wall, ascii(text))
            chat.rehearsal.sandbox.faults.clear()


# Beside the tools ------------------------------------------------------------------------------------------------------


async def attached(chat: Chat, uri: str) -> str:
    (contents,) = (await chat.client.read_resource(uri)).contents
    assert isinstance(contents, TextResourceContents)
    return contents.text


async def proposed(chat: Chat, ref: PromptReference | ResourceTemplateReference, typed: str) -> list[str]:
    found = await chat.client.complete(ref, {"name": "event", "value": typed})
    return list(found.completion.values)


def furnished(chat: Chat) -> None:
    """Give the server what `build` adds beside the tools."""
    add_prompts(chat.server)
    add_resources(chat.server)
    add_completions(chat.server)


PICKING = PromptReference(name="door_list")
ATTACHING = ResourceTemplateReference(uri=EVENT_URI)


@pytest.mark.parametrize("mode", [PersonalData.FULL, PersonalData.NONE])
@pytest.mark.parametrize("account", ["eventschedule", "eventtia", "heysummit v2"])
async def test_what_is_attached_and_proposed_is_words_and_a_prompt_takes_the_ref_alone(
    account: str, mode: PersonalData, hours: Hours, wall: str
) -> None:
    options = {"people": Privacy(mode)}
    async with among_strangers(account, hours, options=options) as (chat, _, _):
        furnished(chat)
        met: set[int] = set()
        for number in range(0, len(PAYLOADS), 12):
            hours.go(61)
            for proposal in await proposed(chat, PICKING, f"{MARK}{chr(97 + number // 26)}{chr(97 + number % 26)}"):
                assert faults(proposal) == [], (wall, ascii(proposal))
                met |= numbers_in(proposal)
                ref = proposal.rpartition("(")[2].removesuffix(")")
                (message,) = (await chat.client.get_prompt("door_list", {"event": proposal})).messages
                assert isinstance(message.content, TextContent)
                assert ref in message.content.text
                assert MARK not in message.content.text
                text = await attached(chat, "event://" + ref.replace(":", "/"))
                assert numbers_in(text)
                for part in texts(json.loads(text)):
                    assert faults(part) == [], (wall, ref, ascii(part[:300]))
        assert len(met) >= 5
        ids = await proposed(chat, ATTACHING, "")
        assert ids
        assert not any(MARK in text for text in ids)
        for part in texts(json.loads(await attached(chat, "eventdesk://accounts"))):
            assert faults(part) == []


@pytest.mark.parametrize("mode", [PersonalData.MASKED, PersonalData.NONE])
async def test_beside_the_tools_too_nobodys_address_leaves_where_people_are_kept_back(
    mode: PersonalData, hours: Hours
) -> None:
    address = "ada@pier.example"
    uri = "event://demo-eventschedule/60bRli"
    async with overheard("eventschedule", hours=hours, options={"people": Privacy(mode)}) as (chat, layer):
        furnished(chat)
        layer.change = written_by_strangers(lambda _, text: f"{address} {text}")
        given = await proposed(chat, PICKING, "")
        text = await attached(chat, uri)
        assert given
        assert "60bRli" in text
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=422, body={"message": f"{address} is not welcome"}))
        with pytest.raises(Exception, match="is not welcome") as refused:
            await attached(chat, uri)
    assert not [said for said in (*given, text, str(refused.value)) if address in said]


@pytest.mark.parametrize("account", ["eventschedule", "eventtia", "heysummit v2"])
@pytest.mark.parametrize("opening", ["<script>", "<div hidden>", "<!--", "&lt;style&gt;", "<title>", "<textarea "])
async def test_a_title_swallows_nothing_of_the_question_around_it(opening: str, account: str, hours: Hours) -> None:
    human = Human(ElicitResult(action="cancel"))
    provider, _ = ACCOUNTS[account]
    event = f"demo-{provider}:{EVENTS[account][0]}"
    async with overheard(account, hours=hours, human=human) as (chat, layer):
        summaries: list[str] = []
        for change in (unchanged, written_by_strangers(lambda _, text: f"{opening}{text}")):
            layer.change = change
            await chat.call("archive_event", event=event)
            summaries.append((await chat.call("archive_event", event=event, dry_run=True))["question"])
        for plain, hostile in (human.asked, summaries):
            assert hostile.rpartition("'")[2] == plain.rpartition("'")[2] != ""
            assert hostile.partition("'")[0] == plain.partition("'")[0] != ""


def batched(payloads: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(payloads), size):
        yield tuple(payloads[start : start + size])


class Telling(EventdeskServer):
    """Says in its progress what strangers wrote."""

    said: tuple[str, ...] = ()

    @override
    async def _called(self, call: Call, person: Person, context: AnyContext) -> CallToolResult:
        for number, payload in enumerate(self.said, start=1):
            await call.tell(number, len(self.said), f"{payload[:300]} ada@pier.example")
        return CallToolResult(content=[])


async def test_what_is_told_while_a_call_goes_on_passes_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_only(GATE_ALONE, monkeypatch)
    heard: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message or "")

    async with chatting("eventhq", options={"people": Privacy(PersonalData.NONE)}) as chat:
        chat.server.__class__ = Telling
        for said in batched(PAYLOADS, BURST):
            monkeypatch.setattr(Telling, "said", said)
            await chat.client.call_tool("list_accounts", {}, progress_callback=hear)
    assert len(heard) == len(PAYLOADS)
    assert [fault for text in heard for fault in faults(text)] == []
    assert not any("ada@pier.example" in text for text in heard)
