"""Operations as a model finds and calls them, on an invented platform."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.types import ElicitResult
from typing_extensions import override

from eventdesk_server.http.operations import Operation
from eventdesk_tools.desk import Account
from tests.club import LIST, Club
from tests.http.support import reply
from tests.mcp.conftest import Chat, Era, Human, chatting

pytestmark = pytest.mark.anyio


class Reads(Club):
    """A platform whose API writes nothing."""

    declared = (LIST,)


@asynccontextmanager
async def club_chat(
    club: Club, *, write: bool = True, also: dict[str, Club] | None = None, **more: Any
) -> AsyncGenerator[Chat]:
    clubs = {"club": club, **(also or {})}
    accounts = {name: Account(name=name, provider=provider, identity=name) for name, provider in clubs.items()}
    options = {"accounts": accounts, "operations_write": write, **more.pop("options", {})}
    async with chatting("eventhq", options=options, **more) as chat:
        yield chat


async def listed(chat: Chat) -> list[str]:
    return [tool.name for tool in (await chat.client.list_tools()).tools]


async def test_the_writing_tool_is_listed_only_where_the_settings_switch_it_on() -> None:
    reading = {"find_operations", "call_read_operation"}
    async with club_chat(Club()) as chat:
        assert reading | {"call_write_operation"} <= set(await listed(chat))
    async with club_chat(Club(), write=False) as chat:
        assert "call_write_operation" not in await listed(chat)
        refused = await chat.call("call_write_operation", operation="make_link")
        assert refused["error"]["message"] == "The tool 'call_write_operation' is switched off here."
        found = await chat.call("find_operations", query="invite a guest")
        assert found["notes"] == ["Operations that write are switched off (setting operations_write)."]
    async with club_chat(Club(), options={"read_only": True}) as chat:
        assert reading <= set(await listed(chat))
        assert "call_write_operation" not in await listed(chat)
    async with club_chat(Reads()) as chat:
        assert "call_write_operation" not in await listed(chat)


async def test_operations_are_found_with_what_they_need() -> None:
    async with club_chat(Club()) as chat:
        found = await chat.call("find_operations", query="invite a guest")
        assert found["columns"] == ["operation", "effect", "summary", "arguments"]
        assert found["rows"][0][:3] == ["eventtia.create_guest", "add", "Invites a guest."]
        assert found["rows"][0][3].startswith("event! text; name! text; seats integer; fee number")
        assert found["returned"] == len(found["rows"]) <= 8
        by_name = await chat.call("find_operations", query="eventtia.list_guests", account="club")
        assert by_name["rows"][0][0] == "eventtia.list_guests"
        assert "status text: invited|registered" in by_name["rows"][0][3]
        costs = await chat.call("find_operations", query="buy credits")
        assert costs["rows"][0][2] == "Buys credits. Costs 20 EUR."


async def test_what_is_withheld_is_not_listed_and_says_why_when_asked_for() -> None:
    async with club_chat(Club()) as chat:
        found = await chat.call("find_operations", query="log in")
        assert "eventtia.log_in" not in [row[0] for row in found["rows"]]
        assert found["notes"] == ["eventtia.log_in is not offered: it answers a token."]
        nothing = await chat.call("find_operations", query="zzz qqq")
        assert nothing["rows"] == []
        assert "Try other words" in nothing["notes"][0]
        called = await chat.call("call_read_operation", operation="log_in")
        assert called["error"]["code"] == "unsupported"


@pytest.mark.parametrize("name", ["list_guests", "eventtia.list_guests", " Eventtia.list_guests "])
async def test_a_reading_is_called_with_or_without_the_platforms_name(name: str) -> None:
    club = Club(reply(200, {"data": [{"id": 5, "name": "<b>Ada</b>", "token": "canary"}]}))
    async with club_chat(club) as chat:
        answer = await chat.call("call_read_operation", operation=name, arguments={"event": "gala"})
    assert answer == {
        "operation": "eventtia.list_guests", "account": "club", "answer": {"data": [{"id": 5, "name": "Ada"}]},
        "notes": ["Left out, may be secret: data[].token."],
    }  # fmt: skip
    assert club.script.targets == ["GET /v1/events/gala/guests"]


async def test_a_ref_does_for_an_id_and_chooses_the_account() -> None:
    one, other = Club(), Club(reply(200, []), reply(200, []))
    async with club_chat(one, also={"other": other}) as chat:
        await chat.call("call_read_operation", operation="list_guests", arguments={"event": "other:gala"})
        await chat.call("call_read_operation", operation="list_guests", arguments={"event": "other:gala:t-77"})
        several = await chat.call("call_read_operation", operation="list_guests", arguments={"event": "gala"})
        wrong = await chat.call(
            "call_read_operation", operation="list_guests", account="club", arguments={"event": "other:gala"}
        )
    assert other.script.targets == ["GET /v1/events/gala/guests", "GET /v1/events/77/guests"]
    assert one.script.requests == []
    assert several["error"]["allowed"] == ["club", "other"]
    assert wrong["error"]["code"] == "unknown_ref"


async def test_an_unknown_operation_names_the_nearest_and_an_unknown_argument_too() -> None:
    async with club_chat(Club()) as chat:
        name = await chat.call("call_read_operation", operation="eventtia.list_gests")
        assert name["error"]["allowed"][0] == "eventtia.list_guests"
        assert name["error"]["next"] == "Call find_operations with what is to be done."
        given = await chat.call("call_read_operation", operation="list_guests", arguments={"event": "g", "statuz": "x"})
        assert "did you mean status?" in given["error"]["message"]
        writing = await chat.call("call_read_operation", operation="create_guest", arguments={})
        assert "call_write_operation" in writing["error"]["next"]


async def test_a_long_answer_continues_by_cursor_to_its_end() -> None:
    rows = [{"id": at, "name": f"Guest {at} of the gala, who comes from afar"} for at in range(237)]
    club = Club(*(reply(200, {"data": rows, "meta": {"total": 237}}) for _ in range(12)))
    async with club_chat(club) as chat:
        ask: dict[str, Any] = {"operation": "list_guests", "arguments": {"event": "g"}}
        seen: list[int] = []
        answer = await chat.call("call_read_operation", **ask)
        while True:
            seen += [row["id"] for row in answer["answer"]["data"]]
            if "next_cursor" not in answer:
                break
            answer = await chat.call("call_read_operation", **ask, cursor=answer["next_cursor"])
        assert seen == list(range(237))
        first = await chat.call("call_read_operation", **ask)
        for other in ({"arguments": {"event": "h"}}, {"fields": ["data[].id"]}, {"cursor": "nonsense"}):
            refused = await chat.call("call_read_operation", **{**ask, "cursor": first["next_cursor"], **other})
            assert refused["error"]["field"] == "cursor"
        short = await chat.call("call_read_operation", **ask, fields=["data[].id"])
        assert short["answer"] == {"data": [{"id": at} for at in range(237)]}
        assert "next_cursor" not in short


async def test_a_write_goes_through_preview_question_and_journal(era: Era) -> None:
    club = Club(reply(200, {"id": 5, "token": "canary"}))
    human = Human()
    async with club_chat(club, era=era, human=human) as chat:
        change: dict[str, Any] = {"operation": "update_guest", "arguments": {"guest": "5", "name": "Ada"}}
        shown = await chat.call("call_write_operation", **change, dry_run=True)
        assert shown["outcome"] == "preview"
        assert shown["requests"] == [{"method": "PUT", "path": "/guests/5", "body": {"name": "Ada"}}]
        assert club.script.requests == []
        done = await chat.call("call_write_operation", **change)
    assert done == {
        "outcome": "done", "id": "5", "answer": {"id": 5}, "notes": ["Left out, may be secret: token."],
    }  # fmt: skip
    assert len(human.asked) == 1
    assert '{"guest":"5","name":"Ada"}' in human.asked[0]
    assert club.script.bodies == [b'{"name":"Ada"}']


async def test_a_no_sends_nothing(era: Era) -> None:
    club = Club()
    async with club_chat(club, era=era, human=Human(ElicitResult(action="cancel"))) as chat:
        answer = await chat.call("call_write_operation", operation="delete_guest", arguments={"guest": "5"})
    assert answer["error"]["code"] == "declined"
    assert club.script.requests == []


async def test_without_asking_a_change_gets_a_token_and_a_removal_a_page() -> None:
    club = Club(reply(200, {"id": 5}))
    async with club_chat(club) as chat:
        change = await chat.call(
            "call_write_operation", operation="update_guest", arguments={"guest": "5", "name": "A"}
        )
        assert (await chat.call("apply_preview", token=change["token"]))["outcome"] == "done"
        for operation, arguments in (("delete_guest", {"guest": "5"}), ("buy_credits", {}), ("mail_all", {})):
            outside = await chat.call("call_write_operation", operation=operation, arguments=arguments)
            assert "approve_at" in outside
            assert "token" not in outside
    assert club.script.targets == ["PUT /v1/guests/5"]


async def test_what_was_added_is_not_added_twice_and_a_guard_is_met() -> None:
    club = Club(reply(201, {"id": 9}))
    async with club_chat(club) as chat:
        add: dict[str, Any] = {"operation": "eventtia.create_guest", "arguments": '{"event":"g","name":"Ada"}'}
        assert (await chat.call("call_write_operation", **add))["outcome"] == "done"
        assert (await chat.call("call_write_operation", **add))["outcome"] == "already_done"
        closed = await chat.call("call_write_operation", operation="close_event", arguments={"event": "club:gala"})
        assert closed == {"outcome": "already_done", "status": "closed"}
    assert club.met == [{"event": "gala"}]
    assert len(club.script.requests) == 1


async def test_a_read_only_account_takes_no_write() -> None:
    club = Club()
    async with club_chat(club) as chat:
        accounts = {"club": Account(name="club", provider=club, read_only=True)}
        object.__setattr__(chat.server.desk, "accounts", accounts)
        answer = await chat.call("call_write_operation", operation="make_link")
    assert answer["error"]["code"] == "read_only"
    assert club.script.requests == []


async def test_a_file_is_uploaded_from_the_import_folder_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    club = Club(reply(201, {"id": 1}))
    async with club_chat(club) as chat:
        ask: dict[str, Any] = {"operation": "upload_file", "arguments": {"file": "a.txt"}}
        assert "import_folder" in (await chat.call("call_write_operation", **ask))["error"]["next"]
        club.import_folder = str(tmp_path)
        assert (await chat.call("call_write_operation", **ask))["outcome"] == "done"
    assert b"hello" in club.script.bodies[0]


class Partners(Club):
    """The same platform, for a partner."""

    @override
    def offered(self, operation: Operation) -> str:
        return ""


async def test_what_one_account_is_not_offered_is_found_and_called_at_the_one_that_is() -> None:
    one, other = Club(), Partners(reply(200, {"data": [{"id": 1}]}))
    for first, second in ((one, other), (other, one)):
        async with club_chat(first, also={"second": second}) as chat:
            found = await chat.call("find_operations", query="partners")
            assert found["rows"][0][0] == "eventtia.list_partners"
    async with club_chat(one, also={"partner": other}) as chat:
        answer = await chat.call("call_read_operation", operation="list_partners")
        assert (answer["account"], answer["answer"]) == ("partner", {"data": [{"id": 1}]})
