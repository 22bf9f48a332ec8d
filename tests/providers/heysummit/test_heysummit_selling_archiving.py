"""HeySummit's checkout links, and its archive from which nothing returns."""

from typing import Any

import pytest

from eventdesk_tools.errors import (
    EventdeskError,
    InvalidArguments,
    OutcomeUnknown,
    ProviderChanged,
    SoldOut,
    Unsupported,
)
from eventdesk_tools.models import CloneOrder, EventQuery, EventStatus, Outcome, SaleOrder, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.heysummit.desk import BROKEN, EVENT, KIM, PAID, SETTINGS, V1, V2, page, v1, v2
from tests.providers.scripted import Scripted, answers, done, in_turn

pytestmark = pytest.mark.anyio
LINK = f"POST {V2}tickets/610/checkout-link/"
ARCHIVE = "POST /api/events/4711/archive/"
ARCHIVED = EVENT | {"is_archived": True, "is_live": False}


def order(*items: tuple[str, int], **changes: Any) -> SaleOrder:
    given: dict[str, Any] = {"event_id": "4711", "name": "Kim Quay", "email": "kim@example.org", "items": items}
    return SaleOrder(**(given | changes))


async def test_a_sale_is_handed_off_to_a_checkout_link_of_the_tickets_own_id() -> None:
    script = v2(tickets=(PAID,))
    script.script[LINK] = answers({"checkout_link": "https://harbour.example.com/buy/1"}, 201)
    account = script.account(SETTINGS)
    plan = await account.plan_sale(order(("t-8802", 1)))
    assert isinstance(plan, WritePlan)
    assert script.writes == []
    assert plan.question is None
    assert [step.repeatable for step in plan.steps] == [True]
    assert plan.steps[0].request == PlannedRequest(
        method="POST", path="/events/4711/tickets/610/checkout-link/", body={}
    )
    assert await done(account, plan) == WriteResult(
        outcome=Outcome.HAND_OFF,
        event_id="4711",
        url="https://harbour.example.com/buy/1",
        mail="no",
        facts={"ticket": "Day pass, Regular"},
        notes=(
            "Nothing is sold or reserved: the buyer chooses 'Day pass, Regular' on that page, pays, and enters name and e-mail.",
        ),
    )
    assert script.writes == [(LINK, {})]


async def test_the_coupon_travels_in_the_link_and_quantities_are_told_to_the_person() -> None:
    script = v2(tickets=(PAID,))
    script.script[LINK] = answers({"url": "https://harbour.example.com/buy/1"})
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_sale(order(("Day pass, Early", 3), coupon="EARLY")))
    assert script.writes == [(LINK, {"coupon": "EARLY"})]
    assert result.notes[1:] == (
        "The link carries no quantity: 3 are to be chosen there.",
        "Whether the coupon fits is seen on the page.",
    )


async def test_a_link_needs_no_price_that_can_be_read() -> None:
    script = v2(tickets=(BROKEN,))
    script.script[f"POST {V2}tickets/612/checkout-link/"] = answers({"link": "https://harbour.example.com/buy/2"})
    account = script.account(SETTINGS)
    assert (await done(account, await account.plan_sale(order(("Mystery pass", 1))))).outcome is Outcome.HAND_OFF


async def test_a_link_that_is_no_web_address_is_not_passed_on() -> None:
    script = v2(tickets=(PAID,))
    script.script[LINK] = answers({"checkout_link": "javascript:alert(1)"})
    account = script.account(SETTINGS)
    with pytest.raises(ProviderChanged):
        await done(account, await account.plan_sale(order(("t-8801", 1))))


async def test_one_link_sells_one_ticket_and_nothing_that_is_sold_out() -> None:
    script = v2(tickets=(PAID,))
    with pytest.raises(InvalidArguments):
        await script.account(SETTINGS).plan_sale(order(("t-8801", 1), ("t-8802", 1)))
    assert script.seen == []
    with pytest.raises(SoldOut):
        await v2(tickets=(PAID | {"quantity_remaining": 0},)).account(SETTINGS).plan_sale(order(("t-8801", 1)))


async def test_version_1_makes_no_links_and_no_version_copies_events() -> None:
    script = v1()
    with pytest.raises(Unsupported, match="version 1"):
        await script.account(V1).plan_sale(order(("t-1", 1)))
    with pytest.raises(Unsupported) as caught:
        await script.account(SETTINGS).plan_clone(CloneOrder(event_id="4711", starts="2027-09-01"))
    assert "dashboard" in caught.value.next
    assert script.seen == []


def archiving(*events: Any, heads: Any = None) -> Scripted:
    script = v2(people=(KIM,))
    script.script[f"GET {V2}"] = in_turn(*map(answers, events))
    if heads is not None:
        script.script[f"GET {V2}attendees/"] = answers(heads)
    script.script[ARCHIVE] = answers(ARCHIVED)
    return script


async def test_archiving_uses_version_1_with_the_same_key_and_reads_the_event_again() -> None:
    script = archiving(EVENT, EVENT, ARCHIVED, heads=page(KIM, count=104))
    account = script.account(SETTINGS)
    plan = await account.plan_archive("4711", restore=False)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.question.text == (
        "Archive 'Harbour Design Week' on HeySummit? The public can no longer see it; 104 people are registered. "
        "HeySummit's API has no way to undo this."
    )
    assert (plan.question.why, plan.question.reversible) == ({Why.DESTRUCTIVE}, False)
    assert plan.makes_true == ("archived", "4711")
    assert plan.changes == (Change("archived", before=False, after=True),)
    result = await done(account, plan)
    assert result == WriteResult(outcome=Outcome.DONE, event_id="4711", status="archived", facts={"effect": "archived"})
    (sent,) = [request for request in script.seen if request.method == "POST"]
    assert str(sent.url) == "https://api.heysummit.com/api/events/4711/archive/"
    assert sent.headers["authorization"] == "Token a-canary-key"
    assert sent.content == b""


