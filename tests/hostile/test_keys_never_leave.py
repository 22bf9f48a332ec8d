"""Keys of every account are looked for in everything that a long and unlucky day of calls leaves behind."""

import base64
import json
import logging
import random
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from mcp.types import TextContent
from typing_extensions import override

from eventdesk_server.journal.audit import Audit, audited
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.sandbox.faults import Fault
from eventdesk_server.settings import ACCOUNT, Settings
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import EventQuery, Include
from tests.contract.rewriting import Rewriting
from tests.hostile.platform import unchanged
from tests.mcp.conftest import Chat, Hours, Human, chatting, hours
from tests.mcp.matrix import EVENTS
from tests.support import NOW, ROOT

pytestmark = pytest.mark.anyio
__all__ = ["hours"]
SECRET_NAMES = ("key", "secret", "password", "token", "client_secret")
CALLS = 1_500
ENOUGH = 10_000


def spellings(secret: str) -> Iterator[str]:
    """How a key may be written where it must not be."""
    yield from (
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        secret.replace("-", "%2D"),
        secret.replace("-", "%2d"),
        repr(secret)[1:-1],
    )
    for form in (secret, f"{secret}:", f"token:{secret}"):
        yield base64.b64encode(form.encode()).decode().rstrip("=")
        yield base64.urlsafe_b64encode(form.encode()).decode().rstrip("=")


def keys_of(chat: Chat) -> dict[str, list[str]]:
    """By provider, every value of its login that is a secret."""
    connections = chat.rehearsal.sandbox.connections(ROOT)
    return {name: [v for k, v in given.items() if k in SECRET_NAMES] for name, given in connections.items()}


