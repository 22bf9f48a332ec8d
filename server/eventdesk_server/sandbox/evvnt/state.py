"""What the stand-in keeps: tables, and the rows behind the answers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eventdesk_server.sandbox.core import Store
from eventdesk_server.sandbox.evvnt.wire import colon_time, lines, plain_time, price, redirect

Role = Literal["publisher", "organiser", "partner"]
ROLES: tuple[Role, ...] = ("publisher", "organiser", "partner")

SCHEMA = """
create table if not exists evvnt_categories (id integer primary key, parent_id integer, name text not null);
create table if not exists evvnt_publishers (
    id integer primary key, name text not null, url text, category_ids text not null, roles text not null);
create table if not exists evvnt_options (
    id integer primary key, type text not null, broadcast_volume integer not null, currency text not null,
    cost_per_event text not null, roles text not null);
create table if not exists evvnt_users (seq integer primary key, uuid text not null unique, name text not null,
    email text not null);
create table if not exists evvnt_packages (
    seq integer primary key, uuid text not null unique, owner text not null, user_id text, type text not null,
    broadcast_volume integer not null, event_quantity integer not null, used integer not null default 0,
    purchase_order_id text not null, notes text not null, purchase_date text not null);
create table if not exists evvnt_events (
    seq integer primary key, id text not null unique, owner text not null, user_id text, package_id text,
    publisher_id integer, category_id integer, country text, timestamp text not null, body text not null,
    omitted text not null default '[]', report text);
create table if not exists evvnt_published (
    publisher_id integer not null, event_id text not null, url text, primary key (publisher_id, event_id));
