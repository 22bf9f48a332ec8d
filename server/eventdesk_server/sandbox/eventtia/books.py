"""The tables, and reading and writing of records in them.

Events and attendees have tables of their own, with columns for what lists filter by; so have bookings (an attendee in
an activity). All other resources share one table, their attributes as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.eventtia.answers import not_found
from eventdesk_server.sandbox.eventtia.shapes import Shape
from eventdesk_server.sandbox.eventtia.values import record_id, stored, zone

_SCHEMA: Final = """
create table if not exists eventtia_settings (name text primary key, value text not null);
create table if not exists eventtia_logins (kind text, name text, secret text, shown text, primary key (kind, name));
create table if not exists eventtia_revoked (token text primary key);
create table if not exists eventtia_records (
  type text not null, id integer not null, event_id integer, parent_id integer, doc text not null,
  primary key (type, id)
);
create index if not exists eventtia_records_by_event on eventtia_records (type, event_id);
create index if not exists eventtia_records_by_parent on eventtia_records (type, parent_id);
create table if not exists eventtia_events (
  id integer primary key, event_uri text not null unique, folded text not null, start_at text not null,
  updated_at text not null, is_template integer not null, cloned_from_id integer, city_id integer, doc text not null
);
create table if not exists eventtia_attendees (
  id integer primary key, event_id integer not null, type_id integer, status text not null, archived integer not null,
  first_name text not null, last_name text not null, email text not null, company text not null,
  created_at text not null, updated_at text not null, doc text not null
);
create index if not exists eventtia_attendees_by_event on eventtia_attendees (event_id, archived, status);
create index if not exists eventtia_attendees_by_email on eventtia_attendees (event_id, email);
create index if not exists eventtia_attendees_by_type on eventtia_attendees (type_id);
create table if not exists eventtia_bookings (
  id integer primary key, event_id integer not null, workshop_id integer not null, attendee_id integer not null,
  checked_in integer not null default 0, checked_in_date text, unique (workshop_id, attendee_id)
);
create index if not exists eventtia_bookings_by_attendee on eventtia_bookings (attendee_id);
create table if not exists eventtia_groups (
  uuid text primary key, event_id integer not null, type_id integer not null, seats integer not null
);
create table if not exists eventtia_params (
  id integer primary key, event_id integer not null, name text not null, value text not null, unique (event_id, name)
);
create table if not exists eventtia_clones (
  id integer primary key, event_id integer not null, polls_left integer not null, flags text not null
);
"""

HOLDS_SEAT: Final = "archived = 0 and status not in ('cancelled', 'rejected')"
"""Which attendees take a seat of their type and of their activities."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its id, where it belongs, its attributes."""

    id: int
    doc: dict[str, Any]
    event_id: int | None = None
    parent_id: int | None = None


