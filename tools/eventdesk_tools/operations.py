"""Operations as the tools see them: a platform's endpoints, searched and called by name."""

from dataclasses import dataclass

from eventdesk_tools.effects import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationParam:
    """A parameter of an operation: its type in plain words, and whether it must be given."""

    name: str
    kind: str
    required: bool
    about: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationInfo:
    """One endpoint. `name` is unique within the provider; `withheld` says why it is not offered, "" when it is."""

    name: str
    effect: Effect
    summary: str
    method: str
    path: str
    params: tuple[OperationParam, ...] = ()
    cost: str = ""
    withheld: str = ""
    source: str = ""
    people: bool = False
    """Its answer holds records about people."""
