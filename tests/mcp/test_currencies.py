"""Currencies of 0, 2 and 3 digits, none at all, and several at once, as lists and summaries show them."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.money import Money, digits, totals
from tests.mcp.conftest import chatting
from tests.providers.eventschedule import seasons as schedule
from tests.providers.eventtia import seasons as fair
from tests.providers.heysummit import summit

pytestmark = pytest.mark.anyio
CODES = ("JPY", "EUR", "KWD", "BHD", "USD", "KRW", "TND", "GBP")


@given(
    st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=3), st.sampled_from(CODES)
)
def test_showing_and_reading_are_inverse_whatever_the_digits(amount: Decimal, code: str) -> None:
    money = Money(amount, code)
    shown = str(money)
    assert Money.parse(shown) == money
    assert str(Money.parse(shown)) == shown
    point = shown.partition(" ")[0].partition(".")[2]
    assert len(point) >= digits(code)
    assert not (len(point) > digits(code) and point.endswith("0"))
    assert str(Money.parse(shown.partition(" ")[0], code)) == shown


@given(st.lists(st.tuples(st.integers(0, 99_999), st.sampled_from([*CODES, None])), max_size=30))
def test_sums_never_mix_currencies_or_what_has_none(amounts: list[tuple[int, str | None]]) -> None:
    moneys = [Money(Decimal(minor).scaleb(-digits(code) if code else -2), code) for minor, code in amounts]
    sums = totals(moneys)
    assert set(sums) == {code or "?" for _, code in amounts}
    for code, money in sums.items():
        assert money.amount == sum(m.amount for m in moneys if (m.currency or "?") == code)


def night(code: str, price: str, number: int) -> dict[str, Any]:
    sales = [schedule.sale(number * 10 + n, [{"ticket": 0, "quantity": 1 + n}], status="paid") for n in range(3)]
    return schedule.event(
        f"Night {code}", ticket_currency_code=code, sales=sales, addons=[], starts_at=f"2027-06-{number + 1:02} 20:00:00",
        tickets=[{"type": "Seat", "price": price, "quantity": 100}, {"type": "Free", "price": "0", "quantity": 5}],
    )  # fmt: skip


PRICES = {"JPY": "500", "EUR": "12.5", "KWD": "1.25", "BHD": "0.125"}
SHOWN = {"JPY": "500 JPY", "EUR": "12.50 EUR", "KWD": "1.250 KWD", "BHD": "0.125 BHD"}
SIX = {"JPY": "3000 JPY", "EUR": "75.00 EUR", "KWD": "7.500 KWD", "BHD": "0.750 BHD"}


async def test_an_amount_has_its_currencys_digits_everywhere_and_sums_stay_apart() -> None:
    nights = [night(code, price, n) for n, (code, price) in enumerate(PRICES.items())]
    async with chatting("eventschedule", season={"eventschedule": schedule.season(*nights)}) as chat:
        listed = await chat.call("list_events", fields=["ref", "title"])
        for ref, title in listed["rows"]:
            code = title.removeprefix("Night ")
            event = await chat.call("get_event", event=ref)
            assert _cells(event["tickets"], "price") == [SHOWN[code], "free"]
            one = await chat.call("event_summary", events=[ref])
            assert one["revenue"] == SIX[code]
        sales = await chat.call("list_sales", fields=["amount"])
        assert Counter(amount.split(" ")[1] for (amount,) in sales["rows"]) == dict.fromkeys(PRICES, 3)
        assert {SHOWN[code] for code in PRICES} <= {amount for (amount,) in sales["rows"]}
        several = await chat.call("event_summary", events=[ref for ref, _ in listed["rows"]])
        assert sorted(_cells(several, "revenue")) == sorted(SIX.values())
        assert not any("," in str(value) or "+" in str(value) for value in _cells(several, "revenue"))


def _cells(table: Any, column: str) -> list[Any]:
    if isinstance(table, list):
        return [row[column] for row in table]  # pyright: ignore[reportUnknownVariableType]
    return [row[table["columns"].index(column)] for row in table["rows"]]


async def test_payments_in_several_currencies_are_summed_one_by_one() -> None:
    season, truth = fair.season(3, people=40, payments=60, sessions=0)
    async with chatting("eventtia", season={"eventtia": season}) as chat:
        ref = f"demo-eventtia:{fair.URI}"
        answer = await chat.call("event_summary", events=[ref])
        pairs = [str(part).split(" ") for part in answer["revenue"].split(", ")]
        shown = {code: amount for amount, code in pairs}
        paid = {code: amount for code, amount in truth.money("accepted").items() if amount}
        assert len(paid) > 1
        assert {code: Decimal(amount) for code, amount in shown.items()} == paid


async def test_an_amount_whose_currency_nobody_tells_says_so_and_is_no_revenue() -> None:
    people = [summit.person(1, tickets=[{"ticket_price_id": 8803, "amount_gross": "79", "amount_net": "79"}])]
    settings = {"heysummit": dict(summit.V1_SETTINGS)}
    async with chatting("heysummit", season={"heysummit": summit.season(people)}, settings=settings) as chat:
        sales = await chat.call("list_sales", event="demo-heysummit:4711", fields=["amount"])
        assert sales["rows"] == [["79.00 ?"]]
        assert "revenue" not in await chat.call("event_summary", events=["demo-heysummit:4711"])