"""

CATEGORIES: tuple[tuple[int, int | None, str], ...] = (
    (26, None, "All"),
    (1, 26, "Arts & Entertainment"), (2, 26, "Education"), (48, 26, "Finance"), (95, 26, "Industry"),
    (130, 26, "Sport"),
    (17, 1, "Music"), (18, 17, "Classical"), (19, 17, "Jazz & Blues"), (20, 17, "Folk"), (21, 17, "Festivals"),
    (22, 17, "Other"), (30, 1, "Theatre"), (31, 1, "Film"), (32, 31, "Festivals"), (33, 31, "Other"),
    (34, 1, "Festivals"),
    (35, 1, "Other"), (126, 2, "Academic / Learning"), (127, 2, "Workshops"), (128, 2, "Other"), (49, 48, "Accounting"),
    (50, 48, "Alternative Investment"), (51, 48, "Other"), (96, 95, "Agriculture"), (97, 95, "Technology"),
    (98, 95, "Design"), (99, 95, "Other"), (131, 130, "Running"), (132, 130, "Swimming"), (133, 130, "Other"),
)  # fmt: skip
"""Number, parent, name. One root; names repeat under different parents, as they really do."""

OPTIONS = (
    {"id": 61, "type": "SinglePackage", "broadcast_volume": 45, "currency": "EUR", "cost_per_event": "320.0"},
    {"id": 50, "type": "SinglePackage", "broadcast_volume": 60, "currency": "GBP", "cost_per_event": "500.0"},
)
_FIRST_ID = 70021


@dataclass(frozen=True, slots=True)
class Answering:
    """How events are answered."""

    string_ids: bool = False
    venue_ids: bool = True


class State:
    """The tables, with what every account has from the start: categories and a contract."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.script(SCHEMA)
        if store.row("select id from evvnt_categories limit 1") is None:
            for number, parent, name in CATEGORIES:
                store.insert("evvnt_categories", {"id": number, "parent_id": parent, "name": name})
            for option in OPTIONS:
                store.insert("evvnt_options", {**option, "roles": json.dumps(["organiser", "partner"])})

    def categories(self) -> list[dict[str, Any]]:
        """All, in the order of their names, as the reference's sample shows them."""
        return self.store.rows("select id, parent_id, name from evvnt_categories order by name, id")

    def descendants(self, roots: Iterable[int]) -> set[int]:
        """These categories and all below them."""
        return self._closure(roots, "id", "parent_id")

    def ancestors(self, leaves: Iterable[int]) -> set[int]:
        """These categories and all above them."""
        return self._closure(leaves, "parent_id", "id")

    def _closure(self, start: Iterable[int], wanted: str, known: str) -> set[int]:
        rows = self.categories()
        found = set(start)
        todo = list(found)
        while todo:
            here = todo.pop()
            for row in rows:
                step = row[wanted]
                if row[known] == here and step is not None and step not in found:
                    found.add(step)
                    todo.append(step)
        return found

    def options(self, role: Role) -> list[dict[str, Any]]:
        """The package options of a role's contract."""
        rows = self.store.rows("select * from evvnt_options order by id")
        return [
            {key: row[key] for key in ("id", "type", "broadcast_volume", "currency", "cost_per_event")}
            for row in rows
            if role in json.loads(row["roles"])
        ]

    def publishers(self, role: Role) -> list[dict[str, Any]]:
        """The sites that a role may see."""
        rows = self.store.rows("select * from evvnt_publishers order by id")
        return [row for row in rows if role in json.loads(row["roles"])]

    def user(self, uuid: str | None) -> dict[str, Any] | None:
        return self.store.row("select * from evvnt_users where uuid = ?", (uuid,))

    def packages(self, owner: Role, user_id: str | None) -> list[dict[str, Any]]:
        """One login's or one user's packages."""
        query = "select * from evvnt_packages where owner = ? and user_id is ? order by seq"
        return self.store.rows(query, (owner, user_id))

    def package(self, owner: Role, uuid: str) -> dict[str, Any] | None:
        return self.store.row("select * from evvnt_packages where owner = ? and uuid = ?", (owner, uuid))

    def event(self, event_id: str) -> dict[str, Any] | None:
        return self.store.row("select * from evvnt_events where id = ?", (event_id,))

    def events(
        self,
        where: Sequence[str],
        values: Sequence[object],
        *,
        order: str = "added",
        limit: int = -1,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Events that fit all conditions."""
        sort = {"updated": "timestamp desc, seq desc", "reversed": "seq desc"}.get(order, "seq")
        condition = " and ".join(where) or "1"
        query = f"select * from evvnt_events where {condition} order by {sort} limit ? offset ?"
        return self.store.rows(query, (*values, limit, offset))

    def new_event_id(self) -> str:
        row = self.store.row("select max(cast(id as integer)) as last from evvnt_events") or {}
        return str(max(_FIRST_ID, (row.get("last") or 0) + 1))

    def new_venue_id(self) -> str:
        row = self.store.row("select max(seq) as last from evvnt_events") or {}
        return str(9000 + (row.get("last") or 0))


def event_number(event_id: str, answering: Answering) -> int | str:
    """An id as answered: a number, unless it has a suffix or the newer edition is spoken."""
    return event_id if answering.string_ids or not event_id.isdigit() else int(event_id)


def event_answer(row: dict[str, Any], answering: Answering) -> dict[str, Any]:
    """An event as answered, without what only its owners see."""
    body: dict[str, Any] = json.loads(row["body"])
    answer: dict[str, Any] = {
        "id": event_number(row["id"], answering),
        "title": body["title"],
        "capacity": body.get("capacity"),
        "category_id": body["category_id"],
        "sub_category_ids": body.get("sub_category_ids", []),
        "timestamp": row["timestamp"],
        "start_time": colon_time(body["start_time"]),
        "end_time": colon_time(body["end_time"]),
    }
    for name in ("door_time", "last_entry_time"):
        if name in body:
            answer[name] = plain_time(body[name])
    answer["summary"] = lines(body["summary"])
    answer["description"] = lines(body["description"])
    for name in ("image_urls", "image_url", "organiser_name", "contact"):
        if name in body:
            answer[name] = body[name]
    venue = body["venue"]
    keys = ("id", "name", "address_1", "address_2", "town", "country", "postcode", "latitude", "longitude")
    answer["venue"] = {key: venue[key] for key in keys if key in venue and (key != "id" or answering.venue_ids)}
    if "links" in body:
        answer["links"] = {name: redirect(row["id"], name, url) for name, url in body["links"].items()}
    answer["prices"] = {label: price(text) for label, text in body.get("prices", {}).items()}
    for name in ("artists", "keywords", "hashtag"):
        if name in body:
            answer[name] = body[name]
    omitted = json.loads(row["omitted"])
    return {
        key: value for key, value in answer.items() if key not in omitted and (key != "capacity" or value is not None)
    }


def package_answer(row: dict[str, Any], *, with_user: bool = False) -> dict[str, Any]:
    """A package as answered. How many credits are left is not told."""
    keys = ["uuid", "type", "broadcast_volume", "event_quantity", "purchase_order_id", "notes", "purchase_date"]
    return {key: row[key] for key in ([*keys, "user_id"] if with_user else keys)}
