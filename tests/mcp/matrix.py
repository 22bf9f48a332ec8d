"""Every tool at every account: what the cell is, a plain call, and how the platform's own tables prove it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from eventdesk_tools.ports import Capability, Mode
from tests.mcp.conftest import Chat
from tests.providers.heysummit import summit

ITEMS = {"heysummit v2": "All access, Early", "eventhq": "Member", "eventschedule": "Seat", "eventtia": "General"}
ADA = "ada@pier.example"
TITLE = "New Quay Fair"
PACKAGES = {
    "evvnt organiser": "ea6bd8a9-d9d0-4b64-af4f-c8593d4ddf7e",
    "evvnt partner": "923f01cb-0ae8-403c-9a2e-f3706da442a2",
}
USER = "b87fdeb2-cd24-4f12-b991-96c1ff50785c"
"""The partner's user who has listings in the demo season."""
ACCOUNTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "eventschedule": ("eventschedule", {}),
    "eventtia": ("eventtia", {}),
    "heysummit v2": ("heysummit", {}),
    "heysummit v1": ("heysummit", dict(summit.V1_SETTINGS)),
    "eventhq": ("eventhq", {}),
    "evvnt organiser": ("evvnt", {}),
    "evvnt partner": ("evvnt", {"role": "partner", "key": "sandbox-partner-key", "secret": "sandbox-partner-secret",
                                "user_id": USER}),
    "evvnt publisher": ("evvnt", {"role": "publisher", "key": "sandbox-publisher-key",
                                  "secret": "sandbox-publisher-secret"}),
}  # fmt: skip
EVENTS: Mapping[str, tuple[str, str]] = {
    "eventschedule": ("60bRli", "Founders' Breakfast"),
    "eventtia": ("harbor-design-days", "Harbor Design Days"),
    "heysummit v2": ("4711", "Harbour Design Week"),
    "heysummit v1": ("4711", "Harbour Design Week"),
    "eventhq": ("pond-survey-april-2027", "Pond Survey April 2027"),
    "evvnt organiser": ("67956", "Open Studio"),
    "evvnt partner": ("67998", "Design Week"),
    "evvnt publisher": ("67956", "Open Studio"),
}
Rows = Callable[[str], list[dict[str, Any]]]
Proof = Callable[[dict[str, Any], Rows], bool]


@dataclass(frozen=True)
class Cell:
    """`arguments` come on top of the usual ones; `proof` is about the answer and the platform's tables after it.

    `before` must hold before the call, so that the proof is not true anyway. `says`: words of how an emulation works.
    """

    mode: Mode
    proof: Proof | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    says: str = ""


def native(proof: Proof, *, says: str = "", **arguments: Any) -> Cell:
    return Cell(Mode.NATIVE, proof, arguments, says=says)


def emulated(proof: Proof, says: str, **arguments: Any) -> Cell:
    return Cell(Mode.EMULATED, proof, arguments, says=says)


HAND_OFF = Cell(Mode.HAND_OFF)
UNSUPPORTED = Cell(Mode.UNSUPPORTED)


def usual(account: str, capability: Capability) -> dict[str, Any]:
    """A plain call of a tool, as it would be made wherever it works."""
    name = f"demo-{ACCOUNTS[account][0]}"
    ref = f"{name}:{EVENTS[account][0]}"
    person = {"event": ref, "name": "Ada Pier", "email": ADA}
    calls: Mapping[Capability, dict[str, Any]] = {
        Capability.LIST_EVENTS: {"account": name, "when": "all", "fields": ["title"], "limit": 200},
        Capability.GET_EVENT: {"event": ref},
        Capability.LIST_SESSIONS: {"event": ref, "fields": ["title"], "limit": 200},
        Capability.LIST_ATTENDEES: {"event": ref, "status": "all", "fields": ["email"], "limit": 200},
        Capability.LIST_SALES: {"event": ref, "fields": ["email", "amount"], "limit": 200},
        Capability.EVENT_SUMMARY: {"events": [ref]},
        Capability.REGISTER_ATTENDEE: person,
        Capability.CREATE_SALE: {**person, "items": [{"item": ITEMS.get(account, "Door"), "quantity": 2}]},
        Capability.CLONE_EVENT: {"event": ref, "starts": "2027-09-01T10:00", "title": TITLE},
        Capability.ARCHIVE_EVENT: {"event": ref},
        Capability.CREATE_EVENT: {"account": name, "title": TITLE, "starts": "2027-09-01T18:00"},
        Capability.UPDATE_EVENT: {"event": ref, "title": TITLE},
        Capability.CANCEL_REGISTRATION: {"attendees": [f"{ref}:a-1"]},
        Capability.UPDATE_SALE: {"sales": [f"{ref}:o-1"], "action": "mark_paid"},
    }
    return calls[capability]


