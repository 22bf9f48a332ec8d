"""An Eventtia whose answers a test writes down, for shapes that the stand-in does not take."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import anyio
import httpx2

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.providers.eventtia.adapter import Eventtia
from eventdesk_server.registry import AccountSetup, build_account
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.desk import Desk
from eventdesk_tools.ports import ProviderName
from tests.support import Rehearsal

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ROOT = "http://eventtia.localhost/api/v3"
Answer = Any | Callable[[httpx2.Request], Any]
_EXAMPLES = Path(__file__).with_name("examples")


def example(name: str) -> Any:
    """An example answer, parsed."""
    return json.loads((_EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class Upstream:
    """Answers by method and path; a list is answered one by one and its last again and again."""

    answers: Mapping[str, Answer | list[Answer]]
    seen: list[httpx2.Request] = field(default_factory=list[httpx2.Request])

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith(("/auth", "/m2m-auth")):
            return httpx2.Response(200, json={"auth_token": "aaa.bbb.ccc", "access_token": "mmm.nnn.ooo"})
        self.seen.append(request)
        key = f"{request.method} {request.url.path.removeprefix('/api/v3/')}"
        if key not in self.answers:
            return httpx2.Response(404, json={"message": "ActiveRecord::RecordNotFound"})
        answer = self.answers[key]
        if isinstance(answer, Turns):
            answer = answer.next()
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, httpx2.Response) else httpx2.Response(200, json=answer)

    @property
    def asked(self) -> list[str]:
        """What was asked for, one line a request."""
        return [f"{request.method} {request.url.raw_path.decode().removeprefix('/api/v3/')}" for request in self.seen]

    @property
    def writes(self) -> list[tuple[str, Any]]:
        return [
            (line, json.loads(request.content) if request.content else None)
            for line, request in zip(self.asked, self.seen, strict=True)
            if request.method != "GET"
        ]


@dataclass
class Turns:
    """Answers one after the other; the last one stays."""

    answers: Sequence[Answer]
    used: int = 0

    def next(self) -> Answer:
        answer = self.answers[min(self.used, len(self.answers) - 1)]
        self.used += 1
        return answer


def rehearsed(upstream: Upstream, **settings: Any) -> Rehearsal:
    """A desk with one account at a scripted Eventtia."""
    given = {"email": "desk@example.test", "password": "not-a-secret"} | settings
    account = build_account(
        AccountSetup(
            account="club",
            settings=ACCOUNT.validate_python({"provider": "eventtia", "base_url": ROOT, **given}),
            provider=ProviderName.EVENTTIA,
            now=lambda: NOW,
            transport=lambda: httpx2.MockTransport(upstream),
        )
    )

    async def sleep(_: float) -> None:
        await anyio.lowlevel.checkpoint()

    desk = Desk(accounts={"club": account}, now=lambda: NOW, runtime=AnyioRuntime(sleep), journal=SqliteJournal())
    return Rehearsal(cast("Any", None), desk)


def provider_of(upstream: Upstream, **settings: Any) -> Eventtia:
    return cast("Eventtia", rehearsed(upstream, **settings).provider)


def listed(rows: Sequence[Any], **parts: Any) -> dict[str, Any]:
    return {"data": list(rows), "meta": {"total_pages": 1}, **parts}


def event(uri: str = "fair", event_id: str = "7", **attributes: Any) -> dict[str, Any]:
    """An event as its detail shows it."""
    record = example("specimen_get_event")["data"]
    told = {**record["attributes"], "name": uri.title(), "event_uri": uri, **attributes}
    return {**record, "id": event_id, "attributes": told}


def attendee(attendee_id: str, type_id: str | None, fields: Mapping[str, Any], **attributes: Any) -> dict[str, Any]:
    record = example("specimen_get_attendee")["data"]
    link = {"id": type_id, "type": "attendee_types"} if type_id else None
    return {
        **record,
        "id": attendee_id,
        "attributes": {**record["attributes"], "fields": dict(fields), **attributes},
        "relationships": {"attendee_type": {"data": link}},
    }


def kind(type_id: str, name: str, **attributes: Any) -> dict[str, Any]:
    """An attendee type."""
    record = example("specimen_list_attendee_types")["data"][0]
    return {
        "id": type_id,
        "type": "attendee_types",
        "attributes": {**record["attributes"], "name": name, **attributes},
        "relationships": {"attendee_type_custom_fields": {"data": []}},
    }


def question(field_id: str, type_id: str, name: str, **attributes: Any) -> dict[str, Any]:
    record = example("specimen_list_attendee_types")["included"][0]
    told = {**record["attributes"], "name": name, "required": False, "default": False, **attributes}
    return {
        "id": field_id,
        "type": "attendee_type_custom_fields",
        "attributes": told,
        "relationships": {"attendee_type": {"data": {"id": type_id, "type": "attendee_types"}}},
    }


def activity(activity_id: str, name: str, **attributes: Any) -> dict[str, Any]:
    record = example("specimen_list_activities")["data"][0]
    return {"id": activity_id, "type": "workshops", "attributes": {**record["attributes"], "name": name, **attributes}}
