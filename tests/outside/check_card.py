"""The page of `event_summary` in a real browser: light, dark, narrow, wide, by keyboard, heard, and inside a chat app."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import CallToolResult, TextResourceContents

from eventdesk_server import card
from tests.outside.check_approval_page import browser
from tests.outside.summaries import SUMMARIES
from tests.outside.support import HERE, NODE, ROOT, run
from tests.support import NOW

SOURCES = ROOT / "packaging" / "card"
BUILT = ROOT / "server" / "eventdesk_server" / "card" / "page.html"
DARK, LIGHT = "rgb(21, 23, 28)", "rgb(255, 255, 255)"
FAIR, PLAYS = "demo-eventtia:harbor-design-days", "demo-eventschedule:8oBfKB"


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is met on every page, told once."""
    folder = tmp_path_factory.mktemp("pages")
    for name, data in SUMMARIES.items():
        (folder / f"{name}.html").write_text(card.page_with(data), encoding="utf-8")

    async def look() -> dict[str, Any]:
        (folder / "host.json").write_text(json.dumps(await _from_the_server(folder)), encoding="utf-8")
        words = [str(NODE), str(HERE / "see_card.mjs"), browser(), str(folder)]
        ran = await run([*words, *filter(None, [os.environ.get("PICTURES")])], seconds=400)
        assert ran.code == 0, ran.said
        return json.loads(ran.out)

    return anyio.run(look)


