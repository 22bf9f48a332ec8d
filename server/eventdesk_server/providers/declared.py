"""Operations of a platform, offered by name: one adapter's declared endpoints, checked, guarded and carried out."""

import difflib
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import ClassVar, cast

from pydantic import TypeAdapter
from typing_extensions import override

from eventdesk_server.http.client import PreparedWrite, ProviderClient
from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.arguments import Split, split
from eventdesk_server.providers.tracing import Tracing
from eventdesk_tools.answers import compact
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.operations import OperationInfo, OperationParam
from eventdesk_tools.plans import Fit, Question, Why, WritePlan
from eventdesk_tools.ports import PROVIDER_TITLES, EventProvider
from eventdesk_tools.refs import RECORD_ID, shown
from eventdesk_tools.text import line

Guarded = Mapping[str, Callable[[Mapping[str, Json]], Awaitable[WritePlan | WriteResult]]]
"""By an operation's name: how to plan it, from its checked arguments (path, query and body flat by name)."""

_ANY: TypeAdapter[object] = TypeAdapter(object)
_READ_TOOL = "Call call_read_operation."
_WRITE_TOOL = "Use call_write_operation; where it is not listed, the person can switch it on (operations_write)."
_BEFORE = (
    "The same call was carried out before and is not repeated. Whether its record still stands was not looked up: "
    "read it before telling the person."
)
_LOOKED = "The platform's own answer was lost; what it did was found by looking."
_VERBS = {Effect.ADD: "Add at", Effect.CHANGE: "Change at", Effect.REMOVE: "Remove at"}


def info_of(operation: Operation, withheld: str = "") -> OperationInfo:
    """An operation as the tools see it. A name that travels twice is one argument."""
    params: dict[str, OperationParam] = {}
    for param in operation.params:
        params.setdefault(param.name, _param_info(param))
    return OperationInfo(
        name=operation.name,
        effect=operation.effect,
        summary=operation.summary,
        method=operation.method,
        path=operation.path,
        params=tuple(params.values()),
        cost=operation.cost,
        withheld=operation.withheld or withheld,
        source=operation.source,
        people=operation.people,
    )


def _param_info(param: Param) -> OperationParam:
    return OperationParam(
        name=param.name,
        kind=param.kind,
        required=param.required or param.where == "path",
        about=param.about,
        choices=param.choices,
    )


