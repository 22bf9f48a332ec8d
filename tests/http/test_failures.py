"""How a refusal reads: who, what, the platform's own words, the next step; short and clean."""

import re

import httpx2
import pytest
from pydantic import SecretStr, TypeAdapter

from eventdesk_server.http.policy import Dialect, Refusal
from eventdesk_tools.errors import (
    AuthenticationFailed,
    Conflict,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    PlanRequired,
    ProviderChanged,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RejectedByProvider,
    SoldOut,
)
from tests.http.support import ADD, LIST, Row, Script, build, page, reply, sentence

pytestmark = pytest.mark.anyio

ROWS = TypeAdapter(list[Row])


async def failure(answer: httpx2.Response, dialect: Dialect | None = None, *, write: bool = False) -> ProviderError:
    """What a refusal raises."""
    client = build(Script(*[answer] * 3), dialect=dialect or Dialect(title="Platform", sentence=sentence))
    sent = client.send(client.prepare(ADD, path={"event": "7"}), Row) if write else client.read(LIST, ROWS)
    with pytest.raises(ProviderError) as caught:
        await sent
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (400, RejectedByProvider, "Platform (club) refused the request."),
        (401, AuthenticationFailed, "Platform (club) does not accept the account's key."),
        (403, PermissionDenied, "Platform (club) does not allow this with the account's key."),
        (404, NotFound, "Platform (club) has no such record."),
        (405, RejectedByProvider, "Platform (club) refused the request (status 405)."),
        (409, Conflict, "Platform (club) says that this conflicts with what is there."),
        (410, NotFound, "Platform (club) no longer has this record."),
        (422, RejectedByProvider, "Platform (club) refused the values."),
        (423, RateLimited, "Platform (club) has locked this for a while."),
        (429, RateLimited, "Platform (club) takes no more requests for now."),
        (500, ProviderUnavailable, "Platform (club) failed (status 500)."),
        (503, ProviderUnavailable, "Platform (club) failed (status 503)."),
    ],
)
async def test_each_status_has_its_failure(status: int, kind: type[ProviderError], message: str) -> None:
    bare = await failure(reply(status, b""))
    assert (type(bare), bare.message) == (kind, message)
    assert bare.next
    worded = await failure(reply(status, {"error": "Name\nis “required”."}))
    assert (type(worded), worded.message) == (kind, f'{message} It says: "Name is “required”."')
    assert (worded.retry_after is not None) == (kind is RateLimited)


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500])
async def test_a_web_page_is_named_and_never_shown(status: int) -> None:
    told = await failure(page(status))
    assert "Sorry" not in told.message
    if status != 200:
        assert f"blocked or misrouted, status {status}" in told.message
    else:
        assert isinstance(told, ProviderChanged)
        assert "a web page came instead of data" in told.message


async def test_a_page_after_a_write_leaves_it_unknown() -> None:
    assert isinstance(await failure(page(500), write=True), OutcomeUnknown)
    assert isinstance(await failure(page(403), write=True), PermissionDenied)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"text"',
        b"{",
        b"null",
        b"{}",
        b'{"error": 5}',
        b'{"error": null}',
        b'{"error": {"a": 1}}',
        b"\xff",
        b"[" * 9999,
    ],
)
async def test_an_error_body_of_any_shape_is_survived(body: bytes) -> None:
    told = await failure(reply(400, body))
    assert told.message == "Platform (club) refused the request."


async def test_plain_text_counts_as_a_sentence() -> None:
    answer = httpx2.Response(400, headers={"content-type": "text/plain"}, content=b"Bad <b>date</b>.")
    assert (await failure(answer)).message == 'Platform (club) refused the request. It says: "Bad date."'


HOSTILE = 'ignore "all"\r\n\x00\x1b[31m\u202eevil\u200b\U000e0041<script>x</script> &amp; ' + "é" * 5000


@pytest.mark.parametrize("status", [400, 401, 409, 429, 500])
@pytest.mark.parametrize("account", ["club", "a" * 32])
async def test_a_hostile_sentence_becomes_one_short_clean_quoted_line(status: int, account: str) -> None:
    client = build(Script(*[reply(status, {"error": HOSTILE})] * 3))
    client._voice.who = f"Event Schedule ({account})"  # pyright: ignore[reportPrivateUsage] - the longest name there is
    with pytest.raises(ProviderError) as caught:
        await client.read(LIST, ROWS)
    message = caught.value.message
    assert len(message) <= 300
    assert message.isprintable()
    assert message.count('"') == 2
    assert not set("\u202e\u200b\U000e0041\x1b<>") & set(message)
    assert "ignore 'all' evil & ééé" in message


REFUSALS = [
    Refusal(
        raises=PlanRequired,
        status=frozenset({403}),
        says=re.compile("pro (plan|account)", re.IGNORECASE),
        next="Upgrade.",
    ),
    Refusal(raises=SoldOut, status=frozenset({200, 422}), says=re.compile("sold out"), message="no places are left"),
    Refusal(raises=NotFound, status=frozenset({400}), message="it knows no such thing ({sentence})"),
]


async def test_refusals_come_before_the_statuses() -> None:
    dialect = Dialect(title="Platform", sentence=sentence, refusals=REFUSALS)
    told = await failure(reply(403, {"error": "Limited to Pro accounts"}), dialect)
    assert (type(told), told.next) == (PlanRequired, "Upgrade.")
    assert told.message == 'Platform (club) refused the request. It says: "Limited to Pro accounts"'
    assert isinstance(await failure(reply(403, {"error": "other"}), dialect), PermissionDenied)
    told = await failure(reply(422, {"error": "all sold out"}), dialect, write=True)
    assert (type(told), told.message) == (SoldOut, "Platform (club): no places are left")
    told = await failure(reply(400, {"error": "What?"}), dialect)
    assert (type(told), told.message) == (NotFound, "Platform (club): it knows no such thing (What?)")


async def test_a_failure_inside_a_200_is_one() -> None:
    dialect = Dialect(
        title="Platform",
        sentence=sentence,
        refusals=REFUSALS,
        succeeded=lambda body: "error" not in body,
    )
    assert isinstance(await failure(reply(200, {"error": "Nope"}), dialect), RejectedByProvider)
    assert isinstance(await failure(reply(200, {"error": "Nope"}), dialect, write=True), RejectedByProvider)
    assert isinstance(await failure(reply(200, {"error": "sold out"}), dialect, write=True), SoldOut)
    assert isinstance(await failure(reply(200, b"7"), dialect), ProviderChanged)
    assert isinstance(await failure(reply(200, b"{"), dialect, write=True), OutcomeUnknown)
    assert await build(Script(reply(200, [])), dialect=dialect).read(LIST, ROWS) == []


async def test_the_key_is_taken_out_of_the_platforms_own_words() -> None:
    told = await failure(
        reply(400, {"error": "bad key cAnArY+key/0815== or cAnArY%2Bkey%2F0815%3D%3D at /x?token=abc&a=1"})
    )
    assert told.message.endswith('"bad key *** or *** at /x?token=***&a=1"')


async def test_a_client_shows_itself_without_its_key() -> None:
    from eventdesk_server.http.credentials import PathToken

    client = build(Script(), credentials=PathToken(SecretStr("hush-hush")))
    assert repr(client) == "<ProviderClient Platform (club) at https://api.example.org/v1>"
