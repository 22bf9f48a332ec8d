"""Where and when a new event is to be: the schedule that is named, its zone, and events that stand there already."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.copying import utc_digits
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.refs import shown as quoted
from eventdesk_tools.times import refuse_later_reading, zone_of


def named_calendar(mine: Mapping[str, wire.Schedule], calendar: str) -> tuple[wire.Schedule, str]:
    """The schedule that `schedule` or `schedule/sub-schedule` names, and the slug of its sub-schedule or "".

    Raises:
        InvalidArguments: The account has no such schedule.
    """
    name, _, slug = calendar.partition("/")
    chosen = next((schedule for schedule in mine.values() if schedule.subdomain.casefold() == name.casefold()), None)
    if chosen is None:
        raise InvalidArguments(
            f"This account has no schedule {quoted(name)}.",
            next="Repeat the call with calendar as in allowed.",
            field="calendar",
            allowed=[schedule.subdomain for schedule in mine.values()][:10],
        )
    if slug and slug not in {group.slug for group in chosen.groups}:
        raise InvalidArguments(
            f"The schedule {chosen.subdomain} has no sub-schedule {quoted(slug)}.",
            next="Repeat the call with calendar as in allowed.",
            field="calendar",
            allowed=[chosen.subdomain, *(f"{chosen.subdomain}/{group.slug}" for group in chosen.groups)][:10],
        )
    return chosen, slug


def zone_for(target: wire.Schedule, fallback: str) -> ZoneInfo:
    """The zone in which a start on this schedule is written.

    Raises:
        Unsupported: The schedule's is no zone, with which creating fails, or nobody tells one.
    """
    if target.timezone and zone_of(target.timezone) is None:
        raise Unsupported(
            f"The schedule {target.subdomain} has a time zone that does not exist, {quoted(target.timezone)}: creating fails.",
            next="Tell the person to correct the schedule's time zone in Event Schedule.",
        )
    zone = zone_of(target.timezone or fallback or "-")
    if zone is None:
        raise Unsupported(
            f"The time zone of the schedule {target.subdomain} is not known.",
            next="Tell the person to set zone for this account in Eventdesk's settings.",
        )
    return zone


def refuse_second_reading(starts: datetime, zone: ZoneInfo) -> None:
    """Refuse the second of two hours that clocks repeat.

    Raises:
        InvalidArguments: It is the second; `allowed` holds the first.
    """
    refuse_later_reading(starts, zone, field="starts", platform="Event Schedule")


async def events_like(reader: Reader, target: wire.Schedule, title: str, starts: datetime) -> list[wire.Event]:
    """Events of a schedule that bear this title and start. Lists show them all, drafts included."""
    query = {
        "subdomain": target.subdomain,
        "name": title,
        "starts_after": utc_digits(starts - timedelta(days=1))[:10],
        "starts_before": utc_digits(starts + timedelta(days=1))[:10],
    }
    return [row async for row in reader.events(query) if row.name.strip() == title and row.starts_at == starts]
