"""HeySummit's endpoints that no tool needs: further reads, and writes whose fields are not documented.

The writes exist (OpenAPI document of version 2, paths, seen in September 2026); what they take is told only by the
account's own `/api/v2/schema/`, so that nothing could be checked before it is sent.
"""

from typing import Literal

from eventdesk_server.http.operations import Effect, Operation, Param

V1 = "HeySummit API reference, version 1"
V2 = "HeySummit OpenAPI document, version 2"
EVENT = Param("event", "path", required=True, about="the event's id")
_PAGE = Param("page", kind="integer", about="1 is the first")
_PAGED = (
    Param("limit", kind="integer", about="rows a page"),
    Param("offset", kind="integer", about="rows to leave out"),
)
_BLIND = "its fields are not documented, so that nothing could be checked before it is sent"


def _list(name: str, path: str, summary: str) -> Operation:
    return Operation(
        name=name, method="GET", path=f"events/{{event}}/{path}/", effect=Effect.READ, summary=summary,
        params=(EVENT, *_PAGED), source=V2,
    )  # fmt: skip


LIST_CATEGORIES = _list("list_categories", "categories", "Lists an event's categories of talks.")
LIST_TALK_ATTENDEES = _list("list_talk_attendees", "talkattendees", "Lists who is on which talk of an event.")
LIST_SPONSORS = _list("list_sponsors", "sponsors", "Lists an event's sponsors.")
LIST_SPONSOR_CATEGORIES = _list("list_sponsor_categories", "sponsor-categories", "Lists an event's kinds of sponsors.")
GET_TALK = Operation(
    name="get_talk",
    method="GET",
    path="events/{event}/talks/{talk}/",
    effect=Effect.READ,
    summary="Shows one talk.",
    params=(EVENT, Param("talk", "path", required=True)),
    source=V2,
)
GET_TICKET = Operation(
    name="get_ticket",
    method="GET",
    path="events/{event}/tickets/{ticket}/",
    effect=Effect.READ,
    summary="Shows one ticket with its prices.",
    params=(EVENT, Param("ticket", "path", required=True, about="the ticket's id, not a price's")),
    source=V2,
)
LIST_WEBHOOKS = Operation(
    name="list_webhooks",
    method="GET",
    path="webhooks/",
    effect=Effect.READ,
    summary="Lists the addresses that HeySummit tells about registrations.",
    params=(_PAGE,),
    source=V2,
)
GET_WEBHOOK = Operation(
    name="get_webhook",
    method="GET",
    path="webhooks/{webhook}/",
    effect=Effect.READ,
    summary="Shows one webhook.",
    params=(Param("webhook", "path", required=True),),
    source=V2,
)
GET_TALK_V1 = Operation(
    name="get_talk_v1",
    method="GET",
    path="talks/{talk}/",
    effect=Effect.READ,
    summary="Shows one talk.",
    params=(Param("talk", "path", required=True),),
    source=V1,
)
GET_TICKET_V1 = Operation(
    name="get_ticket_v1",
    method="GET",
    path="tickets/{ticket}/",
    effect=Effect.READ,
    summary="Shows one ticket, without prices.",
    params=(Param("ticket", "path", required=True),),
    source=V1,
)
CREATE_MAGIC_LINK = Operation(
    name="create_magic_link",
    method="POST",
    path="events/{event}/attendees/{attendee}/magic-link/",
    effect=Effect.ADD,
    summary="Makes an address that logs its holder in as that attendee.",
    params=(EVENT, Param("attendee", "path", required=True)),
    withheld="the address is a credential: whoever has it is logged in as that person",
    source=V2,
)


def _withheld(
    name: str, method: Literal["POST", "PATCH", "DELETE"], path: str, effect: Effect, what: str, *slots: Param
) -> Operation:
    return Operation(
        name=name,
        method=method,
        path=path,
        effect=effect,
        summary=what,
        params=slots,
        withheld="it deletes for good, and HeySummit keeps nothing to take it back from"
        if effect is Effect.REMOVE
        else _BLIND,
        source=f"{V2}, paths",
    )


def _writes(record: str, route: str, *slots: Param, creates: bool = True) -> tuple[Operation, ...]:
    """Making, changing and deleting a kind of record."""
    item = f"{route}{{{record}}}/"
    one = (*slots, Param(record, "path", required=True))
    named = f"{'an' if record[0] in 'ae' else 'a'} {record}"
    made = _withheld(f"create_{record}", "POST", route, Effect.ADD, f"Makes {named}.", *slots)
    changed = _withheld(f"update_{record}", "PATCH", item, Effect.CHANGE, f"Changes {named}.", *one)
    gone = _withheld(f"delete_{record}", "DELETE", item, Effect.REMOVE, f"Deletes {named}.", *one)
    return (made, changed, gone) if creates else (changed, gone)


WITHHELD: tuple[Operation, ...] = (
    *_writes("event", "events/"),
    *_writes("talk", "events/{event}/talks/", EVENT),
    *_writes("speaker", "events/{event}/speakers/", EVENT),
    *_writes("category", "events/{event}/categories/", EVENT),
    *_writes("sponsor", "events/{event}/sponsors/", EVENT),
    *_writes("coupon", "events/{event}/coupons/", EVENT),
    *_writes("attendee", "events/{event}/attendees/", EVENT, creates=False),
    *_writes("webhook", "webhooks/"),
    CREATE_MAGIC_LINK,
)
READS: tuple[Operation, ...] = (
    LIST_CATEGORIES,
    LIST_TALK_ATTENDEES,
    LIST_SPONSORS,
    LIST_SPONSOR_CATEGORIES,
    GET_TALK,
    GET_TICKET,
    LIST_WEBHOOKS,
    GET_WEBHOOK,
)
READS_V1: tuple[Operation, ...] = (GET_TALK_V1, GET_TICKET_V1)
