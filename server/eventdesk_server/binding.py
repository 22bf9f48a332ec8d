"""The tools on MCP: listing, calling, asking the person, and turning failures into answers."""

import difflib
import json
import logging
from collections.abc import Callable
from typing import Any

import anyio
from mcp.server.apps import client_supports_apps
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    GetPromptResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from typing_extensions import override

from eventdesk_server import card
from eventdesk_server.asking import (
    PERSON_SECONDS,
    SCHEMA,
    AnyContext,
    Outside,
    Person,
    context_may_ask,
    may_ask,
    question_text,
    verdict_of,
)
from eventdesk_server.journal.audit import Audit, lines_of
from eventdesk_server.progress import Progress
from eventdesk_tools.answers import Answer, error_body, rendered, through
from eventdesk_tools.catalog import BY_NAME, CATALOG
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.earlier import earlier_of, most_writes, with_earlier
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import (
    Declined,
    EventdeskError,
    InvalidArguments,
    OutcomeUnknown,
    ProviderUnavailable,
    ReadOnly,
)
from eventdesk_tools.journal import InputNeeded, Verdict
from eventdesk_tools.refs import shown
from eventdesk_tools.spec import ToolSpec
from eventdesk_tools.structured import output_schema, structured
from eventdesk_tools.text import presentable

logger = logging.getLogger("eventdesk")

HOST_KEY = "eventdesk/idempotency-key"
"""In a call's `_meta`: a prefix of one label and a name, as the protocol has it; neither label is one it keeps for itself."""
HOST_KEY_LENGTH = 200
_CONFIRM = "confirm"


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
        self._desk = desk
        self._outside = outside
        self._patience = patience
        self._asked: dict[str, float] = {}

    @property
    def desk(self) -> Desk:
        """The desk that the present request may use."""
        return self.present()

    @desk.setter
    def desk(self, desk: Desk) -> None:
        self._desk = desk

    def present(self) -> Desk:
        """See `desk`; for a server that several people share to say whose it is."""
        return self._desk

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
    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: AnyContext | None = None
    ) -> GetPromptResult | InputRequiredResult:
        if self._prompt_manager.get_prompt(name) is None:
            raise no_prompt(name)
        return await super().get_prompt(name, arguments, context)

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

        async def report(done: float, total: float | None, message: str | None) -> None:
            await context.report_progress(done, total, call.gate()(message) if message else message)

        progress = Progress(report)
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
        late = ProviderUnavailable(f"{slow} and sent nothing.", next="Make the same call again.")
        return _failed(await _known(late, call), call)

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
                    message=question_text(needed.preview, call.gate()), requested_schema=SCHEMA
                )
            )
            return InputRequiredResult(input_requests={_CONFIRM: ask}, request_state=needed.preview.id)
        except EventdeskError as exc:
            logger.info("%s: %s", name, exc.code)
            told = await _known(exc, call)
            outcome = told.code.value
            return _failed(told, call)
        except Exception:
            logger.exception("%s failed", name)
            if call.sent:
                outcome = "outcome_unknown"
                sent = OutcomeUnknown("Eventdesk failed on this call after something was sent; its log tells more.")
                return _failed(sent, call)
            outcome = "internal"
            failed = EventdeskError("Eventdesk failed on this call; its log tells more.", next="Tell the person.")
            return _failed(await _known(failed, call), call)
        finally:
            if name in BY_NAME and BY_NAME[name].effect is not Effect.READ:
                await self._audit.write(lines_of(call, outcome, call.desk.subject or _client(context)))

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
        if preview is None or preview.owner != self.desk.subject:
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


def no_prompt(name: str) -> MCPError:
    """The SDK would answer an internal error."""
    return MCPError(INVALID_PARAMS, f"There is no prompt {shown(name)} here.")


async def _known(error: EventdeskError, call: Call) -> EventdeskError:
    """A call's failure; where it was to write, with what is known of the same call, made before."""
    spec = BY_NAME.get(call.tool)
    if spec is None or spec.effect is Effect.READ:
        return error
    return with_earlier(call, error, await earlier_of(call), one_of=most_writes(call))


def _failed(error: EventdeskError, call: Call) -> CallToolResult:
    return refused(error, call.gate(), sandbox=call.sandbox)


def refused(
    error: EventdeskError, gate: Callable[[str], str] = presentable, *, sandbox: bool = False
) -> CallToolResult:
    """A failure as a tool's answer."""
    body: dict[str, Any] = {**error_body(error), **({"sandbox": True} if sandbox else {})}
    return CallToolResult(content=[TextContent(type="text", text=rendered(body, gate))], is_error=True)


def tools_json(desk: Desk) -> str:
    """The tool list as it is sent to a client that cannot ask, for people."""
    tools = [
        published(spec, structured=desk.structured_content).model_dump(by_alias=True, exclude_none=True)
        for spec in visible_tools(desk, asks=False)
    ]
    return json.dumps({"tools": tools}, ensure_ascii=False, indent=2)
