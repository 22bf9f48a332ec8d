"""Many people at once, over MCP: from rows and from files, asked once, each with an outcome."""

from pathlib import Path
from typing import Any

import pytest
from mcp.types import ElicitResult

from eventdesk_server.sandbox.faults import Fault
from tests.mcp.conftest import Era, Human, chatting
from tests.mcp.guests import FAIR, SUMMIT, people, posts

pytestmark = pytest.mark.anyio

NO = ElicitResult(action="accept", content={"ok": False})


@pytest.mark.parametrize(
    ("provider", "event", "ticket"), [("eventtia", FAIR, "General"), ("heysummit", SUMMIT, "Free pass, Free")]
)
async def test_a_second_run_sends_nothing_on_any_platform(provider: str, event: str, ticket: str) -> None:
    async with chatting(provider, human=Human()) as chat:
        first = await chat.call("register_attendees", event=event, rows=people(12), ticket=ticket)
        assert first["registered"] == 12
        sent = posts(chat)
        second = await chat.call("register_attendees", event=event, rows=people(12), ticket=ticket)
        assert second["already_registered"] == 12
        assert posts(chat) == sent


async def test_every_row_is_checked_before_the_first_is_sent() -> None:
    async with chatting("eventtia", human=Human(NO)) as chat:
        rows = [*people(8), {"name": "", "email": "x"}]
        answer = await chat.call("register_attendees", event=FAIR, rows=rows, ticket="General")
        assert answer["error"]["code"] == "declined"
        checked = await chat.call("register_attendees", event=FAIR, rows=rows, ticket="General", dry_run=True)
        assert (checked["would_register"], checked["invalid"], checked["outcome"]) == (8, 1, "preview")
        assert posts(chat) == 0


async def test_more_than_five_mails_are_asked_about_once_with_their_number(era: Era) -> None:
    human = Human()
    async with chatting("eventtia", era=era, human=human) as chat:
        five = await chat.call("register_attendees", event=FAIR, rows=people(5), ticket="General")
        assert five["registered"] == 5
        assert human.asked == []
        more = await chat.call("register_attendees", event=FAIR, rows=people(11), ticket="General")
        assert (more["registered"], more["already_registered"]) == (6, 5)
        (asked,) = human.asked
        assert "Register 6 people" in asked
        assert "write to 6 people" in asked


async def test_after_a_no_nothing_is_sent(era: Era) -> None:
    async with chatting("eventtia", era=era, human=Human(NO)) as chat:
        answer = await chat.call("register_attendees", event=FAIR, rows=people(6), ticket="General")
        assert answer["error"]["code"] == "declined"
        assert posts(chat) == 0


async def test_a_yes_to_some_rows_is_no_yes_to_others_of_the_same_addresses() -> None:
    async with chatting("eventtia") as chat:
        shown = await chat.call("register_attendees", event=FAIR, rows=people(6), ticket="General")
        assert shown["outcome"] == "preview"
        (preview,) = chat.links or [shown["token"]]
        assert await chat.rehearsal.desk.journal.approve(preview)
        other = await chat.call("register_attendees", event=FAIR, rows=people(6), ticket="VIP")
        assert other["outcome"] == "preview"
        assert posts(chat) == 0
        same = await chat.call("register_attendees", event=FAIR, rows=people(6), ticket="General")
        assert same["registered"] == 6


@pytest.mark.parametrize("provider", ["eventhq", "evvnt"])
async def test_a_platform_that_only_sells_itself_refuses_with_its_link(provider: str) -> None:
    async with chatting(provider, human=Human()) as chat:
        listed = await chat.call("list_events", limit=20)
        for row in listed["rows"]:
            answer = await chat.call("register_attendees", event=row[0], rows=people(3))
            if "http" in answer.get("error", {}).get("next", ""):
                break
        else:
            raise AssertionError("no event gave its link")
        assert answer["error"]["code"] == "invalid_arguments"
        assert posts(chat) == 0


async def test_progress_is_told_row_by_row() -> None:
    told: list[tuple[float, float | None]] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    async with chatting("heysummit", human=Human()) as chat:
        arguments = {"event": SUMMIT, "rows": people(4), "ticket": "Free pass, Free"}
        await chat.client.call_tool("register_attendees", arguments, progress_callback=on_progress)
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=422, method="POST", path="attendees", times=2))
        arguments["rows"] = people(7)
        await chat.client.call_tool("register_attendees", arguments, progress_callback=on_progress)
    # A row that fails counts too, and one that is registered already is not gone through.
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4), (1, 3), (2, 3), (3, 3)]


async def test_a_lost_answer_is_settled_and_the_row_is_not_sent_again() -> None:
    async with chatting("heysummit", human=Human()) as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="attendees", times=1))
        made = await chat.call("register_attendees", event=SUMMIT, rows=people(4), ticket="Free pass, Free")
        assert made["registered"] == 4
        assert posts(chat) == 4


