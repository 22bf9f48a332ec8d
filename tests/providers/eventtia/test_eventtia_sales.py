"""Payments and the programme: whole, resumable, and never taken for what they are not."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from eventdesk_tools.errors import NotFound, UnknownRef, Unsupported
from eventdesk_tools.models import Session
from eventdesk_tools.money import Money
from eventdesk_tools.ports import Capability, EventProvider
from eventdesk_tools.records import Page, Sale, SaleQuery, SaleStatus, SessionQuery
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import Upstream, attendee, event, example, kind, listed, provider_of, question
from tests.providers.eventtia.seasons import URI, season

pytestmark = pytest.mark.anyio

STATUS = {
    "processing": "pending",
    "accepted": "paid",
    "refuted": "failed",
    "error": "failed",
    "expired": "expired",
    "refunded": "refunded",
}
PAGE = "page%5Bnumber%5D=1&page%5Bsize%5D=24"


async def sales(provider: EventProvider, at: int | None = None, **given: Any) -> list[Page[Sale]]:
    plain: dict[str, Any] = {"event_id": URI}
    return [page async for page in provider.list_sales(SaleQuery(**plain | given), at=at)]


async def sessions(provider: EventProvider, at: int | None = None, **given: Any) -> list[Page[Session]]:
    plain: dict[str, Any] = {"event_id": URI}
    return [page async for page in provider.list_sessions(SessionQuery(**plain | given), at=at)]


INES = attendee("600001", "1", {"101": "Ines", "102": "Vidal", "103": "ines@vidal.example"})


def fair(**answers: Any) -> Upstream:
    given = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": listed(
            [kind("1", "Day")],
            included=[
                question("101", "1", "first_name", default=True),
                question("102", "1", "last_name", default=True),
                question("103", "1", "email", default=True),
            ],
        ),
        "GET events/fair/attendees": listed([INES]),
        "GET events/fair/attendees/600001": {"data": INES},
        "GET events/fair/attendee-payments": example("specimen_list_payments"),
    }
    return Upstream(given | answers)


async def test_237_payments_are_listed_each_once_also_from_every_page(rehearsal: Rehearse) -> None:
    given, truth = season(11, people=40, sessions=0)
    async with rehearsal("eventtia", season=given) as r:
        whole = await sales(r.provider)
        rows = [row for page in whole for row in page.rows]
        assert len(rows) == 237
        told = {
            row.id: (row.status.value, row.amount and (row.amount.amount, row.amount.currency), row.email)
            for row in rows
        }
        assert told == {
            one: (STATUS[status], (amount, currency), truth.emails[payer])
            for one, (status, currency, amount, payer) in truth.payments.items()
        }
        for number, page in enumerate(whole):
            assert page.at == number + 1
            if number % 4 == 0:
                assert await sales(r.provider, page.at) == whole[number:]


@pytest.mark.parametrize("status", ["pending", "paid", "failed", "expired", "refunded"])
async def test_a_status_is_asked_for_in_the_platforms_words(rehearsal: Rehearse, status: str) -> None:
    given, truth = season(12, people=20, sessions=0, payments=80)
    async with rehearsal("eventtia", season=given) as r:
        rows = [row for page in await sales(r.provider, status=status) for row in page.rows]
        assert {row.id for row in rows} == {one for one, (word, *_) in truth.payments.items() if STATUS[word] == status}
        assert {row.status.value for row in rows} == {status}


async def test_a_payment_is_told_whole_and_asked_for_in_few_requests() -> None:
    upstream = fair()
    ((page,),) = [await sales(provider_of(upstream), event_id="fair")]
    (row,) = page.rows
    assert row.made is not None
    assert row == Sale(
        id="4400001",
        buyer="Ines Vidal",
        email="ines@vidal.example",
        status=SaleStatus.PAID,
        event_id="fair",
        event="Fair",
        amount=Money(Decimal("120.0"), "EUR"),
        made=row.made,
        method="Manual payment",
        reference="Bank transfer",
    )
    assert row.made.isoformat() == "2026-03-03T11:00:00+01:00"
    assert page.total is None
    assert upstream.asked == [
        "GET events/fair",
        f"GET events/fair/attendee-payments?{PAGE}",
        f"GET events/fair/attendee_types?{PAGE}",
        "GET events/fair/attendees/600001",
    ]


def many_payers(number: int, heads: int) -> Upstream:
    """So many payments, each of another person, at an event of so many people."""
    people = [attendee(str(n), "1", {"101": "Ines", "103": f"p{n}@vidal.example"}) for n in range(1, number + 1)]
    (row,) = example("specimen_list_payments")["data"]
    paid = [
        {**row, "id": f"9{n}", "relationships": {"attendee": {"data": {"id": str(n), "type": "attendees"}}}}
        for n in range(1, number + 1)
    ]
    counted = {"data": people, "meta": {"total_pages": -(-heads // 24), "total_attendees": heads}}

    def listing(request: httpx2.Request) -> Any:
        return listed(people) if "include_archived" in request.url.params else counted

    return fair(
        **{"GET events/fair/attendee-payments": listed(paid), "GET events/fair/attendees": listing},
        **{f"GET events/fair/attendees/{n}": {"data": person} for n, person in enumerate(people, 1)},
    )


@pytest.mark.parametrize(
    ("payers", "heads", "one_by_one"), [(2, 9, True), (5, 60, False), (5, 2_000, True), (20, 470, False)]
)
async def test_payers_are_read_one_by_one_unless_the_list_of_people_is_shorter(
    payers: int, heads: int, one_by_one: bool
) -> None:
    upstream = many_payers(payers, heads)
    provider = provider_of(upstream)
    (page,) = await sales(provider, event_id="fair")
    assert [row.email for row in page.rows] == [f"p{n}@vidal.example" for n in range(1, payers + 1)]
    singly = [line for line in upstream.asked if "attendees/" in line]
    assert len(singly) == (payers if one_by_one else 0)
    upstream.seen.clear()
    assert await sales(provider, event_id="fair") == [page]
    assert upstream.asked == ["GET events/fair", f"GET events/fair/attendee-payments?{PAGE}"]


async def test_a_payer_who_is_gone_leaves_the_payment_without_a_name() -> None:
    upstream = fair(**{"GET events/fair/attendees/600001": httpx2.Response(404, json={"message": "gone"})})
    ((row,),) = [page.rows for page in await sales(provider_of(upstream), event_id="fair")]
    assert (row.buyer, row.email, row.id) == ("", "", "4400001")


async def test_times_and_an_address_narrow_the_requests_never_too_far() -> None:
    upstream = fair()
    await sales(
        provider_of(upstream),
        event_id="fair",
        email="Ines@Vidal.example",
        status="failed",
        since=datetime(2026, 3, 3, 12, 30, tzinfo=UTC),
        until=datetime(2026, 3, 4, tzinfo=UTC),
    )
    assert upstream.asked[1] == (
        "GET events/fair/attendee-payments?status=refuted%2Cerror&start_date_time=2026-03-02%2012%3A30&"
        f"end_date_time=2026-03-05%2000%3A00&{PAGE}"
    )
    assert "email=ines%40vidal.example" in upstream.asked[3]


async def test_a_payment_without_payer_amount_or_a_known_word_is_still_a_row() -> None:
    row = example("specimen_list_payments")["data"][0]
    told = {**row["attributes"], "total_amount": None, "currency": None, "status": "on_hold", "created_at": None}
    odd = {**row, "attributes": {**told, "fee": {"x": 1}}, "relationships": {"attendee": {"data": None}}}
    number = {**row, "id": 9, "attributes": {**row["attributes"], "total_amount": 48.5, "currency": "usd"}}
    upstream = fair(**{"GET events/fair/attendee-payments": listed([odd, number])})
    first, second = (await sales(provider_of(upstream), event_id="fair"))[0].rows
    assert (first.buyer, first.amount, first.made, first.status, first.word) == (
        "", None, None, SaleStatus.UNKNOWN, "on_hold",
    )  # fmt: skip
    assert (second.id, str(second.amount)) == ("9", "48.50 USD")


@pytest.mark.parametrize(
    ("given", "field", "following"),
    [
        ({"status": "unpaid"}, "status", "list_attendees with paid false"),
        ({"status": "cancelled"}, "status", "Payments are not orders"),
        ({"status": "mismatch"}, "status", "Payments are not orders"),
        ({"event_id": ""}, "event", "for each event"),
        ({"occurrence": date(2027, 5, 1)}, "occurrence", "without occurrence"),
    ],
)
async def test_what_payments_cannot_answer_is_refused_with_the_way_that_works(
    given: dict[str, Any], field: str, following: str
) -> None:
    upstream = fair()
    with pytest.raises(Unsupported) as caught:
        await sales(provider_of(upstream), None, **{"event_id": "fair"} | given)
    assert following in caught.value.next
    assert (caught.value.field, upstream.seen) == (field, [])


def test_the_table_says_that_payments_are_not_orders() -> None:
    how = provider_of(fair()).cell(Capability.LIST_SALES).how
    assert "payments only" in how
    assert "list_attendees with paid false" in how


async def test_sales_are_not_changed_before_any_request() -> None:
    upstream = fair()
    with pytest.raises(Unsupported, match="payments can only be read"):
        await provider_of(upstream).plan_sale_update("fair", "4400001", "mark_paid", whole_order=False)
    assert upstream.seen == []


# The programme -------------------------------------------------------------------------------------------------------


async def test_237_sessions_are_listed_each_once_also_from_every_page(rehearsal: Rehearse) -> None:
    given, _ = season(13, people=0, payments=0)
    async with rehearsal("eventtia", season=given) as r:
        whole = await sessions(r.provider)
        rows = [row for page in whole for row in page.rows]
        assert sorted(row.title for row in rows) == sorted(f"Talk {number}" for number in range(237))
        assert len({row.id for row in rows}) == len(rows) == 237
        for number, page in enumerate(whole):
            assert page.at == number + 1
            if number % 4 == 0:
                assert await sessions(r.provider, page.at) == whole[number:]
        assert {(row.speakers, row.track) for row in rows} == {
            (("Rhea Sol",), "Hands-on"), (("Rhea Sol",), ""), ((), "Hands-on"), ((), ""),
        }  # fmt: skip
        assert all(str(row.starts).endswith("-05:00") for row in rows)


async def test_the_sessions_of_a_person_by_ref_and_by_address(rehearsal: Rehearse) -> None:
    given, truth = season(14, people=40, payments=0, sessions=30)
    booked = next(one for one in sorted(truth.active) if truth.booked[one])
    by: tuple[Callable[[str], str], ...] = (lambda one: f"a-{one}", lambda one: truth.emails[one].upper())
    async with rehearsal("eventtia", season=given) as r:
        for name in by:
            rows = [row for page in await sessions(r.provider, attendee=name(booked)) for row in page.rows]
            assert {row.id for row in rows} == truth.booked[booked]
        with pytest.raises(NotFound, match="Nobody is registered"):
            await sessions(r.provider, attendee="nobody@fair.example")


async def test_an_address_with_two_registrations_has_the_sessions_of_both_once_also_from_every_page() -> None:
    lab, talk, tour = example("specimen_list_activities")["data"] * 3
    lab, talk, tour = {**lab, "id": "7"}, {**talk, "id": "8"}, {**tour, "id": "9"}
    both = [attendee(number, "1", {"103": "ines@vidal.example"}) for number in ("5", "6")]
    upstream = fair(
        **{
            "GET events/fair/attendees": listed(both),
            "GET events/fair/attendees/5/workshops": listed([lab, talk]),
            "GET events/fair/attendees/6/workshops": listed([talk, tour]),
        }
    )
    provider = provider_of(upstream)
    whole = await sessions(provider, event_id="fair", attendee="ines@vidal.example")
    assert [(page.at, [row.id for row in page.rows]) for page in whole] == [(1, ["7", "8"]), (1001, ["9"])]
    again = await sessions(provider, 1001, event_id="fair", attendee="ines@vidal.example")
    assert [(page.at, [row.id for row in page.rows]) for page in again] == [(1001, ["8", "9"])]


async def test_a_payment_has_no_sessions() -> None:
    with pytest.raises(UnknownRef, match="orders are payments"):
        await sessions(provider_of(fair()), event_id="fair", attendee="o-4400001")


async def test_a_session_tells_its_description_its_link_and_its_categories() -> None:
    record = example("specimen_list_activities")["data"][0]
    links = {"workshop_categories": {"data": [{"id": "3301"}, {"id": "9"}]}, "speakers": {"data": [{"id": "6101"}]}}
    told = {**record["attributes"], "description": "<p>Bring clay</p>", "streaming_url": "https://meet.example/lab"}
    included = [
        {"id": "3301", "type": "workshop_categories", "attributes": {"name": "Hands-on", "color": "#0f7b6c"}},
        {"id": "6101", "type": "speakers", "attributes": {"full_name": "Rhea Sol"}},
    ]
    answer = listed([{**record, "attributes": told, "relationships": links}], included=included)
    upstream = fair(**{"GET events/fair/workshops": answer})
    (row,) = (await sessions(provider_of(upstream), event_id="fair"))[0].rows
    assert (row.description, row.url, row.track, row.speakers) == (
        "<p>Bring clay</p>",
        "https://meet.example/lab",
        "Hands-on",
        ("Rhea Sol",),
    )
    assert upstream.asked[-1] == f"GET events/fair/workshops?include=workshop_categories%2Cspeakers&{PAGE}"
