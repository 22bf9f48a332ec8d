"""What people paste, made into what is meant. A note tells what was changed; a ValueError says what to do instead."""

import re
from dataclasses import dataclass

import httpx2

from eventdesk_server.http.base_url import checked_base_url
from eventdesk_tools.refs import ACCOUNT_NAME
from eventdesk_tools.times import zone_of

_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_QUOTES = "\"'`“”„‘’‚«»"
_HEADER = re.compile(r"(?:(?:authorization|x-api-key)\s*[:=]\s*)?(?:(?:token|bearer)\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant, and what was done to find it."""

    text: str
    note: str = ""


def key(text: str) -> Meant:
    """A key, token or secret: no white space, no quotes, no name of a header around it."""
    found = text.translate(_INVISIBLE).strip()
    found = _HEADER.sub("", found, count=1) if len(found.split()) > 1 or ":" in found else found
    if found[:1] and found[0] in _QUOTES:
        found = found.rstrip(",;")
    found = found.strip(_QUOTES + " \t\r\n")
    if not found:
        raise ValueError("Nothing was given. Copy the key at the platform, then paste it here.")
    if re.search(r"\s", found):
        raise ValueError("There is a space or a line break in the middle of it. Copy it again, in one piece.")
    if not found.isascii() or not found.isprintable():
        raise ValueError("It holds a character that no key has. Copy it again at the platform; do not retype it.")
    return Meant(found, "What stood around the key (spaces, quotes) was left out." if found != text else "")


def password(text: str) -> Meant:
    """A password, which may hold anything inside."""
    found = text.strip()
    if not found:
        raise ValueError("Nothing was given.")
    if found[0] in _QUOTES and found[-1] in _QUOTES and len(found) > 2:
        return Meant(found, "The quotes were kept: they count as part of the password.")
    return Meant(found, "The spaces around the password were left out." if found != text else "")


def email(text: str) -> Meant:
    """An e-mail address; also as `Name <address>`."""
    found = re.sub(r"^mailto:", "", text.translate(_INVISIBLE).strip(_QUOTES + " \t\r\n"), flags=re.IGNORECASE)
    if inner := re.search(r"<([^<>]+)>$", found):
        found = inner.group(1)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", found):
        raise ValueError("That is no e-mail address. Type it like ada@example.org.")
    return Meant(found, f"Taken as {found}." if found != text.strip() else "")


def subdomain(text: str) -> Meant:
    """The first part of `demo.eventhq.co.uk`; also of a whole address."""
    given = text.translate(_INVISIBLE).strip(_QUOTES + " \t\r\n")
    host = re.sub(r"^[a-z]+://", "", given.lower()).partition("/")[0].partition("?")[0]
    if not host:
        raise ValueError(
            "Nothing was given. It is the first part of your address at EventHQ: demo of demo.eventhq.co.uk."
        )
    found, _, rest = host.partition(".")
    if rest not in {"", "eventhq.co.uk"} or not re.fullmatch(r"[a-z0-9-]{1,63}", found) or found in {"www", "eventhq"}:
        raise ValueError(
            f"{host} is no address at EventHQ. Open EventHQ in a browser; in the address bar stands demo.eventhq.co.uk: "
            "demo is what is asked for."
        )
    return Meant(found, f"Taken as {found}." if found != given else "")


def server(text: str) -> Meant:
    """The API's address of an Event Schedule server; empty for eventschedule.com itself."""
    given = text.translate(_INVISIBLE).strip(_QUOTES + " \t\r\n")
    if not given:
        return Meant("")
    found = given if re.match(r"[a-z]+://", given, re.IGNORECASE) else f"https://{given}"
    try:
        url = httpx2.URL(found.partition("?")[0].partition("#")[0])
    except httpx2.InvalidURL:
        raise ValueError("That is no web address. Type it like https://events.example.org.") from None
    if url.host in {"eventschedule.com", "www.eventschedule.com", "app.eventschedule.com"}:
        return Meant("", "That is Event Schedule's own server.")
    parts = [part for part in url.path.split("/") if part]
    parts = [*parts[: parts.index("api")], "api"] if "api" in parts else ["api"]
    found = checked_base_url(str(url.copy_with(path="/" + "/".join(parts))))
    return Meant(found, f"Taken as {found}: the API of a server of one's own is there." if found != given else "")


def address(text: str) -> Meant:
    """A base URL, as it is given."""
    given = text.translate(_INVISIBLE).strip(_QUOTES + " \t\r\n")
    return Meant(checked_base_url(given) if given else "")


def zone(text: str) -> Meant:
    """An IANA time zone."""
    found = text.strip(_QUOTES + " \t\r\n")
    if found and zone_of(found) is None:
        raise ValueError(f"{found} is no time zone. Type it like Europe/London or America/New_York.")
    return Meant(found)


def currency(text: str) -> Meant:
    """An ISO 4217 code."""
    found = text.strip(_QUOTES + " \t\r\n").upper()
    if found and not re.fullmatch(r"[A-Z]{3}", found):
        raise ValueError("A currency has three letters, like GBP or EUR.")
    return Meant(found)


def account_name(text: str) -> Meant:
    """What an account is called."""
    found = text.strip()
    if not ACCOUNT_NAME.fullmatch(found):
        near = re.sub(r"[^a-z0-9_-]+", "-", found.lower()).strip("-_")[:32]
        hint = f", like {near}" if near else ""
        raise ValueError(f"A name has small letters, digits, - and _, at most 32, and begins with a letter{hint}.")
    return Meant(found)


def words(text: str) -> Meant:
    """Anything on one line."""
    return Meant(" ".join(text.translate(_INVISIBLE).split()))
