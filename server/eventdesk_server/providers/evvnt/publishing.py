"""Submitting a listing: public and charged at once, and nothing takes it back, so that a person is always asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from eventdesk_server.http.client import PreparedWrite
from eventdesk_server.providers.evvnt import operations, wire
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_tools.errors import ErrorCode, InvalidArguments, ProviderError
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Found, Question, StepContext, Why, WritePlan
from eventdesk_tools.refs import shown
from eventdesk_tools.times import Moment

_EVENT = "event"


def folded(title: str) -> str:
    """A title as it is compared."""
    return " ".join(title.casefold().split())


async def package_of(listings: Listings, wanted: str) -> tuple[wire.Package, Money | None]:
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


@dataclass(frozen=True, slots=True)
class Publication:
    """One listing to be submitted.

    Attributes:
        body: What is sent, without the package.
        starts: When it starts, an instant.
        facts: What the answer shows of it.
        what: How the plan names it: "a copy of ".
        user: For whom a partner submits it.
        site: The site it comes from, where a partner names one.
    """

    listings: Listings
    body: Mapping[str, Json]
    starts: datetime
    facts: Mapping[str, Json]
    what: str = ""
    user: str = ""
    site: str = ""
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return str(self.body["title"])

    @property
    def when(self) -> Moment:
        return Moment.instant(self.starts)

    def agrees(self, row: wire.Event) -> bool:
        """Whether a listing is of this title and start."""
        return folded(row.title) == folded(self.title) and row.starts_at == self.starts

    async def planned(self, account: str, wanted_package: str, own: Sequence[wire.Event] | None = None) -> WritePlan:
        """The plan, from the login's own listings and its package."""
        rows = [row async for row in self.listings.all()] if own is None else own
        package, cost = await package_of(self.listings, wanted_package)
        return self.plan(account, package, cost, [row.id for row in rows if self.agrees(row)])

    def _request(self, package: wire.Package) -> PreparedWrite:
        """The package is shown in the query for partners and in the body for organisers; it is sent in one place only."""
        if self.listings.settings.role != "partner":
            body = {**self.body, "package_id": package.uuid}
            return self.listings.http.prepare(operations.CREATE_EVENT, body=body)
        query = {"user_id": self.user, "publisher_id": self.site or None, "package_id": package.uuid}
        return self.listings.http.prepare(operations.CREATE_EVENT, query=query, body=dict(self.body))

    def plan(self, account: str, package: wire.Package, cost: Money | None, there: Sequence[str]) -> WritePlan:
        """The plan. Where such a listing is `there`, nothing is asked and nothing sent: an earlier identical call may
        have made it, and the journal knows; otherwise the step refuses."""
        price = str(cost) if cost is not None else "price not known"
        summary = f"{shown(self.title)} on {self.when}"
        step = self.listings.http.step(
            "publish the listing",
            self._request(package),
            wire.Created,
            lambda answer: {_EVENT: answer.id},
            find=self._find,
        )

        async def refuse(_context: StepContext) -> Mapping[str, str]:
            raise AlreadyListed(f"The listing {summary} is there already.", allowed=there[:10])

        question = Question(
            text=f"Publish {shown(self.title, 80)} on {self.when} through evvnt "
            f"({account})? It is public at once and uses one credit of the package {shown(package.type or 'package', 30)} "
            f"{package.uuid} ({price}; credits left unknown). evvnt has no way to take it back.",
            why=frozenset({Why.PAID, Why.PUBLIC}),
            reversible=False,
        )
        here = (f"A listing of this title and start is there already: {', '.join(there[:10])}.",) if there else ()
        return WritePlan(
            summary=f"Publish {self.what}{summary}",
            makes_true=("listing", folded(self.title), self.starts.astimezone(UTC).isoformat()),
            steps=(replace(step, send=refuse) if there else step,),
            finish=self._finished,
            stands=self._stands,
            question=None if there else question,
            notes=(*here, *self.notes),
            facts={**self.facts, "package": package.uuid, "cost": price},
        )

    async def _find(self, _values: Mapping[str, str]) -> tuple[Found, ...]:
        rows = [row async for row in self.listings.all() if self.agrees(row)]
        return tuple(Found(row.id, {_EVENT: row.id}) for row in rows)

    async def _finished(self, values: Mapping[str, str]) -> WriteResult:
        """The listing as evvnt lists it, among what changed lately."""
        lately = self.listings.now() - timedelta(days=1)
        name = "copy" if self.what else "listing"
        notes = (f"evvnt does not list the {name} yet; it may take a while to show.",)
        async for row in self.listings.all(newer_than=lately):
            if row.id == values[_EVENT]:
                notes = self._differences(row)
        return self._result(values[_EVENT], Outcome.DONE, notes)

    async def _stands(self, values: Mapping[str, str]) -> WriteResult | None:
        async for row in self.listings.all():
            if row.id == values.get(_EVENT):
                return self._result(row.id, Outcome.ALREADY_DONE, self._differences(row))
        return None

    def _differences(self, row: wire.Event) -> tuple[str, ...]:
        notes: list[str] = []
        if row.starts_at != self.starts:
            notes.append(f"evvnt shows another start than was sent: {row.starts(self.listings.settings.zone)}.")
        if folded(row.title) != folded(self.title):
            notes.append(f"evvnt shows another title than was sent: {shown(row.title)}.")
        return tuple(notes)

    def _result(self, event_id: str, outcome: Outcome, notes: tuple[str, ...]) -> WriteResult:
        return WriteResult(outcome=outcome, event_id=event_id, status="live", facts=self.facts, notes=notes)
