"""evvnt's writing operations under the guards of the tools, and its reads without what logs somebody in."""

from collections.abc import Mapping
from typing import cast

from eventdesk_server.providers.declared import Guarded
from eventdesk_server.providers.evvnt import operations, operations_other, rules, wire
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.providers.evvnt.publishing import Publication
from eventdesk_server.providers.evvnt.submission import check_user
from eventdesk_server.providers.evvnt.updating import Correction, check_links
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.refs import shown
from eventdesk_tools.times import Moment

Arguments = Mapping[str, Json]
_LOGIN = "report_url"
_USER = "user_id"


def without_logins(answer: Json) -> Json:
    """A decoded answer without the addresses that start a session (documentation, Partner API, note 1)."""
    if isinstance(answer, Mapping):
        fields = cast("Arguments", answer)
        return {name: without_logins(value) for name, value in fields.items() if name != _LOGIN}
    if isinstance(answer, list):
        return [without_logins(item) for item in cast("list[Json]", answer)]
    return answer


def guarded(listings: Listings, account: str) -> Guarded:
    """By name: what publishes, changes or buys. Users of a partner are changed without a guard."""

    async def create(given: Arguments) -> WritePlan:
        return await _create(listings, account, given)

    async def update(given: Arguments) -> WritePlan | WriteResult:
        return await _update(listings, account, given)

    async def buy(given: Arguments) -> WritePlan:
        return await _buy(listings, account, given)

    async def tell(given: Arguments) -> WritePlan:
        return await _tell(listings, account, given)

    return {
        operations.CREATE_EVENT.name: create,
        operations.UPDATE_EVENT.name: update,
        operations_other.CREATE_PACKAGE.name: buy,
        operations_other.SET_PUBLISHED.name: tell,
    }


def _named(field: str) -> str:
    return f"arguments.{field}"


def _user(listings: Listings, given: Arguments) -> str:
    """For whom a partner acts; nobody else names a user."""
    user = str(given.get(_USER) or "").strip()
    if user and listings.settings.role != "partner":
        raise InvalidArguments(
            "Only a partner acts for a user.", field=_named(_USER), next="Leave user_id out of arguments."
        )
    if listings.settings.role != "partner":
        return ""
    if not user:
        check_user(listings.settings, _named(_USER))
    return user or listings.settings.user_id


async def _create(listings: Listings, account: str, given: Arguments) -> WritePlan:
    user = _user(listings, given)
    site = str(given.get("publisher_id") or "")
    if site and listings.settings.role != "partner":
        raise InvalidArguments("Only a partner names the site of origin.", field=_named("publisher_id"))
    body = {name: value for name, value in given.items() if name not in {_USER, "publisher_id", "package_id"}}
    rules.check(body, _named)
    lacking = rules.missing(body)
    if lacking:
        raise InvalidArguments(f"evvnt requires {', '.join(lacking)}.", field=_named(lacking[0]))
    starts = rules.instant_of(str(body["start_time"]))
    if starts is None or starts <= listings.now():
        raise InvalidArguments("A listing is submitted for what is to come.", field=_named("start_time"))
    facts = {"title": body["title"], "starts": str(Moment.instant(starts))}
    work = Publication(listings, body, starts, facts, user=user, site=site)
    return await work.planned(account, str(given.get("package_id") or ""))


async def _update(listings: Listings, account: str, given: Arguments) -> WritePlan | WriteResult:
    user = str(given.get(_USER) or "").strip()
    body = {name: value for name, value in given.items() if name not in {_USER, "event"}}
    if not body:
        raise InvalidArguments("Nothing is to be changed.", field="arguments")
    row, _ = await listings.own(str(given["event"]))
    work = Correction(listings, account, row, body, _named, user=user)
    if "links" in body:
        check_links(row, cast("Arguments", body["links"]), set())
    return work.plan()


