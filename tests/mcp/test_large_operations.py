"""Platforms' answers of five megabytes, read by name over MCP: within the budget, and continued as the answer says."""

from typing import Any

import pytest

from eventdesk_tools.answers import compact
from tests.club import Club
from tests.http.support import reply
from tests.mcp.test_operations import club_chat
from tests.tokens import count

pytestmark = pytest.mark.anyio
ASK: dict[str, Any] = {"operation": "list_guests", "arguments": {"event": "gala"}}
ROWS = {
    "data": [{"id": str(at), "name": f"Guest {at} " + "of the gala " * 12, "tags": ["x"] * 9} for at in range(24_000)]
}


def deep() -> dict[str, Any]:
    made: dict[str, Any] = {"text": "deep " * 900_000, "last": True}
    for level in range(16):
        made = {f"level {level}": made, "list": [{"at": at, "note": "word " * 9} for at in range(500)]}
    return made


async def test_a_list_of_five_megabytes_is_cut_between_rows_and_continues() -> None:
    assert len(compact(ROWS)) > 4_900_000
    async with club_chat(Club(*(reply(200, ROWS) for _ in range(4)))) as chat:
        first = await chat.call("call_read_operation", **ASK)
        shown = len(first["answer"]["data"])
        assert first["part"] == f"data[]: 1-{shown} of 24000"
        second = await chat.call("call_read_operation", **ASK, cursor=first["next_cursor"])
        assert second["answer"]["data"][0]["id"] == str(shown)
        one = await chat.call("call_read_operation", **ASK, fields=["data[23999]"])
        assert one["answer"]["data[23999]"]["id"] == "23999"
        short = await chat.call("call_read_operation", **ASK, fields=["data[].id"])
        assert len(short["answer"]["data"]) > 2 * shown
        for answer in (first, second, one, short):
            assert count(compact(answer)) <= 8_000


async def test_a_deep_object_of_five_megabytes_is_followed_down_to_its_last_text() -> None:
    whole = deep()
    assert len(compact(whole)) > 4_900_000
    async with club_chat(Club(*(reply(200, whole) for _ in range(5)))) as chat:
        top = await chat.call("call_read_operation", **ASK)
        levels = [f"level {level}" for level in reversed(range(16))]
        (large,) = [note for note in top["notes"] if note.startswith("Too large to be shown here")]
        way = large.removeprefix("Too large to be shown here: ").partition(", ")[0].partition(". fields")[0]
        assert ".".join(levels).startswith(way)
        below = await chat.call("call_read_operation", **ASK, fields=[way])
        assert list(below["answer"]) == [way]
        lists = await chat.call("call_read_operation", **ASK, fields=[f"{way}.list"])
        assert lists["part"].endswith(" of 500")
        path = ".".join([*levels, "text"])
        text = await chat.call("call_read_operation", **ASK, fields=[path])
        assert text["part"].startswith(f"characters of {path}: 1-")
        more = await chat.call("call_read_operation", **ASK, fields=[path], cursor=text["next_cursor"])
        assert more["answer"][path].startswith(("deep", "eep", "ep", "p"))
        for answer in (top, below, lists, text, more):
            assert count(compact(answer)) <= 8_000
