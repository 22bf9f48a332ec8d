"""Operations by name: what is checked before any request, what is asked, and what is never sent twice."""

from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.providers.arguments import FILE_MOST, split
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_tools.answers import Answer
from eventdesk_tools.desk import Account, Call, Desk
from eventdesk_tools.errors import EventdeskError, InvalidArguments, OutcomeUnknown, UnknownRef, Unsupported
from eventdesk_tools.models import Json, WriteResult
from eventdesk_tools.plans import Why, WritePlan
from eventdesk_tools.writes import write
from tests.club import UPLOAD, Club
from tests.http.support import CANARY, page, reply
from tests.support import Person

pytestmark = pytest.mark.anyio


async def planned(club: Club, name: str, /, **arguments: Json) -> WritePlan:
    plan = await club.plan_operation(name, arguments)
    assert isinstance(plan, WritePlan)
    return plan


def desk_of(club: Club) -> tuple[Desk, Account]:
    account = Account(name="club", provider=club)
    runtime = AnyioRuntime(club.clock.sleep)
    return Desk(accounts={"club": account}, now=club.clock.now, runtime=runtime, journal=SqliteJournal()), account


def calling(desk: Desk, person: Person) -> Call:
    async def tell(done: float, total: float | None, message: str) -> None: ...

    started = desk.runtime.seconds()
    return Call(desk=desk, tool="call_write_operation", arguments={}, confirmer=person, tell=tell, started=started)


# Arguments -----------------------------------------------------------------------------------------------------------


async def test_arguments_travel_where_they_are_declared_and_forgive_texts() -> None:
    club = Club(reply(200, {"data": []}))
    given = {"event": 12, "page[number]": "2", "only_new": "True", "ids[]": '["a","b"]', "since": "2027-06-12"}
    assert await club.read_operation("list_guests", given) == {"data": []}
    assert club.script.targets == [
        "GET /v1/events/12/guests?page%5Bnumber%5D=2&only_new=true&ids%5B%5D=a&ids%5B%5D=b&since=2027-06-12"
    ]
    assert club.script.bodies == [b""]


async def test_a_written_body_keeps_its_types() -> None:
    plan = await planned(
        Club(), "create_guest", event="gala", name="5", seats="3", fee="12.50", at="2027-06-12 19:30", more='{"a":1}',
        tags=["x"], notify="yes",
    )  # fmt: skip
    (step,) = plan.steps
    assert step.request is not None
    assert (step.request.method, step.request.path, step.request.query) == (
        "POST",
        "/events/gala/guests",
        (("notify", "yes"),),
    )
    assert step.request.body == {
        "name": "5", "seats": 3, "fee": 12.5, "at": "2027-06-12 19:30", "more": {"a": 1}, "tags": ["x"], "notify": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("list_guests", {"event": "g", "pagenumber": 1}, "did you mean page[number]?"),
        ("list_guests", {}, "list_guests needs event."),
        ("list_guests", {"event": "g", "status": "gone"}, "status must be one of invited, registered."),
        ("list_guests", {"event": "g", "page[number]": "two"}, "page[number] must be a whole number."),
        ("list_guests", {"event": "g", "page[number]": True}, "page[number] must be a whole number."),
        ("list_guests", {"event": "g", "only_new": "maybe"}, "only_new must be true or false."),
        ("list_guests", {"event": "g", "since": "12/06/2027"}, "since must be a date like 2027-06-12."),
        ("list_guests", {"event": "g", "status": None}, "status is null."),
        ("create_guest", {"event": "g"}, "create_guest needs name."),
        ("create_guest", {"event": "g", "name": 5}, "name must be text."),
        ("create_guest", {"event": "g", "name": "x" * 20_001}, "name is too long: at most 20000 characters."),
        ("create_guest", {"event": "g", "name": "x", "fee": "NaN"}, "fee must be a number."),
        ("create_guest", {"event": "g", "name": "x", "at": "tomorrow"}, "at must be a time."),
        ("create_guest", {"event": "g", "name": "x", "more": "[1]"}, "more must be an object."),
        ("create_guest", {"event": "g", "name": "x", "tags": {"a": 1}}, "tags must be a list."),
        ("create_guest", {"event": "g", "name": "x", "tags": ["x" * 300_000]}, "tags is too long."),
        ("buy_credits", {"count": 1}, "has no argument 'count': it takes none."),
        ("upload_file", {"file": "a.png"}, "No import folder is configured."),
    ],
)
async def test_what_does_not_fit_is_refused_before_any_request(name: str, arguments: dict[str, Any], says: str) -> None:
    club = Club()
    with pytest.raises(InvalidArguments) as caught:
        await (club.read_operation if name == "list_guests" else club.plan_operation)(name, arguments)
    assert says in caught.value.message
    assert caught.value.next
    assert caught.value.field.startswith(("arguments", "file"))
    assert club.script.requests == []


