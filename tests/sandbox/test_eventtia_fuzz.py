"""No request, however odd, gets an answer that Eventtia's stand-in did not mean to give."""

import json
import random
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import anyio
import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn
from eventdesk_server.sandbox.eventtia.standin import ENDPOINTS

NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
KNOWN: Final = {
    "event_uri": ["harbor-design-days", "data-in-practice"], "attendee_id": ["600001", "600004"], "id": ["73001", "10051", "15201"],
    "workshop_id": ["73001"], "business_conference_id": ["15001"], "business_conference_participant_type_id": ["15101"],
    "participant_id": ["15301"], "country_id": ["3"], "region_id": ["31"], "city_id": ["40102"], "survey_id": ["10051"],
    "purchase_item_id": ["8801"], "guest_id": ["210001"], "param_name": ["aux_json_data"], "event_file_category_id": ["1201"],
    "stand_reservation_id": ["2701"], "account_api_key": ["00000000-0000-4000-8000-00000000e7e7"],
}  # fmt: skip
WORDS: Final = (
    "name", "start_date", "end_date", "is_virtual", "virtual_timezone", "event_uri", "active", "custom_fields_data", "attendee",
    "attendee_type_id", "first_name", "last_name", "email", "birthdate", "custom_fields", "workshops", "purchase_items",
    "city_id", "group_registration_uuid", "workshop_id", "attendee_id", "workshop_ids", "categories", "price", "availability",
    "streaming_type", "streaming_embed_code", "target_url", "trigger", "param_value", "answers", "survey_type", "password",
    "page[number]", "page[size]", "include", "updated_since", "created_date_time", "date", "status", "template", "country_id",
    "search_custom_fields[7001][]", "start_date_lower_bound", "end_date_time", "payment_type", "zone", "description",
    "default_language", "interactivity_type", "show_on_register", "client_id", "client_secret", "description",
)  # fmt: skip
TEXTS: Final = st.sampled_from(
    (
        "", "0", "-1", "1", "true", "x", "12/05/2026 - 09:00:00", "31/12/9999 - 23:59", "01/01/0001 - 00:00:00", "29/02/2027",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-04", "Europe/Madrid", "Asia", "../../etc", "NaN", "sNaN",
        "1e999999999", "99999999999999999999", "a@b.example", "٣", "²", "\ud800", "\0", "🎆", "73001,73002", "51001", "x.y.z,..",
        "https://hooks.example/1", "en",
    )
) | st.text(max_size=12)  # fmt: skip
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS) | st.sampled_from(("51001", "73001", "8801")) | TEXTS, inner, max_size=6
        )
    ),
    max_leaves=12,
)
BODIES: Final = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=8) | VALUES
RAW: Final = st.sampled_from((b"", b"{", b"\xff", b"[" * 5000, b'{"a":1e999}', b'"\\ud800"', b"9" * 5000, b"Infinity"))


_WORLD: Final = World(clock=Clock(NOW), limits=False)
_STAND_IN: Final = EventtiaStandIn(_WORLD)
_STAND_IN.load(_STAND_IN.default_season(random.Random(7)))
_TRANSPORT: Final = httpx2.ASGITransport(app=_STAND_IN.app())


async def _ask(**request: Any) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=_TRANSPORT, base_url="http://desk.example") as client:
        return await client.request(**request)


async def _token() -> str:
    login = await _ask(method="POST", url="/api/v3/auth", json=_STAND_IN.credentials())
    return f"Bearer {login.json()['auth_token']}"


_TOKEN: Final = anyio.run(_token)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    endpoint = draw(st.sampled_from(ENDPOINTS))
    parts = [
        quote(draw(st.sampled_from(KNOWN[part[1:]]) | TEXTS).encode("utf-8", "replace").decode(), safe="")
        if part.startswith(":")
        else part
        for part in endpoint.path.split("/")
    ]
    content = draw(BODIES.map(lambda body: json.dumps(body).encode()) | RAW)
    kind = draw(st.sampled_from(["application/json"] * 6 + ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x",
                                                              "application/x-www-form-urlencoded"]))  # fmt: skip
    query = draw(st.dictionaries(st.sampled_from(WORDS), TEXTS, max_size=4))
    return {
        "method": draw(st.sampled_from([endpoint.method] * 8 + ["GET", "HEAD", "OPTIONS", "PATCH", "DELETE"])),
        "url": "/api/v3/" + "/".join(parts),
        "params": {name: value.encode("utf-8", "replace").decode() for name, value in query.items()},
        "content": content,
        "headers": {"content-type": kind, "authorization": _TOKEN},
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(requests())
def test_no_request_gets_an_answer_that_is_not_documented(request: dict[str, Any]) -> None:
    async def ask() -> httpx2.Response:
        return await _ask(**request)

    answer = anyio.run(ask)
    assert answer.status_code in {200, 201, 204, 400, 401, 403, 404, 422}
    if answer.status_code >= 400 and request["method"] != "HEAD":
        assert set(answer.json()) == {"message"}
