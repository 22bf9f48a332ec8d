"""A hundred people of whom seven cannot be registered, over MCP, on every platform that registers: from rows and from a file."""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eventdesk_tools.answers import compact
from tests.mcp.conftest import Chat, Era, Hours, Human, chatting
from tests.mcp.guests import PLATFORMS, event_at, in_database, people, posts, reasons, sent, settings_of
from tests.tokens import count

pytestmark = pytest.mark.anyio

BAD = {4, 10, 21, 42, 56, 78, 100}
FIXED = {"eventtia": 8, "heysummit": 5, "heysummit v1": 15, "eventschedule": 3}
"""Requests of a call, whatever the number of its rows: the event, its forms or tickets, who is there already, a log-in."""


def a_hundred(event: str) -> list[dict[str, Any]]:
    account, _, number = event.partition(":")
    rows = people(100)
    rows[3]["email"] = "not an address"
    rows[9]["name"] = "\u200b "
    rows[20]["ticket"] = "Balcony"
    rows[41]["email"] = "ADA0@pier.example"
    rows[55]["email"] = "ada\r\nBcc: all@pier.example"
    rows[77]["ticket"] = f"{account}:{number}0:t-8809"
    rows[99]["ticket"] = f"{event}:s-1"
    return rows


def as_file(folder: Path, rows: list[dict[str, Any]]) -> str:
    """As a spreadsheet saves it: with a mark, semicolons, quotes and the line ends of Windows."""
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(["Name", "E-Mail", "Ticket"])
    table.writerows([row["name"], row["email"], row.get("ticket", "")] for row in rows)
    (folder / "guests.csv").write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return "guests.csv"


def answered_for(answer: dict[str, Any]) -> None:
    why = reasons(answer)
    assert set(why) == BAD
    assert {outcome for outcome, _ in why.values()} == {"invalid"}
    assert why[4][1] == "'not an address' is not an e-mail address."
    assert why[10][1] == "name is empty."
    assert "no ticket 'Balcony'. Allowed: " in why[21][1]
    assert why[42][1] == "the address of row 1"
    assert "is not an e-mail address" in why[56][1]
    assert "belongs to another event" in why[78][1]
    assert "is not the ref of a ticket" in why[100][1]


async def registered(chat: Chat, hours: Hours, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of the call, made again for as long as rows were left, with a pause as the platforms want it."""
    answers: list[dict[str, Any]] = []
    while not answers or "not_tried" in answers[-1]:
        hours.go(61)
        answers.append(await chat.call("register_attendees", **arguments))
        assert "error" not in answers[-1], answers[-1]
        assert len(answers) < 6
    return answers


@pytest.mark.parametrize("way", ["rows", "file"])
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_seven_bad_rows_are_explained_and_the_rest_registered_once(
    platform: str, way: str, hours: Hours, tmp_path: Path
) -> None:
    name, folder = platform.split(maxsplit=1)[0], {"import_folder": str(tmp_path)}
    async with chatting(
        name, human=Human(), limits=True, settings=settings_of(platform), options=folder, hours=hours
    ) as chat:
        at = await event_at(chat, platform)
        before = posts(chat)
        rows = a_hundred(at["event"])
        given = {"rows": rows} if way == "rows" else {"file": as_file(tmp_path, rows)}
        answers = await registered(chat, hours, {**at, **given})
        assert sum(answer.get("registered", 0) for answer in answers) == 93
        assert (answers[-1]["invalid"], answers[-1]["total"]) == (7, 100)
        answered_for(answers[-1])
        people_there = in_database(chat, platform)
        assert (len(people_there), set(people_there.values())) == (93, {1})
        assert posts(chat) - before == 93
        hours.go(61)
        again = await chat.call("register_attendees", **at, **given)
        assert (again["already_registered"], again["invalid"]) == (93, 7)
        assert "registered" not in again
        assert posts(chat) - before == 93
        assert in_database(chat, platform) == people_there


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_dry_run_shows_in_order_what_is_then_sent_and_sends_no_write(platform: str, hours: Hours) -> None:
    async with chatting(
        platform.split(maxsplit=1)[0], human=Human(), limits=True, settings=settings_of(platform), hours=hours
    ) as chat:
        at = await event_at(chat, platform)
        before = posts(chat)
        arguments = {**at, "rows": a_hundred(at["event"])}
        hours.go(61)
        shown = await chat.call("register_attendees", **arguments, dry_run=True)
        assert (shown["outcome"], shown["would_register"], shown["invalid"]) == ("preview", 93, 7)
        answered_for(shown)
        assert posts(chat) == before
        requests = shown["requests"]
        assert 2 <= len(requests) < 93
        assert (
            "Only the first of 93 requests are shown; the others are alike and follow in this order." in shown["notes"]
        )
        assert count(compact(shown)) <= 600
        await registered(chat, hours, arguments)
        really = sent(chat)[before:]
        assert len(really) == 93
        for request, one in zip(requests, really, strict=False):
            assert request["method"] == one.method
            assert one.path.endswith(request["path"])
            assert one.body == json.dumps(request["body"], ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_each_row_costs_one_request_beyond_what_all_share(platform: str, hours: Hours) -> None:
    async with chatting(
        platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform), era="2025", hours=hours
    ) as chat:
        at = await event_at(chat, platform)
        hours.go(61)
        chat.rehearsal.sandbox.faults.seen.clear()
        answer = await chat.call("register_attendees", **at, rows=people(25))
        assert answer["registered"] == 25
        asked = Counter(f"{seen.method} {seen.path}" for seen in chat.rehearsal.seen)
        assert sum(asked.values()) <= 25 + FIXED[platform], asked


async def test_a_call_that_asks_reads_once_more_what_all_share_and_nothing_for_each_row(hours: Hours, era: Era) -> None:
    async with chatting("eventtia", human=Human(), era=era, hours=hours) as chat:
        at = await event_at(chat, "eventtia")
        answer = await chat.call("register_attendees", **at, rows=people(80))
        assert answer["registered"] == 80
        assert len(chat.rehearsal.seen) <= 80 + 2 * FIXED["eventtia"]
