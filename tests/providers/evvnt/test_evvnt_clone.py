"""Copying an evvnt listing: public and paid at once, so asked for, sent once, and never with evvnt's own links."""

from typing import Any

import pytest

from eventdesk_tools.errors import (
    ErrorCode,
    EventdeskError,
    InvalidArguments,
    OutcomeUnknown,
    PermissionDenied,
    Unsupported,
)
from eventdesk_tools.models import (
    CloneOrder,
    EventQuery,
    Include,
    Outcome,
    WriteResult,
)
from eventdesk_tools.plans import Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.evvnt.desk import HERE, PACKAGE, PACKAGES, PAGE, PARTNER, PUBLISHER, QUAY, SETTINGS, USER, site
from tests.providers.scripted import NOW, Scripted, answers, done, example, in_turn

pytestmark = pytest.mark.anyio


def copying(**changes: Any) -> CloneOrder:
    given: dict[str, Any] = {"event_id": "70021", "starts": "2027-11-13T19:30", "website": PAGE, "published": True}
    return CloneOrder(**(given | changes))


async def planned(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> WritePlan:
    plan = await script.account(settings).plan_clone(copying(**changes))
    assert isinstance(plan, WritePlan)
    assert script.writes == [], "planning sends no write"
    return plan


async def refused(script: Scripted, settings: dict[str, Any] = SETTINGS, **changes: Any) -> EventdeskError:
    with pytest.raises(EventdeskError) as caught:
        await script.account(settings).plan_clone(copying(**changes))
    assert script.writes == []
    return caught.value


COPY: dict[str, Any] = QUAY | {
    "id": "70099x", "start_time": "2027-11-13T19:30:00Z", "end_time": "2027-11-13T23:00:00Z",
}  # fmt: skip
SENT: dict[str, Any] = {
    "title": "Quayside Jazz",
    "category_id": 19,
    "start_time": "2027-11-13T19:30:00+0000",
    "end_time": "2027-11-13T23:00:00+0000",
    "summary": "An evening by the river.\r\n",
    "description": "Two sets.\r\nBar open.",
    "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
    "venue": {
        "name": "Old Boathouse", "address_1": "1 Quay Rd", "town": "London", "country": "GB", "postcode": "SE1 0AA",
        "latitude": 51.5, "longitude": -0.08,
    },
    "links": {"Website": PAGE},
    "prices": {"Door": "GBP 12.5"},
    "capacity": 120,
    "image_urls": ["https://img.example.com/jazz.jpg"],
    "organiser_name": "Quay Arts",
    "artists": "Trio One, Duo Two",
    "keywords": "jazz, river",
    "hashtag": "quayjazz",
    "package_id": PACKAGE,
}  # fmt: skip


async def test_a_copy_is_submitted_whole_with_the_offset_of_its_own_day() -> None:
    script = site()
    script.script["GET /events/mine"] = in_turn(answers([QUAY]), answers([QUAY]), answers([COPY]))
    account = script.account(SETTINGS)
    plan = await account.plan_clone(copying())
    assert isinstance(plan, WritePlan)
    result = await done(account, plan)
    assert script.writes == [("POST /events", SENT)]
    copied = ["category_id", "summary", "description", "venue", "prices", "capacity", "image_urls", "organiser_name",
              "artists", "keywords", "hashtag"]  # fmt: skip
    assert result == WriteResult(
        outcome=Outcome.DONE,
        event_id="70099x",
        status="live",
        facts={
            "title": "Quayside Jazz",
            "starts": "2027-11-13T19:30+00:00",
            "ends": "2027-11-13T23:00+00:00",
            "copied": copied,
            "not_copied": ["links: Website", "the listing's report and clicks"],
        },
    )
    assert script.asked == [
        "GET /events/70021",
        "GET /events/mine?max_results=100&page=1",
        "GET /packages/mine",
        "GET /contract",
        "GET /events/mine?max_results=100&page=1",
        "POST /events",
        "GET /events/mine?max_results=100&page=1&newer_than=2027-02-28T09:00:00Z",
    ]


async def test_a_copy_always_waits_for_a_persons_yes() -> None:
    plan = await planned(site())
    assert plan.question is not None
    assert (plan.question.why, plan.question.reversible) == ({Why.PAID, Why.PUBLIC}, False)
    assert plan.question.text == (
        "Publish 'Quayside Jazz' on 2027-11-13T19:30+00:00 through evvnt (club)? It is public at once and uses one credit "
        f"of the package 'SinglePackage' {PACKAGE} (500.00 GBP; credits left unknown). evvnt has no way to take it back."
    )
    long = await planned(site(QUAY | {"title": "x" * 300}))
    assert long.question is not None
    assert len(long.question.text) <= 400
    assert plan.makes_true == ("listing", "quayside jazz", "2027-11-13T19:30:00+00:00")
    assert [step.repeatable for step in plan.steps] == [False]
    assert (plan.facts["package"], plan.facts["cost"]) == (PACKAGE, "500.00 GBP")


async def test_a_price_that_the_contract_does_not_tell_is_not_known() -> None:
    script = site()
    script.script["GET /contract"] = answers({"package_options": []})
    plan = await planned(script)
    assert plan.facts["cost"] == "price not known"


async def test_a_partner_sends_user_and_package_in_the_query_and_not_in_the_body() -> None:
    script = Scripted(
        {
            "GET /events/ours/70021": answers(QUAY),
            "GET /events/ours": in_turn(answers([QUAY]), answers([QUAY]), answers([COPY])),
            f"GET /users/{USER}/packages": answers(PACKAGES),
            "GET /contract": answers(example(HERE, "contract")),
            "POST /events": answers({"id": "70099x"}, 201),
        }
    )
    account = script.account(PARTNER)
    await done(account, await account.plan_clone(copying()))
    body = {key: value for key, value in SENT.items() if key != "package_id"}
    assert script.writes == [(f"POST /events?user_id={USER}&package_id={PACKAGE}", body)]


@pytest.mark.parametrize("starts", ["2027-11-13", "2027-11-13T19:30", "2027-11-13T19:30Z", "2027-11-13 19:30+00:00"])
async def test_a_start_may_be_a_date_alone_which_keeps_the_wall_time(starts: str) -> None:
    plan = await planned(site(), starts=starts)
    assert plan.facts["starts"] == "2027-11-13T19:30+00:00"


async def test_everything_dated_moves_by_the_same_wall_time() -> None:
    listing = QUAY | {"door_time": "2027-06-12T18:45:00+01:00", "last_entry_time": "2027-06-12T21:00:00+01:00"}
    plan = await planned(site(listing), starts="2027-11-13T20:00")
    assert plan.steps[0].request is not None
    body = plan.steps[0].request.body
    times = {key: body[key] for key in ("start_time", "end_time", "door_time", "last_entry_time")}
    assert times == {
        "start_time": "2027-11-13T20:00:00+0000",
        "end_time": "2027-11-13T23:30:00+0000",
        "door_time": "2027-11-13T19:15:00+0000",
        "last_entry_time": "2027-11-13T21:30:00+0000",
    }


async def test_read_links_are_never_sent_back() -> None:
    script = site()
    assert (await refused(script, website="https://go.evvnt.com/aa11bb")).field == "website"
    assert (await refused(script, website="", booking_url="https://GO.evvnt.com/x")).field == "booking_url"
    assert script.seen == []
    shown = site(QUAY | {"links": {"Website": "https://elsewhere.example/r"}})
    assert (await refused(shown, website="https://elsewhere.example/r")).field == "website"
    plan = await planned(site(), booking_url="https://quay.example.org/tickets")
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["links"] == {"Website": PAGE, "Tickets": "https://quay.example.org/tickets"}


@pytest.mark.parametrize(
    ("settings", "changes", "failure", "field"),
    [
        ({}, {"published": False}, Unsupported, "published"),
        ({}, {"website": ""}, InvalidArguments, "website"),
        ({}, {"website": "ftp://x"}, InvalidArguments, "website"),
        ({}, {"calendar": "club"}, Unsupported, "calendar"),
        ({}, {"skip": ("tickets",)}, Unsupported, "skip"),
        ({"zone": ""}, {}, InvalidArguments, "starts"),
        ({"role": "partner"}, {}, InvalidArguments, "event"),
    ],
)
async def test_what_cannot_be_submitted_is_refused_before_any_request(
    settings: dict[str, Any], changes: dict[str, Any], failure: type[EventdeskError], field: str
) -> None:
    script = site()
    refusal = await refused(script, SETTINGS | settings, **changes)
    assert (type(refusal), refusal.field, script.seen) == (failure, field, [])


async def test_a_publisher_copies_nothing() -> None:
    script = site()
    assert isinstance(await refused(script, PUBLISHER), Unsupported)
    assert script.seen == []


@pytest.mark.parametrize(
    ("starts", "says"),
    [
        ("2027-02-01T19:30", "has passed"),
        ("2027-03-28T01:30", "does not exist"),
        ("2027-10-31T01:30", "comes twice"),
        ("2027-11-13T19:30+01:00", "another offset"),
        ("2027-10-30T22:00", "comes twice"),
        ("soon", "not a time"),
    ],
)
async def test_a_start_that_cannot_be_is_refused(starts: str, says: str) -> None:
    refusal = await refused(site(), starts=starts)
    assert (refusal.field, says in refusal.message) == ("starts", True)


async def test_a_listing_in_another_zone_than_the_accounts_is_refused_not_moved_wrongly() -> None:
    abroad = QUAY | {"start_time": "2027-06-12T19:30:00-04:00", "end_time": "2027-06-12T23:00:00-04:00"}
    assert "Europe/London" in (await refused(site(abroad))).message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"prices": None}, "prices"),
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 201}, "200"),
        ({"description": "x" * 2001}, "2000"),
        ({"category_id": None}, "category"),
        ({"venue": QUAY["venue"] | {"country": "Atlantis"}}, "two-letter"),
        ({"venue": QUAY["venue"] | {"postcode": ""}}, "postcode in GB"),
        ({"venue": QUAY["venue"] | {"town": ""}}, "town"),
        ({"end_time": ""}, "no start or end"),
    ],
)
async def test_a_listing_that_lacks_what_evvnt_requires_is_not_submitted(changes: dict[str, Any], says: str) -> None:
    refusal = await refused(site(QUAY | changes))
    assert isinstance(refusal, Unsupported)
    assert says in refusal.message


