"""A new evvnt listing: everything required asked for at once, public and paid, so that a person always says yes."""

from dataclasses import replace
from typing import Any

import pytest

from eventdesk_tools.errors import (
    AmbiguousName,
    EventdeskError,
    InvalidArguments,
    OutcomeUnknown,
    UnknownRef,
    Unsupported,
)
from eventdesk_tools.models import Outcome
from eventdesk_tools.plans import Why, WritePlan
from eventdesk_tools.records import EventDraft, NewTicket, Place
from tests.providers.conftest import Rehearse
from tests.providers.evvnt.desk import HERE, PACKAGE, PACKAGES, PAGE, PARTNER, PUBLISHER, QUAY, SETTINGS, USER, site
from tests.providers.scripted import Scripted, answers, done, example, in_turn, raw

pytestmark = pytest.mark.anyio
CONTACT = {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"}
READY: dict[str, Any] = SETTINGS | {"contact": CONTACT, "organiser": "Quay Arts", "currency": "GBP"}
TREE = [
    {"id": 26, "parent_id": None, "name": "All"}, {"id": 1, "parent_id": 26, "name": "Music"},
    {"id": 2, "parent_id": 26, "name": "Arts"}, {"id": 19, "parent_id": 1, "name": "Jazz"},
    {"id": 20, "parent_id": 1, "name": "Festivals"}, {"id": 21, "parent_id": 2, "name": "Festivals"},
    {"id": 22, "parent_id": 2, "name": "Academic / Learning"},
]  # fmt: skip
DRAFT = EventDraft(
    title="Spring  Jazz", starts="2027-06-12T19:30", ends="2027-06-12T23:00", summary="By the river.",
    description="Two sets.\nBar open.", category="Music > Jazz", website=PAGE, image_url="https://img.example.com/j.jpg",
    place=Place(name="Old Boathouse", address="1 Quay Rd", town="London", postcode="SE1 0AA", country="UK"),
    tickets=(NewTicket(name="Door", price="12.50 GBP"), NewTicket(name="Child", price="0")), published=True,
)  # fmt: skip
SENT: dict[str, Any] = {
    "title": "Spring Jazz", "start_time": "2027-06-12T19:30:00+0100", "end_time": "2027-06-12T23:00:00+0100",
    "summary": "By the river.", "description": "Two sets.\nBar open.", "contact": CONTACT,
    "venue": {"name": "Old Boathouse", "address_1": "1 Quay Rd", "town": "London", "country": "GB", "postcode": "SE1 0AA"},
    "prices": {"Door": "GBP 12.5", "Child": "GBP 0"}, "links": {"Website": PAGE},
    "image_urls": ["https://img.example.com/j.jpg"], "organiser_name": "Quay Arts", "category_id": 19,
    "package_id": PACKAGE,
}  # fmt: skip
MADE: dict[str, Any] = QUAY | {"id": "70099x", "title": "Spring Jazz", "start_time": "2027-06-12T18:30:00Z"}


def listings(**more: Any) -> Scripted:
    script = site()
    script.script["GET /categories"] = answers(TREE)
    return Scripted(script.script | more)


async def planned(
    draft: EventDraft = DRAFT, settings: dict[str, Any] = READY, script: Scripted | None = None
) -> WritePlan:
    script = script or listings()
    plan = await script.account(settings).plan_event(draft)
    assert isinstance(plan, WritePlan)
    assert script.writes == [], "planning sends no write"
    return plan


async def refused(draft: EventDraft, settings: dict[str, Any] = READY) -> tuple[EventdeskError, Scripted]:
    script = listings()
    with pytest.raises(EventdeskError) as caught:
        await script.account(settings).plan_event(draft)
    assert script.writes == []
    return caught.value, script


async def test_a_listing_is_submitted_whole_and_read_again() -> None:
    script = listings()
    script.script["GET /events/mine"] = in_turn(answers([QUAY]), answers([QUAY]), answers([MADE]))
    account = script.account(READY)
    plan = await account.plan_event(DRAFT)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.question.text == (
        "Publish 'Spring Jazz' on 2027-06-12T19:30+01:00 through evvnt (club)? It is public at once and uses one credit of "
        f"the package 'SinglePackage' {PACKAGE} (500.00 GBP; credits left unknown). evvnt has no way to take it back."
    )
    assert (plan.question.why, plan.question.reversible) == ({Why.PAID, Why.PUBLIC}, False)
    assert [step.repeatable for step in plan.steps] == [False]
    assert plan.makes_true == ("listing", "spring jazz", "2027-06-12T18:30:00+00:00")
    result = await done(account, plan)
    assert script.writes == [("POST /events", SENT)]
    assert (result.outcome, result.event_id, result.status, result.notes, result.undo) == (
        Outcome.DONE,
        "70099x",
        "live",
        (),
        None,
    )
    assert result.facts == {
        "title": "Spring Jazz", "starts": "2027-06-12T19:30+01:00", "ends": "2027-06-12T23:00+01:00",
        "category": "Music > Jazz",
    }  # fmt: skip


async def test_a_partner_submits_for_its_user_with_the_package_in_the_query() -> None:
    script = Scripted(
        {
            "GET /events/ours": in_turn(answers([QUAY]), answers([QUAY]), answers([MADE])),
            "GET /categories": answers(TREE), f"GET /users/{USER}/packages": answers(PACKAGES),
            "GET /contract": answers(example(HERE, "contract")), "POST /events": answers({"id": "70099x"}, 201),
        }
    )  # fmt: skip
    account = script.account(READY | PARTNER)
    await done(account, await account.plan_event(DRAFT))
    body = {key: value for key, value in SENT.items() if key != "package_id"}
    assert script.writes == [(f"POST /events?user_id={USER}&package_id={PACKAGE}", body)]


async def test_the_zone_of_the_draft_decides_the_offset() -> None:
    plan = await planned(replace(DRAFT, zone="America/New_York", place=replace(DRAFT.place or Place(), country="US")))
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["start_time"] == "2027-06-12T19:30:00-0400"


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"published": None}, Unsupported, "published"),
        ({"published": False}, Unsupported, "published"),
        ({"recurrence": "FREQ=WEEKLY"}, Unsupported, "recurrence"),
        ({"calendar": "club"}, Unsupported, "calendar"),
        ({"ends": None}, InvalidArguments, "ends"),
        ({"summary": None, "tickets": None}, InvalidArguments, "summary"),
        ({"summary": "x" * 201}, InvalidArguments, "summary"),
        ({"description": "x" * 2001}, InvalidArguments, "description"),
        ({"starts": "2027-06-12"}, InvalidArguments, "starts"),
        ({"starts": "2027-06-12T19:30+02:00"}, InvalidArguments, "starts"),
        ({"starts": "2027-03-28T01:30"}, InvalidArguments, "starts"),
        ({"starts": "2026-06-12T19:30"}, InvalidArguments, "starts"),
        ({"ends": "2027-06-12T19:00"}, InvalidArguments, "ends"),
        ({"place": Place(name="Boathouse", country="GB")}, InvalidArguments, "place"),
        ({"place": Place(name="B", address="1", town="L", country="GB")}, InvalidArguments, "place"),
        ({"place": Place(name="B", address="1", town="L", country="Utopia")}, InvalidArguments, "place"),
        ({"website": "https://go.evvnt.com/aa"}, InvalidArguments, "website"),
        ({"booking_url": "tickets"}, InvalidArguments, "booking_url"),
        ({"image_url": "javascript:x"}, InvalidArguments, "image_url"),
        ({"tickets": (NewTicket(name="A", price="1"), NewTicket(name="A", price="2"))}, InvalidArguments, "tickets"),
        ({"tickets": (NewTicket(name="A", price="1", quantity=5), NewTicket(name="B", price="2"))}, InvalidArguments, "tickets"),
        ({"tickets": (NewTicket(name="A", price="-1"),)}, InvalidArguments, "tickets"),
    ],
)  # fmt: skip
async def test_what_evvnt_would_refuse_is_refused_before_any_request(
    changes: dict[str, Any], kind: type[EventdeskError], field: str
) -> None:
    refusal, script = await refused(replace(DRAFT, **changes))
    assert (type(refusal), refusal.field, script.seen) == (kind, field, [])


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"contact": None}, "account"), ({"zone": ""}, "zone"), ({"currency": ""}, "tickets"),
        ({"role": "partner", "user_id": ""}, "account"),
    ],
)  # fmt: skip
async def test_what_the_settings_do_not_tell_is_asked_for_before_any_request(
    settings: dict[str, Any], field: str
) -> None:
    refusal, script = await refused(DRAFT, READY | settings)
    assert (type(refusal), refusal.field, script.seen) == (InvalidArguments, field, [])


