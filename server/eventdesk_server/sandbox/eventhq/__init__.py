"""A stand-in for EventHQ: its read-only API, `events/index`, `events/count` and `events/view`.

Parameters are segments of the path, `key:value`, the token among them (`token:<key>`). JSON is written as PHP writes
it: slashes and what is not ASCII escaped. The platform publishes neither status codes nor bodies of its errors;
`{"message": "<text>"}` with 400, 401, 404 and 405 is an invention, and so is a 400 for a parameter that makes no sense.

Recorded oddities that are reproduced: the list writes times with `+0100`, the view with `+0000`, whatever London's
offset is; the view leaves out `url`, `attendee_count`, `test` and `sold_out` and has no tags; `live:0` leaves out what
is open but sold out.

Switches, all read at each request:

| switch | default | else |
|---|---|---|
| `eventhq.clean_view` | False | True: the view has all fields and tags, and all times have London's true offset |
| `eventhq.past_end` | `empty`: a page past the end is an empty list | `404` |
| `eventhq.honour_order` | False: `order` means nothing | True: it is another name for `sort`, as in the example |
| `eventhq.nearest_first` | False: by start, descending | True: ascending, when neither sort nor direction is asked |
| `eventhq.year_of` | `event_starts` | `registration_opens`: what `year` looks at |
| `eventhq.today` | the clock's | a day, `2027-03-01`, for `this_month` and its like, `live`, and current prices |
| `eventhq.max_limit` | None | a number to which `limit` is silently cut |
| `eventhq.ignore_page` | False | True: each page is the first |
| `eventhq.count_as_text` | False | True: the count is a string of digits |
| `eventhq.plus_is_space` | True: a raw `+` in the path is a space | False: it is a plus |
| `eventhq.trailing_colon` | False | True: the list's `url` ends in a colon, as one in the reference does |
| `eventhq.failure_message` | None | a text: 200 with that `message` and nothing else |
"""

import html
import json
import random
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.eventhq import query, records
from eventdesk_server.sandbox.eventhq import season as fmt
from eventdesk_server.sandbox.eventhq.query import Moment, Wrong
from eventdesk_server.sandbox.seasons.eventhq import default_season

__all__ = ["EventHQStandIn"]

_KEY = "sandbox-eventhq-key"
_HIDDEN_IN_VIEW = ("url", "attendee_count", "test", "sold_out")


