"""evvnt's stand-in: what partners and publishers write, packages and users."""

from typing import Any

import pytest

from tests.sandbox.evvnt_desk import NEW, OTHER, THEIRS, USER, StockedDesk

pytestmark = pytest.mark.anyio


async def test_a_partner_writes_for_a_user_it_names() -> None:
    desk = StockedDesk()
    for path in ("/events", "/events?user_id=nobody", "/packages", "/packages?user_id=nobody"):
        assert await desk.send("POST", path, NEW, "partner", 403) == {"errors": ["Unknown user id"]}
    query = f"user_id={USER}&publisher_id=324&package_id={THEIRS}"
    number = await desk.create("partner", f"/events?{query}")
    assert desk.used(THEIRS) == 1
    assert (await desk.send("GET", f"/events/ours/{number}", role="partner"))["user_id"] == USER
    for wrong in ("", "?user_id=nobody", f"?user_id={OTHER}"):
        answer = await desk.send("PUT", f"/events/{number}{wrong}", {"title": "N"}, "partner", 403)
        assert answer == {"errors": ["Incorrect user id"]}
    assert await desk.send("PUT", f"/events/{number}?user_id={USER}", {"title": "N"}, "partner") == {}
    await desk.send("PUT", f"/events/1?user_id={USER}", {"title": "N"}, "partner", 404)


async def test_a_partners_package_and_publisher_must_fit_the_user() -> None:
    desk = StockedDesk()
    for query, complaint in (
        (f"user_id={OTHER}&package_id={THEIRS}", "Event package_id is not one of your packages"),
        (f"user_id={USER}&publisher_id=1", "Publisher is not known"),
        (f"user_id={USER}&publisher_id=x", "Publisher is not known"),
    ):
        assert await desk.complaints(NEW, f"/events?{query}", "partner") == [complaint]
    await desk.create("partner", f"/events?user_id={USER}", package_id=THEIRS)
    assert desk.used(THEIRS) == 1


async def test_a_partner_may_send_one_image_as_text() -> None:
    desk = StockedDesk()
    number = await desk.create("partner", f"/events?user_id={USER}", image_urls="https://a.example/1")
    assert (await desk.event(number))["image_urls"] == ["https://a.example/1"]


async def test_a_package_is_bought_and_listed() -> None:
    desk = StockedDesk()
    order = {"id": 61, "event_quantity": 5, "purchase_order_id": "PO235"}
    number = (await desk.send("POST", "/packages", order))["id"]
    package = {
        "uuid": number,
        "type": "SinglePackage",
        "broadcast_volume": 45,
        "event_quantity": 5,
        "purchase_order_id": "PO235",
        "notes": "",
        "purchase_date": "2027-03-02",
    }
    assert (await desk.send("GET", "/packages/mine"))[-1] == package
    assert await desk.send("GET", f"/packages/{number}") == package
    await desk.send("GET", f"/packages/{number}", role="partner", status=404)
    theirs = (await desk.send("POST", f"/packages?user_id={OTHER}", order, "partner"))["id"]
    assert await desk.send("GET", f"/users/{OTHER}/packages", role="partner") == [
        {**package, "uuid": theirs, "user_id": OTHER}
    ]
    assert await desk.send("GET", "/packages/mine", role="partner") == []


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        ({"id": 61}, ["Package event_quantity can't be blank, is not a number"]),
        ({}, ["Package id can't be blank", "Package event_quantity can't be blank, is not a number"]),
        ({"id": 61, "event_quantity": "5"}, ["Package event_quantity is not a number"]),
        ({"id": 61, "event_quantity": 0}, ["Package event_quantity must be greater than 0"]),
        ({"id": 62, "event_quantity": 1}, ["Package id is not a package option of your contract"]),
        ({"id": 61, "event_quantity": 1, "notes": 5}, ["Package notes is invalid"]),
    ],
)
async def test_a_wrong_order_buys_nothing(body: dict[str, Any], complaints: list[str]) -> None:
    desk = StockedDesk()
    assert await desk.complaints(body, "/packages") == complaints
    assert len(await desk.send("GET", "/packages/mine")) == 2


async def test_users_are_made_read_and_changed() -> None:
    desk = StockedDesk()
    number = (await desk.send("POST", "/users", {"name": "Delores Smith", "email": "d@example.com"}, "partner"))["id"]
    path = f"/users/{number}"
    everybody = await desk.send("GET", "/users", role="partner")
    assert everybody[-1] == {"uuid": number, "name": "Delores Smith", "email": "d@example.com"}
    assert await desk.send("GET", path, role="partner") == {"name": "Delores Smith", "email": "d@example.com"}
    assert await desk.send("PUT", path, {"email": "d2@example.com"}, "partner") == {}
    assert await desk.send("PUT", path, {}, "partner") == {}
    assert await desk.send("GET", path, role="partner") == {"name": "Delores Smith", "email": "d2@example.com"}
    assert "uuid" in await StockedDesk(user_uuid=True).send("GET", f"/users/{USER}", role="partner")
    for method, where in (("GET", "/users/nobody"), ("PUT", "/users/nobody"), ("GET", "/users/nobody/packages")):
        await desk.send(method, where, {}, "partner", 404)


@pytest.mark.parametrize(
    ("method", "body", "complaints"),
    [
        ("POST", {}, ["Name can't be blank", "Not a valid email address"]),
        ("POST", {"name": 5, "email": "a@example"}, ["Name is invalid", "Not a valid email address"]),
        ("PUT", {"email": "nowhere"}, ["Not a valid email address"]),
        ("PUT", {"name": ""}, ["Name can't be blank"]),
    ],
)
async def test_a_wrong_user_is_refused(method: str, body: dict[str, Any], complaints: list[str]) -> None:
    path = "/users" if method == "POST" else f"/users/{USER}"
    assert await StockedDesk().complaints(body, path, "partner", method) == complaints


async def test_a_live_page_is_reported_by_url_or_slug() -> None:
    desk = StockedDesk()
    number = await desk.create()
    desk.standin.load({"published_events": [{"publisher_id": 324, "event_id": number}]})
    path = f"/publishers/324/published_events/{number}"

    async def url_after(body: dict[str, Any]) -> str:
        assert await desk.send("PUT", path, body, "publisher") == {}
        return (await desk.send("GET", path, role="publisher"))["url"]

    assert await url_after({"url": "https://new.example.com"}) == "https://new.example.com"
    assert await url_after({"slug": "events/quay"}) == "https://suuper.example.com/events/quay"
    assert await url_after({"url": "https://c.example", "slug": "d"}) == "https://c.example"
    for body, complaint in (
        ({}, "Url can't be blank"), ({"url": 5}, "Url is invalid"), ({"url": "x"}, "Url is invalid"),
        ({"slug": 5}, "Slug is invalid"),
    ):  # fmt: skip
        assert await desk.complaints(body, path, "publisher", "PUT") == [complaint]
    await desk.send("PUT", path, {"url": "https://c.example"}, "organiser", 404)
    await desk.send("PUT", "/publishers/324/published_events/1", {"url": "https://c.example"}, "publisher", 404)
    desk.world.switches["evvnt.slug_and_url"] = "reject"
    both = {"url": "https://c.example", "slug": "d"}
    assert await desk.complaints(both, path, "publisher", "PUT") == ["Slug is not allowed together with url"]
