"""Carrying a plan out: claim it, send each request once, look where the outcome is unknown, and store what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from eventdesk_tools.answers import compact
from eventdesk_tools.desk import Account, Call, Trace
from eventdesk_tools.errors import (
    Conflict,
    EventdeskError,
    JournalUnusable,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    RunsElsewhere,
    StillRunning,
    UnknownRef,
)
from eventdesk_tools.journal import Claim, Entry, EntryState
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Found, Step, WritePlan
from eventdesk_tools.refs import Ref, looks_like_ref

LOOKS_AGAIN = (0.5, 1.5, 4.0)
"""Seconds before each further look after an unknown outcome, inside one call. A platform may commit late."""
LOOKS_LATER = (6.0, 12.0, 24.0, 48.0, 84.0)
"""Seconds before each further look after the call was answered: three minutes in all."""
ANSWERING = 2.0
"""Seconds that are kept to say that an identical call is not done yet."""
_LEAVES_STEP = (RateLimited, RunsElsewhere, JournalUnusable)
"""Failures that leave even an optional step to the same call, made again."""
_SAME_KEY = (
    "A call under the same key did this before, and it no longer stands. Nothing was sent: a new write takes a new key."
)
_BY_PERSON = "A person settled this write in Eventdesk's journal: it happened. A further one like it is nth: 2."


async def carry_out(call: Call, account: Account, plan: WritePlan) -> WriteResult:
    """Claim a write and send its steps, or tell what an earlier identical call made of it.

    Raises:
        OutcomeUnknown: A request was sent and nothing tells what became of it.
        JournalUnusable: What would be sent could not be recorded; it was not sent.
        EventdeskError: The platform refused; the message names the steps that were done before.
    """
    host, asked = await host_marks(call)
    claim = Claim(
        host=host,
        asked=asked,
        key=await call.desk.journal.key(account.identity, plan.makes_true),
        account=account.name,
        provider=account.provider.name.value,
        tool=call.tool,
        target=target_of(call),
        steps=tuple(step.name for step in plan.steps),
    )
    trace = Trace(account.name, claim.target)
    call.trail.append(trace)
    try:
        async with call.desk.journal.holding(claim, max(call.seconds_left - ANSWERING, 0.0)) as entry:
            trace.entry = entry.id
            result = await _Run(call, plan, entry).result()
            if result.event_id:
                trace.target = str(_ref(account, result))
    except OutcomeUnknown as unknown:
        trace.outcome = unknown.code.value
        call.desk.runtime.later(_looks_later(call, account, plan, claim))
        raise
    except EventdeskError as exc:
        trace.outcome = exc.code.value
        raise
    trace.outcome = result.outcome.value
    return result


async def host_marks(call: Call) -> tuple[str, str]:
    """Digests of the host's key, empty without one, and of the call it belongs to."""
    journal = call.desk.journal
    host = await journal.key("host", ("key", call.desk.subject, call.host_key)) if call.host_key else ""
    return host, await asked_mark(call)


async def asked_mark(call: Call) -> str:
    """A digest of a call's tool and arguments: the same for the same call, made again."""
    arguments = compact(dict(sorted(call.arguments.items())))
    return await call.desk.journal.key("host", (call.desk.subject, call.tool, arguments))


def _ref(account: Account, result: WriteResult) -> Ref:
    event = account.ref(result.event_id)
    return event.inside(*result.record) if result.record is not None else event


def target_of(call: Call) -> str:
    """The ref that a call is about; nothing else that may stand in its place is written down."""
    for name in ("registration", "order", "event"):
        given = call.arguments.get(name)
        if isinstance(given, str) and looks_like_ref(given):
            try:
                return str(Ref.parse(given))
            except UnknownRef:
                continue
    return ""


