"""The server as a team shares it: each request sees the desk of who makes it."""

from typing import Any

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, GetPromptResult, InputRequiredResult
from mcp.types import Prompt as McpPrompt
from typing_extensions import override

from eventdesk_server.binding import EventdeskServer, no_prompt, refused
from eventdesk_server.prompting import offered_prompts
from eventdesk_server.web.views import Views
from eventdesk_tools.desk import Desk
from eventdesk_tools.errors import RateLimited


class TeamServer(EventdeskServer):
    """`EventdeskServer` for many: `desk` is that of the present request's identity."""

    views: Views | None = None

    @override
    def present(self) -> Desk:
        return self._desk if self.views is None else self.views.present()

    @override
    async def list_prompts(self) -> list[McpPrompt]:
        offered = offered_prompts(self.desk)
        return [prompt for prompt in await super().list_prompts() if prompt.name in offered]

    @override
    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        if name not in offered_prompts(self.desk):
            raise no_prompt(name)
        return await super().get_prompt(name, arguments, context)

    @override
    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            if self.views is not None:
                self.views.spend()
        except RateLimited as exc:
            return refused(exc)
        return await super().call_tool(name, arguments, context)
