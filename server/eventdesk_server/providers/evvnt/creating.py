"""A new listing from what a person says: everything that evvnt requires, asked for at once, and nothing made up."""

from datetime import datetime

from eventdesk_server.providers.evvnt import rules
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.providers.evvnt.publishing import Publication
from eventdesk_server.providers.evvnt.submission import check_user, written
from eventdesk_server.settings import EvvntSettings
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.records import EventDraft
from eventdesk_tools.times import Moment, parse_time

ARGUMENTS = {
    "category_id": "category", "start_time": "starts", "end_time": "ends", "door_time": "starts",
    "last_entry_time": "starts", "venue": "place", "prices": "tickets", "image_urls": "image_url", "links": "website",
    "contact": "account",
}  # fmt: skip
"""How the tools call evvnt's fields."""
_NEEDED = ("title", "starts", "ends", "summary", "description", "place", "category", "tickets")


def argument(field: str) -> str:
    """How the tools call a field of evvnt's."""
    return ARGUMENTS.get(field, field)


async def plan(listings: Listings, account: str, draft: EventDraft) -> WritePlan:
    """How to submit a new listing.

    Raises:
        Unsupported: evvnt cannot do what is asked.
        InvalidArguments: Something that evvnt requires is missing or is not as it takes it.
    """
    settings = listings.settings
    check_kind(draft, new=True)
    check_user(settings, "account")
    lacking = [name for name in _NEEDED if not getattr(draft, name)]
    if lacking:
        raise InvalidArguments(
            f"evvnt requires {', '.join(lacking)}.", next="Ask the person for all of these.", field=lacking[0]
        )
    starts, ends = _times(draft, settings)
    if starts <= listings.now():
        raise InvalidArguments(
            f"{draft.starts} has passed: a listing is submitted for what is to come.", field="starts"
        )
    body = _body(draft, settings, starts, ends)
    rules.check(body, argument)
    body["category_id"] = rules.category_of(await listings.categories(), draft.category or "")
    own_pages = body.get("links")
    notes = () if own_pages else ("The listing has no link to the event's own page or tickets.",)
    facts: dict[str, Json] = {
        "title": body["title"], "starts": str(Moment.instant(starts)), "ends": str(Moment.instant(ends)),
        "category": await listings.category(body["category_id"]), "capacity": body.get("capacity"),
    }  # fmt: skip
    shown_facts = {name: value for name, value in facts.items() if value is not None}
    work = Publication(listings, body, starts, shown_facts, user=settings.user_id, notes=notes)
    return await work.planned(account, draft.package or "")


def check_kind(draft: EventDraft, *, new: bool) -> None:
    """Refuse, before any request, what no listing can be told.

    Raises:
        Unsupported: The argument is named.
        InvalidArguments: An address is none, or is one of evvnt's own.
    """
    if draft.published is False or (new and not draft.published):
        what = "there is no draft of one" if new else "nothing takes it back"
        raise Unsupported(
            f"An evvnt listing is public at once: {what}.",
            next="Ask whether it may be published now, then repeat the call with published=true."
            if new
            else "Leave published out, or tell the person to ask evvnt's support.",
            field="published",
        )
    if draft.recurrence:
        raise Unsupported(
            "evvnt's listings do not repeat.", next="Submit each date as a listing of its own.", field="recurrence"
        )
    if draft.calendar:
        raise Unsupported("evvnt has no calendars to choose from.", next="Leave calendar out.", field="calendar")
    for field in ("website", "booking_url"):
        url = getattr(draft, field)
        if url:
            rules.check_address(url, field)


def _times(draft: EventDraft, settings: EvvntSettings) -> tuple[datetime, datetime]:
    zone = draft.zone or settings.zone
    if not zone:
        raise InvalidArguments(
            "evvnt tells no time zone, and this account's settings name none, so the start cannot be read.",
            next="Ask the person for the zone and repeat the call with it, such as zone=Europe/London.",
            field="zone",
        )
    starts = parse_time(draft.starts or "", zone, field="starts")
    return starts, parse_time(draft.ends or "", zone, field="ends")


def _body(draft: EventDraft, settings: EvvntSettings, starts: datetime, ends: datetime) -> dict[str, Json]:
    """Everything but the category, which only evvnt's tree tells."""
    if settings.contact is None:
        raise InvalidArguments(
            "evvnt requires a contact with name, e-mail and telephone, and this account's settings name none.",
            next="Ask the person to set contact for this account in Eventdesk's settings.",
            field="account",
        )
    assert draft.place is not None and draft.tickets  # noqa: S101, PT018 - the caller looked
    body: dict[str, Json] = {
        "title": " ".join((draft.title or "").split()),
        "start_time": written(starts),
        "end_time": written(ends),
        "summary": draft.summary,
        "description": draft.description,
        "contact": settings.contact.model_dump(),
        "venue": rules.venue_of(draft.place),
        "prices": rules.prices_of(draft.tickets, settings.currency),
        "links": links_of(draft),
        "image_urls": [draft.image_url.strip()] if draft.image_url else [],
        "capacity": rules.capacity_of(draft.tickets),
        "organiser_name": settings.organiser.strip(),
    }
    return {name: value for name, value in body.items() if value not in (None, "", [], {})}


def links_of(draft: EventDraft) -> dict[str, Json]:
    """The addresses that arguments name, by evvnt's kinds."""
    named = {"Website": draft.website, "Tickets": draft.booking_url}
    return {kind: url.strip() for kind, url in named.items() if url}
