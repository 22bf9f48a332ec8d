"""`event_summary`: an event in figures, each exact and with its basis."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from eventdesk_server.providers.eventtia.counting import counted, counted_tickets
from eventdesk_server.providers.eventtia.payments import Payment, Payments
from eventdesk_server.providers.eventtia.people import People
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import PersonStatus
from eventdesk_tools.money import Money, totals
from eventdesk_tools.records import Attendee, EventFigures, SaleStatus, SummaryQuery

T = TypeVar("T")
_ACTIVE = frozenset({PersonStatus.CONFIRMED, PersonStatus.PENDING})


class Figures:
    """`event_figures` at one account: seats from the ticket stats, people and money from their lists, read whole."""

    def __init__(self, reads: Reads, people: People, payments: Payments, zone: str, currency: str) -> None:
        self._reads = reads
        self._people = people
        self._payments = payments
        self._zone = zone
        self._currency = currency

    async def of(self, query: SummaryQuery) -> EventFigures:
        if query.occurrence is not None:
            raise Unsupported(
                "Eventtia has no repeating events.", next="Repeat the call without occurrence.", field="occurrence"
            )
        record = await self._reads.event(query.event_id)
        key, zone = record.key, record.zone(self._zone)
        event = record.to_event(query.now, self._zone, self._currency)
        forms = await self._reads.forms(key)
        tickets = counted_tickets(forms, await self._reads.seat_counts(key), event.currency)
        everyone = await self._people.everyone(key, forms, zone)
        # Other payments are neither money that came nor money that went back.
        paid = [page async for page in self._payments.of(key, {"status": "accepted,refunded"})]
        payments = [payment for page in paid for payment in page.rows]
        active = [one for one in everyone.people if one.status in _ACTIVE]
        return EventFigures(
            title=event.title,
            starts=event.starts,
            registered=len(active),
            pending=_count(everyone.people, PersonStatus.PENDING),
            cancelled=_count(everyone.people, PersonStatus.CANCELLED),
            checked_in=sum(one.checked_in is True for one in active) if _told(active) else None,
            tickets=tickets,
            revenue=_sums(payments, SaleStatus.PAID),
            refunded=_sums(payments, SaleStatus.REFUNDED),
            by_day=_by_day(active),
            new=_new(active, query),
            left=counted(event, forms, tickets).left,
            basis=(
                _basis(len(everyone.people), "registration", everyone.pages),
                _basis(len(payments), "accepted or refunded payment", len(paid)),
                "seats as Eventtia counts them",
            ),
            notes=tuple(_notes(everyone.people, active, payments)),
        )


def _count(people: Sequence[Attendee], status: PersonStatus) -> int:
    return sum(one.status is status for one in people)


def _told(active: Sequence[Attendee]) -> bool:
    """Whether the check-in of each is told; where one's is not, no count would be exact."""
    return all(one.checked_in is not None for one in active)


def _sums(payments: Sequence[Payment], status: SaleStatus) -> dict[str, Money]:
    return totals([one.amount for one in payments if one.status is status and one.amount is not None])


def _by_day(active: Sequence[Attendee]) -> dict[date, int] | None:
    days = [one.registered.date() for one in active if one.registered is not None]
    return dict(sorted(Counter(days).items())) if len(days) == len(active) else None


def _new(active: Sequence[Attendee], query: SummaryQuery) -> int | None:
    if (query.since is None and query.until is None) or any(one.registered is None for one in active):
        return None
    return sum(
        one.registered is not None
        and (query.since is None or one.registered >= query.since)
        and (query.until is None or one.registered <= query.until)
        for one in active
    )


def _basis(rows: int, what: str, pages: int) -> str:
    return f"{rows} of {rows} {what}{'' if rows == 1 else 's'}, {pages} of {pages} page{'' if pages == 1 else 's'}"


def _notes(people: Sequence[Attendee], active: Sequence[Attendee], payments: Sequence[Payment]) -> list[str]:
    notes: list[str] = []
    unpaid = sum(one.paid is False for one in active)
    if unpaid:
        notes.append(
            f"{unpaid} not paid; Eventtia does not tell how much they owe. See list_attendees with paid false."
        )
    rejected, unknown = _count(people, PersonStatus.REJECTED), _count(people, PersonStatus.UNKNOWN)
    if rejected:
        notes.append(f"{rejected} rejected.")
    if unknown:
        notes.append(f"{unknown} with a status that Eventdesk does not know are in no count.")
    if any(payment.amount is None for payment in payments):
        notes.append("Some payments tell no amount.")
    return notes
