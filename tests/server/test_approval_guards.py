"""Who may press the button on the page where a person allows a change: that person, once."""

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Mapping

import anyio
import httpx2
import pytest

from tests.server.pages import CLICKED, opened

pytestmark = pytest.mark.anyio
NOT_A_CLICK: Mapping[str, tuple[Mapping[str, str], int]] = {
    "another host's name that leads here": ({**CLICKED, "host": "evil.example"}, 421),
    "another port": ({**CLICKED, "host": "127.0.0.1:1"}, 421),
    "another site's form": ({"sec-fetch-site": "cross-site"}, 403),
    "another program's page on this computer": ({"sec-fetch-site": "same-site"}, 403),
    "an address typed in": ({"sec-fetch-site": "none"}, 403),
    "another origin": ({"origin": "http://evil.example"}, 403),
    "another origin that claims to be this site": ({**CLICKED, "origin": "http://127.0.0.1:1"}, 403),
    "an origin that is kept secret": ({**CLICKED, "origin": "null"}, 403),
    "a program that is no browser": ({}, 403),
}


@pytest.mark.parametrize("what", NOT_A_CLICK)
async def test_nobody_clicks_for_the_person(what: str) -> None:
    headers, status = NOT_A_CLICK[what]
    async with opened() as page:
        assert (await page.click(headers=headers)).status_code == status
        assert await page.untouched()


async def test_a_browser_that_names_only_the_origin_is_a_browser() -> None:
    async with opened() as page:
        origin = page.link.split("/approve/")[0]
        assert "Allowed" in (await page.click(headers={"origin": origin})).text


async def test_of_fifty_clicks_at_once_one_counts() -> None:
    async with opened() as page:
        statuses: Counter[int] = Counter()

        async def click() -> None:
            statuses[(await page.click()).status_code] += 1

        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(click)
        assert statuses == {200: 1, 410: 49}
        assert await page.journal.approved("d1") is not None


async def test_of_a_yes_and_a_no_at_once_one_counts() -> None:
    async with opened() as page:
        said: list[str] = []

        async def click(answer: str) -> None:
            said.append((await page.click(answer)).text)

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(click, "yes")
                group.start_soon(click, "no")
        allowed, refused = (sum(f"<h1>{word}</h1>" in text for text in said) for word in ("Allowed", "Refused"))
        assert allowed + refused == 1
        assert (await page.journal.approved("d1") is not None) is bool(allowed)


@pytest.mark.parametrize(
    "body", [b"", b"answer=maybe", b"answer=YES", b"answer=yes&answer=no", b"answer=yes" + b" " * 90]
)
async def test_a_form_with_anything_but_the_pages_own_two_answers_changes_nothing(body: bytes) -> None:
    async with opened() as page:
        assert (await page.client.post(page.link, content=body, headers=CLICKED)).status_code == 400
        assert await page.untouched()


async def test_an_oversized_form_is_not_read_to_its_end() -> None:
    async with opened() as page:
        sent = 0

        async def endless() -> AsyncGenerator[bytes]:
            nonlocal sent
            yield b"answer=yes"
            for _ in range(1_000):
                sent += 1
                yield b"x" * 100_000

        with contextlib.suppress(httpx2.TransportError):  # the page hangs up, maybe before its answer was read
            assert (await page.client.post(page.link, content=endless(), headers=CLICKED)).status_code == 400
        assert sent < 1_000
        assert await page.untouched()


async def test_a_form_that_never_comes_whole_blocks_nobody_and_changes_nothing() -> None:
    async with opened() as page:
        port = int(page.link.split(":")[2].split("/")[0])
        path = page.link.split(str(port))[1]
        async with await anyio.connect_tcp("127.0.0.1", port) as slow:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\r\nanswer"
            await slow.send(head.encode())
            assert (await page.look()).status_code == 200
            assert await page.untouched()
            assert "Allowed" in (await page.click()).text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "YES"])
async def test_other_methods_change_nothing(method: str) -> None:
    async with opened() as page:
        answer = await page.client.request(method, page.link, content=b"answer=yes", headers=CLICKED)
        assert answer.status_code == 405
        assert await page.untouched()


async def test_a_guessed_link_shows_nothing() -> None:
    async with opened() as page:
        assert (await page.client.get(page.link[:-1])).status_code == 410
        assert (await page.client.get(page.link.replace("/approve/", "/"))).status_code == 404
        assert await page.untouched()


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_a_click_on_what_was_answered_elsewhere_meanwhile_says_so(answer: str) -> None:
    async with opened() as page:

        async def form() -> AsyncGenerator[bytes]:
            assert await page.journal.consume("p1")  # the page was still open when the click began
            yield f"answer={answer}".encode()

        clicked = await page.client.post(page.link, content=form(), headers=CLICKED)
        assert clicked.status_code == 410
        assert "No longer open" in clicked.text


async def test_a_no_takes_back_a_yes_that_was_not_used_yet() -> None:
    async with opened() as page:
        assert await page.journal.approve("p1")
        assert "Refused" in (await page.click("no")).text
        assert await page.journal.approved("d1") is None


async def test_who_clicks_first_has_the_say_also_when_another_click_had_begun_before() -> None:
    async with opened() as page:

        async def form() -> AsyncGenerator[bytes]:
            assert "Allowed" in (await page.click()).text
            yield b"answer=no"

        late = await page.client.post(page.link, content=form(), headers=CLICKED)
        assert (late.status_code, late.headers["connection"]) == (410, "close")
        assert await page.journal.approved("d1") is not None
