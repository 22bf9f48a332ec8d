"""Every endpoint is declared, and what is called by name meets the guards of the tools."""

import json
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.http.operations import Effect, Operation
from eventdesk_server.providers.eventschedule import operations
from eventdesk_tools.errors import EventdeskError, InvalidArguments, Unsupported
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import extra, organiser, ticket
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {}
ENDPOINTS = """
POST register/send-code | POST register | POST login | GET schedules | POST schedules | GET schedules/{} | PUT schedules/{}
DELETE schedules/{} | GET schedules/{}/groups | POST schedules/{}/groups | PUT schedules/{}/groups/{}
DELETE schedules/{}/groups/{} | GET events | GET events/{} | POST events/{} | PUT events/{} | DELETE events/{}
POST events/flyer/{} | GET categories | GET categories/{} | GET sales | POST sales | GET sales/{} | PUT sales/{}
DELETE sales/{} | GET feedback | GET fan-content
"""


def test_every_endpoint_is_declared_once() -> None:
    def bare(operation: Operation) -> str:
        path = operation.path
        for slot in operation.slots:
            path = path.replace(f"{{{slot}}}", "{}")
        return f"{operation.method} {path}"

    wanted = sorted(part.strip() for part in ENDPOINTS.replace("\n", "|").split("|") if part.strip())
    assert sorted(map(bare, operations.ALL)) == wanted
    assert len({operation.name for operation in operations.ALL}) == len(operations.ALL) == 27


@pytest.mark.parametrize("operation", operations.ALL, ids=lambda operation: operation.name)
def test_a_declaration_is_whole(operation: Operation) -> None:
    assert set(operation.slots) == {param.name for param in operation.params if param.where == "path"}
    assert all(param.required for param in operation.params if param.where == "path")
    assert len({param.name for param in operation.params}) == len(operation.params)
    effects = {"GET": {Effect.READ}, "PUT": {Effect.CHANGE}, "DELETE": {Effect.REMOVE}, "POST": {Effect.ADD}}
    assert operation.effect in effects[operation.method] | (
        {Effect.CHANGE} if operation.name == "upload_flyer" else set()
    )
    assert all(param.where != "body" for param in operation.params if operation.method in {"GET", "DELETE"})
    assert operation.source
    assert operation.summary.endswith(".")
    assert len(operation.summary) <= 120
    assert not operation.repeatable
    assert bool(operation.withheld) == (operation.name in {"send_verification_code", "register", "login"})


async def planned(r: Rehearsal, name: str, /, **arguments: Any) -> WritePlan:
    plan = await r.provider.plan_operation(name, arguments)
    assert isinstance(plan, WritePlan), plan
    assert not r.writes
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) if seen.body else None for seen in r.writes]


