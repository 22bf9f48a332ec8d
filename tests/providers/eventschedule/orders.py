"""Orders as tests of Event Schedule plan and send them."""

import json
from typing import Any

from eventdesk_tools.models import Registration, SaleOrder, WriteResult
from eventdesk_tools.plans import WritePlan
from tests.providers.eventschedule.organiser import Organiser
from tests.support import Rehearsal

EMPTY: dict[str, Any] = {}
WEEKLY = {
    "starts_at": "2027-03-02 00:30:00", "duration": 2, "schedule_type": "recurring",
    "recurring_frequency": "weekly", "days_of_week": "0100000",
}  # fmt: skip


def person(event: Any, ticket_: str = "", **more: Any) -> Registration:
    return Registration(event_id=event["id"], name="Ida Berg", email="Ida@mail.test", ticket=ticket_, **more)


def sale(event: Any, *items: tuple[str, int], **more: Any) -> SaleOrder:
    return SaleOrder(event_id=event["id"], name="Ida Berg", email="ida@mail.test", items=items, **more)


async def planned(r: Rehearsal, wanted: Registration | SaleOrder) -> WritePlan:
    provider = r.provider
    plan = await (
        provider.plan_registration(wanted) if isinstance(wanted, Registration) else provider.plan_sale(wanted)
    )
    assert isinstance(plan, WritePlan), plan
    assert not r.writes
    return plan


async def done(r: Rehearsal, wanted: Registration | SaleOrder) -> WriteResult:
    return await r.carry_out(await planned(r, wanted))


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


async def venue(o: Organiser) -> None:
    await o.schedule("Harbour House")
