"""The vendor's OpenAPI file, and the listed deviations of the platform from it."""

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_BODIES: Mapping[str, Any] = {
    "error": {"$ref": "#/components/schemas/Error"},
    "message": {
        "type": "object",
        "properties": {"message": {"type": "string"}, "errors": {"type": "object"}},
        "required": ["message"],
    },
}
"""The two families of refusals: the platform's own, and its framework's."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One correction of the file, and a request that shows the need for it."""

    name: str
    operation: str
    apply: Callable[[dict[str, Any]], None]
    example: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that operations do against a check, and that no schema can say. `says` is a regular expression; the example does it."""

    operations: tuple[str, ...]
    check: str
    says: str
    operation: str
    example: Mapping[str, Any]

    def explains(self, operation: str, check: str, point: str) -> bool:
        return operation in self.operations and check == self.check and bool(re.fullmatch(self.says, point, re.DOTALL))


class Contract:
    """The file and the list."""

    def __init__(self) -> None:
        self._file = (HERE / "eventschedule-openapi.json").read_text(encoding="utf-8")
        listed = json.loads((HERE / "eventschedule-deviations.json").read_text(encoding="utf-8"))
        answers = [_answer(entry) for entry in listed["answers"]]
        self.edits = [*answers, *(_shape(entry) for entry in listed["shapes"])]
        self.behaviour = [_behaviour(e) for e in listed["behaviour"]]
        unexplained = [e for part in listed.values() for e in part if not e["why"].strip()]
        if unexplained:
            raise ValueError(f"a deviation without a reason: {unexplained[0]}")

    def document(self, without: Edit | None = None) -> dict[str, Any]:
        """The file with the corrections, all or all but one."""
        document = json.loads(self._file)
        for edit in self.edits:
            if edit is not without:
                edit.apply(document)
        return document

    @cached_property
    def operations(self) -> list[str]:
        """All operations, as `GET /events`."""
        paths = json.loads(self._file)["paths"]
        return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def _answer(entry: Mapping[str, Any]) -> Edit:
    method, path = entry["operation"].split(" ")
    status = str(entry["status"])

    def apply(document: dict[str, Any]) -> None:
        responses = document["paths"][path][method.lower()]["responses"]
        if status in responses:
            raise ValueError(f"{entry['operation']}: the file names {status} itself")
        responses[status] = {"description": "", "content": {"application/json": {"schema": _BODIES[entry["body"]]}}}

    return Edit(f"{entry['operation']} answers {status}", entry["operation"], apply, entry["example"])


def _shape(entry: Mapping[str, Any]) -> Edit:
    *keys, last = [part.replace("~1", "/").replace("~0", "~") for part in entry["at"].split("/")[1:]]

    def apply(document: dict[str, Any]) -> None:
        node: Any = document
        for key in keys:
            node = node[int(key) if isinstance(node, list) else key]
        node[last] = copy.deepcopy(entry["is"])

    return Edit(entry["at"], entry["operation"], apply, entry["example"])


def _behaviour(entry: Mapping[str, Any]) -> Behaviour:
    example = dict(entry["example"])
    operation = example.pop("operation", entry["operations"][0])
    return Behaviour(tuple(entry["operations"]), entry["check"], entry["says"], operation, example)
