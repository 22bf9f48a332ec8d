"""Recurrence rules and the platform's fields: what means the same goes through, what does not is refused."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventdesk_server.providers.eventschedule.rrules import fields_of, rule_of
from eventdesk_tools.errors import InvalidArguments, Unsupported
from tests.providers.eventschedule.test_wire import event

TUESDAY = datetime(2027, 6, 8, 19, 30, tzinfo=ZoneInfo("America/New_York"))
"""The second Tuesday of June."""


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("FREQ=DAILY", {"recurring_frequency": "daily"}),
        ("RRULE:FREQ=WEEKLY", {"recurring_frequency": "weekly", "days_of_week": "0010000"}),
        ("freq=weekly;byday=tu,th", {"recurring_frequency": "weekly", "days_of_week": "0010100"}),
        (
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU",
            {"recurring_frequency": "every_n_weeks", "days_of_week": "0010000", "recurring_interval": 3},
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU",
            {"recurring_frequency": "every_n_weeks", "days_of_week": "1010000", "recurring_interval": 2},
        ),
        ("FREQ=MONTHLY", {"recurring_frequency": "monthly_date"}),
        ("FREQ=MONTHLY;BYMONTHDAY=8", {"recurring_frequency": "monthly_date"}),
        ("FREQ=MONTHLY;BYDAY=2TU", {"recurring_frequency": "monthly_weekday"}),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=08", {"recurring_frequency": "yearly"}),
    ],
)
def test_a_rule_that_the_platform_has_becomes_its_fields(rule: str, fields: dict[str, Any]) -> None:
    assert fields_of(rule, TUESDAY) == {"schedule_type": "recurring", **fields, "recurring_end_type": "never"}


@pytest.mark.parametrize(
    ("end", "kind", "value"),
    [
        ("COUNT=12", "after_events", "12"),
        ("UNTIL=20270930", "on_date", "2027-09-30"),
        # 02:00 UTC is the evening before in New York, at ten: after the start of that day.
        ("UNTIL=20271001T020000Z", "on_date", "2027-09-30"),
        # Seven in the evening, half an hour before that day's start.
        ("UNTIL=20270930T190000", "on_date", "2027-09-29"),
    ],
)
def test_the_end_of_a_rule_is_the_last_day_that_has_a_start(end: str, kind: str, value: str) -> None:
    fields = fields_of(f"FREQ=DAILY;{end}", TUESDAY)
    assert (fields["recurring_end_type"], fields["recurring_end_value"]) == (kind, value)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;BYDAY=TU", "FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1TU",
        "FREQ=MONTHLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=2TU", "FREQ=WEEKLY;BYMONTH=6", "FREQ=YEARLY;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", "FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1", "FREQ=DAILY;BYHOUR=9",
        "FREQ=MONTHLY;BYDAY=2TU;BYMONTHDAY=8",
    ],
)  # fmt: skip
def test_a_rule_that_the_platform_lacks_is_refused_with_those_it_has(rule: str) -> None:
    with pytest.raises(Unsupported) as refused:
        fields_of(rule, TUESDAY)
    assert refused.value.field == "recurrence"
    assert refused.value.allowed


@pytest.mark.parametrize(
    "rule",
    [
        "weekly", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=20270931",
        "FREQ=DAILY;UNTIL=20270930T250000Z", "FREQ=DAILY;UNTIL=2027-09-30", "FREQ=DAILY;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20270930;COUNT=3", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=9", "FREQ=MONTHLY;BYDAY=3TU",
        "FREQ=YEARLY;BYMONTH=7", "FREQ=WEEKLY;INTERVAL=0",
    ],
)  # fmt: skip
def test_a_rule_that_is_none_or_that_the_start_does_not_fit_is_refused(rule: str) -> None:
    with pytest.raises(InvalidArguments) as refused:
        fields_of(rule, TUESDAY)
    assert refused.value.field == "recurrence"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=DAILY;COUNT=12", "FREQ=DAILY;COUNT=12"),
        ("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270930", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270930"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=8"),
        ("FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=YEARLY", "FREQ=YEARLY"),
    ],
)
def test_a_repeating_event_tells_its_rule_back(rule: str, told: str) -> None:
    assert rule_of(event(**fields_of(rule, TUESDAY)), TUESDAY) == told
    assert fields_of(told, TUESDAY) == fields_of(rule, TUESDAY)
