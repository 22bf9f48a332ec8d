"""What the EventHQ stand-in stores, and how it writes an event and a product."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from eventdesk_server.sandbox.core import Store
from eventdesk_server.sandbox.eventhq import season as fmt

_SCHEMA = """
create table if not exists eventhq_tags (id text primary key, name text not null);
create table if not exists eventhq_events (id integer primary key, slug text not null unique, data text not null);
create table if not exists eventhq_products (id text primary key, event_id integer not null, data text not null);
"""
EVENT_TIMES = ("registration_opens", "registration_closes", "event_starts", "event_ends")


class Records:
    """The stand-in's tables. An event is read with its products in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: tuple[tuple[int, int], list[dict[str, Any]]] | None = None
        store.script(_SCHEMA)

    def tags(self) -> dict[str, str]:
        """Names of tags by id."""
        return {row["id"]: row["name"] for row in self._store.rows("select id, name from eventhq_tags")}

    def events(self) -> Sequence[dict[str, Any]]:
        """All events, to be read only. Every page of a list is cut from all of them, so they are kept until one changes."""
        version = self._store.version()
        if self._read is None or self._read[0] != version:
            self._read = version, self._events()
        return self._read[1]

    def _events(self) -> list[dict[str, Any]]:
        events: dict[int, dict[str, Any]] = {
            row["id"]: json.loads(row["data"]) | {"products": []}
            for row in self._store.rows("select id, data from eventhq_events order by id")
        }
        for row in self._store.rows("select event_id, data from eventhq_products"):
            events[row["event_id"]]["products"].append(json.loads(row["data"]))
        for event in events.values():
            event["products"].sort(key=_place)
        return list(events.values())

    def load(self, season: fmt.Season) -> None:
        """Add a season, all of it or nothing.

        Raises:
            ValueError: An id or a slug is there already, or an event bears a tag that is not there.
        """
        self._store.begin()
        try:
            for index, tag in enumerate(season.tags):
                self._insert("eventhq_tags", tag.model_dump(), f"eventhq.tags.{index}")
            known = self.tags()
            for index, event in enumerate(season.events):
                path = f"eventhq.events.{index}"
                _check_tags(event, known, path)
                data = json.dumps(event.model_dump(exclude={"products"}))
                self._insert("eventhq_events", {"id": event.id, "slug": event.slug, "data": data}, path)
                for place, product in enumerate(event.products):
                    values = {"id": product.id, "event_id": event.id, "data": product.model_dump_json()}
                    self._insert("eventhq_products", values, f"{path}.products.{place}")
        except BaseException:
            self._store.rollback()
            raise
        self._store.commit()

    def _insert(self, table: str, values: dict[str, Any], path: str) -> None:
        try:
            self._store.insert(table, values)
        except sqlite3.IntegrityError as clash:
            raise ValueError(f"{path}: this id or slug is there already") from clash


def _place(product: dict[str, Any]) -> tuple[int, str]:
    return product["position"], product["id"]


def _check_tags(event: fmt.Event, known: dict[str, str], path: str) -> None:
    unknown = [tag for tag in event.tags if tag not in known]
    if unknown:
        raise ValueError(f"{path}.tags: there is no tag {unknown[0]!r}")


# What follows from the records


def product_sold_out(product: dict[str, Any]) -> bool:
    available = product["total_available"]
    return available is not None and (product["total_used"] or 0) >= available


def sold_out(event: dict[str, Any]) -> bool:
    """The venue's limit is reached, or all primary tickets are gone."""
    if event["capacity"] is not None and event["attendee_count"] >= event["capacity"]:
        return True
    tickets = [
        product
        for product in event["products"]
        if product["primary"] and product["published"] and not product["deleted"]
    ]
    return bool(tickets) and all(product_sold_out(product) for product in tickets)


def selectable(event: dict[str, Any]) -> bool:
    """Whether an attendee could choose some primary ticket now."""
    return not sold_out(event) and any(
        product["primary"]
        and product["published"]
        and not product["deleted"]
        and not product["admin_only"]
        and not product_sold_out(product)
        for product in event["products"]
    )


def registration_open(event: dict[str, Any], now: datetime) -> bool:
    """Whether registration is open at this London wall-clock time. A side that is not set does not limit."""
    opens, closes = event["registration_opens"], event["registration_closes"]
    return (opens is None or datetime.fromisoformat(opens) <= now) and (
        closes is None or now < datetime.fromisoformat(closes)
    )


def current_price(product: dict[str, Any], today: date) -> int | float:
    """The first price that still holds, as a JSON number; the last one when all have ended."""
    prices = product["prices"]
    valid = [each for each in prices if each["until_end_of"] is None or each["until_end_of"] >= today.isoformat()]
    if not prices:
        return 0
    amount = Decimal((valid or prices[-1:])[0]["value"])
    return int(amount) if amount == amount.to_integral_value() else float(amount)


# On the wire


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _utc(wall: str | None) -> str | None:
    return None if wall is None else f"{wall}+0000"


def product_shape(product: dict[str, Any], event_id: int, today: date) -> dict[str, Any]:
    """A product as the view writes it: most numbers as text, `sold_out` too, `current_price` as a number."""
    return {
        "id": product["id"],
        "event_id": str(event_id),
        "event_days": product["event_days"],
        "primary": product["primary"],
        "name": product["name"],
        "description": product["description"],
        "total_available": _text(product["total_available"]),
        "admin_only": product["admin_only"],
        "max_order_per_attendee": str(product["max_order_per_attendee"]),
        "vat_rate": product["vat_rate"],
        "position": str(product["position"]),
        "total_used": _text(product["total_used"]),
        "published": product["published"],
        "deleted": product["deleted"],
        "deleted_date": _utc(product["deleted_date"]),
        "created": _utc(product["created"]),
        "modified": _utc(product["modified"]),
        "sold_out": "1" if product_sold_out(product) else "0",
        "current_price": current_price(product, today),
        "prices": [
            {"value": each["value"], "until_end_of": each["until_end_of"], "product_id": product["id"]}
            for each in product["prices"]
        ],
    }
