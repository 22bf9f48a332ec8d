"""Answers: JSON bodies, lists by page with links, and refusals in every shape that their `message` is known in."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

PAGE_SIZE: Final = 24
"""Default and cap. A larger size is ignored in silence (seen in the vendor's own client)."""
SLIM_SIZE: Final = 100
"""Default and cap of the slim list of events."""

NOT_FOUND: Final = "ActiveRecord::RecordNotFound"
"""The reference shows the class's name as the text."""

Json = dict[str, Any]


class Refusal(Exception):
    """A request turned away. `message` is a text, or the texts by field for a record that is not valid."""

    def __init__(
        self, status: int, message: str | Mapping[str, Sequence[str]], headers: Mapping[str, str] | None = None
    ):
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.headers = headers


def not_found() -> Refusal:
    """No record of that id, name or address."""
    return Refusal(404, NOT_FOUND)


def invalid(field: str, problem: str) -> Refusal:
    """One field is wrong."""
    return Refusal(422, {field: [problem]})


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer. `None` becomes the literal `null`."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, media_type="application/json; charset=utf-8")


def empty(status: int = 200) -> Response:
    """An answer without a body."""
    return Response(b"", status, media_type=None if status == 204 else "application/json; charset=utf-8")


def refuse(refusal: Refusal, shape: object) -> Response:
    """A refusal's answer, its message in the wanted shape: `string`, `array`, `object`, `html`, else its own."""
    message: Any = refusal.message
    texts = [message] if isinstance(message, str) else [f"{k} {text}" for k, found in message.items() for text in found]
    if shape == "html":
        page = (
            f"<!doctype html><html><body><h1>{refusal.status}</h1><p>{html.escape('; '.join(texts))}</p></body></html>"
        )
        return Response(page.encode(), refusal.status, refusal.headers, media_type="text/html; charset=utf-8")
    if shape == "string":
        message = "; ".join(texts)
    elif shape == "array":
        message = texts
    elif shape == "object" and isinstance(message, str):
        message = {"base": [message]}
    return answer({"message": message}, refusal.status, refusal.headers)


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that a request wants."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def pages(self, total: int) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-total // self.size))


def page_of(query: Sequence[tuple[str, str]], *, size: int, capped: bool) -> Page:
    """What `page[number]` and `page[size]` ask for. Anything that is no positive number counts as not sent."""
    asked = {name: int(value) for name, value in query if value.isascii() and value.isdigit() and len(value) < 10}
    wanted = asked.get("page[size]") or size
    return Page(asked.get("page[number]") or 1, wanted if wanted <= size or not capped else size)


def links(url: str, query: Sequence[tuple[str, str]], page: Page, total: int, next_origin: str | None) -> Json:
    """The links of a list: absolute, brackets encoded, the filters repeated, the number before the size."""
    filters = [pair for pair in query if not pair[0].startswith("page[")]
    last = page.pages(total)

    def at(number: int) -> str:
        return f"{url}?{urlencode([*filters, ('page[number]', number), ('page[size]', page.size)])}"

    following = at(page.number + 1) if page.number < last else None
    if following is not None and next_origin is not None:
        following = next_origin.rstrip("/") + "/" + following.split("://", 1)[1].partition("/")[2]
    return {
        "self": at(page.number),
        "first": at(1),
        "prev": at(page.number - 1) if page.number > 1 else None,
        "next": following,
        "last": at(last),
    }
