"""Arguments as models send them: what is forgiven, what is refused, and the nearest name that an error proposes."""

from typing import Any

import pytest

from eventdesk_tools.catalog import BY_NAME
from eventdesk_tools.errors import InvalidArguments, UnknownRef
from tests.contract.forgiving import NEEDED, NOT_GIVEN, REFUSED, Given, cases
from tests.mcp.conftest import chatting
from tests.support import rehearse

CASES = list(cases())


def test_the_table_holds_more_than_three_hundred_cases() -> None:
    assert len(CASES) >= 300
    assert len({(case.tool, case.argument) for case in CASES}) >= 20


@pytest.mark.parametrize("case", CASES, ids=[f"{c.tool}.{c.argument}={c.value!r:.30}" for c in CASES])
def test_an_argument_is_taken_as_the_table_says(case: Given) -> None:
    spec = BY_NAME[case.tool]
    if case.taken is REFUSED:
        with pytest.raises(InvalidArguments) as caught:
            spec.parse(case.call)
        assert caught.value.field.split(".")[0] == case.argument
        assert case.argument in caught.value.message
        return
    args = spec.parse(case.call)
    if case.taken is NOT_GIVEN:
        assert case.argument not in args.model_fields_set
        return
    value = args.model_dump(exclude_unset=True)[case.argument]
    assert value == case.taken
    assert type(value) is type(case.taken)


@pytest.mark.parametrize(
    ("tool", "given", "said", "first"),
    [
        ("list_events", {"acount": "x"}, "did you mean account?", "account"),
        ("list_events", {"Limit": 5}, "did you mean limit?", "limit"),
        ("list_attendees", {"checkedin": True}, "did you mean checked_in?", "checked_in"),
        ("create_event", {"place": {"post_code": "x"}}, "did you mean postcode?", "postcode"),
        ("create_sale", {"items": [{"itm": "x", "quantity": 1}]}, "did you mean item?", "item"),
        ("list_events", {"when": "upcomming"}, "did you mean upcoming?", "upcoming"),
        ("list_attendees", {"status": "canceled"}, "did you mean cancelled?", "cancelled"),
        ("update_sale", {"action": "refunded"}, "did you mean refund?", "refund"),
        ("update_sale", {"action": "markpaid"}, "did you mean mark_paid?", "mark_paid"),
        ("list_events", {"fields": ["ref", "titel"]}, "did you mean title?", "title"),
        ("export_list", {"list": "attendee"}, "did you mean attendees?", "attendees"),
        ("get_event", {"include": ["session"]}, "did you mean sessions?", "sessions"),
    ],
)
def test_the_nearest_word_comes_first(tool: str, given: dict[str, Any], said: str, first: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        BY_NAME[tool].parse(NEEDED.get(tool, {}) | given)
    assert said in caught.value.message
    assert caught.value.allowed[0] == first
    assert len(caught.value.allowed) <= 10


@pytest.mark.anyio
async def test_the_nearest_account_and_operation_come_first() -> None:
    async with rehearse("eventtia", "evvnt") as r:
        with pytest.raises(UnknownRef) as caught:
            r.desk.account("demo-evnt")
        assert caught.value.allowed == ("demo-evvnt", "demo-eventtia")
        assert "Did you mean demo-evvnt?" in caught.value.message
    async with chatting("eventtia", "evvnt") as chat:
        error = (await chat.call("get_event", event="demo-evenntia:x"))["error"]
        assert error["allowed"][0] == "demo-eventtia"
        error = (await chat.call("call_read_operation", operation="list_atendees"))["error"]
        assert error["allowed"][0] == "eventtia.list_attendees"
        assert chat.rehearsal.seen == []
