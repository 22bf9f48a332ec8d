"""What a listing says of itself, in the terms in which any account makes an event."""

from eventdesk_server.providers.evvnt import wire
from eventdesk_server.providers.loose import web_address
from eventdesk_tools.records import EventDraft, NewTicket, Place
from eventdesk_tools.text import paragraphs
from eventdesk_tools.times import Moment


def draft(row: wire.Event, category: str, zone: str) -> EventDraft:
    """All but its links: what evvnt shows are its own redirects, not the pages that were submitted."""
    starts, ends = wire.local(row.start_time, zone), wire.local(row.end_time, zone)
    venue = row.venue
    place = Place(
        name=venue.name.strip(),
        address=", ".join(filter(None, (venue.address_1.strip(), venue.address_2.strip()))),
        town=venue.town.strip(),
        postcode=venue.postcode.strip(),
        country=venue.country.strip(),
    )
    prices = [(label, wire.price_of(text)) for label, text in row.prices.items()]
    images = [address for url in row.images if (address := web_address(url))]
    told = starts is not None and starts.at is not None and str(starts.at.tzinfo) == zone
    return EventDraft(
        title=row.title.strip() or None,
        starts=_wall(starts),
        ends=_wall(ends),
        zone=zone if told else None,
        summary=" ".join(row.summary.split()) or None,
        description=paragraphs(row.description) or None,
        place=place if place != Place() else None,
        category=category or None,
        tickets=tuple(NewTicket(name=label, price=str(price)) for label, price in prices if price is not None) or None,
        image_url=images[0] if images else None,
    )


def _wall(when: Moment | None) -> str | None:
    if when is None:
        return None
    return when.at.replace(tzinfo=None).isoformat(timespec="minutes") if when.at is not None else str(when)
