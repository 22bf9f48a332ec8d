"""A team's server on loopback, between the sandbox and clients with bearer tokens; and an issuer of signed ones."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_server.settings import Settings
from eventdesk_server.web.serving import TeamApp, asgi, build_team
from tests.outside.support import serve
from tests.support import NOW

PUBLIC = "https://events.example.org/mcp"
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
TOKENS = {who: f"{who}-".ljust(40, "0") for who in ("ana", "ben", "cleo", "dora")}
PEOPLE: list[dict[str, Any]] = [
    {"token": TOKENS["ana"], "subject": "ana", "groups": ["fairs"]},
    {"token": TOKENS["ben"], "subject": "ben"},
    {"token": TOKENS["cleo"], "subject": "cleo", "groups": ["fairs"], "scopes": ["read"]},
    {"token": TOKENS["dora"], "subject": "dora"},
]
BOUND: Mapping[str, dict[str, Any]] = {
    "club": {"provider": "eventschedule", "subjects": ["ana"]},
    "hall": {"provider": "eventschedule", "subjects": ["ben"]},
    "fairs": {"provider": "eventtia", "groups": ["fairs"]},
    "talks": {"provider": "heysummit", "subjects": ["*"]},
    "nobodys": {"provider": "eventhq"},
}
"""`club` and `hall` are two names for one login: what is whose must not rest on the platform telling them apart."""


@dataclass
class Team:
    """A running server, and what lies behind it."""

    url: str
    app: TeamApp
    sandbox: Sandbox

    @asynccontextmanager
    async def client(self, who: str, mode: str = "auto", token: str = "") -> AsyncGenerator[Client]:
        headers = {"Authorization": f"Bearer {token or TOKENS[who]}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=http), mode=mode) as client,  # pyright: ignore[reportArgumentType]
        ):
            yield client

    async def status(self, headers: Mapping[str, str], body: Any = PING, path: str = "/mcp") -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=30) as http:
            return await http.post(f"{self.url}{path}", headers={**HEADERS, **headers}, json=body)


@asynccontextmanager
async def team(folder: Path, **http: Any) -> AsyncGenerator[Team]:
    """The server of `BOUND` on a season's stand-ins, on loopback."""
    with Sandbox(now=NOW, faults=Faults(record=True)) as sandbox:
        async with serving(sandbox) as connections:
            accounts = {name: {**connections[str(bound["provider"])], **bound} for name, bound in BOUND.items()}
            settings = Settings.model_validate(
                {"now": NOW, "state_folder": str(folder), "accounts": accounts, "http": http or {"tokens": PEOPLE}}
            )
            app = build_team(settings)
            async with serve(asgi(app)) as url:
                yield Team(url, app, sandbox)


async def called(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    (block,) = (await client.call_tool(tool, arguments)).content
    assert isinstance(block, TextContent)
    return json.loads(block.text)


@dataclass
class Issuer:
    """An issuer with a key that it can change. `asked` counts how often its keys were fetched."""

    url: str = ""
    asked: int = 0
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict[str, rsa.RSAPrivateKey])

    def make_key(self, name: str) -> None:
        self.keys[name] = rsa.generate_private_key(65537, 2048)

    def token(self, kid: str = "first", alg: str = "RS256", key: Any = None, **claims: Any) -> str:
        told = {
            "iss": self.url,
            "aud": PUBLIC,
            "sub": "ana",
            "scope": "eventdesk:read eventdesk:write",
            "client_id": "chat",
            "exp": datetime.now(UTC) + timedelta(minutes=5),
            **claims,
        }
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, key if key is not None else self.keys[kid], algorithm=alg, headers={"kid": kid})

    async def published(self, _: Request) -> Response:
        self.asked += 1
        keys = [
            {
                **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
                "kid": name,
                "use": "sig",
                "alg": "RS256",
            }
            for name, key in self.keys.items()
        ]
        return JSONResponse({"keys": keys})


@asynccontextmanager
async def issuing() -> AsyncGenerator[Issuer]:
    issuer = Issuer()
    issuer.make_key("first")
    async with serve(Starlette(routes=[Route("/jwks", issuer.published)])) as url:
        issuer.url = url
        yield issuer


@asynccontextmanager
async def signed_team(folder: Path) -> AsyncGenerator[tuple[Team, Issuer]]:
    """A team whose tokens an issuer signs."""
    async with (
        issuing() as issuer,
        team(folder, public_url=PUBLIC, oauth={"issuer": issuer.url, "jwks_url": f"{issuer.url}/jwks"}) as running,
    ):
        yield running, issuer
