"""What a person's page shows of `event_summary`: the same facts as the answer, day by day and whole, and nobody's name.

It goes to the page beside the answer, past the model. Its form is told in `docs/card.md`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from eventdesk_tools.answers import without_empty
from eventdesk_tools.desk import Call
from eventdesk_tools.models import Json, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.naming import NamedEvent
from eventdesk_tools.records import EventFigures
from eventdesk_tools.text import line

VERSION = 1
DAYS_MOST = 10_000
"""Twenty-seven years. A single date that a platform has wrong must not make a list of a million days."""
TICKETS_MOST = 200
_COUNTS = ("registered", "pending", "cancelled", "checked_in", "left", "new", "sites", "reach", "clicks")


def card(call: Call, named: Sequence[NamedEvent], found: Mapping[str, EventFigures]) -> dict[str, Json]:
    """The page's data: every event that was read, and what is not known of the others."""
    read = [event for event in named if str(event.ref) in found]
    return without_empty(
        {
            "version": VERSION,
            "now": call.desk.now().isoformat(timespec="minutes"),
            "asked": len(named),
            "events": [_event(event, found[str(event.ref)]) for event in read],
            "notes": call.notes.as_list(40),
        }
    )


def _event(named: NamedEvent, figures: EventFigures) -> dict[str, Json]:
    return without_empty(
        {
            "ref": str(named.ref),
            "title": line(figures.title, 300),
            "account": named.account.name,
            "platform": named.account.title,
            "starts": str(figures.starts) if figures.starts is not None else None,
            **{name: getattr(figures, name) for name in _COUNTS},
            "live": figures.live_sites,
            "days": _days(figures.by_day),
            "tickets": [_ticket(ticket) for ticket in (figures.tickets or ())[:TICKETS_MOST]],
            "tickets_more": max(len(figures.tickets or ()) - TICKETS_MOST, 0) or None,
            "money": _money(figures),
            "untold": _untold(figures),
            "basis": list(figures.basis),
            "notes": [line(note, 240) for note in figures.notes],
        }
    )


def _days(by_day: Mapping[date, int] | None) -> dict[str, Json] | None:
    """The first day that had any, and the heads of each day from it on. The latest days where there are too many."""
    if by_day is None:
        return None
    if not by_day:
        return {"first": None, "heads": []}
    last = max(by_day)
    first = max(min(by_day), last - timedelta(days=DAYS_MOST - 1))
    size = (last - first).days + 1
    before = sum(heads for day, heads in by_day.items() if day < first)
    heads = [by_day.get(first + timedelta(days=n), 0) for n in range(size)]
    return {"first": first.isoformat(), "heads": heads, **({"before": before} if before else {})}


def _ticket(ticket: Ticket) -> dict[str, Json]:
    return without_empty(
        {
            "name": line(ticket.name, 200),
            "kind": ticket.kind.name.lower(),
            "price": None if ticket.price is None else "free" if ticket.price.free else str(ticket.price),
            "sold": ticket.sold,
            "left": ticket.left,
        }
    )


def _money(figures: EventFigures) -> list[Json]:
    """A row a currency: they are never added."""
    kinds: dict[str, Mapping[str, Money]] = {
        name: sums for name in ("revenue", "refunded", "unpaid") if (sums := getattr(figures, name))
    }
    currencies = list(dict.fromkeys(code for sums in kinds.values() for code in sums))
    return [
        {"currency": code, **{n: _amount(sums[code]) for n, sums in kinds.items() if code in sums}}
        for code in currencies
    ]


def _amount(money: Money) -> str:
    return str(money).partition(" ")[0]


def _untold(figures: EventFigures) -> list[str]:
    """What a person would look for on the page and the platform does not tell. A listing registers nobody."""
    if figures.sites is not None or figures.clicks is not None:
        return []
    looked_for = {
        "registered": figures.registered, "check-ins": figures.checked_in, "revenue": figures.revenue, "tickets": figures.tickets,
        "registrations over time": figures.by_day,
    }  # fmt: skip
    return [name for name, told in looked_for.items() if told is None]