def _answer(body: Mapping[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    headers = {"Content-Type": "application/json; charset=UTF-8", "Access-Control-Allow-Origin": "*"}
    return Response(text, status, headers)


class EventHQStandIn(StandIn):
    """EventHQ on loopback: one account's events, read-only."""

    name: ClassVar[str] = "eventhq"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._records = records.Records(world.store)

    @property
    @override
    def base_path(self) -> str:
        return "/api/v1"

    @override
    def credentials(self) -> dict[str, str]:
        return {"key": _KEY}

    def tag_ids(self) -> dict[str, str]:
        """Ids of tags by name, which a person would look up in the platform's pages: its API tells only names."""
        return {name: number for number, name in self._records.tags().items()}

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        """Add a season: `{"tags": [{"id", "name"}], "events": [...]}`.

        An event holds `id`, `name` and `slug`, optionally the other fields that the platform answers (its `tags` are
        tag ids here), `capacity`, which is never answered, and its `products`, each with its `prices`. What follows
        from these is not written: `sold_out`, `current_price`, `url`, `register_url`. Every field is in `season.py`
        of this package. Events' times are wall-clock time in London.

        Raises:
            ValueError: It does not fit the format, or an id is there already; the message names the path.
        """
        self._records.load(fmt.read(season))

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        return default_season(rng, self.world.clock.now())

    @override
    def app(self) -> Starlette:
        app = Starlette()
        app.router.default = self._serve
        return app

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        response = self._respond(Request(scope, receive))
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    def _switch(self, name: str, default: Any = None) -> Any:
        return self.world.switch(f"eventhq.{name}", default)

    def _segments(self, scope: Scope) -> list[str]:
        """The path below the mount point, decoded before it is split: a slash in a value is lost."""
        raw: bytes = scope.get("raw_path") or quote(str(scope["path"])).encode()
        if self._switch("plus_is_space", default=True):
            raw = raw.replace(b"+", b"%20")
        path = unquote(raw.partition(b"?")[0].decode("latin-1"), errors="replace")
        return [part for part in path.removeprefix(str(scope.get("root_path", ""))).split("/") if part]

    def _respond(self, request: Request) -> Response:
        root = _root(request)
        segments = self._segments(request.scope)
        if segments[:2] == ["bookings", "start"]:
            return self._booking_page(segments[2:])
        if segments[:1] != ["api"]:
            return _answer({"message": "Not found"}, 404)
        rest = segments[2:] if segments[1:2] == ["v1"] else segments[1:]
        actions = {"index": self._index, "count": self._count, "view": self._view}
        action = actions.get(rest[1]) if rest[:1] == ["events"] and len(rest) > 1 else None
        if action is None:
            return _answer({"message": "Not found"}, 404)
        if request.method not in ("GET", "HEAD"):
            return _answer({"message": "Method not allowed"}, 405)
        parameters = query.named(rest[2:])
        if parameters.get("token") != _KEY:
            return _answer({"message": "Invalid token"}, 401)
        failure = self._switch("failure_message")
        if failure is not None:
            return _answer({"message": str(failure)})
        try:
            return action(parameters, root)
        except Wrong as wrong:
            return _answer({"message": str(wrong)}, 400)

    # The three calls

    def _found(self, parameters: dict[str, str]) -> list[dict[str, Any]]:
        """The events that the search and the filters leave, sorted."""
        moment = Moment.of(self.world)
        tests = query.conditions(parameters.get("f", ""), moment, self._switch("year_of", "event_starts"))
        if parameters.get("q"):
            tests.append(query.searched(parameters["q"]))
        found = [event for event in self._records.events() if all(test(event) for test in tests)]
        sort = parameters.get("sort")
        if sort is None and self._switch("honour_order", default=False):
            sort = parameters.get("order")
        direction = parameters.get("direction")
        if sort is None and direction is None and self._switch("nearest_first", default=False):
            direction = "asc"
        return query.ordered(found, sort or "event_starts", direction or "desc")

    def _index(self, parameters: dict[str, str], root: str) -> Response:
        limit = query.positive(parameters, "limit", query.PAGE)
        page = query.positive(parameters, "page", 1)
        if (most := self._switch("max_limit")) is not None:
            limit = min(limit, int(most))
        if self._switch("ignore_page", default=False):
            page = 1
        found = self._found(parameters)
        rows = found[(page - 1) * limit : page * limit]
        if not rows and page > 1 and str(self._switch("past_end", "empty")) == "404":
            return _answer({"message": "Not found"}, 404)
        return _answer({"message": "success", "events": [self._event(event, root, "+0100") for event in rows]})

    def _count(self, parameters: dict[str, str], root: str) -> Response:  # noqa: ARG002 - as all three
        count = len(self._found(parameters))
        return _answer({"message": "success", "count": str(count) if self._switch("count_as_text") else count})

    def _view(self, parameters: dict[str, str], root: str) -> Response:
        """By slug; an id is not a reference."""
        slug = parameters.get("event")
        found = [event for event in self._records.events() if event["slug"] == slug]
        if not found:
            return _answer({"message": "Event not found"}, 404)
        event = self._event(found[0], root, "+0000")
        if not self._switch("clean_view", default=False):
            event = {name: value for name, value in event.items() if name not in _HIDDEN_IN_VIEW}
            event["tags"] = []
        today = Moment.of(self.world).today
        products = [records.product_shape(each, found[0]["id"], today) for each in found[0]["products"]]
        return _answer({"message": "success", "event": event | {"products": products}})

    def _event(self, event: dict[str, Any], root: str, offset: str) -> dict[str, Any]:
        names = self._records.tags()
        colon = ":" if self._switch("trailing_colon", default=False) else ""
        return {
            "id": str(event["id"]),
            "url": f"{root}/api/v1/events/view/event:{event['slug']}{colon}",
            "register_url": f"{root}/bookings/start/event:{event['slug']}",
            "name": event["name"],
            "slug": event["slug"],
            "location": event["location"],
            "summary": event["summary"],
            **{name: self._time(event[name], offset) for name in records.EVENT_TIMES},
            "tags": [names[tag] for tag in event["tags"]],
            "attendee_count": str(event["attendee_count"]),
            "test": event["test"],
            "sold_out": records.sold_out(event),
        }

    def _time(self, wall: str | None, offset: str) -> str | None:
        """Wall-clock time with the offset that the platform sets behind it, right or wrong."""
        if wall is not None and self._switch("clean_view", default=False):
            offset = query.true_offset(wall)
        return None if wall is None else wall + offset

    def _booking_page(self, segments: list[str]) -> Response:
        """Where `register_url` leads a person; the form behind it is not part of the API."""
        slug = query.named(segments).get("event")
        for event in self._records.events():
            if event["slug"] == slug:
                return HTMLResponse(f"<!DOCTYPE html><title>Book</title><h1>Book: {html.escape(event['name'])}</h1>")
        return HTMLResponse("<!DOCTYPE html><title>Not found</title><h1>Not found</h1>", 404)


def _root(request: Request) -> str:
    """Where the stand-in is mounted, as the caller addressed it, without a final slash."""
    try:
        host = request.url.netloc
    except ValueError:  # a Host header that is no host
        host = "localhost"
    return f"{request.scope['scheme']}://{host}{quote(str(request.scope.get('root_path', '')))}"
