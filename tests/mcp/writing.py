"""What tests of writes over MCP write, and how they look at what was sent."""

from typing import Any

from mcp.types import ElicitResult

from tests.mcp.conftest import Chat

ES, ET, HS, EV = "demo-eventschedule", "demo-eventtia", "demo-heysummit", "demo-evvnt"
NO = ElicitResult(action="accept", content={"ok": False})
WRITING = {"operations_write": True}
PACKAGE = "ea6bd8a9-d9d0-4b64-af4f-c8593d4ddf7e"
BREAKFAST = f"{ES}:60bRli"
FAIR = f"{ET}:harbor-design-days"
LISTING: dict[str, Any] = {
    "account": EV, "title": "Quay Fair", "starts": "2027-06-12T19:30", "ends": "2027-06-12T21:30", "summary": "A fair.",
    "description": "Stalls and music by the water, all evening long.", "category": "Arts & Entertainment > Music",
    "place": {"name": "Quay", "address": "1 Quay Road", "town": "Bristol", "postcode": "BS1 4RN", "country": "GB"},
    "tickets": [{"name": "Door", "price": "5"}], "website": "https://quay.example.org/fair", "package": PACKAGE,
}  # fmt: skip


def sent(chat: Chat) -> list[Any]:
    """The requests that changed something; a log-in does not."""
    return [seen for seen in chat.rehearsal.writes if not seen.path.endswith("/auth")]


def code(answer: dict[str, Any]) -> str:
    assert "error" in answer, answer
    return answer["error"]["code"]


async def refs(chat: Chat, event: str, number: int, **query: Any) -> list[str]:
    listed = await chat.call("list_attendees", event=event, fields=["ref"], limit=number, **query)
    return [row[0] for row in listed["rows"]]


def outcomes(answer: dict[str, Any]) -> list[str]:
    assert "rows" in answer, answer
    at = answer["columns"].index("outcome")
    return [row[at] for row in answer["rows"]]
