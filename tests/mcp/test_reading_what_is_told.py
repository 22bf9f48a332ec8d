"""Lists of people, sales and sessions: what a platform does not tell is named, and never an empty list."""

from typing import Any

import pytest

from tests.mcp.conftest import chatting
from tests.mcp.reading import FOLK, V1, WEEK, ask, chat_of, refused, walk
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit

pytestmark = pytest.mark.anyio
UNTOLD: list[tuple[str, str, str, dict[str, Any]]] = [
    ("eventschedule", FOLK, "list_attendees", {"checked_in": True}),
    ("eventschedule", FOLK, "list_attendees", {"session": "Act 1"}),
    ("eventschedule", FOLK, "list_attendees", {"fields": ["company"]}),
    ("eventschedule", FOLK, "list_attendees", {"count_by": "Diet"}),
    ("eventschedule", FOLK, "list_attendees", {"status": "rejected"}),
    ("eventschedule", FOLK, "list_sales", {"status": "failed"}),
    ("eventschedule", FOLK, "list_sessions", {"attendee": "p1@mail.test"}),
    ("eventschedule", FOLK, "list_sessions", {"fields": ["seats"]}),
    ("eventtia", "Spring Fair", "list_attendees", {"fields": ["source"]}),
    ("eventtia", "Spring Fair", "list_attendees", {"count_by": "source"}),
    ("eventtia", "Spring Fair", "list_attendees", {"status": "incomplete"}),
    ("eventtia", "Spring Fair", "list_attendees", {"occurrence": "2027-05-01"}),
    ("eventtia", "Spring Fair", "list_sales", {"status": "unpaid"}),
    ("heysummit", WEEK, "list_attendees", {"paid": True}),
    ("heysummit", WEEK, "list_attendees", {"checked_in": False}),
    ("heysummit", WEEK, "list_attendees", {"status": "cancelled"}),
    ("heysummit", WEEK, "list_attendees", {"ticket": "t-8801"}),
    ("heysummit", WEEK, "list_attendees", {"fields": ["ref", "ticket"]}),
    ("heysummit", WEEK, "list_attendees", {"count_by": "ticket"}),
]


@pytest.mark.parametrize(("provider", "event", "tool", "filters"), UNTOLD)
async def test_what_a_platform_cannot_answer_is_refused_never_an_empty_list(
    provider: str, event: str, tool: str, filters: dict[str, Any]
) -> None:
    season = {
        "eventschedule": schedule.season(schedule.event(sales=[schedule.one_line(1)])),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
        "heysummit": summit.season([summit.person(1)], [summit.talk(1)]),
    }[provider]
    async with chat_of(provider, season) as chat:
        error = await refused(chat, tool, event=event, **filters)
        assert (error["code"], bool(error["next"])) == ("unsupported", True)


async def test_a_column_that_no_row_fills_is_named_also_when_nobody_asked_for_it() -> None:
    season = {
        "heysummit": summit.season([summit.person(n) for n in range(3)], [summit.talk(n) for n in range(3)]),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
    }
    async with chatting("heysummit", "eventtia", season=season) as chat:
        people = await ask(chat, "list_attendees", event=WEEK)
        assert (len(people["rows"]), people["notes"]) == (3, ["ticket: not told."])
        payments = await ask(chat, "list_sales", event="Spring Fair")
        assert "items: not told." in payments["notes"]
        assert "items" not in payments["columns"]
        sources = await ask(chat, "list_attendees", event=WEEK, count_by="source")
        assert sources["rows"] == [[None, 3]]
        assert "source: not told by demo-heysummit." in sources["notes"]
    async with chat_of("heysummit", season["heysummit"], settings=V1) as chat:
        told = await ask(chat, "list_attendees", event=WEEK, count_by="ticket")
        assert told["rows"] == [["Free pass", 3]]


async def test_payments_of_a_whole_account_are_said_to_be_missing_where_they_are_kept_by_event() -> None:
    season = {
        "eventschedule": schedule.season(schedule.event(sales=[schedule.one_line(n) for n in range(40)])),
        "eventtia": fair.season(1, people=5, payments=5, sessions=2)[0],
    }
    async with chatting("eventschedule", "eventtia", season=season) as chat:
        rows = await walk(chat, "list_sales")
        assert len(rows) == 40
        last = await ask(chat, "list_sales", limit=200)
        assert "total" not in last
        assert any(note.startswith("demo-eventtia: unsupported") for note in last["notes"])
        assert (await refused(chat, "list_sales", account="demo-eventtia"))["code"] == "unsupported"
