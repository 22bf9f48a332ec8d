"""Rows as answers show them."""

import json
from collections.abc import Mapping
from typing import Any

from eventdesk_server.sandbox.eventschedule import php, times
from eventdesk_server.sandbox.eventschedule.state import CATEGORIES, Row, State

PASS_KEYS = ("pass_usage_type", "pass_max_uses", "pass_valid_days", "pass_scope", "pass_allow_booking")


def user_data(state: State, user: Row, key: str) -> dict[str, Any]:
    """What register and login answer."""
    return {
        "api_key": key,
        "api_key_expires_at": times.iso(user["api_key_expires_at"]),
        "user": {"id": state.encode(user["id"]), "name": user["name"], "email": user["email"]},
    }


def group_data(state: State, group: Row) -> dict[str, Any]:
    return {"id": state.encode(group["id"]), "name": group["name"], "slug": group["slug"], "color": group["color"]}


def schedule_data(state: State, role: Row, site: str, echo: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A schedule; nothing at all for one without a plan that includes the API."""
    if not state.is_pro(role):
        return {}
    row = {**role, **(echo or {})}
    groups = state.store.rows("select * from eventschedule_grouping where role_id = ? order by id", (role["id"],))
    return {
        "id": state.encode(role["id"]),
        "subdomain": row["subdomain"],
        "url": f"{site}/{row['subdomain']}",
        "type": row["type"],
        "name": row["name"],
        "email": row["email"],
        "phone": row["phone"],
        "show_phone": row["show_phone"],
        "website": row["website"],
        "description": row["description"],
        "short_description": row["short_description"],
        "timezone": row["timezone"],
        "language_code": row["language_code"],
        "profile_image_url": row["profile_image_url"],
        "address1": row["address1"],
        "city": row["city"],
        "state": row["state"],
        "postal_code": row["postal_code"],
        "country_code": row["country_code"],
        "created_at": times.iso(row["created_at"]),
        "updated_at": times.iso(row["updated_at"]),
        "groups": [group_data(state, group) for group in groups],
    }


def ticket_data(state: State, ticket: Row) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": state.encode(ticket["id"]),
        "type": ticket["type"],
        "price": ticket["price"],
        "quantity": ticket["quantity"],
        "description": ticket["description"],
        "sales_start_at": times.iso(ticket["sales_start_at"]),
        "sales_end_at": times.iso(ticket["sales_end_at"]),
        "volume_discount": json.loads(ticket["volume_discount"]) if ticket["volume_discount"] else None,
        "is_pass": bool(ticket["is_pass"]),
    }
    if ticket["is_pass"]:
        config: dict[str, Any] = json.loads(ticket["pass"] or "{}")
        data.update({key: config.get(key) for key in PASS_KEYS})
        data["pass_allow_booking"] = bool(config.get("pass_allow_booking"))
        data["pass_admits_per_event"] = max(1, php.integer(config.get("pass_admits_per_event") or 1))
        named = php.listed(config.get("pass_event_ids"))
        data["pass_covered_count"] = len(named) if config.get("pass_scope") == "specific_events" else None
    return data


def addon_data(state: State, addon: Row) -> dict[str, Any]:
    return {
        "id": state.encode(addon["id"]),
        "type": addon["type"],
        "price": addon["price"],
        "quantity": addon["quantity"],
        "description": addon["description"],
        "image_url": addon["image_url"],
        "url": addon["url"],
    }


def event_url(state: State, event: Row, schedules: list[Row], site: str) -> str:
    """An event's public page, below the schedule it was made on; a recurring one's ends in its first date."""
    creator = state.find("role", event["creator_role_id"])
    others = [role for role in schedules if creator is None or role["id"] != creator["id"]]
    home = creator or (schedules[0] if schedules else None)
    parts = [home["subdomain"] if home else "event"]
    parts.append(others[0]["subdomain"] if others else event["slug"])
    parts.append(state.encode(event["id"]))
    if event["recurring_frequency"]:
        parts.append(state.event_date(event) or "")
    return f"{site}/{'/'.join(part for part in parts if part)}"


def _category(state: State, event: Row, category_id: Any) -> tuple[str | None, str | None]:
    if category_id is None:
        return None, None
    number = php.integer(category_id)
    for category in state.categories(state.find("role", event["creator_role_id"])):
        if category["id"] == number:
            return category["name"], category.get("color")
    return CATEGORIES.get(number), None


def event_data(state: State, event: Row, site: str, echo: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An event. `echo` holds what a write's answer shows instead of what is stored."""
    if not state.is_pro_event(event):
        return {}
    row = {**event, **(echo or {})}
    schedules = state.attached(event["id"])
    venue = next((role for role in schedules if role["type"] == "venue"), None)
    category_name, category_color = _category(state, event, row["category_id"])
    data: dict[str, Any] = {
        "id": state.encode(event["id"]),
        "url": event_url(state, event, schedules, site),
        "name": row["name"],
        "short_description": row["short_description"],
        "description": row["description"],
        "starts_at": row["starts_at"],
        "duration": php.number(row["duration"]),
        "category_id": row["category_id"],
        "category_name": category_name,
        "category_color": category_color,
        "is_private": bool(row["is_private"]),
        "is_draft": bool(row["is_draft"]),
        "is_internal": bool(row["is_internal"]),
        "is_password_protected": bool(row["is_private"] and row["event_password"]),
        "event_url": row["event_url"],
        "registration_url": row["registration_url"],
        "venue_id": state.encode(venue["id"]) if venue else None,
        "venue_name": venue["name"] if venue else None,
        "venue_address1": venue["address1"] if venue else None,
        "venue_subdomain": venue["subdomain"] if venue else None,
        "flyer_image_url": f"{site}/storage/{row['flyer']}" if row["flyer"] else None,
        "schedule_type": "recurring" if row["recurring_frequency"] else "single",
    }
    if row["recurring_frequency"]:
        for key in (
            "recurring_frequency", "recurring_interval", "days_of_week", "recurring_end_type", "recurring_end_value",
        ):  # fmt: skip
            data[key] = row[key]
    data["rsvp_enabled"] = bool(row["rsvp_enabled"])
    data["rsvp_limit"] = row["rsvp_limit"]
    data["tickets_enabled"] = bool(row["tickets_enabled"])
    if row["tickets_enabled"]:
        data["tickets"] = [ticket_data(state, ticket) for ticket in state.tickets(event["id"])]
        data["addons"] = [addon_data(state, addon) for addon in state.tickets(event["id"], addons=True)]
    data["members"] = {
        state.encode(role["id"]): {
            "name": role["name"],
            "email": role["email"],
            "youtube_url": role["youtube_url"] or "",
        }
        for role in schedules
        if role["type"] == "talent"
    } or []
    parts = state.store.rows(
        "select * from eventschedule_part where event_id = ? order by sort_order, id", (event["id"],)
    )
    data["event_parts"] = [
        {"id": state.encode(part["id"])} | {k: part[k] for k in ("name", "description", "start_time", "end_time")}
        for part in parts
    ]
    for key in ("ticket_currency_code", "payment_method", "terms_url"):
        data[key] = row[key]
    data["schedules"] = [_attachment_data(state, role) for role in schedules]
    data["created_at"] = times.iso(row["created_at"])
    data["updated_at"] = times.iso(row["updated_at"])
    return data


def _attachment_data(state: State, role: Row) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": state.encode(role["id"]),
        "subdomain": role["subdomain"],
        "name": role["name"],
        "type": role["type"],
    }
    group = state.find("grouping", role["group_id"])
    if group is not None:
        data["group"] = {"id": state.encode(group["id"]), "name": group["name"], "slug": group["slug"]}
    return data


