"""The person behind a call: whether their client can ask them, what they read, and what their reply means."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp.types import ClientCapabilities, ElicitResult

from eventdesk_tools.answers import compact, through
from eventdesk_tools.journal import InputNeeded, Preview, Reply, Verdict
from eventdesk_tools.text import presentable

logger = logging.getLogger("eventdesk")
MODERN = "2026-07-28"
AUTO_DECLINE_SECONDS = 1.0
"""Nobody reads a question and declines it faster: a client did, so only the out-of-band way is left."""
PERSON_SECONDS = 600.0
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"ok": {"type": "boolean", "title": "Go ahead?"}},
    "required": ["ok"],
}
AnyContext = Context[Any, Any]
Outside = Callable[[Preview], Awaitable[Reply]]
"""Opens the way in which a person allows a preview outside the chat, and tells it."""


def may_ask(capabilities: ClientCapabilities | None, version: str | None, *, can_send: bool) -> bool:
    """Whether asking this client's person can work: a form is offered, and there is a way back for the answer."""
    form = capabilities.elicitation if capabilities is not None else None
    if form is None or (form.form is None and form.url is not None):
        return False
    return (version or "") >= MODERN or can_send


@dataclass(slots=True)
class Person:
    """The person behind one call, asked by the way this client has. `scope` is the call's time limit."""

    context: AnyContext
    outside: Outside
    scope: anyio.CancelScope
    only_outside: bool = False
    patience: float = PERSON_SECONDS
    asked: dict[str, float] = field(default_factory=dict[str, float])
    gate: Callable[[str], str] = presentable

    async def ask(self, preview: Preview) -> Reply:
        """See `eventdesk_tools.journal.Confirmer`."""
        if self.only_outside or not context_may_ask(self.context):
            return await self._unasked(preview)
        if (self.context.protocol_version or "") >= MODERN:
            self.asked[preview.id] = anyio.current_time()
            raise InputNeeded(preview)
        return await self._elicit(preview)

    async def _unasked(self, preview: Preview) -> Reply:
        if preview.question.needs_person or self.only_outside:
            return await self.outside(preview)
        return Reply(Verdict.TOKEN)

    async def _elicit(self, preview: Preview) -> Reply:
        left = self.scope.deadline - anyio.current_time()
        self.scope.deadline = float("inf")  # a person's time does not count
        began = anyio.current_time()
        result: ElicitResult | None = None
        try:
            with anyio.move_on_after(self.patience):
                result = await self.context.session.elicit_form(
                    message=question_text(preview, self.gate),
                    requested_schema=SCHEMA,
                    related_request_id=self.context.request_id,
                )
        except MCPError as exc:
            logger.info("the client did not ask: %s", exc)
            return await self.outside(preview)  # it is not offered `apply_preview`, for it said that it can ask
        finally:
            self.scope.deadline = anyio.current_time() + left
        if result is None:
            return Reply(Verdict.DECLINED)
        verdict = verdict_of(result, anyio.current_time() - began)
        return await self.outside(preview) if verdict is Verdict.OUTSIDE else Reply(verdict)


def verdict_of(result: object, seconds: float) -> Verdict:
    """What an elicitation's result means. Only an accepted `ok: true` is a yes."""
    if not isinstance(result, ElicitResult):
        return Verdict.DECLINED
    if result.action == "accept" and (result.content or {}).get("ok") is True:
        return Verdict.ACCEPTED
    if result.action == "decline" and seconds < AUTO_DECLINE_SECONDS:
        return Verdict.OUTSIDE
    return Verdict.DECLINED


def question_text(preview: Preview, gate: Callable[[str], str]) -> str:
    """What the person reads in the chat: the question, then a line for each change, values as JSON: a text that holds
    lines or arrows of its own stays within its quotes. All of it passes the gate."""
    lines = [preview.question.text]
    for change in preview.body.get("changes", [])[:10]:
        before, after = (compact(through(change.get(when), gate)) for when in ("before", "after"))
        lines.append(f"{_one_line(str(change.get('field')), gate)}: {before} → {after}")
    return "\n".join([_one_line(lines[0], gate), *lines[1:]])


def _one_line(text: str, gate: Callable[[str], str]) -> str:
    return " ".join(gate(text).split())


def context_may_ask(context: AnyContext) -> bool:
    return may_ask(context.client_capabilities, context.protocol_version, can_send=context.session.can_send_request)
