"""HeySummit's writing operations under the guards of the tools: their arguments, put into the tools' terms."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, cast

from eventdesk_server.providers.declared import Guarded
from eventdesk_server.providers.heysummit import operations, registering
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json, Registration, WriteResult
from eventdesk_tools.people import clean_email, clean_name
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.refs import Kind

Arguments = Mapping[str, Json]


class Archive(Protocol):
    """The adapter's `plan_archive`."""

    def __call__(self, event_id: str, *, restore: bool) -> Awaitable[WritePlan | WriteResult]: ...


def guarded(routes: Routes, archive: Archive) -> Guarded:
    """By name. Making a checkout link and adding to a talk change nothing that a guard protects."""

    def register(ticket: str) -> Callable[[Arguments], Awaitable[WritePlan | WriteResult]]:
        async def plan(given: Arguments) -> WritePlan | WriteResult:
            wanted = _registration(given, ticket)
            return await registering.plan(registering.Looks(routes, wanted.event_id), wanted)

        return plan

    async def assign(given: Arguments) -> WritePlan | WriteResult:
        event, person, price = str(given["event"]), str(given["attendee"]), str(given["ticket_price_id"])
        return await registering.assignment(routes, event, person, price)

    async def archived(given: Arguments) -> WritePlan | WriteResult:
        return await archive(str(given["event"]), restore=False)

    return {
        operations.REGISTER_ATTENDEE.name: register("ticket_price_id"),
        operations.REGISTER_ATTENDEE_V1.name: register("ticket_id"),
        operations.ASSIGN_TICKET.name: assign,
        operations.ARCHIVE_EVENT.name: archived,
    }


def _registration(given: Arguments, ticket: str) -> Registration:
    """A ticket that is named is meant, whatever it costs: the person is asked before it is given away."""
    named = given.get(ticket)
    return Registration(
        event_id=str(given["event"]),
        name=clean_name(str(given["name"])),
        email=clean_email(str(given["email"])),
        ticket="" if named is None else f"{Kind.TICKET}-{named}",
        answers=_answers(given.get("questions")),
        complimentary=named is not None,
    )


def _answers(questions: Json) -> tuple[tuple[str, str], ...]:
    answers: list[tuple[str, str]] = []
    for question in cast("list[Json]", questions or []):
        if not isinstance(question, Mapping) or set(cast("Arguments", question)) != {"question_id", "answer"}:
            raise InvalidArguments(
                'questions is a list of objects like {"question_id": 12, "answer": "yes"}.',
                field="arguments.questions",
            )
        fields = cast("Arguments", question)
        answers.append((str(fields["question_id"]), str(fields["answer"])))
    return tuple(answers)
