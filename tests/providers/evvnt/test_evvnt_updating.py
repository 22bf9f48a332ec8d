"""Changing an evvnt listing: partial, nested objects whole, links never lost, asked, and read again."""

from typing import Any

import pytest

from eventdesk_tools.errors import EventdeskError, InvalidArguments, PermissionDenied, Unsupported
from eventdesk_tools.models import EventQuery, EventStatus, Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from eventdesk_tools.records import EventDraft, NewTicket, Place
from tests.providers.conftest import Rehearse
from tests.providers.evvnt.desk import PAGE, PARTNER, PUBLISHER, QUAY, SETTINGS, USER, site
from tests.providers.evvnt.test_evvnt_creating import TREE
from tests.providers.scripted import Scripted, answers, done, in_turn, raw

pytestmark = pytest.mark.anyio
PUT = "PUT /events/70021"


def listings(row: dict[str, Any] = QUAY, after: dict[str, Any] | None = None) -> Scripted:
    script = site(row)
    script.script["GET /categories"] = answers(TREE)
    script.script[PUT] = answers({})
    script.script["GET /events/70021"] = in_turn(answers(row), answers(after or row))
    return script


async def planned(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> WritePlan:
    plan = await script.account(settings).plan_update("70021", EventDraft(**changes))
    assert isinstance(plan, WritePlan)
    assert script.writes == [], "planning sends no write"
    return plan


async def body_of(row: dict[str, Any] = QUAY, **changes: Any) -> dict[str, Any]:
    (step,) = (await planned(listings(row), **changes)).steps
    assert step.request is not None
    return step.request.body


async def refused(row: dict[str, Any] = QUAY, settings: dict[str, Any] = SETTINGS, **changes: Any) -> EventdeskError:
    script = listings(row)
    with pytest.raises(EventdeskError) as caught:
        await script.account(settings).plan_update("70021", EventDraft(**changes))
    assert script.writes == []
    return caught.value


async def test_only_what_changes_is_sent_and_the_listing_is_read_again() -> None:
    after = QUAY | {"title": "Late Jazz", "summary": "At night."}
    script = listings(QUAY, after)
    script.script["GET /events/70021"] = in_turn(answers(QUAY), answers(after))
    account = script.account(SETTINGS)
    plan = await account.plan_update("70021", EventDraft(title="Late  Jazz", summary="At night."))
    assert isinstance(plan, WritePlan)
    assert plan.changes == (
        Change("title", "Quayside Jazz", "Late Jazz"),
        Change("summary", "An evening by the river.\r\n", "At night."),
    )
    assert plan.question is not None
    assert plan.question.text == (
        "Change the public listing 'Quayside Jazz' on evvnt (club)? title: 'Quayside Jazz' → 'Late Jazz'; "
        "summary: 'An evening by the river.' → 'At night.'."
    )
    assert (plan.question.why, plan.question.reversible) == ({Why.PUBLIC, Why.VISIBLE_CHANGE}, True)
    assert [(step.request, step.repeatable) for step in plan.steps] == [
        (PlannedRequest(method="PUT", path="/events/70021", body={"title": "Late Jazz", "summary": "At night."}), True)
    ]
    result = await done(account, plan)
    assert script.writes == [(PUT, {"title": "Late Jazz", "summary": "At night."})]
    assert result == WriteResult(
        outcome=Outcome.DONE,
        event_id="70021",
        status="live",
        facts={
            "changed": [
                {"field": "title", "before": "Quayside Jazz", "after": "Late Jazz"},
                {"field": "summary", "before": "An evening by the river.\r\n", "after": "At night."},
            ]
        },
        undo={"title": "Quayside Jazz", "summary": "An evening by the river.\r\n"},
    )


async def test_what_the_platform_shows_otherwise_is_reported_and_not_undone() -> None:
    script = listings()
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_update("70021", EventDraft(title="Late Jazz")))
    assert result.notes == ("evvnt shows title as 'Quayside Jazz', not as it was sent.",)
    assert result.undo is None


async def test_what_is_so_already_is_not_sent() -> None:
    script = listings()
    result = await script.account(SETTINGS).plan_update(
        "70021",
        EventDraft(
            title="Quayside Jazz", starts="2027-06-12T19:30", category="Jazz", published=True,
            tickets=(NewTicket(name="Door", price="12.50 GBP"),), place=Place(town="London"),
        ),
    )  # fmt: skip
    assert isinstance(result, WriteResult)
    assert (result.outcome, script.writes) == (Outcome.ALREADY_DONE, [])


