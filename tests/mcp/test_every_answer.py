"""A person's yes in every combination: what the client can, what comes back, what is to be written, where to ask.

The platforms' own data is the judge: it changes exactly where a yes was given.
"""

import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import anyio
import httpx2
import pytest
from mcp import Client, ClientSession, StdioServerParameters
from mcp.client import ClientRequestContext
from mcp.types import (
    ClientCapabilities,
    ElicitationCapability,
    ElicitRequestParams,
    ElicitResult,
    UrlElicitationCapability,
)
from typing_extensions import override

from eventdesk_server.app import build
from eventdesk_server.journal.previews import answered, waiting
from eventdesk_server.journal.store import Store
from eventdesk_server.registry import DEMO_SETTINGS
from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_server.settings import load_settings
from eventdesk_tools.ports import ProviderName
from tests.mcp.conftest import Era, decoded
from tests.mcp.test_making_and_changing import ES, HS, LISTING
from tests.support import NOW

pytestmark = pytest.mark.anyio
Can = Literal["form", "nothing", "url"]
PROVIDERS = (ProviderName.EVENTSCHEDULE, ProviderName.HEYSUMMIT, ProviderName.EVVNT)
KINDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "reversible": ("archive_event", {"event": f"{ES}:OfEesm"}),
    "irreversible": ("archive_event", {"event": f"{HS}:4711"}),
    "paid": ("create_event", {**LISTING, "published": True}),
    "public": (
        "create_event",
        {"account": ES, "calendar": "boathouse", "title": "Quay Fair", "starts": "2027-06-12T19:30", "published": True},
    ),
}
REPLIES: Mapping[str, ElicitResult | None] = {
    "no": ElicitResult(action="accept", content={"ok": False}),
    "cancel": ElicitResult(action="cancel"),
    "empty accept": ElicitResult(action="accept"),
    "accept of something else": ElicitResult(action="accept", content={"yes": True}),
    "decline within a second": ElicitResult(action="decline"),
    "no answer": None,
    "yes": ElicitResult(action="accept", content={"ok": True}),
}
"""What the client sends for its person; the yes comes last, for it changes what is there."""
WAYS = {"auto": {"approve_at", "approve_with"}, "page": {"approve_at"}, "terminal": {"approve_with"}}


def expected(can: Can, kind: str, answer: str) -> tuple[str, bool]:
    """What is answered first, and whether the write happened in the end."""
    if can != "form":
        return ("token" if kind == "reversible" else "outside"), answer == "yes"
    first = {"yes": "done", "decline within a second": "outside", "no answer": "nothing"}
    return first.get(answer, "declined"), answer == "yes"


class UrlOnly(ClientSession):
    """A client that opens pages for its person and shows no forms."""

    @override
    def _build_capabilities(self, version: str) -> ClientCapabilities:
        only = ElicitationCapability(url=UrlElicitationCapability())
        return super()._build_capabilities(version).model_copy(update={"elicitation": only})


class UrlOnlyClient(Client):
    @override
    async def _build_session(self, exit_stack: AsyncExitStack) -> ClientSession:
        session = await super()._build_session(exit_stack)
        session.__class__ = UrlOnly
        return session


