"""Answers as structured content: the same facts as the text, tables as lists of objects, and the schema that says so."""

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from eventdesk_tools.effects import Effect
from eventdesk_tools.models import Json
from eventdesk_tools.spec import ToolSpec

TABLES = frozenset({"list_events", "list_sessions", "list_attendees", "list_sales", "list_accounts", "find_operations"})
"""Tools that always answer a table, if of no rows. Others may, or answer one object."""
_TEXT: Mapping[str, Json] = {"type": "string"}
_TEXTS: Mapping[str, Json] = {"type": "array", "items": {"type": "string"}}
_OBJECTS: Mapping[str, Json] = {"type": "array", "items": {"type": "object"}}
_READ: Mapping[str, Json] = {
    "items": _OBJECTS, "returned": {"type": "integer"}, "total": {"type": "integer"}, "next_cursor": _TEXT,
}  # fmt: skip
_WRITTEN: Mapping[str, Json] = {
    "outcome": _TEXT, "ref": _TEXT, "status": _TEXT, "account": _TEXT, "summary": _TEXT, "question": _TEXT, "url": _TEXT,
    "mail": _TEXT, "token": _TEXT, "approve_at": _TEXT, "requests": _OBJECTS, "changes": _OBJECTS, "undo": {"type": "object"},
}  # fmt: skip
_COUNTS = frozenset({"sold", "left", "capacity", "seats", "quantity"})
_FLAGS = frozenset({"test", "paid", "checked_in"})
_ALL: Mapping[str, Json] = {"notes": _TEXTS, "sandbox": {"type": "boolean"}}


def structured(value: Json, *, key: str = "") -> Any:
    """An answer in which every table of ours is `items`, a list of objects. What a platform answered stays as it is."""
    if isinstance(value, list):
        return [structured(item) for item in cast("list[Json]", value)]
    if not isinstance(value, dict) or key == "answer":
        return cast("Any", value)
    given = {name: structured(item, key=name) for name, item in cast("dict[str, Json]", value).items()}
    columns, rows = given.get("columns"), given.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list) or "items" in given:
        return given
    names = cast("list[str]", columns)
    items = [dict(zip(names, row, strict=True)) for row in cast("Sequence[list[Json]]", rows)]
    return {"items": items, **{name: item for name, item in given.items() if name not in {"columns", "rows"}}}


def output_schema(spec: ToolSpec) -> dict[str, Any]:
    """What a tool's structured content is: an object, open, with the fields that are always of one type."""
    fields: dict[str, Any] = {**(_READ if spec.effect is Effect.READ else _WRITTEN), **_ALL}
    columns = _columns(spec)
    if columns:
        fields["items"] = {
            "type": "array",
            "items": {"type": "object", "properties": {name: _cell(name, spec) for name in columns}},
        }
    needed = {"required": ["items"]} if spec.name in TABLES else {}
    return {"type": "object", "properties": fields, **needed}


def _cell(name: str, spec: ToolSpec) -> dict[str, Json]:
    """What a column holds; null where the platform does not tell it.

    Where people can be counted by what they answered, a column may bear the name of any question.
    """
    kind = "integer" if name in _COUNTS else "boolean" if name in _FLAGS else "string"
    answered = ["string"] if kind != "string" and "count_by" in spec.args.model_fields else []
    return {"type": [kind, *answered, "null"]}


def _columns(spec: ToolSpec) -> list[str]:
    """The columns that can be asked for; none where they are not chosen."""
    known = spec.args.model_fields.get("fields")
    item = get_args(known.annotation)[0] if known is not None and get_args(known.annotation) else None
    return [name for name in get_args(item) if isinstance(name, str)]
