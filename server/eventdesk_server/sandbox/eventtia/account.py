"""What belongs to the account: web hooks, and the catalogue of countries, regions and cities. And event params."""

import json
from typing import Any, Final

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, Refusal, answer, invalid, not_found
from eventdesk_server.sandbox.eventtia.books import Books, Record, dump
from eventdesk_server.sandbox.eventtia.calls import Call, E, Endpoint, cut, listing, page_wanted, plain_list, printed
from eventdesk_server.sandbox.eventtia.catalogue_resources import CITY, COUNTRY, HOOK, REGION

_WRITABLE_PARAMS: Final = ("aux_json_data",)


def list_hooks(books: Books, call: Call) -> Response:
    """`GET /web_hooks`: all hooks, or one event's where the query names it."""
    hooks = books.everywhere(HOOK)
    uri = call.param("event_uri")
    if uri:
        wanted = books.event(uri)
        hooks = [hook for hook in hooks if hook.event_id == wanted.id]
    return _hooks(books, call, hooks)


def list_event_hooks(books: Books, call: Call) -> Response:
    """`GET E/event_web_hooks` is not in the reference; it is there, and takes no notice of the event."""
    books.event(call.parts["event_uri"])
    return _hooks(books, call, books.everywhere(HOOK))


def create_event_hook(books: Books, call: Call) -> Response:
    """`POST E/event_web_hooks`."""
    return _create_hook(books, call, books.event(call.parts["event_uri"]))


def create_account_hook(books: Books, call: Call) -> Response:
    """`POST /accounts/:account_api_key/web_hooks`."""
    _own_account(books, call)
    return _create_hook(books, call, None)


def delete_event_hook(books: Books, call: Call) -> Response:
    """`DELETE E/event_web_hooks`: by address and trigger, in the query or in a JSON body."""
    return _delete_hook(books, call, books.event(call.parts["event_uri"]).id)


def delete_account_hook(books: Books, call: Call) -> Response:
    """`DELETE /accounts/:account_api_key/web_hooks`."""
    _own_account(books, call)
    return _delete_hook(books, call, None)


def countries(books: Books, call: Call) -> Response:
    """`GET /countries`: by page only, there is no search."""
    return plain_list(books, call, COUNTRY, books.everywhere(COUNTRY), None)


def regions(books: Books, call: Call) -> Response:
    """`GET /countries/:country_id/regions`."""
    country = books.get(COUNTRY, call.parts["country_id"])
    found = [
        Record(region.id, region.doc | {"country": country.id}) for region in books.of_parent(REGION, country.id)
    ]  # fmt: skip
    return plain_list(books, call, REGION, found, None)


def cities(books: Books, call: Call) -> Response:
    """`GET /countries/:country_id/regions/:region_id/cities`."""
    country = books.get(COUNTRY, call.parts["country_id"])
    region = books.get(REGION, call.parts["region_id"], parent_id=country.id)
    above = {"region": region.id, "country": country.id}
    found = [Record(city.id, city.doc | above) for city in books.of_parent(CITY, region.id)]
    return plain_list(books, call, CITY, found, None)


def city(books: Books, call: Call) -> Response:
    """`GET /cities/:city_id`, with its region and country in `included`."""
    record = books.get(CITY, call.parts["city_id"])
    region = books.get(REGION, record.parent_id)
    country = books.get(COUNTRY, region.parent_id)
    return answer(
        {
            "data": printed(books, CITY, record, None, region=region.id, country=country.id),
            "included": [
                printed(books, REGION, region, None, country=country.id),
                printed(books, COUNTRY, country, None),
            ],
        }
    )


def read_param(books: Books, call: Call) -> Response:
    """`GET E/event_params/:param_name`. No answer is documented: a switch chooses the shape."""
    event = books.event(call.parts["event_uri"])
    row = books.store.row(
        "select * from eventtia_params where event_id = ? and name = ?", [event.id, call.parts["param_name"]]
    )
    if row is None:
        raise not_found()
    return _param(books, row["id"], row["name"], json.loads(row["value"]))


