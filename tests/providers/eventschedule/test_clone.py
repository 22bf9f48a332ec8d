"""Copying an event: what goes along, moved by the same number of days, and what is named as lost."""

import json
from typing import Any

import pytest

from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import CloneOrder, EventQuery, Outcome, WriteResult
from eventdesk_tools.plans import PlannedRequest, Question, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {}
ALWAYS_LOST = "payment instructions and custom fields (not visible)"


async def planned(r: Rehearsal, event: Any, starts: str = "2027-06-12T19:30", **more: Any) -> WritePlan:
    plan = await r.provider.plan_clone(CloneOrder(event_id=event["id"], starts=starts, **more))
    assert isinstance(plan, WritePlan), plan
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


async def test_a_copy_is_a_draft_with_everything_dated_moved_and_wall_times_kept(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House")
            await o.schedule("Duo Nine", "talent")
            await o.schedule("Quay Club", "curator")
            await o.group("quay", "Late Show")
            event = await o.event(
                "quay",
                # Seven in the evening on 5 March, before clocks change; the copy is 99 days later, after.
                starts_at="2027-03-06 00:00:00",
                duration=2.5,
                short_description="Songs",
                description="**Songs**",
                event_url="https://songs.example/live",
                category_id=4,
                schedule="late-show",
                venue_id=house["id"],
                members=[{"name": "Duo Nine"}],
                tickets_enabled=True,
                ticket_currency_code="EUR",
                tickets=[
                    {
                        "type": "Balcony", "price": 30.5, "quantity": 40, "description": "Upstairs",
                        "sales_start_at": "2027-01-05 15:00:00", "sales_end_at": "2027-03-05 22:00:00",
                        "volume_discount": {"min_quantity": 4, "type": "percentage", "value": 10},
                    },
                    {"type": "Open", "price": 0},
                ],
                addons=[{"type": "Soup", "price": 4.5, "quantity": 10, "url": "https://soup.example/"}],
                event_parts=[{"name": "Opening", "start_time": "19:00", "end_time": "19:45"}],
            )  # fmt: skip
        plan = await planned(r, event)
        body = {
            "name": "Harbour Folk",
            "starts_at": "2027-06-12 23:30:00",
            "is_draft": True,
            "duration": 2.5,
            "short_description": "Songs",
            "description": "**Songs**",
            "event_url": "https://songs.example/live",
            "category_id": 4,
            "schedule": "late-show",
            "tickets_enabled": True,
            "ticket_currency_code": "EUR",
            "payment_method": "cash",
            "tickets": [
                {
                    "type": "Balcony",
                    "price": 30.5,
                    "quantity": 40,
                    "description": "Upstairs",
                    # 99 days on: ten in the morning in New York stays ten, and so does five in the afternoon.
                    "sales_start_at": "2027-04-14 14:00:00",
                    "sales_end_at": "2027-06-12 21:00:00",
                    "volume_discount": {"min_quantity": 4, "type": "percentage", "value": 10},
                },
                {"type": "Open", "price": 0},
            ],
            "addons": [{"type": "Soup", "price": 4.5, "quantity": 10, "url": "https://soup.example/"}],
            "event_parts": [{"name": "Opening", "start_time": "19:00", "end_time": "19:45"}],
            "venue_id": house["id"],
            "members": [{"name": "Duo Nine"}],
        }
        assert [step.request for step in plan.steps] == [PlannedRequest(method="POST", path="/events/quay", body=body)]
        assert plan.makes_true == (
            "copy", event["id"], "quay/late-show", "2027-06-12 23:30:00", "Harbour Folk", "", "", "", "draft",
        )  # fmt: skip
        assert plan.question is None
        assert not r.writes
        result = await r.carry_out(plan)
        assert bodies(r) == [body]
        async with organiser(r) as o:
            made = await o.read(result.event_id)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=made["id"],
            status="draft",
            url=made["url"],
            mail="no",
            facts={
                "title": "Harbour Folk",
                "starts": "2027-06-12T19:30-04:00",
                "copied": [
                    "length", "description", "website", "category", "sub-schedule", "tickets",
                    "sales windows, moved along", "extras", "sessions", "places", "speakers",
                ],
                "not_copied": ["per-order limits (not visible)", ALWAYS_LOST],
            },
        )  # fmt: skip
        assert made["id"] != event["id"]
        for field in ("name", "duration", "description", "category_id", "venue_id", "members", "ticket_currency_code"):
            assert made[field] == event[field], field
        assert made["schedules"] == event["schedules"]
        assert [row["price"] for row in made["tickets"]] == ["30.500", "0.000"]
        assert made["tickets"][0]["volume_discount"] == event["tickets"][0]["volume_discount"]


