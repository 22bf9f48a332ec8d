"""A small event to register for, and what registering there is planned as."""

from typing import Any

from eventdesk_tools.models import Registration
from eventdesk_tools.plans import WritePlan
from tests.providers.eventtia.scripted import (
    Upstream,
    attendee,
    event,
    kind,
    listed,
    provider_of,
    question,
)


def wanted(**given: Any) -> Registration:
    plain: dict[str, Any] = {"event_id": "harbor-design-days", "name": "Teo Marsh", "email": "Teo+vip@Marsh.example"}
    return Registration(**plain | given)


def at_fair(**given: Any) -> Registration:
    return wanted(event_id="fair", **given)


def fair(**answers: Any) -> Upstream:
    """One event with a free and a priced ticket, and nobody registered."""
    questions = [
        question(f"{ticket}0{place}", ticket, name, default=default, alias=alias)
        for ticket in ("1", "2")
        for place, (name, default, alias) in enumerate(
            [("email", True, None), ("company", True, None), ("f_diet", False, "Diet"), ("Shirt size", False, "")]
        )
    ]
    types = [kind("1", "Day"), kind("2", "VIP", price="120.0", capacity=9, availability=3)]
    given = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": listed(types, included=questions),
        "GET events/fair/attendees": listed([]),
        "GET events/fair/workshops": listed([]),
        "GET events/fair/purchase_items": listed([]),
        "POST events/fair/attendees/register": {"data": attendee("5", "1", {"100": "Teo+vip@Marsh.example"})},
    }
    return Upstream(given | answers)


async def planned(upstream: Upstream, **given: Any) -> WritePlan:
    plan = await provider_of(upstream).plan_registration(at_fair(**given))
    assert isinstance(plan, WritePlan)
    return plan


def body_of(plan: WritePlan) -> Any:
    request = plan.steps[0].request
    assert request is not None
    return request.body
