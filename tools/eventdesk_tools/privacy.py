"""Personal data: what of people leaves for the model, as the settings say. Everything else here works on whole values.

Two doors lead out. A column or a platform's own record is shown by `cell` and `raw`, which know what it holds. Any other
text, whoever composed it, leaves through `told`: it hides the people that an adapter named by `people.someone`, and
whatever looks like an e-mail address or a telephone number.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.people import NAMED
from eventdesk_tools.text import line, presentable

EMAIL = re.compile(r"[^\s@＠<>()\[\],;:\"\\…]{1,64}(?:[@＠]|%40)[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
PHONE = re.compile(
    r"(?<![\w+-])(?:"
    r"(?:\+|00)[ ]?\d(?:[ ().\u2010-\u2015/-]{0,2}\d){6,16}"  # +44 20 7946 0958, 0044…
    r"|\(?0(?:[ ().\u2010-\u2015/-]{0,2}\d){8,12}"  # 020 7946 0958
    r"|\(?\d{3}\)?[ .\u2010-\u2015-]\d{3}[ .\u2010-\u2015-]\d{4}"  # (555) 123-4567
    r")(?!\w)"
)
_WORDS_OF_OURS = frozenset({"yes", "no", "true", "false", "unknown", "none", "free"})
_PERSONAL_KEY = re.compile(
    r"e_?mail|phone|mobile|^tel$|telephone|fax|birth|passport|^dob$|qr_?code|barcode|"
    r"^(?:(?:first|last|full|middle|given|family|sur|nick|user|contact|attendee|buyer|customer|guest|holder|billing|author)"
    r"_?name|first|last|surname|submitted_by|attendee|buyer|customer|contact|organi[sz]er_contact)$",
    re.IGNORECASE,
)
_PLAIN_KEY = re.compile(
    r"(?:^|_)(?:id|ids|uuid|at|on|date|time|status|state|count|total|currency|zone|timezone|locale|language|token)$|"
    r"^(?:type|types|subdomain|event_name|event_title|event_uri|payment_method|path|from|to|next|previous|self|first|last|prev|"
    r"related|ticket|ticket_name|ticket_type|rating|kind|method|role|label|code|amount|price|quantity|description)$"
)
"""Of a record about a person: fields that tell what it is, when and how much, not who."""
_LINKS = frozenset({"links", "meta"})


class PersonalData(StrEnum):
    """What the model is told of people."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Privacy:
    """The one place that decides what of a person is shown.

    A masked value is a keyed digest: the same for the same person wherever it stands and after every restart, and not to
    be guessed without the installation's key. Nothing of the value shows through, not even an initial.
    """

    mode: PersonalData = PersonalData.FULL
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def full(self) -> bool:
        return self.mode is PersonalData.FULL

    @property
    def note(self) -> str:
        """What a list of people says of itself; "" where there is nothing to say."""
        match self.mode:
            case PersonalData.FULL:
                return ""
            case PersonalData.MASKED:
                return "People are masked by Eventdesk's settings: equal values are the same person's."
            case PersonalData.NONE:
                return "Names and addresses are kept back by Eventdesk's settings: go by ref."

    def cell(self, kind: str, text: str) -> str:
        """A value of a person: `kind` is person, email, phone, company or answer. "" when nothing may be told."""
        if self.full or not text:
            return text
        return self._masked(kind, text) if self.mode is PersonalData.MASKED else ""

    def columns(self, wanted: Sequence[str], default: Sequence[str], personal: Collection[str]) -> list[str]:
        """The columns to show: those wanted, else the default ones that may be told.

        Raises:
            Unsupported: One that was asked for may not be told.
        """
        if self.mode is not PersonalData.NONE:
            return list(dict.fromkeys(wanted)) or list(default)
        refused = [name for name in wanted if name in personal]
        if refused:
            raise self.refusal(refused[0])
        return list(dict.fromkeys(wanted)) or [name for name in default if name not in personal]

    def refusal(self, what: str) -> Unsupported:
        return Unsupported(
            f"{what} is personal data, which Eventdesk's settings keep back (personal_data).",
            field="fields",
            next="Go by ref; filters by email work. export_list writes all of it to a file for the person.",
        )

    def told(self, text: str, said: Collection[str] = (), private: Iterable[str] = ()) -> str:
        """Any text as it may leave. `said` are addresses and numbers that the model itself sent, and so may read again;
        `private` are values that came from a file of the person's."""
        if self.full:
            return presentable(NAMED.sub(r"\1", text))
        text = presentable(NAMED.sub(lambda found: self._named(found[1], said), text))
        text = EMAIL.sub(lambda found: self._unless_said("email", found[0], said), text)
        text = PHONE.sub(lambda found: self._unless_said("phone", found[0], said), text)
        for value in sorted(private, key=len, reverse=True):
            if len(value) > 2 and value.casefold() not in _WORDS_OF_OURS and value in text:
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda found: self._hidden("person", found[0]), text)
        return text

    def raw(self, value: Json, *, people: bool) -> Json:
        """A platform's own answer. Of records about people only what is known to be harmless stays as it is; elsewhere
        fields that are called like personal data go."""
        return value if self.full else self._raw(value, "", people=people)

    def _raw(self, value: Json, name: str, *, people: bool) -> Json:
        if isinstance(value, Mapping):
            held = cast("Mapping[str, Json]", value)
            return {
                self.told(str(key)): self._raw(item, str(key), people=people and key not in _LINKS)
                for key, item in held.items()
            }
        if isinstance(value, list):
            return [self._raw(item, name, people=people) for item in cast("list[Json]", value)]
        if value is None or isinstance(value, bool):
            return value
        hidden = _PERSONAL_KEY.search(name) is not None or (people and _PLAIN_KEY.search(name) is None)
        if isinstance(value, str):
            return self._leaf(name, value) if hidden and value.strip() else self.told(value)
        return self._leaf(name, str(value)) if hidden and abs(value) >= 1_000_000 else value

    def _leaf(self, name: str, text: str) -> Json:
        if self.mode is PersonalData.NONE:
            return None
        if EMAIL.fullmatch(text.strip()):
            return self._masked("email", text)
        if PHONE.fullmatch(text.strip()) or re.search("phone|mobile|tel", name, re.IGNORECASE):
            return self._masked("phone", text)
        kind = "company" if "company" in name.lower() else "person" if "name" in name.lower() else "text"
        return self._masked(kind, text)

    def _named(self, text: str, said: Collection[str]) -> str:
        if text in said:
            return text
        return self._hidden("email" if EMAIL.fullmatch(text) else "person", text)

    def _unless_said(self, kind: str, text: str, said: Collection[str]) -> str:
        return text if normal(kind, text) in said else self._hidden(kind, text)

    def _hidden(self, kind: str, text: str) -> str:
        return self._masked(kind, text) if self.mode is PersonalData.MASKED else f"[{kind}]"

    def _masked(self, kind: str, text: str) -> str:
        digest = hmac.digest(self.key, f"{kind}\0{normal(kind, text)}".encode("utf-8", "replace"), hashlib.sha256)
        return f"{kind}-{base64.b32encode(digest)[:8].decode().lower()}"


EVERYTHING = Privacy(PersonalData.FULL, b"")
"""For what goes to the person: exports, and the page on their own computer."""


def normal(kind: str, text: str) -> str:
    """A value as it is compared: what a person would call the same is the same."""
    plain = unicodedata.normalize("NFKC", line(text.replace("%40", "@"), 1_000)).casefold().strip()
    return re.sub(r"\D", "", plain) if kind == "phone" else plain.rstrip(".") if kind == "email" else plain


def said_in(arguments: Json) -> frozenset[str]:
    """The addresses, numbers and texts that a call's arguments hold."""
    said: set[str] = set()

    def look(value: Json) -> None:
        if isinstance(value, Mapping):
            for item in cast("Mapping[str, Json]", value).values():
                look(item)
        elif isinstance(value, list | tuple):
            for item in cast("Sequence[Json]", value):
                look(item)
        elif isinstance(value, str):
            said.add(line(value))
            said.update(normal("email", found[0]) for found in EMAIL.finditer(value))
            said.update(normal("phone", found[0]) for found in PHONE.finditer(value))

    look(arguments)
    return frozenset(said)