async def test_an_archived_event_is_already_done_without_a_write() -> None:
    script = archiving(ARCHIVED)
    assert await script.account(SETTINGS).plan_archive("4711", restore=False) == WriteResult(
        outcome=Outcome.ALREADY_DONE,
        event_id="4711",
        status="archived",
        facts={"effect": "archived"},
        makes_true=("archived", "4711"),
    )
    assert script.asked == [f"GET {V2}"]


async def test_nothing_restores_an_archived_event() -> None:
    script = archiving(ARCHIVED)
    with pytest.raises(Unsupported, match="no way"):
        await script.account(SETTINGS).plan_archive("4711", restore=True)
    assert script.seen == []


async def test_an_answer_for_another_event_is_no_success() -> None:
    script = archiving(EVENT)
    script.script[ARCHIVE] = answers(ARCHIVED | {"id": "24"})
    account = script.account(SETTINGS)
    with pytest.raises(OutcomeUnknown, match="another event"):
        await done(account, await account.plan_archive("4711", restore=False))


async def test_an_event_that_still_shows_as_not_archived_is_not_called_done() -> None:
    script = archiving(EVENT)
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_archive("4711", restore=False))
    assert (result.outcome, result.status) == (Outcome.UNKNOWN, "unknown")
    assert "still shows" in result.notes[0]


async def test_after_an_unanswered_request_the_event_is_read_and_nothing_is_sent_again() -> None:
    script = archiving(EVENT, EVENT, ARCHIVED)
    script.script[ARCHIVE] = answers({}, 503)
    account = script.account(SETTINGS)
    assert (await done(account, await account.plan_archive("4711", restore=False))).outcome is Outcome.DONE
    assert len(script.writes) == 1


async def test_an_unknown_head_count_is_said_to_be_unknown() -> None:
    script = archiving(EVENT, heads=[KIM])
    plan = await script.account(SETTINGS).plan_archive("4711", restore=False)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert "an unknown number of people are registered" in plan.question.text


@pytest.mark.parametrize(
    ("settings", "sent_to"),
    [
        ({"base_url": "https://hs.example.org/api/v2/"}, "https://hs.example.org/api/events/4711/archive/"),
        (
            {"base_url": "https://hs.example.org/api/v2/", "v1_base_url": "https://old.example.org/api/"},
            "https://old.example.org/api/events/4711/archive/",
        ),
        ({"archive_on_v2": True}, "https://app.heysummit.com/api/v2/events/4711/archive/"),
    ],
)
async def test_the_key_goes_only_to_hosts_that_the_settings_name(settings: dict[str, Any], sent_to: str) -> None:
    script = archiving(EVENT, EVENT, ARCHIVED)
    script.script[f"POST {V2}archive/"] = answers(ARCHIVED)
    account = script.account(SETTINGS | settings)
    await done(account, await account.plan_archive("4711", restore=False))
    assert [str(request.url) for request in script.seen if request.method == "POST"] == [sent_to]


async def test_a_base_url_of_ones_own_never_sends_the_key_to_heysummit() -> None:
    script = archiving(EVENT)
    with pytest.raises(Unsupported) as caught:
        await script.account(SETTINGS | {"base_url": "https://hs.example.org/proxy/"}).plan_archive(
            "4711", restore=False
        )
    assert "v1_base_url" in caught.value.next
    assert script.seen == []


async def test_a_version_2_that_lacks_the_action_says_so() -> None:
    script = archiving(EVENT)
    script.script[f"POST {V2}archive/"] = answers({"detail": "Method not allowed."}, 405)
    account = script.account(SETTINGS | {"archive_on_v2": True})
    with pytest.raises(EventdeskError, match="does not offer that call"):
        await done(account, await account.plan_archive("4711", restore=False))


async def test_version_1_archives_on_its_own_base() -> None:
    script = v1(people=(KIM,))
    account = script.account(V1)
    plan = await account.plan_archive("4711", restore=False)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert "1 person is registered" in plan.question.text
    assert plan.steps[0].request == PlannedRequest(method="POST", path="/events/4711/archive/")


async def test_in_the_rehearsal_a_link_is_made_and_an_event_archived_once(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit") as r:
        query = EventQuery(now=r.clock.now())
        live = [e.id async for e in r.provider.list_events(query) if e.status is EventStatus.LIVE][-1]
        detail = await r.provider.get_event(live, frozenset())
        priced = next(t for t in detail.tickets or () if t.price is not None and not t.price.free and t.on_sale)
        sale = order((f"t-{priced.id}", 1), event_id=live, coupon="ANY")
        handed = await r.carry_out(await r.provider.plan_sale(sale))
        assert (handed.outcome, handed.url.startswith("http")) == (Outcome.HAND_OFF, True)
        first = await r.carry_out(await r.provider.plan_archive(live, restore=False))
        again = await r.carry_out(await r.provider.plan_archive(live, restore=False))
        assert (first.outcome, first.status, first.undo) == (Outcome.DONE, "archived", None)
        assert again.outcome is Outcome.ALREADY_DONE
        assert [write.path for write in r.writes][-1] == f"/api/events/{live}/archive/"
        assert len(r.writes) == 2
