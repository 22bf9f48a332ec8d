"""What the official conformance suite calls by name, registered on our own server object. Only the tests have it.

Texts, names and shapes are those that the suite's scenarios describe. Everything else (eras, headers, sealed state,
errors, listing, dispatch) is Eventdesk's own server as it ships.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import Message, UserMessage
from mcp.shared.exceptions import MCPError
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CallToolResult,
    ClientCapabilities,
    Completion,
    CompletionArgument,
    CompletionContext,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    LoggingMessageNotification,
    LoggingMessageNotificationParams,
    MissingRequiredClientCapabilityErrorData,
    PromptReference,
    ResourceTemplateReference,
    SamplingCapability,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)

AnyServer = MCPServer[Any]
AnyContext = Context[Any, Any]
Asked = CallToolResult | InputRequiredResult

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV = base64.b64encode(
    b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0\x80>\0\0\x02\0\x10\0data\0\0\0\0"
).decode()
_PAUSE = 0.05


def add_fixtures(server: AnyServer) -> None:
    """Register everything."""
    _add_contents(server)
    _add_notifications(server)
    _add_questions_of_2025(server)
    _add_questions_of_2026(server)
    _add_resources(server)
    _add_prompts(server)
    _add_methods(server)


def _said(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


def _embedded(uri: str, text: str, mime_type: str = "text/plain") -> EmbeddedResource:
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=mime_type, text=text))


def _image() -> ImageContent:
    return ImageContent(type="image", data=PNG, mime_type="image/png")


def _add_contents(server: AnyServer) -> None:
    @server.tool(description="Answers with a text.")
    def test_simple_text() -> CallToolResult:
        return _said("This is a simple text response for testing.")

    @server.tool(description="Answers with an image.")
    def test_image_content() -> CallToolResult:
        return CallToolResult(content=[_image()])

    @server.tool(description="Answers with a sound.")
    def test_audio_content() -> CallToolResult:
        return CallToolResult(content=[AudioContent(type="audio", data=WAV, mime_type="audio/wav")])

    @server.tool(description="Answers with a resource.")
    def test_embedded_resource() -> CallToolResult:
        return CallToolResult(content=[_embedded("test://embedded-resource", "This is an embedded resource content.")])

    @server.tool(description="Answers with a text, an image and a resource.")
    def test_multiple_content_types() -> CallToolResult:
        mixed = _embedded("test://mixed-content-resource", '{"test":"data","value":123}', "application/json")
        return CallToolResult(content=[TextContent(type="text", text="Multiple content types test:"), _image(), mixed])

    @server.tool(description="Fails.")
    def test_error_handling() -> CallToolResult:
        raise ToolError("This tool intentionally returns an error for testing")


def _add_notifications(server: AnyServer) -> None:
    @server.tool(description="Logs three times.")
    async def test_tool_with_logging(ctx: AnyContext) -> CallToolResult:
        for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
            note = LoggingMessageNotificationParams(level="info", data=text)
            await ctx.session.send_notification(LoggingMessageNotification(params=note), ctx.request_id)
            await anyio.sleep(_PAUSE)
        return _said("Logged three times.")

    @server.tool(description="Logs only to a client that asked for it in this request, and none of 2026 here does.")
    async def test_logging_tool() -> CallToolResult:
        return _said("Nothing was logged.")

    @server.tool(description="Reports progress three times.")
    async def test_tool_with_progress(ctx: AnyContext) -> CallToolResult:
        for done in (0, 50, 100):
            await ctx.report_progress(done, 100)
            await anyio.sleep(_PAUSE)
        return _said("Progressed.")

    @server.tool(description="Needs a client that samples.")
    async def test_missing_capability(ctx: AnyContext) -> CallToolResult:
        if ctx.client_capabilities is None or ctx.client_capabilities.sampling is None:
            needed = MissingRequiredClientCapabilityErrorData(
                required_capabilities=ClientCapabilities(sampling=SamplingCapability())
            )
            data = needed.model_dump(by_alias=True, mode="json", exclude_none=True)
            raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "The client does not sample.", data)
        return _said("The client samples.")

    @server.tool(description="Asks on the stream of its own answer.")
    async def test_streaming_elicitation(ctx: AnyContext) -> Asked:
        await ctx.report_progress(1, 2)
        return _answered(ctx, "user_name") or InputRequiredResult(
            input_requests={"user_name": _form("Your name?", name="string")}
        )


def _add_questions_of_2025(server: AnyServer) -> None:
    """Questions as requests of their own, which the suite answers while the call waits."""

    @server.tool(description="Lets the client's model answer a prompt.")
    async def test_sampling(prompt: str, ctx: AnyContext) -> CallToolResult:
        answer = await ctx.session.send_request(_sample(prompt, 100), CreateMessageResult)
        text = answer.content.text if isinstance(answer.content, TextContent) else answer.content.type
        return _said(f"LLM response: {text}")

    async def ask(ctx: AnyContext, message: str, schema: dict[str, Any]) -> str:
        answer = await ctx.session.elicit_form(message, schema, ctx.request_id)
        return f"action={answer.action}, content={json.dumps(answer.content)}"

    @server.tool(description="Asks the person something.")
    async def test_elicitation(message: str, ctx: AnyContext) -> CallToolResult:
        fields = {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        }
        return _said(f"User response: {await ask(ctx, message, _object(fields))}")

    @server.tool(description="Asks with a default for each kind of field.")
    async def test_elicitation_sep1034_defaults(ctx: AnyContext) -> CallToolResult:
        fields = {
            "name": {"type": "string", "default": "John Doe"},
            "age": {"type": "integer", "default": 30},
            "score": {"type": "number", "default": 95.5},
            "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
            "verified": {"type": "boolean", "default": True},
        }
        return _said(f"Elicitation completed: {await ask(ctx, 'Look at the defaults.', _object(fields, []))}")

    @server.tool(description="Asks with each kind of choice.")
    async def test_elicitation_sep1330_enums(ctx: AnyContext) -> CallToolResult:
        options = ["option1", "option2", "option3"]
        titled = [
            {"const": "value1", "title": "First Option"},
            {"const": "value2", "title": "Second Option"},
            {"const": "value3", "title": "Third Option"},
        ]
        names = ["Option One", "Option Two", "Option Three"]
        fields = {
            "untitledSingle": {"type": "string", "enum": options},
            "titledSingle": {"type": "string", "oneOf": titled},
            "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": names},
            "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
            "titledMulti": {"type": "array", "items": {"anyOf": titled}},
        }
        return _said(f"Elicitation completed: {await ask(ctx, 'Choose.', _object(fields, []))}")


def _add_questions_of_2026(server: AnyServer) -> None:
    """Questions as results, answered in the next round."""

    @server.tool(description="Asks for a name.")
    async def test_input_required_result_elicitation(ctx: AnyContext) -> Asked:
        return _answered(ctx, "user_name") or InputRequiredResult(
            input_requests={"user_name": _form("What is your name?", name="string")}
        )

    @server.tool(description="Asks the client's model.")
    async def test_input_required_result_sampling(ctx: AnyContext) -> Asked:
        return _answered(ctx, "capital_question") or InputRequiredResult(
            input_requests={"capital_question": _sample("What is the capital of France?", 100)}
        )

    @server.tool(description="Asks for the client's roots.")
    async def test_input_required_result_list_roots(ctx: AnyContext) -> Asked:
        return _answered(ctx, "client_roots") or InputRequiredResult(
            input_requests={"client_roots": ListRootsRequest()}
        )

    @server.tool(description="Asks, and gets its state back.")
    async def test_input_required_result_request_state(ctx: AnyContext) -> Asked:
        if ctx.request_state == "waits-for-confirm" and _answered(ctx, "confirm"):
            return _said("state-ok")
        return InputRequiredResult(
            input_requests={"confirm": _form("Please confirm", ok="boolean")}, request_state="waits-for-confirm"
        )

    @server.tool(description="Asks three things at once.")
    async def test_input_required_result_multiple_inputs(ctx: AnyContext) -> Asked:
        keys = ("user_name", "greeting", "client_roots")
        if ctx.request_state == "waits-for-three" and all(_answered(ctx, key) for key in keys):
            return _said("All three were answered.")
        questions: dict[str, InputRequest] = {
            "user_name": _form("What is your name?", name="string"),
            "greeting": _sample("Generate a greeting", 50),
            "client_roots": ListRootsRequest(),
        }
        return InputRequiredResult(input_requests=questions, request_state="waits-for-three")

    @server.tool(description="Asks twice, one after the other.")
    async def test_input_required_result_multi_round(ctx: AnyContext) -> Asked:
        if ctx.request_state == "second" and _answered(ctx, "step2"):
            return _said("Both steps were answered.")
        if ctx.request_state == "first" and _answered(ctx, "step1"):
            color = _form("Step 2: What is your favorite color?", color="string")
            return InputRequiredResult(input_requests={"step2": color}, request_state="second")
        name = _form("Step 1: What is your name?", name="string")
        return InputRequiredResult(input_requests={"step1": name}, request_state="first")

    @server.tool(description="Asks; its state is sealed by the server, like that of every question.")
    async def test_input_required_result_tampered_state(ctx: AnyContext) -> Asked:
        if ctx.request_state == "sealed" and _answered(ctx, "confirm"):
            return _said("The state is as it was.")
        return InputRequiredResult(
            input_requests={"confirm": _form("Please confirm", ok="boolean")}, request_state="sealed"
        )

    @server.tool(description="Asks only what the client said it can answer.")
    async def test_input_required_result_capabilities(ctx: AnyContext) -> Asked:
        can = ctx.client_capabilities or ClientCapabilities()
        questions: dict[str, InputRequest] = {}
        if can.sampling is not None:
            questions["greeting"] = _sample("Generate a greeting", 50)
        if can.elicitation is not None:
            questions["user_name"] = _form("What is your name?", name="string")
        return InputRequiredResult(input_requests=questions) if questions else _said("There is nothing to ask.")


def _add_resources(server: AnyServer) -> None:
    @server.resource("test://static-text", name="static-text", description="A text.", mime_type="text/plain")
    def static_text() -> str:
        return "This is the content of the static text resource."

    @server.resource("test://static-binary", name="static-binary", description="An image.", mime_type="image/png")
    def static_binary() -> bytes:
        return base64.b64decode(PNG)

    @server.resource("test://watched-resource", name="watched", description="One that is subscribed to.")
    def watched() -> str:
        return "Nothing changes here."

    @server.resource("test://template/{id}/data", name="template", description="By id.", mime_type="application/json")
    def template(id: str) -> str:  # noqa: A002 - the scenario's name for it
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})

    del static_text, static_binary, watched, template


def _add_prompts(server: AnyServer) -> None:
    @server.prompt(description="A prompt without arguments.")
    def test_simple_prompt() -> str:
        return "This is a simple prompt for testing."

    @server.prompt(description="A prompt with two arguments.")
    def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @server.prompt(description="A prompt with a resource in it.")
    def test_prompt_with_embedded_resource(resourceUri: str) -> list[Message]:  # noqa: N803 - the scenario's name for it
        return [
            UserMessage(_embedded(resourceUri, "Embedded resource content for testing.")),
            UserMessage("Please process the embedded resource above."),
        ]

    @server.prompt(description="A prompt with an image in it.")
    def test_prompt_with_image() -> list[Message]:
        return [UserMessage(_image()), UserMessage("Please analyze the image above.")]

    @server.prompt(description="A prompt that asks first.")
    async def test_input_required_result_prompt(ctx: AnyContext) -> str | InputRequiredResult:
        answer = (ctx.input_responses or {}).get("user_context")
        if isinstance(answer, ElicitResult):
            return f"Use this context: {(answer.content or {}).get('context')}"
        question = _form("What context should the prompt use?", context="string")
        return InputRequiredResult(input_requests={"user_context": question})

    del test_simple_prompt, test_prompt_with_arguments, test_prompt_with_embedded_resource
    del test_prompt_with_image, test_input_required_result_prompt


def _add_methods(server: AnyServer) -> None:
    @server.completion()
    async def complete(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        return Completion(values=[word for word in ("paris", "park", "party") if word.startswith(argument.value)])

    async def done(_: ServerRequestContext[Any], __: object) -> EmptyResult:
        return EmptyResult()

    low = server._lowlevel_server  # pyright: ignore[reportPrivateUsage]  # MCPServer registers no methods of 2025
    low.add_request_handler("logging/setLevel", SetLevelRequestParams, done)
    low.add_request_handler("resources/subscribe", SubscribeRequestParams, done)
    low.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, done)


def _object(fields: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": dict(fields), "required": list(fields) if required is None else required}


def _form(message: str, **fields: str) -> ElicitRequest:
    schema = _object({name: {"type": kind} for name, kind in fields.items()})
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(prompt: str, tokens: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=tokens))


def _answered(ctx: AnyContext, key: str) -> CallToolResult | None:
    """What to say to an answer, if it came."""
    answer = (ctx.input_responses or {}).get(key)
    match answer:
        case ElicitResult(action="accept"):
            values = ", ".join(str(value) for value in (answer.content or {}).values())
            return _said(f"Hello, {values}!")
        case CreateMessageResult():
            text = answer.content.text if isinstance(answer.content, TextContent) else answer.content.type
            return _said(f"The model says: {text}")
        case ListRootsResult():
            return _said(f"Roots: {', '.join(str(root.uri) for root in answer.roots)}")
        case _:
            return None
