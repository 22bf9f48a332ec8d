"""The HeySummit stand-in's newer dialect: shapes, transport, paging, writes, switches."""

import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.heysummit import HeySummitStandIn

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 5, 1, 8, 15, tzinfo=UTC)
AGENT = "eventdesk-tests/1"
SEASON: dict[str, Any] = {
    "events": [
        {
            "id": 4711,
            "title": "Harbour Design Week",
            "event_url": "https://harbour-design.example.com/",
            "company_name": "Harbour Co",
            "timezone": "Europe/London",
            "first_talk_at": "2027-07-06T09:30:00",
            "last_talk_at": "2027-07-09T17:00:00",
            "speakers": [
                {"id": 51, "first_name": "Ada", "last_name": "Pier", "company_title": "Engineer",
                 "headshot": "https://cdn.example.com/51.png"}
            ],
            "categories": [{"id": 7, "title": "Main stage"}],
            "talks": [
                {"id": 90210, "title": "Keynote: tides", "date": "2027-07-06T18:00:00", "speakers": [51],
                 "categories": [7], "broadcast_duration_mins": 45},
                {"id": 90211, "title": "To be announced"},
                {"id": 90212, "title": "Knots", "date": "2027-07-06T09:30:00", "capacity": 1, "admits": [610]},
                {"id": 90213, "title": "Undated in full", "omit": ["date"]},
            ],
            "tickets": [
                {"id": 610, "title": "Day pass", "is_paid": "true", "quantity_remaining": "2",
                 "prices": [{"id": 8801, "title": "Early", "price": "49"},
                            {"id": 8802, "title": "Regular", "price": "79"}],
                 "checkout_link": "https://harbour-design.example.com/checkout/ticket/610-ab12/",
                 "created_at": "2027-01-01T00:00:00"},
                {"id": 8802, "title": "Free", "prices": [{"id": 610, "title": "Free", "price": "0.00"}],
                 "prices_as": "array", "is_paid": False, "created_at": "2027-01-01T00:00:00"},
                {"id": 612, "title": "Broken", "prices": [{"id": 8900, "title": "x", "price": "1"}],
                 "prices_as": "broken", "quantity_remaining": 0, "created_at": "2027-01-01T00:00:00"},
            ],
            "attendees": [
                {"id": 33001, "email": "kim@example.org", "name": "Kim Quay",
                 "created_at": "2027-05-01T08:15:00+00:00", "talks": [90210]},
                {"id": 33002, "email": "Ines+x@Example.org", "name": "Ines", "created_at": "2027-05-01T09:00:00",
                 "registration_status": "Started Order"},
            ],
            "coupons": [{"id": 1, "coupon_code": "EARLY", "title": "Early"}],
            "sponsors": [{"id": 2, "title": "Rope", "slug": "rope", "sponsor_categories": [3]}],
            "sponsor_categories": [{"id": 3, "title": "Gold"}],
        },
        {"id": 4712, "title": "No zone", "omit": ["is_live"],
         "tickets": [{"id": 900, "title": "Elsewhere", "prices": [{"id": 9900, "title": "x", "price": "0"}],
                      "created_at": "2027-01-01T00:00:00"}]},
        *({"id": number, "title": f"Summit {number}"} for number in range(5000, 5010)),
    ],
    "webhooks": [{"id": 1, "event": 4711, "url": "https://hooks.example.org/", "action": "talk_added"}],
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    standin = HeySummitStandIn(world)
    standin.load(SEASON)
    app = Starlette(routes=[Mount("/heysummit", app=standin.app())])
    headers = {"Authorization": f"Token {standin.credentials()['key']}", "User-Agent": AGENT}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:9/heysummit/api/v2/", headers=headers
    ) as made:
        yield made


# Shapes


async def test_an_event_has_the_documented_keys_and_nothing_else(client: httpx2.AsyncClient) -> None:
    assert (await client.get("events/4711/")).json() == {
        "id": 4711,
        "url": "http://127.0.0.1:9/heysummit/api/v2/events/4711/",
        "title": "Harbour Design Week",
        "event_url": "https://harbour-design.example.com/",
        "company_name": "Harbour Co",
        "timezone": "Europe/London",
        "first_talk_at": "2027-07-06T09:30:00",
        "last_talk_at": "2027-07-09T17:00:00",
        "status": "live",
        "is_live": True,
        "is_archived": False,
        "is_evergreen": False,
        "_is_open_for_registrations": True,
        "logo": None,
        "logo_white": None,
        "feature_image": None,
        "categories": [],
        "tags": [],
    }


