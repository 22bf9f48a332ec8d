"""Storing a season: users, then schedules, then events with all that hangs on them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php
from eventdesk_server.sandbox.eventschedule.auth import digest
from eventdesk_server.sandbox.eventschedule.inventory import HOLDING
from eventdesk_server.sandbox.eventschedule.seasonformat import SEASON, check_object
from eventdesk_server.sandbox.eventschedule.state import Row, State, random_text

_EVENT_COLUMNS = (
    "short_description", "description", "starts_at", "duration", "category_id", "event_url", "registration_url",
    "event_password", "flyer", "recurring_frequency", "recurring_interval", "recurring_end_value", "rsvp_limit",
    "payment_instructions", "terms_url", "ticket_currency_code", "payment_method",
)  # fmt: skip
_EVENT_FLAGS = (
    "is_private", "is_draft", "is_internal", "rsvp_enabled", "sell_after_start", "shared_pool",
)  # fmt: skip
_ROLE_COLUMNS = (
    "subdomain", "type", "name", "phone", "website", "description", "short_description", "timezone", "language_code",
    "profile_image_url", "address1", "city", "state", "postal_code", "youtube_url", "default_state",
)  # fmt: skip
_SALE_COLUMNS = (
    "name", "email", "phone", "payment_method", "volume_discount_amount", "discount_amount", "gift_card_amount",
    "transaction_reference",
)  # fmt: skip
_LEVELS = ("owner", "admin", "viewer", "follower")


def load_season(state: State, season: Mapping[str, Any], default_user: str, default_plan: str) -> None:
    """Store a season; nothing of it when any part is wrong.

    Raises:
        ValueError: It does not fit the format; the message names the path of the wrong part.
    """
    check_object(season, SEASON, "season")
    loader = _Loader(state, default_user, default_plan)
    state.store.begin()
    try:
        for index, row in enumerate(php.listed(season.get("users"))):
            loader.user(row, f"season.users[{index}]")
        for index, row in enumerate(php.listed(season.get("schedules"))):
            loader.schedule(row, f"season.schedules[{index}]")
        for index, row in enumerate(php.listed(season.get("events"))):
            loader.event(row, f"season.events[{index}]")
    except BaseException:
        state.store.rollback()
        raise
    state.store.commit()


@dataclass(slots=True)
class _Sales:
    """What the sales of one event need: its rows' numbers and prices, and its sold counters as they grow."""

    event: Row
    creator: Row
    tickets: list[tuple[int, float]]
    addons: list[tuple[int, float]]
    sold: dict[int, dict[str, int]] = field(default_factory=dict[int, dict[str, int]])


