"""The page on this computer where a person allows a change that no chat may allow by itself."""

import html
import logging
import secrets
import socket

import anyio
import uvicorn
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from typing_extensions import override

from eventdesk_tools.answers import compact
from eventdesk_tools.journal import Preview, Previews
from eventdesk_tools.text import visible

logger = logging.getLogger("eventdesk")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:44rem}
h1{font-size:1.25rem}dt{font-weight:600;margin-top:.75rem}dd{margin:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid;border-radius:.4rem;padding:.6rem;font-size:.85rem}
form{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1.25rem}
button{font:inherit;padding:.7rem 1.2rem;min-height:2.75rem;border-radius:.5rem;border:2px solid;cursor:pointer}
button.yes{background:#0b5d2a;color:#fff;border-color:#0b5d2a}button:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}
"""


class ApprovalPage:
    """Serves previews on 127.0.0.1. It starts when the first link is asked for, in the task group that `open` is given."""

    def __init__(self, journal: Previews) -> None:
        self._journal = journal
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

    async def link(self, preview: Preview) -> str:
        """The address where this preview can be allowed. Nobody can guess it, and it works once."""
        async with self._lock:
            if not self._port:
                await self._start()
        path = secrets.token_urlsafe(18)
        if len(self._paths) > 200:
            self._paths = dict(list(self._paths.items())[-100:])
        self._paths[path] = preview.id
        return f"http://127.0.0.1:{self._port}/approve/{path}"

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
        if request.headers.get("host") not in {f"127.0.0.1:{self._port}", f"localhost:{self._port}"}:
            return _html("Not here", "<p>This page answers on this computer only.</p>", 421)
        path = str(request.path_params["path"])
        preview = await self._journal.preview(self._paths.get(path, ""))
        if preview is None:
            return _html(
                "No longer open",
                "<p>This question was answered, or ten minutes have passed. Nothing was changed here.</p>",
                410,
            )
        if request.method == "GET":
            return _html("Allow this?", _described(preview))
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return _html("Not allowed", "<p>Only the button on the page itself does.</p>", 403)
        form = (await request.body())[:100]
        del self._paths[path]
        if form == b"answer=yes" and await self._journal.approve(preview.id):
            return _html("Allowed", "<p>Now tell the assistant to go on. It has ten minutes, once.</p>")
        await self._journal.consume(preview.id)
        return _html("Refused", "<p>Nothing will be sent.</p>")


def _described(preview: Preview) -> str:
    parts = [f"<p>{_text(preview.question.text)}</p><dl>"]
    parts += [f"<dt>Account</dt><dd>{_text(preview.body.get('account', ''))}</dd>"]
    for change in preview.body.get("changes", []):
        parts.append(
            f"<dt>{_text(change['field'])}</dt><dd>{_text(compact(change.get('before')))} → {_text(compact(change.get('after')))}</dd>"
        )
    parts.append("<dt>What will be sent</dt>")
    for request in preview.body.get("requests", []):
        body = f"\n{_text(compact(request['body']))}" if "body" in request else ""
        parts.append(f"<dd><pre>{_text(request['method'])} {_text(request['path'])}{body}</pre></dd>")
    parts.append("</dl>")
    parts.append(
        '<form method="post"><button class="yes" name="answer" value="yes">Allow, once</button>'
        '<button name="answer" value="no">Refuse</button></form>'
    )
    return "".join(parts)


def _text(value: object) -> str:
    return html.escape(visible(str(value)))


def _html(title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title} – Eventdesk</title><style>{_STYLE}</style><main><h1>{title}</h1>{body}</main></html>"
    )
    return HTMLResponse(page, status, _HEADERS)


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
