"""A record that one call made is not taken for another's whose outcome nobody knows."""

import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.guests import quay_fair
from tests.mcp.writing import code, sent

pytestmark = pytest.mark.anyio
ADA = {"name": "Ada Pier", "email": "ada@pier.example"}


async def sale(chat: Chat, event: str, nth: int) -> dict[str, str]:
    items = [{"item": "Seat", "quantity": 1}]
    return await chat.call("create_sale", event=event, **ADA, items=items, nth=nth)


async def unknown_sale(chat: Chat) -> str:
    """An event at which an order of Ada's was sent, never arrived, and nobody can tell."""
    event = await quay_fair(chat)
    chat.rehearsal.sandbox.faults.add(Fault(kind="drop_before", method="POST", path="/sales", times=1))
    assert code(await sale(chat, event, 1)) == "outcome_unknown"
    return event


async def test_a_further_order_is_not_taken_for_the_first_whose_outcome_is_unknown() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        event = await unknown_sale(chat)
        assert (await sale(chat, event, 2))["outcome"] == "done"
        before = len(sent(chat))
        assert code(await sale(chat, event, 1)) == "outcome_unknown"
        registered = await chat.call("register_attendee", event=event, **ADA)
        assert registered["outcome"] == "already_registered"
        assert code(await sale(chat, event, 1)) == "outcome_unknown"
        assert len(sent(chat)) == before


async def test_an_order_that_planning_finds_is_the_unknown_ones_record() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        event = await quay_fair(chat)
        faults = chat.rehearsal.sandbox.faults
        faults.add(Fault(kind="drop_after", method="POST", path="/sales", times=1))
        faults.add(Fault(kind="status", code=503, method="GET", path="/sales", skip=2))
        assert code(await sale(chat, event, 1)) == "outcome_unknown"
        faults.clear()
        registered = await chat.call("register_attendee", event=event, **ADA)
        assert registered["outcome"] == "already_registered"
        again = await sale(chat, event, 1)
        assert (again["outcome"], again["ref"]) == ("already_done", registered["ref"].replace(":a-", ":o-"))
        assert len(sent(chat)) == 2
