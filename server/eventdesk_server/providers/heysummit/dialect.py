"""How HeySummit speaks: Django REST Framework's errors behind Cloudflare, no published limits."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from eventdesk_server.http.policy import Dialect, Refusal
from eventdesk_tools.errors import Conflict, ListIncomplete, PermissionDenied, RejectedByProvider, SoldOut

_FIRST = ("detail", "message", "error", "non_field_errors")


def sentence(body: Any) -> str:
    """`detail`, `message`, `error` or `non_field_errors`, else every field with its complaints."""
    if isinstance(body, str):
        return body
    if isinstance(body, list):
        return "; ".join(filter(None, (sentence(part) for part in cast("Sequence[Any]", body)[:5])))
    if not isinstance(body, Mapping):
        return ""
    fields = cast("Mapping[str, Any]", body)
    for name in _FIRST:
        if found := sentence(fields.get(name)):
            return found
    told = ((name, sentence(complaint)) for name, complaint in list(fields.items())[:5])
    return "; ".join(f"{name}: {complaint}" for name, complaint in told if complaint)


DIALECT = Dialect(
    title="HeySummit",
    sentence=sentence,
    refusals=(
        # Both forms occur for a person who is registered already. "Object does not exist" is another matter.
        Refusal(
            raises=Conflict,
            status=frozenset({400, 409}),
            says=re.compile(r"already|(?<!not )exists?\b|unique|duplicate", re.IGNORECASE),
            next="Make the same call again: it looks the person up first.",
        ),
        Refusal(
            raises=SoldOut,
            status=frozenset({400}),
            says=re.compile(r"capacity|sold[ -]?out|no (?:more )?(?:places|seats|tickets)", re.IGNORECASE),
        ),
        # Django REST Framework's answer to a page past the end, where `count` promises more rows than there are.
        Refusal(
            raises=ListIncomplete,
            status=frozenset({404}),
            says=re.compile(r"invalid page", re.IGNORECASE),
            message="its list counts more rows than its pages hold.",
            next="Make the same call again; the list changed while it was read.",
        ),
        # Seen in 2026: version 2 answers 403 on routes that are not below an event, whatever the key may do.
        Refusal(
            raises=PermissionDenied,
            status=frozenset({403}),
            says=re.compile(r"\S"),
            message="not offered to the account's key: {sentence}",
            next="Tell the person: API access needs HeySummit's Business plan and a key with this right; base_url and "
            "api_version must fit too. Do not retry.",
        ),
        # Cloudflare in front of version 2 turns away agents it takes for libraries, with a web page of this status.
        Refusal(
            raises=PermissionDenied,
            status=frozenset({403}),
            message="a web page or nothing instead of data: blocked or misrouted, status 403. The key may be good.",
            next="Tell the person: HeySummit may refuse the User-Agent; user_agent in the account's settings changes it.",
        ),
        Refusal(
            raises=RejectedByProvider,
            status=frozenset({405}),
            message="this version of its API does not offer that call.",
            next="Tell the person to check base_url and api_version in Eventdesk's settings. Do not retry.",
        ),
    ),
    # Talk lists of large events take several seconds.
    read_timeout=20.0,
)
