"""What a browser or a reader of Markdown would hide, break or render, one thing at a time."""

import pytest

from eventdesk_tools.text import MAX_TEXT, line, paragraphs, presentable, visible, web_address

HIDING = [
    "display:none", "DISPLAY : none", "visibility: hidden", "font-size:0", "font-size: 0px", "opacity:0", "left:-999px", "top: -1000px",
    "text-indent:-500em", "color:transparent", "height:0", "width: 0", "max-height:0", "max-width:0", "margin:0;opacity:0;",
]  # fmt: skip
SHOWING = [
    "display:block", "visibility:visible", "font-size:0.8em", "font-size:09px", "opacity:0.5", "left:-99px", "left:999px", "height:0.5em",
    "height:05px", "color:red", "width:100%",
]  # fmt: skip
SILENT = "script style template noscript head title iframe object svg math textarea select".split()
BLOCK = (
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form header main nav ol section table td th tr ul"
).split()
APART = "p h1 h2 h3 h4 h5 h6".split()
VOID = "area base br col embed hr img input link meta source track wbr".split()


@pytest.mark.parametrize("style", HIDING)
def test_words_that_a_style_hides_go(style: str) -> None:
    assert line(f'a <span style="{style}">pay me</span>b') == "a b"


@pytest.mark.parametrize("style", SHOWING)
def test_words_that_a_style_shows_stay(style: str) -> None:
    assert line(f'a <span style="{style}">words</span> b') == "a words b"


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ("hidden", "a b"),
        ('aria-hidden="true"', "a b"),
        ('aria-hidden="false"', "a words b"),
        ("style", "a words b"),
        ('title="hidden"', "a words b"),
        ('class="x" hidden=""', "a b"),
    ],
)
def test_words_in_an_element_that_is_marked_as_hidden_go(attribute: str, shown: str) -> None:
    assert line(f"a <span {attribute}>words</span> b") == shown


@pytest.mark.parametrize("tag", SILENT)
def test_what_an_element_does_not_show_goes_and_what_follows_stays(tag: str) -> None:
    assert line(f"a <{tag}>pay <i>me</{tag}>b") == "a b"


@pytest.mark.parametrize("tag", VOID)
def test_an_element_without_an_end_hides_nothing_after_itself(tag: str) -> None:
    assert line(f"a <{tag} hidden>b") == "a b"
    assert line(f"<div hidden>x<{tag}>y</div>b") == "b"


@pytest.mark.parametrize("tag", BLOCK)
def test_an_element_of_its_own_line_breaks_the_line(tag: str) -> None:
    assert paragraphs(f"a<{tag}>b</{tag}>c") == "a\nb\nc"


@pytest.mark.parametrize("tag", APART)
def test_paragraphs_and_headings_stand_apart(tag: str) -> None:
    assert paragraphs(f"a<{tag}>b</{tag}>c") == "a\n\nb\nc"


def test_breaks_rules_items_and_inline_elements_are_told_apart() -> None:
    assert paragraphs("a<br>b<hr>c") == "a\nb\nc"
    assert paragraphs("a<pre>b</pre>c") == "a\nb\nc"
    assert paragraphs("<ul><li>a</li><li>b</li></ul>") == "- a\n- b"
    assert paragraphs("a<b>b</b><em>c</em>") == "abc"
    assert paragraphs("a</p></span>b") == "a\nb"


