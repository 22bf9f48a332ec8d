"""Surveys, their questions and what people answered."""

from typing import Any, Final, cast

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, answer, invalid
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.calls import (
    Call,
    E,
    Endpoint,
    Included,
    cut,
    listing,
    page_wanted,
    plain_list,
    printed,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.catalogue_resources import QUESTION, SURVEY, SURVEY_ANSWER

_AUDIENCES: Final = ("attendee", "business_conference_meetings")


def list_surveys(books: Books, call: Call) -> Response:
    """`GET E/surveys`; the questions come with `include=custom_fields`."""
    event = books.event(call.parts["event_uri"])
    surveys = books.of_event(SURVEY, event.id)
    page = page_wanted(books, call)
    included = Included() if call.include else None
    data: list[Json] = []
    for survey in cut(surveys, page):
        questions = books.of_parent(QUESTION, survey.id)
        data.append(printed(books, SURVEY, survey, event, custom_fields=[question.id for question in questions]))
        if included is not None and call.includes("custom_fields"):
            for question in questions:
                included.add(printed(books, QUESTION, question, event))
    return listing(books, call, page, len(surveys), data, included=included)


def submit_answers(books: Books, call: Call) -> Response:
    """`POST E/surveys/:id/answers`: `answers` as an object, or the bare map of the reference's sample."""
    event = books.event(call.parts["event_uri"])
    survey = books.get(SURVEY, call.parts["id"], event.id)
    audience = call.either("survey_type")
    if audience is not None and audience not in _AUDIENCES:
        raise invalid("survey_type", "is not included in the list")
    bare = {key: value for key, value in call.body.items() if key != "survey_type"}
    answers: Any = call.body.get("answers", bare)
    if not isinstance(answers, dict) or not answers:
        raise invalid("answers", "can't be blank")
    questions = [question.id for question in books.of_parent(QUESTION, survey.id)]
    values = cast("Json", answers)
    unknown = sorted(set(values) - {str(key) for key in questions})
    if unknown:
        raise invalid("answers", "is invalid")
    # No field says who answers, so the record names nobody.
    doc = SURVEY_ANSWER.fresh(books.now()) | {"values": values}
    books.add(SURVEY_ANSWER, doc, event_id=event.id, parent_id=survey.id)
    resource = printed(books, SURVEY, survey, event, custom_fields=questions, answered=True)
    resource["relationships"] |= {"event_file_category": {"data": None}, "event_files": {"data": []}}
    return answer({"data": resource}, 201)


def list_answers(books: Books, call: Call) -> Response:
    """`GET E/surveys/:survey_id/survey_answers`."""
    event = books.event(call.parts["event_uri"])
    survey: Record = books.get(SURVEY, call.parts["survey_id"], event.id)
    return plain_list(books, call, SURVEY_ANSWER, books.of_parent(SURVEY_ANSWER, survey.id), event)


ENDPOINTS: Final = (
    Endpoint("GET", f"{E}/surveys", list_surveys, public=True),
    Endpoint("POST", f"{E}/surveys/:id/answers", submit_answers),
    Endpoint("GET", f"{E}/surveys/:survey_id/survey_answers", list_answers),
)
