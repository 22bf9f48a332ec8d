"""How evvnt speaks: HTTP Basic, bare lists, a list of English sentences for errors, no published limits."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from eventdesk_server.http.policy import Dialect, Refusal
from eventdesk_tools.errors import NotFound, PermissionDenied


def sentence(body: Any) -> str:
    """The sentences of `errors`, else `error`."""
    if not isinstance(body, Mapping):
        return ""
    fields = cast("Mapping[str, Any]", body)
    errors = fields.get("errors")
    if isinstance(errors, list):
        return "; ".join(str(each) for each in cast("Sequence[Any]", errors)[:10])
    told = errors if isinstance(errors, str) else fields.get("error")
    return told if isinstance(told, str) else ""


_ROLE = "If all fails so, tell the person: role in the settings must be the key's (organiser, partner or publisher)."

DIALECT = Dialect(
    title="evvnt",
    sentence=sentence,
    refusals=(
        # What a 404 holds is not documented: nothing, JSON or a web page.
        Refusal(
            raises=NotFound,
            status=frozenset({404}),
            message="there is no such record, or it is not this account's.",
            next=f"Call list_events for current ids. {_ROLE}",
        ),
        Refusal(
            raises=PermissionDenied,
            status=frozenset({403}),
            says=re.compile(r"user id", re.IGNORECASE),
            next="Tell the person to check user_id of this account in Eventdesk's settings. Do not retry.",
        ),
        # Which status a key of another role gets is not documented: 403, or 404 as above.
        Refusal(raises=PermissionDenied, status=frozenset({403}), next=f"{_ROLE} Do not retry."),
    ),
)
