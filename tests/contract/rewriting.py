"""A platform whose answers look different: a layer around the sandbox that rewrites the JSON of what is read.

Objects of fixed fields are told from maps whose keys are data (labels, ids of questions): nothing is added to those, and
their order is the order in which somebody wrote them.
"""

import json
import random
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Change = Callable[[Any], Any]
MAPS = frozenset(
    "members fields price available_for_attendee_types values links prices referrers search_indexing profiles".split()
)
"""Fields that hold maps at some platform, where their value is an object but for Eventtia's `links` of an envelope."""
_ENVELOPE = frozenset({"self", "first", "prev", "next", "last"})
NEWS: Mapping[str, Any] = {
    "zz_text": "added", "a_number": 7, "zz_object": {"id": None, "name": 3}, "zz_list": [1, {}], "zz_null": None,
}  # fmt: skip


class Rewriting:
    """The sandbox, behind a layer that changes the JSON answers to GET. What it says stays whole HTTP."""

    def __init__(self, app: ASGIApp, change: Change) -> None:
        self._app = app
        self._change = change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start, body = await self.answered(scope, receive)
        headers = [header for header in start["headers"] if header[0].lower() != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def answered(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The head and the changed body of an answer to a reading."""
        start, body = await self.original(scope, receive)
        if start["status"] == 200:
            body = json.dumps(self.rewritten(str(scope["path"]), json.loads(body))).encode()
        return start, body

    async def original(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """What the sandbox itself answers to a reading."""
        start: Message = {}
        parts: list[bytes] = []

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, kept)
        return start, b"".join(parts)

    def rewritten(self, path: str, answer: Any) -> Any:
        """What is answered instead to a reading of this path."""
        del path
        return self._change(answer)


def is_map(name: str, value: Mapping[str, Any]) -> bool:
    return name in MAPS and not _ENVELOPE & value.keys()


def fields_of(name: str, value: Any) -> dict[str, Any] | None:
    """An object of fixed fields; None for anything else."""
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else None
    return None if fields is None or is_map(name, fields) else fields


def within(text: Any) -> Any:
    """What a text holds as JSON, as HeySummit writes its prices; None where it holds none."""
    return json.loads(text) if isinstance(text, str) and text.startswith('[{"') else None


def walked(change: Callable[[str, Any], Any], value: Any, name: str = "") -> Any:
    """Every object, list and value, the innermost first, by the name it stands under."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return change(name, {key: walked(change, item, key) for key, item in items})
    if isinstance(value, list):
        return change(name, [walked(change, item, name) for item in cast("list[Any]", value)])
    if (held := within(value)) is not None:
        return json.dumps(walked(change, held, name))
    return change(name, value)


def with_news(answer: Any) -> Any:
    """Fields that nobody knows in every object, before and after the known ones."""

    def change(name: str, value: Any) -> Any:
        if (fields := fields_of(name, value)) is None:
            return cast("object", value)
        return {"aa_first": {"next": "no"}, **fields, **NEWS}

    return walked(change, answer)


def reordered(answer: Any) -> Any:
    """The fields of every object the other way round."""

    def change(name: str, value: Any) -> Any:
        fields = fields_of(name, value)
        return cast("object", value) if fields is None else dict(reversed(fields.items()))

    return walked(change, answer)


def numbers_as_text(answer: Any) -> Any:
    def change(_: str, value: Any) -> Any:
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    return walked(change, answer)


def ids_as_numbers(answer: Any) -> Any:
    def change(name: str, value: Any) -> Any:
        digits = isinstance(value, str) and value.isdigit() and not value.startswith("0")
        return int(value) if digits and (name == "id" or name.endswith("_id")) else value

    return walked(change, answer)


# Fields that are not there ----------------------------------------------------------------------------------------------


def paths(answer: Any, path: str = "", name: str = "") -> set[str]:
    """Where fields of objects stand: `data.tickets.price`. Lists, and maps of data, add nothing to a path."""
    if isinstance(answer, list):
        return {found for item in cast("list[Any]", answer) for found in paths(item, path, name)}
    if (held := within(answer)) is not None:
        return paths(held, path, name)
    if not isinstance(answer, dict):
        return set()
    fields = cast("dict[str, Any]", answer)
    if is_map(name, fields):
        return {found for item in fields.values() for found in paths(item, path)}
    here = {f"{path}.{key}".lstrip("."): (key, item) for key, item in fields.items()}
    return {*here, *(found for at, (key, item) in here.items() for found in paths(item, at, key))}


def without(answer: Any, null: Collection[str], gone: Collection[str], path: str = "", name: str = "") -> Any:
    """An answer with the fields at some paths null, and without those at others."""
    if isinstance(answer, list):
        return [without(item, null, gone, path, name) for item in cast("list[Any]", answer)]
    if (held := within(answer)) is not None:
        return json.dumps(without(held, null, gone, path, name))
    if not isinstance(answer, dict):
        return answer
    fields = cast("dict[str, Any]", answer)
    if is_map(name, fields):
        return {key: without(item, null, gone, path) for key, item in fields.items()}
    kept: dict[str, Any] = {}
    for key, item in fields.items():
        at = f"{path}.{key}".lstrip(".")
        if at not in gone:
            kept[key] = None if at in null else without(item, null, gone, at, key)
    return kept


def losing(optional: Collection[str], seed: int) -> Change:
    """Of the optional fields some are null, some are gone, the others stay; all are null, or gone, for the first seeds."""
    rng = random.Random(seed)
    choice = {0: ["null"], 1: ["gone"]}.get(seed, ["null", "gone", "kept"])
    fates = {path: rng.choice(choice) for path in sorted(optional)}
    null = {path for path, fate in fates.items() if fate == "null"}
    gone = {path for path, fate in fates.items() if fate == "gone"}
    return lambda answer: without(answer, null, gone)
