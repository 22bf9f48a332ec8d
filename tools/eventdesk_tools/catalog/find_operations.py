"""`find_operations`: a platform's endpoints that have no tool of their own, searched in plain words."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer, table, without_empty
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.operation_names import full_name, signature
from eventdesk_tools.operations import OperationInfo
from eventdesk_tools.permissions import TOOL_OF_OPERATION, tools_reached
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.searching import Index
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.text import line

MOST = 8
IN_FULL = 3
"""So many of the best also say what each argument is about."""


class FindOperationsArgs(ToolArgs):
    """Arguments of `find_operations`."""

    query: Annotated[str, Field(description="What is to be done, or a name.", max_length=300)]
    account: Annotated[str, Field(max_length=64)] = ""


async def find_operations(call: Call, args: FindOperationsArgs) -> Answer:
    """Search the platforms' operations for what no tool does. `!` marks required arguments."""
    accounts = call.accounts(args.account)
    known: dict[str, tuple[Account, OperationInfo]] = {}
    for account in accounts:
        for info in account.provider.operations():
            if any(call.desk.refusal(tool, account) for tool in tools_reached(account.provider.name.value, info.name)):
                continue
            name = full_name(account, info.name)
            if name not in known or known[name][1].withheld:  # another account of the platform may be offered it
                known[name] = (account, info)
    index = Index({name: (account.title, info) for name, (account, info) in known.items()})
    found = index.search(args.query, MOST)
    for account in accounts if not found else [known[name][0] for name in found]:
        call.use(account)
    withheld = index.withheld(args.query)
    call.notes.extend(f"{name} is not offered: {known[name][1].withheld}." for name in withheld)
    call.notes.extend(_tools([known[name] for name in found[:IN_FULL]]))
    rows = [_row(name, known[name][1], whole=at < IN_FULL) for at, name in enumerate(found)]
    if not rows and not withheld:
        call.notes.add("Nothing fits. Try other words: the thing and what to do with it.")
    writing = any(known[name][1].effect is not Effect.READ for name in found)
    if writing and not call.desk.operations_write:
        call.notes.add("Operations that write are switched off (setting operations_write).")
    extra = without_empty({"notes": call.notes.as_list()})
    data, _ = table(("operation", "effect", "summary", "arguments"), rows, extra=extra)
    return Answer({**data, **extra})


def _tools(found: Sequence[tuple[Account, OperationInfo]]) -> list[str]:
    """The tools that do what the best operations do, where their platform has them."""
    fits = {
        TOOL_OF_OPERATION[info.name]: None
        for account, info in found
        if info.name in TOOL_OF_OPERATION
        and account.provider.cell(Capability(TOOL_OF_OPERATION[info.name])).mode is not Mode.UNSUPPORTED
    }
    return [f"A tool does this with fewer arguments: {', '.join(fits)}."] if fits else []


def _row(name: str, info: OperationInfo, *, whole: bool) -> list[str]:
    costs = f" Costs {info.cost}." if info.cost else ""
    return [name, info.effect.value, line(info.summary + costs, 300), line(signature(info, whole=whole), 1_200)]


TOOL = ToolSpec(
    title="Find operations",
    args=FindOperationsArgs,
    handler=find_operations,
    effect=Effect.READ,
    open_world=False,
)
