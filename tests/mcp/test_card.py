"""The page for `event_summary`: for clients that show pages, past the model, with figures and no people."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import CallToolResult, TextContent, TextResourceContents

from eventdesk_server import card
from tests.mcp.conftest import Chat, Era, Hours, chatting

pytestmark = pytest.mark.anyio
FAIR = "demo-eventtia:harbor-design-days"
PLAYS = "demo-eventschedule:8oBfKB"
LISTING = {"account": "demo-evvnt"}


@asynccontextmanager
async def showing(era: Era, *providers: str, **more: Any) -> AsyncGenerator[tuple[Client, Chat]]:
    """A client that shows pages, beside one that does not, at one server."""
    async with chatting(*providers, era=era, **more) as chat:
        pages = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})
        async with Client(chat.server, mode="legacy" if era == "2025" else "auto", extensions=[pages]) as client:
            yield client, chat


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def shown(result: CallToolResult) -> dict[str, Any]:
    assert result.meta is not None
    return result.meta[card.DATA]


async def test_only_a_client_that_shows_pages_is_told_of_the_page(era: Era) -> None:
    async with showing(era) as (client, chat):
        listed = {tool.name: tool.meta for tool in (await client.list_tools()).tools}
        plain = (await chat.client.list_tools()).tools
    assert listed.pop("event_summary") == {"ui": {"resourceUri": card.URI}}
    assert not any(listed.values())
    assert not any(tool.meta for tool in plain)


async def test_a_client_that_names_no_format_of_pages_is_sent_none(era: Era) -> None:
    async with chatting("eventtia", era=era) as chat:
        mode = "legacy" if era == "2025" else "auto"
        async with Client(chat.server, mode=mode, extensions=[advertise(EXTENSION_ID)]) as client:
            assert not any(tool.meta for tool in (await client.list_tools()).tools)
            result = await client.call_tool("event_summary", {"events": [FAIR]})
    assert card.DATA not in (result.meta or {})


async def test_the_model_reads_the_same_with_and_without_a_page(era: Era, hours: Hours) -> None:
    async with showing(era, hours=hours) as (client, chat):
        for given in ({}, {"events": [FAIR]}, {"events": [FAIR, PLAYS]}):
            hours.go(600)  # the platforms limit how much is asked a minute
            with_page = await client.call_tool("event_summary", given)
            hours.go(600)
            without = await chat.client.call_tool("event_summary", given)
            assert text_of(with_page) == text_of(without)
            assert card.DATA not in (without.meta or {})
            assert len(shown(with_page)["events"]) == len(given.get("events", [])) or not given


async def test_the_page_is_served_in_the_format_of_apps(era: Era) -> None:
    async with showing(era) as (client, _):
        (listed,) = [one for one in (await client.list_resources()).resources if one.uri == card.URI]
        (page,) = (await client.read_resource(card.URI)).contents
    assert listed.mime_type == page.mime_type == APP_MIME_TYPE
    assert isinstance(page, TextResourceContents)
    assert page.text.startswith("<!doctype html>")
    assert "default-src 'none'" in page.text


async def test_a_page_holds_every_day_and_every_ticket_where_the_answer_is_short(era: Era) -> None:
    async with showing(era, "eventtia") as (client, _):
        result = await client.call_tool("event_summary", {"events": [FAIR]})
    told, (event,) = json.loads(text_of(result)), shown(result)["events"]
    assert event["registered"] == told["registered"] == sum(event["days"]["heads"])
    assert event["days"]["heads"][0] > 0
    assert event["days"]["heads"][-1] > 0
    assert [t["name"] for t in event["tickets"]] == [row[1] for row in told["tickets"]["rows"]]
    assert [t.get("sold") for t in event["tickets"]] == [row[3] for row in told["tickets"]["rows"]]
    assert event["checked_in"] == told["checked_in"]
    assert ", ".join(f"{m['revenue']} {m['currency']}" for m in event["money"]) == told["revenue"]
    assert shown(result)["sandbox"] is True


async def test_what_a_platform_does_not_tell_is_named_and_never_zero(era: Era) -> None:
    async with showing(era) as (client, _):
        plays = shown(await client.call_tool("event_summary", {"events": [PLAYS]}))["events"][0]
        pond = shown(await client.call_tool("event_summary", {"events": ["demo-eventhq:pond-survey-april-2027"]}))
    assert plays["untold"] == ["check-ins"]
    assert "checked_in" not in plays
    (survey,) = pond["events"]
    assert survey["untold"] == ["check-ins", "revenue", "registrations over time"]
    assert "days" not in survey
    assert "money" not in survey


async def test_a_listing_misses_nothing_that_listings_do_not_have(era: Era) -> None:
    async with showing(era, "evvnt") as (client, _):
        events = shown(await client.call_tool("event_summary", LISTING))["events"]
    assert events
    assert all("untold" not in event and event["sites"] >= event["live"] for event in events)


async def test_no_person_is_on_the_page(era: Era) -> None:
    async with showing(era) as (client, chat):
        people = {
            cell
            for event in (FAIR, PLAYS)
            for row in (await chat.call("list_attendees", event=event, fields=["name", "email"], limit=200))["rows"]
            for cell in row
            if cell
        }
        page = json.dumps(shown(await client.call_tool("event_summary", {"events": [FAIR, PLAYS]})), ensure_ascii=False)
    assert len(people) > 100
    assert not [one for one in people if one in page]


async def test_an_event_that_could_not_be_read_is_counted_as_asked_for_and_said(era: Era) -> None:
    async with showing(era, "eventtia", "eventschedule") as (client, _):
        data = shown(await client.call_tool("event_summary", {"events": [FAIR, "demo-eventschedule:nowhere"]}))
    assert data["asked"] == 2
    assert len(data["events"]) == 1
    assert any("demo-eventschedule:nowhere" in note for note in data["notes"])


async def test_a_failed_call_has_no_page(era: Era) -> None:
    async with showing(era, "eventtia") as (client, _):
        result = await client.call_tool("event_summary", {"events": ["demo-eventtia:nowhere"]})
    assert result.is_error
    assert card.DATA not in (result.meta or {})


def test_no_text_ends_the_data_or_the_page() -> None:
    texts = ["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028\u2029", "\ud800"]
    page = card.page_with({"version": 1, "events": [{"title": text} for text in texts]})
    assert page.count("</script>") == 2
    place = page.partition('id="data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(place)
    assert [event["title"] for event in json.loads(place)["events"]] == texts