@pytest.mark.parametrize("value", ["..", "../x", "a/b", "a%2Fb", "", "a?b", "a#b", "é", "a b"])
async def test_a_path_takes_ids_only(value: str) -> None:
    with pytest.raises(UnknownRef):
        await Club().read_operation("list_guests", {"event": value})


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "name", "kind", "says", "following"),
    [
        (True, "list_gests", InvalidArguments, "Eventtia has no operation 'list_gests'.", "find_operations"),
        (True, "create_guest", InvalidArguments, "create_guest changes data", "call_write_operation"),
        (False, "list_guests", InvalidArguments, "list_guests changes nothing", "call_read_operation"),
        (True, "log_in", Unsupported, "log_in is not offered: it answers a token.", "Tell the person"),
        (False, "log_in", Unsupported, "log_in is not offered: it answers a token.", "Tell the person"),
        (True, "list_partners", Unsupported, "list_partners is not offered: for partners only.", "Tell the person"),
    ],
)
async def test_a_name_that_does_not_do_is_refused_with_the_way_that_works(
    reading: bool, name: str, kind: type[EventdeskError], says: str, following: str
) -> None:
    club = Club()
    with pytest.raises(kind) as caught:
        await (club.read_operation if reading else club.plan_operation)(name, {"event": "g"})
    assert says in caught.value.message
    assert following in caught.value.next
    if name == "list_gests":
        assert caught.value.allowed[0] == "eventtia.list_guests"
    assert club.script.requests == []


def test_operations_are_told_once_an_argument_with_what_this_account_is_not_offered() -> None:
    told = {info.name: info for info in Club().operations()}
    assert [param.name for param in told["create_guest"].params].count("notify") == 1
    assert told["update_guest"].params[0].required  # a slot of the path is always needed
    assert {name: info.withheld for name, info in told.items() if info.withheld} == {
        "log_in": "it answers a token", "list_partners": "for partners only",
    }  # fmt: skip


# Writing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "why", "reversible"),
    [
        ("create_guest", {"event": "g", "name": "Ada"}, None, None),
        ("make_link", {}, None, None),
        ("update_guest", {"guest": "5", "name": "Ada"}, {Why.VISIBLE_CHANGE}, True),
        ("delete_guest", {"guest": "5"}, {Why.DESTRUCTIVE}, False),
        ("buy_credits", {}, {Why.PAID}, False),
        ("mail_all", {}, {Why.MAIL}, False),
    ],
)
async def test_a_person_is_asked_by_what_it_does(
    name: str, arguments: dict[str, Any], why: set[Why] | None, reversible: bool | None
) -> None:
    club = Club()
    question = (await planned(club, name, **arguments)).question
    assert club.script.requests == []
    assert (None if question is None else set(question.why)) == why
    if question is not None:
        assert question.reversible is reversible
        assert all(str(value) in question.text for value in arguments.values())
        assert ("20 EUR" in question.text) == (name == "buy_credits")


async def test_a_guarded_operation_meets_its_guard_with_checked_arguments() -> None:
    club = Club()
    result = await club.plan_operation("close_event", {"event": 7})
    assert isinstance(result, WriteResult)
    assert club.met == [{"event": "7"}]
    with pytest.raises(InvalidArguments):
        await club.plan_operation("close_event", {"event": "7", "x": 1})
    assert len(club.met) == 1


async def carried_out(club: Club, desk: tuple[Desk, Account], name: str, /, **arguments: Json) -> Answer:
    plan = await club.plan_operation(name, arguments)
    return await write(calling(desk[0], Person()), desk[1], plan, dry_run=False)