@dataclass
class Room:
    """A client, its person, the sandbox, and where previews are kept."""

    client: Client
    sandbox: Sandbox
    state: Path
    reply: ElicitResult | None = None
    asked: list[str] = field(default_factory=list[str])
    all_asked: anyio.Event = field(default_factory=anyio.Event)

    async def person(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        if len(self.asked) == len(KINDS):
            self.all_asked.set()
        if self.reply is None:
            await anyio.sleep_forever()
        assert self.reply is not None
        return self.reply

    async def call(self, kind: str) -> dict[str, Any]:
        tool, arguments = KINDS[kind]
        return decoded(await self.client.call_tool(tool, dict(arguments)))

    async def outside(self, shown: Mapping[str, Any], *, allowed: bool) -> None:
        """A person answers on the page, or in a terminal where there is no link."""
        if "approve_at" in shown:
            async with httpx2.AsyncClient(trust_env=False) as browser:
                said = {"answer": "yes" if allowed else "no"}
                await browser.post(shown["approve_at"], data=said, headers={"sec-fetch-site": "same-origin"})
            return
        store = Store(self.state)
        (one,) = [one for one in waiting(store) if one.name == shown["approve_with"].split()[2]]
        assert answered(store, one, allowed=allowed)
        store.close()


def first_of(answer: Mapping[str, Any], channel: str) -> str:
    """In one word what the call came to."""
    if "error" in answer:
        return answer["error"]["code"]
    if "token" in answer:
        assert not {"approve_at", "approve_with"} & set(answer)
        return "token"
    if answer["outcome"] == "preview":
        assert {"approve_at", "approve_with"} & set(answer) == WAYS[channel]
        return "outside"
    return answer["outcome"]


@asynccontextmanager
async def room(folder: Path, transport: str, era: Era, can: Can, channel: str) -> AsyncGenerator[Room]:
    with Sandbox(now=NOW, limits=False, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            config = folder / "config.toml"
            config.write_text(settings_text(connections, channel))
            kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
            env = {**kept, "EVENTDESK_CONFIG": str(config), "EVENTDESK_STATE_FOLDER": str(folder / "state")}
            server: Any = StdioServerParameters(command=sys.executable, args=["-m", "eventdesk_server"], env=env)
            if transport == "memory":
                server = build(load_settings(env)).server
            made = Room(None, sandbox, folder / "state")  # type: ignore[arg-type]
            kind = UrlOnlyClient if can == "url" else Client
            callback = made.person if can == "form" else None
            with anyio.fail_after(120):
                async with kind(
                    server, mode="legacy" if era == "2025" else "auto", elicitation_callback=callback
                ) as client:
                    made.client = client
                    yield made


def settings_text(connections: Mapping[str, Mapping[str, str]], channel: str) -> str:
    parts = [f'confirm_channel = "{channel}"\nnow = "{NOW.isoformat()}"']
    for provider in PROVIDERS:
        values = {"provider": provider.value, **DEMO_SETTINGS.get(provider, {}), **connections[provider.value]}
        contact: Any = values.pop("contact", None)
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        if contact:
            lines.append(
                f"contact = {{ {', '.join(f'{key} = {json.dumps(value)}' for key, value in contact.items())} }}"
            )
        parts.append("\n".join([f"[accounts.demo-{provider.value}]", *lines]))
    return "\n\n".join(parts)


async def answer_all(one: Room, can: Can, channel: str) -> None:
    for answer, reply in REPLIES.items():
        for kind in KINDS:
            one.reply = reply
            before, sent, asked = changes(one.sandbox), written(one.sandbox), len(one.asked)
            shown: dict[str, Any] | None = None
            with anyio.move_on_after(0.5 if can == "form" and reply is None else 60):
                shown = await one.call(kind)
            case = (can, kind, answer, channel, shown)
            first, happened = expected(can, kind, answer)
            assert (first_of(shown, channel) if shown is not None else "nothing") == first, case
            assert len(one.asked) - asked == (can == "form"), case
            if can != "form" and shown is not None and answer in {"yes", "no"}:
                assert changes(one.sandbox) == before, case
                if first == "outside":
                    await one.outside(shown, allowed=answer == "yes")
                    assert changes(one.sandbox) == before, case
                    again = await one.call(kind)
                    assert again["outcome"] == ("done" if answer == "yes" else "preview"), case
                elif answer == "yes":
                    await one.client.call_tool("apply_preview", {"token": shown["token"]})
            assert (changes(one.sandbox) != before) is happened, case
            assert (written(one.sandbox) > sent) is happened, case


def changes(sandbox: Sandbox) -> int:
    """How many rows of the platforms' data were ever inserted, changed or deleted."""
    stores = [sandbox.standin(provider.value).world.store for provider in PROVIDERS]
    return stores[0].rows("SELECT total_changes() AS n")[0]["n"]


def written(sandbox: Sandbox) -> int:
    return sum(seen.method not in {"GET", "HEAD"} for seen in sandbox.faults.seen)


@pytest.mark.parametrize("channel", WAYS)
@pytest.mark.parametrize("can", ["form", "nothing", "url"])
async def test_a_write_happens_exactly_where_a_yes_was_given(tmp_path: Path, era: Era, can: Can, channel: str) -> None:
    async with room(tmp_path, "memory", era, can, channel) as one:
        await answer_all(one, can, channel)


@pytest.mark.parametrize(("can", "channel"), [("form", "auto"), ("nothing", "terminal"), ("url", "page")])
async def test_so_it_is_with_a_process_at_the_other_end_of_a_pipe(
    tmp_path: Path, era: Era, can: Can, channel: str
) -> None:
    async with room(tmp_path, "stdio", era, can, channel) as one:
        await answer_all(one, can, channel)


@pytest.mark.parametrize("transport", ["memory", "stdio"])
@pytest.mark.parametrize("can", ["form", "nothing"])
async def test_a_client_that_leaves_amid_the_question_leaves_nothing_written(
    tmp_path: Path, era: Era, can: Can, transport: str
) -> None:
    async with room(tmp_path, transport, era, can, "auto") as one:
        before = changes(one.sandbox)
        async with anyio.create_task_group() as group:
            for kind in KINDS:
                group.start_soon(one.call, kind)
            if can == "form":
                await one.all_asked.wait()
                group.cancel_scope.cancel()
        sandbox = one.sandbox
        await one.client.__aexit__(None, None, None)
        assert changes(sandbox) == before
        assert written(sandbox) == 0
