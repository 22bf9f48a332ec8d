"""The partner API: the partner's users, and their events and packages."""

import hashlib
import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from eventdesk_server.sandbox.evvnt.call import Call, Refused
from eventdesk_server.sandbox.evvnt.organiser import report_url
from eventdesk_server.sandbox.evvnt.publisher import filtered
from eventdesk_server.sandbox.evvnt.rules import check_user
from eventdesk_server.sandbox.evvnt.state import State, event_answer, package_answer

_REPORT_LIFE = 30 * 60


def create_user(state: State, call: Call) -> Response:
    """`POST /users`."""
    wrong = check_user(call.data, new=True)
    if wrong:
        raise Refused(400, *wrong)
    number = str(uuid.uuid4())
    state.store.insert("evvnt_users", {"uuid": number, "name": call.data["name"], "email": call.data["email"]})
    return call.created({"id": number})


def list_users(state: State, call: Call) -> Response:
    """`GET /users`."""
    del call
    return JSONResponse(state.store.rows("select uuid, name, email from evvnt_users order by seq"))


def get_user(state: State, call: Call) -> Response:
    """`GET /users/:user_id`. The reference's sample has no `uuid` here."""
    user = _user(state, call)
    answer = {"name": user["name"], "email": user["email"]}
    return JSONResponse({"uuid": user["uuid"], **answer} if call.world.switch("evvnt.user_uuid", False) else answer)


def update_user(state: State, call: Call) -> Response:
    """`PUT /users/:user_id`: only what changes."""
    user = _user(state, call)
    wrong = check_user(call.data, new=False)
    if wrong:
        raise Refused(400, *wrong)
    changes = {key: call.data[key] for key in ("name", "email") if key in call.data}
    if changes:
        state.store.update("evvnt_users", {"uuid": user["uuid"]}, changes)
    return call.changed()


def list_user_packages(state: State, call: Call) -> Response:
    """`GET /users/:user_id/packages`."""
    user = _user(state, call)
    return JSONResponse([package_answer(row, with_user=True) for row in state.packages("partner", user["uuid"])])


def list_our_events(state: State, call: Call) -> Response:
    """`GET /events/ours`: the partner's and its users'; with `user_id` that user's only."""
    where, values = ["owner = ?"], ["partner"]
    user_id = call.query.get("user_id")
    if user_id:
        where.append("user_id = ?")
        values.append(user_id)
    return JSONResponse([_ours(row, call) for row in filtered(state, call, where, values)])


def get_our_event(state: State, call: Call) -> Response:
    """`GET /events/ours/:event_id`."""
    row = state.event(call.path[0])
    if row is None or row["owner"] != "partner":
        raise Refused(404)
    return JSONResponse(_ours(row, call))


def _user(state: State, call: Call) -> dict[str, Any]:
    user = state.user(call.path[0])
    if user is None:
        raise Refused(404)
    return user


def _ours(row: dict[str, Any], call: Call) -> dict[str, Any]:
    """An event with what only its partner sees: the owner, and a link that logs in for about 30 minutes."""
    answer = event_answer(row, call.answering(venue_ids=False))
    if row["user_id"] is not None:
        answer["user_id"] = row["user_id"]
    if row["report"] is not None:
        until = int(call.now.timestamp()) + _REPORT_LIFE
        digest = hashlib.sha256(f"{row['id']} {until}".encode()).hexdigest()[:32]
        answer["report_url"] = f"{report_url(row['id'])}?digest={digest}&timestamp={until}"
    return answer
