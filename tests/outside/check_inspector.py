"""The MCP Inspector's two command lines against the server over stdio, in both eras, every result read.

`--cli` starts a server for each call and cannot ask a person. `mcpdo` keeps one server connected, so that a preview's
token can be used, and can be asked. The platforms behind are the sandbox's stand-ins on loopback.
"""

import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest

from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_tools.catalog import CATALOG
from tests.outside.support import Ran, command, run

pytestmark = pytest.mark.anyio

PACKAGE = "@modelcontextprotocol/inspector"
SERVER = [sys.executable, "-m", "eventdesk_server"]
ERAS = ["legacy", "modern"]
TOOLS = [spec.name for spec in CATALOG if spec.opt_in is None]
OK, TOOL_FAILED = 0, 5
Call = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]
SECONDS = 60
CLUB = "demo-eventschedule"


@dataclass(frozen=True, slots=True)
class Inspector:
    """The Inspector in one era, its own files in one folder, and the server's settings beside them."""

    era: str
    folder: Path
    settings: Path | None = None

    @property
    def _settings(self) -> list[str]:
        """The server inherits no variables of the Inspector's but these."""
        return [] if self.settings is None else ["-e", f"EVENTDESK_CONFIG={self.settings}"]

    @property
    def _env(self) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "MCP_INSPECTOR_SECRET_STORE": "memory",
            "MCP_INSPECTOR_DAEMON_DIR": str(self.folder / "d"),
            "MCP_INSPECTOR_DAEMON_TOKEN": "only-this-test-uses-it",
        }

    async def cli(self, *words: str) -> Ran:
        """One start of `mcp-inspector --cli`, and so one start of the server."""
        inspector = [*command(PACKAGE, "mcp-inspector"), "--cli", *self._settings, *SERVER]
        return await run([*inspector, "--protocol-era", self.era, *words], seconds=SECONDS, env=self._env)

    async def call(self, tool: str, arguments: Mapping[str, Any], *, code: int = OK) -> dict[str, Any]:
        """One tool's answer, read."""
        given = ["--tool-args-json", json.dumps(arguments)]
        ran = await self.cli("--method", "tools/call", "--tool-name", tool, *given)
        assert ran.code == code, ran.said
        result = json.loads(ran.out)
        assert result["isError"] is (code == TOOL_FAILED)
        return _answer(result)

    async def do(self, *words: str, code: int = OK) -> Any:
        """One command of `mcpdo`, which keeps its connections in a background process."""
        ran = await run([*command(PACKAGE, "mcpdo"), "--format", "json", *words], seconds=SECONDS, env=self._env)
        assert ran.code == code, ran.said
        return json.loads(ran.out)

    @asynccontextmanager
    async def connected(self, *, asks: bool) -> AsyncGenerator[None]:
        """A connection that stays, to a server that can ask a person or not."""
        how = ["--era", self.era, "--elicit", "form" if asks else "off", *self._settings]
        await self.do("connect", *how, "@desk", "--", *SERVER)
        try:
            yield
        finally:
            await run([*command(PACKAGE, "mcpdo"), "daemon", "stop"], seconds=SECONDS, env=self._env)

    async def desk(self, *words: str, code: int = OK) -> Any:
        """One command over that connection."""
        return await self.do("--connection", "desk", *words, code=code)

    async def ask(self, tool: str, arguments: Mapping[str, Any], *, code: int = OK) -> dict[str, Any]:
        """One call over that connection."""
        return _answer(await self.desk("tools/call", tool, "--tool-args-json", json.dumps(arguments), code=code))


def _answer(result: Mapping[str, Any]) -> dict[str, Any]:
    """The one text of a result, which is JSON."""
    (block,) = result["content"]
    assert block["type"] == "text"
    answer = json.loads(block["text"])
    assert answer["sandbox"] is True
    return answer


