"""Generated requests, valid and invalid ones, against the stand-in, and which of its answers the contract refuses."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

from eventdesk_server.sandbox.eventschedule import EventScheduleStandIn
from eventdesk_server.sandbox.world import Sandbox
from tests.support import NOW, ROOT

# The library's own types of these have parameters that it does not name.
AnySchema = Any
AnyCase = Any
AnyResponse = Any
SEED = 20270301
EXAMPLES = 60
"""Valid requests, and as many invalid ones, to each operation."""
_JSON = {"Accept": "application/json"}
_SLOW_OR_PICKY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer that a check refuses. `says` holds the points of it, in words that stay the same."""

    operation: str
    check: str
    says: tuple[str, ...]
    curl: str


class Ground:
    """A fresh stand-in with the demo season, behind a contract."""

    def __init__(self, sandbox: Sandbox, document: Mapping[str, Any]) -> None:
        connection = sandbox.connections(ROOT)["eventschedule"]
        self.url, self._key = connection["base_url"], {"X-API-Key": connection["key"]}
        self._app = sandbox.app
        self._document = document
        self.schema = self._loaded(document)
        schedules, events, sales = self._read("/schedules"), self._read("/events"), self._read("/sales")
        groups = [(schedule, group) for schedule in schedules for group in schedule["groups"]]
        by_name = [{"subdomain": schedule["subdomain"]} for schedule in schedules]
        by_id = [{"id": event["id"]} for event in events]
        tickets = [(event, ticket) for event in events for ticket in event.get("tickets", [])]
        self._values: Mapping[str, list[dict[str, Any]]] = {
            "/schedules/{subdomain}": by_name,
            "/schedules/{subdomain}/groups": by_name,
            "/schedules/{subdomain}/groups/{group_id}": [
                {"subdomain": schedule["subdomain"], "group_id": group["id"]} for schedule, group in groups
            ],
            "/events/{id}": by_id,
            "/events/{subdomain}": by_name,
            "/events/flyer/{event_id}": [{"event_id": event["id"]} for event in events],
            "/sales/{id}": [{"id": sale["id"]} for sale in sales],
            "/sales": [{"event_id": event["id"], "tickets": {ticket["id"]: 1}} for event, ticket in tickets],
        }
        self._ids = {
            **{f"$group {group['slug']}": group["id"] for _, group in groups},
            **{f"$event {event['name']}": event["id"] for event in events},
            **{f"$ticket {event['name']}": ticket["id"] for event, ticket in tickets},
            **{f"$sale {sale['status']}": sale["id"] for sale in sales},
        }

    def _loaded(self, document: Mapping[str, Any]) -> AnySchema:
        schema = schemathesis.openapi.from_dict(dict(document))
        schema.app = self._app
        return schema

    def _read(self, path: str) -> list[dict[str, Any]]:
        case = self.schema[path]["GET"].Case(headers=dict(self._key))
        return case.call(base_url=self.url, headers=_JSON).json()["data"]

    def ask(
        self, operation: str, mode: GenerationMode, times: int, *, keyless: bool
    ) -> list[tuple[AnyCase, AnyResponse]]:
        """Send generated requests to one operation. `keyless` describes it as one that needs no key: else most of
        what is invalid would be the key, and be refused for it.
        """
        method, path = operation.split(" ")
        schema = self._loaded({**self._document, "security": []} if keyless else self._document)
        target = schema[path][method]
        exchanges: list[tuple[AnyCase, AnyResponse]] = []

        @seed(SEED)
        @settings(
            max_examples=times,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=_SLOW_OR_PICKY,
        )
        @given(case=target.as_strategy(generation_mode=mode), data=st.data())
        def one(case: AnyCase, data: st.DataObject) -> None:
            self._fill(case, data)
            spoilt = any(mutation["parameter_location"] == "header" for mutation in _mutations(case))
            case.headers = {**(case.headers or {}), **({} if spoilt else self._key)}
            exchanges.append((case, case.call(base_url=self.url, headers=_JSON)))

        try:
            one()
        except Unsatisfiable:
            # Nothing invalid can be sent where there is nothing but a text in the path.
            assert mode is GenerationMode.NEGATIVE
            assert not list(target.query)
            assert not list(target.body)
        return exchanges

    def _fill(self, case: AnyCase, data: st.DataObject) -> None:
        """Name what exists, three times in four: requests that meet nothing but 404 prove little."""
        values = self._values.get(case.operation.path)
        if not values or not data.draw(st.integers(0, 3)):
            return
        chosen = data.draw(st.sampled_from(values))
        if case.path_parameters:
            case.path_parameters.update(chosen)
        elif not _mutations(case) and _is_object(case.body):
            case.body = {**case.body, **chosen}

    def send(self, operation: str, example: Mapping[str, Any]) -> tuple[AnyCase, AnyResponse]:
        """Send one written request. `$event NAME` and the like stand for the ids of the season."""
        method, path = operation.split(" ")
        target = self.schema[path][method]
        body = {"body": self._resolved(example["body"])} if "body" in example else {}
        case = target.Case(
            path_parameters=self._resolved(example.get("path", {})),
            query=dict(example.get("query", {})),
            headers=dict(self._key),
            media_type=next((described.media_type for described in target.body), None),
            **body,
        )
        return case, case.call(base_url=self.url, headers=_JSON)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._resolved(k): self._resolved(v) for k, v in cast("dict[Any, Any]", value).items()}
        if isinstance(value, str) and value.startswith("$"):
            return self._ids[value]
        return value


