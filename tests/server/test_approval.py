"""The page on this computer where a person allows a change."""

import json

import pytest

from eventdesk_tools.answers import compact
from eventdesk_tools.models import Json
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


async def test_the_page_is_this_and_nothing_else() -> None:
    body: dict[str, Json] = {
        "outcome": "preview",
        "account": "club",
        "question": "left to the question itself",
        "fee_total": "2 < 3 EUR",
        "guests": ["Ada", "Bo"],
        "changes": [{"field": "title", "before": "Jazz", "after": None}],
        "notes": ["It rounds.", "It mails."],
        "requests": [{"method": "POST", "path": "/a", "body": {"a": ""}}, {"method": "DELETE", "path": "/b"}],
    }
    async with opened(body) as page:
        found = await page.look()
    main = found.text.partition("<main>")[2].partition("</main>")[0]
    assert main == (
        "<h1>Allow this?</h1><p dir=auto>Archive &lt;b&gt;Jazz&lt;/b&gt;?</p><dl><dt>Account</dt><dd dir=auto>club</dd>"
        "<dt>title</dt><dd><bdi>&quot;Jazz&quot;</bdi> → <bdi>null</bdi></dd>"
        "<dt>fee total</dt><dd dir=auto>2 &lt; 3 EUR</dd><dt>guests</dt><dd dir=auto>[&quot;Ada&quot;,&quot;Bo&quot;]</dd></dl>"
        "<p dir=auto>It rounds.</p><p dir=auto>It mails.</p><h2>What will be sent</h2><ol>"
        '<li><pre>POST /a\n{"<bdi>a</bdi>":"<bdi></bdi>"}</pre></li><li><pre>DELETE /b</pre></li></ol>'
        '<form method="post"><button class="yes" name="answer" value="yes">Allow, once</button>'
        '<button class="no" name="answer" value="no">Refuse</button></form>'
    )
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
    assert found.headers.get("connection") != "close"
