"""`apply_preview`: carries out exactly what was previewed, in clients that cannot ask a person."""

from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments, PermissionDenied
from eventdesk_tools.spec import ToolArgs, ToolSpec


class ApplyPreviewArgs(ToolArgs):
    """Arguments of `apply_preview`."""

    token: Annotated[str, Field(max_length=100)]


async def apply_preview(call: Call, args: ApplyPreviewArgs) -> Answer:
    """Carry out exactly what a preview showed, after the person agreed. Its token works once, for ten minutes."""
    from eventdesk_tools.catalog import BY_NAME  # noqa: PLC0415 - the list of tools names this module

    preview = await call.desk.journal.preview(args.token.strip())
    if preview is None or preview.owner != call.desk.subject:
        raise InvalidArguments(
            "This token is not valid: it was used already, or ten minutes have passed.",
            field="token",
            next="Repeat the original call for a fresh preview.",
        )
    if preview.question.needs_person:
        raise PermissionDenied(
            "This preview needs a person outside the chat; a token does not do.",
            next="Give the person the link of the preview.",
        )
    call.desk.permit(preview.tool)
    if not await call.desk.journal.consume(preview.id):
        raise InvalidArguments(
            "This token was used already.", field="token", next="Repeat the original call for a fresh preview."
        )
    spec = BY_NAME[preview.tool]
    call.tool, call.arguments, call.granted = preview.tool, preview.arguments, preview
    call.through = ("apply_preview",)
    return await spec.handler(call, spec.parse(preview.arguments))


TOOL = ToolSpec(
    title="Apply preview",
    args=ApplyPreviewArgs,
    handler=apply_preview,
    effect=Effect.CHANGE,
    only_without_asking=True,
)
