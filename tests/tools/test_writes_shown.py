"""What is shown of a write before and after it, and how a yes is given and used up."""

from dataclasses import dataclass, field, replace

import pytest
from typing_extensions import override

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.journal.listing import entries
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.desk import Call, Desk
from eventdesk_tools.errors import Conflict, Declined, EventdeskError, OutcomeUnknown
from eventdesk_tools.journal import Preview, Reply, Verdict
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, WritePlan
from eventdesk_tools.refs import Kind
from eventdesk_tools.writes import confirm, digest_of, preview_body, write
from tests.support import Person
from tests.tools.test_writes import ASK, HARD, Platform, call, desk, plan, run

pytestmark = pytest.mark.anyio

WHOLE = replace(
    plan(Platform()),
    steps=tuple(
        replace(step, request=PlannedRequest(method="PUT", path="/things", query=query, body=body))
        for step, query, body in zip(
            plan(Platform(), steps=3).steps, ((("a", "1"), ("b", "2")), (), ()), ({"x": 1}, {"y": 2}, None), strict=True
        )
    ),
    changes=(Change("title", "Jazz", "Late Jazz"), Change("", None, 7)),
    question=ASK,
    facts={"fee": "2.50 EUR", "left": None},
    notes=("The platform rounds.",),
)
SHOWN = {
    "outcome": "preview",
    "account": "club",
    "summary": "Register Ada",
    "question": "Archive?",
    "requests": [
        {"method": "PUT", "path": "/things?a=1&b=2", "body": {"x": 1}},
        {"method": "PUT", "path": "/things", "body": {"y": 2}},
        {"method": "PUT", "path": "/things"},
    ],
    "changes": [{"field": "title", "before": "Jazz", "after": "Late Jazz"}, {"before": None, "after": 7}],
    "fee": "2.50 EUR",
    "mail": "yes",
    "notes": ["The platform rounds.", "noted before"],
}


def body_of(planned: WritePlan) -> dict[str, object]:
    of = desk()
    asked = call(of)
    asked.notes.add("noted before")
    return dict(preview_body(asked, of.accounts["club"], planned))


async def test_a_preview_shows_requests_changes_facts_and_notes_and_nothing_empty() -> None:
    assert body_of(WHOLE) == SHOWN
    assert "question" not in body_of(replace(WHOLE, question=None))


async def test_waiting_for_the_platform_is_no_request() -> None:
    waits = replace(WHOLE, steps=(*WHOLE.steps, replace(WHOLE.steps[0], request=None)))
    assert body_of(waits) == SHOWN


@pytest.mark.parametrize(
    "changed",
    [
        replace(WHOLE, makes_true=("registration", "2")),
        replace(WHOLE, steps=WHOLE.steps[:2]),
        replace(WHOLE, steps=(*WHOLE.steps[:2], replace(WHOLE.steps[2], request=PlannedRequest(method="POST", path="/things")))),
        replace(WHOLE, changes=(Change("name", "Jazz", "Late Jazz"), WHOLE.changes[1])),
        replace(WHOLE, changes=(Change("title", "Blues", "Late Jazz"), WHOLE.changes[1])),
        replace(WHOLE, changes=(Change("title", "Jazz", "Late Blues"), WHOLE.changes[1])),
        replace(WHOLE, question=HARD),
    ],
)  # fmt: skip
async def test_a_yes_binds_the_end_the_requests_the_changes_and_the_question(changed: WritePlan) -> None:
    of = desk()
    assert digest(call(of), changed) != digest(call(of), WHOLE)


async def test_a_yes_binds_the_account_its_login_the_tool_and_the_arguments_in_any_order() -> None:
    of = desk()
    club = of.accounts["club"]
    one = call(of, event="club:1", title="x")
    other_tool = call(of, event="club:1", title="x")
    other_tool.tool = "update_event"
    assert digest(one, WHOLE) == digest(call(of, title="x", event="club:1"), WHOLE)
    assert digest(call(of, event="club:1", title="y"), WHOLE) != digest(one, WHOLE)
    assert digest(other_tool, WHOLE) != digest(one, WHOLE)
    for other in (replace(club, name="hall"), replace(club, identity="hall@here")):
        assert digest_of(one, other, [WHOLE], ASK) != digest(one, WHOLE)
    assert len(digest(one, WHOLE)) == 64
    assert digest(call(of, title="\ud800"), WHOLE)  # what no text may hold does not stop a preview