async def _from_the_server(folder: Path) -> dict[str, Any]:
    """The page and results as a chat app gets them from the server over pipes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTDESK_")}
    env = {**kept, "EVENTDESK_NOW": NOW.isoformat(), "EVENTDESK_STATE_FOLDER": str(folder / "state")}
    server = StdioServerParameters(command=sys.executable, args=["-m", "eventdesk_server"], env=env)
    pages = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})
    with anyio.fail_after(120):
        async with Client(server, extensions=[pages]) as client:
            (tool,) = [tool for tool in (await client.list_tools()).tools if tool.meta]
            (page,) = (await client.read_resource((tool.meta or {})["ui"]["resourceUri"])).contents
            one = await client.call_tool(tool.name, {"events": [FAIR]})
            two = await client.call_tool(tool.name, {"events": [FAIR, PLAYS]})
            wrong = await client.call_tool(tool.name, {"events": ["demo-eventtia:nowhere"]})
    assert isinstance(page, TextResourceContents)
    variables = {"--font-sans": "serif", "--color-text-primary": "#fafafa"}
    return {
        "html": page.text,
        "results": {"one": _sent(one), "two": _sent(two), "words": _sent(one, bare=True), "wrong": _sent(wrong)},
        "context": {"theme": "dark", "locale": "en-US", "styles": {"variables": variables}},
    }


def _sent(result: CallToolResult, *, bare: bool = False) -> dict[str, Any]:
    """A result as the host passes it on; `bare` as one that drops what it does not know."""
    sent = result.model_dump(by_alias=True, exclude_none=True, mode="json")
    return {"content": sent["content"]} if bare else sent


def test_the_committed_page_is_what_its_sources_build(tmp_path: Path) -> None:
    made = tmp_path / "page.html"

    async def build() -> None:
        ran = await run([str(NODE), str(SOURCES / "build.mjs"), str(made)], seconds=120)
        assert ran.code == 0, ran.said

    anyio.run(build)
    assert made.read_bytes() == BUILT.read_bytes(), "run npm run build in packaging/card"


def test_the_page_names_what_it_contains_and_its_licence() -> None:
    page = BUILT.read_text(encoding="utf-8")
    for name in ("chart.js", "@kurkle/color"):
        told = json.loads((SOURCES / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        assert f"{name} {told['version']}" in page
        assert told["license"] == "MIT"
    assert page.count("Permission is hereby granted") == 2
    assert len(BUILT.read_bytes()) < 250_000


def test_no_page_asks_for_anything_or_complains(met: dict[str, Any]) -> None:
    assert {name: seen["trouble"] for name, seen in met["seen"].items() if seen["trouble"]} == {}


def test_no_page_is_wider_than_its_window(met: dict[str, Any]) -> None:
    assert {name: seen["wider"] for name, seen in met["seen"].items() if seen["wider"] > 0} == {}


def test_no_page_has_a_fault_of_accessibility(met: dict[str, Any]) -> None:
    assert {name: seen["faults"] for name, seen in met["seen"].items() if seen["faults"]} == {}


def test_every_page_follows_the_person_s_light_or_dark(met: dict[str, Any]) -> None:
    for name, seen in met["seen"].items():
        assert seen["background"] == (DARK if name.endswith("dark") else LIGHT)


def test_charts_are_drawn_in_colours_and_told_in_words_and_tables(met: dict[str, Any]) -> None:
    for name in ("usual", "arabic", "currencies", "free", "long", "two"):
        seen = met["seen"][f"{name} 1200 dark"]
        assert len(seen["drawn"]) == 1
        assert min(seen["drawn"]) > 10
        assert 'img "' in seen["heard"]
        assert 'slider "' in seen["heard"]
        assert 'table "Regist' in seen["heard"]
    heard = met["seen"]["usual 320 light"]["heard"]
    assert 'img "Registrations over time. 140 registrations by week.' in heard
    assert 'row "Balcony £32.50 60 Sold out"' in heard
    assert 'columnheader "Left"' in heard


def test_text_of_the_right_runs_from_the_right_and_turns_nothing_else(met: dict[str, Any]) -> None:
    seen = met["seen"]["arabic 320 light"]
    assert seen["direction"] == "rtl"
    assert seen["names"][:2] == ["rtl", "rtl"]
    assert met["seen"]["usual 320 light"]["direction"] == "ltr"
    assert "KWD 1,260.250" in seen["text"].replace("\u00a0", " ")


def test_markup_in_a_name_stays_text(met: dict[str, Any]) -> None:
    seen = met["seen"]["long 320 light"]
    assert "</script><script>alert(1)</script>" in seen["text"].replace("\n", "")
    assert seen["scripts"] == 2


def test_currencies_stand_side_by_side_and_an_unknown_one_is_said(met: dict[str, Any]) -> None:
    text = met["seen"]["currencies 1200 dark"]["text"]
    for part in ("£5,230.50", "JP¥120,000", "79.00", "currency not known"):
        assert part in text
    assert "125" not in text


def test_an_event_without_anybody_or_money_says_so_plainly(met: dict[str, Any]) -> None:
    none, free = met["seen"]["none 320 light"], met["seen"]["free 320 light"]
    assert "Nobody has registered yet." in none["text"]
    assert none["drawn"] == []
    assert "Revenue" not in free["text"]
    assert "Free" in free["text"]
    assert "does not tell check-ins" in free["text"]
    assert "Checked in" not in free["text"]


def test_registrations_without_a_date_are_said_to_be_missing_from_the_chart(met: dict[str, Any]) -> None:
    assert "4 registrations without a date are not in it." in met["seen"]["undated 320 light"]["text"]


def test_five_thousand_days_are_gathered_into_months(met: dict[str, Any]) -> None:
    text = met["seen"]["long 1200 dark"]["text"]
    assert "5,000 registrations by month" in text


def test_what_could_not_be_read_is_counted(met: dict[str, Any]) -> None:
    text = met["seen"]["many 1200 dark"]["text"]
    assert text.startswith("5 of 6 events")
    assert "listings: rate_limited" in text


def test_everything_can_be_done_by_keyboard(met: dict[str, Any]) -> None:
    one, several = met["keys"]["one"], met["keys"]["several"]
    assert one["stops"] == ["radio solid true", "range solid true", "summary solid true", "div solid true"]
    assert one["switched"] is True
    assert one["first"] != one["home"] != one["next"]
    assert one["told"] == one["home"].replace("\n", ": ")
    assert one["rows"] == 22
    assert one["pointed"] not in (one["first"], one["home"], one["next"])
    assert several["second"].startswith("BUTTON Founders")
    assert several["opened"] == "H1 Founders' Breakfast"
    assert several["back"] == "BUTTON All events"
    assert several["returned"] == several["second"]


def test_the_page_may_reach_nothing_and_run_nothing_but_its_own(met: dict[str, Any]) -> None:
    assert met["keys"]["one"]["refused"] == ["connect-src", "img-src", "script-src-elem"]
    assert met["keys"]["one"]["broken"] is False


def test_a_chat_app_s_official_bridge_shows_the_server_s_page_and_result(met: dict[str, Any]) -> None:
    host = met["host"]
    assert set(host) == {"one", "two", "words", "wrong"}
    for seen in host.values():
        assert seen["app"] == {"name": "eventdesk-summary", "version": "1"}
        assert seen["background"] == DARK
        assert (seen["trouble"], seen["faults"], seen["scrolls"], seen["left"]) == ([], [], False, {})
        assert seen["heights"]
        assert abs(seen["shown"] - seen["heights"][-1]) <= 1
    assert "Harbor Design Days" in host["one"]["text"]
    assert "Registrations over time" in host["one"]["text"]
    assert "Side by side" in host["two"]["text"]
    assert "Demo data" in host["two"]["text"]
    assert "no such record" in host["wrong"]["text"]


def test_a_host_that_passes_on_nothing_but_the_answer_still_has_a_page(met: dict[str, Any]) -> None:
    text = met["host"]["words"]["text"]
    assert "Harbor Design Days" in text
    assert "The last " in text
    assert "Tickets" in text
