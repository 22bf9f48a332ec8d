"""HeySummit's endpoints by name: complete, honest about what they do, and under the guards of the tools."""

from typing import Any

import pytest

from eventdesk_server.http.operations import Effect
from eventdesk_server.providers.heysummit import operations
from eventdesk_tools.errors import (
    EventdeskError,
    InvalidArguments,
    NotFound,
    NotOnSale,
    SoldOut,
    UnknownRef,
    Unsupported,
)
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Why, WritePlan
from tests.providers.heysummit.desk import FREE, KIM, PAID, SETTINGS, TALK, V1, V2, v1, v2
from tests.providers.scripted import answers, done

pytestmark = pytest.mark.anyio
METHODS = {
    "GET": {Effect.READ}, "POST": {Effect.ADD, Effect.REMOVE}, "PATCH": {Effect.CHANGE}, "DELETE": {Effect.REMOVE},
}  # fmt: skip


def test_every_endpoint_is_declared_once_and_truly() -> None:
    names = [operation.name for operation in operations.ALL]
    assert len(names) == len(set(names)) == 52
    for operation in operations.ALL:
        slots = [param.name for param in operation.params if param.where == "path"]
        assert tuple(slots) == operation.slots, operation.name
        assert all(param.required for param in operation.params if param.where == "path"), operation.name
        assert operation.effect in METHODS[operation.method], operation.name
        assert operation.source
        assert operation.path.endswith("/"), "without its slash a write would lose its body"
        assert operation.summary.endswith(".")
        assert not operation.mails or operation.effect is Effect.ADD
    repeatable = {operation.name for operation in operations.ALL if operation.repeatable}
    assert repeatable == {"assign_ticket", "add_attendee_to_talk", "create_checkout_link"}


def test_each_version_offers_its_own_and_says_so_of_the_other() -> None:
    new = {info.name: info.withheld for info in v2().account(SETTINGS).operations()}
    old = {info.name: info.withheld for info in v1().account(V1).operations()}
    assert set(new) == set(old) == {operation.name for operation in operations.ALL}
    assert sorted(name for name in new if not new[name] and not old[name]) == [
        "archive_event",
        "get_event",
        "list_events",
    ]
    assert new["list_talks_v1"] == "this account speaks version 2 of the API"
    assert old["list_talks"] == "this account speaks version 1 of the API"
    assert "credential" in new["create_magic_link"]
    assert "not documented" in new["update_talk"]
    assert "for good" in new["delete_attendee"]
    assert sorted(name for name in new if not new[name] and name.startswith(("create", "update", "delete"))) == [
        "create_checkout_link"
    ]


@pytest.mark.parametrize(
    "name", ["create_magic_link", "create_event", "delete_event", "create_webhook", "list_talks_v1"]
)
async def test_what_is_withheld_is_not_called(name: str) -> None:
    script = v2()
    account = script.account(SETTINGS)
    with pytest.raises(Unsupported):
        await (account.read_operation if "list" in name else account.plan_operation)(
            name, {"event": "4711", "attendee": "1"}
        )
    assert script.seen == []


async def test_a_read_is_checked_sent_and_answered_without_the_key() -> None:
    script = v2()
    script.script[f"GET {V2}talks/90210/"] = answers(TALK | {"echo": "a-canary-key"})
    account = script.account(SETTINGS)
    answer: Any = await account.read_operation("get_talk", {"event": 4711, "talk": "90210"})
    assert (answer["id"], "a-canary-key" in str(answer)) == (90210, False)
    with pytest.raises(UnknownRef):
        await account.read_operation("get_talk", {"event": "..", "talk": "90210"})
    with pytest.raises(InvalidArguments):
        await account.read_operation("list_events", {"is_live": "yes"})
    assert len(script.seen) == 1


async def called(
    script: Any, name: str, settings: dict[str, Any] = SETTINGS, /, **given: Any
) -> WritePlan | WriteResult:
    return await script.account(settings).plan_operation(name, given)


async def refused(script: Any, name: str, settings: dict[str, Any] = SETTINGS, /, **given: Any) -> EventdeskError:
    with pytest.raises(EventdeskError) as caught:
        await called(script, name, settings, **given)
    assert script.writes == []
    return caught.value


ADA: dict[str, Any] = {"event": "4711", "email": "ada@example.org", "name": "Ada Pier"}


