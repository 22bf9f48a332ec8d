"""evvnt's endpoints by name: complete, open to the roles that may call them, under the guards of the tools."""

from typing import Any

import pytest

from eventdesk_server.http.operations import Effect
from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_tools.errors import EventdeskError, InvalidArguments, OutcomeUnknown, PermissionDenied, Unsupported
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Why, WritePlan
from tests.providers.evvnt.desk import HERE, PACKAGE, PACKAGES, PAGE, PARTNER, PUBLISHER, QUAY, SETTINGS, USER, site
from tests.providers.evvnt.test_evvnt_creating import MADE, SENT
from tests.providers.scripted import Scripted, answers, done, example, in_turn, raw

pytestmark = pytest.mark.anyio
METHODS = {"GET": {Effect.READ}, "POST": {Effect.ADD}, "PUT": {Effect.CHANGE}}
PARTNERS_ONLY = {
    "list_our_events", "get_our_event", "list_user_packages", "create_user", "list_users", "get_user", "update_user",
}  # fmt: skip
ORGANISERS = {
    "list_my_events", "create_event", "update_event", "get_event_report", "get_contract", "list_my_packages",
    "get_package", "create_package",
}  # fmt: skip


def test_every_endpoint_is_declared_once_and_truly() -> None:
    names = [operation.name for operation in operations.ALL]
    assert len(names) == len(set(names)) == 24
    for operation in operations.ALL:
        slots = tuple(param.name for param in operation.params if param.where == "path")
        assert slots == operation.slots, operation.name
        assert operation.effect in METHODS[operation.method], operation.name
        assert operation.source
        assert not operation.path.startswith("/")
        assert not operation.path.endswith(("/", ".json"))
    assert {operation.name for operation in operations.ALL if operation.repeatable} == {
        "update_event", "set_published_url", "update_user",
    }  # fmt: skip
    assert {operation.name for operation in operations.ALL if operation.cost} == {"create_event", "create_package"}


def test_each_role_is_offered_what_it_may_call_and_told_which_role_may_the_rest() -> None:
    def withheld(settings: dict[str, Any]) -> dict[str, str]:
        infos = Scripted({}).account(settings).operations()
        return {info.name: info.withheld for info in infos if info.withheld and info.name != "list_events_v3"}

    assert withheld(PARTNER) == {}
    assert withheld(SETTINGS) == dict.fromkeys(
        PARTNERS_ONLY, "it needs the role partner, and this account's is organiser"
    )
    publisher = withheld(PUBLISHER)
    assert set(publisher) == PARTNERS_ONLY | ORGANISERS
    assert publisher["create_event"] == "it needs the role organiser or partner, and this account's is publisher"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (PUBLISHER, "create_event"),
        (PUBLISHER, "update_event"),
        (PUBLISHER, "create_package"),
        (SETTINGS, "create_user"),
    ],
)
async def test_an_operation_of_another_role_is_refused_before_any_request(settings: dict[str, Any], name: str) -> None:
    script = site()
    with pytest.raises(Unsupported, match="needs the role"):
        await script.account(settings).plan_operation(name, {"event": "70021", "name": "x", "email": "y@example.org"})
    assert script.seen == []


async def test_addresses_that_log_somebody_in_are_left_out_of_answers() -> None:
    listing = QUAY | {"report_url": "https://app.evvnt.com/reports/X?digest=secret"}
    script = Scripted({"GET /events/ours": answers([listing]), "GET /events/ours/70021": answers(listing)})
    account = script.account(PARTNER)
    for name, given in (("list_our_events", {"max_results": 5}), ("get_our_event", {"event": "70021"})):
        answer = await account.read_operation(name, given)
        assert "digest" not in str(answer)
        assert "Quayside Jazz" in str(answer)


