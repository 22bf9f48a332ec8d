"""Events made and changed, registrations and sales ended, over MCP: what is asked, refused, shown and sent."""

import json
from typing import Any

import pytest
from mcp.types import ElicitResult

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Chat, Era, Human, chatting

pytestmark = pytest.mark.anyio

ES, ET, HS, EV = "demo-eventschedule", "demo-eventtia", "demo-heysummit", "demo-evvnt"
NO = ElicitResult(action="accept", content={"ok": False})
WRITING = {"operations_write": True}
PACKAGE = "ea6bd8a9-d9d0-4b64-af4f-c8593d4ddf7e"
BREAKFAST = f"{ES}:60bRli"
FAIR = f"{ET}:harbor-design-days"
LISTING: dict[str, Any] = {
    "account": EV, "title": "Quay Fair", "starts": "2027-06-12T19:30", "ends": "2027-06-12T21:30", "summary": "A fair.",
    "description": "Stalls and music by the water, all evening long.", "category": "Arts & Entertainment > Music",
    "place": {"name": "Quay", "address": "1 Quay Road", "town": "Bristol", "postcode": "BS1 4RN", "country": "GB"},
    "tickets": [{"name": "Door", "price": "5"}], "website": "https://quay.example.org/fair", "package": PACKAGE,
}  # fmt: skip


def sent(chat: Chat) -> list[Any]:
    """The requests that changed something; a log-in does not."""
    return [seen for seen in chat.rehearsal.writes if not seen.path.endswith("/auth")]


def code(answer: dict[str, Any]) -> str:
    assert "error" in answer, answer
    return answer["error"]["code"]


async def refs(chat: Chat, event: str, number: int, **query: Any) -> list[str]:
    listed = await chat.call("list_attendees", event=event, fields=["ref"], limit=number, **query)
    return [row[0] for row in listed["rows"]]


def outcomes(answer: dict[str, Any]) -> list[str]:
    assert "rows" in answer, answer
    at = answer["columns"].index("outcome")
    return [row[at] for row in answer["rows"]]


# Refs only -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "field", "more"),
    [("cancel_registration", "attendees", {}), ("update_sale", "sales", {"action": "refund"})],
)
async def test_only_refs_of_the_kind_and_of_one_account_are_taken_before_any_request(
    tool: str, field: str, more: dict[str, Any], era: Era
) -> None:
    async with chatting(era=era, human=Human()) as chat:
        for wrong in (
            "Marta Berg",
            "marta@x.example",
            BREAKFAST,
            f"{BREAKFAST}:t-1CBLsx",
            f"{BREAKFAST}:s-1",
            "nobody:1:a-1",
        ):
            given = [wrong] if wrong.startswith("nobody") else [f"{BREAKFAST}:a-ChyN2I", wrong]
            assert code(await chat.call(tool, **{field: given}, **more)) == "unknown_ref", wrong
        both = await chat.call(tool, **{field: [f"{BREAKFAST}:a-ChyN2I", f"{FAIR}:a-600001"]}, **more)
        assert (code(both), both["error"]["field"]) == ("invalid_arguments", field)
        assert both["error"]["allowed"] == [ES, ET]
        for number in (0, 51):
            assert (
                code(await chat.call(tool, **{field: [f"{BREAKFAST}:a-{n}" for n in range(number)]}, **more))
                == "invalid_arguments"
            )
        assert chat.rehearsal.seen == []


# Cancelling ----------------------------------------------------------------------------------------------------------


async def test_registrations_are_cancelled_after_one_question_that_names_who_goes(era: Era) -> None:
    human = Human()
    async with chatting("eventschedule", era=era, human=human) as chat:
        three = await refs(chat, BREAKFAST, 3)
        wanted = [*three, f"{BREAKFAST}:a-zzzzzz", three[0], three[0].replace(":a-", ":o-")]
        done = await chat.call("cancel_registration", attendees=wanted)
        assert outcomes(done) == ["done", "done", "done", "not_found", "already_done"]
        (asked,) = human.asked
        assert "Cancel 3 registrations" in asked
        assert all(name in asked for name in ("Marta Berg", "Nair", "Faro"))
        assert len(sent(chat)) == 3
        again = await chat.call("cancel_registration", attendees=three)
        assert outcomes(again) == ["already_done"] * 3
        assert (len(human.asked), len(sent(chat))) == (1, 3)


async def test_eventtias_registrations_too() -> None:
    human = Human()
    async with chatting("eventtia", human=human) as chat:
        two = await refs(chat, FAIR, 2)
        assert outcomes(await chat.call("cancel_registration", attendees=two)) == ["done", "done"]
        assert outcomes(await chat.call("cancel_registration", attendees=two)) == ["already_done"] * 2
        assert (len(human.asked), len(sent(chat))) == (1, 2)


