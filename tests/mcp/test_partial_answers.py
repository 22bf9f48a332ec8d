"""An account or an event that cannot be read: what the others tell is answered, and what is missing is named."""

from dataclasses import replace
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault, Kind
from tests.mcp.conftest import chatting
from tests.support import rehearse

pytestmark = pytest.mark.anyio
KINDS: tuple[Kind, ...] = ("status", "black_hole", "html")
EMAIL = "kim.quay@example.org"


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_person_is_still_found_elsewhere_and_the_account_that_fails_is_named(kind: Kind) -> None:
    async with chatting() as chat:
        whole = await chat.call("list_attendees", email=EMAIL)
        found = {row["ref"] for row in rows(whole)}
        assert len({ref.split(":")[0] for ref in found}) >= 1
        assert whole["total"] == len(found)
    async with chatting() as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind=kind, provider="eventtia"))
        part = await chat.call("list_attendees", email=EMAIL)
        assert {row["ref"] for row in rows(part)} == {ref for ref in found if not ref.startswith("demo-eventtia:")}
        assert "total" not in part
        assert any(note.startswith("Not searched: demo-eventtia: provider_unavailable") for note in part["notes"])


async def test_a_person_of_whom_one_events_list_fails_is_found_at_the_others() -> None:
    async with chatting("heysummit") as chat:
        found = {row["ref"] for row in rows(await chat.call("list_attendees", email=EMAIL))}
        assert any(ref.startswith("demo-heysummit:4711:") for ref in found)
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", provider="heysummit", path="/events/4711/"))
        part = await chat.call("list_attendees", email=EMAIL)
        assert {row["ref"] for row in rows(part)} == {ref for ref in found if ":4711:" not in ref}
        assert "total" not in part
        assert any(note.startswith("demo-heysummit: provider_unavailable") for note in part["notes"])


@pytest.mark.parametrize("kind", KINDS)
async def test_orders_of_the_other_account_are_listed_and_the_failing_one_is_named(kind: Kind) -> None:
    async with chatting("eventschedule") as chat, rehearse("eventschedule") as other:
        accounts: Any = chat.rehearsal.desk.accounts
        accounts["annex"] = replace(other.account, name="annex")
        chat.rehearsal.sandbox.faults.add(Fault(kind=kind, provider="eventschedule"))
        answer = await chat.call("list_sales")
        assert {row["ref"].split(":")[0] for row in rows(answer)} == {"annex"}
        assert "total" not in answer
        assert any(note.startswith("demo-eventschedule: provider_unavailable") for note in answer["notes"])
        chat.rehearsal.sandbox.faults.clear()
        other.sandbox.faults.add(Fault(kind=kind, provider="eventschedule"))
        answer, seen = {"next_cursor": ""}, 0
        while "next_cursor" in answer:
            answer = await chat.call("list_sales", limit=200, cursor=answer["next_cursor"])
            seen += answer["returned"]
            assert seen <= 461
            if answer["returned"] == 0:
                break
        assert (seen, "total" in answer) == (461, False)
        assert any(note.startswith("annex: provider_unavailable") for note in answer["notes"])


async def test_a_list_of_orders_that_breaks_off_on_a_later_page_says_so_and_goes_on_from_there() -> None:
    async with chatting("eventschedule") as chat:
        first = await chat.call("list_sales", limit=200)
        seen = [row["ref"] for row in rows(first)]
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", provider="eventschedule", path="/sales"))
        failed = await chat.call("list_sales", limit=200, cursor=first["next_cursor"])
        assert failed["error"]["code"] == "provider_unavailable"
        chat.rehearsal.sandbox.faults.clear()
        answer = first
        while "next_cursor" in answer:
            answer = await chat.call("list_sales", limit=200, cursor=answer["next_cursor"])
            seen += [row["ref"] for row in rows(answer)]
        assert len(seen) == len(set(seen)) == 461


async def test_figures_of_twenty_events_are_told_and_the_failing_one_is_named() -> None:
    async with chatting() as chat:
        listed = await chat.call("list_events", fields=["ref"], limit=60)
        refs = [ref for (ref,) in listed["rows"] if not ref.startswith("demo-evvnt")][:20]
        broken = next(ref for ref in refs if ref.startswith("demo-eventschedule:"))
        event = broken.split(":")[1]
        chat.rehearsal.sandbox.faults.add(Fault(kind="status", provider="eventschedule", path=f"/events/{event}"))
        answer = await chat.call("event_summary", events=refs)
        told = {row["ref"] for row in rows(answer)}
        assert broken not in told
        assert told == set(refs) - {broken}
        assert answer["basis"].startswith("19 of 20 events")
        assert any(note.startswith("demo-eventschedule") and "provider_unavailable" in note for note in answer["notes"])


async def test_figures_of_all_upcoming_events_name_the_account_that_cannot_be_read() -> None:
    async with chatting("eventschedule", "eventhq") as chat:
        chat.rehearsal.sandbox.faults.add(Fault(kind="black_hole", provider="eventschedule"))
        answer = await chat.call("event_summary")
        assert {row["ref"].split(":")[0] for row in rows(answer)} == {"demo-eventhq"}
        assert any(note.startswith("demo-eventschedule: provider_unavailable") for note in answer["notes"])
