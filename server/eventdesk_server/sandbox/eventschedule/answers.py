"""Answers in the platform's two families: its controllers' and its framework's."""

from dataclasses import dataclass, field
from typing import Any

from eventdesk_server.sandbox.eventschedule import php


@dataclass(slots=True)
class Answer:
    """What a handler hands back. `pause` is a deliberate delay in seconds before it is sent."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    media_type: str = "application/json"
    pause: float = 0.0


def success(data: Any, message: str | None = None, *, status: int = 200) -> Answer:
    """`data`, with `meta.message` where the platform adds one."""
    body: dict[str, Any] = {"data": data}
    if message is not None:
        body["meta"] = {"message": message}
    return Answer(status, php.pretty(body))


def unwrapped(body: Any) -> Answer:
    """A success that is not wrapped in `data`."""
    return Answer(200, php.pretty(body))


def refused(status: int, sentence: str, errors: dict[str, list[str]] | None = None) -> Answer:
    """A controller's error: `error`, and `errors` for validation."""
    body: dict[str, Any] = {"error": sentence}
    if errors is not None:
        body["errors"] = errors
    return Answer(status, php.compact(body))


class Refusal(Exception):
    """Stops a handler; nothing that it wrote is kept."""

    def __init__(self, status: int, sentence: str, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(sentence)
        self.answer = refused(status, sentence, errors)


class FrameworkError(Exception):
    """An error in the framework's shape: JSON for clients that ask for it, an HTML page for all others.

    `keep` says that what was written so far stays: the platform's event writes run outside a transaction.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: dict[str, list[str]] | None = None,
        headers: dict[str, str] | None = None,
        keep: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers or {}
        self.keep = keep


def server_error(*, keep: bool = False) -> FrameworkError:
    """An unhandled exception of the platform, with debugging off."""
    return FrameworkError(500, "Server Error", keep=keep)


def check(errors: dict[str, list[str]]) -> None:
    """Refuse when validation found something.

    Raises:
        Refusal: There are errors.
    """
    if errors:
        raise Refusal(422, "Validation failed", errors)
