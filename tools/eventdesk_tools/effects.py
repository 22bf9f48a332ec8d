"""What a tool or an operation does to a platform's data."""

from enum import StrEnum


class Effect(StrEnum):
    """Reads, adds, changes or removes. The hints that clients read come from it."""

    READ = "read"
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
