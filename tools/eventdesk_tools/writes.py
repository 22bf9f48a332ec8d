"""The one path of every write: preview, confirm, carry out (`carrying.py`), tell. Tools plan."""

import contextlib
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import cast

from eventdesk_tools.answers import Answer, compact, previewed, without_empty
from eventdesk_tools.carrying import carry_out, host_marks
from eventdesk_tools.desk import Account, Call, Trace
from eventdesk_tools.errors import Conflict, Declined, JournalUnusable
from eventdesk_tools.journal import Preview, Verdict
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Question, Step, WritePlan
from eventdesk_tools.text import line

_FACT_MOST = 500


async def write(call: Call, account: Account, plan: WritePlan | WriteResult, *, dry_run: bool) -> Answer:
    """Carry out a plan, or show it.

    Raises:
        Declined: The person did not say yes.
        OutcomeUnknown: A request was sent and nothing tells what became of it.
        EventdeskError: The platform refused; the message names the steps that were done before.
    """
    call.use(account)
    if isinstance(plan, WriteResult):
        if not dry_run:
            await note_true(call, account, plan)
        return shown_result(call, account, plan)
    if dry_run:
        return Answer(previewed(preview_body(call, account, plan)))
    call.desk.writable(account)
    key = await call.desk.journal.key(account.identity, plan.makes_true)
    if plan.question is not None and not await call.desk.journal.begun(key):
        body = preview_body(call, account, plan)
        waiting = await confirm(call, plan.question, digest_of(call, account, [plan], plan.question), body)
        if waiting is not None:
            return waiting
    try:
        result = await carry_out(call, account, plan)
    finally:
        call.desk.forget(account.name)
    return shown_result(call, account, result, plan)


async def note_true(call: Call, account: Account, result: WriteResult) -> None:
    """What planning found to be true already ends the question of an earlier, unanswered request for it."""
    call.trail.append(Trace(account.name, str(account.ref(result.event_id)) if result.event_id else "", result.outcome))
    if not result.makes_true:
        return
    with contextlib.suppress(JournalUnusable):  # the answer is true without it
        await call.desk.journal.true(
            await call.desk.journal.key(account.identity, result.makes_true),
            result.values,
            result.record[1] if result.record is not None else "",
        )


# Asking --------------------------------------------------------------------------------------------------------------


async def confirm(call: Call, question: Question, digest: str, body: Mapping[str, Json]) -> Answer | None:
    """Get the person's yes to `body`, which `digest` binds. None means: go on; else how a yes can be had.

    Raises:
        Declined: The person did not say yes.
        Conflict: What a person agreed to is no longer what would be sent, or the host's key belongs to another call.
    """
    if call.granted is not None:
        if call.granted.digest == digest:
            return None
        raise Conflict(
            "What would be sent has changed since the preview: the event or the arguments are others now.",
            next="Repeat the original call for a fresh preview.",
        )
    if call.host_key:
        await call.desk.journal.hosted(*await host_marks(call))
    earlier = await call.desk.journal.approved(digest)
    if earlier is not None and await call.desk.journal.consume(earlier.id):
        return None
    preview = Preview(
        secrets.token_urlsafe(18), call.tool, dict(call.arguments), digest, question, body, call.desk.subject
    )
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
        ways = (
            "the link, which opens a page on their computer" if reply.link else "",
            "the command, for a terminal on their computer" if reply.command else "",
        )
        how = without_empty(
            {
                "approve_at": reply.link,
                "approve_with": reply.command,
                "notes": [
                    f"Nothing was sent. Only a person can allow this: give them {', or '.join(filter(None, ways))}.",
                    "After they have approved, make the same call again within ten minutes.",
                ],
            }
        )
    return Answer(previewed({**body, **how, "notes": [*body.get("notes", []), *how["notes"]]}))


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
        call.desk.subject,
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
            **_clean(plan.facts),
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
        # By its own name also when the operation was called by name: an operation takes other arguments.
        tool = "update_event" if set(result.undo) - {"restore"} else "archive_event"
        undo = {"tool": tool, "arguments": {"event": str(event), **result.undo}}
    call.notes.extend(result.notes)
    if plan is not None and result.outcome is Outcome.DONE:
        call.notes.extend(plan.notes)
    return Answer(
        without_empty(
            {
                "outcome": result.outcome.value,
                "ref": str(ref) if ref is not None else None,
                "status": result.status,
                **_clean(result.facts),
                "url": result.url,
                "mail": mail,
                "undo": undo,
                "notes": call.notes.as_list(),
            }
        )
    )


def _clean(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Facts whose texts, and lists of texts, are each a clean line. Values before and after a change stay as they are."""
    return {
        name: line(fact, _FACT_MOST)
        if isinstance(fact, str)
        else [line(item, _FACT_MOST) if isinstance(item, str) else item for item in cast("list[Json]", fact)]
        if isinstance(fact, list)
        else fact
        for name, fact in facts.items()
    }
