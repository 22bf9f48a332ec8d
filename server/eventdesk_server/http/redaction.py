"""Secrets out of text: the literal keys in every spelling they may have, and what stands under a secret's name."""

import base64
import logging
import re
from collections.abc import Iterable, Sequence
from typing import cast
from urllib.parse import quote, quote_plus

import httpx2
from pydantic import SecretStr
from typing_extensions import override

from eventdesk_tools.models import Json

HIDDEN = "***"

_NAMES = (
    "(?:x[_-])?(?:access[_-]?token|api[_-]?key|auth[_-]?token|authorization|client[_-]?secret|passwd|password|"
    "refresh[_-]?token|secret|signature|token)"
)
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_NAMED = re.compile(rf"([?&;/])({_NAMES}[=:])[^\s&;#/'\"<>]+", re.IGNORECASE)
_SHORTEST = 4


def is_secret_name(name: str) -> bool:
    """Whether a field or query item of this name holds a secret."""
    return _SECRET_NAME.fullmatch(name) is not None


def redact(text: str, secrets: Iterable[SecretStr]) -> str:
    """Text without the secrets: literal, percent-encoded or in base64, and without secretly named values of URLs."""
    return _without(text, _longest_first(secrets))


def redacted(value: Json, secrets: Iterable[SecretStr]) -> Json:
    """A decoded body without the secrets."""
    return _walked(value, _longest_first(secrets))


def _walked(value: Json, spellings: Sequence[str]) -> Json:
    if isinstance(value, str):
        return _without(value, spellings)
    if isinstance(value, dict):
        items = cast("dict[str, Json]", value).items()
        return {_without(key, spellings): _walked(item, spellings) for key, item in items}
    if isinstance(value, list):
        return [_walked(item, spellings) for item in cast("list[Json]", value)]
    return value


def _without(text: str, spellings: Sequence[str]) -> str:
    for spelling in spellings:
        text = text.replace(spelling, HIDDEN)
    # Most texts are none in which a name and its value could stand.
    if "=" not in text and ":" not in text:
        return text
    return _NAMED.sub(rf"\1\2{HIDDEN}", text)


def _longest_first(secrets: Iterable[SecretStr]) -> Sequence[str]:
    spellings = {spelling for secret in secrets for spelling in _spellings(secret.get_secret_value())}
    return sorted(spellings, key=len, reverse=True)


def _spellings(secret: str) -> Iterable[str]:
    # A secret of three characters would take common words with it, and is none.
    if len(secret) < _SHORTEST:
        return
    yield secret
    encoded = quote(secret, safe="")
    yield from (encoded, encoded.replace("%", "%25"), quote(secret), quote_plus(secret))
    raw = secret.encode("utf-8", "surrogatepass")
    # Some encode what needs no encoding: hyphens, dots.
    whole = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in raw)
    yield whole
    for form in (encoded, whole):
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), form)
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        yield alphabet(raw).decode()
        yield alphabet(raw).decode().rstrip("=")
        # Inside a longer text, as a name and password are: what of it the neighbours do not change, at each of three places.
        for before in range(3):
            inner = alphabet(bytes(before) + raw).decode()[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
            if len(inner) >= 2 * _SHORTEST:
                yield inner
    yield repr(secret)[1:-1]


class WithoutUrls(logging.Filter):
    """Keeps addresses out of the HTTP library's own log: paths may hold a key, queries an e-mail address."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_origin(arg) if isinstance(arg, httpx2.URL) else arg for arg in record.args)
        if isinstance(record.msg, str):
            record.msg = _NAMED.sub(rf"\1\2{HIDDEN}", record.msg)
        return True


def _origin(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}/…"


for _name in ("httpx2", "httpcore2.http11", "httpcore2.connection", "httpcore2.proxy"):
    logging.getLogger(_name).addFilter(WithoutUrls())