async def test_a_start_alone_keeps_the_length_and_moves_the_doors_across_a_change_of_clocks() -> None:
    row = QUAY | {"door_time": "2027-06-12T18:45:00+01:00", "last_entry_time": "2027-06-12T21:00:00+01:00"}
    assert await body_of(row, starts="2027-11-13T20:00") == {
        "start_time": "2027-11-13T20:00:00+0000", "end_time": "2027-11-13T23:30:00+0000",
        "door_time": "2027-11-13T19:15:00+0000", "last_entry_time": "2027-11-13T21:30:00+0000",
    }  # fmt: skip
    assert await body_of(row, ends="2027-06-13T00:30") == {"end_time": "2027-06-13T00:30:00+0100"}
    assert await body_of(starts="2027-06-12T20:00", ends="2027-06-12T22:00") == {
        "start_time": "2027-06-12T20:00:00+0100", "end_time": "2027-06-12T22:00:00+0100",
    }  # fmt: skip


async def test_a_place_is_sent_whole_and_what_belonged_to_the_old_address_is_not_kept() -> None:
    row = QUAY | {"venue": QUAY["venue"] | {"address_2": "Pier 4"}}
    assert await body_of(row, place=Place(name="New Boathouse")) == {
        "venue": {
            "name": "New Boathouse", "address_1": "1 Quay Rd", "address_2": "Pier 4", "town": "London", "country": "GB",
            "postcode": "SE1 0AA", "latitude": 51.5, "longitude": -0.08,
        }
    }  # fmt: skip
    plan = await planned(listings(row), place=Place(address="2 Mill Rd", postcode="SE1 0BB"))
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["venue"] == {
        "name": "Old Boathouse", "address_1": "2 Mill Rd", "address_2": "", "town": "London", "country": "GB",
        "postcode": "SE1 0BB",
    }  # fmt: skip
    assert "point on the map" in plan.notes[0]
    assert plan.question is not None
    assert not plan.question.reversible, "the old point on the map cannot be put back"


async def test_prices_category_and_image_are_absolute() -> None:
    row = QUAY | {"image_urls": ["https://img.example.com/1.jpg", "https://img.example.com/2.jpg"]}
    plan = await planned(
        listings(row), category="Music > Festivals", image_url="https://img.example.com/3.jpg",
        tickets=(NewTicket(name="Door", price="15 GBP", quantity=90),),
    )  # fmt: skip
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == {
        "category_id": 20, "prices": {"Door": "GBP 15"}, "capacity": 90, "image_urls": ["https://img.example.com/3.jpg"],
    }  # fmt: skip
    assert {change.field: (change.before, change.after) for change in plan.changes} == {
        "category": ("Music > Jazz", "Music > Festivals"),
        "tickets": ("Door GBP 12.5", "Door GBP 15"),
        "capacity": (120, 90),
        "image_url": (row["image_urls"], ["https://img.example.com/3.jpg"]),
    }
    assert await body_of(row, clear=frozenset({"image_url"})) == {"image_urls": []}


async def test_changing_an_address_never_loses_other_links() -> None:
    row = QUAY | {"links": {"Website": "https://go.evvnt.com/a", "Twitter": "https://go.evvnt.com/b"}}
    lost = await refused(row, website=PAGE)
    assert (lost.field, "Twitter" in lost.message) == ("website", True)
    both = QUAY | {"links": {"Website": "https://go.evvnt.com/a", "Tickets": "https://go.evvnt.com/b"}}
    assert "Tickets" in (await refused(both, website=PAGE)).message
    assert "Website" in (await refused(both, booking_url=PAGE)).message
    assert (
        "Booking" in (await refused(QUAY | {"links": {"Booking": "https://go.evvnt.com/b"}}, booking_url=PAGE)).message
    )
    assert await body_of(both, website=PAGE, booking_url=f"{PAGE}/t") == {
        "links": {"Website": PAGE, "Tickets": f"{PAGE}/t"}
    }
    assert await body_of(both, website=PAGE, clear=frozenset({"booking_url"})) == {"links": {"Website": PAGE}}
    plan = await planned(listings(), website=PAGE)
    assert plan.question is not None
    assert (plan.question.reversible, plan.notes) == (False, ("All links of the listing are replaced by these.",))


