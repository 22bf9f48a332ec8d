"""What evvnt takes in a listing, checked before it is sent: its tables of POST and PUT /events."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from eventdesk_server.providers.evvnt import wire
from eventdesk_server.providers.loose import clock_time, web_address
from eventdesk_tools.errors import AmbiguousName, InvalidArguments, UnknownRef
from eventdesk_tools.models import Json
from eventdesk_tools.money import Money
from eventdesk_tools.records import NewTicket, Place
from eventdesk_tools.refs import shown

SUMMARY = 200
DESCRIPTION = 2000
IMAGES = 2
REQUIRED = (
    "title", "category_id", "start_time", "end_time", "summary", "description", "contact", "venue", "prices",
)  # fmt: skip
LINKS = (
    "Website", "Booking", "Inquiries", "Tickets", "Facebook", "Twitter", "MySpace", "YouTube", "Brochure", "MobileApp",
    "Periscope",
)  # fmt: skip
COUNTRIES = {
    "UK": "GB",
    "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "USA": "US",
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "IRELAND": "IE",
}
NEED_POSTCODE = frozenset({"GB", "US"})
_VENUE = ("name", "address_1", "town", "country")
_VENUE_TEXTS = (*_VENUE, "address_2", "postcode")
_CONTACT = ("name", "email", "tel")
_PRICE = re.compile(r"[A-Z]{3} \d{1,12}(?:\.\d{1,6})?")
HASHTAG = re.compile(r"[A-Za-z0-9_]+")
Fields = Mapping[str, Json]


def country_code(text: str) -> str:
    """The two letters of a country; what is neither these nor a usual name stays as it is."""
    given = text.strip().upper()
    return COUNTRIES.get(given, given)


def _wrong(message: str, field: str, advice: str = "Correct it, or ask the person.") -> InvalidArguments:
    return InvalidArguments(message, field=field, next=advice)


def check(body: Fields, name: Callable[[str], str], present: wire.Event | None = None) -> None:
    """Refuse what evvnt would refuse, or mangle. `name` is how the caller calls a field; `present` is what is changed.

    Raises:
        InvalidArguments: The message says what is wrong.
    """
    for field, value in body.items():
        checker = _CHECKS.get(field)
        if checker is not None:
            checker(value, name(field))
    _check_times(body, name, present)


def missing(body: Fields) -> tuple[str, ...]:
    """The required fields that are not there."""
    return tuple(field for field in REQUIRED if body.get(field) in (None, "", {}))


def check_address(url: str, field: str) -> None:
    """Refuse what is no web address, and evvnt's own redirects, which read like links and must not be sent back."""
    if not web_address(url):
        raise InvalidArguments(
            f"{shown(url)} is not a web address. Write it like https://example.org/page.", field=field
        )
    if (urlsplit(url.strip()).hostname or "").rstrip(".").lower() == wire.TRACKING_HOST:
        raise InvalidArguments(
            f"{shown(url)} is one of evvnt's tracking addresses, not the event's own page.",
            next="Ask the person for the page itself.",
            field=field,
        )


def _text(most: int) -> Callable[[Json, str], None]:
    def check_text(value: Json, field: str) -> None:
        if not isinstance(value, str) or not value.strip():
            raise _wrong(f"evvnt requires {field}: it cannot be empty.", field)
        if len(value) > most:
            raise _wrong(
                f"{field} has {len(value)} characters, and evvnt takes {most}.", field, "Shorten it with the person."
            )

    return check_text


def _object(value: Json, field: str) -> dict[str, Json]:
    if not isinstance(value, Mapping) or not value:
        raise _wrong(f"{field} must be an object that is not empty.", field)
    return dict(cast("Fields", value))


def _contact(value: Json, field: str) -> None:
    given = _object(value, field)
    if set(given) != set(_CONTACT) or not all(isinstance(part, str) and part.strip() for part in given.values()):
        raise _wrong("A contact has name, email and tel, all three.", field)