async def test_a_row_whose_outcome_is_unknown_leaves_the_others() -> None:
    async with chatting("heysummit", human=Human()) as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="black_hole", method="POST", path="attendees", times=1))
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", code=503, method="POST", path="attendees", times=1))
        made = await chat.call("register_attendees", event=SUMMIT, rows=people(4), ticket="Free pass, Free")
        assert sum(made.get(name, 0) for name in ("registered", "unknown", "rejected", "not_tried")) == 4
        assert made["registered"] >= 2
        assert posts(chat) == 4


# Files ---------------------------------------------------------------------------------------------------------------


def written(folder: Path, content: bytes, name: str = "guests.csv") -> dict[str, Any]:
    (folder / name).write_bytes(content)
    return {"event": FAIR, "ticket": "General", "file": name}


FORMS = {
    "a mark and semicolons": b"\xef\xbb\xbfName;E-mail;diet\r\nAda Pier;ada@pier.example;none\r\nBo Quay;bo@quay.example;\r\n",
    "commas and quotes": b'name,email,last_name\n"Ada Pier",ada@pier.example,"Pier"\n"Bo ""the"" Quay",bo@quay.example,Quay\n',
    "old Mac line ends": b"name\temail\rAda Pier\tada@pier.example\rBo Quay\tbo@quay.example\r",
    "a short first row": b"name,diet,email,last name\nAda Pier,,ada@pier.example\nBo Quay,fish,bo@quay.example,Quay\n",
    "empty columns and lines": b"name;email;;\n;;;\nAda Pier;ada@pier.example;;\n\nBo Quay;bo@quay.example;;\n",
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_file_is_read_in_the_forms_in_which_people_save_it(form: str, tmp_path: Path) -> None:
    async with chatting("eventtia", human=Human(), options={"import_folder": str(tmp_path)}) as chat:
        answer = await chat.call("register_attendees", **written(tmp_path, FORMS[form]))
        assert (answer.get("registered"), answer["total"]) == (2, 2), answer


async def test_other_columns_are_answers_by_the_labels_of_the_platform(tmp_path: Path) -> None:
    content = b"name,email,Job_Title,diet\nAda Pier,ada@pier.example,Welder,fish\n"
    async with chatting("eventtia", human=Human(), options={"import_folder": str(tmp_path)}) as chat:
        assert (await chat.call("register_attendees", **written(tmp_path, content)))["registered"] == 1
        body = chat.rehearsal.writes[-1].body
        assert b"Welder" in body
        assert b"fish" in body
        strange = await chat.call(
            "register_attendees", **written(tmp_path, b"name,email,Shoe Size\nBo Quay,bo@quay.example,44\n")
        )
        assert strange["invalid"] == 1
        assert "Shoe Size" in strange["rows"][0][-1]


REFUSED = {
    "two columns of one name": b"name,email,Email\nAda Pier,ada@pier.example,x\n",
    "a column missing": b"name,telephone\nAda Pier,1\n",
    "no rows": b"name,email\n",
    "nothing": b"",
    "not UTF-8": "name,email\nZoë,z@pier.example\n".encode("utf-16"),
    "a cell in no column": b"name,email\nPier, Ada,ada@pier.example\n",
    "a name beyond all measure": b"name,email\n" + b"x" * 201 + b",ada@pier.example\n",
    "a cell beyond all measure": b"name,email\n" + b"x" * 200_000 + b",ada@pier.example\n",
    "more rows than a call takes": b"name,email\n" + b"".join(b"Ada Pier,a%d@pier.example\n" % n for n in range(101)),
    "too large": b"name,email\n" + b"x" * 2_100_000,
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_file_with_a_fault_is_refused_whole(what: str, tmp_path: Path) -> None:
    async with chatting("eventtia", human=Human(), options={"import_folder": str(tmp_path)}) as chat:
        answer = await chat.call("register_attendees", **written(tmp_path, REFUSED[what]))
        assert answer["error"]["code"] == "invalid_arguments", answer
        assert answer["error"]["field"] == "file"
        assert posts(chat) == 0 or all("attendees" not in seen.path for seen in chat.rehearsal.writes)


async def test_only_files_of_the_import_folder_are_read(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"name,email\nAda Pier,ada@pier.example\n")
    (inside / "link.csv").symlink_to(secret)
    async with chatting("eventtia", human=Human(), options={"import_folder": str(inside)}) as chat:
        for name in ("missing.csv", "../secret.csv", str(secret), "link.csv", ".", "\x00", "a" * 300):
            answer = await chat.call("register_attendees", event=FAIR, ticket="General", file=name)
            assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid_arguments", "file"), name
        both = await chat.call("register_attendees", event=FAIR, file="a.csv", rows=people(1))
        neither = await chat.call("register_attendees", event=FAIR)
        assert both["error"]["field"] == neither["error"]["field"] == "rows"
    async with chatting("eventtia", human=Human()) as chat:
        answer = await chat.call("register_attendees", event=FAIR, ticket="General", file="guests.csv")
        assert "import_folder" in answer["error"]["next"]
