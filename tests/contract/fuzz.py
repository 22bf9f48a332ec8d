"""Generated requests, valid and invalid ones, against the stand-in, and which of its answers the contract refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, GenerationMode, Response
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import AcceptedNegativeData, JsonSchemaError, RejectedPositiveData

from eventdesk_server.sandbox.eventschedule import EventScheduleStandIn
from eventdesk_server.sandbox.world import Sandbox
from tests.support import NOW, ROOT

EXAMPLES = 60
"""Valid requests, and as many invalid ones, to each operation."""
Known = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer that a check refuses. `says` holds the points of it, in words that stay the same."""

    operation: str
    check: str
    says: tuple[str, ...]
    curl: str


def fuzz(document: Mapping[str, Any], operation: str, examples: int = EXAMPLES) -> list[Finding]:
    """Send generated requests to one operation of a fresh stand-in; the same ones each time."""
    found: list[Finding] = []
    with Sandbox([EventScheduleStandIn], now=NOW, limits=False, switches={"eventschedule.pause": 0}) as sandbox:
        schema = schemathesis.openapi.from_dict(dict(document))
        schema.app = sandbox.app
        method, path = operation.split(" ")
        connection = sandbox.connections(ROOT)["eventschedule"]
        url, headers = connection["base_url"], {"Accept": "application/json", "X-API-Key": connection["key"]}
        known = _known(schema, url, headers)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=examples,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=schema[path][method].as_strategy(generation_mode=mode), data=st.data())
            def one(case: Case, data: st.DataObject) -> None:
                _fill(case, data, known)
                spoilt = any(mutation["parameter_location"] == "header" for mutation in _mutations(case))
                case.headers = {**(case.headers or {}), **({} if spoilt else headers)}
                found.extend(_findings(operation, case, case.call(base_url=url)))

            one()
    return found


def _known(schema: BaseSchema, url: str, headers: Mapping[str, str]) -> Known:
    """What exists in the demo season: values for parameters and bodies, by the path that they fit."""

    def read(path: str) -> list[dict[str, Any]]:
        return schema[path]["GET"].Case(headers=dict(headers)).call(base_url=url).json()["data"]

    schedules, events, sales = read("/schedules"), read("/events"), read("/sales")
    by_name = [{"subdomain": schedule["subdomain"]} for schedule in schedules]
    by_id = [{"id": event["id"]} for event in events]
    return {
        "/schedules/{subdomain}": by_name,
        "/schedules/{subdomain}/groups": by_name,
        "/schedules/{subdomain}/groups/{group_id}": [
            {"subdomain": schedule["subdomain"], "group_id": group["id"]}
            for schedule in schedules
            for group in schedule["groups"]
        ],
        "/events/{id}": by_id,
        "/events/{subdomain}": by_name,
        "/events/flyer/{event_id}": [{"event_id": event["id"]} for event in events],
        "/sales/{id}": [{"id": sale["id"]} for sale in sales],
        "/sales": [
            {"event_id": event["id"], "tickets": {ticket["id"]: 1}}
            for event in events
            for ticket in event.get("tickets", [])
        ],
    }


def _fill(case: Case, data: st.DataObject, known: Known) -> None:
    """Name what exists, three times in four: requests that meet nothing but 404 prove little."""
    values = known.get(case.operation.path)
    if not values or not data.draw(st.integers(0, 3)):
        return
    chosen = data.draw(st.sampled_from(values))
    if case.path_parameters:
        case.path_parameters.update(chosen)
    elif isinstance(case.body, dict) and not _mutations(case):
        case.body.update(chosen)


def _mutations(case: Case) -> list[dict[str, Any]]:
    """What was made invalid on purpose."""
    data = case.meta.phase.data if case.meta is not None else None
    return [mutation.to_dict() for mutation in getattr(data, "mutations", ())]


def _findings(operation: str, case: Case, response: Response) -> Iterator[Finding]:
    try:
        case.validate_response(response)
    except FailureGroup as group:
        for failure in group.exceptions:
            assert isinstance(failure, Failure)
            yield Finding(operation, type(failure).__name__, _points(failure, case, response), case.as_curl_command())


def _points(failure: Failure, case: Case, response: Response) -> tuple[str, ...]:
    match failure:
        case AcceptedNegativeData():
            return tuple(sorted({_violation(mutation, case) for mutation in _mutations(case)}))
        case RejectedPositiveData():
            body = response.json()
            errors = [str(message) for messages in body.get("errors", {}).values() for message in messages]
            return tuple(f"{response.status_code} {text}" for text in errors or [body.get("error") or body["message"]])
        case JsonSchemaError():
            return (failure.message.split("\n\n")[0], failure.message.partition("Schema at ")[2].split(":")[0])
        case _:
            return (str(response.status_code),)


def _violation(mutation: Mapping[str, Any], case: Case) -> str:
    """What was wrong with the request: where, against which keyword, and whether there was simply nothing."""
    where = mutation["parameter"] or "/".join(map(str, mutation["path"])) or mutation["operator"]
    value = (case.query or {}).get(where, "something")
    blank = ": blank" if isinstance(value, str) and not value.strip() else ""
    return f"{mutation['parameter_location']} {where} {' '.join(mutation['keywords'])}".strip() + blank