async def test_everything_missing_is_named_at_once() -> None:
    refusal, _ = await refused(EventDraft(title="Jazz", starts="2027-06-12T19:30", published=True))
    assert refusal.message == "evvnt requires ends, summary, description, place, category, tickets."


async def test_a_publisher_submits_nothing_and_says_which_role_may() -> None:
    refusal, script = await refused(DRAFT, READY | PUBLISHER)
    assert (type(refusal), script.seen) == (Unsupported, [])
    assert "organiser or partner" in refusal.next


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("music>jazz", 19), ("JAZZ", 19), ("19", 19), ("Academic / Learning", 22), ("Arts > Festivals", 21)],
)
async def test_a_category_is_meant_by_id_path_or_name(wanted: str, number: int) -> None:
    plan = await planned(replace(DRAFT, category=wanted))
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["category_id"] == number


async def test_a_category_that_stands_twice_or_not_at_all_is_asked_about() -> None:
    twice, _ = await refused(replace(DRAFT, category="festivals"))
    assert isinstance(twice, AmbiguousName)
    assert twice.allowed == ("20 Music > Festivals", "21 Arts > Festivals")
    for unknown in ("Jazz fusion", "All", "26", "9999"):
        refusal, _ = await refused(replace(DRAFT, category=unknown))
        assert isinstance(refusal, UnknownRef)
    near, _ = await refused(replace(DRAFT, category="Jazz fusion"))
    assert near.allowed == ("19 Music > Jazz",)


