"""`eventdesk demo`: an assistant's conversation with a real server over a real pipe, on the sandbox, checked as it goes."""

import importlib
import json
import os
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import anyio
from mcp import Client, StdioServerParameters
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult, TextContent
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_tools import __version__

SECONDS = 60
BROKEN = "demo-broken"


class NotAsItShouldBe(Exception):
    """A step's answer is another than the demo promises."""


@dataclass
class Upstream:
    """The sandbox, noting what it answers: what a model would have to read without Eventdesk."""

    app: ASGIApp
    said: list[bytes] = field(default_factory=list[bytes])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.body":
                self.said.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, note)

    def take(self) -> str:
        text = b"\n".join(self.said).decode("utf-8", "replace")
        self.said.clear()
        return text


def counter() -> Callable[[str], str] | None:
    """Counts o200k tokens, when the tokenizer is installed (it comes with `eventdesk[demo]` and with `make`)."""
    try:
        quicktok: Any = importlib.import_module("quicktok")
    except ImportError:
        return None
    encoding = quicktok.get_encoding("o200k_base")
    return lambda text: f"{encoding.count(text):,} tokens"


@dataclass
class Show:
    """The conversation, as it is printed and checked."""

    client: Client
    upstream: Upstream
    person: "Organiser"
    size: Callable[[str], str]
    calls: int = 0

    async def call(
        self, why: str, tool: str, arguments: Mapping[str, Any], expect: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """One call: printed with its answer exactly as the model sees it, and checked."""
        say(f"\n— {why}")
        say(f"  assistant → {tool} {json.dumps(arguments, ensure_ascii=False)}")
        self.upstream.take()
        self.calls += 1

        async def progress(progress: float, total: float | None, message: str | None) -> None:
            say(f"  progress    {progress:g}/{total or 0:g} {message or ''}")

        result = await self.client.call_tool(tool, dict(arguments), progress_callback=progress)
        text = "".join(block.text for block in result.content if isinstance(block, TextContent))
        raw = self.upstream.take()
        say(f"  answer    ← {text}")
        beside = f"; the platforms' own answers: {self.size(raw)}" if raw else "; nothing was asked of any platform"
        say(f"              {self.size(text)}{beside}{' (isError)' if result.is_error else ''}")
        answer = json.loads(text)
        if not expect(answer):
            raise NotAsItShouldBe(f"{tool}: {text[:300]}")
        if answer.get("sandbox") is not True:
            raise NotAsItShouldBe(f"{tool} does not say that this is the sandbox")
        return answer


@dataclass
class Organiser:
    """The person behind the chat app: says no until told to agree."""

    agree: bool = False
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002 - the protocol's words
        self.asked.append(params.message)
        say(textwrap.indent(params.message, "  person asked  "))
        say(f"  person says   {'yes' if self.agree else 'no'}")
        return ElicitResult(action="accept", content={"ok": self.agree})


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run_demo() -> int:
    """Run the conversation. 0 when everything was as it should be."""
    try:
        return anyio.run(_demo)
    except NotAsItShouldBe as exc:
        sys.stderr.write(f"not as it should be: {exc}\n")
        return 1
    except ExceptionGroup as group:
        found = group.subgroup(NotAsItShouldBe)
        if found is None:
            raise
        sys.stderr.write(f"not as it should be: {_first(found)}\n")
        return 1


def _first(found: BaseException) -> BaseException:
    while isinstance(found, BaseExceptionGroup):
        found = cast("BaseExceptionGroup[BaseException]", found).exceptions[0]
    return found


async def _demo() -> int:
    with anyio.fail_after(SECONDS), Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        upstream = Upstream(sandbox.app)
        sandbox.__dict__["app"] = upstream  # the served application, with the note-taker around it
        async with serving(sandbox) as connections:
            config = Path(folder) / "config.toml"
            config.write_text(_config(connections, Path(folder) / "state"), encoding="utf-8")
            environment = {k: v for k, v in os.environ.items() if not k.startswith("EVENTDESK_")}
            server = StdioServerParameters(
                command=sys.executable,
                args=["-m", "eventdesk_server"],
                env={**environment, "EVENTDESK_CONFIG": str(config)},
            )
            say(
                "Starting `eventdesk` as a chat app would: a subprocess, JSON-RPC over its pipes. All data is invented."
            )
            person = Organiser()
            async with Client(server, elicitation_callback=person) as client:
                show = Show(client, upstream, person, counter() or (lambda text: f"{len(text.encode()):,} bytes"))
                say(f"Connected: Eventdesk {__version__}, protocol {client.protocol_version}.")
                await _conversation(show)
                say(f"\nDone: {show.calls} calls, each answered as it should be.")
    return 0


def _config(connections: Mapping[str, Mapping[str, str]], state: Path) -> str:
    """Settings as a person would write them: five accounts on the sandbox, and one whose key is wrong."""
    zones = {"evvnt": "Europe/London"}
    parts: list[str] = []
    for provider, given in connections.items():
        values = {"provider": provider, **given, **({"zone": zones[provider]} if provider in zones else {})}
        parts.append(_account(f"demo-{provider}", values))
    parts.append(_account(BROKEN, {"provider": "heysummit", **connections["heysummit"], "key": "not-the-key"}))
    return "\n".join([f"state_folder = {json.dumps(str(state))}", *parts])


def _account(name: str, values: Mapping[str, str]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[accounts.{name}]", "sandbox = true", *lines, ""])


def _code(answer: dict[str, Any]) -> str:
    return answer.get("error", {}).get("code", "")


async def _conversation(show: Show) -> None:
    tools = await show.client.list_tools()
    listed = json.dumps([t.model_dump(by_alias=True, exclude_none=True) for t in tools.tools], ensure_ascii=False)
    say(f"Tools: {', '.join(tool.name for tool in tools.tools)} ({show.size(listed)})")

    accounts = await show.call(
        "Which platforms are connected? One account has a wrong key on purpose.", "list_accounts", {},
        lambda a: len(a["rows"]) == 6 and sum("authentication_failed" in str(row[4]) for row in a["rows"]) == 1,
    )  # fmt: skip
    del accounts
    await show.call(
        "What is coming up, over all platforms? The failing account is a note, not a failure.", "list_events", {},
        lambda a: a["returned"] > 5 and any(BROKEN in note for note in a["notes"]),
    )  # fmt: skip
    found = await show.call(
        "“Find the Harbor Design Days.”", "list_events", {"text": "harbor design"}, lambda a: a["returned"] >= 1
    )  # fmt: skip
    harbor = next(row[0] for row in found["rows"] if row[0].startswith("demo-eventtia:"))
    event = await show.call(
        "“What tickets are there?”", "get_event", {"event": harbor}, lambda a: a["ref"] == harbor and len(a["tickets"]["rows"]) >= 2
    )  # fmt: skip
    free = next(row for row in event["tickets"]["rows"] if "free" in row)
    ada = {"event": harbor, "name": "Ada Pier", "email": "ada.pier@example.org", "ticket": free[1]}
    await show.call(
        "“Register Ada Pier, ada.pier@example.org.”", "register_attendee", ada, lambda a: a["outcome"] == "done"
    )
    await show.call(
        "The chat app repeats the call, as impatient ones do.", "register_attendee", ada,
        lambda a: a["outcome"] in {"already_done", "already_registered"},
    )  # fmt: skip

    priced = await _priced_event(show)
    order = {
        "event": priced[0],
        "name": "Lee Dock",
        "email": "lee.dock@example.com",
        "items": [{"item": priced[1], "quantity": 2}],
    }
    await show.call(
        "“Two tickets for Lee, he pays at the door.” First a preview.",
        "create_sale",
        {**order, "dry_run": True},
        lambda a: a["outcome"] == "preview",
    )
    await show.call(
        "“Yes, do it.”", "create_sale", order, lambda a: a["outcome"] == "done" and a["status"] in {"unpaid", "paid"}
    )

    starts = event["starts"][:16]
    copy_at = f"{int(starts[:4]) + 1}{starts[4:10]}" + (starts[10:] if len(starts) > 10 else "")
    show.person.agree = True
    await show.call(
        "“Set up next year's edition.” Eventtia copies in the background; the progress is reported.", "clone_event",
        {"event": harbor, "starts": copy_at, "title": "Harbor Design Days, next edition"}, lambda a: a["outcome"] == "done",
    )  # fmt: skip
    show.person.agree = False
    summit = await show.call(
        "“Which summits are live?”", "list_events", {"account": "demo-heysummit", "status": "live"}, lambda a: a["returned"] >= 1
    )  # fmt: skip
    closing = {"event": summit["rows"][0][0]}
    await show.call(
        "“Archive it.” The person is asked, and says no.", "archive_event", closing, lambda a: _code(a) == "declined"
    )
    show.person.agree = True
    await show.call(
        "“Sorry, yes.” Asked again, now confirmed.",
        "archive_event",
        closing,
        lambda a: a["outcome"] == "done" and a["effect"] == "archived",
    )
    if len(show.person.asked) < 2:
        raise NotAsItShouldBe("the person was not asked")
    pond = await show.call(
        "“And the pond survey?”", "list_events", {"account": "demo-eventhq", "limit": 1}, lambda a: a["returned"] == 1
    )
    await show.call(
        "EventHQ cannot archive, and says so before any request.", "archive_event", {"event": pond["rows"][0][0]},
        lambda a: _code(a) == "unsupported",
    )  # fmt: skip
    await show.call(
        "A misspelt argument is refused, with the right name.", "get_event", {"evnt": harbor},
        lambda a: _code(a) == "invalid_arguments" and "event" in a["error"]["message"],
    )  # fmt: skip
    await show.call(
        "An account with a wrong key never falls back to the sandbox.", "list_events", {"account": BROKEN},
        lambda a: _code(a) == "authentication_failed",
    )  # fmt: skip


async def _priced_event(show: Show) -> tuple[str, str]:
    """An upcoming, single event on Event Schedule with a priced ticket on sale, found as an assistant would."""
    listed = await show.call(
        "“What can be bought at the club?”", "list_events",
        {"account": "demo-eventschedule", "status": "live", "fields": ["ref", "title", "starts", "repeats"], "limit": 20},
        lambda a: a["returned"] >= 1,
    )  # fmt: skip
    at = {name: i for i, name in enumerate(listed["columns"])}
    for row in listed["rows"]:
        if row[at["repeats"]]:
            continue
        event = await show.call(
            f"“Tickets of {row[at['title']]}?”", "get_event", {"event": row[0]}, lambda a: "title" in a
        )
        table = event.get("tickets", {"columns": [], "rows": []})
        columns = {name: i for i, name in enumerate(table["columns"])}
        for ticket in table["rows"]:
            left = ticket[columns["left"]] if "left" in columns else None
            selling = "on_sale" not in columns or ticket[columns["on_sale"]] is not False
            if (
                "price" in columns
                and ticket[columns["price"]] not in {None, "free"}
                and selling
                and left != 0
                and left != 1
            ):
                return row[0], ticket[0]
    raise NotAsItShouldBe("no priced ticket is on sale in the demo season")
