"""The publisher API: the feed, categories, and what one's own sites show."""

import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from eventdesk_server.sandbox.evvnt.call import Call, Refused, as_number
from eventdesk_server.sandbox.evvnt.rules import blank, is_url
from eventdesk_server.sandbox.evvnt.state import State, event_answer, event_number
from eventdesk_server.sandbox.evvnt.wire import colon_time, read_time, stamp


def filtered(state: State, call: Call, where: Sequence[str], values: Sequence[object]) -> list[dict[str, Any]]:
    """One page of events, by the filters that all three lists share."""
    conditions, bound = list(where), list(values)
    newer = call.newer_than()
    if newer is not None:
        conditions.append("timestamp > ?")
        bound.append(stamp(newer))
    categories = call.query.get("category_id")
    if categories:
        numbers = [as_number(part.strip()) for part in categories.split(",")]
        if None in numbers:
            call.bad_filter("category_id")
        else:
            wanted = state.descendants(number for number in numbers if number is not None)
            conditions.append("category_id in (select value from json_each(?))")
            bound.append(json.dumps(sorted(wanted)))
    country = call.query.get("country")
    if country:
        conditions.append("country = ?")
        bound.append(country.upper())
    rows, offset = call.window()
    order = str(call.world.switch("evvnt.order", "added"))
    return state.events(conditions, bound, order=order, limit=rows, offset=offset)


def list_events(state: State, call: Call) -> Response:
    """`GET /events`: everybody's."""
    return JSONResponse([event_answer(row, call.answering()) for row in filtered(state, call, [], [])])


def get_event(state: State, call: Call) -> Response:
    """`GET /events/:event_id`: anybody's."""
    row = state.event(call.path[0])
    if row is None:
        raise Refused(404)
    return JSONResponse(event_answer(row, call.answering()))


def list_categories(state: State, call: Call) -> Response:
    """`GET /categories`."""
    del call
    return JSONResponse(state.categories())


def list_publishers(state: State, call: Call) -> Response:
    """`GET /publishers`: one's own. A site may have no `url`."""
    answer = [{"id": row["id"], "name": row["name"], "url": row["url"]} for row in state.publishers(call.role)]
    return JSONResponse([{key: value for key, value in row.items() if value is not None} for row in answer])


def list_publisher_categories(state: State, call: Call) -> Response:
    """`GET /publishers/:publisher_id/categories`."""
    direct = set(json.loads(_publisher(state, call)["category_ids"]))
    kind = call.query.get("filter") or "all"
    if kind not in ("all", "direct", "direct_to_root"):
        call.bad_filter("filter")
    wanted = direct if kind == "direct" else state.ancestors(direct)
    if kind not in ("direct", "direct_to_root"):
        wanted |= state.descendants(direct)
    return JSONResponse([row for row in state.categories() if row["id"] in wanted])


def list_published(state: State, call: Call) -> Response:
    """`GET /publishers/:publisher_id/published_events`: only what is still to come."""
    publisher = _publisher(state, call)
    newer = call.newer_than()
    rows = state.store.rows(
        "select published.url, events.id, events.timestamp, events.body from evvnt_published as published"
        " join evvnt_events as events on events.id = published.event_id"
        " where published.publisher_id = ? and events.timestamp > ? order by events.seq",
        (publisher["id"], stamp(newer) if newer is not None else ""),
    )
    answers: list[dict[str, Any]] = []
    for row in rows:
        start = read_time(json.loads(row["body"])["start_time"])
        if start is not None and start >= call.now:
            answers.append(_published_answer(publisher["id"], row, call))
    return JSONResponse(answers)


def get_published(state: State, call: Call) -> Response:
    """`GET /publishers/:publisher_id/published_events/:event_id`."""
    publisher = _publisher(state, call)
    return JSONResponse(_published_answer(publisher["id"], _published(state, publisher["id"], call.path[1]), call))


def put_published(state: State, call: Call) -> Response:
    """`PUT /publishers/:publisher_id/published_events/:event_id`: where the event can be seen."""
    publisher = _publisher(state, call)
    row = _published(state, publisher["id"], call.path[1])
    url, slug = call.data.get("url"), call.data.get("slug")
    if blank(url) and blank(slug):
        raise Refused(400, "Url can't be blank")
    if not blank(url):
        if not blank(slug) and call.world.switch("evvnt.slug_and_url", "drop") == "reject":
            raise Refused(400, "Slug is not allowed together with url")
        if not is_url(url):
            raise Refused(400, "Url is invalid")
    elif not isinstance(slug, str):
        raise Refused(400, "Slug is invalid")
    else:
        url = f"{(publisher['url'] or '').rstrip('/')}/{slug.lstrip('/')}"
    key = {"publisher_id": publisher["id"], "event_id": row["id"]}
    state.store.update("evvnt_published", key, {"url": url})
    return call.changed()


def _publisher(state: State, call: Call) -> dict[str, Any]:
    number = as_number(call.path[0])
    found = next((row for row in state.publishers(call.role) if row["id"] == number), None)
    if found is None:
        raise Refused(404)
    return found


def _published(state: State, publisher_id: int, event_id: str) -> dict[str, Any]:
    row = state.store.row(
        "select published.url, events.id, events.body from evvnt_published as published"
        " join evvnt_events as events on events.id = published.event_id"
        " where published.publisher_id = ? and published.event_id = ?",
        (publisher_id, event_id),
    )
    if row is None:
        raise Refused(404)
    return row


def _published_answer(publisher_id: int, row: dict[str, Any], call: Call) -> dict[str, Any]:
    body = json.loads(row["body"])
    return {
        "publisher_id": publisher_id,
        "event_id": event_number(row["id"], call.answering()),
        "url": row["url"],
        "event_title": body["title"],
        "event_start_time": colon_time(body["start_time"]),
    }
