"""Who an event is attached to: venue and performer resolution, and the attached-schedule rule of updates."""

from dataclasses import dataclass, field
from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php
from eventdesk_server.sandbox.eventschedule.answers import FrameworkError, Refusal, server_error
from eventdesk_server.sandbox.eventschedule.state import MANAGING, Row, State


@dataclass(slots=True)
class Wanted:
    """What a request asks for. `venue` is a schedule's number, or a row to be created."""

    members: list[int] = field(default_factory=list[int])
    venue: int | None = None
    new_venue: Row | None = None
    group: int | None = None
    category: int | None = None


def current_schedule(state: State, user: Row, event: Row) -> Row | None:
    """The first attached schedule that the user owns or administers."""
    managed = set(state.memberships(user["id"], *MANAGING))
    return next((role for role in state.attached(event["id"]) if role["id"] in managed), None)


def resolve(state: State, user: Row, current: Row, data: dict[str, Any]) -> Wanted:
    """Turn slugs, names and ids into rows, without writing anything.

    Raises:
        Refusal: A sub-schedule, category, venue or performer is not found.
        FrameworkError: `venue_id` names no schedule, or `members` is null.
    """
    wanted = Wanted()
    if "schedule" in data:
        row = state.store.row(
            "select id from eventschedule_grouping where role_id = ? and slug = ? order by id",
            (current["id"], data["schedule"]),
        )
        if row is None:
            raise Refusal(422, "Sub-schedule not found")
        wanted.group = row["id"]
    if "category" in data and "category_id" not in data:
        wanted.category = _category(state, current, data["category"])
    if current["type"] != "venue" and "venue_name" in data and "venue_address1" in data:
        wanted.venue = _own_venue(state, user, data["venue_name"], data["venue_address1"])
    if current["type"] != "talent" and "members" in data:
        if data["members"] is None:
            raise server_error()
        wanted.members = list(dict.fromkeys(_performer(state, user, item) for _, item in php.entries(data["members"])))
    if current["type"] == "venue":
        return wanted
    if wanted.venue is None and php.truthy(data.get("venue_id")):
        wanted.venue = _any_schedule(state, data["venue_id"])
    elif wanted.venue is None and (data.get("venue_name") or data.get("venue_address1")):
        wanted.venue = _venue_named(state, current, data.get("venue_name"))
        if wanted.venue is None:
            wanted.new_venue = {"name": data.get("venue_name"), "address1": data.get("venue_address1")}
    return wanted


def _category(state: State, current: Row, name: Any) -> int:
    sought = names.slug(name)
    for category in state.categories(current):
        if sought and names.slug(category["name"]) == sought:
            return int(category["id"])
    raise Refusal(422, "Category not found")


def _any_schedule(state: State, text: Any) -> int | None:
    number = state.decode(text)
    role = state.find("role", number)
    if role is None:
        shown = "." if number is None else f" {number}"
        raise FrameworkError(404, f"No query results for model [App\\Models\\Role]{shown}")
    return None if role["is_deleted"] else int(role["id"])


def _known(state: State, user: Row, kind: str) -> list[Row]:
    """Schedules of a type that the user owns or follows, the oldest first."""
    numbers = set(state.memberships(user["id"], "owner", "follower"))
    rows = state.store.rows("select * from eventschedule_role where type = ? and is_deleted = 0 order by id", (kind,))
    return [row for row in rows if row["id"] in numbers]


def _own_venue(state: State, user: Row, name: Any, address: Any) -> int:
    for role in _known(state, user, "venue"):
        if (
            name is not None
            and address is not None
            and names.folded(role["name"]) == names.folded(name)
            and names.folded(role["address1"]) == names.folded(address)
        ):
            return int(role["id"])
    raise Refusal(422, f"Venue not found: {name or ''}")


def _venue_named(state: State, current: Row, name: Any) -> int | None:
    """Any venue of the installation with that name, whoever owns it."""
    if name is None:
        return None
    sought = names.slug(name) or names.folded(name)
    rows = [
        role
        for role in state.store.rows("select * from eventschedule_role where type = 'venue' and is_deleted = 0")
        if (names.slug(role["name"]) or names.folded(role["name"])) == sought
        and (not current["country_code"] or role["country_code"] == current["country_code"])
    ]
    if not rows:
        return None

    def rank(role: Row) -> tuple[bool, int, int]:
        busy = state.store.row("select count(*) as n from eventschedule_attachment where role_id = ?", (role["id"],))
        return role["email"] is None, -(busy or {"n": 0})["n"], role["id"]

    return int(min(rows, key=rank)["id"])


def _performer(state: State, user: Row, item: Any) -> int:
    """The talent schedule that an entry names. One that names nothing gets the first."""
    name, email = php.get(item, "name"), php.get(item, "email")
    for role in _known(state, user, "talent"):
        if name is not None and names.folded(role["name"]) != names.folded(_text(name)):
            continue
        if email is not None and names.folded(role["email"]) != names.folded(_text(email)):
            continue
        return int(role["id"])
    raise Refusal(422, f"Talent member not found: {_text(name) or _text(email) or 'unknown'}")


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def create_venue(state: State, user: Row, current: Row, row: Row) -> int:
    """A venue schedule that nobody owns; the user follows it."""
    number = state.store.insert(
        "eventschedule_role",
        row
        | {
            "type": "venue",
            "subdomain": names.subdomain_for(state, row["name"]),
            "timezone": current["timezone"],
            "language_code": current["language_code"],
            "country_code": current["country_code"],
            "created_at": state.stamp(),
            "updated_at": state.stamp(),
        },
    )
    state.store.insert("eventschedule_member", {"user_id": user["id"], "role_id": number, "level": "follower"})
    return number


def _visible(state: State, user: Row) -> set[int]:
    """Schedules the user is a member of, or follows where requests are accepted, with an owner and a contact."""
    members = set(state.memberships(user["id"], "owner", "admin", "viewer"))
    followed = set(state.memberships(user["id"], "follower"))
    rows = state.store.rows(
        "select id, accept_requests from eventschedule_role where user_id is not null and verified = 1"
    )
    return {row["id"] for row in rows if row["id"] in members or (row["id"] in followed and row["accept_requests"])}


def attach(state: State, event_id: int, current: Row, wanted: Wanted, user: Row, *, fresh: bool) -> None:
    """Set an event's schedules.

    On an update, attached schedules that the user cannot see stay; those that they can see, other than the current
    one, go, even when the request names them.
    """
    named = [*wanted.members, current["id"], *([wanted.venue] if wanted.venue is not None else [])]
    rows = state.store.rows("select * from eventschedule_attachment where event_id = ? order by id", (event_id,))
    attached = {row["role_id"] for row in rows}
    if not fresh:
        visible = _visible(state, user)
        for number in attached:
            if number in visible and number != current["id"]:
                state.store.execute(
                    "delete from eventschedule_attachment where event_id = ? and role_id = ?", (event_id, number)
                )
    for number in dict.fromkeys(named):
        if number not in attached:
            state.store.insert("eventschedule_attachment", {"event_id": event_id, "role_id": number})
    if wanted.group is not None:
        state.store.update(
            "eventschedule_attachment",
            {"event_id": event_id, "role_id": current["id"]},
            {"group_id": wanted.group},
        )
