"""Structured content, where it is switched on: the same facts in both halves, fitting the published schema; off, nothing changes."""

import json
import random
from typing import Any, get_args

import jsonschema_rs
import pytest
from mcp.types import CallToolResult, TextContent

from eventdesk_server.binding import published
from eventdesk_server.settings import load_settings
from eventdesk_tools.catalog import CATALOG, list_attendees, list_events, list_sales, list_sessions
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.structured import TABLES, structured
from tests.mcp.conftest import Chat, Hours, Human, chatting
from tests.mcp.matrix import ACCOUNTS, MATRIX, usual

pytestmark = pytest.mark.anyio
COLUMNS = {
    Capability.LIST_EVENTS: get_args(list_events.Column),
    Capability.LIST_ATTENDEES: get_args(list_attendees.Column),
    Capability.LIST_SALES: get_args(list_sales.Column),
    Capability.LIST_SESSIONS: get_args(list_sessions.Column),
}
ON: dict[str, Any] = {"structured_content": True, "operations_write": True}
PLAIN = {
    "type", "properties", "items", "required", "string", "integer", "boolean", "array", "object", "additionalProperties",
}  # fmt: skip


def halves(result: CallToolResult) -> tuple[dict[str, Any], dict[str, Any] | None]:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return json.loads(block.text), result.structured_content


def as_tables(value: Any, like: Any) -> Any:
    """Structured content turned back into the form of the text: lists of objects where that has tables."""
    if isinstance(like, dict):
        back: dict[str, Any] = {}
        for name, inner in like.items():  # pyright: ignore[reportUnknownVariableType]
            if name == "columns" and "rows" in like:
                back["columns"] = list(value["items"][0]) if value["items"] else inner
            elif name == "rows" and "columns" in like:
                back["rows"] = [list(item.values()) for item in value["items"]]
            else:
                back[str(name)] = as_tables(value[name], inner)  # pyright: ignore[reportUnknownArgumentType]
        extra = set(value) - set(back) - {"items"}
        assert not extra
        return back
    if isinstance(like, list):
        return [as_tables(one, other) for one, other in zip(value, like, strict=True)]  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    return value


async def agree(chat: Chat, schemas: dict[str, Any], tool: str, given: dict[str, Any]) -> bool:
    """Call a tool; both halves must tell the same, and the second fit the schema. Whether it succeeded."""
    text, second = halves(await chat.client.call_tool(tool, given))
    if "error" in text:
        assert second is None
        return False
    assert second is not None
    jsonschema_rs.validate(schemas[tool], second)
    assert as_tables(second, text) == text
    assert tool not in TABLES or "items" in second
    return True


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_both_halves_of_every_tools_answer_tell_the_same(account: str, hours: Hours) -> None:
    provider, settings = ACCOUNTS[account]
    draw = random.Random(account)
    async with chatting(provider, settings={provider: settings}, human=Human(), options=ON, hours=hours) as chat:
        schemas = {tool.name: tool.output_schema for tool in (await chat.client.list_tools()).tools}
        assert None not in schemas.values()
        calls: list[tuple[str, dict[str, Any]]] = [("list_accounts", {}), ("find_operations", {"query": "list events"})]
        plain: dict[str, str] = {}
        for capability, cell in MATRIX[account].items():
            if cell.mode is Mode.UNSUPPORTED:
                continue
            given = usual(account, capability) | dict(cell.arguments)
            plain[capability] = capability
            if capability in {Capability.LIST_EVENTS, Capability.LIST_ATTENDEES, Capability.LIST_SALES, Capability.LIST_SESSIONS}:  # fmt: skip
                columns = COLUMNS[capability]
                drawn = [{"fields": draw.sample(columns, count), "limit": 5} for count in (1, 3, 7)]
                calls += [(capability, given | columns) for columns in drawn]
                calls.append((capability, {name: value for name, value in given.items() if name != "fields"}))
            elif capability in {Capability.GET_EVENT, Capability.EVENT_SUMMARY}:
                calls.append((capability, given))
            else:
                calls += [(capability, given | {"dry_run": True}), (capability, given)]
        calls.append(("event_summary", {}))
        calls.append(("get_event", {"event": "no such event"}))
        told: list[str] = []
        for tool, given in calls:
            hours.go(10)
            told += [tool] * await agree(chat, schemas, tool, given)
        assert set(plain) <= set(told), set(plain) - set(told)


async def test_a_preview_and_what_carries_it_out_are_structured_too() -> None:
    async with chatting("eventschedule", options=ON) as chat:
        schemas = {tool.name: tool.output_schema for tool in (await chat.client.list_tools()).tools}
        given = {"event": "demo-eventschedule:60bRli"}
        text, second = halves(await chat.client.call_tool("archive_event", given))
        assert second == text
        assert await agree(chat, schemas, "apply_preview", {"token": text["token"]})
        person = {"name": "Ada Pier", "email": "ada@pier.example"}
        rows = {"event": "demo-eventschedule:60bRli", "rows": [person, {"name": "B", "email": "no address"}]}
        assert await agree(chat, schemas, "register_attendees", rows)
        assert await agree(chat, schemas, "call_read_operation", {"operation": "list_schedules"})


async def test_what_a_platform_calls_columns_and_rows_stays_as_it_is() -> None:
    answer = {"answer": {"columns": ["a"], "rows": [[1]]}, "columns": ["x"], "rows": [[None]]}
    assert structured(answer) == {"items": [{"x": None}], "answer": {"columns": ["a"], "rows": [[1]]}}


def test_the_schemas_hold_nothing_that_a_client_might_not_know() -> None:
    for spec in CATALOG:
        schema = published(spec, structured=True).output_schema
        assert schema is not None
        assert schema["type"] == "object"
        jsonschema_rs.Draft202012Validator(schema)

        def look(node: dict[str, Any]) -> None:
            assert set(node) <= PLAIN
            for inner in [*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])]:
                look(inner)

        look(schema)


async def test_off_nothing_changes_by_a_byte() -> None:
    assert load_settings({"XDG_CONFIG_HOME": "/nonexistent"}).structured_content is False
    told: list[list[str]] = []
    for on in (False, True):
        async with chatting("heysummit", options={"structured_content": on}) as chat:
            tools = (await chat.client.list_tools()).tools
            result = await chat.client.call_tool("list_events", {"when": "all"})
            failed = await chat.client.call_tool("get_event", {"event": "no such"})
            told.append([repr([tool.model_copy(update={"output_schema": None}) for tool in tools]), repr(result.content), repr(failed)])  # fmt: skip
            assert all((tool.output_schema is not None) is on for tool in tools)
            assert (result.structured_content is not None) is on
            assert "structured_content=None" in repr(failed)
    assert told[0] == told[1]
