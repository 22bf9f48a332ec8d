"""Calls over MCP: the list, the arguments that are forgiven, and those that are not."""

from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Era, Human, chatting
from tests.tokens import count

pytestmark = pytest.mark.anyio


def error(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["error"]


async def test_every_tool_states_its_title_and_all_four_hints(era: Era) -> None:
    async with chatting(era=era) as chat:
        tools = (await chat.client.list_tools()).tools
        assert len(tools) == 20  # call_write_operation is listed only where it is switched on
        for tool in tools:
            hints = tool.annotations
            assert tool.title
            assert hints is not None
            assert None not in {
                hints.read_only_hint,
                hints.destructive_hint,
                hints.idempotent_hint,
                hints.open_world_hint,
            }
            assert not (hints.read_only_hint and hints.destructive_hint)
            assert tool.output_schema is None


async def test_no_schema_holds_what_some_clients_refuse(era: Era) -> None:
    async with chatting(era=era) as chat:
        for tool in (await chat.client.list_tools()).tools:
            text = repr(tool.input_schema)
            assert not any(word in text for word in ("$ref", "anyOf", "oneOf", "allOf", "'null'", "$defs"))
            assert tool.input_schema["additionalProperties"] is False
            assert len(tool.name) <= 32


async def test_arguments_that_arrive_as_text_are_accepted_where_text_is_not_asked(era: Era) -> None:
    async with chatting("eventhq", era=era) as chat:
        answer = await chat.call("list_events", limit="3", fields='["ref","title"]')
        assert answer["returned"] == 3
        assert answer["columns"] == ["ref", "title"]


async def test_text_is_never_made_of_something_else(era: Era) -> None:
    async with chatting("eventhq", era=era) as chat:
        assert error(await chat.call("get_event", event=5))["code"] == "invalid_arguments"
        assert error(await chat.call("list_events", text=True))["field"] == "text"


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "field"),
    [
        ("get_event", {"evnt": "x"}, "invalid_arguments", "evnt"),
        ("get_event", {}, "invalid_arguments", "event"),
        ("list_events", {"when": "soon"}, "invalid_arguments", "when"),
        ("list_events", {"limit": 0}, "invalid_arguments", "limit"),
        ("list_events", {"limit": "many"}, "invalid_arguments", "limit"),
        ("list_events", {"since": "2027-02-30"}, "invalid_arguments", "since"),
        ("list_events", {"since": "2027-06-02", "until": "2027-06-01"}, "invalid_arguments", "until"),
        ("list_events", {"cursor": "bm9uc2Vuc2U"}, "invalid_arguments", "cursor"),
        ("list_events", {"account": "nobody"}, "unknown_ref", "account"),
        ("get_event", {"event": "nobody:1"}, "unknown_ref", "account"),
        ("get_event", {"event": "demo-eventhq:../x"}, "unknown_ref", ""),
        ("get_event", {"event": "demo-eventhq:%2e%2e"}, "unknown_ref", ""),
        ("get_event", {"event": "demo-eventhq:a/b"}, "unknown_ref", ""),
        ("get_event", {"event": "demo-eventhq:x:t-1"}, "unknown_ref", "event"),
        ("get_event", {"event": "demo-eventhq:no-such-event"}, "not_found", ""),
        ("get_event", {"event": "Never heard of it"}, "not_found", "event"),
        ("get_event", {"event": "x" * 1_000_000}, "invalid_arguments", "event"),
        ("register_attendee", {"event": "demo-eventhq:x", "name": "A B", "email": "no"}, "invalid_arguments", "email"),
        ("register_attendee", {"event": "demo-eventhq:x", "name": "\u200b", "email": "a@b.example"}, "invalid_arguments", "name"),
        ("create_sale", {"event": "x", "name": "A", "email": "a@b.example", "items": []}, "invalid_arguments", "items"),
        ("create_sale", {"event": "x", "name": "A", "email": "a@b.example", "items": [{"itm": "x"}]}, "invalid_arguments", None),
        ("archive_event", {"event": "demo-eventhq:x"}, "unsupported", ""),
        ("apply_preview", {"token": "guess"}, "invalid_arguments", "token"),
    ],
)  # fmt: skip
async def test_a_bad_argument_gets_the_designed_error_and_nothing_is_written(
    tool: str, arguments: dict[str, Any], code: str, field: str | None
) -> None:
    async with chatting("eventhq", "heysummit", "eventschedule") as chat:
        found = error(await chat.call(tool, **arguments))
        assert found["code"] == code
        if field is not None:
            assert found.get("field", "") == field
        allowed = found.pop("allowed", [])
        assert len(allowed) <= 10
        assert count(repr(found)) <= 170
        assert chat.rehearsal.writes == []


