"""`call_write_operation`: any writing endpoint of a platform, by name, under the same guards as the tools. Off by default."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from eventdesk_tools.answers import BUDGET, Answer
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.effects import Effect
from eventdesk_tools.operation_names import name_operation
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.trimming import trimmed
from eventdesk_tools.writes import write

ANSWER_BUDGET = BUDGET - 1_500
"""For the platform's own answer, beside what the write says itself."""


class CallWriteOperationArgs(ToolArgs):
    """Arguments of `call_write_operation`."""

    operation: Annotated[str, Field(max_length=100)]
    account: Annotated[str, Field(max_length=64)] = ""
    arguments: dict[str, Any] = {}
    dry_run: bool = False


async def call_write_operation(call: Call, args: CallWriteOperationArgs) -> Answer:
    """Call a writing operation of find_operations, where no other tool does it. What removes, changes, costs or mails is asked."""
    account, name, arguments = name_operation(call, args.operation, args.account, args.arguments)
    if not args.dry_run:
        call.desk.writable(account)
    plan = await account.provider.plan_operation(name, arguments)
    answer = await write(call, account, plan, dry_run=args.dry_run)
    if "answer" not in answer.data:
        return answer
    # What a write answers is the record that it made or changed, whoever that is about.
    raw = call.desk.people.raw(answer.data["answer"], people=True)
    shown = trimmed(raw, budget=ANSWER_BUDGET)
    notes = [*answer.data.get("notes", []), *shown.notes, *([f"Shown: {shown.part}."] if shown.part else [])]
    return replace(answer, data={**answer.data, "answer": shown.value, **({"notes": notes} if notes else {})})


def _listed(desk: Desk) -> bool:
    """Only where the settings switch it on, and some account has a writing operation."""
    return desk.operations_write and any(
        info.effect is not Effect.READ and not info.withheld
        for account in desk.accounts.values()
        for info in account.provider.operations()
    )


TOOL = ToolSpec(
    title="Call a writing operation",
    args=CallWriteOperationArgs,
    handler=call_write_operation,
    effect=Effect.REMOVE,
    opt_in=_listed,
)
