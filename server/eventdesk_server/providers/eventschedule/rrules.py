"""Recurrence rules (RFC 5545) as the platform's own fields, and back; what the platform has no field for is refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from eventdesk_server.providers.eventschedule import wire
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json
from eventdesk_tools.refs import shown

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_KEYS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST", "UNTIL", "COUNT"})
_MOST_COUNTED = 10_000
_FIELD = "recurrence"
_FORMS = (
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=12",
    "FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY",
)  # fmt: skip


def fields_of(rule: str, starts: datetime) -> dict[str, Json]:
    """The platform's fields for a rule; `starts` is the first date, in the schedule's zone.

    Raises:
        Unsupported: The platform has no such pattern.
        InvalidArguments: It is no rule, or the first date is none of its dates.
    """
    parts = _parts(rule)
    frequency = parts.get("FREQ", "")
    interval = _number(parts, "INTERVAL", 1)
    fields: dict[str, Json] = {"schedule_type": "recurring"}
    match frequency:
        case "DAILY":
            _only(parts, frozenset(), interval)
            fields["recurring_frequency"] = "daily"
        case "WEEKLY":
            fields |= _weekly(parts, starts, interval)
        case "MONTHLY":
            fields["recurring_frequency"] = _monthly(parts, starts, interval)
        case "YEARLY":
            _only(parts, frozenset({"BYMONTH", "BYMONTHDAY"}), interval)
            _same(parts, "BYMONTH", starts.month)
            _same(parts, "BYMONTHDAY", starts.day)
            fields["recurring_frequency"] = "yearly"
        case _:
            raise _unknown(f"repeats no event by {shown(frequency or rule)}")
    return fields | _end(parts, starts)


def _parts(rule: str) -> dict[str, str]:
    text = rule.strip().upper().removeprefix("RRULE:")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise InvalidArguments(
                f"{shown(rule)} is not a recurrence rule.", field=_FIELD, allowed=_FORMS, next="Write it as in allowed."
            )
        parts[name] = value
    if strange := [name for name in parts if name not in _KEYS]:
        raise _unknown(f"has no {strange[0]} in its recurrence")
    return parts


def _unknown(what: str) -> Unsupported:
    return Unsupported(
        f"Event Schedule {what}.",
        next="Repeat the call with a rule like those in allowed, with UNTIL or COUNT or neither.",
        field=_FIELD,
        allowed=_FORMS,
    )


def _number(parts: Mapping[str, str], name: str, default: int) -> int:
    text = parts.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text[:7]) <= _MOST_COUNTED:
        raise InvalidArguments(f"{name} must be a number from 1 to {_MOST_COUNTED}.", field=_FIELD)
    return int(text)


def _only(parts: Mapping[str, str], allowed: frozenset[str], interval: int) -> None:
    if interval != 1:
        raise _unknown("repeats in steps of several by weeks only")
    for name in ("BYDAY", "BYMONTHDAY", "BYMONTH"):
        if name in parts and name not in allowed:
            raise _unknown(f"takes no {name} with {parts['FREQ']}")


def _same(parts: Mapping[str, str], name: str, value: int) -> None:
    if parts.get(name, str(value)).lstrip("0") != str(value):
        raise _off(f"{name}={value}")


def _off(wanted: str) -> InvalidArguments:
    return InvalidArguments(
        "The start is not one of the rule's dates: Event Schedule repeats from the start.",
        next=f"Give a start that is one, or a rule with {wanted}.",
        field=_FIELD,
    )


def _weekday(starts: datetime) -> str:
    return _DAYS[(starts.weekday() + 1) % 7]


def _weekly(parts: Mapping[str, str], starts: datetime, interval: int) -> dict[str, Json]:
    for name in ("BYMONTHDAY", "BYMONTH"):
        if name in parts:
            raise _unknown(f"takes no {name} with WEEKLY")
    days = parts.get("BYDAY", _weekday(starts)).split(",")
    if any(day not in _DAYS for day in days):
        raise _unknown("takes plain weekdays with WEEKLY, such as BYDAY=TU,TH")
    if _weekday(starts) not in days:
        raise _off(f"BYDAY={_weekday(starts)}")
    week_start = parts.get("WKST", "MO")
    # Elsewhere weeks begin on Monday; here on Sunday, which puts a Sunday and the days after it into other weeks.
    other_weeks = week_start != "SU" and (week_start != "MO" or "SU" in days)
    if interval > 1 and len(set(days)) > 1 and other_weeks:
        raise _unknown("counts weeks from Sunday (WKST=SU)")
    fields: dict[str, Json] = {
        "recurring_frequency": "weekly" if interval == 1 else "every_n_weeks",
        "days_of_week": "".join("1" if day in days else "0" for day in _DAYS),
    }
    return fields | ({"recurring_interval": interval} if interval > 1 else {})


def _monthly(parts: Mapping[str, str], starts: datetime, interval: int) -> str:
    _only(parts, frozenset({"BYDAY", "BYMONTHDAY"}), interval)
    if "BYDAY" not in parts:
        _same(parts, "BYMONTHDAY", starts.day)
        return "monthly_date"
    nth = f"{(starts.day - 1) // 7 + 1}{_weekday(starts)}"
    if "BYMONTHDAY" in parts or parts["BYDAY"].startswith("-") or not parts["BYDAY"][:1].isdecimal():
        raise _unknown("repeats by month on a day or on one weekday counted from the first, such as BYDAY=2TU")
    if parts["BYDAY"] != nth:
        raise _off(f"BYDAY={nth}")
    return "monthly_weekday"


def _end(parts: Mapping[str, str], starts: datetime) -> dict[str, Json]:
    if "UNTIL" in parts and "COUNT" in parts:
        raise InvalidArguments("A rule ends by UNTIL or by COUNT, not by both.", field=_FIELD)
    if "COUNT" in parts:
        return {"recurring_end_type": "after_events", "recurring_end_value": str(_number(parts, "COUNT", 1))}
    if "UNTIL" not in parts:
        return {"recurring_end_type": "never"}
    last = _until(parts["UNTIL"], starts)
    if last < starts.date():
        raise InvalidArguments("The rule ends before the first date.", field=_FIELD)
    return {"recurring_end_type": "on_date", "recurring_end_value": last.isoformat()}


def _until(text: str, starts: datetime) -> date:
    """The last day on which a date may begin, in the schedule's zone."""
    day, _, clock = text.partition("T")
    digits = clock.removesuffix("Z")
    # Every part is checked for the calendar by building the moment of midnight plus so much.
    if len(day) != 8 or not day.isdecimal() or not _in_calendar(int(day[:4]), int(day[4:6]), int(day[6:])):
        raise InvalidArguments(f"UNTIL={shown(text)} is not a day: write 20270930.", field=_FIELD)
    when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    if not clock:
        return when
    if len(digits) != 6 or not digits.isdecimal() or digits > "235959" or digits[2:4] > "59" or digits[4:] > "59":
        raise InvalidArguments(f"UNTIL={shown(text)} is not a time: write 20270930T220000Z.", field=_FIELD)
    zone = UTC if clock.endswith("Z") else starts.tzinfo
    end = datetime.combine(when, time(int(digits[:2]), int(digits[2:4]), int(digits[4:])), tzinfo=zone)
    local = end.astimezone(starts.tzinfo)
    begins = datetime.combine(local.date(), starts.time(), tzinfo=starts.tzinfo)
    return local.date() if begins <= local else date.fromordinal(max(local.date().toordinal() - 1, 1))


