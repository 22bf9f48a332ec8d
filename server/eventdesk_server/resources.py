"""Resources that a person attaches to a conversation: an event, the list of accounts, what each account can do."""

from collections.abc import Mapping

from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from eventdesk_server.binding import EventdeskServer, visible_tools
from eventdesk_server.looking import look
from eventdesk_tools.desk import Account, Desk
from eventdesk_tools.errors import ErrorCode, EventdeskError
from eventdesk_tools.ports import Capability, Mode

EVENT_URI = "event://{account}/{event}"
ACCOUNTS_URI = "eventdesk://accounts"
CAPABILITIES_URI = "eventdesk://capabilities"
_NONE_SUCH = frozenset({ErrorCode.UNKNOWN_REF, ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENTS})
WORDS: Mapping[Mode, str] = {
    Mode.NATIVE: "native",
    Mode.EMULATED: "emulated",
    Mode.HAND_OFF: "hand-off",
    Mode.UNSUPPORTED: "–",
}
"""How a cell of the matrix reads."""


def add_resources(server: EventdeskServer) -> None:
    """Offer the resources whose tools this desk offers."""
    offered = {spec.name for spec in visible_tools(server.desk, asks=False)}

    async def accounts() -> str:
        return await _read(server.desk, "list_accounts", {})

    async def capabilities() -> str:
        return matrix(server.desk)

    async def event(account: str, event: str) -> str:
        return await _read(server.desk, "get_event", {"event": f"{account}:{event}", "include": ["description"]})

    server.resource(
        ACCOUNTS_URI, name="accounts", title="Accounts", description="The accounts, and whether each works",
        mime_type="application/json",
    )(accounts)  # fmt: skip
    server.resource(
        CAPABILITIES_URI, name="capabilities", title="What each account can do",
        description="Tools by account: native, emulated, hand-off or not at all, and how", mime_type="text/markdown",
    )(capabilities)  # fmt: skip
    if "get_event" in offered:
        server.resource(
            EVENT_URI, name="event", title="Event", description="One event: state, dates, place, tickets, description",
            mime_type="application/json",
        )(event)  # fmt: skip


async def _read(desk: Desk, tool: str, arguments: Mapping[str, object]) -> str:
    try:
        return await look(desk, tool, arguments)
    except EventdeskError as exc:
        kind = ResourceNotFoundError if exc.code in _NONE_SUCH else ResourceError
        raise kind(desk.people.told(f"{exc.message} {exc.next}".strip())) from exc


def matrix(desk: Desk) -> str:
    """What each account can do, as a table in Markdown; accounts that can do the same share a column."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for account in desk.accounts.values():
        column = tuple(_cell(desk, account, capability) for capability in Capability)
        alike.setdefault(column, []).append(account.name)
    lines = [
        "# What each account can do",
        "",
        "native: the platform's own call; emulated: by other calls; hand-off: a link for a person, nothing is done; –: refused.",
        "",
        _row("tool", *(", ".join(names) for names in alike.values())),
        "|" + "---|" * (len(alike) + 1),
    ]
    lines += [_row(tool, *(column[at][0] for column in alike)) for at, tool in enumerate(Capability)]
    for column, names in alike.items():
        told = [f"- `{tool}`: {how}" for tool, (_, how) in zip(Capability, column, strict=True) if how]
        if told:
            lines += ["", f"## {', '.join(names)}", "", *told]
    return "\n".join(lines) + "\n"


def _cell(desk: Desk, account: Account, capability: Capability) -> tuple[str, str]:
    """The word of a cell, and how or why."""
    if place := desk.refusal(capability.value, account):
        return "off", f"switched off by `{place}` in the settings"
    cell = account.provider.cell(capability)
    return WORDS[cell.mode], ". ".join(filter(None, (cell.how, cell.instead)))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