async def _buy(listings: Listings, account: str, given: Arguments) -> WritePlan:
    """Buying credits: the price is in the question, and nothing tells two purchases apart but what is said of them."""
    user = _user(listings, given)
    quantity = int(given["event_quantity"])
    if not 1 <= quantity <= 10_000:
        raise InvalidArguments("event_quantity is at least 1.", field=_named("event_quantity"))
    contract = await listings.contract()
    option = contract.option(str(given["id"]))
    if option is None:
        raise InvalidArguments(
            f"The contract has no option {given['id']}.",
            field=_named("id"),
            allowed=[choice.line for choice in contract.package_options[:10]],
            next="Ask the person which one, then repeat the call with its number as id.",
        )
    if option.cost is None:
        raise InvalidArguments(
            "The contract does not tell what this option costs, so that it is not bought here.",
            field=_named("id"),
            next="Tell the person to buy it in evvnt.",
        )
    price = str(Money(option.cost.amount * quantity, option.cost.currency))
    body = {name: value for name, value in given.items() if name != _USER}
    order, notes = str(given.get("purchase_order_id") or ""), str(given.get("notes") or "")

    def agrees(package: wire.BoughtPackage) -> bool:
        return (package.type, package.broadcast_volume, package.event_quantity, package.purchase_order_id, package.notes) == (
            option.type, option.broadcast_volume, quantity, order, notes,
        )  # fmt: skip

    async def find(_values: Mapping[str, str]) -> tuple[Found, ...]:
        found = [package.uuid for package in await listings.bought(user) if agrees(package)]
        return tuple(Found(uuid, {"package": uuid}) for uuid in found)

    async def finish(values: Mapping[str, str]) -> WriteResult:
        return _bought(values["package"], price, Outcome.DONE)

    async def stands(values: Mapping[str, str]) -> WriteResult | None:
        uuid = values.get("package", "")
        # Money is not spent again because the answer to the purchase named another package than the list does.
        bought = await listings.bought(user)
        held = [p.uuid for p in bought if p.uuid == uuid] or [p.uuid for p in bought if agrees(p)]
        return _bought(held[0], price, Outcome.ALREADY_DONE) if held else None

    prepared = listings.http.prepare(
        operations_other.CREATE_PACKAGE, query={_USER: user} if user else {}, body=dict(body)
    )
    return WritePlan(
        summary=f"Buy {quantity} × {shown(option.type or 'package', 30)} at evvnt for {price}",
        makes_true=("package", user, option.id, str(quantity), order, notes),
        steps=(
            listings.http.step(
                "buy the package", prepared, wire.Created, lambda answer: {"package": answer.id}, find=find
            ),
        ),
        finish=finish,
        stands=stands,
        question=Question(
            text=f"Buy credits for {quantity} events ({shown(option.type or 'package', 30)}, to "
            f"{option.broadcast_volume} sites each) at evvnt ({account}) for {price}, {option.cost} an event? "
            "The money is spent at once, and nothing here takes it back.",
            why=frozenset({Why.PAID}),
            reversible=False,
        ),
        facts={"cost": price},
        notes=("A second identical purchase needs another purchase_order_id or other notes.",),
    )


def _bought(uuid: str, price: str, outcome: Outcome) -> WriteResult:
    return WriteResult(outcome=outcome, status="bought", facts={"package": uuid, "cost": price})


async def _tell(listings: Listings, account: str, given: Arguments) -> WritePlan:
    """Where a site shows a listing. With both, the slug would be dropped."""
    said = {name: str(given[name]).strip() for name in ("url", "slug") if str(given.get(name) or "").strip()}
    if len(said) != 1:
        raise InvalidArguments(
            "Give either url or slug: with both, evvnt drops the slug.", field=_named("url"), next="Leave one out."
        )
    if "url" in said:
        rules.check_address(said["url"], _named("url"))
    path = {"publisher": str(given["publisher"]), "event": str(given["event"])}
    before = await listings.http.read(operations_other.GET_PUBLISHED, wire.Published, path=path)
    prepared = listings.http.prepare(operations_other.SET_PUBLISHED, path=path, body=dict(said))

    async def finish(_values: Mapping[str, str]) -> WriteResult:
        now = await listings.http.read(operations_other.GET_PUBLISHED, wire.Published, path=path)
        other = "url" in said and now.url != said["url"]
        notes = (f"evvnt shows {shown(now.url or 'no address')}, not what was sent.",) if other else ()
        return WriteResult(outcome=Outcome.DONE, event_id=path["event"], facts={"url": now.url}, notes=notes)

    (what,) = said.values()
    return WritePlan(
        summary=f"Tell evvnt where {shown(before.event_title)} is shown",
        makes_true=("published page", *path.values(), *said, what),
        steps=(listings.http.step("tell the page", prepared, object, lambda _: {}),),
        finish=finish,
        question=Question(
            text=f"Tell evvnt ({account}) that {shown(before.event_title, 80)} is shown at {shown(what, 120)}"
            f"{f', not at {shown(before.url, 120)}' if before.url else ''}?",
            why=frozenset({Why.VISIBLE_CHANGE}),
            reversible=True,
        ),
        changes=(Change("url", before.url or None, what),),
    )
