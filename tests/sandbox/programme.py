"""Events at the Event Schedule stand-in: how tests make them."""

from typing import Any

from tests.sandbox.organiser import OWNER, Desk

SERVER_ERROR = (500, {"message": "Server Error"})


def schedule(subdomain: str, kind: str = "venue", **more: Any) -> dict[str, Any]:
    mail = f"{subdomain}@mail.test"
    base = {"subdomain": subdomain, "type": kind, "name": subdomain.title(), "owner": OWNER, "email": mail}
    return base | {"timezone": "America/New_York"} | more


def jazz(**more: Any) -> dict[str, Any]:
    return {"name": "Jazz", "starts_at": "2027-04-01 01:00:00"} | more


async def create(desk: Desk, subdomain: str = "loft", **more: Any) -> dict[str, Any]:
    answer = await desk.call("POST", f"events/{subdomain}", json=jazz(**more))
    assert answer["meta"] == {"message": "Event created successfully"}
    return answer["data"]
