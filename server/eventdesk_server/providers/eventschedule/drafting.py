"""What is given of an event, as the platform's fields: texts, length, category, place, tickets. Nothing is sent as null
that was not to be emptied, and never the id of a row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.copying import number, utc_digits
from eventdesk_server.providers.eventschedule.mapping import Home, currency_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.rrules import rule_of
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.money import Money
from eventdesk_tools.records import EventDraft, NewTicket, Place
from eventdesk_tools.refs import shown
from eventdesk_tools.times import parse_time

TEXTS = {"title": "name", "summary": "short_description", "description": "description", "website": "event_url",
         "booking_url": "registration_url"}  # fmt: skip
"""Arguments that are plain text, and the platform's fields."""
_LIMITS = {"title": 255, "summary": 500, "description": 10_000, "website": 255, "booking_url": 2048}
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_LONGEST_HOURS = 8760
_PRICE_DIGITS = 3
_MOST_NAMED = 10


def refuse_images_and_packages(draft: EventDraft) -> None:
    """Refuse what no event here has.

    Raises:
        Unsupported: The argument is named.
    """
    if draft.package is not None:
        raise Unsupported("Event Schedule has no packages.", next="Repeat the call without package.", field="package")
    if draft.image_url is not None or "image_url" in draft.clear:
        raise Unsupported(
            "Event Schedule takes an event's image as a file, not as an address.",
            next="Repeat the call without image_url; the operation upload_flyer takes a file of the import folder.",
            field="image_url",
        )


def texts_of(draft: EventDraft) -> dict[str, Json]:
    """The texts that are given, checked for length and form.

    Raises:
        InvalidArguments: One is too long, or an address is not whole.
    """
    body: dict[str, Json] = {}
    for argument, field in TEXTS.items():
        given: str | None = getattr(draft, argument)
        if given is None:
            continue
        text = given.strip()
        if len(text) > _LIMITS[argument] or (argument == "title" and not text):
            raise InvalidArguments(
                f"Event Schedule takes {argument} of 1 to {_LIMITS[argument]} characters.", field=argument
            )
        if argument in {"website", "booking_url"} and not _ADDRESS.match(text):
            raise InvalidArguments(f"{shown(text)} is not a whole address like https://example.org/x.", field=argument)
        body[field] = text
    return body


def hours_between(starts: datetime, ends: datetime) -> int | float:
    """A length in hours, as the platform keeps it.

    Raises:
        InvalidArguments: It is none, or longer than a year.
    """
    seconds = (ends.astimezone(UTC) - starts.astimezone(UTC)).total_seconds()
    if not 0 < seconds <= _LONGEST_HOURS * 3600:
        raise InvalidArguments("An event ends after its start and within a year.", field="ends")
    hours = seconds / 3600
    return int(hours) if hours == int(hours) else round(hours, 6)


def ends_of(text: str, zone: ZoneInfo) -> datetime:
    return parse_time(text, zone.key, field="ends")


async def category_of(reader: Reader, subdomain: str, wanted: str) -> wire.Category:
    """The category of a schedule's list that an id or a name means.

    Raises:
        InvalidArguments: The list has none; `allowed` names what it has.
    """
    rows = await reader.categories(subdomain)
    text = wanted.strip().casefold()
    found = [row for row in rows if str(row.id) == text] or [row for row in rows if row.name.strip().casefold() == text]
    if not found:
        raise InvalidArguments(
            f"The schedule {subdomain} has no category {shown(wanted)}.",
            next="Repeat the call with a category of its list.",
            field="category",
            allowed=[f"{row.id} {row.name}" for row in rows][:_MOST_NAMED],
        )
    return found[0]


def venue_of(place: Place) -> dict[str, Json]:
    """A venue by name and address. One alone would attach anybody's venue, or make a new one that belongs to nobody.

    Raises:
        InvalidArguments: One of the two is missing.
        Unsupported: A part is given by which venues are not found.
    """
    if others := [part for part in ("town", "postcode", "country") if getattr(place, part).strip()]:
        raise Unsupported(
            f"Event Schedule finds a venue by its name and street address, not by {', '.join(others)}.",
            next="Repeat the call with name and address only, as the venue's own page has them.",
            field="place",
        )
    if not place.name.strip() or not place.address.strip():
        raise InvalidArguments(
            "A place needs name and address, as the venue's own schedule has them: one that the account owns or follows.",
            next="Ask the person for both, then repeat the call.",
            field="place",
        )
    return {"venue_name": place.name.strip(), "venue_address1": place.address.strip()}


