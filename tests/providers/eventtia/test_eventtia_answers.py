"""What a person answers and takes when registering: checked, and sent by the ids of the chosen ticket."""

import pytest

from eventdesk_tools.errors import (
    InvalidArguments,
    Unsupported,
)
from tests.providers.eventtia.fairs import body_of, fair, planned
from tests.providers.eventtia.scripted import (
    activity,
    example,
    kind,
    listed,
    question,
)

pytestmark = pytest.mark.anyio


async def test_which_ticket_is_asked_unless_the_only_one_is_free() -> None:
    with pytest.raises(InvalidArguments) as caught:
        await planned(fair())
    assert caught.value.allowed == ("t-1 Day 0.00 EUR", "t-2 VIP 120.00 EUR")
    only = {"GET events/fair/attendee_types": listed([kind("1", "Day")])}
    assert body_of(await planned(fair(**only)))["attendee"]["attendee_type_id"] == 1


async def test_complimentary_takes_only_what_costs_nothing() -> None:
    talks = [activity("8", "Free", price={"1": "0"}), activity("9", "Dear", price={"1": 15})]
    sessions = {"GET events/fair/workshops": listed(talks)}
    assert await planned(fair(), ticket="Day", complimentary=True)
    assert await planned(fair(**sessions), ticket="Day", sessions=("Free",), complimentary=True)
    for given in ({"ticket": "VIP"}, {"ticket": "Day", "sessions": ("Dear",)}):
        upstream = fair(**sessions)
        with pytest.raises(Unsupported) as caught:
            await planned(upstream, complimentary=True, **given)
        assert (caught.value.field, upstream.writes) == ("complimentary", [])


async def test_extras_are_bounded_by_the_platforms_own_numbers() -> None:
    items = {"GET events/fair/purchase_items": example("list_purchase_items")}
    types = {"GET events/fair/attendee_types": listed([kind("101226", "Day"), kind("2", "VIP")])}
    plan = await planned(fair(**items, **types), ticket="Day", extras=(("Merch", 1),))
    assert body_of(plan)["purchase_items"] == {"1234": 1}
    for ticket, quantity, error in (
        ("Day", 2, InvalidArguments),
        ("VIP", 1, InvalidArguments),
        ("Day", 0, InvalidArguments),
    ):
        with pytest.raises(error) as caught:
            await planned(fair(**items, **types), ticket=ticket, extras=(("Merch", quantity),))
        assert caught.value.field == "extras"


async def test_answers_go_to_the_ids_of_the_chosen_ticket_by_label_name_or_id() -> None:
    for name in ("Diet", "diet", "f_diet", "F DIET", "202"):
        plan = await planned(fair(), ticket="VIP", answers=((name, "None"),))
        assert body_of(plan)["attendee"]["custom_fields"] == {"202": "None"}


async def test_a_question_answered_twice_is_sent_as_a_list() -> None:
    plan = await planned(fair(), ticket="Day", answers=(("Diet", "Vegan"), ("Diet", "No nuts"), ("Shirt size", "M")))
    assert body_of(plan)["attendee"]["custom_fields"] == {"102": ["Vegan", "No nuts"], "103": "M"}


async def test_an_unknown_question_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidArguments) as caught:
        await planned(fair(), ticket="Day", answers=(("Favourite boat", "Any"),))
    assert caught.value.field == "answers"
    assert set(caught.value.allowed) >= {"Diet", "Shirt size", "company", "birthdate"}


async def test_required_questions_are_asked_for() -> None:
    asked = [question("100", "1", "Diet", required=True), question("101", "1", "company", default=True, required=True)]
    asked += [
        question("102", "1", "email", default=True, required=True),
        question("103", "1", "picture", default=True, required=True),
        question("104", "1", "Hidden", required=True, display=False),
    ]
    types = {"GET events/fair/attendee_types": listed([kind("1", "Day")], included=asked)}
    with pytest.raises(InvalidArguments) as caught:
        await planned(fair(**types), ticket="Day")
    assert (caught.value.field, caught.value.allowed) == ("answers", ("Diet", "company"))
    await planned(fair(**types), ticket="Day", answers=(("Diet", "None"), ("company", "Marsh Ltd")))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("birthdate", "09/03/1990"),
        ("birthdate", "1990-02-30"),
        ("city_id", "Barcelona"),
        ("email", "other@marsh.example"),
        ("company", "x" * 51),
        ("Shirt size", "XXL"),
        ("picture", "me.png"),
    ],
)
async def test_answers_that_do_not_fit_are_refused(name: str, answer: str) -> None:
    asked = [
        question("100", "1", "company", default=True, max_chars=50),
        question("101", "1", "Shirt size", input_type=4, values=["S", {"name": "M"}, "L"]),
        question("102", "1", "picture", default=True),
        question("103", "1", "email", default=True),
    ]
    upstream = fair(**{"GET events/fair/attendee_types": listed([kind("1", "Day")], included=asked)})
    with pytest.raises(InvalidArguments) as caught:
        await planned(upstream, ticket="Day", answers=((name, answer),))
    assert (caught.value.field, upstream.writes) == ("answers", [])


async def test_dates_of_the_organisers_own_are_sent_with_the_day_first() -> None:
    asked = [
        question("100", "1", "Arrival", input_type=6, include_time=True),
        question("101", "1", "Passport until", input_type=6, include_time=False),
        question("102", "1", "Note", input_type=1, include_time=False),
    ]
    types = {"GET events/fair/attendee_types": listed([kind("1", "Day")], included=asked)}
    answers = (("Arrival", "2026-05-11T18:30"), ("Passport until", "2031-12-01"), ("Note", "2026-01-02"))
    plan = await planned(fair(**types), ticket="Day", answers=answers)
    assert body_of(plan)["attendee"]["custom_fields"] == {
        "100": "11/05/2026 - 18:30:00",
        "101": "01/12/2031",
        "102": "2026-01-02",
    }
