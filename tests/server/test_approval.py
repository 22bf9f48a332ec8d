"""The page on this computer where a person allows a change."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import httpx2
import pytest

from eventdesk_server.approval import ApprovalPage
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_tools.journal import Preview
from eventdesk_tools.plans import Question, Why

pytestmark = pytest.mark.anyio
PREVIEW = Preview(
    id="p1",
    tool="archive_event",
    arguments={"event": "club:1"},
    digest="d1",
    question=Question(text="Archive <b>Jazz</b>?", why=frozenset({Why.DESTRUCTIVE}), reversible=False),
    body={
        "account": "club",
        "changes": [{"field": "archived", "before": False, "after": True}],
        "requests": [{"method": "POST", "path": "/events/1/archive/", "body": {"a": "<script>x</script>"}}],
    },
)


@asynccontextmanager
async def opened() -> AsyncGenerator[tuple[SqliteJournal, str, httpx2.AsyncClient]]:
    journal = SqliteJournal()
    await journal.keep_preview(PREVIEW)
    page = ApprovalPage(journal)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            page.open(group)
            link = await page.link(PREVIEW)
            async with httpx2.AsyncClient(trust_env=False) as client:
                yield journal, link, client
            page.close()


async def test_the_page_shows_exactly_what_will_happen_as_text() -> None:
    async with opened() as (_, link, client):
        page = await client.get(link)
        assert page.status_code == 200
        assert "Archive &lt;b&gt;Jazz&lt;/b&gt;?" in page.text
        assert "POST /events/1/archive/" in page.text
        assert "<script>" not in page.text
        assert "archived" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert page.headers["cache-control"] == "no-store"


async def test_looking_at_the_page_approves_nothing() -> None:
    async with opened() as (journal, link, client):
        await client.get(link)
        assert await journal.approved("d1") is None


async def test_a_click_approves_once() -> None:
    async with opened() as (journal, link, client):
        assert "Allowed" in (await client.post(link, data={"answer": "yes"})).text
        assert (await journal.approved("d1")) == PREVIEW
        assert (await client.post(link, data={"answer": "yes"})).status_code == 410
        assert (await client.get(link)).status_code == 410


async def test_a_refusal_uses_the_preview_up() -> None:
    async with opened() as (journal, link, client):
        assert "Refused" in (await client.post(link, data={"answer": "no"})).text
        assert await journal.approved("d1") is None
        assert await journal.preview("p1") is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"host": "evil.example"}, 421), ({"sec-fetch-site": "cross-site"}, 403), ({"host": "127.0.0.1:1"}, 421)],
)
async def test_another_site_cannot_click_for_the_person(headers: dict[str, str], status: int) -> None:
    async with opened() as (journal, link, client):
        answer = await client.post(link, data={"answer": "yes"}, headers=headers)
        assert answer.status_code == status
        assert await journal.approved("d1") is None


async def test_a_guessed_link_shows_nothing() -> None:
    async with opened() as (_, link, client):
        assert (await client.get(link[:-1])).status_code == 410
        assert (await client.get(link.replace("/approve/", "/"))).status_code == 404
