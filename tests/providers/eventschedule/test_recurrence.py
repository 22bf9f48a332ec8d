"""The dates of repeating events agree with the platform's rules, in the schedule's zone."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.providers.eventschedule.recurrence import Pattern, moved_days, pattern_of

NY = "America/New_York"


def pattern(first: str, frequency: str, **more: object) -> Pattern:
    at = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(NY)).astimezone(UTC)
    made = pattern_of(at, NY, frequency=frequency, **more)  # type: ignore[arg-type]
    assert made is not None
    return made


def dates(made: Pattern, number: int = 4, since: str = "2027-01-01") -> list[str]:
    found: list[str] = []
    at = datetime.fromisoformat(since).replace(tzinfo=UTC)
    while len(found) < number and (moment := made.first_from(at)) is not None:
        found.append(str(moment))
        at = moment.utc() + timedelta(minutes=1)
    return found


def test_wall_time_stays_when_clocks_change() -> None:
    assert dates(pattern("2027-03-07T19:30", "weekly", days="1000000")) == [
        "2027-03-07T19:30-05:00",
        "2027-03-14T19:30-04:00",
        "2027-03-21T19:30-04:00",
        "2027-03-28T19:30-04:00",
    ]


def test_a_time_that_clocks_skip_moves_on_and_one_that_comes_twice_is_the_first() -> None:
    assert dates(pattern("2027-03-13T02:30", "daily"), 2) == ["2027-03-13T02:30-05:00", "2027-03-14T03:30-04:00"]
    assert dates(pattern("2027-11-06T01:30", "daily"), 2, "2027-11-06") == [
        "2027-11-06T01:30-04:00",
        "2027-11-07T01:30-04:00",
    ]


def test_days_of_week_begin_on_sunday() -> None:
    made = pattern("2027-03-01T10:00", "weekly", days="0100010")
    assert [d[:10] for d in dates(made, 3)] == ["2027-03-01", "2027-03-05", "2027-03-08"]
    assert str(made) == "weekly on Mon, Fri"


def test_every_n_weeks_counts_weeks_that_begin_on_sunday() -> None:
    # Monday the first of March with Sundays too: the Sunday of that week is past, the next one in turn is the 14th.
    made = pattern("2027-03-01T10:00", "every_n_weeks", days="1100000", interval=2)
    assert [d[:10] for d in dates(made)] == ["2027-03-01", "2027-03-14", "2027-03-15", "2027-03-28"]
    assert str(made) == "every 2 weeks on Sun, Mon"


def test_a_start_off_the_pattern_is_not_a_date() -> None:
    made = pattern("2027-03-01T10:00", "weekly", days="0010000")
    assert made.on(date(2027, 3, 1)) is None
    assert [d[:10] for d in dates(made, 1)] == ["2027-03-02"]


def test_a_monthly_date_that_a_month_lacks_is_left_out() -> None:
    made = pattern("2027-01-31T10:00", "monthly_date")
    assert [d[:10] for d in dates(made, 3)] == ["2027-01-31", "2027-03-31", "2027-05-31"]
    assert str(made) == "monthly on day 31"


def test_a_fifth_weekday_is_left_out_where_there_is_none() -> None:
    made = pattern("2027-03-30T10:00", "monthly_weekday")
    assert [d[:10] for d in dates(made, 3)] == ["2027-03-30", "2027-06-29", "2027-08-31"]
    assert str(made) == "monthly on the fifth Tue"


def test_a_leap_day_comes_back_in_leap_years() -> None:
    made = pattern("2024-02-29T10:00", "yearly")
    assert [d[:10] for d in dates(made, 2, "2026-01-01")] == ["2028-02-29", "2032-02-29"]


def test_an_end_date_is_inclusive_and_a_number_of_dates_is_counted_from_the_start() -> None:
    until = pattern("2027-03-01T22:00", "daily", end_type="on_date", end_value="2027-03-03")
    assert [d[:10] for d in dates(until, 9)] == ["2027-03-01", "2027-03-02", "2027-03-03"]
    assert str(until) == "daily until 2027-03-03"
    times = pattern("2027-03-01T22:00", "weekly", days="0101000", end_type="after_events", end_value="3")
    assert [d[:10] for d in dates(times, 9)] == ["2027-03-01", "2027-03-03", "2027-03-08"]
    assert times.last_before(datetime(2030, 1, 1, tzinfo=UTC)) == times.on(date(2027, 3, 8))
    assert str(times) == "weekly on Mon, Wed, 3 times"


@pytest.mark.parametrize("value", ["", "soon", "2027-13-01", "2027-02-xx", "99999999"])
@pytest.mark.parametrize("end", ["on_date", "after_events"])
def test_an_end_that_cannot_be_read_is_no_end(end: str, value: str) -> None:
    assert len(dates(pattern("2027-03-01T10:00", "daily", end_type=end, end_value=value), 40)) == 40


def test_no_marked_weekday_means_no_dates_at_all() -> None:
    made = pattern("2027-03-01T10:00", "weekly", days="0000000")
    assert made.first_from(datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert made.last_before(datetime(2030, 1, 1, tzinfo=UTC)) is None


def test_a_frequency_that_is_not_known_has_no_pattern() -> None:
    assert pattern_of(datetime(2027, 3, 1, tzinfo=UTC), NY, frequency="quarterly") is None


def test_very_old_events_and_very_far_questions_cost_nothing() -> None:
    made = pattern("1000-01-05T10:00", "daily")
    assert made.first_from(datetime(8000, 1, 1, tzinfo=UTC)) is not None
    assert made.last_before(datetime(2027, 3, 1, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("by", "days"), [(0, "0100010"), (1, "0010001"), (-1, "1000100"), (7, "0100010"), (2, "1001000")]
)
def test_weekdays_move_by_days(by: int, days: str) -> None:
    assert moved_days("0100010", by) == days


def _matches(day: date, first: date, frequency: str, days: str, interval: int) -> bool:
    """The platform's rule for one day, written down as it is."""
    if day < first:
        return False
    sunday_first = (day.weekday() + 1) % 7
    if frequency == "daily":
        return True
    if frequency == "weekly":
        return days[sunday_first] == "1"
    if frequency == "every_n_weeks":
        begins = first - timedelta(days=(first.weekday() + 1) % 7)
        return days[sunday_first] == "1" and ((day - begins).days // 7) % interval == 0
    if frequency == "monthly_date":
        return day.day == first.day
    if frequency == "monthly_weekday":
        return day.weekday() == first.weekday() and -(-day.day // 7) == -(-first.day // 7)
    return (day.month, day.day) == (first.month, first.day)


@settings(max_examples=25, deadline=None)
@given(
    first=st.dates(date(2019, 1, 1), date(2027, 12, 31)),
    frequency=st.sampled_from(["daily", "weekly", "every_n_weeks", "monthly_date", "monthly_weekday", "yearly"]),
    days=st.text("01", min_size=7, max_size=7),
    interval=st.integers(2, 5),
    count=st.one_of(st.none(), st.integers(1, 30)),
    hour=st.integers(4, 23),
)
def test_every_day_of_two_years_is_judged_as_the_platform_does(
    first: date, frequency: str, days: str, interval: int, count: int | None, hour: int
) -> None:
    made = pattern(
        datetime.combine(first, time(hour)).isoformat(),
        frequency,
        days=days,
        interval=interval,
        end_type="after_events" if count else "never",
        end_value=str(count or ""),
    )
    begin = date(2027, 1, 1)
    expected: list[date] = []
    number = 0
    day = first
    while day < date(2029, 1, 1):
        if _matches(day, first, frequency, days, interval):
            number += 1
            if day >= begin and (count is None or number <= count):
                expected.append(day)
        day += timedelta(days=1)
    span = range((date(2029, 1, 1) - begin).days)
    assert [d for n in span if made.on(d := begin + timedelta(days=n)) is not None] == expected
    start = datetime.combine(begin, time(), tzinfo=ZoneInfo(NY))
    found = made.first_from(start)
    assert (found.date if found and found.date < date(2029, 1, 1) else None) == (expected[0] if expected else None)
    if expected:
        last = made.last_before(datetime(2028, 12, 31, 23, 59, tzinfo=ZoneInfo(NY)))
        assert last is not None
        assert last.date == expected[-1]
    assert calendar.isleap(2028)