def test_the_documented_published_event_and_package_fit() -> None:
    assert wire.Published.model_validate(example(HERE, "published")) == wire.Published(event_title="Accounting Conf 2")
    bought = wire.BoughtPackage.model_validate(PACKAGES[0])
    assert (bought.purchase_order_id, bought.event_quantity, bought.notes) == ("PO235", 5, "")


GIVEN = {name: value for name, value in SENT.items() if name != "package_id"}


async def test_submitting_by_operation_is_asked_and_looks_for_the_same_listing() -> None:
    script = site()
    script.script["GET /events/mine"] = in_turn(answers([QUAY]), answers([QUAY]), answers([MADE]))
    account = script.account(SETTINGS)
    plan = await account.plan_operation("create_event", GIVEN | {"package_id": PACKAGE})
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert (plan.question.why, plan.question.reversible) == ({Why.PAID, Why.PUBLIC}, False)
    assert "credits left unknown" in plan.question.text
    assert (await done(account, plan)).event_id == "70099x"
    assert script.writes == [("POST /events", SENT)]
    again = site(own=[MADE])
    there = await again.account(SETTINGS).plan_operation("create_event", GIVEN)
    assert isinstance(there, WritePlan)
    with pytest.raises(EventdeskError) as caught:
        await done(again.account(SETTINGS), there)
    assert (caught.value.code, again.writes) == ("conflict", [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": "x" * 201}, "summary"), ({"start_time": "2027-06-12T19:30"}, "start_time"),
        ({"start_time": "2026-06-12T19:30:00+0100"}, "start_time"), ({"end_time": "2027-06-12T19:00:00+0100"}, "end_time"),
        ({"door_time": "2027-06-12T23:30:00+0100"}, "door_time"), ({"last_entry_time": "2027-06-12T19:00:00+0100"}, "last_entry_time"),
        ({"links": {"Website": "https://go.evvnt.com/x"}}, "links"), ({"links": {"Site": PAGE}}, "links"),
        ({"prices": {"Door": "12.5"}}, "prices"), ({"prices": {}}, "prices"), ({"contact": {"name": "Lee"}}, "contact"),
        ({"venue": SENT["venue"] | {"country": "UK "}}, "venue"), ({"venue": SENT["venue"] | {"postcode": ""}}, "venue"),
        ({"venue": SENT["venue"] | {"id": "15"}}, "venue"), ({"hashtag": "jazz night"}, "hashtag"),
        ({"image_urls": [PAGE, PAGE, PAGE]}, "image_urls"), ({"user_id": USER}, "user_id"),
    ],
)  # fmt: skip
async def test_a_listing_that_evvnt_would_refuse_is_not_submitted_by_operation(
    changes: dict[str, Any], field: str
) -> None:
    script = site()
    with pytest.raises(InvalidArguments) as caught:
        await script.account(SETTINGS).plan_operation("create_event", GIVEN | changes)
    assert (caught.value.field, script.seen) == (f"arguments.{field}", [])


async def test_changing_by_operation_keeps_links_and_other_peoples_listings() -> None:
    script = site(QUAY | {"links": {"Website": "https://go.evvnt.com/a", "Facebook": "https://go.evvnt.com/b"}})
    account = script.account(SETTINGS)
    with pytest.raises(InvalidArguments, match="Facebook"):
        await account.plan_operation("update_event", {"event": "70021", "links": {"Website": PAGE}})
    with pytest.raises(PermissionDenied):
        await account.plan_operation("update_event", {"event": "9", "title": "X"})
    with pytest.raises(InvalidArguments, match="Nothing"):
        await account.plan_operation("update_event", {"event": "70021"})
    whole = {"Website": PAGE, "Facebook": f"{PAGE}/fb"}
    plan = await account.plan_operation("update_event", {"event": "70021", "links": whole, "hashtag": "late"})
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == {"links": whole, "hashtag": "late"}
    same = await account.plan_operation("update_event", {"event": "70021", "title": "Quayside Jazz"})
    assert isinstance(same, WriteResult)
    assert (same.outcome, script.writes) == (Outcome.ALREADY_DONE, [])


