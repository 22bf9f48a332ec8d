"""No request, however odd, makes evvnt's stand-in stumble."""

import json
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.sandbox.evvnt.state import Role
from tests.sandbox.evvnt_desk import MINE, NEW, USER, StockedDesk

pytestmark = pytest.mark.anyio
_KEYS = st.sampled_from(
    [
        *NEW,
        "capacity",
        "links",
        "image_urls",
        "door_time",
        "hashtag",
        "package_id",
        "id",
        "event_quantity",
        "name",
        "email",
        "url",
        "slug",
        "sub_category_ids",
        "country",
        "latitude",
        "Website",
    ]
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "\ud800",
            "\x00",
            "2027-06-12T19:30:00+0100",
            "0001-01-01T00:00:00+2359",
            "9999-12-31T23:59:59-2359",
            "GBP 1",
            "https://a.example",
            "a@b.example",
            "GB",
            MINE,
        ]
    ),
)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | st.text(max_size=3), inner, max_size=4)
)
_BODIES = st.one_of(
    _JSON,
    st.dictionaries(_KEYS, _JSON, max_size=4),
    st.dictionaries(_KEYS, _JSON, max_size=2).map(lambda some: {**NEW, **some}),
)
_PATHS = st.sampled_from(
    [
        "/events",
        "/events/mine",
        "/events/ours",
        "/events/70021",
        "/events/70021/report",
        "/events/ours/70021",
        "/packages",
        "/packages/mine",
        f"/packages/{MINE}",
        "/users",
        f"/users/{USER}",
        f"/users/{USER}/packages",
        "/publishers",
        "/publishers/324/categories",
        "/publishers/324/published_events",
        "/publishers/324/published_events/70021",
        "/categories",
        "/contract",
    ]
)
_QUERIES = st.dictionaries(
    st.sampled_from(
        [
            "max_results",
            "page",
            "newer_than",
            "category_id",
            "country",
            "user_id",
            "publisher_id",
            "package_id",
            "filter",
        ]
    ),
    st.one_of(
        st.text(max_size=6), st.integers().map(str), st.sampled_from([USER, "0001-01-01", "2027-01-01T00:00:00+14:00"])
    ),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(
    role=st.sampled_from(["publisher", "organiser", "partner"]),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=_PATHS,
    query=_QUERIES,
    body=_BODIES,
)
def test_no_request_makes_it_stumble(role: Role, method: str, path: str, query: dict[str, str], body: Any) -> None:
    desk = StockedDesk()

    async def run() -> None:
        number = await desk.create()
        desk.standin.load({"published_events": [{"publisher_id": 324, "event_id": number}]})
        async with desk.client(role) as client:
            content = json.dumps(body).encode() if method != "GET" else None
            headers = {"Content-Type": "application/json"}
            answer = await client.request(method, path, params=query, content=content, headers=headers)
            assert answer.status_code in (200, 400, 403, 404)
            if answer.status_code in (400, 403):
                assert set(answer.json()) == {"errors"}
            assert (await client.get("/events")).status_code == 200

    anyio.run(run)
