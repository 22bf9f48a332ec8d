"""Every cell of the matrix, called as a chat app calls it: native, emulated, handed to a person, or refused unasked."""

from typing import Any

import pytest

from eventdesk_tools.ports import Capability, Mode, ProviderName
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.matrix import ACCOUNTS, EVENTS, MATRIX, rows_of, usual
from tests.support import rehearse

pytestmark = pytest.mark.anyio
READING = {
    Capability.LIST_EVENTS, Capability.GET_EVENT, Capability.LIST_SESSIONS, Capability.LIST_ATTENDEES,
    Capability.LIST_SALES, Capability.EVENT_SUMMARY,
}  # fmt: skip


def cells(*modes: Mode) -> Any:
    found = [(account, c) for account, row in MATRIX.items() for c, cell in row.items() if cell.mode in modes]
    return pytest.mark.parametrize(("account", "capability"), found, ids=[f"{a}-{c}" for a, c in found])


def changes(chat: Chat) -> list[str]:
    """The requests that may change something: a log-in does not, nor does minting a link that leads to a checkout."""
    return [seen.path for seen in chat.rehearsal.writes if not seen.path.endswith(("/auth", "/checkout-link/"))]


def everything(chat: Chat, provider: str) -> list[str]:
    """All that the platform holds."""
    rows = rows_of(chat)
    tables = [
        r["name"] for r in rows(f"select name from sqlite_master where type = 'table' and name like '{provider}%'")
    ]
    return [
        f"{table}: {row}" for table in sorted(tables) if "cache" not in table for row in rows(f"select * from {table}")
    ]


async def test_the_matrix_has_a_row_for_every_capability_of_every_account() -> None:
    assert {provider for provider, _ in ACCOUNTS.values()} == set(ProviderName)
    assert set(MATRIX) == set(ACCOUNTS) == set(EVENTS)
    for account, (provider, settings) in ACCOUNTS.items():
        async with rehearse(provider, settings={provider: settings}) as r:
            told = {capability: r.provider.cell(capability).mode for capability in Capability}
        assert {capability: cell.mode for capability, cell in MATRIX[account].items()} == told, account


@cells(Mode.NATIVE, Mode.EMULATED)
async def test_a_plain_call_does_what_it_says(account: str, capability: Capability) -> None:
    provider, settings = ACCOUNTS[account]
    cell = MATRIX[account][capability]
    arguments = usual(account, capability) | dict(cell.arguments)
    async with chatting(provider, settings={provider: settings}, human=Human()) as chat:
        answer = await chat.call(capability, **arguments)
        assert "error" not in answer, answer
        assert cell.proof is not None
        assert cell.proof(answer, rows_of(chat)), answer
        assert bool(changes(chat)) == (capability not in READING)
        if capability not in READING:
            outcomes = [row[answer["columns"].index("outcome")] for row in answer["rows"]] if "rows" in answer else []
            assert (outcomes or [answer["outcome"]]) == ["done"]
        if cell.mode is Mode.EMULATED:
            assert cell.says in str(answer), answer
    if capability not in READING:
        async with chatting(provider, settings={provider: settings}) as chat:
            assert not cell.proof({}, rows_of(chat)), "true before anything was done"


@cells(Mode.HAND_OFF)
async def test_what_a_person_must_do_is_handed_over_with_a_link_and_changes_nothing(
    account: str, capability: Capability
) -> None:
    provider, settings = ACCOUNTS[account]
    arguments = usual(account, capability)
    async with chatting(provider, settings={provider: settings}, human=Human()) as chat:
        await chat.call("get_event", event=arguments["event"])
        before = everything(chat, provider)
        answer = await chat.call(capability, **arguments)
        assert answer.get("outcome") == "hand_off", answer
        assert answer["url"].startswith("http")
        assert changes(chat) == []
        assert everything(chat, provider) == before


@cells(Mode.UNSUPPORTED)
async def test_what_a_platform_cannot_do_is_refused_with_the_reason_and_the_way_and_without_a_request(
    account: str, capability: Capability
) -> None:
    provider, settings = ACCOUNTS[account]
    async with chatting(settings={provider: settings}, human=Human()) as chat:
        answer = await chat.call(capability, **usual(account, capability))
        cell = chat.rehearsal.desk.accounts[f"demo-{provider}"].provider.cell(capability)
        if capability in {Capability.CANCEL_REGISTRATION, Capability.UPDATE_SALE} and "rows" in answer:
            answer = {"error": answer}
        assert answer["error"]["code"] == "unsupported", answer
        assert cell.how in answer["error"]["message"]
        assert cell.instead
        assert answer["error"]["next"] == cell.instead
        assert chat.rehearsal.seen == []
