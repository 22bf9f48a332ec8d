"""HeySummit's talks, people and held tickets as lists: read whole, resumed anywhere, and honest about what is not told."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventdesk_tools.errors import (
    EventdeskError,
    InvalidArguments,
    ListIncomplete,
    NotFound,
    ProviderChanged,
    UnknownRef,
    Unsupported,
)
from eventdesk_tools.models import PersonStatus, Session
from eventdesk_tools.money import Money
from eventdesk_tools.ports import Capability, Mode
from eventdesk_tools.records import Attendee, AttendeeQuery, Sale, SaleQuery, SaleStatus, SessionQuery
from eventdesk_tools.times import Moment
from tests.providers.conftest import Rehearse
from tests.providers.heysummit.desk import KIM, SETTINGS, TALK, V1, V2, page, v1, v2
from tests.providers.heysummit.summit import VERSIONS, crowd, people_of, person, season, talk, whole
from tests.providers.scripted import answers, in_turn

pytestmark = pytest.mark.anyio
LONDON = ZoneInfo("Europe/London")
ALL = AttendeeQuery(event_id="4711", status="all")
MANY = season([person(n, talks=[90_000 + n]) for n in range(237)], [talk(n) for n in range(237)])
SWITCHES: list[dict[str, Any]] = [{}, {"heysummit.omit_next": True}, {"heysummit.omit_next": "null"}]


@pytest.mark.parametrize("switches", SWITCHES)
@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_every_list_gives_each_of_237_records_once_and_goes_on_from_any_page(
    version: str, switches: dict[str, Any], rehearsal: Rehearse
) -> None:
    async with rehearsal("heysummit", season=MANY, settings=VERSIONS[version], switches=switches) as r:
        lists: list[Callable[[int | None], Any]] = [
            lambda at: r.provider.list_attendees(ALL, at=at),
            lambda at: r.provider.list_sessions(SessionQuery(event_id="4711"), at=at),
        ]
        if version == "v1":
            lists.append(lambda at: r.provider.list_sales(SaleQuery(event_id="4711"), at=at))
        for read in lists:
            pages = await whole(read(None))
            ids = [row.id for page in pages for row in page.rows]
            assert (len(ids), len(set(ids))) == (237, 237)
            for number, start in enumerate(pages):
                resumed = await whole(read(start.at))
                assert [[row.id for row in page.rows] for page in resumed] == [
                    [row.id for row in page.rows] for page in pages[number:]
                ]
        assert r.writes == []


@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_the_platforms_count_is_the_total_only_where_nothing_is_left_to_filter(
    version: str, rehearsal: Rehearse
) -> None:
    people = [person(n, registration_status="Completed Order" if n % 3 else "Started Order") for n in range(30)]
    async with rehearsal(
        "heysummit", season=season(people, [talk(n) for n in range(12)]), settings=VERSIONS[version]
    ) as r:

        async def total(**filters: Any) -> int | None:
            return (await whole(r.provider.list_attendees(AttendeeQuery(event_id="4711", **filters))))[0].total

        assert await total(status="all") == 30
        assert await total() == (20 if version == "v2" else None)
        assert await total(status="incomplete") is None
        assert await total(status="all", name="Person 1") is None
        assert await total(status="all", since=datetime(2027, 1, 1, tzinfo=UTC)) is None
        talks = SessionQuery(event_id="4711")
        assert (await whole(r.provider.list_sessions(talks)))[0].total == 12
        dated = SessionQuery(event_id="4711", day=date(2027, 7, 6))
        assert (await whole(r.provider.list_sessions(dated)))[0].total is None


async def test_a_list_that_counts_in_another_way_than_usual_is_resumed_in_that_way() -> None:
    talks = [TALK | {"id": number} for number in range(1, 6)]
    script = v2()
    link = f"https://app.heysummit.com{V2}talks/?page="
    script.script[f"GET {V2}talks/"] = in_turn(
        answers(page(*talks[:2], count=5, next=link + "2")),
        answers(page(*talks[2:4], count=5, next=link + "3")),
        answers(page(talks[4], count=5)),
        answers(page(*talks[2:4], count=5, next=link + "3")),
        answers(page(talks[4], count=5)),
        answers(page(*talks[:2], count=5, next=link + "2")),
    )
    account = script.account(SETTINGS)
    pages = await whole(account.list_sessions(SessionQuery(event_id="4711")))
    assert [[row.id for row in page.rows] for page in pages] == [["1", "2"], ["3", "4"], ["5"]]
    script.seen.clear()
    again = await whole(account.list_sessions(SessionQuery(event_id="4711"), at=pages[1].at))
    assert [[row.id for row in page.rows] for page in again] == [["3", "4"], ["5"]]
    assert script.asked[1:3] == [f"GET {V2}talks/?page=2", f"GET {V2}talks/?page=3"]


async def test_rows_that_move_between_pages_are_listed_once_and_the_list_is_read_again_for_those_missed() -> None:
    people = [KIM | {"id": number} for number in range(1, 7)]
    script = v2()
    script.script[f"GET {V2}attendees/"] = in_turn(
        answers(page(*people[:3], count=5)),
        answers(page(people[2], people[3], count=6)),
        answers(page(people[4], count=6)),
        answers(page(people[5], *people[:3], count=6)),
        answers(page(*people[3:5], count=6)),
    )
    pages = await whole(script.account(SETTINGS).list_attendees(ALL))
    assert [row.id for page in pages for row in page.rows] == ["1", "2", "3", "4", "5", "6"]
    assert [page.moved for page in pages] == [False, False, False, True]


async def test_a_list_that_stops_before_its_own_count_is_not_taken_for_whole() -> None:
    script = v2()
    script.script[f"GET {V2}attendees/"] = in_turn(answers(page(KIM, count=3)), answers(page(count=3)))
    with pytest.raises(ListIncomplete, match=r"counts 3 records here and gave 1"):
        await whole(script.account(SETTINGS).list_attendees(ALL))


async def test_a_person_is_told_whole() -> None:
    script = v2(people=(KIM | {"utm_source": "social", "unknown": {"deep": [1]}, "questions": None},))
    script.script[f"GET {V2}talks/"] = answers(page(TALK))
    columns = frozenset({"ref", "name", "sessions", "registered", "source"})
    (found,) = await people_of(script.account(SETTINGS), columns=columns)
    assert found == Attendee(
        id="33001",
        name="Kim Quay",
        email="kim@example.org",
        status=PersonStatus.CONFIRMED,
        sessions=("Keynote: tides",),
        registered=datetime(2027, 5, 1, 9, 15, tzinfo=LONDON),
        source="social",
    )
    assert str(found.registered) == "2027-05-01 09:15:00+01:00"
    assert script.asked == [
        f"GET {V2}", f"GET {V2}talks/?limit=50", f"GET {V2}attendees/?registration_status=Completed Order&limit=50",
    ]  # fmt: skip


async def test_talks_are_read_for_a_person_only_when_they_are_asked_for() -> None:
    script = v2(people=(KIM,))
    (found,) = await people_of(script.account(SETTINGS))
    assert found.sessions is None
    assert not any("talks" in line for line in script.asked)


async def test_on_version_1_a_person_shows_the_tickets_they_hold() -> None:
    held = [
        {"ticket_id": 30, "ticket_name": "Day pass", "amount_gross": "49.00", "amount_net": 40, "created_at": "2027-02-01T10:00:00.5"},
        {"ticket_id": 31, "ticket_name": "Dinner", "amount_gross": "30", "created_at": None},
        {"ticket_id": 32, "ticket_name": "Gift", "amount_gross": None, "created_at": None},
    ]  # fmt: skip
    kim = KIM | {"id": "33001", "tickets": held, "talks": ["https://api.heysummit.com/api/talks/90210/"]}
    script = v1(people=(kim, kim | {"id": 2, "event_id": 24}))
    account = script.account(V1 | {"zone": "Europe/London"})
    (found,) = await people_of(account, status="all", columns=frozenset({"ticket", "amount"}))
    assert (found.id, found.ticket, found.ticket_id) == ("33001", "Day pass, Dinner, Gift", "30,31,32")
    assert (str(found.amount), found.heads) == ("79.00 ?", 1)
    (pages,) = await whole(account.list_sales(SaleQuery(event_id="4711")))
    first, second, third = pages.rows
    assert first == Sale(
        id="33001-30",
        buyer="Kim Quay",
        email="kim@example.org",
        status=SaleStatus.UNKNOWN,
        event_id="4711",
        event="Harbour Design Week",
        items=(("Day pass", 1),),
        amount=Money(Decimal("49.00")),
        made=datetime(2027, 2, 1, 10, 0, 0, 500000, tzinfo=LONDON),
        quantity=1,
    )
    assert (str(first.amount), str(second.amount), third.amount, third.made) == ("49.00 ?", "30.00 ?", None, None)
    assert pages.total is None


async def test_a_ticket_held_twice_is_two_sales_with_ids_of_their_own() -> None:
    held = [{"ticket_id": 30, "ticket_name": "Day pass"}, {"ticket_id": 30, "ticket_name": "Day pass"}]
    script = v1(people=(KIM | {"tickets": held},))
    (pages,) = await whole(script.account(V1).list_sales(SaleQuery(event_id="4711")))
    assert [sale.id for sale in pages.rows] == ["33001-30", "33001-30-2"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed Order", PersonStatus.CONFIRMED),
        ("completed order", PersonStatus.CONFIRMED),
        ("Started Order", PersonStatus.INCOMPLETE),
        ("", PersonStatus.UNKNOWN),
        (None, PersonStatus.UNKNOWN),
    ],
)
async def test_one_word_of_the_platform_means_registered(word: str | None, status: PersonStatus) -> None:
    script = v2(people=(KIM | {"registration_status": word},))
    (found,) = await people_of(script.account(SETTINGS), status="all")
    assert (found.status, found.word) == (status, "" if status is PersonStatus.CONFIRMED else (word or ""))


async def test_version_2_narrows_by_state_only_where_its_words_say_the_same() -> None:
    script = v2(people=(KIM,))
    account = script.account(SETTINGS)
    for status in ("active", "confirmed", "incomplete", "unknown", "all"):
        await people_of(account, status=status)
    asked = [line.partition("?")[2] for line in script.asked if "attendees" in line]
    assert asked == ["registration_status=Completed Order&limit=50"] * 2 + ["limit=50"] * 3


@pytest.mark.parametrize("kept", ["kim@example.org", "Kim@example.org", "KIM@Example.ORG"])
@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_a_person_is_found_by_address_however_it_is_written(version: str, kept: str, rehearsal: Rehearse) -> None:
    people = [person(n) for n in range(120)]
    people[77]["email"] = kept
    async with rehearsal("heysummit", season=season(people), settings=VERSIONS[version]) as r:
        found = [
            a for a in await people_of(r.provider, email="kim@example.org") if a.email.lower() == "kim@example.org"
        ]
        assert [(a.id, a.email) for a in found] == [("40077", kept)]
        requests = len(r.seen)
        assert requests <= 16
        if version == "v2" and kept != "KIM@Example.ORG":
            assert requests <= 5, "the platform's own filter found them"


async def test_an_address_with_a_plus_is_encoded_once() -> None:
    script = v2(people=(KIM | {"email": "kim+x@example.org"},))
    await people_of(script.account(SETTINGS), email="kim+x@example.org")
    assert b"email=kim%2Bx%40example.org" in script.seen[1].url.raw_path


async def test_people_of_one_talk_are_told_by_their_schedule(rehearsal: Rehearse) -> None:
    people = [person(n, talks=[90_000 + n % 2]) for n in range(60)]
    for settings in VERSIONS.values():
        async with rehearsal("heysummit", season=season(people, [talk(0), talk(1)]), settings=settings) as r:
            found = await people_of(r.provider, session="Talk 1")
            assert sorted(a.id for a in found) == sorted(str(40_000 + n) for n in range(60) if n % 2)
            assert len(await people_of(r.provider, session="s-90000")) == 30
            with pytest.raises(UnknownRef):
                await people_of(r.provider, session="Nothing of the kind")


@pytest.mark.parametrize(
    ("settings", "filters", "says", "field"),
    [
        (SETTINGS, {"paid": True}, "paid", "paid"),
        (SETTINGS, {"checked_in": False}, "checked_in", "checked_in"),
        (SETTINGS, {"ticket": "t-8801"}, "tickets", "ticket"),
        (SETTINGS, {"columns": frozenset({"name", "ticket"})}, "tickets", "fields"),
        (SETTINGS, {"columns": frozenset({"amount"})}, "tickets", "fields"),
        (SETTINGS, {"columns": frozenset({"phone", "name"})}, "phone", "fields"),
        (SETTINGS, {"columns": frozenset({"answers"})}, "answers", "fields"),
        (SETTINGS, {"status": "cancelled"}, "cancelled", "status"),
        (SETTINGS, {"status": "pending"}, "pending", "status"),
        (SETTINGS, {"occurrence": date(2027, 7, 6)}, "repeat", "occurrence"),
        (V1, {"columns": frozenset({"company"})}, "company", "fields"),
        (V1, {"paid": False}, "paid", "paid"),
    ],
)
async def test_what_is_not_told_of_a_person_is_refused_before_any_request(
    settings: dict[str, Any], filters: dict[str, Any], says: str, field: str
) -> None:
    script = v2() if settings is SETTINGS else v1()
    with pytest.raises((Unsupported, InvalidArguments), match=says) as caught:
        await people_of(script.account(settings), **filters)
    assert (caught.value.field, script.seen) == (field, [])


async def test_the_usual_columns_are_answered_though_version_2_tells_no_tickets() -> None:
    usual = frozenset({"ref", "name", "email", "ticket", "status"})
    (found,) = await people_of(v2(people=(KIM,)).account(SETTINGS), columns=usual)
    assert (found.ticket, found.ticket_id, found.amount) == ("", "", None)


async def test_an_event_that_is_not_there_is_not_an_empty_list() -> None:
    script = v1()
    script.script["GET /api/events/4711/"] = answers({"detail": "Not found."}, 404)
    account = script.account(V1)
    reads: list[Any] = [
        account.list_attendees(ALL), account.list_sessions(SessionQuery(event_id="4711")),
        account.list_sales(SaleQuery(event_id="4711")),
    ]  # fmt: skip
    for read in reads:
        with pytest.raises(NotFound):
            await whole(read)


async def test_version_2_lists_no_sales_and_version_1_only_of_one_event_in_no_state() -> None:
    script = v2()
    with pytest.raises(Unsupported, match="no orders") as caught:
        await whole(script.account(SETTINGS).list_sales(SaleQuery(event_id="4711")))
    assert "v1" in caught.value.next
    old = v1()
    refusals: list[EventdeskError] = []
    for query in (
        SaleQuery(), SaleQuery(event_id="4711", status="paid"), SaleQuery(event_id="4711", occurrence=date(2027, 7, 6)),
    ):  # fmt: skip
        with pytest.raises((Unsupported, InvalidArguments)) as told:
            await whole(old.account(V1).list_sales(query))
        refusals.append(told.value)
    assert [refusal.field for refusal in refusals] == ["event", "status", "occurrence"]
    assert (script.seen, old.seen) == ([], [])
    modes = [account.cell(Capability.LIST_SALES).mode for account in (script.account(SETTINGS), old.account(V1))]
    assert modes == [Mode.UNSUPPORTED, Mode.EMULATED]


async def test_a_talk_is_told_whole_and_an_api_address_is_no_page() -> None:
    one = TALK | {
        "url": "https://harbour.example.com/talks/tides/", "stage": {"title": "Main stage"}, "inperson_venue": 7,
        "description_short": "About tides", "surprise": [1], "is_active": "true",
    }  # fmt: skip
    rows = (
        one,
        TALK | {"id": "2", "date": None, "url": "https://app.heysummit.com/api/v2/events/4711/talks/2/"},
        TALK | {"id": 3, "talk_cancelled": True, "url": "https://api.heysummit.com/talks/3"},
        TALK | {"id": 4, "is_active": "false", "date": None, "speakers": [51, None], "categories": [7]},
    )
    script = v2()
    script.script[f"GET {V2}talks/"] = answers(page(*rows))
    (found,) = await whole(script.account(SETTINGS).list_sessions(SessionQuery(event_id="4711")))
    assert found.rows[0] == Session(
        id="90210",
        title="Keynote: tides",
        starts=Moment(at=datetime(2027, 7, 6, 18, 0, tzinfo=LONDON)),
        ends=Moment(at=datetime(2027, 7, 6, 18, 45, tzinfo=LONDON)),
        speakers=("Ada Pier",),
        room="Main stage",
        status="live",
        track="Main stage",
        url="https://harbour.example.com/talks/tides/",
        description="About tides",
    )
    assert [(row.id, row.status, row.url) for row in found.rows[1:]] == [
        ("2", "undated", ""), ("3", "cancelled", ""), ("4", "hidden", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_the_talks_of_a_person_are_those_on_their_schedule(version: str, rehearsal: Rehearse) -> None:
    people = [person(1, talks=[90_003, 90_001], email="Kim@Example.org"), person(2, talks=[90_002])]
    data = season(people, [talk(n) for n in range(60)])
    async with rehearsal("heysummit", season=data, settings=VERSIONS[version]) as r:

        async def talks(attendee: str) -> list[str]:
            query = SessionQuery(event_id="4711", attendee=attendee)
            return sorted(row.id for page in await whole(r.provider.list_sessions(query)) for row in page.rows)

        assert await talks("a-40001") == ["90001", "90003"]
        assert await talks("kim@example.ORG") == ["90001", "90003"]
        assert await talks("a-40002") == ["90002"]
        with pytest.raises(NotFound, match="Nobody"):
            await talks("nobody@example.org")
        with pytest.raises(NotFound):
            await talks("a-49000")
        with pytest.raises(UnknownRef):
            await talks("o-40001")


@pytest.mark.parametrize(
    ("settings", "column"), [(SETTINGS, "seats"), (SETTINGS, "left"), (V1, "url"), (V1, "ends"), (V1, "seats")]
)
async def test_what_is_not_told_of_a_talk_is_refused_before_any_request(settings: dict[str, Any], column: str) -> None:
    script = v2() if settings is SETTINGS else v1()
    query = SessionQuery(event_id="4711", columns=frozenset({"title", column}))
    with pytest.raises(Unsupported, match=column) as caught:
        await whole(script.account(settings).list_sessions(query))
    assert (caught.value.field, script.seen) == ("fields", [])


async def test_a_row_without_an_id_is_a_change_of_the_platform_not_a_missing_person() -> None:
    script = v2(people=({"email": "kim@example.org"},))
    with pytest.raises(ProviderChanged):
        await people_of(script.account(SETTINGS))


async def test_the_states_of_a_random_crowd_are_all_told(rehearsal: Rehearse) -> None:
    people = crowd(3, 90)
    async with rehearsal("heysummit", season=season(people)) as r:
        found = {a.id: (a.status, a.word) for a in await people_of(r.provider, status="all")}
        expected = {
            str(p["id"]): (PersonStatus.CONFIRMED, "")
            if p["registration_status"] == "Completed Order"
            else (PersonStatus.INCOMPLETE, p["registration_status"])
            for p in people
        }
        assert found == expected
