"""Every writing cell of the matrix: the call that its answer names as `undo` brings back all that the platform held."""

import pytest

from eventdesk_tools.ports import Capability, Mode
from tests.mcp.conftest import Human, chatting
from tests.mcp.matrix import ACCOUNTS, MATRIX, usual
from tests.mcp.test_matrix import READING
from tests.support import held

pytestmark = pytest.mark.anyio
WRITING = [
    (account, capability)
    for account, row in MATRIX.items()
    for capability, cell in row.items()
    if cell.mode in {Mode.NATIVE, Mode.EMULATED} and capability not in READING
]
FOR_GOOD = {
    Capability.REGISTER_ATTENDEE: "a registration is ended, not unmade",
    Capability.CREATE_SALE: "an order is cancelled, not unmade",
    Capability.CANCEL_REGISTRATION: "no platform takes a cancellation back",
    Capability.UPDATE_SALE: "a refund is not taken back",
    Capability.CREATE_EVENT: "an event is hidden or deleted by the person who wants that",
    Capability.CLONE_EVENT: "as creating",
}
"""What no call takes back."""
ALSO_FOR_GOOD = {("heysummit v2", Capability.ARCHIVE_EVENT), ("heysummit v1", Capability.ARCHIVE_EVENT)}
"""Its API has no way back."""


@pytest.mark.parametrize(("account", "capability"), WRITING, ids=[f"{a}-{c}" for a, c in WRITING])
async def test_undo_brings_back_what_was_and_stands_wherever_the_platform_allows_it(
    account: str, capability: Capability
) -> None:
    provider, settings = ACCOUNTS[account]
    arguments = usual(account, capability) | dict(MATRIX[account][capability].arguments)
    async with chatting(provider, settings={provider: settings}, human=Human()) as chat:
        before = held(chat.rehearsal.sandbox)
        done = await chat.call(capability, **arguments)
        assert "error" not in done, done
        after = held(chat.rehearsal.sandbox)
        assert after != before
        lasting = capability in FOR_GOOD or (account, capability) in ALSO_FOR_GOOD
        assert ("undo" in done) is not lasting, done
        if lasting:
            return
        undo = done["undo"]
        undone = await chat.call(undo["tool"], **undo["arguments"])
        assert undone["outcome"] == "done", undone
        assert held(chat.rehearsal.sandbox) == before
        back = undone.get("undo")
        assert back is not None, undone
        assert (await chat.call(back["tool"], **back["arguments"]))["outcome"] == "done"
        assert held(chat.rehearsal.sandbox) == after
