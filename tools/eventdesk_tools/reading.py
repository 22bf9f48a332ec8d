"""Reading several accounts at once: concurrently, each kept for a minute, one failing account a note."""

from collections.abc import Sequence

from eventdesk_tools.desk import Account, Call
from eventdesk_tools.errors import EventdeskError, ListIncomplete, ProviderUnavailable
from eventdesk_tools.models import Event, EventQuery

MARGIN = 2.0
"""Seconds kept for making the answer of what was read."""

Read = tuple[Account, list[Event], EventdeskError | None]


async def read_events(call: Call, accounts: Sequence[Account], query: EventQuery) -> list[Read]:
    """Each account's events, with the failure that cut them short, if one did. Never raises an account's failure."""
    found: dict[str, Read] = {}
    key = (query.when, query.since, query.until)

    async def one(account: Account) -> None:
        now = call.desk.runtime.seconds()
        held = call.desk.events.get(account.name, key, now)
        if held is not None:
            found[account.name] = (account, held, None)
            return
        events: list[Event] = []
        failure: EventdeskError | None = None
        async with call.desk.runtime.within(max(call.seconds_left - MARGIN, 0.1)) as limit:
            try:
                async for event in account.provider.list_events(query):
                    events.append(event)  # noqa: PERF401 - what was read counts when the time is up
            except EventdeskError as exc:
                failure = exc
        if limit.expired:
            failure = (
                ListIncomplete(
                    f"{account.title} was not read whole in time: {len(events)} events so far.",
                    next=f"Call list_events with account={account.name}.",
                )
                if events
                else ProviderUnavailable(f"{account.title} did not answer in time.")
            )
        if failure is None:
            call.desk.events.put(account.name, key, now, events)
        found[account.name] = (account, events, failure)
        await call.tell(len(found), len(accounts), f"{len(found)} of {len(accounts)} accounts")

    def job(account: Account):
        async def run() -> None:
            await one(account)

        return run

    await call.desk.runtime.together([job(account) for account in accounts])
    return [found[account.name] for account in accounts]
