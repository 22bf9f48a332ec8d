"""A listing in figures: where it went, how many people it reaches, and how often its links were followed."""

from eventdesk_server.providers.evvnt import wire
from eventdesk_server.providers.evvnt.handoff import check_occurrence
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_tools.records import EventFigures, SummaryQuery


async def figures(listings: Listings, query: SummaryQuery) -> EventFigures:
    """A listing in figures. evvnt registers nobody and sells nothing.

    Raises:
        NotFound: The listing is not this account's: only its own have a report.
    """
    check_occurrence(query.occurrence)
    row = await listings.one(query.event_id)
    told = await listings.report(query.event_id)
    sites = told.broadcast_results
    counted = (
        (sites.num_sites_total, "sites"), (sites.num_sites_live, "live"), (sites.num_sites_submitted, "submitted"),
    )  # fmt: skip
    words = [f"{number} {word}" for number, word in counted if number is not None]
    days = max(len(told.clicks_by_day) - 1, 0)
    notes: list[str] = []
    if query.since is not None or query.until is not None:
        notes.append("evvnt's report names days without a year: clicks are those of all days, not of a span.")
    return EventFigures(
        title=row.title,
        starts=wire.local(row.start_time, listings.settings.zone),
        sites=sites.num_sites_total,
        live_sites=sites.num_sites_live,
        reach=told.audience_reach.uniques,
        clicks=told.clicks,
        basis=(f"evvnt's report: {', '.join(words) or 'no sites'}; clicks of {days} days",),
        notes=tuple(notes),
    )
