"""Registrations and sales ended, over MCP: what is asked, refused, shown and sent."""

from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Era, Human, chatting
from tests.mcp.writing import BREAKFAST, ES, ET, FAIR, NO, code, outcomes, refs, sent

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("tool", "field", "more"),
    [("cancel_registration", "attendees", {}), ("update_sale", "sales", {"action": "refund"})],
)
async def test_only_refs_of_the_kind_and_of_one_account_are_taken_before_any_request(
    tool: str, field: str, more: dict[str, Any], era: Era
) -> None:
    async with chatting(era=era, human=Human()) as chat:
        for wrong in (
            "Marta Berg",
            "marta@x.example",
            BREAKFAST,
            f"{BREAKFAST}:t-1CBLsx",
            f"{BREAKFAST}:s-1",
            "nobody:1:a-1",
        ):
            given = [wrong] if wrong.startswith("nobody") else [f"{BREAKFAST}:a-ChyN2I", wrong]
            assert code(await chat.call(tool, **{field: given}, **more)) == "unknown_ref", wrong
        both = await chat.call(tool, **{field: [f"{BREAKFAST}:a-ChyN2I", f"{FAIR}:a-600001"]}, **more)
        assert (code(both), both["error"]["field"]) == ("invalid_arguments", field)
        assert both["error"]["allowed"] == [ES, ET]
        for number in (0, 51):
            assert (
                code(await chat.call(tool, **{field: [f"{BREAKFAST}:a-{n}" for n in range(number)]}, **more))
                == "invalid_arguments"
            )
        assert chat.rehearsal.seen == []


async def test_registrations_are_cancelled_after_one_question_that_names_who_goes(era: Era) -> None:
    human = Human()
    async with chatting("eventschedule", era=era, human=human) as chat:
        three = await refs(chat, BREAKFAST, 3)
        wanted = [*three, f"{BREAKFAST}:a-zzzzzz", three[0], three[0].replace(":a-", ":o-")]
        done = await chat.call("cancel_registration", attendees=wanted)
        assert outcomes(done) == ["done", "done", "done", "not_found", "already_done"]
        (asked,) = human.asked
        assert "Cancel 3 registrations" in asked
        assert all(name in asked for name in ("Marta Berg", "Nair", "Faro"))
        assert len(sent(chat)) == 3
        again = await chat.call("cancel_registration", attendees=three)
        assert outcomes(again) == ["already_done"] * 3
        assert (len(human.asked), len(sent(chat))) == (1, 3)


async def test_eventtias_registrations_too() -> None:
    human = Human()
    async with chatting("eventtia", human=human) as chat:
        two = await refs(chat, FAIR, 2)
        assert outcomes(await chat.call("cancel_registration", attendees=two)) == ["done", "done"]
        assert outcomes(await chat.call("cancel_registration", attendees=two)) == ["already_done"] * 2
        assert (len(human.asked), len(sent(chat))) == (1, 2)


async def test_a_no_or_a_dry_run_cancels_nobody() -> None:
    async with chatting("eventschedule", human=Human(NO)) as chat:
        two = await refs(chat, BREAKFAST, 2)
        shown = await chat.call("cancel_registration", attendees=[*two, f"{BREAKFAST}:a-zzzzzz"], dry_run=True)
        assert (shown["outcome"], len(shown["requests"])) == ("preview", 2)
        assert outcomes(shown) == ["not_found"]
        assert code(await chat.call("cancel_registration", attendees=two)) == "declined"
        assert sent(chat) == []


async def test_part_of_an_order_is_not_cancelled_and_the_whole_only_when_it_is_said() -> None:
    human = Human()
    async with chatting("eventschedule", human=human) as chat:
        listed = await chat.call("list_attendees", event=f"{ES}:8oBfKB", fields=["ref", "quantity"], limit=20)
        ref = next(row[0] for row in listed["rows"] if row[1] == 3)
        part = await chat.call("cancel_registration", attendees=[ref])
        assert outcomes(part) == ["invalid_arguments"]
        assert "3 ×" in part["rows"][0][-1]
        assert (human.asked, sent(chat)) == ([], [])
        whole = await chat.call("cancel_registration", attendees=[ref], whole_order=True)
        assert outcomes(whole) == ["done"]
        assert "3 ×" in human.asked[0]


async def test_a_lost_answer_is_settled_for_its_ref_alone() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        three = await refs(chat, BREAKFAST, 3)
        chat.rehearsal.sandbox.faults.add(Fault(kind="drop_after", method="PUT", path="sales", times=1))
        assert outcomes(await chat.call("cancel_registration", attendees=three)) == ["done"] * 3
        assert len(sent(chat)) == 3


async def test_what_cannot_be_known_is_unknown_for_its_ref_and_not_sent_twice() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        two = await refs(chat, BREAKFAST, 2)
        faults = chat.rehearsal.sandbox.faults
        faults.add(Fault(kind="drop_before", method="PUT", path=two[0].rpartition("-")[2], times=1))
        first = await chat.call("cancel_registration", attendees=two)
        assert outcomes(first) == ["outcome_unknown", "done"]
        attempts = len(sent(chat))
        second = await chat.call("cancel_registration", attendees=two)
        assert outcomes(second) == ["outcome_unknown", "already_done"]
        assert len(sent(chat)) == attempts


async def test_sales_are_marked_after_one_question_and_an_impossible_one_is_told_apart(era: Era) -> None:
    human = Human()
    async with chatting("eventschedule", era=era, human=human) as chat:
        event = f"{ES}:Xs5hZy"
        unpaid = [row[0] for row in (await chat.call("list_sales", event=event, status="unpaid"))["rows"][:2]]
        over = (await chat.call("list_sales", event=event, status="expired"))["rows"][0][0]
        done = await chat.call("update_sale", sales=[*unpaid, over], action="mark_paid")
        assert outcomes(done) == ["done", "done", "unsupported"]
        (asked,) = human.asked
        assert "Mark as paid: 2 sales" in asked
        assert outcomes(await chat.call("update_sale", sales=unpaid, action="mark_paid")) == ["already_done"] * 2
        assert (len(human.asked), len(sent(chat))) == (1, 2)
        part = await chat.call("update_sale", sales=unpaid, action="refund")
        assert outcomes(part) == ["invalid_arguments"] * 2
        whole = await chat.call("update_sale", sales=unpaid, action="refund", whole_order=True)
        assert outcomes(whole) == ["done"] * 2
