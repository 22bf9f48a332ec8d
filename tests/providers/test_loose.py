"""What platforms write loosely is read as what it says, or as nothing; never as a guess."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from eventdesk_server.providers import loose


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True), ("true", True), ("True", True), ("1", True), (1, True), ("yes", True),
        (False, False), ("false", False), ("0", False), (0, False), ("No", False),
        (None, None), ("", None), ("perhaps", None), (2, None), ([], None),
    ],
)  # fmt: skip
def test_a_flag_that_says_neither_is_none(value: Any, read: bool | None) -> None:
    assert loose.flag(value) is read


@pytest.mark.parametrize(
    ("value", "read"), [(7, 7), ("7", 7), (" 7 ", 7), (7.0, 7), (7.5, None), (True, None), ("7a", None), (None, None)]
)
def test_a_count_is_a_whole_number_or_none(value: Any, read: int | None) -> None:
    assert loose.count(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("49", "49"), ("0.00", "0.00"), ("£99", "99"), ("£1,299.50", "1299.50"), ("1.299,50 €", "1299.50"), (95.5, "95.5"),
        ("12,50", "12.50"), ("1,299", "1299"), ("1 299.00", "1299.00"), ("10-20", None), ("ask", None), (None, None), (True, None),
    ],
)  # fmt: skip
def test_an_amount_is_the_one_number_in_it(value: Any, read: str | None) -> None:
    assert loose.amount(value) == (None if read is None else Decimal(read))


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2027-06-12", "Europe/London", "2027-06-12"),
        ("2027-06-12T19:30:00", "Europe/London", "2027-06-12T19:30+01:00"),
        ("2027-06-12T19:30:00", None, "2027-06-12T19:30"),
        ("2027-06-12T19:30:00+0200", "Europe/London", "2027-06-12T18:30+01:00"),
        ("2027-02-30T19:30:00", None, "None"),
        ("20270612", None, "None"),
        ("", None, "None"),
    ],
)
def test_a_time_is_a_day_an_instant_or_wall_time(text: str, zone: str | None, shown: str) -> None:
    assert str(loose.moment(text, zone)) == shown


def test_a_time_of_change_without_offset_is_utc() -> None:
    read = loose.instant("2027-06-12T19:30:00")
    assert read is not None
    assert read.isoformat() == "2027-06-12T19:30:00+00:00"
    assert loose.instant("2027-06-12") is None
    assert loose.clock_time("2027-06-12") == date(2027, 6, 12)


@pytest.mark.parametrize("bad", ["", "..", "../7", "a/b", "a b", "7\n", True, 1.5, None, "x" * 129])
def test_an_id_that_could_not_stand_in_a_ref_does_not_fit(bad: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(loose.Id).validate_python(bad)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a b", "https://x/<b>", "ftp://x.example", "", "https://"]
)
def test_what_is_no_web_address_is_none(address: str) -> None:
    assert loose.web_address(address) == ""


@given(st.text(max_size=40))
def test_no_text_makes_any_reader_fail(text: str) -> None:
    loose.flag(text)
    loose.count(text)
    loose.amount(text)
    loose.moment(text, "Europe/London")
    loose.instant(text)
    loose.priced(text, "GBP")
    loose.web_address(text)
