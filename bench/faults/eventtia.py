"""Eventtia's small world: a fair with a free type and a programme, a quiet event, and an inactive one."""

from typing import Any

from bench.faults.deeds import ACCOUNT, Deed, Part, Stage, counted
from eventdesk_server.sandbox.core import Store

FAIR, QUIET, SHUT = (f"{ACCOUNT}:{uri}" for uri in ("design-days", "quiet-day", "shut-day"))
_PEOPLE = [
    {"id": 600_001 + n, "attendee_type": 51_001, "first_name": "Ida", "last_name": f"Berg{n}", "email": f"ida{n}@example.org"}
    for n in range(3)
]  # fmt: skip
SEASON: dict[str, Any] = {
    "account": {"timezone": "Europe/Madrid", "currency": "EUR"},
    "events": [
        {"event_uri": "design-days", "name": "Design Days", "active": True,
         "start_date": "2027-05-12T09:00:00", "end_date": "2027-05-14T18:00:00",
         "attendee_types": [{"id": 51_001, "name": "General", "price": 0}], "attendees": _PEOPLE,
         "workshops": [{"id": 71_001, "name": "Print", "start_date": "2027-05-12T10:00:00", "end_date": "2027-05-12T11:00:00"}]},
        {"event_uri": "quiet-day", "name": "Quiet Day", "active": True,
         "start_date": "2027-06-12T09:00:00", "end_date": "2027-06-12T18:00:00"},
        {"event_uri": "shut-day", "name": "Shut Day", "active": False,
         "start_date": "2027-06-19T09:00:00", "end_date": "2027-06-19T18:00:00"},
    ],
}  # fmt: skip
CENSUS = {
    "events": "select id from eventtia_events",
    "people": "select id from eventtia_attendees",
    "guests": "select id from eventtia_records where type = 'guests'",
}


def deeds(store: Store, n: int) -> tuple[Deed, ...]:
    """All deeds, with names that no other run uses."""
    ids = {row["event_uri"]: row["id"] for row in store.rows("select id, event_uri from eventtia_events")}
    fair, quiet, shut = ids["design-days"], ids["quiet-day"], ids["shut-day"]
    title, email = f"Regatta {n}", f"ada{n}@pier.example"
    people = [f"row{row}.{n}@pier.example" for row in range(1, 5)]
    here = (
        "select id from eventtia_attendees where event_id = ? and email = ? and status not in ('cancelled', 'rejected')"
    )
    named = "select id from eventtia_events where json_extract(doc, '$.name') = ?"
    off = "select id from eventtia_attendees where id = ? and status = 'cancelled'"

    def flag(event: int, active: int) -> Any:
        return counted(
            "select id from eventtia_events where id = ? and json_extract(doc, '$.active') = ?", event, active
        )

    def inside(type_: str) -> Any:
        field = "email" if type_ == "guests" else "name"
        value = email if type_ == "guests" else title
        held = "select id from eventtia_records where type = ? and event_id = ? and json_extract(doc, ?) = ?"
        return counted(held, type_, fair, f"$.{field}", value)

    return (
        Deed(tool="register_attendee", grows={"people": 1}, parts=(Part("", counted(here, fair, email)),),
             arguments={"event": FAIR, "name": "Ada Pier", "email": email, "ticket": "General"}),
        Deed(tool="register_attendees", grows={"people": 4},
             parts=tuple(Part(str(row), counted(here, fair, mail)) for row, mail in enumerate(people, 1)),
             arguments={"event": FAIR, "ticket": "General",
                        "rows": [{"name": f"Ada Pier{row}", "email": mail} for row, mail in enumerate(people, 1)]}),
        Deed(tool="create_event", grows={"events": 1}, parts=(Part("", counted(named, title)),),
             arguments={"title": title, "starts": "2027-07-12T19:30", "ends": "2027-07-12T21:30", "zone": "Europe/Madrid"}),
        Deed(tool="update_event",
             parts=(Part("", counted(f"{named} and id = ?", title, quiet), makes=False),),
             arguments={"event": QUIET, "title": title}),
        Deed(tool="clone_event", grows={"events": 1}, parts=(Part("", counted(named, title)),), later=True,
             arguments={"event": QUIET, "starts": "2027-07-06T09:00", "title": title}),
        Deed(tool="archive_event", asks=True, parts=(Part("", flag(fair, 0), makes=False),), arguments={"event": FAIR}),
        Deed(tool="archive_event", asks=True, parts=(Part("", flag(shut, 1), makes=False),),
             arguments={"event": SHUT, "restore": True}),
        Deed(tool="cancel_registration", asks=True,
             parts=tuple(Part(f"{FAIR}:a-{id_}", counted(off, id_), makes=False) for id_ in (600_001, 600_002)),
             arguments={"attendees": [f"{FAIR}:a-600001", f"{FAIR}:a-600002"]}),
        Deed(tool="call_write_operation", grows={}, parts=(Part("", inside("workshops")),),
             arguments={"operation": "create_activity", "arguments": {
                 "event": "design-days", "name": title, "start_date": "13/05/2027 - 10:00:00", "end_date": "13/05/2027 - 11:00:00"}}),
        Deed(tool="call_write_operation", grows={"guests": 1}, parts=(Part("", inside("guests")),),
             arguments={"operation": "create_guest", "arguments": {
                 "event": "design-days", "first_name": "Ada", "last_name": "Pier", "email": email}}),
    )  # fmt: skip


STAGE = Stage(provider="eventtia", season=SEASON, settings={}, deeds=deeds, census=CENSUS)
