"""Money: a decimal amount and an ISO 4217 code, or `?` where a platform tells none. Never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from typing_extensions import override

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.refs import shown

# ISO 4217, list one: every other currency in use has two digits.
_NO_DIGITS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_DIGITS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_CODE = re.compile(r"[A-Za-z]{3}")


def digits(currency: str) -> int:
    """How many digits follow the point in this currency."""
    if currency in _NO_DIGITS:
        return 0
    return 3 if currency in _THREE_DIGITS else 2


def decimal(value: str | float | Decimal) -> Decimal:
    """An amount from the wire. JSON numbers pass through `repr`, so 0.1 stays 0.1.

    Raises:
        ValueError: It is no finite number.
    """
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as exc:
        raise ValueError("not an amount") from exc
    if not amount.is_finite():
        raise ValueError("not an amount")
    return amount


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units. `currency` is an ISO 4217 code, or None when nobody tells it."""

    amount: Decimal
    currency: str | None = None

    @override
    def __str__(self) -> str:
        """`12.50 GBP`, `500 JPY`, `1.250 KWD`, `79.00 ?`. Digits beyond the currency's own are kept, not rounded."""
        places = digits(self.currency) if self.currency else 2
        exponent = self.amount.normalize().as_tuple().exponent
        kept = max(places, -exponent) if isinstance(exponent, int) else places
        return f"{self.amount:.{kept}f} {self.currency or '?'}"

    @property
    def free(self) -> bool:
        return self.amount == 0

    @classmethod
    def parse(cls, text: str, currency: str | None = None, *, field: str = "") -> Self:
        """Read `12.50 GBP`, or `12.50` in `currency`.

        Raises:
            InvalidArguments: It is neither.
        """
        amount, _, code = text.strip().partition(" ")
        if not _AMOUNT.fullmatch(amount) or (code and not _CODE.fullmatch(code.strip())):
            raise InvalidArguments(f"{shown(text)} is not an amount. Write it like 12.50 GBP.", field=field)
        return cls(Decimal(amount), code.strip().upper() or currency)


def totals(amounts: list[Money]) -> dict[str, Money]:
    """Sums by currency. Amounts of different currencies are never added."""
    sums: dict[str, Money] = {}
    for money in amounts:
        code = money.currency or "?"
        before = sums.get(code)
        sums[code] = Money(money.amount + (before.amount if before else 0), money.currency)
    return sums