async def test_an_event_may_lack_its_zone_and_its_flags(client: httpx2.AsyncClient) -> None:
    event = (await client.get("events/4712/")).json()
    assert "timezone" not in event
    assert "is_live" not in event


async def test_a_talk_has_the_documented_keys_with_people_inline(client: httpx2.AsyncClient) -> None:
    assert (await client.get("events/4711/talks/90210/")).json() == {
        "id": 90210,
        "title": "Keynote: tides",
        "date": "2027-07-06T18:00:00",
        "event": 4711,
        "speakers": [
            {
                "id": 51, "event": 4711, "first_name": "Ada", "last_name": "Pier", "company": None,
                "company_title": "Engineer", "headshot": "https://cdn.example.com/51.png", "expert_creds": "",
                "bio": None, "is_active": True,
            }
        ],
        "categories": [{"id": 7, "event": 4711, "title": "Main stage", "description": ""}],
        "is_active": True,
        "is_featured": False,
        "broadcast_duration_mins": 45,
    }  # fmt: skip


async def test_a_talk_without_a_date_stays_in_the_list_and_sorts_last(client: httpx2.AsyncClient) -> None:
    rows = (await client.get("events/4711/talks/")).json()["results"]
    assert [row["id"] for row in rows] == [90212, 90210, 90211, 90213]
    assert rows[2]["date"] is None
    assert "date" not in rows[3]


async def test_a_ticket_writes_its_prices_as_json_in_a_string(client: httpx2.AsyncClient) -> None:
    ticket = (await client.get("events/4711/tickets/610/")).json()
    prices = ticket.pop("prices")
    assert json.loads(prices) == [
        {"id": 8801, "title": "Early", "price": "49"},
        {"id": 8802, "title": "Regular", "price": "79"},
    ]
    assert ticket == {
        "id": 610,
        "title": "Day pass",
        "description": "",
        "is_paid": "true",
        "is_active": True,
        "quantity_remaining": "2",
        "mark_as_popular": False,
        "apply_to_broadcasts": True,
        "apply_to_replays": False,
        "apply_to_inperson": False,
        "checkout_link": "https://harbour-design.example.com/checkout/ticket/610-ab12/",
    }


async def test_a_tickets_prices_may_be_an_array_or_undecodable(client: httpx2.AsyncClient) -> None:
    array = (await client.get("events/4711/tickets/8802/")).json()
    assert array["prices"] == [{"id": 610, "title": "Free", "price": "0.00"}]
    assert "checkout_link" not in array
    broken = (await client.get("events/4711/tickets/612/")).json()
    with pytest.raises(ValueError, match="Expecting property name"):
        json.loads(broken["prices"])


async def test_an_attendee_has_the_documented_keys_with_talks_as_ids(client: httpx2.AsyncClient) -> None:
    assert (await client.get("events/4711/attendees/33001/")).json() == {
        "id": 33001, "email": "kim@example.org", "name": "Kim Quay", "registration_status": "Completed Order",
        "event_id": 4711, "created_at": "2027-05-01T08:15:00+00:00", "utm_source": None, "utm_medium": None,
        "utm_campaign": None, "referer_ref": None, "http_referer_domain": None, "affiliate_email": None,
        "talks": [90210],
    }  # fmt: skip


async def test_coupons_sponsors_and_their_categories_have_the_documented_keys(client: httpx2.AsyncClient) -> None:
    async def row(kind: str) -> dict[str, Any]:
        return (await client.get(f"events/4711/{kind}/")).json()["results"][0]

    assert list(await row("coupons")) == [
        "id", "event", "coupon_code", "title", "description", "is_active", "type_discount", "amount_discount",
        "max_purchases", "restrict_to_specific_tickets", "active_from", "active_to",
    ]  # fmt: skip
    assert list(await row("sponsors")) == [
        "id", "title", "slug", "url", "logo", "short_description", "long_description", "link_title", "is_active",
        "is_main_sponsor", "sponsor_categories", "show_on_landing_page", "show_on_talk_pages",
        "show_on_category_pages", "show_on_blog_posts",
    ]  # fmt: skip
    assert await row("sponsor-categories") == {"id": 3, "title": "Gold"}
    assert (await row("talkattendees"))["attendee"] == 33001
    assert (await client.get("webhooks/")).json()["count"] == 1