async def test_a_country_in_words_is_sent_as_its_code_and_no_postcode_is_needed_elsewhere() -> None:
    venue = {**QUAY["venue"], "country": "United Kingdom"}
    plan = await planned(site(QUAY | {"venue": venue}))
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["venue"]["country"] == "GB"
    plan = await planned(site(QUAY | {"venue": {**venue, "country": "ie", "postcode": None}}))
    assert plan.steps[0].request is not None
    assert "postcode" not in plan.steps[0].request.body["venue"]


async def test_contact_and_organiser_come_from_the_settings_where_the_listing_has_none() -> None:
    bare = QUAY | {"contact": None, "organiser_name": ""}
    assert (await refused(site(bare))).field == "event"
    contact = {"name": "Ada", "email": "ada@example.org", "tel": "1"}
    plan = await planned(site(bare), SETTINGS | {"contact": contact, "organiser": "Pier Co"})
    assert plan.steps[0].request is not None
    assert (plan.steps[0].request.body["contact"], plan.steps[0].request.body["organiser_name"]) == (contact, "Pier Co")


async def test_images_are_at_most_two_and_addresses_without_scheme_get_https() -> None:
    images = ["//img.example.com/a.jpg", "https://img.example.com/b.jpg", "https://img.example.com/c.jpg"]
    plan = await planned(site(QUAY | {"image_urls": images}))
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["image_urls"] == ["https://img.example.com/a.jpg", images[1]]
    assert "images beyond 2" in plan.facts["not_copied"]


