"""The page where a person allows a change, opened, with a client that can look at it and click."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import anyio
import httpx2
from typing_extensions import override

from eventdesk_server.approval import ApprovalPage
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_tools.journal import Preview
from eventdesk_tools.models import Json
from eventdesk_tools.plans import Question, Why

CLICKED = {"sec-fetch-site": "same-origin"}
"""What a browser says of its own accord when a person uses a page's form."""
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


@dataclass
class Page:
    """A preview's page, and the journal behind it."""

    journal: SqliteJournal
    page: ApprovalPage
    link: str
    client: httpx2.AsyncClient

    async def look(self) -> httpx2.Response:
        return await self.client.get(self.link)

    async def click(self, answer: str = "yes", headers: Mapping[str, str] = CLICKED) -> httpx2.Response:
        return await self.client.post(self.link, data={"answer": answer}, headers=dict(headers))

    async def untouched(self) -> bool:
        """Whether the question is still open and nobody said yes."""
        return await self.journal.preview("p1") is not None and await self.journal.approved("d1") is None


@asynccontextmanager
async def opened(body: Mapping[str, Json] | None = None) -> AsyncGenerator[Page]:
    journal = SqliteJournal()
    preview = replace(PREVIEW, body=body) if body is not None else PREVIEW
    await journal.keep_preview(preview)
    page = ApprovalPage(journal)
    with anyio.fail_after(20):
        async with anyio.create_task_group() as group:
            page.open(group)
            link = (await page.offer(preview)).link
            try:
                async with httpx2.AsyncClient(trust_env=False) as client:
                    yield Page(journal, page, link, client)
            finally:
                page.close()


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._inside = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self._inside = True
            self.blocks.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    @override
    def handle_data(self, data: str) -> None:
        if self._inside:
            self.blocks[-1] += data


def requests_on(page: str) -> list[str]:
    """The requests that the page shows, as a person reads them: the line, then the body."""
    reader = _Blocks()
    reader.feed(page)
    return reader.blocks