async def test_a_no_or_a_dry_run_cancels_nobody() -> None:
    async with chatting("eventschedule", human=Human(NO)) as chat:
        two = await refs(chat, BREAKFAST, 2)
        shown = await chat.call("cancel_registration", attendees=[*two, f"{BREAKFAST}:a-zzzzzz"], dry_run=True)
        assert (shown["outcome"], len(shown["requests"])) == ("preview", 2)
        assert outcomes(shown) == ["not_found"]
        assert code(await chat.call("cancel_registration", attendees=two)) == "declined"
        assert sent(chat) == []


async def test_part_of_an_order_is_not_cancelled_and_the_whole_only_when_it_is_said() -> None:
    human = Human()
    async with chatting("eventschedule", human=human) as chat:
        listed = await chat.call("list_attendees", event=f"{ES}:8oBfKB", fields=["ref", "quantity"], limit=20)
        ref = next(row[0] for row in listed["rows"] if row[1] == 3)
        part = await chat.call("cancel_registration", attendees=[ref])
        assert outcomes(part) == ["invalid_arguments"]
        assert "3 ×" in part["rows"][0][-1]
        assert (human.asked, sent(chat)) == ([], [])
        whole = await chat.call("cancel_registration", attendees=[ref], whole_order=True)
        assert outcomes(whole) == ["done"]
        assert "3 ×" in human.asked[0]


async def test_a_lost_answer_is_settled_for_its_ref_alone() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        three = await refs(chat, BREAKFAST, 3)
        chat.rehearsal.sandbox.faults.add(Fault(kind="drop_after", method="PUT", path="sales", times=1))
        assert outcomes(await chat.call("cancel_registration", attendees=three)) == ["done"] * 3
        assert len(sent(chat)) == 3


async def test_what_cannot_be_known_is_unknown_for_its_ref_and_not_sent_twice() -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        two = await refs(chat, BREAKFAST, 2)
        faults = chat.rehearsal.sandbox.faults
        faults.add(Fault(kind="drop_before", method="PUT", path=two[0].rpartition("-")[2], times=1))
        first = await chat.call("cancel_registration", attendees=two)
        assert outcomes(first) == ["outcome_unknown", "done"]
        attempts = len(sent(chat))
        second = await chat.call("cancel_registration", attendees=two)
        assert outcomes(second) == ["outcome_unknown", "already_done"]
        assert len(sent(chat)) == attempts


# Sales ---------------------------------------------------------------------------------------------------------------


async def test_sales_are_marked_after_one_question_and_an_impossible_one_is_told_apart(era: Era) -> None:
    human = Human()
    async with chatting("eventschedule", era=era, human=human) as chat:
        event = f"{ES}:Xs5hZy"
        unpaid = [row[0] for row in (await chat.call("list_sales", event=event, status="unpaid"))["rows"][:2]]
        over = (await chat.call("list_sales", event=event, status="expired"))["rows"][0][0]
        done = await chat.call("update_sale", sales=[*unpaid, over], action="mark_paid")
        assert outcomes(done) == ["done", "done", "unsupported"]
        (asked,) = human.asked
        assert "Mark as paid: 2 sales" in asked
        assert outcomes(await chat.call("update_sale", sales=unpaid, action="mark_paid")) == ["already_done"] * 2
        assert (len(human.asked), len(sent(chat))) == (1, 2)
        part = await chat.call("update_sale", sales=unpaid, action="refund")
        assert outcomes(part) == ["invalid_arguments"] * 2
        whole = await chat.call("update_sale", sales=unpaid, action="refund", whole_order=True)
        assert outcomes(whole) == ["done"] * 2


# Making --------------------------------------------------------------------------------------------------------------


async def test_a_new_event_is_not_public_unless_that_is_said_and_agreed_to(era: Era) -> None:
    human = Human()
    async with chatting(era=era, human=human) as chat:
        new = {"title": "Quay Fair", "starts": "2027-06-12T19:30", "ends": "2027-06-12T21:30"}
        which = (await chat.call("create_event", **new))["error"]
        assert (which["field"], set(which["allowed"])) == ("account", {ES, ET, EV})
        kept = await chat.call("create_event", account=ES, calendar="boathouse", **new)
        assert (kept["outcome"], kept["status"], kept["starts"]) == ("done", "draft", "2027-06-12T19:30+01:00")
        other = await chat.call("create_event", account=ET, zone="Europe/Madrid", **new)
        assert (other["outcome"], other["status"], other["starts"]) == ("done", "inactive", "2027-06-12T19:30+02:00")
        assert human.asked == []
        draft = await chat.call("create_event", **LISTING)
        assert (code(draft), draft["error"]["field"]) == ("unsupported", "published")
        listed = await chat.call("create_event", **LISTING, published=True)
        assert (listed["outcome"], listed["status"], listed["starts"]) == ("done", "live", "2027-06-12T19:30+01:00")
        assert len(human.asked) == 1
        assert "no way to take it back" in human.asked[0]
        again = await chat.call("create_event", **LISTING, published=True)
        assert again.get("outcome") == "already_done" or code(again) == "conflict"
        assert len(sent(chat)) == 3


