"""Seasons full of people whose every name, address, number, company and answer is known by a word that nothing else holds."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

WORD = re.compile(r"zq[a-z]{6}|4478\d{8}", re.IGNORECASE)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SEPARATORS = re.compile(r"(?<=\d)[\s().\-]{1,2}(?=\d)")


def leaked(text: str) -> set[str]:
    """The seeded words in a text, also of numbers that are written in groups."""
    return {found.lower() for found in WORD.findall(_SEPARATORS.sub("", text))}


class Seeds:
    """Makes values, each with a word of its own."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.made: set[str] = set()

    def word(self) -> str:
        number = next(self._numbers) * 7919 % 26**6
        letters = ""
        for _ in range(6):
            number, at = divmod(number, 26)
            letters += _LETTERS[at]
        self.made.add(f"zq{letters}")
        return f"Zq{letters}"

    def name(self) -> str:
        return f"{self.word()} {self.word()}"

    def email(self) -> str:
        return f"{self.word().lower()}@{self.word().lower()}.example"

    def phone(self) -> str:
        digits = f"4478{next(self._numbers) % 10**8:08d}"
        self.made.add(digits)
        return f"+{digits[:2]} {digits[2:6]} {digits[6:]}"


def schedule(seeds: Seeds, people: int) -> dict[str, Any]:
    sales = [
        {"name": seeds.name(), "email": seeds.email(), "phone": seeds.phone(), "lines": [{"ticket": 0, "quantity": 1}],
         "status": ("paid", "unpaid")[number % 2],
         **({"feedback": {"rating": 4, "comment": f"Call me, {seeds.word()}"}} if number % 9 == 0 else {})}
        for number in range(people)
    ]  # fmt: skip
    fans = [{"kind": "comment", "content": seeds.word(), "submitted_by": seeds.name()} for _ in range(20)]
    return {
        "schedules": [{"subdomain": "boathouse", "type": "venue", "owner": "organiser@sandbox.example", "timezone": "Europe/London"}],
        "events": [{"name": "Harbour Folk", "schedules": [{"subdomain": "boathouse"}], "starts_at": "2027-04-01 18:30:00", "duration": 3,
                    "tickets_enabled": True, "ticket_currency_code": "GBP", "tickets": [{"type": "Seat", "price": 12.5, "quantity": 5000}],
                    "sales": sales, "fan_content": fans}],
    }  # fmt: skip


def fair(seeds: Seeds, people: int) -> dict[str, Any]:
    return {
        "account": {"timezone": "Europe/Madrid", "currency": "EUR"},
        "events": [{"event_uri": "fair", "name": "Harbor Design Days", "active": True, "start_date": "2027-05-12T09:00:00",
                    "end_date": "2027-05-14T18:00:00", "attendee_types": [{"id": 51001, "name": "General", "price": 0}],
                    "attendees": [{"id": 600001 + number, "attendee_type": 51001, "first_name": seeds.word(), "last_name": seeds.word(),
                                   "email": seeds.email(), "company": seeds.name(), "telephone": seeds.phone(), "job_title": seeds.word()}
                                  for number in range(people)]}],
    }  # fmt: skip


def summit(seeds: Seeds, people: int) -> dict[str, Any]:
    return {
        "events": [{"id": 4711, "title": "Harbour Design Week", "timezone": "Europe/London", "first_talk_at": "2027-07-06T09:30:00",
                    "tickets": [{"id": 7, "title": "Free pass", "created_at": "2027-01-05T10:00:00Z", "prices": [{"id": 9, "title": "Free", "price": "0.00"}]}],
                    "attendees": [{"id": 33001 + number, "name": seeds.name(), "email": seeds.email(), "registration_status": "Completed Order",
                                   "created_at": "2027-01-05T10:00:00+00:00"} for number in range(people)]}],
    }  # fmt: skip


def listings(seeds: Seeds, people: int) -> dict[str, Any]:
    return {
        "users": [{"uuid": f"7f1c9a52-0d0e-4a6e-9a53-{number:012d}", "name": seeds.name(), "email": seeds.email()} for number in range(people)],
        "events": [],
    }  # fmt: skip


PEOPLE: Mapping[str, tuple[Any, int, str]] = {
    "eventschedule": (schedule, 680, ""),
    "eventtia": (fair, 520, "fair"),
    "heysummit v2": (summit, 520, "4711"),
    "heysummit v1": (summit, 60, "4711"),
    "evvnt partner": (listings, 40, ""),
}


def seeded(account: str) -> tuple[Seeds, dict[str, Any]]:
    make, people, _ = PEOPLE[account]
    seeds = Seeds()
    return seeds, make(seeds, people)


def numbers() -> Iterator[int]:
    """How many words each season holds."""
    for account in PEOPLE:
        yield len(seeded(account)[0].made)
