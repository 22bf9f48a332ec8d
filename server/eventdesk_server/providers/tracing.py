"""What became of a write whose answer was lost: its trace in a reading, compared with what was sent."""

import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import cast

from pydantic import TypeAdapter

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Effect, Operation, Trace
from eventdesk_server.http.paging import Slice, walk
from eventdesk_server.providers.arguments import split
from eventdesk_tools.answers import compact
from eventdesk_tools.errors import ListIncomplete, NotFound
from eventdesk_tools.models import Json
from eventdesk_tools.plans import Found
from eventdesk_tools.refs import RECORD_ID

_ANY: TypeAdapter[object] = TypeAdapter(object)
_PAGE = ("page[number]", "page")
_PAGES_MOST = 12
"""A longer list is not read for a trace: the write would wait for it, and the platform's limits be used up."""
_DAY_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4}) - (\d\d:\d\d)(?::\d\d)?")
_WALL = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)\S*")
_ABSENT = object()


class Tracing:
    """Looks for what one write makes true. `sent` holds its arguments, flat by name."""

    def __init__(
        self, http: ProviderClient, written: Operation, trace: Trace, reading: Operation, sent: Mapping[str, Json]
    ) -> None:
        self._http = http
        self._effect = written.effect
        self._trace = trace
        self._reading = reading
        self._sent = sent
        self._blind = False
        slots = set(written.slots)
        self._values = {name: value for name, value in sent.items() if name not in slots and name != trace.row}

    async def find(self, _values: Mapping[str, str]) -> tuple[Found, ...]:
        """The records that agree with an addition; for a change or a removal one, as soon as it shows.

        That one is named anew at each look: a state that was there before the request is the wanted one all the same.
        """
        rows = await self._all()
        if rows is None:
            return ()
        if self._effect is Effect.ADD:
            named = [self._id(row) for row in rows if self._agrees(row, loose=True)]
            return tuple(Found(record, {"id": record}) for record in named if record)
        meant = [row for row in rows if self._is_meant(row)]
        if self._effect is Effect.REMOVE:
            there = bool(meant)
        else:
            there = not (meant and all(self._agrees(row, loose=False) for row in meant))
        return () if there else (Found(secrets.token_hex(8)),)

    async def stands(self, record: str) -> bool | None:
        """Whether an added record is still there: by its id, or one that agrees with what was sent; None is unknown."""
        rows = await self._all()
        return None if rows is None else any(self._id(row) == record or self._agrees(row, loose=True) for row in rows)

    async def _all(self) -> list[Json] | None:
        """Every row; None where the list is too long to be read, then and afterwards: what was there first is not known."""
        if self._blind:
            return None
        try:
            return [row async for row in self._rows()]
        except ListIncomplete:
            self._blind = True
            return None

    def _is_meant(self, row: Json) -> bool:
        if self._trace.row:
            return self._id(row) == str(self._sent[self._trace.row])
        # A record that is read by itself is the one; in a list without ids, what agrees is.
        return self._trace.by.startswith(("get_", "show_")) or self._agrees(row, loose=False)

    def _id(self, row: Json) -> str:
        found = _at(row, self._trace.key)
        text = str(found) if isinstance(found, str | int) else ""
        return text if RECORD_ID.fullmatch(text) else ""

    def _agrees(self, row: Json, *, loose: bool) -> bool:
        """Whether a row shows what was sent. Loosely, what it does not show tells nothing; strictly, it must show all."""
        places = {name: field or name for name, _, field in (entry.partition("=") for entry in self._trace.agree)}
        held = _at(row, self._trace.fields)
        shown = {name: _at(held, places[name]) for name in self._values if name in places}
        if not loose and set(self._values) - set(shown):
            return False
        compared = [alike(self._values[name], value) for name, value in shown.items() if value is not _ABSENT]
        return bool(compared) and all(compared) and (loose or len(compared) == len(shown))

    async def _rows(self) -> AsyncIterator[Json]:
        known = {param.name for param in self._reading.params}
        given = {name: value for name, value in self._sent.items() if name in self._reading.slots}
        given |= {name: self._sent[other] for name, other in self._trace.given}
        number = next((name for name in _PAGE if name in known), None)
        before: list[str] = []

        async def fetch(position: int) -> Slice[Json]:
            asked = split(self._reading, given | ({number: position} if number else {}), "")
            answer = cast("Json", await self._http.read(self._reading, _ANY, path=asked.path, query=asked.query))
            held = _at(answer, self._trace.rows)
            rows = (
                cast("list[Json]", held)
                if isinstance(held, list)
                else []
                if held is _ABSENT or held is None
                else [held]
            )
            keys = [_key(row) for row in rows]
            more = _goes_on(answer, position) if number else False
            if more is None:
                more = bool(rows) and keys != before
                rows = rows if more else []
            before[:] = keys
            return Slice(rows, position + 1 if more else None)

        try:
            async for row in walk(fetch, key=_key, cap=_PAGES_MOST, who=self._http.who):
                yield row
        except NotFound:
            return


def _key(row: Json) -> str:
    return compact(row)


def _goes_on(answer: Json, page: int) -> bool | None:
    """Whether a page follows; None when the answer does not tell."""
    for name in ("meta.total_pages", "meta.last_page"):
        last = _at(answer, name)
        if isinstance(last, int) and not isinstance(last, bool):
            return page < last
    following = _at(answer, "links.next")
    return None if following is _ABSENT else bool(following)


def _at(value: Json, path: str, default: Json = _ABSENT) -> Json:
    """What stands at a dotted path; `default` where there is nothing."""
    for name in path.split(".") if path else ():
        if not isinstance(value, Mapping) or name not in value:
            return default
        value = cast("Mapping[str, Json]", value)[name]
    return value


def alike(sent: Json, seen: Json) -> bool:
    """Whether a platform shows what was sent: the same text or number in any spelling, the same ids, at least these fields."""
    if isinstance(sent, Mapping):
        fields = cast("Mapping[str, Json]", sent)
        return all(alike(value, _at(seen, name)) for name, value in fields.items())
    if isinstance(seen, list):
        rows = cast("list[Json]", seen)
        wanted = [part for part in sent.split(",") if part.strip()] if isinstance(sent, str) else sent
        return isinstance(wanted, list) and _ids(cast("list[Json]", wanted)) == _ids(rows)
    if isinstance(sent, bool) or isinstance(seen, bool):
        return str(sent).lower() == str(seen).lower()
    return _plain(sent) == _plain(seen)


def _ids(rows: Sequence[Json]) -> list[str]:
    return sorted(_plain(_at(row, "id", row)) for row in rows)


def _plain(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split()).casefold()
    day_first, wall = _DAY_FIRST.fullmatch(text), _WALL.fullmatch(text.upper())
    if day_first is not None:
        day, month, year, clock = day_first.groups()
        return f"{year}-{month}-{day} {clock}"
    return f"{wall[1]} {wall[2]}" if wall is not None else text
