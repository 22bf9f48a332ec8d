"""`eventdesk accounts add`: what a platform needs is asked for, tried, and only then kept."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio

from eventdesk_server import keyrings
from eventdesk_server.accounts import pasted
from eventdesk_server.accounts.answering import Draft, answer_all, kept_at
from eventdesk_server.accounts.checks import check_accounts
from eventdesk_server.accounts.keeping import Keeper, Store, forget, secrets_folder
from eventdesk_server.accounts.terminal import NoAnswer, Terminal, Unanswered, one_of
from eventdesk_server.accounts.verdicts import verdict
from eventdesk_server.registry import identity_of
from eventdesk_server.settings import ACCOUNT, Settings, SettingsError, config_path, load_settings
from eventdesk_server.settings_file import accounts_in, put_account
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName

_NOTHING = "Nothing was saved."


def add(args: argparse.Namespace) -> int:
    """Add an account, or give one other keys and settings; 0 when it is saved."""
    terminal = Terminal(asks=sys.stdin.isatty() and sys.stdout.isatty() and not args.key_stdin)
    try:
        return _add(args, terminal)
    except (SettingsError, Unanswered) as exc:
        terminal.fail(f"{exc}\n{_NOTHING}")
        return 1
    except NoAnswer:
        terminal.fail(f"\n{_NOTHING}")
        return 1
    except KeyboardInterrupt:
        terminal.fail(f"\n{_NOTHING}")
        return 130


def _add(args: argparse.Namespace, terminal: Terminal) -> int:
    path = config_path(os.environ)
    present = load_settings(file_needed=False)
    typed = iter(sys.stdin.read().splitlines()) if args.key_stdin else iter(())
    if terminal.asks:
        terminal.say("Connects a platform. Nothing is saved before it was tried; Ctrl-C leaves everything as it is.\n")
    draft = _begun(args, terminal, path, present)
    if terminal.asks:
        terminal.say(f"\n{draft.guide.find}")
    while True:
        answer_all(draft, args, terminal, typed)
        settings = draft.settings()
        terminal.say(f"\nTrying {PROVIDER_TITLES[draft.provider]} …")
        found = verdict(draft.name, settings, anyio.run(check_accounts, {draft.name: settings})[draft.name])
        terminal.say(("" if found.ok else "This does not work. ") + found.as_text(command=not terminal.asks))
        if found.ok or args.keep_failing:
            break
        if not terminal.asks:
            terminal.fail(f"{_NOTHING} With --keep-failing it is saved all the same.")
            return 1
        answer = (
            terminal.line("\nt: answer once more · k: save it all the same · Enter: leave [t/k/Enter] ").strip().lower()
        )
        if answer not in {"t", "k"}:
            terminal.say(_NOTHING)
            return 1
        if answer == "k":
            break
        args.flags = {}  # what is typed now stands above what the command line said
    _keep(draft, args, terminal, path, present)
    return 0


def _begun(args: argparse.Namespace, terminal: Terminal, path: Path, present: Settings) -> Draft:
    """Which platform and which name."""
    standing = accounts_in(path)
    name: str = args.name or ""
    known = present.accounts.get(name)
    provider: str = args.provider or (known.provider if known else "")
    if not provider:
        if not terminal.asks:
            raise Unanswered(f"Which platform? --provider {'|'.join(PROVIDER_TITLES)}")
        for number, title in enumerate(PROVIDER_TITLES.values(), 1):
            terminal.say(f"  {number}  {title}")
        ask = lambda: terminal.line("Which platform? Number or name: ")  # noqa: E731 - a question
        provider = terminal.until_clear(ask, one_of([one.value for one in PROVIDER_TITLES]))
    if name:
        try:
            name = pasted.account_name(name).text
        except ValueError as exc:
            raise Unanswered(f"{name!r}: {exc}") from None
    else:
        proposed = _unused(provider, present)
        if not terminal.asks:
            raise Unanswered(f"What shall the account be called? --name {proposed}")
        ask = lambda: terminal.line(f"A short name, by which you and the assistant call it [{proposed}]: ") or proposed  # noqa: E731 - a question
        name = terminal.until_clear(ask, pasted.account_name)
        known = present.accounts.get(name)
    if known is None:
        return Draft(name, ProviderName(provider), {})
    if name not in standing:
        raise SettingsError(
            f"The account {name} comes from variables that begin with EVENTDESK_ACCOUNTS__, not from {path}: change them."
        )
    if known.provider != provider:
        raise SettingsError(
            f"There is an account {name} already, at {PROVIDER_TITLES[ProviderName(known.provider)]}: take another name."
        )
    if not args.replace:
        if not terminal.asks:
            raise Unanswered(f"There is an account {name} already. Add --replace to give it other keys or settings.")
        if not terminal.agrees(f"There is an account {name} already. Give it other keys or settings?"):
            raise NoAnswer
    return Draft(name, ProviderName(provider), standing[name])


def _unused(provider: str, present: Settings) -> str:
    number, found = 1, provider
    while found in present.accounts:
        number += 1
        found = f"{provider}-{number}"
    return found


def _keep(draft: Draft, args: argparse.Namespace, terminal: Terminal, path: Path, present: Settings) -> None:
    """Keep the keys and write the settings: all of it, or nothing."""
    store, why = _store(args.store)
    while True:
        keeper = Keeper(secrets_folder(path), store)
        try:
            kept = {
                setting: keeper.keep(draft.name, setting, key, kept_at(draft.before, setting))
                for setting, key in draft.keys.items()
            }
            put_account(path, draft.name, {"provider": draft.provider.value, **draft.values, **kept})
            break
        except keyrings.KeyringUnusable as exc:
            keeper.undo()
            if args.store == "keyring":
                raise SettingsError(f"{_sentence(str(exc))} Unlock it and do this again, or use --store file.") from exc
            if exc.trouble is keyrings.Trouble.LOCKED and terminal.asks:
                terminal.say(f"\n{_sentence(str(exc))} Unlock it: log in to the desktop, or open its password manager.")
                if (
                    terminal.line("Enter: try again · f: keep the key in a file instead [Enter/f] ").strip().lower()
                    != "f"
                ):
                    continue
            store, why = "file", str(exc)
        except BaseException:
            keeper.undo()
            raise
    _told(draft, terminal, path, kept, why)
    _forgotten(draft, terminal, path, kept)
    former = present.accounts.get(draft.name)
    if former is not None and identity_of(former) != identity_of(ACCOUNT.validate_python(draft.table(kept))):
        terminal.say(
            "For the record of what was sent this is another login now: a call that is made again may be sent again. Look "
            "whether something is unknown there: eventdesk journal list"
        )
    terminal.say("Restart your chat app, then ask it: “What is coming up?”")


def _store(wanted: str) -> tuple[Store, str]:
    """Where keys are kept, and why not in the keyring."""
    if wanted == "file":
        return "file", ""
    try:
        keyrings.described()
    except keyrings.KeyringUnusable as exc:
        if wanted != "keyring" and exc.trouble is keyrings.Trouble.NONE:
            return "file", str(exc)
    return "keyring", ""


def _told(draft: Draft, terminal: Terminal, path: Path, kept: Mapping[str, Mapping[str, str]], why: str) -> None:
    terminal.say()
    files = [where["file"] for where in kept.values() if "file" in where]
    what = "keys are" if len(kept) > 1 else "key is"
    where = "files" if len(files) > 1 else "a file"
    if files:
        reason = f"{_sentence(why)} " if why else ""
        instead = " instead" if why else ""
        terminal.say(
            f"{reason}The {what} kept in {where}{instead}, as plain text that only you can read: {', '.join(files)}"
        )
    elif kept:
        terminal.say(f"The {what} kept in the system keyring ({keyrings.described()}).")
    terminal.say(f"Saved: the account {draft.name} in {path}.")


def _forgotten(draft: Draft, terminal: Terminal, path: Path, kept: Mapping[str, Mapping[str, str]]) -> None:
    """Take away keys that the settings no longer name."""
    for setting in draft.before:
        former = kept_at(draft.before, setting)
        gone = setting in kept or draft.values.get(setting, former) is None
        if former and gone and former != kept.get(setting):
            try:
                terminal.say(forget(path, former))
            except (keyrings.KeyringUnusable, OSError) as exc:
                terminal.fail(f"The former {setting} could not be removed: {exc}.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
