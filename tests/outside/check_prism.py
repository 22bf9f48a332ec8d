"""Every request of the Event Schedule adapter, and every answer it reads, against the vendor's OpenAPI file.

Prism, a program of others, stands between the two and refuses what does not fit. The file is the vendor's with the
deviations listed in `tests/contract`, which the fuzzing of the stand-in holds to be real.
"""

import json
import re
import socket
import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult, TextContent

from eventdesk_server.app import build
from eventdesk_server.sandbox.eventschedule import EventScheduleStandIn
from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_server.settings import Settings
from tests.contract.contract import Contract
from tests.outside.support import command
from tests.support import NOW

pytestmark = pytest.mark.anyio

PACKAGE = "@stoplight/prism-cli"
USED = {
    "GET /schedules", "GET /events", "GET /events/{id}", "GET /sales", "GET /sales/{id}",
    "POST /events/{subdomain}", "PUT /events/{id}", "POST /sales",
}  # fmt: skip
"""The operations that the tools need, all of which must pass the proxy."""


class Proxy:
    """Prism between a client and an upstream, refusing whatever its contract does not allow."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log

    @property
    def said(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", self._log.read_text(encoding="utf-8"))

    @property
    def violations(self) -> list[str]:
        """Every line about something that does not fit, be it marked as an error or a warning."""
        return [line for line in self.said.splitlines() if re.search(r"[✖⚠]|violation", line)]


@asynccontextmanager
async def proxied(document: Mapping[str, Any], upstream: str, folder: Path) -> AsyncGenerator[Proxy]:
    """Run Prism on a free port."""
    described, log = folder / "contract.json", folder / "prism.log"
    described.write_text(json.dumps(document), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [*command(PACKAGE, "prism"), "proxy", str(described), upstream, "--errors", "--port", str(port)]
    with log.open("wb") as out:
        async with await anyio.open_process(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as process:
            try:
                proxy = Proxy(f"http://127.0.0.1:{port}", log)
                with anyio.fail_after(30):
                    while "Prism is listening" not in proxy.said:
                        assert process.returncode is None, proxy.said
                        await anyio.sleep(0.1)
                yield proxy
            finally:
                process.terminate()


async def _yes(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"ok": True})


def _operation(method: str, path: str, operations: list[str]) -> str:
    """Which operation of the file a request was."""
    fits = [
        operation
        for operation in operations
        if operation.split(" ")[0] == method
        and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", operation.split(" ")[1]), path)
    ]
    return fits[0]


async def test_the_adapters_requests_and_the_answers_fit_the_vendors_contract(tmp_path: Path) -> None:
    contract = Contract()
    faults = Faults(record=True)
    with Sandbox([EventScheduleStandIn], now=NOW, limits=False, faults=faults) as sandbox:
        async with (
            serving(sandbox) as connections,
            proxied(contract.document(), connections["eventschedule"]["base_url"], tmp_path) as proxy,
        ):
            account = {"provider": "eventschedule", "base_url": proxy.url, "key": connections["eventschedule"]["key"]}
            settings = Settings.model_validate(
                {"now": NOW, "state_folder": str(tmp_path), "accounts": {"club": account}}
            )
            async with Client(build(settings).server, elicitation_callback=_yes) as client:
                await _everything(client)
        seen = {_operation(one.method, one.path.partition("/api")[2], contract.operations) for one in faults.seen}
        assert proxy.violations == []
        assert seen == USED


async def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    """The proxy proves something only if it refuses: here the file is the vendor's own, without our list."""
    document = json.loads((Path(__file__).parent.parent / "contract" / "eventschedule-openapi.json").read_text("utf-8"))
    with Sandbox([EventScheduleStandIn], now=NOW, limits=False) as sandbox:
        async with (
            serving(sandbox) as connections,
            proxied(document, connections["eventschedule"]["base_url"], tmp_path) as proxy,
        ):
            account = {"provider": "eventschedule", "base_url": proxy.url, "key": connections["eventschedule"]["key"]}
            settings = Settings.model_validate(
                {"now": NOW, "state_folder": str(tmp_path), "accounts": {"club": account}}
            )
            async with Client(build(settings).server, elicitation_callback=_yes) as client:
                result = await client.call_tool("list_events", {"when": "all"})
        assert "error" in _read(result.content) or "notes" in _read(result.content)
        assert proxy.violations != []


def _read(content: Any) -> dict[str, Any]:
    (block,) = content
    assert isinstance(block, TextContent)
    return json.loads(block.text)


async def _everything(client: Client) -> None:
    """What the tools can do on Event Schedule."""

    async def call(tool: str, **arguments: Any) -> dict[str, Any]:
        answer = _read((await client.call_tool(tool, arguments)).content)
        assert "error" not in answer, answer
        return answer

    assert (await call("list_accounts"))["rows"][0][4] == "ok"
    listed = await call("list_events", when="all", limit=50, fields=["ref", "title", "repeats", "status"])
    by_title = {title: ref for ref, title, _, _ in listed["rows"]}
    assert listed["returned"] >= 16
    assert (await call("list_events"))["returned"] >= 5
    for ref in by_title.values():
        await call("get_event", event=ref, include=["description", "sessions", "speakers", "fields"])
    event = by_title["Data in Practice"]
    ticket = (await call("get_event", event=event))["tickets"]["rows"][0][0]
    who = {"event": event, "name": "Ada Pier", "email": "ada.pier@example.org"}
    registered = await call("register_attendee", **who, ticket=ticket)
    assert registered["outcome"] == "done"
    assert (await call("register_attendee", **who, ticket=ticket))["outcome"] == "already_registered"
    order = {"event": event, "name": "Lee", "email": "lee@example.com", "items": [{"item": ticket, "quantity": 2}]}
    assert [(await call("create_sale", **order))["outcome"] for _ in range(2)] == ["done", "already_done"]
    for title in ["Night Swim", "Quayside Jazz", "Data in Practice"]:
        copied = await call("clone_event", event=by_title[title], starts="2028-05-06T19:30", title=f"{title} again")
        assert copied["outcome"] == "done"
    for restore in [False, True]:
        archived = await call("archive_event", event=event, restore=restore)
        assert archived["outcome"] == "done"
