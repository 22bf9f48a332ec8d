"""Questions to a person in a terminal, in plain lines: a screen reader, a pipe and the oldest terminal can follow them."""

import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eventdesk_server.accounts.pasted import Meant


class NoAnswer(Exception):
    """The person ended the conversation."""


class Unanswered(Exception):
    """Nobody can be asked, and the command line does not say it. The message says how to."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The screen and the keyboard; `asks` is false where nobody sits there."""

    asks: bool

    def say(self, text: str = "") -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def fail(self, text: str) -> None:
        sys.stdout.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def line(self, question: str) -> str:
        """What was typed.

        Raises:
            NoAnswer: The input has ended.
        """
        try:
            return input(question)
        except EOFError:
            raise NoAnswer from None

    def hidden(self, question: str) -> str:
        """What was typed, without showing it.

        Raises:
            NoAnswer: The input has ended.
        """
        try:
            return getpass.getpass(question)
        except EOFError:
            raise NoAnswer from None

    def agrees(self, question: str) -> bool:
        """Whether the person says yes; silence is no."""
        return self.line(f"{question} [y/N] ").strip().lower() in {"y", "yes"}

    def until_clear(self, ask: Callable[[], str], clean: Callable[[str], Meant]) -> str:
        """Ask until the answer can be used; tell what was made of it."""
        while True:
            try:
                return self.made_clear(ask(), clean)
            except ValueError as exc:
                self.say(f"  {exc}")

    def made_clear(self, text: str, clean: Callable[[str], Meant]) -> str:
        """The answer as it is meant.

        Raises:
            ValueError: It cannot be used.
        """
        meant = clean(text)
        if meant.note:
            self.say(f"  {meant.note}")
        return meant.text


def one_of(choices: Sequence[str]) -> Callable[[str], Meant]:
    """A choice by its name, the beginning of its name, or its number."""

    def clean(text: str) -> Meant:
        found = text.strip().lower()
        if found.isdecimal() and 1 <= int(found) <= len(choices):
            return Meant(choices[int(found) - 1])
        near = [choice for choice in choices if found and choice.startswith(found.replace(" ", ""))]
        if len(near) != 1:
            raise ValueError(f"Type one of: {', '.join(choices)}.")
        return Meant(near[0])

    return clean
