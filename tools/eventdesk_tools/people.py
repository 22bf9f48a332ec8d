"""A person's name and address, as they are checked before anything is sent."""

import re

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.refs import shown
from eventdesk_tools.text import line, visible

# What every platform takes; stricter checks are theirs. RFC 5321 limits the length.
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\\\"._-][^\s@<>()\[\],;:\\\"_]{0,250}\.[^\s@<>()\[\],;:\\\".\d_-]{2,63}"
)


_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
NAMED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}?")
"""Where a text names a person. The marks are characters that no platform's text keeps, and that never leave."""


def someone(text: str, limit: int = 60) -> str:
    """A person as a question, a summary or a failure names them, so that the last gate can hide them where that is set."""
    return f"{_OPEN}{line(text, limit)}{_CLOSE}"


def clean_email(text: str) -> str:
    """An e-mail address without the white space around it.

    Raises:
        InvalidArguments: It is none.
    """
    email = text.strip()
    if not _EMAIL.fullmatch(email) or ".." in email or visible(email) != email or len(email) > 254:
        raise InvalidArguments(
            f"{shown(email)} is not an e-mail address.", field="email", next="Ask the person for it."
        )
    return email


def clean_name(text: str) -> str:
    """A name on one line, without invisible characters.

    Raises:
        InvalidArguments: Nothing is left of it.
    """
    name = " ".join(visible(text).split())
    if not name or not any(char.isalpha() for char in name):
        raise InvalidArguments("name is empty.", field="name", next="Ask the person for the name.")
    return name
