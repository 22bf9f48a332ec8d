"""Every answer of the demo season, word for word and with its tokens, each within the budget of its kind.

Rewrite the snapshots with `SNAPSHOTS=write pytest tests/snapshots`.
"""

import os
from pathlib import Path

import pytest

from eventdesk_tools.answers import compact
from tests.mcp.matrix import ACCOUNTS
from tests.snapshots.season import Said, answers_of, answers_of_all
from tests.tokens import count

pytestmark = pytest.mark.anyio
FOLDER = Path(__file__).parent / "answers"
EVERY = "all accounts"


def budget(said: Said) -> int:
    """How many tokens an answer of this kind may be."""
    answer = said.answer
    if "error" in answer:
        return 120
    if answer.get("outcome") in {"preview", "hand_off", "already_done", "already_registered"}:
        return 600
    return 8_000 if "limit" in said.arguments else 2_000


def without_allowed(said: Said) -> int:
    """An answer's tokens; `allowed` of a failure is beside its budget."""
    answer = said.answer
    if "error" in answer:
        assert len(answer["error"].pop("allowed", [])) <= 10
        answer.pop("sandbox", None)
    return count(compact(answer))


@pytest.mark.parametrize("account", [EVERY, *ACCOUNTS])
async def test_the_answers_are_those_of_the_snapshot_and_within_their_budgets(account: str) -> None:
    said = await answers_of_all() if account == EVERY else await answers_of(account)
    present = "\n".join(one.shown() for one in said)
    file = FOLDER / f"{account}.txt".replace(" ", "-")
    if os.environ.get("SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(present, encoding="utf-8")
    assert present == file.read_text(encoding="utf-8")
    assert [(one.shown()[:300], size) for one in said if (size := without_allowed(one)) > budget(one)] == []


def test_there_is_a_snapshot_of_each_account_and_no_other() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {name.replace(" ", "-") for name in (EVERY, *ACCOUNTS)}
