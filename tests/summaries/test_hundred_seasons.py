"""`event_summary` through a client, on a hundred random seasons of all platforms: every figure true, every answer short.

The truth is asked of the sandbox's tables, and what `basis` says was read is compared with the requests that came in.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest

from eventdesk_server.sandbox.faults import Seen
from tests.mcp.conftest import Chat, chatting
from tests.mcp.reading import ask
from tests.providers.heysummit.summit import VERSIONS
from tests.summaries import fair, house, listings, schedule, summit
from tests.summaries.truth import ZONES, Truth, Window, told, window
from tests.support import NOW

pytestmark = pytest.mark.anyio
EDITIONS = (schedule.TITLES[:2], fair.TITLES, summit.TITLES)
"""An event and the one of the year before."""
COLUMNS = ("ref", "title", "starts", "registered", "left", "checked_in", "revenue", "new", "reach", "clicks")


@dataclass
class Case:
    """A season, the span that is asked for, and the chat about it."""

    rng: random.Random
    span: Window
    version: str
    settings: Mapping[str, Mapping[str, Any]]
    season: Mapping[str, Any]

    @classmethod
    def of(cls, seed: int) -> "Case":
        rng = random.Random(seed)
        zone = ZONES[seed % len(ZONES)]
        span, version = window(rng, zone), rng.choice(["v1", "v2"])
        # An account without a zone counts days in UTC.
        own = {"zone": zone} if zone != "UTC" else {}
        settings = {name: dict(own) for name in ("eventschedule", "eventtia", "heysummit", "evvnt")}
        settings["heysummit"] = {**VERSIONS[version], **own, **rng.choice([{}, {"currency": "EUR"}])}
        if not own:
            settings["heysummit"].pop("zone", None)
        settings["evvnt"] = {"zone": zone}
        season = {
            "eventschedule": schedule.season(rng, zone, span),
            "eventtia": fair.season(rng, zone, span),
            "heysummit": summit.season(rng, zone, span),
            "eventhq": house.season(rng, NOW.date()),
            "evvnt": listings.season(rng),
        }
        return cls(rng, span, version, settings, season)

    def truths(self, chat: Chat) -> dict[str, Truth]:
        """By title."""
        store = chat.rehearsal.sandbox.world.store
        found = [schedule.truth(store, title) for title in schedule.TITLES]
        found += [fair.truth(store, title) for title in fair.TITLES]
        found += [summit.truth(store, t, self.version, dict(self.settings["heysummit"])) for t in summit.TITLES]
        found += [house.truth(store, title, NOW.date()) for title in house.TITLES]
        found += [listings.truth(store, title, spanned=self.span.given) for title in listings.TITLES]
        return {truth.title: truth for truth in found}


async def refs(chat: Chat) -> dict[str, str]:
    """Refs of all events by their titles."""
    answer = await chat.call("list_events", when="all", fields=["ref", "title"], limit=200)
    return {title: ref for ref, title in answer["rows"]}


def check(answer: Mapping[str, Any], truth: Truth, span: Window) -> None:
    assert told(answer) == truth.facts(span)
    assert answer["starts"][:10] == str(truth.starts)
    for beginning in truth.notes:
        assert any(note.startswith(beginning) for note in answer["notes"]), (beginning, answer["notes"])


def pages_read(seen: Sequence[Seen], version: str) -> list[int]:
    """How many pages of which lists the requests about one event asked for, in the order that `basis` names them."""
    (provider,) = {one.provider for one in seen}
    asked = [(one.path, parse_qs(one.query)) for one in seen]
    match provider:
        case "eventschedule":
            return [sum(path.endswith("/sales") for path, _ in asked)]
        case "eventtia":
            assert sum(path.endswith("/tickets-stats") for path, _ in asked) == 1
            return [
                sum(path.endswith("/attendees") and "include_archived" in query for path, query in asked),
                sum(path.endswith("/attendee-payments") for path, _ in asked),
            ]
        case "heysummit":
            people = [query for path, query in asked if path.endswith("/attendees/")]
            # What is asked for the platform's own count: on version 1 a first page, which is read again.
            counts = [query for query in people if query.get("limit") == ["1"]] if version == "v2" else people[:1]
            return [len(people) - len(counts)]
        case _:
            assert len(seen) <= 4
            return []


def same_point(before: Truth, after: Truth) -> dict[str, Any]:
    """Heads of the earlier edition as many days before its start as it is now to the later one's."""
    today = NOW.astimezone(ZoneInfo(after.zone)).date()
    assert before.starts is not None
    assert after.starts is not None
    day = before.starts - (after.starts - today)
    return {"date": day.isoformat(), "registered": sum(n for at, n in before.by_day().items() if at <= day)}


@pytest.mark.parametrize("block", range(20))
async def test_every_figure_of_a_hundred_seasons_is_the_truth_of_their_tables(block: int) -> None:
    for seed in range(5 * block, 5 * block + 5):
        case = Case.of(seed)
        async with chatting(season=case.season, settings=case.settings) as chat:
            await compare(case, chat)


async def compare(case: Case, chat: Chat) -> None:
    """Each event alone, one date of the repeating one, all in a table, and each year beside the one before."""
    store = chat.rehearsal.sandbox.world.store
    schedule.unsettle(case.rng, store)
    named, truths = await refs(chat), case.truths(chat)
    assert named.keys() == truths.keys()
    single: dict[str, dict[str, Any]] = {}
    for title, truth in truths.items():
        chat.rehearsal.sandbox.faults.forget()
        single[title] = await ask(chat, "event_summary", events=[named[title]], **case.span.asked)
        check(single[title], truth, case.span)
        read = [int(number) for number in re.findall(r"\d+ of (\d+) pages?", single[title]["basis"])]
        assert read == pages_read(chat.rehearsal.seen, case.version)
    day, weekly = schedule.occurrence(case.rng), schedule.TITLES[2]
    one = await ask(chat, "event_summary", events=[named[weekly]], occurrence=day.isoformat(), **case.span.asked)
    check(one, schedule.truth(store, weekly, day), case.span)

    table = await ask(chat, "event_summary", events=list(named.values()), **case.span.asked)
    assert table["basis"] == f"{len(named)} of {len(named)} events"
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    for row, title in zip(rows, named, strict=True):
        assert {name: value for name, value in row.items() if value is not None} == {
            name: value for name, value in single[title].items() if name in COLUMNS
        }

    for later, earlier in EDITIONS:
        both = await ask(chat, "event_summary", events=[named[later], named[earlier]], **case.span.asked)
        before, after = both["events"]
        assert before.pop("same_point") == same_point(truths[earlier], truths[later])
        for answer, title in ((before, earlier), (after, later)):
            assert answer == {name: value for name, value in single[title].items() if name not in {"notes", "sandbox"}}
