"""Read only, proven by the requests: whatever is called with whatever arguments, nothing but reading leaves."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from eventdesk_server.registry import declared
from eventdesk_tools.catalog import BY_NAME
from eventdesk_tools.effects import Effect
from eventdesk_tools.permissions import WRITING, Rules
from eventdesk_tools.ports import Capability, Mode, ProviderName
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


def arguments_of(tool: str, operations: list[str], texts: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a tool that hypothesis makes up: mostly fitting its schema, some not; operations that exist."""
    text = st.sampled_from(texts) | st.text(max_size=12)
    wild = st.recursive(
        text | st.integers(-5, 500) | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
    )

    def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        match schema.get("type"):
            case "boolean":
                return st.booleans()
            case "integer":
                return st.integers(1, 50)
            case "array":
                return st.lists(fitting(schema["items"]), max_size=2)
            case "object" if schema.get("properties"):
                needed = set(schema.get("required", []))
                parts = {name: fitting(sub) for name, sub in schema["properties"].items()}
                return st.fixed_dictionaries(
                    {name: part for name, part in parts.items() if name in needed},
                    optional={name: part for name, part in parts.items() if name not in needed},
                )
            case "object":
                return st.dictionaries(text, wild, max_size=4)
            case _:
                return text

    made = fitting(BY_NAME[tool].schema)
    if "operation" in BY_NAME[tool].schema["properties"]:  # pyright: ignore[reportArgumentType, reportCallIssue] - a schema
        made = st.tuples(made, st.sampled_from(operations)).map(lambda pair: {**pair[0], "operation": pair[1]})
    return st.one_of(made, made, made, st.dictionaries(text, wild, max_size=4))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_whatever_hypothesis_makes_up_nothing_but_reading_leaves(account: str) -> None:
    provider, settings = ACCOUNTS[account]
    event = str(usual(account, Capability.GET_EVENT)["event"])
    operations = [operation.name for operation in declared(ProviderName(provider))]
    texts = [
        *WORDS,
        event,
        event.partition(":")[2],
        f"demo-{provider}",
        f"{event}:a-1",
        f"{event}:o-1",
        f"{event}:t-1",
        *operations,
    ]
    shot = st.sampled_from(list(BY_NAME)).flatmap(
        lambda tool: st.tuples(st.just(tool), arguments_of(tool, operations, texts))
    )

    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

    @hypothesis_settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=slow)
    @given(shots=st.lists(shot, min_size=10, max_size=20))
    def play(shots: list[tuple[str, dict[str, Any]]]) -> None:
        async def called() -> None:
            hours = Hours()
            options = {"operations_write": True, "read_only": True}
            async with chatting(
                provider, settings={provider: settings}, human=Human(), options=options, hours=hours
            ) as chat:
                for tool, arguments in shots:
                    hours.go(60)
                    answer = await chat.call(tool, **{name: value for name, value in arguments.items() if name})
                    assert answer.get("error", {}).get("code") != "internal", (tool, arguments)
                    assert sent(chat) == [], (tool, arguments)

        anyio.run(called)

    play()


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
