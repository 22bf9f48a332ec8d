"""An event of HeySummit in figures: exactly what its registrations say, or less, never an estimate."""

import random
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventdesk_server.providers.heysummit import figures
from eventdesk_tools.errors import InvalidArguments, ListIncomplete
from eventdesk_tools.records import EventDraft, NewTicket, SummaryQuery
from tests.providers.conftest import Rehearse
from tests.providers.heysummit.desk import EVENT, FREE, KIM, PAID, SETTINGS, V1, V2, page, v1, v2
from tests.providers.heysummit.summit import VERSIONS, crowd, person, season
from tests.providers.scripted import NOW, answers

pytestmark = pytest.mark.anyio
QUERY = SummaryQuery(event_id="4711", now=NOW)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("version", ["v2", "v1"])
async def test_the_figures_of_any_summit_are_those_of_its_people(version: str, seed: int, rehearsal: Rehearse) -> None:
    people = crowd(seed, random.Random(seed).choice([0, 1, 49, 50, 51, 137]))
    rng = random.Random(seed + 100)
    since = datetime(2027, 1, rng.randint(5, 28), 12, 0, tzinfo=UTC)
    until = datetime(2027, 2, rng.randint(1, 20), 12, 0, tzinfo=UTC)
    confirmed = [p for p in people if p["registration_status"] == "Completed Order"]
    made = [datetime.fromisoformat(p["created_at"]).astimezone(ZoneInfo("Europe/London")) for p in confirmed]
    async with rehearsal("heysummit", season=season(people), settings=VERSIONS[version]) as r:
        found = await r.provider.event_figures(
            SummaryQuery(event_id="4711", now=r.clock.now(), since=since, until=until)
        )
        assert found.registered == len(confirmed)
        assert found.by_day == dict(sorted(Counter(at.date() for at in made).items()))
        assert found.new == sum(since <= at <= until for at in made)
        assert (found.pending, found.cancelled, found.checked_in, found.left) == (None,) * 4
        assert (found.revenue, found.refunded, found.unpaid) == (None, None, None), "amounts have no currency"
        left_out = len(people) - len(confirmed)
        told = f"Not counted: {left_out} registrations that did not complete an order."
        assert found.notes == ((told,) if left_out else ())
        if version == "v1":
            held = Counter(
                {8801: 601, 8802: 602, 8803: 602}[t["ticket_price_id"]] for p in confirmed for t in p["tickets"]
            )
            assert [(t.id, t.sold, t.price) for t in found.tickets or ()] == [
                (i, held[int(i)], None) for i in (t.id for t in found.tickets or ())
            ]
            assert len(found.tickets or ()) == 2
        else:
            assert [(t.name, str(t.price), t.sold, t.left) for t in found.tickets or ()] == [
                ("Free pass, Free", "0.00 ?", None, None),
                ("All access, Early", "49.00 ?", None, 12),
                ("All access, Regular", "79.00 GBP", None, 12),
            ]
        assert r.writes == []


async def test_the_basis_says_what_was_read(rehearsal: Rehearse) -> None:
    async with rehearsal("heysummit", season=season([person(n) for n in range(120)])) as r:
        found = await r.provider.event_figures(QUERY)
        assert (found.registered, found.basis) == (120, ("120 of 120 completed registrations, 3 of 3 pages",))
        assert found.new is None, "nothing was asked to be bounded"
        assert sum((found.by_day or {}).values()) == 120
        assert (found.title, str(found.starts)) == ("Harbour Design Week", "None")


async def test_days_are_those_of_the_events_zone() -> None:
    late = KIM | {"created_at": "2027-07-01T23:30:00+00:00"}
    found = await v2(people=(late,)).account(SETTINGS).event_figures(QUERY)
    assert found.by_day == {date(2027, 7, 2): 1}
    old = v1(people=(late,))
    without = await old.account(V1).event_figures(QUERY)
    assert without.by_day == {date(2027, 7, 1): 1}
    assert without.notes[-1] == "No time zone is told: days are those of UTC."


async def test_a_registration_without_a_date_counts_and_stands_in_no_day() -> None:
    script = v2(people=(KIM, KIM | {"id": 2, "created_at": None}))
    found = await script.account(SETTINGS).event_figures(
        SummaryQuery(event_id="4711", now=NOW, since=datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert (found.registered, found.new, sum((found.by_day or {}).values())) == (2, 1, 1)
    assert found.notes == ("1 registrations have no date and stand in no day.",)


async def test_more_people_than_can_be_read_in_time_are_counted_by_the_platform(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figures, "READ_MOST", {"v2": 1, "v1": 1})
    script = v2(tickets=(FREE, PAID), people=(KIM, KIM | {"id": 2}))
    found = await script.account(SETTINGS).event_figures(QUERY)
    assert (found.registered, found.by_day, found.new) == (2, None, None)
    assert found.basis == ("2 completed registrations, as HeySummit counts them",)
    assert [ticket.left for ticket in found.tickets or ()] == [None, 12, 12]
    assert [line for line in script.asked if "attendees" in line] == [
        f"GET {V2}attendees/?limit=1", f"GET {V2}attendees/?registration_status=Completed Order&limit=1",
    ]  # fmt: skip
    old = await v1(people=(KIM, KIM | {"id": 2})).account(V1).event_figures(QUERY)
    assert (old.registered, old.by_day) == (None, None)
    assert old.basis == ("2 registrations of any state, as HeySummit counts them",)


async def test_nothing_is_computed_from_a_part_of_the_list() -> None:
    script = v2()
    script.script[f"GET {V2}attendees/"] = answers(page(KIM, count=2, next=None))
    with pytest.raises(ListIncomplete):
        await script.account(SETTINGS).event_figures(QUERY)


async def test_summits_do_not_repeat() -> None:
    script = v2()
    with pytest.raises(InvalidArguments) as caught:
        await script.account(SETTINGS).event_figures(
            SummaryQuery(event_id="4711", now=NOW, occurrence=date(2027, 7, 6))
        )
    assert (caught.value.field, script.seen) == ("occurrence", [])


async def test_what_an_event_says_of_itself_can_be_taken_to_another_account() -> None:
    script = v2(tickets=(FREE, PAID, PAID | {"id": 7, "is_active": False}))
    script.script[f"GET {V2}"] = answers(
        EVENT | {"description": "<p>Tides &amp; <b>light</b></p>", "categories": ["Art"]}
    )
    draft = await script.account(SETTINGS | {"currency": "GBP"}).draft_of("4711")
    assert draft == EventDraft(
        title="Harbour Design Week",
        starts="2027-07-06T09:30",
        ends="2027-07-09T17:00",
        zone="Europe/London",
        description="Tides & light",
        category="Art",
        tickets=(
            NewTicket(name="Free pass", price="0.00 GBP"),
            NewTicket(name="Day pass, Early", price="49.00 GBP"),
            NewTicket(name="Day pass, Regular", price="79.00 GBP"),
        ),
        website="https://harbour-design.example.com/",
    )
    evergreen: dict[str, Any] = EVENT | {"first_talk_at": None, "last_talk_at": None, "event_url": "javascript:x"}
    script.script[f"GET {V2}"] = answers(evergreen)
    bare = await script.account(SETTINGS).draft_of("4711")
    assert (bare.starts, bare.ends, bare.website, bare.place) == (None, None, None, None)