# Transport


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (None, "Authentication credentials were not provided."),
        ("Bearer sandbox-heysummit-key", "Authentication credentials were not provided."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token a b", "Invalid token header. Token string should not contain spaces."),
        ("Token wrong", "Invalid token."),
    ],
)
async def test_the_scheme_word_and_the_key_are_checked(
    client: httpx2.AsyncClient, header: str | None, detail: str
) -> None:
    del client.headers["Authorization"]
    answer = await client.get("events/", headers={} if header is None else {"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_missing_slash_redirects_every_method_and_changes_nothing(
    client: httpx2.AsyncClient, method: str
) -> None:
    body = {"email": "new@example.org", "name": "New"}
    answer = await client.request(method, "events/4711/attendees", json=body, params={"a": "b c"})
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/heysummit/api/v2/events/4711/attendees/?a=b+c"
    assert (await client.get("events/4711/attendees/")).json()["count"] == 2


@pytest.mark.parametrize("path", ["talks/", "attendees/", "tickets/", "speakers/", "categories/", "talks/90210/"])
async def test_nested_resources_are_refused_at_the_top_level(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path, params={"event": "4711"})
    assert (answer.status_code, list(answer.json())) == (403, ["detail"])


@pytest.mark.parametrize("agent", ["python-httpx/0.28", "curl/8.5", "Python-urllib/3.11", "python-httpx2/2.16"])
async def test_default_agents_of_libraries_meet_an_html_wall(
    client: httpx2.AsyncClient, world: World, agent: str
) -> None:
    answer = await client.get("events/", headers={"User-Agent": agent})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Attention Required" in answer.text
    world.switches["heysummit.agent_wall"] = False
    assert (await client.get("events/", headers={"User-Agent": agent})).status_code == 200


async def test_formats_other_than_json_are_not_acceptable(client: httpx2.AsyncClient) -> None:
    assert (await client.get("events/", headers={"Accept": "text/html"})).status_code == 406
    assert (await client.get("events/", headers={"Accept": "text/html, */*;q=0.1"})).status_code == 200


async def test_unknown_records_routes_and_methods_get_the_frameworks_answers(client: httpx2.AsyncClient) -> None:
    for path in ("events/1/", "events/x/", "events/4711/talks/1/", "events/4712/talks/90210/", "nothing/", "events//"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."}), path
    answer = await client.delete("events/4711/")
    assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "DELETE" not allowed.'})
    assert (await client.options("events/")).status_code == 403
    assert (await client.head("events/")).text == ""


# Lists


async def test_events_come_in_pages_of_ten_with_links_on_the_callers_host(client: httpx2.AsyncClient) -> None:
    first = (await client.get("events/", params={"is_live": "True", "limit": "3"})).json()
    base = "http://127.0.0.1:9/heysummit/api/v2/events/"
    assert (first["count"], len(first["results"]), first["previous"]) == (12, 10, None)
    assert first["next"] == f"{base}?is_live=True&limit=3&page=2"
    second = (await client.get(first["next"])).json()
    assert (len(second["results"]), second["next"]) == (2, None)
    assert second["previous"] == f"{base}?is_live=True&limit=3"
    for page in ("3", "0", "x", "-1", "9" * 400):
        answer = await client.get("events/", params={"page": page})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


async def test_nested_lists_go_by_limit_and_offset_and_ignore_the_page(client: httpx2.AsyncClient) -> None:
    path = "events/4711/talks/"
    answer = (await client.get(path, params={"limit": "1", "offset": "2", "page": "9"})).json()
    base = f"http://127.0.0.1:9/heysummit/api/v2/{path}"
    assert answer["next"] == f"{base}?limit=1&offset=3&page=9"
    assert answer["previous"] == f"{base}?limit=1&offset=1&page=9"
    assert [row["id"] for row in answer["results"]] == [90211]
    past = (await client.get(path, params={"offset": "40"})).json()
    assert (past["count"], past["results"], past["next"]) == (4, [], None)
    for nonsense in ({"limit": "x"}, {"limit": "0"}, {"limit": "-1"}, {"offset": "-2"}, {"offset": "x"}):
        assert len((await client.get(path, params=nonsense)).json()["results"]) == 4


async def test_attendees_are_found_by_exact_address_and_status(client: httpx2.AsyncClient, world: World) -> None:
    async def found(**query: str) -> list[int]:
        return [row["id"] for row in (await client.get("events/4711/attendees/", params=query)).json()["results"]]

    assert await found(email="kim@example.org") == [33001]
    assert await found(email="Ines+x@Example.org") == [33002]
    assert await found(email="ines+x@example.org") == []
    assert await found(email="kim") == []
    unencoded = await client.get("events/4711/attendees/?email=Ines+x@Example.org")
    assert unencoded.json()["count"] == 0
    assert await found(registration_status="Started Order") == [33002]
    world.switches["heysummit.email_filter"] = "iexact"
    assert await found(email="ines+X@example.org") == [33002]


async def test_switches_bend_the_lists(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["heysummit.omit_next"] = True
    assert "next" not in (await client.get("events/")).json()
    world.switches["heysummit.omit_next"] = "null"
    assert (await client.get("events/")).json()["next"] is None
    world.switches["heysummit.omit_next"] = False
    world.switches["heysummit.next_host"] = "http://evil.example:8000"
    assert (await client.get("events/")).json()["next"] == "http://evil.example:8000/api/v2/events/?page=2"
    world.switches["heysummit.ignore_paging"] = True
    first, second = (await client.get("events/")).json(), (await client.get("events/?page=2")).json()
    assert first["results"] == second["results"]
    world.switches["heysummit.envelope"] = False
    assert isinstance((await client.get("events/")).json(), list)


async def test_the_order_of_lists_can_be_switched(client: httpx2.AsyncClient, world: World) -> None:
    async def ids() -> list[int]:
        return [row["id"] for page in "12" for row in (await client.get(f"events/?page={page}")).json()["results"]]

    oldest = await ids()
    world.switches["heysummit.order"] = "newest"
    assert await ids() == oldest[::-1]
    world.switches["heysummit.order"] = "shuffled"
    shuffled = await ids()
    assert shuffled not in (oldest, oldest[::-1])
    assert sorted(shuffled) == oldest


async def test_some_accounts_are_served_lists_at_the_top_level_only(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["heysummit.top_level_lists"] = True
    assert (await client.get("events/4711/speakers/")).status_code == 403
    assert (await client.get("speakers/", params={"event": "4712"})).json()["count"] == 0
    world.switches["heysummit.top_level_lists"] = "unfiltered"
    assert (await client.get("speakers/", params={"event": "4712"})).json()["count"] == 1
    assert (await client.get("talks/")).status_code == 403


async def test_switches_rename_fields_and_thin_out_talks(client: httpx2.AsyncClient, world: World) -> None:
    world.switches |= {
        "heysummit.zone_field": "tz",
        "heysummit.talk_date_field": "starts_at",
        "heysummit.inline": False,
    }
    assert (await client.get("events/4711/")).json()["tz"] == "Europe/London"
    talk = (await client.get("events/4711/talks/90210/")).json()
    assert talk["starts_at"] == "2027-07-06T18:00:00"
    assert (talk["speakers"], talk["categories"]) == ([51], [7])


# Writes


async def test_registering_answers_an_active_attendee_without_talks(client: httpx2.AsyncClient) -> None:
    body = {"email": "new@example.org", "name": "New Person", "ticket_price_id": 8801,
            "questions": [{"question_id": 1, "answer": "Yes"}]}  # fmt: skip
    answer = await client.post("events/4711/attendees/", json=body)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": 33003, "email": "new@example.org", "name": "New Person", "registration_status": "Completed Order",
        "event_id": 4711, "created_at": "2027-05-01T08:15:00+00:00", "utm_source": None, "utm_medium": None,
        "utm_campaign": None, "referer_ref": None, "http_referer_domain": None, "affiliate_email": None, "talks": [],
    }  # fmt: skip
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "1"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"email": ["This field is required."], "name": ["This field is required."]}),
        ({"email": "x", "name": ""},
         {"email": ["Enter a valid email address."], "name": ["This field may not be blank."]}),
        ({"email": None, "name": []}, {"email": ["This field may not be null."], "name": ["Not a valid string."]}),
        ({"email": "a@b.co", "name": "a\0"}, {"name": ["Null characters are not allowed."]}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": "8801"},
         {"ticket_price_id": ["A valid integer is required."]}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 9900},
         {"ticket_price_id": ['Invalid pk "9900" - object does not exist.']}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 612},
         {"ticket_price_id": ['Invalid pk "612" - object does not exist.']}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 8900}, {"ticket_price_id": ["This ticket is sold out."]}),
        ({"email": "a@b.co", "name": "A", "questions": [{"question_id": 0, "answer": ""}]},
         {"questions": [{"question_id": ["Ensure this value is greater than or equal to 1."],
                         "answer": ["This field may not be blank."]}]}),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)  # fmt: skip
