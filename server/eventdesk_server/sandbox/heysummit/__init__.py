"""A stand-in for HeySummit: both dialects of its API over one store.

`/api/v2/` is what the platform serves today, resources nested under their event; `/api/` is v1, of 2019. Both take
`Authorization: Token <key>`.

Stood in for: the reads of both dialects, registering, giving tickets and talks, checkout links, archiving. Not stood in
for, because their bodies are not published: creating, changing and deleting events, talks, speakers, categories,
sponsors, coupons and webhooks (405), `OPTIONS` (403, as some accounts answer), and magic links (404). The wordings of
refusals are Django REST Framework's; the fields of a webhook and of a talk's attendee are guesses.

Switches, all read at each request:

| switch | default | else |
|---|---|---|
| `heysummit.agent_wall` | True: v2 turns away HTTP libraries' default agents with an HTML 403 | False: nobody |
| `heysummit.order` | by dialect: v1 newest, v2 oldest first, undated last | `oldest`, `newest`, `shuffled` |
| `heysummit.omit_next` | False | True: lists have no `next` at all; `"null"`: it is always null |
| `heysummit.next_host` | the caller's own | True or an origin: `next` names that host |
| `heysummit.ignore_paging` | False | True: each list answers its first page, whatever is asked |
| `heysummit.envelope` | True | False: lists are bare arrays |
| `heysummit.top_level_lists` | False: 403 at the top level | True: speakers, categories, coupons, sponsors, sponsor \
categories and talkattendees are refused below the event and served at the top level with `?event=`; `"unfiltered"`: \
and `event` has no effect |
| `heysummit.v2_archive` | False: 404 | True: v2 has v1's archive action |
| `heysummit.v1_dates` | `stored`: as the season writes them | `seconds`, `microseconds` |
| `heysummit.talk_date_field` | `date` | `starts_at`: what v2 calls a talk's time |
| `heysummit.zone_field` | `timezone` | `time_zone`, `tz` |
| `heysummit.inline` | True | False: v2 talks name speakers and categories by id |
| `heysummit.duplicate` | `field`: 400 with "already" at `email` | `unique`: 400 `non_field_errors`; `409` |
| `heysummit.email_filter` | `exact`: v2's `?email=` heeds case | `iexact` |
| `heysummit.bad_coupon` | `ignored` | `refused`: a checkout link with an unknown coupon is a 400 |
| `heysummit.odd_self_links` | False | True: v1's `url` names other ids, ports and schemes, as its reference shows |
"""

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.heysummit import season as fmt
from eventdesk_server.sandbox.heysummit.records import Records
from eventdesk_server.sandbox.heysummit.rest import Ask, Refusal, answer, check_accept, check_token, not_found
from eventdesk_server.sandbox.heysummit.routes import NO_PERMISSION, V1, V2, Route
from eventdesk_server.sandbox.seasons.heysummit import default_season

__all__ = ["HeySummitStandIn"]

_KEY = "sandbox-heysummit-key"
_LIBRARIES = re.compile(r"python-requests|python-httpx|aiohttp|urllib|curl", re.IGNORECASE)
_WALL = """<!DOCTYPE html>
<html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head>
<body><h1>Sorry, you have been blocked</h1><p>You are unable to access heysummit.com</p></body></html>
"""


class HeySummitStandIn(StandIn):
    """HeySummit on loopback, v2 and v1 over one store."""

    name: ClassVar[str] = "heysummit"
    v1_base_path: ClassVar[str] = "/api/"
    """What follows the mount point in the base URL of the older dialect."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._records = Records(world.store)

    @property
    @override
    def base_path(self) -> str:
        return "/api/v2/"

    @override
    def credentials(self) -> dict[str, str]:
        return {"key": _KEY}

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        """Add a season: `{"events": [...], "webhooks": [...]}`.

        An event holds its own fields (`id` and `title` are required) and the lists `categories`, `speakers`, `talks`,
        `tickets` (each with its `prices`), `attendees` (each with `talks` by id and `tickets` by price id), `coupons`,
        `sponsors` and `sponsor_categories`. The fields are those the platform answers; every one of them, and the few
        that are never answered, is in `season.py` of this package. Times are written as the platform writes them.

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
        request = Request(scope, receive)
        body = await request.body()
        response = self._answer(request, body)
        if request.method == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        path = _below_mount(request.scope)
        v1 = not path.startswith("api/v2/")
        ask = Ask(self.world, self._records, request, body, path, v1)
        walled = not v1 and ask.switch("agent_wall", default=True)
        if walled and _LIBRARIES.search(request.headers.get("user-agent", "")):
            return Response(_WALL, 403, media_type="text/html; charset=UTF-8")
        try:
            return self._dispatch(ask)
        except Refusal as refusal:
            return answer(refusal.body, refusal.status, refusal.headers)

    def _dispatch(self, ask: Ask) -> Response:
        """Django's and DRF's order: the route, a missing slash, the format, the key, the method."""
        prefix, routes = ("api/", V1) if ask.v1 else ("api/v2/", V2)
        if not ask.path.startswith(prefix):
            raise not_found()
        matched = _find(routes, ask.path.removeprefix(prefix))
        if matched is None:
            return _moved(ask.request, ask.path)
        route, found = matched
        check_accept(ask.request)
        check_token(ask.request, _KEY)
        method = ask.request.method
        if method == "OPTIONS":
            raise Refusal(403, NO_PERMISSION)
        view = route.views.get("GET" if method == "HEAD" else method)
        if view is None:
            raise Refusal(405, f'Method "{method}" not allowed.', {"Allow": ", ".join((*route.views, "OPTIONS"))})
        return view(ask, *found.groups())


def _below_mount(scope: Scope) -> str:
    root, path = str(scope.get("root_path", "")), str(scope["path"])
    return path.removeprefix(root).removeprefix("/")


def _find(routes: Sequence[Route], path: str) -> tuple[Route, re.Match[str]] | None:
    """The route of a path; none when only the path with a final slash has one.

    Raises:
        Refusal: There is no route either way.
    """
    for route in routes:
        if found := route.path.fullmatch(path):
            return route, found
    if any(route.path.fullmatch(path + "/") for route in routes):
        return None
    raise not_found()


def _moved(request: Request, path: str) -> Response:
    """To the path with its final slash, whatever the method; the request's body is not looked at."""
    query = str(request.scope.get("query_string", b""), "latin-1")
    target = quote(f"{request.scope.get('root_path', '')}/{path}/") + (f"?{query}" if query else "")
    return Response(b"", 301, {"Location": target}, "text/html; charset=utf-8")
