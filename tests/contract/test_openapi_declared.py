"""Event Schedule publishes an OpenAPI file: every endpoint and parameter of it is declared, and what differs says why."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.eventschedule.operations import ALL

SPEC: dict[str, Any] = json.loads((Path(__file__).parent / "eventschedule-openapi.json").read_text(encoding="utf-8"))
METHODS = {"get", "post", "put", "delete", "patch"}
SEEN = "a running server of August 2026 takes it; the file is older"
LEFT_OUT = {("create_event", "event_password"), ("update_event", "event_password")}
"""A password would stand in the conversation."""
ONLY_OURS = {
    **{(name, field): SEEN for name in ("create_event", "update_event") for field in ("rsvp_enabled", "rsvp_limit", "is_draft")},
    **{(name, field): SEEN for name in ("create_event", "update_event") for field in ("is_internal", "addons")},
    ("create_sale", "addons"): SEEN,
    ("list_events", "rsvp_enabled"): SEEN,
}  # fmt: skip
NEEDED = {("create_event", "name"), ("create_event", "starts_at")}
"""Required by the server, whose file says so in words only."""
FORMATS = {"date": "date", "binary": "file"}
KINDS = {"string": "text", "array": "list"}
OTHERWISE = {
    ("create_event", "starts_at"): "time",
    ("update_event", "starts_at"): "time",
    ("list_events", "tickets_enabled"): "integer",  # 1 or 0: "true" is refused
    ("list_fan_content", "is_approved"): "integer",
}
UNPUBLISHED = {"list_schedule_categories"}
"""Endpoints that the file does not have."""


def bare(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path).strip("/")


DECLARED: Mapping[tuple[str, str], Operation] = {(known.method, bare(known.path)): known for known in ALL}


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = SPEC
        for part in node["$ref"].lstrip("#/").split("/"):
            found = found[part]
        node = found
    return node


def published() -> Iterator[tuple[tuple[str, str], dict[tuple[str, str], tuple[bool, str]]]]:
    """Each endpoint of the file with its parameters: (where, name) to whether it must be sent, and its kind."""
    for path, item in SPEC["paths"].items():
        for method in sorted(METHODS & set(item)):
            told = item[method]
            params: dict[tuple[str, str], tuple[bool, str]] = {}
            for param in map(resolved, [*item.get("parameters", []), *told.get("parameters", [])]):
                if param["in"] == "query":
                    params["query", param["name"]] = (param.get("required", False), kind(param["schema"]))
            for content in resolved(told.get("requestBody", {})).get("content", {}).values():
                schema = resolved(content["schema"])
                for part in [*map(resolved, schema.get("allOf", [])), schema]:
                    for name, inner in part.get("properties", {}).items():
                        params["body", name] = (name in part.get("required", []), kind(inner))
            yield (method.upper(), bare(path)), params


def kind(schema: dict[str, Any]) -> str:
    told = resolved(schema)
    plain = str(told["type"])
    return FORMATS.get(told.get("format", ""), KINDS.get(plain, plain))


ENDPOINTS = dict(published())


def test_every_published_endpoint_is_declared_and_the_others_are_known() -> None:
    assert len(ENDPOINTS) == 26
    assert set(ENDPOINTS) <= set(DECLARED)
    assert {DECLARED[key].name for key in set(DECLARED) - set(ENDPOINTS)} == UNPUBLISHED


@pytest.mark.parametrize("key", ENDPOINTS, ids=lambda key: DECLARED[key].name)
def test_every_published_parameter_is_declared_as_it_is(key: tuple[str, str]) -> None:
    operation, told = DECLARED[key], ENDPOINTS[key]
    ours = {(param.where, param.name): param for param in operation.params if param.where != "path"}
    assert {(operation.name, name) for _, name in set(told) - set(ours)} <= LEFT_OUT
    assert {(operation.name, name) for _, name in set(ours) - set(told)} <= set(ONLY_OURS)
    for place in set(told) & set(ours):
        this, (required, what) = (operation.name, place[1]), told[place]
        assert ours[place].required == (required or this in NEEDED), this
        assert ours[place].kind == OTHERWISE.get(this, what), this


def test_no_deviation_is_listed_that_is_none() -> None:
    names = {operation.name: key for key, operation in DECLARED.items() if key in ENDPOINTS}
    for name, field in [*LEFT_OUT, *ONLY_OURS, *NEEDED, *OTHERWISE]:
        ours = {param.name: param for param in DECLARED[names[name]].params}
        told = {place[1]: what for place, what in ENDPOINTS[names[name]].items()}
        assert ((name, field) in LEFT_OUT) == (field in told and field not in ours)
        assert ((name, field) in ONLY_OURS) == (field in ours and field not in told)
        if (name, field) in NEEDED:
            assert not told[field][0]
        if (name, field) in OTHERWISE:
            assert told[field][1] != ours[field].kind