def sale_data(state: State, sale: Row, user: Row) -> dict[str, Any]:
    """A sale; its secret only for who made it or made the event. Prices and types are the tickets' current ones."""
    event = state.find("event", sale["event_id"])
    lines = state.store.rows(
        "select l.quantity, t.id, t.price, t.type, t.is_addon, t.is_pass from eventschedule_line l "
        "join eventschedule_ticket t on t.id = l.ticket_id where l.sale_id = ? order by l.id",
        (sale["id"],),
    )
    is_primary = sale["group_id"] is not None and sale["group_id"] == sale["id"]
    secondary = sale["group_id"] is not None and not is_primary
    data: dict[str, Any] = {
        "id": state.encode(sale["id"]),
        "event_id": state.encode(sale["event_id"]),
        "event_name": event["name"] if event else None,
        "subdomain": sale["subdomain"],
        "name": sale["name"],
        "email": sale["email"],
        "phone": sale["phone"],
        "event_date": sale["event_date"],
        "status": sale["status"],
        "payment_method": sale["payment_method"],
        "payment_amount": php.number(sale["payment_amount"]),
        "volume_discount_amount": php.number(sale["volume_discount_amount"]),
        "discount_amount": php.number(sale["discount_amount"]),
        "gift_card_amount": php.number(sale["gift_card_amount"]),
        "order_id": state.encode(sale["order_id"]) if sale["order_id"] is not None else None,
        "is_order_primary": bool(sale["is_order_primary"]),
        "transaction_reference": sale["transaction_reference"],
    }
    if user["id"] in (sale["user_id"], event["user_id"] if event else None):
        data["secret"] = sale["secret"]
    data["created_at"] = times.iso(sale["created_at"])
    data["updated_at"] = times.iso(sale["updated_at"])
    data["tickets"] = [
        {
            "ticket_id": state.encode(line["id"]),
            "quantity": line["quantity"],
            "price": php.number(float(line["price"] or 0)),
            "type": line["type"],
            "is_addon": bool(line["is_addon"]),
            "is_pass": bool(line["is_pass"]),
        }
        for line in lines
    ]
    data["total_quantity"] = 0 if secondary else sum(line["quantity"] for line in lines if not line["is_addon"])
    data["group_id"] = state.encode(sale["group_id"]) if sale["group_id"] is not None else None
    data["is_primary"] = is_primary
    return data
