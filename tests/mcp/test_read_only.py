"""Read only, proven by the requests: whatever is called with whatever arguments, nothing but reading leaves."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from eventdesk_tools.catalog import BY_NAME
from eventdesk_tools.effects import Effect
from eventdesk_tools.permissions import WRITING, Rules
from eventdesk_tools.ports import Mode
from tests.mcp.conftest import Chat, Hours, Human, chatting
from tests.mcp.matrix import ACCOUNTS, MATRIX, usual

pytestmark = pytest.mark.anyio
LOG_INS = {("POST", "/auth")}
"""Requests that are not readings and change nothing: the log-in of Eventtia, which answers a token."""
CALLS = 60
"""Random calls to each account, beside the plain ones."""
WORDS = ["", " ", "x", "all", "true", "5", "2027-05-01", "2027-05-01T18:00", "ada@pier.example", "General", "12.50 GBP", "publié", "[]", "{}"]  # fmt: skip


def sent(chat: Chat) -> list[str]:
    return [
        f"{seen.method} {seen.path}"
        for seen in chat.rehearsal.writes
        if not any(seen.method == method and seen.path.endswith(path) for method, path in LOG_INS)
    ]


def drawn(schema: Mapping[str, Any], draw: random.Random, texts: list[str]) -> Any:
    """A value that mostly fits a schema."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return draw.random() < 0.5
        case "integer":
            return draw.choice([1, 2, 5, 50])
        case "array":
            return [drawn(schema["items"], draw, texts) for _ in range(draw.randint(0, 2))]
        case "object":
            properties, required = schema.get("properties", {}), schema.get("required", [])
            return {
                name: drawn(sub, draw, texts)
                for name, sub in properties.items()
                if name in required or draw.random() < 0.3
            }
        case _:
            return draw.choice(texts)


async def storm(chat: Chat, account: str, hours: Hours) -> Counter[str]:
    """Every tool, plainly and at random, with refs, titles and operations that exist; what came of it."""
    provider, _ = ACCOUNTS[account]
    draw = random.Random(account)
    plain: list[tuple[str, dict[str, Any]]] = []
    for capability, cell in MATRIX[account].items():
        if cell.mode is not Mode.UNSUPPORTED:
            plain.append((capability.value, usual(account, capability) | dict(cell.arguments)))
    event = str(usual(account, next(iter(MATRIX[account])))["account"]) + ":" + str(plain[1][1]["event"]).split(":")[1]
    person = {"name": "Ada Pier", "email": "ada@pier.example"}
    plain.append(("register_attendees", {"event": event, "rows": [person]}))
    texts = [*WORDS, event, f"demo-{provider}", f"{event}:a-1", f"{event}:o-1", f"{event}:t-1"]
    for account_of in chat.server.desk.accounts.values():
        for info in account_of.provider.operations():
            if info.effect is not Effect.READ:
                arguments = {
                    param.name: draw.choice([*param.choices, event, "1", "2027-05-01"])
                    for param in info.params
                    if param.required or draw.random() < 0.3
                }
                plain.append(("call_write_operation", {"operation": info.name, "arguments": arguments}))
    shots = [(tool, given | {"dry_run": dry}) for tool, given in plain for dry in (False, True) if tool in WRITING]
    for _ in range(CALLS):
        tool = draw.choice(list(BY_NAME))
        shots.append((tool, drawn(BY_NAME[tool].schema, draw, texts)))
    outcomes: Counter[str] = Counter()
    for tool, arguments in shots:
        answer = await chat.call(tool, **arguments)
        hours.go(60)
        outcomes[answer["error"]["code"] if "error" in answer else str(answer.get("outcome", "read"))] += 1
    return outcomes


def with_account(chat: Chat, **changes: Any) -> None:
    accounts = {name: replace(account, **changes) for name, account in chat.server.desk.accounts.items()}
    object.__setattr__(chat.server.desk, "accounts", accounts)


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("where", ["desk", "account", "toolsets", "toolsets of the account"])
async def test_nothing_but_reading_leaves(where: str, account: str, hours: Hours) -> None:
    provider, settings = ACCOUNTS[account]
    shut = Rules.model_validate({"toolsets": {name: {"read_only": True} for name in ("events", "people", "sales", "operations")}})  # fmt: skip
    options: dict[str, Any] = {"operations_write": True}
    options |= {"desk": {"read_only": True}, "toolsets": {"rules": shut}}.get(where, {})
    async with chatting(provider, settings={provider: settings}, human=Human(), options=options, hours=hours) as chat:
        if where == "account":
            with_account(chat, read_only=True)
        elif where == "toolsets of the account":
            with_account(chat, rules=shut)
        outcomes = await storm(chat, account, hours)
        assert sent(chat) == []
        assert not {"internal", "rate_limited"} & set(outcomes)
        # EventHQ takes no writes: what would be one is handed to a person there.
        assert outcomes["read_only"] > 0 or (provider, where) == ("eventhq", "account")
        assert not {"done", "already_done", "declined"} & set(outcomes)


async def test_the_same_calls_do_write_where_nothing_is_read_only(hours: Hours) -> None:
    """Else the proof above would hold for calls that never write."""
    for account in ("eventschedule", "eventtia", "heysummit v2", "evvnt organiser"):
        provider, settings = ACCOUNTS[account]
        options = {"operations_write": True}
        async with chatting(
            provider, settings={provider: settings}, human=Human(), options=options, hours=hours
        ) as chat:
            outcomes = await storm(chat, account, hours)
            assert len(sent(chat)) >= 3, account
            assert not {"internal", "rate_limited"} & set(outcomes)
