"""Logging in, by password and from server to server, and what a token is worth.

A token is a signed JWT valid for 30 days. Raising the switch `eventtia.token_generation` makes every token given out
before worthless; `eventtia.one_401` refuses, once each, that many otherwise good requests and revokes their token.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Refusal, answer
from eventdesk_server.sandbox.eventtia.books import Books
from eventdesk_server.sandbox.eventtia.calls import Call, Endpoint

_LIFETIME: Final = timedelta(days=30)
_KEY: Final = "eventtia-stand-in"
WRONG_LOGIN: Final = "Wrong username or password."
UNAUTHORISED: Final = "Your token is invalid or not present."


def login(books: Books, call: Call) -> Response:
    """`POST /auth`: only a JSON body counts, never the query."""
    row = _known(books, "user", call.body.get("email"), call.body.get("password"))
    return answer({"auth_token": _token(books, "User", row["name"]), "username": row["shown"]})


def machine_login(books: Books, call: Call) -> Response:
    """`POST /m2m-auth`, absent from the reference; the vendor's own client uses it."""
    row = _known(books, "client", call.body.get("client_id"), call.body.get("client_secret"))
    token = _token(books, "Client", row["name"])
    return answer({"access_token": token, "token_type": "Bearer", "expires_in": int(_LIFETIME.total_seconds())})


def holder(books: Books, header: str | None) -> str | None:
    """Who the token in an `Authorization` header belongs to; none without a header.

    Raises:
        Refusal: 401, it is not or no longer good.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    name = _verified(books, token.strip()) if scheme.lower() == "bearer" else None
    if name is None:
        raise Refusal(401, UNAUTHORISED)
    left = books.switch("one_401", 0)
    if isinstance(left, int) and left > 0:
        books.world.switches["eventtia.one_401"] = int(left) - 1
        books.store.execute("insert or ignore into eventtia_revoked values (?)", [token.strip()])
        raise Refusal(401, UNAUTHORISED)
    return name


def _known(books: Books, kind: str, name: Any, secret: Any) -> dict[str, Any]:
    row = books.store.row("select * from eventtia_logins where kind = ? and name = ?", [kind, str(name)])
    if row is None or not isinstance(name, str) or secret != row["secret"]:
        raise Refusal(401, WRONG_LOGIN)
    return row


def _token(books: Books, kind: str, name: str) -> str:
    expires = int((books.world.clock.now() + _LIFETIME).timestamp())
    claims = {"class": kind, "authentication_key": name, "event_uri": None, "exp": expires}
    # No two logins get the same token, also under a clock that stands still.
    number = int(books.setting("logins", "0")) + 1
    books.store.execute("insert or replace into eventtia_settings values ('logins', ?)", [str(number)])
    body = _part({"alg": "HS256", "kid": str(number)}) + "." + _part(claims)
    return body + "." + _signature(books, body)


def _verified(books: Books, token: str) -> str | None:
    body, _, signature = token.rpartition(".")
    if not token.isascii() or not hmac.compare_digest(signature, _signature(books, body)):
        return None
    # Signed by ourselves: from here on the shape is certain.
    claims = json.loads(base64.urlsafe_b64decode(body.partition(".")[2] + "=="))
    if datetime.fromtimestamp(claims["exp"], UTC) <= books.world.clock.now():
        return None
    if books.store.row("select 1 from eventtia_revoked where token = ?", [token]):
        return None
    return str(claims["authentication_key"])


def _signature(books: Books, body: str) -> str:
    key = f"{_KEY}-{books.switch('token_generation', 0)}"
    return _encoded(hmac.digest(key.encode(), body.encode(), hashlib.sha256))


def _part(value: Any) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


ENDPOINTS: Final = (
    Endpoint("POST", "auth", login, public=True),
    Endpoint("POST", "m2m-auth", machine_login, public=True),
)
