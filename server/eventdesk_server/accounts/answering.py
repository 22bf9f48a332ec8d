"""The answers to a platform's questions: from the command line, from standard input, or from a person."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import SecretStr, ValidationError

from eventdesk_server.accounts import pasted
from eventdesk_server.accounts.guides import GUIDES, Guide, Question
from eventdesk_server.accounts.terminal import Terminal, Unanswered, one_of
from eventdesk_server.settings import ACCOUNT, AccountSettings, SettingsError
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName

_ELSEWHERE = "…"
"""Stands for a value that is kept outside the settings file."""


@dataclass(slots=True)
class Draft:
    """An account as far as it is known."""

    name: str
    provider: ProviderName
    before: Mapping[str, Any]
    """What stands in the settings file of it, where it is there already."""
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    """What goes into the settings file as it is; None takes a setting away."""
    keys: dict[str, SecretStr] = field(default_factory=dict[str, SecretStr])

    last: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    """What was answered before the person was asked once more."""

    @property
    def guide(self) -> Guide:
        return GUIDES[self.provider]

    def table(self, keys: Mapping[str, Any]) -> dict[str, Any]:
        """The account's table, with its keys as given."""
        table = {**self.before, "provider": self.provider.value, **self.values, **keys}
        return {setting: value for setting, value in table.items() if value is not None}

    def settings(self) -> AccountSettings:
        """The account with its keys in it, to be tried.

        Raises:
            SettingsError: Something in it is of the wrong kind.
        """
        try:
            return ACCOUNT.validate_python(
                self.table({name: key.get_secret_value() for name, key in self.keys.items()})
            )
        except ValidationError as exc:
            told = [
                f"{'.'.join(str(part) for part in error['loc'][1:]) or 'the account'}: {error['msg']}"
                for error in exc.errors(include_url=False, include_input=False, include_context=False)
            ]
            raise SettingsError("; ".join(told)) from None


def kept_at(before: Mapping[str, Any], setting: str) -> Mapping[str, Any]:
    """Where a key is kept, as the settings file says it; empty where it stands there itself, or nowhere."""
    found = before.get(setting)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def answer_all(draft: Draft, args: argparse.Namespace, terminal: Terminal, typed: Iterator[str]) -> None:
    """Ask what the platform needs. What the command line says, and what is known already, is not asked for."""
    flags: Mapping[str, str] = args.flags
    answers = {**_plain(draft.before), **{setting: text for setting, text in flags.items() if text}}
    missing: list[str] = []
    draft.values, draft.keys = {}, {}
    if args.account_read_only:
        draft.values["read_only"] = True
    unused = [
        setting for setting, text in flags.items() if text and setting not in {q.setting for q in draft.guide.questions}
    ]
    if unused:
        raise Unanswered(f"{PROVIDER_TITLES[draft.provider]} has no {', '.join(unused)}.")
    for question in draft.guide.questions:
        if not question.applies(answers):
            answers.pop(question.setting, None)
            if question.setting in draft.before:
                draft.values[question.setting] = None
            continue
        text = _answer(question, draft, flags, terminal, typed, missing)
        if text is None:
            continue
        answers[question.setting] = draft.last[question.setting] = text
        if question.secret:
            draft.keys[question.setting] = SecretStr(text)
        elif "." in question.setting:
            outer, _, inner = question.setting.partition(".")
            draft.values.setdefault(outer, {**draft.before.get(outer, {})})[inner] = text
        else:
            draft.values[question.setting] = text or None
    contact = draft.values.get("contact")
    if contact is not None and not contact.get("name"):
        draft.values["contact"] = None
    if missing:
        raise Unanswered(f"Missing: {', '.join(missing)}.")


def _plain(before: Mapping[str, Any]) -> dict[str, str]:
    """What an account's table says, by setting; where a key is kept counts as an answer too."""
    found: dict[str, str] = {}
    for setting, value in before.items():
        if setting == "contact":
            found |= {f"contact.{part}": str(text) for part, text in cast("Mapping[str, Any]", value).items()}
        else:
            found[setting] = value if isinstance(value, str) else _ELSEWHERE
    return found


def _answer(
    question: Question,
    draft: Draft,
    flags: Mapping[str, str],
    terminal: Terminal,
    typed: Iterator[str],
    missing: list[str],
) -> str | None:
    """The answer; None leaves the setting as it is."""
    held = bool(_plain(draft.before).get(question.setting))
    given = next(typed, None) if question.secret else flags.get(question.setting)
    if given is not None:
        try:
            return terminal.made_clear(given, _cleaner(question))
        except ValueError as exc:
            raise Unanswered(f"{question.text}: {exc}") from None
    if question.asked and terminal.asks:
        return _typed(question, draft, terminal)
    if held or question.optional:
        return draft.last.get(question.setting)
    if not question.default:
        missing.append("--key-stdin (one line for each key)" if question.secret else question.flag)
    return question.default or None


def _typed(question: Question, draft: Draft, terminal: Terminal) -> str | None:
    """What a person answers; Enter keeps what is there."""
    before = _plain(draft.before).get(question.setting, "")
    last = draft.last.get(question.setting, "")
    default = "" if question.secret else last or (before if before != _ELSEWHERE else "") or question.default
    hint = f" ({', '.join(question.choices)})" if question.choices else ""
    if question.secret:
        hint += " (Enter: as it was)" if before or last else " (what you type or paste stays invisible)"
    elif (before or last) and question.optional:
        hint += " (- for none)"
    text = question.text.partition(" (Enter")[0] if before or last else question.text
    prompt = f"{text}{hint}{f' [{default}]' if default else ''}: "

    def ask() -> str:
        found = terminal.hidden(prompt) if question.secret else terminal.line(prompt)
        return found if found.strip() else last or default

    def meant(text: str) -> pasted.Meant:
        if question.optional and text.strip() == "-":
            return pasted.Meant("-")
        return pasted.Meant("") if not text and (question.optional or before) else _cleaner(question)(text)

    found = terminal.until_clear(ask, meant)
    if found == "-" and question.optional:
        return ""
    return found or (None if before else "")


def _cleaner(question: Question) -> Callable[[str], pasted.Meant]:
    return one_of(question.choices) if question.choices else question.clean
