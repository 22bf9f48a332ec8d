"""Copying a listing: read it, submit it anew."""

from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.providers.evvnt.publishing import Publication
from eventdesk_server.providers.evvnt.submission import check_order, submission
from eventdesk_tools.errors import PermissionDenied
from eventdesk_tools.models import CloneOrder
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.refs import shown
from eventdesk_tools.times import Moment


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
    own = [row async for row in listings.all()]
    if all(row.id != source.id for row in own):
        raise PermissionDenied(
            f"{shown(source.title)} is not one of this account's own listings, so it is not copied.",
            next="Choose a listing that list_events shows for this account.",
        )
    facts = {
        "title": copy.title,
        "starts": str(Moment.instant(copy.starts)),
        "ends": str(Moment.instant(copy.ends)),
        "copied": list(copy.copied),
        "not_copied": list(copy.not_copied),
    }
    work = Publication(listings, copy.body, copy.starts, facts, "a copy of ", listings.settings.user_id)
    return await work.planned(account, wanted.package, own)