async def test_a_wrong_registration_is_refused_field_by_field(
    client: httpx2.AsyncClient, body: Any, errors: dict[str, Any]
) -> None:
    answer = await client.post("events/4711/attendees/", json=body)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert (await client.get("events/4711/attendees/")).json()["count"] == 2


async def test_a_price_is_not_named_by_its_tickets_id(client: httpx2.AsyncClient) -> None:
    """Both kinds of id overlap here: 610 is the day pass, and the price of the free ticket."""
    await client.post("events/4711/attendees/", json={"email": "a@b.co", "name": "A", "ticket_price_id": 610})
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "2"


@pytest.mark.parametrize(
    ("form", "status", "key"), [("field", 400, "email"), ("unique", 400, "non_field_errors"), ("409", 409, "email")]
)
async def test_the_same_address_registers_once_per_event_whatever_its_case(
    client: httpx2.AsyncClient, world: World, form: str, status: int, key: str
) -> None:
    world.switches["heysummit.duplicate"] = form
    answer = await client.post("events/4711/attendees/", json={"email": "KIM@example.ORG", "name": "Kim"})
    assert (answer.status_code, list(answer.json())) == (status, [key])
    assert any(word in answer.text.lower() for word in ("already", "unique"))
    elsewhere = await client.post("events/4712/attendees/", json={"email": "KIM@example.ORG", "name": "Kim"})
    assert elsewhere.status_code == 201


