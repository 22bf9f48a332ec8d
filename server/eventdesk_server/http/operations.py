"""Operations: a platform's endpoints as data. Adapters call through them; nothing else names a path."""

import re
from dataclasses import dataclass
from typing import Literal

from eventdesk_tools.effects import Effect

__all__ = ["Effect", "Operation", "Param", "Trace"]

_OF_PEOPLE = re.compile(
    r"attendee(?!_types)|guest|participant(?!_types)|lead|sale|feedback|fan.content|payment|purchases|survey_answers|/answers|"
    r"user|message(?!_stats)|qa_session|meeting|agenda|reservation|contract|organi[sz]er"
)
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: where it travels, and its type in plain words. An "object" in a query travels as `name[key]=value`; "any" is
    any JSON value; a "file" makes the body a form of several parts, and its `choices` are the endings that it may have."""

    name: str
    where: Literal["path", "query", "body"] = "query"
    kind: Literal["text", "integer", "number", "boolean", "date", "time", "object", "list", "any", "file"] = "text"
    required: bool = False
    about: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How what a write made true shows in a reading of the same platform: for when its answer was lost.

    Attributes:
        by: The reading's name. Its arguments are the write's of the same names.
        given: Further arguments of the reading: its name, the write's.
        rows: Where the reading's answer holds the rows, or the one record; dotted.
        fields: Where a row holds what `agree` names; dotted.
        agree: The write's arguments that a row shows, as `argument`, or `argument=field` where it calls them otherwise.
        key: Where a row holds its id.
        row: The argument that names the row, for what is changed or removed within a list.
    """

    by: str
    given: tuple[tuple[str, str], ...] = ()
    rows: str = "data"
    fields: str = ""
    agree: tuple[str, ...] = ()
    key: str = "id"
    row: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One endpoint.

    Attributes:
        name: Unique within the provider, `verb_noun`.
        path: Relative to the account's base URL, no leading slash, with `{slot}`s: `events/{event}/archive/`. Whether
            it ends in a slash is the platform's matter and is kept as written.
        effect: `READ` for what changes nothing, whatever its method.
        repeatable: Sending it twice makes no difference; documented, not guessed.
        object_body: Its body is an object even where no argument of it is given.
        mails: The platform writes to people because of it.
        trace: Where the outcome of a write shows; None where no reading tells.
        withheld: Why it is not offered as an operation (log-in, secrets); "" when it is.
        source: The page or section of the platform's documentation.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    effect: Effect
    summary: str
    params: tuple[Param, ...] = ()
    repeatable: bool = False
    cost: str = ""
    object_body: bool = False
    mails: bool = False
    trace: Trace | None = None
    withheld: str = ""
    source: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """The names in the path template, in order."""
        return tuple(_SLOT.findall(self.path))

    @property
    def people(self) -> bool:
        """Whether its answer holds records about people: where personal data is masked, all of these is but for what is
        known to be harmless. Told by its name and path, so that an endpoint that is added is masked rather than forgotten."""
        return _OF_PEOPLE.search(self.name) is not None or _OF_PEOPLE.search(self.path) is not None
