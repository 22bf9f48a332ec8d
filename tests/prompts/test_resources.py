"""Resources and completions: the same facts, permissions and gate as the tools, and proposals while a person types."""

import json
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    Completion,
    PromptReference,
    ResourceTemplateReference,
    TextResourceContents,
)

from eventdesk_server import card
from eventdesk_server.completions import MOST, picked
from eventdesk_server.resources import ACCOUNTS_URI, CAPABILITIES_URI, EVENT_URI
from tests.prompts.rehearsing import called, connected

pytestmark = pytest.mark.anyio
DOOR_LIST = PromptReference(name="door_list")
EVENT = ResourceTemplateReference(uri=EVENT_URI)


async def read(client: Client, uri: str) -> str:
    (contents,) = (await client.read_resource(uri)).contents
    assert isinstance(contents, TextResourceContents)
    return contents.text


async def proposed(client: Client, ref: Any, name: str, typed: str, **given: str) -> Completion:
    return (await client.complete(ref, {"name": name, "value": typed}, context_arguments=given)).completion


async def test_what_is_offered_to_attach() -> None:
    async with connected() as client:
        resources = (await client.list_resources()).resources
        (template,) = (await client.list_resource_templates()).resource_templates
    assert [str(resource.uri) for resource in resources] == [card.URI, ACCOUNTS_URI, CAPABILITIES_URI]
    assert template.uri_template == EVENT_URI
    assert template.mime_type == "application/json"


@pytest.mark.parametrize("account", ["heysummit", "eventhq", "eventtia", "evvnt", "eventschedule"])
async def test_an_event_reads_as_the_tool_answers_it(account: str) -> None:
    async with connected() as client:
        listed = await called(client, "list_events", {"account": f"demo-{account}", "fields": ["ref"], "limit": 3})
        for (ref,) in listed["rows"]:
            name, event = ref.split(":")
            attached = json.loads(await read(client, f"event://{name}/{event}"))
            assert attached == await called(client, "get_event", {"event": ref, "include": ["description"]})


async def test_the_accounts_read_as_the_tool_answers_them() -> None:
    async with connected() as client:
        assert json.loads(await read(client, ACCOUNTS_URI)) == await called(client, "list_accounts", {})


async def test_the_matrix_tells_what_each_account_can_do_and_what_is_switched_off() -> None:
    async with connected(deny=["create_sale"]) as client:
        lines = (await read(client, CAPABILITIES_URI)).splitlines()
    head = next(line for line in lines if line.startswith("| tool"))
    rows = {
        line.split(" | ")[0].removeprefix("| "): line.strip("| ").split(" | ")[1:]
        for line in lines
        if line.startswith("| ")
    }
    assert head == "| tool | demo-heysummit | demo-eventhq | demo-eventtia | demo-evvnt | demo-eventschedule |"
    assert rows["archive_event"] == ["native", "–", "emulated", "–", "emulated"]
    assert rows["create_sale"] == ["off"] * 5
    assert "- `create_sale`: switched off by `deny` in the settings" in lines


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("event://nonesuch/x", "There is no account"),
        ("event://demo-eventtia/nonesuch", "no such record"),
        ("event://demo-eventtia/a%2F..%2Fb", "is not a ref"),
        ("event://demo-eventtia/%2E%2E", "Unknown resource"),
        ("event://demo-eventtia/%00", "Unknown resource"),
        ("event://demo-eventtia/harbor-design-days:t-51001", "not an event"),
        ("eventdesk://nonesuch", "Unknown resource"),
    ],
)
async def test_what_is_not_there_is_not_found(uri: str, says: str) -> None:
    async with connected() as client:
        with pytest.raises(MCPError, match=says) as caught:
            await client.read_resource(uri)
    assert caught.value.error.code == INVALID_PARAMS


async def test_what_is_denied_cannot_be_attached() -> None:
    async with connected(deny=["get_event"]) as client:
        assert (await client.list_resource_templates()).resource_templates == []
        with pytest.raises(MCPError) as caught:
            await client.read_resource("event://demo-eventtia/harbor-design-days")
    assert caught.value.error.code == INVALID_PARAMS


async def test_accounts_are_proposed_those_that_begin_so_first() -> None:
    async with connected() as client:
        found = await proposed(client, EVENT, "account", "ev")
        weekly = await proposed(client, PromptReference(name="weekly_numbers"), "account", "demo-h")
    assert found.values == ["demo-eventhq", "demo-eventschedule", "demo-eventtia", "demo-evvnt"]
    assert weekly.values == ["demo-heysummit"]


async def test_events_are_proposed_by_title_and_by_ref_upcoming_first() -> None:
    async with connected() as client:
        by_title = await proposed(client, DOOR_LIST, "event", "HARBOR design")
        by_ref = await proposed(client, DOOR_LIST, "event", "eventtia:harbor")
        every = await proposed(client, DOOR_LIST, "event", "")
    assert [picked(value) for value in by_title.values] == [
        "demo-eventtia:harbor-design-days", "demo-eventtia:harbor-design-days-last-year",
    ]  # fmt: skip
    assert by_ref.values == by_title.values
    assert len(every.values) == MOST
    assert every.has_more
    assert (every.total or 0) > MOST


async def test_an_account_chosen_before_narrows_the_events() -> None:
    async with connected() as client:
        found = await proposed(client, EVENT, "event", "harbor", account="demo-eventtia")
        other = await proposed(client, EVENT, "event", "harbor-design", account="demo-evvnt")
        attached = json.loads(await read(client, f"event://demo-eventtia/{found.values[0]}"))
    assert found.values == ["harbor-design-days", "harbor-design-days-last-year"]
    assert other.values == []
    assert attached["ref"] == "demo-eventtia:harbor-design-days"


@pytest.mark.parametrize(
    ("ref", "name"),
    [(DOOR_LIST, "session"), (DOOR_LIST, "nonesuch"), (PromptReference(name="nonesuch"), "event"), (EVENT, "nonesuch")],
)
async def test_where_nothing_can_be_proposed_nothing_is(ref: Any, name: str) -> None:
    async with connected() as client:
        assert (await proposed(client, ref, name, "")).values == []


async def test_what_an_account_denies_is_not_proposed() -> None:
    async with connected(deny=["list_events"]) as client:
        assert (await proposed(client, DOOR_LIST, "event", "")).values == []
