"""Money is decimal text with a code, for currencies of 0, 2 and 3 digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.money import Money, decimal, digits, totals

codes = st.sampled_from(["GBP", "EUR", "JPY", "KRW", "KWD", "TND", "USD"])


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("12.5", "GBP", "12.50 GBP"), ("500", "JPY", "500 JPY"), ("500.00", "JPY", "500 JPY"), ("1.25", "KWD", "1.250 KWD"),
        ("79", None, "79.00 ?"), ("0", "USD", "0.00 USD"), ("10.005", "EUR", "10.005 EUR"), ("1E+2", "EUR", "100.00 EUR"),
    ],
)  # fmt: skip
def test_an_amount_is_shown_with_its_currencys_digits(amount: str, currency: str | None, shown: str) -> None:
    assert str(Money(Decimal(amount), currency)) == shown


@given(st.integers(min_value=0, max_value=10**12), codes)
def test_reading_an_amount_is_the_inverse_of_showing_it(minor: int, code: str) -> None:
    money = Money(Decimal(minor).scaleb(-digits(code)), code)
    assert Money.parse(str(money)) == money


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0, max_value=1e9))
def test_a_json_number_keeps_the_digits_it_was_written_with(number: float) -> None:
    assert decimal(number) == Decimal(repr(number))


@pytest.mark.parametrize("text", ["NaN", "inf", "", "12,50", "1 000", "abc", "£5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidArguments):
        Money.parse(text)
    if text != "12,50":
        with pytest.raises(ValueError, match="not an amount"):
            decimal(text)


def test_an_amount_without_a_code_takes_the_accounts_currency() -> None:
    assert str(Money.parse("12.5", "EUR")) == "12.50 EUR"


@given(st.lists(st.tuples(st.integers(0, 10_000), codes), max_size=30))
def test_amounts_of_different_currencies_are_never_added(amounts: list[tuple[int, str]]) -> None:
    sums = totals([Money(Decimal(n), code) for n, code in amounts])
    assert {code: money.amount for code, money in sums.items()} == {
        code: sum(Decimal(n) for n, c in amounts if c == code) for code in {c for _, c in amounts}
    }