def _venue(value: Json, field: str) -> None:
    given = _object(value, field)
    unknown = sorted(set(given) - {*_VENUE_TEXTS, "latitude", "longitude"})
    if unknown:
        raise _wrong(f"A place has no {shown(unknown[0])}.", field)
    texts = {part: given[part] for part in _VENUE_TEXTS if part in given}
    if not all(isinstance(text, str) for text in texts.values()):
        raise _wrong("The parts of a place are text.", field)
    lacking = [part for part in _VENUE if not str(texts.get(part, "")).strip()]
    if lacking:
        raise _wrong(f"evvnt requires all of a place: {', '.join(lacking)} is missing.", field, "Ask the person.")
    country = str(texts["country"])
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise _wrong(f"evvnt takes countries as two letters such as GB, not {shown(country)}.", field)
    if country in NEED_POSTCODE and not str(texts.get("postcode", "")).strip():
        raise _wrong(f"evvnt requires a postcode in {country}.", field, "Ask the person for it.")


def _prices(value: Json, field: str) -> None:
    for label, price in _object(value, field).items():
        if not label.strip() or not isinstance(price, str) or not _PRICE.fullmatch(price):
            raise _wrong(f"A price of evvnt reads GBP 12.5, and 0 for what is free, not {shown(str(price))}.", field)


def _links(value: Json, field: str) -> None:
    if not isinstance(value, Mapping):
        raise _wrong("links must be an object of addresses by kind.", field)
    for kind, url in cast("Fields", value).items():
        if kind not in LINKS:
            raise InvalidArguments(f"evvnt has no links of the kind {shown(kind)}.", field=field, allowed=LINKS[:10])
        check_address(str(url), field)


def _images(value: Json, field: str) -> None:
    urls = cast("Sequence[Json]", value) if isinstance(value, list) else None
    if urls is None or len(urls) > IMAGES or not all(web_address(str(url)) for url in urls):
        raise _wrong(f"evvnt takes at most {IMAGES} images, as web addresses.", field)


def _hashtag(value: Json, field: str) -> None:
    if not isinstance(value, str) or (value and not HASHTAG.fullmatch(value)):
        raise _wrong("A hashtag has letters A to Z, digits and _ only: others would be removed.", field)


_CHECKS: Mapping[str, Callable[[Json, str], None]] = {
    "title": _text(1000), "summary": _text(SUMMARY), "description": _text(DESCRIPTION), "contact": _contact,
    "venue": _venue, "prices": _prices, "links": _links, "image_urls": _images, "hashtag": _hashtag,
}  # fmt: skip


def _check_times(body: Fields, name: Callable[[str], str], present: wire.Event | None) -> None:
    """Their order, as both of evvnt's texts agree on it: doors may open before the start. What is not changed may be
    as odd as it is."""
    if not set(body) & {"start_time", "end_time", "door_time", "last_entry_time"}:
        return

    def at(field: str) -> datetime | None:
        given = body.get(field)
        if given is None:
            return None if present is None else instant_of(str(getattr(present, field)))
        read = instant_of(str(given))
        if read is None:
            raise _wrong(
                f"{name(field)} must be a time with the offset of its day, like 2027-06-12T19:30:00+0100.", name(field)
            )
        return read

    starts, ends, doors, last = (at(field) for field in ("start_time", "end_time", "door_time", "last_entry_time"))
    if starts and ends and ends < starts:
        raise _wrong("The end lies before the start.", name("end_time"))
    if doors and ends and doors >= ends:
        raise _wrong("Doors open before the end.", name("door_time"))
    if last and starts and ends and not starts <= last <= ends:
        raise _wrong("The last entry lies between start and end.", name("last_entry_time"))
    if doors and last and doors > last:
        raise _wrong("Doors open before the last entry.", name("door_time"))


def instant_of(text: str) -> datetime | None:
    """A time with an offset; None for anything else."""
    read = clock_time(text)
    return read if isinstance(read, datetime) and read.tzinfo is not None else None


# From the tools' terms -----------------------------------------------------------------------------------------------


