"""Operations by name: every endpoint answers, and a write meets the same guards as through its tool."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from eventdesk_server.http.operations import Effect, Operation
from eventdesk_server.providers.eventtia.operations import ALL
from eventdesk_tools.errors import Conflict, InvalidArguments, SoldOut, UnknownRef, Unsupported
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.copies import FLAGS
from tests.providers.eventtia.copies import fair as copied_fair
from tests.providers.eventtia.fairs import fair
from tests.providers.eventtia.scripted import Upstream, activity, attendee, event, listed, provider_of, rehearsed
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio

HARBOR = "harbor-design-days"
SLOTS = {
    "event": HARBOR, "attendee": "600001", "activity": "73001", "category": "1201", "conference": "15001",
    "participant_type": "15101", "hour": "15201", "participant": "15301", "guest": "210001", "item": "8801",
    "stand": "2701", "message": "95001", "survey": "10051", "country": "1", "region": "1", "city": "40102",
    "param_name": "aux_json_data",
}  # fmt: skip
TEO = {"attendee_type_id": 1, "first_name": "Teo", "last_name": "Marsh", "email": "teo@marsh.example"}


def offered(effect: Effect) -> list[Operation]:
    return [operation for operation in ALL if operation.effect is effect and not operation.withheld]


async def planned(r: Rehearsal, name: str, /, **arguments: Any) -> WritePlan:
    plan = await r.provider.plan_operation(name, arguments)
    assert isinstance(plan, WritePlan)
    return plan


@pytest.mark.parametrize("operation", offered(Effect.READ), ids=lambda operation: operation.name)
async def test_every_reading_reaches_its_endpoint(rehearsal: Rehearse, operation: Operation) -> None:
    async with rehearsal("eventtia") as r:
        if operation.name in {"list_regions", "list_cities"}:
            countries = await r.provider.read_operation("list_countries", {})
            country = countries["data"][0]["id"]
            regions = await r.provider.read_operation("list_regions", {"country": country})
            slots = {"country": country, "region": regions["data"][0]["id"]}
        else:
            slots = SLOTS
        arguments: dict[str, Any] = {name: slots[name] for name in operation.slots}
        if operation.name == "find_attendee_by_email":
            people = await r.provider.read_operation("list_attendees", {"event": HARBOR})
            arguments["email"] = people["data"][0]["attributes"]["fields"]["880103"]
        answer = await r.provider.read_operation(operation.name, arguments)
        assert answer is not None
        path = operation.path
        for name in operation.slots:
            path = path.replace("{" + name + "}", slots[name])
        assert (r.seen[-1].method, r.seen[-1].path) == ("GET", f"/api/v3/{path}")
        assert "0c9a1f7e" not in json.dumps(answer)


async def test_keys_are_hidden_from_what_a_reading_answers() -> None:
    secret = "0c9a1f7e-51a0-4a55-8d0c-77b3f1f0a211"
    upstream = Upstream({"GET events/fair": {"data": event(api_key=secret), "meta": {"api_key": secret}}})
    answer = await provider_of(upstream).read_operation("get_event", {"event": "fair"})
    assert secret not in json.dumps(answer)
    assert answer["data"]["attributes"]["name"] == "Fair"


@pytest.mark.parametrize("name", ["pay_u_api_key", "stripe_secret_api_key", "currency"])
async def test_no_event_param_but_the_one_for_integrations_is_read_or_written(name: str) -> None:
    upstream = Upstream({})
    with pytest.raises(InvalidArguments, match="aux_json_data"):
        await provider_of(upstream).read_operation("get_event_param", {"event": "fair", "param_name": name})
    arguments = {"event": "fair", "param_name": name, "param_value": [1]}
    with pytest.raises(InvalidArguments, match="aux_json_data"):
        await provider_of(upstream).plan_operation("set_event_param", arguments)
    assert upstream.seen == []


@pytest.mark.parametrize("name", ["log_in", "log_in_as_server", "create_account_webhook", "delete_account_webhook"])
async def test_what_is_withheld_is_refused_before_any_request(name: str) -> None:
    upstream = Upstream({})
    provider = provider_of(upstream)
    call = provider.read_operation if name.startswith("log_in") else provider.plan_operation
    with pytest.raises(Unsupported, match="not offered"):
        await call(name, {})
    assert upstream.seen == []


# Registering and booking ---------------------------------------------------------------------------------------------


async def test_a_registration_is_sent_as_given_after_the_tools_checks() -> None:
    upstream = fair()
    plan = await planned(rehearsed(upstream), "register_attendee", event="fair", attendee=TEO)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == {"attendee": TEO}
    assert plan.makes_true == ("registration", "fair", "", "1", "teo@marsh.example", "1")
    assert plan.mail == "yes"


async def test_an_address_that_is_registered_is_not_registered_again() -> None:
    there = attendee("5", "1", {"100": "TEO@marsh.example"})
    upstream = fair(**{"GET events/fair/attendees": listed([there])})
    result = await provider_of(upstream).plan_operation("register_attendee", {"event": "fair", "attendee": TEO})
    assert isinstance(result, WriteResult)
    assert result.outcome is Outcome.ALREADY_REGISTERED


@pytest.mark.parametrize(
    ("given", "more", "kind", "words"),
    [
        ({"last_name": ""}, {}, InvalidArguments, "last_name"),
        ({"email": "nobody"}, {}, InvalidArguments, "e-mail"),
        ({"birthdate": "1990-03-09"}, {}, InvalidArguments, "day first"),
        ({"attendee_type_id": 9}, {}, UnknownRef, "no ticket"),
        ({}, {"workshops": {"9": 9}}, UnknownRef, "no session"),
        ({}, {"workshops": {"7": 7}}, SoldOut, "is full"),
        ({}, {"purchase_items": {"8": "many"}}, InvalidArguments, "no number"),
    ],
)
async def test_a_registration_that_the_tool_would_refuse_is_refused(
    given: Any, more: Any, kind: Any, words: str
) -> None:
    upstream = fair(**{"GET events/fair/workshops": listed([activity("7", "Lab", availability=3, used_seats=3)])})
    with pytest.raises(kind, match=words):
        await provider_of(upstream).plan_operation(
            "register_attendee", {"event": "fair", "attendee": TEO | given} | more
        )
    assert upstream.writes == []


async def test_a_person_is_booked_into_one_more_session_once(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        given = {"event": HARBOR, "attendee_id": 600001, "workshop_id": 73002}
        plan = await planned(r, "add_attendee_to_activity", **given)
        assert plan.makes_true == ("sessions", HARBOR, "600001", "73002")
        assert (await r.carry_out(plan)).facts["sessions_added"] == ["Opening talk"]
        again = await r.provider.plan_operation("add_attendee_to_activity", given)
        assert isinstance(again, WriteResult)
        assert again.outcome is Outcome.ALREADY_REGISTERED


@pytest.mark.parametrize("ids", ["", " ", ",", "1,,2", "1;2", "all"])
async def test_dropping_every_session_by_an_empty_list_is_refused(ids: str) -> None:
    upstream = Upstream({})
    with pytest.raises(InvalidArguments, match="not empty"):
        await provider_of(upstream).plan_operation(
            "replace_attendee_activities", {"event": "fair", "attendee": "5", "workshop_ids": ids}
        )
    assert upstream.seen == []


async def test_replacing_sessions_is_asked_with_before_and_after(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await planned(
            r, "replace_attendee_activities", event=HARBOR, attendee="600001", workshop_ids="73002, 73001"
        )
        assert plan.changes == (Change("activities", ["73001"], ["73001", "73002"]),)
        assert plan.question is not None
        assert plan.question.why == {Why.DESTRUCTIVE}
        await r.carry_out(plan)
        assert json.loads(r.writes[-1].body) == {"workshop_ids": "73002, 73001"}


async def test_cancelling_meets_the_tools_guards(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await planned(r, "cancel_registration", event=HARBOR, attendee="600001")
        assert plan.makes_true == ("cancellation", HARBOR, "600001")
        assert plan.question is not None
        assert plan.question.why == {Why.DESTRUCTIVE}


# Events --------------------------------------------------------------------------------------------------------------


async def test_a_copy_is_found_and_deactivated_though_it_keeps_its_dates() -> None:
    upstream = copied_fair()
    flags = {flag: flag != "clone_pois" for flag in FLAGS}
    plan = await planned(rehearsed(upstream), "clone_event", event="fair", **flags)
    assert [step.request.body for step in plan.steps if step.request is not None] == [
        None,
        {
            "name": "Fair",
            "start_date": "12/05/2026 - 09:00:00",
            "end_date": "14/05/2026 - 18:00:00",
            "active": False,
        },
    ]
    assert plan.steps[0].request is not None
    assert dict(plan.steps[0].request.query) == {flag: str(value).lower() for flag, value in flags.items()}
    assert "The copy keeps its dates" in plan.notes[-1]


async def test_a_change_is_sent_as_given_and_asked_about() -> None:
    upstream = Upstream({"GET events/fair": {"data": event()}, "GET events/fair/workshops": listed([])})
    given = {
        "start_date": "05/05/2026 - 09:00:00",
        "end_date": "14/05/2026 - 18:00:00",
        "sender_name": "Harbor",
        "event_uri": "fair-26",
    }
    plan = await planned(rehearsed(upstream), "update_event", event="fair", **given)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == given
    assert plan.changes == (
        Change("starts", "2026-05-12T09:00+02:00", "2026-05-05T09:00+02:00"),
        Change("event_uri", "fair", "fair-26"),
    )
    assert plan.question is not None
    assert "also event_uri, sender_name" in plan.question.text
    assert any("its ref change" in note for note in plan.notes)


async def test_an_event_that_gets_another_uri_is_read_there(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        result = await r.carry_out(await planned(r, "update_event", event=HARBOR, event_uri="harbor-27"))
        assert (result.outcome, result.event_id) == (Outcome.DONE, "harbor-27")


@pytest.mark.parametrize(
    "value", ["2026-06-05T09:00", "2026-06-05", "6/5/2026 - 09:00", "06-05-2026 09:00", "31/02/2026 - 09:00"]
)
@pytest.mark.parametrize("name", ["update_event", "update_activity", "create_activity", "add_unavailable_hour"])
async def test_a_time_that_is_not_written_day_first_is_never_passed_on(name: str, value: str) -> None:
    upstream = Upstream({"GET events/fair": {"data": event()}})
    operation = next(one for one in ALL if one.name == name)
    slots = {slot: SLOTS[slot] for slot in operation.slots} | {"event": "fair"}
    times = {"start_date": value, "end_date": "07/06/2026 - 18:00:00"}
    extra = {"name": "Lab"} if name == "create_activity" else {}
    with pytest.raises(InvalidArguments) as caught:
        await provider_of(upstream).plan_operation(name, {**slots, **times, **extra})
    assert caught.value.field == "arguments.start_date"
    assert upstream.writes == []


async def test_an_end_before_its_start_is_refused() -> None:
    upstream = Upstream({"GET events/fair": {"data": event()}})
    times = {"start_date": "07/06/2026 - 18:00:00", "end_date": "07/06/2026 - 09:00:00"}
    for name, more in (("update_event", {}), ("create_activity", {"name": "Lab"})):
        with pytest.raises(InvalidArguments, match="not after its start"):
            await provider_of(upstream).plan_operation(name, {"event": "fair", **times, **more})


async def test_an_event_is_made_as_given_and_asked_about_unless_it_is_said_to_be_inactive() -> None:
    upstream = Upstream({"GET events": listed([])})
    given = {
        "name": "Gala",
        "start_date": "05/06/2027 - 19:00:00",
        "end_date": "05/06/2027 - 23:00:00",
        "event_uri": "gala-27",
        "virtual_timezone": "Europe/Madrid",
    }
    plan = await planned(rehearsed(upstream), "create_event", **given)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == given
    assert plan.question is not None
    assert plan.question.why == {Why.PUBLIC}
    assert (await planned(rehearsed(upstream), "create_event", **given, active=False)).question is None


@pytest.mark.parametrize(("uri", "kind"), [("fair", Conflict), ("slim", InvalidArguments), ("a/b", InvalidArguments)])
async def test_a_uri_that_is_taken_or_cannot_be_is_refused(uri: str, kind: Any) -> None:
    upstream = Upstream({"GET events": listed([event("fair", "7")])})
    given = {
        "name": "Gala",
        "start_date": "05/06/2027 - 19:00:00",
        "end_date": "05/06/2027 - 23:00:00",
        "event_uri": uri,
    }
    with pytest.raises(kind):
        await provider_of(upstream).plan_operation("create_event", given)


# The rest ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trigger", ["event_created", "event_updated"])
async def test_a_hook_that_would_never_fire_is_refused(trigger: str) -> None:
    upstream = Upstream({})
    with pytest.raises(InvalidArguments, match="never fires"):
        await provider_of(upstream).plan_operation(
            "create_event_webhook", {"event": "fair", "target_url": "https://hooks.example/7c1f", "trigger": trigger}
        )
    assert upstream.seen == []


async def test_a_hook_is_made_and_taken_away_by_address_and_trigger(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        hook = {"event": HARBOR, "target_url": "https://hooks.example/e/9f9f", "trigger": "attendee_updated"}
        await r.carry_out(await planned(r, "create_event_webhook", **hook))
        plan = await planned(r, "delete_event_webhook", **hook)
        assert plan.question is not None
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        sent = r.writes[-1]
        assert (sent.method, sent.path, sent.body) == ("DELETE", f"/api/v3/events/{HARBOR}/event_web_hooks", b"")


async def test_categories_are_set_with_before_and_after(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await planned(r, "set_activity_categories", event=HARBOR, activity="73001", categories="3302,3301")
        assert plan.changes == (Change("categories", ["3301"], ["3301", "3302"]),)
        assert plan.question is not None
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        with pytest.raises(InvalidArguments, match="not empty"):
            await r.provider.plan_operation(
                "set_activity_categories", {"event": HARBOR, "activity": "73001", "categories": ""}
            )


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("create_guest", {"first_name": "Olu", "last_name": "A", "email": "olu2@adeyemi.example"}),
        (
            "create_activity",
            {"name": "Lab", "start_date": "04/04/2027 - 12:00:00", "end_date": "04/04/2027 - 13:00:00"},
        ),
        ("update_activity", {"location": "Room 9"}),
        ("remove_attendee_from_activity", {"workshop_id": 73001, "attendee_id": 600001}),
        ("add_unavailable_hour", {"start_date": "04/04/2027 - 15:00", "end_date": "04/04/2027 - 16:00"}),
        ("update_unavailable_hour", {"start_date": "04/04/2027 - 15:00", "end_date": "04/04/2027 - 16:00"}),
        ("delete_unavailable_hour", {}),
        ("submit_survey_answers", {"answers": {"514": 5}, "survey_type": "attendee"}),
        ("set_event_param", {"param_value": [{"hall": "B"}]}),
    ],
)
async def test_other_writes_are_carried_out_in_one_step(rehearsal: Rehearse, name: str, more: dict[str, Any]) -> None:
    operation = next(one for one in ALL if one.name == name)
    async with rehearsal("eventtia") as r:
        plan = await planned(r, name, **{slot: SLOTS[slot] for slot in operation.slots}, **more)
        assert (plan.question is not None) == (operation.effect is not Effect.ADD)
        assert (await r.carry_out(plan)).outcome is Outcome.DONE
        assert [write.method for write in r.writes[1:]] == [operation.method]


async def test_a_file_is_sent_as_a_form_from_the_import_folder(rehearsal: Rehearse, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7 plan")
    async with rehearsal("eventtia") as r:
        r.provider.import_folder = str(tmp_path)  # pyright: ignore[reportAttributeAccessIssue] - the mixin's
        plan = await planned(
            r,
            "upload_event_file",
            event=HARBOR,
            category="1201",
            **{"event_file[name]": "Plan", "event_file[event_file]": "plan.pdf"},
        )
        await r.carry_out(plan)
        assert b"%PDF-1.7 plan" in r.writes[-1].body
        files = await r.provider.read_operation("list_event_files", {"event": HARBOR, "category": "1201"})
        assert "Plan" in {row["attributes"]["name"] for row in files["data"]}


def test_every_writing_operation_that_a_tool_guards_is_guarded() -> None:
    guarded = set(provider_of(Upstream({})).guarded())
    assert guarded <= {operation.name for operation in ALL if operation.effect is not Effect.READ}
    assert {"register_attendee", "cancel_registration", "clone_event", "update_event", "create_event"} <= guarded


async def test_a_refusal_inside_an_operation_is_told_in_the_platforms_words() -> None:
    refused = httpx2.Response(422, json={"message": ["Name can't be blank"]})
    r = rehearsed(Upstream({"POST events/fair/guests": refused}))
    guest = {"first_name": "A", "last_name": "B", "email": "a@b.example"}
    with pytest.raises(Exception, match="Name can't be blank"):
        await r.carry_out(await planned(r, "create_guest", event="fair", **guest))
