"""The published schemas against what the tool formats of Anthropic, OpenAI and Gemini take.

Looked up on 2026-11-21:

- Anthropic: platform.claude.com, "Self-hosted sandboxes" (schemas of MCP servers' tools): no `$ref` anywhere; no `anyOf`, `oneOf`,
  `allOf` at the top; property names of 1 to 64 letters, digits, `_`, `.`, `-`. Tool names: `^[a-zA-Z0-9_-]{1,64}$`. JSON Schema 2020-12.
- OpenAI, functions: the name is of letters, digits, `_` and `-`, at most 64; `parameters` is a JSON Schema object.
- OpenAI, `strict: true`: platform.openai.com and learn.microsoft.com, "Structured outputs": every object is closed, all its properties are
  required (what is optional becomes nullable), 100 properties, five levels, and none of `_NOT_STRICT`. The tightest published figures are
  taken; newer models allow more.
- Gemini: cloud.google.com, "FunctionDeclaration" and "Schema": the name begins with a letter or `_`, is of letters, digits, `_`, `.`,
  `-`, at most 64 (63 at ai.google.dev); parameter names of letters, digits, `_`; `parameters` is a subset of OpenAPI 3.0,
  `parametersJsonSchema` a JSON Schema. `additionalProperties` is no field of the subset: clients send it by the latter or drop it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import jsonschema_rs
import pytest

from eventdesk_server.binding import published
from eventdesk_tools.catalog import BY_NAME, CATALOG

Schema = Mapping[str, Any]
_TYPES = {"string", "integer", "number", "boolean", "array", "object"}
_NOT_STRICT = {
    "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "multipleOf", "patternProperties",
    "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties", "unevaluatedItems", "contains", "minContains",
    "maxContains", "minItems", "maxItems", "uniqueItems", "default", "allOf", "not", "oneOf", "if", "then", "else",
    "dependentRequired", "dependentSchemas",
}  # fmt: skip
_GEMINI = {
    "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required",
    "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default",
    "items", "minimum", "maximum",
}  # fmt: skip


def nodes(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every schema inside a schema, with its place."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from nodes(inner, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key], f"{path}[{key}]")
    for key in ("anyOf", "oneOf", "allOf"):
        for at, inner in enumerate(cast("list[Schema]", schema.get(key, []))):
            yield from nodes(inner, f"{path}.{key}{at}")


def anthropic(name: str, schema: Schema) -> list[str]:
    wrong: list[str] = []
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        wrong.append(f"name {name}")
    if schema.get("type") != "object":
        wrong.append("the top is no object")
    wrong += [f"top {key}" for key in ("anyOf", "oneOf", "allOf") if key in schema]
    for path, node in nodes(schema):
        wrong += [f"{path}: {key}" for key in ("$ref", "$dynamicRef", "$defs") if key in node]
        wrong += [
            f"{path}: property {p}" for p in node.get("properties", {}) if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", p)
        ]
    return wrong


def openai(name: str, schema: Schema) -> list[str]:
    wrong = [] if re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) else [f"name {name}"]
    if schema.get("type") != "object" or "properties" not in schema:
        wrong.append("the top is no object with properties")
    wrong += [
        f"{path}: no items" for path, node in nodes(schema) if node.get("type") == "array" and "items" not in node
    ]
    return wrong


def openai_strict(name: str, schema: Schema) -> list[str]:
    wrong = openai(name, schema)
    properties = 0
    for path, node in nodes(schema):
        wrong += [f"{path}: {key}" for key in node if key in _NOT_STRICT]
        if node.get("type") == "object" or "object" in node.get("type", []):
            names = set(node.get("properties", {}))
            properties += len(names)
            if node.get("additionalProperties") is not False:
                wrong.append(f"{path}: open")
            wrong += [f"{path}.{p}: optional" for p in sorted(names - set(node.get("required", [])))]
        if path.count(".") > 5:
            wrong.append(f"{path}: too deep")
    return [*wrong, *(["too many properties"] if properties > 100 else [])]


def gemini(name: str, schema: Schema) -> list[str]:
    """The OpenAPI subset; `additionalProperties` is dropped, as every converter does."""
    wrong = [] if re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,62}", name) else [f"name {name}"]
    for path, node in nodes(schema):
        wrong += [f"{path}: {key}" for key in node if key not in _GEMINI | {"additionalProperties"}]
        if not isinstance(node.get("type"), str) or node["type"] not in _TYPES:
            wrong.append(f"{path}: type {node.get('type')}")
        if "enum" in node and (node.get("type") != "string" or not all(w and isinstance(w, str) for w in node["enum"])):
            wrong.append(f"{path}: an enum of something else than words")
        if node.get("type") == "array" and "items" not in node:
            wrong.append(f"{path}: no items")
        wrong += [f"{path}: required {r}" for r in node.get("required", []) if r not in node.get("properties", {})]
        wrong += [
            f"{path}: property {p}"
            for p in node.get("properties", {})
            if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}", p)
        ]
    return wrong


def made_strict(schema: Schema) -> dict[str, Any]:
    """As the SDKs turn a schema strict: everything is required, what was optional is nullable, defaults go."""
    out = {key: value for key, value in schema.items() if key != "default"}
    if "items" in out:
        out["items"] = made_strict(out["items"])
    if "properties" in out:
        needed = set(out.get("required", []))
        inner = {name: made_strict(sub) for name, sub in out["properties"].items()}
        out["properties"] = {
            name: sub if name in needed else {**sub, "type": [sub["type"], "null"], **({"enum": [*sub["enum"], None]} if "enum" in sub else {})}
            for name, sub in inner.items()
        }  # fmt: skip
        out["required"] = list(inner)
    return out


@pytest.mark.parametrize("spec", CATALOG, ids=[spec.name for spec in CATALOG])
@pytest.mark.parametrize("check", [anthropic, openai, gemini])
def test_a_published_schema_fits_the_format(spec: Any, check: Any) -> None:
    tool = published(spec)
    assert check(tool.name, tool.input_schema) == []
    jsonschema_rs.Draft202012Validator(tool.input_schema)


def test_which_tools_are_strict_as_they_are_and_which_can_be_made_so() -> None:
    """Strict mode asks that everything be required, and ours is optional where it can be: making it nullable is the clients' way,
    and null is taken for "not given". Two tools can never be strict: an operation's arguments are an open object."""
    as_is = {spec.name for spec in CATALOG if not openai_strict(spec.name, spec.schema)}
    made = {spec.name for spec in CATALOG if not openai_strict(spec.name, made_strict(spec.schema))}
    assert as_is == {"apply_preview"}
    assert {spec.name for spec in CATALOG} - made == {"call_read_operation", "call_write_operation"}


