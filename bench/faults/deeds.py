"""What a run asks of Eventdesk, and how the sandbox's database tells whether it came true."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from eventdesk_server.sandbox.core import Store

ACCOUNT = "club"
"""What the account is called in every run."""


class Claim(StrEnum):
    """What an answer says of one part of a deed.

    `NOT_TRIED` speaks of its own call alone: that left this part to a later call, found another call at work on it, or was
    refused for its token. `PARTLY` names what was done before it failed.
    """

    DONE = "done"
    NOT_DONE = "not done"
    NOT_TRIED = "not tried"
    PARTLY = "partly done"
    OPEN = "open"
    UNKNOWN = "unknown"
    SILENT = "no answer"


@dataclass(frozen=True, slots=True)
class Part:
    """One record that a deed makes, or one change.

    `name` is how the answer calls it where it tells an outcome each ("" for the whole of it); `held` counts the records that make it true (for a
    change: 1 when the record has the new state). `makes` is false for a change, of which there are no duplicates.
    """

    name: str
    held: Callable[[Store], int]
    makes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One call of a tool, and what is true when it was carried out.

    Attributes:
        grows: How many records of each table of the census it may add.
        asks: A person is asked before anything is sent.
        later: The platform makes the record in the background, some time after its answer.
    """

    tool: str
    arguments: Mapping[str, Any]
    parts: tuple[Part, ...]
    grows: Mapping[str, int] = field(default_factory=dict[str, int])
    asks: bool = False
    later: bool = False

    @property
    def label(self) -> str:
        """The tool, and the operation where one is called by name."""
        operation = self.arguments.get("operation")
        return f"{self.tool}({operation})" if operation else self.tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One provider's small world: a season, an account's settings, the deeds it offers, and what is counted."""

    provider: str
    season: Mapping[str, Any]
    settings: Mapping[str, Any]
    deeds: Callable[[Store, int], tuple[Deed, ...]]
    """Drawn for a number, so that no two runs share names."""
    census: Mapping[str, str]
    """Queries that count all records of a kind, whoever made them."""
    credentials: str = ""
    """The login's name where the stand-in has several."""


def counted(sql: str, *values: object) -> Callable[[Store], int]:
    """Counts what a query finds."""

    def count(store: Store) -> int:
        found = store.row(f"select count(*) as n from ({sql})", values)  # noqa: S608 - the queries stand in this package
        return int(found["n"]) if found is not None else 0

    return count


_DONE = {"done", "already_done", "already_registered"}
_MANY = {"registered", "already_registered"}
_NOT_SENT = {"preview", "hand_off", "declined"}


def claims_of(deed: Deed, answer: Mapping[str, Any] | None) -> dict[str, Claim]:
    """What an answer says of each part of a deed."""
    names = [part.name for part in deed.parts]
    if answer is None:
        return dict.fromkeys(names, Claim.SILENT)
    if "error" in answer:
        return dict.fromkeys(names, _of_error(answer["error"]))
    outcome = answer.get("outcome")
    if outcome is not None:
        told = dict.fromkeys(names, _of_outcome(outcome))
        if told[names[0]] is Claim.DONE:
            # A registration stands also where a session could not be joined: those that were are listed.
            told.update(dict.fromkeys(set(names) - {"", *answer.get("sessions", ())}, Claim.OPEN))
        return told
    at = {name: place for place, name in enumerate(answer.get("columns", ()))}
    key = "row" if deed.tool == "register_attendees" else "ref"
    told = {
        str(row[at[key]]): _of_word(row[at["outcome"]], str(row[at["reason"]]) if "reason" in at else "")
        for row in answer.get("rows", ())
    }
    # Of many rows those are told that need attention; of the rest the answer says that they are registered.
    return {name: told.get(name, Claim.DONE if key == "row" else Claim.SILENT) for name in names}


def _of_error(error: Mapping[str, Any]) -> Claim:
    if error["code"] == "outcome_unknown":
        return Claim.UNKNOWN
    if error.get("field") == "token" or error["message"].startswith("Another call is carrying this write out"):
        return Claim.NOT_TRIED
    # A write of several steps that broke says which of them were done.
    return Claim.PARTLY if error["message"].startswith("Done: ") else Claim.NOT_DONE


def _of_outcome(outcome: str) -> Claim:
    if outcome in _DONE:
        return Claim.DONE
    if outcome in _NOT_SENT:
        return Claim.NOT_DONE
    return Claim.OPEN if outcome == "running" else Claim.UNKNOWN


def _of_word(word: str, reason: str) -> Claim:
    if word in _DONE | _MANY:
        return Claim.DONE
    if word in {"unknown", "outcome_unknown"}:
        return Claim.UNKNOWN
    if reason.startswith("Done: "):
        return Claim.PARTLY
    return Claim.NOT_TRIED if word == "not_tried" else Claim.NOT_DONE
