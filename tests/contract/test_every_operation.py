"""Every declared operation on the wire: the whole request that leaves, and the bad arguments that let none leave.

The platform behind is a recorder that answers anything with an empty record: what is asked is the subject here.
Operations that a tool's guards protect read before they write; their plans are tested with their platform's adapter.
"""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2
import pytest
from typing_extensions import override

from eventdesk_server.http.operations import Operation, Param
from eventdesk_server.providers.declared import DeclaredOperations
from eventdesk_server.registry import AccountSetup, build_account
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError, InvalidArguments, UnknownRef
from eventdesk_tools.ports import ProviderName

pytestmark = pytest.mark.anyio
BASE = "http://platform.localhost/root"
ACCOUNTS: dict[str, dict[str, Any]] = {
    "eventschedule": {"key": "k"},
    "eventtia": {"email": "a@b.example", "password": "p"},
    "heysummit": {"key": "k"},
    "heysummit v1": {"key": "k", "api_version": "v1"},
    "eventhq": {"key": "k"},
    "evvnt": {"key": "k", "secret": "s", "zone": "Europe/London"},
    "evvnt partner": {"key": "k", "secret": "s", "role": "partner", "user_id": "00000000-0000-4000-8000-000000000001"},
    "evvnt publisher": {"key": "k", "secret": "s", "role": "publisher"},
}
METHODS = {
    Effect.ADD: {"POST", "PUT"},
    Effect.CHANGE: {"PUT", "PATCH", "POST"},
    Effect.REMOVE: {"DELETE", "PUT", "POST"},
}


OFFERED = {
    "eventschedule": 24, "eventtia": 66, "heysummit": 21, "heysummit v1": 10, "eventhq": 3, "evvnt": 16, "evvnt partner": 23,
    "evvnt publisher": 8,
}  # fmt: skip
"""How many operations an account is offered: the loops below must not run dry."""


class Recorder(httpx2.AsyncBaseTransport):
    """A platform that writes down what it is asked."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        if "auth" in request.url.path.rsplit("/", 1)[-1]:
            return httpx2.Response(200, json={"auth_token": "t", "access_token": "t"})
        self.requests.append(request)
        return httpx2.Response(200, json={"message": "success", "id": 1})


@asynccontextmanager
async def adapter(account: str) -> AsyncGenerator[tuple[DeclaredOperations, Recorder]]:
    recorder = Recorder()
    provider = ProviderName(account.split(maxsplit=1)[0])
    settings = ACCOUNT.validate_python({"provider": provider.value, "base_url": BASE, **ACCOUNTS[account]})
    setup = AccountSetup(account="desk", settings=settings, provider=provider, transport=lambda: recorder)
    made = build_account(setup).provider
    assert isinstance(made, DeclaredOperations)
    try:
        yield made, recorder
    finally:
        await made.aclose()


def sample(param: Param) -> Any:
    """A value that a parameter of this kind takes."""
    if param.choices:
        return param.choices[0]
    match param.kind:
        case "integer":
            return 7
        case "number":
            return 1.5
        case "boolean":
            return True
        case "date":
            return "2027-06-12"
        case "time":
            return "2027-06-12T19:30:00+01:00"
        case "object":
            return {"a": 1}
        case "list":
            return ["x"]
        case _:
            return "some-text"


def arguments_of(operation: Operation) -> dict[str, Any]:
    return {param.name: sample(param) for param in operation.params if param.kind != "file"}


def offered(provider: DeclaredOperations) -> Iterator[Operation]:
    for operation in provider.declared:
        if not operation.withheld and not provider.offered(operation):
            yield operation


def asked(request: httpx2.Request) -> tuple[str, str, dict[str, list[str]], Any]:
    """Method, path below the base, query and body of a request; EventHQ's segments count as its query."""
    parts = urlsplit(str(request.url))
    path = parts.path.removeprefix(urlsplit(BASE).path)
    query: dict[str, list[str]] = {}
    segments = [segment for segment in path.split("/") if ":" in unquote(segment)]
    for segment in segments:
        key, _, value = unquote(segment).partition(":")
        query.setdefault(key, []).append(value)
    path = "/".join(segment for segment in path.split("/") if segment not in segments)
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(key, []).append(value)
    query.pop("token", None)
    return request.method, unquote(path), query, json.loads(request.content) if request.content else None


def texts(value: Any) -> list[str]:
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    return ["true" if v is True else "false" if v is False else str(v) for v in values]


