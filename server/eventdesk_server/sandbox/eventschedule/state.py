"""Tables and the questions that several subjects ask of them.

A schedule is a `role` row and a sub-schedule a `grouping` row. Flags are 0 or 1; stamps are UTC text to the second.
"""

import json
import secrets
import string
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, cast

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.eventschedule import ids, times

Row = dict[str, Any]

SCHEMA = """
create table if not exists eventschedule_user (
  id integer primary key autoincrement, name text, email text not null unique, password text, timezone text,
  language_code text, api_key text, api_key_expires_at text, two_factor integer not null default 0);
create table if not exists eventschedule_role (
  id integer primary key autoincrement, user_id integer, subdomain text not null unique collate nocase, type text,
  name text, email text, phone text, website text, description text, short_description text,
  show_phone integer not null default 0, timezone text, language_code text, profile_image_url text, address1 text,
  city text, state text, postal_code text, country_code text, youtube_url text, plan text not null default 'free',
  verified integer not null default 0, default_state text, categories text, accept_requests integer not null default 0,
  is_deleted integer not null default 0, created_at text, updated_at text);
create table if not exists eventschedule_member (
  id integer primary key autoincrement, user_id integer not null, role_id integer not null, level text not null,
  unique (user_id, role_id));
create table if not exists eventschedule_grouping (
  id integer primary key autoincrement, role_id integer not null, name text, slug text, color text);
create table if not exists eventschedule_event (
  id integer primary key autoincrement, user_id integer, creator_role_id integer, slug text, name text,
  short_description text, description text, starts_at text, duration real, category_id integer,
  is_private integer not null default 0, is_draft integer not null default 0, is_internal integer not null default 0,
  event_password text, event_url text, registration_url text, flyer text, recurring_frequency text,
  recurring_interval integer, days_of_week text, recurring_end_type text not null default 'never',
  recurring_end_value text, skipped_dates text, added_dates text, rsvp_enabled integer not null default 0,
  rsvp_limit integer, tickets_enabled integer not null default 0, ticket_currency_code text not null default 'USD',
  payment_method text default 'cash', payment_instructions text, terms_url text,
  is_cancelled integer not null default 0, is_appointment integer not null default 0,
  sell_after_start integer not null default 0, shared_pool integer not null default 0, reserved text,
  created_at text, updated_at text);
create table if not exists eventschedule_attachment (
  id integer primary key autoincrement, event_id integer not null, role_id integer not null, group_id integer,
  unique (event_id, role_id));
create index if not exists eventschedule_attachment_role on eventschedule_attachment (role_id);
create table if not exists eventschedule_ticket (
  id integer primary key autoincrement, event_id integer not null, is_addon integer not null default 0,
  is_deleted integer not null default 0, type text, quantity integer, price text, description text,
  sales_start_at text, sales_end_at text, volume_discount text, is_pass integer not null default 0, pass text,
  max_per_order integer, custom_fields text, image_url text, url text, sold text not null default '{}');
create index if not exists eventschedule_ticket_event on eventschedule_ticket (event_id);
create table if not exists eventschedule_part (
  id integer primary key autoincrement, event_id integer not null, name text, description text, start_time text,
  end_time text, sort_order integer not null default 0);
create index if not exists eventschedule_part_event on eventschedule_part (event_id);
create table if not exists eventschedule_sale (
  id integer primary key autoincrement, event_id integer not null, user_id integer, subdomain text collate nocase,
  name text, email text collate nocase, phone text, event_date text, status text not null, payment_method text,
  payment_amount real not null default 0, volume_discount_amount real, discount_amount real, gift_card_amount real,
  order_id integer, is_order_primary integer not null default 0, transaction_reference text, secret text,
  group_id integer, is_deleted integer not null default 0, created_at text, updated_at text);
create index if not exists eventschedule_sale_event on eventschedule_sale (event_id);
create table if not exists eventschedule_line (
  id integer primary key autoincrement, sale_id integer not null, ticket_id integer not null,
  quantity integer not null);
create index if not exists eventschedule_line_sale on eventschedule_line (sale_id);
create table if not exists eventschedule_feedback (
  id integer primary key autoincrement, event_id integer not null, sale_id integer not null, event_date text,
  rating integer not null, comment text, created_at text);
create table if not exists eventschedule_fan (
  kind text not null, number integer not null, event_id integer not null, part_id integer, event_date text,
  submitted_by text, is_guest integer not null default 0, is_approved integer not null default 1, content text,
  created_at text, primary key (kind, number));
create table if not exists eventschedule_cache (name text primary key, value text, expires_at real not null);
"""

CATEGORIES = {
    1: "Art & Culture",
    2: "Business Networking",
    3: "Community",
    4: "Concerts",
    5: "Education",
    6: "Food & Drink",
    7: "Health & Fitness",
    8: "Parties & Festivals",
    9: "Personal Growth",
    10: "Sports",
    11: "Spirituality",
    12: "Tech",
}
LANGUAGES = ("ar", "de", "en", "es", "et", "fr", "he", "it", "nl", "pt", "ro", "ru")
MANAGING = ("owner", "admin")


