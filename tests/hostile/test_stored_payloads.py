"""Every payload in every text of every platform, stored and read back: what a model reads are words and nothing else."""

import pytest

from eventdesk_tools.text import line
from tests.hostile.payloads import MARK, faults, numbered, numbers_in
from tests.hostile.platform import names, texts
from tests.hostile.reader import Reader, among_strangers
from tests.hostile.seasons import SEASONS, SIZE, Pen
from tests.hostile.walls import ungated
from tests.mcp.conftest import Hours, hours
from tests.mcp.matrix import ACCOUNTS

pytestmark = pytest.mark.anyio
__all__ = ["hours", "ungated"]
READABLE = {at for at in range(SIZE) if numbers_in(line(numbered(at)))}
"""Of the others no word is left."""
NAMED_BY_STRANGERS = frozenset({"list_feed", "list_my_events", "list_our_events", "get_event", "get_our_event"})
"""evvnt's listings: the names of `prices` and `links` are what people called them."""
OWN_REFUSALS = frozenset({"unsupported", "not_found", "invalid_arguments"})


@pytest.mark.parametrize("provider", SEASONS)
def test_a_season_holds_every_payload_in_every_text(provider: str) -> None:
    pen = Pen()
    SEASONS[provider](pen)
    assert len(pen.written) >= 8
    assert {field: len(found) for field, found in pen.written.items() if len(found) != SIZE} == {}


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.usefixtures("ungated")
async def test_what_strangers_stored_is_read_as_words_by_every_tool_and_operation(account: str, hours: Hours) -> None:
    """Without the last gate, so that it covers for nobody; `test_each_wall_alone` leaves only the gate."""
    async with among_strangers(account, hours) as (chat, layer, _):
        reader = Reader(chat, account, hours)
        await reader.everything()
        assert layer.lacking() == {}, "not every payload stood in every field that was answered"
        for call, answer in reader.calls:
            for text in texts(answer):
                assert faults(text) == [], (call, ascii(text[:300]))
            named = {name for name in names(answer) if MARK in name}
            assert not named or (
                chat.rehearsal.provider.name == "evvnt" and call[1].get("operation") in NAMED_BY_STRANGERS
            )
        failed = {(call[0], answer["error"]["code"]) for call, answer in reader.calls if "error" in answer}
        assert {code for _, code in failed} <= OWN_REFUSALS, failed
        for tool in (
            "list_events",
            "get_event",
            "list_attendees",
            "list_sales",
            "list_sessions",
            "call_read_operation",
        ):
            answers = [answer for (called, _), answer in reader.calls if called == tool and "error" not in answer]
            read = {number for answer in answers for text in texts(answer) for number in numbers_in(text)}
            assert not answers or read >= READABLE, (tool, sorted(READABLE - read))