@dataclass(slots=True)
class _Run:
    """One carrying out of a plan."""

    call: Call
    plan: WritePlan
    entry: Entry
    notes: list[str] = field(default_factory=list[str])
    was_done: bool = False
    """An earlier identical call did this, and the platform's state calls for it again."""

    async def result(self) -> WriteResult:
        earlier = await self._earlier()
        if earlier is not None:
            return earlier
        await self._resumable()
        done = [step.name for step in self.plan.steps[: self.entry.step]]
        for step in self.plan.steps[self.entry.step :]:
            try:
                await self._step(step)
            except StillRunning as running:
                return WriteResult(
                    outcome=Outcome.RUNNING,
                    status="running",
                    facts={"done": done, "remaining": [s.name for s in self.plan.steps[len(done) :]]},
                    notes=(running.message, "Make the same call again to continue; nothing is sent twice."),
                )
            except OutcomeUnknown as unknown:
                raise _named(unknown, done, step) from unknown
            except EventdeskError as refused:
                if not step.optional or isinstance(refused, _LEAVES_STEP):
                    if self.was_done and not done and isinstance(refused, ProviderError):
                        raise told_done(self.call, refused) from refused
                    raise _named(refused, done, step) from refused
                await self._completed({})
                self.notes.append(f"{step.name}: {refused.message}")
            done.append(step.name)
        result = await self._finished()
        return replace(result, notes=(*self.notes, *result.notes))

    async def _earlier(self) -> WriteResult | None:
        """What an earlier identical call made true, if it still stands."""
        entry, plan = self.entry, self.plan
        if entry.state is not EntryState.DONE:
            return None
        if entry.by_person:
            left = entry.begun[entry.step :]
            notes = (_BY_PERSON, f"Not carried out: {', '.join(left)}.") if left else (_BY_PERSON,)
            return WriteResult(outcome=Outcome.ALREADY_DONE, notes=notes)
        if entry.waited:
            return replace(await self._finished(), outcome=Outcome.ALREADY_DONE)
        try:
            standing = await plan.stands(entry.values) if plan.stands is not None else None
        except ProviderError as unread:
            raise told_done(self.call, unread) from None
        if standing is not None:
            return replace(standing, outcome=Outcome.ALREADY_DONE)
        if entry.answered:
            return WriteResult(outcome=Outcome.ALREADY_DONE, facts=dict(entry.values), notes=(_SAME_KEY,))
        await entry.restart()
        self.was_done = True
        return None

    async def _resumable(self) -> None:
        """Refuse to go on with steps that are not those with which the write was begun, unless all may be repeated."""
        sent = self.entry.state is EntryState.SENT
        begun = self.entry.begun[: self.entry.step + sent]
        if begun == tuple(step.name for step in self.plan.steps[: len(begun)]):
            return
        if all(step.repeatable for step in self.plan.steps):
            await self.entry.restart()
            return
        done = ", ".join(begun[: self.entry.step])
        told = f"{f'Done: {done}. ' if done else ''}An earlier call began this with other steps than it takes now."
        then = "Read what is there now, tell the person, and make a call for just what is missing."
        if sent:
            raise OutcomeUnknown(
                f"{told} Sent, and not known to have happened: {begun[-1]}. Nothing more was sent.",
                next=f"{then} The person decides: `eventdesk journal settle {self.entry.id} happened` or `not`.",
            )
        raise Conflict(
            f"{told} Nothing more was sent.",
            next=f"{then} When nothing is missing the person ends it: `eventdesk journal settle {self.entry.id} happened`.",
        )

    async def _finished(self) -> WriteResult:
        """The result as the platform shows it; where that cannot be read, what is known of it."""
        why = "the time was up."
        try:
            async with self.call.desk.runtime.within(max(self.call.seconds_left - 0.5, 0.0)):
                return await self.plan.finish(self.entry.values)
        except ProviderError as unread:
            why = unread.message
        note = f"The write is done; how it stands now could not be read: {why}"
        return WriteResult(outcome=Outcome.DONE, facts=dict(self.entry.values), notes=(note,))

    async def _step(self, step: Step) -> None:
        entry, call = self.entry, self.call
        if entry.state is EntryState.SENT:
            try:
                found = await _look(step, entry)
            except OutcomeUnknown:
                raise
            except ProviderError as unread:
                raise told_sent(call, unread) from unread
            if found is not None:
                await self._completed(found.values)
                return
            if not step.repeatable:
                raise OutcomeUnknown(
                    "An earlier request was sent and not answered, and no record shows what became of it.",
                    next=f"Make the same call again later: it looks and sends nothing twice. After some minutes the person"
                    f" decides: `eventdesk journal settle {entry.id} happened` or `not`.",
                )
        context = _Context(call, entry)
        if step.request is None:
            await self._completed(await step.send(context))
            return
        known = (
            frozenset(found.id for found in await step.find(entry.values))
            if step.find is not None
            else frozenset[str]()
        )
        # From here on nothing may stop us before the outcome is stored: not a cancelled call, not a closed pipe.
        async with call.desk.runtime.shielded(max(call.seconds_left, 5.0)):
            await entry.sending(known)
            call.sent = True
            try:
                values = await step.send(context)
            except OutcomeUnknown:
                found = await _look_again(call, step, entry)
                if found is None:
                    raise
                await self._completed(found.values)
                return
            except Conflict as refusal:
                found = await _look(step, entry, also_known=True)
                if found is None:
                    await self._not_sent(refusal)
                    raise
                await self._completed(found.values)
                return
            except EventdeskError as refusal:
                await self._not_sent(refusal)
                raise
            await self._completed(values)
            return
        # The last resort of the time limits: the platform neither answered nor broke off.
        raise OutcomeUnknown("A request was sent, and nothing came back in all the time there was.")

    async def _completed(self, values: Mapping[str, str]) -> None:
        """Store that a step happened. That it did is told even where it cannot be stored."""
        try:
            await self.entry.completed(values)
        except JournalUnusable as exc:
            self.notes.append(f"This happened, but could not be recorded: {exc.message} The same call looks first.")

    async def _not_sent(self, refusal: EventdeskError) -> None:
        """Store that a step did not happen. The platform's refusal is told even where it cannot be stored."""
        try:
            await self.entry.not_sent(refusal)
        except JournalUnusable as exc:
            refusal.message += f" This could not be recorded: {exc.message}"


