"""What every registered provider must hold, whoever wrote it."""

import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from eventdesk_server.registry import registration
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import ErrorCode, EventdeskError, Unsupported
from eventdesk_tools.models import CloneOrder, EventQuery, Registration, SaleOrder
from eventdesk_tools.ports import PROVIDER_TITLES, Capability, EventProvider, Mode, ProviderName
from eventdesk_tools.records import AttendeeQuery, EventDraft, Page, SaleQuery, SessionQuery, SummaryQuery
from eventdesk_tools.refs import RECORD_ID
from tests.support import NOW, Rehearsal, rehearse

pytestmark = pytest.mark.anyio
PROVIDERS = [provider.value for provider in ProviderName]
QUERY = EventQuery(now=NOW, when="all")
METHODS: Mapping[Capability, str] = {
    Capability.LIST_EVENTS: "list_events",
    Capability.GET_EVENT: "get_event",
    Capability.REGISTER_ATTENDEE: "plan_registration",
    Capability.CREATE_SALE: "plan_sale",
    Capability.CLONE_EVENT: "plan_clone",
    Capability.ARCHIVE_EVENT: "plan_archive",
    Capability.LIST_SESSIONS: "list_sessions",
    Capability.LIST_ATTENDEES: "list_attendees",
    Capability.LIST_SALES: "list_sales",
    Capability.EVENT_SUMMARY: "event_figures",
    Capability.CREATE_EVENT: "plan_event",
    Capability.UPDATE_EVENT: "plan_update",
    Capability.CANCEL_REGISTRATION: "plan_cancellation",
    Capability.UPDATE_SALE: "plan_sale_update",
}
CALLS: Mapping[Capability, Callable[[EventProvider, str], Awaitable[object]]] = {
    Capability.LIST_EVENTS: lambda p, _: listed(p),
    Capability.GET_EVENT: lambda p, e: p.get_event(e, frozenset()),
    Capability.REGISTER_ATTENDEE: lambda p, e: p.plan_registration(
        Registration(event_id=e, name="Ada Pier", email="ada@pier.example")
    ),
    Capability.CREATE_SALE: lambda p, e: p.plan_sale(
        SaleOrder(event_id=e, name="Ada Pier", email="ada@pier.example", items=(("x", 1),))
    ),
    Capability.CLONE_EVENT: lambda p, e: p.plan_clone(CloneOrder(event_id=e, starts="2028-01-01T10:00")),
    Capability.ARCHIVE_EVENT: lambda p, e: p.plan_archive(e, restore=False),
    Capability.LIST_SESSIONS: lambda p, e: whole(lambda: p.list_sessions(SessionQuery(event_id=e))),
    Capability.LIST_ATTENDEES: lambda p, e: whole(lambda: p.list_attendees(AttendeeQuery(event_id=e))),
    Capability.LIST_SALES: lambda p, e: whole(lambda: p.list_sales(SaleQuery(event_id=e))),
    Capability.EVENT_SUMMARY: lambda p, e: p.event_figures(SummaryQuery(event_id=e, now=NOW)),
    Capability.CREATE_EVENT: lambda p, _: p.plan_event(EventDraft(title="New", starts="2028-01-01T10:00")),
    Capability.UPDATE_EVENT: lambda p, e: p.plan_update(e, EventDraft(title="Renamed")),
    Capability.CANCEL_REGISTRATION: lambda p, e: p.plan_cancellation(e, "1", whole_order=False),
    Capability.UPDATE_SALE: lambda p, e: p.plan_sale_update(e, "1", "mark_paid", whole_order=False),
}
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("eventschedule", {}), ("eventtia", {}), ("heysummit", {}), ("eventhq", {}), ("evvnt", {}),
    ("evvnt", {"role": "publisher"}), ("heysummit", {"api_version": "v1"}),
]  # fmt: skip


async def offered(name: str) -> set[Capability]:
    """What the platform offers to an account of some role or version."""
    found: set[Capability] = set()
    for settings in (settings for provider, settings in VARIANTS if provider == name):
        async with rehearse(name, settings={name: settings}) as r:
            found |= {c for c in Capability if r.provider.cell(c).mode is not Mode.UNSUPPORTED}
    return found


async def whole(pages: Callable[[], AsyncIterator[Page[Any]]]) -> list[Any]:
    """All rows of a list. It is opened here, so that a refusal at once and one at the first page look the same."""
    return [row async for page in pages() for row in page.rows]


async def listed(provider: EventProvider) -> list[str]:
    return [event.id async for event in provider.list_events(QUERY)]


def overridden(provider: EventProvider, method: str) -> bool:
    return getattr(type(provider), method) is not getattr(EventProvider, method)


async def code_of(call: Awaitable[object]) -> ErrorCode | None:
    """The code of a call's failure, or None when it did not fail."""
    try:
        await call
    except EventdeskError as exc:
        return exc.code
    return None


