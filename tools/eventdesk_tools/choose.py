"""Choosing something inside an event by ref or by exact name, and splitting a person's name."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from eventdesk_tools.errors import AmbiguousName, InvalidArguments, UnknownRef
from eventdesk_tools.models import Ticket
from eventdesk_tools.refs import KIND_WORDS, Kind, shown

T = TypeVar("T")
_RECORD = {kind: f"{kind}-" for kind in Kind}


def choose(
    items: Sequence[T],
    wanted: str,
    *,
    kind: Kind,
    field: str,
    id_of: Callable[[T], str],
    name_of: Callable[[T], str],
    label: Callable[[T], str] | None = None,
) -> T:
    """The one item that `wanted` names: `k-id` (the tail of a ref), or its exact name ignoring case.

    Raises:
        UnknownRef: It is the ref of another kind, or no such item is there; `allowed` lists what is.
        AmbiguousName: Two items bear that name; `allowed` lists their refs, with prices where `label` gives them.
    """
    text = wanted.strip()

    def plain(item: T) -> str:
        return f"{kind}-{id_of(item)} {name_of(item)}"

    show = label or plain
    for other, prefix in _RECORD.items():
        if text.startswith(prefix) and (other is kind or any(c.isdigit() for c in text[2:])):
            by_ref = [item for item in items if id_of(item) == text[2:]] if other is kind else []
            if by_ref:
                return by_ref[0]
            if other is not kind and not any(name_of(item).casefold() == text.casefold() for item in items):
                raise UnknownRef(
                    f"{shown(text)} is the ref of a {KIND_WORDS[other]}, not of a {KIND_WORDS[kind]}.", field=field
                )
    named = [item for item in items if name_of(item).strip().casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise AmbiguousName(
            f"{len(named)} {KIND_WORDS[kind]}s are called {shown(text)}.",
            next=f"Repeat the call with one of the refs in allowed as {field}.",
            field=field,
            allowed=[show(item) for item in named[:10]],
        )
    raise UnknownRef(
        f"The event has no {KIND_WORDS[kind]} {shown(text)}.",
        next=f"Repeat the call with one of allowed as {field}."
        if items
        else "Call get_event to see what the event has.",
        field=field,
        allowed=[show(item) for item in items[:10]],
    )


def ticket_label(ticket: Ticket) -> str:
    """A ticket as an error lists it: the tail of its ref, its name and price."""
    price = f" {ticket.price}" if ticket.price is not None else ""
    return f"{ticket.kind}-{ticket.id} {ticket.name}{price}"


def choose_ticket(tickets: Sequence[Ticket], wanted: str, *, field: str = "ticket", kind: Kind = Kind.TICKET) -> Ticket:
    """The ticket or extra that `wanted` names; without one, the only ticket on sale when it is free.

    Raises:
        InvalidArguments: None is named and it is not certain which is meant; `allowed` lists them with prices.
        UnknownRef: See `choose`.
        AmbiguousName: See `choose`.
    """
    of_kind = [ticket for ticket in tickets if ticket.kind is kind]
    if wanted.strip():
        return choose(
            of_kind, wanted, kind=kind, field=field, id_of=lambda t: t.id, name_of=lambda t: t.name, label=ticket_label
        )
    on_sale = [ticket for ticket in of_kind if ticket.on_sale is not False]
    if len(on_sale) == 1 and on_sale[0].price is not None and on_sale[0].price.free:
        return on_sale[0]
    raise InvalidArguments(
        "Which ticket? No ticket is taken unless the only one on sale is free.",
        next=f"Ask the person, then repeat the call with one of allowed as {field}.",
        field=field,
        allowed=[ticket_label(ticket) for ticket in on_sale[:10]],
    )


def split_name(name: str, last_name: str) -> tuple[str, str]:
    """First and last name for a platform that has two fields.

    `last_name` must be the beginning or the end of `name`; without it two plain words are split.

    Raises:
        InvalidArguments: It cannot be told which part is which.
    """
    words = name.split()
    last = last_name.split()
    if last:
        size = len(last)
        folded = [word.casefold() for word in words]
        wanted = [word.casefold() for word in last]
        if size < len(words) and folded[-size:] == wanted:
            return " ".join(words[:-size]), " ".join(words[-size:])
        if size < len(words) and folded[:size] == wanted:
            return " ".join(words[size:]), " ".join(words[:size])
        raise InvalidArguments("last_name must be the beginning or the end of name.", field="last_name")
    if len(words) == 2:
        return words[0], words[1]
    raise InvalidArguments(
        "This platform keeps first and last name apart, and it is not certain which part of name is which.",
        next="Ask the person for the last name, then repeat the call with last_name.",
        field="last_name",
    )
