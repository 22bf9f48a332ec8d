"""Which events are over, and which fit a range."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventdesk_tools.catalog.list_events import has_ended, sums
from eventdesk_tools.models import Event, EventStatus, Ticket
from eventdesk_tools.times import Moment

LONDON = "Europe/London"


def event(
    starts: Moment | None, ends: Moment | None = None, *, evergreen: bool = False, zone: str | None = LONDON
) -> Event:
    return Event(id="1", title="x", status=EventStatus.LIVE, starts=starts, ends=ends, evergreen=evergreen, zone=zone)


def at(day: int, hour: int) -> Moment:
    return Moment.instant(datetime(2027, 6, day, hour, tzinfo=UTC), LONDON)


@pytest.mark.parametrize(
    ("given", "now", "over"),
    [
        (event(at(12, 19), at(12, 23)), datetime(2027, 6, 12, 22, tzinfo=UTC), False),
        (event(at(12, 19), at(13, 2)), datetime(2027, 6, 13, 1, tzinfo=UTC), False),
        (event(at(12, 19), at(13, 2)), datetime(2027, 6, 13, 3, tzinfo=UTC), True),
        (event(at(12, 19)), datetime(2027, 6, 12, 22, tzinfo=UTC), False),
        (event(at(12, 19)), datetime(2027, 6, 12, 23, 30, tzinfo=UTC), True),
        (event(Moment.whole_day(date(2027, 6, 12))), datetime(2027, 6, 12, 22, tzinfo=UTC), False),
        (
            event(Moment.whole_day(date(2027, 6, 12)), Moment.whole_day(date(2027, 6, 13))),
            datetime(2027, 6, 13, 12, tzinfo=UTC),
            False,
        ),
        (event(Moment.whole_day(date(2027, 6, 12))), datetime(2027, 6, 13, 1, tzinfo=UTC), True),
        (event(None), datetime(2027, 6, 13, 1, tzinfo=UTC), False),
        (event(at(1, 1), at(1, 2), evergreen=True), datetime(2028, 1, 1, tzinfo=UTC), False),
    ],
)
def test_an_event_is_over_after_its_end_or_after_the_day_of_its_start(given: Event, now: datetime, over: bool) -> None:
    assert has_ended(given, now, LONDON) is over


def test_wall_time_of_an_unknown_zone_is_compared_in_the_accounts_zone() -> None:
    started = Moment.local(datetime(2027, 6, 12, 18), None)  # noqa: DTZ001 - wall time is the subject
    ended = Moment.local(datetime(2027, 6, 12, 20), None)  # noqa: DTZ001 - wall time is the subject
    later = datetime(2027, 6, 12, 12, tzinfo=UTC)
    assert has_ended(event(started, ended, zone=None), later, "Asia/Tokyo")
    assert not has_ended(event(started, ended, zone=None), later - timedelta(hours=2), "Asia/Tokyo")


def test_a_sum_over_tickets_is_told_only_when_every_ticket_tells_its_part() -> None:
    known = Ticket(id="1", name="a", sold=3, left=7)
    assert sums((known, known)) == {"sold": 6, "left": 14, "capacity": 20}
    assert sums((known, Ticket(id="2", name="b", sold=1, left="unlimited"))) == {
        "sold": 4,
        "left": None,
        "capacity": None,
    }
    assert sums((known, Ticket(id="2", name="b"))) == {"sold": None, "left": None, "capacity": None}
    assert sums(()) == {"sold": None, "left": None, "capacity": None}
