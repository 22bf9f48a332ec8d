"""`eventdesk serve-http`: Streamable HTTP for both generations of the protocol."""

import logging
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import anyio
import uvicorn
from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.request_state import RequestStateSecurity
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import override

from eventdesk_server.app import build
from eventdesk_server.secret import SettingsError
from eventdesk_server.settings import Settings
from eventdesk_server.settings_http import LOOPBACK_NAMES, HttpSettings, is_loopback
from eventdesk_server.web.identity import SignedTokens, StaticTokens
from eventdesk_server.web.team import TeamServer
from eventdesk_server.web.views import Views
from eventdesk_tools.desk import Desk
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.journal import Journal

logger = logging.getLogger("eventdesk")
PATH = "/mcp"
BODY_MOST = 4 * 2**20
HEAD_MOST = 32 * 2**10
IDLE_SECONDS = 75


@dataclass(slots=True)
class TeamApp:
    """The server of a team, and whether it is about to end."""

    server: TeamServer
    settings: Settings
    journal: Journal
    draining: bool = False

    @property
    def http(self) -> HttpSettings:
        return self.settings.http

    async def trouble(self) -> str:
        """Why writes would be refused; "" when all is well."""
        try:
            await self.journal.key("ready", ())
        except JournalUnusable as exc:
            return exc.message
        return ""


def build_team(settings: Settings) -> TeamApp:
    """Assemble the server of a team.

    Raises:
        SettingsError: A token or a key of the settings cannot be used.
    """
    options = {
        "auth": auth_of(settings.http),
        "token_verifier": verifier_of(settings.http),
        "request_state_security": sealing_of(settings.http),
    }

    def make(desk: Desk, *given: Any, **named: Any) -> TeamServer:
        server = TeamServer(desk, *given, **named, **options)
        server.views = Views(desk, settings.accounts, settings.http.calls_per_minute)
        return server

    # A page on 127.0.0.1 is nobody's but the operator's: who runs the server approves in its terminal.
    app = build(settings.model_copy(update={"confirm_channel": "terminal"}), make=make)
    return TeamApp(cast("TeamServer", app.server), settings, app.desk.journal)


def verifier_of(settings: HttpSettings) -> TokenVerifier | None:
    """What checks a bearer token; None where nobody has to bring one.

    Raises:
        SettingsError: A token of the settings cannot be used.
    """
    if settings.oauth is not None:
        return SignedTokens(settings.oauth, settings.public_url)
    return StaticTokens(settings.tokens) if settings.tokens else None


def auth_of(settings: HttpSettings) -> AuthSettings | None:
    """How the SDK is to treat tokens: made for this server, and where a client learns who issues them."""
    if not settings.guarded:
        return None
    # As text, which keeps an address without a path as it is: an issuer is compared character by character.
    if settings.oauth is None:
        own = settings.public_url or f"http://{settings.host}:{settings.port}"
        return AuthSettings.model_validate(
            {"issuer_url": own, "resource_server_url": None, "validate_token_resource": False}
        )
    return AuthSettings.model_validate(
        {
            "issuer_url": settings.oauth.issuer,
            "resource_server_url": settings.public_url,
            "validate_token_resource": True,
        }
    )


def sealing_of(settings: HttpSettings) -> RequestStateSecurity | None:
    """With what the state of a question is sealed; None lets each process make a key of its own."""
    keys = [key.read().get_secret_value() for key in settings.state_keys]
    if not keys:
        return None
    try:
        return RequestStateSecurity(keys=keys)
    except ValueError as exc:
        raise SettingsError(f"http.state_keys: {exc}") from None


def hosts_of(settings: HttpSettings) -> TransportSecuritySettings:
    """The names under which the server answers, and the web pages that may call it."""
    public = urlsplit(settings.public_url)
    local = [f"{f'[{name}]' if ':' in name else name}:*" for name in sorted(LOOPBACK_NAMES)]
    hosts = [*local] if is_loopback(settings.host) else [f"{settings.host}:*"]
    origins = [f"http://{host}" for host in local] if is_loopback(settings.host) else []
    if settings.public_url:
        hosts += [public.netloc]
        origins += [f"{public.scheme}://{public.netloc}"]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[*origins, *settings.allowed_origins])


def refuse_open(settings: HttpSettings) -> None:
    """Listen beyond this computer only for those who say who they are.

    Raises:
        SettingsError: Anybody could come in.
    """
    if is_loopback(settings.host):
        return
    if not settings.guarded:
        raise SettingsError(
            f"http.host {settings.host} can be reached by others: set [http.oauth] or [[http.tokens]], or listen on 127.0.0.1"
        )
    if not settings.public_url:
        raise SettingsError(
            "http.public_url is needed: the address that clients use, like https://events.example.org/mcp"
        )


def asgi(app: TeamApp) -> Starlette:
    """The ASGI application."""
    server = app.server

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        trouble = "draining" if app.draining else await app.trouble()
        return JSONResponse({"status": trouble or "ok"}, status_code=503 if trouble else 200)

    server.custom_route("/healthz", methods=["GET"])(alive)
    server.custom_route("/readyz", methods=["GET"])(ready)
    return server.streamable_http_app(
        streamable_http_path=PATH, max_request_body_size=BODY_MOST, transport_security=hosts_of(app.http)
    )


class _Draining(uvicorn.Server):
    """Tells the application that it is to end before it waits for what runs."""

    def __init__(self, config: uvicorn.Config, app: TeamApp) -> None:
        super().__init__(config)
        self._app = app

    @override
    def handle_exit(self, sig: int, frame: object) -> None:
        self._app.draining = True
        super().handle_exit(sig, frame)  # pyright: ignore[reportArgumentType] - a frame, which nobody looks at


def run_http(app: TeamApp) -> int:
    """Serve until SIGTERM or SIGINT, and then until what runs is done.

    Raises:
        SettingsError: It would be open to anybody.
    """
    refuse_open(app.http)
    config = uvicorn.Config(
        asgi(app),
        host=app.http.host,
        port=app.http.port,
        log_config=None,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_MOST,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=app.http.drain_seconds,
    )
    anyio.run(_Draining(config, app).serve)
    return 0