class State:
    """The installation: its rows, its clock and its variants."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = world.store

    @property
    def hosted(self) -> bool:
        return bool(self.world.switch("eventschedule.hosted", False))

    def now(self) -> datetime:
        return self.world.clock.now().astimezone(UTC)

    def stamp(self) -> str:
        return times.stamp(self.now())

    def encode(self, number: int) -> str:
        return ids.encode(number, self._installation)

    def decode(self, text: Any) -> int | None:
        return ids.decode(text, self._installation)

    @property
    def _installation(self) -> str:
        return str(self.world.switch("eventschedule.installation", "sandbox"))

    # What is kept for a while: counters and codes.

    def recall(self, name: str) -> str | None:
        """A kept value that has not run out."""
        row = self.store.row("select value, expires_at from eventschedule_cache where name = ?", (name,))
        return row["value"] if row is not None and row["expires_at"] > self.now().timestamp() else None

    def remember(self, name: str, value: object, lifetime: timedelta) -> None:
        """Keep a value; its lifetime starts anew."""
        expires = (self.now() + lifetime).timestamp()
        self.store.execute("insert or replace into eventschedule_cache values (?, ?, ?)", (name, str(value), expires))

    def forget(self, name: str) -> None:
        self.store.execute("delete from eventschedule_cache where name = ?", (name,))

    def count(self, name: str) -> int:
        return int(self.recall(name) or 0)

    # Rows.

    def find(self, table: str, number: int | None) -> Row | None:
        """A row by number."""
        if number is None:
            return None
        return self.store.row(f"select * from eventschedule_{table} where id = ?", (number,))

    def role_of(self, subdomain: str) -> Row | None:
        """A schedule by its subdomain, in any case, deleted ones included."""
        return self.store.row("select * from eventschedule_role where subdomain = ?", (subdomain,))

    def level(self, user_id: int, role_id: int) -> str | None:
        row = self.store.row(
            "select level from eventschedule_member where user_id = ? and role_id = ?", (user_id, role_id)
        )
        return row["level"] if row else None

    def memberships(self, user_id: int, *levels: str) -> list[int]:
        """Numbers of the schedules on which the user has one of the levels."""
        rows = self.store.rows("select role_id, level from eventschedule_member where user_id = ?", (user_id,))
        return [row["role_id"] for row in rows if row["level"] in levels]

    def attached(self, event_id: int) -> list[Row]:
        """An event's schedules that are not deleted, in the order of attachment, with the sub-schedule's number."""
        return self.store.rows(
            "select r.*, a.group_id from eventschedule_attachment a join eventschedule_role r on r.id = a.role_id "
            "where a.event_id = ? and r.is_deleted = 0 order by a.id",
            (event_id,),
        )

    def tickets(self, event_id: int, *, addons: bool = False) -> list[Row]:
        """The tickets or add-ons that are not retired, the dearest first and those without a price last."""
        rows = self.store.rows(
            "select * from eventschedule_ticket where event_id = ? and is_addon = ? and is_deleted = 0 order by id",
            (event_id, int(addons)),
        )
        return sorted(rows, key=lambda row: -Decimal(row["price"]) if row["price"] is not None else Decimal(1))

    def may_edit(self, user: Row, event: Row) -> bool:
        """The user made it, or runs a schedule that it is attached to."""
        if event["user_id"] == user["id"]:
            return True
        managed = set(self.memberships(user["id"], *MANAGING))
        return any(role["id"] in managed for role in self.attached(event["id"]))

    def is_pro(self, role: Row) -> bool:
        return not self.hosted or role["plan"] in {"trial", "pro", "enterprise"}

    def is_enterprise(self, role: Row) -> bool:
        return not self.hosted or role["plan"] == "enterprise"

    def is_pro_event(self, event: Row) -> bool:
        return not self.hosted or any(self.is_pro(role) for role in self.attached(event["id"]))

    def listed_events(self, user: Row) -> list[Row]:
        """The events that the user's lists may show."""
        rows = self.store.rows(
            "select * from eventschedule_event e where exists (select 1 from eventschedule_attachment a "
            "join eventschedule_role r on r.id = a.role_id and r.is_deleted = 0 "
            "join eventschedule_member m on m.role_id = r.id and m.user_id = ? and m.level in ('owner', 'admin') "
            "where a.event_id = e.id)",
            (user["id"],),
        )
        return [row for row in rows if self.is_pro_event(row)] if self.hosted else rows

    def categories(self, role: Row | None) -> list[Row]:
        """A schedule's effective categories; the global list without a schedule."""
        if role is not None and role["categories"] is not None:
            return cast("list[Row]", json.loads(role["categories"]))
        return [{"id": number, "name": name, "color": None} for number, name in CATEGORIES.items()]

    def zone_of(self, role: Row, user: Row | None) -> tzinfo | None:
        """A schedule's zone, else the account's; None when its name is no zone."""
        name = role["timezone"] or (user["timezone"] if user else None) or "UTC"
        return times.zone(name)

    def event_date(self, event: Row) -> str | None:
        """The local date of an event's start in its creator schedule's zone."""
        if event["starts_at"] is None:
            return None
        return times.local_date(event["starts_at"], self.event_zone(event))

    def event_zone(self, event: Row) -> tzinfo:
        role = self.find("role", event["creator_role_id"])
        user = self.find("user", event["user_id"])
        found = self.zone_of(role, user) if role else times.zone((user["timezone"] if user else None) or "UTC")
        return found or UTC


def random_text(length: int) -> str:
    """Random lowercase letters and digits."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(length))
