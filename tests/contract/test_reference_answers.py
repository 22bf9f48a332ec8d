"""The answers that the references of evvnt and Event Schedule print for endpoints that no tool maps are taken as printed.

The shapes are theirs, people and keys are not. Eventtia's stand beside its adapter; EventHQ's and HeySummit's all map.
"""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from eventdesk_server.providers.declared import DeclaredOperations
from eventdesk_server.registry import AccountSetup, build_account, declared
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.effects import Effect
from eventdesk_tools.models import Outcome
from eventdesk_tools.ports import ProviderName
from tests.contract.test_every_operation import ACCOUNTS, arguments_of
from tests.support import rehearse

pytestmark = pytest.mark.anyio
UUID = "550e8400-e29b-41d4-a716-446655440000"
BOUGHT = {
    "uuid": UUID, "type": "SinglePackage", "broadcast_volume": 60, "event_quantity": 5, "purchase_order_id": "PO235",
    "notes": "", "purchase_date": "2014-01-01",
}  # fmt: skip
PUBLISHED = {
    "publisher_id": 324, "event_id": 1385, "url": None, "event_title": "Comedy Night",
    "event_start_time": "2024-05-10T15:00:00+01:00",
}  # fmt: skip
RHEA = {"name": "Rhea Sol", "email": "rhea@vidal.example"}
GROUP = {"id": "def456", "name": "Main Stage", "slug": "main-stage", "color": "#FF5733"}
ANSWERS: dict[str, dict[str, Any]] = {
    "evvnt partner": {
        "list_publisher_categories": [{"id": 126, "parent_id": 2, "name": "Academic / Learning"}],
        "list_published_events": [PUBLISHED | {"url": "http://suuper.example.com/events/3"}],
        "get_published_event": PUBLISHED,
        "get_package": BOUGHT,
        "create_package": {"id": UUID},
        "list_users": [RHEA | {"uuid": UUID}],
        "get_user": RHEA,
        "create_user": {"id": UUID},
    },
    "eventschedule": {
        "delete_schedule": {"data": {"message": "Schedule deleted successfully"}},
        "delete_group": {"data": {"message": "Sub-schedule deleted successfully"}},
        "create_group": {"data": GROUP},
        "update_group": {"data": GROUP},
        "delete_event": {"data": {"message": "Event deleted successfully"}},
        "upload_flyer": {"data": {"id": "evt123"}, "meta": {"message": "Flyer uploaded successfully"}},
        "delete_sale": {"data": {"message": "Sale deleted successfully"}},
        "list_schedule_categories": {"data": [{"id": 1, "name": "Art & Culture"}]},
    },
}
ELSEWHERE: dict[str, set[str]] = {
    "evvnt partner": {
        "list_feed", "list_my_events", "list_our_events", "get_event", "get_our_event", "create_event", "get_event_report",
        "list_categories", "list_publishers", "get_contract", "list_my_packages", "list_user_packages",
    },
    "eventschedule": {
        "list_events", "show_event", "create_event", "update_event", "list_sales", "show_sale", "create_sale",
        "list_schedules", "show_schedule", "list_groups", "list_categories",
    },
}  # fmt: skip
"""Those whose answers, or requests where no answer is printed, are examples beside their adapter."""
NOT_PRINTED: dict[str, set[str]] = {
    "evvnt partner": {"update_event", "set_published_url", "update_user"},
    "eventschedule": {"create_schedule", "update_schedule", "update_sale", "list_feedback", "list_fan_content"},
}
CASES = [(account, name) for account, answers in ANSWERS.items() for name in answers]


@pytest.mark.parametrize("account", sorted(ANSWERS))
def test_every_declared_operation_has_an_answer_of_the_reference_or_is_known_to_have_none(account: str) -> None:
    provider = ProviderName(account.split(maxsplit=1)[0])
    names = {operation.name for operation in declared(provider) if not operation.withheld}
    parts = [set(ANSWERS[account]), ELSEWHERE[account], NOT_PRINTED[account]]
    assert set[str]().union(*parts) == names
    assert sum(map(len, parts)) == len(names)


@pytest.mark.parametrize(("account", "name"), CASES, ids=[f"{a}-{n}" for a, n in CASES])
async def test_an_answer_of_the_reference_is_taken_as_it_is_printed(account: str, name: str, tmp_path: Path) -> None:
    provider = ProviderName(account.split(maxsplit=1)[0])
    body = ANSWERS[account][name]
    settings = {"provider": provider.value, "base_url": "http://platform.localhost/root", **ACCOUNTS[account]}
    made = build_account(
        AccountSetup(
            account="desk",
            settings=ACCOUNT.validate_python(settings),
            provider=provider,
            transport=lambda: httpx2.MockTransport(lambda _: httpx2.Response(200, json=body)),
        )
    ).provider
    assert isinstance(made, DeclaredOperations)
    (operation,) = [each for each in made.declared if each.name == name]
    arguments = arguments_of(operation)
    if operation.effect is Effect.READ:
        assert await made.read_operation(name, arguments) == body
        return
    for param in operation.params:
        if param.kind == "file":
            (tmp_path / "flyer.png").write_bytes(b"\x89PNG")
            made.import_folder, arguments[param.name] = str(tmp_path), "flyer.png"
    async with rehearse(provider.value) as r:
        done = await r.carry_out(made.plan_declared(operation, arguments))
    assert done.outcome is Outcome.DONE