def check_request(operation: Operation, arguments: dict[str, Any], request: httpx2.Request) -> None:
    method, path, query, body = asked(request)
    assert method == operation.method
    filled = operation.path
    for param in operation.params:
        if param.where == "path":
            filled = filled.replace(f"{{{param.name}}}", str(arguments[param.name]))
    assert path.rstrip("/") == "/" + filled.rstrip("/")
    assert path.endswith("/") == operation.path.endswith("/")
    wanted = [p for p in operation.params if p.where == "query" and p.name in arguments]
    names = {param.name for param in wanted} | {f"{param.name}[]" for param in wanted}
    objects = {param.name for param in wanted if param.kind == "object"}
    assert {name for name in query if name.partition("[")[0] not in objects} <= names, query
    for param in wanted:
        if param.kind == "object":
            entries = {
                name.removeprefix(f"{param.name}[").rstrip("]") for name in query if name.startswith(f"{param.name}[")
            }
            assert entries == set(arguments[param.name])
            continue
        sent = query.get(param.name) or query.get(f"{param.name}[]")
        assert sent is not None, param.name
        assert len(sent) == len(texts(arguments[param.name])) or param.kind in {"object", "list"}
    in_body = {p.name: arguments[p.name] for p in operation.params if p.where == "body" and p.name in arguments}
    assert (body or {}) == in_body


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_an_account_is_offered_what_its_role_and_version_allow(account: str) -> None:
    async with adapter(account) as (provider, _):
        assert len(list(offered(provider))) == OFFERED[account]


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_every_reading_asks_exactly_what_it_declares(account: str) -> None:
    async with adapter(account) as (provider, recorder):
        for operation in offered(provider):
            if operation.effect is not Effect.READ:
                continue
            recorder.requests.clear()
            arguments = arguments_of(operation)
            await provider.read_operation(operation.name, arguments)
            assert len(recorder.requests) == 1, operation.name
            check_request(operation, arguments, recorder.requests[0])
            assert operation.method == "GET", operation.name


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_every_write_previews_and_sends_exactly_what_it_declares(account: str) -> None:
    async with adapter(account) as (provider, recorder):
        for operation in offered(provider):
            if operation.effect is Effect.READ or any(param.kind == "file" for param in operation.params):
                continue
            assert operation.method in METHODS[operation.effect], operation.name
            arguments = arguments_of(operation)
            plan = provider.plan_declared(operation, arguments)
            assert recorder.requests == []
            (step,) = plan.steps
            assert step.request is not None
            assert step.request.method == operation.method
            await step.send(_Nothing())
            (request,) = recorder.requests
            check_request(operation, arguments, request)
            recorder.requests.clear()
            asks = plan.question is not None
            assert asks or (operation.effect is Effect.ADD and not operation.cost and not operation.mails), (
                operation.name
            )


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_no_request_leaves_for_a_bad_argument(account: str) -> None:
    async with adapter(account) as (provider, recorder):
        for operation in offered(provider):
            good = arguments_of(operation)
            for bad in bad_ones(operation, good):
                if operation.effect is Effect.READ:
                    call = provider.read_operation(operation.name, bad)
                else:
                    call = provider.plan_operation(operation.name, bad)
                with pytest.raises((InvalidArguments, UnknownRef)):
                    await call
        assert recorder.requests == []


def bad_ones(operation: Operation, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {**good, "no_such_argument": 1}
    for param in operation.params:
        if param.required or param.where == "path":
            yield {name: value for name, value in good.items() if name != param.name}
        if param.where == "path":
            yield {**good, param.name: "../climb"}
            yield {**good, param.name: "a/b"}
        if param.kind in {"integer", "number", "boolean", "object", "list", "date"}:
            yield {**good, param.name: "certainly not"}
        if param.choices:
            yield {**good, param.name: "no such choice"}


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_an_operation_of_the_other_kind_or_withheld_is_refused_before_any_request(account: str) -> None:
    async with adapter(account) as (provider, recorder):
        for operation in provider.declared:
            reading = operation.effect is Effect.READ
            refused = bool(operation.withheld or provider.offered(operation))
            calls = [provider.plan_operation if reading else provider.read_operation]
            if refused:
                calls.append(provider.read_operation if reading else provider.plan_operation)
            for call in calls:
                with pytest.raises(EventdeskError):
                    await call(operation.name, arguments_of(operation))
        assert recorder.requests == []


class _Nothing:
    """A step's context without earlier values."""

    values: dict[str, str] = {}
    seconds_left = 20.0

    async def progress(self, done: float, total: float | None, message: str) -> None: ...

    async def sleep(self, seconds: float) -> None: ...