async def test_a_copy_never_carries_row_ids_or_nulls(rehearsal: Rehearse) -> None:
    def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
        if isinstance(value, dict):
            return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}.{key}")]  # type: ignore[misc]
        if isinstance(value, list):
            return [leaf for inner in value for leaf in leaves(inner, f"{path}[]")]  # type: ignore[misc]
        return [(path, value)]

    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        for event in events:
            plan = await planned(r, {"id": event.id})
            assert plan.steps[0].request
            for path, value in leaves(plan.steps[0].request.body):
                assert value is not None, path
                assert not path.endswith(".id"), path


async def test_publishing_a_copy_is_asked_and_sent_explicitly(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        plan = await planned(r, event, title="Harbour Folk II", published=True)
        assert plan.question == Question(
            text="Publish a copy of this event: 'Harbour Folk II', 2027-06-12T19:30-04:00, on harbour?",
            why=frozenset({Why.PUBLIC}),
            reversible=False,
        )
        assert (await r.carry_out(plan)).status == "live"
        assert bodies(r)[0]["is_draft"] is False


async def test_a_hidden_events_copy_is_never_more_visible_than_the_event(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            private = await o.event("harbour", is_private=True, event_password="open sesame")
            internal = await o.event("harbour", is_internal=True)
        plan = await planned(r, private, published=True)
        assert plan.question
        assert "unlisted" in plan.question.text
        assert "password is not copied" in plan.question.text
        assert "password" in plan.facts["not_copied"]
        assert (await r.carry_out(plan)).status == "unlisted"
        with pytest.raises(Unsupported) as refused:
            await planned(r, internal, published=True)
        assert refused.value.field == "published"
        assert (await r.carry_out(await planned(r, internal))).status == "draft"


async def test_a_repeating_event_moves_with_its_weekdays_and_its_end(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event(
                "harbour", starts_at="2027-03-02 00:30:00", schedule_type="recurring", recurring_frequency="every_n_weeks",
                recurring_interval=3, days_of_week="0100010", recurring_end_type="on_date", recurring_end_value="2027-05-31",
            )  # fmt: skip
        result = await r.carry_out(await planned(r, event, "2027-03-09"))
        (body,) = bodies(r)
        assert {
            key: value for key, value in body.items() if "recurring" in key or key in {"days_of_week", "starts_at"}
        } == {
            # A date alone keeps the time of day.
            "starts_at": "2027-03-10 00:30:00",
            "recurring_frequency": "every_n_weeks",
            "recurring_interval": 3,
            "days_of_week": "0010001",
            "recurring_end_type": "on_date",
            "recurring_end_value": "2027-06-08",
        }
        assert body["schedule_type"] == "recurring"
        assert result.facts["repeats"] == "every 3 weeks on Tue, Sat until 2027-06-08"
        assert "dates skipped or added by hand (not visible)" in result.facts["not_copied"]


async def test_passes_and_the_flyer_are_named_as_not_copied(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        lost = {event.title: (await planned(r, {"id": event.id})).facts["not_copied"] for event in events}
        assert any(entry.startswith("passes: ") for entries in lost.values() for entry in entries)
        for event in events:
            plan = await planned(r, {"id": event.id})
            assert plan.steps[0].request
            assert "is_pass" not in json.dumps(plan.steps[0].request.body)


async def test_parts_can_be_left_out_and_are_named(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House")
            await o.schedule("Duo Nine", "talent")
            await o.schedule("Quay Club", "curator")
            event = await o.ticketed(
                "quay", description="Songs", venue_id=house["id"], members=[{"name": "Duo Nine"}],
                event_parts=[{"name": "Opening"}],
            )  # fmt: skip
        skip = ("description", "tickets", "sessions", "speakers", "places")
        plan = await planned(r, event, skip=skip)
        assert plan.steps[0].request
        assert plan.steps[0].request.body == {
            "name": "Harbour Folk",
            "starts_at": "2027-06-12 23:30:00",
            "is_draft": True,
        }
        assert plan.facts["not_copied"] == [
            "description (as asked)",
            "tickets (as asked)",
            "extras (they need tickets)",
            "sessions (as asked)",
            "places (as asked)",
            "speakers (as asked)",
            ALWAYS_LOST,
        ]
        with pytest.raises(Unsupported) as refused:
            await planned(r, event, skip=("networking",))
        assert (refused.value.field, "tickets" in refused.value.allowed) == ("skip", True)


async def test_a_package_is_refused_before_any_request(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(Unsupported) as refused:
            await planned(r, {"id": "any111"}, package="Basic")
        assert refused.value.field == "package"
        assert not r.seen


async def test_links_given_replace_the_events_own(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event(
                "harbour", event_url="https://old.example/a", registration_url="https://old.example/b"
            )
        await r.carry_out(await planned(r, event, website="https://new.example/a"))
        (body,) = bodies(r)
        assert (body["event_url"], body["registration_url"]) == ("https://new.example/a", "https://old.example/b")


async def test_a_copy_may_go_to_another_schedule_of_the_account(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.schedule("Minato Hall", zone="Asia/Tokyo")
            await o.group("minato", "Main")
            event = await o.event("harbour")
        plan = await planned(r, event, calendar="minato/main")
        assert plan.steps[0].request
        assert plan.steps[0].request.path == "/events/minato"
        # Wall time of the schedule that the copy goes to.
        assert plan.steps[0].request.body["starts_at"] == "2027-06-12 10:30:00"
        assert "place (it is Minato Hall itself)" in plan.facts["not_copied"]
        result = await r.carry_out(plan)
        assert (result.facts["starts"], result.notes) == ("2027-06-12T19:30+09:00", ())
        assert (await planned(r, event, "2027-06-12", calendar="minato")).facts["starts"] == "2027-06-12T19:00+09:00"
        for calendar in ("nowhere", "minato/nothing"):
            with pytest.raises(InvalidArguments) as refused:
                await planned(r, event, calendar=calendar)
            assert refused.value.field == "calendar"
            assert "minato" in refused.value.allowed


@pytest.mark.parametrize("starts", ["2027-03-14T02:30", "2027-11-07T01:30", "12 June", "2027-06-12T19:30+01:00"])
async def test_a_start_that_is_no_certain_time_is_refused(rehearsal: Rehearse, starts: str) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        with pytest.raises(InvalidArguments) as refused:
            await planned(r, event, starts)
        assert refused.value.field == "starts"


async def test_the_second_of_a_repeated_hour_is_refused_since_the_platform_would_store_the_first(
    rehearsal: Rehearse,
) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        with pytest.raises(InvalidArguments) as refused:
            await planned(r, event, "2027-11-07T01:30-05:00")
        assert refused.value.allowed == ("2027-11-07T01:30-04:00",)
        result = await r.carry_out(await planned(r, event, "2027-11-07T01:30-04:00"))
        assert (result.facts["starts"], result.notes) == ("2027-11-07T01:30-04:00", ())


async def test_a_schedule_whose_zone_does_not_exist_is_refused_since_creating_would_fail(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
            await o.call("PUT", "/schedules/harbour", {"timezone": "Nowhere/Land"})
        with pytest.raises(Unsupported, match="does not exist"):
            await planned(r, event)
