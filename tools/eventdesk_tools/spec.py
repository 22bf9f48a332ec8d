"""A tool's shape: its arguments, its effect, and the schema that clients are sent."""

import difflib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import shown

MAX_ARGUMENT = 20_000
"""Characters in one text argument. No platform takes more; a megabyte is a mistake."""


class Closed(BaseModel):
    """An object of a tool's arguments. Unknown names are errors; `"5"`, `"true"` and `"[…]"` do where no text is asked.

    What is optional is not given where it is null, or blank and not text. Words are taken in any case.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _forgive(cls, given: Any) -> Any:
        if isinstance(given, str):
            given = _from_json(given)
        if not isinstance(given, dict):
            return given
        decoded = {name: _decoded(value, cls, name) for name, value in cast("dict[Any, Any]", given).items()}
        optional = {name for name, known in cls.model_fields.items() if not known.is_required()}
        return {name: value for name, value in decoded.items() if value is not None or name not in optional}


class ToolArgs(Closed):
    """Arguments of a tool."""


def _decoded(value: Any, model: type[BaseModel], name: Any) -> Any:
    known = model.model_fields.get(str(name))
    if known is None or _is_text(known.annotation):
        return value
    choices = _choices(known.annotation)
    if choices:
        return _worded(value, choices)
    if isinstance(value, str):
        value = _from_json(value) if value.strip() else None
    if isinstance(value, list):
        (item, *_) = get_args(known.annotation) or (None,)
        return [_worded(one, _choices(item)) for one in cast("list[Any]", value)]
    if isinstance(value, bool) and _is_a(int, known.annotation):
        return str(value)  # which is no number: else true would be 1
    return value


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_text(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, str)


def _is_a(kind: type, annotation: Any) -> bool:
    return annotation is kind or kind in get_args(annotation)


def _choices(annotation: Any) -> list[str]:
    """The words of a literal; none where something else is asked."""
    return [choice for choice in get_args(annotation) if isinstance(choice, str)]


def _worded(value: Any, choices: list[str]) -> Any:
    """The word that is meant, whatever its case and the blanks around it; None for blanks."""
    if not isinstance(value, str) or value in choices:
        return value
    if not value.strip():
        return None
    return next((word for word in choices if word.casefold() == value.strip().casefold()), value)


_UNPUBLISHED = frozenset({"$defs", "maxLength", "maxItems", "minItems", "minimum", "maximum"})
"""Checked, and not sent: a model never meets these bounds, and pays for their text on every call."""


def column_names(most: int, says: str = "") -> Any:
    """The field of a list's columns: checked as any choice, and published as a line of words.

    An `enum` costs two tokens a word where a line costs one, and there are sixty columns.
    """

    def told(schema: dict[str, Any]) -> None:
        words = " ".join(schema["items"]["enum"])
        schema |= {"items": {"type": "string"}, "description": f"{says}: {words}" if says else words}

    return Field(max_length=most, json_schema_extra=told)


Handler = Callable[[Call, Any], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool. Its name is the handler's name, and its description is the handler's docstring: the model reads both.

    `needs` is what some account must offer for the tool to be listed. `only_without_asking` lists it only where the
    client cannot ask a person. `opt_in` is a condition of the desk for a tool that is off by default. `open_world` is false for what never reaches a platform.
    """

    title: str
    args: type[ToolArgs]
    handler: Handler
    effect: Effect
    needs: Capability | None = None
    only_without_asking: bool = False
    opt_in: Callable[[Desk], bool] | None = None
    open_world: bool = True

    @property
    def name(self) -> str:
        return self.handler.__name__  # pyright: ignore[reportFunctionMemberAccess, reportUnknownVariableType]

    @property
    def description(self) -> str:
        return " ".join((self.handler.__doc__ or "").split())

    @property
    def schema(self) -> dict[str, Json]:
        return slim(self.args.model_json_schema())

    @property
    def hints(self) -> dict[str, bool]:
        """The four hints of the protocol, all from the effect."""
        return {
            "readOnlyHint": self.effect is Effect.READ,
            "destructiveHint": self.effect in {Effect.CHANGE, Effect.REMOVE},
            "idempotentHint": True,
            "openWorldHint": self.open_world,
        }

    def parse(self, arguments: Mapping[str, Any]) -> ToolArgs:
        """Check a call's arguments.

        Raises:
            InvalidArguments: Some do not fit; an unknown name comes with the nearest known one.
        """
        try:
            return self.args.model_validate(dict(arguments))
        except ValidationError as exc:
            raise explain(exc, self) from None