async def test_the_package_is_named_by_argument_or_setting_and_must_be_ones_own() -> None:
    listed_packages = (f"{PACKAGE} SinglePackage for 5 events bought 2014-01-01",)
    unset = await refused(site(), SETTINGS | {"package": ""})
    assert (unset.field, unset.allowed) == ("package", listed_packages)
    wrong = await refused(site(), package="nope")
    assert (wrong.field, wrong.allowed) == ("package", listed_packages)
    script = site()
    script.script["GET /packages/mine"] = answers([])
    assert "no package" in (await refused(script, SETTINGS | {"package": ""})).next


async def test_a_listing_that_is_not_ones_own_is_not_copied() -> None:
    assert isinstance(await refused(site(own=[QUAY | {"id": 1}])), PermissionDenied)


async def test_the_same_title_and_start_among_ones_own_is_a_conflict_and_nothing_is_sent_or_asked() -> None:
    twin = QUAY | {"id": 7, "title": " QUAYSIDE  Jazz", "start_time": "2027-11-13T20:30:00+01:00"}
    script = site(own=[QUAY, twin])
    account = script.account(SETTINGS)
    plan = await account.plan_clone(copying())
    assert isinstance(plan, WritePlan)
    assert plan.question is None
    assert plan.notes == ("A listing of this title and start is there already: 7.",)
    with pytest.raises(EventdeskError) as caught:
        await done(account, plan)
    assert (caught.value.code, caught.value.allowed) == (ErrorCode.CONFLICT, ("7",))
    assert script.writes == []


