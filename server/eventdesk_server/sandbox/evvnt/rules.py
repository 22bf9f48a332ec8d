"""What evvnt accepts: the checks of events, packages and users. Each answers with all its complaints at once.

A complaint is a sentence with the model's name in front; one sentence may hold several reasons, separated by commas
("Package event_quantity can't be blank, is not a number": reference, Packages).
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from eventdesk_server.sandbox.evvnt.wire import LINK_NAMES, is_price, read_time

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_BLANK = "can't be blank"
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class EventRules:
    """What the check of an event depends on."""

    categories: Container[int]
    partner: bool = False
    contact_required: bool = True
    merge: bool = False
    check_end: bool = True
    documented_doors: bool = True


def is_number(value: object) -> bool:
    """Whether it is a whole number of a sensible size; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def is_email(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 254 and _EMAIL.fullmatch(value) is not None


def is_url(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 2048 and _URL.fullmatch(value) is not None


@dataclass(slots=True)
class _Check:
    """One event on its way in."""

    data: Mapping[str, Any]
    current: Mapping[str, Any] | None
    rules: EventRules
    out: dict[str, Any] = field(default_factory=dict[str, Any])
    errors: list[str] = field(default_factory=list[str])

    def wrong(self, what: str, *reasons: str) -> None:
        self.errors.append(f"{what} {', '.join(reasons)}")

    def part(
        self,
        name: str,
        test: Callable[[Any], str | None],
        *,
        needed: bool = False,
        keep: Callable[[Any], Any] = lambda x: x,
    ) -> None:
        """Check one field where it must be or is there; `test` answers what is wrong with a value."""
        if name not in self.data and (self.current is not None or not needed):
            return
        value = self.data.get(name)
        if blank(value):
            if needed:
                self.wrong(f"Event {name}", _BLANK)
            else:
                self.out.pop(name, None)
            return
        reason = test(value)
        if reason is None:
            self.out[name] = keep(value)
        elif reason:
            self.wrong(f"Event {name}", reason)

    def group(self, name: str) -> dict[str, Any] | None:
        """An object of its own model that was sent; None if there is none to check."""
        value = self.data[name]
        if not isinstance(value, dict):
            self.wrong(f"Event {name}", "is invalid")
            return None
        sent = cast("dict[str, Any]", value)
        before = self.current.get(name) if self.current is not None and self.rules.merge else None
        return {**before, **sent} if isinstance(before, dict) else sent

    def texts(
        self, model: str, sent: Mapping[str, Any], needed: tuple[str, ...], may: tuple[str, ...]
    ) -> dict[str, Any]:
        """The text fields of such an object."""
        kept: dict[str, Any] = {}
        for key in (*needed, *may):
            value = sent.get(key)
            if blank(value):
                if key in needed:
                    self.wrong(f"{model} {key}", _BLANK)
            elif not isinstance(value, str):
                self.wrong(f"{model} {key}", "is invalid")
            else:
                kept[key] = value
        return kept


def check_event(
    data: Mapping[str, Any], current: Mapping[str, Any] | None, rules: EventRules
) -> tuple[dict[str, Any], list[str]]:
    """An event as it will be stored, and what is wrong with it. With `current`, what is left out stays."""
    check = _Check(data, current, rules, dict(current or {}))
    check.part("title", _text(255), needed=True)
    check.part("capacity", lambda value: None if is_number(value) and value >= 0 else "is not a number")
    check.part("category_id", lambda value: _category(value, rules), needed=True)
    check.part("sub_category_ids", lambda value: _categories(value, rules))
    for name in ("start_time", "end_time"):
        check.part(name, _time, needed=True)
    for name in ("door_time", "last_entry_time"):
        check.part(name, _time)
    check.part("summary", _text(200), needed=True)
    check.part("description", _text(2000), needed=True)
    check.part(
        "image_urls",
        lambda value: _images(value, rules),
        keep=lambda value: [value] if isinstance(value, str) else value,
    )
    for name in ("organiser_name", "artists", "keywords"):
        check.part(name, _text(2000))
    # "Any other characters will be removed" (reference, Events).
    check.part("hashtag", _text(255), keep=lambda value: re.sub(r"[^A-Za-z0-9_]", "", value))
    _contact(check)
    _venue(check)
    _links(check)
    _prices(check)
    _order(check)
    return check.out, check.errors


def _text(longest: int) -> Callable[[Any], str | None]:
    def test(value: Any) -> str | None:
        if not isinstance(value, str):
            return "is invalid"
        return None if len(value) <= longest else f"is too long (maximum is {longest} characters)"

    return test


def _time(value: Any) -> str | None:
    return None if read_time(value) is not None else "is not a valid ISO8601 time with an offset from UTC"


def _category(value: Any, rules: EventRules) -> str | None:
    if not is_number(value):
        return "is not a number"
    return None if value in rules.categories else "is not a known category"


def _categories(value: Any, rules: EventRules) -> str | None:
    if not isinstance(value, list):
        return "is invalid"
    return next((reason for item in cast("list[Any]", value) if (reason := _category(item, rules)) is not None), None)


def _images(value: Any, rules: EventRules) -> str | None:
    # The partner's table calls it "URL of the image"; its sample sends a list.
    if isinstance(value, str) and rules.partner:
        return None if is_url(value) else "is invalid"
    if not isinstance(value, list):
        return "is invalid"
    urls = cast("list[Any]", value)
    if len(urls) > 2:
        return "is too long (maximum is 2 urls)"
    return None if all(is_url(url) for url in urls) else "is invalid"


def _contact(check: _Check) -> None:
    if blank(check.data.get("contact")):
        if "contact" in check.data or check.current is None:
            if check.rules.contact_required:
                check.wrong("Event contact", _BLANK)
            else:
                check.out.pop("contact", None)
        return
    sent = check.group("contact")
    if sent is not None:
        kept = check.texts("Contact", sent, ("name", "email", "tel"), ())
        if "email" in kept and not is_email(kept["email"]):
            check.wrong("Contact email", "is not a valid email address")
        check.out["contact"] = kept


def _venue(check: _Check) -> None:
    if blank(check.data.get("venue")):
        if "venue" in check.data or check.current is None:
            check.wrong("Event venue", _BLANK)
        return
    sent = check.group("venue")
    if sent is None:
        return
    kept = check.texts("Venue", sent, ("name", "address_1", "town", "country"), ("address_2", "postcode"))
    country = kept.get("country")
    if country is not None and re.fullmatch(r"[A-Z]{2}", country) is None:
        check.wrong("Venue country", "is not a two letter ISO code")
    if country in ("GB", "US") and blank(sent.get("postcode")):
        check.wrong("Venue postcode", _BLANK)
    for key, limit in (("latitude", 90), ("longitude", 180)):
        value = sent.get(key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
            check.wrong(f"Venue {key}", "is not a number")
        else:
            kept[key] = value
    number = sent.get("id")
    if is_number(number) or (isinstance(number, str) and re.fullmatch(r"[0-9]{1,15}", number)):
        kept["id"] = str(number)
    elif number is not None:
        check.wrong("Venue id", "is not a number")
    check.out["venue"] = kept


def _links(check: _Check) -> None:
    if "links" not in check.data:
        return
    if blank(check.data["links"]):
        check.out.pop("links", None)
        return
    sent = check.group("links")
    if sent is None:
        return
    unknown = [name for name in sent if name not in LINK_NAMES]
    if unknown:
        check.wrong("Event links", "contains an unknown name")
    elif not all(is_url(url) for url in sent.values()):
        check.wrong("Event links", "contains an invalid url")
    else:
        check.out["links"] = sent


def _prices(check: _Check) -> None:
    if blank(check.data.get("prices")):
        if "prices" in check.data or check.current is None:
            check.wrong("Event prices", _BLANK)
        return
    sent = check.group("prices")
    if sent is None:
        return
    if all(is_price(value) for value in sent.values()):
        check.out["prices"] = sent
    else:
        check.wrong("Event prices", "is invalid")


def _order(check: _Check) -> None:
    """The times against each other, as they would be after this request."""
    start, end, door, last = (
        _moment(check, name) for name in ("start_time", "end_time", "door_time", "last_entry_time")
    )
    if start is None or end is None:
        return
    if check.rules.check_end and end < start:
        check.wrong("Event end_time", "must not be before start_time")
    if last is not None and not start <= last <= end:
        check.wrong("Event last_entry_time", "must be on or after start_time and on or before end_time")
    if door is None:
        return
    if check.rules.partner and check.rules.documented_doors:
        if not start <= door <= end:
            check.wrong("Event door_time", "must be on or after start_time and on or before end_time")
    elif door >= end:
        check.wrong("Event door_time", "must be before end_time")
    elif check.rules.documented_doors and last is not None and door >= last:
        check.wrong("Event door_time", "must be before last_entry_time")


def _moment(check: _Check, name: str) -> datetime | None:
    return read_time(check.out.get(name))


def check_package(data: Mapping[str, Any], options: Container[int]) -> list[str]:
    """What is wrong with the purchase of a package."""
    errors: list[str] = []
    number, quantity = data.get("id"), data.get("event_quantity")
    if blank(number):
        errors.append(f"Package id {_BLANK}")
    elif not is_number(number) or cast("int", number) not in options:
        errors.append("Package id is not a package option of your contract")
    if blank(quantity):
        errors.append(f"Package event_quantity {_BLANK}, is not a number")
    elif not is_number(quantity):
        errors.append("Package event_quantity is not a number")
    elif not 1 <= cast("int", quantity) <= 1_000_000:
        errors.append("Package event_quantity must be greater than 0")
    errors.extend(
        f"Package {name} is invalid"
        for name in ("purchase_order_id", "notes")
        if data.get(name) is not None and not isinstance(data[name], str)
    )
    return errors


def check_user(data: Mapping[str, Any], *, new: bool) -> list[str]:
    """What is wrong with a user."""
    errors: list[str] = []
    if new or "name" in data:
        name = data.get("name")
        if blank(name):
            errors.append(f"Name {_BLANK}")
        elif not isinstance(name, str):
            errors.append("Name is invalid")
    if (new or "email" in data) and not is_email(data.get("email")):
        errors.append("Not a valid email address")
    return errors
