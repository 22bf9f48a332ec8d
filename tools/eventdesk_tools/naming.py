"""Naming an event: by ref, or by a title or slug that fits exactly one."""

import unicodedata
from dataclasses import dataclass

from eventdesk_tools.desk import Account, Call, failure_note
from eventdesk_tools.errors import AmbiguousName, InvalidArguments, NotFound, UnknownRef
from eventdesk_tools.models import Event, EventQuery, EventStatus
from eventdesk_tools.people import clean_email
from eventdesk_tools.ports import Capability
from eventdesk_tools.reading import read_events
from eventdesk_tools.refs import ACCOUNT_NAME, RECORD_ID, Kind, Ref, looks_like_ref, shown
from eventdesk_tools.text import line

_GONE = frozenset({EventStatus.ENDED, EventStatus.ARCHIVED})


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event that a call is about."""

    account: Account
    id: str

    @property
    def ref(self) -> Ref:
        return self.account.ref(self.id)


def folded(text: str) -> str:
    """A title as it is compared: without case, compatibility forms and extra white space."""
    return " ".join(unicodedata.normalize("NFKC", line(text, 1_000)).casefold().split())


async def name_event(call: Call, text: str, capability: Capability, *, writing: bool, tool: str = "") -> NamedEvent:
    """The event that `text` names. Its account must permit the call's tool, or the one named by `tool`.

    Raises:
        UnknownRef: A malformed ref, one of another kind, or of no configured account.
        AmbiguousName: A title fits several events; for a write also when an ended event bears exactly the title that
            one still to come contains.
        NotFound: No event fits.
    """
    if not folded(text):
        raise InvalidArguments("event is empty.", field="event", next="Give a ref from list_events, or a title.")
    if looks_like_ref(text):
        ref = Ref.parse(text)
        if ref.kind is not None:
            raise UnknownRef(
                f"{shown(text)} names something inside an event, not an event.",
                field="event",
                allowed=[str(ref.of_event)],
            )
        account = call.use(call.desk.account(ref.account), tool)
        account.provider.require(capability)
        return NamedEvent(account, ref.event)
    return await _by_title(call, text, capability, writing=writing, tool=tool)


async def _by_title(call: Call, text: str, capability: Capability, *, writing: bool, tool: str) -> NamedEvent:
    wanted = folded(text)
    exact: list[tuple[Account, Event]] = []
    partial: list[tuple[Account, Event]] = []
    able = {account.name for account in call.desk.able(capability)}
    query = EventQuery(now=call.desk.now(), when="all")
    searched = call.desk.able(Capability.LIST_EVENTS)
    # An event of an account that does not permit the tool cannot be what is meant.
    searched = [a for a in searched if not call.desk.refusal(tool, a)] if tool else call.accounts(among=searched)
    for account, events, failure in await read_events(call, searched, query):
        if failure is not None:
            if writing:
                # An account that could not be searched may hold another event of this title.
                failure.next = f"Name the event by its ref. {failure.next}"
                raise failure
            call.notes.add("Not searched: " + failure_note(account, failure))
        for event in events:
            title = folded(event.title)
            if wanted == title or text.strip() in event.aliases or text.strip() == event.id:
                exact.append((account, event))
            elif wanted in title:
                partial.append((account, event))
    coming = [pair for pair in partial if pair[1].status not in _GONE]
    if writing and exact and all(event.status in _GONE for _, event in exact) and coming:
        fits = exact + coming
    else:
        fits = exact or partial
    if not fits:
        raise NotFound(
            f"No event is called {shown(text)}.",
            next="Call list_events with text, or when=all for past ones.",
            field="event",
        )
    if len(fits) > 1:
        raise AmbiguousName(
            f"{len(fits)} events fit {shown(text)}.",
            field="event",
            allowed=[
                f"{account.ref(event.id)} {shown(line(event.title, 40))} {event.starts or ''}".strip()
                for account, event in fits[:10]
            ],
        )
    account, event = fits[0]
    call.touched.clear()
    call.use(account, tool)
    if account.name not in able:
        account.provider.require(capability)
    return NamedEvent(account, event.id)


def inside(text: str, event: NamedEvent, kind: Kind, field: str) -> str:
    """A ticket, extra or session as an adapter takes it: `k-id` for a ref, else the name as it was given.

    Raises:
        UnknownRef: It is a ref of another event, account or kind.
    """
    given = text.strip()
    if given.count(":") == 2 and looks_like_ref(given):
        account, record, tail = given.split(":")
        if not (
            ACCOUNT_NAME.fullmatch(account)
            and RECORD_ID.fullmatch(record)
            and tail[1:2] == "-"
            and tail[:1] in set(Kind)
        ):
            return given
        ref = Ref.parse(given)
        if ref.of_event != event.ref:
            raise UnknownRef(
                f"{shown(given)} belongs to another event than {event.ref}.",
                field=field,
                next="Call get_event for refs of this event.",
            )
        if ref.kind is not kind:
            raise UnknownRef(
                f"{shown(given)} is not the ref of a {kind.name.lower()}.",
                field=field,
                next="Call get_event for refs of this event.",
            )
        return tail
    return given


def person_in(text: str, event: NamedEvent) -> str:
    """A registration as an adapter takes it: `a-id` or `o-id` for a ref, else an e-mail address.

    Raises:
        UnknownRef: It is a ref of another event, account or kind.
        InvalidArguments: It is neither a ref nor an address.
    """
    given = text.strip()
    if not given or ("@" in given and given.count(":") == 0):
        return clean_email(given) if given else ""
    ref = Ref.parse(given)
    if ref.of_event != event.ref or ref.kind not in {Kind.REGISTRATION, Kind.ORDER}:
        raise UnknownRef(f"{shown(given)} is not a registration of {event.ref}.", field="attendee")
    return f"{ref.kind}-{ref.id}"
