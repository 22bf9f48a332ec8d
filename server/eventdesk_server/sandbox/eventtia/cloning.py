"""Cloning: asked for, waited for on the source's address, and then simply there, with nothing that names the copy."""

import copy
import json
from typing import Any, Final
from uuid import uuid4

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import answer
from eventdesk_server.sandbox.eventtia.books import Books, Record, dump
from eventdesk_server.sandbox.eventtia.calls import Call, E, Endpoint
from eventdesk_server.sandbox.eventtia.catalogue_resources import POI, SPEAKER, WORKSHOP_CATEGORY, ZONE
from eventdesk_server.sandbox.eventtia.conference_resources import CONFERENCE, PARTICIPANT_TYPE
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE_TYPE, CUSTOM_FIELD, EVENT, WORKSHOP
from eventdesk_server.sandbox.eventtia.shapes import Shape
from eventdesk_server.sandbox.eventtia.values import flag

_FLAGS: Final = (
    "clone_zones", "clone_speakers", "clone_workshops", "clone_pois", "clone_attendee_types",
    "clone_business_conference", "clone_event_page",
)  # fmt: skip
_PAGE: Final = (
    "description", "logo", "banner_image", "white_label", "white_label_images", "static_map", "address_details",
)  # fmt: skip


def clone(books: Books, call: Call) -> Response:
    """`POST E/clone`: the literal `null`. A flag that is not sent counts as false (the defaults are not documented)."""
    event = books.event(call.parts["event_uri"])
    flags = [name for name in _FLAGS if flag(call.either(name))]
    polls = books.switch("clone_polls", 2)
    values = {"event_id": event.id, "polls_left": max(0, int(polls)), "flags": dump(flags)}
    books.store.insert("eventtia_clones", values)
    return answer(None)


def progress(books: Books, call: Call) -> Response:
    """`GET E/clone-progress`: each look at it brings the copy nearer; with nothing under way it is finished."""
    event = books.event(call.parts["event_uri"])
    jobs = books.store.rows("select * from eventtia_clones where event_id = ? order by id", [event.id])
    if jobs and books.switch("clone_stuck", False):
        return answer({"finished": False})
    waiting = False
    for job in jobs:
        if job["polls_left"] > 0:
            waiting = True
            books.store.update("eventtia_clones", {"id": job["id"]}, {"polls_left": job["polls_left"] - 1})
        else:
            books.store.execute("delete from eventtia_clones where id = ?", [job["id"]])
            _copy(books, event, set(json.loads(job["flags"])))
    return answer({"finished": not waiting})


def _copy(books: Books, source: Record, flags: set[str]) -> None:
    """The copy: the same name and dates, public if the source is, its own id, address and key."""
    now = books.now()
    doc = copy.deepcopy(source.doc)
    number = 1
    while books.store.row("select 1 from eventtia_events where event_uri = ?", [f"{doc['event_uri']}-copy-{number}"]):
        number += 1
    doc |= {
        "event_uri": f"{doc['event_uri']}-copy-{number}", "cloned_from_id": source.id, "api_key": str(uuid4()),
        "created_at": now, "updated_at": now, "website": None, "is_template": False,
    }  # fmt: skip
    if "clone_event_page" not in flags:
        fresh = EVENT.fresh(now)
        doc |= {name: fresh.get(name) for name in _PAGE}
    target = Record(books.next_id("eventtia_events"), doc)
    books.keep_event(target, new=True)
    _Parts(books, source.id, target.id, now).copy(flags)


class _Parts:
    """What a copy takes over; ids among the parts are translated, those of parts that stay behind are dropped."""

    def __init__(self, books: Books, source: int, target: int, now: str) -> None:
        self.books = books
        self.source = source
        self.target = target
        self.now = now
        self.new: dict[tuple[str, int], int] = {}

    def copy(self, flags: set[str]) -> None:
        if "clone_zones" in flags:
            self._all(ZONE)
        if "clone_pois" in flags:
            self._all(POI)
        if "clone_speakers" in flags:
            self._all(SPEAKER)
        if "clone_attendee_types" in flags:
            self._all(ATTENDEE_TYPE)
            self._all(CUSTOM_FIELD, parent=ATTENDEE_TYPE)
        if "clone_workshops" in flags:
            self._all(WORKSHOP_CATEGORY)
            self._all(WORKSHOP)
        if "clone_business_conference" in flags:
            self._all(CONFERENCE)
            self._all(PARTICIPANT_TYPE, parent=CONFERENCE)

    def _all(self, shape: Shape, parent: Shape | None = None) -> None:
        for record in self.books.of_event(shape, self.source):
            above = self.new.get((parent.type, record.parent_id or 0)) if parent else None
            doc = self._translated(shape, record.doc)
            key = self.books.add(shape, doc, event_id=self.target, parent_id=above)
            self.new[shape.type, record.id] = key

    def _translated(self, shape: Shape, had: dict[str, Any]) -> dict[str, Any]:
        doc = copy.deepcopy(had)
        doc |= {name: self.now for name in ("created_at", "updated_at") if name in doc}
        for name, relation in shape.relations.items():
            if relation.season and relation.many:
                found = (self.new.get((relation.type, key)) for key in doc[name])
                doc[name] = [key for key in found if key is not None]
            elif relation.season:
                doc[name] = self.new.get((relation.type, doc[name] or 0))
        if shape is WORKSHOP:
            doc["guid"] = str(uuid4())
            if doc["price"] is not None:
                pairs = ((self.new.get((ATTENDEE_TYPE.type, int(key))), value) for key, value in doc["price"].items()
                         if key.isascii() and key.isdigit())  # fmt: skip
                doc["price"] = {str(key): value for key, value in pairs if key is not None} or None
        return doc


ENDPOINTS: Final = (
    Endpoint("POST", f"{E}/clone", clone),
    Endpoint("GET", f"{E}/clone-progress", progress),
)
