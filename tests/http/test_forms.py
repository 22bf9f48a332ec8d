"""Files leave as a form of several parts, with the same bytes as were shown."""

import email
import email.policy

import pytest

from eventdesk_server.http.building import FilePart, content_of, form_of, prepare_write
from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.http.redaction import redacted
from eventdesk_tools.errors import InvalidArguments
from tests.http.support import CANARY, Script, build, reply

pytestmark = pytest.mark.anyio
UPLOAD = Operation(
    name="upload_poster",
    method="POST",
    path="events/{event}/poster",
    effect=Effect.ADD,
    summary="Upload a poster.",
    params=(Param("event", "path"), Param("title", "body"), Param("poster", "body", "file")),
)
POSTER = FilePart('sum"mer.png', b"\x89PNG\r\n--not a boundary\x00")


async def test_a_file_is_sent_as_a_form_and_shown_by_name_size_and_digest() -> None:
    script = Script(reply(201, {"id": 5}))
    client = build(script)
    prepared = client.prepare(UPLOAD, path={"event": "7"}, body={"title": "Zoë"}, files={"poster": POSTER})
    await client.send(prepared, dict)
    (request,) = script.requests
    assert script.targets == ["POST /v1/events/7/poster"]
    kind = request.headers["content-type"]
    parsed = email.message_from_bytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + script.bodies[0], policy=email.policy.HTTP
    )
    parts = [(p.get_param("name", header="content-disposition"), p.get_payload(decode=True)) for p in parsed.walk()][1:]
    assert parts == [("title", "Zoë".encode()), ("poster", POSTER.content)]
    assert b'filename="sum%22mer.png"\r\nContent-Type: image/png\r\n' in script.bodies[0]
    assert prepared.planned.body == {
        "title": "Zoë",
        "poster": f'<sum"mer.png, {len(POSTER.content)} bytes, sha256 {str(POSTER).split()[-1]}',
    }
    assert "PNG" not in repr(prepared)


def test_the_same_form_has_the_same_bytes_and_no_part_holds_its_boundary() -> None:
    first, second = (form_of({"title": "x"}, {"poster": POSTER}) for _ in range(2))
    assert first == second
    boundary = first[1].partition("boundary=")[2].encode()
    assert first[0].count(boundary) == 3
    assert boundary not in POSTER.content


def test_a_name_cannot_break_out_of_its_header() -> None:
    content, _ = form_of({'a"\r\nX: y': "v"}, {"poster": FilePart('p"\r\nSet: z', b"1")})
    assert b"\r\nX: y" not in content
    assert b"\r\nSet: z" not in content


def test_a_form_refuses_half_a_character() -> None:
    with pytest.raises(InvalidArguments):
        form_of({"title": "\ud800"}, {"poster": POSTER})


async def test_other_bodies_keep_the_platforms_own_content_type() -> None:
    script = Script(reply(), reply())
    client = build(script)
    await client.send(client.prepare(UPLOAD, path={"event": "7"}, body={"title": "x"}), object)
    await client.send(client.prepare(UPLOAD, path={"event": "7"}), object)
    assert [request.headers.get("content-type") for request in script.requests] == ["application/json", None]
    prepared = prepare_write(UPLOAD, {"event": "7"}, None, {"title": "x"}, {})
    assert content_of(prepared.content, {}) == b'{"title":"x"}'


async def test_an_answer_is_freed_of_the_accounts_own_key_in_every_place() -> None:
    client = build(Script(reply(200, {})))
    await client.send(client.prepare(UPLOAD, path={"event": "7"}), object)
    told = {"a": [f"https://x/?k={CANARY}", {CANARY: 1}], "n": 5, "t": None, "u": "/events?token=abc&x=1"}
    assert client.without_secrets(told) == {
        "a": ["https://x/?k=***", {"***": 1}], "n": 5, "t": None, "u": "/events?token=***&x=1",
    }  # fmt: skip
    assert redacted({"a": "b"}, ()) == {"a": "b"}
