"""No request, however odd, makes Event Schedule's stand-in fail by accident."""

import json
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.organiser import OWNER, Desk

pytestmark = pytest.mark.anyio


WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "-1",
            "1e999",
            "2027-04-01",
            "2027-04-01 10:00:00",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59",
            "a@mail.test",
            "weekly",
            "recurring",
            "\0",
            "x" * 300,
            "Mzg5Mjc5",
            "A",
        ]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "type",
                "price",
                "quantity",
                "name",
                "email",
                "description",
                "sales_start_at",
                "volume_discount",
                "is_pass",
                "pass_scope",
                "pass_event_ids",
                "max_per_order",
                "url",
                "start_time",
            ]
        ),
        VALUES,
        max_size=5,
    ),
    max_size=3,
)
FIELDS = [
    "name", "starts_at", "duration", "category_id", "category", "schedule", "schedule_type", "recurring_frequency",
    "recurring_interval", "recurring_end_type", "recurring_end_value", "days_of_week", "tickets_enabled", "is_private",
    "is_draft", "rsvp_limit", "rsvp_enabled", "ticket_currency_code", "payment_method", "venue_id", "venue_name",
    "venue_address1", "members", "type", "email", "timezone", "language_code", "country_code", "color", "event_id",
    "event_date", "action", "page", "per_page", "subdomain", "group_id", "status", "is_approved", "min_rating", "from",
    "password", "website", "flyer_image",
]  # fmt: skip


def _merged(base: dict[str, Any], odd: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    return base | odd | rows


BODIES: st.SearchStrategy[dict[str, Any]] = st.builds(
    _merged,
    st.sampled_from(
        [
            {},
            {"name": "X", "starts_at": "2027-04-01 10:00:00", "tickets_enabled": True},
            {"name": "X", "type": "talent"},
            {"event_id": "Mzg5Mjc5", "name": "X", "email": "a@mail.test", "tickets": {"A": 1}},
        ]
    ),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5),
    st.dictionaries(
        st.sampled_from(["tickets", "addons", "event_parts", "members"]), st.one_of(ROWS, VALUES), max_size=2
    ),
)
PATHS = st.one_of(
    st.sampled_from(
        [
            "schedules",
            "schedules/loft",
            "schedules/loft/groups",
            "schedules/loft/groups/Mzg5Mjc5",
            "categories",
            "categories/loft",
            "events",
            "events/loft",
            "events/duo",
            "events/Mzg5Mjc5",
            "events/flyer/Mzg5Mjc5",
            "sales",
            "sales/Mzg5Mjc5",
            "feedback",
            "fan-content",
            "login",
            "register",
            "register/send-code",
        ]
    ),
    st.text(max_size=10).map(lambda text: "events/" + quote(text)),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
SETTINGS = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _stage(desk: Desk) -> None:
    desk.load(
        schedules=[
            {"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER, "email": "l@mail.test"},
            {"subdomain": "duo", "type": "talent", "name": "Duo", "owner": OWNER, "email": "d@mail.test"},
        ],
        events=[
            {
                "name": "E",
                "starts_at": "2027-04-01 10:00:00",
                "schedules": [{"subdomain": "duo"}],
                "tickets": [{"type": "A", "price": 3}],
                "sales": [{"name": "B", "email": "b@mail.test"}],
            }
        ],
    )


def _documented(body: Any) -> bool:
    """A 500 is documented for null collections, a null currency or language, and a wrong zone or page size."""
    fields = (
        "tickets",
        "addons",
        "event_parts",
        "members",
        "ticket_currency_code",
        "language_code",
        "name",
        "per_page",
    )
    return any(name in body for name in fields)


def _check(answer: httpx2.Response, body: Any) -> None:
    assert answer.status_code in (200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 422) or (
        answer.status_code == 500 and _documented(body)
    )
    if answer.status_code not in (200, 302) and answer.content:
        assert set(answer.json()) <= {"data", "meta", "error", "errors", "message"}


@given(method=METHODS, path=PATHS, body=BODIES)
@SETTINGS
async def test_json_bodies(desk: Desk, method: str, path: str, body: dict[str, Any]) -> None:
    if not desk.world.store.row("select 1 from eventschedule_role"):
        _stage(desk)
    headers = {"Content-Type": "application/json"}
    answer = await desk.client.request(method, path, content=json.dumps(body).encode(), headers=headers)
    _check(answer, body)


@given(
    path=PATHS, params=st.dictionaries(st.sampled_from([*FIELDS, "a[b]", "tickets[0]", "tickets[]"]), WORDS, max_size=4)
)
@SETTINGS
async def test_query_strings(desk: Desk, path: str, params: dict[str, str]) -> None:
    if not desk.world.store.row("select 1 from eventschedule_role"):
        _stage(desk)
    _check(await desk.client.get(path, params=params), params)
    _check(await desk.client.post(path, data=params), params)


@given(
    content=st.binary(max_size=60),
    kind=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/vnd.api+json",
        ]
    ),
)
@SETTINGS
async def test_bytes_of_any_type(desk: Desk, content: bytes, kind: str) -> None:
    for path in ("schedules", "events/flyer/Mzg5Mjc5", "login"):
        answer = await desk.client.post(path, content=content, headers={"Content-Type": kind})
        assert answer.status_code in (404, 422)


