"""`list_accounts`: which logins there are, whether they work, and what each cannot do."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import Answer, table, without_empty
from eventdesk_tools.checking import Checked, check_all
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import AccountFacts, Json
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.text import line

_WORDS = {Mode.EMULATED: "emulated", Mode.HAND_OFF: "hand-off", Mode.UNSUPPORTED: "no"}


class ListAccountsArgs(ToolArgs):
    """Arguments of `list_accounts`."""

    account: Annotated[str, Field(max_length=64)] = ""


async def list_accounts(call: Call, args: ListAccountsArgs) -> Answer:
    """List the accounts: platform, zone, whether the key works, what is not native."""
    if call.desk.problem:
        return Answer(
            {
                "error": {
                    "code": "internal",
                    "message": call.desk.problem,
                    "next": "Tell the person to mend Eventdesk's settings and restart it.",
                }
            }
        )
    accounts = call.accounts(args.account)
    facts = await check_all(call.desk.runtime, {account.name: account.provider.check for account in accounts})
    for account in accounts:
        call.use(account)
    rows = [_row(call, account, facts[account.name], alone=bool(args.account)) for account in accounts]
    columns = ["account", "provider", "mode", "zone", "health", "calendars", "packages", "not_native"]
    used = [i for i in range(len(columns)) if i < 5 or any(row[i] for row in rows)]
    extra = without_empty({"total": len(accounts), "notes": call.notes.as_list()})
    data, _ = table([columns[i] for i in used], [[row[i] or None for i in used] for row in rows], extra=extra)
    return Answer({**data, **extra})


def _row(call: Call, account: Account, facts: Checked, *, alone: bool) -> list[Json]:
    mode = "sandbox" if account.sandbox else "live"
    if account.read_only or call.desk.read_only:
        mode += ", read only"
    health, calendars, packages = "ok", "", ""
    match facts:
        case AccountFacts():
            most = 40 if alone else 6
            calendars, packages = _some(facts.calendars, most), _some(facts.packages, most)
            call.notes.extend(f"{account.name}: {line(note, 200)}" for note in facts.notes)
        case EventdeskError():
            health = f"{facts.code.value}: {facts.message}"
            call.notes.add(f"{account.name}: {facts.next}")
        case None:
            health = "no answer within 5 s"
    return [
        account.name,
        account.provider.name.value,
        mode,
        account.zone,
        health,
        calendars,
        packages,
        not_native(account, alone, lambda tool: bool(call.desk.refusal(tool, account))),
    ]


def not_native(account: Account, alone: bool, is_off: Callable[[str], bool] = lambda _: False) -> str:
    """What the account does not do natively or is switched off, each with the mode; alone, also how or why."""
    parts: list[str] = []
    for capability in Capability:
        cell = account.provider.cell(capability)
        if is_off(capability.value):
            parts.append(f"{capability.value}: off")
        elif cell.mode is not Mode.NATIVE:
            parts.append(f"{capability.value}: {_WORDS[cell.mode]}" + (f" ({cell.how})" if alone and cell.how else ""))
    return "; ".join(parts)


def _some(names: tuple[str, ...], most: int) -> str:
    shown = ", ".join(line(name, 80) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


TOOL = ToolSpec(title="List accounts", args=ListAccountsArgs, handler=list_accounts, effect=Effect.READ)
