"""What Eventtia's API can say of an event: which arguments it takes, how times are written, what it cannot express."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime

from eventdesk_server.providers.eventtia.reads import Form
from eventdesk_server.providers.eventtia.scalars import moment
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.money import Money
from eventdesk_tools.records import EventDraft, NewTicket, Place
from eventdesk_tools.refs import RECORD_ID, shown
from eventdesk_tools.times import Moment, parse_time

_UNTAKEN = (
    "summary",
    "place",
    "category",
    "tickets",
    "website",
    "booking_url",
    "image_url",
    "recurrence",
    "package",
    "calendar",
)
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4}) - (\d{2}:\d{2})(:\d{2})?")
_LONGEST = 60
LANGUAGE = "en"
"""An event needs one, and no argument tells it."""


def refuse_untaken(draft: EventDraft, *also: str) -> None:
    """Refuse by name what v3 cannot express.

    Raises:
        Unsupported: Such an argument is given.
    """
    given = [name for name in (*_UNTAKEN, *also) if getattr(draft, name) is not None]
    if given:
        raise Unsupported(
            f"Eventtia's API cannot set {', '.join(given)}.",
            next=f"Repeat the call without {', '.join(given)}, and tell the person to set that in Eventtia's dashboard.",
            field=given[0],
        )
    uncleared = sorted(draft.clear - {"description"})
    if uncleared:
        raise Unsupported(
            f"Eventtia's API cannot empty {', '.join(uncleared)}.",
            next="Repeat the call with description in clear, or nothing.",
            field="clear",
            allowed=["description"],
        )


def titled(title: str) -> str:
    """A title without the white space around it.

    Raises:
        InvalidArguments: Nothing is left.
    """
    if not title.strip():
        raise InvalidArguments("The title is empty.", field="title", next="Ask the person for it.")
    return title.strip()


def in_order(starts: datetime, ends: datetime, field: str = "ends") -> None:
    """Raises InvalidArguments for an end that is not after the start."""
    if ends <= starts:
        raise InvalidArguments(
            f"The event would end at {Moment(at=ends)}, not after its start at {Moment(at=starts)}.", field=field
        )


def from_day_first(value: Json, zone: str, field: str) -> datetime:
    """A time as an operation takes it, `05/11/2026 - 18:30:00`. A swapped day gives no error at the platform, so any
    other form is refused here.

    Raises:
        InvalidArguments: It is written otherwise, or is no time of that zone.
    """
    found = _DAY_FIRST.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise InvalidArguments(
            f"{field} must be written day first, like 05/11/2026 - 18:30:00: wall time in the event's zone.",
            field=f"arguments.{field}",
        )
    day, month, year, clock, seconds = found.groups()
    return parse_time(f"{year}-{month}-{day}T{clock}{seconds or ''}", zone, field=f"arguments.{field}")


def uri_of(title: str, starts: datetime, taken: Collection[str]) -> str:
    """A slug of the title and the day of the start: it must be unique among the events of everybody, of which this
    account sees its own only."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "event"
    first = f"{slug}-{starts.date().isoformat()}"
    candidates = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 3)))
    return next(uri for uri in candidates if uri not in taken)


def checked_uri(uri: Json) -> str:
    """Raises InvalidArguments for a URI that cannot stand in a path or would meet another endpoint there."""
    if not isinstance(uri, str) or not RECORD_ID.fullmatch(uri) or uri == "slim":
        raise InvalidArguments(
            f"{shown(str(uri))} cannot be an event's URI.",
            next="Use lower-case letters, digits and hyphens.",
            field="arguments.event_uri",
        )
    return uri


def draft(event: EventRecord, forms: tuple[Form, ...], account_zone: str, currency: str | None) -> EventDraft:
    """What an event says of itself."""
    told = event.attributes
    zone = event.zone(account_zone)
    starts, ends = moment(told.start_date, zone), moment(told.end_date, zone)
    return EventDraft(
        title=told.name,
        starts=_wall(starts),
        ends=_wall(ends),
        zone=zone,
        description=told.description or None,
        place=Place(address=told.address, country=told.iso_code) if told.address else None,
        tickets=tuple(_ticket(form, currency) for form in forms) or None,
        website=told.website or None,
    )


def _ticket(form: Form, currency: str | None) -> NewTicket:
    told = form.type.attributes
    price = "" if told.price is None else str(Money(told.price, currency)).removesuffix(" ?")
    return NewTicket(name=told.name, price=price, quantity=told.capacity or None)


def _wall(at: Moment | None) -> str | None:
    """Wall time; with its offset where clocks repeat the hour."""
    if at is None:
        return None
    if at.at is None:
        return str(at)
    other = at.at.replace(fold=1 - at.at.fold)
    naive = at.at.replace(tzinfo=None).isoformat(timespec="minutes")
    return naive if other.utcoffset() == at.at.utcoffset() else str(at)


def zone_needed(zone: str | None, field: str) -> str:
    """Raises InvalidArguments where nobody tells the zone that times are meant in."""
    if zone is None:
        raise InvalidArguments(
            "Eventtia does not tell this event's time zone, so its times cannot be written.",
            next="Tell the person to set the zone of this account in Eventdesk's settings.",
            field=field,
        )
    return zone


Body = Mapping[str, Json]
