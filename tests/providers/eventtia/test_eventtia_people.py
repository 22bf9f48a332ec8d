"""Who is registered: every record once, readable, each with its true status, and nothing asked for in vain."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from eventdesk_tools.errors import AuthenticationFailed, ListIncomplete, Unsupported
from eventdesk_tools.models import PersonStatus
from eventdesk_tools.ports import EventProvider
from eventdesk_tools.records import Attendee, AttendeeQuery, Page
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import (
    Turns,
    Upstream,
    activity,
    attendee,
    event,
    kind,
    listed,
    provider_of,
    question,
)
from tests.providers.eventtia.seasons import URI, season

pytestmark = pytest.mark.anyio

FLAGS = {
    "active": "",
    "pending": "",
    "confirmed": "only_confirmed=true&",
    "rejected": "include_rejected=true&",
    "cancelled": "include_rejected=true&include_archived=true&",
    "unknown": "include_rejected=true&include_archived=true&",
    "all": "include_rejected=true&include_archived=true&",
}


async def pages(provider: EventProvider, at: int | None = None, **given: Any) -> list[Page[Attendee]]:
    plain: dict[str, Any] = {"event_id": URI}
    query = AttendeeQuery(**plain | given)
    return [page async for page in provider.list_attendees(query, at=at)]


async def rows(provider: EventProvider, at: int | None = None, **given: Any) -> list[Attendee]:
    return [row for page in await pages(provider, at, **given) for row in page.rows]


def fair(*people: Mapping[str, Any], **answers: Any) -> Upstream:
    questions = [
        question("101", "1", "first_name", default=True),
        question("102", "1", "last_name", default=True),
        question("103", "1", "email", default=True),
        question("104", "1", "company", default=True),
        question("105", "1", "telephone", default=True),
        question("106", "1", "job_title", default=True),
        question("107", "1", "company", alias="Employer"),
        question("203", "2", "email", default=True),
    ]
    types = listed([kind("1", "Day"), kind("2", "VIP")], included=questions)
    given = {
        "GET events/fair": {"data": event()},
        "GET events/fair/attendee_types": types,
        "GET events/fair/attendees": listed(people),
    }
    return Upstream(given | answers)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("status", ["active", "confirmed", "pending", "rejected", "cancelled", "all"])
async def test_237_people_are_listed_each_once_with_their_true_status(
    rehearsal: Rehearse, seed: int, status: str
) -> None:
    given, truth = season(seed, payments=0, sessions=5)
    async with rehearsal("eventtia", season=given) as r:
        found = await rows(r.provider, status=status)
        assert len(found) == len({one.id for one in found})
        statuses = {one.id: one.status.value for one in found}
        assert statuses.items() <= truth.statuses.items()
        wanted = {"all": set(truth.statuses), "active": truth.active}.get(status, truth.of(status))
        assert wanted <= set(statuses)


async def test_a_list_goes_on_from_every_page_as_it_did_before(rehearsal: Rehearse) -> None:
    given, truth = season(3, payments=0, sessions=3)
    async with rehearsal("eventtia", season=given) as r:
        whole = await pages(r.provider, status="all")
        assert [page.at for page in whole] == list(range(1, 11))
        assert {page.total for page in whole} == {237}
        assert {row.id for page in whole for row in page.rows} == set(truth.statuses)
        for number, page in enumerate(whole):
            assert await pages(r.provider, page.at, status="all") == whole[number:]


async def test_who_is_deleted_is_looked_up_once_for_a_list_that_goes_on_and_new_people_are_not_called_so() -> None:
    there, new = (
        attendee("1", "1", {"103": "a@b.example"}, created_at="2026-01-01T09:00:00.000Z"),
        attendee("2", "1", {"103": "c@d.example"}, created_at="2026-03-01T08:58:00.000Z"),
    )
    old = attendee("3", "1", {"103": "e@f.example"}, created_at="2026-01-01T09:00:00.000Z")
    upstream = fair(**{"GET events/fair/attendees": Turns([listed([there]), listed([there, new, old])])})
    provider = provider_of(upstream)
    for _ in range(2):
        found = await rows(provider, event_id="fair", status="all")
        assert [one.status.value for one in found] == ["confirmed", "confirmed", "cancelled"]
    assert sum("include" not in line and "/attendees?" in line for line in upstream.asked) == 1


async def test_the_platforms_count_is_passed_on_only_where_nothing_is_left_to_filter(rehearsal: Rehearse) -> None:
    given, truth = season(4, people=60, payments=0, sessions=0)
    async with rehearsal("eventtia", season=given) as r:

        async def total(**filters: Any) -> int | None:
            return (await pages(r.provider, **filters))[0].total

        assert await total(status="all") == 60
        assert await total(status="confirmed") == len(truth.of("confirmed"))
        for filters in (
            {},
            {"status": "cancelled"},
            {"status": "all", "name": "ana"},
            {"status": "all", "email": "person1@fair.example"},
            {"status": "all", "paid": False},
            {"status": "all", "checked_in": True},
            {"status": "all", "ticket": "VIP"},
            {"status": "all", "since": datetime(2027, 1, 2, tzinfo=UTC)},
        ):
            assert await total(**filters) is None, filters


async def test_a_count_that_its_pages_belie_is_not_passed_on() -> None:
    told = {"total_pages": 1, "total_attendees": 61}
    upstream = fair(**{"GET events/fair/attendees": listed([attendee("1", "1", {"103": "a@b.example"})], meta=told)})
    assert [page.total for page in await pages(provider_of(upstream), event_id="fair", status="all")] == [None]


@pytest.mark.parametrize("status", list(FLAGS))
async def test_each_status_asks_for_no_more_than_it_needs(status: str) -> None:
    upstream = fair(attendee("1", "1", {"103": "a@b.example"}))
    await rows(provider_of(upstream), event_id="fair", status=status)
    page = "page%5Bnumber%5D=1&page%5Bsize%5D=24"
    who_is_there = [f"GET events/fair/attendees?{page}"] if status in {"all", "cancelled", "unknown"} else []
    assert upstream.asked == [
        "GET events/fair",
        f"GET events/fair/attendee_types?{page}",
        *who_is_there,
        f"GET events/fair/attendees?{FLAGS[status]}{page}",
    ]


async def test_a_deleted_registration_that_keeps_its_word_is_cancelled() -> None:
    made = "2026-01-01T09:00:00.000Z"
    there = attendee("1", "1", {"103": "a@b.example"}, created_at=made)
    gone = attendee("2", "1", {"103": "c@d.example"}, created_at=made)
    upstream = fair(**{"GET events/fair/attendees": Turns([listed([there]), listed([there, gone])])})
    found = await rows(provider_of(upstream), event_id="fair", status="all")
    assert [(one.id, one.status) for one in found] == [("1", PersonStatus.CONFIRMED), ("2", PersonStatus.CANCELLED)]


async def test_the_address_and_the_time_narrow_the_request_never_too_far() -> None:
    upstream = fair()
    since = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    await rows(
        provider_of(upstream), event_id="fair", email="Teo+vip@Marsh.example", since=since, name="Teo", paid=True
    )
    assert upstream.asked[-1] == (
        "GET events/fair/attendees?email=teo%2Bvip%40marsh.example&created_date_time=2027-01-01T03%3A04%3A05&"
        "page%5Bnumber%5D=1&page%5Bsize%5D=24"
    )


async def test_a_person_is_read_by_the_ids_of_their_type_with_everything_told() -> None:
    fields = {
        "101": "Ines",
        "102": "Vidal",
        "103": "ines@vidal.example",
        "104": "Faro SL",
        "105": "+34600111222",
        "106": "Curator",
        "107": "Somebody else",
        "999": ["Talks", 5, None, True],
        "998": {"original": "https://img.example/ines.png", "large": ""},
        "997": {"filename": None, "thumb": "/missing.png", "original": "", "large": "/pictures/missing.png"},
        "996": None,
    }
    upstream = fair(
        attendee(
            "5", "1", fields, status="Pending", paid="false", checked_in=True,
            checked_in_date="2026-05-12T09:00:00.000+02:00", created_at="2026-03-01T23:30:00.000Z",
        )
    )  # fmt: skip
    (found,) = await rows(provider_of(upstream), event_id="fair")
    assert found.checked_in_at is not None
    assert found.registered is not None
    assert (found.checked_in_at.isoformat(), found.registered.isoformat()) == (
        "2026-05-12T09:00:00+02:00",
        "2026-03-02T00:30:00+01:00",
    )
    assert found == Attendee(
        id="5",
        name="Ines Vidal",
        email="ines@vidal.example",
        status=PersonStatus.PENDING,
        ticket="Day",
        ticket_id="1",
        paid=False,
        checked_in=True,
        checked_in_at=found.checked_in_at,
        company="Faro SL",
        phone="+34600111222",
        answers=(
            ("job_title", "Curator"),
            ("Employer", "Somebody else"),
            ("field_999", "Talks, 5, yes"),
            ("field_998", "https://img.example/ines.png"),
        ),
        quantity=1,
        registered=found.registered,
    )


async def test_a_row_without_type_status_or_answers_is_still_a_row() -> None:
    upstream = fair(
        attendee("5", None, {}, status=None, paid=None, checked_in=None, created_at=None, unheard_of={"x": [1]}),
        attendee("6", "77", {"103": "a@b.example"}, status="on_hold"),
    )
    first, second = await rows(provider_of(upstream), event_id="fair", status="unknown")
    assert (first.name, first.email, first.status, first.ticket, first.paid, first.registered) == (
        "", "", PersonStatus.UNKNOWN, "", None, None,
    )  # fmt: skip
    assert (second.status, second.word, second.ticket_id, second.ticket) == (PersonStatus.UNKNOWN, "on_hold", "77", "")


async def test_a_question_added_meanwhile_is_looked_up_once() -> None:
    more = listed(
        [kind("1", "Day")], included=[question("103", "1", "email", default=True), question("150", "1", "Diet")]
    )
    few = listed([kind("1", "Day")], included=[question("103", "1", "email", default=True)])
    person = attendee("5", "1", {"103": "a@b.example", "150": "Vegan", "151": "x"})
    upstream = fair(person, **{"GET events/fair/attendee_types": Turns([few, more])})
    (found,) = await rows(provider_of(upstream), event_id="fair")
    assert found.answers == (("Diet", "Vegan"), ("field_151", "x"))
    assert sum("attendee_types" in line for line in upstream.asked) == 2


async def test_people_without_the_addresses_that_their_forms_ask_for_are_not_believed() -> None:
    upstream = fair(attendee("5", "1", {"106": "Curator"}), attendee("6", "2", {}))
    with pytest.raises(AuthenticationFailed, match="without their addresses"):
        await rows(provider_of(upstream), event_id="fair")


async def test_the_people_of_a_session_are_asked_of_the_session(rehearsal: Rehearse) -> None:
    given, truth = season(5, payments=0, sessions=6)
    async with rehearsal("eventtia", season=given) as r:
        for wanted in ("s-7003", "talk 3"):
            found = await rows(r.provider, session=wanted)
            assert {one.id for one in found} == {one for one in truth.active if "7003" in truth.booked[one]}
        assert r.seen[-1].path.endswith("/workshops/7003/attendees")


async def test_sessions_are_looked_up_only_for_rows_that_may_be_shown() -> None:
    there, paid = attendee("1", "1", {"103": "a@b.example"}, paid=False), attendee("2", "1", {"103": "c@d.example"})
    lab = listed([activity("7", "Lab"), activity("8", "Talk")])
    upstream = fair(there, paid, **{"GET events/fair/attendees/1/workshops": lab})
    found = await rows(provider_of(upstream), event_id="fair", paid=False, columns=frozenset({"sessions", "name"}))
    assert [one.sessions for one in found] == [("Lab", "Talk"), None]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"status": "incomplete"}, "status", "no incomplete registrations"),
        ({"occurrence": date(2027, 5, 1)}, "occurrence", "no repeating events"),
        ({"columns": frozenset({"name", "amount"})}, "fields", "amount"),
        ({"columns": frozenset({"source"})}, "fields", "source"),
        ({"columns": frozenset({"occurrence"})}, "fields", "occurrence"),
    ],
)
async def test_what_eventtia_cannot_answer_is_refused_by_name_before_any_request(
    given: dict[str, Any], field: str, words: str
) -> None:
    upstream = fair()
    with pytest.raises(Unsupported, match=words) as caught:
        await rows(provider_of(upstream), event_id="fair", **given)
    assert (caught.value.field, upstream.seen) == (field, [])
    assert caught.value.next


async def test_rows_that_slip_onto_the_next_page_are_shown_once() -> None:
    people = [attendee(str(number), "1", {"103": f"p{number}@b.example"}) for number in range(1, 6)]
    two = {"total_pages": 2}
    upstream = fair(
        **{"GET events/fair/attendees": Turns([listed(people[:3], meta=two), listed(people[2:], meta=two)])}
    )
    assert [one.id for one in await rows(provider_of(upstream), event_id="fair")] == ["1", "2", "3", "4", "5"]


async def test_a_page_that_comes_again_ends_the_list_with_a_word() -> None:
    upstream = fair(
        **{"GET events/fair/attendees": listed([attendee("1", "1", {"103": "a@b.example"})], meta={"total_pages": 3})}
    )
    with pytest.raises(ListIncomplete, match="repeated a page"):
        await rows(provider_of(upstream), event_id="fair")


@pytest.mark.parametrize("switches", [{"eventtia.omit_meta": True}, {"eventtia.omit_links": True}])
async def test_pages_without_links_or_counts_are_walked_to_their_end(
    rehearsal: Rehearse, switches: dict[str, Any]
) -> None:
    given, truth = season(6, people=60, payments=0, sessions=0)
    async with rehearsal("eventtia", season=given, switches=switches) as r:
        assert {one.id for one in await rows(r.provider, status="all")} == set(truth.statuses)


async def test_days_are_those_of_the_events_zone(rehearsal: Rehearse) -> None:
    given, truth = season(7, people=30, payments=0, sessions=0)
    async with rehearsal("eventtia", season=given) as r:
        for one in await rows(r.provider, status="all"):
            assert one.registered is not None
            assert one.registered == truth.made[one.id]
            assert one.registered.utcoffset() == timedelta(hours=-5)
