"""What registering asks for, and a person's answers as Eventtia takes them: by the ids of the chosen attendee type."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from eventdesk_server.providers.eventtia.reads import Form
from eventdesk_server.providers.eventtia.scalars import day_first
from eventdesk_server.providers.eventtia.tickets import FormField
from eventdesk_tools.errors import AmbiguousName, InvalidArguments
from eventdesk_tools.models import Json, RegistrationField
from eventdesk_tools.refs import shown
from eventdesk_tools.times import parse_date, parse_time

_GIVEN = frozenset({"first_name", "last_name", "email"})
"""Questions that the tools' own arguments answer."""

_PERSON_TEXTS = ("company", "telephone", "job_title", "alternative_email", "timezone")
_PERSON = (*_PERSON_TEXTS, "birthdate")
_PLACES = ("country_id", "region_id", "city_id")
_BUILT_IN = (*_PERSON, *_PLACES)
_KINDS = {
    "telephone": "phone",
    "alternative_email": "email",
    "birthdate": "date",
    "timezone": "zone",
    **dict.fromkeys(_PLACES, "number"),
}
_SINGLE_LINE = 1
"""The only `input_type` that the reference names. Others are told apart by what comes with them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def questions(forms: Sequence[Form]) -> tuple[RegistrationField, ...]:
    """What registering asks for beyond name and e-mail, per ticket."""
    return tuple(
        RegistrationField(
            ticket=form.type.attributes.name,
            field=_label(question),
            kind=_kind(question),
            required=bool(question.attributes.required),
            choices=_choices(question),
        )
        for form in forms
        for question in form.fields
        if question.attributes.name not in _GIVEN and question.attributes.display is not False
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers, where they go in the request: beside the person's name, among the custom fields, or at the top."""

    person: dict[str, Json] = field(default_factory=dict[str, Json])
    custom: dict[str, Json] = field(default_factory=dict[str, Json])
    top: dict[str, Json] = field(default_factory=dict[str, Json])


def fill(form: Form, answers: Sequence[tuple[str, str]], zone: str | None) -> Filled:
    """Sort a person's answers by where they go.

    Raises:
        InvalidArguments: The form has no such question, the answer does not fit it, or a required one is missing.
        AmbiguousName: Two questions bear that label.
    """
    given: dict[str, tuple[str, FormField | None, list[str]]] = {}
    for name, answer in answers:
        question = _question(form, name)
        built_in = _built_in(question, name)
        key = built_in or (question.id if question is not None else "")
        if not key:
            raise _unknown(form, name)
        given.setdefault(key, (name.strip(), question, []))[2].append(answer.strip())
    filled = Filled()
    for key, (name, question, texts) in given.items():
        if question is not None:
            _bounded(question, name, texts)
        if key in _BUILT_IN and len(texts) > 1:
            raise InvalidArguments(f"{shown(name)} takes one answer.", field="answers")
        if key in _PERSON:
            filled.person[key] = _day(texts[0]) if key == "birthdate" else texts[0]
        elif key in _PLACES:
            filled.top[key] = _number(name, texts[0])
        elif question is not None:
            values = [_custom(question, text, zone) for text in texts]
            filled.custom[key] = values if len(values) > 1 else values[0]
    _complete(form, frozenset(given))
    return filled


def _question(form: Form, name: str) -> FormField | None:
    """The question that a name means: its id, its alias or its name, in any case, with `_` as a space."""
    wanted = _plain(name)
    found = [q for q in form.fields if wanted in {q.id, _plain(q.attributes.alias), _plain(q.attributes.name)}]
    if len(found) > 1:
        raise AmbiguousName(
            f"{len(found)} questions of this ticket are called {shown(name)}.",
            next="Repeat the call with the number in front of one of allowed as field.",
            field="answers",
            allowed=[f"{q.id} {_label(q)}" for q in found[:10]],
        )
    return found[0] if found else None


