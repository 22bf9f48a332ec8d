"""One request as a handler sees it, the handlers' table, and lists by page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import PAGE_SIZE, Json, Page, answer, invalid, links, page_of
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.shapes import Shape
from eventdesk_server.sandbox.eventtia.values import record_id


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart form."""

    filename: str
    content_type: str
    size: int


@dataclass(slots=True)
class Call:
    """One request. `sent` is its JSON, whatever that is; `body` the same where it is an object, else an empty one."""

    url: str
    query: Sequence[tuple[str, str]]
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    sent: Any = None
    form: Mapping[str, str | Upload] = field(default_factory=dict[str, str | Upload])
    user: str | None = None
    """Who is logged in; nobody where a call is open to the public."""

    @property
    def body(self) -> Json:
        sent: Any = self.sent
        return cast("Json", sent) if isinstance(sent, dict) else {}

    def param(self, name: str) -> str | None:
        """The last query parameter of that name."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def either(self, name: str) -> Any:
        """A parameter that the reference lists as one of the query and shows, or implies, in the body."""
        found = self.param(name)
        return found if found is not None else self.body.get(name)

    @property
    def include(self) -> list[list[str]]:
        """The wanted relations, each split at its dots."""
        return [path.split(".") for path in (self.param("include") or "").split(",") if path]

    def includes(self, *names: str) -> bool:
        """Whether one of these relations is wanted, by itself or on the way to another."""
        return any(path[0] in names for path in self.include)


Handler = Callable[[Books, Call], Response]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table: parts of the path that start with `:` stand for any text."""

    method: str
    path: str
    handler: Handler
    public: bool = False
    """Whether it answers without a token."""

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """What the variable parts stand for, if the path is this one."""
        wanted = self.path.split("/")
        if len(wanted) != len(segments):
            return None
        pairs = list(zip(wanted, segments, strict=True))
        if any(part != segment for part, segment in pairs if not part.startswith(":")) or not all(segments):
            return None
        return {part[1:]: segment for part, segment in pairs if part.startswith(":")}


class Included:
    """The resources that go into `included`, each once, in the order of their coming."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Json] = {}

    def add(self, resource: Json) -> None:
        self._found.setdefault((resource["type"], resource["id"]), resource)

    def items(self) -> list[Json]:
        return list(self._found.values())


E: Final = "events/:event_uri"


def page_wanted(books: Books, call: Call, size: int = PAGE_SIZE) -> Page:
    """The page that a request wants, under the cap."""
    return page_of(call.query, size=size, capped=bool(books.switch("page_cap", True)))


def listing(
    books: Books, call: Call, page: Page, total: int, data: Iterable[Json], *, included: Included | None = None,
    meta: Mapping[str, Any] | None = None, slim: bool = False, slash: bool = False,
) -> Response:  # fmt: skip
    """A list's answer: the page's resources, `included` where asked, links, and `meta` except on the slim list."""
    body: Json = {"data": list(data)}
    if included is not None:
        body["included"] = included.items()
    if not books.switch("omit_links", False):
        url = call.url + "/" if slash and not call.url.endswith("/") else call.url
        origin = books.switch("next_host")
        body["links"] = links(url, call.query, page, total, origin if isinstance(origin, str) else None)
    if not slim and not books.switch("omit_meta", False):
        body["meta"] = {"total_pages": page.pages(total), **(meta or {})}
    return answer(body)


def cut(records: Sequence[Record], page: Page) -> Sequence[Record]:
    """The part of a list that is on a page."""
    return records[page.offset : page.offset + page.size]


def plain_list(
    books: Books, call: Call, shape: Shape, records: Sequence[Record], event: Record | None = None,
    *, included: Included | None = None,
) -> Response:  # fmt: skip
    """A list of records that are printed as they are kept."""
    page = page_wanted(books, call)
    where = books.event_zone(event)
    dates = books.switch("dates")
    data = [shape.resource(record.id, record.doc, where, dates) for record in cut(records, page)]
    return listing(books, call, page, len(records), data, included=included)


def printed(books: Books, shape: Shape, record: Record, of: Record | None, /, **more: Any) -> Json:
    """One record of an event as an answer shows it, with what is computed."""
    return shape.resource(record.id, {**record.doc, **more}, books.event_zone(of), books.switch("dates"))


def required_id(body: Mapping[str, Any], name: str) -> int:
    """A required whole number of a body.

    Raises:
        Refusal: 422, it is not there or no such number.
    """
    value = body.get(name)
    if value is None or value == "":
        raise invalid(name, "can't be blank")
    number = record_id(value)
    if number is None:
        raise invalid(name, "is not a number")
    return number


def optional_text(body: Mapping[str, Any], name: str) -> str:
    """A text of a body; empty where it was not sent.

    Raises:
        Refusal: 422, it is no text.
    """
    value = body.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid(name, "is invalid")
    return str(value)


def required_text(body: Mapping[str, Any], name: str) -> str:
    """A text of a body that may not be blank.

    Raises:
        Refusal: 422, it is no text, or blank.
    """
    value = optional_text(body, name)
    if not value.strip():
        raise invalid(name, "can't be blank")
    return value
