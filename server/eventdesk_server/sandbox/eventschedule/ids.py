"""Opaque ids: per-type row numbers through one encoder.

Equal numbers give equal strings whatever the type: the first event and the first sale carry the same id. The alphabet
belongs to the installation, so ids of one installation mean nothing on another.
"""

import base64
import binascii
import random
import string
from functools import cache
from typing import Any

_MODULUS = 62**6
_FACTOR = 22_801_763_489
"""Prime, hence coprime with 62: multiplying by it modulo 62^6 can be undone."""
_INVERSE = pow(_FACTOR, -1, _MODULUS)
_SHIFT = 9_176_543_210
_LARGEST = 2**31
_LEGACY_OFFSET = 389_278


@cache
def _alphabet(installation: str) -> str:
    letters = list(string.ascii_letters + string.digits)
    random.Random(installation).shuffle(letters)
    return "".join(letters)


def encode(number: int, installation: str) -> str:
    """The id of a row number: six characters of A-Z, a-z, 0-9."""
    alphabet = _alphabet(installation)
    rest = (number * _FACTOR + _SHIFT) % _MODULUS
    out: list[str] = []
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        out.append(alphabet[digit])
    return "".join(out)


def decode(text: Any, installation: str) -> int | None:
    """The row number of an id, or None when it is not one.

    The legacy form, base64 of the decimal text of (number + 389278), is read too.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        return None
    alphabet = _alphabet(installation)
    if len(text) == 6 and all(letter in alphabet for letter in text):
        value = 0
        for letter in reversed(text):
            value = value * 62 + alphabet.index(letter)
        number = (value - _SHIFT) * _INVERSE % _MODULUS
        return number if 0 < number < _LARGEST else None
    return _decode_legacy(text)


def _decode_legacy(text: str) -> int | None:
    if not text.isascii() or len(text) > 24:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not plain.isdigit():
        return None
    number = int(plain) - _LEGACY_OFFSET
    return number if 0 < number < _LARGEST else None
