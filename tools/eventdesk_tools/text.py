"""The one sanitizer: what strangers wrote becomes plain, bounded, visible text. Words stay; control and disguise go."""

import re
import unicodedata
from html.parser import HTMLParser

from typing_extensions import override

# Kept where they shape what is seen, as in emoji, Persian and Indic words: zero width joiner and non-joiner.
_JOINERS = frozenset("\u200c\u200d")
_EMOJI_STYLE = frozenset("\ufe0e\ufe0f")
_HIDING_CHARACTERS = re.compile(
    "[\ufe00-\ufe0d\U000e0100-\U000e01ef\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5]"
)  # variation selectors but for the two of emoji, fillers and blanks that count as letters
_LOOKED_AT = re.compile(
    f"[{_HIDING_CHARACTERS.pattern[1:-1]}\ufe0e\ufe0f]|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{8}}"
)
_FLAGS = re.compile(
    "\U0001f3f4((?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073))\U000e007f)"
)
"""The flags of England, Scotland and Wales: the only emoji that are written with tag characters."""
_VIRAMA = 9
"""The combining class of the sign that a joiner may follow, also at the end of a word."""
_SHAPED = (("\u0600", "\u08ff"), ("\u0900", "\u0dff"), ("\u1780", "\u18af"), ("\U00011000", "\U00011c6f"))
_MARKS_MOST = 8
"""So many marks may stand on one letter; the rest only covers the lines around it."""
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
_LINKS = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{0,300})\]\(\s*<?(?:[A-Za-z][A-Za-z0-9+.-]*:|/|#)[^)\n]{0,2000}\)"), r"\1"),
)
_INLINE = (
    (re.compile(r"(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]{1,300}?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`{1,3}([^`]{1,300})`{1,3}"), r"\1"),
)
_BLOCKS = (
    (re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}>\s?", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}(?:[-*_]\s?){3,}$", re.MULTILINE), ""),
    (re.compile(r"^(\s{0,3})[*+]\s+", re.MULTILINE), r"\1- "),
)
_JOINT = re.compile(r"\](?=[(\[])")
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_SUSPECT = re.compile(r"[^\x20-\x3b\x3d-\x5c\x5e-\x7e]|&[#A-Za-z]")
"""What the last gate looks at more closely: anything but plain ASCII, and `<`, `]`, entities."""
MAX_LINE = 200
MAX_TEXT = 100_000


def visible(text: str) -> str:
    """Without control, bidirectional, tag, zero-width and other invisible characters. Line breaks and tabs stay."""
    kept = _ANSI.sub("", text) if "\x1b" in text else text
    if kept.isprintable() and (kept.isascii() or not _LOOKED_AT.search(kept)):
        return kept
    kept = _HIDING_CHARACTERS.sub(
        "", kept.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )
    flags = (
        {at for found in _FLAGS.finditer(kept) for at in range(*found.span(1))} if "\U000e007f" in kept else set[int]()
    )
    out: list[str] = []
    marks = 0
    for i, char in enumerate(kept):
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if char in "\n\t" or i in flags:
            out.append(char)
        elif char in _JOINERS:
            if out and _joins(out[-1], kept[i + 1 : i + 2]):
                out.append(char)
        elif char in _EMOJI_STYLE:
            if out and out[-1] not in _EMOJI_STYLE and not out[-1].isalpha() and not out[-1].isspace():
                out.append(char)
        elif category in {"Cc", "Cf", "Co", "Cs"} or (category == "Cn" and not _is_pictograph(char)):
            continue
        elif marks <= _MARKS_MOST:
            out.append(" " if category == "Zs" else char)
    return "".join(out)


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between two characters shapes them. Elsewhere, at an edge or in a run, it only hides."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if not after or before in _JOINERS:
        return False
    if _is_pictograph(before) or before in _EMOJI_STYLE:
        return _is_pictograph(after)
    return _is_shaped(before) and _is_shaped(after)


def _is_pictograph(char: str) -> bool:
    """Emoji, also those that came after this Python's Unicode tables."""
    return "\U0001f000" <= char <= "\U0001fbff" or "\u2190" <= char <= "\u2bff"


def _is_shaped(char: str) -> bool:
    """Scripts in which joiners make a difference: Arabic and its neighbours, Indic, Khmer, Mongolian."""
    return any(first <= char <= last for first, last in _SHAPED)


def line(text: str, limit: int = MAX_LINE) -> str:
    """One line of clean text: a title, a name, a place. Markup goes, white space is folded, the end is marked by `…`."""
    head = text[: limit * 20]
    clean = visible(_from_markup(visible(head)))
    if not clean.isalnum():
        for pattern, instead in (*_LINKS, *_INLINE):
            clean = pattern.sub(instead, clean)
        clean = _unlinked(clean)
    folded = " ".join(clean.split())
    if len(folded) <= limit:
        return folded
    return visible(folded[: limit - 1]).rstrip() + "…"  # half a flag would be characters that nobody sees


def presentable(text: str) -> str:
    """Text as it may leave, whatever way it took: without what hides, and with nothing that a reader would render.

    What `line` or `paragraphs` made stays as it is. This is the last gate of every answer, not a substitute for them.
    """
    if not _SUSPECT.search(text):
        return text
    clean = visible(_from_markup(visible(text)))
    for pattern, instead in _LINKS:
        clean = pattern.sub(instead, clean)
    return _unlinked(clean)


def paragraphs(text: str) -> str:
    """Clean text of a description: HTML and Markdown become plain text, at most one empty line in a row."""
    clean = visible(_from_markup(visible(text[:MAX_TEXT])))
    for pattern, instead in (*_LINKS, *_BLOCKS, *_INLINE):
        clean = pattern.sub(instead, clean)
    clean = _unlinked(clean)
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


def _unlinked(text: str) -> str:
    """Without the joint that makes a link or an image of brackets, however they are nested; nor a tag of what was left of one."""
    return _TAG_LIKE.sub("‹", _JOINT.sub("] ", text))


def _from_markup(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    plain = text
    # An entity may hide a tag or another entity: `&amp;lt;img&gt;`.
    for _ in range(3):
        if not _MARKUP.search(plain):
            break
        reader = _Plain()
        reader.feed(plain.replace("<![", "‹!["))  # a marked section, at which the parser fails
        reader.close()
        plain = _TAG_LIKE.sub("‹", "".join(reader.parts))
    # What is left is words, but it must not read as markup.
    return _TAG_LIKE.sub("‹", plain)


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
