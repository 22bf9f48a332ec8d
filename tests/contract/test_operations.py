"""Operations of every platform, called as a model calls them, against the stand-ins."""

import base64
from pathlib import Path
from typing import Any

import pytest

from eventdesk_tools.answers import compact
from eventdesk_tools.effects import Effect
from eventdesk_tools.models import EventQuery
from eventdesk_tools.ports import ProviderName
from tests.mcp.conftest import Chat, Human, chatting
from tests.support import NOW
from tests.tokens import count

pytestmark = pytest.mark.anyio
LEAST = {"eventtia": 25, "heysummit": 10, "eventschedule": 6, "evvnt": 6, "eventhq": 3}
"""Readings that need nothing but an event."""


async def an_event(chat: Chat) -> str:
    async for event in chat.rehearsal.provider.list_events(EventQuery(now=NOW, when="all")):
        return event.id
    raise AssertionError("the season is empty")


@pytest.mark.parametrize("name", ProviderName)
async def test_every_reading_that_needs_nothing_but_an_event_answers_within_the_budget(name: ProviderName) -> None:
    async with chatting(name) as chat:
        event = f"demo-{name}:{await an_event(chat)}"
        called = 0
        for info in chat.rehearsal.provider.operations():
            needed = {param.name for param in info.params if param.required}
            if info.effect is not Effect.READ or info.withheld or needed - {"event"}:
                continue
            answer = await chat.call(
                "call_read_operation", operation=f"{name}.{info.name}", arguments=dict.fromkeys(needed, event)
            )
            assert "error" not in answer, (info.name, answer)
            assert answer["operation"] == f"{name}.{info.name}"
            assert answer["sandbox"] is True
            assert count(compact(answer)) <= 2_200, info.name
            called += 1
        assert called >= LEAST[name]
        assert [seen for seen in chat.rehearsal.writes if "auth" not in seen.path] == []


@pytest.mark.parametrize("name", ProviderName)
async def test_no_operation_is_called_that_is_withheld_or_lacks_what_it_needs(name: ProviderName) -> None:
    async with chatting(name, options={"operations_write": True}) as chat:
        for info in chat.rehearsal.provider.operations():
            tool = "call_read_operation" if info.effect is Effect.READ else "call_write_operation"
            needed = [param.name for param in info.params if param.required]
            if info.withheld or needed:
                answer = await chat.call(tool, operation=f"{name}.{info.name}") if await listed(chat, tool) else None
                if answer is not None:
                    assert answer["error"]["code"] == ("unsupported" if info.withheld else "invalid_arguments")
        assert chat.rehearsal.seen == []


async def listed(chat: Chat, tool: str) -> bool:
    return tool in [listed.name for listed in (await chat.client.list_tools()).tools]


@pytest.mark.parametrize("name", ProviderName)
async def test_a_guard_is_declared_for_operations_that_exist_and_write(name: ProviderName) -> None:
    async with chatting(name) as chat:
        provider: Any = chat.rehearsal.provider
        known = {info.name: info for info in provider.operations()}
        for guarded in provider.guarded():
            assert known[guarded].effect is not Effect.READ


async def test_a_write_without_a_tool_of_its_own_is_carried_out_once_and_undone_after_a_yes() -> None:
    human = Human()
    async with chatting("eventschedule", human=human, options={"operations_write": True}) as chat:
        schedules = await chat.call("call_read_operation", operation="list_schedules", fields=["data[].subdomain"])
        place = schedules["answer"]["data"][0]["subdomain"]
        make: dict[str, Any] = {
            "operation": "eventschedule.create_group",
            "arguments": {"subdomain": place, "name": "Late nights"},
        }
        made = await chat.call("call_write_operation", **make)
        assert made["outcome"] == "done"
        assert made["answer"]["data"]["name"] == "Late nights"
        again = await chat.call("call_write_operation", **make)
        assert (again["outcome"], again["id"]) == ("already_done", made["id"])
        assert human.asked == []
        listed_there = await chat.call("call_read_operation", operation="list_groups", arguments={"subdomain": place})
        names = [row["name"] for row in listed_there["answer"]["data"]]
        assert names.count("Late nights") == 1
        key = next(
            param.name
            for info in chat.rehearsal.provider.operations()
            if info.name == "delete_group"
            for param in info.params
            if param.name != "subdomain"
        )
        gone = await chat.call(
            "call_write_operation", operation="delete_group", arguments={"subdomain": place, key: made["id"]}
        )
        assert gone["outcome"] == "done"
        assert len(human.asked) == 1
        assert [seen.method for seen in chat.rehearsal.writes] == ["POST", "DELETE"]


async def test_a_flyer_goes_up_from_the_import_folder(tmp_path: Path) -> None:
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    (tmp_path / "flyer.png").write_bytes(pixel)
    async with chatting("eventschedule", human=Human(), options={"operations_write": True}) as chat:
        provider: Any = chat.rehearsal.provider
        provider.import_folder = str(tmp_path)
        event = await an_event(chat)
        (param,) = [
            p.name for i in provider.operations() if i.name == "upload_flyer" for p in i.params if p.kind == "file"
        ]
        answer = await chat.call(
            "call_write_operation",
            operation="eventschedule.upload_flyer",
            arguments={"event": f"demo-eventschedule:{event}", param: "flyer.png"},
        )
        assert answer["outcome"] == "done", answer
        (sent,) = chat.rehearsal.writes
        assert sent.path.endswith(f"/events/flyer/{event}")


async def test_a_search_names_the_tool_that_does_the_same_where_the_platform_has_it() -> None:
    async with chatting("eventtia") as chat:
        people = await chat.call("find_operations", query="list of attendees")
        assert people["notes"] == ["A tool does this with fewer arguments: list_attendees."]
        assert "notes" not in await chat.call("find_operations", query="zones of the expo")
    async with chatting("eventhq") as chat:
        found = await chat.call("find_operations", query="how many events are there")
        assert found["rows"][0][0] == "eventhq.count_events"
        assert "list_events" in found["notes"][0]
