"""The platform's words for the state of an order, in ours."""

from eventdesk_tools.models import PersonStatus
from eventdesk_tools.records import SaleStatus

FILTERS = frozenset({"unpaid", "paid", "cancelled", "refunded", "expired"})
"""The words that lists of orders can be asked by. `amount_mismatch` is none of them."""
_PEOPLE = {
    "paid": PersonStatus.CONFIRMED,
    "unpaid": PersonStatus.PENDING,
    "amount_mismatch": PersonStatus.PENDING,
    "cancelled": PersonStatus.CANCELLED,
    "refunded": PersonStatus.CANCELLED,
    "expired": PersonStatus.CANCELLED,
}
_SALES = {
    "unpaid": SaleStatus.UNPAID,
    "paid": SaleStatus.PAID,
    "refunded": SaleStatus.REFUNDED,
    "cancelled": SaleStatus.CANCELLED,
    "expired": SaleStatus.EXPIRED,
    "amount_mismatch": SaleStatus.MISMATCH,
}


def person_status(status: str) -> PersonStatus:
    return _PEOPLE.get(status, PersonStatus.UNKNOWN)


def sale_status(status: str) -> SaleStatus:
    return _SALES.get(status, SaleStatus.UNKNOWN)


def paid(status: str) -> bool | None:
    """Whether an order that stands is paid; None for one that does not stand, or in a state that we do not know."""
    known = person_status(status)
    return status == "paid" if known in {PersonStatus.CONFIRMED, PersonStatus.PENDING} else None
