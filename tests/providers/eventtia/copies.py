"""A small event to copy, and a platform that copies it."""

from typing import Any

from eventdesk_tools.models import CloneOrder
from eventdesk_tools.plans import WritePlan
from tests.providers.eventtia.scripted import Turns, Upstream, event, listed, provider_of

FLAGS = (
    "clone_zones",
    "clone_speakers",
    "clone_workshops",
    "clone_pois",
    "clone_attendee_types",
    "clone_business_conference",
    "clone_event_page",
)

MOVED: dict[str, Any] = {
    "start_date": "2027-05-11T07:00:00.000Z",
    "end_date": "2027-05-13T16:00:00.000Z",
    "active": False,
}
"""The specimen's dates, 364 days later, of an event that nobody sees."""


def order(**given: Any) -> CloneOrder:
    plain: dict[str, Any] = {"event_id": "fair", "starts": "2027-05-11T09:00"}
    return CloneOrder(**plain | given)


def row(uri: str, event_id: str) -> dict[str, Any]:
    """An event as lists show it: without what it was cloned from."""
    attributes = {"name": "Fair", "event_uri": uri, "start_date": "2026-05-12T09:00:00.000+02:00"}
    return {"id": event_id, "type": "events", "attributes": attributes}


def copy(event_id: str = "9", uri: str = "fair-2", source: Any = 7, **attributes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": "Fair", "cloned_from_id": source}
    return event(uri, event_id, **plain | attributes)


def fair(**answers: Any) -> Upstream:
    """One event, and a platform that shows its copy at the second look."""
    given = {
        "GET events/fair": {"data": event(event_id="7")},
        "GET events/fair/workshops": listed([]),
        "POST events/fair/clone": None,
        "GET events/fair/clone-progress": Turns([{"finished": False}, {"finished": True}]),
        # Each look asks twice: by template and by name. Looks: what was there, once before sending; then for the copy.
        "GET events": Turns([listed([row("fair", "7")])] * 6 + [listed([row("fair", "7"), row("fair-2", "9")])]),
        "GET events/fair-2": Turns([{"data": copy()}, {"data": copy()}, {"data": copy(**MOVED)}]),
        "PUT events/fair-2": {"data": copy(**MOVED)},
    }
    return Upstream(given | answers)


async def planned(upstream: Upstream, **given: Any) -> WritePlan:
    plan = await provider_of(upstream).plan_clone(order(**given))
    assert isinstance(plan, WritePlan)
    return plan