async def test_a_body_that_is_not_json_is_refused(client: httpx2.AsyncClient) -> None:
    path = "events/4711/attendees/"
    form = await client.post(path, data={"email": "a@b.co", "name": "A"})
    assert form.status_code == 415
    for content in (b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"email": ' + b"9" * 5000 + b"}"):
        answer = await client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("JSON parse error - ")


async def test_giving_a_ticket_twice_changes_nothing_even_at_another_price(client: httpx2.AsyncClient) -> None:
    path = "events/4711/attendees/33001/tickets/"
    for price in (8801, 8801, 8802):
        assert (await client.post(path, json={"ticket_price_id": price})).status_code == 200
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "1"
    assert (await client.post(path, json={"ticket_price_id": 9900})).status_code == 404
    assert (await client.post(path, json={"ticket_price_id": 8900})).status_code == 400
    assert (await client.post(path, json={})).json() == {"ticket_price_id": ["This field is required."]}
    assert (await client.post("events/4711/attendees/1/tickets/", json={"ticket_price_id": 8801})).status_code == 404


async def test_a_talk_takes_only_ticket_holders_up_to_its_capacity(client: httpx2.AsyncClient) -> None:
    async def go(attendee: int, talk: int) -> int:
        return (await client.post(f"events/4711/attendees/{attendee}/talks/{talk}/", json={})).status_code

    assert await go(33001, 90212) == 400
    for attendee in (33001, 33002):
        await client.post(f"events/4711/attendees/{attendee}/tickets/", json={"ticket_price_id": 8801})
    assert [await go(33001, 90212), await go(33001, 90212), await go(33002, 90212)] == [200, 200, 400]
    assert (await client.get("events/4711/attendees/33001/")).json()["talks"] == [90210, 90212]
    assert [await go(33001, 1), await go(1, 90212)] == [404, 404]


async def test_a_checkout_link_names_ticket_coupon_and_talk_and_changes_nothing(
    client: httpx2.AsyncClient, world: World
) -> None:
    path = "events/4711/tickets/610/checkout-link/"
    plain = await client.post(path, json={})
    assert plain.status_code in (200, 201)
    assert list(plain.json()) == ["checkout_link"]
    assert plain.json()["checkout_link"].startswith("https://harbour-design.example.com/checkout/ticket/610-")
    full = await client.post(path, json={"coupon": "EARLY", "talk_id": 90210})
    assert full.json()["checkout_link"] == plain.json()["checkout_link"] + "?coupon=EARLY&talk=90210"
    assert (await client.post(path, json={"talk_id": 1})).status_code == 400
    assert (await client.post(path, json={"coupon": "NOPE"})).status_code == 201
    world.switches["heysummit.bad_coupon"] = "refused"
    assert (await client.post(path, json={"coupon": "NOPE"})).status_code == 400
    assert (await client.post("events/4712/tickets/610/checkout-link/", json={})).status_code == 404


async def test_v2_has_no_archive_action_unless_switched_on(client: httpx2.AsyncClient, world: World) -> None:
    assert (await client.post("events/4711/archive/")).status_code == 404
    world.switches["heysummit.v2_archive"] = True
    event = (await client.post("events/4711/archive/")).json()
    assert (event["id"], event["is_archived"], event["is_live"]) == (4711, True, False)


# The season


async def test_the_demo_season_holds_what_a_demonstration_needs(world: World) -> None:
    standin = HeySummitStandIn(world)
    season = standin.default_season(random.Random("a"))
    assert season == standin.default_season(random.Random("a"))
    standin.load(season)
    events = season["events"]
    assert len(events) >= 12
    assert sum(len(event["attendees"]) for event in events) >= 400
    week = events[0]
    assert len(week["talks"]) > 25
    assert [talk["date"] for talk in week["talks"]].count(None) == 1
    assert any(talk.get("is_active") is False for talk in week["talks"])
    assert any(talk["talk_cancelled"] for talk in week["talks"])
    assert {ticket.get("prices_as", "text") for ticket in week["tickets"]} == {"text", "array", "broken"}
    assert week["talks"][0]["date"].startswith("2027-07-")
    assert any("timezone" not in event for event in events)


@pytest.mark.parametrize(
    ("season", "path"),
    [
        ({"evnts": []}, r"heysummit\.evnts"),
        ({"events": [{"id": 1}]}, r"heysummit\.events\.0\.title"),
        ({"events": [{"id": 1, "title": "half \ud800"}]}, r"heysummit\.events\.0\.title"),
        ({"events": [{"id": 1, "title": "x", "tags": ["\udfff"]}]}, r"heysummit\.events\.0\.tags"),
        ({"events": [{"id": 1, "title": "x", "talks": [{"id": 1, "title": "y", "date": "tomorrow"}]}]},
         r"heysummit\.events\.0\.talks\.0\.date"),
        ({"events": [{"id": 1, "title": "x"}, {"id": 1, "title": "y"}]}, r"heysummit\.events\.1\.id"),
        ({"events": [{"id": 1, "title": "x", "talks": [{"id": 1, "title": "y", "speakers": [3]}]}]},
         r"heysummit\.events\.0\.talks\.0\.speakers"),
        ({"events": [{"id": 1, "title": "x", "attendees": [
            {"id": n, "email": mail, "name": "n", "created_at": "2027-01-01T00:00:00"}
            for n, mail in enumerate(("A@b.co", "a@B.co"), 1)]}]}, r"heysummit\.events\.0\.attendees\.1"),
    ],
)  # fmt: skip
async def test_a_wrong_season_is_refused_whole_and_the_message_names_the_place(
    world: World, season: dict[str, Any], path: str
) -> None:
    standin = HeySummitStandIn(world)
    with pytest.raises(ValueError, match=path):
        standin.load(season)
    assert world.store.rows("select * from heysummit_events") == []


async def test_seasons_add_up(world: World) -> None:
    standin = HeySummitStandIn(world)
    standin.load(SEASON)
    standin.load({"events": [{"id": 1, "title": "One more"}]})
    assert len(world.store.rows("select * from heysummit_events")) == 13