def write_param(books: Books, call: Call) -> Response:
    """`PATCH E/event_params/:param_name`: creates or overwrites; only `aux_json_data` may be written."""
    event = books.event(call.parts["event_uri"])
    name = call.parts["param_name"]
    if name not in _WRITABLE_PARAMS:
        raise Refusal(403, "This param can not be edited.")
    if "param_value" not in call.body:
        raise invalid("param_value", "can't be blank")
    value = call.body["param_value"]
    books.store.execute(
        "insert into eventtia_params (event_id, name, value) values (?, ?, ?)"
        " on conflict (event_id, name) do update set value = excluded.value",
        [event.id, name, dump(value)],
    )
    row = books.store.row("select id from eventtia_params where event_id = ? and name = ?", [event.id, name])
    return _param(books, row["id"] if row else 0, name, value)


def _param(books: Books, key: int, name: str, value: Any) -> Response:
    shape = books.switch("param_answer", "resource")
    if shape == "bare":
        return answer(value)
    if shape == "object":
        return answer({"param_value": value})
    attributes = {"name": name, "param_value": value}
    return answer({"data": {"id": str(key), "type": "event_params", "attributes": attributes}})


def _hook(books: Books, hook: Record) -> Json:
    event = books.event_by_id(hook.event_id)
    return printed(books, HOOK, hook, event, event=hook.event_id)


def _hooks(books: Books, call: Call, hooks: list[Record]) -> Response:
    page = page_wanted(books, call)
    return listing(books, call, page, len(hooks), [_hook(books, hook) for hook in cut(hooks, page)])


def _own_account(books: Books, call: Call) -> None:
    if call.parts["account_api_key"] != books.setting("api_key", ""):
        raise not_found()


def _create_hook(books: Books, call: Call, event: Record | None) -> Response:
    if books.switch("hooks_disabled", False):
        raise Refusal(422, "Web hooks are disabled.")
    wrong: dict[str, list[str]] = {}
    sent = {name: call.body.get(name) for name in ("target_url", "trigger")}
    for name, value in sent.items():
        if value is None or value == "":
            wrong[name] = ["can't be blank"]
        elif not isinstance(value, str) or (name == "target_url" and not value.startswith(("https://", "http://"))):
            wrong[name] = ["is invalid"]
    if wrong:
        raise Refusal(422, wrong)
    scope = event.id if event else None
    if _matching(books, scope, sent["target_url"], sent["trigger"]):
        raise invalid("target_url", "has already been taken")
    doc = HOOK.fresh(books.now()) | sent
    key = books.add(HOOK, doc, event_id=scope)
    return answer({"data": _hook(books, Record(key, doc, scope))}, 201)


def _delete_hook(books: Books, call: Call, scope: int | None) -> Response:
    gone = _matching(books, scope, call.either("target_url"), call.either("trigger"))
    if not gone:
        raise not_found()
    for hook in gone:
        books.drop(HOOK, hook.id)
    return answer(None)


def _matching(books: Books, scope: int | None, url: Any, trigger: Any) -> list[Record]:
    """The hooks of that scope and address; of one trigger, or of all where none is named."""
    return [
        hook
        for hook in books.everywhere(HOOK)
        if hook.event_id == scope and hook.doc["target_url"] == url and trigger in (None, "", hook.doc["trigger"])
    ]


_A: Final = "accounts/:account_api_key/web_hooks"

ENDPOINTS: Final = (
    Endpoint("GET", "web_hooks", list_hooks),
    Endpoint("GET", f"{E}/event_web_hooks", list_event_hooks),
    Endpoint("POST", f"{E}/event_web_hooks", create_event_hook),
    Endpoint("DELETE", f"{E}/event_web_hooks", delete_event_hook),
    Endpoint("POST", _A, create_account_hook),
    Endpoint("DELETE", _A, delete_account_hook),
    Endpoint("GET", "countries", countries, public=True),
    Endpoint("GET", "countries/:country_id/regions", regions, public=True),
    Endpoint("GET", "countries/:country_id/regions/:region_id/cities", cities, public=True),
    Endpoint("GET", "cities/:city_id", city, public=True),
    Endpoint("GET", f"{E}/event_params/:param_name", read_param),
    Endpoint("PATCH", f"{E}/event_params/:param_name", write_param),
)