BUY: dict[str, Any] = {"id": 50, "event_quantity": 3, "purchase_order_id": "PO9"}
BOUGHT = PACKAGES[0] | {"uuid": "7f0e8400-e29b-41d4-a716-446655440000", "event_quantity": 3, "purchase_order_id": "PO9"}


async def test_buying_credits_names_the_price_and_is_never_repeated() -> None:
    script = Scripted(site().script | {"POST /packages": answers({"id": BOUGHT["uuid"]})})
    account = script.account(SETTINGS)
    plan = await account.plan_operation("create_package", BUY)
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert plan.question.text == (
        "Buy credits for 3 events ('SinglePackage', to 60 sites each) at evvnt (club) for 1500.00 GBP, 500.00 GBP an event? "
        "The money is spent at once, and nothing here takes it back."
    )
    assert (plan.question.why, plan.question.reversible, plan.steps[0].repeatable) == ({Why.PAID}, False, False)
    result = await done(account, plan)
    assert (result.outcome, result.facts) == (Outcome.DONE, {"package": BOUGHT["uuid"], "cost": "1500.00 GBP"})
    assert script.writes == [("POST /packages", BUY)]


async def test_a_purchase_that_was_not_answered_is_looked_up() -> None:
    script = Scripted(site().script | {"POST /packages": raw(500, "", "text/plain")})
    script.script["GET /packages/mine"] = in_turn(answers(PACKAGES), answers([*PACKAGES, BOUGHT]))
    account = script.account(SETTINGS)
    result = await done(account, await account.plan_operation("create_package", BUY))
    assert (result.facts["package"], len(script.writes)) == (BOUGHT["uuid"], 1)
    lost = Scripted(site().script | {"POST /packages": raw(500, "", "text/plain")})
    gone = lost.account(SETTINGS)
    with pytest.raises(OutcomeUnknown):
        await done(gone, await gone.plan_operation("create_package", BUY))
    assert len(lost.writes) == 1


async def test_what_has_no_price_is_not_bought() -> None:
    for contract, given in (
        (example(HERE, "contract"), BUY | {"id": 51}),
        ({"package_options": [{"id": 50, "type": "X", "cost_per_event": None}]}, BUY),
        (example(HERE, "contract"), BUY | {"event_quantity": 0}),
    ):
        script = Scripted(site().script | {"GET /contract": answers(contract)})
        with pytest.raises(InvalidArguments):
            await script.account(SETTINGS).plan_operation("create_package", given)
        assert script.writes == []


async def test_a_partner_buys_for_a_user() -> None:
    script = Scripted({"GET /contract": answers(example(HERE, "contract"))})
    plan = await script.account(PARTNER).plan_operation("create_package", BUY)
    assert isinstance(plan, WritePlan)
    assert plan.steps[0].request is not None
    assert (plan.steps[0].request.query, plan.steps[0].request.body) == ((("user_id", USER),), BUY)


async def test_a_sites_page_is_told_by_url_or_slug_and_never_both() -> None:
    path = "/publishers/324/published_events/1385"
    script = Scripted(
        {
            f"GET {path}": in_turn(answers(example(HERE, "published")), answers({"url": PAGE})),
            f"PUT {path}": answers({}),
        }
    )
    account = script.account(PUBLISHER)
    given = {"publisher": 324, "event": 1385}
    for wrong in ({}, {"url": PAGE, "slug": "x"}, {"url": "nowhere"}):
        with pytest.raises(InvalidArguments):
            await account.plan_operation("set_published_url", given | wrong)
    assert script.seen == []
    plan = await account.plan_operation("set_published_url", given | {"url": PAGE})
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    result = await done(account, plan)
    assert (result.outcome, result.facts, result.notes) == (Outcome.DONE, {"url": PAGE}, ())
    assert script.writes == [(f"PUT {path}", {"url": PAGE})]
