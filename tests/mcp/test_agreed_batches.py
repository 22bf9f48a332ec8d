"""A yes to a batch covers each of its writes: what limits leave over goes on without a further question."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.previews import AGREED_SECONDS
from eventdesk_tools.journal import Preview, Reply
from tests.journal.support import Clock, no_sleep
from tests.mcp.conftest import Era, Hours, Human, chatting, decoded
from tests.mcp.guests import FAIR, SUMMIT, in_database, people, quay_fair, reasons, sent, waits
from tests.mcp.writing import refs

pytestmark = pytest.mark.anyio
BATCH: dict[str, Any] = {"event": FAIR, "ticket": "General", "rows": people(100)}
"""More than Eventtia takes in a minute."""
ADA = {"name": "Ada Pier", "email": "ada@pier.example"}


async def never(_: Preview) -> Reply:
    raise AssertionError("this client can ask")


async def test_a_registered_batch_that_a_limit_stops_is_asked_about_once(hours: Hours, era: Era) -> None:
    human = Human()
    async with chatting("eventtia", human=human, limits=True, hours=hours, era=era) as chat:
        first = await chat.call("register_attendees", **BATCH)
        hours.go(waits(first))
        second = await chat.call("register_attendees", **BATCH)
        assert second["registered"] == first["not_tried"] > 5
        assert second["already_registered"] == first["registered"]
        assert [text.partition("?")[0] for text in human.asked] == [f"Register 100 people at {FAIR}"]


async def test_a_cancelled_batch_that_a_limit_stops_is_asked_about_once(hours: Hours, era: Era) -> None:
    human = Human()
    async with chatting("eventtia", human=human, limits=True, era=era, hours=hours) as chat:
        wanted = await refs(chat, FAIR, 50)
        first = await chat.call("cancel_registration", attendees=wanted)
        assert any("make the same call again" in note for note in first["notes"])
        assert len(human.asked) == 1
        hours.go(waits(first))
        second = await chat.call("cancel_registration", attendees=wanted)
        assert "not_tried" not in str(second["rows"])
        assert len(human.asked) == 1


async def test_after_a_restart_the_rest_of_a_batch_is_not_asked_about_again(hours: Hours, tmp_path: Path) -> None:
    human = Human()
    journal = {"journal": SqliteJournal(tmp_path)}
    async with chatting("eventtia", human=human, limits=True, hours=hours, options=journal) as chat:
        first = await chat.call("register_attendees", **BATCH)
        hours.go(waits(first))
        human.asked.clear()
        desk = replace(chat.rehearsal.desk, journal=SqliteJournal(tmp_path))
        async with Client(EventdeskServer(desk, never, subscriptions=False), elicitation_callback=human) as client:
            second = decoded(await client.call_tool("register_attendees", BATCH))
        assert second["registered"] == first["not_tried"] > 5
        assert human.asked == []
        assert len(in_database(chat, "eventtia")) == 100


CHANGED: dict[str, dict[str, Any]] = {"nothing": {}, "the names": {"name": "Bo Quay"}, "the tickets": {"ticket": "VIP"}}


@pytest.mark.parametrize("what", CHANGED)
async def test_what_changed_since_a_batch_was_agreed_to_is_asked_about_again(hours: Hours, what: str) -> None:
    human = Human()
    async with chatting("eventtia", human=human, limits=True, hours=hours) as chat:
        first = await chat.call("register_attendees", **BATCH)
        hours.go(waits(first))
        human.asked.clear()
        left = [{**row, **CHANGED[what]} for row in people(100)[first["registered"] :]]
        second = await chat.call("register_attendees", **BATCH | {"rows": left})
        assert second["registered"] == len(left) > 5
        assert len(human.asked) == bool(CHANGED[what])


async def test_a_yes_to_a_batch_ends_after_an_hour(hours: Hours) -> None:
    human, clock = Human(), Clock()
    journal = {"journal": SqliteJournal(None, clock, no_sleep)}
    async with chatting("eventtia", human=human, limits=True, hours=hours, options=journal) as chat:
        first = await chat.call("register_attendees", **BATCH)
        hours.go(waits(first))
        human.asked.clear()
        clock.at += AGREED_SECONDS
        await chat.call("register_attendees", **BATCH)
        assert [text.partition("?")[0] for text in human.asked] == [f"Register {first['not_tried']} people at {FAIR}"]


async def test_a_yes_is_used_up_when_its_write_is_done() -> None:
    human = Human()
    async with chatting("eventschedule", human=human) as chat:
        at = await quay_fair(chat)
        for _ in range(2):
            made = await chat.call("register_attendee", event=at, **ADA)
            human.asked.clear()
            cancelled = await chat.call("cancel_registration", attendees=[made["ref"]])
            assert cancelled["rows"][0][1] == "done"
            assert len(human.asked) == 1


@pytest.mark.parametrize("free", [1, 11])
async def test_a_question_of_a_later_row_is_asked_though_the_rows_before_it_need_none(free: int) -> None:
    human = Human()
    async with chatting("heysummit", human=human) as chat:
        tickets = [*["Free pass, Free"] * free, "All access, Early"]
        rows = [{**row, "ticket": ticket} for row, ticket in zip(people(free + 1), tickets, strict=True)]
        given = {"event": SUMMIT, "complimentary": True}
        single = await chat.call("register_attendee", **given, **rows[-1], dry_run=True)
        answer = await chat.call("register_attendees", **given, rows=rows)
        assert answer["registered"] == free + 1, answer
        assert len(human.asked) == 1
        assert single["question"] in human.asked[0]


async def test_the_questions_of_two_rows_stand_in_the_one_that_is_asked() -> None:
    human = Human()
    async with chatting("heysummit", human=human) as chat:
        rows = people(2, ticket="All access, Early")
        given = {"event": SUMMIT, "complimentary": True}
        singles = [await chat.call("register_attendee", **given, **row, dry_run=True) for row in rows]
        assert (await chat.call("register_attendees", **given, rows=rows))["registered"] == 2
        assert len(human.asked) == 1
        assert all(single["question"] in human.asked[0] for single in singles)


async def test_the_page_on_which_a_batch_is_allowed_shows_its_requests() -> None:
    async with chatting("eventtia") as chat:
        rows = [*people(8), {"name": "Ada", "email": "no"}]
        asked = await chat.call("register_attendees", event=FAIR, ticket="General", rows=rows)
        assert (asked["outcome"], asked["people"]) == ("preview", 8)
        preview = await chat.rehearsal.desk.journal.preview(chat.links[0])
        assert preview is not None
        bodies = str(preview.body["requests"])
        assert all(row["email"] in bodies for row in people(8))
        assert sent(chat) == []
        assert await chat.rehearsal.desk.journal.approve(preview.id)
        done = await chat.call("register_attendees", event=FAIR, ticket="General", rows=rows)
        assert (done["registered"], done["invalid"]) == (8, 1)
        assert list(reasons(done)) == [9]