def digest(asked: Call, planned: WritePlan) -> str:
    of = desk()
    assert planned.question is not None
    return digest_of(asked, of.accounts["club"], [planned], planned.question)


def finished(result: WriteResult) -> WritePlan:
    async def finish(_: object) -> WriteResult:
        return result

    return replace(plan(Platform()), finish=finish, notes=("The platform rounds.",))


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (
            WriteResult(
                outcome=Outcome.DONE, event_id="1", record=(Kind.REGISTRATION, "9"), status="confirmed", url="https://x.example/9",
                mail="no", facts={"seat": 4}, notes=("Seat 4.",), undo={"restore": True},
            ),
            {
                "outcome": "done", "ref": "club:1:a-9", "status": "confirmed", "seat": 4, "url": "https://x.example/9", "mail": "no",
                "undo": {"tool": "archive_event", "arguments": {"event": "club:1", "restore": True}},
                "notes": ["Seat 4.", "The platform rounds."],
            },
        ),
        (
            WriteResult(outcome=Outcome.DONE, event_id="1", undo={"title": "Jazz"}),
            {
                "outcome": "done", "ref": "club:1", "mail": "yes", "notes": ["The platform rounds."],
                "undo": {"tool": "update_event", "arguments": {"event": "club:1", "title": "Jazz"}},
            },
        ),
        (
            WriteResult(outcome=Outcome.DONE, undo={"title": "Jazz"}),
            {"outcome": "done", "mail": "yes", "notes": ["The platform rounds."]},
        ),
        (WriteResult(outcome=Outcome.ALREADY_DONE, event_id="1"), {"outcome": "already_done", "ref": "club:1"}),
    ],
)  # fmt: skip
async def test_a_result_is_told_whole_and_what_the_plan_expected_only_of_what_was_done(
    result: WriteResult, shown: dict[str, object]
) -> None:
    assert await run(desk(), finished(result)) == shown


async def test_a_token_is_offered_beside_what_the_preview_says() -> None:
    of, platform = desk(), Platform()
    person = Person(Verdict.TOKEN)
    shown = await run(of, replace(plan(platform, question=ASK), notes=("The platform rounds.",)), person)
    assert shown["token"] == person.asked[0].id
    assert shown["notes"][0] == "The platform rounds."
    assert "apply_preview with the token" in shown["notes"][1]
    assert (shown["outcome"], shown["account"], platform.sent) == ("preview", "club", [])
    asked = person.asked[0]
    assert (asked.tool, asked.question, dict(asked.body)["question"]) == ("register_attendee", ASK, "Archive?")


@dataclass
class Elsewhere(Person):
    """Can be reached only outside the chat."""

    reply: Reply = field(default_factory=lambda: Reply(Verdict.OUTSIDE))

    @override
    async def ask(self, preview: Preview) -> Reply:
        return self.reply


@pytest.mark.parametrize(
    ("link", "command", "ways"),
    [
        ("http://127.0.0.1:1/x", "eventdesk approve ab", "give them the link, which opens a page on their computer, or the command,"),
        ("http://127.0.0.1:1/x", "", "give them the link, which opens a page on their computer."),
        ("", "eventdesk approve ab", "give them the command, for a terminal on their computer."),
    ],
)  # fmt: skip
async def test_who_is_asked_outside_the_chat_gets_the_ways_that_there_are(link: str, command: str, ways: str) -> None:
    shown = await run(desk(), plan(Platform(), question=HARD), Elsewhere(reply=Reply(Verdict.OUTSIDE, link, command)))
    assert shown.get("approve_at", "") == link
    assert shown.get("approve_with", "") == command
    assert ways in shown["notes"][0]
    assert "token" not in shown


