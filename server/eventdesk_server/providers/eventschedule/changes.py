"""What any change of an event may break, and how it is told apart afterwards whether it did.

Event Schedule's PUT is partial for plain fields only. Seen on a running server of August 2026: it turns passes into
ordinary tickets, clears per-order limits, erases skipped dates, moves a start in the hour that clocks repeat, fails for an
event without start, and detaches schedules of one's own, other than the first, even where the request names them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.mapping import Home
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.plans import Found, PlannedRequest, Step, StepContext
from eventdesk_tools.times import Moment, wall_readings

LIMITS_CLEARED = "Event Schedule clears the tickets' per-order limits with any change."
_BY_HAND = "Tell the person to do this in Event Schedule itself."


def refuse_what_breaks(event: wire.Event, home: Home, *, start_sent: bool = False) -> None:
    """Refuse a change that the platform would accept and mangle, or fail at. A start that is sent makes good a missing one.

    Raises:
        Unsupported: A pass is among the tickets, the start lies in a repeated hour, or there is no start.
    """
    if any(ticket.is_pass for ticket in event.tickets):
        raise Unsupported(
            "The event sells a pass: any change through the API would make an ordinary ticket of it.", next=_BY_HAND
        )
    if event.starts_at is None and start_sent:
        return
    if event.starts_at is None:
        raise Unsupported(
            "The event has no start, and Event Schedule's API fails to change such an event.",
            next="Tell the person to give it a start in Event Schedule first.",
        )
    wall = event.starts_at.astimezone(home.tz).replace(tzinfo=None, fold=0)
    if len({reading.astimezone(UTC) for reading in wall_readings(wall, home.tz)}) > 1:
        raise Unsupported(
            "The event starts in the hour that clocks repeat: any change through the API could move it by an hour.",
            next=_BY_HAND,
        )


def risks(event: wire.Event, home: Home) -> list[str]:
    """What a change may lose and a person should know before it."""
    found: list[str] = []
    if len(event.schedules) > 1:
        names = ", ".join(attached.name[:30] or attached.subdomain for attached in event.schedules[:4])
        only = "one lost is attached again" if len(event.schedules) == 2 else "not all lost can be attached again"
        found.append(f"It hangs off {len(event.schedules)} schedules ({names}) and may lose some; {only}.")
    if event.repeats:
        found.append("It repeats: dates that were skipped or added by hand are lost for good.")
    if home.schedule is not None and not home.schedule.timezone and event.venue_id:
        found.append("Its schedule has no time zone: the start may shift to the venue's.")
    return found


def differences(
    before: wire.Event, after: wire.Event, home: Home, meant: Collection[str] = frozenset[str]()
) -> list[str]:
    """What a change lost or moved besides what it was `meant` to: "tickets", "starts", "place"."""
    notes: list[str] = []
    replaced = {before.venue_id} if "place" in meant else set[str]()
    if lost := [attached for attached in lost_schedules(before, after) if attached.id not in replaced]:
        names = ", ".join(attached.name or attached.subdomain for attached in lost)
        notes.append(f"Event Schedule detached from the event: {names}. Attach again in Event Schedule itself.")
    groups = _groups(after)
    if moved := [a for a in before.schedules if a.group and a.id in groups and groups[a.id] != a.group.slug]:
        notes.append(f"The sub-schedule on {', '.join(a.name or a.subdomain for a in moved)} was lost.")
    if "tickets" not in meant and _tickets(before) != _tickets(after):
        notes.append("The tickets are not the same as before the change: call get_event and show the person.")
    if "starts" not in meant and before.starts_at != after.starts_at:
        starts = Moment.instant(after.starts_at, home.zone) if after.starts_at is not None else "nothing"
        notes.append(f"Event Schedule moved the start: it is {starts} now.")
    if before.is_private != after.is_private:
        notes.append("The event is no longer unlisted." if before.is_private else "The event is unlisted now.")
    return notes


def lost_schedules(before: wire.Event, after: wire.Event) -> list[wire.Attached]:
    kept = {attached.id for attached in after.schedules}
    return [attached for attached in before.schedules if attached.id not in kept]


def reattach_step(reader: Reader, before: wire.Event, home: Home) -> Step:
    """Look which schedules the change detached and name them once more: a further PUT attaches what is missing.

    It goes out only if something is missing, since naming what is attached would detach it.
    """
    template: dict[str, Json] = {"venue_id": "‹schedule that was detached›"}
    if any(attached.type == "talent" for attached in before.schedules):
        template["members"] = "‹performers that were detached›"

    async def send(_: StepContext) -> Mapping[str, str]:
        lost = lost_schedules(before, await reader.event(before.id))
        body = naming(lost, before, home) if lost else {}
        if not body:
            return {"reattached": ""}
        prepared = reader.client.prepare(operations.UPDATE_EVENT, path={"event": before.id}, body=body)
        await reader.client.send(prepared, wire.One[wire.Event])
        return {"reattached": " ".join(attached.id for attached in lost)}

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        return () if lost_schedules(before, await reader.event(before.id)) else (Found(before.id),)

    return Step(
        name="re-attach a schedule, if one was detached",
        request=PlannedRequest(method="PUT", path=f"/events/{before.id}", body=template),
        send=send,
        find=find,
        optional=True,
    )


def naming(lost: Sequence[wire.Attached], before: wire.Event, home: Home) -> dict[str, Json]:
    """The body that attaches what was lost.

    `venue_id` takes a schedule of any type, but only one (the event's own, else the venue), and none beside a venue that
    stayed, which names itself. Performers go by name, which works beside a venue and not beside a performer.
    """
    own = home.schedule.id if home.schedule is not None else ""
    gone = {attached.id for attached in lost}
    beside_venue = any(attached.type == "venue" and attached.id not in gone for attached in before.schedules)
    order = sorted(lost, key=lambda attached: (attached.id != own, attached.type != "venue", attached.type == "talent"))
    body: dict[str, Json] = {} if beside_venue else {"venue_id": order[0].id}
    members: list[Json] = []
    for attached in order if beside_venue else order[1:]:
        member = before.members.get(attached.id)
        if member is not None and (member.name or member.email):
            named = {"name": member.name, "email": member.email}
            members.append({key: value for key, value in named.items() if value})
    return body | ({"members": members} if members else {})


def _groups(event: wire.Event) -> dict[str, str]:
    return {attached.id: attached.group.slug if attached.group is not None else "" for attached in event.schedules}


def _rows(event: wire.Event) -> list[tuple[str, wire.Ticket]]:
    return [("t", row) for row in event.tickets] + [("x", row) for row in event.addons]


def _tickets(event: wire.Event) -> list[tuple[str, ...]]:
    return sorted(
        (kind, row.id, row.type, str(row.price), str(row.quantity), str(row.is_pass)) for kind, row in _rows(event)
    )
