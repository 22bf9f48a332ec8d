"""The same call again, failing before it can look: it does not hide what the call before it sent."""

from dataclasses import replace
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.writing import HS, WRITING, code, outcomes, refs, sent

pytestmark = pytest.mark.anyio
SUMMIT: dict[str, Any] = {"event": f"{HS}:4711", "ticket": "Free pass, Free"}
ADA: dict[str, Any] = {**SUMMIT, "name": "Ada Pier", "email": "ada@pier.example"}
PEOPLE = [{"name": f"Row {n}", "email": f"row{n}@pier.example"} for n in range(2)]
BLIND = Fault(kind="status", method="GET", code=400, body={"detail": "no"})
LIMITED = Fault(kind="status", method="GET", code=429, retry_after=60)


def see_nothing_after_the_next_write(chat: Chat, path: str = "/attendees/$", skip: int = 0) -> None:
    """The platform carries one write out without telling so, and then can no longer be read."""
    faults = chat.rehearsal.sandbox.faults
    lost = Fault(
        kind="status", code=500, commit=True, method="POST", path=path, times=1, skip=skip,
        look_alike=lambda _: faults.add(BLIND),
    )  # fmt: skip
    faults.add(lost)


@pytest.mark.parametrize("blind", [BLIND, LIMITED], ids=["refused", "limited"])
async def test_a_call_that_cannot_look_says_that_the_one_before_it_is_open(blind: Fault) -> None:
    async with chatting("heysummit") as chat:
        see_nothing_after_the_next_write(chat)
        assert code(await chat.call("register_attendee", **ADA)) == "outcome_unknown"
        before = len(sent(chat))
        chat.rehearsal.sandbox.faults.clear()
        chat.rehearsal.sandbox.faults.add(blind)
        error = (await chat.call("register_attendee", **ADA))["error"]
        assert error["code"] == "outcome_unknown"
        assert error["message"].startswith(
            "An earlier call sent this and was not answered: it may have been done. This call sent nothing: HeySummit"
        )
        assert error.get("retry_after") == (60 if blind is LIMITED else None)
        assert "sends nothing twice" in error["next"]
        assert len(sent(chat)) == before
        if blind is BLIND:  # a limit is kept to for the minute that it lasts
            chat.rehearsal.sandbox.faults.clear()
            assert (await chat.call("register_attendee", **ADA))["outcome"] == "already_registered"


async def test_a_call_that_cannot_look_says_that_the_one_before_it_did_this() -> None:
    async with chatting("heysummit") as chat:
        assert (await chat.call("register_attendee", **ADA))["outcome"] == "done"
        chat.rehearsal.sandbox.faults.add(BLIND)
        error = (await chat.call("register_attendee", **ADA))["error"]
        assert error["code"] == "rejected_by_provider"
        assert error["message"].startswith(
            "Done: this by an earlier call; whether it still stands is not known. This call sent nothing: HeySummit"
        )


async def test_a_call_that_fails_for_the_first_time_speaks_of_no_other() -> None:
    async with chatting("heysummit") as chat:
        await chat.call("register_attendee", **ADA | {"email": "ida@pier.example"})
        chat.rehearsal.sandbox.faults.add(BLIND)
        error = (await chat.call("register_attendee", **ADA))["error"]
        assert error["code"] == "rejected_by_provider"
        assert "earlier call" not in error["message"]


async def test_an_answer_out_of_time_says_that_the_call_before_it_is_open() -> None:
    async with chatting("heysummit") as chat:
        see_nothing_after_the_next_write(chat)
        await chat.call("register_attendee", **ADA)
        chat.server.desk = replace(chat.server.desk, answer_within=0.0)
        error = (await chat.call("register_attendee", **ADA))["error"]
        assert error["code"] == "outcome_unknown"
        assert error["message"].endswith("This call sent nothing: The call took longer than 25 s and sent nothing.")


async def test_rows_that_cannot_be_planned_again_are_open_where_one_of_them_was_sent() -> None:
    async with chatting("heysummit", human=Human()) as chat:
        see_nothing_after_the_next_write(chat, skip=1)
        first = await chat.call("register_attendees", **SUMMIT, rows=PEOPLE)
        assert first["rows"][0][:2] == [2, "unknown"], first
        again = await chat.call("register_attendees", **SUMMIT, rows=PEOPLE)
        assert "outcome_unknown" in str(again), again
        assert "An earlier call sent this, or a part of it, and was not answered" in str(again)


async def test_refs_that_cannot_be_planned_again_tell_what_was_done_of_them() -> None:
    async with chatting("eventtia", human=Human()) as chat:
        people = await refs(chat, "demo-eventtia:harbor-design-days", 2, status="confirmed")
        assert outcomes(await chat.call("cancel_registration", attendees=people)) == ["done", "done"]
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", method="GET", path="/attendees", code=400))
        again = await chat.call("cancel_registration", attendees=people)
        told = [row[again["columns"].index("reason")] for row in again["rows"]] if "rows" in again else [str(again)]
        assert all("Done: this, or a part of it, by an earlier call" in reason for reason in told), again


async def test_money_is_not_spent_again_because_the_answer_to_the_purchase_was_garbled() -> None:
    async with chatting("evvnt", human=Human(), options=WRITING) as chat:
        chat.rehearsal.sandbox.faults.add(
            Fault(kind="wrong_shape", shape="retyped", method="POST", path="/packages", times=1)
        )
        given = {"id": 61, "event_quantity": 3, "purchase_order_id": "PO 7"}
        for outcome in ("done", "already_done"):
            answer = await chat.call("call_write_operation", operation="evvnt.create_package", arguments=given)
            assert answer["outcome"] == outcome, answer
        assert len(sent(chat)) == 1
