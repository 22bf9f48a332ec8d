"""The page on this computer where a person allows a change."""

import json

import pytest

from eventdesk_tools.answers import compact
from tests.server.pages import PREVIEW, opened, requests_on

pytestmark = pytest.mark.anyio


async def test_the_page_shows_exactly_what_will_happen_as_text() -> None:
    async with opened() as page:
        shown = await page.look()
        assert shown.status_code == 200
        assert "Archive &lt;b&gt;Jazz&lt;/b&gt;?" in shown.text
        assert "POST /events/1/archive/" in shown.text
        assert "<script>" not in shown.text
        assert "archived" in shown.text
        assert shown.headers["content-security-policy"].startswith("default-src 'none'")
        assert shown.headers["cache-control"] == "no-store"


async def test_a_body_is_shown_byte_for_byte_as_it_will_be_sent() -> None:
    sent = {"name": 'שוק <b>&amp; "Quay"', "note": "line\none\\two", "who": "👩‍👧 می‌خواهم é", "n": 1.5, "no": None}
    async with opened({"requests": [{"method": "PUT", "path": "/events/1?a=1&b=2", "body": sent}]}) as page:
        (shown,) = requests_on((await page.look()).text)
        assert shown == f"PUT /events/1?a=1&b=2\n{compact(sent)}"


async def test_what_the_eye_cannot_see_is_written_out() -> None:
    sent = {"name": "pay\u202efdp", "hidden": "a\u200b\u200d\u200db\U000e0041\u00a0c"}
    async with opened({"requests": [{"method": "PUT", "path": "/events/1", "body": sent}]}) as page:
        (shown,) = requests_on((await page.look()).text)
        line, _, body = shown.partition("\n")
        assert (line, json.loads(body)) == ("PUT /events/1", sent)
        assert "\\u202e" in body
        assert "\\u200b" in body
        assert body.isprintable()
        assert body.isascii() is False or "\u200d\u200d" not in body


async def test_everything_that_the_assistant_is_told_of_the_change_is_on_the_page() -> None:
    body = {
        "outcome": "preview", "account": "club", "summary": "A copy", "question": "?", "mail": "yes",
        "not_copied": ["flyer", "passes"], "price": "25.00 GBP", "notes": ["Skipped dates may be lost."],
        "columns": ["ref", "outcome"], "rows": [["club:1:a-2", "not_found"]],
        "changes": [{"field": "title", "before": "שוק", "after": None}], "requests": [],
    }  # fmt: skip
    async with opened(body) as page:
        shown = (await page.look()).text
        for text in (
            "A copy",
            "flyer",
            "passes",
            "25.00 GBP",
            "Skipped dates may be lost.",
            "club:1:a-2",
            "שוק",
            "null",
        ):
            assert text in shown, text


async def test_looking_at_the_page_approves_nothing() -> None:
    async with opened() as page:
        assert (await page.look()).status_code == 200
        assert (await page.client.head(page.link)).status_code == 200
        assert await page.untouched()


async def test_a_click_approves_once() -> None:
    async with opened() as page:
        assert "Allowed" in (await page.click()).text
        assert (await page.journal.approved("d1")) == PREVIEW
        assert (await page.click()).status_code == 410
        assert (await page.look()).status_code == 410


async def test_a_refusal_uses_the_preview_up() -> None:
    async with opened() as page:
        assert "Refused" in (await page.click("no")).text
        assert await page.journal.approved("d1") is None
        assert await page.journal.preview("p1") is None
