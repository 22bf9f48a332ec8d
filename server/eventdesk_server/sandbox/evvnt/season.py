"""evvnt's part of a season file. Every list may be left out.

    {"categories": [{"id": 26, "parent_id": null, "name": "All"}],
     "contract": [{"id": 61, "type": "SinglePackage", "broadcast_volume": 45, "currency": "EUR",
                   "cost_per_event": "320.0", "roles": ["organiser", "partner"]}],
     "publishers": [{"id": 324, "name": "Suuper Events", "url": "https://suuper.example.com", "category_ids": [17],
                     "roles": ["publisher"]}],
     "users": [{"uuid": "…", "name": "…", "email": "…"}],
     "packages": [{"uuid": "…", "owner": "organiser", "type": "SinglePackage", "broadcast_volume": 45,
                   "event_quantity": 5, "used": 2, "purchase_order_id": "", "notes": "", "purchase_date": "2027-01-31",
                   "user_id": "…"}],
     "events": [{"id": 70021, "owner": "organiser", "user_id": "…", "package_id": "…", "publisher_id": 324,
                 "timestamp": "2027-03-02T10:05:00Z", "omitted": ["contact"], "report": {…},
                 "title": "…", "category_id": 19, "start_time": "2027-06-12T19:30:00+0100", …}],
     "published_events": [{"publisher_id": 324, "event_id": 70021, "url": null}]}

`categories`, `contract` and `publishers` replace the row of the same id; a stand-in has a category tree and a contract
from the start. `owner` is `organiser`, `partner` or, of events only, `feed` (somebody else); `user_id` belongs to the
partner. An event's own keys are those of `POST /events`, and `image_url`; its texts, prices and countries may be such
as the platform would refuse today. `omitted` names keys that answers leave out; `report` is answered as it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from eventdesk_server.sandbox.core import unknown_keys
from eventdesk_server.sandbox.evvnt.rules import is_number
from eventdesk_server.sandbox.evvnt.state import ROLES, State
from eventdesk_server.sandbox.evvnt.wire import EVENT_ID, read_time, stamp

_LISTS = ("categories", "contract", "publishers", "users", "packages", "events", "published_events")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Test = Callable[[Any], bool]


def _text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(item) for item in cast("list[Any]", value))


def _text_map(value: Any) -> bool:
    return isinstance(value, dict) and all(_text(k) and _text(v) for k, v in cast("dict[Any, Any]", value).items())


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(is_number(item) for item in cast("list[Any]", value))


def _roles(value: Any) -> bool:
    return isinstance(value, list) and all(item in ROLES for item in cast("list[Any]", value))


def _time(value: Any) -> bool:
    return read_time(value) is not None


def _date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _event_id(value: Any) -> bool:
    return (is_number(value) and value > 0) or (isinstance(value, str) and EVENT_ID.fullmatch(value) is not None)


def _venue(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    venue = cast("dict[Any, Any]", value)
    texts = {key: item for key, item in venue.items() if key not in ("latitude", "longitude")}
    places = [item for key, item in venue.items() if key in ("latitude", "longitude")]
    return {"name", "country"} <= set(texts) and _text_map(texts) and all(isinstance(p, int | float) for p in places)


def _owner(value: Any) -> bool:
    return value in ("organiser", "partner")


def _event_owner(value: Any) -> bool:
    return value in ("organiser", "partner", "feed")


def _object(value: Any) -> bool:
    return isinstance(value, dict)


_CATEGORY: dict[str, Test] = {"id": is_number, "parent_id?": is_number, "name": _text}
_CONTRACT: dict[str, Test] = {
    "id": is_number, "type": _text, "broadcast_volume": is_number, "currency": _text, "cost_per_event": _text,
    "roles?": _roles,
}  # fmt: skip
_PUBLISHER: dict[str, Test] = {
    "id": is_number, "name": _text, "url?": _text, "category_ids?": _numbers, "roles?": _roles,
}  # fmt: skip
_USER: dict[str, Test] = {"uuid": _text, "name": _text, "email": _text}
_PACKAGE: dict[str, Test] = {
    "uuid": _text, "owner": _owner, "user_id?": _text, "type": _text, "broadcast_volume": is_number,
    "event_quantity": is_number, "used?": is_number, "purchase_order_id?": _text, "notes?": _text,
    "purchase_date": _date,
}  # fmt: skip
_EVENT_FRAME: dict[str, Test] = {
    "id": _event_id, "owner": _event_owner, "user_id?": _text, "package_id?": _text, "publisher_id?": is_number,
    "timestamp": _time, "omitted?": _texts, "report?": _object,
}  # fmt: skip
_EVENT_BODY: dict[str, Test] = {
    "title": _text, "capacity?": is_number, "category_id": is_number, "sub_category_ids?": _numbers,
    "start_time": _time, "end_time": _time, "door_time?": _time, "last_entry_time?": _time, "summary": _text,
    "description": _text, "image_urls?": _texts, "image_url?": _text, "organiser_name?": _text, "contact?": _text_map,
    "venue": _venue,
    "links?": _text_map, "prices?": _text_map, "artists?": _text, "keywords?": _text, "hashtag?": _text,
}  # fmt: skip
_PUBLISHED: dict[str, Test] = {"publisher_id": is_number, "event_id": _event_id, "url?": _text}


def load_season(state: State, season: Mapping[str, Any]) -> None:
    """Add a season, all of it or nothing.

    Raises:
        ValueError: It does not fit; the message names the path of the wrong part.
    """
    unknown_keys(season, _LISTS, "season")
    state.store.begin()
    try:
        _load(state, season)
    except BaseException:
        state.store.rollback()
        raise
    state.store.commit()


def _load(state: State, season: Mapping[str, Any]) -> None:
    for _, row in _rows(season, "categories", _CATEGORY):
        _replace(state, "evvnt_categories", {"parent_id": None, **row})
    for _, row in _rows(season, "contract", _CONTRACT):
        roles = json.dumps(row.get("roles", ["organiser", "partner"]))
        _replace(state, "evvnt_options", {**row, "roles": roles})
    for _, row in _rows(season, "publishers", _PUBLISHER):
        lists = {
            "category_ids": json.dumps(row.get("category_ids", [])),
            "roles": json.dumps(row.get("roles", ["publisher"])),
        }
        _replace(state, "evvnt_publishers", {"url": None, **row, **lists})
    for path, row in _rows(season, "users", _USER):
        _fresh(state, "evvnt_users", "uuid", row["uuid"], path)
        state.store.insert("evvnt_users", row)
    for path, row in _rows(season, "packages", _PACKAGE):
        _fresh(state, "evvnt_packages", "uuid", row["uuid"], path)
        _known_user(state, row, path)
        state.store.insert("evvnt_packages", {"purchase_order_id": "", "notes": "", **row})
    categories = {row["id"] for row in state.categories()}
    for path, row in _rows(season, "events", {**_EVENT_FRAME, **_EVENT_BODY}):
        _fresh(state, "evvnt_events", "id", str(row["id"]), path)
        _known_user(state, row, path)
        if row["category_id"] not in categories:
            raise ValueError(f"{path}.category_id: no such category")
        state.store.insert("evvnt_events", _event(row))
    for path, row in _rows(season, "published_events", _PUBLISHED):
        if state.event(str(row["event_id"])) is None:
            raise ValueError(f"{path}.event_id: no such event")
        state.store.execute(
            "insert or replace into evvnt_published (publisher_id, event_id, url) values (?, ?, ?)",
            (row["publisher_id"], str(row["event_id"]), row.get("url")),
        )


def _event(row: dict[str, Any]) -> dict[str, Any]:
    moment = read_time(row["timestamp"])
    return {
        "id": str(row["id"]),
        "owner": row["owner"],
        "user_id": row.get("user_id"),
        "package_id": row.get("package_id"),
        "publisher_id": row.get("publisher_id"),
        "category_id": row["category_id"],
        "country": row["venue"]["country"],
        "timestamp": stamp(moment) if moment is not None else "",
        "body": json.dumps(
            {key: value for key, value in row.items() if key in _EVENT_BODY or f"{key}?" in _EVENT_BODY}
        ),
        "omitted": json.dumps(row.get("omitted", [])),
        "report": json.dumps(row["report"]) if "report" in row else None,
    }


def _rows(season: Mapping[str, Any], name: str, tests: Mapping[str, Test]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of one list with their paths, checked. A null is as good as a missing key where the key is optional."""
    sent: Any = season.get(name, [])
    if not isinstance(sent, list):
        raise ValueError(f"{name}: must be a list")  # noqa: TRY004  # a fault of the season
    found: list[tuple[str, dict[str, Any]]] = []
    for index, item in enumerate(cast("list[Any]", sent)):
        path = f"{name}[{index}]"
        if not isinstance(item, dict):
            raise ValueError(f"{path}: must be an object")  # noqa: TRY004  # a fault of the season
        row = cast("dict[str, Any]", item)
        unknown_keys(row, [key.rstrip("?") for key in tests], path)
        kept: dict[str, Any] = {}
        for key, test in tests.items():
            word = key.rstrip("?")
            value = row.get(word)
            if value is None and key.endswith("?"):
                continue
            if word not in row:
                raise ValueError(f"{path}.{word}: missing")
            if not test(value):
                raise ValueError(f"{path}.{word}: {value!r} does not fit")
            kept[word] = value
        found.append((path, kept))
    return found


def _replace(state: State, table: str, row: Mapping[str, Any]) -> None:
    state.store.execute(f"delete from {table} where id = ?", (row["id"],))
    state.store.insert(table, row)


def _fresh(state: State, table: str, key: str, value: str, path: str) -> None:
    if state.store.row(f"select 1 from {table} where {key} = ?", (value,)) is not None:
        raise ValueError(f"{path}.{key}: {value!r} is there already")


def _known_user(state: State, row: Mapping[str, Any], path: str) -> None:
    user_id = row.get("user_id")
    if user_id is not None and (row["owner"] != "partner" or state.user(user_id) is None):
        raise ValueError(f"{path}.user_id: not a user of the partner")
