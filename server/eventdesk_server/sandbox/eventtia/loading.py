"""Reading a season into the books. Its format is described at `EventtiaStandIn.load`."""

import hashlib
import re
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import unknown_keys
from eventdesk_server.sandbox.eventtia.books import Books, Record, dump
from eventdesk_server.sandbox.eventtia.catalogue_resources import (
    CITY,
    COUNTRY,
    EVENT_FILE,
    FILE_CATEGORY,
    GUEST,
    HOOK,
    LEAD,
    MESSAGE,
    PAYMENT,
    POI,
    PURCHASE,
    PURCHASE_ITEM,
    QA_SESSION,
    QUESTION,
    REGION,
    SPEAKER,
    STAND,
    STAND_CATEGORY,
    SURVEY,
    SURVEY_ANSWER,
    WORKSHOP_CATEGORY,
    ZONE,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.conference_resources import (
    CONFERENCE,
    MEETING,
    PARTICIPANT,
    PARTICIPANT_TYPE,
    UNAVAILABLE,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.resources import (
    ATTENDEE,
    ATTENDEE_TYPE,
    CUSTOM_FIELD,
    DEFAULT_FIELDS,
    EVENT,
    EVENT_MORE,
    WORKSHOP,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.shapes import Shape, mapping, sequence, text
from eventdesk_server.sandbox.eventtia.values import MAX_ID, record_id, zone

_TOP: Final = ("account", "users", "clients", "countries", "event_custom_fields", "web_hooks", "events")
_ACCOUNT: Final = ("api_key", "timezone", "currency", "iso_code")
_PUBLIC_FIELDS: Final = frozenset({"first_name", "last_name", "company"})
_REQUIRED_FIELDS: Final = frozenset({"first_name", "last_name", "email"})
_URI: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_EVENT_ROW: Final = Shape("events", {**EVENT.attributes, **EVENT_MORE})

# Parts of an event that are nothing but records with their own attributes.
_SIMPLE: Final = {
    "speakers": SPEAKER, "workshop_categories": WORKSHOP_CATEGORY, "purchase_items": PURCHASE_ITEM, "guests": GUEST,
    "pois": POI, "zones": ZONE, "stand_categories": STAND_CATEGORY, "event_qa_sessions": QA_SESSION,
    "massive_messages": MESSAGE,
}  # fmt: skip
_PARTS: Final = (
    *_SIMPLE, "attendee_types", "workshops", "attendees", "stand_reservations", "event_params", "event_file_categories",
    "surveys", "business_conferences",
)  # fmt: skip


class Loader:
    """One loading of one season."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.now = books.now()
        self._next: dict[str, int] = {}

    def load(self, season: Mapping[str, Any]) -> None:
        """Read all of it.

        Raises:
            ValueError: The season does not fit; the message names the path of the wrong part.
        """
        unknown_keys(season, _TOP, "season")
        self._account(mapping(season.get("account", {}), "account"))
        self._logins(season, "users", "user", ("email", "password", "name"))
        self._logins(season, "clients", "client", ("client_id", "client_secret", "client_id"))
        for row, path in _rows(season, "countries", ""):
            self._country(row, path)
        account = self.books.account_zone()
        for row, path in _rows(season, "event_custom_fields", ""):
            self.add(QUESTION, row, path, account)
        for row, path in _rows(season, "events", ""):
            _Event(self, row, path).load()
        for row, path in _rows(season, "web_hooks", ""):
            uri = row.get("event")
            event = self.books.store.row("select id from eventtia_events where event_uri = ?", [uri]) if uri else None
            if uri and event is None:
                raise ValueError(f"{path}.event: no such event")
            self.add(HOOK, row, path, account, event_id=event["id"] if event else None, extra=("event",))

    def add(
        self, shape: Shape, row: Mapping[str, Any], path: str, where: ZoneInfo, *, event_id: int | None = None,
        parent_id: int | None = None, extra: tuple[str, ...] = (), more: Mapping[str, Any] | None = None,
    ) -> Record:  # fmt: skip
        """Check and keep one record. Ids, UUIDs and the like are made up where they are not given."""
        doc = {**shape.check(row, path, where, self.now, extra), **(more or {})}
        key = self.key(row, path, shape.type)
        for name, length in (("uuid", 6), ("guid", 0)):
            if doc.get(name) == "":
                doc[name] = made_up(f"{shape.type}{key}", length)
        try:
            self.books.add(shape, doc, key=key, event_id=event_id, parent_id=parent_id)
        except sqlite3.IntegrityError as cause:
            raise ValueError(f"{path}.id: {key} is taken") from cause
        return Record(key, doc, event_id, parent_id)

    def key(self, row: Mapping[str, Any], path: str, kind: str, table: str | None = None) -> int:
        """The id of a row, or the next free one."""
        given = row.get("id")
        if given is not None:
            if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < MAX_ID:
                raise ValueError(f"{path}.id: expected a positive number")
            key = given
        else:
            where, values = ("true", []) if table else ("type = ?", [kind])
            key = self._next.get(kind) or self.books.next_id(table or "eventtia_records", where, values)
        self._next[kind] = max(key + 1, self._next.get(kind, 0))
        return key

    def _account(self, row: Mapping[str, Any]) -> None:
        unknown_keys(row, _ACCOUNT, "account")
        for name, value in row.items():
            if zone(text(value, f"account.{name}")) is None and name == "timezone":
                raise ValueError(f"account.timezone: no zone {value!r}")
            self.books.store.execute("insert or replace into eventtia_settings values (?, ?)", [name, value])

    def _logins(self, season: Mapping[str, Any], part: str, kind: str, names: tuple[str, str, str]) -> None:
        for row, path in _rows(season, part, ""):
            unknown_keys(row, names, path)
            values = [kind, *(text(row.get(name), f"{path}.{name}") for name in names)]
            self.books.store.execute("insert or replace into eventtia_logins values (?, ?, ?, ?)", values)

    def _country(self, row: Mapping[str, Any], path: str) -> None:
        utc = ZoneInfo("UTC")
        country = self.add(COUNTRY, row, path, utc, extra=("regions",))
        for region_row, region_path in _rows(row, "regions", path):
            region = self.add(REGION, region_row, region_path, utc, parent_id=country.id, extra=("cities",))
            for city_row, city_path in _rows(region_row, "cities", region_path):
                city = self.add(CITY, city_row, city_path, utc, parent_id=region.id)
                if zone(city.doc["time_zone"]) is None:
                    raise ValueError(f"{city_path}.time_zone: no zone {city.doc['time_zone']!r}")


class _Event:
    """One event of a season with all its parts."""

    def __init__(self, loader: Loader, row: Mapping[str, Any], path: str) -> None:
        self.loader = loader
        self.books = loader.books
        self.row = row
        self.path = path
        self.where = ZoneInfo("UTC")
        self.id = 0
        self.types: dict[int, list[Record]] = {}

    def load(self) -> None:
        self._event()
        # In this order, for later parts name earlier ones.
        for row, path in self._rows("attendee_types"):
            self._type(row, path)
        for part, shape in _SIMPLE.items():
            for row, path in self._rows(part):
                self._record(shape, row, path)
        for row, path in self._rows("workshops"):
            workshop = self._record(WORKSHOP, row, path)
            self._known(SPEAKER, workshop.doc["speakers"], f"{path}.speakers")
            self._known(WORKSHOP_CATEGORY, workshop.doc["workshop_categories"], f"{path}.workshop_categories")
        for row, path in self._rows("attendees"):
            self._attendee(row, path)
        for row, path in self._rows("stand_reservations"):
            public = row.get("public", True)
            stand = self._record(STAND, row, path, extra=("leads", "public"), more={"public": bool(public)})
            self._below(LEAD, row, "leads", path, stand)
        for name, value in mapping(self.row.get("event_params", {}), f"{self.path}.event_params").items():
            values = {"event_id": self.id, "name": name, "value": dump(value)}
            self.books.store.insert("eventtia_params", values)
        for row, path in self._rows("event_file_categories"):
            category = self._record(FILE_CATEGORY, row, path, extra=("event_files",))
            self._below(EVENT_FILE, row, "event_files", path, category)
        for row, path in self._rows("surveys"):
            survey = self._record(SURVEY, row, path, extra=("questions", "answers"))
            self._below(QUESTION, row, "questions", path, survey)
            self._below(SURVEY_ANSWER, row, "answers", path, survey)
        for row, path in self._rows("business_conferences"):
            self._conference(row, path)

    def _event(self) -> None:
        row, path = self.row, self.path
        city = self.books.find(CITY, row.get("city_id"))
        if row.get("city_id") is not None and city is None:
            raise ValueError(f"{path}.city_id: no such city")
        named = row.get("timezone") or (city.doc["time_zone"] if city else self.books.setting("timezone", "UTC"))
        for name, wanted in (("timezone", named), ("virtual_timezone", row.get("virtual_timezone"))):
            if wanted is not None and (not isinstance(wanted, str) or zone(wanted) is None):
                raise ValueError(f"{path}.{name}: no zone {wanted!r}")
        wall = row.get("virtual_timezone") if row.get("is_virtual") is True else None
        self.where = zone(wall or named) or ZoneInfo("UTC")
        doc = _EVENT_ROW.check({**row, "timezone": named}, path, self.where, self.loader.now, _PARTS)
        if not _URI.fullmatch(doc["event_uri"]):
            raise ValueError(f"{path}.event_uri: expected letters, digits, - and _")
        self.id = self.loader.key(row, path, "events", "eventtia_events")
        doc["api_key"] = doc["api_key"] or made_up(f"events{self.id}", 0)
        try:
            self.books.keep_event(Record(self.id, doc, self.id), new=True)
        except sqlite3.IntegrityError as cause:
            raise ValueError(f"{path}: its id or event_uri is taken") from cause

    def _type(self, row: Mapping[str, Any], path: str) -> None:
        seats, first = row.get("group_seats"), row.get("first_field_id")
        for name, value in (("group_seats", seats), ("first_field_id", first)):
            if value is not None and record_id(value) is None:
                raise ValueError(f"{path}.{name}: expected a positive number")
        extra = ("group_seats", "first_field_id", "custom_fields")
        kind = self._record(ATTENDEE_TYPE, row, path, extra=extra, more={"group_seats": seats})
        fields: list[Record] = []
        for place, name in enumerate(DEFAULT_FIELDS):
            definition: dict[str, Any] = {
                "name": name, "default": True, "order": place + 1, "required": name in _REQUIRED_FIELDS,
                "available_public_listings": name in _PUBLIC_FIELDS, "updated_at": kind.doc["updated_at"],
            }  # fmt: skip
            if first is not None:
                definition["id"] = record_id(first) or 0
                definition["id"] += place
            fields.append(self._field(definition, f"{path}.first_field_id", kind))
        for place, (each, each_path) in enumerate(_rows(row, "custom_fields", path)):
            numbered = {"order": len(DEFAULT_FIELDS) + place + 1, **each}
            fields.append(self._field(numbered, each_path, kind))
        self.types[kind.id] = fields

    def _field(self, row: Mapping[str, Any], path: str, kind: Record) -> Record:
        return self.loader.add(CUSTOM_FIELD, row, path, self.where, event_id=self.id, parent_id=kind.id)

    def _attendee(self, row: Mapping[str, Any], path: str) -> None:
        extra = (*DEFAULT_FIELDS, "custom_fields", "archived", "workshops", "purchases", "payments")
        doc = ATTENDEE.check(row, path, self.where, self.loader.now, extra)
        kind = doc["attendee_type"]
        if kind is not None and kind not in self.types:
            raise ValueError(f"{path}.attendee_type: no such attendee type in this event")
        custom = mapping(row.get("custom_fields", {}), f"{path}.custom_fields")
        own = {str(field.id) for field in self.types.get(kind or 0, []) if not field.doc["default"]}
        for name in custom:
            if name not in own:
                raise ValueError(f"{path}.custom_fields.{name}: no such field of that attendee type")
        for name in _REQUIRED_FIELDS:
            text(row.get(name), f"{path}.{name}")
        key = self.loader.key(row, path, "attendees", "eventtia_attendees")
        doc |= {
            "uuid": doc["uuid"] or made_up(f"attendees{key}", 6),
            "person": {name: row.get(name) for name in DEFAULT_FIELDS},
            "custom": dict(custom),
            "archived": bool(row.get("archived", False)),
            "group": None,
        }
        try:
            self.books.keep_attendee(Record(key, doc, self.id), new=True)
        except sqlite3.IntegrityError as cause:
            raise ValueError(f"{path}.id: {key} is taken") from cause
        for place, workshop in enumerate(sequence(row.get("workshops", []), f"{path}.workshops")):
            self._known(WORKSHOP, [workshop], f"{path}.workshops[{place}]")
            values = {"event_id": self.id, "workshop_id": record_id(workshop), "attendee_id": key}
            self.books.store.execute(
                "insert or ignore into eventtia_bookings (event_id, workshop_id, attendee_id)"
                " values (:event_id, :workshop_id, :attendee_id)",
                values,
            )
        attendee = Record(key, doc, self.id)
        for purchase in self._below(PURCHASE, row, "purchases", path, attendee, more={"attendee": key}):
            self._known(PURCHASE_ITEM, [purchase.doc["purchase_item"]], f"{path}.purchases")
        self._below(PAYMENT, row, "payments", path, attendee, more={"attendee": key})

    def _conference(self, row: Mapping[str, Any], path: str) -> None:
        conference = self._record(CONFERENCE, row, path, extra=("participant_types", "participants", "meetings"))
        for kind_row, kind_path in _rows(row, "participant_types", path):
            kind = self._record(PARTICIPANT_TYPE, kind_row, kind_path, extra=("unavailable_hours",), parent=conference)
            self._known(ATTENDEE_TYPE, kind.doc["attendee_types"], f"{kind_path}.attendee_types")
            self._below(UNAVAILABLE, kind_row, "unavailable_hours", kind_path, kind)
            for key in kind.doc["attendee_types"]:
                attendee_type = self.books.get(ATTENDEE_TYPE, key, self.id)
                attendee_type.doc["participant_type"] = kind.id
                self.books.keep(ATTENDEE_TYPE, attendee_type)
        for participant in self._below(PARTICIPANT, row, "participants", path, conference):
            self._known(PARTICIPANT_TYPE, [participant.doc["participant_type_id"]], f"{path}.participants")
            key = participant.doc["attendee_id"]
            found = self.books.store.row(
                "select 1 from eventtia_attendees where id = ? and event_id = ?", [key, self.id]
            )
            if key is not None and found is None:
                raise ValueError(f"{path}.participants: no attendee {key} in this event")
        for meeting in self._below(MEETING, row, "meetings", path, conference):
            self._known(PARTICIPANT, meeting.doc["business_conference_participants"], f"{path}.meetings")

    def _rows(self, part: str) -> list[tuple[dict[str, Any], str]]:
        return _rows(self.row, part, self.path)

    def _record(
        self, shape: Shape, row: Mapping[str, Any], path: str, *, extra: tuple[str, ...] = (),
        more: Mapping[str, Any] | None = None, parent: Record | None = None,
    ) -> Record:  # fmt: skip
        above = parent.id if parent else None
        return self.loader.add(shape, row, path, self.where, event_id=self.id, parent_id=above, extra=extra, more=more)

    def _below(
        self, shape: Shape, row: Mapping[str, Any], part: str, path: str, parent: Record, *,
        more: Mapping[str, Any] | None = None,
    ) -> list[Record]:  # fmt: skip
        return [self._record(shape, each, where, parent=parent, more=more) for each, where in _rows(row, part, path)]

    def _known(self, shape: Shape, keys: Sequence[Any], path: str) -> None:
        for key in keys:
            if self.books.find(shape, key, self.id) is None:
                raise ValueError(f"{path}: no {shape.type} {key} in this event")


def made_up(seed: str, length: int) -> str:
    """Hexadecimal digits, or a UUID where no length is given, always the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return digest.hex()[:length] if length else str(uuid.UUID(bytes=digest[:16], version=4))


def _rows(above: Mapping[str, Any], part: str, path: str) -> list[tuple[dict[str, Any], str]]:
    """The rows of a list of a season, each with its path."""
    where = f"{path}.{part}" if path else part
    rows = sequence(above.get(part, []), where)
    return [(mapping(row, f"{where}[{place}]"), f"{where}[{place}]") for place, row in enumerate(rows)]
