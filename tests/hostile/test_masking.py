"""What a masked value is, what stays possible with it, and where people are shown all the same."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_server.app import build
from eventdesk_server.settings import Secret, Settings, SettingsError, installation_key
from eventdesk_tools.people import someone
from eventdesk_tools.privacy import EVERYTHING, PersonalData, Privacy, said_in
from tests.mcp.conftest import Human, chatting

pytestmark = pytest.mark.anyio
MASKED = Privacy(PersonalData.MASKED, b"k" * 32)
NONE = Privacy(PersonalData.NONE, b"")
FAIR = "demo-eventtia:harbor-design-days"


def test_a_masked_value_is_the_same_everywhere_and_another_for_another_person_or_key() -> None:
    ada = MASKED.cell("email", "ada@pier.example")
    assert (
        ada
        == MASKED.cell("email", " Ada@Pier.Example")
        == Privacy(PersonalData.MASKED, b"k" * 32).cell("email", "ada@pier.example")
    )
    assert ada == MASKED.told("ada%40pier.example") == MASKED.told(someone("ADA@pier.example"))
    assert (
        len(
            {
                ada,
                MASKED.cell("email", "bo@pier.example"),
                Privacy(PersonalData.MASKED, b"x" * 32).cell("email", "ada@pier.example"),
            }
        )
        == 3
    )
    assert MASKED.cell("phone", "+44 (20) 7946-0958") == MASKED.cell("phone", "+442079460958")
    assert MASKED.cell("person", "Ada  Pier") == MASKED.cell("person", "ada pier")
    assert MASKED.cell("person", "") == ""


@given(st.emails() | st.from_regex(r"\+44 20 79\d\d \d\d\d\d", fullmatch=True))
def test_nothing_of_an_address_or_number_is_left_in_a_text(value: str) -> None:
    for privacy in (MASKED, NONE):
        for text in (value, f"ask {value} now", f"<{value}>", f'"{value}", and so on', f"mailto:{value}?x"):
            assert value not in privacy.told(text)
            assert value.casefold() not in privacy.told(text.upper()).casefold()


@pytest.mark.parametrize(
    "text",
    ["2027-03-01T09:00:00+01:00", "demo-eventtia:fair:a-600001", "12.50 GBP", "2027-06-12", "Room 12, 3rd floor", "1,234,567", "10:00-11:30",
     "https://example.org/e/600001?x=1", "67 of 120 registrations, 3 of 3 pages", "f60242", "SE1 0AA", "2026/27", "@club on stage", "0.00 GBP"],
)  # fmt: skip
def test_dates_refs_amounts_and_links_are_no_numbers_of_people(text: str) -> None:
    assert MASKED.told(text) == NONE.told(text) == text


def test_what_the_model_sent_may_be_read_again_and_nothing_else() -> None:
    said = said_in({"rows": [{"email": "Ada@pier.example", "name": "Ada Pier"}]})
    assert MASKED.told("ada@pier.example is registered", said) == "ada@pier.example is registered"
    assert MASKED.told(f"of {someone('Ada Pier')}", said) == "of Ada Pier"
    assert "bo@pier" not in MASKED.told("bo@pier.example", said)


def test_values_of_a_file_are_hidden_as_words_and_not_inside_others() -> None:
    assert "Ann" not in MASKED.told("row 3: Ann is no name", (), {"Ann"}).split()
    assert MASKED.told("Annual report, mail: yes", (), {"Ann", "yes"}) == "Annual report, mail: yes"


def test_of_a_record_about_a_person_only_what_is_harmless_stays() -> None:
    record = {"id": "a1", "status": "confirmed", "created_at": "2027-01-01", "name": "Ada", "notes": "Likes tea", "fields": {"880101": "Ada"},
              "birthdate": "1960-02-01", "number": 447700900123, "paid": True}  # fmt: skip
    shown: Any = NONE.raw(record, people=True)
    assert {key: item for key, item in shown.items() if item is not None} == {
        "id": "a1", "status": "confirmed", "created_at": "2027-01-01", "fields": {"880101": None}, "paid": True,
    }  # fmt: skip
    elsewhere: Any = MASKED.raw(
        {"name": "Open Day", "contact_name": "Ada", "text": "ask ada@pier.example"}, people=False
    )
    assert elsewhere["name"] == "Open Day"
    assert elsewhere["contact_name"].startswith("person-")
    assert elsewhere["text"] == f"ask {MASKED.cell('email', 'ada@pier.example')}"
    assert EVERYTHING.raw(record, people=True) == record


async def test_masked_rows_can_be_matched_and_people_found_by_their_address() -> None:
    async with chatting("eventtia") as chat:
        (row,) = (await chat.call("list_attendees", event=FAIR, limit=1, fields=["ref", "name", "email"]))["rows"]
    async with chatting("eventtia", options={"people": MASKED}) as chat:
        answer = await chat.call("list_attendees", event=FAIR, email=row[2], fields=["ref", "name", "email"])
        assert answer["rows"] == [[row[0], MASKED.cell("person", row[1]), MASKED.cell("email", row[2])]]
        assert any("masked" in note for note in answer["notes"])
    async with chatting("eventtia", options={"people": NONE}) as chat:
        answer = await chat.call("list_attendees", event=FAIR, email=row[2])
        assert answer["columns"] == ["ref", "ticket", "status"]
        assert answer["rows"][0][0] == row[0]
        for refused in ({"fields": ["ref", "email"]}, {"count_by": "Company"}):
            error = (await chat.call("list_attendees", event=FAIR, **refused))["error"]
            assert error["code"] == "unsupported"
            assert "personal_data" in error["message"]


async def test_an_export_is_whole_and_its_answer_tells_nobody(tmp_path: Path) -> None:
    for privacy in (MASKED, NONE):
        async with chatting("eventtia", options={"people": privacy, "export_folder": str(tmp_path)}) as chat:
            answer = await chat.call("export_list", list="attendees", event=FAIR)
        assert set(answer) <= {"path", "rows", "columns", "notes", "sandbox"}
        assert answer["columns"] == ["ref", "name", "email", "ticket", "status"]
        assert Path(answer["path"]).read_text(encoding="utf-8").count("@") >= answer["rows"]  # noqa: ASYNC240 - one small file


async def test_the_chat_asks_about_a_masked_person_and_the_page_shows_who_it_is() -> None:
    human = Human()
    async with chatting("eventtia", options={"people": MASKED}, human=human) as chat:
        await chat.call("cancel_registration", attendees=[f"{FAIR}:a-600001"])
        assert "Rhea Quay" not in human.asked[0]
        assert MASKED.cell("person", "Rhea Quay") in human.asked[0]
    async with chatting("eventtia", options={"people": MASKED}) as chat:
        answer = await chat.call("cancel_registration", attendees=[f"{FAIR}:a-600001"])
        assert "Rhea Quay" not in str(answer)
        preview = await chat.rehearsal.desk.journal.preview(chat.links[0])
        assert preview is not None
        assert "Rhea Quay" in preview.question.text


def test_the_key_of_an_installation_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "masking.key"
    key = installation_key(path)
    assert len(key) == 32
    assert installation_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["masking.key"]
    path.write_bytes(b"short")
    with pytest.raises(SettingsError, match="no key that Eventdesk made"):
        installation_key(path)


def test_the_settings_decide_and_servers_may_share_a_key() -> None:
    made = [build(Settings(personal_data="masked", masking_key=Secret(value="shared"))) for _ in range(2)]  # pyright: ignore[reportArgumentType] - pydantic reads text
    assert made[0].desk.people.cell("person", "Ada") == made[1].desk.people.cell("person", "Ada") != "Ada"
    assert build(Settings(personal_data="none")).desk.people.cell("person", "Ada") == ""
    assert build(Settings()).desk.people.cell("person", "Ada") == "Ada"
    assert "shared" not in repr(made[0].desk.people)
