"""Prompts on MCP: what a person picks from the chat app's menu."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.prompts.base import Message, PromptArgument
from mcp.server.mcpserver.prompts.base import Prompt as McpPrompt
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, InputRequiredResult
from typing_extensions import override

from eventdesk_prompts import DAYS, Prompt, load
from eventdesk_server.binding import EventdeskServer, visible_tools
from eventdesk_server.completions import picked
from eventdesk_tools.desk import Desk
from eventdesk_tools.refs import shown
from eventdesk_tools.text import line
from eventdesk_tools.times import zone_of

VALUE_MOST = 300


def add_prompts(server: EventdeskServer) -> None:
    """Offer the prompts whose tools this desk offers."""
    for name in offered_prompts(server.desk):
        server.add_prompt(_published(server, load()[name]))


def offered_prompts(desk: Desk) -> list[str]:
    """The prompts whose tools this desk offers."""
    tools = {spec.name for spec in visible_tools(desk, asks=True)}
    return [prompt.name for prompt in load().values() if prompt.tools <= tools]


class _Checked(McpPrompt):
    """A prompt whose bad arguments are told. The SDK answers an internal error that says nothing."""

    @override
    async def render(
        self, arguments: dict[str, Any] | None, context: Context[Any, Any]
    ) -> list[Message] | InputRequiredResult:
        known = {argument.name: argument.required for argument in self.arguments or ()}
        given = {name for name, value in (arguments or {}).items() if str(value).strip()}
        for name in sorted(given - known.keys()):
            raise MCPError(INVALID_PARAMS, f"{self.name} has no argument {shown(name)}; it takes: {', '.join(known)}.")
        for name in (name for name, required in known.items() if required and name not in given):
            raise MCPError(INVALID_PARAMS, f"{self.name} needs the argument {name}.")
        return await super().render(arguments, context)


def _published(server: EventdeskServer, prompt: Prompt) -> McpPrompt:
    def fill(**given: str) -> str:
        return prompt.text({**days(server.desk), **values(given)})

    return _Checked(
        name=prompt.name,
        title=prompt.title,
        description=prompt.description,
        arguments=[
            PromptArgument(name=argument.name, description=argument.description, required=argument.required)
            for argument in prompt.arguments
        ],
        fn=fill,
        icons=None,
        context_kwarg=None,
    )


def values(given: Mapping[str, str]) -> dict[str, str]:
    """What the person gave, each on one line; of a proposed event only its ref."""
    return {name: line(picked(value).replace('"', "'"), VALUE_MOST) for name, value in given.items()}


def days(desk: Desk) -> dict[str, str]:
    """The days that prompts may name, in the zone of the first account that has one."""
    zone = next((account.zone for account in desk.accounts.values() if account.zone), "UTC")
    today = desk.now().astimezone(zone_of(zone)).date()
    return {name: (today + timedelta(days=by)).isoformat() for name, by in DAYS.items()}