def _built_in(question: FormField | None, name: str) -> str:
    """The machine name of a built-in question; they need not be among the form's to be taken."""
    machine = question.attributes.name if question is not None else _plain(name).replace(" ", "_")
    if question is not None and not question.attributes.default:
        return ""
    if machine in _GIVEN:
        raise InvalidArguments(f"{machine} is not an answer: give it as name, last_name or email.", field="answers")
    if machine in _BUILT_IN:
        return machine
    if question is not None:
        raise InvalidArguments(
            f"Eventtia's API takes no answer to {shown(name)}.",
            next="Leave it out, and tell the person.",
            field="answers",
        )
    return ""


def _unknown(form: Form, name: str) -> InvalidArguments:
    labels = [_label(q) for q in form.fields if q.attributes.name not in _GIVEN]
    return InvalidArguments(
        f"{shown(form.type.attributes.name)} asks nothing called {shown(name)}.",
        next='Call get_event with include ["fields"] for what it asks, and repeat the call.',
        field="answers",
        allowed=list(dict.fromkeys([*labels, *_PERSON]))[:10],
    )


def _complete(form: Form, given: frozenset[str]) -> None:
    missing = [
        _label(question)
        for question in form.fields
        if question.attributes.required
        and question.attributes.display is not False
        and _key(question) not in given
        and _key(question) not in _GIVEN
        and _can_be_sent(question)
    ]
    if missing:
        raise InvalidArguments(
            f"{shown(form.type.attributes.name)} also asks for {len(missing)} answers: see allowed.",
            next="Ask the person, then repeat the call with answers.",
            field="answers",
            allowed=missing[:10],
        )


def _key(question: FormField) -> str:
    return question.attributes.name if question.attributes.default else question.id


def _can_be_sent(question: FormField) -> bool:
    """The API takes no picture, so a required one is left to the platform to complain about."""
    return not question.attributes.default or question.attributes.name in _BUILT_IN


def _bounded(question: FormField, name: str, texts: Sequence[str]) -> None:
    most = question.attributes.max_chars or 0
    if most > 0 and any(len(text) > most for text in texts):
        raise InvalidArguments(f"{shown(name)} takes at most {most} characters.", field="answers")
    choices = _choices(question)
    wrong = [text for text in texts if choices and text not in choices]
    if wrong:
        raise InvalidArguments(
            f"{shown(wrong[0])} is not among the choices of {shown(name)}.", field="answers", allowed=choices[:10]
        )


def _custom(question: FormField, text: str, zone: str | None) -> str:
    """An answer to a question of the organiser's own. Dates are sent with the day first, as everywhere."""
    told = question.attributes
    if told.include_time is None or told.input_type == _SINGLE_LINE or not _DAY.match(text):
        return text
    if _DAY.fullmatch(text):
        return _day(text)
    return day_first(parse_time(text, zone or "UTC", field="answers"))


def _day(text: str) -> str:
    return parse_date(text, field="answers").strftime("%d/%m/%Y")


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise InvalidArguments(
            f"{shown(name)} takes the platform's number of the place, not its name.", field="answers"
        )
    return int(text)


def _kind(question: FormField) -> str:
    told = question.attributes
    if told.default:
        return _KINDS.get(told.name, "text") if told.name in _BUILT_IN else "cannot be sent"
    if _choices(question):
        return "choice"
    if told.input_type == _SINGLE_LINE:
        return "text"
    if told.include_time is not None:
        return "time" if told.include_time else "date"
    return "other"


def _choices(question: FormField) -> tuple[str, ...]:
    """The choices, where they come as a list or an object. The reference shows `null` only: no text is taken apart."""
    values: Any = question.attributes.values
    if isinstance(values, dict):
        values = list(cast("Mapping[str, Any]", values).values())
    if not isinstance(values, list):
        return ()
    texts: list[str] = []
    for value in cast("list[Any]", values):
        named = cast("Mapping[str, Any]", value).get("name") if isinstance(value, dict) else value
        if not isinstance(named, (str, int, float)):
            return ()
        texts.append(str(named)[:200])
    return tuple(texts)


def _label(question: FormField) -> str:
    return question.attributes.alias or question.attributes.name


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