def slim(node: Any, defs: Mapping[str, Any] | None = None) -> Any:
    """JSON Schema without pydantic's noise: no titles, no `$ref`, no defaults that say nothing."""
    if isinstance(node, list):
        return [slim(item, defs) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    given = cast("dict[str, Any]", node)
    defs = given.get("$defs", {}) if defs is None else defs
    out: dict[str, Any] = {}
    for key, value in given.items():
        if key in _UNPUBLISHED or (key == "title" and isinstance(value, str)) or _says_nothing(key, value):
            continue
        if key == "properties":
            out[key] = {name: slim(sub, defs) for name, sub in value.items()}
        elif key == "default":
            if value not in ("", False, None, [], {}):
                out[key] = value
        elif key == "enum":
            out[key] = [choice for choice in value if choice != ""]  # "" is what leaving it out means
        elif key in {"required", "const"}:
            out[key] = value
        elif key != "description" or "properties" not in given:
            out[key] = slim(value, defs)
    arms = [arm for arm in out.get("anyOf", []) if arm != {"type": "null"}]
    if len(arms) == 1:
        del out["anyOf"]
        out = {**arms[0], **out}
    ref = out.pop("$ref", None)
    if ref is not None and defs is not None:
        out = {**slim(defs[ref.removeprefix("#/$defs/")], defs), **out}
    return {key: out[key] for key in sorted(out, key=lambda key: _ORDER.index(key) if key in _ORDER else -1)}


_ORDER = ("type", "description", "default", "enum", "items", "properties", "required", "additionalProperties")
"""What stands together in most schemas makes the fewest tokens."""


def _says_nothing(key: str, value: Any) -> bool:
    return key == "additionalProperties" and value is True


def explain(exc: ValidationError, spec: ToolSpec) -> InvalidArguments:
    """What is wrong with a call's arguments, in one sentence an argument, without their values."""
    parts: list[str] = []
    allowed: list[str] = []
    field = ""
    # A name that does not exist comes first: it explains why the right one is missing.
    errors = sorted(exc.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden")
    for error in errors[:5]:
        path = [str(part) for part in error["loc"]]
        where = ".".join(_safe(part) for part in path) or "arguments"
        field = field or where
        match error["type"]:
            case "extra_forbidden":
                known = _names_at(spec.args, error["loc"][:-1])
                near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
                parts.append(f"there is no argument {where}" + (f"; did you mean {near[0]}?" if near else ""))
                allowed = allowed or (near + [name for name in known if name not in near])
            case "missing":
                parts.append(f"{where} is required")
            case "literal_error" | "enum":
                expected = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ",")
                choices = [word.strip(" '") for word in expected.split(",") if word.strip(" '")]
                given = error["input"]
                near = (
                    difflib.get_close_matches(given.strip().casefold(), choices, n=3) if isinstance(given, str) else []
                )
                hint = f"; did you mean {near[0]}?" if near else ""
                parts.append(f"{where} must be one of {', '.join(choices)}{hint}")
                allowed = allowed or [*near, *(word for word in choices if word not in near)]
            case "string_type":
                parts.append(f"{where} must be text")
            case "string_too_long":
                parts.append(f"{where} is too long: at most {error.get('ctx', {}).get('max_length')} characters")
            case _:
                parts.append(f"{where}: {error['msg'].removeprefix('Value error, ')}")
    more = exc.error_count() - len(parts)
    text = "; ".join(parts) + (f"; and {more} more" if more > 0 else "")
    return InvalidArguments(
        f"{spec.name}: {text.rstrip('?')}{'?' if text.endswith('?') else '.'}",
        field=field,
        allowed=allowed[:10],
        next="Correct the arguments and call again.",
    )


def _safe(part: str) -> str:
    return part if part.isidentifier() and len(part) <= 40 else shown(part, 30)


def _names_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    here: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        known = here.model_fields.get(part) if isinstance(here, type) and issubclass(here, BaseModel) else None
        here = known.annotation if known is not None else None
        while here is not None and get_args(here):
            here = get_args(here)[0]
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []
