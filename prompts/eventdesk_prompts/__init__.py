"""Prompts for organisers, one Markdown file each, and `load()`.

A file begins with TOML between two lines of `+++`: `title`, `description`, `tools` (without which the prompt makes no
sense) and `arguments` (`name`, `description`, `required`, `completes`). The text below is what the person says to the
assistant; `$name` stands for an argument or for one of the days in `DAYS`. A line whose argument is
not given is left out.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

DAYS: Mapping[str, int] = {
    "today": 0,
    "this_week_from": -6,
    "last_week_until": -7,
    "last_week_from": -13,
}
"""Days that a prompt may name, counted from today. A week ends today and has seven days, both ends included."""

_FENCE = "+++\n"
_PLACEHOLDER = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Argument:
    """What a prompt asks the person for. `completes` is "event", "account" or nothing: what may be proposed for it."""

    name: str
    description: str
    required: bool = False
    completes: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `tools` must all be offered, or the prompt makes no sense."""

    name: str
    title: str
    description: str
    tools: frozenset[str]
    arguments: tuple[Argument, ...]
    body: str

    def text(self, values: Mapping[str, str]) -> str:
        """What the assistant is told, with the values filled in. A line that needs a value not given is left out."""
        given = {name: value for name, value in values.items() if value}
        lines = [line for line in self.body.splitlines() if set(_PLACEHOLDER.findall(line)) <= given.keys()]
        return Template("\n".join(lines)).substitute(given)


@cache
def load() -> Mapping[str, Prompt]:
    """All prompts by name, in alphabetical order."""
    found = sorted(
        (item.name, item.read_text("utf-8")) for item in files(__name__).iterdir() if item.name.endswith(".md")
    )
    return {name.removesuffix(".md"): _read(name.removesuffix(".md"), text) for name, text in found}


def _read(name: str, text: str) -> Prompt:
    empty, head, body = text.split(_FENCE, 2)
    if empty:
        raise ValueError(f"{name}.md does not begin with +++")
    told = tomllib.loads(head)
    return Prompt(
        name=name,
        title=told["title"],
        description=told["description"],
        tools=frozenset(told["tools"]),
        arguments=tuple(Argument(**argument) for argument in told.get("arguments", ())),
        body=body.strip() + "\n",
    )
