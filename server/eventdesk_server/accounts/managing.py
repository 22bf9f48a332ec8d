"""`eventdesk accounts list`, `test` and `remove`."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio

from eventdesk_server import keyrings
from eventdesk_server.accounts.answering import kept_at
from eventdesk_server.accounts.checks import check_accounts
from eventdesk_server.accounts.keeping import forget
from eventdesk_server.accounts.terminal import NoAnswer, Terminal
from eventdesk_server.accounts.verdicts import Verdict, verdict
from eventdesk_server.journal.listing import entries_in
from eventdesk_server.secret import Secret
from eventdesk_server.settings import AccountSettings, Settings, SettingsError, config_path, load_settings
from eventdesk_server.settings_file import accounts_in, drop_account
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.permissions import Rules
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName

NO_ACCOUNT = "No account is set up, so the sandbox answers. Connect one: eventdesk accounts add"


def show_list(args: argparse.Namespace) -> int:
    """Every account: where its keys are and what the assistant may do with it. Never a key."""
    terminal = Terminal(asks=False)
    settings = load_settings()
    rows = [described(name, account, settings) for name, account in settings.accounts.items()]
    if args.json:
        terminal.say(json.dumps({"accounts": rows}, ensure_ascii=False, indent=2))
    elif not rows:
        terminal.say(NO_ACCOUNT)
    for row in [] if args.json else rows:
        terminal.say(f"{row['name']}  {row['provider']}" + (f"  {row['base_url']}" if row["base_url"] else ""))
        for setting, where in row["keys"].items():
            terminal.say(f"  {setting}: in {where}")
        terminal.say(f"  the assistant may {row['permissions']}")
    return 0


def described(name: str, account: AccountSettings, settings: Settings) -> dict[str, Any]:
    """One account as data, without its keys."""
    values = {setting: getattr(account, setting) for setting in type(account).model_fields}
    return {
        "name": name,
        "provider": PROVIDER_TITLES[ProviderName(values["provider"])],
        "base_url": account.base_url,
        "keys": {setting: value.where for setting, value in values.items() if isinstance(value, Secret)},
        "permissions": _permissions(account, settings),
    }


def _permissions(account: AccountSettings, settings: Settings) -> str:
    may = "read" if account.read_only or settings.read_only else "read and write"
    both = (Rules.of(settings), Rules.of(account))
    return (
        f"{may}, within the rules of the settings (allow, deny, toolsets)" if any(r != Rules() for r in both) else may
    )


def test(args: argparse.Namespace) -> int:
    """Whether one account, or every one, works; 0 when all do."""
    terminal = Terminal(asks=False)
    settings = load_settings()
    accounts = {args.name: _known(args.name, settings)} if args.name else settings.accounts
    found = tested(accounts)
    if args.json:
        terminal.say(json.dumps({"accounts": [one.as_data() for one in found]}, ensure_ascii=False, indent=2))
    elif not found:
        terminal.say(NO_ACCOUNT)
    for one in [] if args.json else found:
        terminal.say(("" if one.ok else "BROKEN: ") + one.as_text())
    return 0 if all(one.ok for one in found) else 1


def tested(accounts: Mapping[str, AccountSettings]) -> list[Verdict]:
    """Each account's verdict, in their order."""
    checked = anyio.run(check_accounts, accounts)
    return [verdict(name, account, checked[name]) for name, account in accounts.items()]


def _known(name: str, settings: Settings) -> AccountSettings:
    if name not in settings.accounts:
        there = f"There are: {', '.join(settings.accounts)}." if settings.accounts else "None is set up."
        raise SettingsError(f"There is no account {name!r}. {there}")
    return settings.accounts[name]


def remove(args: argparse.Namespace) -> int:
    """Take an account out, with its keys; 0 when it is gone."""
    terminal = Terminal(asks=sys.stdin.isatty() and sys.stdout.isatty())
    path = config_path(os.environ)
    table = accounts_in(path).get(args.name)
    if table is None:
        _known(args.name, load_settings())
        raise SettingsError(f"{args.name} comes from variables that begin with EVENTDESK_ACCOUNTS__: remove those.")
    if not args.yes:
        if not terminal.asks:
            terminal.fail(f"Nobody can be asked here: eventdesk accounts remove {args.name} --yes")
            return 1
        terminal.say(f"{args.name} is taken out of {path}, and its keys are removed. Nothing changes at the platform.")
        try:
            agreed = terminal.agrees("Remove it?")
        except NoAnswer:
            agreed = False
        if not agreed:
            terminal.say("Nothing was removed.")
            return 1
    drop_account(path, args.name)
    terminal.say(f"Removed the account {args.name} from {path}.")
    broken = _forget_keys(terminal, path, table)
    terminal.say(_of_the_journal(args.name))
    return 1 if broken else 0


def _forget_keys(terminal: Terminal, path: Path, table: Mapping[str, Any]) -> bool:
    broken = False
    for setting in table:
        try:
            told = forget(path, kept_at(table, setting))
        except (keyrings.KeyringUnusable, OSError) as exc:
            broken = True
            terminal.fail(f"Its {setting} could not be removed from where it is kept: {exc}. Remove it there by hand.")
        else:
            if told:
                terminal.say(told)
    return broken


def _of_the_journal(name: str) -> str:
    """What stays of it: the record of what was sent."""
    kept = "It holds no keys and nothing about people."
    try:
        folder = Path(load_settings().state_folder).expanduser()
        own = [entry for entry in entries_in(folder) if entry["account"] == name]
    except (SettingsError, JournalUnusable):
        return f"What was sent with it stays in the journal for 30 days. {kept}"
    if not own:
        return "The journal holds nothing of it."
    unknown = sum(entry["state"] == "unknown" for entry in own)
    settled = f" {unknown} of them unknown, until you settle them: eventdesk journal list." if unknown else ""
    return f"The journal keeps the record of {len(own)} writes made with it for 30 days.{settled} {kept}"
