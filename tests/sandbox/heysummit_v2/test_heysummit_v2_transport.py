"""The HeySummit stand-in's newer dialect: keys, slashes, agents, formats, unknown routes."""

import httpx2
import pytest

from eventdesk_server.sandbox.core import World

pytestmark = pytest.mark.anyio


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