def _looks_later(call: Call, account: Account, plan: WritePlan, claim: Claim) -> Callable[[], Awaitable[None]]:
    """Looks again for three minutes after the call was answered, and settles the write if its record appears."""

    async def look() -> bool:
        """Whether there is nothing more to look for."""
        async with call.desk.journal.holding(claim, 0.0) as entry:
            if entry.state is not EntryState.SENT:
                return True
            step = plan.steps[entry.step]
            if step.name not in entry.begun[entry.step : entry.step + 1]:
                return True
            found = await _look(step, entry)
            if found is None:
                return step.find is None
            await entry.completed(found.values)
            call.desk.forget(account.name)
            return True

    async def looks() -> None:
        for pause in LOOKS_LATER:
            await call.desk.runtime.sleep(pause)
            try:
                if await look():
                    return
            except OutcomeUnknown:
                return  # several records: only a person can tell
            except (ProviderError, JournalUnusable):
                continue

    return looks


async def _look(step: Step, entry: Entry, *, also_known: bool = False) -> Found | None:
    """The one new record that agrees with what was sent; None when there is none.

    Raises:
        OutcomeUnknown: Several agree; they are listed.
    """
    if step.find is None:
        return None
    found = await step.find(entry.values)
    new = [record for record in found if also_known or record.id not in entry.known]
    if new and not also_known:
        others = await entry.of_others([record.id for record in new])
        new = [record for record in new if record.id not in others]
    if len(new) > 1:
        raise OutcomeUnknown(
            f"A request was sent and not answered, and {len(new)} records could be its result.",
            next="Show them to the person, who decides which one it is. Do not repeat the call.",
            allowed=[record.id for record in new[:10]],
        )
    return new[0] if new else None


async def _look_again(call: Call, step: Step, entry: Entry) -> Found | None:
    for pause in (0.0, *LOOKS_AGAIN):
        if pause >= call.seconds_left:
            return None
        if pause:
            await call.desk.runtime.sleep(pause)
        try:
            found = await _look(step, entry)
        except OutcomeUnknown:
            raise
        except ProviderError:
            continue
        if found is not None:
            return found
    return None


def told_sent(call: Call, error: EventdeskError, what: str = "this") -> OutcomeUnknown:
    """A failure of a call whose write an earlier one sent: nobody may read that it did not happen."""
    return OutcomeUnknown(
        f"An earlier call sent {what} and was not answered: it may have been done. {_this_call(call)}: {error.message}",
        next="" if isinstance(error, ProviderError) else error.next,
        retry_after=error.retry_after,
    )


def told_done(call: Call, error: EventdeskError, what: str = "this") -> EventdeskError:
    """A failure of a call whose write an earlier one did."""
    error.message = (
        f"Done: {what} by an earlier call; whether it still stands is not known. {_this_call(call)}: {error.message}"
    )
    return error


def _this_call(call: Call) -> str:
    return "This call failed" if call.sent else "This call sent nothing"


def _named(error: EventdeskError, done: list[str], step: Step) -> EventdeskError:
    """The same failure, saying which steps were done before it."""
    if done:
        left = "Not known" if isinstance(error, OutcomeUnknown) else "Not done"
        error.message = f"Done: {', '.join(done)}. {left}: {step.name}: {error.message}"
        error.next = error.next or "Make the same call again to complete it; what is done is not repeated."
    return error


@dataclass(slots=True)
class _Context:
    """What a step learns while it runs."""

    call: Call
    entry: Entry

    @property
    def values(self) -> Mapping[str, str]:
        return self.entry.values

    @property
    def seconds_left(self) -> float:
        return self.call.seconds_left

    async def progress(self, done: float, total: float | None, message: str) -> None:
        await self.call.tell(done, total, message)

    async def sleep(self, seconds: float) -> None:
        await self.call.desk.runtime.sleep(seconds)