@pytest.mark.parametrize(("name", "settings"), VARIANTS)
async def test_the_table_accounts_for_every_capability_and_its_methods_agree(
    name: str, settings: dict[str, Any]
) -> None:
    async with rehearse(name, settings={name: settings}) as r:
        assert set(r.provider.support) == set(Capability)
        for capability in Capability:
            table = r.provider.support[capability]
            assert table.mode is Mode.NATIVE or table.how
            assert len(table.how) <= 120
            # What no role and no version of the platform offers has no code; everything else has.
            assert overridden(r.provider, METHODS[capability]) == (capability in await offered(name))


@pytest.mark.parametrize(("name", "settings"), VARIANTS)
async def test_what_a_platform_cannot_do_is_refused_before_any_request(name: str, settings: dict[str, Any]) -> None:
    async with rehearse(name, settings={name: settings}) as r:
        refused = [c for c in Capability if r.provider.cell(c).mode is Mode.UNSUPPORTED]
        for capability in refused:
            with pytest.raises(Unsupported) as caught:
                r.provider.require(capability)
            assert caught.value.next
            with pytest.raises(Unsupported):
                await CALLS[capability](r.provider, "anything")
        assert r.seen == []
        assert refused or name == "eventschedule"


@pytest.mark.parametrize("name", PROVIDERS)
async def test_every_event_of_the_season_is_listed_once_with_an_opaque_id(name: str) -> None:
    async with rehearse(name) as r:
        ids = await listed(r.provider)
        assert len(ids) == len(set(ids)) >= 10
        assert all(RECORD_ID.fullmatch(event) for event in ids)
        assert [seen.method for seen in r.seen if seen.method != "GET" and "/auth" not in seen.path] == []


@pytest.mark.parametrize("name", PROVIDERS)
async def test_reading_and_planning_send_no_write(name: str) -> None:
    codes: list[ErrorCode | None] = []
    async with rehearse(name) as r:
        for event in (await listed(r.provider))[:6]:
            codes += [await code_of(call(r.provider, event)) for call in CALLS.values()]
        assert ErrorCode.INTERNAL not in codes
        assert [seen for seen in r.writes if "auth" not in seen.path] == []


FAULTS = [
    (Fault(kind="status", code=401), {ErrorCode.AUTHENTICATION_FAILED}),
    (Fault(kind="status", code=403), {ErrorCode.PERMISSION_DENIED, ErrorCode.AUTHENTICATION_FAILED}),
    (Fault(kind="status", code=404), {ErrorCode.NOT_FOUND, ErrorCode.PROVIDER_CHANGED}),
    (Fault(kind="status", code=429, retry_after=99), {ErrorCode.RATE_LIMITED}),
    (Fault(kind="status", code=500), {ErrorCode.PROVIDER_UNAVAILABLE}),
    (Fault(kind="status", code=503), {ErrorCode.PROVIDER_UNAVAILABLE}),
    (Fault(kind="html", code=200), {ErrorCode.PROVIDER_CHANGED}),
    (Fault(kind="malformed"), {ErrorCode.PROVIDER_CHANGED}),
    (Fault(kind="truncated"), {ErrorCode.PROVIDER_UNAVAILABLE}),
    (Fault(kind="invalid_utf8"), {ErrorCode.PROVIDER_CHANGED}),
    (Fault(kind="drop_before"), {ErrorCode.PROVIDER_UNAVAILABLE}),
    (Fault(kind="black_hole"), {ErrorCode.PROVIDER_UNAVAILABLE}),
    (Fault(kind="huge", bytes=50_000_000), {ErrorCode.PROVIDER_CHANGED}),
    (Fault(kind="redirect", location="https://elsewhere.example/x"), {ErrorCode.PROVIDER_CHANGED}),
]


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(("fault", "codes"), FAULTS, ids=[f"{f.kind}-{f.code or ''}" for f, _ in FAULTS])
async def test_a_failing_platform_maps_to_the_designed_code_and_keeps_its_secrets(
    name: str, fault: Fault, codes: set[ErrorCode], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with rehearse(name) as r:
        await r.provider.check()
        r.sandbox.faults.add(fault)
        with pytest.raises(EventdeskError) as caught:
            await listed(r.provider)
        assert caught.value.code in codes
        assert PROVIDER_TITLES[ProviderName(name)] in caught.value.message
        told = caught.value.message + caught.value.next + caplog.text + repr(r.provider) + repr(caught.value)
        for secret in secrets_of(r, name):
            assert secret not in told


def secrets_of(r: Rehearsal, name: str) -> list[str]:
    given = r.sandbox.connections("http://x")[name]
    return [value for key, value in given.items() if key in {"key", "secret", "password", "client_secret"}]


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_wrong_key_is_told_as_such_and_is_not_shown(name: str) -> None:
    wrong = (
        {"email": "nobody@example.org", "password": "canary-secret"} if name == "eventtia" else {"key": "canary-secret"}
    )
    async with rehearse(name, settings={name: wrong}) as r:
        with pytest.raises(EventdeskError) as caught:
            await r.provider.check()
        assert caught.value.code is ErrorCode.AUTHENTICATION_FAILED
        assert "canary" not in caught.value.message + repr(r.provider) + repr(r.account)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_registration_names_its_own_settings(name: str) -> None:
    found = registration(ProviderName(name))
    assert found.name == name
    assert inspect.isclass(found.settings)
    assert found.settings.model_fields["provider"].annotation is not None
