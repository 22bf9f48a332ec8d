"""The parts that declarations of Eventtia's endpoints share. Paths are relative to a base URL that ends in `/api/v3`.

Source of all: the reference page of API v3 at connect.eventtia.com, by the section that `source` names. Its curl
samples of writes carry no method; the "HTTP Request" lines are right.

PUTs count as repeatable: every field of their bodies is an absolute value, and PUT is idempotent (RFC 9110, 9.2.2). It
matters: a copy that may be public with its old dates must not stay so because the request that changes it got lost.
"""

from typing import Literal

from eventdesk_server.http.operations import Effect, Operation, Param

Kind = Literal["text", "integer", "number", "boolean", "date", "time", "object", "list", "any", "file"]

PAGE = (
    Param("page[number]", kind="integer", about="1 by default"),
    Param("page[size]", kind="integer", about="24 by default and at most"),
)
EVENT = Param("event", "path", required=True, about="the event's URI, its slug")
WALL = "DD/MM/YYYY - HH:MM:SS, wall time in the event's zone"


def include(names: str) -> Param:
    return Param("include", about=f"comma-separated, of: {names}")


def slot(name: str, about: str = "") -> Param:
    return Param(name, "path", required=True, about=about)


def body(
    name: str, kind: Kind = "text", about: str = "", *, required: bool = False, choices: tuple[str, ...] = ()
) -> Param:
    return Param(name, "body", kind, required, about, choices)


def listing(name: str, path: str, summary: str, source: str, *params: Param) -> Operation:
    """A list in pages. The slots of its path come first among `params`."""
    return Operation(
        name=name, method="GET", path=path, effect=Effect.READ, summary=summary, params=(*params, *PAGE), source=source
    )


def single(name: str, path: str, summary: str, source: str, *params: Param) -> Operation:
    return Operation(
        name=name, method="GET", path=path, effect=Effect.READ, summary=summary, params=params, source=source
    )
