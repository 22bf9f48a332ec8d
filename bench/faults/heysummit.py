"""HeySummit's small world: one summit with a free ticket, two talks and some people."""

from typing import Any

from bench.faults.deeds import ACCOUNT, Deed, Part, Stage, counted
from eventdesk_server.sandbox.core import Store

SUMMIT = f"{ACCOUNT}:4711"
_SINCE = "2027-01-05T10:00:00Z"
SEASON: dict[str, Any] = {
    "events": [
        {"id": 4711, "title": "Harbour Design Week", "timezone": "Europe/London", "is_live": True,
         "is_open_for_registrations": True,
         "talks": [{"id": 91 + n, "title": f"Quay stories {n}", "date": f"2027-07-06T1{n}:30:00"} for n in range(2)],
         "tickets": [
             {"id": 601, "title": "Free pass", "created_at": _SINCE, "is_paid": "false", "is_active": True,
              "prices": [{"id": 8801, "title": "Free", "price": "0.00"}]},
             {"id": 602, "title": "Crew pass", "created_at": _SINCE, "is_paid": "false", "is_active": True,
              "prices": [{"id": 8802, "title": "Crew", "price": "0.00"}]},
         ],
         "attendees": [{"id": 40_001, "name": "Kim Lock", "email": "kim@example.org", "created_at": _SINCE,
                        "registration_status": "Completed Order", "tickets": [{"ticket_price_id": 8801,
                        "amount_gross": "0.00", "amount_net": "0.00"}], "talks": []}]},
    ],
}  # fmt: skip
CENSUS = {
    "people": "select id from heysummit_attendees",
    "tickets held": "select attendee_id from heysummit_holdings",
    "talks chosen": "select id from heysummit_schedule",
}


def deeds(store: Store, n: int) -> tuple[Deed, ...]:  # noqa: ARG001 - a stage's shape
    """All deeds, with names that no other run uses."""
    email = f"ada{n}@pier.example"
    people = [f"row{row}.{n}@pier.example" for row in range(1, 5)]
    here = "select id from heysummit_attendees where event_id = 4711 and address = ?"
    chosen = f"select id from heysummit_schedule where attendee_id in ({here})"  # noqa: S608 - made of constants

    def session(number: int, email: str) -> Part:
        return Part(f"Quay stories {number}", counted(f"{chosen} and talk_id = {91 + number}", email))

    return (
        Deed(tool="register_attendee", grows={"people": 1, "tickets held": 1}, parts=(Part("", counted(here, email)),),
             arguments={"event": SUMMIT, "name": "Ada Pier", "email": email, "ticket": "Free pass, Free"}),
        Deed(tool="register_attendee", grows={"people": 1, "tickets held": 1, "talks chosen": 2},
             parts=(Part("", counted(here, email)), session(0, email), session(1, email)),
             arguments={"event": SUMMIT, "name": "Ada Pier", "email": email, "ticket": "Free pass, Free",
                        "sessions": ["Quay stories 0", "Quay stories 1"]}),
        Deed(tool="register_attendee", grows={"talks chosen": 1},
             parts=(session(1, "kim@example.org"),),
             arguments={"event": SUMMIT, "name": "Kim Lock", "email": "kim@example.org", "ticket": "Free pass, Free",
                        "sessions": ["Quay stories 1"]}),
        Deed(tool="register_attendees", grows={"people": 4, "tickets held": 4},
             parts=tuple(Part(str(row), counted(here, mail)) for row, mail in enumerate(people, 1)),
             arguments={"event": SUMMIT, "ticket": "Free pass, Free",
                        "rows": [{"name": f"Ada Pier{row}", "email": mail} for row, mail in enumerate(people, 1)]}),
        Deed(tool="archive_event", asks=True,
             parts=(Part("", counted("select id from heysummit_events where id = 4711 and "
                                     "json_extract(data, '$.is_archived')"), makes=False),),
             arguments={"event": SUMMIT}),
        Deed(tool="call_write_operation", grows={"tickets held": 1},
             parts=(Part("", counted("select ticket_id from heysummit_holdings where attendee_id = 40001 and ticket_id = 602")),),
             arguments={"operation": "assign_ticket", "arguments": {
                 "event": "4711", "attendee": "40001", "ticket_price_id": 8802}}),
        Deed(tool="call_write_operation", grows={"talks chosen": 1},
             parts=(Part("", counted("select id from heysummit_schedule where attendee_id = 40001 and talk_id = 91")),),
             arguments={"operation": "add_attendee_to_talk", "arguments": {
                 "event": "4711", "attendee": "40001", "talk": "91"}}),
        Deed(tool="call_write_operation", grows={"people": 1, "tickets held": 1}, parts=(Part("", counted(here, email)),),
             arguments={"operation": "register_attendee", "arguments": {
                 "event": "4711", "name": "Ada Pier", "email": email, "ticket_price_id": 8801}}),
    )  # fmt: skip


STAGE = Stage(provider="heysummit", season=SEASON, settings={}, deeds=deeds, census=CENSUS)