async def test_a_declined_question_is_no_longer_open() -> None:
    of, person = desk(), Person(Verdict.DECLINED)
    with pytest.raises(Declined):
        await run(of, plan(Platform(), question=ASK), person)
    assert await of.journal.preview(person.asked[0].id) is None


async def test_a_yes_to_a_question_that_was_answered_elsewhere_meanwhile_is_none() -> None:
    of, platform = desk(), Platform()

    @dataclass
    class Slow(Person):
        @override
        async def ask(self, preview: Preview) -> Reply:
            await of.journal.consume(preview.id)
            return Reply(Verdict.ACCEPTED)

    with pytest.raises(Declined, match="no longer open"):
        await run(of, plan(platform, question=ASK), Slow())
    assert platform.sent == []


async def test_an_accepted_question_cannot_be_used_again() -> None:
    of, person = desk(), Person()
    await run(of, plan(Platform(), question=ASK), person)
    assert await of.journal.preview(person.asked[0].id) is None


async def test_what_a_person_thinks_does_not_count_and_adds_up() -> None:
    now = [0.0]

    class ByHand(AnyioRuntime):
        @override
        def seconds(self) -> float:
            return now[0]

    of = replace(desk(), runtime=ByHand())

    @dataclass
    class Thinks(Person):
        @override
        async def ask(self, preview: Preview) -> Reply:
            now[0] += 40
            return Reply(Verdict.ACCEPTED)

    asked = call(of, Thinks())
    now[0] += 2
    for digest_ in ("one", "two"):
        assert await confirm(asked, ASK, digest_, {}) is None
    assert asked.waited == 80
    assert asked.seconds_left == of.answer_within - 2


async def test_a_preview_that_was_accepted_lets_only_itself_through() -> None:
    of = desk()
    asked = call(of, Person(Verdict.DECLINED))
    asked.granted = Preview("p", "t", {}, "one", ASK, {})
    assert await confirm(asked, ASK, "one", {}) is None
    with pytest.raises(Conflict, match="has changed since the preview"):
        await confirm(asked, ASK, "two", {})


async def test_a_write_that_has_begun_is_not_asked_about_again() -> None:
    of, platform, person = desk(), Platform(losing=["nothing"]), Person()
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await run(of, plan(platform, question=ASK), person)
    assert len(person.asked) == 1


async def test_what_planning_finds_true_settles_the_unanswered_write_and_a_dry_run_does_not() -> None:
    of, platform = desk(), Platform(losing=["nothing"])
    with pytest.raises(OutcomeUnknown):
        await run(of, plan(platform))
    assert isinstance(of.journal, SqliteJournal)
    true = WriteResult(outcome=Outcome.ALREADY_DONE, event_id="1", makes_true=plan(platform).makes_true)
    for dry_run, state in ((True, "unknown"), (False, "done")):
        asked = call(of)
        answer = await write(asked, of.accounts["club"], true, dry_run=dry_run)
        assert answer.data["outcome"] == "already_done"
        assert [row["state"] for row in entries(of.journal.store)] == [state]
        assert [(one.account, one.target, one.outcome) for one in asked.trail] == (
            [] if dry_run else [("club", "club:1", "already_done")]
        )


async def test_a_result_that_is_about_no_event_leaves_no_target_in_the_trail() -> None:
    of = desk()
    asked = call(of)
    await write(asked, of.accounts["club"], WriteResult(outcome=Outcome.HAND_OFF), dry_run=False)
    assert [(one.account, one.target, one.outcome) for one in asked.trail] == [("club", "", "hand_off")]


@pytest.mark.parametrize("how", ["ok", "refused"])
async def test_lists_that_were_read_before_a_write_are_read_anew_after_it(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = desk()
    forgotten: list[str] = []

    def forget(_desk: Desk, account: str) -> None:
        forgotten.append(account)

    monkeypatch.setattr(Desk, "forget", forget)
    refused = False
    try:
        await run(of, plan(Platform(losing=[how])))
    except EventdeskError:
        refused = True
    assert (forgotten, refused) == (["club"], how == "refused")
