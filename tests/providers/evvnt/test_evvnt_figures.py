"""The report on a listing, read by its headers, and only of one's own listings."""

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from eventdesk_server.providers.evvnt import wire
from eventdesk_tools.errors import InvalidArguments, NotFound, Unsupported
from eventdesk_tools.records import AttendeeQuery, EventFigures, SaleQuery, SessionQuery, SummaryQuery
from tests.providers.conftest import Rehearse
from tests.providers.evvnt.desk import HERE, PARTNER, PUBLISHER, QUAY, SETTINGS, site
from tests.providers.scripted import NOW, Scripted, answers, example

pytestmark = pytest.mark.anyio
QUERY = SummaryQuery(event_id="70021", now=NOW)
REPORT: dict[str, Any] = example(HERE, "report")


def reported(report: Any = REPORT) -> Scripted:
    return Scripted(site().script | {"GET /events/70021/report": answers(report)})


async def test_the_documented_report_maps_whole() -> None:
    script = reported()
    assert await script.account(SETTINGS).event_figures(QUERY) == EventFigures(
        title="Quayside Jazz",
        starts=wire.local(QUAY["start_time"], "Europe/London"),
        sites=90,
        live_sites=30,
        reach=79_302_819,
        clicks=39,
        basis=("evvnt's report: 90 sites, 30 live, 60 submitted; clicks of 4 days",),
    )
    assert script.asked == ["GET /events/70021", "GET /events/70021/report"]


@pytest.mark.parametrize(
    ("table", "clicks"),
    [
        ([["x", "Twitter", "Total clicks"], ["1 Mar", 5, 7]], 7),
        ([["Total clicks", "x", "Twitter"], [7, "1 Mar", 5]], 7),
        ([["x", "Twitter", "Myspace"], ["1 Mar", 5, 2], ["2 Mar", 1, 0]], 8),
        ([["Twitter", "x"], ["5", "1 Mar"], [None, "2 Mar"], ["many", "3 Mar"]], 5),
        ([["x", "Total"], ["1 Mar"], ["2 Mar", 4, 9]], 4),
        ([["x", "Twitter", "Total clicks"]], 0),
        ([["x"], ["1 Mar"]], None),
        ([], None),
        (None, None),
        ("none", None),
    ],
)
async def test_clicks_are_told_apart_by_their_header_never_by_position(table: Any, clicks: int | None) -> None:
    found = await reported(REPORT | {"clicks_by_day": table}).account(SETTINGS).event_figures(QUERY)
    assert found.clicks == clicks


async def test_a_report_with_nothing_in_it_tells_nothing() -> None:
    report: dict[str, Any] = {"broadcast_results": None, "audience_reach": [], "more": {"deep": 1}}
    found = await reported(report).account(SETTINGS).event_figures(QUERY)
    assert (found.sites, found.live_sites, found.reach, found.clicks, found.registered) == (None,) * 5
    assert found.basis == ("evvnt's report: no sites; clicks of 0 days",)


async def test_days_without_a_year_bound_no_span_and_listings_do_not_repeat() -> None:
    query = SummaryQuery(event_id="70021", now=NOW, since=datetime(2027, 1, 1, tzinfo=UTC))
    found = await reported().account(SETTINGS).event_figures(query)
    assert (found.new, found.by_day) == (None, None)
    assert found.notes == ("evvnt's report names days without a year: clicks are those of all days, not of a span.",)
    script = reported()
    with pytest.raises(InvalidArguments):
        await script.account(SETTINGS).event_figures(
            SummaryQuery(event_id="70021", now=NOW, occurrence=date(2027, 6, 12))
        )
    assert script.seen == []


async def test_a_publisher_has_no_reports_and_nobody_has_somebody_elses() -> None:
    script = reported()
    with pytest.raises(Unsupported) as caught:
        await script.account(PUBLISHER).event_figures(QUERY)
    assert ("organiser or partner" in caught.value.next, script.seen) == (True, [])
    script.script["GET /events/70021/report"] = answers({}, 404)
    with pytest.raises(NotFound, match="not this account's"):
        await script.account(SETTINGS).event_figures(QUERY)
    partner = Scripted({"GET /events/ours/70021": answers(QUAY), "GET /events/70021/report": answers(REPORT)})
    assert (await partner.account(PARTNER).event_figures(QUERY)).sites == 90


async def test_people_sales_and_programmes_are_refused_with_the_reason() -> None:
    account = Scripted({}).account(SETTINGS)
    for read in (
        lambda: account.list_attendees(AttendeeQuery(event_id="70021")),
        lambda: account.list_sales(SaleQuery(event_id="70021")),
        lambda: account.list_sessions(SessionQuery(event_id="70021")),
    ):
        with pytest.raises(Unsupported, match="evvnt") as caught:
            read()
        assert caught.value.next


@pytest.mark.parametrize("seed", range(4))
async def test_the_figures_of_any_report_are_its_own(seed: int, rehearsal: Rehearse) -> None:
    rng = random.Random(seed)
    sources = rng.sample(["Twitter", "Facebook", "Myspace", "Direct", "Eventful"], rng.randint(1, 5))
    days = [[f"{day} Mar", *(rng.randint(0, 40) for _ in sources)] for day in range(1, rng.randint(2, 28))]
    total = sum(number for day in days for number in day[1:] if isinstance(number, int))
    header = ["x", *sources]
    if rng.random() < 0.5:
        header.append("Total clicks")
        days = [[*day, sum(n for n in day[1:] if isinstance(n, int))] for day in days]
    order = list(range(len(header)))
    rng.shuffle(order)
    table = [[row[at] for at in order] for row in [header, *days]]
    event = {key: value for key, value in QUAY.items() if key not in {"links", "sub_category_ids"}}
    event |= {
        "owner": "organiser", "report": REPORT | {"clicks_by_day": table}, "timestamp": "2027-02-01T10:00:00Z",
        "venue": {k: v for k, v in QUAY["venue"].items() if k != "id"}, "category_id": 19,
    }  # fmt: skip
    season = {"categories": [{"id": 19, "parent_id": 26, "name": "Jazz"}], "events": [event]}
    async with rehearsal("evvnt", season=season) as r:
        found = await r.provider.event_figures(QUERY)
        assert (found.sites, found.live_sites, found.reach, found.clicks) == (90, 30, 79_302_819, total)
        assert r.writes == []
