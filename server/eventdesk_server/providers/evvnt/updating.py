"""Changing a listing: only what is given is sent, nested objects whole, and a person is asked, for it is public."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from eventdesk_server.providers.evvnt import operations, rules, wire
from eventdesk_server.providers.evvnt.creating import argument, check_kind, links_of
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.providers.evvnt.submission import Times, check_zone, written
from eventdesk_tools.answers import compact
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.records import EventDraft
from eventdesk_tools.refs import shown
from eventdesk_tools.text import line
from eventdesk_tools.times import Moment

_CLEARABLE = frozenset({"website", "booking_url", "image_url"})
_TIMES = ("start_time", "end_time", "door_time", "last_entry_time")
_KINDS = {"website": "Website", "booking_url": "Tickets"}


async def plan(listings: Listings, account: str, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
    """How to change a listing; a result where it is so already.

    Raises:
        Unsupported: evvnt cannot do what is asked.
        InvalidArguments: Something is not as evvnt takes it, or would take other links away.
        PermissionDenied: The listing is somebody else's.
    """
    _check(listings, draft)
    row, _ = await listings.own(event_id)
    body = await _body(listings, row, draft)
    correction = Correction(listings, account, row, body, argument)
    if "category_id" in body:
        correction = replace(correction, categories=await listings.categories())
    return correction.plan(correction.undo())


def _check(listings: Listings, draft: EventDraft) -> None:
    check_kind(draft, new=False)
    needed = sorted(draft.clear - _CLEARABLE)
    if needed:
        raise Unsupported(
            f"A listing cannot be without its {needed[0]}.", next=f"Leave {needed[0]} out of clear.", field="clear"
        )
    if draft.package:
        raise Unsupported(
            "The package of a listing is chosen when it is submitted.", next="Leave package out.", field="package"
        )
    if draft.starts or draft.ends:
        check_zone(listings.settings)
    if draft.zone and draft.zone != listings.settings.zone:
        raise Unsupported(
            "evvnt keeps no time zone of a listing.", next="Leave zone out; times are in the account's.", field="zone"
        )


async def _body(listings: Listings, row: wire.Event, draft: EventDraft) -> dict[str, Json]:
    """What is to be sent: the fields that arguments name, without those that say the same already."""
    body: dict[str, Json] = {
        name: " ".join(text.split()) if name == "title" else text
        for name in ("title", "summary", "description")
        if (text := getattr(draft, name)) is not None
    }
    body |= _moved(listings, row, draft)
    if draft.place is not None:
        body["venue"] = rules.venue_of(draft.place, row.venue)
    if draft.category is not None:
        body["category_id"] = rules.category_of(await listings.categories(), draft.category)
    if draft.tickets is not None:
        body["prices"] = rules.prices_of(draft.tickets, listings.settings.currency)
        capacity = rules.capacity_of(draft.tickets)
        body |= {} if capacity is None else {"capacity": capacity}
    if draft.image_url is not None or "image_url" in draft.clear:
        body["image_urls"] = [draft.image_url.strip()] if draft.image_url else []
    if draft.website or draft.booking_url or draft.clear & set(_KINDS):
        cleared = {_KINDS[name] for name in draft.clear & set(_KINDS)}
        body["links"] = links_of(draft)
        check_links(row, body["links"], cleared)
    return body


def check_links(row: wire.Event, links: Mapping[str, Json], cleared: set[str]) -> None:
    """Refuse to lose links: evvnt takes them all at once, and tells only its redirects of those that are there.

    Raises:
        InvalidArguments: The listing has kinds of links that are not given, or one that is given is a redirect of it.
    """
    given = {kind.casefold() for kind in (*links, *cleared)}
    lost = [kind for kind in row.links if kind.strip().casefold() not in given]
    if lost:
        raise InvalidArguments(
            f"Changing an address replaces all links of a listing, and this one also has: {', '.join(lost[:11])}.",
            next="Give or clear website and booking_url together; other kinds can only be changed in evvnt itself.",
            field="website",
        )
    for kind, url in links.items():
        if str(url).strip() in row.links.values():
            raise InvalidArguments(
                "This is an address that evvnt shows, not the event's own page.",
                field="booking_url" if kind == "Tickets" else "website",
            )


def _moved(listings: Listings, row: wire.Event, draft: EventDraft) -> dict[str, Json]:
    """The times: a start alone moves all of them by the same stretch of wall time."""
    if not (draft.starts or draft.ends):
        return {}
    zone = listings.settings.zone
    times = Times(row, zone, draft.starts, draft.ends)
    if draft.starts and times.starts <= listings.now():
        raise InvalidArguments(f"{shown(draft.starts)} has passed.", field="starts")
    moved: dict[str, Json] = {"start_time": written(times.starts)} if draft.starts else {}
    return {**moved, "end_time": written(times.ends), **(times.optional() if draft.starts else {})}


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of one listing. `name` is how the caller calls evvnt's fields."""

    listings: Listings
    account: str
    row: wire.Event
    given: Mapping[str, Json]
    name: Callable[[str], str]
    categories: Mapping[str, wire.Category] = field(default_factory=dict[str, wire.Category])
    user: str = ""
    body: Mapping[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        rules.check(self.given, self.name, self.row)
        object.__setattr__(self, "body", {k: v for k, v in self.given.items() if not same(self.row, k, v)})

    @property
    def changes(self) -> tuple[Change, ...]:
        """Each field before and after."""
        return tuple(Change(self.name(key), self._said(self.row, key), after) for key, after in self._after.items())

    @property
    def _after(self) -> dict[str, Json]:
        wanted = changed(self.row, self.body)
        return {key: self.body[key] if key == "links" else self._said(wanted, key) for key in self.body}

    def _said(self, row: wire.Event, key: str) -> Json:
        """See `said`; a category by its path."""
        if key == "category_id" and str(row.category_id) in self.categories:
            return wire.category_path(self.categories, str(row.category_id))
        return said(row, key)

    def plan(self, undo: Mapping[str, Json] | None = None) -> WritePlan | WriteResult:
        """The plan of one request, which may be repeated: it holds absolute values."""
        if not self.body:
            return WriteResult(
                outcome=Outcome.ALREADY_DONE,
                event_id=self.row.id,
                status="live",
                notes=("evvnt shows the listing as it is to be already. Nothing was sent.",),
                makes_true=self._makes_true(self.given),
            )
        settings = self.listings.settings
        query: dict[str, str] = {}
        if settings.role == "partner":
            user = self.user or self.row.user_id or settings.user_id
            if not user:
                raise InvalidArguments(
                    "A partner changes listings for one of its users, and nothing tells which.",
                    next="Ask the person to set user_id for this account in Eventdesk's settings.",
                    field="event",
                )
            query = {"user_id": user}
        http = self.listings.http
        prepared = http.prepare(operations.UPDATE_EVENT, path={"event": self.row.id}, query=query, body=dict(self.body))
        comparable = {key for key in self.body if key != "links"}
        step = http.step("change the listing", prepared, object, lambda _: {}, find=self._find if comparable else None)
        return WritePlan(
            summary=f"Change {shown(self.row.title)} on evvnt",
            makes_true=self._makes_true(self.body),
            steps=(replace(step, repeatable=True),),
            finish=self._finisher(undo if "links" not in self.body else None),
            question=self._question(reversible=undo is not None and "links" not in self.body),
            changes=self.changes,
            notes=self._notes(),
        )

    def _makes_true(self, body: Mapping[str, Json]) -> tuple[str, ...]:
        return ("listing change", self.row.id, compact(dict(sorted(body.items()))))

    def _question(self, *, reversible: bool) -> Question:
        told = [f"{change.field}: {_short(change.before)} → {_short(change.after)}" for change in self.changes]
        return Question(
            text=line(
                f"Change the public listing {shown(self.row.title, 60)} on evvnt ({self.account})? "
                f"{'; '.join(told[:6])}{' and more' if len(told) > 6 else ''}.",
                600,
            ),
            why=frozenset({Why.PUBLIC, Why.VISIBLE_CHANGE}),
            reversible=reversible,
        )

    def _notes(self) -> tuple[str, ...]:
        notes: list[str] = []
        if "links" in self.body:
            notes.append("All links of the listing are replaced by these.")
        venue = cast("Mapping[str, Json]", self.body.get("venue", {}))
        if venue and self.row.venue.latitude is not None and "latitude" not in venue:
            notes.append("The point on the map belonged to the old address and is not sent: check the map in evvnt.")
        return tuple(notes)

    async def _find(self, _values: Mapping[str, str]) -> tuple[Found, ...]:
        now = await self.listings.one(self.row.id)
        return (Found(now.id),) if not self._differs(now) else ()

    def _differs(self, now: wire.Event) -> list[str]:
        return [key for key, value in self.body.items() if key != "links" and not same(now, key, value)]

    def _finisher(self, undo: Mapping[str, Json] | None) -> Callable[[Mapping[str, str]], Awaitable[WriteResult]]:
        async def finish(_values: Mapping[str, str]) -> WriteResult:
            now = await self.listings.one(self.row.id)
            other = [
                f"evvnt shows {self.name(key)} as {_short(self._said(now, key))}, not as it was sent."
                for key in self._differs(now)
            ]
            if "links" in self.body:
                kinds = {kind.casefold() for kind in cast("Mapping[str, Json]", self.body["links"])}
                if {kind.casefold() for kind in now.links} != kinds:
                    other.append(f"evvnt shows these links: {', '.join(now.links) or 'none'}.")
            # What its links were and are evvnt does not tell: it shows redirects.
            changed: list[Json] = [
                {"field": self.name(key), "before": self._said(self.row, key), "after": self._said(now, key)}
                for key in self.body
                if key != "links"
            ]
            return WriteResult(
                outcome=Outcome.DONE, event_id=now.id, status="live", facts={"changed": changed} if changed else {}, notes=tuple(other),
                undo=None if other else undo,
            )  # fmt: skip

        return finish

    def undo(self) -> Mapping[str, Json] | None:
        """The arguments that put it back as it was; None where evvnt does not tell how it was."""
        row, body = self.row, self.body
        zone = self.listings.settings.zone
        back: dict[str, Json] = {key: getattr(row, key) for key in ("title", "summary", "description") if key in body}
        if {"start_time", "end_time"} & set(body):
            starts, ends = wire.local(row.start_time, zone), wire.local(row.end_time, zone)
            back |= {"starts": str(starts), "ends": str(ends)}
        if "venue" in body:
            venue, sent = row.venue, cast("Mapping[str, Json]", body["venue"])
            lost = bool(venue.address_2.strip() and not sent.get("address_2")) or (
                venue.latitude is not None and "latitude" not in sent
            )
            if lost or not all((venue.name, venue.address_1, venue.town, venue.country)):
                return None
            back["place"] = {
                "name": venue.name, "address": venue.address_1, "town": venue.town, "country": venue.country,
                "postcode": venue.postcode,
            }  # fmt: skip
        if "category_id" in body:
            back["category"] = str(row.category_id)
        if "image_urls" in body:
            if len(row.images) != 1:
                return None
            back["image_url"] = row.images[0]
        if "prices" in body or "capacity" in body:
            prices = {label: wire.price_of(text) for label, text in row.prices.items()}
            if "capacity" in body or not all(prices.values()):
                return None
            back["tickets"] = [{"name": label, "price": str(price)} for label, price in prices.items()]
        return back


def changed(row: wire.Event, body: Mapping[str, Json]) -> wire.Event:
    """The listing as it is to be."""
    told = row.model_dump() | dict(body)
    told["image_urls"] = told.pop("images") if "image_urls" not in body else body["image_urls"]
    return wire.Event.model_validate(told)


def same(row: wire.Event, key: str, value: Json) -> bool:
    """Whether a listing says this already. Links never do: what was submitted is not told."""
    if key == "links":
        return False
    if key in _TIMES:
        return _instant(getattr(row, key)) == _instant(str(value)) is not None
    if key == "venue":
        return _venue(row.venue) == _venue(wire.Venue.model_validate(value))
    if key == "prices":
        given = cast("Mapping[str, Json]", value)
        return {k: wire.price_of(v) or v for k, v in row.prices.items()} == {
            k: wire.price_of(str(v)) or v for k, v in given.items()
        }
    return _plain(said(row, key)) == _plain(said(changed(row, {key: value}), key))


def _instant(text: str) -> datetime | None:
    return rules.instant_of(text)


def _plain(value: Json) -> Json:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _venue(venue: wire.Venue) -> tuple[str, ...]:
    parts = (venue.name, venue.address_1, venue.address_2, venue.town, venue.postcode)
    return (*(part.strip() for part in parts), rules.country_code(venue.country))


def said(row: wire.Event, key: str) -> Json:
    """What a listing says in one of evvnt's fields, as a person reads it."""
    if key in _TIMES:
        read = rules.instant_of(getattr(row, key))
        return str(Moment.instant(read)) if read is not None else None
    match key:
        case "venue":
            return ", ".join(part for part in _venue(row.venue) if part) or None
        case "prices":
            return ", ".join(f"{label} {price}" for label, price in row.prices.items()) or None
        case "links":
            return ", ".join(row.links) or None
        case "image_urls":
            return list(row.images) or None
        case "contact":
            return ", ".join(filter(None, (row.contact.name, row.contact.email, row.contact.tel))) or None
        case "sub_category_ids":
            return list(row.sub_category_ids) or None
        case _:
            return getattr(row, key, None) or None


def _short(value: Json) -> str:
    if value is None:
        return "nothing"
    return shown(line(compact(value) if not isinstance(value, str) else value, 70), 70)