async def test_what_was_added_once_is_not_added_again_and_the_answer_says_so() -> None:
    club = Club(reply(201, {"data": {"id": 9, "key": CANARY}}))
    desk = desk_of(club)
    first = await carried_out(club, desk, "create_guest", event="g", name="Ada", seats=2)
    assert first.data == {"outcome": "done", "id": "9", "answer": {"data": {"id": 9, "key": "***"}}}
    again = await carried_out(club, desk, "create_guest", seats="2", name="Ada", event="g")
    assert (again.data["outcome"], again.data["id"]) == ("already_done", "9")
    assert "not repeated" in again.data["notes"][0]
    assert len(club.script.requests) == 1


async def test_what_changes_or_may_be_repeated_is_sent_again() -> None:
    club = Club(*(reply(200, {"id": 1}) for _ in range(4)))
    desk = desk_of(club)
    for name, arguments in (("update_guest", {"guest": "5", "name": "x"}), ("make_link", {})):
        for _ in range(2):
            answer = await carried_out(club, desk, name, **arguments)
            assert answer.data["outcome"] == "done"
    assert len(club.script.requests) == 4


async def test_an_unanswered_request_stays_unknown_and_is_never_sent_again() -> None:
    club = Club(reply(502, {"error": "bad gateway"}))
    desk = desk_of(club)
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await carried_out(club, desk, "create_guest", event="g", name="Ada")
    assert len(club.script.requests) == 1


async def test_a_page_instead_of_data_is_told_as_such() -> None:
    with pytest.raises(EventdeskError) as caught:
        await Club(page()).read_operation("list_guests", {"event": "g"})
    assert caught.value.code == "provider_changed"


async def test_an_answer_without_a_body_is_an_answer() -> None:
    club = Club(reply(200, b""))
    answer = await carried_out(club, desk_of(club), "delete_guest", guest="5")
    assert answer.data == {"outcome": "done"}


# Files ---------------------------------------------------------------------------------------------------------------


async def test_a_file_of_the_import_folder_is_sent_with_its_fields(tmp_path: Path) -> None:
    (tmp_path / "posters").mkdir()
    (tmp_path / "posters" / "gala.png").write_bytes(b"PNG")
    club = Club(reply(201, {"id": 3}))
    club.import_folder = str(tmp_path)
    answer = await carried_out(club, desk_of(club), "upload_file", title="Gala", file="posters/gala.png")
    assert answer.data["outcome"] == "done"
    (body,) = club.script.bodies
    assert b'name="title"\r\n\r\nGala\r\n' in body
    assert b'name="file"; filename="gala.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n' in body
    plan = await planned(club, "upload_file", title="Gala", file="posters/gala.png")
    assert plan.steps[0].request is not None
    assert str(tmp_path) not in str(plan.steps[0].request)


async def test_another_file_of_the_same_name_is_another_upload(tmp_path: Path) -> None:
    club = Club()
    club.import_folder = str(tmp_path)
    keys: list[tuple[str, ...]] = []
    for content in (b"one", b"two"):
        (tmp_path / "a.txt").write_bytes(content)
        keys.append((await planned(club, "upload_file", file="a.txt")).makes_true)
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    "name", ["../outside.txt", "link.txt", "folder", "linked/outside.txt", "gone.txt", "a\0b", "loop", ""]
)
async def test_nothing_outside_the_import_folder_is_read(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "import"
    (inside / "folder").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("secret")
    (inside / "link.txt").symlink_to(tmp_path / "outside.txt")
    (inside / "linked").symlink_to(tmp_path)
    (inside / "loop").symlink_to(inside / "loop")
    for given in (name, str(tmp_path / "outside.txt")):
        with pytest.raises(InvalidArguments) as caught:
            split(UPLOAD, {"file": given}, str(inside))
        assert "the import folder" in caught.value.message


def test_a_file_too_large_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(b"x" * (FILE_MOST + 1))
    (tmp_path / "empty.bin").write_bytes(b"")
    (tmp_path / "full.bin").write_bytes(b"x" * FILE_MOST)
    for name, says in (("large.bin", "larger than 10 MB"), ("empty.bin", "is empty")):
        with pytest.raises(InvalidArguments) as caught:
            split(UPLOAD, {"file": name}, str(tmp_path))
        assert says in caught.value.message
    assert len(split(UPLOAD, {"file": "full.bin"}, str(tmp_path)).files["file"].content) == FILE_MOST
