"""Slugs, subdomains and country codes made from what people typed."""

import re
import unicodedata
from typing import Any

from eventdesk_server.sandbox.eventschedule.state import State, random_text

_RESERVED = frozenset({
    "about", "account", "admin", "api", "app", "blog", "categories", "contact", "docs", "events", "faq", "features",
    "feedback", "following", "help", "home", "login", "logout", "mail", "members", "pricing", "privacy", "profile",
    "register", "sales", "schedules", "search", "settings", "signup", "sitemap", "storage", "support", "terms",
    "tickets", "users", "webhooks", "www",
})  # fmt: skip
_COUNTRIES = {
    "usa": "us", "united states": "us", "gbr": "gb", "uk": "gb", "united kingdom": "gb", "deu": "de", "germany": "de",
    "fra": "fr", "france": "fr", "esp": "es", "spain": "es", "ita": "it", "italy": "it", "jpn": "jp", "japan": "jp",
    "kwt": "kw", "kuwait": "kw", "npl": "np", "nepal": "np", "nld": "nl", "prt": "pt", "portugal": "pt", "can": "ca",
    "canada": "ca", "aus": "au", "australia": "au", "irl": "ie", "ireland": "ie", "isr": "il", "israel": "il",
    "ind": "in", "india": "in", "bra": "br", "brazil": "br", "est": "ee", "estonia": "ee", "rou": "ro", "romania": "ro",
}  # fmt: skip


def _romanised(text: str) -> str:
    out: list[str] = []
    for letter in unicodedata.normalize("NFKD", text):
        if letter.isascii():
            out.append(letter)
        elif not unicodedata.combining(letter):
            name = unicodedata.name(letter, "")
            if " LETTER " in name:
                out.append(name.rpartition(" ")[2].lower() if " WITH " not in name else name.split(" WITH ")[0][-1])
            elif name.startswith("HANGUL SYLLABLE "):
                out.append(name.removeprefix("HANGUL SYLLABLE ").lower())
    return "".join(out)


def slug(text: Any) -> str:
    """Lowercase words joined by hyphens. `&` and other signs vanish."""
    plain = re.sub(r"[^a-z0-9\s_\-]", "", _romanised(str(text or "")).lower().replace("@", "-at-"))
    return re.sub(r"[\s_\-]+", "-", plain).strip("-")


def folded(text: Any) -> str:
    """A text for comparison as the database does it: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", str(text or ""))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def subdomain_for(state: State, name: Any) -> str:
    """The shortest free left-hand run of the name's words; numbered when all are taken; random for tiny names."""
    whole = slug(name)[:50].strip("-")
    if len(whole) <= 2 or (state.hosted and whole in _RESERVED):
        return random_text(8)
    words = whole.split("-")
    for count in range(1, len(words) + 1):
        run = "-".join(words[:count])
        if len(run) > 2 and state.role_of(run) is None:
            return run
    number = 1
    while state.role_of(f"{whole[: 50 - len(str(number))]}{number}") is not None:
        number += 1
    return f"{whole[: 50 - len(str(number))]}{number}"


def country(text: Any) -> str | None:
    """A country as its lowercase two-letter code where it is recognised."""
    if not isinstance(text, str):
        return None
    known = text.strip().lower()
    return _COUNTRIES.get(known, known if re.fullmatch(r"[a-z]{2}", known) else text)
