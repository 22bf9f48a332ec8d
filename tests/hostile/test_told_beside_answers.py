"""What strangers wrote where no answer of a tool tells it: refusals, questions, the page, the terminal, the audit, the journal."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from eventdesk_server.approval import _described as page_of  # pyright: ignore[reportPrivateUsage] - the page without its server
from eventdesk_server.approval import shown_of
from eventdesk_server.approve import _described as terminal_of  # pyright: ignore[reportPrivateUsage] - see above
from eventdesk_server.asking import question_text
from eventdesk_server.journal.audit import Audit, audited
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.journal import Preview
from eventdesk_tools.plans import Question
from eventdesk_tools.text import presentable
from tests.hostile.payloads import PAYLOADS, faults, numbered, numbers_in
from tests.hostile.platform import texts
from tests.mcp.conftest import Chat, Hours, Human, chatting, hours
from tests.mcp.matrix import ACCOUNTS, EVENTS

pytestmark = pytest.mark.anyio
__all__ = ["hours"]
NUMBERS = range(len(PAYLOADS))
BODIES: tuple[Callable[[str], Any], ...] = (
    lambda text: {"message": text, "errors": {"email": [text]}},
    lambda text: {"error": text},
    lambda text: {"errors": [text, {"title": text, "detail": text}]},
    lambda text: {"detail": text},
    lambda text: {"errors": {text: [text]}, "message": text},
    lambda text: [text],
    lambda text: text,
    lambda text: f"<!doctype html><html><title>{text}</title><body><h1>{text}</h1></body></html>",
)  # the platforms' ways of saying what is wrong, a text, and a web page


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_what_a_platform_says_in_a_refusal_is_words_within_its_quotes(account: str, hours: Hours) -> None:
    provider, settings = ACCOUNTS[account]
    event = f"demo-{provider}:{EVENTS[account][0]}"
    person: dict[str, Any] = {"event": event, "name": "Ada Pier", "email": "ada@pier.example", "ticket": "General"}
    met: set[int] = set()
    async with chatting(provider, settings={provider: settings}, hours=hours, human=Human()) as chat:
        for number in NUMBERS:
            body = BODIES[number % len(BODIES)](numbered(number))
            for code in ((400, 401, 403), (404, 409, 422), (429, 500, 503))[number % 3]:
                chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=code, body=body))
                hours.go(7_200)
                call = ("get_event", {"event": event}) if code % 2 else ("register_attendee", person)
                answer = await chat.call(call[0], **call[1])
                chat.rehearsal.sandbox.faults.clear()
                for text in texts(answer):
                    assert faults(text) == [], (code, ascii(text))
                    met |= numbers_in(text)
                if "error" in answer:
                    error = answer["error"]
                    assert set(answer) <= {"error", "sandbox"}
                    assert set(error) <= {"code", "message", "next", "field", "allowed", "retry_after"}
                    assert not numbers_in(str(error.get("next"))), error
                    head, quote, said = str(error["message"]).partition(' It says: "')
                    assert not numbers_in(head) or not quote
                    assert said.count('"') == bool(quote), error
    assert len(met) > len(PAYLOADS) // 3


def preview(number: int) -> Preview:
    """A question of which every text was a stranger's."""
    text = numbered(number)
    body = {
        "outcome": "preview", "account": "club", "summary": text, "question": f"Change {text}?",
        "requests": [{"method": "PUT", "path": "/events/1", "body": {"name": text, "more": [text, {"x": text}]}}],
        "changes": [{"field": "title", "before": text, "after": f"{text} later"}, {"field": "place", "before": None, "after": text}],
        "items": [text], "mail": "no", "notes": [text],
    }  # fmt: skip
    return Preview(
        "x", "update_event", {}, "d", Question(text=f"Change {text}?", why=frozenset(), reversible=True), body
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_question_in_the_chat_is_a_line_and_one_more_for_each_change(number: int) -> None:
    lines = question_text(preview(number), presentable).split("\n")
    assert len(lines) == 3
    assert all(faults(line) == [] for line in lines)
    for line in lines[1:]:
        _, _, values = line.partition(": ")
        before, end = json.JSONDecoder().raw_decode(values)
        after, rest = json.JSONDecoder().raw_decode(values[end + len(" → ") :])
        assert values[end:].startswith(" → ")
        assert end + len(" → ") + rest == len(values)
        assert before is None or isinstance(before, str)
        assert isinstance(after, str)


class Tags(HTMLParser):
    """Notes what elements and attributes a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(attrs)))

    @override
    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def elements(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return [found for found in tags.found if found[0] != "bdi"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_page_and_the_terminal_show_words_and_write_out_what_hides(number: int) -> None:
    shown = preview(number)
    page, terminal = page_of(shown), terminal_of(json.loads(json.dumps(shown_of(shown))))
    for text in (page, terminal):
        assert [fault for fault in faults(text) if fault.startswith("U+")] == []
    allowed = {"p", "dl", "dt", "dd", "h2", "ol", "li", "pre", "form", "button"}
    assert {tag for tag, _ in elements(page)} == allowed
    assert sum(tag == "form" for tag, _ in elements(page)) == 1
    assert terminal.count("\nWhat will be sent:\n") == 1


async def test_the_audit_and_the_journal_hold_no_text_of_anybody(tmp_path: Path, hours: Hours) -> None:
    kept = SqliteJournal(tmp_path)
    async with chatting("eventtia", hours=hours, human=Human(), options={"journal": kept}) as chat:
        vars(chat.server)["_audit"] = Audit(tmp_path)
        for number in NUMBERS[::5]:
            await write(chat, numbered(number)[:300], hours)
        lines = list(audited(tmp_path))
        journal = "\n".join(kept.store.run_now(lambda db: list(db.iterdump())))
        kept.store.close()
    assert 'INSERT INTO "entries"' in journal
    assert len(lines) >= len(NUMBERS[::5])
    text = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    assert numbers_in(text) == numbers_in(journal) == set()
    assert [fault for line in text.splitlines() for fault in faults(line)] == []
    assert len(text.splitlines()) == len(lines)


async def write(chat: Chat, text: str, hours: Hours) -> None:
    hours.go(61)
    event = "demo-eventtia:harbor-design-days"
    await chat.call("update_event", event=event, title=text)
    await chat.call("register_attendee", event=event, name=f"Ada {text}", email="ada@pier.example", ticket="General")
    await chat.call("archive_event", event=text)
    await chat.call("cancel_registration", attendees=[text])