@pytest.mark.parametrize("spec", [s for s in CATALOG if "operation" not in s.name], ids=lambda s: s.name)
def test_a_strict_call_with_null_for_all_that_is_optional_is_taken(spec: Any) -> None:
    strict = made_strict(spec.schema)
    samples = {"string": "x", "array": ["x"], "boolean": True}
    special = {"items": [{"item": "x", "quantity": 1}], "list": "events", "action": "refund"}
    given = {
        name: special.get(name, samples.get(sub["type"])) if name in spec.schema.get("required", []) else None
        for name, sub in strict["properties"].items()
    }
    assert jsonschema_rs.Draft202012Validator(strict).is_valid(given)
    assert spec.parse(given).model_fields_set == set(spec.schema.get("required", []))


@pytest.mark.parametrize(
    ("check", "name", "schema"),
    [
        (anthropic, "a b", {"type": "object"}),
        (anthropic, "x", {"type": "object", "anyOf": []}),
        (anthropic, "x", {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}),
        (anthropic, "x", {"type": "object", "properties": {"a b": {"type": "string"}}}),
        (openai, "x", {"type": "object", "properties": {"a": {"type": "array"}}}),
        (openai, "x.y", {"type": "object", "properties": {}}),
        (openai_strict, "x", {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
        (
            openai_strict,
            "x",
            {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
        ),
        (gemini, "9x", {"type": "object"}),
        (gemini, "x", {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}),
        (gemini, "x", {"type": "object", "properties": {"a": {"type": "integer", "enum": [1]}}}),
        (gemini, "x", {"type": "object", "properties": {"a": {"type": "string", "enum": [""]}}}),
        (gemini, "x", {"type": "object", "properties": {"a": {"type": "string", "const": "x"}}}),
        (gemini, "x", {"type": "object", "required": ["a"], "properties": {}}),
    ],
)
def test_a_validator_finds_what_its_format_refuses(check: Any, name: str, schema: Schema) -> None:
    assert check(name, schema)


def test_every_tool_of_the_catalog_was_looked_at() -> None:
    assert len(CATALOG) == len(BY_NAME) == 21
