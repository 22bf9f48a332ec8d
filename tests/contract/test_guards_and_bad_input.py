"""Writing operations by name: the guards of the tools hold for them as well, and bad input lets no request leave."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.providers.arguments import FILE_MOST
from eventdesk_server.registry import declared
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Why
from eventdesk_tools.ports import ProviderName
from tests.mcp.conftest import Human, chatting
from tests.support import rehearse

pytestmark = pytest.mark.anyio
HARBOR = {"event": "harbor-design-days"}
SUMMIT = {"event": "4711"}
NEW = SUMMIT | {"email": "new@pier.example", "name": "New Pier"}
NIGHT = {"subdomain": "boathouse", "name": "x", "starts_at": "2027-06-12 19:00:00"}
BAD, BOOKED = "invalid_arguments", Outcome.ALREADY_REGISTERED
DAYS = ("03/04/2027 - 10:00:00", "06/04/2027 - 18:00:00")
WRITING = {"operations_write": True}

# What a guard of a tool says, the operation that it protects, and what comes of it: an outcome, a failure's code, or why
# a person is asked.
GUARDS: list[tuple[str, str, str, dict[str, Any], Any]] = [
    ("a price that cannot be told is not taken", "heysummit", "register_attendee", NEW, BAD),
    ("a price without payment is asked", "heysummit", "register_attendee", NEW | {"ticket_price_id": "paid"}, {Why.UNPAID_ACCESS}),
    ("a ticket id is no price id", "heysummit", "register_attendee", NEW | {"ticket_price_id": 602}, "unknown_ref"),
    ("a paid ticket is asked", "heysummit", "assign_ticket", SUMMIT | {"attendee": "33002", "ticket_price_id": "paid"}, {Why.UNPAID_ACCESS}),
    ("archiving is asked", "heysummit", "archive_event", SUMMIT, {Why.DESTRUCTIVE}),
    ("cancelling is asked", "eventtia", "cancel_registration", HARBOR | {"attendee": "600003"}, {Why.DESTRUCTIVE}),
    ("nobody is booked twice", "eventtia", "add_attendee_to_activity", HARBOR | {"workshop_id": 73001, "attendee_id": 600001}, BOOKED),
    ("times are day first", "eventtia", "create_activity", HARBOR | {"name": "x", "start_date": "2027-04-04", "end_date": DAYS[1]}, BAD),
    ("an end is after its start", "eventtia", "create_activity", HARBOR | {"name": "x", "start_date": DAYS[1], "end_date": DAYS[0]}, BAD),
    ("sessions are never all dropped", "eventtia", "replace_attendee_activities", HARBOR | {"attendee": "600001", "workshop_ids": ""}, BAD),
    ("moving people is asked", "eventtia", "update_event", HARBOR | {"start_date": DAYS[0], "end_date": DAYS[1]}, {Why.VISIBLE_CHANGE}),
    ("a silent hook is refused", "eventtia", "create_event_webhook", HARBOR | {"target_url": "https://a.example", "trigger": "event_created"}, BAD),
    ("dropped tickets are refused", "eventschedule", "create_event", NIGHT | {"tickets": [{"type": "A", "price": 5}]}, "unsupported"),
    ("a public event is asked", "eventschedule", "create_event", NIGHT, {Why.PUBLIC}),
    ("a draft needs no question", "eventschedule", "create_event", NIGHT | {"is_draft": True}, None),
    ("what costs is asked", "evvnt", "create_package", {"id": 1, "event_quantity": 2}, {Why.PAID}),
    ("a purchase is of at least one", "evvnt", "create_package", {"id": 1, "event_quantity": 0}, BAD),
    ("only a partner acts for a user", "evvnt", "create_package", {"id": 1, "event_quantity": 2, "user_id": "u"}, BAD),
]  # fmt: skip


@pytest.mark.parametrize(("says", "provider", "name", "arguments", "comes"), GUARDS, ids=[row[0] for row in GUARDS])
async def test_an_operation_meets_the_guard_of_the_tool(
    says: str, provider: str, name: str, arguments: Mapping[str, Any], comes: Any
) -> None:
    async with rehearse(provider) as r:
        given = dict(arguments)
        if given.get("ticket_price_id") == "paid":
            tickets = await r.provider.read_operation("list_tickets", SUMMIT)
            price = next(row["prices"] for row in tickets["results"] if row["is_paid"] == "true")
            given["ticket_price_id"] = int(price.partition('"id": ')[2].partition(",")[0])
        if provider == "evvnt" and given["id"] == 1:
            contract = await r.provider.read_operation("get_contract", {})
            given["id"] = contract["package_options"][0]["id"]
        if isinstance(comes, str) and not isinstance(comes, Outcome):
            with pytest.raises(EventdeskError) as refused:
                await r.provider.plan_operation(name, given)
            assert refused.value.code == comes
            assert refused.value.next or refused.value.message
        else:
            plan = await r.provider.plan_operation(name, given)
            if isinstance(plan, WriteResult):
                assert plan.outcome is comes
            else:
                assert (None if plan.question is None else set(plan.question.why)) == comes
        assert [seen for seen in r.writes if "auth" not in seen.path] == []


# What is given badly ---------------------------------------------------------------------------------------------------

UPLOADS = [
    ("eventschedule", "upload_flyer", {"event": "RXZlbnQ"}, "flyer_image", "png"),
    ("eventtia", "upload_event_file", HARBOR | {"category": "1", "event_file[name]": "x"}, "event_file[event_file]", "pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "name", "given", "argument", "ending"), UPLOADS, ids=["flyer", "file"])
async def test_a_file_that_does_not_do_lets_no_request_leave(
    provider: str, name: str, given: dict[str, Any], argument: str, ending: str, tmp_path: Path
) -> None:
    inside = tmp_path / "import"
    (inside / "folder").mkdir(parents=True)
    outside = tmp_path / f"outside.{ending}"
    outside.write_bytes(b"secret")
    (inside / f"link.{ending}").symlink_to(outside)
    (inside / "up").symlink_to(tmp_path)
    (inside / f"large.{ending}").write_bytes(b"x" * (FILE_MOST + 1))
    (inside / f"empty.{ending}").touch()
    (inside / "notes.txt").write_text("no picture")
    bad: list[Any] = [
        f"gone.{ending}", "folder", f"../outside.{ending}", str(outside), f"link.{ending}", f"up/outside.{ending}",
        f"large.{ending}", f"empty.{ending}", "", None, 5, [f"large.{ending}"], f"large.{ending}\0", "/etc/passwd",
    ]  # fmt: skip
    if name == "upload_flyer":
        bad.append("notes.txt")
    async with chatting(provider, options=WRITING, human=Human()) as chat:
        operation = {"operation": f"{provider}.{name}"}
        without = await chat.call("call_write_operation", **operation, arguments=given | {argument: f"large.{ending}"})
        assert "import_folder" in without["error"]["next"]
        chat.rehearsal.provider.import_folder = str(inside)  # type: ignore[attr-defined]
        for file in bad:
            answer = await chat.call("call_write_operation", **operation, arguments=given | {argument: file})
            assert answer["error"]["code"] == "invalid_arguments", file
            assert "secret" not in str(answer)
            assert str(tmp_path) not in str(answer).replace(str(file), "")
        missing = await chat.call("call_write_operation", **operation, arguments=given)
        assert argument in missing["error"]["message"]
        assert chat.rehearsal.seen == []


@pytest.mark.parametrize("name", ProviderName)
async def test_the_wrong_tool_or_a_wrong_name_is_told_the_right_one(name: ProviderName) -> None:
    async with chatting(name, "eventschedule", options=WRITING) as chat:
        for operation in declared(name):
            reads = operation.effect is Effect.READ
            wrong, right = ("call_write_operation", "call_read_operation")[:: 1 if reads else -1]
            answer = await chat.call(wrong, operation=f"{name}.{operation.name}", arguments={})
            if answer["error"]["code"] == "invalid_arguments":
                assert right in answer["error"]["next"], answer
            else:
                assert answer["error"]["code"] == "unsupported"
        first = next(operation for operation in declared(name) if not operation.withheld)
        typo = await chat.call("call_read_operation", operation=f"{name}.{first.name[:-1]}x")
        assert f"{name}.{first.name}" in typo["error"]["allowed"]
        assert chat.rehearsal.seen == []
