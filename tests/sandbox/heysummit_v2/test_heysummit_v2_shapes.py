"""The HeySummit stand-in's newer dialect: the shape of every record."""

import json
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.anyio


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
