"""Reading: lists to their end, details with their parts, and refusals in words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from eventdesk_server.providers.eventtia.adapter import Eventtia
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    InvalidArguments,
    ListIncomplete,
    NotFound,
    ProviderChanged,
    Unsupported,
)
from eventdesk_tools.models import AccountFacts, EventQuery, EventStatus, Include, SaleOrder
from eventdesk_tools.money import Money
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import (
    NOW,
    Turns,
    Upstream,
    activity,
    event,
    example,
    kind,
    listed,
    provider_of,
)

pytestmark = pytest.mark.anyio

QUERY = EventQuery(now=NOW)


def row(uri: str, event_id: str, **attributes: Any) -> dict[str, Any]:
    """An event as lists show it."""
    record = example("specimen_list_events")["data"][0]
    return {
        **record,
        "id": event_id,
        "attributes": {**record["attributes"], "name": uri, "event_uri": uri, **attributes},
    }


async def ids(provider: Eventtia) -> list[str]:
    return [one.id async for one in provider.list_events(QUERY)]


async def test_the_season_is_listed_whole_and_each_event_once(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        found = [one async for one in r.provider.list_events(EventQuery(now=r.clock.now()))]
        harbor = next(one for one in found if one.id == "harbor-design-days")
        assert len(found) == len({one.id for one in found}) > 10
        assert {one.status for one in found} <= {EventStatus.UNKNOWN, EventStatus.ENDED}
        assert (harbor.title, harbor.aliases, harbor.zone, harbor.starts is not None) == (
            "Harbor Design Days",
            ("90211",),
            None,
            True,
        )
        assert [(seen.method, seen.path) for seen in r.seen] == [("POST", "/api/v3/auth"), ("GET", "/api/v3/events")]


async def test_the_size_of_a_page_stays_24_and_a_short_page_is_not_the_last() -> None:
    pages = [listed([row("a", "1")], meta={"total_pages": 3}), listed([row("b", "2")], meta={"total_pages": "3"})]
    upstream = Upstream({"GET events": Turns([*pages, listed([row("c", "3")], meta={"total_pages": 3})])})
    assert await ids(provider_of(upstream)) == ["a", "b", "c"]
    assert upstream.asked == [f"GET events?page%5Bnumber%5D={page}&page%5Bsize%5D=24" for page in (1, 2, 3)]


async def test_a_next_link_counts_where_no_number_of_pages_is_told_and_is_never_followed() -> None:
    elsewhere = "https://elsewhere.example/api/v3/events/?page%5Bnumber%5D=7"
    pages = [
        {"data": [row("a", "1")], "links": {"next": elsewhere}},
        {"data": [row("b", "2")], "links": {"next": None}},
    ]
    upstream = Upstream({"GET events": Turns(pages)})
    assert await ids(provider_of(upstream)) == ["a", "b"]
    assert {request.url.host for request in upstream.seen} == {"eventtia.localhost"}
    assert upstream.asked[1] == "GET events?page%5Bnumber%5D=2&page%5Bsize%5D=24"


async def test_a_list_that_tells_nothing_ends_with_an_empty_page() -> None:
    upstream = Upstream({"GET events": Turns([{"data": [row("a", "1")]}, {"data": [row("b", "2")]}, {"data": []}])})
    assert await ids(provider_of(upstream)) == ["a", "b"]
    assert len(upstream.asked) == 3


async def test_a_list_that_tells_nothing_ends_where_a_page_repeats_the_one_before() -> None:
    upstream = Upstream({"GET events": {"data": [row("a", "1"), row("b", "2")]}})
    assert await ids(provider_of(upstream)) == ["a", "b"]
    assert len(upstream.asked) == 2


async def test_a_platform_that_goes_round_in_circles_is_found_out() -> None:
    upstream = Upstream({"GET events": listed([row("a", "1")], meta={"total_pages": 9})})
    with pytest.raises(ListIncomplete):
        await ids(provider_of(upstream))


async def test_two_rows_of_one_id_are_both_kept() -> None:
    upstream = Upstream({"GET events": example("list_events")})
    assert await ids(provider_of(upstream)) == ["test-event-1", "second-event-2018"]


async def test_checking_reads_one_row(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        assert await r.provider.check() == AccountFacts()
        assert [(seen.method, seen.path, seen.query) for seen in r.seen[1:]] == [
            ("GET", "/api/v3/events", "page%5Bnumber%5D=1&page%5Bsize%5D=1")
        ]


async def test_an_event_has_its_tickets_and_extras_and_only_the_parts_asked_for(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        detail = await r.provider.get_event("harbor-design-days", frozenset())
        assert detail.tickets is not None
        general, vip, *extras = detail.tickets
        assert (general.id, general.name, general.price, general.left) == (
            "51001",
            "General",
            Money(Decimal("0.0"), "EUR"),
            "unlimited",
        )
        assert vip.price == Money(Decimal("120.0"), "EUR")
        assert vip.sold is not None
        assert isinstance(vip.left, int)
        assert {extra.kind for extra in extras} == {Kind.EXTRA}
        assert (detail.event.status, detail.event.zone) == (EventStatus.LIVE, "Europe/Madrid")
        assert (detail.event.left, detail.event.capacity) == (None, None)
        assert (detail.description, detail.sessions, detail.speakers, detail.fields, detail.coupons) == (None,) * 5
        assert [seen.path.removeprefix("/api/v3/events/harbor-design-days") for seen in r.seen[1:]] == [
            "",
            "/attendee_types",
            "/tickets-stats",
            "/purchase_items",
        ]


async def test_the_parts_of_an_event_come_when_asked_for(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        detail = await r.provider.get_event("harbor-design-days", frozenset(Include))
        assert detail.description
        assert {session.title: session.speakers for session in detail.sessions or ()}["Prototyping Lab"] == (
            "Rhea Sol",
        )
        assert next(speaker.name for speaker in detail.speakers or ()) == "Rhea Sol"
        assert detail.coupons is None
        asked = {(field.ticket, field.field): field for field in detail.fields or ()}
        assert asked["General", "birthdate"].kind == "date"
        assert asked["VIP", "telephone"].kind == "phone"
        assert not {"first_name", "last_name", "email"} & {field for _, field in asked}


async def test_the_events_of_the_season_map_with_all_their_parts(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        every = [one async for one in r.provider.list_events(EventQuery(now=r.clock.now()))]
        for one in every[:14]:  # six requests each, of 100 a minute
            detail = await r.provider.get_event(one.id, frozenset(Include))
            assert detail.event.id == one.id
            assert detail.event.zone
            assert detail.event.starts is not None
            assert one.starts is not None
            assert detail.event.starts.utc() == one.starts.utc()


async def test_seats_are_joined_to_tickets_only_by_a_name_that_stands_once_on_both_sides() -> None:
    types = [kind("1", "Day"), kind("2", "Day"), kind("3", "Guest"), kind("4", "Press")]
    counts = [{"name": "Day", "used_seats": 4, "seats_limit": 9}] + [
        {"name": name, "used_seats": used, "seats_limit": "∞"}
        for name, used in (("Guest", 2), ("Press", 5), ("Press", 6))
    ]
    upstream = Upstream(
        {
            "GET events/fair": {"data": event()},
            "GET events/fair/attendee_types": listed(types),
            "GET events/fair/tickets-stats": counts,
            "GET events/fair/purchase_items": listed([]),
        }
    )
    detail = await provider_of(upstream).get_event("fair", frozenset())
    assert [(ticket.id, ticket.sold) for ticket in detail.tickets or ()] == [
        ("1", None),
        ("2", None),
        ("3", 2),
        ("4", None),
    ]
    assert detail.event.sold is None


async def test_an_event_whose_every_ticket_is_gone_is_sold_out() -> None:
    upstream = Upstream(
        {
            "GET events/fair": {"data": event()},
            "GET events/fair/attendee_types": listed([kind("1", "Day", capacity=5, availability=0)]),
            "GET events/fair/tickets-stats": [{"name": "Day", "used_seats": 5, "seats_limit": "5"}],
            "GET events/fair/purchase_items": listed([]),
        }
    )
    told = (await provider_of(upstream).get_event("fair", frozenset())).event
    assert (told.status, told.sold, told.left, told.capacity) == (EventStatus.SOLD_OUT, 5, 0, 5)


async def test_the_accounts_currency_stands_in_where_the_platform_tells_none() -> None:
    answers: dict[str, Any] = {
        "GET events/fair": {"data": event(currency=None)},
        "GET events/fair/attendee_types": listed([kind("1", "Day", price="12.5")]),
        "GET events/fair/tickets-stats": [],
        "GET events/fair/purchase_items": listed([]),
    }
    detail = await provider_of(Upstream(answers), currency="CHF").get_event("fair", frozenset())
    assert [ticket.price for ticket in detail.tickets or ()] == [Money(Decimal("12.5"), "CHF")]


async def test_speakers_of_sessions_are_joined_from_what_came_along() -> None:
    talk = activity("9", "Talk") | {"relationships": {"speakers": {"data": [{"id": "6101"}, {"id": "6199"}]}}}
    answers: dict[str, Any] = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": listed([]),
        "GET events/fair/tickets-stats": [],
        "GET events/fair/purchase_items": listed([]),
        "GET events/fair/workshops": listed([talk], included=example("specimen_list_activities")["included"]),
    }
    upstream = Upstream(answers)
    detail = await provider_of(upstream).get_event("fair", frozenset({Include.SESSIONS}))
    assert [session.speakers for session in detail.sessions or ()] == [("Rhea Sol",)]
    assert upstream.asked[-1] == "GET events/fair/workshops?include=speakers&page%5Bnumber%5D=1&page%5Bsize%5D=24"


async def test_an_unknown_event_is_said_to_be_one_without_a_rails_class_name(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        with pytest.raises(NotFound) as caught:
            await r.provider.get_event("no-such-event", frozenset())
        assert "ActiveRecord" not in caught.value.message + caught.value.next


@pytest.mark.parametrize(
    "message",
    ["Start date is missing", ["Start date is missing"], {"start_date": ["Start date is missing"]}],
    ids=["text", "list", "object"],
)
async def test_a_refusal_is_told_in_the_platforms_words_whatever_their_shape(message: Any) -> None:
    upstream = Upstream({"GET events": httpx2.Response(422, json={"message": message})})
    with pytest.raises(EventdeskError, match="Start date is missing"):
        await ids(provider_of(upstream))


async def test_a_page_of_html_is_no_answer() -> None:
    upstream = Upstream({"GET events": httpx2.Response(200, html="<html><b>Welcome</b></html>")})
    with pytest.raises(ProviderChanged) as caught:
        await ids(provider_of(upstream))
    assert "<" not in caught.value.message


async def test_an_expired_token_is_renewed_once_and_the_request_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.provider.check()
        r.sandbox.faults.add(Fault(kind="status", code=401, path="/api/v3/events", times=1))
        await r.provider.check()
        assert [seen.path for seen in r.seen] == [
            "/api/v3/auth",
            *["/api/v3/events"] * 2,
            "/api/v3/auth",
            "/api/v3/events",
        ]


async def test_a_wrong_password_is_final(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia", settings={"password": "wrong"}) as r:
        with pytest.raises(AuthenticationFailed) as caught:
            await r.provider.check()
        assert [seen.path for seen in r.seen] == ["/api/v3/auth"]
        assert "wrong" not in repr(caught.value).lower().replace("wrong username", "")


async def test_credentials_never_stand_in_a_query(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.provider.check()
        assert r.seen[0].query == ""
        assert r.seen[0].body.startswith(b'{"email":')


async def test_a_server_to_server_login_is_taken_where_it_is_configured() -> None:
    upstream = Upstream({"GET events": listed([])})
    provider = provider_of(upstream, client_id="the-client", client_secret="not-a-secret")
    await provider.check()
    assert upstream.seen[0].headers["authorization"] == "Bearer mmm.nnn.ooo"


async def test_half_a_login_is_named_before_any_request() -> None:
    upstream = Upstream({})
    with pytest.raises(AuthenticationFailed, match="client_secret"):
        await provider_of(upstream, client_id="the-client").check()
    assert upstream.seen == []


async def test_an_occurrence_is_refused_before_any_request() -> None:
    upstream = Upstream({})
    with pytest.raises(InvalidArguments) as caught:
        await provider_of(upstream).get_event("fair", frozenset(), datetime(2026, 5, 1, tzinfo=UTC).date())
    assert (caught.value.field, upstream.seen) == ("occurrence", [])


async def test_a_sale_is_refused_before_any_request_with_what_to_do_instead() -> None:
    upstream = Upstream({})
    order = SaleOrder(event_id="fair", name="Ann Ox", email="ann@ox.example", items=(("Day", 1),))
    with pytest.raises(Unsupported) as caught:
        await provider_of(upstream).plan_sale(order)
    assert "register_attendee" in caught.value.next
    assert upstream.seen == []


def test_every_capability_is_accounted_for_in_few_words() -> None:
    modes = {capability: cell.mode for capability, cell in Eventtia.support.items()}
    assert modes == {
        Capability.LIST_EVENTS: Mode.NATIVE,
        Capability.GET_EVENT: Mode.NATIVE,
        Capability.REGISTER_ATTENDEE: Mode.NATIVE,
        Capability.CREATE_SALE: Mode.UNSUPPORTED,
        Capability.CLONE_EVENT: Mode.NATIVE,
        Capability.ARCHIVE_EVENT: Mode.EMULATED,
        Capability.LIST_SESSIONS: Mode.NATIVE,
        Capability.LIST_ATTENDEES: Mode.NATIVE,
        Capability.LIST_SALES: Mode.NATIVE,
        Capability.EVENT_SUMMARY: Mode.NATIVE,
        Capability.CREATE_EVENT: Mode.NATIVE,
        Capability.UPDATE_EVENT: Mode.NATIVE,
        Capability.CANCEL_REGISTRATION: Mode.NATIVE,
        Capability.UPDATE_SALE: Mode.UNSUPPORTED,
    }
    assert set(modes) == set(Capability)
    assert all(len(cell.how) <= 90 for cell in Eventtia.support.values())
