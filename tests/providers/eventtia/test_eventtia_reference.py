"""The answers that the reference prints for the other endpoints: each is decoded, shown and, where it maps, mapped."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import TypeAdapter

from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import Page, Single
from eventdesk_server.providers.eventtia.guarding import without_keys
from eventdesk_server.providers.eventtia.wire import Attendee, EventRecord
from eventdesk_server.registry import AccountSetup, build_account
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.effects import Effect
from eventdesk_tools.models import Outcome
from eventdesk_tools.ports import ProviderName
from tests.contract.test_every_operation import arguments_of
from tests.providers.eventtia.scripted import ROOT, Upstream, example, rehearsed
from tests.providers.eventtia.test_eventtia_examples import MODELS

pytestmark = pytest.mark.anyio
ANSWERS: dict[str, Any] = example("other_operations")
DECLARED = {operation.name: operation for operation in operations.ALL if not operation.withheld}
MAPPED: dict[str, Any] = {
    "create_event": Single[EventRecord],
    "find_attendee_by_email": Single[Attendee],
    "list_activity_attendees": Page[Attendee],
}
NOT_PRINTED = {
    "get_event_param", "set_event_param", "cancel_registration", "list_qa_sessions", "delete_event_webhook",
    "list_countries", "list_regions", "list_cities",
}  # fmt: skip
"""Endpoints whose answer the reference does not print, or not to its end."""


def answering(body: Any) -> Any:
    def handle(request: httpx2.Request) -> httpx2.Response:
        log_in = request.url.path.endswith("/auth")
        return httpx2.Response(200, json={"auth_token": "aaa.bbb.ccc"} if log_in else body)

    return handle


def test_every_declared_operation_has_an_answer_of_the_reference() -> None:
    assert set(DECLARED) - NOT_PRINTED <= set(ANSWERS) | set(MODELS)
    assert not NOT_PRINTED & (set(ANSWERS) | set(MODELS))
    assert set(ANSWERS) <= set(DECLARED)


@pytest.mark.parametrize("name", sorted(ANSWERS))
async def test_an_answer_of_the_reference_is_taken_as_it_is_printed(name: str, tmp_path: Path) -> None:
    operation = DECLARED[name]
    account = build_account(
        AccountSetup(
            account="club",
            settings=ACCOUNT.validate_python(
                {"provider": "eventtia", "base_url": ROOT, "email": "desk@example.test", "password": "not-a-secret"}
            ),
            provider=ProviderName.EVENTTIA,
            transport=lambda: httpx2.MockTransport(answering(ANSWERS[name])),
        )
    )
    provider: Any = account.provider
    arguments = arguments_of(operation)
    if operation.effect is Effect.READ:
        assert await provider.read_operation(name, arguments) == without_keys(ANSWERS[name])
        return
    for param in operation.params:
        if param.kind == "file":
            (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4")
            provider.import_folder = str(tmp_path)
            arguments[param.name] = "plan.pdf"
    done = await rehearsed(Upstream({})).carry_out(provider.plan_declared(operation, arguments))
    assert done.outcome is Outcome.DONE


@pytest.mark.parametrize("name", sorted(MAPPED))
def test_an_answer_of_the_reference_maps(name: str) -> None:
    read = TypeAdapter[Any](MAPPED[name]).validate_python(ANSWERS[name])
    assert read.data
