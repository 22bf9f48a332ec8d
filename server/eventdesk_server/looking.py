"""Reading tools, called by the server itself: for resources, completions, and whatever else is no call of a client's."""

from collections.abc import Mapping
from typing import Any

import anyio

from eventdesk_tools.answers import rendered
from eventdesk_tools.catalog import BY_NAME
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import ProviderUnavailable
from eventdesk_tools.journal import Preview, Reply, Verdict


class _Nobody:
    """A confirmer without a person. Reading asks nothing."""

    async def ask(self, preview: Preview) -> Reply:  # noqa: ARG002 - the protocol's words
        return Reply(Verdict.DECLINED)


async def _silent(done: float, total: float | None, message: str) -> None:
    """Nobody watches."""


async def look(desk: Desk, tool: str, arguments: Mapping[str, Any], *, within: float | None = None) -> str:
    """What a reading tool answers, as the JSON text that a client would be sent: under the same permissions, past the same gate.

    Args:
        within: Seconds after which it is given up; the desk's own limit if none is given.

    Raises:
        EventdeskError: What the tool raises; ProviderUnavailable when the time is up.
    """
    spec = BY_NAME[tool]
    if spec.effect is not Effect.READ:
        raise ValueError(f"{tool} does not only read")
    seconds = desk.answer_within if within is None else within
    call = Call(
        desk=desk, tool=tool, arguments=arguments, confirmer=_Nobody(), tell=_silent, started=desk.runtime.seconds()
    )
    with anyio.move_on_after(seconds):
        desk.permit(tool)
        answer = await spec.handler(call, spec.parse(arguments))
        data = {**answer.data, **({"sandbox": True} if call.sandbox else {})}
        return rendered(data, call.gate())
    raise ProviderUnavailable(f"It took longer than {seconds:g} s.", next="Try again.")
