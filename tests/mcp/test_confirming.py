"""A person's yes, in both eras and in clients that cannot ask."""

from typing import Any

import pytest
from mcp.types import ElicitResult

from tests.mcp.conftest import Chat, Era, Human, chatting

pytestmark = pytest.mark.anyio

YES = ElicitResult(action="accept", content={"ok": True})
NOT_A_YES = {
    "an explicit no": ElicitResult(action="accept", content={"ok": False}),
    "an empty accept": ElicitResult(action="accept"),
    "an accept of something else": ElicitResult(action="accept", content={"yes": True}),
    "an accept in words": ElicitResult(action="accept", content={"ok": "true"}),
    "a cancel": ElicitResult(action="cancel"),
}


async def live_summit(chat: Chat) -> str:
    listed = await chat.call("list_events", status="live")
    return listed["rows"][0][0]


async def single_event(chat: Chat) -> str:
    """A live, single event on one schedule, at the club."""
    listed = await chat.call("list_events", status="live", fields=["ref", "repeats"], limit=50)
    for ref, repeats in listed["rows"]:
        if repeats:
            continue
        shown = await chat.call("archive_event", event=ref, dry_run=True)
        if shown.get("outcome") == "preview":
            return ref
    raise AssertionError("the demo season has no such event")


def code(answer: dict[str, Any]) -> str:
    return answer["error"]["code"]


async def test_a_yes_is_asked_for_once_and_the_event_is_archived(era: Era) -> None:
    human = Human()
    async with chatting("heysummit", era=era, human=human) as chat:
        ref = await live_summit(chat)
        done = await chat.call("archive_event", event=ref)
        assert (done["outcome"], done["effect"], done["status"]) == ("done", "archived", "archived")
        assert len(human.asked) == 1
        assert "no way to undo" in human.asked[0]
        assert len(chat.rehearsal.writes) == 1


@pytest.mark.parametrize("how", NOT_A_YES)
async def test_nothing_but_an_accepted_true_is_a_yes(era: Era, how: str) -> None:
    human = Human(NOT_A_YES[how])
    async with chatting("heysummit", era=era, human=human) as chat:
        answer = await chat.call("archive_event", event=await live_summit(chat))
        assert code(answer) == "declined"
        assert len(human.asked) == 1
        assert chat.rehearsal.writes == []


async def test_a_decline_after_a_second_ends_the_call(era: Era) -> None:
    async with chatting("heysummit", era=era, human=Human(ElicitResult(action="decline"), slow=1.05)) as chat:
        assert code(await chat.call("archive_event", event=await live_summit(chat))) == "declined"
        assert chat.links == []
        assert chat.rehearsal.writes == []


async def test_a_decline_within_a_second_opens_only_the_way_outside_the_chat(era: Era) -> None:
    async with chatting("eventschedule", era=era, human=Human(ElicitResult(action="decline"))) as chat:
        answer = await chat.call("archive_event", event=await single_event(chat))
        assert answer["outcome"] == "preview"
        assert "token" not in answer
        assert answer["approve_at"].startswith("http://127.0.0.1:")
        assert chat.rehearsal.writes == []


async def test_a_client_that_cannot_ask_gets_a_token_for_a_reversible_change(era: Era) -> None:
    async with chatting("eventschedule", era=era) as chat:
        ref = await single_event(chat)
        shown = await chat.call("archive_event", event=ref)
        assert shown["outcome"] == "preview"
        assert chat.rehearsal.writes == []
        done = await chat.call("apply_preview", token=shown["token"])
        assert (done["outcome"], done["effect"]) == ("done", "hidden")
        assert done["undo"] == {"tool": "archive_event", "arguments": {"event": ref, "restore": True}}
        assert code(await chat.call("apply_preview", token=shown["token"])) == "invalid_arguments"


async def test_a_client_that_cannot_ask_gets_no_token_for_what_cannot_be_undone(era: Era) -> None:
    async with chatting("heysummit", era=era) as chat:
        answer = await chat.call("archive_event", event=await live_summit(chat))
        assert answer["outcome"] == "preview"
        assert "token" not in answer
        assert code(await chat.call("apply_preview", token=chat.links[0])) == "permission_denied"
        assert chat.rehearsal.writes == []


async def test_an_approval_outside_the_chat_lets_the_same_call_through(era: Era) -> None:
    async with chatting("heysummit", era=era) as chat:
        ref = await live_summit(chat)
        await chat.call("archive_event", event=ref)
        assert await chat.rehearsal.desk.journal.approve(chat.links[0])
        assert (await chat.call("archive_event", event=ref))["outcome"] == "done"


async def test_a_change_since_the_preview_makes_its_token_void(era: Era) -> None:
    async with chatting("eventschedule", era=era) as chat:
        ref = await single_event(chat)
        first = await chat.call("archive_event", event=ref)
        second = await chat.call("archive_event", event=ref)
        assert (await chat.call("apply_preview", token=second["token"]))["outcome"] == "done"
        again = await chat.call("apply_preview", token=first["token"])
        assert again.get("outcome") == "already_done" or code(again) == "conflict"
        assert len(chat.rehearsal.writes) == 1


async def test_registering_and_selling_never_ask(era: Era) -> None:
    human = Human()
    async with chatting("eventtia", era=era, human=human) as chat:
        event = await chat.call("get_event", event="harbor-design-days")
        free = next(row for row in event["tickets"]["rows"] if "free" in row)
        done = await chat.call(
            "register_attendee", event=event["ref"], name="Ada Pier", email="ada@pier.example", ticket=free[0]
        )
        assert done["outcome"] == "done"
        assert human.asked == []


async def test_apply_preview_is_listed_only_where_the_client_cannot_ask(era: Era) -> None:
    for human, listed in ((Human(), False), (None, True)):
        async with chatting("heysummit", era=era, human=human) as chat:
            names = [tool.name for tool in (await chat.client.list_tools()).tools]
            assert ("apply_preview" in names) is listed