def _records(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@asynccontextmanager
async def _platforms(folder: Path) -> AsyncGenerator[Path]:
    """The stand-ins on loopback; gives a settings file with an account on each."""
    with Sandbox(limits=False) as sandbox:
        async with serving(sandbox) as connections:
            lines = [f'export_folder = "{folder}"', "operations_write = true"]
            for provider, given in connections.items():
                lines += [f"[accounts.demo-{provider}]", f'provider = "{provider}"', "sandbox = true"]
                lines += [f"{name} = {json.dumps(value)}" for name, value in given.items()]
            settings = folder / "config.toml"
            settings.write_text("\n".join([*lines, ""]), encoding="utf-8")
            yield settings


async def _club_night(call: Call) -> tuple[str, str]:
    """A public, single event to come of the club, and a priced ticket that is on sale: found as an assistant would."""
    wanted = {"account": CLUB, "status": "live", "fields": ["ref", "title", "starts", "repeats"]}
    for event in _records(await call("list_events", wanted)):
        if event["repeats"]:
            continue
        details = await call("get_event", {"event": event["ref"]})
        assert details["ref"] == event["ref"]
        for ticket in _records(details.get("tickets", {"columns": [], "rows": []})):
            room = ticket.get("left") not in {0, 1, 2}
            if ticket["price"] != "free" and ticket.get("on_sale") is not False and room:
                return event["ref"], ticket["ref"]
    raise AssertionError("no priced ticket is on sale")


@pytest.mark.parametrize("era", ERAS)
async def test_the_tool_list_is_portable_and_needs_no_settings(era: str, tmp_path: Path) -> None:
    ran = await Inspector(era, tmp_path).cli("--method", "tools/list", "--strict")
    assert ran.code == OK, ran.said
    assert [tool["name"] for tool in json.loads(ran.out)["tools"]] == TOOLS
    assert "warning" not in ran.err.lower(), ran.err


@pytest.mark.parametrize("era", ERAS)
async def test_a_start_without_settings_answers_from_the_sandbox(era: str, tmp_path: Path) -> None:
    inspector = Inspector(era, tmp_path)
    accounts = _records(await inspector.call("list_accounts", {}))
    assert [(row["account"], row["mode"], row["health"]) for row in accounts] == [
        (f"demo-{provider}", "sandbox", "ok")
        for provider in ("heysummit", "eventhq", "eventtia", "evvnt", "eventschedule")
    ]
    listed = await inspector.call("list_events", {})
    assert listed["returned"] == len(listed["rows"]) == 20


@pytest.mark.parametrize("era", ERAS)
async def test_structured_content_passes_the_sdks_own_check_against_the_schemas(era: str, tmp_path: Path) -> None:
    """The TypeScript SDK refuses a result whose structured content does not fit the tool's output schema, or is not there."""
    settings = tmp_path / "config.toml"
    settings.write_text("structured_content = true\n", encoding="utf-8")
    inspector = Inspector(era, tmp_path, settings)
    ran = await inspector.cli("--method", "tools/list", "--strict")
    assert ran.code == OK, ran.said
    assert all(tool["outputSchema"]["type"] == "object" for tool in json.loads(ran.out)["tools"])
    for tool, arguments in (("list_events", {"limit": 3}), ("event_summary", {"events": ["demo-heysummit:4711"]})):
        ran = await inspector.cli(
            "--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments)
        )
        assert ran.code == OK, ran.said
        result = json.loads(ran.out)
        text, second = _answer(result), result["structuredContent"]
        assert second.get("items", []) == (_records(text) if "rows" in text else [])
        assert {name: second[name] for name in text if name not in {"columns", "rows"}}.keys() == second.keys() - {
            "items"
        }
    await inspector.call("get_event", {"event": "no such event"}, code=TOOL_FAILED)


@pytest.mark.parametrize("era", ERAS)
async def test_every_tool_answers_as_it_should(era: str, tmp_path: Path) -> None:
    async with _platforms(tmp_path) as settings:
        inspector = Inspector(era, tmp_path, settings)
        event, ticket = await _club_night(inspector.call)

        person = {"event": event, "name": "Ada Pier", "email": "ada.pier@example.org", "ticket": ticket}
        registered = await inspector.call("register_attendee", person)
        assert (registered["outcome"], registered["status"]) == ("done", "pending")
        again = await inspector.call("register_attendee", person)
        assert again["outcome"] == "already_registered"
        assert again["ref"] == registered["ref"]

        items = [{"item": ticket, "quantity": 2}]
        order = {"event": event, "name": "Lee Dock", "email": "lee.dock@example.com", "items": items}
        previewed = await inspector.call("create_sale", {**order, "dry_run": True})
        assert previewed["outcome"] == "preview"
        sold = await inspector.call("create_sale", order)
        assert (sold["outcome"], sold["status"]) == ("done", "unpaid")

        copied = await inspector.call(
            "clone_event", {"event": event, "starts": "2031-05-04T19:30", "title": "Next one"}
        )
        assert copied["outcome"] == "done"
        copy = await inspector.call("get_event", {"event": copied["ref"]})
        assert (copy["title"], copy["starts"][:16]) == ("Next one", "2031-05-04T19:30")

        archived = await inspector.call("archive_event", {"event": event})
        assert (archived["outcome"], bool(archived["token"])) == ("preview", True)
        stale = await inspector.call("apply_preview", {"token": "no-such-token"}, code=TOOL_FAILED)
        assert stale["error"]["code"] == "invalid_arguments"


@pytest.mark.parametrize("era", ERAS)
async def test_refusals_are_tool_errors_that_name_the_way_on(era: str, tmp_path: Path) -> None:
    inspector = Inspector(era, tmp_path)
    misspelt = await inspector.call("get_event", {"evnt": "x"}, code=TOOL_FAILED)
    assert misspelt["error"]["code"] == "invalid_arguments"
    assert "event" in misspelt["error"]["message"]
    elsewhere = await inspector.call("get_event", {"event": "nowhere:1"}, code=TOOL_FAILED)
    assert elsewhere["error"]["allowed"]


@pytest.mark.parametrize("era", ERAS)
async def test_a_preview_is_carried_out_once_by_its_token(era: str, tmp_path: Path) -> None:
    async with _platforms(tmp_path) as settings:
        inspector = Inspector(era, tmp_path, settings)
        async with inspector.connected(asks=False):
            event, _ = await _club_night(inspector.ask)
            previewed = await inspector.ask("archive_event", {"event": event})
            assert previewed["outcome"] == "preview"
            assert (await inspector.ask("get_event", {"event": event}))["status"] == "live"
            token = {"token": previewed["token"]}
            done = await inspector.ask("apply_preview", token)
            assert (done["outcome"], done["effect"]) == ("done", "hidden")
            assert (await inspector.ask("get_event", {"event": event}))["status"] == "draft"
            again = await inspector.ask("apply_preview", token, code=TOOL_FAILED)
            assert again["error"]["code"] == "invalid_arguments"


@pytest.mark.parametrize("era", ERAS)
async def test_a_person_who_can_be_asked_decides(era: str, tmp_path: Path) -> None:
    async with _platforms(tmp_path) as settings:
        inspector = Inspector(era, tmp_path, settings)
        async with inspector.connected(asks=True):
            listed = await inspector.desk("tools/list")
            assert [tool["name"] for tool in listed["tools"]] == [
                spec.name for spec in CATALOG if spec.name != "apply_preview"
            ]
            event, _ = await _club_night(inspector.ask)
            archiving = ["archive_event", "--tool-args-json", json.dumps({"event": event})]
            for answer in ["--cancel", "ok:=false"]:
                asked = (await inspector.desk("tools/call", *archiving))["elicitationPending"]
                assert asked["message"].startswith("Hide '")
                respond = ["elicitation/respond", asked["elicitationId"], answer]
                refused = _answer(await inspector.desk(*respond, code=TOOL_FAILED))
                assert refused["error"]["code"] == "declined"
            assert (await inspector.ask("get_event", {"event": event}))["status"] == "live"
            asked = (await inspector.desk("tools/call", *archiving))["elicitationPending"]
            done = _answer(await inspector.desk("elicitation/respond", asked["elicitationId"], "ok:=true"))
            assert (done["outcome"], done["effect"]) == ("done", "hidden")
            assert (await inspector.ask("get_event", {"event": event}))["status"] == "draft"


@pytest.mark.parametrize("era", ERAS)
async def test_the_tools_for_people_sales_figures_and_operations_answer(era: str, tmp_path: Path) -> None:
    async with _platforms(tmp_path) as settings:
        inspector = Inspector(era, tmp_path, settings)
        async with inspector.connected(asks=True):
            event, ticket = await _club_night(inspector.ask)
            rows = [{"name": "Ada Pier", "email": "ada.pier@example.org"}, {"name": "Bo Quay", "email": "nowhere"}]
            many = await inspector.ask("register_attendees", {"event": event, "rows": rows, "ticket": ticket})
            assert (many["registered"], many["invalid"]) == (1, 1)
            people = _records(await inspector.ask("list_attendees", {"event": event, "email": "ADA.pier@example.org"}))
            assert [person["email"] for person in people] == ["ada.pier@example.org"]
            sales = _records(await inspector.ask("list_sales", {"event": event, "limit": 5}))
            assert sales
            figures = await inspector.ask("event_summary", {"events": [event]})
            assert figures["registered"] >= 1
            harbor = "demo-eventtia:harbor-design-days"
            assert (await inspector.ask("list_sessions", {"event": harbor}))["returned"] >= 1
            exported = await inspector.ask("export_list", {"list": "attendees", "event": harbor})
            assert await anyio.Path(exported["path"]).is_file()
            found = _records(await inspector.ask("find_operations", {"query": "speakers of an event"}))
            assert "eventtia.list_speakers" in [row["operation"] for row in found]
            read = {"operation": "eventtia.list_speakers", "arguments": {"event": "harbor-design-days"}}
            assert "data" in str(await inspector.ask("call_read_operation", read))
            group = {"operation": "eventschedule.create_group", "arguments": {"subdomain": "boathouse", "name": "Late"}}
            previewed = await inspector.ask("call_write_operation", {**group, "dry_run": True})
            assert previewed["requests"][0]["path"] == "/schedules/boathouse/groups"
            made = await inspector.ask("call_write_operation", group)
            assert (made["outcome"], made["answer"]["data"]["name"]) == ("done", "Late")
            again = await inspector.ask("call_write_operation", group)
            assert (again["outcome"], again["id"]) == ("already_done", made["id"])
            drafted = {"account": CLUB, "calendar": "boathouse", "title": "New night", "starts": "2031-05-04T19:30"}
            for tool, arguments in (
                ("create_event", drafted),
                ("update_event", {"event": harbor, "title": "Renamed"}),
                ("cancel_registration", {"attendees": [people[0]["ref"]]}),
                ("update_sale", {"sales": [people[0]["ref"].replace(":a-", ":o-")], "action": "mark_paid"}),
            ):
                assert (await inspector.ask(tool, {**arguments, "dry_run": True}))["outcome"] == "preview"
