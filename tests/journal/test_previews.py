"""Previews: each is open for ten minutes, allowed by a person, and used once, in whichever process."""

from pathlib import Path

import pytest

from eventdesk_server.journal.previews import AGREED_SECONDS, NAME_LENGTH, PREVIEW_SECONDS, answered, waiting
from eventdesk_tools.journal import Preview
from eventdesk_tools.plans import Question
from tests.journal.support import Clock, opened

pytestmark = pytest.mark.anyio


def preview(name: str, digest: str = "d") -> Preview:
    return Preview(
        name, "archive_event", {}, digest, Question(text="Archive it?", why=frozenset(), reversible=True), {}
    )


async def test_a_preview_is_open_until_ten_minutes_are_over() -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.keep_preview(preview("p"))
    clock.at += PREVIEW_SECONDS - 1
    assert await journal.preview("p") == preview("p")
    clock.at += 1
    assert await journal.preview("p") is None
    assert not await journal.approve("p")
    assert not await journal.consume("p")
    assert (PREVIEW_SECONDS, AGREED_SECONDS) == (600, 3600)


@pytest.mark.parametrize("back", [1.0, 86400.0])
async def test_a_clock_that_was_set_back_opens_no_preview_for_longer(back: float) -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.keep_preview(preview("p"))
    clock.at -= back
    assert await journal.preview("p") is None
    assert not await journal.approve("p")
    assert not await journal.consume("p")


async def test_a_preview_is_used_once_and_an_unknown_one_never() -> None:
    journal = opened(None, Clock())
    await journal.keep_preview(preview("p"))
    await journal.keep_preview(preview("q"))
    assert await journal.consume("p")
    assert not await journal.consume("p")
    assert not await journal.approve("p")
    assert await journal.preview("p") is None
    assert not await journal.consume("x")
    assert await journal.preview("x") is None
    assert await journal.preview("q") == preview("q")


async def test_only_an_approved_preview_of_exactly_this_lets_the_call_through() -> None:
    clock = Clock()
    journal = opened(None, clock)
    for name, digest in (("p", "one"), ("q", "two"), ("r", "two")):
        await journal.keep_preview(preview(name, digest))
    assert await journal.approved("two") is None
    assert await journal.approve("r")
    assert not await journal.approve("r")
    assert await journal.approved("one") is None
    assert await journal.approved("two") == preview("r", "two")
    assert await journal.preview("r") == preview("r", "two")
    assert await journal.consume("r")
    assert await journal.approved("two") is None


async def test_an_approval_ends_with_its_preview() -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.keep_preview(preview("p"))
    await journal.approve("p")
    clock.at += PREVIEW_SECONDS
    assert await journal.approved("d") is None


async def test_what_a_preview_shows_is_forgotten_with_it() -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.keep_preview(preview("old"))
    clock.at += PREVIEW_SECONDS / 2
    await journal.keep_preview(preview("young"))
    clock.at += PREVIEW_SECONDS / 2
    await journal.keep_preview(preview("new"))
    assert list(journal._kept) == ["young", "new"]  # pyright: ignore[reportPrivateUsage] - bodies hold people
    assert await journal.consume("young")
    assert list(journal._kept) == ["new"]  # pyright: ignore[reportPrivateUsage]


async def test_a_yes_to_a_write_lasts_an_hour_and_ends_when_it_is_done() -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.agree(["a", "b"])
    assert await journal.agreed(["a", "b", "c"]) == {"a", "b"}
    await journal.used_up("a")
    assert await journal.agreed(["a", "b"]) == {"b"}
    clock.at += AGREED_SECONDS - 1
    assert await journal.agreed(["b"]) == {"b"}
    await journal.agree(["a"])
    clock.at += 1
    assert await journal.agreed(["a", "b"]) == {"a"}
    clock.at -= AGREED_SECONDS
    assert await journal.agreed(["a"]) == frozenset()


async def test_a_yes_that_is_given_again_lasts_from_then_on() -> None:
    clock = Clock()
    journal = opened(None, clock)
    await journal.agree(["a"])
    clock.at += AGREED_SECONDS / 2
    await journal.agree(["a"])
    clock.at += AGREED_SECONDS / 2
    assert await journal.agreed(["a"]) == {"a"}


async def test_a_terminal_sees_what_every_process_offers_the_newest_first(tmp_path: Path) -> None:
    clock = Clock()
    one, two = opened(tmp_path, clock), opened(tmp_path, clock)
    await one.keep_preview(preview("p"))
    await one.keep_preview(preview("never offered"))
    clock.at += 1
    await two.keep_preview(preview("q"))
    first, second = await one.offered("p", 4001, "/p"), await two.offered("q", 4002, "/q")
    assert [(found.name, found.port, found.path) for found in waiting(one.store)] == [
        (second, 4002, "/q"),
        (first, 4001, "/p"),
    ]
    assert len(first) == NAME_LENGTH == 8
    assert "p" not in {found.id for found in waiting(one.store)}
    clock.at += PREVIEW_SECONDS - 1
    assert [found.name for found in waiting(one.store)] == [second]
    clock.at -= PREVIEW_SECONDS + 1
    assert waiting(one.store) == []


async def test_a_preview_that_no_other_process_can_see_has_no_name_for_a_terminal() -> None:
    journal = opened(None, Clock())
    await journal.keep_preview(preview("p"))
    assert await journal.offered("p", 4001, "/p") == ""


@pytest.mark.parametrize("allowed", [True, False])
async def test_an_answer_in_a_terminal_counts_once_and_for_that_one_alone(tmp_path: Path, allowed: bool) -> None:
    clock = Clock()
    journal = opened(tmp_path, clock)
    for name in ("p", "q"):
        await journal.keep_preview(preview(name, name))
        await journal.offered(name, 4001, f"/{name}")
    asked = next(found for found in waiting(journal.store) if found.path == "/p")
    assert answered(journal.store, asked, allowed=allowed)
    assert not answered(journal.store, asked, allowed=True)
    assert [found.path for found in waiting(journal.store)] == ["/q"]
    assert (await journal.approved("p") is not None) is allowed
    assert (await journal.preview("p") is not None) is allowed
    assert await journal.approved("q") is None


@pytest.mark.parametrize("jump", [PREVIEW_SECONDS, -1.0])
async def test_an_answer_in_a_terminal_comes_too_late_for_an_old_question(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    journal = opened(tmp_path, clock)
    await journal.keep_preview(preview("p"))
    await journal.offered("p", 4001, "/p")
    (asked,) = waiting(journal.store)
    clock.at += jump
    assert not answered(journal.store, asked, allowed=True)
