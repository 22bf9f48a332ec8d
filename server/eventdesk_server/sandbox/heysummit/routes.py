"""The routes of the HeySummit stand-in's two dialects, and the reads behind them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from eventdesk_server.sandbox.heysummit import registering, shapes
from eventdesk_server.sandbox.heysummit.records import Selection
from eventdesk_server.sandbox.heysummit.registering import as_id, event_of, row_of
from eventdesk_server.sandbox.heysummit.rest import Ask, Refusal, answer, not_found, numbered, windowed

View = Callable[..., Response]
Render = Callable[[list[dict[str, Any]]], list[Any]]
NO_PERMISSION = "You do not have permission to perform this action."

_NESTED = ("talks", "attendees", "tickets", "talkattendees")
_PARTS = ("speakers", "categories", "coupons", "sponsors", "sponsor-categories")


@dataclass(frozen=True, slots=True)
class Route:
    path: re.Pattern[str]
    views: Mapping[str, View]


def _route(template: str, **views: View) -> Route:
    """A route; `*` stands for one segment of the path, handed to the view."""
    return Route(re.compile(re.escape(template).replace(r"\*", "([^/]+)")), views)


# Rows of any kind


def _as_stored(rows: list[dict[str, Any]]) -> list[Any]:
    return [row["data"] for row in rows]


def _scheduled(rows: list[dict[str, Any]]) -> list[Any]:
    """Who is on which talk. The platform's own field names are not published; these are a guess."""
    return [
        {
            "id": row["id"],
            "event": row["event_id"],
            "talk": row["talk_id"],
            "attendee": row["attendee_id"],
            "created_at": row["created_at"],
        }
        for row in rows
    ]


def _kind(ask: Ask, kind: str) -> tuple[Selection, Render]:
    """The rows of that kind, of all events, and how they are written."""
    if kind == "talks":
        return Selection("heysummit_talks", by_time=True), shapes.talks(ask)
    if kind == "attendees":
        return Selection("heysummit_attendees"), shapes.each(ask, shapes.attendee)
    if kind == "tickets":
        return Selection("heysummit_tickets"), shapes.each(ask, shapes.ticket)
    if kind == "talkattendees":
        return Selection("heysummit_schedule"), _scheduled
    return Selection("heysummit_parts", "kind = ?", (kind,)), _as_stored


# v2


def _events_v2(ask: Ask) -> Response:
    """All events of the account. The flag filters of v1 have no effect here."""
    return numbered(ask, Selection("heysummit_events"), shapes.each(ask, shapes.event_row_v2))


def _event_v2(ask: Ask, number: str) -> Response:
    return answer(shapes.event_v2(ask, event_of(ask, number)))


def _nested(kind: str) -> View:
    def view(ask: Ask, number: str) -> Response:
        event = event_of(ask, number)
        if kind not in ("talks", "attendees", "tickets") and ask.switch("top_level_lists", default=False):
            raise Refusal(403, NO_PERMISSION)
        selection, render = _kind(ask, kind)
        selection = selection.also("event_id = ?", event["id"])
        if kind == "attendees":
            if email := ask.query("email"):
                selection = selection.also(
                    "address = ?" if ask.switch("email_filter") == "iexact" else "email = ?",
                    email.lower() if ask.switch("email_filter") == "iexact" else email,
                )
            if status := ask.query("registration_status"):
                selection = selection.also("status = ?", status)
        return windowed(ask, selection, render)

    return view


def _nested_item(kind: str) -> View:
    def view(ask: Ask, number: str, item: str) -> Response:
        event = event_of(ask, number)
        selection, render = _kind(ask, kind)
        row = ask.records.one(selection.also("event_id = ?", event["id"]), as_id(item))
        if row is None:
            raise not_found()
        return answer(render([row])[0])

    return view