class _Loader:
    def __init__(self, state: State, default_user: str, plan: str) -> None:
        self._state = state
        self._store = state.store
        self._default_user = default_user
        self._plan = plan
        self._now = state.stamp()
        self._orders: dict[str, int] = {}
        row = self._store.row("select max(order_id) as n from eventschedule_sale")
        self._last_order = int((row or {}).get("n") or 0)

    def user(self, row: Mapping[str, Any], path: str) -> None:
        email = row["email"].lower()
        if self._store.row("select 1 from eventschedule_user where email = ?", (email,)):
            raise ValueError(f"{path}.email: is taken")
        values = {name: row.get(name) for name in ("name", "api_key", "api_key_expires_at", "language_code")}
        values |= {
            "email": email,
            "timezone": row.get("timezone") or "UTC",
            "password": digest(row.get("password") or random_text(12)),
            "two_factor": int(bool(row.get("two_factor"))),
        }
        self._store.insert("eventschedule_user", values)

    def _user_id(self, email: str | None, path: str) -> int:
        sought = (email or self._default_user).lower()
        row = self._store.row("select id from eventschedule_user where email = ?", (sought,))
        if row is None:
            raise ValueError(f"{path}: there is no user {sought!r}")
        return int(row["id"])

    def _role(self, subdomain: str, path: str) -> Row:
        row = self._state.role_of(subdomain)
        if row is None:
            raise ValueError(f"{path}: there is no schedule {subdomain!r}")
        return row

    def schedule(self, row: Mapping[str, Any], path: str) -> None:
        if self._state.role_of(row["subdomain"]) is not None:
            raise ValueError(f"{path}.subdomain: is taken")
        members: dict[str, Any] = dict(row.get("members") or {})
        if row.get("owner"):
            members[row["owner"]] = "owner"
        owner = next((email for email, level in members.items() if level == "owner"), None)
        values = {name: row.get(name) for name in _ROLE_COLUMNS}
        values |= {
            "user_id": self._user_id(owner, f"{path}.owner") if owner else None,
            "email": row["email"].lower() if row.get("email") else None,
            "country_code": names.country(row.get("country_code")),
            "show_phone": int(bool(row.get("show_phone"))),
            "plan": row.get("plan") or self._plan,
            "verified": int(row["verified"] if row.get("verified") is not None else owner is not None),
            "categories": json.dumps(row["categories"]) if row.get("categories") is not None else None,
            "accept_requests": int(bool(row.get("accept_requests"))),
            "is_deleted": int(bool(row.get("is_deleted"))),
            "language_code": row.get("language_code") or "en",
            "created_at": row.get("created_at") or self._now,
            "updated_at": row.get("created_at") or self._now,
        }
        number = self._store.insert("eventschedule_role", values)
        for email, level in members.items():
            if level not in _LEVELS:
                raise ValueError(f"{path}.members.{email}: must be one of {', '.join(_LEVELS)}")
            user = self._user_id(email, f"{path}.members.{email}")
            self._store.insert("eventschedule_member", {"user_id": user, "role_id": number, "level": level})
        for group in php.listed(row.get("groups")):
            slug = group.get("slug") or names.slug(group["name"])
            self._store.insert(
                "eventschedule_grouping",
                {"role_id": number, "name": group["name"], "slug": slug, "color": group.get("color")},
            )

    def event(self, row: Mapping[str, Any], path: str) -> None:
        roles = [
            (self._role(item["subdomain"], f"{path}.schedules[{index}].subdomain"), item.get("group"))
            for index, item in enumerate(php.listed(row["schedules"]))
        ]
        if not roles and not row.get("creator"):
            raise ValueError(f"{path}.schedules: must name a schedule")
        creator = self._role(row["creator"], f"{path}.creator") if row.get("creator") else roles[0][0]
        frequency = row.get("recurring_frequency")
        days = row.get("days_of_week") if frequency in ("weekly", "every_n_weeks") else "1111111"
        if frequency in ("weekly", "every_n_weeks") and not days:
            raise ValueError(f"{path}.days_of_week: is missing")
        stamp = row.get("created_at") or self._now
        values: dict[str, Any] = {name: row[name] for name in _EVENT_COLUMNS if row.get(name) is not None}
        values |= {name: int(bool(row.get(name))) for name in _EVENT_FLAGS}
        values |= {
            "name": row["name"],
            "user_id": self._user_id(row.get("user"), f"{path}.user"),
            "creator_role_id": creator["id"],
            "slug": names.slug(row["name"]) or random_text(8),
            "days_of_week": days if frequency else None,
            "recurring_end_type": row.get("recurring_end_type") or "never",
            "skipped_dates": json.dumps(row["skipped_dates"]) if row.get("skipped_dates") else None,
            "added_dates": json.dumps(row["added_dates"]) if row.get("added_dates") else None,
            "tickets_enabled": int(row.get("tickets_enabled", bool(row.get("tickets")))),
            "is_cancelled": int(bool(row.get("cancelled"))),
            "is_appointment": int(bool(row.get("appointment"))),
            "reserved": json.dumps(row["reserved"]) if row.get("reserved") else None,
            "created_at": stamp,
            "updated_at": stamp,
        }
        number = self._store.insert("eventschedule_event", values)
        for index, (role, slug) in enumerate(roles):
            group = self._group(role, slug, f"{path}.schedules[{index}].group")
            self._store.insert(
                "eventschedule_attachment", {"event_id": number, "role_id": role["id"], "group_id": group}
            )
        event = self._state.find("event", number) or {}
        tickets = [self._ticket(event, item, addon=False) for item in php.listed(row.get("tickets"))]
        addons = [self._ticket(event, item, addon=True) for item in php.listed(row.get("addons"))]
        parts = [self._part(event, order, item) for order, item in enumerate(php.listed(row.get("parts")))]
        sales = _Sales(event, creator, tickets, addons)
        for index, item in enumerate(php.listed(row.get("sales"))):
            self._sale(sales, item, f"{path}.sales[{index}]")
        for ticket, counters in sales.sold.items():
            self._store.update("eventschedule_ticket", {"id": ticket}, {"sold": json.dumps(counters)})
        for index, item in enumerate(php.listed(row.get("fan_content"))):
            self._fan(event, parts, item, f"{path}.fan_content[{index}]")

    def _group(self, role: Row, slug: str | None, path: str) -> int | None:
        if slug is None:
            return None
        row = self._store.row(
            "select id from eventschedule_grouping where role_id = ? and slug = ?", (role["id"], slug)
        )
        if row is None:
            raise ValueError(f"{path}: there is no sub-schedule {slug!r} on {role['subdomain']!r}")
        return int(row["id"])

    def _ticket(self, event: Row, row: Mapping[str, Any], *, addon: bool) -> tuple[int, float]:
        texts = (
            "type",
            "quantity",
            "description",
            "sales_start_at",
            "sales_end_at",
            "max_per_order",
            "url",
            "image_url",
        )
        values: dict[str, Any] = {name: row.get(name) for name in texts}
        values |= {
            "event_id": event["id"],
            "is_addon": int(addon),
            "is_deleted": int(bool(row.get("retired"))),
            "price": php.price(row.get("price")),
            "is_pass": int(row.get("pass") is not None),
        }
        for name in ("volume_discount", "pass", "custom_fields"):
            values[name] = json.dumps(row[name]) if row.get(name) is not None else None
        return self._store.insert("eventschedule_ticket", values), float(values["price"] or 0)

    def _part(self, event: Row, order: int, row: Mapping[str, Any]) -> int:
        values = {name: row.get(name) for name in ("name", "description", "start_time", "end_time")}
        return self._store.insert("eventschedule_part", values | {"event_id": event["id"], "sort_order": order})

    def _sale(self, sales: _Sales, row: Mapping[str, Any], path: str, group: int | None = None) -> None:
        lines: list[tuple[int, int]] = []
        total = 0.0
        for index, line in enumerate(php.listed(row.get("lines"))):
            key = "addon" if line.get("addon") is not None else "ticket"
            rows = sales.addons if key == "addon" else sales.tickets
            position: int | None = line.get(key)
            if position is None or not 0 <= position < len(rows):
                raise ValueError(f"{path}.lines[{index}].{key}: there is no such row")
            ticket, price = rows[position]
            lines.append((ticket, line["quantity"]))
            total += price * line["quantity"]
        event = sales.event
        status = row.get("status") or ("unpaid" if total else "paid")
        date = row.get("event_date") or self._state.event_date(event)
        stamp = row.get("created_at") or self._now
        values: dict[str, Any] = {name: row.get(name) for name in _SALE_COLUMNS}
        values |= {
            "event_id": event["id"],
            "user_id": self._user_id(row["made_by"], f"{path}.made_by") if row.get("made_by") else None,
            "subdomain": row.get("subdomain") or sales.creator["subdomain"],
            "event_date": date,
            "status": status,
            "payment_method": row.get("payment_method") or (event["payment_method"] if lines else "rsvp"),
            "payment_amount": row["payment_amount"] if row.get("payment_amount") is not None else round(total, 3),
            "secret": random_text(32),
            "group_id": group,
            "is_deleted": int(bool(row.get("is_deleted"))),
            "created_at": stamp,
            "updated_at": stamp,
        }
        if row.get("order"):
            values |= self._order(row["order"])
        number = self._store.insert("eventschedule_sale", values)
        holds = status in HOLDING and not row.get("is_deleted") and date is not None
        for ticket, quantity in lines:
            self._store.insert("eventschedule_line", {"sale_id": number, "ticket_id": ticket, "quantity": quantity})
            if holds:
                counters = sales.sold.setdefault(ticket, {})
                counters[str(date)] = counters.get(str(date), 0) + quantity
        if row.get("feedback"):
            values = {"event_id": event["id"], "sale_id": number, "event_date": date, "created_at": stamp}
            self._feedback(values, row["feedback"], f"{path}.feedback")
        if row.get("guests"):
            self._store.update("eventschedule_sale", {"id": number}, {"group_id": number})
            for index, guest in enumerate(php.listed(row["guests"])):
                # A guest's own sale reports nothing to pay: the primary one carries the totals.
                shared = {name: values[name] for name in ("status", "payment_method", "event_date", "created_at")}
                own = {"payment_amount": 0, **shared, **guest}
                self._sale(sales, own, f"{path}.guests[{index}]", number)

    def _order(self, label: str) -> dict[str, int]:
        """An order's number; the first sale of a label is its primary one."""
        primary = label not in self._orders
        if primary:
            self._last_order += 1
            self._orders[label] = self._last_order
        return {"order_id": self._orders[label], "is_order_primary": int(primary)}

    def _feedback(self, values: dict[str, Any], row: Mapping[str, Any], path: str) -> None:
        if not 1 <= row["rating"] <= 5:
            raise ValueError(f"{path}.rating: must be from 1 to 5")
        given = {name: row[name] for name in ("rating", "comment", "created_at") if row.get(name) is not None}
        self._store.insert("eventschedule_feedback", values | given)

    def _fan(self, event: Row, parts: list[int], row: Mapping[str, Any], path: str) -> None:
        part: int | None = row.get("part")
        if part is not None and not 0 <= part < len(parts):
            raise ValueError(f"{path}.part: there is no such part")
        last = self._store.row("select max(number) as n from eventschedule_fan where kind = ?", (row["kind"],))
        approved = row.get("is_approved")
        self._store.insert(
            "eventschedule_fan",
            {
                "kind": row["kind"],
                "number": int((last or {}).get("n") or 0) + 1,
                "event_id": event["id"],
                "part_id": parts[part] if part is not None else None,
                "event_date": row.get("event_date"),
                "submitted_by": row["submitted_by"],
                "is_guest": int(bool(row.get("is_guest"))),
                "is_approved": int(approved if approved is not None else True),
                "content": json.dumps({row["kind"]: row["content"]}),
                "created_at": row.get("created_at") or self._now,
            },
        )
