"""The same write again, after the opposite, by another way, or of somebody alike: judged by the platforms' own tables."""

from typing import Any

import pytest

from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.guests import PLATFORMS, event_at, in_database, settings_of
from tests.mcp.writing import BREAKFAST, ES, FAIR, WRITING, sent
from tests.support import held

pytestmark = pytest.mark.anyio
IDA = {"name": "Ida Berg", "email": "ida@pier.example"}


async def twice(chat: Chat, tool: str, **arguments: Any) -> dict[str, Any]:
    """A call, made twice: the second time nothing is sent."""
    done = await chat.call(tool, **arguments)
    before = len(sent(chat))
    again = await chat.call(tool, **arguments)
    assert "error" not in again, again
    assert len(sent(chat)) == before
    return done


@pytest.mark.parametrize("platform", ["eventschedule", "eventtia"])
async def test_who_is_registered_cancelled_and_registered_takes_part_once(platform: str) -> None:
    async with chatting(platform, human=Human()) as chat:
        at = await event_at(chat, platform)
        for _ in range(3):
            made = await twice(chat, "register_attendee", **at, **IDA)
            assert made["outcome"] == "done"
            assert in_database(chat, platform) == {IDA["email"]: 1}
            await twice(chat, "cancel_registration", attendees=[made["ref"]])
            assert in_database(chat, platform) == {}


TURNS: dict[str, tuple[str, list[bool]]] = {
    "published, hidden, published at Event Schedule": (f"{ES}:NAoFZg", [True, False, True, False, True]),
    "hidden, published, hidden at Event Schedule": (f"{ES}:OfEesm", [False, True, False, True, False]),
    "archived, restored, archived at Eventtia": (FAIR, [False, True, False, True, False]),
}
"""An event, and whether each call restores it."""


@pytest.mark.parametrize("what", TURNS)
async def test_an_event_that_is_turned_to_and_fro_stands_as_the_last_call_says(what: str) -> None:
    event, turns = TURNS[what]
    async with chatting(event.partition(":")[0].removeprefix("demo-"), human=Human()) as chat:
        states: list[Any] = []
        for restore in turns:
            done = await twice(chat, "archive_event", event=event, restore=restore)
            assert done["outcome"] == "done", done
            states.append(held(chat.rehearsal.sandbox))
        assert states[0] != states[1]
        assert states[::2] == [states[0]] * 3
        assert states[1::2] == [states[1]] * 2
        assert len(sent(chat)) == len(turns)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_one_address_is_one_person_however_the_name_is_written(platform: str) -> None:
    async with chatting(platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform)) as chat:
        at = await event_at(chat, platform)
        before = len(sent(chat))
        for name, email in (
            ("Ida  Berg", "ida@pier.example"),
            ("IDA BERG", "Ida@Pier.example"),
            (" Ida Berg ", "IDA@pier.example"),
        ):
            answer = await chat.call("register_attendee", **at, name=name, email=email)
            assert answer["outcome"] in {"done", "already_done", "already_registered"}, answer
        assert len(sent(chat)) == before + 1
        assert in_database(chat, platform) == {"ida@pier.example": 1}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_two_addresses_are_two_people_however_alike_the_names_are(platform: str) -> None:
    async with chatting(platform.split(maxsplit=1)[0], human=Human(), settings=settings_of(platform)) as chat:
        at = await event_at(chat, platform)
        for email in ("ida@pier.example", "ida.berg@pier.example"):
            answer = await chat.call("register_attendee", **at, name="Ida Berg", email=email)
            assert answer["outcome"] == "done", answer
        assert in_database(chat, platform) == {"ida@pier.example": 1, "ida.berg@pier.example": 1}


@pytest.mark.parametrize("tool_first", [True, False])
async def test_a_sale_by_its_tool_and_by_its_operation_is_one_record(tool_first: bool) -> None:
    async with chatting("eventschedule", human=Human(), options=WRITING) as chat:
        items = [{"item": "Seat", "quantity": 2}]
        body = {"event_id": BREAKFAST.partition(":")[2], **IDA, "tickets": {"Seat": 2}}
        calls: list[tuple[str, dict[str, Any]]] = [
            ("create_sale", {"event": BREAKFAST, **IDA, "items": items}),
            ("call_write_operation", {"operation": "eventschedule.create_sale", "arguments": body}),
        ]
        first, second = [await chat.call(tool, **given) for tool, given in calls[:: 1 if tool_first else -1]]
        assert (first["outcome"], second["outcome"]) == ("done", "already_done"), (first, second)
        assert first["ref"] == second["ref"]
        assert in_database(chat, "eventschedule") == {IDA["email"]: 1}
        assert len(sent(chat)) == 1
