"""What a request says: body and query merged into one set, trimmed, empty strings as null."""

import json
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import unquote_plus

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Scope

from eventdesk_server.sandbox.eventschedule import php

_DEPTH = 512
"""How deep JSON may nest before it counts as unreadable."""
_BLANK = " \t\n\r\v\f\0\u00a0\u200b\ufeff"
_UNTRIMMED = frozenset({"password", "password_confirmation", "current_password"})


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file."""

    name: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One request, read. `site` is the address of the site's root without a slash; `path` begins below it."""

    method: str
    path: str
    site: str
    ip: str
    key: str | None
    wants_json: bool
    input: dict[str, Any]
    files: dict[str, Upload]
    parameters: dict[str, str] = field(default_factory=dict[str, str])

    def has(self, name: str) -> bool:
        return name in self.input

    def get(self, name: str, default: Any = None) -> Any:
        return self.input.get(name, default)


def below_mount(scope: Scope) -> str:
    """The path without the prefix that the application is mounted at."""
    return "/" + str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).lstrip("/")


async def read_call(request: Request) -> Call:
    """Read a request. Nothing here refuses: a body that cannot be read counts as empty."""
    raw = await request.body()
    query = parse_form(request.url.query)
    kind = request.headers.get("content-type", "").lower()
    files: dict[str, Upload] = {}
    body: dict[str, Any] = {}
    if "/json" in kind or "+json" in kind:
        body = parse_json(raw)
    elif request.method not in {"GET", "HEAD"}:
        if kind.startswith("application/x-www-form-urlencoded"):
            body = parse_form(raw.decode("utf-8", "replace"))
        elif kind.startswith("multipart/form-data") and request.method == "POST":
            body, files = await _parse_multipart(request)
    merged = {**query, **body}
    tidy(merged)
    accepted = request.headers.get("accept", "").split(",")[0].lower()
    return Call(
        method=request.method,
        path=below_mount(request.scope).encode("utf-8", "replace").decode(),
        # `base_url` forgets the prefix that an outer application mounted this one below.
        site=f"{request.url.scheme}://{request.url.netloc}{str(request.scope.get('root_path', '')).rstrip('/')}",
        ip=request.client.host if request.client is not None else "127.0.0.1",
        key=request.headers.get("x-api-key") or None,
        wants_json="/json" in accepted or "+json" in accepted,
        input=merged,
        files=files,
    )


def parse_json(raw: bytes) -> dict[str, Any]:
    """A JSON body's fields; none when it cannot be read, nests too deep, or is no object."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is not text
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict) or _too_deep(cast("Any", value)):
        return {}
    return cast("dict[str, Any]", value)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 19 else _fraction(digits)


def _fraction(digits: str) -> float:
    return max(-1e300, min(1e300, float(digits)))


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _too_deep(root: Any) -> bool:
    level: list[Any] = [root]
    for _ in range(_DEPTH):
        level = [item for node in level for item in php.listed(node) if php.is_array(item)]
        if not level:
            return False
    return True


def tidy(root: Any) -> None:
    """Trim every string, and make empty ones null, in place."""
    stack: list[Any] = [root]
    while stack:
        node: Any = stack.pop()
        names: list[Any] = [*node] if isinstance(node, dict) else [*range(len(node))]
        for name in names:
            value = cast("Any", node)[name]
            if isinstance(value, str):
                node[name] = (value if node is root and name in _UNTRIMMED else value.strip(_BLANK)) or None
            elif php.is_array(value):
                stack.append(value)


def parse_form(text: str) -> dict[str, Any]:
    """Fields of a query string or a form, with `name[key]` and `name[]` as arrays."""
    out: dict[str, Any] = {}
    for piece in text.split("&")[:1000]:
        if not piece:
            continue
        name, _, value = piece.partition("=")
        _put(out, unquote_plus(name, errors="replace"), unquote_plus(value, errors="replace"))
    return _lists(out, 0)


def _put(out: dict[str, Any], name: str, value: str) -> None:
    name = name.lstrip(" ")
    base, bracket, rest = name.partition("[")
    if not base:
        return
    base = base.replace(".", "_").replace(" ", "_")
    if not bracket or "]" not in rest:
        out[base if not bracket else f"{base}_{rest}"] = value
        return
    keys = [base]
    rest = bracket + rest
    while rest.startswith("[") and "]" in rest and len(keys) < 64:
        key, _, rest = rest[1:].partition("]")
        keys.append(key)
    node = out
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        label = key if key or node is out else str(len(node))
        if following is None:
            node[label] = value
        else:
            inner = node.get(label)
            if not isinstance(inner, dict):
                inner = node[label] = {}
            node = cast("dict[str, Any]", inner)


def _lists(value: Any, depth: int) -> Any:
    if not isinstance(value, dict):
        return value
    node = {key: _lists(item, depth + 1) for key, item in cast("dict[str, Any]", value).items()}
    if depth and node and list(node) == [str(index) for index in range(len(node))]:
        return list(node.values())
    return node


async def _parse_multipart(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    body: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    try:
        async with request.form(max_files=20, max_fields=1000) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(value.filename or "", await value.read())
                else:
                    _put(body, name, value.encode("utf-8", "replace").decode())
    except (MultiPartException, HTTPException, ValueError, KeyError):
        return {}, {}
    return _lists(body, 0), files