async def test_numbers_of_tickets_become_the_capacity_and_nothing_is_dropped() -> None:
    tickets = (NewTicket(name="Door", price="12.50", quantity=80), NewTicket(name="Child", price="0 EUR", quantity=20))
    plan = await planned(replace(DRAFT, tickets=tickets))
    assert plan.steps[0].request is not None
    body = plan.steps[0].request.body
    assert (body["capacity"], body["prices"]) == (100, {"Door": "GBP 12.5", "Child": "EUR 0"})
    assert plan.facts["capacity"] == 100


async def test_a_listing_without_a_link_is_possible_and_said() -> None:
    plan = await planned(replace(DRAFT, website=None))
    assert plan.steps[0].request is not None
    assert "links" not in plan.steps[0].request.body
    assert plan.notes == ("The listing has no link to the event's own page or tickets.",)


async def test_the_same_title_and_start_among_own_listings_is_a_conflict() -> None:
    script = listings()
    script.script["GET /events/mine"] = answers([MADE | {"title": " spring jazz "}])
    account = script.account(READY)
    plan = await account.plan_event(DRAFT)
    assert isinstance(plan, WritePlan)
    assert plan.question is None, "nothing is asked for what is not sent"
    with pytest.raises(EventdeskError) as caught:
        await done(account, plan)
    assert (caught.value.code, caught.value.allowed, script.writes) == ("conflict", ("70099x",), [])


async def test_the_package_is_named_or_asked_for() -> None:
    refusal, _ = await refused(replace(DRAFT, package="nothing"))
    assert (refusal.field, bool(refusal.allowed)) == ("package", True)
    plan = await planned(replace(DRAFT, package=PACKAGE), READY | {"package": ""})
    assert plan.facts["package"] == PACKAGE


async def test_an_unknown_outcome_is_looked_up_and_never_sent_again() -> None:
    script = listings()
    script.script["POST /events"] = raw(503, "busy", "text/plain")
    script.script["GET /events/mine"] = in_turn(answers([]), answers([]), answers([MADE]))
    account = script.account(READY)
    result = await done(account, await account.plan_event(DRAFT))
    assert (result.outcome, result.event_id, len(script.writes)) == (Outcome.DONE, "70099x", 1)
    lost = listings()
    lost.script["POST /events"] = raw(503, "busy", "text/plain")
    lost.script["GET /events/mine"] = answers([])
    gone = lost.account(READY)
    with pytest.raises(OutcomeUnknown):
        await done(gone, await gone.plan_event(DRAFT))
    assert len(lost.writes) == 1


async def test_what_a_listing_says_of_itself_has_no_links_of_evvnts() -> None:
    draft = await listings().account(READY).draft_of("70021")
    assert draft == EventDraft(
        title="Quayside Jazz", starts="2027-06-12T19:30", ends="2027-06-12T23:00", zone="Europe/London",
        summary="An evening by the river.", description="Two sets.\nBar open.",
        place=Place(name="Old Boathouse", address="1 Quay Rd", town="London", postcode="SE1 0AA", country="GB"),
        category="Music > Jazz", tickets=(NewTicket(name="Door", price="12.50 GBP"),),
        image_url="https://img.example.com/jazz.jpg",
    )  # fmt: skip
    again = await planned(
        replace(draft, starts="2027-09-12T19:30", ends="2027-09-12T23:00", website=PAGE, published=True)
    )
    assert again.facts["starts"] == "2027-09-12T19:30+01:00"


async def test_in_the_rehearsal_a_listing_is_made_once(rehearsal: Rehearse) -> None:
    settings = {"contact": CONTACT, "currency": "GBP", "zone": "Europe/London"}
    async with rehearsal("evvnt", settings=settings) as r:
        answer: Any = await r.provider.read_operation("list_my_packages", {})
        categories: Any = await r.provider.read_operation("list_categories", {})
        leaf = next(row["id"] for row in categories if row["parent_id"] is not None)
        draft = replace(DRAFT, category=str(leaf), package=answer[0]["uuid"])
        first = await r.carry_out(await r.provider.plan_event(draft))
        same = await r.carry_out(await r.provider.plan_event(draft))
        assert (first.outcome, first.notes) == (Outcome.DONE, ())
        assert (same.outcome, same.event_id) == (Outcome.ALREADY_DONE, first.event_id)
        assert [write.method for write in r.writes] == ["POST"]
        assert (await r.provider.draft_of(first.event_id)).title == "Spring Jazz"
