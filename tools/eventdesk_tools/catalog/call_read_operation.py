"""`call_read_operation`: any reading endpoint of a platform, by name."""

from typing import Annotated, Any

from pydantic import Field

from eventdesk_tools.answers import Answer, compact, without_empty
from eventdesk_tools.cursors import offset_cursor, read_offset
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.operation_names import full_name, name_operation
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.trimming import trimmed


class CallReadOperationArgs(ToolArgs):
    """Arguments of `call_read_operation`."""

    operation: Annotated[str, Field(max_length=100)]
    account: Annotated[str, Field(max_length=64)] = ""
    arguments: dict[str, Any] = {}
    fields: Annotated[
        list[Annotated[str, Field(max_length=600)]],
        Field(description="Paths to keep, like data[].attributes.name.", max_length=30),
    ] = []
    cursor: Annotated[str, Field(max_length=60)] = ""


async def call_read_operation(call: Call, args: CallReadOperationArgs) -> Answer:
    """Call a reading operation that find_operations lists. Answers the platform's own data, trimmed; notes say what was left out."""
    account, name, arguments = name_operation(call, args.operation, args.account, args.arguments)
    filters = call.filters(account.name, name, compact(dict(sorted(args.arguments.items()))), sorted(args.fields))
    start = read_offset(args.cursor, filters) if args.cursor else 0
    answer = await account.provider.read_operation(name, arguments)
    people = any(info.people for info in account.provider.operations() if info.name == name)
    answer = call.desk.people.raw(answer, people=people)
    shown = trimmed(answer, fields=args.fields, start=start)
    call.notes.extend(shown.notes)
    return Answer(
        without_empty(
            {
                "operation": full_name(account, name),
                "account": account.name,
                "answer": shown.value,
                "part": shown.part,
                "next_cursor": offset_cursor(filters, shown.following) if shown.following is not None else None,
                "notes": call.notes.as_list(),
            }
        )
    )


TOOL = ToolSpec(
    title="Call a reading operation", args=CallReadOperationArgs, handler=call_read_operation, effect=Effect.READ
)
