"""The organiser API: contract, packages, one's own events and their reports. The partner's variants are here too."""

import json
import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from eventdesk_server.sandbox.evvnt.call import Call, Refused, as_number
from eventdesk_server.sandbox.evvnt.publisher import filtered
from eventdesk_server.sandbox.evvnt.rules import EventRules, blank, check_event, check_package
from eventdesk_server.sandbox.evvnt.state import State, event_answer, event_number, package_answer
from eventdesk_server.sandbox.evvnt.wire import redirect, stamp


def get_contract(state: State, call: Call) -> Response:
    """`GET /contract`."""
    return JSONResponse({"package_options": state.options(call.role)})


def create_package(state: State, call: Call) -> Response:
    """`POST /packages`: buys."""
    user_id = _for_user(state, call)
    options = {option["id"]: option for option in state.options(call.role)}
    wrong = check_package(call.data, options)
    if wrong:
        raise Refused(400, *wrong)
    option = options[call.data["id"]]
    number = str(uuid.uuid4())
    state.store.insert(
        "evvnt_packages",
        {
            "uuid": number,
            "owner": call.role,
            "user_id": user_id,
            "type": option["type"],
            "broadcast_volume": option["broadcast_volume"],
            "event_quantity": call.data["event_quantity"],
            "purchase_order_id": call.data.get("purchase_order_id") or "",
            "notes": call.data.get("notes") or "",
            "purchase_date": call.now.date().isoformat(),
        },
    )
    return call.created({"id": number})


def list_own_packages(state: State, call: Call) -> Response:
    """`GET /packages/mine`."""
    return JSONResponse([package_answer(row) for row in state.packages(call.role, None)])


def get_package(state: State, call: Call) -> Response:
    """`GET /packages/:package_id`."""
    row = state.package(call.role, call.path[0])
    if row is None:
        raise Refused(404)
    return JSONResponse(package_answer(row))


def create_event(state: State, call: Call) -> Response:
    """`POST /events`: publishes, and uses up a credit of the package."""
    user_id = _for_user(state, call)
    fields, wrong = check_event(call.data, None, _rules(state, call))
    package, complaint = _package(state, call, user_id)
    if complaint:
        wrong.append(complaint)
    publisher_id = None
    if call.role == "partner" and call.query.get("publisher_id"):
        publisher_id = as_number(call.query["publisher_id"])
        if publisher_id not in {row["id"] for row in state.publishers(call.role)}:
            wrong.append("Publisher is not known")
    if wrong:
        raise Refused(400, *wrong)
    if package is not None:
        state.store.update("evvnt_packages", {"uuid": package["uuid"]}, {"used": package["used"] + 1})
    event_id = state.new_event_id()
    fields["venue"] = {"id": state.new_venue_id(), **fields["venue"]}
    state.store.insert(
        "evvnt_events",
        {
            "id": event_id,
            "owner": call.role,
            "user_id": user_id,
            "package_id": package["uuid"] if package is not None else None,
            "publisher_id": publisher_id,
            **_columns(fields, call),
        },
    )
    return call.created({"id": event_number(event_id, call.answering())})


def update_event(state: State, call: Call) -> Response:
    """`PUT /events/:event_id`: what is left out stays. Takes no credit; `package_id` is ignored."""
    row = _own(state, call)
    if call.role == "partner" and row["user_id"] != (call.query.get("user_id") or None):
        raise Refused(403, "Incorrect user id")
    current: dict[str, Any] = json.loads(row["body"])
    fields, wrong = check_event(call.data, current, _rules(state, call))
    if wrong:
        raise Refused(400, *wrong)
    fields["venue"] = {"id": current["venue"].get("id") or state.new_venue_id(), **fields["venue"]}
    state.store.update("evvnt_events", {"seq": row["seq"]}, _columns(fields, call))
    return call.changed()


def list_own_events(state: State, call: Call) -> Response:
    """`GET /events/mine`: of this login itself, not of a partner's users."""
    answers: list[dict[str, Any]] = []
    for row in filtered(state, call, ["owner = ?", "user_id is null"], [call.role]):
        answer = event_answer(row, call.answering(venue_ids=False))
        if row["report"] is not None:
            answer["report_url"] = report_url(row["id"])
        answers.append(answer)
    return JSONResponse(answers)


def get_report(state: State, call: Call) -> Response:
    """`GET /events/:event_id/report`: only of own events."""
    row = _own(state, call)
    number = event_number(row["id"], call.answering())
    report = json.loads(row["report"]) if row["report"] is not None else _fresh_report(state, row)
    return JSONResponse({"event_id": number, **report})


def report_url(event_id: str) -> str:
    """Where a browser shows the report. The code is the event's own."""
    return redirect(event_id, "report", "").replace("https://go.evvnt.com/", "https://app.evvnt.com/reports/")


def _own(state: State, call: Call) -> dict[str, Any]:
    row = state.event(call.path[0])
    if row is None or row["owner"] != call.role:
        raise Refused(404)
    return row


def _for_user(state: State, call: Call) -> str | None:
    """The user on whose behalf a partner writes; None for an organiser, who is asked for none."""
    if call.role != "partner":
        return None
    user = state.user(call.query.get("user_id"))
    if user is None:
        raise Refused(403, "Unknown user id")
    return user["uuid"]


def _rules(state: State, call: Call) -> EventRules:
    switch = call.world.switch
    return EventRules(
        categories={row["id"] for row in state.categories()},
        partner=call.role == "partner",
        contact_required=bool(switch("evvnt.contact_required", True)),
        merge=switch("evvnt.nested", "replace") == "merge",
        check_end=bool(switch("evvnt.check_end", True)),
        documented_doors=switch("evvnt.door_rule", "documented") == "documented",
    )


def _package(state: State, call: Call, user_id: str | None) -> tuple[dict[str, Any] | None, str | None]:
    """The package to charge, or what is wrong with it. A partner may name it in the query (reference, Partner API)."""
    number: Any = call.data.get("package_id")
    if call.role == "partner":
        number = call.query.get("package_id") or number
    if blank(number):
        required = call.world.switch("evvnt.package_required", False)
        return None, "Event package_id can't be blank" if required else None
    package = state.package(call.role, number) if isinstance(number, str) else None
    if package is None or package["user_id"] != user_id:
        return None, "Event package_id is not one of your packages"
    if package["used"] >= package["event_quantity"]:
        return None, "Package has no credits left"
    return package, None


def _columns(fields: dict[str, Any], call: Call) -> dict[str, Any]:
    """An event's own content as stored."""
    return {
        "category_id": fields["category_id"],
        "country": fields["venue"]["country"],
        "timestamp": stamp(call.now),
        "body": json.dumps(fields),
    }


def _fresh_report(state: State, row: dict[str, Any]) -> dict[str, Any]:
    """The report of an event that was only just submitted: nothing is live yet."""
    package = state.store.row("select broadcast_volume from evvnt_packages where uuid = ?", (row["package_id"],))
    total = package["broadcast_volume"] if package is not None else 0
    return {
        "broadcast_results": {"num_sites_total": total, "num_sites_live": 0, "num_sites_submitted": total},
        "audience_reach": {"uniques": 0, "local_reach": 0, "mobile_apps": 0},
        "clicks_by_day": [["x", "Total clicks"]],
        "referrers": {},
        "search_indexing": {},
        "broadcasts": [],
    }
