"""Each prompt, followed to the letter against the demo season of every platform: its calls are good and answer what it needs."""

import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from mcp import Client

from eventdesk_prompts import load
from tests.prompts.rehearsing import NOW, called, calls_in, connected, told

pytestmark = pytest.mark.anyio

ACCOUNTS = ("demo-heysummit", "demo-eventhq", "demo-eventtia", "demo-evvnt", "demo-eventschedule")
TELL_NO_PEOPLE = {("door_list", "demo-eventhq"), ("door_list", "demo-evvnt")}
CANNOT = {
    ("clone_last_edition", account): {"clone_event"} for account in ("demo-heysummit", "demo-eventhq", "demo-evvnt")
}
"""evvnt publishes every copy, so that it first wants a person's word for that."""
TOLD_WHAT_THEN = {"unsupported", "rate_limited"}
"""What the prompts themselves tell the assistant how to go on from."""


async def two_events(client: Client, account: str) -> list[str]:
    answer = await called(
        client, "list_events", {"account": account, "when": "all", "fields": ["ref", "title", "repeats"]}
    )
    return [row[0] for row in answer["rows"] if not row[2]][:2]


async def follow(client: Client, text: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Make every call that the text asks for, with every page of a list."""
    made: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    for tool, arguments in calls_in(text):
        answer = await called(client, tool, arguments)
        made.append((tool, arguments, answer))
        while "next_cursor" in answer:
            answer = await called(client, tool, {**arguments, "cursor": answer["next_cursor"]})
            made.append((tool, arguments, answer))
    return made


def arguments_of(prompt: str, event: str, account: str, previous: str) -> dict[str, str]:
    values = {
        "event": event,
        "account": account,
        "previous": previous,
        "starts": "2027-12-20T10:00",
        "title": "The next edition",
    }
    return {known.name: values[known.name] for known in load()[prompt].arguments if known.name in values}


@pytest.mark.parametrize("prompt", load())
@pytest.mark.parametrize("account", ACCOUNTS)
async def test_every_call_of_a_prompt_is_understood_on_every_platform(prompt: str, account: str) -> None:
    async with connected() as client:
        event, previous = await two_events(client, account)
        text = await told(client, prompt, **arguments_of(prompt, event, account, previous))
        made = await follow(client, text)
    assert {tool for tool, _, _ in made} >= load()[prompt].tools
    failed = [answer["error"] for _, _, answer in made if "error" in answer]
    assert {error["code"] for error in failed} <= TOLD_WHAT_THEN, failed
    assert all(error["next"] for error in failed)
    assert all("retry_after" in error for error in failed if error["code"] == "rate_limited")
    answered = {tool for tool, _, answer in made if "error" not in answer}
    assert answered >= load()[prompt].tools - (
        load()[prompt].tools if (prompt, account) in TELL_NO_PEOPLE else CANNOT.get((prompt, account), set())
    )


async def test_the_door_list_holds_everybody_once() -> None:
    async with connected() as client:
        event = "demo-eventtia:harbor-design-days"
        made = await follow(client, await told(client, "door_list", event=event))
        people = [row for _, arguments, answer in made if "ticket" in arguments["fields"] for row in answer["rows"]]
        counts = await called(client, "list_attendees", {"event": event, "count_by": "status"})
    assert (
        len(people)
        == made[0][2]["total"]
        == sum(number for word, number in counts["rows"] if word in ("confirmed", "pending"))
    )


async def test_the_door_list_of_a_session_is_of_those_booked_into_it() -> None:
    async with connected() as client:
        event = "demo-eventtia:harbor-design-days"
        sessions = await called(client, "list_sessions", {"event": event})
        title = sessions["rows"][1][1]
        made = await follow(client, await told(client, "door_list", event=event, session=title))
        whole = await called(client, "list_attendees", {"event": event, "limit": 200})
    assert made[0][1]["session"] == title
    assert 0 < made[0][2]["total"] < whole["total"]


async def test_the_next_edition_is_previewed_and_then_made_by_the_same_call() -> None:
    given = {"event": "demo-eventschedule:NAoFZg", "starts": "2027-12-20T20:00", "title": "Closing Party, again"}
    async with connected() as client:
        made = await follow(client, await told(client, "clone_last_edition", **given))
        tool, arguments, preview = next(step for step in made if step[0] == "clone_event")
        assert preview["outcome"] == "preview"
        before = await called(client, "list_events", {"when": "all", "text": "Closing Party, again"})
        done = await called(client, tool, {**arguments, "dry_run": False})
        after = await called(client, "list_events", {"when": "all", "text": "Closing Party, again"})
    assert arguments == {**given, "dry_run": True}
    assert before["total"] == 0
    assert done["outcome"] == "done"
    assert [row[2][:16] for row in after["rows"]] == ["2027-12-20T20:00"]
    assert after["rows"][0][3] == "draft"
    assert done["not_copied"]


async def test_the_report_compares_with_the_edition_before_and_names_nobody() -> None:
    event, previous = "demo-eventtia:harbor-design-days", "demo-eventtia:harbor-design-days-last-year"
    async with connected() as client:
        made = await follow(client, await told(client, "post_event_report", event=event, previous=previous))
        people = await called(client, "list_attendees", {"event": event, "fields": ["email"], "limit": 200})
    single, both = (answer for tool, _, answer in made if tool == "event_summary")
    assert single["ref"] == event
    assert {told_["ref"] for told_ in both["events"]} == {event, previous}
    counts = json.dumps([answer for tool, _, answer in made if tool != "list_sales"], ensure_ascii=False)
    assert people["rows"]
    assert not [row for row in people["rows"] if row[0] in counts]


async def test_the_weeks_of_the_numbers_touch_and_do_not_overlap() -> None:
    async with connected() as client:
        text = await told(client, "weekly_numbers", account="demo-eventschedule")
        made = await follow(client, text)
    this, last = (arguments for tool, arguments, _ in made if tool == "event_summary")
    days = [date.fromisoformat(day) for day in (last["since"], last["until"], this["since"], this["until"])]
    assert [(later - earlier).days for earlier, later in pairwise(days)] == [6, 1, 6]
    assert days[-1] == NOW.date()
    answers = [answer for tool, _, answer in made if tool == "event_summary"]
    assert all("new" in answer["columns"] for answer in answers)
    assert all(arguments["account"] == "demo-eventschedule" for _, arguments, _ in made)