class DeclaredOperations(EventProvider):
    """What an adapter gains by declaring its endpoints. It names them, its client, and what its tools guard."""

    declared: ClassVar[tuple[Operation, ...]]
    import_folder: str = ""
    """Where files to be uploaded may lie; set by the registry from the settings. "" for nowhere."""

    @property
    @abstractmethod
    def http(self) -> ProviderClient:
        """The client that operations are called through."""

    @override
    def fit(self, writes: int) -> Fit:
        return self.http.limiter.fit("POST", writes)

    def guarded(self) -> Guarded:
        """How to plan the writing operations that a tool's guards protect; the others get a plan of one step."""
        return {}

    def offered(self, operation: Operation) -> str:  # noqa: ARG002 - for adapters with roles or versions
        """Why this account is not offered an operation that the platform has; "" when it is."""
        return ""

    @cached_property
    def _operations(self) -> tuple[OperationInfo, ...]:
        return tuple(info_of(operation, self.offered(operation)) for operation in self.declared)

    @override
    def operations(self) -> tuple[OperationInfo, ...]:
        return self._operations

    @override
    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        operation = self._called(name)
        if operation.effect is not Effect.READ:
            raise InvalidArguments(f"{name} changes data: it is no reading.", field="operation", next=_WRITE_TOOL)
        return await self.read_declared(operation, arguments)

    async def read_declared(self, operation: Operation, arguments: Mapping[str, Json]) -> Json:
        """The decoded body that an operation answers, without secrets."""
        parts = split(operation, arguments, self.import_folder)
        answer = await self.http.read(operation, _ANY, path=parts.path, query=parts.query, body=parts.body or None)
        return self.http.without_secrets(answer)

    @override
    async def plan_operation(self, name: str, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
        operation = self._called(name)
        if operation.effect is Effect.READ:
            raise InvalidArguments(f"{name} changes nothing: it is a reading.", field="operation", next=_READ_TOOL)
        guard = self.guarded().get(name)
        if guard is not None:
            return await guard(split(operation, arguments, self.import_folder).flat)
        return self.plan_declared(operation, arguments)

    def plan_declared(self, operation: Operation, arguments: Mapping[str, Json]) -> WritePlan:
        """The plan of one step by which an operation without a guard, or one whose guard found nothing, is carried out."""
        parts = split(operation, arguments, self.import_folder)
        body = parts.body if parts.body or operation.object_body else None
        prepared = self.http.prepare(operation, path=parts.path, query=parts.query, body=body, files=parts.files)
        return self._plan(operation, parts, prepared)

    def _called(self, name: str) -> Operation:
        """The operation of this name, if this account may call it.

        Raises:
            InvalidArguments: There is none; the nearest names are proposed.
            Unsupported: It is withheld; the message says why.
        """
        title = PROVIDER_TITLES[self.name]
        found = next((operation for operation in self.declared if operation.name == name), None)
        if found is None:
            near = difflib.get_close_matches(name, [operation.name for operation in self.declared], n=5, cutoff=0.4)
            raise InvalidArguments(
                f"{title} has no operation {shown(name, 40)}.",
                field="operation",
                allowed=[f"{self.name}.{known}" for known in near],
                next="Call find_operations with what is to be done.",
            )
        withheld = found.withheld or self.offered(found)
        if withheld:
            raise Unsupported(
                f"{title}'s {name} is not offered: {withheld}.",
                field="operation",
                next="Tell the person; find_operations may know another way.",
            )
        return found

    def _plan(self, operation: Operation, parts: Split, prepared: PreparedWrite) -> WritePlan:
        """A plan of one step. What became of a request that was not answered, its trace tells; without one it stays unknown."""
        answers: list[Json] = []
        what = compact(dict(sorted(parts.flat.items())))
        tracing = self._tracing(operation, parts)

        def keep(answer: object) -> Mapping[str, str]:
            answers.append(self.http.without_secrets(answer))
            record = _id_in(answer)
            return {"id": record} if record else {}

        async def finish(values: Mapping[str, str]) -> WriteResult:
            facts = {"id": values.get("id"), "answer": answers[-1] if answers else None}
            return WriteResult(
                outcome=Outcome.DONE,
                facts={key: value for key, value in facts.items() if value},
                notes=() if answers else (_LOOKED,),
            )

        async def stands(values: Mapping[str, str]) -> WriteResult | None:
            standing = await tracing.stands(values.get("id", "")) if tracing is not None else None
            if standing is False:
                return None
            return WriteResult(
                outcome=Outcome.ALREADY_DONE,
                facts={"id": values["id"]} if "id" in values else {},
                notes=(_BEFORE,) if standing is None else (),
            )

        adds_once = operation.effect is Effect.ADD and not operation.repeatable
        return WritePlan(
            summary=line(f"{PROVIDER_TITLES[self.name]}: {operation.summary}"),
            makes_true=("operation", self.name.value, operation.name, what),
            steps=(
                self.http.step(
                    operation.name, prepared, _ANY, keep, find=tracing.find if tracing is not None else None
                ),
            ),
            finish=finish,
            stands=stands if adds_once else None,
            question=self._question(operation, prepared, what),
            mail="yes" if operation.mails else "",
            facts={"cost": operation.cost} if operation.cost else {},
        )

    def _tracing(self, operation: Operation, parts: Split) -> Tracing | None:
        trace = operation.trace
        if trace is None:
            return None
        reading = next(known for known in self.declared if known.name == trace.by)
        return None if self.offered(reading) else Tracing(self.http, operation, trace, reading, parts.flat)

    def _question(self, operation: Operation, prepared: PreparedWrite, what: str) -> Question | None:
        """Removing and changing are always asked, adding only where it costs or mails."""
        why: set[Why] = set()
        if operation.effect is Effect.REMOVE:
            why.add(Why.DESTRUCTIVE)
        if operation.effect is Effect.CHANGE:
            why.add(Why.VISIBLE_CHANGE)
        if operation.cost:
            why.add(Why.PAID)
        if operation.mails:
            why.add(Why.MAIL)
        if not why:
            return None
        costs = f" It costs {operation.cost}." if operation.cost else ""
        mails = " The platform writes to people." if operation.mails else ""
        text = (
            f"{_VERBS[operation.effect]} {self.http.who}: {operation.summary.rstrip('.')}?{costs}{mails} "
            f"{prepared.planned.method} {prepared.planned.path} {line(what, 400)}"
        )
        return Question(text=text, why=frozenset(why), reversible=why == {Why.VISIBLE_CHANGE})


def _id_in(answer: object) -> str:
    """The id of the record that an answer shows, at its top or under `data`; "" when it shows none."""
    if not isinstance(answer, Mapping):
        return ""
    shown_record = cast("Mapping[str, Json]", answer)
    found = shown_record.get("id")
    if found is None:
        return _id_in(shown_record.get("data"))
    text = str(found)
    return text if RECORD_ID.fullmatch(text) else ""