async def test_read_links_are_never_sent_back() -> None:
    assert isinstance(await refused(website="https://go.evvnt.com/aa11bb"), InvalidArguments)
    shown = QUAY | {"links": {"Website": "https://elsewhere.example/r"}}
    assert isinstance(await refused(shown, website="https://elsewhere.example/r"), InvalidArguments)
    assert "links" not in await body_of(title="Late Jazz", place=Place(name="X"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"published": False}, "published"), ({"clear": frozenset({"ends"})}, "clear"), ({"clear": frozenset({"tickets"})}, "clear"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"), ({"calendar": "x"}, "calendar"), ({"package": "x"}, "package"),
        ({"zone": "Europe/Paris"}, "zone"),
    ],
)  # fmt: skip
async def test_what_a_listing_cannot_be_told_is_refused_by_name_before_any_request(
    changes: dict[str, Any], field: str
) -> None:
    script = listings()
    with pytest.raises(Unsupported) as caught:
        await script.account(SETTINGS).plan_update("70021", EventDraft(**changes))
    assert (caught.value.field, script.seen) == (field, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": "x" * 201}, "summary"), ({"description": "x" * 2001}, "description"),
        ({"ends": "2027-06-12T18:00"}, "ends"), ({"starts": "2026-06-12T18:00"}, "starts"),
        ({"place": Place(country="Utopia")}, "place"), ({"tickets": (NewTicket(name="A", price="ten"),)}, "tickets"),
    ],
)  # fmt: skip
async def test_what_evvnt_would_refuse_is_not_sent(changes: dict[str, Any], field: str) -> None:
    refusal = await refused(**changes)
    assert (type(refusal), refusal.field) == (InvalidArguments, field)


async def test_times_that_are_odd_already_do_not_keep_anything_else_from_being_corrected() -> None:
    odd = QUAY | {"door_time": "2027-06-13T18:45:00+01:00", "last_entry_time": "2027-06-01T21:00:00+01:00"}
    assert await body_of(odd, title="Late Jazz") == {"title": "Late Jazz"}


async def test_only_own_listings_are_changed_and_no_publisher_changes_any() -> None:
    script = site(own=[])
    with pytest.raises(PermissionDenied):
        await script.account(SETTINGS).plan_update("70021", EventDraft(title="X"))
    assert isinstance(await refused(settings=PUBLISHER, title="X"), Unsupported)


async def test_a_partner_names_the_listings_own_user() -> None:
    for row, user in ((QUAY | {"user_id": "u-1"}, "u-1"), (QUAY, USER)):
        script = Scripted(
            {"GET /events/ours": answers([row]), "GET /events/ours/70021": answers(row), PUT: answers({})}
        )
        plan = await planned(script, PARTNER, title="Late Jazz")
        assert plan.steps[0].request is not None
        assert plan.steps[0].request.query == (("user_id", user),)


async def test_an_unknown_outcome_is_looked_up() -> None:
    script = listings()
    script.script[PUT] = raw(502, "bad", "text/plain")
    script.script["GET /events/70021"] = in_turn(answers(QUAY), answers(QUAY | {"title": "Late Jazz"}))
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_update("70021", EventDraft(title="Late Jazz")))
    assert (result.outcome, len(script.writes)) == (Outcome.DONE, 1)


async def test_in_the_rehearsal_a_listing_changes_and_changes_back(rehearsal: Rehearse) -> None:
    async with rehearsal("evvnt", settings={"zone": "Europe/London"}) as r:
        events = [e async for e in r.provider.list_events(EventQuery(now=r.clock.now()))]
        event = next(e for e in events if e.status is EventStatus.LIVE and e.zone == "Europe/London")
        before = await r.provider.draft_of(event.id)
        result = await r.carry_out(await r.provider.plan_update(event.id, EventDraft(title="Quite another")))
        assert (result.outcome, result.notes) == (Outcome.DONE, ())
        assert result.undo is not None
        back = await r.carry_out(await r.provider.plan_update(event.id, EventDraft(**result.undo)))
        assert back.notes == ()
        assert await r.provider.draft_of(event.id) == before
        assert [write.method for write in r.writes] == ["PUT", "PUT"]
