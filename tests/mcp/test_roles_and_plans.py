"""What a key's role or plan does not allow is told as such, with the role or plan that does."""

import pytest

from tests.mcp.conftest import chatting
from tests.mcp.walks import PARTNER
from tests.providers.eventschedule import seasons as schedule

pytestmark = pytest.mark.anyio
GIG = "demo-evvnt:70021"
ROLES = "role in the settings must be the key's (organiser, partner or publisher)"
ORGANISER = {"key": "sandbox-organiser-key", "secret": "sandbox-organiser-secret"}
PUBLISHER = {"role": "publisher", "key": "sandbox-publisher-key", "secret": "sandbox-publisher-secret"}


@pytest.mark.parametrize(("status", "code"), [(403, "permission_denied"), (404, "not_found")])
async def test_an_evvnt_key_of_another_role_than_the_settings_say(status: int, code: str) -> None:
    settings = {"evvnt": {**ORGANISER, "role": "partner", "user_id": PARTNER}}
    async with chatting("evvnt", settings=settings, switches={"evvnt.role_refusal": status}) as chat:
        error = (await chat.call("list_events"))["error"]
    assert error["code"] == code
    assert ROLES in error["next"]


@pytest.mark.parametrize(
    ("operation", "roles"), [("evvnt.list_users", "partner"), ("evvnt.list_my_events", "organiser or partner")]
)
async def test_an_evvnt_publisher_is_told_which_role_an_operation_needs(operation: str, roles: str) -> None:
    async with chatting("evvnt", settings={"evvnt": PUBLISHER}) as chat:
        error = (await chat.call("call_read_operation", operation=operation))["error"]
        assert chat.rehearsal.seen == []
    assert error["code"] == "unsupported"
    assert f"it needs the role {roles}, and this account's is publisher" in error["message"]


async def test_an_evvnt_publisher_is_told_to_ask_for_another_role_where_a_tool_needs_one() -> None:
    async with chatting("evvnt", "eventschedule", settings={"evvnt": PUBLISHER}) as chat:
        error = (await chat.call("update_event", event=GIG, title="New"))["error"]
        assert chat.rehearsal.seen == []
    assert (error["code"], error["next"]) == ("unsupported", "Ask for an account with role organiser or partner.")


async def test_event_schedules_pro_plan_is_named_where_it_gates() -> None:
    season = schedule.season(schedule.event(), schedules=[schedule.schedule(plan="free")])
    async with chatting("eventschedule", season={"eventschedule": season}) as chat:
        (row,) = (await chat.call("list_events", when="all", fields=["ref"]))["rows"]
    switches = {"eventschedule.hosted": True}
    async with chatting("eventschedule", season={"eventschedule": season}, switches=switches) as chat:
        error = (await chat.call("get_event", event=row[0]))["error"]
    assert error["code"] == "plan_required"
    assert "needs the Pro plan" in error["next"]