class Tokens(Rewriting):
    """Notes what a log-in answers, which is a key too."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, unchanged)
        self.seen: set[str] = set()

    @override
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if scope["path"].endswith(("/auth", "/m2m-auth")) and message.get("body"):
                self._note(message["body"])
            await send(message)

        await self._app(scope, receive, noted)

    def _note(self, body: bytes) -> None:
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if isinstance(answer, dict):
            self.seen |= {v for v in answer.values() if isinstance(v, str) and len(v) > 20}  # pyright: ignore[reportUnknownVariableType]


def unlucky(rng: random.Random, provider: str, echo: str) -> Fault:
    """Something that goes wrong, with an answer that repeats what was sent."""
    bodies: list[Any] = [
        echo,
        {"message": echo},
        {"error": echo},
        {"errors": [echo]},
        {"detail": echo},
        {"errors": {"key": [echo]}},
    ]
    kind = rng.choice(
        ["status"] * 6
        + [
            "delay",
            "drop_before",
            "drop_after",
            "black_hole",
            "html",
            "redirect",
            "truncated",
            "malformed",
            "wrong_shape",
            "invalid_utf8",
            "huge",
        ]
    )
    values: dict[str, Any] = {"kind": kind, "provider": provider, "times": rng.choice([1, 3, 9])}
    match kind:
        case "status":
            values |= {
                "code": rng.choice([400, 401, 403, 404, 409, 410, 418, 422, 429, 500, 503]),
                "body": rng.choice(bodies),
            }
        case "html":
            values |= {"code": rng.choice([200, 403, 502])}
        case "redirect":
            values |= {"location": f"https://elsewhere.example/token:{echo[:60]}/?api_key={quote(echo[:60])}"}
        case "wrong_shape":
            values |= {"shape": rng.choice(["wrapped", "renamed", "retyped", "null", "empty"])}
        case "delay":
            values |= {"seconds": 2.0}
        case "huge":
            values |= {"bytes": 60_000}
        case _:
            pass
    return Fault.model_validate(values)


def calls(rng: random.Random, provider: str, echo: str) -> tuple[str, dict[str, Any]]:
    account = f"demo-{provider}"
    key = "evvnt organiser" if provider == "evvnt" else "heysummit v2" if provider == "heysummit" else provider
    event = f"{account}:{EVENTS[key][0]}"
    person = {"event": event, "name": "Ada Pier", "email": f"ada{rng.randrange(40)}@pier.example"}
    return rng.choice([
        ("list_accounts", {"account": account}),
        ("list_events", {"account": account, "when": "all", "text": rng.choice(["", "a", "zz"])}),
        ("get_event", {"event": event, "include": ["description", "fields", "coupons"]}),
        ("list_sessions", {"event": event}),
        ("list_attendees", {"event": event, "status": "all"}),
        ("list_sales", {"event": event}),
        ("event_summary", {"events": [event]}),
        ("register_attendee", {**person, "dry_run": rng.random() < 0.5}),
        ("create_sale", {**person, "items": [{"item": "Seat", "quantity": 1}], "dry_run": rng.random() < 0.5}),
        ("clone_event", {"event": event, "starts": "2027-09-01T10:00", "dry_run": True}),
        ("archive_event", {"event": event, "dry_run": rng.random() < 0.8}),
        ("update_event", {"event": event, "title": "Another", "dry_run": rng.random() < 0.8}),
        ("cancel_registration", {"attendees": [f"{event}:a-600001"]}),
        ("find_operations", {"query": "webhooks key token", "account": account}),
        ("call_read_operation", {"operation": rng.choice(["list_webhooks", "list_events", "get_contract", "list_sales", "get_event_param"]),
                                 "account": account, "arguments": {}, "fields": rng.choice([[], ["."]])}),
        ("get_event", {"event": f"{account}:{echo[:20]}"}),
    ])  # fmt: skip


async def direct(chat: Chat, provider: str, state: Path) -> list[str]:
    """What a bug report would hold of a failure: its traceback with every cause, and each of them by itself; the account
    and its client; what the audit and the journal hold."""
    adapter = chat.rehearsal.desk.accounts[f"demo-{provider}"].provider
    said = [repr(adapter), *(repr(part) for part in vars(adapter).values())]
    said += [json.dumps(line) for line in list(audited(state))[-3:]]
    try:
        async for _ in adapter.list_events(EventQuery(now=NOW)):
            break
        await adapter.get_event("4711", frozenset({Include.DESCRIPTION}))
    except EventdeskError as exc:
        said.append("".join(traceback.format_exception(exc)))
        cause: BaseException | None = exc
        while cause is not None:
            said.append(f"{cause!r} {cause} {vars(cause)}")
            cause = cause.__cause__ or cause.__context__
    return said


async def test_no_key_is_in_anything_that_is_said_logged_or_raised(
    hours: Hours, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    rng = random.Random(20_270_301)
    human = Human()
    said: list[str] = []
    journal = SqliteJournal(tmp_path)
    options = {"operations_write": True, "journal": journal}
    async with chatting(human=human, options=options, hours=hours) as chat:
        vars(chat.server)["_audit"] = Audit(tmp_path)
        tokens = Tokens(chat.rehearsal.sandbox.app)
        vars(chat.rehearsal.sandbox)["app"] = tokens
        secrets = keys_of(chat)
        assert all(secrets.values())
        for _ in range(CALLS):
            provider = rng.choice(list(secrets))
            own = [*secrets[provider], *(tokens.seen if provider == "eventtia" else ())]
            spelt = [form for secret in own for form in spellings(secret)]
            echo = " ".join(rng.sample(spelt, min(4, len(spelt))))
            if rng.random() < 0.7:
                chat.rehearsal.sandbox.faults.add(unlucky(rng, provider, echo))
            tool, arguments = calls(rng, provider, "nothing")
            (block,) = (await chat.client.call_tool(tool, arguments)).content
            assert isinstance(block, TextContent)
            assert '"code":"internal"' not in block.text, (tool, arguments)
            said.append(block.text)
            said += await direct(chat, provider, tmp_path)
            chat.rehearsal.sandbox.faults.clear()
            hours.go(rng.choice([1.0, 61.0]))
        said += human.asked
        said += [
            repr(chat.server),
            repr(chat.rehearsal.desk),
            *(repr(a) for a in chat.rehearsal.desk.accounts.values()),
        ]
        said.append("\n".join(journal.store.run_now(lambda db: list(db.iterdump()))))
    journal.store.close()
    formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    said += [formatter.format(record) + repr(record.args) for record in caplog.records]
    forms = {form for own in [*secrets.values(), list(tokens.seen)] for secret in own for form in spellings(secret)}
    assert tokens.seen
    assert len(said) >= ENOUGH
    assert any("The above exception was the direct cause" in text for text in said)
    assert any('"tool": "update_event"' in text for text in said)
    everything = "\n".join(said)
    found = [form for form in forms if form in everything]
    assert found == [], [everything[max(everything.index(form) - 200, 0) :][:400] for form in found[:3]]


@pytest.mark.parametrize(
    ("provider", "names"),
    [("eventschedule", ("key",)), ("eventtia", ("client_id", "client_secret")), ("eventtia", ("email", "password")),
     ("heysummit", ("key",)), ("eventhq", ("key",)), ("evvnt", ("key", "secret"))],
)  # fmt: skip
def test_settings_show_no_key_however_they_are_looked_at(provider: str, names: tuple[str, ...]) -> None:
    canary = f"canary-{provider}-8f1c9a52"
    given: dict[str, Any] = {"provider": provider, **dict.fromkeys(names, canary)}
    account = ACCOUNT.validate_python(given)
    settings = Settings.model_validate({"accounts": {"club": given}})
    whole = (repr(account), str(account), repr(settings), str(settings), str(settings.model_dump()))
    assert not [shown for shown in (*whole, settings.model_dump_json()) if canary in shown]
