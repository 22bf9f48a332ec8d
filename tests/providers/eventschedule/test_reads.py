"""Listing and showing events, driven against the stand-in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from eventdesk_tools.errors import InvalidArguments, NotFound
from eventdesk_tools.models import AccountFacts, Event, EventQuery, EventStatus, Include, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.ports import EventProvider
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import extra, organiser, ticket
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {}


async def listed(provider: EventProvider, **query: Any) -> dict[str, Event]:
    return {event.title: event async for event in provider.list_events(EventQuery(now=NOW, **query))}


def sent(r: Rehearsal) -> list[str]:
    return [f"{seen.method} {seen.path.removeprefix('/api')}?{seen.query}".rstrip("?") for seen in r.seen]


async def test_check_names_the_schedules_and_their_sub_schedules(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.group("harbour", "Late Show")
        assert await r.provider.check() == AccountFacts(calendars=("harbour", "harbour/late-show"))
        assert sent(r) == ["GET /schedules?per_page=100&page=1"]


async def test_check_says_when_the_key_reaches_no_schedule(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        facts = await r.provider.check()
        assert facts.calendars == ()
        assert "no schedule" in facts.notes[0]


async def test_upcoming_narrows_single_events_by_start_and_reads_repeating_ones_whole(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.event("harbour", name="Next", starts_at="2027-04-01 01:00:00")
            await o.event("harbour", name="Running since winter", starts_at="2026-12-01 10:00:00", duration=4000)
            await o.event("harbour", name="Long over", starts_at="2025-04-01 01:00:00")
            await o.event(
                "harbour", name="Weekly", starts_at="2020-01-07 00:30:00", duration=2, schedule_type="recurring",
                recurring_frequency="weekly", days_of_week="0100000",
            )  # fmt: skip
        events = await listed(r.provider, when="upcoming")
        assert sorted(events) == ["Next", "Running since winter", "Weekly"]
        assert events["Running since winter"].status is EventStatus.LIVE
        # The series began on a Monday evening in New York, which was Tuesday in UTC. Its next date is today.
        assert (str(events["Weekly"].starts), events["Weekly"].repeats) == ("2027-03-01T19:30-05:00", "weekly on Mon")
        assert str(events["Next"].starts) == "2027-03-31T21:00-04:00"
        assert sent(r)[:3] == [
            "GET /events?schedule_type=single&starts_after=2026-03-01&per_page=100&page=1",
            "GET /schedules?per_page=100&page=1",
            "GET /events?schedule_type=recurring&per_page=100&page=1",
        ]


async def test_a_range_is_asked_for_in_days_of_utc_so_that_nothing_is_lost(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House", zone="Asia/Tokyo")
            await o.event("harbour", name="Early", starts_at="2027-03-31 15:30:00")
        since = datetime.fromisoformat("2027-04-01T00:00+09:00")
        assert list(await listed(r.provider, since=since, until=since + timedelta(hours=1))) == ["Early"]
        assert (
            sent(r)[0]
            == "GET /events?schedule_type=single&starts_after=2027-03-31&starts_before=2027-03-31&per_page=100&page=1"
        )


async def test_past_events_are_asked_for_up_to_now(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.event("harbour", name="Over", starts_at="2026-04-01 01:00:00", duration=1)
            await o.event("harbour", name="Next", starts_at="2027-04-01 01:00:00")
        assert {title: event.status for title, event in (await listed(r.provider, when="past")).items()} == {
            "Over": EventStatus.ENDED
        }
        assert "starts_before=2027-03-01" in sent(r)[0]


async def test_all_events_are_one_list_without_filters(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.event("harbour", name="Draft", is_draft=True)
            await o.event("harbour", name="Unlisted", is_private=True)
        events = await listed(r.provider, when="all")
        assert {title: event.status for title, event in events.items()} == {
            "Draft": EventStatus.DRAFT,
            "Unlisted": EventStatus.UNLISTED,
        }
        assert sent(r) == ["GET /events?per_page=100&page=1", "GET /schedules?per_page=100&page=1"]


async def test_237_events_of_one_start_come_exactly_once_and_schedules_are_read_once_a_minute(
    rehearsal: Rehearse,
) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            for number in range(237):
                await o.event("harbour", name=f"E{number}")
        assert len(await listed(r.provider, when="upcoming")) == 237
        assert len(await listed(r.provider, when="all")) == 237
        assert sum("/schedules" in line for line in sent(r)) == 1


async def test_an_event_without_start_is_upcoming_though_no_date_filter_finds_it(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        undated = [event for event in (await listed(r.provider, when="upcoming")).values() if event.starts is None]
        assert [event.title for event in undated] == ["Winter Chess Cup"]
        every = [event.id async for event in r.provider.list_events(EventQuery(now=NOW, when="upcoming"))]
        assert len(every) == len(set(every))


async def test_a_repeating_event_shows_its_next_date_from_since_and_ends_when_none_is_left(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            repeating = {"schedule_type": "recurring", "recurring_frequency": "daily", "duration": 2}
            await o.event("harbour", name="Daily", starts_at="2027-01-01 20:00:00", **repeating)
            await o.event(
                "harbour", name="Over", starts_at="2027-01-01 20:00:00", recurring_end_type="after_events",
                recurring_end_value="3", **repeating,
            )  # fmt: skip
            await o.event("harbour", name="Running", starts_at="2027-01-01 08:00:00", **repeating)
        events = await listed(r.provider, when="upcoming")
        assert str(events["Daily"].starts) == "2027-03-01T15:00-05:00"
        assert (str(events["Over"].starts), events["Over"].status) == ("2027-01-03T15:00-05:00", EventStatus.ENDED)
        assert str(events["Running"].starts) == "2027-03-01T03:00-05:00"
        later = await listed(r.provider, when="all", since=datetime(2027, 3, 20, tzinfo=UTC))
        # Clocks have changed by then; the wall time is the same.
        assert str(later["Daily"].starts) == "2027-03-20T15:00-04:00"


async def test_sold_and_left_are_summed_from_unpaid_and_paid_orders(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour", description="**Songs**", registration_url="https://book.example/x")
            balcony, free, soup = ticket(event, "Balcony"), ticket(event, "Free"), extra(event, "Soup")
            await o.sale(event, "ida@mail.test", balcony, 1, addons={soup: 2})
            await o.sale(event, "leo@mail.test", free, 2)
            await o.act(await o.sale(event, "eva@mail.test", balcony), "cancel")
        detail = await r.provider.get_event(event["id"], frozenset({Include.DESCRIPTION}))
        assert detail.tickets == (
            Ticket(id=balcony, name="Balcony", price=Money(Decimal("30.000"), "EUR"), sold=1, left=1, on_sale=True),
            Ticket(id=free, name="Free", price=Money(Decimal("0.000"), "EUR"), sold=2, left=1, on_sale=True),
            Ticket(
                id=soup,
                name="Soup",
                price=Money(Decimal("4.500"), "EUR"),
                sold=2,
                left=8,
                on_sale=True,
                kind=Kind.EXTRA,
            ),
        )
        assert detail.event == Event(
            id=event["id"],
            title="Harbour Folk",
            status=EventStatus.LIVE,
            starts=Moment.instant(datetime(2027, 4, 1, 23, tzinfo=UTC), "America/New_York"),
            zone="America/New_York",
            place="Harbour House",
            venue="Harbour House",
            online=False,
            url=event["url"],
            book_at="https://book.example/x",
            calendar="harbour",
            updated=NOW,
            registered=3,
            capacity=5,
            sold=3,
            left=2,
            currency="EUR",
        )
        assert (detail.description, detail.sessions, detail.speakers, detail.coupons) == ("**Songs**", None, None, None)
        assert any("cancelled" in note for note in detail.notes)
        assert sent(r) == [
            f"GET /events/{event['id']}",
            "GET /schedules?per_page=100&page=1",
            f"GET /sales?event_id={event['id']}&per_page=200&page=1",
        ]


async def test_an_event_whose_every_ticket_is_gone_is_sold_out(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour", tickets=[{"type": "Seat", "price": 5, "quantity": 1}])
            await o.sale(event, "ida@mail.test", ticket(event, "Seat"))
        assert (await r.provider.get_event(event["id"], frozenset())).event.status is EventStatus.SOLD_OUT


async def test_counts_of_a_repeating_event_are_of_its_date(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed(
                "harbour", starts_at="2027-03-02 00:30:00", schedule_type="recurring", recurring_frequency="daily"
            )
            for day in ("2027-03-01", "2027-03-05", "2027-03-05"):
                await o.sale(event, "ida@mail.test", ticket(event, "Free"), event_date=day)
        for day, sold in ((None, 1), (date(2027, 3, 5), 2)):
            detail = await r.provider.get_event(event["id"], frozenset(), day)
            assert (detail.event.sold, detail.event.registered) == (sold, sold)
            assert str(detail.event.starts) == f"{day or '2027-03-01'}T19:30-05:00"
            assert any("skipped" in note for note in detail.notes)
        assert sent(r)[-1] == f"GET /sales?event_id={event['id']}&event_date=2027-03-05&per_page=200&page=1"


async def test_a_date_off_the_pattern_is_refused_with_the_dates_there_are(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            weekly = await o.event(
                "harbour", starts_at="2027-03-02 00:30:00", schedule_type="recurring", recurring_frequency="weekly",
                days_of_week="0100000",
            )  # fmt: skip
            single = await o.event("harbour")
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.get_event(weekly["id"], frozenset(), date(2027, 3, 9))
        assert refused.value.field == "occurrence"
        assert refused.value.allowed == ("2027-03-08", "2027-03-15", "2027-03-22", "2027-03-29", "2027-04-05")
        with pytest.raises(InvalidArguments, match="does not repeat"):
            await r.provider.get_event(single["id"], frozenset(), date(2027, 4, 1))


async def test_an_order_on_another_date_counts_as_sold_but_takes_no_place(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            await o.sale(event, "ida@mail.test", ticket(event, "Free"), event_date="2027-09-09")
        detail = await r.provider.get_event(event["id"], frozenset())
        assert (detail.event.sold, detail.event.left) == (1, 5)
        assert any("another date" in note for note in detail.notes)


async def test_tickets_outside_their_sales_window_are_not_on_sale(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed(
                "harbour",
                tickets=[
                    {"type": "Late", "price": 3, "sales_start_at": "2027-03-20 10:00:00"},
                    {"type": "Early", "price": 1, "sales_end_at": "2027-02-20 10:00:00"},
                ],
            )
        late, early = (t for t in (await r.provider.get_event(event["id"], frozenset())).tickets or () if t.kind == "t")
        assert (late.on_sale, late.note) == (False, "sales begin 2027-03-20T06:00-04:00")
        assert (early.on_sale, early.note) == (False, "sales ended 2027-02-20T05:00-05:00")


async def test_rsvps_count_as_heads(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        heads = {event.title: (await r.provider.get_event(event.id, frozenset())).event.registered for event in events}
        assert any(count for count in heads.values())


async def test_agenda_and_performers_come_when_asked_for(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.schedule("Duo Nine", "talent")
            event = await o.event(
                "harbour",
                members=[{"name": "Duo Nine"}],
                event_parts=[{"name": "Opening", "start_time": "19:30"}, {"name": "Talk", "start_time": "afterwards"}],
            )
        detail = await r.provider.get_event(
            event["id"], frozenset({Include.SESSIONS, Include.SPEAKERS, Include.COUPONS})
        )
        assert [speaker.name for speaker in detail.speakers or ()] == ["Duo Nine"]
        assert [(part.title, str(part.starts or "")) for part in detail.sessions or ()] == [
            ("Opening", "2027-04-01T19:30-04:00"),
            ("Talk", ""),
        ]
        assert detail.coupons is None
        assert detail.description is None


async def test_an_event_that_is_not_there_is_not_found(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(NotFound):
            await r.provider.get_event("nosuch1", frozenset())


async def test_the_accounts_zone_serves_where_the_schedule_has_none(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY, settings={"zone": "Europe/London", "currency": "GBP"}) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.call("PUT", "/schedules/harbour", {"timezone": None})
            event = await o.event("harbour", starts_at="2027-07-01 18:00:00")
        shown = (await r.provider.get_event(event["id"], frozenset())).event
        assert str(shown.starts) == "2027-07-01T19:00+01:00"
        assert replace(shown, starts=None).zone == "Europe/London"
