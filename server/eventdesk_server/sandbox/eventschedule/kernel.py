"""From a request to an answer: routes, what comes before a handler, and the framework's own errors."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from eventdesk_server.sandbox.eventschedule import auth, events, feedback, php, sales, schedules, selling
from eventdesk_server.sandbox.eventschedule.answers import Answer, FrameworkError, Refusal
from eventdesk_server.sandbox.eventschedule.inputs import Call, read_call
from eventdesk_server.sandbox.eventschedule.state import Row, State

Keyed = Callable[[State, Call, Row], Answer]
Open = Callable[[State, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint. `throttled` ones pass the framework's throttle before the key is looked at."""

    method: str
    pattern: re.Pattern[str]
    handler: Keyed
    needs_key: bool = True
    throttled: bool = False


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), re.DOTALL)


def _keyed(method: str, path: str, handler: Keyed, *, throttled: bool = False) -> Route:
    return Route(method, _pattern(path), handler, throttled=throttled)


def _open(path: str, handler: Open) -> Route:
    return Route("POST", _pattern(path), lambda state, call, _: handler(state, call), needs_key=False)


_GROUPS = "/api/schedules/{subdomain}/groups"
ROUTES = (
    _open("/api/register/send-code", auth.send_code),
    _open("/api/register", auth.register),
    _open("/api/login", auth.login),
    _keyed("GET", "/api/schedules", schedules.list_schedules),
    _keyed("GET", "/api/schedules/{subdomain}", schedules.show_schedule),
    _keyed("POST", "/api/schedules", schedules.create_schedule),
    _keyed("PUT", "/api/schedules/{subdomain}", schedules.update_schedule),
    _keyed("DELETE", "/api/schedules/{subdomain}", schedules.delete_schedule),
    _keyed("GET", _GROUPS, schedules.list_groups),
    _keyed("POST", _GROUPS, schedules.create_group),
    _keyed("PUT", _GROUPS + "/{group_id}", schedules.update_group),
    _keyed("DELETE", _GROUPS + "/{group_id}", schedules.delete_group),
    _keyed("GET", "/api/categories", schedules.list_categories),
    _keyed("GET", "/api/categories/{subdomain}", schedules.schedule_categories),
    _keyed("GET", "/api/events", events.list_events),
    _keyed("GET", "/api/events/{id}", events.show_event),
    _keyed("POST", "/api/events/flyer/{event_id}", events.upload_flyer),
    _keyed("POST", "/api/events/{subdomain}", events.create_event, throttled=True),
    _keyed("PUT", "/api/events/{id}", events.update_event),
    _keyed("DELETE", "/api/events/{id}", events.delete_event),
    _keyed("GET", "/api/sales", sales.list_sales),
    _keyed("GET", "/api/sales/{id}", sales.show_sale),
    _keyed("POST", "/api/sales", selling.create_sale),
    _keyed("PUT", "/api/sales/{id}", sales.update_sale),
    _keyed("DELETE", "/api/sales/{id}", sales.delete_sale),
    _keyed("GET", "/api/feedback", feedback.list_feedback),
    _keyed("GET", "/api/fan-content", feedback.list_fan_content),
)
_VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_REASONS = {302: "Found", 404: "Not Found", 405: "Method Not Allowed", 422: "Unprocessable Content",
            429: "Too Many Requests", 500: "Server Error"}  # fmt: skip


