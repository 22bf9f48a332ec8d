"""One request as the handlers see it, and the answers they share."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.evvnt.state import Answering, Role
from eventdesk_server.sandbox.evvnt.wire import read_moment

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_PAGE = 20
_MOST = 100


class Refused(Exception):
    """The request is refused; nothing of it is kept."""

    def __init__(self, status: int, *messages: str) -> None:
        super().__init__(status, *messages)
        self.status = status
        self.messages = messages


def errors(status: int, *messages: str) -> Response:
    """The body of every documented error."""
    return JSONResponse({"errors": list(messages)}, status)


def as_number(text: str | None) -> int | None:
    """A number in a path or a query; None if it is none."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Call:
    """A request that got past the login: whose it is, the variable parts of its path, its query and its body."""

    world: World
    role: Role
    path: tuple[str, ...]
    query: QueryParams
    data: dict[str, Any]

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def answering(self, *, venue_ids: bool = True) -> Answering:
        return Answering(bool(self.world.switch("evvnt.string_ids", False)), venue_ids)

    def created(self, body: object) -> Response:
        """The answer of a POST that succeeded: 200 by the reference, 201 as clients expect it."""
        return JSONResponse(body, 201 if self.world.switch("evvnt.created", 200) == 201 else 200)

    def changed(self) -> Response:
        """The answer of a PUT that succeeded. None is documented."""
        return Response() if self.world.switch("evvnt.put_answer", "object") == "empty" else JSONResponse({})

    def bad_filter(self, name: str) -> None:
        """A parameter that cannot be read.

        Raises:
            Refused: The switch does not say to ignore it.
        """
        if self.world.switch("evvnt.bad_filters", "reject") != "ignore":
            raise Refused(400, f"{name} is invalid")

    def newer_than(self) -> datetime | None:
        text = self.query.get("newer_than")
        if not text:
            return None
        moment = read_moment(text)
        if moment is None:
            self.bad_filter("newer_than")
        return moment

    def window(self) -> tuple[int, int]:
        """How many rows, and after how many. More than 100 is ignored, which leaves 20 (reference, Events)."""
        most = as_number(self.query.get("max_results"))
        rows = most if most is not None and 1 <= most <= _MOST else _PAGE
        page = as_number(self.query.get("page")) or 1
        return rows, (page - 1) * rows