def prices_of(tickets: Sequence[NewTicket], fallback: str) -> tuple[list[Money], str, bool]:
    """The prices, their one currency ("" where nothing costs), and whether it was taken from `fallback`.

    Raises:
        InvalidArguments: A price is none, is too fine, or they are of several currencies or of none.
    """
    prices = [Money.parse(ticket.price, None, field="tickets") for ticket in tickets]
    if any(price.amount < 0 or -int(price.amount.normalize().as_tuple().exponent) > _PRICE_DIGITS for price in prices):
        raise InvalidArguments(f"A price is not negative and has at most {_PRICE_DIGITS} decimals.", field="tickets")
    codes = sorted({price.currency for price in prices if price.currency})
    if len(codes) > 1:
        raise InvalidArguments(
            f"An event's tickets are of one currency here, not of {' and '.join(codes)}.", field="tickets"
        )
    bare = any(price.currency is None and not price.free for price in prices)
    if bare and not codes and not fallback:
        raise InvalidArguments(
            "Which currency? Without one Event Schedule takes USD.",
            next="Ask the person, then repeat the call with prices like 12.50 EUR.",
            field="tickets",
        )
    code = codes[0] if codes else fallback if bare else ""
    return prices, code, bare and not codes


def ticket_rows(
    tickets: Sequence[NewTicket], prices: Sequence[Money], held: Sequence[wire.Ticket] = ()
) -> list[dict[str, Json]]:
    """The whole list of tickets. Rows of the same name as one of `held` keep what a caller cannot say.

    Raises:
        InvalidArguments: A name is missing or given twice.
    """
    names = [ticket.name.strip() for ticket in tickets]
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        raise InvalidArguments("Each ticket needs a name of its own.", field="tickets")
    known = {row.type.strip().casefold(): row for row in reversed(held)}
    rows: list[dict[str, Json]] = []
    for ticket, name, price in zip(tickets, names, prices, strict=True):
        row: dict[str, Json] = {"type": name, "price": number(price.amount)}
        if ticket.quantity is not None:
            row["quantity"] = ticket.quantity
        rows.append(row | _kept(known.get(name.casefold())))
    return rows


def _kept(held: wire.Ticket | None) -> dict[str, Json]:
    if held is None:
        return {}
    discount = held.volume_discount
    kept: dict[str, Json] = {
        "description": held.description,
        "sales_start_at": utc_digits(held.sales_start_at) if held.sales_start_at is not None else None,
        "sales_end_at": utc_digits(held.sales_end_at) if held.sales_end_at is not None else None,
        "volume_discount": {
            "min_quantity": discount.min_quantity,
            "type": discount.type,
            "value": number(discount.value),
        }
        if discount is not None
        else None,
    }
    return {name: value for name, value in kept.items() if value not in (None, "")}


def draft_of(event: wire.Event, home: Home, fallback: str) -> EventDraft:
    """What an event says of itself. Passes are no tickets, and a page elsewhere comes before the event's own."""
    code = currency_of(event, fallback)
    draft = EventDraft(
        title=event.name,
        zone=home.zone,
        summary=event.short_description or None,
        description=event.description or None,
        place=Place(name=event.venue_name, address=event.venue_address1) if event.venue_name else None,
        category=event.category_name or None,
        tickets=tuple(
            NewTicket(
                name=row.type,
                price=str(Money(row.price if row.price is not None else Decimal(0), code)).removesuffix(" ?"),
                quantity=row.quantity or None,
            )
            for row in event.tickets
            if event.tickets_enabled and not row.is_pass
        )
        or None,
        website=event.event_url or event.url or None,
        booking_url=event.registration_url or None,
        image_url=event.flyer_image_url or None,
    )
    if event.starts_at is None:
        return draft
    starts = event.starts_at.astimezone(home.tz)
    ends = starts.astimezone(UTC) + event.length if event.length is not None else None
    return replace(
        draft,
        starts=_wall(starts),
        ends=_wall(ends.astimezone(home.tz)) if ends is not None else None,
        recurrence=(rule_of(event, starts) or None) if event.repeats else None,
    )


def _wall(at: datetime) -> str:
    return at.replace(tzinfo=None, fold=0).isoformat(timespec="minutes")
