"""The records of the HeySummit stand-in as either dialect writes them."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from eventdesk_server.sandbox.heysummit.records import zone_of
from eventdesk_server.sandbox.heysummit.rest import Ask

_FLAGS = ("is_live", "is_archived", "is_evergreen", "is_open_for_registrations")
_SOURCES = ("utm_source", "utm_medium", "utm_campaign", "referer_ref", "http_referer_domain")


def each(ask: Ask, shape: Callable[[Ask, dict[str, Any]], Any]) -> Callable[[list[dict[str, Any]]], list[Any]]:
    """A shape of one row as the shape of many."""
    return lambda rows: [shape(ask, row) for row in rows]


# Times


def bare(instant: str) -> str:
    """Server time as v1 writes it: no offset, always microseconds."""
    return datetime.fromisoformat(instant).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _v1_time(ask: Ask, text: str | None, zone: object) -> str | None:
    """A talk's time as v1 writes it: wall-clock time in the event's zone, never with an offset."""
    form = ask.switch("v1_dates", "stored")
    if text is None or ("T" not in text and form == "stored"):
        return text
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone_of(zone)) if zone_of(zone) else moment
        moment = moment.replace(tzinfo=None)
    if form == "microseconds":
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")
    return moment.replace(microsecond=0).isoformat() if form == "seconds" else moment.isoformat()


# Events


def event_v1(ask: Ask, event: dict[str, Any]) -> dict[str, Any]:
    """Ids of events, and of nothing else, are strings in v1. There is no zone."""
    host = ":8000" if ask.switch("odd_self_links", default=False) else ""
    shape = {
        "id": str(event["id"]),
        "url": f"{ask.root}{host}/api/events/{event['id']}/",
        "title": event["title"],
        "event_url": event["event_url"],
        "first_talk_at": _v1_time(ask, event["first_talk_at"], event["timezone"]),
        "last_talk_at": _v1_time(ask, event["last_talk_at"], event["timezone"]),
        **{flag: event[flag] for flag in _FLAGS},
    }
    return {name: value for name, value in shape.items() if name not in event["omit"]}


def event_v2(ask: Ask, event: dict[str, Any]) -> dict[str, Any]:
    """The flag for open registration begins with an underscore."""
    categories = ask.records.parts("categories", event["id"]) if event["shown_categories"] else {}
    shape: dict[str, Any] = {
        "id": event["id"],
        "url": f"{ask.root}/api/v2/events/{event['id']}/",
        "title": event["title"],
        "event_url": event["event_url"],
        "company_name": event["company_name"],
        "timezone": event["timezone"],
        "first_talk_at": event["first_talk_at"],
        "last_talk_at": event["last_talk_at"],
        "status": event["status"],
        **{flag: event[flag] for flag in _FLAGS},
        "description": event["description"],
        "logo": event["logo"],
        "logo_white": event["logo_white"],
        "feature_image": event["feature_image"],
        "categories": [categories[number] for number in event["shown_categories"]],
        "tags": event["tags"],
    }
    renamed = {
        "is_open_for_registrations": "_is_open_for_registrations",
        "timezone": ask.switch("zone_field", "timezone"),
    }
    optional = {"timezone", "description"} - set(event["given"])
    return {
        renamed.get(name, name): value
        for name, value in shape.items()
        if name not in event["omit"] and name not in optional
    }


def event_row_v1(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    return event_v1(ask, row["data"])


def event_row_v2(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    return event_v2(ask, row["data"])


# Talks


def talks(ask: Ask) -> Callable[[list[dict[str, Any]]], list[Any]]:
    """Talks of any events, in the dialect asked; speakers and categories inline."""

    @lru_cache
    def known(kind: str, event_id: int) -> dict[int, dict[str, Any]]:
        return ask.records.parts(kind, event_id)

    @lru_cache
    def zone(event_id: int) -> object:
        event = ask.records.event(event_id)
        return event["timezone"] if event else None

    def one(row: dict[str, Any]) -> dict[str, Any]:
        data, event_id = row["data"], row["event_id"]
        inline = ask.v1 or ask.switch("inline", default=True) is not False
        speakers = [known("speakers", event_id)[number] for number in data["speakers"]] if inline else data["speakers"]
        categories = data["categories"]
        if inline:
            categories = [known("categories", event_id)[number] for number in categories]
        date = data["date"]
        shape: dict[str, Any] = {
            "id": row["id"],
            "title": data["title"],
            "date": _v1_time(ask, date, zone(event_id)) if ask.v1 else date,
            # A capture of v1 answers shows v2 addresses here.
            "event": f"{ask.root}/api/v2/events/{event_id}/" if ask.v1 else event_id,
            "speakers": speakers,
            "categories": categories,
            "is_active": data["is_active"],
            "is_featured": data["is_featured"],
        }
        if not ask.v1:
            shape |= data["extras"]
            field = ask.switch("talk_date_field", "date")
            shape = {field if name == "date" else name: value for name, value in shape.items()}
        return {name: value for name, value in shape.items() if name not in data["omit"]}

    return lambda rows: [one(row) for row in rows]


# Tickets


def ticket(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    """v2 types much of a ticket as text, the prices even as JSON within a string. v1 knows no price."""
    data, number = row["data"], row["id"]
    if ask.v1:
        event = ask.records.event(row["event_id"])
        shown = f"{ask.root}/api/tickets/{number}/"
        if ask.switch("odd_self_links", default=False):
            shown = f"http://api.heysummit.example/api/tickets/{number + 28}/"
        return {
            "id": number,
            "url": shown,
            "name": data["title"],
            "event_id": row["event_id"],
            "event_name": event["title"] if event else "",
            "created_at": bare(data["created_at"]),
        }
    prices: Any = ask.records.prices(number)
    if data["prices_as"] != "array":
        prices = json.dumps(prices, ensure_ascii=False)
    if data["prices_as"] == "broken":
        prices = prices.replace('"', "'")
    shape = {
        "id": number,
        "title": data["title"],
        "description": data["description"],
        "is_paid": data["is_paid"],
        "is_active": data["is_active"],
        "quantity_remaining": json.loads(row["remaining"]),
        "mark_as_popular": data["mark_as_popular"],
        "apply_to_broadcasts": data["apply_to_broadcasts"],
        "apply_to_replays": data["apply_to_replays"],
        "apply_to_inperson": data["apply_to_inperson"],
        "prices": prices,
    }
    return shape | ({"checkout_link": data["checkout_link"]} if data["given"] else {})


# Attendees


def attendee(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    """An attendee in the dialect asked. v1 writes talks as addresses and tickets inline; v2 ids, and no tickets."""
    return _attendee_v1(ask, row) if ask.v1 else _attendee_v2(ask, row)


def _attendee_v2(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    data = row["data"]
    return {
        "id": row["id"],
        "email": row["email"],
        "name": row["name"],
        "registration_status": row["status"],
        "event_id": row["event_id"],
        "created_at": row["created_at"],
        **{name: data[name] for name in _SOURCES},
        "affiliate_email": data["affiliate_email"],
        "talks": ask.records.talks_of(row["id"]),
    }


def _attendee_v1(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    data, number, event_id = row["data"], row["id"], row["event_id"]
    event = ask.records.event(event_id)
    known = ask.records.parts("categories", event_id) if data["categories"] else {}
    shown = number + 1 if ask.switch("odd_self_links", default=False) else number
    return {
        "id": number,
        "url": f"{ask.root}/api/attendees/{shown}/",
        "email": row["email"],
        "name": row["name"],
        "registration_status": row["status"],
        "event_id": event_id,
        "event_name": event["title"] if event else "",
        "created_at": bare(row["created_at"]),
        "agreed_terms": bare(data["agreed_terms"]) if data["agreed_terms"] else None,
        "affiliate_email": data["affiliate_email"],
        "speaker_referrer_email": data["speaker_referrer_email"],
        **{name: data[name] for name in _SOURCES},
        "http_referer": data["http_referer"],
        "ip_address": data["ip_address"],
        "categories": [known[one] for one in data["categories"] if one in known],
        "talks": [f"{ask.root}/api/talks/{talk}/" for talk in ask.records.talks_of(number)],
        "questions": data["questions"],
        "tickets": [
            {
                "ticket_id": held["ticket_id"],
                "ticket_name": held["title"],
                "amount_gross": held["gross"],
                "amount_net": held["net"],
                "created_at": bare(held["created_at"]),
            }
            for held in ask.records.holdings_of(number)
        ],
    }
