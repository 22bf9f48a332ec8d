"""Registering at HeySummit: looked up first, a price named, and nothing given away unasked."""

from datetime import date
from typing import Any

import httpx2
import pytest

from eventdesk_tools.errors import (
    AmbiguousName,
    EventdeskError,
    InvalidArguments,
    NotOnSale,
    OutcomeUnknown,
    ProviderChanged,
    RejectedByProvider,
    SoldOut,
    UnknownRef,
)
from eventdesk_tools.models import Outcome, Registration, WriteResult
from eventdesk_tools.plans import Why, WritePlan
from eventdesk_tools.refs import Kind
from tests.providers.heysummit.desk import BROKEN, FREE, KIM, PAID, SETTINGS, TALK, V1, V2, page, v1, v2
from tests.providers.scripted import Scripted, answers, done, in_turn

pytestmark = pytest.mark.anyio
NOWHERE: dict[str, Any] = {**KIM, "talks": list[int]()}
"""Kim, on no talk."""


def wanted(**changes: Any) -> Registration:
    given: dict[str, Any] = {"event_id": "4711", "name": "Kim Quay", "email": "kim@example.org"}
    return Registration(**(given | changes))


async def planned(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> WritePlan:
    plan = await script.account(settings).plan_registration(wanted(**changes))
    assert isinstance(plan, WritePlan)
    assert script.writes == [], "planning sends no write"
    return plan


async def carried_out(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> WriteResult:
    account = script.account(settings)
    return await done(account, await account.plan_registration(wanted(**changes)))


async def refused(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> EventdeskError:
    with pytest.raises(EventdeskError) as caught:
        await script.account(settings).plan_registration(wanted(**changes))
    assert script.writes == []
    return caught.value


async def test_the_only_free_price_is_taken_and_the_result_is_read_again() -> None:
    script = v2()
    result = await carried_out(script)
    assert result == WriteResult(
        outcome=Outcome.DONE,
        event_id="4711",
        record=(Kind.REGISTRATION, "33001"),
        status="confirmed",
        mail="yes",
        facts={"ticket": "Free pass"},
    )
    assert script.writes == [
        (f"POST {V2}attendees/", {"email": "kim@example.org", "name": "Kim Quay", "ticket_price_id": 8803})
    ]
    assert script.asked == [
        f"GET {V2}",
        f"GET {V2}attendees/?email=kim@example.org&limit=50",
        f"GET {V2}tickets/?limit=50",
        f"GET {V2}attendees/?email=kim@example.org&limit=50",
        f"POST {V2}attendees/",
        f"GET {V2}attendees/33001/",
    ]
    assert any(b"email=kim%40example.org" in request.url.raw_path for request in script.seen), "encoded once"


async def test_the_plan_says_what_it_makes_true_and_asks_nobody_for_a_free_ticket() -> None:
    plan = await planned(v2())
    assert plan.makes_true == ("registration", "4711", "", "8803", "kim@example.org", "1")
    assert (plan.question, plan.mail, plan.facts) == (None, "yes", {"ticket": "Free pass"})
    assert [step.repeatable for step in plan.steps] == [False]


async def test_a_registered_address_in_another_case_is_already_registered_and_nothing_is_sent() -> None:
    script = v2(people=(KIM,))
    result = await carried_out(script, email="KIM@EXAMPLE.ORG")
    assert (result.outcome, result.record, result.status) == (
        Outcome.ALREADY_REGISTERED, (Kind.REGISTRATION, "33001"), "confirmed",
    )  # fmt: skip
    assert script.writes == []


async def test_an_address_is_looked_up_as_written_and_in_lower_case_because_the_filter_is_exact() -> None:
    script = v2()
    await planned(script, email="Kim+x@Example.org")
    asked = [line for line in script.asked if "attendees" in line]
    assert asked == [f"GET {V2}attendees/?email={form}&limit=50" for form in ("Kim+x@Example.org", "kim+x@example.org")]
    assert b"email=Kim%2Bx%40Example.org&" in script.seen[1].url.raw_path


async def test_a_duplicate_kept_in_yet_another_case_is_found_among_everybody() -> None:
    script = v2()
    everybody = page(KIM | {"id": 7, "email": "other@example.org"}, KIM | {"email": "KIM@example.org"})

    def filtered(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=page() if "email" in request.url.params else everybody)

    script.script[f"GET {V2}attendees/"] = filtered
    script.script[f"POST {V2}attendees/"] = answers({"detail": "Attendee already registered."}, 409)
    assert (await carried_out(script)).record == (Kind.REGISTRATION, "33001")
    assert len(script.writes) == 1


async def test_a_lookup_that_answers_another_address_is_not_believed() -> None:
    script = v2(people=(KIM | {"email": "someone@example.org"},))
    assert isinstance(await script.account(SETTINGS).plan_registration(wanted()), WritePlan)


async def test_a_named_ticket_and_talk_are_added_to_a_registered_person_by_repeatable_steps() -> None:
    script = v2(people=(NOWHERE,), tickets=(FREE, PAID))
    script.script[f"POST {V2}attendees/33001/tickets/"] = answers({})
    script.script[f"POST {V2}attendees/33001/talks/90210/"] = answers({}, 201)
    plan = await planned(script, ticket="Free pass", sessions=("keynote: TIDES",))
    assert [step.repeatable for step in plan.steps] == [True, True]
    result = await done(script.account(SETTINGS), plan)
    assert (result.outcome, result.facts) == (
        Outcome.ALREADY_REGISTERED, {"ticket": "Free pass", "sessions": ["Keynote: tides"]},
    )  # fmt: skip
    assert script.writes == [
        (f"POST {V2}attendees/33001/tickets/", {"ticket_price_id": 8803}),
        (f"POST {V2}attendees/33001/talks/90210/", {}),
    ]


async def test_a_talk_that_a_registered_person_is_on_is_not_sent_again() -> None:
    script = v2(people=(KIM,))
    assert (await carried_out(script, sessions=("s-90210",))).outcome is Outcome.ALREADY_REGISTERED
    assert script.writes == []


async def test_a_talk_is_joined_after_registering_and_its_failure_leaves_the_registration() -> None:
    script = v2()
    script.script[f"POST {V2}attendees/33001/talks/90210/"] = answers({"detail": "Talk is at capacity."}, 400)
    script.script[f"GET {V2}attendees/33001/"] = answers(NOWHERE)
    plan = await planned(script, sessions=("Keynote: tides",))
    assert plan.steps[1].request is not None
    assert plan.steps[1].request.path == "/events/4711/attendees/‹attendee›/talks/90210/"
    result = await done(script.account(SETTINGS), plan)
    assert result.outcome is Outcome.DONE
    assert "capacity" in result.notes[0]
    assert result.notes[1] == "HeySummit does not show this person on: s-90210."
    assert "sessions" not in result.facts


async def test_a_talk_is_found_by_name_or_ref_and_a_cancelled_one_is_refused() -> None:
    assert isinstance(await refused(v2(), sessions=("No such talk",)), UnknownRef)
    script = v2()
    script.script[f"GET {V2}talks/"] = answers(page(TALK | {"talk_cancelled": True}))
    assert (await refused(script, sessions=("s-90210",))).field == "sessions"


async def test_the_only_ticket_on_sale_is_not_taken_when_it_costs() -> None:
    failure = await refused(v2(tickets=(PAID | {"prices": [{"id": 8801, "title": "Early", "price": "49"}]},)))
    assert isinstance(failure, InvalidArguments)
    assert failure.allowed == ("t-8801 Day pass, Early 49.00 ?",)


async def test_several_prices_are_listed_when_none_is_named() -> None:
    failure = await refused(v2(tickets=(FREE, PAID)))
    assert failure.allowed == (
        "t-8803 Free pass 0.00 ?", "t-8801 Day pass, Early 49.00 ?", "t-8802 Day pass, Regular 79.00 ?",
    )  # fmt: skip


async def test_the_tickets_own_id_is_never_taken_for_a_price() -> None:
    failure = await refused(v2(tickets=(PAID,)), ticket="t-610")
    assert isinstance(failure, UnknownRef)
    assert "t-8801 Day pass, Early 49.00 ?" in failure.allowed


async def test_a_ticket_name_with_several_prices_is_ambiguous_and_with_one_is_enough() -> None:
    failure = await refused(v2(tickets=(PAID,)), ticket="day pass")
    assert isinstance(failure, AmbiguousName)
    one = FREE | {"prices": [{"id": 8803, "title": "Launch", "price": "0"}]}
    plan = await planned(v2(tickets=(one, PAID)), ticket="free pass")
    assert plan.facts == {"ticket": "Free pass, Launch"}


async def test_a_priced_ticket_is_refused_unless_it_is_said_to_be_complimentary() -> None:
    failure = await refused(v2(tickets=(PAID,)), ticket="t-8801")
    assert (failure.field, type(failure)) == ("complimentary", InvalidArguments)
    assert "create_sale" in failure.next


async def test_a_complimentary_ticket_waits_for_a_persons_yes() -> None:
    plan = await planned(v2(tickets=(PAID,)), ticket="t-8801", complimentary=True)
    assert plan.question is not None
    assert plan.question.why == {Why.UNPAID_ACCESS}
    assert plan.question.reversible is False
    assert plan.question.text == (
        "Give 'Kim Quay' the ticket 'Day pass, Early', which costs 49.00 ?, for 'Harbour Design Week' without payment? "
        "HeySummit charges nobody for this, and its API cannot take it back."
    )


async def test_an_unreadable_price_is_refused_without_sending_the_ticket_id() -> None:
    assert isinstance(await refused(v2(tickets=(BROKEN,)), ticket="Mystery pass"), ProviderChanged)
    assert isinstance(await refused(v2(tickets=(BROKEN,)), ticket="t-612"), UnknownRef)


async def test_nobody_is_registered_without_a_price() -> None:
    assert isinstance(await refused(v2(tickets=())), NotOnSale)
    assert isinstance(await refused(v2(tickets=(BROKEN,))), NotOnSale)
    failure = await refused(v2(tickets=(FREE, BROKEN)))
    assert failure.allowed == ("t-8803 Free pass 0.00 ?",), "the unreadable one may be meant"


async def test_what_is_sold_out_or_switched_off_is_refused() -> None:
    assert isinstance(await refused(v2(tickets=(FREE | {"quantity_remaining": "0"},)), ticket="Free pass"), SoldOut)
    assert isinstance(await refused(v2(tickets=(FREE | {"is_active": False},)), ticket="Free pass"), NotOnSale)


async def test_answers_name_their_question_by_number() -> None:
    script = v2()
    await carried_out(script, answers=(("12", "Vegetarian"), ("13", "M")))
    assert script.writes[0][1]["questions"] == [
        {"question_id": 12, "answer": "Vegetarian"}, {"question_id": 13, "answer": "M"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answers_",
    [(("Diet", "x"),), (("0", "x"),), (("-1", "x"),), (("12", " "),), (("12", "a"), ("12", "b")), (("٣", "x"),)],
)
async def test_an_answer_that_cannot_be_sent_is_refused_before_any_request(
    answers_: tuple[tuple[str, str], ...],
) -> None:
    script = v2()
    assert (await refused(script, answers=answers_)).field == "answers"
    assert script.seen == []


@pytest.mark.parametrize(
    ("settings", "changes", "field"),
    [
        (SETTINGS, {"extras": (("Lunch", 1),)}, "extras"),
        (SETTINGS, {"last_name": "Dock"}, "last_name"),
        (V1, {"sessions": ("s-1",)}, "sessions"),
        (V1, {"answers": (("1", "x"),)}, "answers"),
    ],
)
async def test_an_argument_that_heysummit_has_no_word_for_is_refused_before_any_request(
    settings: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    script = v2()
    assert (await refused(script, settings, **changes)).field == field
    assert script.seen == []


async def test_a_date_of_a_repeating_event_is_refused() -> None:
    assert (await refused(v2(), occurrence=date(2027, 7, 6))).field == "occurrence"


async def test_an_id_that_is_no_number_is_refused_before_any_request() -> None:
    script = v2()
    assert isinstance(await refused(script, event_id="harbour"), UnknownRef)
    assert script.seen == []


async def test_a_duplicate_that_the_platform_reports_ends_with_the_person_found() -> None:
    script = v2()
    found = [answers(page()), answers(page()), answers(page(KIM))]
    script.script[f"GET {V2}attendees/"] = in_turn(*found)
    script.script[f"POST {V2}attendees/"] = answers({"email": ["Attendee already exists."]}, 400)
    result = await carried_out(script)
    assert result.record == (Kind.REGISTRATION, "33001")
    assert len(script.writes) == 1


async def test_a_duplicate_without_a_person_reports_the_platforms_own_words() -> None:
    script = v2()
    script.script[f"POST {V2}attendees/"] = answers(
        {"non_field_errors": ["The fields event, email must make a unique set."]}, 400
    )
    with pytest.raises(EventdeskError, match="must make a unique set"):
        await carried_out(script)


async def test_a_price_that_does_not_exist_is_no_duplicate() -> None:
    script = v2()
    script.script[f"POST {V2}attendees/"] = answers(
        {"ticket_price_id": ['Invalid pk "8803" - object does not exist.']}, 400
    )
    with pytest.raises(RejectedByProvider, match="does not exist"):
        await carried_out(script)


@pytest.mark.parametrize("strange", [{"event_id": 24}, {"email": "other@example.org"}])
async def test_an_answer_for_another_event_or_address_is_an_error(strange: dict[str, Any]) -> None:
    script = v2()
    script.script[f"POST {V2}attendees/"] = answers(KIM | strange, 201)
    with pytest.raises(OutcomeUnknown, match="another event or address"):
        await carried_out(script)


async def test_after_an_unanswered_request_the_person_is_looked_up_and_nothing_is_sent_again() -> None:
    script = v2()
    script.script[f"GET {V2}attendees/"] = in_turn(
        answers(page()), answers(page()), answers(page()), answers(page(KIM))
    )
    script.script[f"POST {V2}attendees/"] = answers({"detail": "Server Error"}, 500)
    result = await carried_out(script)
    assert (result.outcome, result.record) == (Outcome.DONE, (Kind.REGISTRATION, "33001"))
    assert len(script.writes) == 1


async def test_an_unfinished_registration_is_called_so_in_the_platforms_words() -> None:
    script = v2(people=(KIM | {"registration_status": "Started Order"},))
    result = await carried_out(script)
    assert (result.status, result.notes) == (
        "incomplete",
        ("HeySummit's word for this registration: 'Started Order'.",),
    )


async def test_what_was_done_still_stands_only_while_the_registration_is_there() -> None:
    script = v2()
    plan = await planned(script)
    assert plan.stands is not None
    assert await plan.stands({"attendee": "33001"}) is None
    script.script[f"GET {V2}attendees/"] = answers(page(KIM))
    standing = await plan.stands({"attendee": "33001"})
    assert standing is not None
    assert standing.record == (Kind.REGISTRATION, "33001")


async def test_version_1_registers_with_a_ticket_and_asks_because_no_price_is_told() -> None:
    script = v1(tickets=({"id": 30, "name": "Day pass", "event_id": 4711},))
    plan = await planned(script, V1, ticket="t-30")
    assert plan.question is not None
    assert "No price is told" in plan.question.text
    result = await done(script.account(V1), plan)
    assert (result.outcome, result.status) == (Outcome.DONE, "confirmed"), "the create answer lacks the status"
    assert script.writes == [
        ("POST /api/attendees/", {"event": 4711, "email": "kim@example.org", "name": "Kim Quay", "ticket_id": 30})
    ]


async def test_version_1_takes_no_ticket_by_itself() -> None:
    failure = await refused(v1(tickets=({"id": 30, "name": "Day pass", "event_id": 4711},)), V1)
    assert (type(failure), failure.allowed) == (InvalidArguments, ("t-30 Day pass",))


async def test_version_1_scans_for_the_address_and_cannot_add_a_ticket() -> None:
    others = tuple(KIM | {"id": number, "email": f"p{number}@example.org", "event_id": 4711} for number in range(5))
    elsewhere = KIM | {"id": 9, "event_id": 24}
    script = v1(people=(*others, elsewhere, KIM), tickets=({"id": 30, "name": "Day pass", "event_id": 4711},))
    result = await carried_out(script, V1, ticket="Day pass")
    assert (result.outcome, result.record) == (Outcome.ALREADY_REGISTERED, (Kind.REGISTRATION, "33001"))
    assert result.notes == (
        "The ticket was not added: version 1 of HeySummit's API gives none to a registered person.",
    )
    assert script.writes == []
