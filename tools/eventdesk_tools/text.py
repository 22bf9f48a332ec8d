"""The one sanitizer: what strangers wrote becomes plain, bounded, visible text. Words stay; control and disguise go."""

import re
import unicodedata
from html.parser import HTMLParser

from typing_extensions import override

# Kept although they are format characters: zero width joiner and non-joiner shape emoji, Persian and Indic words.
_JOINERS = frozenset("\u200c\u200d")
_VARIATION = re.compile(
    "[\ufe00-\ufe0d\U000e0100-\U000e01ef]"
)  # FE0E and FE0F choose text or emoji; the rest only hide
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_BLOCK = frozenset(
    "address article aside blockquote br div dd dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section table td th tr ul".split()
)
_SILENT = frozenset("script style template noscript head title iframe object svg math textarea select".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|color\s*:\s*transparent|(?:max-)?(?:height|width)\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<!--|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,24});")
_MARKDOWN = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,300})\]\(\s*<?(?:https?://|mailto:|/|#)[^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}>\s?", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:[-*_]\s?){3,}$", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]{1,300}?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]{1,300})`"), r"\1"),
    (re.compile(r"^(\s{0,3})[*+]\s+", re.MULTILINE), r"\1- "),
)
MAX_LINE = 200
MAX_TEXT = 100_000


def visible(text: str) -> str:
    """Without control, bidirectional, tag, zero-width and other invisible characters. Line breaks and tabs stay."""
    kept = _ANSI.sub("", text) if "\x1b" in text else text
    if kept.isascii() and kept.isprintable():
        return kept
    kept = _VARIATION.sub(
        "", kept.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    out: list[str] = []
    for i, char in enumerate(kept):
        category = unicodedata.category(char)
        if char in "\n\t":
            out.append(char)
        elif char in _JOINERS:
            # A joiner between two visible characters shapes them; at an edge, or in a run, it only hides.
            if (
                out
                and not out[-1].isspace()
                and out[-1] not in _JOINERS
                and i + 1 < len(kept)
                and kept[i + 1].isprintable()
            ):
                out.append(char)
        elif category in {"Cc", "Cf", "Co", "Cs", "Cn"} or char in "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5":
            continue
        else:
            out.append(" " if category == "Zs" else char)
    return "".join(out)


def line(text: str, limit: int = MAX_LINE) -> str:
    """One line of clean text: a title, a name, a place. Markup goes, white space is folded, the end is marked by `…`."""
    head = text[: limit * 20]
    clean = visible(_from_markup(visible(head)))
    folded = " ".join(clean.split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def paragraphs(text: str) -> str:
    """Clean text of a description: HTML and Markdown become plain text, at most one empty line in a row."""
    clean = visible(_from_markup(visible(text[:MAX_TEXT])))
    for pattern, instead in _MARKDOWN:
        clean = pattern.sub(instead, clean)
    lines = [" ".join(row.split()) for row in clean.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def web_address(text: str | None, limit: int = 500) -> str:
    """An http or https address fit to be shown, or "". Nothing else may be passed on as a link."""
    if not text:
        return ""
    address = text.strip()
    if len(address) > limit or not re.fullmatch(r"https?://[^\s<>\"'`\\{}|^\x00-\x20\x7f]+", address, re.IGNORECASE):
        return ""
    return address if visible(address) == address else ""


def _from_markup(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    if not _MARKUP.search(text):
        return text
    reader = _Plain()
    reader.feed(text)
    reader.close()
    plain = "".join(reader.parts)
    # An entity may have hidden another tag: `&lt;img&gt;`. What is left is words, but it must not read as markup.
    return re.sub(r"<(?=[A-Za-z/!?])", "‹", plain)


class _Plain(HTMLParser):
    """Collects the words that a browser would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden or tag in _SILENT or _hides(attrs):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCK:
            self.parts.append("\n\n" if tag in {"p", "h1", "h2", "h3", "h4", "h5", "h6"} else "\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag in _BLOCK and tag != "li":
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _hides(attrs: list[tuple[str, str | None]]) -> bool:
    for name, value in attrs:
        if name == "hidden" or (name == "aria-hidden" and value == "true"):
            return True
        if name == "style" and value and _HIDING.search(value):
            return True
    return False