def test_a_hidden_element_hides_all_that_it_holds_and_no_more() -> None:
    assert line("<div hidden>a<b>b</b><i>c</i></i></div>d") == "d"
    assert line("<div hidden>a<p>b</div>c</div>d") == "c d"


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("[words](https://evil.example)", "words"), ("[words](/path)", "words"), ("[words](#part)", "words"),
        ("[words]( mailto:x@y)", "words"), ("![words](anything)", "words"), ("![](x)", ""), ("[a](b)", "[a] (b)"),
        ("[a][b]", "[a] [b]"), ("[a] (b)", "[a] (b)"), ("[[a](https://x)](https://y)", "[a] (https://y)"),
        ("**bold**", "bold"), ("__bold__", "bold"), ("~~gone~~", "gone"), ("*it*", "it"), ("_it_", "it"), ("`code`", "code"),
        ("```code```", "code"), ("2 * 3 * 4", "2 * 3 * 4"), ("a*b*c", "a*b*c"), ("snake_case_name", "snake_case_name"), ("** a **", "** a **"),
    ],
)  # fmt: skip
def test_marks_of_markdown_go_in_a_line_and_words_stay(source: str, plain: str) -> None:
    assert line(source) == plain


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("a\n[x]: https://evil.example t\nb", "a\n\nb"), ("# a", "a"), ("   ###### a", "a"), ("####### a", "####### a"), ("#a", "#a"),
        ("> a\n>b", "a\nb"), ("```py\na\n```", "a"), ("~~~\na\n~~~", "a"), ("a\n---\nb", "a\n\nb"), ("a\n* * *\nb", "a\n\nb"),
        ("a\n___\nb", "a\n\nb"), ("a\n--\nb", "a\n--\nb"), ("* a\n+ b\n- c", "- a\n- b\n- c"), ("*a", "*a"), ("a\n\n\n\nb", "a\n\nb"),
        ("  a \t b  \n", "a b"),
    ],
)  # fmt: skip
def test_marks_of_markdown_go_in_a_description_and_its_lines_stay(source: str, plain: str) -> None:
    assert paragraphs(source) == plain


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b[0;1m",
        "\x1b[?25l",
        "\x1b[2 q",
        "\x1b]0;title\x07",
        "\x1b]8;;https://x\x1b\\",
        "\x1b]open",
        "\x1bM",
        "\x1b_",
    ],
)
def test_sequences_of_a_terminal_go(sequence: str) -> None:
    end = "" if sequence.endswith("open") else "b"
    assert visible(f"a{sequence}{end}") == f"a{end}"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("e" + "\u0301" * 8, "e" + "\u0301" * 8), ("e" + "\u0301" * 9 + "x", "e" + "\u0301" * 8 + "x"),
        ("क्\u200d", "क्\u200d"), ("a\u200db", "ab"), ("می\u200cخ", "می\u200cخ"), ("م\u200c", "م"), ("م\u200ca", "مa"),
        ("م\u200c\u200cخ", "م\u200cخ"), ("\u200cم", "م"), ("👩\u200d👩", "👩\u200d👩"), ("👩\u200da", "👩a"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"), ("a\ufe0f", "a"), ("1\ufe0f", "1\ufe0f"), ("❤\ufe0f\ufe0f", "❤\ufe0f"), (" \ufe0f", " "),
        ("\ufe0f", ""), ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("🏴\U000e0067\U000e0062\U000e0061\U000e007f", "🏴"), ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"), ("a\u00a0b\u2003c\u00e9", "a b cé"),
        ("a\tb\u200b", "a\tb"), ("\U0001faf9", "\U0001faf9"), ("a\u0378", "a"), ("\ue000a", "a"),
    ],
)  # fmt: skip
def test_what_shapes_letters_and_emoji_stays_where_it_does_and_goes_elsewhere(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_lines_and_descriptions_are_cut_at_their_limits() -> None:
    assert line("x" * 200) == "x" * 200
    assert line("x" * 201) == "x" * 199 + "…"
    assert line("ab cd", 4) == "ab…"
    assert line(" " * 97 + "abc", 5) == "abc"
    assert line(" " * 100 + "abc", 5) == ""
    assert paragraphs("x" * (MAX_TEXT + 1)) == "x" * MAX_TEXT
    assert MAX_TEXT == 100_000


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jazz, 7 pm", "Jazz, 7 pm"), ("1 < 2", "1 < 2"), ("a <b>b</b>", "a b"), ("&lt;b>", "‹b>"), ("&amp;amp;lt;b&amp;gt;", "‹b>"),
        ("AT&T", "AT&T"), ("<!x", "‹!x"), ("a <", "a <"), ("[x](https://y)", "x"), ("![x](y)", "x"), ("a](b", "a] (b"), ("a][b", "a] [b"),
        ("*stays*", "*stays*"), ("é\u202e", "é"), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_the_last_gate_takes_what_hides_and_what_would_be_rendered(text: str, left: str) -> None:
    assert presentable(text) == left


@pytest.mark.parametrize(
    ("address", "passed"),
    [
        ("http://x.example", True), ("HTTPS://x.example", True), ("https://x.example/" + "a" * 482, True),
        ("https://x.example/" + "a" * 483, False), ("https://", False), ("https://x'y", False), ("https://x`y", False), ("https://x\\y", False),
        ("https://x{y}", False), ("https://x|y", False), ("https://x^y", False), ("https://x\x7f", False), ("xhttps://y", False),
        ("https://x\u200b.example", False), ("https://münchen.example/é", True),
    ],
)  # fmt: skip
def test_an_address_is_shown_only_where_it_is_what_it_looks_like(address: str, passed: bool) -> None:
    assert web_address(address) == (address if passed else "")
    assert web_address(None) == ""
    assert web_address("https://x.example/1", 18) == ""
    assert web_address("https://x.example/1", 19) == "https://x.example/1"
