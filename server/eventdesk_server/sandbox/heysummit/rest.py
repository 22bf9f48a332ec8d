"""How the HeySummit stand-in speaks HTTP: the manners of Django REST Framework, on which the platform is built.

Error bodies, the token header, content negotiation, reading a body's fields, and both kinds of paging. Nothing here
knows an event from an attendee.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.heysummit.records import Records, Selection

PAGE = 10
"""Rows on a page unless `limit` says otherwise."""


class Refusal(Exception):
    """An answer other than success."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body: Any = {"detail": body} if isinstance(body, str) else body
        self.headers = headers or {}


def not_found() -> Refusal:
    return Refusal(404, "Not found.")


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer, written as DRF writes it: compact, in UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, headers, "application/json")


@dataclass(slots=True)
class Ask:
    """One request, with what the views need to answer it."""

    world: World
    records: Records
    request: Request
    body: bytes
    path: str
    """The path below the mount point, without the leading slash."""
    v1: bool

    @property
    def root(self) -> str:
        """Where the stand-in is mounted, as the caller addressed it, without a final slash."""
        prefix = quote(str(self.request.scope.get("root_path", "")))
        try:
            host = self.request.url.netloc
        except ValueError:  # a Host header that is no host
            host = "localhost"
        return f"{self.request.scope['scheme']}://{host}{prefix}"

    def switch(self, name: str, default: Any = None) -> Any:
        return self.world.switch(f"heysummit.{name}", default)

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    @property
    def order(self) -> str:
        """v1 was seen newest first, v2 oldest first and unordered; no order is promised."""
        order = self.switch("order")
        return order if order in ("oldest", "newest", "shuffled") else "newest" if self.v1 else "oldest"


# Before any view


