"""What strangers wrote is read, wherever a platform shows it, as words and nothing else."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.text import line, paragraphs, presentable, visible
from tests.contract.rewriting import walked
from tests.hostile.payloads import KEPT, PAYLOADS, faults
from tests.hostile.platform import Reading, answered, overheard, readings, texts, written_by_strangers
from tests.mcp.conftest import Hours, Human, hours
from tests.mcp.matrix import ACCOUNTS, EVENTS

pytestmark = pytest.mark.anyio
__all__ = ["hours"]


def test_there_are_enough_payloads_and_each_is_another() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("clean", [line, paragraphs, presentable])
def test_no_payload_survives_the_sanitizer(clean: Callable[[str], str]) -> None:
    for payload in PAYLOADS:
        for text in (payload, f"Jazz {payload}", f"{payload} Night", payload * 2):
            assert faults(clean(text)) == [], ascii(payload)
            assert clean(clean(text)) == clean(text), ascii(payload)


@pytest.mark.parametrize("clean", [line, paragraphs, presentable])
@pytest.mark.parametrize("text", KEPT)
def test_scripts_emoji_and_signs_stay(clean: Callable[[str], str], text: str) -> None:
    assert clean(text) == text
    assert clean(f"Jazz {text} Night") == f"Jazz {text} Night"


@pytest.mark.parametrize("clean", [line, paragraphs, presentable])
@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<[zqxword](https://evil.example)", "‹zqxword"),
        ("<![\\]](https://evil.example) word", None),
        ("<![a b[ word", None),
        ("<![CDATA[ word ]]>", None),
        ("<!doctype [<!ENTITY x 'word'>]>", None),
    ],
)
def test_what_is_half_a_tag_and_half_a_link_is_neither(
    clean: Callable[[str], str], text: str, plain: str | None
) -> None:
    assert faults(clean(text)) == []
    assert plain is None or clean(text) == plain


@pytest.mark.parametrize("before", range(185, 200))
def test_a_cut_through_a_flag_leaves_nothing_that_nobody_sees(before: int) -> None:
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert faults(line("a" * before + england + " and more")) == []


@given(
    st.lists(
        st.sampled_from([*PAYLOADS, *KEPT, "<", "<![", "</", "<!", ">", "[", "](", "&", "\u200d", "\ufe0f", "a"]),
        max_size=6,
    ).map("".join)
)
def test_payloads_put_together_make_nothing_new(text: str) -> None:
    for clean in (line, paragraphs, presentable):
        assert faults(clean(text[:3000])) == []


@given(st.text(st.characters(codec=None, categories=["L", "M", "N", "P", "S", "Zs"]), max_size=60))
def test_letters_marks_digits_and_signs_of_every_script_stay_letters(text: str) -> None:
    letters = [c for c in text if unicodedata.category(c).startswith("L") and c not in "\u115f\u1160\u3164\uffa0"]
    assert [c for c in visible(text) if unicodedata.category(c).startswith("L")] == letters


def test_lone_surrogates_go() -> None:
    assert line("a\ud800b\udfffc") == paragraphs("a\ud800b\udfffc") == presentable("a\ud800b\udfffc") == "abc"


ALL_OF_THEM = " ".join(payload for payload in PAYLOADS if len(payload) < 400)


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_hostile_text_where_ids_dates_addresses_and_states_belong_is_refused_or_clean(
    account: str, hours: Hours
) -> None:
    async with overheard(account, hours=hours) as (chat, layer):
        met: dict[str, list[Reading]] = {}
        calls = [call for call, _ in await readings(chat, account, hours)]
        for call in calls:

            def noting(name: str, value: Any, call: Reading = call) -> Any:
                if isinstance(value, str) and call not in met.setdefault(name, []):
                    met[name].append(call)
                return value

            layer.change = lambda answer, noting=noting: walked(noting, answer)
            await answered(chat, hours, call)
        for number, (name, those) in enumerate(sorted(met.items())):
            text = (ALL_OF_THEM, *PAYLOADS)[number % (len(PAYLOADS) + 1)]

            def change(key: str, value: Any, name: str = name, text: str = text) -> Any:
                return f"{value}{text}"[:3_000] if key == name and isinstance(value, str) else value

            layer.change = lambda answer, change=change: walked(change, answer)
            for call in those[:2]:
                answer = await answered(chat, hours, call)
                assert answer.get("error", {}).get("code") != "internal", (call, name, ascii(text[:200]))
                for shown in texts(answer):
                    assert faults(shown) == [], (call, name, ascii(shown[:300]))


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_previews_and_questions_show_words_and_nothing_else(account: str) -> None:
    human = Human()
    async with overheard(account, human=human) as (chat, layer):
        provider = ACCOUNTS[account][0]
        event = f"demo-{provider}:{EVENTS[account][0]}"
        people: list[str] = []
        found = await chat.call("list_attendees", event=event, fields=["ref"])
        people += [row[0] for row in found.get("rows", [])[:2]]
        for payload in (ALL_OF_THEM[:1500], *PAYLOADS[::7]):
            layer.change = written_by_strangers(lambda _, text, payload=payload: f"{payload} {text}"[:2_000])
            answers: list[dict[str, Any]] = [
                await chat.call("archive_event", event=event, dry_run=True),
                await chat.call("clone_event", event=event, starts="2027-09-01T10:00", dry_run=True),
                await chat.call("update_event", event=event, title="Another", dry_run=True),
                await chat.call(
                    "register_attendee", event=event, name="Ada Pier", email="ada@pier.example", dry_run=True
                ),
                await chat.call("create_event", from_event=event, starts="2027-09-01T10:00", dry_run=True),
                await chat.call("get_event", event="zqxword"),
            ]
            if people:
                answers.append(await chat.call("cancel_registration", attendees=people, dry_run=True))
            for text in texts(answers):
                assert faults(text) == [], (ascii(payload), ascii(text[:300]))


def cells_of(path: str) -> list[str]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


@pytest.mark.parametrize("kind", ["attendees", "sales", "sessions", "events"])
async def test_an_export_holds_no_formula_and_nothing_that_hides(kind: str, tmp_path: Path) -> None:
    options = {"export_folder": str(tmp_path)}
    async with overheard("eventschedule", options=options) as (chat, layer):
        event = {} if kind == "events" else {"event": "demo-eventschedule:60bRli"}
        for number, payload in enumerate(PAYLOADS):
            if number % 4 != ["attendees", "sales", "sessions", "events"].index(kind):
                continue
            layer.change = written_by_strangers(lambda _, text, payload=payload: f"{payload} {text}"[:1_000])
            answer = await chat.call("export_list", list=kind, **event)
            assert "error" not in answer, answer
            for cell in cells_of(answer["path"]):
                assert faults(cell) == [], ascii(cell[:200])
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


@pytest.mark.parametrize("account", ["eventschedule", "eventtia", "evvnt organiser"])
async def test_a_title_that_reads_like_a_ref_is_never_taken_for_one(account: str) -> None:
    provider, _ = ACCOUNTS[account]
    async with overheard(account) as (chat, layer):
        listed = await chat.call("list_events", when="all", fields=["ref", "title"])
        own = f"demo-{provider}:{EVENTS[account][0]}"
        title = next(row[1] for row in listed["rows"] if row[0] == own)
        other = next(row[0] for row in listed["rows"] if row[0] != own)
        # The event calls itself by another event's ref.
        layer.change = written_by_strangers(lambda _, text: other if text == title else text)
        answer = await chat.call("get_event", event=other)
        assert answer["ref"] == other
        assert (await chat.call("get_event", event=own))["ref"] == own
        # It calls itself by another event's id: whoever means either is asked which.
        layer.change = written_by_strangers(lambda _, text: other.split(":")[1] if text == title else text)
        answer = await chat.call("clone_event", event=other.split(":")[1], starts="2027-09-01T10:00", dry_run=True)
        assert answer["error"]["code"] == "ambiguous_name", answer
