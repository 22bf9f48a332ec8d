"""Every read of every platform, with its answers rewritten: what means the same maps to the same."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast

import anyio
import pytest

from eventdesk_server.registry import sandbox_accounts
from eventdesk_server.sandbox.inprocess import SandboxTransport
from eventdesk_server.sandbox.world import Sandbox
from eventdesk_tools.errors import ErrorCode, EventdeskError
from eventdesk_tools.models import EventQuery, Include
from eventdesk_tools.money import Money
from eventdesk_tools.ports import Capability, EventProvider, Mode
from eventdesk_tools.records import AttendeeQuery, SaleQuery, SessionQuery, SummaryQuery
from eventdesk_tools.times import Moment
from tests.contract.rewriting import (
    Change,
    Rewriting,
    ids_as_numbers,
    losing,
    numbers_as_text,
    paths,
    reordered,
    walked,
    with_news,
    without,
)
from tests.contract.test_providers import whole
from tests.providers.heysummit.summit import V1_SETTINGS
from tests.support import NOW, ROOT

pytestmark = pytest.mark.anyio
PLATFORMS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "eventschedule": ("eventschedule", {}),
    "eventtia": ("eventtia", {}),
    "heysummit v2": ("heysummit", {}),
    "heysummit v1": ("heysummit", V1_SETTINGS),
    "eventhq": ("eventhq", {}),
    "evvnt": ("evvnt", {}),
}
SAME: Mapping[str, Change] = {
    "unknown fields": with_news,
    "another order": reordered,
    "numbers as text": numbers_as_text,
    "ids as numbers": ids_as_numbers,
}


REQUIRED: Mapping[str, frozenset[str]] = {
    "eventschedule": frozenset(
        "data data.id data.name data.status data.subdomain data.groups.id data.schedules.id data.schedules.group.id"
        " data.tickets data.tickets.id data.tickets.type data.addons.id data.addons.type data.event_parts.name".split()
    ),
    "eventtia": frozenset(
        "data data.id data.attributes data.attributes.name data.attributes.event_uri data.attributes.fields"
        " data.attributes.full_name data.relationships.attendee.data.id data.relationships.attendee_type.data.id"
        " data.relationships.attendee_type_custom_fields.data.id data.relationships.attendee_types.data.id"
        " data.relationships.speakers.data.id data.relationships.workshop_categories.data.id included.id"
        " included.attributes included.attributes.name included.attributes.full_name"
        " included.relationships.attendee_type.data.id name".split()
    ),
    "heysummit v2": frozenset("id title results results.id results.title results.email".split()),
    "heysummit v1": frozenset("id title results results.id results.title results.name results.email".split()),
    "eventhq": frozenset(
        "count event event.id event.slug event.name event.products.id event.products.name events events.id events.slug"
        " events.name".split()
    ),
    "evvnt": frozenset("id title name".split()),
}
"""What each platform's answers must hold for the reads of tools; every other field may be null or missing. Several
records share a path: a field is needed where it stands there in any of them."""
KNOWN = (str, int, float, bool, Decimal, datetime, date, Enum, type(None))
KEPT: Mapping[str, frozenset[str]] = {
    # Whether a list goes on is told by one of its two, and `count` is always there.
    "heysummit v2": frozenset({"count"}),
    # Null here says that no page follows.
    "eventtia": frozenset({"links.next"}),
    # Its sales are made of these.
    "heysummit v1": frozenset({"count", "results.tickets", "results.tickets.ticket_id"}),
    # A guest of a group is told from an RSVP by this alone.
    "eventschedule": frozenset(
        "data.group_id data.recurring_frequency data.recurring_end_type data.recurring_end_value data.days_of_week".split()
    ),
}
"""Fields that are always told, though an answer without them maps: lists would be shorter, or rows mean something else."""
OWN_WORDS = frozenset({"notes", "basis", "note", "repeats", "status", "id"})
"""Fields of neutral records in which Eventdesk speaks itself."""


READS: Mapping[Capability, Callable[[EventProvider, str], Awaitable[Any]]] = {
    Capability.GET_EVENT: lambda p, e: p.get_event(e, frozenset(Include)),
    Capability.LIST_SESSIONS: lambda p, e: whole(lambda: p.list_sessions(SessionQuery(event_id=e))),
    Capability.LIST_ATTENDEES: lambda p, e: whole(lambda: p.list_attendees(AttendeeQuery(event_id=e, status="all"))),
    Capability.LIST_SALES: lambda p, e: whole(lambda: p.list_sales(SaleQuery(event_id=e))),
    Capability.EVENT_SUMMARY: lambda p, e: p.event_figures(SummaryQuery(event_id=e, now=NOW)),
}


async def no_sleep(_: float) -> None:
    await anyio.lowlevel.checkpoint()


class Ground:
    """One platform of the sandbox, read again and again by fresh accounts."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.name, self.settings = PLATFORMS[platform]
        self.sandbox = Sandbox(now=NOW, limits=False)
        self.seen: set[str] = set()
        self.texts: set[str] = set()
        self._plain: dict[str, Any] = {}

    def _note_text(self, _: str, value: Any) -> Any:
        if isinstance(value, str):
            self.texts.add(value)
        return value

    @asynccontextmanager
    async def account(self, change: Change) -> AsyncGenerator[EventProvider]:
        connection = {self.name: self.sandbox.connections(ROOT)[self.name]}
        accounts = sandbox_accounts(
            connection,
            lambda: SandboxTransport(Rewriting(self.sandbox.app, change)),
            self.sandbox.clock.now,
            {self.name: self.settings},
            no_sleep,
        )
        (account,) = accounts.values()
        try:
            yield account.provider
        finally:
            await account.provider.aclose()

    async def plain(self) -> dict[str, Any]:
        """What is read of answers as they are."""
        if not self._plain:
            self._plain = await self.read(self._noted)
        return self._plain

    def _noted(self, answer: Any) -> Any:
        self.seen |= paths(answer)
        walked(self._note_text, answer)
        return answer

    async def read(self, change: Change, chosen: Sequence[str] = ()) -> dict[str, Any]:
        """All reads: the list of events, and everything about some of them; a fresh account each."""
        query = EventQuery(now=NOW, when="all")
        async with self.account(change) as provider:
            events = [event async for event in provider.list_events(query)]
            cells = {name: READS[name] for name in READS if provider.cell(name).mode is not Mode.UNSUPPORTED}
        chosen = chosen or [event.id for event in events][:: max(len(events) // 4, 1)][:4]
        found: dict[str, Any] = {"chosen": list(chosen), "list_events": events}
        for event in chosen:
            for capability, read in cells.items():
                async with self.account(change) as provider:
                    found[f"{capability.value} {event}"] = await read(provider, event)
        return found


@pytest.fixture(scope="module", params=PLATFORMS)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    made = Ground(request.param)
    with made.sandbox:
        yield made


def plain(value: Any) -> Any:
    """A neutral record as data that can be compared: a pattern of dates by the rule it stands for."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("list[Any]", value)]
    return value if isinstance(value, KNOWN) else str(value)


@pytest.mark.parametrize("change", SAME)
async def test_an_answer_that_is_written_differently_maps_to_the_same(ground: Ground, change: str) -> None:
    expected = await ground.plain()
    found = await ground.read(SAME[change], expected["chosen"])
    assert found.keys() == expected.keys()
    for name, result in expected.items():
        assert plain(found[name]) == plain(result), name


def told(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The texts, times and amounts of neutral records. Words of our own, notes and what counts is left out."""
    match value:
        case Moment(at=at, day=day, wall=wall):
            yield "time", at.astimezone(UTC).isoformat() if at else wall or str(day)
        case datetime():
            yield "time", value.astimezone(UTC).isoformat()
        case Money(amount=amount):
            yield "amount", str(amount.normalize())
        case Enum() | bool() | None | int() | date():
            return
        case str():
            if value and name not in OWN_WORDS:
                yield "text", value
        case Mapping():
            for item in cast("Mapping[Any, Any]", value).values():
                yield from told(item)
        case list() | tuple():
            for item in cast("list[Any]", value):
                yield from told(item, name)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from told(getattr(value, field.name), field.name)
        case _:
            yield "text", str(value)


def walls(value: Any) -> Iterator[str]:
    """Times as they are told where nobody says a zone."""
    if isinstance(value, Moment):
        if value.at is not None:
            yield value.at.replace(tzinfo=None).isoformat(timespec="minutes")
    elif is_dataclass(value):
        for field in fields(value):
            yield from walls(getattr(value, field.name))
    elif isinstance(value, dict | list | tuple):
        for item in cast("dict[Any, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value):
            yield from walls(item)


def _written(kind: str, text: str, texts: Collection[str]) -> bool:
    """Whether the platform wrote it, whole or in the parts that a place is put together from.

    A question whose words are not told goes by its number.
    """
    return kind == "text" and (
        text in texts or text.startswith("field_") or all(part in texts for part in text.split(", "))
    )


def rows(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """The ids of every list."""
    return {name: [row.id for row in result] for name, result in found.items() if name.startswith("list_")}


@pytest.mark.parametrize("seed", range(6))
async def test_what_an_answer_leaves_out_is_never_invented_and_loses_no_row(ground: Ground, seed: int) -> None:
    expected = await ground.plain()
    optional = ground.seen - REQUIRED[ground.platform] - KEPT.get(ground.platform, frozenset())
    found = await ground.read(losing(optional, seed), expected["chosen"])
    assert rows(found) == rows(expected)
    known = {*told(list(expected.values())), *(("time", wall) for wall in walls(expected))}
    for name, result in found.items():
        # Sums of less are other sums.
        figures = name.startswith("event_summary")
        facts = {(kind, text) for kind, text in told(result) if not figures or kind != "amount"}
        new = {fact for fact in facts if fact not in known and not _written(*fact, ground.texts)}
        assert not new, name


async def test_an_answer_without_what_is_needed_is_refused_whole(ground: Ground) -> None:
    expected = await ground.plain()
    assert REQUIRED[ground.platform] <= ground.seen
    for path in sorted(REQUIRED[ground.platform]):
        with pytest.raises(EventdeskError) as refused:
            await ground.read(lambda answer, path=path: without(answer, (), {path}), expected["chosen"])
        assert refused.value.code in {ErrorCode.PROVIDER_CHANGED, ErrorCode.AUTHENTICATION_FAILED}, path