def check_accept(request: Request) -> None:
    """Refuse to speak anything but JSON."""
    wanted = [part.split(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")]
    if not any(kind in ("application/json", "application/*", "*/*", "") for kind in wanted):
        raise Refusal(406, "Could not satisfy the request Accept header.")
    if request.query_params.get("format", "json") not in ("json", ""):
        raise Refusal(406, "Could not satisfy the request Accept header.")


def check_token(request: Request, key: str) -> None:
    """Refuse a request without the account's key. The scheme is the word `Token`, in any case."""
    words = request.headers.get("authorization", "").split()
    refused: str | None = None
    if not words or words[0].lower() != "token":
        refused = "Authentication credentials were not provided."
    elif len(words) == 1:
        refused = "Invalid token header. No credentials provided."
    elif len(words) > 2:
        refused = "Invalid token header. Token string should not contain spaces."
    elif words[1] != key:
        refused = "Invalid token."
    if refused is not None:
        raise Refusal(401, refused, {"WWW-Authenticate": "Token"})


# A body's fields

_LOCAL = re.compile(r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*", re.IGNORECASE | re.ASCII)
_DOMAIN = re.compile(r"(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z0-9-]{2,63}(?<!-)", re.IGNORECASE | re.ASCII)


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return bool(_LOCAL.fullmatch(local)) and bool(_DOMAIN.fullmatch(ascii_domain))


def _no_constant(name: str) -> Any:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


def json_body(ask: Ask) -> dict[str, Any]:
    """The request's body as an object; an absent body is an empty one."""
    if not ask.body:
        return {}
    kind = ask.request.headers.get("content-type", "")
    if kind.split(";")[0].strip().lower() != "application/json":
        raise Refusal(415, f'Unsupported media type "{kind}" in request.')
    try:
        data = json.loads(ask.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        text = "nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)
        raise Refusal(400, f"JSON parse error - {text}") from wrong
    if not isinstance(data, dict):
        kind = type(data).__name__
        raise Refusal(400, {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]})
    return cast("dict[str, Any]", data)


class Fields:
    """Reads the fields of a body and gathers what is wrong with them, as a DRF serializer does."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.errors: dict[str, Any] = {}

    def _present(self, name: str, required: bool) -> bool:
        if name not in self.data:
            if required:
                self.errors[name] = ["This field is required."]
            return False
        if self.data[name] is None:
            self.errors[name] = ["This field may not be null."]
            return False
        return True

    def text(self, name: str, *, required: bool = True, longest: int = 255) -> str:
        """A string field, stripped; empty when absent or wrong."""
        if not self._present(name, required):
            return ""
        value = self.data[name]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.errors[name] = ["Not a valid string."]
            return ""
        text = str(value).strip()
        surrogate = next((char for char in text if "\ud800" <= char <= "\udfff"), None)
        if not text:
            self.errors[name] = ["This field may not be blank."]
        elif "\0" in text:
            self.errors[name] = ["Null characters are not allowed."]
        elif surrogate is not None:
            self.errors[name] = [f"Surrogate characters are not allowed: U+{ord(surrogate):X}."]
        elif len(text) > longest:
            self.errors[name] = [f"Ensure this field has no more than {longest} characters."]
        else:
            return text
        return ""

    def address(self, name: str) -> str:
        """An e-mail field."""
        text = self.text(name, longest=254)
        if text and not _is_address(text):
            self.errors[name] = ["Enter a valid email address."]
        return text

    def whole(self, name: str, *, required: bool) -> int | None:
        """An integer field. Digits in a string are not one: the reference types these fields as integers."""
        if not self._present(name, required):
            return None
        value = self.data[name]
        if isinstance(value, bool) or not isinstance(value, int):
            self.errors[name] = ["A valid integer is required."]
            return None
        return value

    def wrong(self, name: str, message: str) -> None:
        self.errors[name] = [message]

    def check(self) -> None:
        """Refuse the body if anything in it is wrong."""
        if self.errors:
            raise Refusal(400, self.errors)


# Lists

Render = Callable[[list[dict[str, Any]]], list[Any]]


def _link(ask: Ask, changes: dict[str, str | None]) -> str:
    query = parse_qs(str(ask.request.url.query), keep_blank_values=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = [value]
    text = urlencode(sorted(query.items()), doseq=True)
    return f"{ask.root}/{quote(ask.path)}" + (f"?{text}" if text else "")


def _envelope(ask: Ask, count: int, following: str | None, previous: str | None, results: list[Any]) -> Response:
    if ask.switch("envelope", default=True) is False:
        return answer(results)
    foreign = ask.switch("next_host")
    if following is not None and foreign:
        origin = foreign if isinstance(foreign, str) else "http://api.heysummit.example:8000"
        following = origin.rstrip("/") + following.removeprefix(ask.root)
    body = {"count": count, "next": following, "previous": previous, "results": results}
    omit = ask.switch("omit_next", default=False)
    if omit == "null":
        body["next"] = None
    elif omit:
        del body["next"]
    return answer(body)


def _ignores_paging(ask: Ask) -> bool:
    return bool(ask.switch("ignore_paging", default=False))


def numbered(ask: Ask, selection: Selection, render: Render) -> Response:
    """A list in pages of ten, by `page`. A page past the end is a 404."""
    count = ask.records.count(selection)
    last = max(1, -(-count // PAGE))
    asked = "" if _ignores_paging(ask) else ask.query("page")
    try:
        page = last if asked == "last" else int(asked) if asked else 1
    except ValueError:
        page = 0
    if not 1 <= page <= last:
        raise Refusal(404, "Invalid page.")
    rows = ask.records.fetch(selection, ask.order, (page - 1) * PAGE, PAGE)
    following = _link(ask, {"page": str(page + 1)}) if page < last else None
    previous = _link(ask, {"page": str(page - 1) if page > 2 else None}) if page > 1 else None
    return _envelope(ask, count, following, previous, render(rows))


def _whole(text: str, least: int, otherwise: int) -> int:
    try:
        number = int(text)
    except ValueError:
        return otherwise
    return number if number >= least else otherwise


def windowed(ask: Ask, selection: Selection, render: Render) -> Response:
    """A list by `limit` and `offset`; `page` means nothing here, nor does a value that is no number."""
    count = ask.records.count(selection)
    limit, offset = PAGE, 0
    if not _ignores_paging(ask):
        limit, offset = _whole(ask.query("limit"), 1, PAGE), _whole(ask.query("offset"), 0, 0)
    rows = ask.records.fetch(selection, ask.order, offset, limit)
    following = previous = None
    if offset + limit < count:
        following = _link(ask, {"limit": str(limit), "offset": str(offset + limit)})
    if offset > 0:
        before = offset - limit
        previous = _link(ask, {"limit": str(limit), "offset": str(before) if before > 0 else None})
    return _envelope(ask, count, following, previous, render(rows))
