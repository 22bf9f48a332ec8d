"""`export_list`: every row of a list into a file, past the model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from eventdesk_tools.answers import Answer, without_empty
from eventdesk_tools.catalog import list_attendees, list_events, list_sales, list_sessions
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.files import write_table
from eventdesk_tools.privacy import EVERYTHING
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.whole import whole_list

_SPECS: Mapping[str, ToolSpec] = {
    "attendees": list_attendees.TOOL, "sales": list_sales.TOOL, "sessions": list_sessions.TOOL, "events": list_events.TOOL,
}  # fmt: skip


class ExportListArgs(ToolArgs):
    """Arguments of `export_list`."""

    list: Literal["attendees", "sales", "sessions", "events"]
    event: Annotated[str, Field(max_length=300)] = ""
    account: Annotated[str, Field(max_length=64)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""
    status: Annotated[str, Field(max_length=20)] = ""
    fields: Annotated[tuple[str, ...], Field(max_length=20)] = ()


async def export_list(call: Call, args: ExportListArgs) -> Answer:
    """Write a whole list to a CSV file in the export folder."""
    spec = _SPECS[args.list]
    call.desk.permit(spec.name)
    call.through = (spec.name,)
    given: dict[str, Any] = {
        name: getattr(args, name)
        for name in ("event", "account", "occurrence", "status", "fields")
        if getattr(args, name)
    }
    given["fields"] = list(given.get("fields", ()))
    unknown = [name for name in given if name not in spec.args.model_fields]
    if unknown:
        raise InvalidArguments(f"{args.list} takes no {unknown[0]}.", field=unknown[0])
    if args.list == "events":
        given["when"] = "all"
    # The file goes to the person, not to the model.
    columns, rows = await whole_list(replace(call, desk=replace(call.desk, people=EVERYTHING)), spec, given)
    path = write_table(call.desk.export_folder, args.list, columns, rows, call.desk.now())
    return Answer(
        without_empty({"path": str(path), "rows": len(rows), "columns": columns, "notes": call.notes.as_list()})
    )


TOOL = ToolSpec(
    title="Export list", args=ExportListArgs, handler=export_list, effect=Effect.READ, needs=None, open_world=True
)
