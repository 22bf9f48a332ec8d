"""From an answer's bytes to what an adapter asked for. Failures name the place, never the value."""

import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pydantic_core
from pydantic import TypeAdapter, ValidationError

from eventdesk_server.http.exchange import Answer

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"
_PLACE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_WORDS = {"missing": "is missing", "json_invalid": "is no valid JSON"}

_adapters: dict[Any, TypeAdapter[Any]] = {}


class WrongShape(Exception):
    """The answer is not what was expected; the text says where."""


def adapter_of(answer: type[T] | TypeAdapter[T]) -> TypeAdapter[T]:
    """The validator of a type, built once."""
    if isinstance(answer, TypeAdapter):
        return answer
    found = _adapters.get(answer)
    if found is None:
        found = _adapters[answer] = TypeAdapter(answer)
    return found


def parse(answer: Answer, adapter: TypeAdapter[T], succeeded: Callable[[Any], bool] | None) -> tuple[T, bool]:
    """The parsed body, and whether it means success. An empty body and `null` are None.

    Raises:
        WrongShape: The body is no JSON, or another one than expected.
    """
    body = answer.body.removeprefix(_BOM)
    if not body.strip():
        body = b"null"
    elif answer.is_page:
        raise WrongShape("a web page came instead of data")
    elif answer.content_type and "json" not in answer.content_type:
        raise WrongShape("the answer is not marked as JSON")
    if succeeded is not None and not _succeeded(body, succeeded):
        return cast("T", None), False
    try:
        return adapter.validate_json(body), True
    except ValidationError as exc:
        # Not chained: its text quotes the values it found.
        raise WrongShape(_where(exc)) from None


def decoded(answer: Answer) -> object:
    """The body of a refusal, decoded as far as it can be: None when it is no JSON."""
    try:
        return pydantic_core.from_json(answer.body)
    except ValueError:
        return None


def _succeeded(body: bytes, succeeded: Callable[[Any], bool]) -> bool:
    try:
        return succeeded(pydantic_core.from_json(body))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise WrongShape("the answer is cut off or of another shape") from None


def _where(exc: ValidationError) -> str:
    error = exc.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) if isinstance(part, int) or _PLACE.fullmatch(part) else "…" for part in error["loc"])
    return f"{place[:80] or 'the answer'} {_WORDS.get(error['type'], 'is of another kind (' + error['type'] + ')')}"
