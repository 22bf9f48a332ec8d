"""EventHQ's counts, what its events say of themselves, and its three endpoints by name."""

import json
import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from eventdesk_server.http.operations import Effect
from eventdesk_server.providers.eventhq import operations
from eventdesk_server.sandbox.seasons.eventhq import default_season
from eventdesk_tools.errors import InvalidArguments, NotFound, Unsupported
from eventdesk_tools.records import (
    AttendeeQuery,
    EventDraft,
    EventFigures,
    NewTicket,
    Place,
    SaleQuery,
    SessionQuery,
    SummaryQuery,
)
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment
from tests.providers.conftest import Rehearse
from tests.providers.eventhq.test_eventhq_account import KEY, ROW, SETTINGS, SLUG, TOKEN, VIEW, Site
from tests.providers.scripted import NOW, Scripted

pytestmark = pytest.mark.anyio
QUERY = SummaryQuery(event_id=SLUG, now=NOW)


def view(*products: dict[str, Any], **changes: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(json.dumps(VIEW["event"])) | changes
    event["products"] = [VIEW["event"]["products"][0] | product for product in products] or event["products"]
    return {"message": "success", "event": event}


async def test_the_figures_are_the_platforms_own_counts_and_say_what_they_include() -> None:
    found = await Site([ROW]).account(SETTINGS).event_figures(QUERY)
    assert found.tickets is not None
    (ticket,) = found.tickets
    assert found == EventFigures(
        title="Pond Survey April 2027",
        starts=Moment.whole_day(date(2027, 4, 12)),
        registered=2,
        tickets=(ticket,),
        basis=("EventHQ's head count, 1 of 1 tickets as it counts them",),
        notes=(
            "registered includes people who are in the middle of booking.",
            "EventHQ's API states no currency: GBP is assumed.",
        ),
    )
    assert (ticket.name, str(ticket.price), ticket.sold, ticket.left) == ("Member", "95.50 GBP", 7, 33)


async def test_extras_are_counted_under_refs_of_their_own_kind_and_a_count_that_is_not_told_is_none() -> None:
    products = view(
        {}, {"id": "x", "primary": False, "name": "Lunch"}, {"id": "y", "total_available": None, "total_used": None}
    )
    found = await Site([], products).account(SETTINGS | {"currency": "GBP"}).event_figures(QUERY)
    assert [(t.kind, t.name, t.sold, t.left) for t in found.tickets or ()] == [
        (Kind.TICKET, "Member", 7, 33), (Kind.EXTRA, "Lunch", 7, 33), (Kind.TICKET, "Member", 0, "unlimited"),
    ]  # fmt: skip
    assert found.basis == ("2 of 2 tickets and 1 of 1 extras as it counts them",)
    assert found.registered is None
    assert found.notes == ("EventHQ's list does not show this event: its head count is not known.",)


async def test_who_is_new_in_a_span_is_not_told_and_events_do_not_repeat() -> None:
    bounded = SummaryQuery(event_id=SLUG, now=NOW, since=datetime(2027, 1, 1, tzinfo=UTC))
    found = await Site([ROW]).account(SETTINGS).event_figures(bounded)
    assert found.new is None
    assert "EventHQ does not tell when anybody registered: there are no new ones within a span." in found.notes
    site = Site([ROW])
    with pytest.raises(InvalidArguments) as caught:
        await site.account(SETTINGS).event_figures(SummaryQuery(event_id=SLUG, now=NOW, occurrence=date(2027, 4, 12)))
    assert (caught.value.field, site.seen) == ("occurrence", [])


@pytest.mark.parametrize("seed", range(3))
async def test_the_figures_of_any_season_are_its_own(seed: int, rehearsal: Rehearse) -> None:
    season = default_season(random.Random(seed), NOW)
    async with rehearsal("eventhq", season=season) as r:
        for event in season["events"][:12]:
            found = await r.provider.event_figures(SummaryQuery(event_id=event["slug"], now=r.clock.now()))
            assert found.registered == event.get("attendee_count", 0)
            told = {(ticket.id, ticket.kind.value, ticket.sold) for ticket in found.tickets or ()}
            assert told == {
                (p["id"], "t" if p.get("primary", True) else "x", p.get("total_used") or 0) for p in event["products"]
            }
            assert (found.revenue, found.left, found.by_day) == (None, None, None), "nothing is estimated"
        assert r.writes == []


async def test_what_an_event_says_of_itself_names_days_and_no_times_of_day() -> None:
    products = view(
        {}, {"id": "gone", "name": "Old", "deleted": True}, {"id": "none", "name": "None", "total_available": "0"}
    )
    draft = await Site([ROW], products).account(SETTINGS).draft_of(SLUG)
    assert draft == EventDraft(
        title="Pond Survey April 2027",
        starts="2027-04-12",
        zone="Europe/London",
        description="One day by the water.",
        place=Place(name="Mill Lane, Surrey"),
        tickets=(NewTicket(name="Member", price="95.50 GBP", quantity=40),),
        booking_url="https://demo.eventhq.co.uk/bookings/start/event:pond-survey-april-2027",
    )
    timed = view(event_starts="2027-04-12T10:00:00+0000", event_ends="2027-04-13T16:00:00+0000")
    other = await Site([ROW], timed).account(SETTINGS).draft_of(SLUG)
    assert (other.starts, other.ends) == ("2027-04-12T10:00", "2027-04-13T16:00")


async def test_people_bookings_and_programmes_are_refused_with_the_reason_before_any_request() -> None:
    script = Scripted({})
    account = script.account(SETTINGS)
    for read, says in (
        (lambda: account.list_attendees(AttendeeQuery(event_id=SLUG)), "head count"),
        (lambda: account.list_sales(SaleQuery(event_id=SLUG)), "no bookings"),
        (lambda: account.list_sessions(SessionQuery(event_id=SLUG)), "programme"),
    ):
        with pytest.raises(Unsupported, match=says) as caught:
            read()
        assert caught.value.next
    for plan in (account.plan_event(EventDraft()), account.plan_update(SLUG, EventDraft())):
        with pytest.raises(Unsupported, match="read-only"):
            await plan
    assert script.seen == []


def test_every_endpoint_is_declared_once_and_only_reads() -> None:
    assert [operation.name for operation in operations.ALL] == ["list_events", "count_events", "view_event"]
    assert {(operation.method, operation.effect) for operation in operations.ALL} == {("GET", Effect.READ)}
    assert all(operation.source and operation.slots == () for operation in operations.ALL)
    offered = Scripted({}).account(SETTINGS).operations()
    assert [(info.name, info.withheld) for info in offered] == [(operation.name, "") for operation in operations.ALL]


async def test_an_endpoint_is_called_by_name_with_its_parameters_in_the_path() -> None:
    site = Site([ROW])
    account = site.account(SETTINGS)
    answer: Any = await account.read_operation(
        "list_events", {"f": "live:1|year:2027", "limit": 5, "page": 1, "direction": "asc"}
    )
    assert answer["events"][0]["slug"] == SLUG
    assert site.asked == [f"GET /api/v1/events/index/limit:5/page:1/f:live:1|year:2027/direction:asc{TOKEN}"]
    with pytest.raises(InvalidArguments):
        await account.read_operation("list_events", {"direction": "sideways"})
    with pytest.raises(InvalidArguments):
        await account.plan_operation("list_events", {})
    assert len(site.seen) == 1


async def test_an_answer_that_repeats_the_key_is_shown_without_it() -> None:
    site = Site([ROW | {"url": f"https://demo.eventhq.co.uk/api/v1/events/view/event:x/token:{KEY}"}])
    answer = await site.account(SETTINGS).read_operation("list_events", {"limit": 1, "page": 1})
    assert KEY not in str(answer)


async def test_an_event_that_is_not_there_has_no_figures(rehearsal: Rehearse) -> None:
    async with rehearsal("eventhq") as r:
        with pytest.raises(NotFound):
            await r.provider.event_figures(SummaryQuery(event_id="nothing-of-the-kind", now=r.clock.now()))