async def test_an_unknown_tool_is_answered_with_the_nearest_names(era: Era) -> None:
    async with chatting("eventhq", era=era) as chat:
        found = error(await chat.call("lst_events"))
        assert found["code"] == "invalid_arguments"
        assert found["allowed"][0] == "list_events"


async def test_an_ambiguous_title_lists_the_refs() -> None:
    async with chatting("eventhq") as chat:
        found = error(await chat.call("get_event", event="pond"))
        assert found["code"] == "ambiguous_name"
        assert len(found["allowed"]) >= 2
        assert all(item.startswith("demo-eventhq:") for item in found["allowed"])


async def test_a_title_that_fits_one_event_will_do(era: Era) -> None:
    async with chatting("heysummit", era=era) as chat:
        found = await chat.call("get_event", event="harbour design week")
        assert found["ref"] == "demo-heysummit:4711"


async def test_one_failing_account_is_a_note_and_not_a_failure() -> None:
    async with chatting("eventhq", "heysummit") as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", provider="heysummit", code=503))
        found = await chat.call("list_events")
        assert found["returned"] > 0
        assert "total" not in found
        assert any("demo-heysummit: provider_unavailable" in note for note in found["notes"])
        alone = error(await chat.call("list_events", account="demo-heysummit"))
        assert alone["code"] == "provider_unavailable"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(kind="html", code=200), "provider_changed"), (Fault(kind="truncated"), "provider_unavailable"), (Fault(kind="malformed"), "provider_changed"),
        (Fault(kind="wrong_shape", shape="retyped"), "provider_changed"),
        (Fault(kind="huge", bytes=50_000_000), "provider_changed"), (Fault(kind="black_hole"), "provider_unavailable"),
        (Fault(kind="redirect", location="https://elsewhere.example/"), "provider_changed"), (Fault(kind="invalid_utf8"), "provider_changed"),
        (Fault(kind="status", code=401), "authentication_failed"),
        (Fault(kind="drop_before"), "provider_unavailable"), (Fault(kind="status", code=500), "provider_unavailable"),
    ],
)  # fmt: skip
async def test_a_broken_platform_gets_the_designed_error_and_the_server_lives_on(fault: Fault, code: str) -> None:
    async with chatting("eventhq") as chat:
        chat.rehearsal.sandbox.faults.add(fault)
        found = error(await chat.call("list_events"))
        assert found["code"] == code
        assert "<" not in found["message"]
        chat.rehearsal.sandbox.faults.clear()
        assert (await chat.call("list_events"))["returned"] > 0


async def test_a_platform_that_asks_for_silence_gets_it_and_the_model_is_told_how_long() -> None:
    async with chatting("eventhq") as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=429, retry_after=120))
        found = error(await chat.call("list_events"))
        assert (found["code"], found["retry_after"]) == ("rate_limited", 120)
        asked = len(chat.rehearsal.seen)
        assert error(await chat.call("list_events"))["code"] == "rate_limited"
        assert len(chat.rehearsal.seen) == asked


async def test_read_only_hides_and_refuses_every_write(era: Era) -> None:
    async with chatting(era=era, human=Human(), options={"read_only": True}) as chat:
        names = {tool.name for tool in (await chat.client.list_tools()).tools}
        assert names == {
            "list_events", "get_event", "list_sessions", "list_attendees", "list_sales", "event_summary", "list_accounts",
            "export_list", "find_operations", "call_read_operation",
        }  # fmt: skip
        for tool in (
            "register_attendee",
            "register_attendees",
            "create_sale",
            "create_event",
            "update_event",
            "clone_event",
            "archive_event",
            "cancel_registration",
            "update_sale",
            "apply_preview",
        ):
            assert error(await chat.call(tool, event="x"))["code"] == "read_only"
        assert chat.rehearsal.seen == []


async def test_broken_settings_leave_a_server_that_says_so(era: Era) -> None:
    async with chatting(
        "eventhq", era=era, options={"problem": "config.toml: accounts.club.kee is not a setting; did you mean key?"}
    ) as chat:
        assert [tool.name for tool in (await chat.client.list_tools()).tools] == ["list_accounts"]
        assert "did you mean key?" in error(await chat.call("list_accounts"))["message"]


async def test_walking_the_calendar_yields_each_event_once(era: Era) -> None:
    async with chatting(era=era) as chat:
        seen: list[str] = []
        starts: list[str | None] = []
        cursor, pages = "", 0
        while True:
            page = await chat.call(
                "list_events", when="all", fields=["ref", "starts"], limit=7, **({"cursor": cursor} if cursor else {})
            )
            seen += [row[0] for row in page["rows"]]
            starts += [row[1] for row in page["rows"]]
            pages += 1
            if "next_cursor" not in page:
                break
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == page["total"] >= 60
        assert pages == -(-len(seen) // 7)
        first_undated = starts.index(None) if None in starts else len(starts)
        assert all(start is None for start in starts[first_undated:])
