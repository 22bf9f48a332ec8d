"""Wall time goes in, RFC 3339 with offset comes out, and clocks that change are not guessed about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.times import Moment, parse_bound, parse_date, parse_time, wall_readings

ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "Africa/Casablanca",
    "UTC",
]
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(instants, zones)
def test_an_instant_shown_is_read_back_as_the_same_instant(at: datetime, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    # Between zones Python calls times of the hour that comes twice unequal: compare in one.
    assert parse_time(str(Moment.instant(at, zone)), zone, field="starts").astimezone(UTC) == at


@given(instants, zones)
def test_wall_time_that_is_certain_is_read_and_other_wall_time_is_refused_with_both_readings(
    at: datetime, zone: str
) -> None:
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0, fold=0)
    readings = wall_readings(wall, ZoneInfo(zone))
    text = wall.isoformat(timespec="minutes")
    if len(readings) == 1:
        assert parse_time(text, zone, field="starts").replace(tzinfo=None, fold=0) == wall
    else:
        with pytest.raises(InvalidArguments) as caught:
            parse_time(text, zone, field="starts")
        assert len(caught.value.allowed) == 2


def test_a_wall_time_that_clocks_skip_is_refused_with_both_readings() -> None:
    with pytest.raises(InvalidArguments) as caught:
        parse_time("2027-03-28T01:30", "Europe/London", field="starts")
    assert "does not exist" in caught.value.message
    assert caught.value.allowed == ("2027-03-28T00:30+00:00", "2027-03-28T02:30+01:00")


def test_a_wall_time_that_clocks_repeat_is_refused_with_both_readings() -> None:
    with pytest.raises(InvalidArguments) as caught:
        parse_time("2027-10-31T01:30", "Europe/London", field="starts")
    assert "comes twice" in caught.value.message
    assert caught.value.allowed == ("2027-10-31T01:30+01:00", "2027-10-31T01:30+00:00")
    assert parse_time("2027-10-31T01:30+00:00", "Europe/London", field="starts").utcoffset() == timedelta(0)


def test_an_offset_that_is_not_the_zones_on_that_day_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="another offset"):
        parse_time("2027-06-12T19:30+02:00", "Europe/London", field="starts")


@pytest.mark.parametrize("text", ["2027-02-30", "12/06/2027", "2027-6-1", "tomorrow", "2027-13-01", "", "20270612"])
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidArguments):
        parse_date(text, field="occurrence")


@pytest.mark.parametrize(
    "text", ["2027-02-30T10:00", "2027-06-12T25:00", "2027-06-12", "19:30", "2027-06-12T19:30+99:00"]
)
def test_an_impossible_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidArguments):
        parse_time(text, "Europe/London", field="starts")


@given(st.dates(date(2016, 1, 1), date(2034, 12, 31)), zones)
def test_a_date_as_a_bound_is_the_whole_day_where_it_happens(day: date, zone: str) -> None:
    since = parse_bound(day.isoformat(), zone, field="since", end=False)
    until = parse_bound(day.isoformat(), zone, field="until", end=True)
    assert since.astimezone(ZoneInfo(zone)).date() <= day <= until.astimezone(ZoneInfo(zone)).date()
    assert until.astimezone(UTC) - since.astimezone(UTC) >= timedelta(hours=22)


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second() -> None:
    until = parse_bound("2026-10-24", "Asia/Beirut", field="until", end=True)
    assert until.astimezone(UTC) == datetime(2026, 10, 24, 21, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize(
    "text", ["9999-12-31", "9999-12-31T23:59", "9999-12-31T23:59:59-12:00", "0001-01-01", "0001-01-01T00:00+12:00"]
)
def test_a_bound_at_the_end_of_the_calendar_can_be_counted_with(text: str, zone: str) -> None:
    for end in (False, True):
        at = parse_bound(text, zone, field="until", end=end)
        assert at - timedelta(days=3) < at.astimezone(UTC) < at + timedelta(days=3)
        assert (at.year >= 9000) is text.startswith("9")


@pytest.mark.parametrize("written", ["2027-02-24T02:33", "2027-02-24T02:33+01:00", " 2027-02-24 02:33Z"])
def test_an_end_to_the_minute_takes_in_all_of_it_and_one_to_the_second_does_not(written: str) -> None:
    since = parse_bound(written, "Europe/London", field="since", end=False)
    until = parse_bound(written, "Europe/London", field="until", end=True)
    assert until - since == timedelta(seconds=60) - timedelta(microseconds=1)
    exact = written.replace(":33", ":33:00", 1)
    assert parse_bound(exact, "Europe/London", field="until", end=True) == since


def test_wall_time_of_an_unknown_zone_is_never_labelled() -> None:
    moment = Moment.local(datetime(2027, 7, 6, 18, 0), "Mars/Olympus")  # noqa: DTZ001 - wall time is the subject
    assert str(moment) == "2027-07-06T18:00"


def test_a_naive_time_is_no_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        Moment.instant(datetime(2027, 7, 6, 18, 0))  # noqa: DTZ001 - that is the subject
