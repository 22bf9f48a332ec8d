"""Lists of 237 rows at every platform, and what happens to their rows in the platforms' own tables."""

import json
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mcp import Client

from eventdesk_server.binding import EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.registry import sandbox_accounts
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_server.sandbox.core import Store
from eventdesk_tools.desk import Desk
from eventdesk_tools.journal import Reply
from tests.mcp.conftest import decoded
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit
from tests.support import NOW, ROOT, Rehearsal

MANY = 237
FIRST = datetime.fromisoformat("2027-04-01T18:00")
SPARSE = 10
"""Ids stand so far apart that another row fits between any two."""
PARTNER = "af356362-b1cd-3e2a-22aa-112142abcded"


def _day(number: int) -> datetime:
    """Three events a day."""
    return FIRST + timedelta(days=number // 3)


def _schedule_events() -> dict[str, Any]:
    rows = [schedule.event(f"Night {n}", starts_at=f"{_day(n):%Y-%m-%d %H:%M:%S}") for n in range(MANY)]
    return schedule.season(*rows)


def _schedule_orders() -> dict[str, Any]:
    parts = [{"name": f"Part {n}", "start_time": f"{n // 20 + 10}:{n % 20 + 10}"} for n in range(MANY)]
    return schedule.season(schedule.event(sales=[schedule.one_line(n) for n in range(MANY)], parts=parts))


def _fairs() -> dict[str, Any]:
    season, _ = fair.season(1, people=0, payments=0, sessions=0)
    (event,) = season["events"]
    season["events"] = [
        event | {
            "id": 90 + n * SPARSE, "name": f"Fair {n}", "event_uri": f"fair-{n}", "attendee_types": [], "speakers": [],
            "workshop_categories": [],
            "start_date": f"{_day(n).isoformat()}-05:00", "end_date": f"{(_day(n) + timedelta(hours=9)).isoformat()}-05:00",
        }
        for n in range(MANY)
    ]  # fmt: skip
    return season


def _fair_people() -> dict[str, Any]:
    season, _ = fair.season(2)
    (event,) = season["events"]
    for row in event["workshops"]:
        row["id"] *= SPARSE
    for person in event["attendees"]:
        person["id"] *= SPARSE
        person["workshops"] = [workshop * SPARSE for workshop in person["workshops"]]
        for payment in person["payments"]:
            payment["id"] *= SPARSE
    return season


def _summits() -> dict[str, Any]:
    return {
        "events": [
            {"id": 4000 + n * SPARSE, "title": f"Summit {n}", "timezone": "Europe/London",
             "talks": [summit.talk(n, date=_day(n).isoformat())]}
            for n in range(MANY)
        ]
    }  # fmt: skip


def _summit_people() -> dict[str, Any]:
    people = [summit.person(n, id=40_000 + n * SPARSE) for n in range(MANY)]
    return summit.season(people, [summit.talk(n, id=90_000 + n * SPARSE) for n in range(MANY)])


def _surveys() -> dict[str, Any]:
    rows = [
        {
            "id": 100 + n * SPARSE, "name": f"Survey {n}", "slug": f"survey-{n}", "location": "Mill Lane, Surrey",
            "registration_opens": "2026-12-06T00:00:00", "registration_closes": _day(n).isoformat(),
            "event_starts": _day(n).isoformat(), "event_ends": _day(n).isoformat(), "attendee_count": n,
        }
        for n in range(MANY)
    ]  # fmt: skip
    return {"events": rows}


def _listings() -> dict[str, Any]:
    venue = {"id": "80", "name": "Old Boathouse", "address_1": "1 Quay Road", "town": "London", "country": "GB",
             "postcode": "SE1 0AA"}  # fmt: skip
    rows = [
        {
            "id": 70_000 + n + shift, "owner": owner, "timestamp": "2027-02-01T09:00:00Z", "title": f"Gig {n}",
            "category_id": 19, "start_time": f"{_day(n).isoformat()}+0100", "summary": "Music", "venue": venue,
            "end_time": f"{(_day(n) + timedelta(hours=2)).isoformat()}+0100", "description": "Music by the water",
            **({"user_id": PARTNER} if owner == "partner" else {}),
        }
        for owner, shift in (("organiser", 0), ("partner", 1000))
        for n in range(MANY)
    ]  # fmt: skip
    return {
        "users": [{"uuid": PARTNER, "name": "Quay", "email": "quay@example.org"}],
        "publishers": [{"id": 324, "name": "Suuper", "url": "https://suuper.example.com", "category_ids": [17],
                        "roles": ["publisher"]}],
        "events": rows,
        "published_events": [{"publisher_id": 324, "event_id": 70_000 + n} for n in range(MANY)],
    }  # fmt: skip


def _feed() -> dict[str, Any]:
    season = _listings()
    return season | {"events": [row for row in season["events"] if row["owner"] == "organiser"]}


def _evvnt(role: str) -> dict[str, Any]:
    return {"role": role, "key": f"sandbox-{role}-key", "secret": f"sandbox-{role}-secret"} | (
        {"user_id": PARTNER} if role == "partner" else {}
    )


Fresh = Callable[[dict[str, Any], int], dict[str, Any]]


@dataclass(frozen=True)
class Walk:
    """A list of 237 rows: its season, the call that lists it, and the table that holds its rows.

    `fresh`: what a copy of a row needs so that it is another row, by the row and a number that is used once.
    """

    name: str
    tool: str
    provider: str
    season: Callable[[], dict[str, Any]]
    table: str
    event: str = ""
    where: str = "1 = 1"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    fresh: Fresh = lambda _row, _n: {}
    by_id: bool = True
    """Whether rows are in the order of their ids, else of another column."""

    @property
    def call(self) -> dict[str, Any]:
        named = {"event": f"demo-{self.provider}:{self.event}"} if self.event else {}
        return {"fields": ["ref"], **named, **self.arguments}

    @property
    def rehearsing(self) -> dict[str, Any]:
        return {"season": {self.provider: self.season()}, "settings": {self.provider: self.settings}}


def _new_fair(row: dict[str, Any], number: int) -> dict[str, Any]:
    uri = f"new-{number}"
    return {"event_uri": uri, "doc": json.dumps(json.loads(row["doc"]) | {"event_uri": uri})}


def _new_person(_: dict[str, Any], number: int) -> dict[str, Any]:
    return {"address": f"new{number}@example.org", "email": f"new{number}@example.org"}


V1 = summit.V1_SETTINGS
ALL = {"when": "all"}
EVERYBODY = {"status": "all"}
WALKS = [
    Walk("schedule events", "list_events", "eventschedule", _schedule_events, "eventschedule_event", arguments=ALL, by_id=False),
    Walk("fairs", "list_events", "eventtia", _fairs, "eventtia_events", arguments=ALL, fresh=_new_fair),
    Walk("summits", "list_events", "heysummit", _summits, "heysummit_events", arguments=ALL),
    Walk("summits v1", "list_events", "heysummit", _summits, "heysummit_events", arguments=ALL, settings=V1),
    Walk("surveys", "list_events", "eventhq", _surveys, "eventhq_events", arguments=ALL, fresh=lambda _, n: {"slug": f"new-{n}"}),
    *(
        Walk(f"listings of the {role}", "list_events", "evvnt", _feed if role == "publisher" else _listings, "evvnt_events", arguments=ALL, by_id=False,
             settings=_evvnt(role), fresh=lambda _, n: {"id": str(80_000 + n)}, where=f"owner = '{owner}'")
        for role, owner in (("organiser", "organiser"), ("partner", "partner"), ("publisher", "organiser"))
    ),
    Walk("agenda parts", "list_sessions", "eventschedule", _schedule_orders, "eventschedule_part", "*", by_id=False),
    Walk("activities", "list_sessions", "eventtia", _fair_people, "eventtia_records", fair.URI, "type = 'workshops'"),
    Walk("talks", "list_sessions", "heysummit", _summit_people, "heysummit_talks", "4711", "event_id = 4711"),
    Walk("talks v1", "list_sessions", "heysummit", _summit_people, "heysummit_talks", "4711", "event_id = 4711", V1),
    Walk("orders as people", "list_attendees", "eventschedule", _schedule_orders, "eventschedule_sale", "*",
         arguments=EVERYBODY, by_id=False),
    Walk("people of a fair", "list_attendees", "eventtia", _fair_people, "eventtia_attendees", fair.URI, arguments=EVERYBODY),
    Walk("people of a summit", "list_attendees", "heysummit", _summit_people, "heysummit_attendees", "4711",
         "event_id = 4711", arguments=EVERYBODY, fresh=_new_person),
    Walk("people of a summit v1", "list_attendees", "heysummit", _summit_people, "heysummit_attendees", "4711",
         "event_id = 4711", V1, EVERYBODY, _new_person),
    Walk("orders", "list_sales", "eventschedule", _schedule_orders, "eventschedule_sale", "*", by_id=False),
    Walk("orders of an account", "list_sales", "eventschedule", _schedule_orders, "eventschedule_sale", by_id=False),
    Walk("payments", "list_sales", "eventtia", _fair_people, "eventtia_records", fair.URI, "type = 'payments'"),
    Walk("tickets held", "list_sales", "heysummit", _summit_people, "heysummit_attendees", "4711", "event_id = 4711", V1,
         fresh=_new_person),
]  # fmt: skip


class Rows:
    """The rows of a list where the platform keeps them. `goes`: how likely a change is that one goes."""

    def __init__(self, walk: Walk, store: Store, rng: random.Random, goes: float) -> None:
        self._walk, self._store, self._rng, self._goes = walk, store, rng, goes
        self._made = 0

    def change(self) -> None:
        """A row goes, or comes next to another: before, at or after wherever a reader stands."""
        sql = f"select * from {self._walk.table} where {self._walk.where}"
        row = self._rng.choice(self._store.rows(sql))
        if self._rng.random() < self._goes:
            self._store.execute(f"delete from {self._walk.table} where id = ?", (row["id"],))
            return
        self._made += 1
        number = row["id"]
        if self._walk.by_id:
            while self._store.row(f"select 1 from {self._walk.table} where id = ?", (number,)):
                number += 1
        else:
            row.pop("id")
            row.pop("seq", None)
        self._store.insert(
            self._walk.table, row | ({"id": number} if self._walk.by_id else {}) | self._walk.fresh(row, self._made)
        )


@asynccontextmanager
async def restarted(r: Rehearsal, walk: Walk) -> AsyncGenerator[Client]:
    """A client of a server that has just started, with the same account at the same platform."""
    connection = {walk.provider: r.sandbox.connections(ROOT)[walk.provider]}

    async def sleep(_: float) -> None:
        raise AssertionError("nothing has to be waited for")

    settings = {walk.provider: walk.settings}
    accounts = sandbox_accounts(connection, r.sandbox.transport, r.sandbox.clock.now, settings, sleep)
    desk = Desk(accounts=accounts, now=lambda: NOW, runtime=AnyioRuntime(sleep), journal=SqliteJournal())

    async def nowhere(_: object) -> Reply:
        raise AssertionError("nobody has to be asked")

    try:
        async with Client(EventdeskServer(desk, nowhere, subscriptions=False), raise_exceptions=True) as client:
            yield client
    finally:
        for account in accounts.values():
            await account.provider.aclose()


async def asked(r: Rehearsal, walk: Walk, **more: Any) -> dict[str, Any]:
    """What a server that has just started answers to the walk's call."""
    async with restarted(r, walk) as client:
        return decoded(await client.call_tool(walk.tool, walk.call | more))
