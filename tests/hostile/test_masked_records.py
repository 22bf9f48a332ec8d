"""Which fields, columns and texts are about a person, and what is told of them instead."""

from typing import Any

import pytest

from eventdesk_tools.errors import Unsupported
from eventdesk_tools.people import someone
from eventdesk_tools.privacy import EVERYTHING, PersonalData, Privacy, normal, said_in

MASKED = Privacy(PersonalData.MASKED, b"k" * 32)
NONE = Privacy(PersonalData.NONE, b"")
OF_A_PERSON = (
    "email e_mail e-mail E_mail billing_email phone phone_number mobile tel telephone fax birthdate passport passport_no dob qr_code qrcode "
    "barcode first_name firstname last_name full_name middle_name given_name family_name surname sur_name nick_name user_name contact_name "
    "attendee_name buyer_name customer_name guest_name holder_name billing_name author_name first last submitted_by attendee buyer customer "
    "contact organizer_contact organiser_contact"
).split()
OF_ANYTHING = "name title telling tell dobson event_name my_first_name firstly attendees contacts notes".split()
HARMLESS = (
    "id ids uuid at on date time status state count total currency zone timezone locale language token event_id created_at type types "
    "subdomain event_title event_uri payment_method path from to next previous self prev related ticket ticket_name ticket_type rating kind "
    "method role label code amount price quantity description"
).split()


@pytest.mark.parametrize("name", [name for name in OF_A_PERSON if name != "e-mail"])
def test_a_field_that_is_called_like_personal_data_is_hidden_in_any_record(name: str) -> None:
    assert NONE.raw({name: "Ada"}, people=False) == {name: None}
    masked: Any = MASKED.raw({name: "Ada"}, people=False)
    assert "Ada" not in masked[name]
    assert EVERYTHING.raw({name: "Ada"}, people=False) == {name: "Ada"}


@pytest.mark.parametrize("name", OF_ANYTHING)
def test_a_field_of_another_name_stays_where_the_record_is_not_about_a_person(name: str) -> None:
    assert NONE.raw({name: "Ada"}, people=False) == {name: "Ada"}


@pytest.mark.parametrize("name", HARMLESS)
def test_of_a_record_about_a_person_a_field_that_tells_what_it_is_stays(name: str) -> None:
    assert NONE.raw({name: "vip"}, people=True) == {name: "vip"}


@pytest.mark.parametrize("name", ["name", "notes", "idea", "answer", "ticketing", "company", "9001"])
def test_of_a_record_about_a_person_any_other_field_is_hidden(name: str) -> None:
    assert NONE.raw({name: "vip"}, people=True) == {name: None}


def test_lists_links_and_meta_of_a_record_about_a_person_are_taken_apart() -> None:
    record = {
        "rows": [{"notes": "tea"}, "words"],
        "links": {"website": "https://x"},
        "meta": {"words": "y"},
        "ids": ["a", "b"],
    }
    assert NONE.raw(record, people=True) == {
        "rows": [{"notes": None}, None], "links": {"website": "https://x"}, "meta": {"words": "y"}, "ids": ["a", "b"],
    }  # fmt: skip


def test_numbers_as_long_as_a_telephone_number_are_hidden_and_shorter_ones_and_blanks_stay() -> None:
    record = {
        "notes": 999_999,
        "seat": -1_000_000,
        "more": 1_000_000,
        "share": 0.5,
        "blank": "  ",
        "none": None,
        "yes": False,
    }
    assert NONE.raw(record, people=True) == {**record, "seat": None, "more": None}
    assert NONE.raw({"ids": 1_000_000}, people=True) == {"ids": 1_000_000}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("notes", " ada@pier.example ", "email"), ("notes", "+44 20 7946 0958", "phone"), ("phone", "ext. 9", "phone"), ("mobile", "9", "phone"),
        ("tel", "9", "phone"), ("company", "Pier Ltd", "company"), ("Company_Name", "Pier Ltd", "company"), ("Name", "Ada", "person"),
        ("nickname", "Ada", "person"), ("notes", "tea", "text"), ("notes", "write to ada@pier.example", "text"),
    ],
)  # fmt: skip
def test_a_masked_value_says_what_kind_of_value_it_is(name: str, value: str, kind: str) -> None:
    masked: Any = MASKED.raw({name: value}, people=True)
    assert masked == {name: MASKED.cell(kind, value)}
    assert masked[name].startswith(f"{kind}-")
    assert len(masked[name]) == len(kind) + 1 + 8


def test_names_of_fields_are_texts_too() -> None:
    assert NONE.raw({"ada@pier.example": 1}, people=False) == {"[email]": 1}


@pytest.mark.parametrize(
    ("privacy", "note", "cell"),
    [
        (EVERYTHING, "", "Ada"),
        (NONE, "Names and addresses are kept back by Eventdesk's settings: go by ref.", ""),
        (MASKED, "People are masked by Eventdesk's settings: equal values are the same person's.", MASKED.cell("person", "ada")),
    ],
)  # fmt: skip
def test_a_list_of_people_says_what_it_shows_of_them(privacy: Privacy, note: str, cell: str) -> None:
    assert privacy.note == note
    assert privacy.cell("person", "Ada") == cell
    assert privacy.full is (privacy is EVERYTHING)


