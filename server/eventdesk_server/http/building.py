"""What leaves: paths, queries and bodies, encoded once. No value from outside becomes part of a path's structure."""

import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import quote

from typing_extensions import override

from eventdesk_server.http.operations import Operation
from eventdesk_server.http.redaction import HIDDEN, is_secret_name
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from eventdesk_tools.models import Json
from eventdesk_tools.plans import PlannedRequest
from eventdesk_tools.refs import RECORD_ID, shown

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LATER = re.compile(rb'"\\u0000later:([0-9]+)\\u0000"')


@dataclass(frozen=True, slots=True)
class Later:
    """A value that an earlier step yields under this name; shown as `‹name›` in previews, which no reader takes for markup.

    A body holds it as a JSON number where `kind` is "integer", else as text.
    """

    name: str
    kind: Literal["text", "integer"] = "text"

    @override
    def __str__(self) -> str:
        return f"‹{self.name}›"

    def of(self, values: Mapping[str, str]) -> str:
        """The value that the earlier step yielded."""
        try:
            return values[self.name]
        except KeyError:
            raise ValueError(f"no earlier step yielded {self.name}") from None


Query = Mapping[str, str | int | Later | Sequence[str | Later] | None]
"""Query items. A sequence repeats its key; None leaves the item out; booleans travel as `true` and `false`."""

Pairs = tuple[tuple[str, str | Later], ...]


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file to be sent as a part of a form."""

    name: str
    content: bytes = field(repr=False)

    @override
    def __str__(self) -> str:
        """As a preview shows it: the digest binds a yes to these bytes."""
        return f"<{self.name}, {len(self.content)} bytes, sha256 {hashlib.sha256(self.content).hexdigest()[:16]}>"


@dataclass(frozen=True, slots=True)
class PreparedWrite:
    """A write whose bytes are fixed, but for `Later` values. `planned` is what a preview shows.

    `content_type` is "" for the platform's usual one.
    """

    operation: Operation
    planned: PlannedRequest
    path: Mapping[str, str | Later]
    query: Pairs = ()
    content: tuple[bytes | Later, ...] | None = field(default=None, repr=False)
    content_type: str = ""


def prepare_write(
    operation: Operation,
    path: Mapping[str, str | Later] | None,
    query: Query | None,
    body: Json,
    files: Mapping[str, FilePart] | None = None,
) -> PreparedWrite:
    """Fix a write's request. With `files` the body becomes a form: its fields, which must be text, then the files.

    Raises:
        UnknownRef: A path value is not an id.
        InvalidArguments: The body holds a value that JSON has no word for.
    """
    slots = dict(path or {})
    pairs = pairs_of(query)
    planned = PlannedRequest(
        method=operation.method,
        path="/" + fill(operation, {name: _checked(value) for name, value in slots.items()}),
        query=tuple((key, HIDDEN if is_secret_name(key) else str(value)) for key, value in pairs),
        body=_shown_body({**(body or {}), **{name: str(part) for name, part in files.items()}} if files else body),
    )
    if files:
        content, content_type = form_of(cast("Mapping[str, str]", body or {}), files)
        return PreparedWrite(operation, planned, slots, pairs, (content,), content_type)
    return PreparedWrite(operation, planned, slots, pairs, None if body is None else freeze(body))


def form_of(fields: Mapping[str, str], files: Mapping[str, FilePart]) -> tuple[bytes, str]:
    """A form of several parts (RFC 7578), and its content type. The same form always has the same bytes."""
    parts = [(f'form-data; name="{_parameter(name)}"', "", _encoded(text)) for name, text in fields.items()]
    for name, part in files.items():
        disposition = f'form-data; name="{_parameter(name)}"; filename="{_parameter(part.name)}"'
        kind = mimetypes.guess_type(part.name)[0] or "application/octet-stream"
        parts.append((disposition, f"Content-Type: {kind}\r\n", part.content))
    boundary = hashlib.sha256(b"\0".join(_encoded(head) + content for head, _, content in parts)).hexdigest()[:40]
    out = [
        f"--{boundary}\r\nContent-Disposition: {head}\r\n{kind}\r\n".encode() + content + b"\r\n"
        for head, kind, content in parts
    ]
    return b"".join((*out, f"--{boundary}--\r\n".encode())), f"multipart/form-data; boundary={boundary}"


def _parameter(text: str) -> str:
    """A name inside quotes, as browsers write it (HTML, multipart/form-data encoding algorithm)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidArguments("The text holds half a character, which cannot be sent. Write it again.") from None


