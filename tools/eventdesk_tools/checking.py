"""Whether accounts work: all are asked at once, each for a few seconds."""

from collections.abc import Awaitable, Callable, Mapping

from eventdesk_tools.desk import Runtime
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import AccountFacts

CHECK_SECONDS = 5.0

Checked = AccountFacts | EventdeskError | None
"""What an account tells of itself, or why it cannot be used; None: nothing within the time."""


async def check_all(
    runtime: Runtime, checks: Mapping[str, Callable[[], Awaitable[AccountFacts]]]
) -> dict[str, Checked]:
    """The outcome of each check, by the names and in the order given. None takes longer than `CHECK_SECONDS`."""
    outcomes: dict[str, Checked] = dict.fromkeys(checks)

    def job(name: str, check: Callable[[], Awaitable[AccountFacts]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            async with runtime.within(CHECK_SECONDS):
                try:
                    outcomes[name] = await check()
                except EventdeskError as exc:
                    outcomes[name] = exc

        return run

    await runtime.together([job(name, check) for name, check in checks.items()])
    return outcomes
