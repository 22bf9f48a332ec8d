"""Writing operations whose answer is lost after the platform carried them out: found again, never sent twice.

The verdict is the sandbox's database: how many rows a table gained or lost.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from eventdesk_server.http.operations import Operation
from eventdesk_server.registry import declared
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import OutcomeUnknown
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.ports import ProviderName
from tests.support import Rehearsal, rehearse

pytestmark = pytest.mark.anyio
HARBOR = {"event": "harbor-design-days"}
NETWORKING = HARBOR | {"conference": "15001", "participant_type": "15101"}
PARTNER = {"evvnt": {"role": "partner", "key": "sandbox-partner-key", "secret": "sandbox-partner-secret"}}
FIRST = {"eventtia": "list_countries", "evvnt": "list_users", "eventschedule": "list_schedules"}
ANY_ID = {"category": "eventtia_records where type = 'event_file_categories'", "user": "evvnt_users"}
"""Arguments that are any id of a table."""
PERSON = {"first_name": "Ada", "last_name": "Pier", "email": "ada.pier@example.org"}
TRIGGER = "attendee_created"
BOOKED = Outcome.ALREADY_REGISTERED
"""What adding to an activity answers: the person is registered, and the activity is told beside."""
HOURS = {"start_date": "04/04/2027 - 15:00", "end_date": "04/04/2027 - 16:00"}


@dataclass(frozen=True, slots=True)
class Case:
    """One operation with arguments that fit the season, and the table that gains or loses a row by it."""

    provider: str
    name: str
    arguments: dict[str, Any]
    table: str
    gains: int = 1
    alone: bool = False
    """The platform takes no second record alike, so that none can be mistaken for ours."""
    outcome: Outcome = Outcome.DONE
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    @override
    def __str__(self) -> str:
        return f"{self.provider}.{self.name}"


ADDING = [
    Case("eventtia", "create_guest", HARBOR | PERSON | {"company": "Pier Ltd"}, "eventtia_records"),
    Case("eventtia", "submit_survey_answers", HARBOR | {"survey": "10051", "answers": {"514": "Splendid"}, "survey_type": "attendee"}, "eventtia_records"),
    Case("eventtia", "create_activity", HARBOR | HOURS | {"name": "Knots"}, "eventtia_records"),
    Case("eventtia", "add_unavailable_hour", NETWORKING | HOURS, "eventtia_records"),
    Case("eventtia", "create_event_webhook", HARBOR | {"target_url": "https://hooks.example/new", "trigger": TRIGGER}, "eventtia_records", alone=True),
    Case("eventtia", "upload_event_file", HARBOR | {"category": "", "event_file[name]": "Plan", "event_file[event_file]": "plan.txt"}, "eventtia_records"),
    Case("eventtia", "add_attendee_to_activity", HARBOR | {"workshop_id": 73002, "attendee_id": 600001}, "eventtia_bookings", alone=True, outcome=BOOKED),
    Case("evvnt", "create_user", {"name": "Quay Club", "email": "club@quay.example"}, "evvnt_users", settings=PARTNER),
    Case("eventschedule", "create_schedule", {"name": "Night Pier", "type": "venue", "email": "pier@venue.test"}, "eventschedule_role"),
    Case("eventschedule", "create_group", {"subdomain": "duo", "name": "Late nights"}, "eventschedule_grouping"),
]  # fmt: skip
CHANGING = [
    Case("eventtia", "update_activity", HARBOR | {"activity": "73002", "location": "Deck"}, "eventtia_records", 0),
    Case("eventtia", "set_activity_categories", HARBOR | {"activity": "73002", "categories": "3301"}, "eventtia_records", 0),
    Case("eventtia", "update_unavailable_hour", NETWORKING | HOURS | {"hour": "15201"}, "eventtia_records", 0),
    Case("eventtia", "delete_unavailable_hour", NETWORKING | {"hour": "15201"}, "eventtia_records", -1),
    Case("eventtia", "remove_attendee_from_activity", HARBOR | {"workshop_id": 73001, "attendee_id": 600001}, "eventtia_bookings", -1),
    Case("eventtia", "delete_event_webhook", HARBOR | {"target_url": "https://hooks.example/e/7c1f", "trigger": "attendee_created"}, "eventtia_records", -1),
    Case("evvnt", "update_user", {"user": "", "name": "Quay Club"}, "evvnt_users", 0, settings=PARTNER),
    Case("eventschedule", "update_schedule", {"subdomain": "duo", "name": "Duo Ten", "city": "Kuwait"}, "eventschedule_role", 0),
    Case("eventschedule", "delete_schedule", {"subdomain": "duo"}, "eventschedule_role where is_deleted = 0", -1),
]  # fmt: skip


def rows(r: Rehearsal, case: Case) -> int:
    row = r.sandbox.world.store.row(f"select count(*) as many from {case.table}")
    assert row is not None
    return row["many"]


async def filled(r: Rehearsal, case: Case) -> dict[str, Any]:
    """The arguments, with the ids that the season does not fix. Reading makes the stand-in load its season."""
    await r.provider.read_operation(FIRST[case.provider], {})
    given = dict(case.arguments)
    for name in [name for name, value in given.items() if value == ""]:
        found = r.sandbox.world.store.row(f"select * from {ANY_ID[name]}")
        assert found is not None
        given[name] = str(found.get("uuid") or found["id"])
    return given


async def carried_out(r: Rehearsal, case: Case, arguments: dict[str, Any]) -> WriteResult:
    return await r.carry_out(await r.provider.plan_operation(case.name, arguments))


def losing(case: Case, **more: Any) -> Fault:
    operation = next(known for known in declared(ProviderName(case.provider)) if known.name == case.name)
    path = operation.path.rsplit("/", 1)[-1]
    where = {"provider": case.provider, "method": operation.method, "path": "" if path.startswith("{") else path}
    return Fault.model_validate({"kind": "drop_after", "times": 1, **where, **more})


def sent(r: Rehearsal) -> int:
    return len([seen for seen in r.writes if "auth" not in seen.path])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.txt").write_text("A plan.")
    return tmp_path


@pytest.mark.parametrize("case", ADDING, ids=str)
async def test_what_was_added_is_found_when_its_answer_is_lost(case: Case, folder: Path) -> None:
    async with rehearse(case.provider, settings=case.settings) as r:
        arguments = await filled(r, case)
        r.provider.import_folder = str(folder)  # type: ignore[attr-defined]
        before = rows(r, case)
        r.sandbox.faults.add(losing(case))
        result = await carried_out(r, case, arguments)
        assert result.outcome is case.outcome
        assert rows(r, case) == before + 1
        again = await carried_out(r, case, arguments)
        assert again.outcome in {Outcome.ALREADY_DONE, Outcome.ALREADY_REGISTERED}
        assert (rows(r, case), sent(r)) == (before + 1, 1)
        if "id" in result.facts:
            assert again.facts["id"] == result.facts["id"]


@pytest.mark.parametrize("case", [case for case in ADDING if not case.alone], ids=str)
async def test_what_somebody_else_added_alike_at_that_moment_is_listed_and_nothing_repeated(
    case: Case, folder: Path
) -> None:
    async with rehearse(case.provider, settings=case.settings) as r:
        arguments = await filled(r, case)
        r.provider.import_folder = str(folder)  # type: ignore[attr-defined]
        before = rows(r, case)
        r.sandbox.faults.add(losing(case, twin={}))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown) as caught:
                await carried_out(r, case, arguments)
            assert len(caught.value.allowed) == 2
        assert (rows(r, case), sent(r)) == (before + 2, 1)


@pytest.mark.parametrize("case", ADDING, ids=str)
async def test_what_was_never_carried_out_is_neither_claimed_nor_sent_again(case: Case, folder: Path) -> None:
    async with rehearse(case.provider, settings=case.settings) as r:
        arguments = await filled(r, case)
        r.provider.import_folder = str(folder)  # type: ignore[attr-defined]
        before = rows(r, case)
        r.sandbox.faults.add(losing(case, kind="black_hole" if case.alone else "html"))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                await carried_out(r, case, arguments)
        assert (rows(r, case), sent(r)) == (before, 1)


@pytest.mark.parametrize("case", CHANGING, ids=str)
async def test_a_change_or_removal_is_done_when_what_is_there_now_says_so(case: Case) -> None:
    async with rehearse(case.provider, settings=case.settings) as r:
        arguments = await filled(r, case)
        before = rows(r, case)
        r.sandbox.faults.add(losing(case))
        result = await carried_out(r, case, arguments)
        assert result.outcome is Outcome.DONE
        assert (rows(r, case), sent(r)) == (before + case.gains, 1)


@pytest.mark.parametrize("case", CHANGING, ids=str)
async def test_a_change_or_removal_that_did_not_happen_stays_unknown(case: Case) -> None:
    async with rehearse(case.provider, settings=case.settings) as r:
        arguments = await filled(r, case)
        before = rows(r, case)
        r.sandbox.faults.add(losing(case, kind="html"))
        with pytest.raises(OutcomeUnknown):
            await carried_out(r, case, arguments)
        assert (rows(r, case), sent(r)) == (before, 1)


async def test_a_sub_schedule_is_changed_and_deleted_once_though_both_answers_are_lost() -> None:
    table = Case("eventschedule", "create_group", {}, "eventschedule_grouping")
    async with rehearse("eventschedule") as r:
        made = await carried_out(r, table, {"subdomain": "duo", "name": "Late nights"})
        before, place = rows(r, table), {"subdomain": "duo", "group": made.facts["id"]}
        for name, more, gains in (("update_group", {"name": "Early nights"}, 0), ("delete_group", {}, -1)):
            case = Case("eventschedule", name, {}, "eventschedule_grouping")
            r.sandbox.faults.add(losing(case, times=None))
            assert (await carried_out(r, case, place | more)).outcome is Outcome.DONE
            assert rows(r, table) == before + gains
        assert sent(r) == 3


async def test_a_change_that_was_so_already_is_done_though_its_answer_is_lost() -> None:
    case = Case("eventtia", "set_activity_categories", HARBOR | {"activity": "73002", "categories": "3301"}, "")
    async with rehearse("eventtia") as r:
        assert (await carried_out(r, case, case.arguments)).outcome is Outcome.DONE
        r.sandbox.faults.add(losing(case))
        assert (await carried_out(r, case, case.arguments)).outcome is Outcome.DONE
        assert sent(r) == 2


async def test_what_was_removed_since_is_added_again_by_the_same_call() -> None:
    case = Case("eventschedule", "create_group", {}, "eventschedule_grouping")
    given = {"subdomain": "duo", "name": "Late nights"}
    async with rehearse("eventschedule") as r:
        first = await carried_out(r, case, given)
        assert (await carried_out(r, case, given)).outcome is Outcome.ALREADY_DONE
        gone = {"subdomain": "duo", "group": first.facts["id"]}
        await r.carry_out(await r.provider.plan_operation("delete_group", gone))
        second = await carried_out(r, case, given)
        assert second.outcome is Outcome.DONE
        assert second.facts["id"] != first.facts["id"]


UNTOLD = {
    "eventtia.set_event_param": "the reading's answer is not documented",
    "eventschedule.upload_flyer": "the address of a flyer tells nothing of its content",
}
"""Writes of which no reading tells, and why."""
ALL = [(name, operation) for name in ProviderName for operation in declared(name)]


async def test_where_nothing_tells_it_stays_unknown_and_is_not_sent_again() -> None:
    case = Case("eventtia", "set_event_param", HARBOR | {"param_name": "aux_json_data", "param_value": [1]}, "")
    async with rehearse("eventtia") as r:
        r.sandbox.faults.add(losing(case))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                await carried_out(r, case, case.arguments)
        assert sent(r) == 1


async def test_a_list_too_long_to_be_read_hinders_no_write_and_tells_nothing() -> None:
    case = ADDING[0]
    async with rehearse("eventtia") as r:
        given = await filled(r, case)
        store = r.sandbox.world.store
        first = store.row("select * from eventtia_records where type = 'guests' and event_id = 90211")
        assert first is not None
        for number in range(24 * 13):
            store.insert("eventtia_records", first | {"id": 900_000 + number})
        before = rows(r, case)
        assert (await carried_out(r, case, given)).outcome is Outcome.DONE
        again = await carried_out(r, case, given)
        assert again.outcome is Outcome.ALREADY_DONE
        assert "was not looked up" in again.notes[0]
        r.sandbox.faults.add(losing(case))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                await carried_out(r, case, given | {"email": "other@example.org"})
        assert (rows(r, case), sent(r)) == (before + 2, 2)


async def test_a_repeatable_write_is_completed_by_the_same_call() -> None:
    async with rehearse("heysummit") as r:
        await r.provider.read_operation("list_events", {})
        found = r.sandbox.world.store.row("select id, event_id from heysummit_talks where event_id = 4711")
        assert found is not None
        given = {"event": "4711", "attendee": "33002", "talk": str(found["id"])}
        case = Case("heysummit", "add_attendee_to_talk", given, "heysummit_schedule")
        before = rows(r, case)
        r.sandbox.faults.add(Fault(kind="drop_after", provider="heysummit", method="POST", path="/talks/", times=1))
        with pytest.raises(OutcomeUnknown):
            await carried_out(r, case, given)
        assert (await carried_out(r, case, given)).outcome is Outcome.DONE
        assert rows(r, case) - before <= 1
        assert sent(r) == 2


@pytest.mark.parametrize("name", ProviderName)
async def test_every_write_that_may_not_be_sent_twice_has_a_trace_a_guard_or_a_reason(name: ProviderName) -> None:
    async with rehearse(name) as r:
        guarded = set(r.provider.guarded())  # type: ignore[attr-defined]
    traced = {case.name for case in [*ADDING, *CHANGING] if case.provider == name} | {"update_group", "delete_group"}
    for operation in declared(name):
        if operation.effect is Effect.READ or operation.withheld or operation.repeatable:
            continue
        if operation.trace is None:
            assert operation.name in guarded or f"{name}.{operation.name}" in UNTOLD, operation.name
        else:
            assert operation.name in traced, operation.name


@pytest.mark.parametrize(("name", "operation"), [(n, o) for n, o in ALL if o.trace is not None], ids=str)
def test_a_trace_names_what_its_write_sends_and_its_reading_takes(name: ProviderName, operation: Operation) -> None:
    trace = operation.trace
    assert trace is not None
    reading = next(known for known in declared(name) if known.name == trace.by)
    sends = {param.name for param in operation.params}
    assert reading.effect is Effect.READ
    assert not reading.withheld
    assert set(reading.slots) <= sends | {taken for taken, _ in trace.given}
    assert {taken for taken, _ in trace.given} <= {param.name for param in reading.params}
    assert {given for _, given in trace.given} | {entry.partition("=")[0] for entry in trace.agree} <= sends
    assert not trace.row or trace.row in sends
    assert trace.agree or operation.effect is Effect.REMOVE
