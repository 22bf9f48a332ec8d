"""People to be registered at events of the three platforms that register, and who is in their databases afterwards."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.mcp.conftest import Chat

FAIR = "demo-eventtia:harbor-design-days"
SUMMIT = "demo-heysummit:4711"
HEYSUMMIT_V1 = {"api_version": "v1", "base_url": "http://sandbox.localhost/heysummit/api/", "zone": "Europe/London"}
PLATFORMS = ("eventtia", "heysummit", "heysummit v1", "eventschedule")
_TABLES = {
    "eventtia": "select email from eventtia_attendees where archived = 0",
    "heysummit": "select email from heysummit_attendees",
    "eventschedule": "select email from eventschedule_sale where status != 'cancelled' and is_deleted = 0",
}


def people(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"Ada Pier{chr(97 + n % 26)}", "email": f"ada{n}@pier.example", **more} for n in range(number)]


def posts(chat: Chat) -> int:
    """The requests that changed something; a log-in does not."""
    return len(sent(chat))


def sent(chat: Chat) -> list[Any]:
    return [seen for seen in chat.rehearsal.writes if not seen.path.endswith("/auth")]


def settings_of(platform: str) -> Mapping[str, Mapping[str, Any]]:
    return {"heysummit": HEYSUMMIT_V1} if platform == "heysummit v1" else {}


async def event_at(chat: Chat, platform: str, places: int = 200) -> dict[str, str]:
    """An event of the platform with places for all, and a free ticket of it."""
    if platform == "eventtia":
        return {"event": FAIR, "ticket": "General"}
    if platform == "eventschedule":
        return {"event": await quay_fair(chat, places), "ticket": "Seat"}
    return {"event": SUMMIT, "ticket": "Free pass, Free" if platform == "heysummit" else "Free pass"}


async def quay_fair(chat: Chat, places: int = 200) -> str:
    """A published event with free seats at Event Schedule."""
    made = await chat.call(
        "create_event", title="Quay Fair", starts="2027-06-12T19:30", calendar="boathouse", published=True,
        tickets=[{"name": "Seat", "price": "0 GBP", "quantity": places}],
    )  # fmt: skip
    assert made["outcome"] == "done"
    return made["ref"]


def in_database(chat: Chat, platform: str) -> Counter[str]:
    """How often each of our people stands in the platform's own database."""
    rows = chat.rehearsal.sandbox.world.store.rows(_TABLES[platform.split(maxsplit=1)[0]])
    return Counter(row["email"] for row in rows if row["email"].endswith("@pier.example"))


def reasons(answer: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Outcome and reason of the rows that need attention."""
    at = {name: place for place, name in enumerate(answer["columns"])}
    return {row[at["row"]]: (row[at["outcome"]], row[at["reason"]] or "") for row in answer["rows"]}


def waits(answer: dict[str, Any]) -> int:
    """The seconds after which the answer says that the same call may go on."""
    told = re.search(r"make the same call again in (\d+) s", " ".join(answer["notes"]))
    assert told is not None, answer["notes"]
    return int(told[1])
