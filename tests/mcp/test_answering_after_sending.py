"""What was sent is never told as not done: neither when it cannot be read back, nor when the time is up."""

from dataclasses import replace
from typing import Any

import anyio
import pytest

from eventdesk_server.sandbox.faults import Fault, Seen
from tests.mcp.conftest import Chat, Human, chatting

pytestmark = pytest.mark.anyio
ADA: dict[str, Any] = {
    "event": "demo-heysummit:4711", "name": "Ada Pier", "email": "ada@pier.example", "ticket": "Free pass, Free",
}  # fmt: skip


def registered(chat: Chat) -> int:
    """How many people of this address the platform has."""
    rows = chat.rehearsal.sandbox.world.store.rows(
        "select id from heysummit_attendees where address = ?", (ADA["email"],)
    )
    return len(rows)


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "code": 500}, {"kind": "wrong_shape", "shape": "renamed"}, {"kind": "drop_before"}]
)
async def test_what_cannot_be_read_back_is_done_all_the_same_and_says_so(fault: dict[str, Any]) -> None:
    async with chatting("heysummit") as chat:
        chat.rehearsal.sandbox.faults.add(Fault(method="GET", path=r"/attendees/\d+/$", **fault))
        done = await chat.call("register_attendee", **ADA)
        assert done["outcome"] == "done"
        assert "could not be read" in done["notes"][0]
        assert "status" not in done
        assert registered(chat) == 1
        chat.rehearsal.sandbox.faults.clear()
        assert (await chat.call("register_attendee", **ADA))["outcome"] == "already_done"
        assert registered(chat) == 1


async def test_a_call_whose_time_is_up_after_sending_is_unknown_and_the_same_call_tells() -> None:
    async with chatting("heysummit") as chat:
        chat.server.desk = replace(chat.server.desk, answer_within=2.0)

        async def slow(_: Seen) -> None:
            await anyio.sleep(2.0)

        chat.rehearsal.sandbox.faults.add(Fault(method="POST", path="/attendees/$", look_alike=slow, times=1))
        answer = await chat.call("register_attendee", **ADA)
        assert answer["error"]["code"] == "outcome_unknown"
        assert registered(chat) == 1
        chat.server.desk = replace(chat.server.desk, answer_within=25.0)
        again = await chat.call("register_attendee", **ADA)
        assert again["outcome"] in {"done", "already_done", "already_registered"}
        assert registered(chat) == 1


async def test_a_failure_of_eventdesk_itself_after_sending_leaves_it_open_and_the_same_call_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with chatting("heysummit") as chat:

        def broken(*_: object) -> bool:
            raise TypeError("a bug")

        with monkeypatch.context() as patched:
            patched.setattr("eventdesk_server.providers.heysummit.wire.Attendee.belongs", broken)
            answer = await chat.call("register_attendee", **ADA)
        assert answer["error"]["code"] == "outcome_unknown"
        assert registered(chat) == 1
        assert (await chat.call("register_attendee", **ADA))["outcome"] in {"done", "already_registered"}
        assert registered(chat) == 1


async def test_a_call_whose_time_is_up_before_sending_says_that_nothing_was_sent() -> None:
    async with chatting("heysummit", human=Human()) as chat:
        chat.server.desk = replace(chat.server.desk, answer_within=0.0)
        error = (await chat.call("register_attendee", **ADA))["error"]
        assert error["code"] == "provider_unavailable"
        assert "sent nothing" in error["message"]
        assert chat.rehearsal.writes == []
