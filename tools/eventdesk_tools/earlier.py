"""What an answer must not hide: the same call, made before, may have sent what this one did not."""

from collections.abc import Sequence, Sized

from eventdesk_tools.carrying import asked_mark, told_done, told_sent
from eventdesk_tools.desk import Call
from eventdesk_tools.errors import EventdeskError, JournalUnusable, OutcomeUnknown, ProviderError, RunsElsewhere
from eventdesk_tools.journal import Earlier, EntryState

_TELLING = (OutcomeUnknown, RunsElsewhere, JournalUnusable)
"""Failures that say themselves what is known of the write."""
_OR_PART = "this, or a part of it,"


async def earlier_of(call: Call) -> tuple[Earlier, ...]:
    """The writes of the same call, made before, of which a request has left; none where the journal cannot be asked."""
    if not call.desk.journal.there:
        return ()
    try:
        return await call.desk.journal.earlier(await asked_mark(call))
    except JournalUnusable:
        return ()


def most_writes(call: Call) -> int:
    """How many writes a call is about at most: as many as its longest list."""
    lists = (given for given in call.arguments.values() if isinstance(given, Sized) and not isinstance(given, str))
    return max(map(len, lists), default=1)


def with_earlier(call: Call, error: EventdeskError, earlier: Sequence[Earlier], *, one_of: int = 1) -> EventdeskError:
    """A failure, with what is known of the same call, made before. `one_of`: so many writes that call is about.

    Where an earlier one's outcome is unknown, so is what this one was to make true, whatever stopped it. Where it is done,
    a platform that cannot be read, or does not do it again, is no sign that it is not.
    """
    if not earlier or isinstance(error, _TELLING) or error.message.startswith("Done: "):
        return error
    what = "this" if one_of == len(earlier) == 1 else _OR_PART
    if any(one.state is EntryState.SENT for one in earlier):
        return told_sent(call, error, what)
    if not isinstance(error, ProviderError):
        return error
    if all(one.state is EntryState.DONE for one in earlier):
        return told_done(call, error, what)
    return told_done(call, error, ", ".join(dict.fromkeys(name for one in earlier for name in one.done)))
