"""Reading HeySummit: its two ways of paging, and events with their parts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from eventdesk_tools.errors import (
    AuthenticationFailed,
    ListIncomplete,
    PermissionDenied,
    ProviderChanged,
    RejectedByProvider,
)
from eventdesk_tools.models import Coupon, EventDetail, EventQuery, Include, Speaker
from eventdesk_tools.ports import Capability, EventProvider, Mode
from tests.providers.conftest import Rehearse
from tests.providers.heysummit.desk import BROKEN, EVENT, FREE, KIM, PAID, SETTINGS, TALK, V1, V2, page, v1, v2
from tests.providers.scripted import Reply, Scripted, answers, in_turn, raw, read_into
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio
QUERY = EventQuery(now=datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
NOTHING: frozenset[Include] = frozenset()


def events(*ids: int) -> list[dict[str, Any]]:
    return [EVENT | {"id": number} for number in ids]


async def listed(provider: EventProvider) -> list[str]:
    return [event.id async for event in provider.list_events(QUERY)]


def paged(*pages: Any) -> Scripted:
    return Scripted({"GET /api/v2/events/": in_turn(*map(answers, pages))})


async def test_events_are_read_page_by_page_with_the_token_and_an_own_agent() -> None:
    script = paged(
        page(*events(1, 2), count=3, next="https://app.heysummit.com/api/v2/events/?page=2"), page(*events(3), count=3)
    )
    assert await listed(script.account(SETTINGS)) == ["1", "2", "3"]
    assert script.asked == ["GET /api/v2/events/", "GET /api/v2/events/?page=2"]
    request = script.seen[0]
    assert request.url.host == "app.heysummit.com"
    assert request.headers["authorization"] == "Token a-canary-key"
    assert request.headers["user-agent"].startswith("Eventdesk/")
    assert request.headers["accept"] == "application/json"


async def test_the_user_agent_is_a_setting() -> None:
    script = paged(page())
    await listed(script.account(SETTINGS | {"user_agent": "Mozilla/5.0"}))
    assert script.seen[0].headers["user-agent"] == "Mozilla/5.0"


async def test_of_a_next_link_only_the_number_is_used() -> None:
    script = paged(
        page(*events(1), count=2, next="http://evil.example:8000/other/?page=2&token=x"), page(*events(2), count=2)
    )
    assert await listed(script.account(SETTINGS)) == ["1", "2"]
    assert [str(request.url) for request in script.seen] == [
        "https://app.heysummit.com/api/v2/events/",
        "https://app.heysummit.com/api/v2/events/?page=2",
    ]


async def test_the_way_of_paging_is_learnt_from_next() -> None:
    script = paged(
        page(*events(1, 2), count=3, next="https://app.heysummit.com/api/v2/events/?limit=2&offset=2"),
        page(*events(3), count=3),
    )
    assert await listed(script.account(SETTINGS)) == ["1", "2", "3"]
    assert script.asked[1] == "GET /api/v2/events/?limit=50&offset=2"


async def test_a_list_that_counts_more_and_names_no_next_page_is_read_on() -> None:
    script = paged(page(*events(1, 2), count=3), page(*events(3), count=3))
    assert await listed(script.account(SETTINGS)) == ["1", "2", "3"]
    assert script.asked[1] == "GET /api/v2/events/?page=2"


async def test_lists_inside_an_event_go_on_by_offset() -> None:
    talks = [TALK | {"id": number, "title": str(number)} for number in (1, 2, 3)]
    script = v2()
    script.script[f"GET {V2}talks/"] = in_turn(answers(page(*talks[:2], count=3)), answers(page(talks[2], count=3)))
    detail = await script.account(SETTINGS).get_event("4711", frozenset({Include.SESSIONS}))
    assert [talk.id for talk in detail.sessions or ()] == ["1", "2", "3"]
    asked = [line for line in script.asked if "talks" in line]
    assert asked == [f"GET {V2}talks/?limit=50", f"GET {V2}talks/?limit=50&offset=2"]


async def test_a_route_that_ignores_its_paging_parameter_is_reported_not_read_forever() -> None:
    same = page(*events(1, 2), count=9, next="https://app.heysummit.com/api/v2/events/?page=2")
    script = paged(same)
    read: list[str] = []
    with pytest.raises(ListIncomplete):
        await read_into(read, script.account(SETTINGS), QUERY)
    assert read == ["1", "2"]
    assert len(script.seen) == 2


async def test_a_next_page_named_in_an_unknown_way_is_not_the_end() -> None:
    script = paged(page(*events(1), next="https://app.heysummit.com/api/v2/events/?cursor=abc"))
    with pytest.raises(ListIncomplete):
        await listed(script.account(SETTINGS))


async def test_a_page_past_the_end_says_that_the_list_is_incomplete() -> None:
    script = Scripted(
        {"GET /api/v2/events/": in_turn(answers(page(*events(1), count=5)), answers({"detail": "Invalid page."}, 404))}
    )
    with pytest.raises(ListIncomplete):
        await listed(script.account(SETTINGS))


async def test_rows_that_come_twice_are_listed_once() -> None:
    script = paged(
        page(*events(1, 2), count=3, next="https://app.heysummit.com/api/v2/events/?page=2"),
        page(*events(2, 3), count=3),
    )
    assert await listed(script.account(SETTINGS)) == ["1", "2", "3"]


async def test_an_event_shows_its_prices_as_tickets_and_who_completed_an_order() -> None:
    script = v2(tickets=(FREE, PAID), people=(KIM,))
    detail = await script.account(SETTINGS | {"currency": "GBP"}).get_event("4711", NOTHING)
    shown = [(t.id, t.name, str(t.price), t.left, t.on_sale) for t in detail.tickets or ()]
    assert shown == [
        ("8803", "Free pass", "0.00 GBP", None, True),
        ("8801", "Day pass, Early", "49.00 GBP", 12, True),
        ("8802", "Day pass, Regular", "79.00 GBP", 12, True),
    ]
    assert (detail.event.registered, detail.notes) == (1, ())
    assert (detail.sessions, detail.speakers, detail.coupons, detail.fields, detail.description) == (None,) * 5
    assert script.asked == [
        f"GET {V2}",
        f"GET {V2}tickets/?limit=50",
        f"GET {V2}attendees/?registration_status=Completed Order&limit=1",
    ]


async def test_a_ticket_whose_prices_cannot_be_read_is_named_and_has_no_ref() -> None:
    detail = await v2(tickets=(FREE, BROKEN)).account(SETTINGS).get_event("4711", NOTHING)
    assert [ticket.id for ticket in detail.tickets or ()] == ["8803"]
    assert detail.notes == ("The prices of the ticket 'Mystery pass' cannot be read; it cannot be chosen here.",)


async def test_every_part_is_fetched_when_it_is_asked_for() -> None:
    script = v2()
    undated = TALK | {"id": 3, "date": None}
    early = TALK | {"id": 2, "date": "2027-07-06T09:30:00"}
    script.script[f"GET {V2}"] = answers(EVENT | {"description": "<p>Tides</p>"})
    script.script[f"GET {V2}talks/"] = answers(page(undated, TALK, early))
    script.script[f"GET {V2}speakers/"] = answers(
        page(
            {"id": 1, "first_name": "Ada", "last_name": None, "company": "Pier Co"},
            {"id": 2, "first_name": "", "last_name": None},
        )
    )
    script.script[f"GET {V2}coupons/"] = answers(
        page({"id": 1, "coupon_code": "EARLY", "title": "Early", "is_active": True, "amount_discount": 20},
             {"id": 2, "coupon_code": "", "is_active": True})
    )  # fmt: skip
    detail = await script.account(SETTINGS).get_event("4711", frozenset(Include))
    assert [talk.id for talk in detail.sessions or ()] == ["2", "90210", "3"], "undated talks stand last"
    assert detail.speakers == (Speaker(name="Ada", company="Pier Co"),)
    assert detail.coupons == (
        Coupon(code="EARLY", title="Early", discount="20", usable=True),
        Coupon(code="", usable=False),
    )
    assert [(field.field, field.required) for field in detail.fields or ()] == [("name", True), ("email", True)]
    assert detail.description == "<p>Tides</p>"


async def test_on_version_1_tickets_are_the_events_own_and_have_no_price() -> None:
    mine = {"id": 2, "url": "http://api.heysummit.com/api/tickets/30/", "name": "Day pass", "event_id": 4711}
    script = v1(tickets=(mine, mine | {"id": 3, "event_id": 24}))
    detail = await script.account(V1).get_event("4711", NOTHING)
    assert [(t.id, t.name, t.price) for t in detail.tickets or ()] == [("2", "Day pass", None)]
    assert detail.notes == ("Version 1 of HeySummit's API tells no prices.",)
    assert script.asked == ["GET /api/events/4711/", "GET /api/tickets/?event=4711"]
    assert script.seen[0].url.host == "api.heysummit.com"


async def test_on_version_1_talks_of_other_events_are_left_out() -> None:
    script = v1()
    address = "https://api.heysummit.com/api/v2/events/{}/"
    script.script["GET /api/talks/"] = answers(
        page(TALK | {"event": address.format(4711)}, TALK | {"id": 2, "event": address.format(47110)})
    )
    detail = await script.account(V1).get_event("4711", frozenset({Include.SESSIONS, Include.SPEAKERS}))
    assert [talk.id for talk in detail.sessions or ()] == ["90210"]
    assert detail.speakers == (Speaker(name="Ada Pier", role="Engineer"),)


CLOUDFLARE = "<html><title>Attention Required! | Cloudflare</title></html>"


@pytest.mark.parametrize(
    ("reply", "failure", "says"),
    [
        (answers({"detail": "Invalid token."}, 401), AuthenticationFailed, "Invalid token."),
        (answers({"detail": "Not here."}, 403), PermissionDenied, "Not here."),
        (raw(403, CLOUDFLARE, "text/html"), PermissionDenied, "web page"),
        (answers({"detail": "Method not allowed."}, 405), RejectedByProvider, "does not offer"),
        (answers([{"id": "1"}]), ProviderChanged, "title"),
    ],
)
async def test_each_failure_is_told_for_what_it_is(reply: Reply, failure: type[Exception], says: str) -> None:
    script = Scripted({"GET /api/v2/events/": reply})
    with pytest.raises(failure) as caught:
        await script.account(SETTINGS).check()
    assert says in str(caught.value)
    assert "Cloudflare" not in str(caught.value)
    assert "a-canary-key" not in repr(caught.value)
    assert len(script.seen) == 1, "version 1 is not tried with the key, and nothing is repeated"


async def test_a_missing_key_is_told_before_any_request() -> None:
    script = Scripted({})
    with pytest.raises(AuthenticationFailed, match=r"accounts\.club\.key"):
        await script.account({"provider": "heysummit"}).check()
    assert script.seen == []


async def test_the_check_is_one_request_for_the_first_events() -> None:
    script = paged(page(*events(1), count=13, next="https://app.heysummit.com/api/v2/events/?page=2"))
    assert (await script.account(SETTINGS).check()).notes == ("13 events",)
    assert script.asked == ["GET /api/v2/events/"]


def test_every_capability_is_accounted_for_in_few_words() -> None:
    provider = Scripted({}).account(SETTINGS)
    cells = {capability: provider.cell(capability) for capability in Capability}
    assert {capability.value: cell.mode for capability, cell in cells.items()} == {
        "list_events": Mode.NATIVE,
        "get_event": Mode.NATIVE,
        "register_attendee": Mode.NATIVE,
        "create_sale": Mode.HAND_OFF,
        "clone_event": Mode.UNSUPPORTED,
        "archive_event": Mode.NATIVE,
        "list_sessions": Mode.NATIVE,
        "list_attendees": Mode.NATIVE,
        "list_sales": Mode.UNSUPPORTED,
        "event_summary": Mode.NATIVE,
        "create_event": Mode.UNSUPPORTED,
        "update_event": Mode.UNSUPPORTED,
        "cancel_registration": Mode.UNSUPPORTED,
        "update_sale": Mode.UNSUPPORTED,
    }
    assert all(len(cell.how) <= 90 for cell in cells.values())
    assert all(cell.instead for cell in cells.values() if cell.mode is Mode.UNSUPPORTED)
    assert Scripted({}).account(V1).cell(Capability.CREATE_SALE).mode is Mode.UNSUPPORTED


@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_the_rehearsals_events_are_each_listed_once_and_can_be_shown(version: str, rehearsal: Rehearse) -> None:
    settings = {"api_version": version} | (
        {"base_url": "http://sandbox.localhost/heysummit/api/"} if version == "v1" else {}
    )
    async with rehearsal("heysummit", settings=settings) as r:
        ids = await listed(r.provider)
        assert len(ids) == len(set(ids)) > 10, "more than one page"
        for event_id in ids:
            detail = await r.provider.get_event(event_id, frozenset(Include))
            assert detail.event.id == event_id
            assert detail.tickets
        assert r.writes == []


@pytest.mark.parametrize("served", [True, "unfiltered"])
async def test_lists_refused_below_their_event_are_read_at_the_top_and_rows_of_other_events_are_dropped(
    rehearsal: Rehearse, served: object
) -> None:
    parts = frozenset({Include.SPEAKERS, Include.COUPONS})
    names = ("list_speakers", "list_categories", "list_talk_attendees", "list_coupons", "list_sponsors")

    async def read(r: Rehearsal) -> tuple[EventDetail, list[list[Any]]]:
        answers: list[Any] = [await r.provider.read_operation(name, {"event": "4711"}) for name in names]
        return await r.provider.get_event("4711", parts), [answer["results"] for answer in answers]

    async with rehearsal("heysummit") as r:
        nested = await read(r)
    async with rehearsal("heysummit", switches={"heysummit.top_level_lists": served}) as r:
        refused = await read(r)
        asked = [seen.path.partition("/api/v2/")[2] for seen in r.seen]
    assert nested[0].speakers
    assert nested[0].coupons
    assert refused[0] == nested[0]
    for there, here in zip(refused[1], nested[1], strict=True):
        # Without a filter by event the first page may hold fewer of this one's; never another event's.
        assert all(row in here for row in there)
        assert there == here or served == "unfiltered"
    assert asked[:2] == ["events/4711/speakers/", "speakers/"]


async def test_a_list_that_no_route_offers_says_which_plan_and_right_the_key_needs() -> None:
    script = v2()
    script.script[f"GET {V2}speakers/"] = script.script["GET /api/v2/speakers/"] = answers({"detail": "No."}, 403)
    with pytest.raises(PermissionDenied, match=r"not offered to the account's key: No\.") as caught:
        await script.account(SETTINGS).get_event("4711", frozenset({Include.SPEAKERS}))
    assert "Business plan and a key with this right" in caught.value.next
