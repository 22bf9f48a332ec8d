"""Copying a listing: read it, submit it anew. Public and charged at once, and nothing takes it back: always asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.providers.evvnt.submission import Submission, check_order, submission
from eventdesk_tools.errors import ErrorCode, InvalidArguments, PermissionDenied, ProviderError
from eventdesk_tools.models import CloneOrder, Json, Outcome, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Found, Question, StepContext, Why, WritePlan
from eventdesk_tools.refs import shown
from eventdesk_tools.times import Moment

_EVENT = "event"


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


async def plan(listings: Listings, account: str, wanted: CloneOrder) -> WritePlan:
    """How to copy a listing.

    Raises:
        Unsupported: evvnt cannot do what is asked, or the listing lacks what it requires.
        InvalidArguments: Something a person must tell is missing.
        PermissionDenied: The listing is somebody else's.
    """
    check_order(listings.settings, wanted)
    source = await listings.one(wanted.event_id)
    copy = submission(source, listings.settings, wanted, listings.now())
    work = _Clone(listings, copy)
    own = [row async for row in listings.all()]
    if all(row.id != source.id for row in own):
        raise PermissionDenied(
            f"{shown(source.title)} is not one of this account's own listings, so it is not copied.",
            next="Choose a listing that list_events shows for this account.",
        )
    there = [row.id for row in own if work.agrees(row)]
    package, cost = await _package(listings, wanted.package)
    return work.plan(account, package, cost, there)


async def _package(listings: Listings, wanted: str) -> tuple[wire.Package, Money | None]:
    """The package whose credit is used, from the argument or the settings, and its price where the contract tells it."""
    packages = await listings.packages()
    name = wanted or listings.settings.package
    chosen = [package for package in packages if package.uuid == name]
    if not chosen:
        told = f"{shown(name)} is not one of this account's packages." if name else "Which package pays for it?"
        next_step = (
            "Ask the person, then repeat the call with the id of one of allowed as package."
            if packages
            else "Tell the person: the account has no package; evvnt sells them."
        )
        raise InvalidArguments(
            told, next=next_step, field="package", allowed=[package.line for package in packages[:10]]
        )
    return chosen[0], (await listings.contract()).cost_of(chosen[0])


class AlreadyListed(ProviderError):
    """One's own listings hold that title at that start already. Nothing was sent.

    Not a `Conflict`: that is the platform's word that our own request has made the record.
    """

    code = ErrorCode.CONFLICT
    default_next = "Show the listing to the person. For another one give another title or start."


class _Clone:
    """One copy to be made."""

    def __init__(self, listings: Listings, copy: Submission) -> None:
        self._listings = listings
        self._copy = copy

    def agrees(self, row: wire.Event) -> bool:
        """Whether a listing is of the copy's title and start."""
        return _folded(row.title) == _folded(self._copy.title) and row.starts_at == self._copy.starts

    def plan(self, account: str, package: wire.Package, cost: Money | None, there: Sequence[str]) -> WritePlan:
        """The plan. Where such a listing is `there`, nothing is asked and nothing sent: an earlier identical call may
        have made it, and the journal knows; otherwise the step refuses."""
        partner = self._listings.settings.role == "partner"
        body: dict[str, Json] = dict(self._copy.body)
        query: dict[str, str] = {}
        # Shown in the query for partners and in the body for organisers; it is sent in one place only.
        if partner:
            query = {"user_id": self._listings.settings.user_id, "package_id": package.uuid}
        else:
            body["package_id"] = package.uuid
        prepared = self._listings.http.prepare(operations.CREATE_EVENT, query=query, body=body)
        price = str(cost) if cost is not None else "price not known"
        summary = f"{shown(self._copy.title)} on {Moment.instant(self._copy.starts)}"
        step = self._listings.http.step(
            "publish the listing", prepared, wire.Created, lambda answer: {_EVENT: answer.id}, find=self._find
        )

        async def refuse(_context: StepContext) -> Mapping[str, str]:
            raise AlreadyListed(f"The listing {summary} is there already.", allowed=there[:10])

        question = Question(
            text=f"Publish {shown(self._copy.title, 80)} on {Moment.instant(self._copy.starts)} through evvnt "
            f"({account})? It is public at once and uses one credit of the package {shown(package.type or 'package', 30)} "
            f"{package.uuid} ({price}; credits left unknown). evvnt has no way to take it back.",
            why=frozenset({Why.PAID, Why.PUBLIC}),
            reversible=False,
        )
        return WritePlan(
            summary=f"Publish a copy of {summary}",
            makes_true=("listing", _folded(self._copy.title), self._copy.starts.astimezone(UTC).isoformat()),
            steps=(replace(step, send=refuse) if there else step,),
            finish=self._finished,
            stands=self._stands,
            question=None if there else question,
            notes=(f"A listing of this title and start is there already: {', '.join(there[:10])}.",) if there else (),
            facts=self._facts() | {"package": package.uuid, "cost": price},
        )

    def _facts(self) -> dict[str, Json]:
        return {
            "title": self._copy.title,
            "starts": str(Moment.instant(self._copy.starts)),
            "ends": str(Moment.instant(self._copy.ends)),
            "copied": list(self._copy.copied),
            "not_copied": list(self._copy.not_copied),
        }

    async def _find(self, _values: Mapping[str, str]) -> tuple[Found, ...]:
        rows = [row async for row in self._listings.all() if self.agrees(row)]
        return tuple(Found(row.id, {_EVENT: row.id}) for row in rows)

    async def _finished(self, values: Mapping[str, str]) -> WriteResult:
        """The copy as evvnt lists it, among what changed lately."""
        lately = self._listings.now() - timedelta(days=1)
        notes = ("evvnt does not list the copy yet; it may take a while to show.",)
        async for row in self._listings.all(newer_than=lately):
            if row.id == values[_EVENT]:
                notes = self._differences(row)
        return self._result(values[_EVENT], Outcome.DONE, notes)

    async def _stands(self, values: Mapping[str, str]) -> WriteResult | None:
        async for row in self._listings.all():
            if row.id == values.get(_EVENT):
                return self._result(row.id, Outcome.ALREADY_DONE, self._differences(row))
        return None

    def _differences(self, row: wire.Event) -> tuple[str, ...]:
        notes: list[str] = []
        if row.starts_at != self._copy.starts:
            notes.append(f"evvnt shows another start than was sent: {row.starts(self._listings.settings.zone)}.")
        if _folded(row.title) != _folded(self._copy.title):
            notes.append(f"evvnt shows another title than was sent: {shown(row.title)}.")
        return tuple(notes)

    def _result(self, event_id: str, outcome: Outcome, notes: tuple[str, ...]) -> WriteResult:
        return WriteResult(outcome=outcome, event_id=event_id, status="live", facts=self._facts(), notes=notes)
