"""How EventHQ speaks: parameters and the key as path segments, success as a word in the body."""

from collections.abc import Mapping
from typing import Any, cast

from eventdesk_server.http.policy import Dialect, Refusal
from eventdesk_tools.errors import AuthenticationFailed


def sentence(body: Any) -> str:
    """The `message` of a body."""
    message = cast("Mapping[str, Any]", body).get("message") if isinstance(body, Mapping) else None
    return message if isinstance(message, str) else ""


def succeeded(body: Any) -> bool:
    """Every answer says `success` or what is wrong, whatever its status. One that says neither has another shape."""
    return sentence(body).strip().lower() in {"success", ""}


DIALECT = Dialect(
    title="EventHQ",
    sentence=sentence,
    succeeded=succeeded,
    refusals=(
        # Which of the two a missing or refused token gives is not documented.
        Refusal(raises=AuthenticationFailed, status=frozenset({401, 403})),
    ),
    query_style="segments",
)