def _top_level(kind: str) -> View:
    """Nested resources are refused at the top level, but for a few kinds and some accounts (a switch)."""

    def view(ask: Ask) -> Response:
        served = ask.switch("top_level_lists", default=False)
        if not served or kind in ("talks", "attendees", "tickets"):
            raise Refusal(403, NO_PERMISSION)
        selection, render = _kind(ask, kind)
        if served != "unfiltered" and (event := ask.query("event")):
            selection = selection.also("event_id = ?", as_id(event))
        return windowed(ask, selection, render)

    return view


def _refused(ask: Ask, item: str) -> Response:  # noqa: ARG001 - every view takes the request and the path's segments
    raise Refusal(403, NO_PERMISSION)


def _webhooks(ask: Ask) -> Response:
    return numbered(ask, *_kind(ask, "webhooks"))


def _archive_v2(ask: Ask, number: str) -> Response:
    """Not among v2's operations, but for a switch."""
    if not ask.switch("v2_archive", default=False):
        raise not_found()
    return registering.archive(ask, number)


V2 = (
    _route("events/", GET=_events_v2),
    _route("events/*/", GET=_event_v2),
    _route("events/*/archive/", POST=_archive_v2),
    _route("events/*/attendees/", GET=_nested("attendees"), POST=registering.register),
    _route("events/*/attendees/*/tickets/", POST=registering.give_ticket),
    _route("events/*/attendees/*/talks/*/", POST=registering.give_talk),
    _route("events/*/tickets/*/checkout-link/", POST=registering.checkout_link),
    _route("webhooks/", GET=_webhooks),
    *(_route(f"events/*/{kind}/", GET=_nested(kind)) for kind in (*_NESTED, *_PARTS) if kind != "attendees"),
    *(_route(f"events/*/{kind}/*/", GET=_nested_item(kind)) for kind in (*_NESTED, *_PARTS)),
    *(_route(f"{kind}/", GET=_top_level(kind), POST=_top_level(kind)) for kind in (*_NESTED, *_PARTS)),
    *(_route(f"{kind}/*/", GET=_refused, POST=_refused) for kind in (*_NESTED, *_PARTS)),
)

# v1


def _flag(text: str) -> bool | None:
    """A flag in a v1 query; a value that is none filters nothing."""
    return {"true": True, "false": False}.get(text.lower())


def _events_v1(ask: Ask) -> Response:
    selection = Selection("heysummit_events")
    for name in ("is_live", "is_archived", "is_evergreen", "is_open_for_registrations"):
        wanted = _flag(ask.query(name))
        if wanted is not None:
            selection = selection.also(f"json_extract(data, '$.{name}') = ?", wanted)
    return numbered(ask, selection, shapes.each(ask, shapes.event_row_v1))


def _event_v1(ask: Ask, number: str) -> Response:
    return answer(shapes.event_v1(ask, event_of(ask, number)))


def _list_v1(kind: str) -> View:
    def view(ask: Ask) -> Response:
        selection, render = _kind(ask, kind)
        if event := ask.query("event"):
            if not (event.isascii() and event.isdigit() and len(event) < 19):
                raise Refusal(400, {"event": ["Enter a number."]})
            selection = selection.also("event_id = ?", int(event))
        active = _flag(ask.query("is_active")) if kind == "talks" else None
        if active is not None:
            selection = selection.also("is_active = ?", active)
        return numbered(ask, selection, render)

    return view


def _item_v1(kind: str) -> View:
    def view(ask: Ask, number: str) -> Response:
        _, render = _kind(ask, kind)
        return answer(render([row_of(ask, f"heysummit_{kind}", None, number)])[0])

    return view


V1 = (
    _route("events/", GET=_events_v1),
    _route("events/*/", GET=_event_v1),
    _route("events/*/archive/", POST=registering.archive),
    _route("attendees/", GET=_list_v1("attendees"), POST=registering.register_v1),
    _route("talks/", GET=_list_v1("talks")),
    _route("tickets/", GET=_list_v1("tickets")),
    *(_route(f"{kind}/*/", GET=_item_v1(kind)) for kind in ("attendees", "talks", "tickets")),
)
