"""Who can be asked, and what counts as a yes."""

from typing import Any

import pytest
from mcp.types import (
    ClientCapabilities,
    ElicitationCapability,
    ElicitResult,
    FormElicitationCapability,
    UrlElicitationCapability,
)

from eventdesk_server import asking
from eventdesk_server.asking import AUTO_DECLINE_SECONDS, MODERN, may_ask, question_text, verdict_of
from eventdesk_server.handcall import arguments_of
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.journal import Preview, Verdict
from eventdesk_tools.plans import Question

FORM, URL = FormElicitationCapability(), UrlElicitationCapability()


def client(elicitation: ElicitationCapability | None) -> ClientCapabilities:
    return ClientCapabilities(elicitation=elicitation)


@pytest.mark.parametrize(
    ("capabilities", "version", "can_send", "asks"),
    [
        (None, MODERN, True, False),
        (client(None), MODERN, True, False),
        (client(ElicitationCapability()), MODERN, False, True),
        (client(ElicitationCapability(form=FORM)), MODERN, False, True),
        (client(ElicitationCapability(form=FORM, url=URL)), MODERN, False, True),
        (client(ElicitationCapability(url=URL)), MODERN, True, False),
        (client(ElicitationCapability(form=FORM)), "2025-11-25", False, False),
        (client(ElicitationCapability(form=FORM)), "2025-11-25", True, True),
        (client(ElicitationCapability(form=FORM)), None, False, False),
        (client(ElicitationCapability(form=FORM)), None, True, True),
        (client(ElicitationCapability(form=FORM)), "2027-01-01", False, True),
    ],
)
def test_a_person_can_be_asked_where_a_form_is_offered_and_the_answer_has_a_way_back(
    capabilities: ClientCapabilities | None, version: str | None, can_send: bool, asks: bool
) -> None:
    assert may_ask(capabilities, version, can_send=can_send) is asks


@pytest.mark.parametrize(
    ("action", "content", "seconds", "verdict"),
    [
        ("accept", {"ok": True}, 0.0, Verdict.ACCEPTED),
        ("accept", {"ok": True}, 99.0, Verdict.ACCEPTED),
        ("accept", {"ok": False}, 0.0, Verdict.DECLINED),
        ("accept", {"ok": 1}, 9.0, Verdict.DECLINED),
        ("accept", {"ok": "true"}, 9.0, Verdict.DECLINED),
        ("accept", {"yes": True}, 9.0, Verdict.DECLINED),
        ("accept", {}, 9.0, Verdict.DECLINED),
        ("accept", None, 9.0, Verdict.DECLINED),
        ("decline", {"ok": True}, 9.0, Verdict.DECLINED),
        ("decline", None, AUTO_DECLINE_SECONDS, Verdict.DECLINED),
        ("decline", None, AUTO_DECLINE_SECONDS - 0.1, Verdict.OUTSIDE),
        ("cancel", None, 0.0, Verdict.DECLINED),
        ("cancel", {"ok": True}, 9.0, Verdict.DECLINED),
    ],
)
def test_only_an_accepted_true_is_a_yes_and_only_a_decline_in_no_time_was_no_persons(
    action: Any, content: Any, seconds: float, verdict: Verdict
) -> None:
    assert verdict_of(ElicitResult.model_construct(action=action, content=content), seconds) is verdict


@pytest.mark.parametrize("result", [None, {"action": "accept", "content": {"ok": True}}, "yes", True])
def test_what_is_no_reply_to_the_question_is_no_yes(result: object) -> None:
    assert verdict_of(result, 9.0) is Verdict.DECLINED


def test_the_question_in_the_chat_names_ten_changes_and_every_text_passes_the_gate() -> None:
    changes = [{"field": f"f{n}", "before": n, "after": None} for n in range(11)]
    question = Question(text="Change it?", why=frozenset(), reversible=True)
    shown = question_text(Preview("p", "t", {}, "d", question, {"changes": changes}), str.upper)
    assert shown.splitlines() == ["CHANGE IT?", *(f"F{n}: {n} → null" for n in range(10))]
    assert question_text(Preview("p", "t", {}, "d", question, {}), str) == "Change it?"


def test_arguments_on_the_command_line_are_a_json_object() -> None:
    assert arguments_of("") == {}
    assert arguments_of('{"a": [1]}') == {"a": [1]}
    with pytest.raises(InvalidArguments, match="are not JSON"):
        arguments_of("{a}")
    with pytest.raises(InvalidArguments, match="must be a JSON object"):
        arguments_of("[]")


def test_a_person_is_asked_for_one_yes_that_must_be_given() -> None:
    assert asking.SCHEMA == {  # what clients draw a form from
        "type": "object",
        "properties": {"ok": {"type": "boolean", "title": "Go ahead?"}},
        "required": ["ok"],
    }
    assert (asking.MODERN, asking.AUTO_DECLINE_SECONDS, asking.PERSON_SECONDS) == ("2026-07-28", 1.0, 600.0)
