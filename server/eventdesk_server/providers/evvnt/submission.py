"""What is submitted when a listing is copied: the same facts at another date, checked as evvnt checks them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from eventdesk_server.providers.evvnt import rules, wire
from eventdesk_server.providers.loose import clock_time, web_address
from eventdesk_server.settings import EvvntSettings
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import CloneOrder, Json
from eventdesk_tools.refs import shown
from eventdesk_tools.times import parse_date, parse_time, zone_of

_BY_HAND = "Tell the person to submit this listing in evvnt itself."


@dataclass(frozen=True, slots=True)
class Submission:
    """A body ready to be sent, and what it takes over from the listing it was made of."""

    title: str
    starts: datetime
    ends: datetime
    body: Mapping[str, Json]
    copied: tuple[str, ...]
    not_copied: tuple[str, ...]


def check_order(settings: EvvntSettings, wanted: CloneOrder) -> None:
    """Refuse, before any request, what evvnt cannot do or what this account's settings do not tell.

    Raises:
        Unsupported: A draft, another calendar, or leaving out what a listing must have.
        InvalidArguments: No address of the event's own, or one that may not be sent.
    """
    if not wanted.published:
        raise Unsupported(
            "An evvnt listing is public at once: there is no draft of one.",
            next="Ask whether it may be published now, then repeat the call with published=true.",
            field="published",
        )
    if wanted.calendar:
        raise Unsupported(
            "evvnt has no calendars to choose from.",
            next="Leave calendar out; a copy stays with the account of its listing.",
            field="calendar",
        )
    needed = sorted({"tickets", "places", "description"} & set(wanted.skip))
    if needed:
        raise Unsupported(
            f"A listing cannot be without its {needed[0]}.", next=f"Leave {needed[0]} out of skip.", field="skip"
        )
    if not (wanted.website or wanted.booking_url):
        raise InvalidArguments(
            "A copy needs the event's own page: evvnt shows only its tracking addresses, which must not be sent back.",
            next="Ask the person for the event's page, then repeat the call with website or booking_url.",
            field="website",
        )
    for field, url in (("website", wanted.website), ("booking_url", wanted.booking_url)):
        if url:
            rules.check_address(url, field)
    check_zone(settings)
    check_user(settings, "event")


def check_zone(settings: EvvntSettings) -> None:
    """Refuse to read wall times where nothing tells whose they are."""
    if not settings.zone:
        raise InvalidArguments(
            "evvnt tells no time zone, and this account's settings name none, so the start cannot be read.",
            next="Ask the person to set zone for this account in Eventdesk's settings, such as Europe/London.",
            field="starts",
        )


def check_user(settings: EvvntSettings, field: str) -> None:
    """Refuse to submit for nobody."""
    if settings.role == "partner" and not settings.user_id:
        raise InvalidArguments(
            "A partner submits listings for one of its users, and this account's settings name none.",
            next="Ask the person to set user_id for this account in Eventdesk's settings.",
            field=field,
        )


def submission(source: wire.Event, settings: EvvntSettings, wanted: CloneOrder, now: datetime) -> Submission:
    """The copy of a listing.

    Raises:
        InvalidArguments: The start cannot be read, is over, or has no such wall time on that day.
        Unsupported: The listing lacks what evvnt requires, or has it in a form that it refuses.
    """
    for field, url in (("website", wanted.website), ("booking_url", wanted.booking_url)):
        if url and url.strip() in source.links.values():
            raise InvalidArguments("This is an address that evvnt shows, not the event's own page.", field=field)
    times = Times(source, settings.zone, wanted.starts)
    if times.starts <= now:
        raise InvalidArguments(
            f"{shown(wanted.starts)} has passed: a listing is submitted for what is to come.", field="starts"
        )
    title = " ".join((wanted.title or source.title).split())
    skipped = ("artists",) if "speakers" in wanted.skip else ()
    optional: dict[str, Json] = {
        "capacity": source.capacity,
        "sub_category_ids": list(source.sub_category_ids),
        **times.optional(),
        "image_urls": _images(source),
        "organiser_name": source.organiser_name.strip() or settings.organiser,
        "artists": source.artists,
        "keywords": source.keywords,
        "hashtag": source.hashtag if rules.HASHTAG.fullmatch(source.hashtag) else "",
    }
    optional = {name: value for name, value in optional.items() if value not in (None, "", []) and name not in skipped}
    body: dict[str, Json] = {
        "title": title,
        "category_id": _required(source.category_id, "category"),
        "start_time": written(times.starts),
        "end_time": written(times.ends),
        "summary": _text(source.summary, "summary", rules.SUMMARY),
        "description": _text(source.description, "description", rules.DESCRIPTION),
        "contact": _contact(source, settings),
        "venue": _venue(source.venue),
        "links": _links(wanted),
        "prices": _required(dict(source.prices), "prices"),
        **optional,
    }
    copied = ("category_id", "summary", "description", "venue", "prices", *optional)
    return Submission(title, times.starts, times.ends, body, copied, _left_behind(source, skipped))


class Times:
    """Every time of a listing, moved by the same stretch of wall time and given the offset of its new day."""

    def __init__(self, source: wire.Event, zone: str, wanted: str | None, ends: str | None = None) -> None:
        """`wanted` is the new start as written, or a date that keeps the time of day; None leaves it where it is.

        `ends` is the new end as written; without it the end moves with the start.
        """
        self._source = source
        self._zone = zone
        before = self._wall(source.start_time)
        after = self._wall(source.end_time)
        if before is None or after is None:
            raise Unsupported(f"The listing {shown(source.title)} has no start or end that can be read.", next=_BY_HAND)
        given = before.isoformat() if wanted is None else wanted
        if re.fullmatch(r"\s*\d{4}-\d{2}-\d{2}\s*", given):
            given = datetime.combine(parse_date(given, field="starts"), before.time()).isoformat()
        self.starts = parse_time(given, zone, field="starts")
        self._moved = self.starts.replace(tzinfo=None, fold=0) - before
        self.ends = parse_time(ends, zone, field="ends") if ends else self._move(after)
        if not ends and self.ends < self.starts:
            raise Unsupported(f"The listing {shown(source.title)} ends before it starts.", next=_BY_HAND)

    def _wall(self, text: str) -> datetime | None:
        """Wall time in the account's zone.

        Raises:
            InvalidArguments: The listing's own offset is another zone's: then nothing tells its zone.
        """
        read = clock_time(text)
        if not isinstance(read, datetime):
            return None
        where = zone_of(self._zone)
        if read.tzinfo is None or where is None:
            return read.replace(tzinfo=None)
        local = read.astimezone(where)
        # Z says no zone: it stands for an instant. Any other offset is the place's own (documentation, times).
        if not text.strip().upper().endswith("Z") and local.utcoffset() != read.utcoffset():
            raise InvalidArguments(
                f"The listing's times are not in {self._zone}, the zone of this account, and evvnt tells no other.",
                next="Ask the person to submit the copy in evvnt, or to set the account's zone to the event's.",
                field="starts",
            )
        return local.replace(tzinfo=None)

    def _move(self, wall: datetime) -> datetime:
        return parse_time((wall + self._moved).isoformat(), self._zone, field="starts")

    def optional(self) -> dict[str, Json]:
        """Doors and last entry, where the listing has them and evvnt would take them."""
        door, last = self._wall(self._source.door_time), self._wall(self._source.last_entry_time)
        moved: dict[str, Json] = {}
        last_entry = None if last is None else self._move(last)
        if last_entry is not None and self.starts <= last_entry <= self.ends:
            moved["last_entry_time"] = written(last_entry)
        doors = None if door is None else self._move(door)
        if doors is not None and doors < self.ends and (last_entry is None or doors <= last_entry):
            moved = {"door_time": written(doors), **moved}
        return moved


def written(at: datetime) -> str:
    """The form evvnt documents: `2027-06-12T19:30:00+0100`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S%z")