def _in_calendar(year: int, month: int, day: int) -> bool:
    if not (1000 <= year < 9000 and 1 <= month <= 12 and day >= 1):
        return False
    following = date(year + month // 12, month % 12 + 1, 1)
    return day <= (following - date(year, month, 1)).days


def rule_of(event: wire.Event, starts: datetime) -> str:
    """The rule of a repeating event; "" for one whose pattern is not known."""
    days = ",".join(day for day, mark in zip(_DAYS, event.days_of_week, strict=False) if mark == "1")
    by_days = f";BYDAY={days}" if days else ""
    rules = {
        "daily": "FREQ=DAILY",
        "weekly": f"FREQ=WEEKLY{by_days}",
        "every_n_weeks": f"FREQ=WEEKLY;INTERVAL={max(event.recurring_interval or 2, 2)}{by_days};WKST=SU",
        "monthly_date": f"FREQ=MONTHLY;BYMONTHDAY={starts.day}",
        "monthly_weekday": f"FREQ=MONTHLY;BYDAY={(starts.day - 1) // 7 + 1}{_weekday(starts)}",
        "yearly": "FREQ=YEARLY",
    }
    rule = rules.get(event.recurring_frequency, "")
    value = event.recurring_end_value.strip()
    if rule and event.recurring_end_type == "on_date" and len(value) >= 10:
        rule += f";UNTIL={value[:10].replace('-', '')}"
    if rule and event.recurring_end_type == "after_events" and value.isdecimal():
        rule += f";COUNT={value}"
    return rule
