"""Ports of the write path: the journal of what was sent, the previews a person is shown, the person."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import Json
from eventdesk_tools.plans import Question


class EntryState(StrEnum):
    """How far a write is. SENT means: a request left and its outcome is not stored."""

    CLAIMED = "claimed"
    SENT = "sent"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is to be written. `target` is a ref as far as one is known, never an address or a title."""

    key: str
    account: str
    provider: str
    tool: str
    target: str = ""
    steps: tuple[str, ...] = ()
    host: str = ""
    """A digest of the key that the host gave the call; empty without one."""
    asked: str = ""
    """A digest of the call's tool and arguments, by which the same call made again is known."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A write of the same call, made before: `done` names the steps that are complete."""

    state: EntryState
    done: tuple[str, ...]


class Entry(Protocol):
    """One write in the journal, held by the caller. Every change is durable before the method returns.

    Every method may raise `JournalUnusable`.
    """

    @property
    def id(self) -> str:
        """By what a person names it: short and typeable."""
        ...

    @property
    def state(self) -> EntryState: ...

    @property
    def begun(self) -> tuple[str, ...]:
        """The names of the steps with which it was begun."""
        ...

    @property
    def answered(self) -> bool:
        """Whether a call under the same key of the host's completed it, whatever became of it since."""
        ...

    @property
    def step(self) -> int:
        """How many steps are complete."""
        ...

    @property
    def values(self) -> Mapping[str, str]:
        """What the steps yielded: ids and states, no personal data."""
        ...

    @property
    def known(self) -> frozenset[str]:
        """Ids of agreeing records that were there before the step in state SENT."""
        ...

    @property
    def waited(self) -> bool:
        """Whether another call held this entry while this one waited for it."""
        ...

    @property
    def by_person(self) -> bool:
        """Whether a person settled it: it happened, and nothing tells which record it made."""
        ...

    async def of_others(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these records that another write of this account is known to have made by such a step."""
        ...

    async def sending(self, known: frozenset[str]) -> None:
        """A request is about to leave.

        Raises:
            RunsElsewhere: Another call has taken this write over.
        """
        ...

    async def completed(self, values: Mapping[str, str]) -> None:
        """The step is complete; with the last one the write is."""
        ...

    async def not_sent(self, refusal: EventdeskError | None = None) -> None:
        """The step certainly did not happen. Who waits for this entry now is refused alike."""
        ...

    async def restart(self) -> None:
        """What was done no longer stands: begin anew."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person is shown, kept until it is accepted, refused, or ten minutes old.

    `digest` binds the arguments, the requests and the fields that change: what is sent must be what was shown.
    """

    id: str
    tool: str
    arguments: Mapping[str, Json]
    digest: str
    question: Question
    body: Mapping[str, Json]
    owner: str = ""
    """Whose call it was; "" where only one person has the server. Nobody else's yes to it counts."""


class Previews(Protocol):
    """What waits for a person's yes. Bodies are kept by the process that made them, marks by all of them together."""

    async def keep_preview(self, preview: Preview) -> None: ...

    async def preview(self, id: str) -> Preview | None:  # noqa: A002 - the field's name
        """A preview that is neither consumed nor too old."""
        ...

    async def consume(self, id: str) -> bool:  # noqa: A002 - the field's name
        """Use a preview up. True for exactly one caller under any race."""
        ...

    async def approve(self, id: str) -> bool:  # noqa: A002 - the field's name
        """A person accepted a preview outside the chat."""
        ...

    async def approved(self, digest: str) -> Preview | None:
        """An accepted preview of exactly this, not yet used."""
        ...


class Agreed(Protocol):
    """The yeses to writes that are not done yet, by digests that tell nothing. Each lasts an hour."""

    async def agree(self, marks: Sequence[str]) -> None:
        """A person agreed to each of these."""
        ...

    async def agreed(self, marks: Sequence[str]) -> frozenset[str]:
        """Those of these that a person agreed to within the hour, and that are not done."""
        ...

    async def used_up(self, mark: str) -> None:
        """The write is done: a further one alike is asked about again."""
        ...


class Journal(Previews, Agreed, Protocol):
    """What was sent and what became of it, and the previews. Every method may raise `JournalUnusable`."""

    async def key(self, identity: str, makes_true: Sequence[str]) -> str:
        """The key of a write: a keyed hash, so that it tells nothing to who reads the journal."""
        ...

    def holding(self, claim: Claim, seconds: float) -> AbstractAsyncContextManager[Entry]:
        """Claim a write. Who comes second waits until the first lets go, and sees what became of it.

        Raises:
            Conflict: The host's key belongs to another call.
            RunsElsewhere: Another call still carries it out after so many seconds.
            EventdeskError: The call that was waited for was refused: so is this one.
        """
        ...

    async def hosted(self, host: str, asked: str) -> None:
        """See that a host's key belongs to no other call.

        Raises:
            Conflict: It does.
        """
        ...

    @property
    def there(self) -> bool:
        """Whether anything was written yet: who only looks makes no files."""
        ...

    async def earlier(self, asked: str) -> tuple[Earlier, ...]:
        """The writes of the same call, made before, of which a request has left. None is made to look."""
        ...

    async def true(self, key: str, values: Mapping[str, str], record: str) -> None:
        """The platform shows what this write makes true: nothing is left to send of it.

        `values` are what its steps would have yielded. It stays open where `record` is known to be another write's.
        """
        ...

    async def begun(self, key: str) -> bool:
        """Whether a request of this write left and the write is not finished: a person has agreed to it already."""
        ...


class Verdict(StrEnum):
    """What came of asking."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TOKEN = "token"  # noqa: S105 - a way of confirming, not a password
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's reply, or the way in which one can be had outside the chat.

    `link` is a page on this machine, `command` what a person types in a terminal on it.
    """

    verdict: Verdict
    link: str = ""
    command: str = ""


class Confirmer(Protocol):
    """Asks the person behind this call, by whatever way the client has."""

    async def ask(self, preview: Preview) -> Reply:
        """Ask, and wait for the reply if this client's protocol waits.

        Raises:
            InputNeeded: This protocol asks by returning; the call comes again with the reply.
        """
        ...


class InputNeeded(Exception):
    """The call must be answered with a question. `preview.id` is the state that comes back with the reply."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.id)
        self.preview = preview
