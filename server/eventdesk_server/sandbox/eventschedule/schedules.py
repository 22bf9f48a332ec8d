"""Schedules, their sub-schedules, and categories."""

from typing import Any

from eventdesk_server.sandbox.eventschedule import names
from eventdesk_server.sandbox.eventschedule.answers import Answer, Refusal, check, server_error, success
from eventdesk_server.sandbox.eventschedule.erase import erase_event
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.paging import paged
from eventdesk_server.sandbox.eventschedule.render import group_data, schedule_data
from eventdesk_server.sandbox.eventschedule.state import LANGUAGES, MANAGING, Row, State
from eventdesk_server.sandbox.eventschedule.validation import (
    EMAIL,
    NULLABLE,
    REQUIRED,
    SOMETIMES,
    STRING,
    Rule,
    at_most,
    one_of,
    validate,
)  # fmt: skip

_FIELDS: dict[str, tuple[Rule, ...]] = {
    "email": (NULLABLE, EMAIL, at_most(255)),
    "description": (NULLABLE, STRING, at_most(10_000)),
    "short_description": (NULLABLE, STRING, at_most(200)),
    "timezone": (NULLABLE, STRING, at_most(100)),
    "language_code": (NULLABLE, STRING, one_of(*LANGUAGES)),
    "website": (NULLABLE, STRING, at_most(255)),
    "address1": (NULLABLE, STRING, at_most(255)),
    "city": (NULLABLE, STRING, at_most(255)),
    "state": (NULLABLE, STRING, at_most(255)),
    "postal_code": (NULLABLE, STRING, at_most(20)),
    "country_code": (NULLABLE, STRING, at_most(10)),
}
_MOST_OWNED = 50
_PLAN = "API usage is limited to Pro accounts"


def _managed(state: State, call: Call, user: Row, *levels: str) -> Row:
    """The schedule in the path, when the user runs it.

    Raises:
        Refusal: It is unknown, deleted, or not theirs; all three look the same.
    """
    role = state.role_of(call.parameters["subdomain"])
    if role is None or role["is_deleted"] or state.level(user["id"], role["id"]) not in levels:
        raise Refusal(404, "Schedule not found")
    return role


def _pro(state: State, role: Row) -> Row:
    if not state.is_pro(role):
        raise Refusal(403, _PLAN)
    return role


def list_schedules(state: State, call: Call, user: Row) -> Answer:
    managed = set(state.memberships(user["id"], *MANAGING))
    rows = [
        role
        for role in state.store.rows("select * from eventschedule_role where is_deleted = 0")
        if role["id"] in managed and state.is_pro(role)
    ]
    for column in ("subdomain", "type"):
        if call.has(column):
            wanted = call.get(column)
            rows = [role for role in rows if wanted is not None and names.folded(role[column]) == names.folded(wanted)]
    if call.has("name"):
        part = names.folded(call.get("name"))
        rows = [role for role in rows if role["name"] is not None and part in names.folded(role["name"])]
    rows.sort(key=lambda role: (role["name"] is not None, names.folded(role["name"])))
    return paged(call, rows, lambda role: schedule_data(state, role, call.site))