def told(answer: dict[str, Any], column: str) -> Counter[Any]:
    """The values of a column, with how often each comes; the list must be whole."""
    assert "next_cursor" not in answer
    at = answer["columns"].index(column)
    return Counter(row[at] for row in answer["rows"])


def _unescaped(value: Any) -> Any:
    """EventHQ writes texts with entities."""
    return unescape(value) if isinstance(value, str) else value


def docs(rows: list[dict[str, Any]], name: str, column: str = "doc") -> Counter[Any]:
    return Counter(_unescaped(json.loads(row[column]).get(name)) for row in rows)


ES_EVENT = "(select id from eventschedule_event where name = 'Founders'' Breakfast')"
ES_FOLK = "(select id from eventschedule_event where name = 'Harbour Folk Night')"
ET_EVENT = "(select id from eventtia_events where event_uri = 'harbor-design-days')"
LISTING: dict[str, Any] = {
    "ends": "2027-09-01T21:30", "summary": "A fair.", "description": "Stalls and music by the water, all evening long.",
    "category": "Arts & Entertainment > Music", "tickets": [{"name": "Door", "price": "5"}],
    "place": {"name": "Quay", "address": "1 Quay Road", "town": "Bristol", "postcode": "BS1 4RN", "country": "GB"},
    "website": "https://quay.example.org/fair",
}  # fmt: skip


def _people(answer: dict[str, Any], rows: list[dict[str, Any]], name: str = "email") -> bool:
    return told(answer, "email") == Counter(row[name] for row in rows)


def _titled(rows: list[dict[str, Any]], name: str, column: str) -> bool:
    return docs(rows, name, column)[TITLE] == 1


def _title_is(account: str) -> Proof:
    return lambda answer, _: answer["title"] == EVENTS[account][1]