async def test_after_an_unanswered_request_the_copy_is_looked_for_and_never_sent_again() -> None:
    script = site()
    script.script["GET /events/mine"] = in_turn(
        answers([QUAY]), answers([QUAY]), answers([QUAY]), answers([QUAY, COPY])
    )
    script.script["POST /events"] = answers({}, 503)
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_clone(copying()))
    assert (result.outcome, result.event_id, len(script.writes)) == (Outcome.DONE, "70099x", 1)


async def test_a_copy_that_does_not_show_stays_unknown() -> None:
    script = site()
    script.script["POST /events"] = answers({}, 503)
    account = script.account(SETTINGS)
    with pytest.raises(OutcomeUnknown):
        await done(account, await account.plan_clone(copying()))
    assert len(script.writes) == 1


@pytest.mark.parametrize(
    ("shown", "note"),
    [
        ([], "evvnt does not list the copy yet; it may take a while to show."),
        (
            [COPY | {"start_time": "2027-11-13T20:30:00Z"}],
            "evvnt shows another start than was sent: 2027-11-13T20:30+00:00.",
        ),
        ([COPY | {"title": "Jazz"}], "evvnt shows another title than was sent: 'Jazz'."),
    ],
)
async def test_what_evvnt_made_of_it_is_reported_honestly(shown: list[dict[str, Any]], note: str) -> None:
    script = site()
    script.script["GET /events/mine"] = in_turn(answers([QUAY]), answers([QUAY]), answers(shown))
    account = script.account(SETTINGS)
    assert (await done(account, await account.plan_clone(copying()))).notes == (note,)


async def test_in_the_rehearsal_a_listing_is_copied_once(rehearsal: Rehearse) -> None:
    query = EventQuery(now=NOW)
    async with rehearsal("evvnt") as r:
        ids = [event.id async for event in r.provider.list_events(query)]
        assert len(ids) == len(set(ids)) > 0
        package = (await r.provider.check()).packages[0].split()[0]
        order = copying(event_id=ids[0], starts="2027-09-12", package=package)
        first = await r.carry_out(await r.provider.plan_clone(order))
        again = await r.carry_out(await r.provider.plan_clone(order))
        assert (first.outcome, again.outcome) == (Outcome.DONE, Outcome.ALREADY_DONE)
        assert (first.notes, first.event_id) == ((), again.event_id)
        assert len(r.writes) == 1
        ids = [event.id async for event in r.provider.list_events(query)]
        assert first.event_id in ids
        for event_id in ids:
            assert (await r.provider.get_event(event_id, frozenset(Include))).event.id == event_id
