"""Every write is shown as it is sent, byte for byte; and an answer's `undo` brings back what was."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from eventdesk_server.approval import request_text
from eventdesk_server.sandbox.faults import Seen
from eventdesk_tools.answers import compact
from eventdesk_tools.journal import Preview
from tests.mcp.conftest import Chat, Human, chatting
from tests.mcp.writing import (
    BREAKFAST,
    ES,
    ET,
    EV,
    FAIR,
    HS,
    LISTING,
    PACKAGE,
    WRITING,
    outcomes,
    sent,
)
from tests.support import held

pytestmark = pytest.mark.anyio

ADA = {"name": "Ada Pier", "email": "ada@pier.example"}
SEATS = {"starts": "2027-06-12T19:30", "tickets": [{"name": "Seat", "price": "12.50 GBP"}]}
PAID = {"website": "https://quay.example.org/x", "package": PACKAGE, "published": True}
GUESTS = [{"name": "Ada Pier", "email": "ada@pier.example"}, {"name": "Lee Dock", "email": "lee@dock.example"}]
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "register at Event Schedule": ("register_attendee", {"event": BREAKFAST, **ADA}),
    "register at Eventtia": ("register_attendee", {"event": FAIR, **ADA, "ticket": "General", "answers": [{"field": "diet", "answer": "Fisch & Käse"}]}),
    "register at HeySummit": ("register_attendee", {"event": f"{HS}:4711", **ADA, "ticket": "Free pass, Free"}),
    "sell at Event Schedule": ("create_sale", {"event": BREAKFAST, **ADA, "items": [{"item": "Seat", "quantity": 2}]}),
    "make at Event Schedule": ("create_event", {"account": ES, "calendar": "boathouse", "title": "Été à quai", **SEATS}),
    "make at Eventtia": ("create_event", {"account": ET, "title": "Été", "starts": "2027-06-12T19:30", "ends": "2027-06-12T21:30", "zone": "Europe/Madrid"}),
    "make at evvnt": ("create_event", {**LISTING, "published": True}),
    "change at Event Schedule": ("update_event", {"event": f"{ES}:OfEesm", "title": "Late Swim", "starts": "2027-03-08T21:00"}),
    "empty at Event Schedule": ("update_event", {"event": f"{ES}:8oBfKB", "clear": ["description"]}),
    "change at Eventtia": ("update_event", {"event": FAIR, "title": "Days", "starts": "2027-04-05T09:00"}),
    "change at evvnt": ("update_event", {"event": f"{EV}:67949", "summary": "Two days."}),
    "cancel at Event Schedule": ("cancel_registration", {"attendees": [f"{BREAKFAST}:a-ChyN2I", f"{BREAKFAST}:a-kTnuTH"]}),
    "cancel at Eventtia": ("cancel_registration", {"attendees": [f"{FAIR}:a-600001"]}),
    "refund at Event Schedule": ("update_sale", {"sales": [f"{ES}:8oBfKB:o-9swZ2C"], "action": "refund"}),
    "copy at Eventtia": ("clone_event", {"event": FAIR, "starts": "2028-04-02T09:00"}),
    "copy at Event Schedule": ("clone_event", {"event": f"{ES}:OfEesm", "starts": "2027-09-07T21:00"}),
    "copy at evvnt": ("clone_event", {"event": f"{EV}:67949", "starts": "2027-09-07T20:00", **PAID}),
    "archive at Event Schedule": ("archive_event", {"event": f"{ES}:OfEesm"}),
    "archive at Eventtia": ("archive_event", {"event": FAIR}),
    "archive at HeySummit": ("archive_event", {"event": f"{HS}:4711"}),
    "an operation of Event Schedule": ("call_write_operation", {"operation": "eventschedule.update_event", "arguments": {"event": "OfEesm", "name": "Late"}}),
    "register many at Event Schedule": ("register_attendees", {"event": BREAKFAST, "rows": GUESTS}),
    "register many at Eventtia": ("register_attendees", {"event": FAIR, "rows": GUESTS, "ticket": "General"}),
    "register many at HeySummit": ("register_attendees", {"event": f"{HS}:4711", "rows": GUESTS, "ticket": "Free pass, Free"}),
    "publish at Event Schedule": ("create_event", {"account": ES, "calendar": "boathouse", "title": "Été à quai", "published": True, **SEATS}),
    "publish a draft at Event Schedule": ("archive_event", {"event": f"{ES}:NAoFZg", "restore": True}),
    "an operation of Eventtia": ("call_write_operation", {"operation": "eventtia.update_event", "arguments": {"event": "harbor-design-days", "name": "A & B"}}),
    "an operation of HeySummit": ("call_write_operation", {"operation": "heysummit.archive_event", "arguments": {"event": "4711"}}),
    "an operation of evvnt": ("call_write_operation", {"operation": "evvnt.update_event", "arguments": {"event": "67949", "summary": "Two days."}}),
}  # fmt: skip
SHOWN_LATER = re.compile(r'"?‹([a-z0-9_]+)›"?')
"""A value that only an earlier step yields, as a preview shows it: in a text, or in the place of a number."""


REPAIR = "‹schedule that was detached›"
"""What may follow an update at Event Schedule: what the update detached is named again, and nothing else."""


def exactly(request: dict[str, Any], one: Seen, values: dict[str, str]) -> bool:
    """Whether what was sent is what was shown. `values` collects what stood in the place of each `‹name›`."""
    if f'"venue_id":"{REPAIR}"' in compact(request.get("body")):
        same = one.method == request["method"] and one.path.endswith(request["path"])
        return same and set(one.json()) <= {"venue_id", "members"}
    path, _, query = request["path"].partition("?")
    body = compact(request["body"]) if "body" in request else ""
    arrived = f"{one.method} {one.path}?{one.query}\n{one.body.decode()}"
    pattern, names, at = "", list[str](), 0
    shown = f"{path}?{query}\n{body}"
    for found in SHOWN_LATER.finditer(shown):
        pattern += re.escape(shown[at : found.start()]) + r'"?([A-Za-z0-9_-]+)"?'
        names.append(found[1])
        at = found.end()
    # Before the path stands what the account's address has for all requests.
    whole = re.fullmatch(f"{request['method']} [^?]*{pattern}{re.escape(shown[at:])}", arrived)
    return whole is not None and all(
        values.setdefault(name, value) == value for name, value in zip(names, whole.groups(), strict=True)
    )


@pytest.mark.parametrize("what", WRITES)
async def test_a_dry_run_shows_the_bytes_that_are_then_sent(what: str) -> None:
    tool, arguments = WRITES[what]
    async with chatting(human=Human(), options=WRITING) as chat:
        shown = await chat.call(tool, **arguments, dry_run=True)
        assert shown.get("outcome") == "preview", shown
        assert sent(chat) == []
        done = await chat.call(tool, **arguments)
        assert done.get("outcome", "done") == "done", done
        if "outcome" in done.get("columns", []):
            assert set(outcomes(done)) == {"done"}
        requests, values = sent(chat), dict[str, str]()
        assert len(requests) == len(shown["requests"]) > 0
        for request, one in zip(shown["requests"], requests, strict=True):
            # An answer shows a text of the platform's without its carriage returns.
            as_answered = replace(one, body=one.body.replace(rb"\r\n", rb"\n"))
            assert exactly(request, as_answered, values), (request, one)
        assert all(value in json.dumps([held(chat.rehearsal.sandbox), done]) for value in values.values())


@pytest.mark.parametrize("what", WRITES)
async def test_a_person_is_shown_the_bytes_that_their_yes_then_sends(what: str) -> None:
    tool, arguments = WRITES[what]
    async with chatting(options=WRITING) as chat:
        asked = await chat.call(tool, **arguments)
        if asked.get("outcome") != "preview":
            assert not {"token", "approve_at"} & set(asked)
            return
        assert sent(chat) == []
        preview = await waiting(chat, asked)
        if "token" in asked:
            assert "approve_at" not in asked
            await chat.call("apply_preview", token=asked["token"])
        else:
            assert await chat.rehearsal.desk.journal.approve(preview.id)
            await chat.call(tool, **arguments)
        requests, values = sent(chat), dict[str, str]()
        assert len(requests) == len(preview.body["requests"]) > 0
        for request, one in zip(preview.body["requests"], requests, strict=True):
            assert exactly(request, one, values), (request, one)
            if "‹" not in request_text(request):
                assert request_text(request).partition("\n")[2] == one.body.decode()


async def waiting(chat: Chat, asked: dict[str, Any]) -> Preview:
    preview = await chat.rehearsal.desk.journal.preview(asked["token"] if "token" in asked else chat.links[-1])
    assert preview is not None
    return preview


# Undo ------------------------------------------------------------------------------------------------------------------

UNDONE = {
    "change at Event Schedule", "change at Eventtia", "change at evvnt", "an operation of Eventtia",
    "archive at Event Schedule", "archive at Eventtia", "publish a draft at Event Schedule",
}  # fmt: skip
"""The writes whose answer carries the call that takes them back."""


@pytest.mark.parametrize("what", WRITES)
async def test_what_undo_says_brings_back_what_was(what: str) -> None:
    tool, arguments = WRITES[what]
    async with chatting(human=Human(), options=WRITING) as chat:
        before = held(chat.rehearsal.sandbox)
        done = await chat.call(tool, **arguments)
        assert ("undo" in done) is (what in UNDONE), done
        if "undo" in done:
            assert held(chat.rehearsal.sandbox) != before
            undone = await chat.call(done["undo"]["tool"], **done["undo"]["arguments"])
            assert undone["outcome"] == "done"
            assert held(chat.rehearsal.sandbox) == before
