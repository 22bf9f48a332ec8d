"""The desk: the configured accounts, and what one call of a tool may use."""

import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from eventdesk_tools.answers import Notes, fingerprint
from eventdesk_tools.errors import EventdeskError, InvalidArguments, PermissionDenied, ReadOnly, UnknownRef
from eventdesk_tools.journal import Confirmer, Journal, Preview
from eventdesk_tools.models import Event, Session
from eventdesk_tools.permissions import Rules
from eventdesk_tools.ports import PROVIDER_TITLES, Capability, EventProvider, Mode
from eventdesk_tools.privacy import Privacy, said_in
from eventdesk_tools.refs import Ref, shown

T = TypeVar("T")


class Runtime(Protocol):
    """What the tools need of the event loop."""

    def seconds(self) -> float:
        """A clock that never goes back, in seconds."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    def shielded(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """A block that cancelling does not stop, for at most so long."""
        ...

    def within(self, seconds: float) -> AbstractAsyncContextManager["Limit"]:
        """A block that is given up after so many seconds; `expired` tells afterwards."""
        ...

    def later(self, job: Callable[[], Awaitable[None]]) -> None:
        """Run a job after the call was answered, while the server runs."""
        ...

    async def together(self, jobs: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Run jobs concurrently, all to their end."""
        ...


class Limit(Protocol):
    @property
    def expired(self) -> bool: ...


Progress = Callable[[float, float | None, str], Awaitable[None]]
"""Told how much of a call is done, of how much where that is known, and in a few words of what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A configured login at one provider. `identity` tells accounts apart in the journal, whatever they are called."""

    name: str
    provider: EventProvider
    zone: str = ""
    currency: str = ""
    read_only: bool = False
    sandbox: bool = False
    identity: str = ""
    rules: Rules = field(default_factory=Rules)

    @property
    def title(self) -> str:
        return PROVIDER_TITLES[self.provider.name]

    def ref(self, event: str) -> Ref:
        return Ref(self.name, event)


