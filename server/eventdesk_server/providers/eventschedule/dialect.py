"""How Event Schedule speaks: its two error shapes, its limits, and the sentences that mean more than their status.

Seen on a running server of August 2026 where the reference page is silent: the order of checks, the 423, the second
shape of a 429, the redirect of unknown paths.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from eventdesk_server.http.policy import Dialect, IdleReset, Refusal, Window
from eventdesk_tools.errors import (
    AuthenticationFailed,
    NotOnSale,
    PermissionDenied,
    PlanRequired,
    ProviderChanged,
    RejectedByProvider,
    SoldOut,
)

DEFAULT_BASE_URL = "https://eventschedule.com/api"

_BASE_URL = "Tell the person to check base_url in Eventdesk's settings: a self-hosted server's ends in /api."
_WRITES = frozenset({"POST", "PUT", "DELETE"})


def sentence(body: Any) -> str:
    """One sentence from an error body.

    Controllers answer `error`, and for ill-formed input `errors` with a list of sentences a field; the framework
    beneath them answers `message`.
    """
    if not isinstance(body, Mapping):
        return ""
    answer = cast("Mapping[str, Any]", body)
    errors = answer.get("errors")
    details: list[str] = []
    if isinstance(errors, Mapping):
        for told in cast("Mapping[str, Any]", errors).values():
            texts = cast("list[Any]", told) if isinstance(told, list) else [told]
            details += [text for text in texts[:1] if isinstance(text, str)]
    if details:
        return " ".join(details[:3])
    for name in ("error", "message"):
        text = answer.get(name)
        if isinstance(text, str) and text.strip():
            return text
    return ""


def _says(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


DIALECT = Dialect(
    title="Event Schedule",
    sentence=sentence,
    refusals=(
        Refusal(
            raises=AuthenticationFailed,
            status=frozenset({423}),
            message="Event Schedule blocks this key for 15 minutes after ten failed attempts.",
            next="Tell the person to put a valid key into Eventdesk's settings. Do not retry.",
        ),
        Refusal(
            raises=AuthenticationFailed,
            status=frozenset({401}),
            says=_says("expired"),
            message="The key has expired: Event Schedule's keys last one year.",
            next="Tell the person to make a new key in Event Schedule's account settings. Do not retry.",
        ),
        Refusal(
            raises=PlanRequired,
            status=frozenset({403}),
            says=_says("pro account"),
            next="Tell the person: Event Schedule's API needs the Pro plan for this. Do not retry.",
        ),
        # A self-hosted server sends unknown paths to its home page; a hosted one says that the route is unknown.
        Refusal(
            raises=ProviderChanged,
            status=frozenset({301, 302, 303, 307, 308}),
            message="Event Schedule has no API at this address.",
            next=_BASE_URL,
        ),
        Refusal(
            raises=ProviderChanged,
            status=frozenset({404}),
            says=_says(r"^the route .* could not be found"),
            message="Event Schedule has no API at this address.",
            next=_BASE_URL,
        ),
        Refusal(
            raises=RejectedByProvider,
            status=frozenset({404}),
            says=_says(r"^no query results for model"),
            message="Event Schedule knows no schedule that is named as the venue.",
        ),
        Refusal(
            raises=SoldOut,
            status=frozenset({422}),
            says=_says(r"^(tickets|add-on) not available"),
            message="Too few places are left: {sentence}",
        ),
        Refusal(
            raises=NotOnSale,
            status=frozenset({422}),
            says=_says(r"^ticket sales have|^cannot sell tickets"),
        ),
        Refusal(
            raises=NotOnSale,
            status=frozenset({422}),
            says=_says("does not have tickets enabled"),
            message="The event sells no tickets now: ticketing is off, the event is cancelled, every sales window is "
            "closed, or the free plan's allowance is used up.",
        ),
        Refusal(
            raises=PermissionDenied,
            status=frozenset({422}),
            says=_says("^no schedule found for this event"),
            message="No schedule of this account holds the event any more, so Event Schedule refuses to change it.",
        ),
    ),
    # Counters a client address, not fixed minutes: each counted call starts the 60 silent seconds anew (seen running). POSTs
    # that create events are counted once more, by a fixed minute.
    limits=(
        IdleReset(300, 60, frozenset({"GET"})),
        IdleReset(30, 60, _WRITES),
        Window(30, 60, frozenset({"POST"})),
    ),
    accept="application/json",
)
