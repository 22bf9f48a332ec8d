"""evvnt's part of a random season, and what its tables hold."""

import json
import random
from datetime import datetime
from typing import Any

from eventdesk_server.sandbox.core import Store
from tests.summaries.truth import Truth

TITLES = ("Quayside Jazz", "Harbour Blues")
SOURCES = ("Twitter", "Facebook", "GB Events", "Website")


def season(rng: random.Random) -> dict[str, Any]:
    venue = {
        "name": "Old Boathouse",
        "address_1": "1 Quay Rd",
        "town": "London",
        "country": "GB",
        "postcode": "SE1 0AA",
    }
    events = [
        {
            "id": 70_021 + number, "owner": "organiser", "timestamp": "2027-02-01T10:00:00Z", "title": title,
            "category_id": 19, "start_time": f"2027-06-1{number}T19:30:00+0100", "report": _report(rng),
            "end_time": f"2027-06-1{number}T23:00:00+0100", "summary": "By the river.", "description": "Two sets.",
            "venue": venue, "prices": {"Door": "GBP 12.5"},
        }
        for number, title in enumerate(TITLES)
    ]  # fmt: skip
    return {"events": events}


def _report(rng: random.Random) -> dict[str, Any]:
    """Columns vary: the days' stands first or not, a total is there or not, and any place may be the total's."""
    sources = rng.sample(SOURCES, rng.randint(1, 4))
    header = ["x", *sources, *rng.choice([[], ["Total clicks"], ["Total"]])]
    rng.shuffle(header)
    rows: list[list[Any]] = []
    for day in range(1, rng.choice([1, 2, 28])):
        clicks = {name: rng.randint(0, 40) for name in sources}
        cells: dict[str, Any] = {"x": f"{day} Mar", **clicks}
        rows.append([cells.get(name, sum(clicks.values())) for name in header])
    total = rng.randint(20, 90)
    live = rng.randint(0, total)
    return {
        "broadcast_results": {"num_sites_total": total, "num_sites_live": live, "num_sites_submitted": total - live},
        "audience_reach": {"uniques": rng.randrange(10**8), "local_reach": rng.randrange(10**6), "mobile_apps": 3},
        "clicks_by_day": rng.choice([[header, *rows], [header, *rows], []]),
        "referrers": {"news.example.com": 4},
    }


def truth(store: Store, title: str, *, spanned: bool) -> Truth:
    (row,) = store.rows("select * from evvnt_events where json_extract(body, '$.title') = ?", (title,))
    report = json.loads(row["report"])
    sites = report["broadcast_results"]
    rows: list[list[Any]] = report["clicks_by_day"] or [[]]
    header, days = rows[0], rows[1:]
    totals = [at for at, name in enumerate(header) if name.startswith("Total")]
    columns = totals or [at for at, name in enumerate(header) if name != "x"]
    return Truth(
        title=title,
        starts=datetime.fromisoformat(json.loads(row["body"])["start_time"]).date(),
        sites=sites["num_sites_total"],
        live=sites["num_sites_live"],
        reach=report["audience_reach"]["uniques"],
        clicks=sum(day[at] for day in days for at in columns) if header else None,
        basis=(
            f"evvnt's report: {sites['num_sites_total']} sites, {sites['num_sites_live']} live, "
            f"{sites['num_sites_submitted']} submitted; clicks of {len(days)} days"
        ),
        notes=["evvnt's report names days without a year"] if spanned else [],
    )
