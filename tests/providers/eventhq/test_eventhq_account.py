"""An EventHQ account: everything in the path, the key never seen, and booking handed to a person."""

import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typing_extensions import override

from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    InvalidArguments,
    ListIncomplete,
    NotFound,
    NotOnSale,
    ProviderChanged,
    RejectedByProvider,
    SoldOut,
    UnknownRef,
    Unsupported,
)
from eventdesk_tools.models import (
    CloneOrder,
    EventQuery,
    Include,
    Outcome,
    Registration,
    SaleOrder,
    WriteResult,
)
from eventdesk_tools.ports import Capability, EventProvider, Mode
from tests.providers.conftest import Rehearse
from tests.providers.scripted import Reply, Scripted, answers, example, raw, read_into

pytestmark = pytest.mark.anyio
HERE = Path(__file__).parent
KEY = "canary:key/+ü-no".replace("ü", "u")
TOKEN = "/token:canary:key/+u-no"
SETTINGS: dict[str, Any] = {"provider": "eventhq", "key": KEY, "subdomain": "demo"}
QUERY = EventQuery(now=datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
ROW: dict[str, Any] = example(HERE, "list_row")
VIEW: dict[str, Any] = example(HERE, "view_coming")
SLUG = "pond-survey-april-2027"
NOTHING: frozenset[Include] = frozenset()


class Site(Scripted):
    """EventHQ with these events, matched by the first segments of the path; filters select nothing."""

    def __init__(self, rows: list[dict[str, Any]], view: dict[str, Any] = VIEW, *, most: int = 100) -> None:
        super().__init__({})
        self.rows, self.view, self.most = rows, view, most
        self.counted = len(rows)

    @override
    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        path = request.url.raw_path.decode()
        parts = dict(part.split(":", 1) for part in path.split("/") if ":" in part)
        if "/events/count" in path:
            return httpx2.Response(200, json={"message": "success", "count": self.counted})
        if "/events/index" in path:
            size, page = min(int(parts["limit"]), self.most), int(parts["page"])
            return httpx2.Response(
                200, json={"message": "success", "events": self.rows[(page - 1) * size : page * size]}
            )
        return httpx2.Response(200, json=self.view)


def many(number: int) -> list[dict[str, Any]]:
    return [ROW | {"id": str(i), "slug": f"event-{i}"} for i in range(number)]


async def listed(provider: EventProvider, query: EventQuery = QUERY) -> list[str]:
    return [event.id async for event in provider.list_events(query)]


async def test_everything_travels_in_the_path_with_the_token_last_and_encoded_once() -> None:
    site = Site(many(1))
    await listed(site.account(SETTINGS), EventQuery(now=QUERY.now, since=QUERY.now, until=QUERY.now))
    filters = "/f:event_starts%20%3E:2027-02-27%7Cevent_starts%20%3C:2027-03-03/token:canary%3Akey%2F%2Bu-no"
    assert [str(request.url) for request in site.seen] == [
        f"https://demo.eventhq.co.uk/api/v1/events/count{filters}",
        f"https://demo.eventhq.co.uk/api/v1/events/index/limit:100/page:1/sort:event_starts/direction:asc{filters}",
    ]
    assert all("authorization" not in request.headers for request in site.seen)


async def test_an_empty_filter_is_left_out_and_past_events_come_latest_first() -> None:
    site = Site(many(1))
    await listed(site.account(SETTINGS), EventQuery(now=QUERY.now, when="past"))
    assert site.asked == [
        f"GET /api/v1/events/count{TOKEN}",
        f"GET /api/v1/events/index/limit:100/page:1/sort:event_starts/direction:desc{TOKEN}",
    ]


async def test_pages_are_read_until_the_count_is_reached() -> None:
    site = Site(many(237))
    assert len(await listed(site.account(SETTINGS))) == 237
    assert len(site.seen) == 4


async def test_a_page_that_holds_fewer_than_asked_for_is_not_taken_for_the_end() -> None:
    site = Site(many(45), most=20)
    assert await listed(site.account(SETTINGS)) == [f"event-{i}" for i in range(45)]


async def test_a_list_shorter_than_its_count_is_called_incomplete() -> None:
    site = Site(many(3))
    site.counted = 4
    read: list[str] = []
    with pytest.raises(ListIncomplete):
        await read_into(read, site.account(SETTINGS), QUERY)
    assert len(read) == 3


async def test_no_events_are_one_request_and_no_failure() -> None:
    site = Site([])
    assert await listed(site.account(SETTINGS)) == []
    assert len(site.seen) == 1


async def test_an_undated_event_is_listed_among_those_to_come() -> None:
    site = Site([ROW | {"event_starts": None, "event_ends": None}])
    assert await listed(site.account(SETTINGS), EventQuery(now=QUERY.now, when="upcoming")) == [SLUG]


async def test_an_event_is_viewed_by_slug_and_completed_from_its_list_row() -> None:
    site = Site([ROW | {"id": "1", "slug": "another"}, ROW])
    detail = await site.account(SETTINGS).get_event(SLUG, frozenset({Include.DESCRIPTION, Include.SESSIONS}))
    day = f"/f:event_starts >:2027-04-11|event_starts <:2027-04-13{TOKEN}"
    assert site.asked == [
        f"GET /api/v1/events/view/event:{SLUG}{TOKEN}",
        f"GET /api/v1/events/count{day}",
        f"GET /api/v1/events/index/limit:100/page:1/sort:event_starts/direction:asc{day}",
    ]
    assert (detail.event.tags, detail.event.registered, detail.event.test) == (("Surrey", "Ponds"), 2, False)
    assert (detail.description, detail.sessions) == ("One day by the water.", None)
    assert detail.notes == (
        "EventHQ's API states no currency: GBP is assumed.",
        "registered includes people who are in the middle of booking.",
    )


async def test_an_undated_event_is_completed_by_its_name() -> None:
    undated = {"event_starts": None, "event_ends": None, "name": "Bats / Moths &amp; more"}
    site = Site([ROW | undated], {"message": "success", "event": VIEW["event"] | undated})
    detail = await site.account(SETTINGS).get_event(SLUG, NOTHING)
    assert detail.event.registered == 2
    assert site.asked[1] == f"GET /api/v1/events/count/q:Bats   Moths & more{TOKEN}", "a slash cannot be transported"


async def test_an_event_that_the_list_does_not_show_says_what_is_not_known() -> None:
    detail = await Site([]).account(SETTINGS | {"currency": "EUR"}).get_event(SLUG, NOTHING)
    assert detail.notes == ("EventHQ's list does not show this event: head count, tags and test mode are not known.",)
    assert [str(ticket.price) for ticket in detail.tickets or ()] == ["95.50 EUR"]


async def test_the_check_counts_the_events() -> None:
    site = Site(many(37))
    assert (await site.account(SETTINGS).check()).notes == ("37 events",)
    assert site.asked == [f"GET /api/v1/events/count{TOKEN}"]


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (answers({"message": "Event not available"}), RejectedByProvider),
        (answers({"message": "No token"}, 401), AuthenticationFailed),
        (answers({"message": "No token"}, 403), AuthenticationFailed),
        (answers({"message": "Not found"}, 404), NotFound),
        (answers({"message": "Bad filter"}, 400), RejectedByProvider),
        (raw(200, "<html>x</html>", "text/html"), ProviderChanged),
        (raw(200, '{"message":"success"', "application/json"), ProviderChanged),
        (raw(302, "", "text/html", location="https://evil.example/"), ProviderChanged),
    ],
)  # fmt: skip
async def test_each_failure_is_told_for_what_it_is_without_the_key(
    reply: Reply, failure: type[EventdeskError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script = Scripted({f"GET /api/v1/events/view/event:{SLUG}{TOKEN}": reply})
    account = script.account(SETTINGS)
    with pytest.raises(failure) as caught:
        await account.get_event(SLUG, NOTHING)
    assert len(script.seen) == 1, "nothing is followed or repeated"
    told = f"{caught.value!r}{caught.value.next}{caplog.text}{account!r}"
    assert "canary" not in told
    if failure is RejectedByProvider:
        assert "Event not available" in str(caught.value) or "Bad filter" in str(caught.value)


async def test_an_account_without_an_address_or_key_says_which_setting_is_missing() -> None:
    script = Scripted({})
    with pytest.raises(AuthenticationFailed, match=r"accounts\.club\.subdomain"):
        await script.account({"provider": "eventhq", "key": "k"}).check()
    with pytest.raises(AuthenticationFailed, match=r"accounts\.club\.key"):
        await script.account({"provider": "eventhq", "subdomain": "demo"}).check()
    assert script.seen == []


def wanted(**changes: Any) -> Registration:
    given: dict[str, Any] = {"event_id": SLUG, "name": "Kim Quay", "email": "kim@example.org"}
    return Registration(**(given | changes))


async def test_registering_is_handed_to_a_person_and_nothing_is_written() -> None:
    site = Site([ROW])
    assert await site.account(SETTINGS).plan_registration(
        wanted(ticket="member", answers=(("Diet", "x"),))
    ) == WriteResult(
        outcome=Outcome.HAND_OFF,
        event_id=SLUG,
        url="https://demo.eventhq.co.uk/bookings/start/event:pond-survey-april-2027",
        mail="no",
        notes=(
            "Nothing was done: EventHQ's API takes no bookings. The person books on this page and enters name and e-mail.",
            "To be chosen there: 'Member'.",
            "The link carries no answers: they are to be entered there.",
        ),
    )
    assert {request.method for request in site.seen} == {"GET"}


async def test_a_sale_is_handed_over_with_what_to_choose() -> None:
    extra = VIEW["event"]["products"][0] | {"id": "lunch-1", "name": "Lunch", "primary": False}
    view = {"message": "success", "event": VIEW["event"] | {"products": [*VIEW["event"]["products"], extra]}}
    order = SaleOrder(
        event_id=SLUG, name="Kim", email="kim@example.org", items=(("Member", 2), ("x-lunch-1", 1), ("LUNCH", 3))
    )
    result = await Site([ROW], view).account(SETTINGS).plan_sale(order)
    assert isinstance(result, WriteResult)
    assert result.notes[1] == "To be chosen there: 2 × 'Member', 1 × 'Lunch', 3 × 'Lunch'."


@pytest.mark.parametrize(
    ("row", "failure"),
    [
        ({"sold_out": True}, SoldOut),
        ({"test": True}, None),
        ({}, None),
    ],
)
async def test_a_sold_out_event_hands_out_no_form(row: dict[str, Any], failure: type[EventdeskError] | None) -> None:
    account = Site([ROW | row]).account(SETTINGS)
    if failure is None:
        result = await account.plan_registration(wanted())
        assert isinstance(result, WriteResult)
        assert any("test mode" in note for note in result.notes) is bool(row)
    else:
        with pytest.raises(failure):
            await account.plan_registration(wanted())


@pytest.mark.parametrize(
    "fields",
    [
        {"event_ends": "2027-02-01T00:00:00+0000"},
        {"registration_opens": "2027-03-02T00:00:00+0000"},
        {"registration_closes": "2027-02-01T00:00:00+0000"},
    ],
)
async def test_an_event_that_nobody_can_book_hands_out_no_form(fields: dict[str, str]) -> None:
    with pytest.raises(NotOnSale):
        await (
            Site([ROW], {"message": "success", "event": VIEW["event"] | fields})
            .account(SETTINGS)
            .plan_registration(wanted())
        )


@pytest.mark.parametrize(
    ("changes", "failure", "field"),
    [
        ({"occurrence": date(2027, 4, 12)}, InvalidArguments, "occurrence"),
        ({"sessions": ("Keynote",)}, Unsupported, "sessions"),
        ({"complimentary": True}, Unsupported, "complimentary"),
    ],
)
async def test_what_no_form_can_be_told_is_refused_before_any_request(
    changes: dict[str, Any], failure: type[EventdeskError], field: str
) -> None:
    site = Site([ROW])
    with pytest.raises(failure) as caught:
        await site.account(SETTINGS).plan_registration(wanted(**changes))
    assert (caught.value.field, site.seen) == (field, [])


async def test_an_unknown_ticket_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownRef) as caught:
        await Site([ROW]).account(SETTINGS).plan_registration(wanted(ticket="VIP"))
    assert caught.value.allowed == ("t-5b0c1f3e-1111-4a2b-9c3d-77aa12bc34de Member 95.50 GBP",)


async def test_everything_else_is_refused_because_the_api_only_reads() -> None:
    site = Site([ROW])
    account = site.account(SETTINGS)
    with pytest.raises(Unsupported, match="read-only"):
        await account.plan_archive(SLUG, restore=False)
    with pytest.raises(Unsupported, match="read-only"):
        await account.plan_clone(CloneOrder(event_id=SLUG, starts="2027-09-01"))
    with pytest.raises(Unsupported) as caught:
        await account.plan_sale(
            SaleOrder(event_id=SLUG, name="Kim", email="kim@example.org", items=(("Member", 1),), coupon="X")
        )
    assert caught.value.field == "coupon"
    assert site.seen == []


def test_every_capability_is_accounted_for_in_few_words() -> None:
    provider = Scripted({}).account(SETTINGS)
    modes: dict[Mode, set[str]] = {}
    for capability in Capability:
        modes.setdefault(provider.cell(capability).mode, set()).add(capability.value)
    assert modes[Mode.NATIVE] == {"list_events", "get_event", "event_summary"}
    assert modes[Mode.HAND_OFF] == {"register_attendee", "create_sale"}
    assert len(modes[Mode.UNSUPPORTED]) == len(Capability) - 5
    assert all(len(provider.cell(capability).how) <= 90 for capability in Capability)


async def test_the_rehearsals_events_are_each_listed_once_and_agree_with_their_view(rehearsal: Rehearse) -> None:
    async with rehearsal("eventhq") as r:
        events = {event.id: event async for event in r.provider.list_events(QUERY)}
        assert len(events) >= 25
        for slug, event in events.items():
            assert (await r.provider.get_event(slug, NOTHING)).event == event, "list and view say the same once merged"
        assert r.writes == []
