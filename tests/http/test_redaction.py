"""Secrets out of text, wherever they stand and however they are written; and everything else stays."""

import base64
import logging
from collections.abc import Callable

import httpx2
import pytest
from pydantic import SecretStr

from eventdesk_server.http.redaction import WithoutUrls, is_secret_name, redact, redacted

SECRET = "häß-lich/7+x"
"""With what is written otherwise in a path, in a query, in base64 and in Python."""


@pytest.mark.parametrize(
    "name",
    [
        "token", "Token", "access_token", "access-token", "accesstoken", "api_key", "API-Key", "apikey", "x-api-key", "X_Auth_Token",
        "authorization", "client_secret", "passwd", "password", "refresh_token", "secret", "signature",
    ],
)  # fmt: skip
def test_a_field_that_is_called_like_a_secret_holds_one(name: str) -> None:
    assert is_secret_name(name)
    assert redact(f"https://x.example/?{name}=abc", []) == f"https://x.example/?{name}=***"


@pytest.mark.parametrize("name", ["tokens", "my_token", "key", "api", "secretary", "password2", "x-key", ""])
def test_a_field_of_another_name_holds_none(name: str) -> None:
    assert not is_secret_name(name)
    assert redact(f"https://x.example/?{name}=abc", []) == f"https://x.example/?{name}=abc"


@pytest.mark.parametrize("end", [" b", "&b=1", ";b", "#b", "/b", "'b", '"b', "<b", ">b", "\nb"])
@pytest.mark.parametrize("begin", ["?", "&", ";", "/"])
@pytest.mark.parametrize("joint", ["=", ":"])
def test_a_named_value_goes_and_what_stands_around_it_stays(begin: str, joint: str, end: str) -> None:
    assert redact(f"a{begin}token{joint}s3cr3t!{end}", []) == f"a{begin}token{joint}***{end}"


@pytest.mark.parametrize("text", ["say token=abc", "token=abc", "?token= abc", "?tokenabc", "?token~abc"])
def test_words_that_only_speak_of_a_token_stay(text: str) -> None:
    assert redact(text, []) == text


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        "h%C3%A4%C3%9F-lich%2F7%2Bx", "h%c3%a4%c3%9f-lich%2f7%2bx",  # percent-encoded, in either case
        "h%C3%A4%C3%9F-lich/7%2Bx",  # in a path, where a slash stays
        "h%25C3%25A4%25C3%259F-lich%252F7%252Bx",  # encoded twice
        "h%C3%A4%C3%9F%2Dlich%2F7%2Bx", "h%c3%a4%c3%9f%2dlich%2f7%2bx",  # with what needs no encoding
        "aMOkw58tbGljaC83K3g=", "aMOkw58tbGljaC83K3g",  # base64, also without its end
    ],
)  # fmt: skip
def test_a_secret_goes_in_every_spelling(spelling: str) -> None:
    assert redact(f"<{spelling}>", [SecretStr(SECRET)]) == "<***>"


def test_a_blank_in_a_secret_may_be_written_as_plus() -> None:
    assert redact("q=open+sesame", [SecretStr("open sesame")]) == "q=***"


def test_a_secret_goes_as_python_writes_it() -> None:
    assert redact(repr({"key": "a\\b\nc"}), [SecretStr("a\\b\nc")]) == "{'key': '***'}"


@pytest.mark.parametrize("before", ["", "u", "me", "joa", "joan:"])
@pytest.mark.parametrize("after", ["", "!", ":x", "abc"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_inside_base64_at_most_the_characters_stay_that_its_neighbours_share(
    before: str, after: str, encode: Callable[[bytes], bytes]
) -> None:
    secret = "p?ss>w~rd-and~more"
    text = encode(f"{before}{secret}{after}".encode()).decode()
    kept = redact(text, [SecretStr(secret)])
    assert "***" in kept
    first, last = kept.split("***")
    assert len(first) <= -(-len(before) * 4 // 3)
    assert len(last.rstrip("=")) <= -(-len(after) * 4 // 3) + 1


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert redact("hush-hush hush", [SecretStr("hush"), SecretStr("hush-hush")]) == "*** ***"


def test_a_text_of_three_characters_is_no_secret_and_one_of_four_is() -> None:
    assert redact("abc abcd", [SecretStr("abc"), SecretStr("abcd")]) == "abc ***"


def test_a_decoded_body_loses_secrets_in_names_values_and_lists_and_keeps_all_else() -> None:
    body = {"a hush": ["hush!", {"b": "xhush"}, 7, None, True], "c": 1.5, "url": "https://x/?token=1"}
    assert redacted(body, [SecretStr("hush")]) == {
        "a ***": ["***!", {"b": "x***"}, 7, None, True],
        "c": 1.5,
        "url": "https://x/?token=***",
    }


def test_the_http_librarys_log_shows_no_path_and_no_query() -> None:
    record = logging.LogRecord(
        "httpx2", logging.INFO, "", 0, 'HTTP Request: %s %s "%s %d"',
        ("GET", httpx2.URL("https://joan@x.example:8443/key/1?email=joan"), "HTTP/1.1", 200), None,
    )  # fmt: skip
    assert WithoutUrls().filter(record)
    assert record.getMessage() == 'HTTP Request: GET https://x.example:8443/… "HTTP/1.1 200"'
    plain = logging.LogRecord("httpcore2", logging.DEBUG, "", 0, "target=/a?token=1", None, None)
    assert WithoutUrls().filter(plain)
    assert plain.getMessage() == "target=/a?token=***"


@pytest.mark.parametrize("name", ["httpx2", "httpcore2.http11", "httpcore2.connection", "httpcore2.proxy"])
def test_every_logger_that_speaks_of_addresses_is_filtered(name: str) -> None:
    assert any(isinstance(found, WithoutUrls) for found in logging.getLogger(name).filters)


@pytest.mark.parametrize("before", ["", "u", "me"])
def test_a_secret_of_seven_characters_goes_from_the_middle_of_base64_too(before: str) -> None:
    text = base64.b64encode(f"{before}p?ss>w~, and more".encode()).decode()
    assert "***" in redact(text, [SecretStr("p?ss>w~")])