async def test_deep_nesting_and_long_numbers(desk: Desk) -> None:
    _stage(desk)
    headers = {"Content-Type": "application/json"}
    for content in (
        b'{"members":' * 500 + b"1" + b"}" * 500,
        b'{"name":' + b"9" * 5000 + b"}",
        b'{"a":' * 100_000,
        b'{"duration": 1e999, "name": "x", "starts_at": "2027-04-01 10:00:00"}',
    ):
        assert (await desk.client.post("events/loft", content=content, headers=headers)).status_code == 422


def _ticket_rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {"type": st.sampled_from(["A", "0", "2 days", "ÄÖ"])},
        optional={
            "id": SCALARS,
            "price": st.one_of(st.none(), st.integers(0, 10**25), st.floats(0, 1e300), st.just("12.5")),
            "quantity": st.one_of(st.none(), st.integers(0, 10**17)),
            "volume_discount": VALUES,
            "is_pass": SCALARS,
            "pass_event_ids": VALUES,
            "pass_max_uses": VALUES,
            "max_per_order": VALUES,
            "sales_start_at": st.sampled_from([None, "2027-01-01", "2027-01-01T10:00:00+02:00", "9999-12-31 23:59"]),
        },
    )
    return st.lists(row, max_size=3)


ACCEPTABLE: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["X", "東京", "a" * 255, "\0x"]),
        "starts_at": st.sampled_from(["2027-04-01 10:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59"]),
    },
    optional={
        "tickets_enabled": st.sampled_from([True, 1, "0", None]),
        "tickets": st.one_of(st.none(), _ticket_rows()),
        "addons": st.one_of(st.none(), _ticket_rows()),
        "event_parts": st.lists(st.fixed_dictionaries({"name": st.just("P")}, optional={"id": SCALARS}), max_size=2),
        "duration": st.one_of(st.none(), st.floats(0, 8760), st.just("1e3")),
        "category_id": st.sampled_from([None, 4, "4"]),
        "rsvp_limit": st.one_of(st.integers(1, 10**17), st.just(True)),
        "recurring_interval": st.integers(2, 10**17),
        "schedule_type": st.sampled_from(["single", "recurring", None]),
        "recurring_frequency": st.sampled_from(["daily", "every_n_weeks"]),
        "days_of_week": st.just("0101010"),
        "recurring_end_type": st.sampled_from(["never", "on_date", "after_events"]),
        "recurring_end_value": st.sampled_from(["9" * 40, "2027-05-01", "1e5", "x"]),
        "members": st.one_of(st.none(), st.lists(VALUES, max_size=2)),
        "venue_id": st.sampled_from([None, "Mzg5Mjc5"]),
        "venue_name": WORDS,
        "is_private": st.booleans(),
        "is_internal": st.booleans(),
    },
)


@given(body=ACCEPTABLE, change=ACCEPTABLE, quantity=st.sampled_from([1, 3, True, "2", 10**17]))
@SETTINGS
async def test_writes_that_are_mostly_right(
    desk: Desk, body: dict[str, Any], change: dict[str, Any], quantity: Any
) -> None:
    if not desk.world.store.row("select 1 from eventschedule_role"):
        _stage(desk)
    for subdomain in ("loft", "duo"):
        answer = await desk.client.post(f"events/{subdomain}", json=body)
        _check(answer, body)
        if answer.status_code != 201:
            continue
        number = answer.json()["data"]["id"]
        sale = {"event_id": number, "name": "I", "email": "i@mail.test", "tickets": {"A": quantity, "0": 1}}
        for tickets in (sale["tickets"], [quantity]):
            _check(await desk.client.post("sales", json=sale | {"tickets": tickets, "event_date": "2027-04-05"}), {})
        _check(await desk.client.put(f"events/{number}", json=change), change)
        assert (await desk.client.get(f"events/{number}")).status_code == 200
        assert (await desk.client.get("sales", params={"event_id": number})).status_code == 200
        assert (await desk.client.delete(f"events/{number}")).status_code == 200
