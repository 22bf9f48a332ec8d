"""HeySummit's endpoints, of both versions of its API.

Sources: the public reference of version 1 ("Events", 2020; talks, attendees and tickets of the same page), and the
OpenAPI document that version 2 publishes, as seen in September 2026. Every path ends in a slash: a write without it
would be redirected and lose its body.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.heysummit.operations_other import EVENT as _EVENT
from eventdesk_server.providers.heysummit.operations_other import READS, READS_V1, WITHHELD
from eventdesk_server.providers.heysummit.operations_other import V1 as _V1
from eventdesk_server.providers.heysummit.operations_other import V2 as _V2

_FLAG = ("True", "False")
_PAGE = Param("page", kind="integer", about="1 is the first")
_LIMIT = Param("limit", kind="integer", about="rows a page")
_OFFSET = Param("offset", kind="integer", about="rows to leave out")
_OF_EVENT = Param("event", kind="integer", required=True, about="the event's id")

LIST_EVENTS = Operation(
    name="list_events",
    method="GET",
    path="events/",
    effect=Effect.READ,
    summary="Lists the account's events, ten a page.",
    params=(
        _PAGE,
        Param("is_live", about="certain on version 1 only", choices=_FLAG),
        Param("is_archived", about="certain on version 1 only", choices=_FLAG),
        Param("is_evergreen", about="certain on version 1 only", choices=_FLAG),
        Param("is_open_for_registrations", about="certain on version 1 only", choices=_FLAG),
    ),
    source=f"{_V1}, Get All Events",
)
GET_EVENT = Operation(
    name="get_event",
    method="GET",
    path="events/{event}/",
    effect=Effect.READ,
    summary="Shows one event.",
    params=(_EVENT,),
    source=f"{_V1}, Get an Event",
)
ARCHIVE_EVENT = Operation(
    name="archive_event",
    method="POST",
    path="events/{event}/archive/",
    effect=Effect.REMOVE,
    summary="Takes an event out of the public's sight. Nothing takes it back.",
    params=(_EVENT,),
    source=f"{_V1}, Archive an Event",
)

LIST_TALKS = Operation(
    name="list_talks",
    method="GET",
    path="events/{event}/talks/",
    effect=Effect.READ,
    summary="Lists an event's talks.",
    params=(_EVENT, _LIMIT, _OFFSET),
    source=_V2,
)
LIST_SPEAKERS = Operation(
    name="list_speakers",
    method="GET",
    path="events/{event}/speakers/",
    effect=Effect.READ,
    summary="Lists an event's speakers.",
    params=(_EVENT, _LIMIT, _OFFSET),
    source=_V2,
)
LIST_COUPONS = Operation(
    name="list_coupons",
    method="GET",
    path="events/{event}/coupons/",
    effect=Effect.READ,
    summary="Lists an event's coupons.",
    params=(_EVENT, _LIMIT, _OFFSET),
    source=_V2,
)
LIST_TICKETS = Operation(
    name="list_tickets",
    method="GET",
    path="events/{event}/tickets/",
    effect=Effect.READ,
    summary="Lists an event's tickets with their prices.",
    params=(_EVENT, _LIMIT, _OFFSET),
    source=_V2,
)
LIST_ATTENDEES = Operation(
    name="list_attendees",
    method="GET",
    path="events/{event}/attendees/",
    effect=Effect.READ,
    summary="Lists who is registered.",
    params=(
        _EVENT,
        Param("email", about="the exact address"),
        Param("registration_status", about="the exact text, such as Completed Order"),
        _LIMIT,
        _OFFSET,
    ),
    source=_V2,
)
GET_ATTENDEE = Operation(
    name="get_attendee",
    method="GET",
    path="events/{event}/attendees/{attendee}/",
    effect=Effect.READ,
    summary="Shows one registration.",
    params=(_EVENT, Param("attendee", "path", required=True)),
    source=_V2,
)
REGISTER_ATTENDEE = Operation(
    name="register_attendee",
    method="POST",
    path="events/{event}/attendees/",
    effect=Effect.ADD,
    summary="Registers a person at once, the address unverified; HeySummit writes to them.",
    mails=True,
    params=(
        _EVENT,
        Param("email", "body", required=True),
        Param("name", "body", required=True),
        Param("ticket_price_id", "body", "integer", about="a price of a ticket, never the ticket's own id"),
        Param("questions", "body", "list", about="objects with question_id and answer"),
    ),
    source=_V2,
)
ASSIGN_TICKET = Operation(
    name="assign_ticket",
    method="POST",
    path="events/{event}/attendees/{attendee}/tickets/",
    effect=Effect.ADD,
    summary="Gives a registered person a ticket; nothing happens where it is held already.",
    params=(
        _EVENT,
        Param("attendee", "path", required=True),
        Param("ticket_price_id", "body", "integer", required=True),
    ),
    repeatable=True,
    source=_V2,
)
ADD_TO_TALK = Operation(
    name="add_attendee_to_talk",
    method="POST",
    path="events/{event}/attendees/{attendee}/talks/{talk}/",
    effect=Effect.ADD,
    summary="Puts a registered person on a talk; nothing happens where they are on it already.",
    params=(_EVENT, Param("attendee", "path", required=True), Param("talk", "path", required=True)),
    object_body=True,
    repeatable=True,
    source=_V2,
)
CREATE_CHECKOUT_LINK = Operation(
    name="create_checkout_link",
    method="POST",
    path="events/{event}/tickets/{ticket}/checkout-link/",
    effect=Effect.ADD,
    summary="Makes the address of a page where one ticket is bought; changes nothing in the event.",
    params=(
        _EVENT,
        Param("ticket", "path", required=True, about="the ticket's id, not a price's"),
        Param("coupon", "body"),
        Param("talk_id", "body", "integer"),
    ),
    object_body=True,
    repeatable=True,
    source=_V2,
)

LIST_TALKS_V1 = Operation(
    name="list_talks_v1",
    method="GET",
    path="talks/",
    effect=Effect.READ,
    summary="Lists talks of one event.",
    params=(_OF_EVENT, Param("is_active", choices=_FLAG), _PAGE),
    source=_V1,
)
LIST_TICKETS_V1 = Operation(
    name="list_tickets_v1",
    method="GET",
    path="tickets/",
    effect=Effect.READ,
    summary="Lists tickets of one event, without prices.",
    params=(_OF_EVENT, _PAGE),
    source=_V1,
)
LIST_ATTENDEES_V1 = Operation(
    name="list_attendees_v1",
    method="GET",
    path="attendees/",
    effect=Effect.READ,
    summary="Lists who is registered for one event, with the tickets they hold.",
    params=(_OF_EVENT, _PAGE),
    source=_V1,
)
GET_ATTENDEE_V1 = Operation(
    name="get_attendee_v1",
    method="GET",
    path="attendees/{attendee}/",
    effect=Effect.READ,
    summary="Shows one registration.",
    params=(Param("attendee", "path", required=True),),
    source=_V1,
)
REGISTER_ATTENDEE_V1 = Operation(
    name="register_attendee_v1",
    method="POST",
    path="attendees/",
    effect=Effect.ADD,
    summary="Registers a person at once, the address unverified; HeySummit writes to them.",
    mails=True,
    params=(
        Param("event", "body", "integer", required=True),
        Param("email", "body", required=True),
        Param("name", "body", required=True),
        Param("ticket_id", "body", "integer", about="a ticket; its price is not told"),
    ),
    source=_V1,
)

_SHARED = (LIST_EVENTS, GET_EVENT, ARCHIVE_EVENT)
_ONLY_V2 = (
    LIST_TALKS,
    LIST_SPEAKERS,
    LIST_COUPONS,
    LIST_TICKETS,
    LIST_ATTENDEES,
    GET_ATTENDEE,
    *READS,
    REGISTER_ATTENDEE,
    ASSIGN_TICKET,
    ADD_TO_TALK,
    CREATE_CHECKOUT_LINK,
    *WITHHELD,
)
_ONLY_V1 = (LIST_TALKS_V1, LIST_TICKETS_V1, LIST_ATTENDEES_V1, GET_ATTENDEE_V1, *READS_V1, REGISTER_ATTENDEE_V1)
ALL: tuple[Operation, ...] = (*_SHARED, *_ONLY_V2, *_ONLY_V1)


_AT_TOP = ("speakers", "categories", "talkattendees", "coupons", "sponsors", "sponsor-categories")
AT_TOP: Mapping[str, Operation] = MappingProxyType(
    {
        operation.name: replace(operation, path=f"{kind}/", params=(_OF_EVENT, _LIMIT, _OFFSET))
        for operation in _ONLY_V2
        for kind in _AT_TOP
        if operation.path == f"events/{{event}}/{kind}/"
    }
)
"""Lists that stand below their event, where some accounts are served them instead (seen in 2026)."""


def not_spoken(operation: Operation, version: str) -> str:
    """Why an account of this API version is not offered an operation; "" where it is. Archiving reaches both."""
    other = _ONLY_V1 if version == "v2" else _ONLY_V2
    return f"this account speaks version {version.removeprefix('v')} of the API" if operation in other else ""