_SCHEDULE: Mapping[Capability, Cell] = {
    Capability.LIST_EVENTS: native(
        lambda a, db: told(a, "title") == Counter(r["name"] for r in db("select name from eventschedule_event"))
    ),
    Capability.GET_EVENT: native(_title_is("eventschedule")),
    Capability.REGISTER_ATTENDEE: emulated(
        lambda _, db: [r["email"] for r in db(f"select * from eventschedule_sale where email = '{ADA}'")] == [ADA],
        "an order of one ticket",
    ),
    Capability.CREATE_SALE: native(
        lambda _, db: [
            r["quantity"]
            for r in db(f"select l.quantity from eventschedule_line l join eventschedule_sale s on s.id = l.sale_id where s.email = '{ADA}'")
        ] == [2]
    ),
    Capability.CLONE_EVENT: emulated(
        lambda _, db: len(db(f"select * from eventschedule_event where name = '{TITLE}'")) == 1, "copied"
    ),
    Capability.ARCHIVE_EVENT: emulated(
        lambda _, db: [r["is_draft"] for r in db(f"select is_draft from eventschedule_event where id = {ES_EVENT}")] == [1],
        "hidden",
    ),
    Capability.LIST_SESSIONS: native(
        lambda a, db: told(a, "title")
        == Counter(r["name"] for r in db(f"select name from eventschedule_part where event_id = {ES_FOLK}")),
        event="demo-eventschedule:MWP3fc",
    ),
    Capability.LIST_ATTENDEES: emulated(
        lambda a, db: _people(a, db(f"select email from eventschedule_sale where event_id = {ES_EVENT}")), "orders: one row each, RSVPs too"
    ),
    Capability.LIST_SALES: native(
        lambda a, db: _people(a, db(f"select email from eventschedule_sale where event_id = {ES_EVENT}"))
    ),
    Capability.EVENT_SUMMARY: emulated(
        lambda a, db: a["registered"] == len(db(f"select * from eventschedule_sale where event_id = {ES_EVENT} and status in ('paid', 'unpaid')")),
        "12 of 12 orders",
    ),
    Capability.CREATE_EVENT: native(
        lambda _, db: [r["is_draft"] for r in db(f"select is_draft from eventschedule_event where name = '{TITLE}'")] == [1],
        calendar="loft",
    ),
    Capability.UPDATE_EVENT: native(
        lambda _, db: len(db(f"select * from eventschedule_event where name = '{TITLE}'")) == 1
    ),
    Capability.CANCEL_REGISTRATION: emulated(
        lambda _, db: len(db(f"select * from eventschedule_sale where event_id = {ES_EVENT} and status = 'cancelled'")) == 1,
        "cancels the order; no money is returned", attendees=["demo-eventschedule:60bRli:a-ChyN2I"],
    ),
    Capability.UPDATE_SALE: native(
        lambda _, db: len(db(f"select * from eventschedule_sale where event_id = {ES_EVENT} and status = 'refunded'")) == 1,
        sales=["demo-eventschedule:60bRli:o-ChyN2I"], action="refund",
    ),
}  # fmt: skip
_EVENTTIA: Mapping[Capability, Cell] = {
    Capability.LIST_EVENTS: native(
        lambda a, db: told(a, "title") == docs(db("select doc from eventtia_events"), "name")
    ),
    Capability.GET_EVENT: native(_title_is("eventtia")),
    Capability.REGISTER_ATTENDEE: native(
        lambda _, db: len(db(f"select * from eventtia_attendees where email = '{ADA}' and event_id = {ET_EVENT}")) == 1,
        ticket="General",
    ),
    Capability.CREATE_SALE: UNSUPPORTED,
    Capability.CLONE_EVENT: native(lambda _, db: _titled(db("select doc from eventtia_events"), "name", "doc")),
    Capability.ARCHIVE_EVENT: emulated(
        lambda _, db: docs(db(f"select doc from eventtia_events where id = {ET_EVENT}"), "active") == {False: 1},
        "deactivated",
    ),
    Capability.LIST_SESSIONS: native(
        lambda a, db: told(a, "title")
        == docs(db(f"select doc from eventtia_records where type = 'workshops' and event_id = {ET_EVENT}"), "name")
    ),
    Capability.LIST_ATTENDEES: native(
        lambda a, db: Counter(e.casefold() for e in told(a, "email").elements())
        == Counter(r["email"] for r in db(f"select email from eventtia_attendees where event_id = {ET_EVENT}"))
    ),
    Capability.LIST_SALES: native(
        lambda a, db: sorted(a for (a,) in [r[1:] for r in a["rows"]])
        == sorted(
            f"{float(json.loads(r['doc'])['total_amount']):.2f} {json.loads(r['doc'])['currency']}"
            for r in db(f"select doc from eventtia_records where type = 'payments' and event_id = {ET_EVENT}")
        )
    ),
    Capability.EVENT_SUMMARY: native(
        lambda a, db: a["registered"]
        == len(db(f"select * from eventtia_attendees where event_id = {ET_EVENT} and archived = 0 and status in ('confirmed', 'pending')"))
    ),
    Capability.CREATE_EVENT: native(
        lambda _, db: _titled(db("select doc from eventtia_events"), "name", "doc"), ends="2027-09-01T20:00", zone="Europe/Madrid",
    ),
    Capability.UPDATE_EVENT: native(lambda _, db: _titled(db("select doc from eventtia_events"), "name", "doc")),
    Capability.CANCEL_REGISTRATION: native(
        lambda _, db: [r["status"] for r in db("select status from eventtia_attendees where id = 600001")] == ["cancelled"],
        attendees=["demo-eventtia:harbor-design-days:a-600001"],
    ),
    Capability.UPDATE_SALE: UNSUPPORTED,
}  # fmt: skip
_HEYSUMMIT: Mapping[Capability, Cell] = {
    Capability.LIST_EVENTS: native(
        lambda a, db: told(a, "title") == docs(db("select data from heysummit_events"), "title", "data")
    ),
    Capability.GET_EVENT: native(_title_is("heysummit v2")),
    Capability.REGISTER_ATTENDEE: native(
        lambda _, db: len(db(f"select * from heysummit_attendees where address = '{ADA}' and event_id = 4711")) == 1,
        ticket="Free pass, Free",
    ),
    Capability.CREATE_SALE: HAND_OFF,
    Capability.CLONE_EVENT: UNSUPPORTED,
    Capability.ARCHIVE_EVENT: native(
        lambda _, db: docs(db("select data from heysummit_events where id = 4711"), "is_archived", "data") == {True: 1}
    ),
    Capability.LIST_SESSIONS: native(
        lambda a, db: told(a, "title") == docs(db("select data from heysummit_talks where event_id = 4711"), "title", "data")
    ),
    Capability.LIST_ATTENDEES: native(
        lambda a, db: _people(a, db("select email from heysummit_attendees where event_id = 4711"))
    ),
    Capability.LIST_SALES: UNSUPPORTED,
    Capability.EVENT_SUMMARY: native(
        lambda a, db: a["registered"]
        == len(db("select * from heysummit_attendees where event_id = 4711 and status = 'Completed Order'"))
    ),
    Capability.CREATE_EVENT: UNSUPPORTED,
    Capability.UPDATE_EVENT: UNSUPPORTED,
    Capability.CANCEL_REGISTRATION: UNSUPPORTED,
    Capability.UPDATE_SALE: UNSUPPORTED,
}  # fmt: skip
_EVENTHQ: Mapping[Capability, Cell] = {
    **dict.fromkeys(Capability, UNSUPPORTED),
    Capability.LIST_EVENTS: native(
        lambda a, db: told(a, "title") == docs(db("select data from eventhq_events"), "name", "data")
    ),
    Capability.GET_EVENT: native(_title_is("eventhq")),
    Capability.REGISTER_ATTENDEE: HAND_OFF,
    Capability.CREATE_SALE: HAND_OFF,
    Capability.EVENT_SUMMARY: native(
        lambda a, db: [a["registered"]]
        == list(docs(db("select data from eventhq_events where slug = 'pond-survey-april-2027'"), "attendee_count", "data"))
    ),
}  # fmt: skip


