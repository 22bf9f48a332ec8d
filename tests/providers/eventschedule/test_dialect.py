"""How Event Schedule's refusals are understood, and how its limits are kept."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import anyio
import httpx2
import pytest
from pydantic import SecretStr

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import HeaderKey
from eventdesk_server.http.policy import IdleReset
from eventdesk_server.providers.eventschedule.adapter import EventSchedule
from eventdesk_server.providers.eventschedule.dialect import DEFAULT_BASE_URL, DIALECT
from eventdesk_server.providers.eventschedule.operations import ALL
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.settings import EventScheduleSettings
from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    ListIncomplete,
    NotFound,
    NotOnSale,
    PermissionDenied,
    PlanRequired,
    ProviderChanged,
    RateLimited,
    RejectedByProvider,
    SoldOut,
)
from eventdesk_tools.models import EventQuery, SaleOrder
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import Capability, Mode
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.support import NOW, ROOT

pytestmark = pytest.mark.anyio

KEY = "0123456789abcdef0123456789abcdef"
EVENT = {"id": "Hw81Lp", "name": "Harbour Folk", "starts_at": "2027-04-01 01:00:00", "tickets_enabled": True}
SELLING = {**EVENT, "tickets": [{"id": "p2XcRd", "type": "Free", "price": "0.000"}], "schedules": []}


async def no_sleep(seconds: float) -> None:
    await anyio.lowlevel.checkpoint()


def scripted(handler: Callable[[httpx2.Request], httpx2.Response], base_url: str = DEFAULT_BASE_URL) -> EventSchedule:
    client = ProviderClient(
        account="club",
        base_url=base_url,
        dialect=DIALECT,
        credentials=HeaderKey("X-API-Key", "", SecretStr(KEY)),
        transport=httpx2.MockTransport(handler),
        sleep=no_sleep,
    )
    return EventSchedule(Reader(client, EventScheduleSettings(provider="eventschedule", zone="UTC"), lambda: NOW))


def answering(status: int, body: Any, headers: dict[str, str] | None = None) -> EventSchedule:
    return scripted(lambda _: httpx2.Response(status, json=body, headers=headers))


async def test_requests_carry_the_key_ask_for_json_and_end_in_no_slash() -> None:
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"data": [], "meta": {"current_page": 1, "total": 0}})

    provider = scripted(handle, "https://events.example.org/api")
    await provider.check()
    assert str(seen[0].url) == "https://events.example.org/api/schedules?per_page=100&page=1"
    assert (seen[0].headers["X-API-Key"], seen[0].headers["Accept"]) == (KEY, "application/json")
    assert KEY not in repr(provider) + repr(provider.__dict__)


def test_no_path_begins_or_ends_in_a_slash_and_every_slot_is_declared() -> None:
    for operation in ALL:
        assert operation.path.strip("/") == operation.path
        assert set(operation.slots) == {param.name for param in operation.params if param.where == "path"}


@pytest.mark.parametrize(
    ("status", "body", "raised", "words"),
    [
        (401, {"error": "Invalid API key"}, AuthenticationFailed, "Invalid API key"),
        (401, {"error": "API key expired"}, AuthenticationFailed, "one year"),
        (423, {"error": "API key temporarily blocked"}, AuthenticationFailed, "15 minutes"),
        (403, {"error": "Unauthorized"}, PermissionDenied, "Unauthorized"),
        (403, {"error": "API usage is limited to Pro accounts"}, PlanRequired, "Pro accounts"),
        (404, {"error": "Event not found"}, NotFound, ""),
        (404, {"message": "The route api/nope could not be found."}, ProviderChanged, "no API at this address"),
        (
            422,
            {"error": "Validation failed", "errors": {"name": ["The name field is required."]}},
            RejectedByProvider,
            "name field",
        ),
    ],
)
async def test_refusals_of_reads(status: int, body: Any, raised: type[EventdeskError], words: str) -> None:
    with pytest.raises(raised) as refused:
        await answering(status, body).get_event("Hw81Lp", frozenset())
    assert words in refused.value.message
    assert KEY not in refused.value.message + refused.value.next


@pytest.mark.parametrize("status", [301, 302])
async def test_a_redirect_means_a_wrong_base_url_and_is_not_followed(status: int) -> None:
    asked: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(status, headers={"Location": "https://eventschedule.com/"}, text="<html></html>")

    with pytest.raises(ProviderChanged) as refused:
        await scripted(handle).check()
    assert "base_url" in refused.value.next
    assert asked == [f"{DEFAULT_BASE_URL}/schedules?per_page=100&page=1"]


@pytest.mark.parametrize(
    ("status", "body", "raised", "words"),
    [
        (422, {"error": "Cannot sell tickets for events in the past"}, NotOnSale, "past"),
        (422, {"error": "Event does not have tickets enabled or is not a Pro account"}, NotOnSale, "cancelled"),
        (422, {"error": "Ticket sales have ended"}, NotOnSale, "ended"),
        (422, {"error": "Ticket sales have not started"}, NotOnSale, "not started"),
        (422, {"error": "Tickets not available for ticket p2XcRd. Remaining: 1"}, SoldOut, "Remaining: 1"),
        (422, {"error": "Tickets not available."}, SoldOut, "Too few"),
        (422, {"error": "Add-on not available: X. Remaining: 0"}, SoldOut, "Remaining: 0"),
        (422, {"error": "Ticket not found"}, RejectedByProvider, "Ticket not found"),
        (422, {"error": "No schedule found for this event that you have access to"}, PermissionDenied, "No schedule"),
        (
            422,
            {"error": "You have reached the daily limit for creating events. Please try again tomorrow."},
            RejectedByProvider,
            "daily limit",
        ),
        (404, {"message": "No query results for model [App\\Models\\Role] 10"}, RejectedByProvider, "venue"),
        (429, {"error": "Rate limit exceeded"}, RateLimited, ""),
        (429, {"message": "Too Many Attempts."}, RateLimited, ""),
    ],
)
async def test_refusals_of_writes(status: int, body: Any, raised: type[EventdeskError], words: str) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return httpx2.Response(status, json=body, headers={"Retry-After": "900"} if "message" in body else {})
        data: Any = SELLING if "/events/" in request.url.path else []
        return httpx2.Response(200, json={"data": data, "meta": {"current_page": 1, "last_page": 1, "total": 0}})

    provider = scripted(handle)
    plan = await provider.plan_sale(
        SaleOrder(event_id="Hw81Lp", name="Ida", email="ida@mail.test", items=(("Free", 1),))
    )
    assert isinstance(plan, WritePlan)
    with anyio.move_on_after(20), pytest.raises(raised) as refused:
        await plan.steps[0].send(_Context())
    assert words in refused.value.message


class _Context:
    values: dict[str, str] = {}
    seconds_left = 20.0

    async def progress(self, done: float, total: float | None, message: str) -> None: ...

    async def sleep(self, seconds: float) -> None: ...


async def test_rows_that_change_places_between_pages_are_read_again_so_that_none_is_missing() -> None:
    rows = [{**EVENT, "id": f"Ev{number:03}"} for number in range(150)]
    asked: list[int] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        if "schedules" in request.url.path:
            return httpx2.Response(200, json={"data": []})
        page = int(request.url.params["page"])
        asked.append(page)
        found = rows[:100] if page == 1 else rows[100:]
        if asked == [1, 2]:
            found = [rows[3], *rows[101:]]
        return httpx2.Response(200, json={"data": found, "meta": {"current_page": page, "last_page": 2, "total": 150}})

    found = [event.id async for event in scripted(handle).list_events(EventQuery(now=NOW, when="all"))]
    assert sorted(found) == [row["id"] for row in rows]
    assert asked == [1, 2, 1, 2]


async def test_a_list_that_stays_short_says_so() -> None:
    rows = [{**EVENT, "id": f"Ev{number:03}"} for number in range(150)]

    def handle(request: httpx2.Request) -> httpx2.Response:
        if "schedules" in request.url.path:
            return httpx2.Response(200, json={"data": []})
        page = int(request.url.params["page"])
        found = rows[:100] if page == 1 else [rows[3], *rows[101:]]
        return httpx2.Response(200, json={"data": found, "meta": {"current_page": page, "last_page": 2, "total": 150}})

    with pytest.raises(ListIncomplete, match="149 of 150"):
        _ = [event async for event in scripted(handle).list_events(EventQuery(now=NOW, when="all"))]


async def test_rows_that_a_hosted_server_leaves_out_are_not_missed() -> None:
    rows = [{**EVENT, "id": f"Ev{number:03}"} for number in range(3)]

    def handle(request: httpx2.Request) -> httpx2.Response:
        data = [] if "schedules" in request.url.path else rows
        return httpx2.Response(200, json={"data": data, "meta": {"current_page": 1, "last_page": 1, "total": 9}})

    assert len([event async for event in scripted(handle).list_events(EventQuery(now=NOW, when="all"))]) == 3


async def test_an_event_with_very_many_orders_is_shown_without_counts_and_says_so() -> None:
    asked: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if "/events/" in request.url.path:
            return httpx2.Response(200, json={"data": SELLING})
        sale: dict[str, Any] = {"id": "Sa00aa", "status": "paid", "tickets": [], "total_quantity": 1}
        data: Any = [] if "schedules" in request.url.path else [{**sale, "id": f"Sa{n:04}"} for n in range(200)]
        return httpx2.Response(200, json={"data": data, "meta": {"current_page": 1, "last_page": 11, "total": 2001}})

    detail = await scripted(handle).get_event("Hw81Lp", frozenset())
    assert (detail.event.sold, detail.event.registered, detail.tickets and detail.tickets[0].sold) == (None, None, None)
    assert any("2001 orders" in note for note in detail.notes)
    assert sum("sales" in path for path in asked) == 1


async def test_thirty_writes_then_a_silent_minute(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season={}, limits=True) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour", tickets=[{"type": "Free", "price": 0}])
        r.clock.advance(timedelta(seconds=61))
        plans: list[WritePlan] = []
        for number in range(31):
            wanted = SaleOrder(event_id=event["id"], name="Ida", email=f"p{number}@mail.test", items=(("Free", 1),))
            plan = await r.provider.plan_sale(wanted)
            assert isinstance(plan, WritePlan)
            plans.append(plan)
        for plan in plans[:30]:
            await r.carry_out(plan)
        with anyio.move_on_after(10), pytest.raises(RateLimited) as refused:
            await r.carry_out(plans[30])
        assert refused.value.retry_after
        assert len(r.writes) == 30
    assert IdleReset(30, 60, frozenset({"POST", "PUT", "DELETE"})) in DIALECT.limits
    assert IdleReset(300, 60, frozenset({"GET"})) in DIALECT.limits


@pytest.mark.parametrize("path", ["", "/nope"])
async def test_a_base_url_without_its_api_part_is_told_as_such(rehearsal: Rehearse, path: str) -> None:
    async with rehearsal("eventschedule", season={}, settings={"base_url": f"{ROOT}/eventschedule{path}"}) as r:
        with pytest.raises(ProviderChanged) as refused:
            await r.provider.check()
        assert "base_url" in refused.value.next


async def test_a_wrong_key_is_an_authentication_failure_and_a_missing_one_sends_nothing(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season={}, settings={"key": KEY}) as r:
        with pytest.raises(AuthenticationFailed):
            await r.provider.check()
        assert len(r.seen) == 1


def test_every_capability_is_accounted_for_in_few_words() -> None:
    assert set(EventSchedule.support) == set(Capability)
    assert {capability: cell.mode for capability, cell in EventSchedule.support.items()} == {
        Capability.LIST_EVENTS: Mode.NATIVE,
        Capability.GET_EVENT: Mode.NATIVE,
        Capability.REGISTER_ATTENDEE: Mode.EMULATED,
        Capability.CREATE_SALE: Mode.NATIVE,
        Capability.CLONE_EVENT: Mode.EMULATED,
        Capability.ARCHIVE_EVENT: Mode.EMULATED,
        Capability.LIST_SESSIONS: Mode.NATIVE,
        Capability.LIST_ATTENDEES: Mode.EMULATED,
        Capability.LIST_SALES: Mode.NATIVE,
        Capability.EVENT_SUMMARY: Mode.EMULATED,
        Capability.CREATE_EVENT: Mode.NATIVE,
        Capability.UPDATE_EVENT: Mode.NATIVE,
        Capability.CANCEL_REGISTRATION: Mode.EMULATED,
        Capability.UPDATE_SALE: Mode.NATIVE,
    }
    assert all(len(cell.how) <= 90 and cell.source for cell in EventSchedule.support.values())
    assert json.dumps([cell.how for cell in EventSchedule.support.values()])
