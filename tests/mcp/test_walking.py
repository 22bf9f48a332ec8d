"""Every list, walked by its tool in small steps: whole, also after a restart and while rows come and go."""

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from eventdesk_tools.listing import CHANGED
from eventdesk_tools.ports import Capability, Mode, ProviderName
from tests.mcp.conftest import Chat, chatting
from tests.mcp.walks import MANY, WALKS, Rows, Walk, asked
from tests.support import Rehearsal, rehearse

pytestmark = pytest.mark.anyio
LISTS = ("list_events", "list_sessions", "list_attendees", "list_sales")
each_list = pytest.mark.parametrize("case", WALKS, ids=[walk.name for walk in WALKS])


@asynccontextmanager
async def listing(walk: Walk) -> AsyncGenerator[tuple[Chat, Walk]]:
    """A client, and the walk with its event's true id."""
    async with chatting(walk.provider, **walk.rehearsing) as chat:
        if walk.event == "*":
            (row,) = (await chat.call("list_events", when="all", fields=["ref"]))["rows"]
            walk = replace(walk, event=row[0].partition(":")[2])
        yield chat, walk


def refs(answer: dict[str, Any]) -> list[str]:
    """The refs of an answer, each once."""
    assert "error" not in answer, answer
    found = [ref for (ref,) in answer["rows"]]
    assert len(found) == len(set(found)) == answer["returned"]
    return found


async def test_there_is_a_walk_for_every_list_of_every_platform_and_version() -> None:
    walked = {(walk.provider, walk.tool, repr(sorted(walk.settings.items()))) for walk in WALKS}
    variants = {(walk.provider, repr(sorted(walk.settings.items()))): walk.settings for walk in WALKS}
    assert {provider for provider, _ in variants} == set(ProviderName)
    for (provider, name), settings in variants.items():
        async with rehearse(provider, settings={provider: settings}) as r:
            told = {tool for tool in LISTS if r.provider.cell(Capability(tool)).mode is not Mode.UNSUPPORTED}
        assert told == {tool for at, tool, of in walked if (at, of) == (provider, name)}


@each_list
async def test_walking_in_small_steps_yields_each_of_237_records_exactly_once(case: Walk) -> None:
    async with listing(case) as (chat, walk):
        rng = random.Random(case.name)
        found: list[str] = []
        step = await chat.call(walk.tool, **walk.call, limit=7)
        while True:
            found += refs(step)
            assert CHANGED not in step.get("notes", [])
            if "next_cursor" not in step:
                break
            step = await chat.call(walk.tool, **walk.call, limit=rng.randint(5, 40), cursor=step["next_cursor"])
        assert len(found) == len(set(found)) == MANY
        whole = await chat.call(walk.tool, **walk.call, limit=200)
        assert refs(whole) == found[: whole["returned"]]
        assert whole.get("total", MANY) == MANY
        assert chat.rehearsal.writes == [] or walk.provider == "eventtia"  # where a log-in is a POST


@each_list
@pytest.mark.parametrize("goes", [0.9, 0.5, 0.1])
async def test_rows_that_come_and_go_between_two_answers_lose_no_other_row_and_are_told(
    case: Walk, goes: float
) -> None:
    async with listing(case) as (chat, walk):
        r, rng = chat.rehearsal, random.Random(f"{case.name} {goes}")
        rows = Rows(walk, r.sandbox.world.store, rng, goes)
        initial = await everything(r, walk)
        found: list[str] = []
        notes: set[str] = set()
        step = await asked(r, walk, limit=rng.randint(3, 30))
        while True:
            found += refs(step)
            notes |= set(step.get("notes", []))
            if "next_cursor" not in step:
                break
            for _ in range(rng.choice((0, 1, 4, 25))):
                rows.change()
            step = await asked(r, walk, limit=rng.randint(5, 40), cursor=step["next_cursor"])
        stayed = initial & await everything(r, walk)
        assert len(stayed) > MANY / 4
        assert stayed <= set(found)
        assert len(found) == len(set(found)) or CHANGED in notes


async def everything(r: Rehearsal, walk: Walk) -> set[str]:
    found: set[str] = set()
    step = await asked(r, walk, limit=200)
    while True:
        found |= set(refs(step))
        if "next_cursor" not in step:
            return found
        step = await asked(r, walk, limit=200, cursor=step["next_cursor"])


@each_list
async def test_a_cursor_continues_exactly_in_a_server_that_has_just_started(case: Walk) -> None:
    async with listing(case) as (chat, walk):
        first = await chat.call(walk.tool, **walk.call, limit=30)
        there = walk.call | {"cursor": first["next_cursor"], "limit": 50}
        onwards = await chat.call(walk.tool, **there)
        again = await asked(chat.rehearsal, walk, **there)
        assert again == onwards
        assert not set(refs(again)) & set(refs(first))


@each_list
async def test_a_cursor_is_refused_for_other_filters_another_event_account_or_tool(case: Walk) -> None:
    others: dict[str, list[dict[str, Any]]] = {
        "list_events": [{"when": "upcoming"}, {"text": "a"}, {"since": "2027-01-01"}, {"account": f"demo-{case.provider}"}],
        "list_sessions": [{"day": "2027-05-02"}],
        "list_attendees": [{"status": "confirmed"}, {"name": "a"}, {"count_by": ""}],
        "list_sales": [{"since": "2027-01-01"}, {"email": "a@example.org"}, {"account": f"demo-{case.provider}"}],
    }  # fmt: skip
    async with listing(case) as (chat, walk):
        cursor = (await chat.call(walk.tool, **walk.call, limit=5))["next_cursor"]
        events = refs(await chat.call("list_events", when="all", fields=["ref"]))
        wrong = [(walk.tool, walk.call | change) for change in others[walk.tool] if change != {"count_by": ""}]
        if len(events) > 1 and walk.event:
            wrong.append((walk.tool, walk.call | {"event": next(ref for ref in events if ref != walk.call["event"])}))
        wrong += [
            (tool, {"fields": ["ref"]} if tool == "list_events" else {"fields": ["ref"], "event": events[0]})
            for tool in LISTS
            if tool != walk.tool and chat.rehearsal.provider.cell(Capability(tool)).mode is not Mode.UNSUPPORTED
        ]
        for tool, arguments in wrong:
            refused = (await chat.call(tool, **arguments, cursor=cursor))["error"]
            assert (refused["code"], refused["field"]) == ("invalid_arguments", "cursor"), (tool, arguments)
        assert len(refs(await chat.call(walk.tool, **walk.call, limit=3, cursor=cursor))) == 3


async def test_a_calendar_of_all_accounts_is_walked_once_while_others_change() -> None:
    async with chatting() as chat:
        whole = await chat.call("list_events", when="all", fields=["ref"], limit=200)
        found: list[str] = []
        more: dict[str, Any] = {}
        while True:
            step = await chat.call("list_events", when="all", fields=["ref"], limit=9, **more)
            found += refs(step)
            if "next_cursor" not in step:
                break
            more = {"cursor": step["next_cursor"]}
        assert len(found) == len(set(found)) == whole["total"]
        assert {ref.partition(":")[0] for ref in found} == set(chat.rehearsal.desk.accounts)
