"""A host's own key in `_meta`: the same call under it is the same write; another call under it sends nothing."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import RequestParamsMeta

from eventdesk_server.binding import HOST_KEY, HOST_KEY_LENGTH, EventdeskServer
from eventdesk_server.journal.journal import SqliteJournal
from tests.mcp.conftest import Era, Human, chatting, decoded
from tests.mcp.test_agreed_batches import never
from tests.mcp.writing import BREAKFAST, ES, FAIR, code, sent

pytestmark = pytest.mark.anyio
ADA: dict[str, Any] = {"event": BREAKFAST, "name": "Ada Pier", "email": "ada@pier.example"}
SECRET = "run-2027-03-01/ada"


async def under(client: Client, key: object, tool: str, **arguments: Any) -> dict[str, Any]:
    meta: Any = {HOST_KEY: key}
    given: RequestParamsMeta = meta
    return decoded(await client.call_tool(tool, arguments, meta=given))


def test_the_name_is_one_that_the_protocol_allows_and_does_not_keep_for_itself() -> None:
    label, name = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?", r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
    assert re.fullmatch(rf"{label}(?:\.{label})*/{name}", HOST_KEY)
    assert not {"mcp", "modelcontextprotocol"} & set(HOST_KEY.partition("/")[0].split("."))


async def test_the_same_call_under_the_same_key_is_the_same_write(era: Era) -> None:
    async with chatting("eventschedule", human=Human(), era=era) as chat:
        first = await under(chat.client, SECRET, "register_attendee", **ADA)
        again = await under(chat.client, SECRET, "register_attendee", **ADA)
        assert (first["outcome"], again["ref"]) == ("done", first["ref"])
        assert again["outcome"] in {"already_done", "already_registered"}
        assert len(sent(chat)) == 1


async def test_a_call_repeated_late_does_not_undo_what_was_decided_since(era: Era) -> None:
    async with chatting("eventschedule", human=Human(), era=era) as chat:
        first = await under(chat.client, SECRET, "register_attendee", **ADA)
        await chat.call("cancel_registration", attendees=[first["ref"]])
        before = len(sent(chat))
        again = await under(chat.client, SECRET, "register_attendee", **ADA)
        assert again["outcome"] == "already_done"
        assert any("no longer stands" in note for note in again["notes"])
        assert len(sent(chat)) == before
        assert (await under(chat.client, "another", "register_attendee", **ADA))["outcome"] == "done"
        assert (await under(chat.client, SECRET, "register_attendee", **ADA))["outcome"].startswith("already")
        assert len(sent(chat)) == before + 1


OTHER = {
    "another address": ("register_attendee", {**ADA, "email": "bo@pier.example"}),
    "another spelling": ("register_attendee", {**ADA, "name": "ADA PIER"}),
    "another tool": ("update_event", {"event": f"{ES}:OfEesm", "title": "Late Swim"}),
    "what a person would be asked about": ("archive_event", {"event": f"{ES}:OfEesm"}),
}


@pytest.mark.parametrize("what", OTHER)
async def test_another_call_under_the_same_key_is_a_conflict_and_sends_nothing(what: str, era: Era) -> None:
    human = Human()
    async with chatting("eventschedule", human=human, era=era) as chat:
        first = await under(chat.client, SECRET, "register_attendee", **ADA)
        await chat.call("cancel_registration", attendees=[first["ref"]])
        human.asked.clear()
        before = len(sent(chat))
        tool, arguments = OTHER[what]
        assert code(await under(chat.client, SECRET, tool, **arguments)) == "conflict"
        assert (len(sent(chat)), human.asked) == (before, [])


async def test_without_the_key_and_under_another_the_content_still_tells_the_same_write() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        await under(chat.client, SECRET, "register_attendee", **ADA)
        for again in (
            await under(chat.client, "another", "register_attendee", **ADA),
            await chat.call("register_attendee", **ADA),
        ):
            assert again["outcome"].startswith("already")
        assert len(sent(chat)) == 1


async def test_a_preview_does_not_bind_the_key() -> None:
    async with chatting("eventtia", human=Human()) as chat:
        given = {**ADA, "event": FAIR, "ticket": "General"}
        shown = await under(chat.client, SECRET, "register_attendee", **given, dry_run=True)
        assert shown["outcome"] == "preview"
        assert (await under(chat.client, SECRET, "register_attendee", **given))["outcome"] == "done"


@pytest.mark.parametrize("key", ["", "x" * (HOST_KEY_LENGTH + 1), 7, ["a"]])
async def test_a_key_that_is_no_short_text_is_refused(key: object) -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        assert code(await under(chat.client, key, "register_attendee", **ADA)) == "invalid_arguments"
        assert sent(chat) == []


async def test_two_servers_of_one_person_share_the_keys_and_keep_only_their_digests(tmp_path: Path) -> None:
    async with chatting("eventschedule", human=Human(), options={"journal": SqliteJournal(tmp_path)}) as chat:
        first = await under(chat.client, SECRET, "register_attendee", **ADA)
        await chat.call("cancel_registration", attendees=[first["ref"]])
        before = len(sent(chat))
        desk = replace(chat.rehearsal.desk, journal=SqliteJournal(tmp_path))
        server = EventdeskServer(desk, never, subscriptions=False)
        async with Client(server, elicitation_callback=Human()) as client:
            assert (await under(client, SECRET, "register_attendee", **ADA))["outcome"] == "already_done"
            other = await under(client, SECRET, "register_attendee", **ADA | {"name": "Bo Quay"})
            assert code(other) == "conflict"
        assert len(sent(chat)) == before
        written = b"".join(map(Path.read_bytes, map(tmp_path.joinpath, ("journal.db", "journal.db-wal"))))
        assert SECRET.encode() not in written
