"""An evvnt account: the role decides which listings are one's own, and booking is handed to a person."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from eventdesk_tools.errors import (
    AuthenticationFailed,
    EventdeskError,
    NotFound,
    NotOnSale,
    PermissionDenied,
    RejectedByProvider,
    UnknownRef,
    Unsupported,
)
from eventdesk_tools.models import (
    EventQuery,
    Include,
    Outcome,
    Registration,
    SaleOrder,
    Speaker,
    WriteResult,
)
from eventdesk_tools.ports import Capability, EventProvider, Mode
from tests.providers.evvnt.desk import (
    BOOKABLE,
    PACKAGES,
    PARTNER,
    PUBLISHER,
    QUAY,
    SETTINGS,
    USER,
    site,
)
from tests.providers.scripted import Reply, Scripted, answers, in_turn, raw

pytestmark = pytest.mark.anyio
QUERY = EventQuery(now=datetime(2027, 3, 1, 9, 0, tzinfo=UTC))


async def listed(provider: EventProvider) -> list[str]:
    return [event.id async for event in provider.list_events(QUERY)]


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        (SETTINGS, "GET /events/mine?max_results=100&page=1"),
        (PARTNER, f"GET /events/ours?max_results=100&page=1&user_id={USER}"),
        (PARTNER | {"user_id": ""}, "GET /events/ours?max_results=100&page=1"),
        (PUBLISHER, "GET /events?max_results=100&page=1"),
    ],
)
async def test_the_role_decides_which_list_is_read(settings: dict[str, Any], asked: str) -> None:
    path = asked.partition("?")[0]
    script = Scripted({path: answers([QUAY])})
    assert await listed(script.account(settings)) == ["70021"]
    assert script.asked == [asked]
    assert script.seen[0].url.host == "api.evvnt.com"
    assert script.seen[0].headers["authorization"].startswith("Basic ")


async def test_pages_are_read_until_one_is_short() -> None:
    rows = [QUAY | {"id": number} for number in range(137)]
    script = Scripted({"GET /events/mine": in_turn(answers(rows[:100]), answers(rows[100:]))})
    assert len(await listed(script.account(SETTINGS))) == 137
    assert script.asked[1] == "GET /events/mine?max_results=100&page=2"
    assert len(script.seen) == 2


async def test_an_event_shows_its_category_path_prices_and_artists() -> None:
    listing = QUAY | {"category_id": 49, "links": {"Tickets": "https://go.evvnt.com/t"}}
    tree = [{"id": 26, "parent_id": None, "name": "All"}, {"id": 48, "parent_id": 26, "name": "Finance"},
            {"id": 49, "parent_id": 48, "name": "Accounting"}]  # fmt: skip
    script = site(listing)
    script.script["GET /categories"] = answers(tree)
    account = script.account(SETTINGS)
    detail = await account.get_event("70021", frozenset(Include))
    assert (detail.event.category, detail.event.zone, detail.event.book_at, detail.event.url) == (
        "Finance > Accounting", "Europe/London", "https://go.evvnt.com/t", "",
    )  # fmt: skip
    assert detail.speakers == (Speaker(name="Trio One"), Speaker(name="Duo Two"))
    assert [str(ticket.price) for ticket in detail.tickets or ()] == ["12.50 GBP"]
    assert detail.description == "Two sets.\r\nBar open."
    assert (detail.sessions, detail.fields, detail.coupons) == (None, None, None)
    assert detail.notes == (
        "evvnt sells no tickets: prices are what the listing says.",
        "book_at is evvnt's tracking address of the organiser's page, not the page itself.",
    )
    await account.get_event("70021", frozenset())
    assert script.asked.count("GET /categories") == 1, "the tree is read once"


async def test_a_partner_reads_one_listing_among_its_own() -> None:
    script = Scripted({"GET /events/ours/70021x": answers(QUAY | {"id": "70021x", "category_id": None})})
    detail = await script.account(PARTNER).get_event("70021x", frozenset())
    assert detail.event.id == "70021x"
    assert script.asked == ["GET /events/ours/70021x"]


@pytest.mark.parametrize(
    ("settings", "asked", "body", "packages", "calendars"),
    [
        (SETTINGS, "GET /packages/mine", PACKAGES, 1, ()),
        (PARTNER, f"GET /users/{USER}/packages", PACKAGES, 1, ()),
        (PARTNER | {"user_id": ""}, "GET /events/ours", [], 0, ()),
        (PUBLISHER, "GET /publishers", [{"id": 324, "name": "Suuper Events"}], 0, ("Suuper Events",)),
    ],
)
async def test_the_check_is_one_call_that_the_role_may_make(
    settings: dict[str, Any], asked: str, body: Any, packages: int, calendars: tuple[str, ...]
) -> None:
    script = Scripted({asked: answers(body)})
    facts = await script.account(settings).check()
    asked_for = [one.partition("?")[0] for one in script.asked]
    assert (asked_for, len(facts.packages), facts.calendars) == ([asked], packages, calendars)


def test_every_capability_is_accounted_for_and_a_publisher_writes_nothing() -> None:
    for settings in (SETTINGS, PARTNER, PUBLISHER):
        provider = Scripted({}).account(settings)
        assert all(len(provider.cell(capability).how) <= 90 for capability in Capability)
        assert provider.cell(Capability.ARCHIVE_EVENT).mode is Mode.UNSUPPORTED
        clone = provider.cell(Capability.CLONE_EVENT).mode
        assert clone is (Mode.UNSUPPORTED if settings is PUBLISHER else Mode.EMULATED)
        assert provider.cell(Capability.REGISTER_ATTENDEE).mode is Mode.HAND_OFF
    assert "not own" in Scripted({}).account(PUBLISHER).cell(Capability.LIST_EVENTS).how


@pytest.mark.parametrize(
    ("reply", "failure", "says"),
    [
        (answers({"errors": ["authentication failed bad key/secret"]}, 401), AuthenticationFailed, "bad key/secret"),
        (answers({"errors": ["Unknown user id"]}, 403), PermissionDenied, "Unknown user id"),
        (raw(404, "<html>x</html>", "text/html"), NotFound, "no such"),
        (answers({"errors": ["Event title can't be blank", "Venue name can't be blank"]}, 400), RejectedByProvider, "; Venue"),
        (answers({"error": "Nope"}, 400), RejectedByProvider, "Nope"),
    ],
)  # fmt: skip
async def test_each_failure_is_told_for_what_it_is_without_the_key(
    reply: Reply, failure: type[EventdeskError], says: str
) -> None:
    script = Scripted({"GET /events/70021": reply})
    with pytest.raises(failure) as caught:
        await script.account(SETTINGS).get_event("70021", frozenset())
    assert says in str(caught.value)
    assert "canary" not in f"{caught.value!r}{caught.value.next}"


# Handing over --------------------------------------------------------------------------------------------------------


def wanted(**changes: Any) -> Registration:
    given: dict[str, Any] = {"event_id": "70021", "name": "Kim Quay", "email": "kim@example.org"}
    return Registration(**(given | changes))


async def test_registering_and_buying_hand_over_the_booking_link() -> None:
    account = site(BOOKABLE).account(SETTINGS)
    registered = await account.plan_registration(wanted())
    assert registered == WriteResult(
        outcome=Outcome.HAND_OFF,
        event_id="70021",
        url="https://go.evvnt.com/b",
        mail="no",
        notes=("Nothing was done: evvnt registers nobody. The link leads to the page where the organiser sells.",),
    )
    order = SaleOrder(event_id="70021", name="Kim", email="kim@example.org", items=(("Door", 2),))
    sold = await account.plan_sale(order)
    assert isinstance(sold, WriteResult)
    assert sold.notes[1] == "To be chosen there: 2 × 'Door'."


async def test_a_listing_without_booking_link_says_what_to_do_instead() -> None:
    with pytest.raises(Unsupported) as caught:
        await site().account(SETTINGS).plan_registration(wanted())
    assert caught.value.next == "Ask the person where tickets for it are to be had."


async def test_a_listing_that_is_over_hands_nothing_over() -> None:
    with pytest.raises(NotOnSale):
        await site(BOOKABLE | {"end_time": "2027-02-01T20:00:00Z"}).account(SETTINGS).plan_registration(wanted())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occurrence": date(2027, 6, 12)}, "occurrence"),
        ({"complimentary": True}, "complimentary"),
        ({"sessions": ("x",)}, "sessions"),
        ({"answers": (("a", "b"),)}, "answers"),
        ({"extras": (("a", 1),)}, "extras"),
    ],
)
async def test_what_no_link_carries_is_refused_before_any_request(changes: dict[str, Any], field: str) -> None:
    script = site(BOOKABLE)
    with pytest.raises(EventdeskError) as caught:
        await script.account(SETTINGS).plan_registration(wanted(**changes))
    assert (caught.value.field, script.seen) == (field, [])


async def test_archiving_is_refused_because_a_listing_cannot_be_taken_back() -> None:
    script = site()
    with pytest.raises(Unsupported, match="taken back"):
        await script.account(SETTINGS).plan_archive("70021", restore=False)
    assert script.seen == []


async def test_an_unknown_price_label_is_refused_when_handing_over() -> None:
    with pytest.raises(UnknownRef):
        await site(BOOKABLE).account(SETTINGS).plan_registration(wanted(ticket="VIP"))