class Kernel:
    """The ASGI application behind every path."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read_call(Request(scope, receive))
        answer = self._answer(call)
        if answer.pause > 0:
            await anyio.sleep(answer.pause)
        headers = {"Cache-Control": "no-cache, private", "Access-Control-Allow-Origin": "*", **answer.headers}
        content = b"" if call.method == "HEAD" else answer.text.encode()
        await Response(content, answer.status, headers, answer.media_type)(scope, receive, send)

    def _answer(self, call: Call) -> Answer:
        extra: dict[str, str] = {}
        try:
            return self._routed(call, extra)
        except FrameworkError as error:
            answer = _framework_answer(call, error)
            answer.headers = {**extra, **answer.headers}
            return answer

    def _routed(self, call: Call, extra: dict[str, str]) -> Answer:
        path = call.path.rstrip("/")
        if self._state.hosted and call.path.endswith("/") and path:
            return _redirect(call.site + path, 301)
        matches = [(route, found) for route in ROUTES if (found := route.pattern.fullmatch(path))]
        if not matches:
            return self._unknown(call, path)
        verb = "GET" if call.method == "HEAD" else call.method
        chosen = next(((route, found) for route, found in matches if route.method == verb), None)
        if chosen is None:
            methods = {route.method for route, _ in matches}
            methods |= {"HEAD"} if "GET" in methods else set()
            supported = [name for name in _VERBS if name in methods]
            if call.method == "OPTIONS":
                return Answer(200, "", {"Allow": ",".join(supported)}, "text/html; charset=utf-8")
            message = (
                f"The {call.method} method is not supported for route {path[1:]}. "
                f"Supported methods: {', '.join(supported)}."
            )
            raise FrameworkError(405, message, headers={"Allow": ", ".join(supported)})
        route, found = chosen
        call.parameters = found.groupdict()
        if route.throttled:
            extra.update(auth.throttle(self._state, call))
        answer = self._handled(call, route)
        answer.headers = {**extra, **answer.headers}
        return answer

    def _handled(self, call: Call, route: Route) -> Answer:
        user: Row | Answer = auth.authenticate(self._state, call) if route.needs_key else {}
        if isinstance(user, Answer):
            return user
        return self._kept(lambda: route.handler(self._state, call, user))

    def _kept(self, handler: Callable[[], Answer]) -> Answer:
        """Run a handler in a transaction: refusals undo it, and so do failures that the platform has before writing."""
        store = self._state.store
        store.begin()
        try:
            answer = handler()
        except Refusal as refusal:
            store.rollback()
            return refusal.answer
        except FrameworkError as error:
            if error.keep:
                store.commit()
            else:
                store.rollback()
            raise
        except BaseException:
            store.rollback()
            raise
        store.commit()
        return answer

    def _unknown(self, call: Call, path: str) -> Answer:
        if path == "":
            return _page(200, "Event Schedule")
        if path == "/api" or path.startswith("/api/"):
            if self._state.hosted:
                raise FrameworkError(404, f"The route {path[1:]} could not be found.")
            return _redirect(f"{call.site}/", 302)
        role = self._state.role_of(path.split("/")[1])
        if role is not None and not role["is_deleted"] and call.method in {"GET", "HEAD"}:
            return _page(200, str(role["name"] or role["subdomain"]))
        return _redirect(f"{call.site}/", 302)


def _page(status: int, title: str) -> Answer:
    shown = html.escape(title)
    text = f"<!DOCTYPE html>\n<html><head><title>{shown}</title></head><body><h1>{shown}</h1></body></html>\n"
    return Answer(status, text, media_type="text/html; charset=utf-8")


def _redirect(location: str, status: int) -> Answer:
    safe = location.encode("ascii", "replace").decode()
    answer = _page(status, f"Redirecting to {safe}")
    answer.headers["Location"] = re.sub(r"[\x00-\x20\x7f]", "", safe)
    return answer


def _framework_answer(call: Call, error: FrameworkError) -> Answer:
    if error.status == 302 or (error.status == 422 and not call.wants_json):
        return _redirect(f"{call.site}/", 302)
    if not call.wants_json:
        answer = _page(error.status, _REASONS.get(error.status, "Error"))
        answer.headers.update(error.headers)
        return answer
    body: dict[str, object] = {"message": error.message}
    if error.errors is not None:
        body["errors"] = error.errors
    return Answer(error.status, php.framework(body), dict(error.headers))
