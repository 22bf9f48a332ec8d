"""A failure, told with what the same call left behind that was made before."""

from collections.abc import Sequence

import pytest

from eventdesk_tools.earlier import most_writes, with_earlier
from eventdesk_tools.errors import (
    Conflict,
    Declined,
    EventdeskError,
    InvalidArguments,
    JournalUnusable,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    RunsElsewhere,
    SoldOut,
)
from eventdesk_tools.journal import Earlier, EntryState
from tests.tools.test_writes import call, desk

pytestmark = pytest.mark.anyio
OPEN, DONE = Earlier(EntryState.SENT, ()), Earlier(EntryState.DONE, ("register",))
HALF = Earlier(EntryState.CLAIMED, ("register", "first talk"))
SENT = "An earlier call sent {} and was not answered: it may have been done. This call sent nothing: "
WAS_DONE = "Done: {} by an earlier call; whether it still stands is not known. This call sent nothing: "


def told(error: EventdeskError, earlier: Sequence[Earlier], one_of: int = 1) -> EventdeskError:
    return with_earlier(call(desk()), error, earlier, one_of=one_of)


@pytest.mark.parametrize(
    "error",
    [
        ProviderUnavailable("down"),
        RateLimited("full", retry_after=7),
        SoldOut("none"),
        InvalidArguments("no such", next="x"),
    ],
    ids=lambda error: error.code.value,
)
async def test_whatever_stops_a_call_what_an_earlier_one_sent_stays_open(error: EventdeskError) -> None:
    found = told(error, [DONE, OPEN], one_of=2)
    assert isinstance(found, OutcomeUnknown)
    assert found.message == SENT.format("this, or a part of it,") + error.message
    assert found.retry_after == error.retry_after


async def test_who_said_no_is_not_asked_again_for_what_is_open() -> None:
    found = told(Declined("The person did not say yes."), [OPEN], one_of=2)
    assert isinstance(found, OutcomeUnknown)
    assert found.next == Declined.default_next


@pytest.mark.parametrize("error", [ProviderUnavailable("down"), SoldOut("none")], ids=lambda error: error.code.value)
async def test_a_platform_that_cannot_be_read_or_does_it_no_more_is_no_sign_that_it_was_not_done(
    error: EventdeskError,
) -> None:
    code, said = error.code, error.message
    found = told(error, [DONE])
    assert (found.code, found.message) == (code, WAS_DONE.format("this") + said)


async def test_what_is_done_of_several_steps_is_named() -> None:
    assert told(ProviderUnavailable("down"), [HALF]).message == WAS_DONE.format("register, first talk") + "down"


async def test_what_is_done_of_several_writes_may_be_another_one() -> None:
    assert told(ProviderUnavailable("down"), [DONE], one_of=3).message.startswith("Done: this, or a part of it, by")


@pytest.mark.parametrize(
    "error",
    [OutcomeUnknown("x"), RunsElsewhere("x"), JournalUnusable("x"), Conflict("Done: a. Not done: b"), Declined("no")],
    ids=lambda error: type(error).__name__,
)
async def test_a_failure_that_tells_what_is_known_stays_as_it_is(error: EventdeskError) -> None:
    message = error.message
    assert told(error, [DONE]) is error
    assert error.message == message


async def test_a_failure_without_an_earlier_call_stays_as_it_is() -> None:
    error = ProviderUnavailable("down")
    assert told(error, []) is error
    assert error.message == "down"


async def test_a_call_is_about_as_many_writes_as_its_longest_list_is_long() -> None:
    assert most_writes(call(desk(), event="club:1")) == 1
    assert most_writes(call(desk(), attendees=["a", "b", "c"], event="club:1")) == 3