class Books:
    """All records of this stand-in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = world.store
        self.store.script(_SCHEMA)

    def now(self) -> str:
        """The present moment as the store keeps it."""
        return stored(self.world.clock.now())

    def switch(self, name: str, default: Any = None) -> Any:
        """A documented variant, by its name without the provider."""
        return self.world.switch(f"eventtia.{name}", default)

    def setting(self, name: str, default: str) -> str:
        """A fact about the account."""
        row = self.store.row("select value from eventtia_settings where name = ?", [name])
        return str(row["value"]) if row else default

    def account_zone(self) -> ZoneInfo:
        """The account's zone: of what belongs to no event, and of events that neither are online nor have a city."""
        return zone(self.setting("timezone", "UTC")) or ZoneInfo("UTC")

    # Records of one table for all

    def find(
        self, shape: Shape, key: object, event_id: int | None = None, parent_id: int | None = None
    ) -> Record | None:
        """One record of that type, if it belongs to the event and the parent where these are given."""
        number = record_id(key)
        if number is None:
            return None
        found = self._records(shape, "id = ?", [number])
        for record in found:
            if event_id in {None, record.event_id} and parent_id in {None, record.parent_id}:
                return record
        return None

    def get(self, shape: Shape, key: object, event_id: int | None = None, parent_id: int | None = None) -> Record:
        """As `find`.

        Raises:
            Refusal: 404, there is none.
        """
        record = self.find(shape, key, event_id, parent_id)
        if record is None:
            raise not_found()
        return record

    def of_event(self, shape: Shape, event_id: int) -> list[Record]:
        """All records of that type in an event."""
        return self._records(shape, "event_id = ?", [event_id])

    def of_parent(self, shape: Shape, parent_id: int) -> list[Record]:
        """All records of that type below another."""
        return self._records(shape, "parent_id = ?", [parent_id])

    def everywhere(self, shape: Shape) -> list[Record]:
        """All records of that type."""
        return self._records(shape, "true", [])

    def add(
        self, shape: Shape, doc: Mapping[str, Any], *, key: int | None = None, event_id: int | None = None,
        parent_id: int | None = None,
    ) -> int:  # fmt: skip
        """Keep a new record; answers its id."""
        number = key or self.next_id("eventtia_records", "type = ?", [shape.type])
        values = {"type": shape.type, "id": number, "event_id": event_id, "parent_id": parent_id, "doc": dump(doc)}
        self.store.insert("eventtia_records", values)
        return number

    def keep(self, shape: Shape, record: Record) -> None:
        """Store a changed record."""
        self.store.update("eventtia_records", {"type": shape.type, "id": record.id}, {"doc": dump(record.doc)})

    def drop(self, shape: Shape, key: int) -> None:
        """Remove a record."""
        self.store.execute("delete from eventtia_records where type = ? and id = ?", [shape.type, key])

    def next_id(self, table: str, where: str = "true", values: Sequence[object] = ()) -> int:
        """The id of the next new row."""
        row = self.store.row(f"select coalesce(max(id), 0) + 1 as id from {table} where {where}", values)
        return int(row["id"]) if row else 1

    def _records(self, shape: Shape, where: str, values: Sequence[object]) -> list[Record]:
        rows = self.store.rows(
            f"select id, event_id, parent_id, doc from eventtia_records where type = ? and {where} order by id",
            [shape.type, *values],
        )
        return [Record(row["id"], json.loads(row["doc"]), row["event_id"], row["parent_id"]) for row in rows]

    # Events

    def event(self, uri: object) -> Record:
        """The event of that slug. A numeric id is none.

        Raises:
            Refusal: 404, there is none.
        """
        row = self.store.row("select id, doc from eventtia_events where event_uri = ?", [uri])
        if row is None:
            raise not_found()
        return Record(row["id"], json.loads(row["doc"]), row["id"])

    def event_by_id(self, key: int | None) -> Record | None:
        """The event of that id."""
        row = self.store.row("select id, doc from eventtia_events where id = ?", [key])
        return Record(row["id"], json.loads(row["doc"]), row["id"]) if row else None

    def keep_event(self, event: Record, *, new: bool = False) -> None:
        """Store a new or changed event."""
        doc = event.doc
        values = {
            "event_uri": doc["event_uri"],
            "folded": doc["name"].casefold(),
            "start_at": doc["start_date"],
            "updated_at": doc["updated_at"],
            "is_template": int(doc["is_template"]),
            "cloned_from_id": doc["cloned_from_id"],
            "city_id": doc["city_id"],
            "doc": dump(doc),
        }
        if new:
            self.store.insert("eventtia_events", {"id": event.id, **values})
        else:
            self.store.update("eventtia_events", {"id": event.id}, values)

    def event_zone(self, event: Record | None) -> ZoneInfo:
        """The zone of an event's wall clock: the virtual one when it is online, else that of its place."""
        if event is None:
            return self.account_zone()
        doc = event.doc
        named = zone(doc["virtual_timezone"]) if doc["is_virtual"] or self.switch("zone_from_virtual") else None
        if named is not None and (doc["is_virtual"] or doc["city_id"] is None):
            return named
        return zone(doc["timezone"]) or self.account_zone()

    # Attendees

    def attendee(self, event_id: int, key: object) -> Record:
        """An attendee of an event, archived ones too.

        Raises:
            Refusal: 404, there is none.
        """
        row = self.store.row(
            "select id, doc from eventtia_attendees where id = ? and event_id = ?", [record_id(key), event_id]
        )
        if row is None:
            raise not_found()
        return Record(row["id"], json.loads(row["doc"]), event_id)

    def keep_attendee(self, attendee: Record, *, new: bool = False) -> None:
        """Store a new or changed attendee."""
        doc = attendee.doc
        values = {
            "type_id": doc["attendee_type"],
            "status": doc["status"],
            "archived": int(doc["archived"]),
            **{name: str(doc["person"].get(name) or "").casefold() for name in SEARCHED},
            "created_at": doc["created_at"],
            "updated_at": doc["updated_at"],
            "doc": dump(doc),
        }
        if new:
            self.store.insert("eventtia_attendees", {"id": attendee.id, "event_id": attendee.event_id, **values})
        else:
            self.store.update("eventtia_attendees", {"id": attendee.id}, values)

    def seats_taken(self, type_id: int) -> int:
        """How many seats of an attendee type are taken."""
        row = self.store.row(
            f"select count(*) as n from eventtia_attendees where type_id = ? and {HOLDS_SEAT}", [type_id]
        )
        return int(row["n"]) if row else 0

    def booked(self, workshop_id: int) -> int:
        """How many seats of an activity are taken."""
        row = self.store.row("select count(*) as n from eventtia_bookings where workshop_id = ?", [workshop_id])
        return int(row["n"]) if row else 0


SEARCHED: Final = ("first_name", "last_name", "email", "company")
"""The fields of a person that lists filter by."""


def dump(value: Any) -> str:
    """JSON for a column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