async def test_registering_by_operation_meets_the_tools_guards() -> None:
    free = await called(v2(tickets=(FREE,)), "register_attendee", **ADA)
    assert isinstance(free, WritePlan)
    assert free.steps[0].request is not None
    assert free.steps[0].request.body == {"email": "ada@example.org", "name": "Ada Pier", "ticket_price_id": 8803}
    assert (free.question, free.mail) == (None, "yes")
    priced = await called(
        v2(tickets=(FREE, PAID)), "register_attendee", **ADA, ticket_price_id=8801,
        questions=[{"question_id": 12, "answer": "yes"}],
    )  # fmt: skip
    assert isinstance(priced, WritePlan)
    assert priced.question is not None
    assert priced.question.why == {Why.UNPAID_ACCESS}
    assert priced.steps[0].request is not None
    assert priced.steps[0].request.body["questions"] == [{"question_id": 12, "answer": "yes"}]
    assert isinstance(await refused(v2(tickets=(PAID,)), "register_attendee", **ADA), InvalidArguments)
    assert isinstance(await refused(v2(tickets=()), "register_attendee", **ADA), NotOnSale)
    ticket_for_price = await refused(v2(tickets=(PAID,)), "register_attendee", **ADA, ticket_price_id=610)
    assert isinstance(ticket_for_price, UnknownRef), "a ticket's id is not the id of a price"
    for wrong in (
        {"email": "ada"},
        {"name": "  "},
        {"questions": [{"id": 1}]},
        {"event": "4711/../1"},
        {"nmae": "Ada"},
    ):
        script = v2()
        await refused(script, "register_attendee", **(ADA | wrong))
        assert script.seen == []


async def test_a_registered_person_is_not_registered_again_by_operation() -> None:
    script = v2(people=(KIM,))
    account = script.account(SETTINGS)
    planned = await account.plan_operation(
        "register_attendee", ADA | {"email": "KIM@example.org", "ticket_price_id": 8803}
    )
    assert isinstance(planned, WritePlan)
    assert [step.request.path for step in planned.steps if step.request] == ["/events/4711/attendees/33001/tickets/"]


async def test_on_version_1_a_ticket_without_a_told_price_is_asked_about() -> None:
    script = v1(tickets=({"id": 30, "name": "Day pass", "event_id": 4711},))
    plan = await called(script, "register_attendee_v1", V1, **(ADA | {"event": 4711}), ticket_id=30)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == {
        "event": 4711,
        "email": "ada@example.org",
        "name": "Ada Pier",
        "ticket_id": 30,
    }


async def test_a_ticket_is_given_to_the_person_who_is_named_and_asked_about_when_it_costs() -> None:
    script = v2(tickets=(FREE, PAID), people=(KIM,))
    script.script[f"POST {V2}attendees/33001/tickets/"] = answers({})
    given = {"event": "4711", "attendee": "33001"}
    paid = await called(script, "assign_ticket", **given, ticket_price_id=8802)
    assert isinstance(paid, WritePlan)
    assert paid.question is not None
    assert "79.00" in paid.question.text
    account = script.account(SETTINGS)
    free = await account.plan_operation("assign_ticket", given | {"ticket_price_id": "8803"})
    assert isinstance(free, WritePlan)
    assert free.question is None
    assert (await done(account, free)).record == ("a", "33001")
    assert script.writes == [(f"POST {V2}attendees/33001/tickets/", {"ticket_price_id": 8803})]


async def test_a_ticket_is_not_given_to_somebody_elses_person_or_where_none_is_left() -> None:
    gone = v2(tickets=(PAID | {"quantity_remaining": "0"},))
    assert isinstance(
        await refused(gone, "assign_ticket", event="4711", attendee="33001", ticket_price_id=8801), SoldOut
    )
    other = v2(tickets=(PAID,))
    other.script[f"GET {V2}attendees/33001/"] = answers(KIM | {"event_id": 24})
    assert isinstance(
        await refused(other, "assign_ticket", event="4711", attendee="33001", ticket_price_id=8801), NotFound
    )


async def test_archiving_by_operation_asks_as_the_tool_does_and_reaches_version_1() -> None:
    script = v2(people=(KIM,))
    script.script["POST /api/events/4711/archive/"] = answers({"id": 4711})
    plan = await called(script, "archive_event", event="4711")
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert (plan.question.why, plan.question.reversible) == ({Why.DESTRUCTIVE}, False)


async def test_what_no_guard_protects_is_sent_in_one_step() -> None:
    script = v2()
    talk, link = f"POST {V2}attendees/33001/talks/90210/", f"POST {V2}tickets/610/checkout-link/"
    script.script[talk] = answers({"id": 33001})
    script.script[link] = answers({"checkout_link": "https://x.example.com/1"})
    account = script.account(SETTINGS)
    put = await account.plan_operation("add_attendee_to_talk", {"event": 4711, "attendee": 33001, "talk": 90210})
    made = await account.plan_operation("create_checkout_link", {"event": 4711, "ticket": 610, "coupon": "EARLY"})
    assert [(await done(account, plan)).outcome for plan in (put, made)] == [Outcome.DONE, Outcome.DONE]
    assert script.writes == [(talk, {}), (link, {"coupon": "EARLY"})]
