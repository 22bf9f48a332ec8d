"""What the HeySummit stand-in stores: its tables, how a season gets into them, and what the views ask of them."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import Store
from eventdesk_server.sandbox.heysummit import season as fmt

LARGEST = 2**63 - 1
"""SQLite's largest integer; no id is larger."""

_SCHEMA = """
create table if not exists heysummit_events (id integer primary key, data text not null);
create table if not exists heysummit_parts (
    kind text not null, id integer not null, event_id integer not null, data text not null, primary key (kind, id));
create table if not exists heysummit_talks (
    id integer primary key, event_id integer not null, sort_at text, is_active integer not null, data text not null);
create table if not exists heysummit_tickets (
    id integer primary key, event_id integer not null, remaining text not null, data text not null);
create table if not exists heysummit_prices (
    id integer primary key, ticket_id integer not null, title text not null, price text not null);
create table if not exists heysummit_attendees (
    id integer primary key, event_id integer not null, email text not null, address text not null, name text not null,
    status text not null, created_at text not null, data text not null, unique (event_id, address));
create table if not exists heysummit_holdings (
    attendee_id integer not null, ticket_id integer not null, price_id integer, gross text, net text,
    created_at text not null, primary key (attendee_id, ticket_id));
create table if not exists heysummit_schedule (
    id integer primary key, attendee_id integer not null, talk_id integer not null, event_id integer not null,
    created_at text not null, unique (attendee_id, talk_id));
create index if not exists heysummit_talks_event on heysummit_talks (event_id);
create index if not exists heysummit_attendees_event on heysummit_attendees (event_id);
create index if not exists heysummit_prices_ticket on heysummit_prices (ticket_id);
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of one table."""

    table: str
    where: str = "1"
    values: tuple[object, ...] = ()
    by_time: bool = False
    """Sorts by its `sort_at`, rows without one last, instead of by id."""

    def also(self, where: str, *values: object) -> "Selection":
        """The same, narrowed."""
        return Selection(self.table, f"{self.where} and {where}", (*self.values, *values), by_time=self.by_time)


class Full(Exception):
    """No place or ticket is left."""


def zone_of(name: object) -> ZoneInfo | None:
    """The zone of that name, if it is one."""
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (KeyError, ValueError, OSError):
        return None


def _sort_at(text: str | None, zone: object) -> str | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_of(zone) or UTC)
    return moment.astimezone(UTC).isoformat()


def _with_data(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "data": json.loads(row["data"])}