def venue_of(place: Place, before: wire.Venue | None = None) -> dict[str, Json]:
    """A place whole: what is not given is taken from `before`. Where the address is another, what belonged to the old
    one (its second line, its point on the map) is not kept."""
    old = before or wire.Venue()
    given = {
        "name": place.name.strip() or old.name.strip(),
        "address_1": place.address.strip() or old.address_1.strip(),
        "town": place.town.strip() or old.town.strip(),
        "country": country_code(place.country or old.country),
        "postcode": place.postcode.strip() or old.postcode.strip(),
    }
    there = (old.address_1.strip(), old.town.strip(), country_code(old.country), old.postcode.strip())
    moved = (given["address_1"], given["town"], given["country"], given["postcode"]) != there
    whole: dict[str, Json] = {part: text for part, text in given.items() if text}
    if not moved:
        kept = {"address_2": old.address_2.strip() or None, "latitude": old.latitude, "longitude": old.longitude}
        whole |= {part: value for part, value in kept.items() if value is not None}
    elif old.address_2.strip():
        whole["address_2"] = ""
    return whole


def prices_of(tickets: Sequence[NewTicket], currency: str) -> dict[str, Json]:
    """Labels with prices as evvnt writes them: `GBP 12.5`, and `GBP 0` for what is free."""
    prices: dict[str, Json] = {}
    for ticket in tickets:
        label = " ".join(ticket.name.split())
        if label in prices:
            raise _wrong(f"Two tickets are called {shown(label)}; evvnt tells prices apart by their names.", "tickets")
        money = Money.parse(ticket.price, currency or None, field="tickets")
        if money.currency is None:
            raise _wrong(
                f"The price of {shown(label)} has no currency, and this account's settings name none.",
                "tickets",
                f"Write it like {money.amount} GBP, in the currency that the person says.",
            )
        if money.amount < 0:
            raise _wrong("A price is not below zero.", "tickets")
        prices[label] = f"{money.currency} {_plain(money)}"
    return prices


def _plain(money: Money) -> str:
    text = f"{money.amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def capacity_of(tickets: Sequence[NewTicket]) -> int | None:
    """How many people fit, where every ticket says how many there are of it; evvnt has no number for a ticket.

    Raises:
        InvalidArguments: Some say and some do not: then nothing tells the whole.
    """
    told = [ticket.quantity for ticket in tickets if ticket.quantity is not None]
    if told and len(told) < len(tickets):
        raise _wrong(
            "evvnt has one capacity for a listing and no number for a ticket.",
            "tickets",
            "Give a quantity for every ticket, of which the sum is the capacity, or for none.",
        )
    return sum(told) if told else None


def category_of(categories: Mapping[str, wire.Category], wanted: str) -> int:
    """The category that an id, a path such as `Music > Jazz`, or a name stands for.

    Raises:
        AmbiguousName: The name stands in several places of the tree; `allowed` lists ids and paths.
        UnknownRef: There is none.
    """
    text = _folded(wanted)
    if text in categories and categories[text].parent_id is not None:
        return int(text)
    paths = {number: wire.category_path(categories, number) for number in categories}
    by_path = [number for number, path in paths.items() if path and _folded(path) == text]
    by_name = [number for number, row in categories.items() if row.parent_id and _folded(row.name) == text]
    found = by_path if len(by_path) == 1 else by_name
    if len(found) == 1:
        return int(found[0])
    if found:
        raise AmbiguousName(
            f"{len(found)} categories are called {shown(wanted)}.",
            next="Repeat the call with the id of one of allowed as category.",
            field="category",
            allowed=[f"{number} {paths[number]}" for number in found[:10]],
        )
    near = [number for number, path in paths.items() if path and _alike(text, path)]
    raise UnknownRef(
        f"evvnt has no category {shown(wanted)}.",
        next="Repeat the call with an id; evvnt.list_categories (call_read_operation) lists all.",
        field="category",
        allowed=[f"{number} {paths[number]}" for number in near[:10]],
    )


def _folded(text: str) -> str:
    return " > ".join(" ".join(part.split()) for part in text.casefold().split(">"))


def _alike(text: str, path: str) -> bool:
    return any(len(word) > 2 and word in path.casefold() for word in re.findall(r"\w+", text))