@contextmanager
def ground(document: Mapping[str, Any]) -> Generator[Ground]:
    """A stand-in, self-hosted, with no limits and at a pinned time."""
    with Sandbox([EventScheduleStandIn], now=NOW, limits=False, switches={"eventschedule.pause": 0}) as sandbox:
        yield Ground(sandbox, document)


def fuzz(document: Mapping[str, Any], operation: str, examples: int = EXAMPLES) -> list[Finding]:
    """Send valid and invalid requests to one operation of a fresh stand-in; the same ones each time."""
    with ground(document) as there:
        exchanges = [
            *there.ask(operation, GenerationMode.POSITIVE, examples, keyless=False),
            *there.ask(operation, GenerationMode.NEGATIVE, examples, keyless=True),
            *there.ask(operation, GenerationMode.NEGATIVE, examples // 4, keyless=False),
        ]
        return [finding for case, response in exchanges for finding in _findings(operation, case, response)]


def findings_of(document: Mapping[str, Any], operation: str, example: Mapping[str, Any]) -> list[Finding]:
    """What the checks say to one written request and its answer."""
    with ground(document) as there:
        case, response = there.send(operation, example)
        found = list(_findings(operation, case, response))
        invalid = sorted({*_invalid_query(case), *_invalid_parts(case)})
        if invalid and response.status_code < 300:
            found.append(Finding(operation, "AcceptedNegativeData", tuple(invalid), case.as_curl_command()))
        if not invalid and response.status_code in {400, 422}:
            found.append(Finding(operation, "RejectedPositiveData", _refusals(response), case.as_curl_command()))
        return found


def _mutations(case: AnyCase) -> list[dict[str, Any]]:
    """What was made invalid on purpose."""
    data = case.meta.phase.data if case.meta is not None else None
    return [mutation.to_dict() for mutation in getattr(data, "mutations", ())]


def _findings(operation: str, case: AnyCase, response: AnyResponse) -> Iterator[Finding]:
    try:
        case.validate_response(response)
    except FailureGroup as group:
        for failure in group.exceptions:
            assert isinstance(failure, Failure)
            if points := _points(failure, case, response):
                yield Finding(operation, type(failure).__name__, points, case.as_curl_command())


def _points(failure: Failure, case: AnyCase, response: AnyResponse) -> tuple[str, ...]:
    match failure:
        case AcceptedNegativeData():
            return tuple(sorted(_violations(case)))
        case RejectedPositiveData():
            return _refusals(response)
        case JsonSchemaError():
            return (failure.message.split("\n\n")[0], failure.message.partition("Schema at ")[2].split(":")[0])
        case _:
            return (str(response.status_code),)


def _refusals(response: AnyResponse) -> tuple[str, ...]:
    body = response.json()
    errors = [str(message) for messages in body.get("errors", {}).values() for message in messages]
    return tuple(f"{response.status_code} {text}" for text in errors or [body.get("error") or body["message"]])


def _violations(case: AnyCase) -> set[str]:
    """What was wrong with the request: where, against which keyword, and what kind of value it was."""
    found: set[str] = set()
    for mutation in _mutations(case):
        location, where = mutation["parameter_location"], mutation["parameter"]
        if location == "body" and mutation["operator"] != "syntax_fuzzing":
            found |= set(_invalid_parts(case))
        else:
            query: Mapping[str, Any] = case.query or {}
            value = query.get(where, ...)
            words = [location, where or mutation["operator"], *mutation["keywords"], _kind(value)]
            found.add(" ".join(filter(None, words)))
    return found


def _invalid_parts(case: AnyCase) -> Iterator[str]:
    """What is really invalid in a body: of several mutations some undo each other."""
    for described in case.operation.body:
        for error in _errors(described.unoptimized_schema, case.body):
            value: Any = case.body
            for part in error.instance_path:
                value = value[part]
            path = "/".join(str(part) for part in error.instance_path if not isinstance(part, int))
            yield " ".join(filter(None, ["body", path, str(error.schema_path[-1]), _kind(value)]))


def _invalid_query(case: AnyCase) -> Iterator[str]:
    for described in case.operation.query:
        if described.name in (case.query or {}):
            value = case.query[described.name]
            for error in _errors(described.unoptimized_schema, value):
                yield " ".join(filter(None, ["query", described.name, str(error.schema_path[-1]), _kind(value)]))


def _errors(schema: Any, value: Any) -> list[jsonschema_rs.ValidationError]:
    return list(jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(value))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _kind(value: Any) -> str:
    """The kinds of values of which the platform takes more than the contract says."""
    if isinstance(value, list) and value:
        return _kind(cast("list[Any]", value)[-1])
    text = value.replace("\0", " ") if isinstance(value, str) else "given"
    nameless = isinstance(value, dict) and not any(cast("dict[str, Any]", value))  # in a query it is written as nothing
    if value is None or value == [] or nameless or not text.strip():
        return "(empty)"
    return "(padded)" if text != text.strip() else ""
