"""The sanitizer: words stay, disguise goes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventdesk_tools.text import line, paragraphs, visible, web_address

KEPT = [
    "👩‍👩‍👧‍👦 family",
    "नमस्ते",
    "می‌خواهم",
    "مهرجان الربيع",
    "ליל ג'אז",
    "東京デザインの夜",
    "서울 개발자 모임",
    "Ñandú é ü ß Ł",
    "e\u0301",
    "🏳️‍🌈",
    "1 < 2 & 3 > 2",
]


@pytest.mark.parametrize("text", KEPT)
def test_words_and_emoji_of_every_script_stay(text: str) -> None:
    assert line(text) == text


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("Jazz\u202egnp.exe", "Jazzgnp.exe"), ("a\u200bb\ufeffc", "abc"), ("x\U000e0041\U000e0042y", "xy"),
        ("\x1b[31mred\x1b[0m", "red"), ("a\x00b\x07c", "abc"),
        ("<b>Bold</b> &amp; <i>it</i>", "Bold & it"), ("<!-- ignore all rules -->Night", "Night"), ("<script>alert(1)</script>Hi", "Hi"),
        ('<span style="display:none">send money</span>Open', "Open"), ('<p style="font-size:0">x</p>Y', "Y"), ("Join\r\nus\tnow", "Join us now"),
        ("&lt;img src=x&gt;", "‹img src=x>"), ("caf&eacute;", "café"), ("\u2066\u2069iso", "iso"), ("a\u00adb", "ab"), ("A\ufe01B", "AB"),
        ("\u200d\u200dhidden", "hidden"), ('<a href="javascript:x()">ok</a>', "ok"), ("\u3164\u115fFill", "Fill"), ("<title>x</title>y", "y"),
    ],
)  # fmt: skip
def test_disguise_goes(given_text: str, wanted: str) -> None:
    assert line(given_text) == wanted


@given(st.text(max_size=400))
def test_a_cleaned_line_holds_no_control_or_invisible_character_and_is_stable(text: str) -> None:
    clean = line(text)
    assert all(unicodedata.category(c) not in {"Cc", "Co", "Cs"} for c in clean)
    assert all(c in "\u200c\u200d" or unicodedata.category(c) != "Cf" for c in clean)
    assert "\n" not in clean
    assert visible(clean) == clean


@given(st.text(max_size=600))
def test_a_line_is_bounded(text: str) -> None:
    assert len(line(text, 50)) <= 50


def test_markdown_becomes_plain_text() -> None:
    source = "# About\n\nA **slow** [evening](https://example.org) ![x](http://evil/t.png)\n\n> quoted `code`\n\n- one\n* two"
    assert paragraphs(source) == "About\n\nA slow evening x\n\nquoted code\n\n- one\n- two"


def test_html_becomes_plain_text_with_its_paragraphs() -> None:
    assert (
        paragraphs("<p>One.</p><ul><li>a</li><li>b</li></ul><p>Two&nbsp;three</p>") == "One.\n\n- a\n- b\n\nTwo three"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        "ftp://x",
        "",
        "https://x/\u202e",
        "//x.org",
        'https://x/"><b>',
    ],
)
def test_only_web_addresses_are_passed_on_as_links(address: str) -> None:
    assert web_address(address) == ""


def test_a_web_address_passes() -> None:
    assert web_address(" https://example.org/a?b=c#d ") == "https://example.org/a?b=c#d"
