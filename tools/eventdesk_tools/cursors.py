"""Cursors that are a place in one answer: so many items in."""

import base64
import struct

from eventdesk_tools.errors import InvalidArguments


def offset_cursor(filters: bytes, offset: int) -> str:
    """The cursor that continues at an item. It binds the call and outlives the process."""
    return base64.urlsafe_b64encode(filters + struct.pack(">I", offset)).decode().rstrip("=")


def read_offset(cursor: str, filters: bytes) -> int:
    """The item that a cursor names.

    Raises:
        InvalidArguments: It is no cursor of ours, or belongs to another call.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    if len(raw) != len(filters) + 4 or not raw.startswith(filters):
        raise InvalidArguments(
            "This cursor belongs to another call.",
            field="cursor",
            next="Repeat the call that gave it with the same arguments and fields, or leave cursor out.",
        )
    return struct.unpack(">I", raw[len(filters) :])[0]