class Records:
    """The stand-in's tables."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.script(_SCHEMA)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All of it or nothing."""
        self._store.begin()
        try:
            yield
        except BaseException:
            self._store.rollback()
            raise
        self._store.commit()

    # Reading

    def count(self, selection: Selection) -> int:
        sql = f"select count(*) as n from {selection.table} where {selection.where}"
        return self._store.rows(sql, selection.values)[0]["n"]

    def fetch(self, selection: Selection, order: str, offset: int, limit: int) -> list[dict[str, Any]]:
        """A stretch of the rows; `order` is oldest, newest or shuffled."""
        by = {
            "oldest": "sort_at is null, sort_at, id" if selection.by_time else "id",
            "newest": "sort_at is null, sort_at desc, id desc" if selection.by_time else "id desc",
            "shuffled": "(id * 7919) % 104729, id",
        }[order]
        sql = f"select * from {selection.table} where {selection.where} order by {by} limit ? offset ?"
        rows = self._store.rows(sql, (*selection.values, min(limit, LARGEST), min(offset, LARGEST)))
        return [_with_data(row) if "data" in row else row for row in rows]

    def one(self, selection: Selection, number: int) -> dict[str, Any] | None:
        """The row of that id, if it is among the selection."""
        if not 0 <= number <= LARGEST:
            return None
        found = self.fetch(selection.also("id = ?", number), "oldest", 0, 1)
        return found[0] if found else None

    def event(self, number: int) -> dict[str, Any] | None:
        """The event as stored: the season's fields."""
        row = self.one(Selection("heysummit_events"), number)
        return row["data"] if row else None

    def parts(self, kind: str, event_id: int) -> dict[int, dict[str, Any]]:
        """The event's speakers, categories and so on, as answered, by id."""
        sql = "select id, data from heysummit_parts where kind = ? and event_id = ?"
        return {row["id"]: json.loads(row["data"]) for row in self._store.rows(sql, (kind, event_id))}

    def prices(self, ticket_id: int) -> list[dict[str, Any]]:
        return self._store.rows(
            "select id, title, price from heysummit_prices where ticket_id = ? order by id", (ticket_id,)
        )

    def ticket_of_price(self, price_id: int, event_id: int) -> dict[str, Any] | None:
        """The ticket of this event that has this price."""
        if not 0 <= price_id <= LARGEST:
            return None
        sql = (
            "select t.* from heysummit_tickets t join heysummit_prices p on p.ticket_id = t.id"
            " where p.id = ? and t.event_id = ?"
        )
        row = self._store.row(sql, (price_id, event_id))
        return _with_data(row) if row else None

    def talks_of(self, attendee_id: int) -> list[int]:
        sql = "select talk_id from heysummit_schedule where attendee_id = ? order by id"
        return [row["talk_id"] for row in self._store.rows(sql, (attendee_id,))]

    def holdings_of(self, attendee_id: int) -> list[dict[str, Any]]:
        sql = (
            "select h.*, json_extract(t.data, '$.title') as title from heysummit_holdings h"
            " join heysummit_tickets t on t.id = h.ticket_id where h.attendee_id = ? order by h.created_at, h.ticket_id"
        )
        return self._store.rows(sql, (attendee_id,))

    def is_registered(self, event_id: int, email: str) -> bool:
        """Whether the address, ignoring case, is taken in this event."""
        sql = "select 1 as found from heysummit_attendees where event_id = ? and address = ?"
        return self._store.row(sql, (event_id, email.lower())) is not None

    # Writing

    def archive(self, number: int) -> None:
        """Take an event off the public site. Harmless when repeated."""
        event = self.event(number)
        if event is not None:
            event |= {"is_archived": True, "is_live": False, "status": "archived"}
            self._store.update("heysummit_events", {"id": number}, {"data": json.dumps(event)})

    def add_attendee(self, event_id: int, person: fmt.Attendee | None = None, **fields: Any) -> int:
        """Add one registration, from a season or with these fields; answers its id."""
        data = fmt.Attendee.model_validate({"id": 1, **fields}) if person is None else person
        values: dict[str, object] = {
            "event_id": event_id,
            "email": data.email,
            "address": data.email.lower(),
            "name": data.name,
            "status": data.registration_status,
            "created_at": data.created_at,
            "data": data.model_dump_json(exclude={"id", "email", "name", "registration_status", "talks", "tickets"}),
        }
        return self._store.insert("heysummit_attendees", values if person is None else {"id": person.id, **values})

    def hold(self, attendee_id: int, ticket: dict[str, Any], price_id: int | None, now: str) -> None:
        """Give an attendee a ticket, unless it is held already at whichever price.

        Raises:
            Full: None of it is left.
        """
        held = "select 1 as found from heysummit_holdings where attendee_id = ? and ticket_id = ?"
        if self._store.row(held, (attendee_id, ticket["id"])):
            return
        remaining = json.loads(ticket["remaining"])
        if remaining is not None:
            left = int(remaining) - 1
            if left < 0:
                raise Full
            after = json.dumps(left if isinstance(remaining, int) else str(left))
            self._store.update("heysummit_tickets", {"id": ticket["id"]}, {"remaining": after})
        self._hold(attendee_id, ticket["id"], price_id=price_id, created_at=now)

    def schedule(self, attendee_id: int, talk: dict[str, Any], now: str) -> None:
        """Put an attendee on a talk, unless there already.

        Raises:
            Full: The talk has no place left.
        """
        if talk["id"] in self.talks_of(attendee_id):
            return
        capacity = talk["data"]["capacity"]
        taken = self.count(Selection("heysummit_schedule", "talk_id = ?", (talk["id"],)))
        if capacity is not None and taken >= capacity:
            raise Full
        self._schedule(attendee_id, talk["id"], talk["event_id"], now)

    def _hold(self, attendee: int, ticket: int, **values: object) -> None:
        self._store.insert("heysummit_holdings", {"attendee_id": attendee, "ticket_id": ticket, **values})

    def _schedule(self, attendee: int, talk: int, event: int, at: str) -> None:
        self._store.execute(
            "insert into heysummit_schedule (attendee_id, talk_id, event_id, created_at) values (?, ?, ?, ?)",
            (attendee, talk, event, at),
        )

    # A season

    def load(self, season: fmt.Season) -> None:
        """Add a season, all of it or nothing.

        Raises:
            ValueError: An id or an address is there already, or something refers to what is not there.
        """
        with self.transaction():
            for index, event in enumerate(season.events):
                self._load_event(event, f"heysummit.events.{index}")
            for index, hook in enumerate(season.webhooks):
                self._load_part("webhooks", hook, hook.event, hook.model_dump(), f"heysummit.webhooks.{index}")

    def _load_event(self, event: fmt.Event, path: str) -> None:
        own = event.model_dump(exclude={"attendees", *_PARTS, "talks", "tickets"}, exclude_unset=False)
        dated = [talk for talk in event.talks if talk.date is not None]
        if dated and not event.is_evergreen:
            dated.sort(key=lambda talk: _sort_at(talk.date, event.timezone) or "")
            own["first_talk_at"] = event.first_talk_at or dated[0].date
            own["last_talk_at"] = event.last_talk_at or dated[-1].date
        own["given"] = sorted(event.model_fields_set & {"timezone", "description"})
        self._insert("heysummit_events", {"id": event.id, "data": json.dumps(own)}, path)
        for field, kind in _PARTS.items():
            rows: list[fmt.Row] = getattr(event, field)
            for index, row in enumerate(rows):
                wire = {"id": 0, "event": event.id, **row.model_dump()}
                if kind in _WITHOUT_EVENT:
                    del wire["event"]
                self._load_part(kind, row, event.id, wire, f"{path}.{field}.{index}")
        self._check(event.shown_categories, {row.id for row in event.categories}, f"{path}.shown_categories")
        price_of = {price.id: ticket for ticket in event.tickets for price in ticket.prices}
        for index, ticket in enumerate(event.tickets):
            self._load_ticket(ticket, event.id, f"{path}.tickets.{index}")
        for index, talk in enumerate(event.talks):
            self._load_talk(talk, event, f"{path}.talks.{index}")
        talks = {talk.id for talk in event.talks}
        for index, person in enumerate(event.attendees):
            here = f"{path}.attendees.{index}"
            self._check(person.talks, talks, f"{here}.talks")
            self._check([each.ticket_price_id for each in person.tickets], set(price_of), f"{here}.tickets")
            try:
                self.add_attendee(event.id, person)
                for each in person.tickets:
                    self._hold(
                        person.id,
                        price_of[each.ticket_price_id].id,
                        price_id=each.ticket_price_id,
                        gross=each.amount_gross,
                        net=each.amount_net,
                        created_at=each.created_at or person.created_at,
                    )
                for talk in person.talks:
                    self._schedule(person.id, talk, event.id, person.created_at)
            except sqlite3.IntegrityError as clash:
                raise ValueError(f"{here}: this id, address, ticket or talk is there already") from clash

    def _load_part(self, kind: str, row: Any, event_id: int, wire: dict[str, Any], path: str) -> None:
        values: dict[str, object] = {"kind": kind, "id": row.id, "event_id": event_id, "data": json.dumps(wire)}
        self._insert("heysummit_parts", values, path)

    def _load_ticket(self, ticket: fmt.Ticket, event_id: int, path: str) -> None:
        left = ticket.quantity_remaining
        if isinstance(left, str) and not (left.isascii() and left.isdigit() and len(left) < 19):
            raise ValueError(f"{path}.quantity_remaining: neither null nor a whole number")
        data = ticket.model_dump(exclude={"prices", "quantity_remaining"})
        data["given"] = sorted(ticket.model_fields_set & {"checkout_link"})
        row: dict[str, object] = {"id": ticket.id, "event_id": event_id, "remaining": json.dumps(left)}
        self._insert("heysummit_tickets", row | {"data": json.dumps(data)}, path)
        for index, price in enumerate(ticket.prices):
            self._insert("heysummit_prices", {**price.model_dump(), "ticket_id": ticket.id}, f"{path}.prices.{index}")

    def _load_talk(self, talk: fmt.Talk, event: fmt.Event, path: str) -> None:
        self._check(talk.speakers, {row.id for row in event.speakers}, f"{path}.speakers")
        self._check(talk.categories, {row.id for row in event.categories}, f"{path}.categories")
        self._check(talk.admits or [], {row.id for row in event.tickets}, f"{path}.admits")
        data = talk.model_dump(exclude=set(fmt.TALK_EXTRAS)) | {"extras": talk.given(*fmt.TALK_EXTRAS)}
        values: dict[str, object] = {
            "id": talk.id,
            "event_id": event.id,
            "sort_at": _sort_at(talk.date, event.timezone),
            "is_active": talk.is_active,
            "data": json.dumps(data),
        }
        self._insert("heysummit_talks", values, path)

    def _insert(self, table: str, values: dict[str, object], path: str) -> None:
        try:
            self._store.insert(table, values)
        except sqlite3.IntegrityError as clash:
            raise ValueError(f"{path}.id: {values['id']} is there already") from clash

    def _check(self, wanted: list[int], known: set[int], path: str) -> None:
        unknown = [number for number in wanted if number not in known]
        if unknown:
            raise ValueError(f"{path}: the event has no {unknown[0]}")


_PARTS = {
    "categories": "categories",
    "speakers": "speakers",
    "coupons": "coupons",
    "sponsors": "sponsors",
    "sponsor_categories": "sponsor-categories",
}
"""The lists of an event in a season that are stored as they are answered, and what their routes are called."""
_WITHOUT_EVENT = ("sponsors", "sponsor-categories")
