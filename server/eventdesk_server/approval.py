"""The page on this computer where a person allows a change that no chat may allow by itself."""

import html
import json
import re
import secrets
import socket
from collections.abc import Mapping
from typing import Any, Literal

import anyio
import uvicorn
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from typing_extensions import override

from eventdesk_server.journal.previews import SqlitePreviews
from eventdesk_tools.answers import compact
from eventdesk_tools.journal import Preview, Reply, Verdict
from eventdesk_tools.text import visible

Channel = Literal["auto", "page", "terminal"]
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:44rem;overflow-wrap:anywhere}
h1{font-size:1.25rem}h2{font-size:1rem;margin:1.25rem 0 .25rem}p{margin:.5rem 0;white-space:pre-wrap}
dl{margin:.5rem 0}dt{font-weight:600;margin-top:.75rem}dd{margin:0;white-space:pre-wrap}
ol{margin:0;padding:0;list-style:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid;border-radius:.4rem;padding:.6rem;margin:.5rem 0;font-size:.85rem}
form{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1.25rem}
button{font:inherit;padding:.7rem 1.2rem;min-height:2.75rem;border-radius:.5rem;border:2px solid CanvasText;cursor:pointer}
button.yes{background:#0b5d2a;color:#fff}
button.no{background:Canvas;color:CanvasText}
button:focus-visible{outline:4px solid CanvasText;outline-offset:3px}
"""
_FORM_MOST = 100
"""Bytes of a form: the page's own two buttons send ten."""
_FORM_SECONDS = 5.0
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')


class ApprovalPage:
    """Serves previews on 127.0.0.1. It starts when the first one is offered, in the task group that `open` is given.

    `channel` says how a person comes there: `page` by a link, `terminal` by a command, `auto` by either.
    """

    def __init__(self, journal: SqlitePreviews, channel: Channel = "auto") -> None:
        self._journal = journal
        self._channel = channel
        self._paths: dict[str, str] = {}
        self._group: TaskGroup | None = None
        self._port = 0
        self._lock = anyio.Lock()
        self._server: _Server | None = None

    def open(self, group: TaskGroup) -> None:
        """Where the page's server may run."""
        self._group = group

    def close(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.should_exit = True
            # The task may be cancelled before it sees that, and would leave its socket open.
            for listening in self._server.servers:
                listening.close()

    async def offer(self, preview: Preview) -> Reply:
        """Where this preview can be allowed: at an address that nobody can guess, and that works once."""
        async with self._lock:
            if not self._port:
                await self._start()
        path = secrets.token_urlsafe(18)
        if len(self._paths) > 200:
            self._paths = dict(list(self._paths.items())[-100:])
        self._paths[path] = preview.id
        name = await self._journal.offered(preview.id, self._port, path)
        link = f"http://127.0.0.1:{self._port}/approve/{path}"
        command = f"eventdesk approve {name}" if name and self._channel != "page" else ""
        return Reply(Verdict.OUTSIDE, link="" if command and self._channel == "terminal" else link, command=command)

    async def _start(self) -> None:
        if self._group is None:
            raise RuntimeError("the page has no task group to run in")
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self._port = listener.getsockname()[1]
        app = Starlette(routes=[Route("/approve/{path}", self._page, methods=["GET", "POST"])])
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        self._server = _Server(config)
        self._group.start_soon(self._server.serve, [listener])
        await self._server.listening.wait()

    async def _page(self, request: Request) -> Response:
        # Another host's name that leads here (DNS rebinding) must not reach the page.
        ours = {f"127.0.0.1:{self._port}", f"localhost:{self._port}"}
        if request.headers.get("host") not in ours:
            return _html("Not here", "<p>This page answers on this computer only.</p>", 421)
        path = str(request.path_params["path"])
        preview = await self._journal.preview(self._paths.get(path, ""))
        if preview is None:
            return _gone()
        if request.method != "POST":
            if request.headers.get("accept") == "application/json":
                return JSONResponse(shown_of(preview), headers=_HEADERS)
            return _html("Allow this?", _described(preview))
        if not _clicked_here(request, {f"http://{host}" for host in ours}):
            return _html("Not allowed", "<p>Only the button on the page itself does.</p>", 403)
        answer = {b"answer=yes": True, b"answer=no": False}.get(await _form(request))
        if answer is None:
            return _html("Not understood", "<p>Nothing was allowed and nothing refused.</p>", 400)
        # Whoever takes the path has the only say: of many clicks at once one counts.
        if self._paths.pop(path, None) is None:
            return _gone()
        if not await (self._journal.approve(preview.id) if answer else self._journal.consume(preview.id)):
            return _gone()
        if answer:
            return _html(
                "Allowed",
                "<p>Now tell the assistant to go on: the same call goes through, once, within ten minutes of its question.</p>",
            )
        return _html("Refused", "<p>Nothing will be sent.</p>")


def _clicked_here(request: Request, ours: set[str]) -> bool:
    """Whether a browser says that its person used the form of this very page.

    Browsers name the form's origin themselves; no page can forge it. A program that says nothing of it is no browser.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site in {None, "same-origin"} and (origin in ours if origin is not None else site is not None)


async def _form(request: Request) -> bytes:
    """The form's body, or nothing of one that is too large or too slow to come from the page's buttons."""
    body = b""
    with anyio.move_on_after(_FORM_SECONDS):
        async for chunk in request.stream():
            body += chunk
            if len(body) > _FORM_MOST:
                return b""
        return body
    return b""


def shown_of(preview: Preview) -> dict[str, Any]:
    """All of a preview that a person must see before they allow it."""
    return {"question": preview.question.text, "body": dict(preview.body)}


def _described(preview: Preview) -> str:
    body = preview.body
    parts = [f"<p dir=auto>{_text(preview.question.text)}</p><dl>"]
    parts += [f"<dt>Account</dt><dd dir=auto>{_text(body.get('account', ''))}</dd>"]
    for change in body.get("changes", []):
        before, after = _text(compact(change.get("before"))), _text(compact(change.get("after")))
        parts.append(f"<dt>{_text(change.get('field', ''))}</dt><dd><bdi>{before}</bdi> → <bdi>{after}</bdi></dd>")
    for name, value in body.items():
        if name not in {"outcome", "account", "question", "requests", "changes", "notes"}:
            text = value if isinstance(value, str) else compact(value)
            parts.append(f"<dt>{_text(name.replace('_', ' '))}</dt><dd dir=auto>{_text(text)}</dd>")
    parts.append("</dl>")
    parts += [f"<p dir=auto>{_text(note)}</p>" for note in body.get("notes", [])]
    parts.append("<h2>What will be sent</h2><ol>")
    for request in body.get("requests", []):
        parts.append(f"<li><pre>{_isolated(request_text(request))}</pre></li>")
    parts.append(
        '</ol><form method="post"><button class="yes" name="answer" value="yes">Allow, once</button>'
        '<button class="no" name="answer" value="no">Refuse</button></form>'
    )
    return "".join(parts)


def request_text(request: Mapping[str, Any]) -> str:
    """A request as a person reads it: its line, then its body as it is sent.

    What the eye cannot see is written out, so that nothing is sent that was not shown.
    """
    line = f"{request['method']} {request['path']}"
    return f"{line}\n{written_out(compact(request['body']))}" if "body" in request else line


def written_out(json_text: str) -> str:
    """JSON in which each character that nobody sees is an escape, which means the same."""
    if json_text.isascii():
        return json_text
    # What joins two characters is seen by what it does to them.
    around = zip("a" + json_text, json_text, json_text[1:] + "a", strict=False)
    return "".join(
        char
        if visible(f"{last}{char}{after}").count(char) == f"{last}{char}{after}".count(char)
        else json.dumps(char)[1:-1]
        for last, char, after in around
    )


def _isolated(text: str) -> str:
    """Escaped for HTML, each text in quotes by itself: words from right to left do not turn their neighbours around."""
    parts = _QUOTED.split(html.escape(text, quote=False))
    return "".join(f'"<bdi>{part[1:-1]}</bdi>"' if at % 2 else part for at, part in enumerate(parts))


def _text(value: object) -> str:
    return html.escape(visible(str(value)))


def _gone() -> Response:
    text = "<p>This question was answered, or ten minutes have passed. Nothing was changed here.</p>"
    return _html("No longer open", text, 410)


def _html(title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title} – Eventdesk</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    # Whoever is turned away need not send the rest.
    return HTMLResponse(page, status, _HEADERS if status == 200 else {**_HEADERS, "Connection": "close"})


class _Server(uvicorn.Server):
    """uvicorn that says when it listens and leaves signals to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = anyio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @override
    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)
