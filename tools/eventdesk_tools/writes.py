"""The one path of every write: preview, confirm, claim, send once, settle. Tools plan; this carries out."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eventdesk_tools.answers import Answer, compact, previewed, without_empty
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import (
    Conflict,
    Declined,
    EventdeskError,
    OutcomeUnknown,
    ProviderError,
    StillRunning,
)
from eventdesk_tools.journal import Entry, EntryState, Preview, Verdict
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Found, Question, Step, WritePlan

LOOKS_AGAIN = (0.5, 1.5, 4.0)
"""Seconds before each further look after an unknown outcome, inside one call. A platform may commit late."""


async def write(call: Call, account: Account, plan: WritePlan | WriteResult, *, dry_run: bool) -> Answer:
    """Carry out a plan, or show it.

    Raises:
        Declined: The person did not say yes.
        OutcomeUnknown: A request was sent and nothing tells what became of it.
        EventdeskError: The platform refused; the message names the steps that were done before.
    """
    call.use(account)
    if isinstance(plan, WriteResult):
        return shown_result(call, account, plan)
    if dry_run:
        return Answer(previewed(preview_body(call, account, plan)))
    call.desk.writable(account)
    key = call.desk.journal.key(account.identity, plan.makes_true)
    if plan.question is not None and not await call.desk.journal.begun(key):
        body = preview_body(call, account, plan)
        waiting = await confirm(call, plan.question, digest_of(call, account, [plan], plan.question), body)
        if waiting is not None:
            return waiting
    try:
        result = await carry_out(call, plan, key)
    finally:
        call.desk.forget(account.name)
    return shown_result(call, account, result, plan)


async def carry_out(call: Call, plan: WritePlan, key: str) -> WriteResult:
    """Claim a write and send its steps, or tell what an earlier identical call made of it."""
    async with call.desk.journal.holding(key, call.tool) as entry:
        if entry.state is EntryState.DONE:
            if entry.waited:
                return replace(await plan.finish(entry.values), outcome=Outcome.ALREADY_DONE)
            standing = await plan.stands(entry.values) if plan.stands is not None else None
            if standing is not None:
                return replace(standing, outcome=Outcome.ALREADY_DONE)
            await entry.restart()
        done = [step.name for step in plan.steps[: entry.step]]
        notes: list[str] = []
        for step in plan.steps[entry.step :]:
            try:
                await _step(call, entry, step)
            except StillRunning as running:
                return WriteResult(
                    outcome=Outcome.RUNNING,
                    status="running",
                    facts={"done": done, "remaining": [s.name for s in plan.steps[len(done) :]]},
                    notes=(running.message, "Make the same call again to continue; nothing is sent twice."),
                )
            except OutcomeUnknown as unknown:
                raise _named(unknown, done, step) from unknown
            except EventdeskError as refused:
                if not step.optional:
                    raise _named(refused, done, step) from refused
                await entry.completed({})
                notes.append(f"{step.name}: {refused.message}")
            done.append(step.name)
        await entry.done()
        result = await plan.finish(entry.values)
        return replace(result, notes=(*notes, *result.notes))


async def _step(call: Call, entry: Entry, step: Step) -> None:
    if entry.state is EntryState.SENT:
        found = await _look(step, entry)
        if found is not None:
            await entry.completed(found.values)
            return
        if not step.repeatable:
            raise OutcomeUnknown("An earlier request was sent and not answered, and no record shows what became of it.")
    context = _Context(call, entry)
    if step.request is None:
        await entry.completed(await step.send(context))
        return
    known = (
        frozenset(found.id for found in await step.find(entry.values)) if step.find is not None else frozenset[str]()
    )
    # From here on nothing may stop us before the outcome is stored: not a cancelled call, not a closed pipe.
    async with call.desk.runtime.shielded(max(call.seconds_left, 5.0)):
        await entry.sending(known)
        try:
            values = await step.send(context)
        except OutcomeUnknown:
            found = await _look_again(call, step, entry)
            if found is None:
                raise
            await entry.completed(found.values)
            return
        except Conflict:
            found = await _look(step, entry, also_known=True)
            if found is None:
                await entry.not_sent()
                raise
            await entry.completed(found.values)
            return
        except EventdeskError:
            await entry.not_sent()
            raise
        await entry.completed(values)


async def _look(step: Step, entry: Entry, *, also_known: bool = False) -> Found | None:
    """The one new record that agrees with what was sent; None when there is none.

    Raises:
        OutcomeUnknown: Several agree; they are listed.
    """
    if step.find is None:
        return None
    found = await step.find(entry.values)
    new = [record for record in found if also_known or record.id not in entry.known]
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


def _named(error: EventdeskError, done: list[str], step: Step) -> EventdeskError:
    """The same failure, saying which steps were done before it."""
    if done:
        error.message = f"Done: {', '.join(done)}. Not done: {step.name}: {error.message}"
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

    async def progress(self, done: float, total: float, message: str) -> None:
        await self.call.tell(done, total, message)

    async def sleep(self, seconds: float) -> None:
        await self.call.desk.runtime.sleep(seconds)


# Asking --------------------------------------------------------------------------------------------------------------


async def confirm(call: Call, question: Question, digest: str, body: Mapping[str, Json]) -> Answer | None:
    """Get the person's yes to `body`, which `digest` binds. None means: go on; else how a yes can be had.

    Raises:
        Declined: The person did not say yes.
        Conflict: What a person agreed to is no longer what would be sent.
    """
    if call.granted is not None:
        if call.granted.digest == digest:
            return None
        raise Conflict(
            "What would be sent has changed since the preview: the event or the arguments are others now.",
            next="Repeat the original call for a fresh preview.",
        )
    earlier = await call.desk.journal.approved(digest)
    if earlier is not None and await call.desk.journal.consume(earlier.id):
        return None
    preview = Preview(secrets.token_urlsafe(18), call.tool, dict(call.arguments), digest, question, body)
    await call.desk.journal.keep_preview(preview)
    began = call.desk.runtime.seconds()
    reply = await call.confirmer.ask(preview)
    call.waited += call.desk.runtime.seconds() - began
    if reply.verdict is Verdict.ACCEPTED:
        if not await call.desk.journal.consume(preview.id):
            raise Declined("The question is no longer open: it was answered already, or ten minutes have passed.")
        return None
    if reply.verdict is Verdict.DECLINED:
        await call.desk.journal.consume(preview.id)
        raise Declined("The person did not say yes. Nothing was sent.")
    if reply.verdict is Verdict.TOKEN:
        how = {
            "token": preview.id,
            "notes": [
                "Nothing was sent. Show this to the person; if they agree, call apply_preview with the token.",
                "This client cannot ask: only its own approval of that call stands between you and the change.",
            ],
        }
    else:
        how = {
            "approve_at": reply.link,
            "notes": [
                "Nothing was sent. Only a person can allow this: give them the link, which opens a page on their computer.",
                "After they have approved, make the same call again within ten minutes.",
            ],
        }
    return Answer(previewed({**body, **how}))


def digest_of(call: Call, account: Account, plans: Sequence[WritePlan], question: Question) -> str:
    """Binds a yes to what was shown: account, arguments, requests, changes, question."""
    shown = [
        account.name,
        account.identity,
        call.tool,
        compact(dict(sorted(call.arguments.items()))),
        [list(plan.makes_true) for plan in plans],
        [request_shown(step) for plan in plans for step in plan.steps if step.request is not None],
        [(change.field, change.before, change.after) for plan in plans for change in plan.changes],
        question.text,
    ]
    return hashlib.sha256(compact(shown).encode("utf-8", "surrogatepass")).hexdigest()


def preview_body(call: Call, account: Account, plan: WritePlan) -> dict[str, Json]:
    """What would be sent, and what would change. Nothing was sent."""
    requests = [request_shown(step) for step in plan.steps if step.request is not None]
    return without_empty(
        {
            "outcome": Outcome.PREVIEW.value,
            "account": account.name,
            "summary": plan.summary,
            "question": plan.question.text if plan.question is not None else None,
            "requests": requests,
            "changes": [
                without_empty({"field": c.field}) | {"before": c.before, "after": c.after} for c in plan.changes
            ],
            **plan.facts,
            "mail": plan.mail,
            "notes": [*plan.notes, *call.notes.as_list()],
        }
    )


def request_shown(step: Step) -> dict[str, Json]:
    request = step.request
    assert request is not None  # noqa: S101 - the caller looked
    query = "&".join(f"{name}={value}" for name, value in request.query)
    return without_empty(
        {"method": request.method, "path": request.path + (f"?{query}" if query else ""), "body": request.body}
    )


def shown_result(call: Call, account: Account, result: WriteResult, plan: WritePlan | None = None) -> Answer:
    """A write's result as the model reads it."""
    event = account.ref(result.event_id) if result.event_id else None
    ref = None
    if event is not None:
        ref = event.inside(*result.record) if result.record is not None else event
    mail = result.mail or (plan.mail if plan is not None and result.outcome is Outcome.DONE else "")
    undo = None
    if result.undo is not None and event is not None:
        undo = {"tool": call.tool, "arguments": {"event": str(event), **result.undo}}
    call.notes.extend(result.notes)
    if plan is not None and result.outcome is Outcome.DONE:
        call.notes.extend(plan.notes)
    return Answer(
        without_empty(
            {
                "outcome": result.outcome.value,
                "ref": str(ref) if ref is not None else None,
                "status": result.status,
                **result.facts,
                "url": result.url,
                "mail": mail,
                "undo": undo,
                "notes": call.notes.as_list(),
            }
        )
    )