def _images(source: wire.Event) -> list[Json]:
    return [address for url in source.images if (address := web_address(url))][: rules.IMAGES]


def _links(wanted: CloneOrder) -> dict[str, Json]:
    named = {"Website": wanted.website.strip(), "Tickets": wanted.booking_url.strip()}
    return {name: url for name, url in named.items() if url}


def _required(value: Json, what: str) -> Json:
    if not value:
        raise Unsupported(f"evvnt requires {what}, and the listing shows none.", next=_BY_HAND)
    return value


def _text(text: str, what: str, most: int) -> str:
    _required(text.strip(), f"a {what}")
    if len(text) > most:
        raise Unsupported(f"The listing's {what} is longer than the {most} characters evvnt takes.", next=_BY_HAND)
    return text


def _contact(source: wire.Event, settings: EvvntSettings) -> dict[str, Json]:
    if source.contact.complete:
        return source.contact.model_dump()
    if settings.contact is None:
        raise InvalidArguments(
            "evvnt requires a contact with name, e-mail and telephone, and the listing shows none.",
            next="Ask the person to set contact for this account in Eventdesk's settings.",
            field="event",
        )
    return settings.contact.model_dump()


def _venue(venue: wire.Venue) -> dict[str, Json]:
    """The place without its id, which neither sample of the documentation sends."""
    country = rules.country_code(venue.country)
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise Unsupported(
            f"evvnt requires a two-letter country, and the listing shows {shown(venue.country)}.", next=_BY_HAND
        )
    if country in rules.NEED_POSTCODE:
        _required(venue.postcode.strip(), f"a postcode in {country}")
    placed: dict[str, Json] = {
        "name": _required(venue.name.strip(), "a venue name"),
        "address_1": _required(venue.address_1.strip(), "a venue address"),
        "address_2": venue.address_2.strip(),
        "town": _required(venue.town.strip(), "a town"),
        "country": country,
        "postcode": venue.postcode.strip(),
        "latitude": venue.latitude,
        "longitude": venue.longitude,
    }
    return {name: value for name, value in placed.items() if value not in (None, "")}


def _left_behind(source: wire.Event, skipped: tuple[str, ...]) -> tuple[str, ...]:
    """What the copy does not have, in words."""
    left = [f"links: {', '.join(list(source.links)[:11])}"] if source.links else []
    if len(source.images) > len(_images(source)):
        left.append(f"images beyond {len(_images(source))}")
    return (*left, *skipped, "the listing's report and clicks")
