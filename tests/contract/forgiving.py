"""What arguments may arrive as, as data: each value with what it is taken for, tried at every argument of its kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override


class _Word:
    """A word that is no value."""

    def __init__(self, name: str) -> None:
        self.name = name

    @override
    def __repr__(self) -> str:
        return self.name


REFUSED: Final = _Word("refused")
NOT_GIVEN: Final = _Word("not given")
SAME: Final = _Word("the same")
Case = tuple[Any, Any]

INTEGERS: list[Case] = [
    (5, 5), ("5", 5), (" 5 ", 5), ("\t5\n", 5), ("5.0", 5), (5.0, 5), ("+5", 5), ("05", 5), ("5e0", 5), (None, NOT_GIVEN),
    ("", NOT_GIVEN), ("  ", NOT_GIVEN), ("null", NOT_GIVEN), (True, REFUSED), (False, REFUSED), ("true", REFUSED),
    ("five", REFUSED), ("5 people", REFUSED), (5.5, REFUSED), ("5.5", REFUSED), ("5,0", REFUSED), ("NaN", REFUSED),
    ("Infinity", REFUSED), ([5], REFUSED), ("[5]", REFUSED), ({"n": 5}, REFUSED), (-1, REFUSED), ("-1", REFUSED), (0, REFUSED),
    (10**30, REFUSED), ("1" * 400, REFUSED),
]  # fmt: skip
BOOLEANS: list[Case] = [
    (True, True), (False, False), ("true", True), ("false", False), (" true ", True), ("True", True), ("FALSE", False),
    ("yes", True), ("no", False), ("1", True), ("0", False), (1, True), (0, False), (None, NOT_GIVEN), ("", NOT_GIVEN),
    ("null", NOT_GIVEN), ("maybe", REFUSED), ("2", REFUSED), (2, REFUSED), ("truee", REFUSED), ([True], REFUSED),
    ("[true]", REFUSED), ({}, REFUSED), (0.5, REFUSED), ("oui", REFUSED),
]  # fmt: skip
TEXTS: list[Case] = [
    ("x", SAME), ("5", SAME), ("true", SAME), ("null", SAME), ("[1]", SAME), ('{"a":1}', SAME), (" x ", SAME), ("2027-05-01", SAME),
    ("", SAME), (None, NOT_GIVEN), (5, REFUSED), (5.5, REFUSED), (True, REFUSED), (["x"], REFUSED), ({"a": 1}, REFUSED),
]  # fmt: skip
WORD_LISTS: list[Case] = [
    (["ref", "title"], SAME), ('["ref","title"]', ["ref", "title"]), (' ["ref"] ', ["ref"]), (["REF", " Title "], ["ref", "title"]),
    ([], []), ("[]", []), (None, NOT_GIVEN), ("", NOT_GIVEN), ("null", NOT_GIVEN), ("ref", REFUSED), ("ref,title", REFUSED),
    ('["ref"', REFUSED), (["reff"], REFUSED), ([1], REFUSED), ([None], REFUSED), ({"ref": True}, REFUSED), (True, REFUSED),
]  # fmt: skip
TEXT_LISTS: list[Case] = [
    (["a:b"], SAME), ('["a:b"]', ["a:b"]), (["5"], SAME), ('["5"]', ["5"]), ([" a "], SAME), ([5], REFUSED), ("[5]", REFUSED),
    ([True], REFUSED), ([None], REFUSED), ([["a"]], REFUSED), ("a:b", REFUSED), ("a:b, a:c", REFUSED), ({"a": "b"}, REFUSED),
]  # fmt: skip
ITEM: dict[str, Any] = {"item": "Seat", "quantity": 2}
OBJECT_LISTS: list[Case] = [
    ([ITEM], SAME), ('[{"item":"Seat","quantity":2}]', [ITEM]), (['{"item":"Seat","quantity":2}'], [ITEM]),
    ([{"item": "Seat", "quantity": "2"}], [ITEM]), ('[{"item":"Seat","quantity":"2"}]', [ITEM]), ([ITEM, ITEM], SAME),
    ([{"item": "5", "quantity": 2}], SAME), ([{"item": 5, "quantity": 2}], REFUSED), ([{"item": "Seat", "quantity": "two"}], REFUSED),
    ([{"item": "Seat", "quantity": True}], REFUSED), ([{"item": "Seat", "qty": 2}], REFUSED), ([{"quantity": 2}], REFUSED),
    (["Seat"], REFUSED), ("Seat", REFUSED), (ITEM, REFUSED), ([None], REFUSED), ("[{]", REFUSED),
]  # fmt: skip
PLACES: list[Case] = [
    ({"name": "Quay"}, SAME), ('{"name":"Quay"}', {"name": "Quay"}), ({"name": "5"}, SAME), (None, NOT_GIVEN), ("", NOT_GIVEN),
    ("null", NOT_GIVEN), ({"name": "Quay", "town": None}, {"name": "Quay"}), ({"name": 5}, REFUSED), ("Quay", REFUSED),
    ([{"name": "Quay"}], REFUSED), ({"nmae": "Quay"}, REFUSED), ('{"name":', REFUSED), (True, REFUSED),
]  # fmt: skip
MAPS: list[Case] = [
    ({}, {}), ("{}", {}), ('{"event":"5","n":5}', {"event": "5", "n": 5}), ({"a": None}, SAME), ({"a": "5"}, SAME), (None, NOT_GIVEN),
    ("", NOT_GIVEN), ("null", NOT_GIVEN), ("[]", REFUSED), ([], REFUSED), ("event=5", REFUSED), (5, REFUSED),
]  # fmt: skip


def _words(words: list[str], *, required: bool = False) -> list[Case]:
    found: list[Case] = [
        case
        for word in words
        for case in ((word, word), (word.upper(), word), (f" {word.title()} ", word), (f"{word}x", REFUSED))
    ]
    absent = REFUSED if required else NOT_GIVEN
    return [*found, (None, absent), ("", absent), (5, REFUSED), (True, REFUSED), ([words[0]], REFUSED)]


SALE: dict[str, Any] = {"event": "a:b", "name": "Ada", "email": "ada@pier.example", "items": [ITEM]}
PERSON: dict[str, Any] = {"event": "a:b", "name": "Ada", "email": "ada@pier.example"}
NEEDED: Mapping[str, dict[str, Any]] = {
    "archive_event": {"event": "a:b"}, "list_sessions": {"event": "a:b"}, "create_sale": SALE, "register_attendee": PERSON,
    "cancel_registration": {"attendees": ["a:b:a-1"]}, "update_sale": {"sales": ["a:b:o-1"], "action": "refund"},
    "get_event": {"event": "a:b"}, "update_event": {"event": "a:b"}, "export_list": {"list": "events"},
    "clone_event": {"event": "a:b", "starts": "2027-05-01"}, "call_read_operation": {"operation": "x"},
    "call_write_operation": {"operation": "x"}, "register_attendees": {"event": "a:b"}, "find_operations": {"query": "x"},
    "apply_preview": {"token": "x"},
}  # fmt: skip
"""What else a call of a tool must give."""

TABLE: list[tuple[str, list[Case]]] = [
    ("list_events.limit list_attendees.limit create_sale.nth", INTEGERS),
    ("archive_event.dry_run list_attendees.paid update_event.published cancel_registration.whole_order", BOOLEANS),
    ("list_events.text create_event.title register_attendee.ticket call_read_operation.account", TEXTS),
    ("list_events.fields", WORD_LISTS),
    ("event_summary.events register_attendee.sessions cancel_registration.attendees", TEXT_LISTS),
    ("create_sale.items register_attendee.extras", OBJECT_LISTS),
    ("create_event.place update_event.place", PLACES),
    ("call_read_operation.arguments call_write_operation.arguments", MAPS),
    ("list_events.when", _words(["upcoming", "past", "all"])),
    ("list_attendees.status", _words(["active", "confirmed", "cancelled"])),
    ("update_sale.action", _words(["mark_paid", "refund", "cancel"], required=True)),
    ("export_list.list", _words(["attendees", "events"], required=True)),
    ("update_event.clear", [(["ends", "CATEGORY"], ["ends", "category"]), ('["ends"]', ["ends"]), (["title"], REFUSED)]),
]  # fmt: skip


@dataclass(frozen=True)
class Given:
    """One call: the value of one argument beside those that must be given."""

    tool: str
    argument: str
    value: Any
    taken: Any

    @property
    def call(self) -> dict[str, Any]:
        return {**NEEDED.get(self.tool, {}), self.argument: self.value}


def cases() -> Iterator[Given]:
    for names, values in TABLE:
        for name in names.split():
            tool, _, argument = name.partition(".")
            for value, taken in values:
                yield Given(tool, argument, value, value if taken is SAME else taken)
