"""Refs: the only kind of id that a tool takes or returns."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from typing_extensions import override

from eventdesk_tools.errors import UnknownRef
from eventdesk_tools.text import line

RECORD_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
"""What an id may look like. Quoting alone is not enough in a path: `..` survives it and climbs."""

ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What an account may be called."""


class Kind(StrEnum):
    """What a ref inside an event names. Ids may be unique per kind only, so the kind is part of the ref."""

    TICKET = "t"
    EXTRA = "x"
    SESSION = "s"
    REGISTRATION = "a"
    ORDER = "o"


KIND_WORDS = {
    Kind.TICKET: "ticket",
    Kind.EXTRA: "extra",
    Kind.SESSION: "session",
    Kind.REGISTRATION: "registration",
    Kind.ORDER: "order or payment",
}


@dataclass(frozen=True, slots=True)
class Ref:
    """`account:event`, or `account:event:k-id` for something inside an event, with k from `Kind`."""

    account: str
    event: str
    kind: Kind | None = None
    id: str = ""

    @override
    def __str__(self) -> str:
        return (
            f"{self.account}:{self.event}"
            if self.kind is None
            else f"{self.account}:{self.event}:{self.kind}-{self.id}"
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a ref.

        Raises:
            UnknownRef: It has not the form of a ref.
        """
        parts = text.strip().split(":")
        if len(parts) not in {2, 3} or not ACCOUNT_NAME.fullmatch(parts[0]) or not RECORD_ID.fullmatch(parts[1]):
            raise UnknownRef(f"{shown(text)} is not a ref. A ref reads account:event or account:event:k-id.")
        if len(parts) == 2:
            return cls(parts[0], parts[1])
        letter, dash, record = parts[2].partition("-")
        if not dash or letter not in set(Kind) or not RECORD_ID.fullmatch(record):
            raise UnknownRef(
                f"{shown(text)} is not a ref: inside an event it reads account:event:k-id, k one of t x s a o."
            )
        return cls(parts[0], parts[1], Kind(letter), record)

    def inside(self, kind: Kind, record: str) -> "Ref":
        """The ref of something inside this event."""
        return Ref(self.account, self.event, kind, record)

    @property
    def of_event(self) -> "Ref":
        """The ref of the event itself."""
        return Ref(self.account, self.event)


def looks_like_ref(text: str) -> bool:
    """Whether text is meant as a ref: an account name, a colon, and no space."""
    head, colon, tail = text.strip().partition(":")
    return bool(colon and tail) and ACCOUNT_NAME.fullmatch(head) is not None and not re.search(r"\s", text.strip())


def shown(text: str, limit: int = 60) -> str:
    """Text from outside as it may stand in a message: quoted, escaped, short, and without markup that could hide our words."""
    flat = line(text if text.isprintable() else ascii(text[: limit + 1])[1:-1], 2 * limit + 2)
    return f"'{flat[:limit]}…'" if len(flat) > limit else f"'{flat}'"
