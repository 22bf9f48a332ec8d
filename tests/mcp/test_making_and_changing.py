"""Events made and changed, over MCP: what is asked, refused, shown and sent."""

import pytest

from tests.mcp.conftest import Era, Human, chatting
from tests.mcp.writing import ES, ET, EV, FAIR, HS, LISTING, NO, code, sent

pytestmark = pytest.mark.anyio


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
