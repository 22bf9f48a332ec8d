"""Several people on one server: nobody sees, lists, completes, continues or allows what is another's."""

from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import PromptReference, ResourceTemplateReference, TextResourceContents

from eventdesk_server.resources import ACCOUNTS_URI, CAPABILITIES_URI, EVENT_URI
from tests.web.teams import Team, called, team

pytestmark = pytest.mark.anyio
SEES = {
    "ana": {"club", "fairs", "talks"},
    "ben": {"hall", "talks"},
    "cleo": {"fairs", "talks"},
    "dora": {"talks"},
}
ALL = {"club", "hall", "fairs", "talks", "nobodys"}
MODES = pytest.mark.parametrize("mode", ["auto", "legacy"])


async def an_event(running: Team, who: str, account: str) -> str:
    async with running.client(who) as client:
        return (await called(client, "list_events", account=account, limit=1))["rows"][0][0]


@MODES
@pytest.mark.parametrize("who", SEES)
async def test_each_sees_the_accounts_bound_to_them_and_no_other(who: str, mode: str, tmp_path: Path) -> None:
    async with team(tmp_path) as running, running.client(who, mode) as client:
        accounts = await called(client, "list_accounts")
        events = await called(client, "list_events", when="all", fields=["ref"], limit=200)
        completed = await client.complete(ResourceTemplateReference(uri=EVENT_URI), {"name": "account", "value": ""})
        proposed = await client.complete(PromptReference(name="door_list"), {"name": "event", "value": ""})
        texts = [(await client.read_resource(uri)).contents[0] for uri in (ACCOUNTS_URI, CAPABILITIES_URI)]
    assert {row[0] for row in accounts["rows"]} == SEES[who]
    assert {row[0].split(":")[0] for row in events["rows"]} == SEES[who]
    assert set(completed.completion.values) == SEES[who]
    assert {value.rsplit("(", 1)[1].split(":")[0] for value in proposed.completion.values} <= SEES[who]
    for text in texts:
        assert isinstance(text, TextResourceContents)
        assert not [
            name for name in ALL - SEES[who] if f"{name}" in text.text.replace("hall", "") or f'"{name}"' in text.text
        ]


@MODES
async def test_anothers_account_is_as_if_there_were_none(mode: str, tmp_path: Path) -> None:
    async with team(tmp_path) as running:
        event = await an_event(running, "ana", "club")
        async with running.client("ben", mode) as client:
            made_up = event.replace("club", "clubb")
            for tool, arguments in (
                ("get_event", {"event": event}),
                ("list_attendees", {"event": event}),
                ("register_attendee", {"event": event, "name": "Eve Q", "email": "eve@example.org"}),
                ("archive_event", {"event": event}),
                ("list_events", {"account": "club"}),
                ("call_read_operation", {"operation": "list_events", "account": "club"}),
            ):
                answer = await called(client, tool, **arguments)
                other = {
                    name: made_up if value == event else "clubb" if value == "club" else value
                    for name, value in arguments.items()
                }
                assert answer["error"]["code"] == "unknown_ref"
                assert answer == _renamed(await called(client, tool, **other))
            with pytest.raises(MCPError, match="There is no account 'club'"):
                await client.read_resource(f"event://club/{event.split(':')[1]}")
        assert not [seen for seen in running.sandbox.faults.seen if seen.method != "GET"]


def _renamed(answer: dict[str, Any]) -> dict[str, Any]:
    error = answer["error"]
    return {**answer, "error": {**error, "message": error["message"].replace("clubb", "club")}}


async def test_what_scopes_do_not_cover_is_neither_listed_nor_carried_out(tmp_path: Path) -> None:
    async with team(tmp_path) as running:
        event = await an_event(running, "cleo", "fairs")
        async with running.client("cleo") as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            prompts = {prompt.name for prompt in (await client.list_prompts()).prompts}
            refused = await called(client, "archive_event", event=event)
            with pytest.raises(MCPError, match="There is no prompt"):
                await client.get_prompt("clone_last_edition", {"event": event, "starts": "2027-12-20T10:00"})
        assert not [seen for seen in running.sandbox.faults.seen if seen.method != "GET" and "auth" not in seen.path]
    assert "list_events" in tools
    assert not tools & {"archive_event", "register_attendee", "apply_preview", "call_write_operation"}
    assert "clone_last_edition" not in prompts
    assert refused["error"]["code"] == "permission_denied"


async def test_a_token_for_a_preview_works_for_who_was_given_it_alone(tmp_path: Path) -> None:
    async with team(tmp_path) as running:
        event = await an_event(running, "dora", "talks")
        async with running.client("ana") as ana, running.client("cleo") as cleo, running.client("dora") as dora:
            club = (await called(ana, "list_events", account="club", status="live", limit=1))["rows"][0][0]
            shown = await called(ana, "archive_event", event=club)
            assert shown["outcome"] == "preview", shown
            stolen = await called(dora, "apply_preview", token=shown["token"])
            assert stolen["error"]["code"] == "invalid_arguments"
            assert (await called(cleo, "apply_preview", token=shown["token"]))["error"]["code"] == "permission_denied"
            done = await called(ana, "apply_preview", token=shown["token"])
        assert event
    assert done["outcome"] == "done"


async def test_a_cursor_continues_for_who_was_given_it_alone(tmp_path: Path) -> None:
    async with team(tmp_path) as running, running.client("ana") as ana, running.client("dora") as dora:
        asked = {"account": "talks", "when": "all", "limit": 1}
        page = await called(ana, "list_events", **asked)
        other = await called(dora, "list_events", **asked, cursor=page["next_cursor"])
        mine = await called(ana, "list_events", **asked, cursor=page["next_cursor"])
    assert other["error"]["code"] == "invalid_arguments"
    assert mine["rows"] != page["rows"]


async def test_one_who_calls_too_often_waits_and_the_others_do_not(tmp_path: Path) -> None:
    from tests.web.teams import PEOPLE

    async with (
        team(tmp_path, tokens=PEOPLE, calls_per_minute=3) as running,
        running.client("ana") as ana,
        running.client("ben") as ben,
    ):
        answers = [await called(ana, "find_operations", query="venues") for _ in range(4)]
        other = await called(ben, "find_operations", query="venues")
    assert ["error" in answer for answer in answers] == [False, False, False, True]
    assert answers[-1]["error"]["code"] == "rate_limited"
    assert 0 < answers[-1]["error"]["retry_after"] <= 20
    assert "error" not in other