async def test_what_is_missing_is_asked_for_by_name() -> None:
    async with chatting(human=Human()) as chat:
        for arguments, field in (
            ({"account": ES, "starts": "2027-06-12T19:30"}, "title"),
            ({"account": ES, "title": "Fair"}, "starts"),
            ({"account": ES, "title": "Fair", "starts": "2027-06-12T19:30"}, "calendar"),
            ({"account": ET, "title": "Fair", "starts": "2027-06-12T19:30", "zone": "Europe/Madrid"}, "ends"),
            ({**LISTING, "published": True, "summary": ""}, "summary"),
            ({**LISTING, "published": True, "package": ""}, "package"),
        ):
            answer = await chat.call("create_event", **arguments)
            assert (code(answer), answer["error"]["field"]) == ("invalid_arguments", field), arguments
        assert sent(chat) == []


@pytest.mark.parametrize(
    ("starts", "readings"),
    [
        ("2027-03-28T01:30", ["2027-03-28T00:30+00:00", "2027-03-28T02:30+01:00"]),
        ("2027-10-31T01:30", ["2027-10-31T01:30+01:00", "2027-10-31T01:30+00:00"]),
        ("2027-06-12T19:30+05:00", None),
        ("12/06/2027", None),
    ],
)
async def test_a_start_that_does_not_exist_or_comes_twice_is_refused(starts: str, readings: list[str] | None) -> None:
    async with chatting("eventschedule", human=Human()) as chat:
        answer = await chat.call("create_event", title="Fair", starts=starts, calendar="boathouse")
        assert (code(answer), answer["error"]["field"]) == ("invalid_arguments", "starts")
        assert readings is None or answer["error"]["allowed"] == readings
        strange = await chat.call(
            "create_event", title="Fair", starts="2027-06-12T19:30", zone="Mars/Olympus", calendar="boathouse"
        )
        assert (code(strange), strange["error"]["field"]) == ("invalid_arguments", "zone")
        assert sent(chat) == []


# Changing ------------------------------------------------------------------------------------------------------------


async def test_a_change_of_nothing_or_of_one_thing_in_two_ways_is_refused_before_any_request() -> None:
    async with chatting(human=Human()) as chat:
        nothing = await chat.call("update_event", event=f"{ES}:OfEesm")
        assert code(nothing) == "invalid_arguments"
        both = await chat.call("update_event", event=f"{ES}:OfEesm", summary="x", clear=["summary"])
        assert (code(both), both["error"]["field"]) == ("invalid_arguments", "summary")
        assert code(await chat.call("update_event", event=f"{ES}:OfEesm", clear=["starts"])) == "invalid_arguments"
        assert chat.rehearsal.seen == []


@pytest.mark.parametrize(
    ("event", "change", "asks"),
    [
        (f"{ES}:OfEesm", {"title": "Late Swim"}, False),
        (FAIR, {"title": "Harbour Days"}, False),
        (f"{EV}:67949", {"summary": "Two days."}, True),
    ],
)
async def test_an_answer_tells_each_field_before_and_after(event: str, change: dict[str, str], asks: bool) -> None:
    human = Human()
    async with chatting(human=human) as chat:
        answer = await chat.call("update_event", event=event, **change)
        ((field, value),) = change.items()
        (row,) = answer["changed"]
        assert (answer["outcome"], row["field"], row["after"]) == ("done", field, value)
        assert row["before"] not in {None, value}
        assert bool(human.asked) is asks
        assert answer["undo"]["arguments"] == {"event": event, field: row["before"]}
        back = await chat.call("update_event", **answer["undo"]["arguments"])
        assert back["changed"][0]["after"] == row["before"]


async def test_a_move_that_people_see_is_asked_with_their_number(era: Era) -> None:
    human = Human(NO)
    async with chatting(era=era, human=human) as chat:
        moved = await chat.call("update_event", event=f"{ES}:OfEesm", starts="2027-03-08T21:00")
        assert code(moved) == "declined"
        assert "11 orders" in human.asked[0]
        other = await chat.call("update_event", event=FAIR, starts="2027-04-05T09:00")
        assert code(other) == "declined"
        assert "61 registered" in human.asked[1]
        assert sent(chat) == []


