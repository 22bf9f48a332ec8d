"""A write, planned: the requests in order, what they make true, why a person should be asked, how to look afterwards.

An adapter answers a plan; `writes.py` carries it out. Nothing here sends anything.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeVar

from eventdesk_tools.errors import EventdeskError, RateLimited
from eventdesk_tools.models import Json, WriteResult

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRequest:
    """One request as it will be sent, secrets left out. A value known only after an earlier step stands as `‹name›`."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Json = None


@dataclass(frozen=True, slots=True)
class Found:
    """A record that agrees with what a step makes true: its id, and the values the step would have yielded."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])


class StepContext(Protocol):
    """What a step learns while it runs."""

    @property
    def values(self) -> Mapping[str, str]:
        """What earlier steps yielded: ids and states, no personal data. It survives a restart."""
        ...

    @property
    def seconds_left(self) -> float:
        """Until this call must answer."""
        ...

    async def progress(self, done: float, total: float | None, message: str) -> None:
        """Tell the person how far it is."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait between two looks."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request that changes something, or a wait for the platform's own work.

    Attributes:
        name: Names the step in the journal and in messages: "copy the event".
        request: What the preview shows; None for a wait.
        send: Sends it (exactly what `request` shows) and answers the values that later steps and `finish` need.
            May raise `StillRunning` when the platform is not done and time is up; the same call continues there.
        find: Looks for records that agree with what this step makes true. Called before sending, to know which were
            there already, and after an unknown outcome or a `Conflict`. None when nothing can tell.
        repeatable: The platform documents that sending it twice makes no difference (absolute values, idempotent).
        optional: Its failure does not undo the earlier steps: the result is reported with a note instead.
    """

    name: str
    request: PlannedRequest | None
    send: Callable[[StepContext], Awaitable[Mapping[str, str]]]
    find: Callable[[Mapping[str, str]], Awaitable[tuple[Found, ...]]] | None = None
    repeatable: bool = False
    optional: bool = False


class Why(StrEnum):
    """Why a person is asked."""

    DESTRUCTIVE = "destructive"
    PAID = "paid"
    PUBLIC = "public"
    UNPAID_ACCESS = "unpaid_access"
    MAIL = "mail"
    VISIBLE_CHANGE = "visible_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked before the first request leaves. No clock and no random value may stand in it.

    `reversible` decides the way in clients that cannot ask: a token for a reversible write, a person outside the
    chat for an irreversible, paid or public one.
    """

    text: str
    why: frozenset[Why]
    reversible: bool

    @property
    def needs_person(self) -> bool:
        """Whether only a person may agree: a token, which a model holds, does not do."""
        return not self.reversible or bool(self.why & {Why.PAID, Why.PUBLIC, Why.MAIL, Why.UNPAID_ACCESS})


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after. None means empty."""

    field: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePlan:
    """A write, ready to be previewed, confirmed and sent.

    Attributes:
        makes_true: What holds afterwards, in canonical parts: ("registration", event, occurrence, ticket, e-mail in lower
            case, nth). The same for every tool that reaches the same end; the journal's key is made of it.
        steps: The requests in order.
        finish: Reads the platform's present state where that is needed and answers the result from the steps' values.
        stands: Whether what an earlier, finished call made true still stands, as a result; None when it no longer does.
        question: Why and what to ask; None when nobody needs to be asked.
        mail: Whether the platform writes to the person concerned.
        anew: Plans it again when its turn comes, where it was planned among many without looking whether it is so
            already; it raises what planning does. None: that was looked up.
        looks: How many reads carrying it out takes besides, where the platform's limits count them among the writes.
    """

    summary: str
    makes_true: tuple[str, ...]
    steps: tuple[Step, ...]
    finish: Callable[[Mapping[str, str]], Awaitable[WriteResult]]
    stands: Callable[[Mapping[str, str]], Awaitable[WriteResult | None]] | None = None
    question: Question | None = None
    changes: tuple[Change, ...] = ()
    mail: Literal["yes", "no", "unknown", ""] = ""
    notes: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Shown in the preview beside the requests: amounts, what is copied and what is not."""
    anew: Callable[[], Awaitable["WritePlan | WriteResult"]] | None = None
    looks: int = 0


Planned = WritePlan | WriteResult | EventdeskError
"""A plan among many, or why there is none."""


async def plan_all(items: Iterable[T], plan: Callable[[T], Awaitable[WritePlan | WriteResult]]) -> list[Planned]:
    """A plan for each, in order, or why there is none; one that cannot be made leaves the others.

    Raises:
        RateLimited: The platform takes no more for now.
    """
    planned: list[Planned] = []
    for item in items:
        try:
            planned.append(await plan(item))
        except RateLimited:
            raise
        except EventdeskError as exc:
            planned.append(exc)
    return planned


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of some writes a platform's rate limits take at once, and in how many seconds they take all of them, or as
    many as they ever take."""

    now: int
    wait: float = 0.0