@dataclass(slots=True)
class ListCache(Generic[T]):
    """Lists that were read whole, kept for a minute. A write through the desk empties its account's part."""

    keep: float = 60.0
    _held: dict[tuple[str, object], tuple[float, list[T]]] = field(
        default_factory=dict[tuple[str, object], tuple[float, list[T]]]
    )

    def get(self, account: str, key: object, now: float) -> list[T] | None:
        held = self._held.get((account, key))
        return held[1] if held is not None and now - held[0] < self.keep else None

    def put(self, account: str, key: object, now: float, rows: list[T]) -> None:
        if len(self._held) > 64:
            self._held = {k: v for k, v in self._held.items() if now - v[0] < self.keep}
        self._held[account, key] = (now, rows)

    def forget(self, account: str) -> None:
        for key in [key for key in self._held if key[0] == account]:
            del self._held[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The accounts and what they share. One a server."""

    accounts: Mapping[str, Account]
    now: Callable[[], datetime]
    runtime: Runtime
    journal: Journal
    read_only: bool = False
    operations_write: bool = False
    """Whether any documented endpoint that writes may be called by name."""
    problem: str = ""
    """What is wrong with the settings, when the server stays up to say so."""
    events: ListCache[Event] = field(default_factory=ListCache[Event])
    sessions: ListCache[Session] = field(default_factory=ListCache[Session])
    answer_within: float = 25.0
    people: Privacy = field(default_factory=Privacy)
    """What of people leaves for the model."""
    import_folder: str = ""
    export_folder: str = ""
    """Where tools may read and write files; nowhere else."""
    rules: Rules = field(default_factory=Rules)
    subject: str = ""
    """Who the calls come from, where several people share a server. Previews and cursors are theirs alone."""
    barred: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tools that this subject may not use, and what of theirs says so."""
    structured_content: bool = False
    """Whether answers carry the same facts a second time, as structured content."""

    def account(self, name: str) -> Account:
        """The account of this name.

        Raises:
            UnknownRef: There is none; `allowed` lists those there are.
        """
        found = self.accounts.get(name)
        if found is None:
            near = difflib.get_close_matches(name, list(self.accounts), n=3)
            raise UnknownRef(
                f"There is no account {shown(name)}." + (f" Did you mean {near[0]}?" if near else ""),
                field="account",
                allowed=list(dict.fromkeys([*near, *self.accounts]))[:10],
            )
        return found

    def refusal(self, tool: str, account: Account | None = None) -> str:
        """The setting that switches a tool off, for all accounts or for this one; "" where none does."""
        place = self.barred.get(tool, "") or self.rules.refusal(tool)
        if place or account is None:
            return place
        place = account.rules.refusal(tool)
        return f"accounts.{account.name}.{place}" if place else ""

    def permit(self, tool: str, account: Account | None = None) -> None:
        """Refuse a tool that is switched off.

        Raises:
            ReadOnly: Its toolset is set to read only.
            PermissionDenied: A deny list, an allow list or its toolset switches it off.
        """
        place = self.refusal(tool, account)
        if not place:
            return
        if tool in self.barred:
            raise PermissionDenied(
                f"{tool} is not open to this login: {place} do not cover it.",
                next="Tell the person: whoever runs Eventdesk for them can give them more.",
            )
        where = f" for {account.name}" if account is not None else ""
        if place.endswith("read_only"):
            raise ReadOnly(f"{tool} is switched off{where}: {place} is set.")
        raise PermissionDenied(
            f"{tool} is switched off{where}.",
            next=f"Tell the person: {place} in Eventdesk's settings switches it off. Do not reach the same by another way.",
        )

    def able(self, capability: Capability) -> list[Account]:
        """The accounts that offer this, if only by a hand-off."""
        return [a for a in self.accounts.values() if a.provider.cell(capability).mode is not Mode.UNSUPPORTED]

    def forget(self, account: str) -> None:
        """Keep no list of an account any longer: it was written to."""
        self.events.forget(account)
        self.sessions.forget(account)

    def writable(self, account: Account) -> None:
        """Refuse to write where that is switched off.

        Raises:
            ReadOnly: It is.
        """
        if self.read_only:
            raise ReadOnly("Eventdesk is set to read only.")
        if account.read_only:
            raise ReadOnly(f"The account {account.name} is set to read only.")


@dataclass(slots=True)
class Trace:
    """One write of a call: its target, a ref; its outcome or the code of its failure; its entry in the journal."""

    account: str
    target: str
    outcome: str = ""
    entry: str = ""


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a tool: its notes, its clock, its person."""

    desk: Desk
    tool: str
    arguments: Mapping[str, object]
    confirmer: Confirmer
    tell: Progress
    started: float
    granted: Preview | None = None
    """A preview that a person has accepted already: what is sent must be what it showed."""
    host_key: str = ""
    """The host's name for this call: under the same name nothing else is sent, and nothing twice."""
    notes: Notes = field(default_factory=Notes)
    touched: set[str] = field(default_factory=set[str])
    trail: list["Trace"] = field(default_factory=list["Trace"])
    """What became of each write, for the audit."""
    private: set[str] = field(default_factory=set[str])
    """Values about people that came from a file, and that the model therefore has not seen."""
    through: tuple[str, ...] = ()
    """Further tools that must be permitted: what a tool does that carries out another."""
    waited: float = 0.0
    """Seconds that a person took to answer; they do not count."""
    sent: bool = False
    """Whether a request that changes something has left."""

    @property
    def seconds_left(self) -> float:
        return self.desk.answer_within - (self.desk.runtime.seconds() - self.started - self.waited)

    def filters(self, *parts: object) -> bytes:
        """A digest of a list's filters and of who asks: a cursor continues nothing else, and nobody else's list."""
        return fingerprint(*parts, *([self.desk.subject] if self.desk.subject else []))

    def gate(self) -> Callable[[str], str]:
        """What every text of this call's answer passes before it leaves."""
        people, private = self.desk.people, self.private
        said = frozenset[str]() if people.full else said_in(self.arguments)
        return lambda text: people.told(text, said, private)

    def use(self, account: Account, tool: str = "") -> Account:
        """Remember that the answer draws on this account, which must permit the call's tool, or the one named.

        Raises:
            PermissionDenied: It does not.
        """
        for name in (tool,) if tool else (self.tool, *self.through):
            self.desk.permit(name, account)
        self.touched.add(account.name)
        return account

    def accounts(self, name: str = "", among: Sequence[Account] | None = None) -> list[Account]:
        """The named account, or those (of all, or of `among`) that permit the call's tool; notes name the others.

        Raises:
            UnknownRef: The named account does not exist.
            PermissionDenied: It does not permit the tool.
        """
        if name:
            return [self.use(self.desk.account(name))]
        permitted: list[Account] = []
        for account in self.desk.accounts.values() if among is None else among:
            places = [self.desk.refusal(tool, account) for tool in (self.tool, *self.through)]
            place = next(filter(None, places), "")
            if place:
                self.notes.add(f"Left out: {account.name} ({place} in the settings).")
            else:
                permitted.append(account)
        return permitted

    @property
    def sandbox(self) -> bool:
        """Whether the answer draws on the sandbox."""
        names = self.touched or set(self.desk.accounts)
        return any(self.desk.accounts[name].sandbox for name in names if name in self.desk.accounts)

    def tell_how(self, account: Account, capability: Capability) -> None:
        """Note how the account does this, where its platform has nothing that is just this."""
        cell = account.provider.cell(capability)
        if cell.mode is Mode.EMULATED:
            self.notes.add(f"{account.title}: {cell.how}.")

    def chosen(self, name: str, capability: Capability) -> list[Account]:
        """The accounts a call is about: the named one, or all that can do it.

        Raises:
            UnknownRef: The named account does not exist.
            Unsupported: It exists and cannot do it.
            InvalidArguments: No account can do it.
        """
        if name:
            account = self.use(self.desk.account(name))
            account.provider.require(capability)
            return [account]
        able = self.accounts(among=self.desk.able(capability))
        if not able:
            raise InvalidArguments("No configured account can do this.", next="Call list_accounts.")
        return [self.use(account) for account in able]


def failure_note(account: Account, error: EventdeskError) -> str:
    """One account's failure in an answer that the others made."""
    return f"{account.name}: {error.code.value}, {error.message}"
