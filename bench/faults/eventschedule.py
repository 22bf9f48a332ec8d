"""Event Schedule's small world: two schedules, an event on sale with orders, a plain one, and a hidden one."""

from typing import Any

from bench.faults.deeds import ACCOUNT, Deed, Part, Stage, counted
from eventdesk_server.sandbox.core import Store
from eventdesk_server.sandbox.eventschedule.ids import encode

INSTALLATION = "sandbox"
_OWNER = "organiser@sandbox.example"
_SALES = [
    {"name": f"Lee Dock {n}", "email": f"lee{n}@example.com", "lines": [{"ticket": 1, "quantity": 1}]} for n in range(4)
]
SEASON: dict[str, Any] = {
    "schedules": [
        {"subdomain": "boathouse", "type": "venue", "name": "Boathouse", "owner": _OWNER, "timezone": "Europe/London"},
        {"subdomain": "pier", "type": "curator", "name": "Pier", "owner": _OWNER, "timezone": "Europe/London"},
    ],
    "events": [
        {"name": "Harbour Folk", "schedules": [{"subdomain": "boathouse"}], "starts_at": "2027-06-01 18:30:00",
         "duration": 3, "tickets_enabled": True, "ticket_currency_code": "GBP",
         "tickets": [{"type": "Seat", "price": "0", "quantity": 90}, {"type": "Stalls", "price": "12.500", "quantity": 90}],
         "sales": _SALES},
        {"name": "Quay Walk", "schedules": [{"subdomain": "boathouse"}], "starts_at": "2027-06-03 09:00:00", "duration": 2},
        {"name": "Tide Talk", "schedules": [{"subdomain": "pier"}], "starts_at": "2027-06-05 17:00:00", "duration": 1,
         "is_draft": True},
    ],
}  # fmt: skip
CENSUS = {
    "events": "select id from eventschedule_event",
    "orders": "select id from eventschedule_sale",
    "schedules": "select id from eventschedule_role",
    "sub-schedules": "select id from eventschedule_grouping",
}


def ref(number: int) -> str:
    """The ref of the event of a row number."""
    return f"{ACCOUNT}:{encode(number, INSTALLATION)}"


def deeds(store: Store, n: int) -> tuple[Deed, ...]:
    """All deeds, with names that no other run uses."""
    folk, walk, talk = (row["id"] for row in store.rows("select id from eventschedule_event order by id"))
    sales = [row["id"] for row in store.rows("select id from eventschedule_sale order by id")]
    orders = [f"{ref(folk)}:o-{encode(sale, INSTALLATION)}" for sale in sales]
    title, email = f"Regatta {n}", f"ada{n}@pier.example"
    people = [f"row{row}.{n}@pier.example" for row in range(1, 5)]
    named = "select id from eventschedule_event where name = ?"
    sold = "select id from eventschedule_sale where event_id = ? and email = ? and status in ('paid', 'unpaid')"
    tickets = {
        row["type"]: encode(row["id"], INSTALLATION) for row in store.rows("select id, type from eventschedule_ticket")
    }

    def state(sale: int, word: str) -> Any:
        return counted("select id from eventschedule_sale where id = ? and status = ?", sale, word)

    raw = {"event_id": encode(folk, INSTALLATION), "name": "Ada Pier", "email": email, "tickets": {tickets["Seat"]: 2}}
    return (
        Deed(tool="register_attendee", grows={"orders": 1}, parts=(Part("", counted(sold, folk, email)),),
             arguments={"event": ref(folk), "name": "Ada Pier", "email": email, "ticket": "Seat"}),
        Deed(tool="register_attendees", grows={"orders": 4},
             parts=tuple(Part(str(row), counted(sold, folk, mail)) for row, mail in enumerate(people, 1)),
             arguments={"event": ref(folk), "ticket": "Seat",
                        "rows": [{"name": f"Ada Pier{row}", "email": mail} for row, mail in enumerate(people, 1)]}),
        Deed(tool="create_sale", grows={"orders": 1}, parts=(Part("", counted(sold, folk, email)),),
             arguments={"event": ref(folk), "name": "Ada Pier", "email": email, "items": [{"item": "Stalls", "quantity": 2}]}),
        Deed(tool="create_event", grows={"events": 1}, parts=(Part("", counted(named, title)),),
             arguments={"title": title, "starts": "2027-07-12T19:30", "ends": "2027-07-12T21:30", "calendar": "boathouse",
                        "tickets": [{"name": "Door", "price": "5 GBP", "quantity": 20}]}),
        Deed(tool="create_event", grows={"events": 1}, asks=True,
             parts=(Part("", counted(f"{named} and is_draft = 0", title)),),
             arguments={"title": title, "starts": "2027-07-12T19:30", "calendar": "boathouse", "published": True}),
        Deed(tool="update_event", parts=(Part("", counted(f"{named} and id = ?", title, walk), makes=False),),
             arguments={"event": ref(walk), "title": title}),
        Deed(tool="update_event", asks=True,
             parts=(Part("", counted("select id from eventschedule_event where id = ? and starts_at like '2027-06-08 18:30%'",
                                     folk), makes=False),),
             arguments={"event": ref(folk), "starts": "2027-06-08T19:30"}),
        Deed(tool="clone_event", grows={"events": 1}, parts=(Part("", counted(named, title)),),
             arguments={"event": ref(folk), "starts": "2027-07-06T19:30", "title": title}),
        Deed(tool="archive_event", asks=True,
             parts=(Part("", counted("select id from eventschedule_event where id = ? and is_draft = 1", folk), makes=False),),
             arguments={"event": ref(folk)}),
        Deed(tool="archive_event", asks=True,
             parts=(Part("", counted("select id from eventschedule_event where id = ? and is_draft = 0", talk), makes=False),),
             arguments={"event": ref(talk), "restore": True}),
        Deed(tool="cancel_registration", asks=True, arguments={"attendees": orders[:2]},
             parts=tuple(Part(order, state(sale, "cancelled"), makes=False)
                         for order, sale in zip(orders[:2], sales[:2], strict=True))),
        Deed(tool="update_sale", asks=True, arguments={"sales": orders[2:], "action": "mark_paid"},
             parts=tuple(Part(order, state(sale, "paid"), makes=False)
                         for order, sale in zip(orders[2:], sales[2:], strict=True))),
        Deed(tool="call_write_operation", grows={"sub-schedules": 1},
             parts=(Part("", counted("select id from eventschedule_grouping where name = ?", title)),),
             arguments={"operation": "create_group", "arguments": {"subdomain": "boathouse", "name": title}}),
        Deed(tool="call_write_operation", grows={"orders": 1}, parts=(Part("", counted(sold, folk, email)),),
             arguments={"operation": "create_sale", "arguments": raw}),
    )  # fmt: skip


STAGE = Stage(provider="eventschedule", season=SEASON, settings={}, deeds=deeds, census=CENSUS)
