"""Which date of a repeating event is meant: the platform takes any, so the pattern is checked here."""

from datetime import UTC, date, datetime, timedelta

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.mapping import Home, pattern
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Occurrences
from eventdesk_tools.times import Moment

SKIPPED_DATES = "Event Schedule's API does not show which dates were skipped: this one may have been."
_OFFERED = 5


def date_of(event: wire.Event, home: Home, wanted: date) -> Moment:
    """The start of the date that is asked for.

    Raises:
        InvalidArguments: The event does not repeat, or has no date that day.
        Unsupported: Its pattern is not known.
    """
    if not event.repeats:
        raise InvalidArguments(
            "This event does not repeat.", next="Repeat the call without occurrence.", field="occurrence"
        )
    dates = _pattern(event, home)
    found = dates.on(wanted)
    if found is None:
        day = datetime(min(max(wanted.year, 1000), 8999), wanted.month, 1, tzinfo=home.tz) + timedelta(
            days=wanted.day - 1
        )
        before = dates.last_before(day)
        raise InvalidArguments(
            f"The event has no date on {wanted.isoformat()}: it repeats {dates}.",
            next="Repeat the call with the date that is meant; allowed names those around it.",
            field="occurrence",
            allowed=_from(dates, before.utc() if before is not None else day),
        )
    return found


def date_to_sell(event: wire.Event, home: Home, wanted: date | None, now: datetime) -> date | None:
    """The date of an order: needed and checked for a repeating event, refused for a single one.

    Raises:
        InvalidArguments: It is missing, superfluous, off the pattern, or over.
        Unsupported: The pattern or the zone is not known, so nothing could be checked.
    """
    if not event.repeats:
        if wanted is not None:
            date_of(event, home, wanted)
        return None
    dates = _pattern(event, home)
    if home.zone is None:
        raise Unsupported(
            "The time zone of this event's schedule is not known, so its dates cannot be told apart from those of UTC.",
            next="Tell the person to set zone for this account in Eventdesk's settings.",
        )
    if wanted is None:
        raise InvalidArguments(
            f"The event repeats ({dates}): which date is meant?",
            next="Ask the person, then repeat the call with occurrence; allowed names the next dates.",
            field="occurrence",
            allowed=_from(dates, now),
        )
    starts = date_of(event, home, wanted)
    if starts.utc() < now.astimezone(UTC):
        raise InvalidArguments(
            f"The date {wanted.isoformat()} has begun or is over: Event Schedule sells no past dates.",
            next="Repeat the call with a date to come; allowed names the next.",
            field="occurrence",
            allowed=_from(dates, now),
        )
    return wanted


def _pattern(event: wire.Event, home: Home) -> Occurrences:
    dates = pattern(event, home)
    if dates is None:
        raise Unsupported(
            "The event repeats by a pattern that Eventdesk does not know, so its dates cannot be checked.",
            next="Tell the person to do this on the event's page.",
        )
    return dates


def _from(dates: Occurrences, at: datetime) -> list[str]:
    found: list[str] = []
    moment = dates.first_from(at)
    while moment is not None and len(found) < _OFFERED:
        found.append(moment.date.isoformat())
        moment = dates.first_from(moment.utc() + timedelta(minutes=1))
    return found
