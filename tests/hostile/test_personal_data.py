"""Where the settings keep people back, nothing of them reaches the model, its log, or a question in the chat."""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp.types import TextContent

from eventdesk_server.journal.audit import Audit
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.catalog import BY_NAME, list_attendees, list_sales
from eventdesk_tools.privacy import PersonalData, Privacy
from tests.hostile.people import PEOPLE, Seeds, leaked, numbers, seeded
from tests.hostile.platform import columns_of
from tests.mcp.conftest import Chat, Hours, Human, chatting, hours
from tests.mcp.matrix import ACCOUNTS

pytestmark = pytest.mark.anyio
__all__ = ["hours"]
KEY = b"k" * 32
Mode = Literal["full", "masked", "none"]


class Heard:
    """Everything that left: answers, questions, the log, and all that stands in the files of some folders (`files`)."""

    def __init__(self, chat: Chat, human: Human, hours: Hours, caplog: pytest.LogCaptureFixture, *files: Path) -> None:
        self._chat, self._human, self._hours, self._caplog, self._files = chat, human, hours, caplog, files
        self.answers: list[str] = []

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        self._hours.go(61.0)
        (block,) = (await self._chat.client.call_tool(tool, arguments)).content
        assert isinstance(block, TextContent)
        self.answers.append(block.text)
        return json.loads(block.text)

    async def whole(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        """A list to its end."""
        pages = [await self.call(tool, **arguments)]
        while (cursor := pages[-1].get("next_cursor")) and len(pages) < 120:
            pages.append(await self.call(tool, **arguments, cursor=cursor))
        return pages

    def leaks(self, *, allowed: set[str]) -> dict[str, str]:
        """By seeded word, where it was heard."""
        said = [*self.answers, *self._human.asked, *(record.getMessage() for record in self._caplog.records)]
        said += [record.exc_text for record in self._caplog.records if record.exc_text]
        said += [repr(record.args) + repr(record.msg) for record in self._caplog.records]
        said += [
            path.read_text(encoding="utf-8", errors="replace") for folder in self._files for path in folder.iterdir()
        ]
        return {word: text[:400] for text in said for word in leaked(text) - allowed}


@asynccontextmanager
async def hearing(
    account: str, mode: Mode, hours: Hours, caplog: pytest.LogCaptureFixture, state: Path, **more: Any
) -> AsyncGenerator[tuple[Heard, Chat, Seeds]]:
    """A chat whose journal and audit are in `state`, with a season full of seeded people. All is logged."""
    provider, settings = ACCOUNTS[account]
    caplog.set_level(logging.DEBUG)
    seeds, season = seeded(account)
    state.mkdir()  # noqa: ASYNC240 - before anything runs
    human, journal = Human(), SqliteJournal(state)
    options = {"people": Privacy(PersonalData(mode), KEY), "operations_write": True, "journal": journal, **more}
    async with chatting(
        provider, settings={provider: settings}, season={provider: season}, options=options, human=human, hours=hours
    ) as chat:
        vars(chat.server)["_audit"] = Audit(state)
        yield Heard(chat, human, hours, caplog, state), chat, seeds
    journal.store.close()


async def everything(heard: Heard, chat: Chat, account: str, folder: Path) -> None:
    """All that tells of people, each list to its end; changes that are asked about; failures that quote the platform."""
    name = f"demo-{ACCOUNTS[account][0]}"
    provider = chat.rehearsal.provider
    events = (await heard.call("list_events", when="all", fields=["ref", "title"]))["rows"]
    own = {"event": events[0][0]} if events else {}
    for tool, module in (("list_attendees", list_attendees), ("list_sales", list_sales)):
        if not events or "error" in await heard.call(tool, **own):
            continue
        for column in columns_of(module, "sessions", "ref"):
            answer = await heard.call(tool, **own, fields=["ref", column])
            if "error" not in answer and column in {"name", "email", "buyer", "phone", "company"}:
                await heard.whole(tool, **own, fields=["ref", column], limit=200)
    for by in ("Company", "Job title", "Telephone", "source", "ticket", "day"):
        await heard.call("list_attendees", **own, count_by=by)
    await heard.call("list_attendees", **own, duplicates=True)
    for info in provider.operations():
        required = {param.name for param in info.params if param.required}
        if info.effect == "read" and not info.withheld and required <= {"event"} and (events or not required):
            arguments = {"event": events[0][0].split(":")[1]} if required else {}
            operation = {"operation": info.name, "account": name, "arguments": arguments}
            await heard.whole("call_read_operation", **operation)
            await heard.call("call_read_operation", **operation, fields=["."])
    await heard.call("event_summary", account=name)
    await heard.call("list_accounts")
    listed = await heard.call("list_attendees", **own, fields=["ref"], limit=3)
    people = [row[0] for row in listed.get("rows", [])]
    for tool in ("get_attendee", "show_sale", "get_attendee_v1"):
        if people:
            key = people[0].rsplit("-", 1)[1]
            given = {"attendee": key, "sale": key, "event": people[0].split(":")[1]}
            named = {param.name for info in provider.operations() if info.name == tool for param in info.params}
            await heard.call(
                "call_read_operation",
                operation=tool,
                account=name,
                arguments={k: v for k, v in given.items() if k in named},
            )
    if events:
        await failures(heard, chat, own, people)
        await from_a_file(heard, own, folder)
    if people:
        for dry_run in (True, False):
            await heard.call("cancel_registration", attendees=people[:2], dry_run=dry_run)
        orders = [ref.replace(":a-", ":o-") for ref in people]
        for action in ("mark_paid", "refund", "cancel"):
            await heard.call("update_sale", sales=orders[2:], action=action, dry_run=True)
            await heard.call("update_sale", sales=orders[2:], action=action)
        await heard.call(
            "call_write_operation",
            operation="delete_sale",
            account=name,
            arguments={"sale": people[2].rsplit("-", 1)[1]},
        )


async def failures(heard: Heard, chat: Chat, own: dict[str, Any], people: list[str]) -> None:
    """The platform quotes an address and a number in what it refuses."""
    seeds = Seeds()
    text = f"The address {seeds.email()} is taken, ask {seeds.email().upper()} or call {seeds.phone()}"
    faults = chat.rehearsal.sandbox.faults
    bodies: list[Any] = [
        {"message": text},
        {"error": text},
        {"errors": [text]},
        {"errors": {"email": [text]}},
        {"detail": text},
    ]
    for code in (400, 401, 403, 404, 409, 422, 500):
        for body in bodies:
            faults.add(Fault(kind="status", code=code, body=body))
            await heard.call("list_attendees", **own)
            await heard.call("get_event", **own)
            faults.clear()
    for shape in ("malformed", "wrong_shape", "truncated", "html", "drop_after"):
        faults.add(Fault.model_validate({"kind": shape, **({"shape": "retyped"} if shape == "wrong_shape" else {})}))
        await heard.call("list_attendees", **own)
        await heard.call("list_sales", **own)
        faults.clear()
    if people:
        faults.add(Fault(kind="status", code=422, body={"message": text, "errors": [text]}, method="PUT"))
        await heard.call("cancel_registration", attendees=people[:1])
        faults.clear()


async def from_a_file(heard: Heard, own: dict[str, Any], folder: Path) -> None:
    """People whom the model is not told, because they stand in a file."""
    seeds = Seeds()
    rows = [f"{seeds.name()},{seeds.email()},{seeds.word()}" for _ in range(4)]
    rows += [f"{seeds.name()},no address {seeds.word()},{seeds.word()}"]
    (folder / "people.csv").write_text("name,email,Job title\n" + "\n".join(rows) + "\n", encoding="utf-8")
    await heard.call("register_attendees", **own, file="people.csv", dry_run=True)
    await heard.call("register_attendees", **own, file="people.csv")


@pytest.mark.parametrize("mode", ["masked", "none"])
@pytest.mark.parametrize("account", PEOPLE)
async def test_no_seeded_value_leaves(
    account: str, mode: Mode, hours: Hours, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    async with hearing(account, mode, hours, caplog, state, import_folder=str(tmp_path)) as (heard, chat, _):
        await everything(heard, chat, account, tmp_path)
        leaks = heard.leaks(allowed=set())
        assert (state / "audit.jsonl").exists() is (account != "evvnt partner")  # whose people are on no event
        assert not leaks, list(leaks.items())[:6]
        assert len(heard.answers) > 5


def test_ten_thousand_values_are_seeded() -> None:
    assert sum(numbers()) >= 10_000
    assert set(BY_NAME) >= {"list_attendees", "list_sales", "call_read_operation"}


@pytest.mark.parametrize("account", PEOPLE)
async def test_without_masking_the_same_calls_tell_the_people(
    account: str, hours: Hours, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    async with hearing(account, "full", hours, caplog, state, import_folder=str(tmp_path)) as (heard, chat, seeds):
        await everything(heard, chat, account, tmp_path)
        told = set(heard.leaks(allowed=set()))
        assert len(told & seeds.made) > 0.5 * len(seeds.made)
        # Neither setting lets people into the audit, the journal or the log.
        kept = [path.read_text(encoding="utf-8", errors="replace") for path in state.iterdir()]
        logged = [record.getMessage() for record in caplog.records if record.name.startswith("eventdesk")]
        assert not {word for text in (*kept, *logged) for word in leaked(text)}