def test_without_personal_data_their_columns_are_left_out_or_refused() -> None:
    default, personal = ("ref", "name", "status"), {"name", "email"}
    for privacy in (EVERYTHING, MASKED):
        assert privacy.columns((), default, personal) == ["ref", "name", "status"]
        assert privacy.columns(("email", "ref", "email"), default, personal) == ["email", "ref"]
    assert NONE.columns((), default, personal) == ["ref", "status"]
    assert NONE.columns(("status", "ref", "status"), default, personal) == ["status", "ref"]
    with pytest.raises(Unsupported, match=r"^email is personal data") as caught:
        NONE.columns(("ref", "email", "name"), default, personal)
    assert caught.value.field == "fields"


@pytest.mark.parametrize(
    "number",
    ["+44 20 7946 0958", "0044 20 7946 0958", "+1 (555) 123-4567", "+49.30.901820", "+123 4567", "+12345678901234567", "0123456789012",
     "020 7946 0958", "(020) 7946-0958", "030/901820-12", "(555) 123-4567", "555 123 4567", "555.123.4567", "555‐123‐4567"],
)  # fmt: skip
def test_a_number_that_somebody_can_call_is_hidden(number: str) -> None:
    assert NONE.told(f"call {number}, or not") == "call [phone], or not"
    assert NONE.told(number) == "[phone]"
    assert NONE.told(f"x{number}") != "x[phone]"


@pytest.mark.parametrize(
    "text",
    [
        "+12 345",
        "+123456789012345678",
        "01234567890123",
        "0123 4567",
        "55 123 4567",
        "555 1234567",
        "a-020 7946 0958",
        "00 1234 56",
    ],
)
def test_a_number_that_nobody_can_call_stays(text: str) -> None:
    assert NONE.told(text) == text


@pytest.mark.parametrize(
    "address",
    ["a@b.example", "a＠b.example", "a%40b.example", "A.B+c@sub.b-c.example", "é@münchen.example", "a@b.c.d.e.f.g.h.i.j", "x" * 64 + "@b.example"],
)  # fmt: skip
def test_an_address_that_somebody_can_write_to_is_hidden(address: str) -> None:
    assert NONE.told(f"write to {address}!") == "write to [email]!"


@pytest.mark.parametrize("text", ["a@b", "@b.example", "a@_b.example", "a @b.example", "a@.example"])
def test_what_is_no_address_stays(text: str) -> None:
    assert NONE.told(text) == text


def test_people_whom_an_adapter_names_are_hidden_by_their_kind_or_shown_where_all_is() -> None:
    text = f"{someone('Ada Pier')} has {someone('ada@pier.example')}"
    assert NONE.told(text) == "[person] has [email]"
    assert EVERYTHING.told(text) == "Ada Pier has ada@pier.example"
    assert MASKED.told(text) == f"{MASKED.cell('person', 'Ada Pier')} has {MASKED.cell('email', 'ada@pier.example')}"


def test_what_the_model_itself_sent_may_be_told_again() -> None:
    said = said_in({"a": ["Ada  Pier", ("call +44 20 7946 0958",)], "b": {"c": "to Ada@Pier.example."}, "n": 7})
    assert said == {
        "Ada Pier", "call +44 20 7946 0958", "442079460958", "to Ada@Pier.example.", "ada@pier.example",
    }  # fmt: skip
    assert (
        NONE.told("ADA@pier.example, +44 (20) 79460958, bo@pier.example", said)
        == "ADA@pier.example, +44 (20) 79460958, [email]"
    )
    assert NONE.told(f"{someone('Ada Pier')} {someone('Bo Pier')}", said) == "Ada Pier [person]"


def test_values_of_a_file_go_as_whole_words_the_longest_first() -> None:
    assert NONE.told("Ann Lee, Ann, Annex, Leeds", (), {"Ann", "Ann Lee"}) == "[person], [person], Annex, Leeds"
    assert NONE.told("Bo is free, FREE or true", (), {"Bo", "free", "FREE", "true"}) == "Bo is free, FREE or true"
    assert NONE.told("Ann.", (), {"Ann."}) == "[person]"


@pytest.mark.parametrize("word", ["yes", "no", "true", "false", "unknown", "none", "free", "Unknown"])
def test_a_word_of_our_own_is_nobodys_name(word: str) -> None:
    assert NONE.told(f"it is {word}", (), {word}) == f"it is {word}"


@pytest.mark.parametrize(
    ("kind", "text", "same"),
    [
        ("email", " ADA%40Pier.example. ", "ada@pier.example"), ("person", "Ada  PIER", "ada pier"), ("person", "Ａda.", "ada."),
        ("phone", "+44 (20) 7946-0958", "442079460958"), ("person", "Straße", "strasse"),
    ],
)  # fmt: skip
def test_what_a_person_would_call_the_same_is_the_same(kind: str, text: str, same: str) -> None:
    assert normal(kind, text) == same


def test_the_kind_and_the_key_are_part_of_a_mask_and_a_key_is_never_shown() -> None:
    values = {MASKED.cell(kind, "ada").split("-")[1] for kind in ("person", "email", "company")}
    assert len(values) == 3
    assert "k" * 32 not in repr(MASKED)
    assert Privacy().mode is PersonalData.FULL
    assert len(Privacy().key) == 32
    assert Privacy().key != Privacy().key
    assert Privacy(PersonalData.MASKED, b"k" * 32).cell("person", "ada") == MASKED.cell("person", "ada")