def show_schedule(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    return success(schedule_data(state, role, call.site))


def _sent(call: Call) -> dict[str, Any]:
    values = {name: call.get(name) for name in _FIELDS if call.has(name)}
    if isinstance(values.get("email"), str):
        values["email"] = values["email"].lower()
    if "country_code" in values:
        values["country_code"] = names.country(values["country_code"])
    return values


def create_schedule(state: State, call: Call, user: Row) -> Answer:
    rules: dict[str, tuple[Rule, ...]] = {
        "name": (REQUIRED, STRING, at_most(255)),
        "type": (REQUIRED, STRING, one_of("venue", "talent", "curator")),
    }
    check(validate(call.input, rules | _FIELDS))
    if state.hosted and len(_owned(state, user)) >= _MOST_OWNED:
        raise Refusal(422, "You have reached the maximum number of schedules.")
    values = _sent(call)
    email = values.get("email")
    number = state.store.insert(
        "eventschedule_role",
        values
        | {
            "user_id": user["id"],
            "name": call.get("name"),
            "type": call.get("type"),
            "subdomain": names.subdomain_for(state, call.get("name")),
            "timezone": values.get("timezone") or user["timezone"],
            "language_code": values.get("language_code") or user["language_code"] or "en",
            "verified": int(not state.hosted or email == user["email"]),
            "created_at": state.stamp(),
            "updated_at": state.stamp(),
        },
    )
    if state.hosted and email is None:
        # The verification mail fails for want of an address before the caller becomes the owner.
        raise server_error(keep=True)
    state.store.insert("eventschedule_member", {"user_id": user["id"], "role_id": number, "level": "owner"})
    role = state.find("role", number) or {}
    return success(schedule_data(state, role, call.site, {"show_phone": None}), status=201)


def _owned(state: State, user: Row) -> list[Row]:
    return state.store.rows(
        "select r.id from eventschedule_role r join eventschedule_member m on m.role_id = r.id "
        "where m.user_id = ? and m.level = 'owner' and r.is_deleted = 0",
        (user["id"],),
    )


def update_schedule(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    rules: dict[str, tuple[Rule, ...]] = {"name": (SOMETIMES, REQUIRED, STRING, at_most(255))}
    check(validate(call.input, rules | _FIELDS))
    values = _sent(call)
    if call.has("name"):
        values["name"] = call.get("name")
    if "language_code" in values and values["language_code"] is None:
        raise server_error()
    if state.hosted and values.get("email", role["email"]) != role["email"]:
        values["verified"] = 0
    state.store.update("eventschedule_role", {"id": role["id"]}, values | {"updated_at": state.stamp()})
    return success(schedule_data(state, state.find("role", role["id"]) or role, call.site))


def delete_schedule(state: State, call: Call, user: Row) -> Answer:
    role = _managed(state, call, user, "owner")
    if role["type"] == "talent":
        for row in state.store.rows("select event_id from eventschedule_attachment where role_id = ?", (role["id"],)):
            performers = [other for other in state.attached(row["event_id"]) if other["type"] == "talent"]
            if len(performers) == 1:
                erase_event(state, row["event_id"])
    state.store.update(
        "eventschedule_role",
        {"id": role["id"]},
        {"is_deleted": 1, "profile_image_url": None, "updated_at": state.stamp()},
    )
    return success({"message": "Schedule deleted successfully"})


# Sub-schedules.


def list_groups(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    rows = state.store.rows("select * from eventschedule_grouping where role_id = ? order by id", (role["id"],))
    return success([group_data(state, row) for row in rows])


def _free_slug(state: State, role: Row, name: Any, own: int | None = None) -> str:
    rows = state.store.rows("select id, slug from eventschedule_grouping where role_id = ?", (role["id"],))
    taken = {row["slug"] for row in rows if row["id"] != own}
    slug = names.slug(name)
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def create_group(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    check(validate(call.input, {"name": (REQUIRED, STRING, at_most(255)), "color": (NULLABLE, STRING, at_most(50))}))
    name = call.get("name")
    row = {"role_id": role["id"], "name": name, "slug": _free_slug(state, role, name), "color": call.get("color")}
    number = state.store.insert("eventschedule_grouping", row)
    return success(group_data(state, row | {"id": number}), status=201)


def _group(state: State, call: Call, role: Row) -> Row:
    group = state.find("grouping", state.decode(call.parameters["group_id"]))
    if group is None or group["role_id"] != role["id"]:
        raise Refusal(404, "Sub-schedule not found")
    return group


def update_group(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    group = _group(state, call, role)
    check(validate(call.input, {"name": (NULLABLE, STRING, at_most(255)), "color": (NULLABLE, STRING, at_most(50))}))
    changes: dict[str, Any] = {}
    if call.has("name"):
        if call.get("name") is None:
            raise server_error()
        changes = {"name": call.get("name"), "slug": _free_slug(state, role, call.get("name"), group["id"])}
    if call.has("color"):
        changes["color"] = call.get("color")
    if changes:
        state.store.update("eventschedule_grouping", {"id": group["id"]}, changes)
    return success(group_data(state, group | changes))


def delete_group(state: State, call: Call, user: Row) -> Answer:
    role = _pro(state, _managed(state, call, user, *MANAGING))
    group = _group(state, call, role)
    state.store.update("eventschedule_attachment", {"group_id": group["id"]}, {"group_id": None})
    state.store.execute("delete from eventschedule_grouping where id = ?", (group["id"],))
    return success({"message": "Sub-schedule deleted successfully"})


# Categories.


def list_categories(state: State, _call: Call, _user: Row) -> Answer:
    return success([{"id": row["id"], "name": row["name"]} for row in state.categories(None)])


def schedule_categories(state: State, call: Call, _user: Row) -> Answer:
    """The effective list of anyone's schedule, sorted by name."""
    role = state.role_of(call.parameters["subdomain"])
    if role is None or role["is_deleted"]:
        raise Refusal(404, "Schedule not found")
    rows = sorted(state.categories(role), key=lambda row: names.folded(row["name"]))
    return success([{"id": row["id"], "name": row["name"]} for row in rows])