async def test_what_is_withheld_is_not_called(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(Unsupported, match="key is made"):
            await r.provider.plan_operation("login", {"email": "a@mail.test", "password": "x"})
        assert r.seen == []


async def test_an_orders_secret_is_not_read_out(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            made = await o.sale(event, "ida@mail.test", ticket(event, "Free"))
        assert made["secret"]
        for name, arguments in (("show_sale", {"sale": made["id"]}), ("list_sales", {"event_id": event["id"]})):
            answer = await r.provider.read_operation(name, arguments)
            assert made["secret"] not in json.dumps(answer)
            assert "ida@mail.test" in json.dumps(answer)


async def test_every_reading_operation_answers(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        async with organiser(r) as o:
            event = (await o.call("GET", "/events"))["data"][0]
            sale = (await o.call("GET", "/sales"))["data"][0]
            home = (await o.call("GET", "/schedules"))["data"][0]
        slots = {"subdomain": home["subdomain"], "event": event["id"], "sale": sale["id"]}
        for operation in operations.ALL:
            if operation.effect is Effect.READ:
                answer = await r.provider.read_operation(operation.name, {s: slots[s] for s in operation.slots})
                assert "data" in answer


async def test_a_schedule_and_a_sub_schedule_are_made_changed_and_deleted_by_name(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        plan = await planned(r, "create_schedule", name="Mill Yard", type="curator", email="mill@mail.test")
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        made = await r.carry_out(await planned_more(r, "create_group", subdomain="mill", name="Late"))
        await r.carry_out(await planned_more(r, "update_group", subdomain="mill", group=made.facts["id"], color="#fff"))
        plan = await planned_more(r, "delete_group", subdomain="mill", group=made.facts["id"])
        assert plan.question
        assert plan.question.why >= {Why.DESTRUCTIVE}
        await r.carry_out(plan)
        await r.carry_out(await planned_more(r, "delete_schedule", subdomain="mill"))
        assert [seen.method for seen in r.writes] == ["POST", "POST", "PUT", "DELETE", "DELETE"]


async def planned_more(r: Rehearsal, name: str, /, **arguments: Any) -> WritePlan:
    plan = await r.provider.plan_operation(name, arguments)
    assert isinstance(plan, WritePlan), plan
    return plan


GUARDED: list[tuple[str, dict[str, Any], str]] = [
    ("update_event", {"tickets": [{"id": "Hw81Lp", "type": "Free"}]}, "tickets"),
    ("update_event", {"tickets": []}, "tickets"),
    ("update_event", {"addons": [{"id": "Hw81Lp", "type": "Soup"}]}, "addons"),
    ("update_event", {"event_parts": [{"id": "Hw81Lp", "name": "Part"}]}, "event_parts"),
    ("update_event", {"members": [{}]}, "members"),
    ("update_event", {"members": ["Duo Nine"]}, "members"),
    ("update_event", {"tickets_enabled": False}, "tickets_enabled"),
    ("update_event", {"is_private": True}, "is_private"),
    ("update_event", {"venue_name": "Old Mill"}, "venue_name"),
    ("update_event", {"venue_address1": "1 Quay Road"}, "venue_name"),
    ("update_event", {"recurring_frequency": "daily"}, "schedule_type"),
    ("update_event", {"tickets": None}, "arguments.tickets"),
    ("create_event", {"tickets": [{"type": "Free"}]}, "tickets_enabled"),
    ("create_event", {"venue_name": "Old Mill"}, "venue_name"),
    ("create_event", {"recurring_frequency": "daily"}, "schedule_type"),
]


@pytest.mark.parametrize(("name", "arguments", "field"), GUARDED)
async def test_fields_that_the_platform_mangles_are_refused_before_any_request(
    rehearsal: Rehearse, name: str, arguments: dict[str, Any], field: str
) -> None:
    base = {
        "update_event": {"event": "Hw81Lp"},
        "create_event": {"subdomain": "harbour", "name": "A", "starts_at": "2027-06-01 19:00:00"},
    }
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(EventdeskError) as refused:
            await r.provider.plan_operation(name, {**base[name], **arguments})
        assert refused.value.field == field
        assert r.seen == []


async def test_a_raw_change_is_always_asked_and_read_back(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", is_draft=True)
        plan = await planned(r, "update_event", event=event["id"], rsvp_enabled=True, rsvp_limit=7)
        assert plan.question
        assert plan.question.why == {Why.VISIBLE_CHANGE}
        result = await r.carry_out(plan)
        assert bodies(r) == [{"rsvp_enabled": True, "rsvp_limit": 7}]
        assert result.facts == {
            "changed": [
                {"field": "rsvp_enabled", "before": False, "after": True},
                {"field": "rsvp_limit", "before": None, "after": 7},
            ]
        }
        assert result.notes == ()


async def test_a_raw_change_of_tickets_is_refused_once_there_are_orders(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            await o.act(await o.sale(event, "ida@mail.test", ticket(event, "Free")), "cancel")
        with pytest.raises(Unsupported, match="1 order"):
            await planned(r, "update_event", event=event["id"], tickets=[{"type": "New", "price": 3}])


async def test_a_raw_creation_asks_unless_it_is_a_draft_and_happens_once(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
        base = {"subdomain": "harbour", "name": "A", "starts_at": "2027-06-01 19:00:00"}
        for more, asked in (({}, True), ({"is_draft": False}, True), ({"is_draft": True}, False)):
            plan = await planned(r, "create_event", **base, **more)
            assert (plan.question is not None) == asked
        plan = await planned(r, "create_event", **base, is_draft=True)
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        again = await planned_more(r, "create_event", **base, is_draft=True)
        assert (await r.carry_out(again)).outcome is Outcome.ALREADY_DONE
        assert len(r.writes) == 1


async def test_deleting_an_event_names_the_orders_that_vanish(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House", email="house@mail.test")
            event = await o.ticketed("harbour")
            await o.sale(event, "ida@mail.test", ticket(event, "Free"))
        plan = await planned(r, "delete_event", event=event["id"])
        assert plan.question
        assert "1 order on it vanishes with it" in plan.question.text
        assert (plan.question.why, plan.question.reversible) == ({Why.DESTRUCTIVE}, False)
        assert (await r.carry_out(plan)).status == "deleted"
        assert [(seen.method, seen.path.rsplit("/", 2)[-2]) for seen in r.writes] == [("DELETE", "events")]


async def test_deleting_an_order_names_what_is_in_it(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            made = await o.sale(event, "ida@mail.test", ticket(event, "Free"), 2)
        plan = await planned(r, "delete_sale", sale=made["id"])
        assert plan.question
        assert "2 × Free" in plan.question.text
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        async with organiser(r) as o:
            assert await o.sales(event) == []


async def test_a_raw_order_is_the_same_as_a_sale_of_the_tool(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
        balcony, soup = ticket(event, "Balcony"), extra(event, "Soup")
        raw = {"event_id": event["id"], "name": "Ida Berg", "email": "ida@mail.test"}
        plan = await planned(r, "create_sale", **raw, tickets={"balcony": 1}, addons={soup: 2})
        assert plan.steps[0].request
        assert plan.steps[0].request.body == {**raw, "tickets": {balcony: 1}, "addons": {soup: 2}}
        assert plan.makes_true[0] == "order"
        for tickets in ({balcony: 0}, {balcony: True}):
            with pytest.raises(InvalidArguments):
                await planned(r, "create_sale", **raw, tickets=tickets)
        with pytest.raises(InvalidArguments):
            await planned(r, "create_sale", **raw, tickets=[2])
        with pytest.raises(InvalidArguments, match="repeat"):
            await planned(r, "create_sale", **raw, tickets={balcony: 1}, event_date="2027-04-02")


async def test_a_raw_cancellation_of_several_tickets_is_sent_to_the_tool_that_can_ask(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            two = await o.sale(event, "ida@mail.test", ticket(event, "Free"), 2)
            one = await o.sale(event, "leo@mail.test", ticket(event, "Free"))
        with pytest.raises(InvalidArguments) as refused:
            await planned(r, "update_sale", sale=two["id"], action="cancel")
        assert "update_sale with whole_order" in refused.value.next
        plan = await planned(r, "update_sale", sale=one["id"], action="cancel")
        assert (await r.carry_out(plan)).status == "cancelled"
        already = await r.provider.plan_operation("update_sale", {"sale": one["id"], "action": "cancel"})
        assert isinstance(already, WriteResult)
        assert already.outcome is Outcome.ALREADY_DONE


async def test_a_flyer_goes_as_a_file_of_the_import_folder(rehearsal: Rehearse, tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
    (tmp_path / "flyer.png").write_bytes(png)
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        r.provider.import_folder = tmp_path  # pyright: ignore[reportAttributeAccessIssue]  # the port does not name it
        plan = await planned(r, "upload_flyer", event=event["id"], flyer_image="flyer.png")
        assert plan.question
        await r.carry_out(plan)
        (sent,) = r.writes
        assert sent.path.endswith(f"/events/flyer/{event['id']}")
        async with organiser(r) as o:
            assert (await o.read(event["id"]))["flyer_image_url"]


async def test_a_venue_that_is_attached_is_not_named_again_since_that_would_detach_it(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House", address1="1 Quay Road")
            await o.schedule("Mill Yard", "curator")
            event = await o.event("mill", venue_id=house["id"])
        for named in ({"venue_id": house["id"]}, {"venue_name": "harbour house", "venue_address1": "1 Quay Road"}):
            with pytest.raises(Unsupported, match="detaches"):
                await planned(r, "update_event", event=event["id"], **named)
