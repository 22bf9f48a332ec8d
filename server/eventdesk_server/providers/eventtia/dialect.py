"""How Eventtia speaks: its error bodies, its refusals, its rate limit. Status codes stand here and nowhere else."""

import re
from typing import Any, cast

from eventdesk_server.http.policy import Dialect, Refusal, Window
from eventdesk_tools.errors import Conflict, NotOnSale, SoldOut

# The 404 of the reference page says nothing but a Ruby class name; other bodies may begin with one.
_CLASS_NAME = re.compile(
    r"\b(?:[A-Z]\w*(?:::[A-Z]\w*)+|[A-Z][a-z]\w*(?:Error|Exception|RecordNotFound|RecordInvalid))\b\s*:?\s*"
)
_REFUSED = frozenset({400, 409, 422})


def sentence(body: Any) -> str:
    """One sentence of an error body.

    `message` is a text on the reference page, a list in the vendor's own client, and an object of lists in another
    generation of the API. Ruby class names are taken out: they tell a person nothing.
    """
    if isinstance(body, dict):
        found = cast("dict[str, Any]", body)
        body = next((found[key] for key in ("message", "errors", "error") if found.get(key)), None)
    return _CLASS_NAME.sub("", _flat(body)).strip(" ;")


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(text for item in cast("list[Any]", value) if (text := _flat(item)))
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return "; ".join(f"{field}: {text}" for field, item in pairs if (text := _flat(item).replace("; ", ", ")))
    return ""


# The reference lists no refusal of values at all; the vendor's client and the other generations answer 422. The
# sentences are not documented, so these patterns are guesses at their wording, in English and Spanish. What none fits
# is passed on as a refusal in the platform's own words.
_REFUSALS = (
    Refusal(
        raises=Conflict,
        status=_REFUSED,
        says=re.compile(
            r"(e-?mail|correo)\b.*\b(taken|already|exists?|registered|duplicate|registrado|existe)"
            r"|already (been )?(registered|enrolled|added|in\b)",
            re.IGNORECASE,
        ),
    ),
    Refusal(
        raises=SoldOut,
        status=_REFUSED,
        says=re.compile(
            r"\bsold[ -]?out\b|\b(is|are|already) full\b"
            r"|\bno (more |free )?(seats?|places?|spots?|availability|capacity)\b"
            r"|\b(capacity|limit)\b.*\b(reached|exceeded)\b|\bnot enough\b|agotad|sin cupo",
            re.IGNORECASE,
        ),
    ),
    Refusal(
        raises=NotOnSale,
        status=_REFUSED,
        says=re.compile(r"registrations?\b.*\b(closed|ended|finished|not open|disabled)\b", re.IGNORECASE),
    ),
)

DIALECT = Dialect(
    title="Eventtia",
    sentence=sentence,
    refusals=_REFUSALS,
    # The vendor's client notes 100 requests a minute for the platform. No header tells it.
    limits=(Window(100, 60.0),),
)
