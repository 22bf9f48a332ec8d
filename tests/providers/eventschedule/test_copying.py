"""The body of a copy, made of an event and nothing else."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.copying import Copy, Move, copy_of, number, utc_digits
from tests.providers.eventschedule.test_wire import event

NY = ZoneInfo("America/New_York")
QUAY = wire.Schedule(id="Cu77Qy", subdomain="quay", type="curator", timezone=NY.key)
TRIO = wire.Schedule(id="Tl66By", subdomain="trio", name="Trio Ten", type="talent", timezone=NY.key)


def copied(read: wire.Event, target: wire.Schedule = QUAY, days: int = 7, **more: Any) -> Copy:
    mine = {schedule.id: schedule for schedule in (QUAY, TRIO)}
    given: dict[str, Any] = {
        "same_schedule": True, "group": "", "skip": frozenset[str](), "website": "", "booking_url": "", "published": False,
    }  # fmt: skip
    return copy_of(
        read, title="Copy", starts=datetime(2027, 4, 8, 1, tzinfo=UTC), move=Move(days=days, zone=NY, to=NY), target=target, mine=mine,
        **{**given, **more},
    )  # fmt: skip


def test_performers_of_others_are_named_and_not_sent_since_they_would_fail_the_request() -> None:
    read = event(members={"Tl55Ax": {"name": "Duo Nine"}, "Tl66By": {"name": "Trio Ten", "email": "trio@mail.test"}})
    made = copied(read)
    assert made.body["members"] == [{"name": "Trio Ten", "email": "trio@mail.test"}]
    assert "speakers not of this account: Duo Nine" in made.lost


def test_a_member_without_name_and_address_is_never_sent_since_it_would_match_anybody() -> None:
    assert "members" not in copied(event(members={"Tl66By": {"name": None, "email": None}})).body


def test_on_a_performers_schedule_it_is_the_performer_alone() -> None:
    made = copied(event(), TRIO)
    assert "members" not in made.body
    assert "speakers (on a performer's schedule it is Trio Ten alone)" in made.lost


def test_a_pass_is_left_out_and_named() -> None:
    rows = [
        {"id": "p2XcRd", "type": "Season", "price": "90.000", "is_pass": True},
        {"id": "p2XcRe", "type": "One", "price": "9"},
    ]
    made = copied(event(tickets=rows))
    assert made.body["tickets"] == [{"type": "One", "price": 9}]
    assert "passes: Season" in made.lost
    alone = copied(event(tickets=rows[:1]))
    assert "tickets_enabled" not in alone.body
    assert "addons" not in alone.body
    assert "extras (they need tickets)" in alone.lost


@pytest.mark.parametrize("link", ["songs", "ftp://songs.example/", "http://localhost/x", "http://[x/"])
def test_a_link_that_the_platform_would_refuse_is_named_and_not_sent(link: str) -> None:
    made = copied(event(event_url=link))
    assert "event_url" not in made.body
    assert "website (no full address)" in made.lost


def test_a_category_of_the_schedules_own_stays_there() -> None:
    assert copied(event(category_id=104)).body["category_id"] == 104
    elsewhere = copied(event(category_id=104), same_schedule=False)
    assert "category_id" not in elsewhere.body
    assert "category (the other schedule's own)" in elsewhere.lost
    assert copied(event(category_id=4), same_schedule=False).body["category_id"] == 4


def test_a_flyer_is_named() -> None:
    assert "flyer" in copied(event(flyer_image_url="https://eventschedule.com/f.png")).lost


def test_wall_times_are_kept_when_stamps_move_across_a_change_of_clocks() -> None:
    move = Move(days=14, zone=NY, to=NY)
    assert move.instant(datetime(2027, 3, 6, 22, tzinfo=UTC)) == "2027-03-20 21:00:00"
    assert move.instant(None) is None
    assert (
        Move(days=0, zone=NY, to=ZoneInfo("Asia/Tokyo")).instant(datetime(2027, 3, 6, 15, tzinfo=UTC))
        == "2027-03-06 01:00:00"
    )
    assert (move.day("2027-02-20"), move.day("never"), move.day("2027-99-01")) == ("2027-03-06", None, None)


def test_times_are_digits_of_utc_and_prices_are_numbers() -> None:
    assert utc_digits(datetime(2027, 6, 12, 19, 30, tzinfo=NY)) == "2027-06-12 23:30:00"
    read = event()
    assert [number(row.price) for row in read.tickets] == [30, None]
    assert number(read.addons[0].price) == 4.5
