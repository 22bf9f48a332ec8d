"""Event Schedule's events as they are made: what is checked, stored and echoed."""

from typing import Any

import pytest

from tests.sandbox.organiser import OWNER, Desk
from tests.sandbox.programme import SERVER_ERROR, create, jazz, schedule

pytestmark = pytest.mark.anyio
EVENT_KEYS = {
    "id", "url", "name", "short_description", "description", "starts_at", "duration", "category_id", "category_name",
    "category_color", "is_private", "is_draft", "is_internal", "is_password_protected", "event_url",
    "registration_url", "venue_id", "venue_name", "venue_address1", "venue_subdomain", "flyer_image_url",
    "schedule_type", "rsvp_enabled", "rsvp_limit", "tickets_enabled", "members", "event_parts",
    "ticket_currency_code", "payment_method", "terms_url", "schedules", "created_at", "updated_at",
}  # fmt: skip
TICKET_KEYS = {
    "id", "type", "price", "quantity", "description", "sales_start_at", "sales_end_at", "volume_discount", "is_pass",
}  # fmt: skip
RECURRENCE = {
    "recurring_frequency", "recurring_interval", "days_of_week", "recurring_end_type", "recurring_end_value",
}  # fmt: skip


async def test_a_plain_event_has_no_ticket_or_recurrence_keys_and_an_empty_list_of_members(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(desk)
    assert set(made) == EVENT_KEYS
    assert made["members"] == []
    assert (made["schedule_type"], made["event_parts"]) == ("single", [])
    assert made["schedules"] == [{"id": made["venue_id"], "subdomain": "loft", "name": "Loft", "type": "venue"}]


async def test_a_full_event_shows_every_documented_key(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft"), schedule("duo", "talent", youtube_url=None)])
    made = await create(
        desk,
        tickets_enabled=True,
        tickets=[
            {"type": "Low", "price": 25, "quantity": 0},
            {"type": "High", "price": "50.5", "description": "x"},
            {"type": "Free"},
        ],
        addons=[{"type": "Coat", "price": 3.0005, "url": "https://mail.test/coat"}],
        event_parts=[{"name": "One", "start_time": "20:00"}, {"name": "Two", "end_time": "late"}],
        members=[{"name": "DUO"}],
        schedule_type="recurring",
        recurring_frequency="weekly",
        days_of_week="0000100",
    )
    assert set(made) == EVENT_KEYS | RECURRENCE | {"tickets", "addons"}
    assert [(row["type"], row["price"], row["quantity"]) for row in made["tickets"]] == [
        ("High", "50.500", None),
        ("Low", "25.000", 0),
        ("Free", None, None),
    ]
    assert all(set(row) == TICKET_KEYS for row in made["tickets"])
    addon = made["addons"][0]
    assert set(addon) == {"id", "type", "price", "quantity", "description", "image_url", "url"}
    assert addon["price"] == "3.001"
    assert [part["name"] for part in made["event_parts"]] == ["One", "Two"]
    assert set(made["event_parts"][0]) == {"id", "name", "description", "start_time", "end_time"}
    [(number, member)] = made["members"].items()
    assert member == {"name": "Duo", "email": "duo@mail.test", "youtube_url": ""}
    assert [row["id"] for row in made["schedules"]] == [number, made["venue_id"]]
    assert made["url"].endswith("/2027-03-31")


async def test_a_create_echoes_nulls_and_strings_that_a_read_replaces(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(desk, category_id="4", rsvp_limit="7")
    assert (made["ticket_currency_code"], made["payment_method"]) == (None, None)
    assert (made["category_id"], made["rsvp_limit"], made["category_name"]) == ("4", "7", "Concerts")
    read = (await desk.call("GET", f"events/{made['id']}"))["data"]
    assert read == made | {"ticket_currency_code": "USD", "payment_method": "cash", "category_id": 4, "rsvp_limit": 7}
    assert (await create(desk, payment_method="manual"))["payment_method"] == "cash"


async def test_starts_at_is_utc_and_the_repeated_hour_loses_an_hour(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    assert (await create(desk, starts_at="2026-11-01 06:30:00"))["starts_at"] == "2026-11-01 05:30:00"
    assert (await create(desk, starts_at="2026-11-01 07:30:00"))["starts_at"] == "2026-11-01 07:30:00"
    for wrong in ("2027-04-01T01:00:00Z", "2027-02-30 01:00:00", "2027-4-1 1:00:00", 5, None):
        status, body = await desk.refusal("POST", "events/loft", json=jazz(starts_at=wrong))
        assert (status, set(body["errors"])) == (422, {"starts_at"})
    assert (await desk.refusal("POST", "events/loft", json=jazz(starts_at="x")))[1]["errors"] == {
        "starts_at": ["The starts at field must match the format Y-m-d H:i:s."]
    }


async def test_zones_decide_what_is_stored(desk: Desk) -> None:
    desk.load(
        schedules=[
            schedule("nowhere", timezone="Mars/Olympus"),
            schedule("duo", "talent", timezone=None),
            schedule("hall", timezone="Asia/Tokyo"),
        ]
    )
    assert await desk.refusal("POST", "events/nowhere", json=jazz()) == SERVER_ERROR
    hall = (await desk.call("GET", "schedules/hall"))["data"]["id"]
    shifted = await create(desk, "duo", venue_id=hall)
    assert shifted["starts_at"] == "2027-03-31 17:00:00"  # 02:00 in London, taken for Tokyo's clock
    assert (await create(desk, "hall"))["starts_at"] == "2027-04-01 01:00:00"


async def test_permission_comes_before_validation_and_unknown_before_permission(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe"}], schedules=[schedule("hers", owner="zoe@mail.test")])
    assert await desk.refusal("POST", "events/none", json={}) == (404, {"error": "Schedule not found"})
    assert await desk.refusal("POST", "events/hers", json={}) == (403, {"error": "Unauthorized"})


async def test_messages_name_dotted_fields_as_they_are(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    status, body = await desk.refusal(
        "POST",
        "events/loft",
        json=jazz(
            tickets=[{"quantity": -1, "price": "x"}, "bare"],
            event_parts=[{}],
            duration=9000,
            category_id=99,
            tickets_enabled="true",
            ticket_currency_code="US",
            event_url="nonsense",
            schedule_type="recurring",
            members="Duo",
            recurring_interval=1,
        ),
    )
    assert status == 422
    assert body["errors"] == {
        "category_id": ["The selected category id is invalid."],
        "duration": ["The duration field must not be greater than 8760."],
        "event_url": ["The event url field must be a valid URL."],
        "tickets_enabled": ["The tickets enabled field must be true or false."],
        "ticket_currency_code": ["The ticket currency code field must be 3 characters."],
        "recurring_frequency": ["The recurring frequency field is required when schedule type is recurring."],
        "recurring_interval": ["The recurring interval field must be at least 2."],
        "members": ["The members field must be an array."],
        "tickets.0.type": ["The tickets.0.type field is required when tickets is present."],
        "tickets.1.type": ["The tickets.1.type field is required when tickets is present."],
        "tickets.0.quantity": ["The tickets.0.quantity field must be at least 0."],
        "tickets.0.price": ["The tickets.0.price field must be a number."],
        "event_parts.0.name": ["The event_parts.0.name field is required when event parts is present."],
    }
    _, body = await desk.refusal(
        "POST", "events/loft", json=jazz(schedule_type="recurring", recurring_frequency="weekly")
    )
    assert body["errors"] == {
        "days_of_week": ["The days of week field is required when recurring frequency is weekly."]
    }
    _, body = await desk.refusal("POST", "events/loft", json=jazz(days_of_week="012"))
    assert body["errors"] == {"days_of_week": ["The days of week field format is invalid."]}


async def test_tickets_without_the_switch_are_dropped_silently(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(desk, tickets=[{"type": "A"}])
    assert (made["tickets_enabled"], "tickets" in made) == (False, False)
    turned = await desk.call("PUT", f"events/{made['id']}", json={"tickets_enabled": True})
    assert turned["data"]["tickets"] == []


async def test_a_sales_window_loses_its_offset(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(
        desk,
        tickets_enabled=True,
        tickets=[{"type": "A", "sales_start_at": "2027-01-01T10:00:00+02:00", "sales_end_at": "2027-02-01"}],
    )
    assert made["tickets"][0]["sales_start_at"] == "2027-01-01T10:00:00+00:00"
    assert made["tickets"][0]["sales_end_at"] == "2027-02-01T00:00:00+00:00"


async def test_categories_by_name_match_words_not_signs(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    assert (await create(desk, category="food  drink"))["category_id"] == 6
    refused = (422, {"error": "Category not found"})
    assert await desk.refusal("POST", "events/loft", json=jazz(category="Food and Drink")) == refused
    assert (await create(desk, category="nonsense", category_id=None))["category_id"] is None
    for slug in ("nope", None):
        assert await desk.refusal("POST", "events/loft", json=jazz(schedule=slug)) == (
            422,
            {"error": "Sub-schedule not found"},
        )


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"recurring_frequency": "daily"}, ("daily", None, "1111111", "never", None)),
        (
            {"recurring_frequency": "every_n_weeks", "days_of_week": "0100000"},
            ("every_n_weeks", 2, "0100000", "never", None),
        ),
        (
            {
                "recurring_frequency": "weekly",
                "days_of_week": "0100000",
                "recurring_interval": 5,
                "recurring_end_type": "after_events",
                "recurring_end_value": "12",
            },
            ("weekly", None, "0100000", "after_events", "12"),
        ),
        (
            {"recurring_frequency": "yearly", "recurring_end_type": "on_date", "recurring_end_value": "soon"},
            ("yearly", None, "1111111", "on_date", None),
        ),
    ],
)
async def test_recurrence_is_normalised(desk: Desk, sent: dict[str, Any], stored: tuple[Any, ...]) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(desk, schedule_type="recurring", **sent)
    keys = ("recurring_frequency", "recurring_interval", "days_of_week", "recurring_end_type", "recurring_end_value")
    assert tuple(made[key] for key in keys) == stored
    assert "days_of_week" not in await create(desk, **sent)


async def test_visibility_flags_follow_defaults_and_each_other(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft"), schedule("quiet", default_state="draft")])

    async def flags(subdomain: str, **more: Any) -> tuple[bool, bool, bool, bool]:
        made = await create(desk, subdomain, **more)
        return made["is_draft"], made["is_private"], made["is_internal"], made["is_password_protected"]

    assert await flags("loft") == (False, False, False, False)
    assert await flags("quiet") == (True, False, False, False)
    assert await flags("quiet", is_private=False) == (True, False, False, False)
    assert await flags("quiet", is_draft=False) == (False, False, False, False)
    assert await flags("quiet", is_private=True, event_password="x") == (False, True, False, True)
    assert await flags("loft", event_password="x") == (False, False, False, False)
    assert await flags("loft", is_internal=True, is_private=True) == (True, False, True, False)


async def test_a_private_event_becomes_a_draft_below_enterprise(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft", plan="pro")])
    desk.world.switches["eventschedule.hosted"] = True
    made = await create(desk, is_private=True, event_password="x")
    assert (made["is_draft"], made["is_private"], made["is_password_protected"]) == (True, False, False)


async def test_the_hosted_service_caps_creation_by_day(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft", plan="trial")],
        events=[
            {"name": f"E{n}", "schedules": [{"subdomain": "loft"}], "created_at": "2027-01-05 00:00:00"}
            for n in range(100)
        ],
    )
    desk.world.switches["eventschedule.hosted"] = True
    desk.world.limits = True
    assert await desk.refusal("POST", "events/loft", json=jazz()) == (
        422,
        {"error": "You have reached the daily limit for creating events. Please try again tomorrow."},
    )
    assert (await desk.client.post("events/loft", json=jazz(), headers={"Accept": "*/*"})).status_code == 302


@pytest.mark.parametrize(
    ("body", "saved"),
    [
        ({"tickets_enabled": True, "tickets": None}, 1),
        ({"tickets_enabled": True, "addons": None}, 1),
        ({"event_parts": None}, 1),
        ({"members": None}, 0),
        ({"ticket_currency_code": None}, 0),
    ],
)
async def test_null_collections_are_500s_and_some_leave_the_event_behind(
    desk: Desk, body: dict[str, Any], saved: int
) -> None:
    desk.load(schedules=[schedule("loft")])
    assert await desk.refusal("POST", "events/loft", json=jazz(**body)) == SERVER_ERROR
    assert (await desk.call("GET", "events"))["meta"]["total"] == saved


async def test_a_senseless_pass_is_refused_in_the_frameworks_shape(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    tickets = [{"type": "Pass", "is_pass": True, "pass_usage_type": "sometimes"}]
    status, body = await desk.refusal("POST", "events/loft", json=jazz(tickets_enabled=True, tickets=tickets))
    assert (status, set(body)) == (422, {"message", "errors"})
    assert [body["message"]] in body["errors"].values()
    tickets = [{"type": "Pass", "is_pass": True, "pass_usage_type": "total", "pass_max_uses": 5}]
    made = await create(desk, tickets_enabled=True, tickets=tickets)
    assert made["tickets"][0]["is_pass"] is True
    assert made["tickets"][0]["pass_max_uses"] == 5


async def test_each_type_of_schedule_adds_itself_in_its_own_way(desk: Desk) -> None:
    desk.load(
        schedules=[
            schedule("loft"),
            schedule("hall"),
            schedule("duo", "talent"),
            schedule("solo", "talent"),
            schedule("guide", "curator"),
        ]
    )
    ids = {row["subdomain"]: row["id"] for row in (await desk.call("GET", "schedules"))["data"]}

    async def attached(subdomain: str, **more: Any) -> list[str]:
        return [row["subdomain"] for row in (await create(desk, subdomain, **more))["schedules"]]

    assert await attached("loft", venue_id=ids["hall"]) == ["loft"]
    assert await attached("duo", members=[{"name": "Solo"}], venue_id=ids["hall"]) == ["duo", "hall"]
    assert await attached("guide", members=[{"email": "SOLO@mail.test"}], venue_id=ids["hall"]) == [
        "solo",
        "guide",
        "hall",
    ]
    assert await attached("guide", venue_id=ids["duo"]) == ["guide", "duo"]
    assert await attached("guide", members=["anything"]) == ["duo", "guide"]
    assert await desk.refusal("POST", "events/guide", json=jazz(members=[{"name": "Duo Nine"}])) == (
        422,
        {"error": "Talent member not found: Duo Nine"},
    )
    assert await desk.refusal("POST", "events/guide", json=jazz(venue_id="nope!")) == (
        404,
        {"message": "No query results for model [App\\Models\\Role]."},
    )
    desk.load(schedules=[schedule("last")])
    last = (await desk.call("GET", "schedules/last"))["data"]["id"]
    await desk.call("DELETE", "schedules/last")
    assert await attached("guide", venue_id=last) == ["guide"]


async def test_an_unknown_venue_id_that_decodes_names_its_number(desk: Desk) -> None:
    desk.load(schedules=[schedule("guide", "curator")])
    unknown = desk.platform.state.encode(10)
    assert await desk.refusal("POST", "events/guide", json=jazz(venue_id=unknown)) == (
        404,
        {"message": "No query results for model [App\\Models\\Role] 10"},
    )


async def test_venue_names_match_exactly_with_an_address_and_anybody_or_nobody_without(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe"}],
        schedules=[
            schedule("duo", "talent"),
            schedule("mill", name="Old Mill", address1="1 Mill Lane"),
            schedule("barn", name="Barn", address1="2 Farm Road", owner="zoe@mail.test"),
            schedule("run", name="Run", address1="3 Run Road", owner="zoe@mail.test", members={OWNER: "admin"}),
        ],
    )
    made = await create(desk, "duo", venue_name="old mill", venue_address1="1 mill lane")
    assert (made["venue_subdomain"], made["venue_address1"]) == ("mill", "1 Mill Lane")
    for name, address in (("Old Mill", "9 Else"), ("Barn", "2 Farm Road"), ("Run", "3 Run Road")):
        assert await desk.refusal("POST", "events/duo", json=jazz(venue_name=name, venue_address1=address)) == (
            422,
            {"error": f"Venue not found: {name}"},
        )
    assert (await create(desk, "duo", venue_name="barn"))["venue_subdomain"] == "barn"
    new = await create(desk, "duo", venue_name="Brand New Place")
    assert (new["venue_name"], new["venue_subdomain"]) == ("Brand New Place", "brand")
    assert await desk.refusal("GET", "schedules/brand") == (404, {"error": "Schedule not found"})
    nameless = await create(desk, "duo", venue_address1="4 Nowhere")
    assert (nameless["venue_name"], nameless["venue_address1"]) == (None, "4 Nowhere")