def _evvnt(account: str, owned: str) -> Mapping[Capability, Cell]:
    listed = "1 = 1" if account == "evvnt publisher" else owned
    reading: Mapping[Capability, Cell] = {
        **dict.fromkeys(Capability, UNSUPPORTED),
        Capability.LIST_EVENTS: native(
            lambda a, db: told(a, "title") == docs(db(f"select body from evvnt_events where {listed}"), "title", "body")
        ),
        Capability.GET_EVENT: native(
            lambda a, db: (
                [a["title"]]
                == list(docs(db(f"select body from evvnt_events where id = '{EVENTS[account][0]}'"), "title", "body"))
            )
        ),
        Capability.REGISTER_ATTENDEE: HAND_OFF,
        Capability.CREATE_SALE: HAND_OFF,
    }
    if account == "evvnt publisher":
        return reading
    return {
        **reading,
        Capability.CLONE_EVENT: emulated(
            lambda _, db: _titled(db(f"select body from evvnt_events where {owned}"), "title", "body"), "copied",
            website="https://quay.example.org/fair", package=PACKAGES[account], published=True,
        ),
        Capability.EVENT_SUMMARY: native(
            lambda a, db: "sites" in a and len(db(f"select * from evvnt_events where id = '{EVENTS[account][0]}'")) == 1
        ),
        Capability.CREATE_EVENT: native(
            lambda _, db: _titled(db(f"select body from evvnt_events where {owned}"), "title", "body"),
            **LISTING, package=PACKAGES[account], published=True,
        ),
        Capability.UPDATE_EVENT: native(
            lambda _, db: _titled(db(f"select body from evvnt_events where {owned}"), "title", "body"),
        ),
    }  # fmt: skip


MATRIX: Mapping[str, Mapping[Capability, Cell]] = {
    "eventschedule": _SCHEDULE,
    "eventtia": _EVENTTIA,
    "heysummit v2": _HEYSUMMIT,
    "heysummit v1": {
        **_HEYSUMMIT,
        Capability.REGISTER_ATTENDEE: native(
            lambda _, db: len(db(f"select * from heysummit_attendees where address = '{ADA}' and event_id = 4711")) == 1,
            ticket="Free pass",
        ),
        Capability.CREATE_SALE: UNSUPPORTED,
        Capability.LIST_SALES: emulated(
            lambda a, db: sum(told(a, "email").values())
            == len(db("select * from heysummit_holdings where attendee_id in (select id from heysummit_attendees where event_id = 4711)")),
            "the tickets that people hold; amounts without a currency",
        ),
    },
    "eventhq": _EVENTHQ,
    "evvnt organiser": _evvnt("evvnt organiser", "owner = 'organiser'"),
    "evvnt partner": _evvnt("evvnt partner", f"owner = 'partner' and user_id = '{USER}'"),
    "evvnt publisher": _evvnt("evvnt publisher", "owner = 'feed'"),
}  # fmt: skip


def rows_of(chat: Chat) -> Rows:
    return chat.rehearsal.sandbox.world.store.rows
