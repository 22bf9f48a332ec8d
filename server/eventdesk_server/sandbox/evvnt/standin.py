"""The stand-in itself: who may call what, and the way from a request to a handler."""

import base64
import binascii
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.evvnt import organiser, partner, publisher
from eventdesk_server.sandbox.evvnt.call import Call, Refused, errors
from eventdesk_server.sandbox.evvnt.season import load_season
from eventdesk_server.sandbox.evvnt.state import ROLES, Role, State
from eventdesk_server.sandbox.evvnt.wire import NotJson, read_object
from eventdesk_server.sandbox.seasons.evvnt import default_season

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_ALL: tuple[Role, ...] = ROLES
_SELLERS: tuple[Role, ...] = ("organiser", "partner")
_PARTNER: tuple[Role, ...] = ("partner",)

Handler = Callable[[State, Call], Response]
# Method, path, who may call it, and what answers. The first that fits counts: `/events/mine` is not an event's id.
_ENDPOINTS: tuple[tuple[str, re.Pattern[str], tuple[Role, ...], Handler], ...] = tuple(
    (method, re.compile(pattern, re.DOTALL), roles, handler)
    for method, pattern, roles, handler in (
        ("GET", r"/events", _ALL, publisher.list_events),
        ("POST", r"/events", _SELLERS, organiser.create_event),
        ("GET", r"/events/mine", _SELLERS, organiser.list_own_events),
        ("GET", r"/events/ours", _PARTNER, partner.list_our_events),
        ("GET", r"/events/ours/([^/]+)", _PARTNER, partner.get_our_event),
        ("GET", r"/events/([^/]+)/report", _SELLERS, organiser.get_report),
        ("GET", r"/events/([^/]+)", _ALL, publisher.get_event),
        ("PUT", r"/events/([^/]+)", _SELLERS, organiser.update_event),
        ("GET", r"/categories", _ALL, publisher.list_categories),
        ("GET", r"/publishers", _ALL, publisher.list_publishers),
        ("GET", r"/publishers/([^/]+)/categories", _ALL, publisher.list_publisher_categories),
        ("GET", r"/publishers/([^/]+)/published_events", _ALL, publisher.list_published),
        ("GET", r"/publishers/([^/]+)/published_events/([^/]+)", _ALL, publisher.get_published),
        ("PUT", r"/publishers/([^/]+)/published_events/([^/]+)", _ALL, publisher.put_published),
        ("GET", r"/contract", _SELLERS, organiser.get_contract),
        ("POST", r"/packages", _SELLERS, organiser.create_package),
        ("GET", r"/packages/mine", _SELLERS, organiser.list_own_packages),
        ("GET", r"/packages/([^/]+)", _SELLERS, organiser.get_package),
        ("POST", r"/users", _PARTNER, partner.create_user),
        ("GET", r"/users", _PARTNER, partner.list_users),
        ("GET", r"/users/([^/]+)", _PARTNER, partner.get_user),
        ("PUT", r"/users/([^/]+)", _PARTNER, partner.update_user),
        ("GET", r"/users/([^/]+)/packages", _PARTNER, partner.list_user_packages),
    )
)


class EvvntStandIn(StandIn):
    """evvnt on loopback: three logins, one for each of its APIs."""

    name = "evvnt"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.state = State(world.store)

    @override
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])

    @property
    @override
    def base_path(self) -> str:
        return ""

    @override
    def credentials(self) -> dict[str, str]:
        """The organiser's login; the others are at `credentials_for`."""
        return self.credentials_for("organiser")

    def credentials_for(self, role: Role) -> dict[str, str]:
        """The login of one of the three APIs. They are three accounts: none owns what another has."""
        return {"key": f"sandbox-{role}-key", "secret": f"sandbox-{role}-secret"}

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        """Add a season: `seasons/evvnt.py` makes one, `evvnt/season.py` documents every key.

        Raises:
            ValueError: It does not fit; the message names the path of the wrong part.
        """
        load_season(self.state, season)

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        return default_season(rng, self.world.clock.now())

    async def _answer(self, request: Request) -> Response:
        role = self._role(request.headers.get("authorization", ""))
        if role is None:
            return errors(401, "authentication failed bad key/secret")
        path = _below(request)
        reading = request.method == "GET"
        if reading and path.endswith("/") and len(path) > 1 and self.world.switch("evvnt.slashes", True):
            path = path[:-1]
        # Every path is answered with this suffix as well (seen in clients).
        path = path.removesuffix(".json")
        for method, pattern, roles, handler in _ENDPOINTS:
            found = pattern.fullmatch(path) if method == request.method else None
            if found is None:
                continue
            if role not in roles:
                if self.world.switch("evvnt.role_refusal", 403) == 404:
                    return self._nothing()
                return errors(403, "Not permitted for this key")
            return await self._handle(handler, request, role, found.groups())
        return self._nothing()

    async def _handle(self, handler: Handler, request: Request, role: Role, path: tuple[str, ...]) -> Response:
        data: dict[str, Any] = {}
        if request.method != "GET":
            try:
                data = read_object(await request.body(), request.headers.get("content-type", ""))
            except NotJson:
                return errors(400, "Request body is not a JSON object")
            except ClientDisconnect:
                return Response(status_code=400)
        call = Call(self.world, role, path, request.query_params, data)
        # No handler awaits anything: a request is carried out whole before the next one is looked at.
        self.world.store.begin()
        try:
            answer = handler(self.state, call)
        except Refused as refused:
            self.world.store.rollback()
            return self._nothing() if refused.status == 404 else errors(refused.status, *refused.messages)
        except BaseException:
            self.world.store.rollback()
            raise
        self.world.store.commit()
        return answer

    def _role(self, header: str) -> Role | None:
        scheme, _, coded = header.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            pair = base64.b64decode(coded, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return None
        for role in ROLES:
            login = self.credentials_for(role)
            if pair == f"{login['key']}:{login['secret']}":
                return role
        return None

    def _nothing(self) -> Response:
        """A 404, whose body the reference leaves open."""
        match self.world.switch("evvnt.not_found", "empty"):
            case "json":
                return JSONResponse({"errors": ["Not found"]}, 404)
            case "html":
                return HTMLResponse("<!DOCTYPE html><html><body><h1>Not found</h1></body></html>", 404)
            case _:
                return Response(status_code=404)


def _below(request: Request) -> str:
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", ""))
