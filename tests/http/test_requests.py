"""What leaves the client, byte by byte."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter

from eventdesk_server.http.building import Pairs, freeze, target_of
from eventdesk_server.http.client import Later
from eventdesk_server.http.credentials import PathToken
from eventdesk_server.http.policy import Dialect
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from eventdesk_tools.plans import PlannedRequest
from tests.http.support import ADD, BASE, CANARY, LIST, SET, VIEW, Context, Row, Script, build, reply, sentence

pytestmark = pytest.mark.anyio

ANYTHING: TypeAdapter[object] = TypeAdapter(object)
SEGMENTS = Dialect(title="Platform", sentence=sentence, query_style="segments")


async def test_a_read_sends_the_path_the_query_and_its_own_name() -> None:
    script = Script(reply(body={"id": 7, "title": "Gala"}))
    row = await build(script).read(
        VIEW, Row, path={"event": "e-7"}, query={"a": "x y&z", "n": 3, "on": True, "no": None}
    )
    assert row == Row(id=7, title="Gala")
    assert script.targets == ["GET /v1/events/e-7/?a=x%20y%26z&n=3&on=true"]
    assert dict(script.requests[0].headers) == {
        "accept": "application/json",
        "user-agent": "Eventdesk/1.2.3 (+MCP server)",
        "accept-encoding": "gzip, deflate",
        "authorization": f"Token {CANARY}",
        "host": "api.example.org",
    }


async def test_a_sequence_repeats_its_key_and_the_agent_can_be_set() -> None:
    script = Script(reply(body=[]))
    client = build(script, user_agent="Mozilla")
    assert await client.read(LIST, list[Row], query={"tag[]": ["a", "b"]}) == []
    assert script.targets == ["GET /v1/events/?tag%5B%5D=a&tag%5B%5D=b"]
    assert script.requests[0].headers["user-agent"] == "Mozilla"


@pytest.mark.parametrize("bad", ["..", ".", "a/b", "%2e%2e", "a?b", "a#b", "", "a b", "é", "a" * 129, "a\n"])
async def test_a_path_value_that_is_no_id_is_refused_before_any_request(bad: str) -> None:
    script = Script()
    with pytest.raises(UnknownRef, match="is not an id"):
        await build(script).read(VIEW, Row, path={"event": bad})
    with pytest.raises(UnknownRef):
        build(script).prepare(ADD, path={"event": bad})
    with pytest.raises(UnknownRef):
        await build(script).send(build(script).prepare(ADD, path={"event": Later("event")}), Row, {"event": bad})
    assert script.requests == []


async def test_slots_and_effects_that_do_not_fit_are_programming_errors() -> None:
    client = build(Script())
    with pytest.raises(ValueError, match="slots"):
        await client.read(VIEW, Row)
    with pytest.raises(ValueError, match="slots"):
        await client.read(LIST, Row, path={"event": "7"})
    with pytest.raises(ValueError, match="no reading operation"):
        await client.read(ADD, Row, path={"event": "7"})
    with pytest.raises(ValueError, match="is a reading operation"):
        await client.send(client.prepare(LIST), Row)


@pytest.mark.parametrize("base", [BASE, BASE + "/"])
async def test_the_base_url_joins_with_and_without_its_slash(base: str) -> None:
    script = Script(reply(body=[]))
    await build(script, base_url=base).read(LIST, ANYTHING)
    assert str(script.requests[0].url) == "https://api.example.org/v1/events/"


@pytest.mark.parametrize(
    "bad",
    [
        "http://api.example.org",
        "ftp://api.example.org",
        "api.example.org",
        "https://user:pw@api.example.org",
        "https://api.example.org/?a=b",
        "https://api.example.org/#x",
        "http://localhost.example.org",
        "https://",
        "http://127.0.0.1.example.org",
    ],
)
def test_a_base_url_that_would_expose_the_key_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        build(None, base_url=bad)


@pytest.mark.parametrize(
    "good", ["http://127.0.0.1:8000", "http://localhost/x", "http://demo.localhost", "http://[::1]:80/a"]
)
def test_loopback_may_be_plain(good: str) -> None:
    build(None, base_url=good)


async def test_segments_carry_the_query_in_the_path_and_the_key_last() -> None:
    script = Script(reply(body={}))
    client = build(script, dialect=SEGMENTS, credentials=PathToken(SecretStr("k/y")))
    await client.read(
        LIST, ANYTHING, query={"limit": 5, "f": "live:1|event_starts >:2027-03-01", "q": "", "s": "a/b+c"}
    )
    assert script.targets == ["GET /v1/events/limit:5/f:live:1%7Cevent_starts%20%3E:2027-03-01/s:a%20b%2Bc/token:k%2Fy"]


async def test_a_prepared_write_is_sent_as_it_was_shown() -> None:
    script = Script(reply(201, {"id": 1}))
    client = build(script)
    body: dict[str, Any] = {"z": "Zoë", "a": [1, {"deep": None}], "password": "hush"}
    prepared = client.prepare(ADD, path={"event": "7"}, query={"notify": True}, body=body)
    body["a"].append("changed afterwards")
    assert await client.send(prepared, Row) == Row(id=1)
    assert script.targets == ["POST /v1/events/7/people?notify=true"]
    assert script.bodies == ['{"z":"Zoë","a":[1,{"deep":null}],"password":"hush"}'.encode()]
    assert script.requests[0].headers["content-type"] == "application/json"
    assert prepared.planned == PlannedRequest(
        method="POST",
        path="/events/7/people",
        query=(("notify", "true"),),
        body={"z": "Zoë", "a": [1, {"deep": None}], "password": "***"},
    )
    assert "hush" not in repr(prepared)


async def test_later_values_stand_as_names_and_are_filled_in_when_sent() -> None:
    script = Script(reply(201, {"id": 9}))
    client = build(script)
    prepared = client.prepare(
        ADD,
        path={"event": Later("copy")},
        query={"ticket": Later("ticket")},
        body={"ticket": Later("ticket"), "n": [Later("ticket", "integer")], "literal": "<ticket>"},
    )
    assert prepared.planned.path == "/events/‹copy›/people"
    assert prepared.planned.query == (("ticket", "‹ticket›"),)
    assert prepared.planned.body == {"ticket": "‹ticket›", "n": ["‹ticket›"], "literal": "<ticket>"}
    with pytest.raises(ValueError, match="no earlier step"):
        await client.send(prepared, Row, {})
    step = client.step("register", prepared, Row, lambda row: {"person": str(row.id)})
    kept = await step.send(Context({"copy": "42", "ticket": "5"}))
    assert kept == {"person": "9"}
    assert (step.name, step.request, step.repeatable, step.optional) == ("register", prepared.planned, False, False)
    assert script.targets == ["POST /v1/events/42/people?ticket=5"]
    assert script.bodies == [b'{"ticket":"5","n":[5],"literal":"<ticket>"}']


def test_a_step_of_an_operation_documented_so_is_repeatable() -> None:
    client = build(Script())
    assert client.step("set", client.prepare(SET, path={"event": "7"}), Row, lambda _: {}, optional=True).repeatable


@pytest.mark.parametrize("bad", [{"a": "\ud800"}, {"\ud800": 1}])
def test_half_a_character_is_refused_before_any_request(bad: dict[str, object]) -> None:
    with pytest.raises(InvalidArguments, match="half a character"):
        build(Script()).prepare(ADD, path={"event": "7"}, body=bad)


def test_a_value_without_a_json_form_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="set has no JSON form"):
        freeze({"a": {1}})
    with pytest.raises(ValueError, match="JSON compliant"):
        freeze({"a": float("nan")})


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@given(pairs=st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=5))
def test_a_query_survives_the_journey(pairs: list[tuple[str, str]]) -> None:
    url = httpx2.URL(BASE + target_of("events/", tuple(pairs), {}, "query"))
    assert parse_qsl(url.query.decode("ascii"), keep_blank_values=True, strict_parsing=bool(pairs)) == pairs
    assert url.raw_path.partition(b"?")[0] == b"/v1/events/"


@given(
    pairs=st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), TEXT), max_size=5).map(tuple),
    key=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
)
@settings(max_examples=200)
def test_segments_survive_the_journey(pairs: Pairs, key: str) -> None:
    suffix = f"/token:{quote(key, safe='')}"
    url = httpx2.URL(BASE + target_of("events/index", pairs, {}, "segments", suffix))
    path = url.raw_path.decode("ascii")
    assert "?" not in path
    segments = path.removeprefix("/v1/events/index/").split("/")
    sent = [(name, str(value).replace("/", " ")) for name, value in pairs if str(value).strip("/ ")]
    assert [tuple(unquote(part) for part in segment.split(":", 1)) for segment in segments] == [*sent, ("token", key)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(body=JSON.filter(lambda body: body is not None))
def test_a_body_survives_the_journey(body: object) -> None:
    parts = freeze(body)
    assert len(parts) == 1
    assert isinstance(parts[0], bytes)
    assert json.loads(parts[0]) == body