def path_of(operation: Operation, path: Mapping[str, str | Later], values: Mapping[str, str]) -> str:
    """The operation's path with its slots filled."""
    resolved = {name: value.of(values) if isinstance(value, Later) else value for name, value in path.items()}
    return fill(operation, {name: _checked(value) for name, value in resolved.items()})


def fill(operation: Operation, slots: Mapping[str, str]) -> str:
    """The path template with checked values in its slots."""
    if set(slots) != set(operation.slots):
        raise ValueError(f"{operation.name} has the slots {operation.slots}, not {tuple(slots)}")
    filled = operation.path
    for name, value in slots.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled


def _checked(value: str | Later) -> str:
    if isinstance(value, Later):
        return str(value)
    if not RECORD_ID.fullmatch(value):
        raise UnknownRef(f"{shown(value)} is not an id of this platform.")
    return value  # RECORD_ID holds unreserved characters only: nothing is left to encode


def pairs_of(query: Query | None) -> Pairs:
    """Query items in order, each value as text."""
    pairs: list[tuple[str, str | Later]] = []
    for key, value in (query or {}).items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((key, "true" if value else "false"))
        elif isinstance(value, (str, Later)):
            pairs.append((key, value))
        elif isinstance(value, int):
            pairs.append((key, str(value)))
        else:
            pairs.extend((key, item) for item in value)
    return tuple(pairs)


def target_of(
    path: str, pairs: Pairs, values: Mapping[str, str], style: Literal["query", "segments"], suffix: str = ""
) -> str:
    """Path and query below the base URL, encoded. `suffix` is a credential that travels as the last segment."""
    resolved = [(key, value.of(values) if isinstance(value, Later) else value) for key, value in pairs]
    if style == "segments":
        path = path.rstrip("/") + "".join(_segment(key, value) for key, value in resolved if value.strip("/ "))
        return "/" + path + suffix
    query = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in resolved)
    path = path.rstrip("/") + suffix if suffix else path
    return f"/{path}?{query}" if query else f"/{path}"


def _segment(key: str, value: str) -> str:
    # A slash would be decoded before the platform splits the path, so it cannot be transported.
    return f"/{_quoted(key)}:{_quoted(value.replace('/', ' '), ':')}"


def _quoted(text: str, safe: str = "") -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise InvalidArguments("The text holds half a character, which cannot be sent. Write it again.") from None


def freeze(body: Json) -> tuple[bytes | Later, ...]:
    """The body's bytes as they will be sent, with the places of `Later` values between them."""
    later: list[Later] = []

    def placeholder(value: object) -> str:
        if not isinstance(value, Later):
            raise TypeError(f"{type(value).__name__} has no JSON form")
        later.append(value)
        return f"\0later:{len(later) - 1}\0"

    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=placeholder)
        encoded = text.encode()
    except UnicodeEncodeError:
        raise InvalidArguments("The text holds half a character, which cannot be sent. Write it again.") from None
    if not later:
        return (encoded,)
    parts = _LATER.split(encoded)
    return tuple(later[int(part)] if at % 2 else part for at, part in enumerate(parts))


def content_of(parts: tuple[bytes | Later, ...] | None, values: Mapping[str, str]) -> bytes | None:
    """The bytes to send."""
    if parts is None:
        return None
    if len(parts) == 1 and isinstance(parts[0], bytes):
        return parts[0]
    return b"".join(part if isinstance(part, bytes) else _literal(part, values) for part in parts)


def _literal(later: Later, values: Mapping[str, str]) -> bytes:
    value = later.of(values)
    if later.kind == "integer":
        if not _NUMBER.fullmatch(value):
            raise ValueError(f"{later.name} is not a whole number")
        return value.encode()
    return json.dumps(value, ensure_ascii=False).encode()


def _shown_body(node: Json) -> Json:
    """A copy for the preview: `<name>` for later values, `***` for fields named as secrets."""
    if isinstance(node, Mapping):
        items = cast("Mapping[str, Json]", node).items()
        return {key: HIDDEN if is_secret_name(key) and value else _shown_body(value) for key, value in items}
    if isinstance(node, (list, tuple)):
        return [_shown_body(item) for item in cast("Sequence[Json]", node)]
    return str(node) if isinstance(node, Later) else node
