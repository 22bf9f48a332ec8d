"""Figures: what is true of a season is what they say, and nothing they cannot know."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import EventdeskError, ListIncomplete, Unsupported
from eventdesk_tools.records import EventFigures, SummaryQuery
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import (
    Turns,
    Upstream,
    attendee,
    event,
    kind,
    listed,
    provider_of,
    question,
)
from tests.providers.eventtia.seasons import URI, season
from tests.support import NOW

pytestmark = pytest.mark.anyio


def query(**given: Any) -> SummaryQuery:
    plain: dict[str, Any] = {"event_id": URI, "now": NOW}
    return SummaryQuery(**plain | given)


def fair(*people: Any, **answers: Any) -> Upstream:
    given = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": listed(
            [kind("1", "Day")], included=[question("103", "1", "email", default=True)]
        ),
        "GET events/fair/tickets-stats": [{"name": "Day", "used_seats": 1, "seats_limit": "∞"}],
        "GET events/fair/attendees": listed(people),
        "GET events/fair/attendee-payments": listed([]),
    }
    return Upstream(given | answers)


@pytest.mark.parametrize("seed", range(21, 27))
async def test_figures_are_what_is_true_of_the_season(rehearsal: Rehearse, seed: int) -> None:
    given, truth = season(seed, sessions=4)
    since, until = datetime(2027, 1, 10, 14, tzinfo=UTC), datetime(2027, 1, 25, 2, tzinfo=UTC)
    async with rehearsal("eventtia", season=given) as r:
        found = await r.provider.event_figures(query(since=since, until=until))
        assert (found.registered, found.pending, found.cancelled, found.checked_in) == (
            len(truth.active),
            len(truth.of("pending")),
            len(truth.of("cancelled")),
            len(truth.active & truth.checked_in),
        )
        assert found.new == sum(since <= truth.made[one] <= until for one in truth.active)
        assert found.by_day == truth.by_day()
        for money, status in ((found.revenue, "accepted"), (found.refunded, "refunded")):
            assert money is not None
            assert {code: one.amount for code, one in money.items()} == truth.money(status)
        assert found.unpaid is None
        paid = sum(word in {"accepted", "refunded"} for word, *_ in truth.payments.values())
        assert found.basis[0] == "237 of 237 registrations, 10 of 10 pages"
        assert found.basis[1].startswith(f"{paid} of {paid} accepted or refunded payments, ")
        assert found.tickets is not None
        assert (found.tickets[0].name, found.tickets[0].left) == ("Day", "unlimited")
        owing = len(truth.active & truth.unpaid)
        assert any(note.startswith(f"{owing} not paid") for note in found.notes)


async def test_an_event_without_people_counts_nobody() -> None:
    found = await provider_of(fair()).event_figures(query(event_id="fair"))
    assert found == EventFigures(
        title="Fair",
        starts=found.starts,
        registered=0,
        pending=0,
        cancelled=0,
        checked_in=0,
        tickets=found.tickets,
        revenue={},
        refunded={},
        by_day={},
        basis=(
            "0 of 0 registrations, 1 of 1 page",
            "0 of 0 accepted or refunded payments, 1 of 1 page",
            "seats as Eventtia counts them",
        ),
    )
    assert found.tickets is not None
    assert found.tickets[0].sold == 1


async def test_people_are_read_once_where_the_platforms_count_agrees() -> None:
    people = listed(
        [attendee("1", "1", {"103": "a@b.example"}), attendee("2", "1", {"103": "c@d.example"}, status="cancelled")],
        meta={"total_pages": 1, "total_attendees": 2},
    )
    there = listed([attendee("1", "1", {"103": "a@b.example"})], meta={"total_pages": 1, "total_attendees": 1})
    upstream = fair(**{"GET events/fair/attendees": Turns([people, there])})
    found = await provider_of(upstream).event_figures(query(event_id="fair"))
    assert (found.registered, found.cancelled) == (1, 1)
    assert [line.partition("?")[0] for line in upstream.asked] == [
        "GET events/fair",
        "GET events/fair/attendee_types",
        "GET events/fair/tickets-stats",
        "GET events/fair/attendees",
        "GET events/fair/attendees",
        "GET events/fair/attendee-payments",
    ]
    assert "status=accepted%2Crefunded" in upstream.asked[-1]


async def test_what_is_told_of_some_only_is_not_counted() -> None:
    upstream = fair(
        attendee("1", "1", {"103": "a@b.example"}, checked_in=None, created_at=None),
        attendee("2", "1", {"103": "c@d.example"}, checked_in=True, status="on_hold"),
    )
    found = await provider_of(upstream).event_figures(query(event_id="fair", since=NOW))
    assert (found.registered, found.checked_in, found.by_day, found.new) == (1, None, None, None)
    assert "1 with a status that Eventdesk does not know are in no count." in found.notes


async def test_no_figure_is_made_of_a_part() -> None:
    short = listed([attendee("1", "1", {"103": "a@b.example"})], meta={"total_pages": 1, "total_attendees": 3})
    with pytest.raises(ListIncomplete, match="counts 3 registrations and gave 1"):
        await provider_of(fair(**{"GET events/fair/attendees": short})).event_figures(query(event_id="fair"))


async def test_a_page_that_fails_fails_the_figures(rehearsal: Rehearse) -> None:
    given, _ = season(28, people=60, payments=0, sessions=0)
    async with rehearsal("eventtia", season=given) as r:
        r.sandbox.faults.add(Fault(kind="status", code=403, path="/attendees", skip=1))
        with pytest.raises(EventdeskError):
            await r.provider.event_figures(query())


async def test_figures_of_one_date_are_refused_before_any_request() -> None:
    upstream = fair()
    with pytest.raises(Unsupported) as caught:
        await provider_of(upstream).event_figures(query(event_id="fair", occurrence=date(2027, 5, 1)))
    assert (caught.value.field, upstream.seen) == ("occurrence", [])
