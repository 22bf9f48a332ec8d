"""The tools on MCP: listing, calling, asking the person, and turning failures into answers."""

import difflib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.server.apps import client_supports_apps
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.exceptions import MCPError
from mcp.types import (
    CallToolResult,
    ClientCapabilities,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from typing_extensions import override

from eventdesk_server import card
from eventdesk_server.journal.audit import Audit, lines_of
from eventdesk_server.progress import Progress
from eventdesk_tools.answers import Answer, error_body, rendered, through
from eventdesk_tools.catalog import BY_NAME, CATALOG
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import (
    Declined,
    EventdeskError,
    InvalidArguments,
    OutcomeUnknown,
    ProviderUnavailable,
    ReadOnly,
)
from eventdesk_tools.journal import InputNeeded, Preview, Reply, Verdict
from eventdesk_tools.refs import shown
from eventdesk_tools.spec import ToolSpec
from eventdesk_tools.structured import output_schema, structured
from eventdesk_tools.text import presentable

logger = logging.getLogger("eventdesk")

MODERN = "2026-07-28"
AUTO_DECLINE_SECONDS = 1.0
"""Nobody reads a question and declines it faster: a client did, so only the out-of-band way is left."""
PERSON_SECONDS = 600.0
HOST_KEY = "eventdesk/idempotency-key"
"""In a call's `_meta`: a prefix of one label and a name, as the protocol has it; neither label is one it keeps for itself."""
HOST_KEY_LENGTH = 200
_CONFIRM = "confirm"
_SCHEMA: dict[str, Any] = {
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


def visible_tools(desk: Desk, *, asks: bool) -> list[ToolSpec]:
    """The tools that this desk offers to this client."""
    if desk.problem:
        return [spec for spec in CATALOG if spec.name == "list_accounts"]
    found = [
        spec
        for spec in CATALOG
        if (spec.effect is Effect.READ or not desk.read_only)
        and _offered(desk, spec)
        and not (spec.only_without_asking and asks)
        and (spec.opt_in is None or spec.opt_in(desk))
    ]
    if all(spec.effect is Effect.READ or spec.only_without_asking for spec in found):
        return [spec for spec in found if not spec.only_without_asking]  # nothing is previewed that it could carry out
    return found


def _offered(desk: Desk, spec: ToolSpec) -> bool:
    """Whether some account can do it, and neither its own settings nor those for all switch it off."""
    able = desk.accounts.values() if spec.needs is None else desk.able(spec.needs)
    return any(not desk.refusal(spec.name, account) for account in able)


def published(spec: ToolSpec, *, structured: bool = False, apps: bool = False) -> Tool:
    """A tool as clients are sent it; with its output schema where answers are structured too, with its page for `apps`."""
    hints = spec.hints
    return Tool(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        input_schema=spec.schema,
        output_schema=output_schema(spec) if structured else None,
        annotations=ToolAnnotations(
            read_only_hint=hints["readOnlyHint"],
            destructive_hint=hints["destructiveHint"],
            idempotent_hint=hints["idempotentHint"],
            open_world_hint=hints["openWorldHint"],
        ),
        _meta=card.TOOL_META if apps and spec.name == card.TOOL else None,
    )


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
                    requested_schema=_SCHEMA,
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
    """What the person reads in the chat: the question, then what changes. Every text of it passes the gate."""
    lines = [preview.question.text]
    for change in preview.body.get("changes", [])[:10]:
        lines.append(f"{change.get('field')}: {change.get('before')} → {change.get('after')}")  # noqa: PERF401 - reads better
    return "\n".join(gate(text) for text in lines)


def context_may_ask(context: AnyContext) -> bool:
    return may_ask(context.client_capabilities, context.protocol_version, can_send=context.session.can_send_request)


class EventdeskServer(MCPServer[Any]):
    """The SDK's server with our catalogue: closed schemas, errors that a model can act on, text-only answers."""

    def __init__(
        self,
        desk: Desk,
        outside: Outside,
        audit: Audit | None = None,
        *,
        patience: float = PERSON_SECONDS,
        **options: Any,
    ) -> None:
        super().__init__("eventdesk", extensions=[card.Card()], **options)
        self._audit = audit or Audit(None)
        self.desk = desk
        self._outside = outside
        self._patience = patience
        self._asked: dict[str, float] = {}

    @override
    async def _handle_list_tools(
        self, ctx: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        asks = may_ask(
            ctx.session.client_capabilities, ctx.session.protocol_version, can_send=ctx.session.can_send_request
        )
        apps, structured = client_supports_apps(ctx), self.desk.structured_content
        ours = [published(spec, structured=structured, apps=apps) for spec in visible_tools(self.desk, asks=asks)]
        return ListToolsResult(tools=[*ours, *await super().list_tools()])

    @override
    async def list_tools(self) -> list[Tool]:
        """The tools as a client that cannot ask is sent them."""
        structured = self.desk.structured_content
        ours = [published(spec, structured=structured) for spec in visible_tools(self.desk, asks=False)]
        return [*ours, *await super().list_tools()]

    @override
    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: AnyContext | None = None
    ) -> CallToolResult | InputRequiredResult:
        if self._tool_manager.get_tool(name) is not None:
            return await super().call_tool(name, arguments, context)
        if context is None:
            raise ValueError("a call needs its request's context")
        scope = anyio.CancelScope(deadline=anyio.current_time() + self.desk.answer_within)
        person = Person(context, self._outside, scope, patience=self._patience, asked=self._asked)
        progress = Progress(context.report_progress)
        call = Call(
            desk=self.desk,
            tool=name,
            arguments=arguments,
            confirmer=person,
            tell=progress.tell,
            started=self.desk.runtime.seconds(),
        )
        with scope:
            if "progress_token" not in (context.request_context.meta or {}):
                return await self._called(call, person, context)
            async with progress.alive():
                return await self._called(call, person, context)
        slow = "The call took longer than 25 s"
        if call.sent:
            return _failed(OutcomeUnknown(f"{slow}, and something was sent."), call)
        return _failed(ProviderUnavailable(f"{slow} and sent nothing.", next="Make the same call again."), call)

    async def _called(self, call: Call, person: Person, context: AnyContext) -> CallToolResult | InputRequiredResult:
        name, arguments = call.tool, call.arguments
        outcome = "interrupted"
        person.gate = call.gate()
        try:
            spec = self._spec(name, context)
            args = spec.parse(arguments)
            call.host_key = _host_key(context)
            if context.request_state is not None:
                await self._answered(call, person, context)
            answer: Answer = await spec.handler(call, args)
            outcome = str(answer.data.get("outcome", "answered"))
            return _succeeded(call, answer, apps=client_supports_apps(context))
        except InputNeeded as needed:
            outcome = "asked"
            self._asked = {k: v for k, v in self._asked.items() if anyio.current_time() - v < PERSON_SECONDS}
            ask = ElicitRequest(
                params=ElicitRequestFormParams(
                    message=question_text(needed.preview, call.gate()), requested_schema=_SCHEMA
                )
            )
            return InputRequiredResult(input_requests={_CONFIRM: ask}, request_state=needed.preview.id)
        except EventdeskError as exc:
            logger.info("%s: %s", name, exc.code)
            outcome = exc.code.value
            return _failed(exc, call)
        except Exception:
            logger.exception("%s failed", name)
            if call.sent:
                outcome = "outcome_unknown"
                sent = OutcomeUnknown("Eventdesk failed on this call after something was sent; its log tells more.")
                return _failed(sent, call)
            outcome = "internal"
            return _failed(
                EventdeskError("Eventdesk failed on this call; its log tells more.", next="Tell the person."), call
            )
        finally:
            if name in BY_NAME and BY_NAME[name].effect is not Effect.READ:
                await self._audit.write(lines_of(call, outcome, _client(context)))

    def _spec(self, name: str, context: AnyContext) -> ToolSpec:
        offered = {spec.name: spec for spec in visible_tools(self.desk, asks=context_may_ask(context))}
        spec = offered.get(name)
        if spec is None and name in BY_NAME and BY_NAME[name].effect is not Effect.READ and self.desk.read_only:
            raise ReadOnly("Eventdesk is set to read only.")
        if spec is None:
            if name in BY_NAME and not self.desk.problem:
                for account in (None, *self.desk.accounts.values()):
                    self.desk.permit(name, account)
            near = difflib.get_close_matches(name, list(offered), n=3, cutoff=0.4)
            why = "is switched off here" if name in BY_NAME else "does not exist"
            raise InvalidArguments(
                f"The tool {shown(name)} {why}.", allowed=near or list(offered)[:10], next="Call one of allowed."
            )
        return spec

    async def _answered(self, call: Call, person: Person, context: AnyContext) -> None:
        """Take the reply to a question of an earlier round. The state is the preview's id, sealed by the SDK."""
        preview = await self.desk.journal.preview(context.request_state or "")
        if preview is None:
            raise Declined("The question is no longer open: it was answered already, or ten minutes have passed.")
        seconds = anyio.current_time() - self._asked.pop(preview.id, 0.0)
        verdict = verdict_of((context.input_responses or {}).get(_CONFIRM), seconds)
        if not await self.desk.journal.consume(preview.id):
            raise Declined("The question was answered already.")
        match verdict:
            case Verdict.ACCEPTED:
                call.granted = preview
            case Verdict.OUTSIDE:
                person.only_outside = True
            case _:
                raise Declined("The person did not say yes. Nothing was sent.")


def _host_key(context: AnyContext) -> str:
    """The key that the host gave this call in `_meta`; empty without one.

    Raises:
        InvalidArguments: It is no short text.
    """
    given = (context.request_context.meta or {}).get(HOST_KEY)
    if given is None:
        return ""
    if not isinstance(given, str) or not 0 < len(given) <= HOST_KEY_LENGTH:
        raise InvalidArguments(f"{HOST_KEY} in _meta must be a text of 1 to {HOST_KEY_LENGTH} characters.")
    return given


def _client(context: AnyContext) -> str:
    """What the client calls itself."""
    params = context.session.client_params
    return params.client_info.name if params is not None else ""


def _succeeded(call: Call, answer: Answer, *, apps: bool) -> CallToolResult:
    data = dict(answer.data)
    shown = dict(answer.card or {}) if apps else {}
    if call.sandbox:
        data["sandbox"] = True
    text, failed = rendered(data, call.gate()), "error" in data
    if shown and call.sandbox:
        shown["sandbox"] = True
    return CallToolResult(
        _meta={card.DATA: through(shown, call.gate())} if shown else None,
        content=[TextContent(type="text", text=text)],
        structured_content=structured(json.loads(text)) if call.desk.structured_content and not failed else None,
        is_error=failed,
    )


def _failed(error: EventdeskError, call: Call) -> CallToolResult:
    body: dict[str, Any] = dict(error_body(error))
    if call.sandbox:
        body["sandbox"] = True
    return CallToolResult(content=[TextContent(type="text", text=rendered(body, call.gate()))], is_error=True)


def tools_json(desk: Desk) -> str:
    """The tool list as it is sent to a client that cannot ask, for people."""
    tools = [
        published(spec, structured=desk.structured_content).model_dump(by_alias=True, exclude_none=True)
        for spec in visible_tools(desk, asks=False)
    ]
    return json.dumps({"tools": tools}, ensure_ascii=False, indent=2)


def arguments_of(text: str) -> Mapping[str, Any]:
    """A call's arguments as typed on the command line.

    Raises:
        InvalidArguments: They are not a JSON object.
    """
    try:
        given = json.loads(text or "{}")
    except ValueError as exc:
        raise InvalidArguments(f"The arguments are not JSON: {exc}.") from exc
    if not isinstance(given, dict):
        raise InvalidArguments("The arguments must be a JSON object.")
    return given  # pyright: ignore[reportUnknownVariableType]
