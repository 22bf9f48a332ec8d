"""Event Schedule's events: listing, creating, flyers, deleting."""

from typing import Any

import pytest

from tests.sandbox.organiser import OWNER, Desk

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
SERVER_ERROR = (500, {"message": "Server Error"})


def _schedule(subdomain: str, kind: str = "venue", **more: Any) -> dict[str, Any]:
    mail = f"{subdomain}@mail.test"
    base = {"subdomain": subdomain, "type": kind, "name": subdomain.title(), "owner": OWNER, "email": mail}
    return base | {"timezone": "America/New_York"} | more


def _body(**more: Any) -> dict[str, Any]:
    return {"name": "Jazz", "starts_at": "2027-04-01 01:00:00"} | more


async def _create(desk: Desk, subdomain: str = "loft", **more: Any) -> dict[str, Any]:
    answer = await desk.call("POST", f"events/{subdomain}", json=_body(**more))
    assert answer["meta"] == {"message": "Event created successfully"}
    return answer["data"]


async def test_a_plain_event_has_no_ticket_or_recurrence_keys_and_an_empty_list_of_members(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    made = await _create(desk)
    assert set(made) == EVENT_KEYS
    assert made["members"] == []
    assert (made["schedule_type"], made["event_parts"]) == ("single", [])
    assert made["schedules"] == [{"id": made["venue_id"], "subdomain": "loft", "name": "Loft", "type": "venue"}]


async def test_a_full_event_shows_every_documented_key(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft"), _schedule("duo", "talent", youtube_url=None)])
    made = await _create(
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
    desk.load(schedules=[_schedule("loft")])
    made = await _create(desk, category_id="4", rsvp_limit="7")
    assert (made["ticket_currency_code"], made["payment_method"]) == (None, None)
    assert (made["category_id"], made["rsvp_limit"], made["category_name"]) == ("4", "7", "Concerts")
    read = (await desk.call("GET", f"events/{made['id']}"))["data"]
    assert read == made | {"ticket_currency_code": "USD", "payment_method": "cash", "category_id": 4, "rsvp_limit": 7}
    assert (await _create(desk, payment_method="manual"))["payment_method"] == "cash"


async def test_starts_at_is_utc_and_the_repeated_hour_loses_an_hour(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    assert (await _create(desk, starts_at="2026-11-01 06:30:00"))["starts_at"] == "2026-11-01 05:30:00"
    assert (await _create(desk, starts_at="2026-11-01 07:30:00"))["starts_at"] == "2026-11-01 07:30:00"
    for wrong in ("2027-04-01T01:00:00Z", "2027-02-30 01:00:00", "2027-4-1 1:00:00", 5, None):
        status, body = await desk.refusal("POST", "events/loft", json=_body(starts_at=wrong))
        assert (status, set(body["errors"])) == (422, {"starts_at"})
    assert (await desk.refusal("POST", "events/loft", json=_body(starts_at="x")))[1]["errors"] == {
        "starts_at": ["The starts at field must match the format Y-m-d H:i:s."]
    }


async def test_zones_decide_what_is_stored(desk: Desk) -> None:
    desk.load(
        schedules=[
            _schedule("nowhere", timezone="Mars/Olympus"),
            _schedule("duo", "talent", timezone=None),
            _schedule("hall", timezone="Asia/Tokyo"),
        ]
    )
    assert await desk.refusal("POST", "events/nowhere", json=_body()) == SERVER_ERROR
    hall = (await desk.call("GET", "schedules/hall"))["data"]["id"]
    shifted = await _create(desk, "duo", venue_id=hall)
    assert shifted["starts_at"] == "2027-03-31 17:00:00"  # 02:00 in London, taken for Tokyo's clock
    assert (await _create(desk, "hall"))["starts_at"] == "2027-04-01 01:00:00"


async def test_permission_comes_before_validation_and_unknown_before_permission(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe"}], schedules=[_schedule("hers", owner="zoe@mail.test")])
    assert await desk.refusal("POST", "events/none", json={}) == (404, {"error": "Schedule not found"})
    assert await desk.refusal("POST", "events/hers", json={}) == (403, {"error": "Unauthorized"})


async def test_messages_name_dotted_fields_as_they_are(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    status, body = await desk.refusal(
        "POST",
        "events/loft",
        json=_body(
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
        "POST", "events/loft", json=_body(schedule_type="recurring", recurring_frequency="weekly")
    )
    assert body["errors"] == {
        "days_of_week": ["The days of week field is required when recurring frequency is weekly."]
    }
    _, body = await desk.refusal("POST", "events/loft", json=_body(days_of_week="012"))
    assert body["errors"] == {"days_of_week": ["The days of week field format is invalid."]}


async def test_tickets_without_the_switch_are_dropped_silently(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    made = await _create(desk, tickets=[{"type": "A"}])
    assert (made["tickets_enabled"], "tickets" in made) == (False, False)
    turned = await desk.call("PUT", f"events/{made['id']}", json={"tickets_enabled": True})
    assert turned["data"]["tickets"] == []


async def test_a_sales_window_loses_its_offset(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    made = await _create(
        desk,
        tickets_enabled=True,
        tickets=[{"type": "A", "sales_start_at": "2027-01-01T10:00:00+02:00", "sales_end_at": "2027-02-01"}],
    )
    assert made["tickets"][0]["sales_start_at"] == "2027-01-01T10:00:00+00:00"
    assert made["tickets"][0]["sales_end_at"] == "2027-02-01T00:00:00+00:00"


async def test_categories_by_name_match_words_not_signs(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    assert (await _create(desk, category="food  drink"))["category_id"] == 6
    refused = (422, {"error": "Category not found"})
    assert await desk.refusal("POST", "events/loft", json=_body(category="Food and Drink")) == refused
    assert (await _create(desk, category="nonsense", category_id=None))["category_id"] is None
    for slug in ("nope", None):
        assert await desk.refusal("POST", "events/loft", json=_body(schedule=slug)) == (
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
    desk.load(schedules=[_schedule("loft")])
    made = await _create(desk, schedule_type="recurring", **sent)
    keys = ("recurring_frequency", "recurring_interval", "days_of_week", "recurring_end_type", "recurring_end_value")
    assert tuple(made[key] for key in keys) == stored
    assert "days_of_week" not in await _create(desk, **sent)


async def test_visibility_flags_follow_defaults_and_each_other(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft"), _schedule("quiet", default_state="draft")])

    async def flags(subdomain: str, **more: Any) -> tuple[bool, bool, bool, bool]:
        made = await _create(desk, subdomain, **more)
        return made["is_draft"], made["is_private"], made["is_internal"], made["is_password_protected"]

    assert await flags("loft") == (False, False, False, False)
    assert await flags("quiet") == (True, False, False, False)
    assert await flags("quiet", is_private=False) == (True, False, False, False)
    assert await flags("quiet", is_draft=False) == (False, False, False, False)
    assert await flags("quiet", is_private=True, event_password="x") == (False, True, False, True)
    assert await flags("loft", event_password="x") == (False, False, False, False)
    assert await flags("loft", is_internal=True, is_private=True) == (True, False, True, False)


async def test_a_private_event_becomes_a_draft_below_enterprise(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft", plan="pro")])
    desk.world.switches["eventschedule.hosted"] = True
    made = await _create(desk, is_private=True, event_password="x")
    assert (made["is_draft"], made["is_private"], made["is_password_protected"]) == (True, False, False)


async def test_the_hosted_service_caps_creation_by_day(desk: Desk) -> None:
    desk.load(
        schedules=[_schedule("loft", plan="trial")],
        events=[
            {"name": f"E{n}", "schedules": [{"subdomain": "loft"}], "created_at": "2027-01-05 00:00:00"}
            for n in range(100)
        ],
    )
    desk.world.switches["eventschedule.hosted"] = True
    desk.world.limits = True
    assert await desk.refusal("POST", "events/loft", json=_body()) == (
        422,
        {"error": "You have reached the daily limit for creating events. Please try again tomorrow."},
    )
    assert (await desk.client.post("events/loft", json=_body(), headers={"Accept": "*/*"})).status_code == 302


async def test_filters_combine_and_have_their_traps(desk: Desk) -> None:
    desk.load(
        schedules=[_schedule("loft", groups=[{"name": "Late"}]), _schedule("duo", "talent")],
        events=[
            {
                "name": "Alpha_1",
                "starts_at": "2027-03-01 23:59:59",
                "schedules": [{"subdomain": "loft", "group": "late"}],
                "tickets_enabled": True,
                "category_id": 4,
            },
            {
                "name": "Beta",
                "starts_at": "2027-03-02 00:00:00",
                "schedules": [{"subdomain": "loft"}],
                "rsvp_enabled": True,
            },
            {"name": "Gamma", "starts_at": None, "schedules": [{"subdomain": "duo"}]},
            {
                "name": "Delta",
                "starts_at": "2026-01-01 10:00:00",
                "schedules": [{"subdomain": "duo"}],
                "recurring_frequency": "daily",
                "is_draft": True,
                "cancelled": True,
            },
            {
                "name": "Booked",
                "starts_at": "2027-01-01 10:00:00",
                "schedules": [{"subdomain": "duo"}],
                "appointment": True,
            },
        ],
    )

    async def names(**params: str) -> list[str]:
        return [row["name"] for row in (await desk.call("GET", "events", params=params))["data"]]

    loft = (await desk.call("GET", "schedules/loft"))["data"]
    assert await names() == ["Beta", "Alpha_1", "Delta", "Gamma"]
    assert await names(subdomain="LOFT") == ["Beta", "Alpha_1"]
    assert await names(subdomain="") == []
    assert await names(starts_after="2027-03-01", starts_before="2027-03-01") == ["Alpha_1"]
    assert await names(venue_id=loft["id"]) == ["Beta", "Alpha_1"]
    assert await names(venue_id="garbage!") == []
    assert await names(category_id="4") == ["Alpha_1"]
    assert await names(name="A_1") == ["Alpha_1"]
    assert await names(schedule_type="recurring") == ["Delta"]
    assert await names(schedule_type="") == ["Beta", "Alpha_1", "Gamma"]
    assert await names(tickets_enabled="1") == ["Alpha_1"]
    assert await names(rsvp_enabled="yes") == ["Beta"]
    assert await names(rsvp_enabled="maybe") == ["Alpha_1", "Delta", "Gamma"]
    assert await names(group_id=loft["groups"][0]["id"]) == ["Alpha_1"]
    assert await names(group_id="garbage!") == ["Beta", "Delta", "Gamma"]
    assert await names(unknown="x", subdomain="duo") == ["Delta", "Gamma"]
    for params in ({"tickets_enabled": "true"}, {"starts_after": "2027-3-1"}, {"per_page": "501"}, {"per_page": "0"}):
        status, body = await desk.refusal("GET", "events", params=params)
        assert (status, set(body["errors"])) == (422, set(params))
    assert (await desk.call("GET", "events", params={"per_page": ""}))["meta"]["per_page"] == 15


async def test_rows_with_equal_starts_may_change_places_between_pages(desk: Desk) -> None:
    events = [
        {"name": f"E{n}", "starts_at": "2027-03-01 10:00:00", "schedules": [{"subdomain": "loft"}]} for n in range(4)
    ]
    desk.load(schedules=[_schedule("loft")], events=events)

    async def walk() -> list[str]:
        pages = [await desk.call("GET", "events", params={"page": page, "per_page": 2}) for page in (1, 2)]
        return [row["name"] for page in pages for row in page["data"]]

    assert sorted(await walk()) == ["E0", "E1", "E2", "E3"]
    desk.world.switches["eventschedule.unstable_ties"] = True
    assert len(set(await walk())) < 4


async def test_having_made_an_event_gives_reading_but_not_listing(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe", "api_key": "f" * 32}],
        schedules=[_schedule("hers", owner="zoe@mail.test", members={OWNER: "viewer"})],
        events=[
            {"name": "Mine", "schedules": [{"subdomain": "hers"}], "user": OWNER},
            {"name": "Hers", "schedules": [{"subdomain": "hers"}], "user": "zoe@mail.test"},
        ],
    )
    assert (await desk.call("GET", "events"))["data"] == []
    zoe = desk.client_with(desk.platform.key_of("zoe@mail.test"))
    rows = {row["name"]: row["id"] for row in (await zoe.get("events")).json()["data"]}
    assert set(rows) == {"Mine", "Hers"}
    assert (await desk.call("GET", f"events/{rows['Mine']}"))["data"]["name"] == "Mine"
    assert await desk.refusal("GET", f"events/{rows['Hers']}") == (403, {"error": "Unauthorized"})


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
    desk.load(schedules=[_schedule("loft")])
    assert await desk.refusal("POST", "events/loft", json=_body(**body)) == SERVER_ERROR
    assert (await desk.call("GET", "events"))["meta"]["total"] == saved


async def test_a_senseless_pass_is_refused_in_the_frameworks_shape(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    tickets = [{"type": "Pass", "is_pass": True, "pass_usage_type": "sometimes"}]
    status, body = await desk.refusal("POST", "events/loft", json=_body(tickets_enabled=True, tickets=tickets))
    assert (status, set(body)) == (422, {"message", "errors"})
    assert [body["message"]] in body["errors"].values()
    tickets = [{"type": "Pass", "is_pass": True, "pass_usage_type": "total", "pass_max_uses": 5}]
    made = await _create(desk, tickets_enabled=True, tickets=tickets)
    assert made["tickets"][0]["is_pass"] is True
    assert made["tickets"][0]["pass_max_uses"] == 5


async def test_each_type_of_schedule_adds_itself_in_its_own_way(desk: Desk) -> None:
    desk.load(
        schedules=[
            _schedule("loft"),
            _schedule("hall"),
            _schedule("duo", "talent"),
            _schedule("solo", "talent"),
            _schedule("guide", "curator"),
        ]
    )
    ids = {row["subdomain"]: row["id"] for row in (await desk.call("GET", "schedules"))["data"]}

    async def attached(subdomain: str, **more: Any) -> list[str]:
        return [row["subdomain"] for row in (await _create(desk, subdomain, **more))["schedules"]]

    assert await attached("loft", venue_id=ids["hall"]) == ["loft"]
    assert await attached("duo", members=[{"name": "Solo"}], venue_id=ids["hall"]) == ["duo", "hall"]
    assert await attached("guide", members=[{"email": "SOLO@mail.test"}], venue_id=ids["hall"]) == [
        "solo",
        "guide",
        "hall",
    ]
    assert await attached("guide", venue_id=ids["duo"]) == ["guide", "duo"]
    assert await attached("guide", members=["anything"]) == ["duo", "guide"]
    assert await desk.refusal("POST", "events/guide", json=_body(members=[{"name": "Duo Nine"}])) == (
        422,
        {"error": "Talent member not found: Duo Nine"},
    )
    assert await desk.refusal("POST", "events/guide", json=_body(venue_id="nope!")) == (
        404,
        {"message": "No query results for model [App\\Models\\Role]."},
    )
    desk.load(schedules=[_schedule("last")])
    last = (await desk.call("GET", "schedules/last"))["data"]["id"]
    await desk.call("DELETE", "schedules/last")
    assert await attached("guide", venue_id=last) == ["guide"]


async def test_an_unknown_venue_id_that_decodes_names_its_number(desk: Desk) -> None:
    desk.load(schedules=[_schedule("guide", "curator")])
    unknown = desk.platform.state.encode(10)
    assert await desk.refusal("POST", "events/guide", json=_body(venue_id=unknown)) == (
        404,
        {"message": "No query results for model [App\\Models\\Role] 10"},
    )


async def test_venue_names_match_exactly_with_an_address_and_anybody_or_nobody_without(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe"}],
        schedules=[
            _schedule("duo", "talent"),
            _schedule("mill", name="Old Mill", address1="1 Mill Lane"),
            _schedule("barn", name="Barn", address1="2 Farm Road", owner="zoe@mail.test"),
            _schedule("run", name="Run", address1="3 Run Road", owner="zoe@mail.test", members={OWNER: "admin"}),
        ],
    )
    made = await _create(desk, "duo", venue_name="old mill", venue_address1="1 mill lane")
    assert (made["venue_subdomain"], made["venue_address1"]) == ("mill", "1 Mill Lane")
    for name, address in (("Old Mill", "9 Else"), ("Barn", "2 Farm Road"), ("Run", "3 Run Road")):
        assert await desk.refusal("POST", "events/duo", json=_body(venue_name=name, venue_address1=address)) == (
            422,
            {"error": f"Venue not found: {name}"},
        )
    assert (await _create(desk, "duo", venue_name="barn"))["venue_subdomain"] == "barn"
    new = await _create(desk, "duo", venue_name="Brand New Place")
    assert (new["venue_name"], new["venue_subdomain"]) == ("Brand New Place", "brand")
    assert await desk.refusal("GET", "schedules/brand") == (404, {"error": "Schedule not found"})
    nameless = await _create(desk, "duo", venue_address1="4 Nowhere")
    assert (nameless["venue_name"], nameless["venue_address1"]) == (None, "4 Nowhere")


async def test_deleting_an_event_takes_its_sales_and_a_lonely_schedule(desk: Desk) -> None:
    await desk.call("POST", "schedules", json={"name": "Bare", "type": "venue"})
    made = await _create(desk, "bare", tickets_enabled=True, tickets=[{"type": "A"}])
    sale = (
        await desk.call(
            "POST", "sales", json={"event_id": made["id"], "name": "Ida", "email": "ida@mail.test", "tickets": {"A": 1}}
        )
    )["data"]
    assert await desk.call("DELETE", f"events/{made['id']}") == {"data": {"message": "Event deleted successfully"}}
    assert await desk.refusal("GET", f"sales/{sale['id']}") == (404, {"error": "Sale not found"})
    assert await desk.refusal("DELETE", f"events/{made['id']}") == (404, {"error": "Event not found"})
    assert await desk.refusal("GET", "schedules/bare") == (404, {"error": "Schedule not found"})


async def test_an_appointment_is_cancelled_with_a_body_that_is_not_wrapped(desk: Desk) -> None:
    desk.load(
        schedules=[_schedule("loft")],
        events=[
            {
                "name": "Talk",
                "schedules": [{"subdomain": "loft"}],
                "appointment": True,
                "starts_at": "2027-02-01 10:00:00",
            }
        ],
    )
    path = f"events/{desk.platform.state.encode(1)}"
    assert await desk.call("DELETE", path) == {"message": "Appointment cancelled"}
    assert (await desk.call("GET", path))["data"]["name"] == "Talk"


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def test_a_flyer_needs_the_right_content_and_the_right_name(desk: Desk) -> None:
    desk.load(schedules=[_schedule("loft")])
    made = await _create(desk)
    path = f"events/flyer/{made['id']}"
    up = await desk.call("POST", path, files={"flyer_image": ("poster.PNG", PNG, "image/png")})
    assert up["meta"] == {"message": "Flyer uploaded successfully"}
    assert up["data"]["flyer_image_url"].startswith("http://desk.test/eventschedule/storage/flyer_")
    assert up["data"]["flyer_image_url"].endswith(".png")
    assert up["data"]["ticket_currency_code"] == "USD"
    status, body = await desk.refusal("POST", path, files={"flyer_image": ("poster.png", b"text", "image/png")})
    assert (status, body["errors"]) == (
        422,
        {"flyer_image": ["The flyer image field must be a file of type: jpg, jpeg, png, gif, webp."]},
    )
    assert await desk.refusal("POST", path, files={"flyer_image": ("poster.txt", PNG)}) == (
        422,
        {"error": "Invalid file type"},
    )
    big = PNG + b"\0" * (10_240 * 1024)
    assert (await desk.refusal("POST", path, files={"flyer_image": ("poster.png", big)}))[1]["errors"] == {
        "flyer_image": ["The flyer image field must not be greater than 10240 kilobytes."]
    }
    assert (await desk.refusal("POST", path))[1]["errors"] == {"flyer_image": ["The flyer image field is required."]}
    assert await desk.refusal("POST", "events/flyer/none") == (404, {"error": "Event not found"})
