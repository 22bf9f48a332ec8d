"""An event's talks as sessions, page by page; a person's are those that stand on their registration."""

from collections.abc import AsyncIterator

from eventdesk_server.providers.heysummit.routes import Routes, digits
from eventdesk_tools.errors import NotFound, UnknownRef, Unsupported
from eventdesk_tools.models import Session
from eventdesk_tools.records import Page, SessionQuery
from eventdesk_tools.refs import Kind, shown

_NEVER = frozenset({"seats", "left"})
_NOT_ON_V1 = frozenset({"ends", "url", "description"})


async def pages(routes: Routes, query: SessionQuery, zone: str, at: int | None) -> AsyncIterator[Page[Session]]:
    """The talks in the platform's order, which is none; the person's only, where one is named.

    Raises:
        Unsupported: A column is asked for that no talk has.
        NotFound: Nobody is registered under that address.
    """
    _check(routes, query)
    event = await routes.event(query.event_id)
    own = await _talks_of(routes, event.id, query.attendee) if query.attendee else None
    async for page in routes.talk_list(event.id).pages(at):
        kept = [talk for talk in page.rows if talk.event in {"", event.id}]
        exact = own is None and query.day is None and len(kept) == len(page.rows)
        yield page.of(
            [talk.to_session(event.zone(zone)) for talk in kept if own is None or talk.id in own],
            page.total if exact else None,
        )


def _check(routes: Routes, query: SessionQuery) -> None:
    missing = sorted(query.columns & (_NEVER | (_NOT_ON_V1 if routes.version == "v1" else frozenset[str]())))
    if missing:
        where = "HeySummit" if missing[0] in _NEVER else "Version 1 of HeySummit's API"
        raise Unsupported(
            f"{where} does not tell {', '.join(missing)} of a talk.",
            next=f"Leave {', '.join(missing)} out of fields.",
            field="fields",
        )


async def _talks_of(routes: Routes, event_id: str, attendee: str) -> frozenset[str]:
    """The ids of the talks on a person's schedule."""
    prefix = f"{Kind.REGISTRATION}-"
    if "@" not in attendee:
        if not attendee.startswith(prefix):
            raise UnknownRef(f"{shown(attendee)} is not the ref of a registration at HeySummit.", field="attendee")
        person = await routes.person(event_id, digits(attendee.removeprefix(prefix)))
        if person.event not in {"", event_id}:
            raise NotFound("That registration is of another event.", next="Call list_attendees for this event.")
        return frozenset(person.talks)
    known = await routes.registered(event_id, attendee, thorough=True)
    if not known:
        raise NotFound(
            f"Nobody is registered under {shown(attendee)} for this event.", next="Call list_attendees for this event."
        )
    return frozenset(talk for person in known for talk in person.talks)