async def test_what_a_platform_would_mangle_or_cannot_take_is_refused() -> None:
    human = Human()
    async with chatting(human=human) as chat:
        for event, change, field in (
            (f"{ES}:I6snmY", {"summary": "x"}, ""),
            (f"{ES}:8oBfKB", {"tickets": [{"name": "General", "price": "30 USD"}]}, "tickets"),
            (FAIR, {"place": {"name": "Quay"}}, "place"),
            (FAIR, {"tickets": [{"name": "General", "price": "30"}]}, "tickets"),
            (f"{HS}:4711", {"title": "x"}, ""),
        ):
            answer = await chat.call("update_event", event=event, **change)
            assert (code(answer), answer["error"].get("field", "")) == ("unsupported", field), (event, answer)
        assert (human.asked, sent(chat)) == ([], [])


# One guard -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "operation"),
    [
        (
            ("update_event", {"event": f"{ES}:I6snmY", "summary": "x"}),
            ("eventschedule.update_event", {"event": "I6snmY", "short_description": "x"}),
        ),
        (
            ("register_attendee", {"event": f"{HS}:4711", "name": "Ada Pier", "email": "ada@pier.example", "ticket": "Nope"}),
            ("heysummit.register_attendee", {"event": "4711", "name": "Ada Pier", "email": "ada@pier.example", "ticket_price_id": 99999}),
        ),
        (
            ("register_attendee", {"event": FAIR, "name": "Ada Pier", "email": "ada@pier.example", "ticket": "Nope"}),
            (
                "eventtia.register_attendee",
                {"event": "harbor-design-days", "attendee": {"attendee_type_id": 9, "first_name": "Ada", "last_name": "Pier", "email": "ada@pier.example"}},
            ),
        ),
    ],
    ids=["eventschedule", "heysummit", "eventtia"],
)  # fmt: skip
async def test_an_operation_meets_the_guard_of_its_tool(
    tool: tuple[str, dict[str, Any]], operation: tuple[str, dict[str, Any]]
) -> None:
    async with chatting(human=Human(), options=WRITING) as chat:
        by_tool = await chat.call(tool[0], **tool[1])
        by_name = await chat.call("call_write_operation", operation=operation[0], arguments=operation[1])
        assert code(by_name) == code(by_tool)
        assert sent(chat) == []


async def test_evvnts_operation_submits_no_second_listing_of_the_same_event() -> None:
    human = Human()
    async with chatting("evvnt", human=human, options=WRITING) as chat:
        shown = await chat.call("create_event", **LISTING, published=True, dry_run=True)
        assert (await chat.call("create_event", **LISTING, published=True))["outcome"] == "done"
        body = shown["requests"][0]["body"]
        again = await chat.call("call_write_operation", operation="evvnt.create_event", arguments=body)
        assert again.get("outcome") == "already_done" or code(again) == "conflict"
        assert len(sent(chat)) == 1


async def test_an_operation_asks_what_its_tool_asks() -> None:
    human = Human(NO)
    async with chatting("eventschedule", human=human, options=WRITING) as chat:
        (ref,) = await refs(chat, BREAKFAST, 1)
        assert code(await chat.call("cancel_registration", attendees=[ref])) == "declined"
        arguments = {"sale": ref.rpartition("-")[2], "action": "cancel"}
        by_name = await chat.call("call_write_operation", operation="eventschedule.update_sale", arguments=arguments)
        assert code(by_name) == "declined"
        assert "Cancel the order of" in human.asked[1]
        assert sent(chat) == []


# What is shown is what is sent -----------------------------------------------------------------------------------------

ADA = {"name": "Ada Pier", "email": "ada@pier.example"}
SEATS = {"starts": "2027-06-12T19:30", "tickets": [{"name": "Seat", "price": "12.50 GBP"}]}
PAID = {"website": "https://quay.example.org/x", "package": PACKAGE, "published": True}
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
}  # fmt: skip


@pytest.mark.parametrize("what", WRITES)
async def test_a_dry_run_shows_the_bytes_that_are_then_sent(what: str) -> None:
    tool, arguments = WRITES[what]
    async with chatting(human=Human(), options=WRITING) as chat:
        shown = await chat.call(tool, **arguments, dry_run=True)
        assert shown.get("outcome") == "preview", shown
        assert sent(chat) == []
        done = await chat.call(tool, **arguments)
        assert done.get("outcome", "done") == "done", done
        assert "rows" not in done or set(outcomes(done)) == {"done"}
        requests = sent(chat)
        assert len(requests) == len(shown["requests"])
        for request, one in zip(shown["requests"], requests, strict=True):
            assert request["method"] == one.method
            path, _, query = request["path"].partition("?")
            if "‹" not in path:
                assert one.path.endswith(path)
            assert query == one.query
            body = request.get("body")
            if (
                "‹" in json.dumps(body, ensure_ascii=False) or b"<" in one.body
            ):  # markup is shown as words, and sent as it is
                continue
            wire = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            # An answer shows a text of the platform's without its carriage returns.
            assert one.body.replace(rb"\r\n", rb"\n") == wire
