"""Answers: compact JSON without empty fields, tables cut between rows, long text that says how much is left, cursors."""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from eventdesk_tools.errors import EventdeskError, InvalidArguments
from eventdesk_tools.models import Json
from eventdesk_tools.text import line, presentable

# One unit is a byte of ordinary text. 5,000 of them are at most 2,000 o200k tokens, 12,000 at most 8,000;
# CI proves it with the tokenizer on a hostile corpus.
BUDGET = 5_000
BUDGET_MOST = 12_000
BUDGET_PREVIEW = 1_500
"""At most 600 tokens."""
ROWS_MOST = 200

_FRAME = 240
"""What stands around a table's rows: the names, `returned`, the longest cursor, `sandbox`."""
_CODE = re.compile(r"[A-Za-z0-9_\-+/=.%]{24,}")
_CODES = re.compile(r"(?:\b[A-Za-z]*\d[A-Za-z0-9]{5,} ?){3,}")
"""Words in a row that are no words."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]{8,}")
# Scripts that the tokenizer holds whole words or syllables of. Everything else may take a token a byte.
_COMMON = re.compile(
    "[\u0000-\u024f\u02b0-\u036f\u0370-\u03ff\u0400-\u04ff\u0590-\u05ff\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u2000-\u206f"
    "\u20a0-\u20bf\u2100-\u214f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]+"
)


def weigh(text: str) -> int:
    """How much of the budget a text takes: its UTF-8 bytes, more for rare scripts, emoji and long unspaced codes."""
    size = len(text.encode("utf-8", "replace"))
    extra = 0
    if not text.isascii():
        rare = _COMMON.sub("", text)
        extra += int(1.5 * len(rare.encode("utf-8", "replace")))
    for code in _CODE.findall(text):
        extra += int(1.6 * len(code))
    for run in _CODES.findall(text):
        extra += int(0.8 * len(run))
    for run in _PUNCTUATION.findall(text):
        extra += int(1.3 * len(run))
    return size + extra


def compact(value: Json) -> str:
    """JSON as it is sent: no indentation, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def without_empty(value: Mapping[str, Json]) -> dict[str, Json]:
    """An object without its empty fields. False and 0 are values and stay."""
    return {key: item for key, item in value.items() if item is not None and item != "" and item != [] and item != {}}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answers: an object, ready to be serialised.

    `card` is what a page for the person shows beside it, where the client has one. The model does not read it.
    """

    data: Mapping[str, Json]
    card: Mapping[str, Json] | None = None


@dataclass(slots=True)
class Notes:
    """Facts that belong to an answer: few, short, each once."""

    _said: list[str] = field(default_factory=list[str])

    def add(self, text: str) -> None:
        if text and text not in self._said:
            self._said.append(text)

    def extend(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.add(text)

    def as_list(self, most: int = 8) -> list[str]:
        kept = [note if len(note) <= 240 else note[:239] + "…" for note in self._said[:most]]
        return [*kept, f"{len(self._said) - most} more notes left out."] if len(self._said) > most else kept


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Json]], *, extra: Mapping[str, Json], budget: int = BUDGET
) -> tuple[dict[str, Json], int]:
    """A table of as many rows as the budget holds, and how many these are. At least one row is kept."""
    room = min(budget, BUDGET_MOST) - weigh(compact(extra)) - weigh(compact(list(columns))) - _FRAME
    kept = fitting([[None if cell == "" else cell for cell in row] for row in rows], room)
    # Together, rows may weigh more than each by itself: fractions add up, and punctuation meets over their borders.
    while len(kept) > 1 and weigh(compact(kept)) > room:
        del kept[-max(1, len(kept) // 40) :]
    return {"columns": list(columns), "rows": kept, "returned": len(kept)}, len(kept)


def filled(columns: Sequence[str], rows: Sequence[Sequence[Json]]) -> tuple[list[str], list[list[Json]]]:
    """A table without the columns that no row fills. What a row is and is called stays, the first two; without rows, all."""
    used = [i for i in range(len(columns)) if i < 2 or not rows or any(row[i] not in (None, "") for row in rows)]
    return [columns[i] for i in used], [[row[i] for i in used] for row in rows]


def fitting(items: Sequence[Json], room: int) -> list[Json]:
    """As many items, from the first on, as `room` units of budget hold. At least one is kept."""
    kept: list[Json] = []
    for item in items:
        room -= weigh(compact(item)) + 1
        if room < 0 and kept:
            break
        kept.append(item)
    return kept


def cut_text(text: str, room: int, how: str) -> str:
    """Text within `room` units of budget; what was cut off is said, with the way to get it."""
    if weigh(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if weigh(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    head = text[:low]
    at = max(head.rfind("\n"), head.rfind(". "), head.rfind(" "))
    head = head[: at + 1] if at > low // 2 else head
    return f"{head.rstrip()} … [{len(text) - len(head)} characters left; {how}]"


def error_body(error: EventdeskError) -> dict[str, Json]:
    """A failure as the answers carry it."""
    return {
        "error": without_empty(
            {
                "code": error.code.value,
                "message": _short(error.message, 320),
                "next": _short(error.next, 240),
                "field": error.field[:64],
                "allowed": [line(item, 80) for item in error.allowed[:10]],
                "retry_after": None if error.retry_after is None else max(1, round(error.retry_after)),
            }
        )
    }


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


_PREVIEW_PLAIN = 1_750
_FEW = 100
_PART = 250
"""So much at least of a preview is for its requests, and as much for its rows."""
_HALVED = 14
"""A list of up to so many items may be a row of a table."""
_TOO_MUCH = "Too much for one answer: the longer lists were cut. Ask for less at a time."


def through(value: Json, gate: Callable[[str], str]) -> Json:
    """An answer of which every text, and every name, passed the gate."""
    if isinstance(value, str):
        return gate(value)
    if isinstance(value, Mapping):
        return {gate(key): through(item, gate) for key, item in cast("Mapping[str, Json]", value).items()}
    if isinstance(value, list | tuple):
        return [through(item, gate) for item in cast("Sequence[Json]", value)]
    return value


def rendered(data: Mapping[str, Json], gate: Callable[[str], str] = presentable) -> str:
    """An answer as it is sent: clean, compact, and within the budget whatever came from upstream."""
    clean = through(data, gate)
    text = compact(clean)
    limit = 4_000
    while weigh(text) > BUDGET_MOST and limit >= 40:
        clean = _shortened(clean, limit)
        text = compact(clean)
        limit //= 2
    while weigh(text) > BUDGET_MOST and (fewer := _halved(clean)) != clean:
        clean = fewer
        text = compact({**clean, "notes": [*clean.get("notes", [])[:4], _TOO_MUCH]})
    if weigh(text) > BUDGET_MOST:
        raise ValueError("an answer does not fit")
    return text


def _halved(value: Json) -> Json:
    """An answer with half the items of its longer lists: what is left when many texts are short and too many."""
    if isinstance(value, dict):
        return {key: _halved(item) for key, item in cast("dict[str, Json]", value).items()}
    if isinstance(value, list):
        items = cast("list[Json]", value)
        return [_halved(item) for item in (items[: len(items) // 2] if len(items) > _HALVED else items)]
    return value


def previewed(body: Mapping[str, Json]) -> dict[str, Json]:
    """A preview as the model reads it. What its question says is not said again, and long texts are cut, until it fits.

    The texts are the model's own, or the event's: what is sent, and what a person is asked to allow, holds them whole.
    """
    question = str(body.get("question", ""))
    shown = {key: value for key, value in body.items() if key != "summary" or not question}
    if weigh(compact(shown)) > BUDGET_PREVIEW:
        kept = {"outcome", "account", "question", "token", "approve_at"}
        shown = {key: v for key, v in shown.items() if key in kept or not isinstance(v, str) or v not in question}
    limit = 800
    while weigh(compact(shown)) > BUDGET_PREVIEW and limit >= 200:
        requests = [
            {**one, "body": _shortened(one["body"], limit, "sent whole")} if "body" in one else one
            for one in cast("list[dict[str, Json]]", shown.get("requests", []))
        ]
        cut: dict[str, Json] = {"requests": requests, "changes": _shortened(shown.get("changes"), limit, "sent whole")}
        shown, limit = shown | {name: value for name, value in cut.items() if name in shown}, limit // 2
    text = compact(shown)
    return shown if weigh(text) <= BUDGET_PREVIEW or _is_plain(text) else _fewer(shown)


def _is_plain(text: str) -> bool:
    """Whether a preview is of hardly anything but words in ASCII, which take fewer tokens a byte, and short enough for that."""
    size = len(text.encode("utf-8", "replace"))
    return size <= _PREVIEW_PLAIN and size - len(text) <= _FEW and weigh(text) - size <= size // 8


_REST = {
    "rows": "rows that need attention are shown; a call for fewer shows the others.",
    "requests": "requests are shown; the others are alike and follow in this order.",
}
"""Lists of a preview, the more important first, and what is said where only their first items are shown."""


def first_of(many: int, what: str) -> str:
    """What is said of a preview's list, `requests` or `rows`, of which only the first are shown."""
    return f"Only the first of {many} {_REST[what]}"


def _fewer(body: Mapping[str, Json]) -> dict[str, Json]:
    """A preview whose texts were cut and that is still too much: less of what is said, then of its rows and requests."""
    shown = {
        name: cut_text(value, 300, "the person is shown it whole") if name in {"summary", "question"} else value
        for name, value in body.items()
    }
    notes = [*cast("list[Json]", shown.get("notes", []))]
    lists = {name: cast("list[Json]", shown.get(name, [])) for name in _REST}
    shown |= {name: fitting(every, _PART) for name, every in lists.items()}
    for name, every in lists.items():
        said = first_of(len(every), name)
        rest = {**shown, name: [], "notes": [*notes, said]}
        shown[name] = fitting(every, max(BUDGET_PREVIEW - weigh(compact(rest)), _PART))
        if len(shown[name]) < len(every) and not any(str(note).endswith(_REST[name]) for note in notes):
            notes.append(said)
    shown = without_empty({**shown, "notes": notes})
    while weigh(compact(shown)) > BUDGET_PREVIEW and (fewer := _halved(shown)) != shown:
        shown = cast("dict[str, Json]", fewer)
    return shown


def _shortened(value: Json, limit: int, how: str = "ask for less at a time") -> Json:
    if isinstance(value, str):
        return cut_text(value, limit, how)
    if isinstance(value, dict):
        return {key: _shortened(item, limit, how) for key, item in cast("dict[str, Json]", value).items()}
    if isinstance(value, list):
        return [_shortened(item, limit, how) for item in cast("list[Json]", value)]
    return value


# Cursors -------------------------------------------------------------------------------------------------------------

_UNDATED = (1 << 39) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fingerprint(*parts: object, size: int = 4) -> bytes:
    """A short digest that tells filters, and rows of the same start, apart."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=size).digest()


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A row's place in a calendar: its start in seconds since 1970 (undated rows last), then its ref's digest."""

    seconds: int
    mark: bytes

    @classmethod
    def of(cls, starts: datetime | None, ref: str) -> "Position":
        seconds = _UNDATED if starts is None else int((starts - _EPOCH).total_seconds())
        return cls(seconds, fingerprint(ref, size=5))


def event_cursor(filters: bytes, position: Position, told: int) -> str:
    """The cursor after a row, with how many rows stand up to there. It binds the filters and outlives the process."""
    raw = filters + struct.pack(">q", position.seconds)[3:] + position.mark + struct.pack(">I", told)[1:]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_event_cursor(cursor: str, filters: bytes) -> tuple[Position, int]:
    """The place that a cursor names, and how many rows stood up to there.

    Raises:
        InvalidArguments: It is no cursor of ours, or belongs to other filters.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    if len(raw) != len(filters) + 13 or base64.urlsafe_b64encode(raw).decode().rstrip("=") != cursor:
        raise InvalidArguments("This is not a cursor.", field="cursor", next="Call again without cursor.")
    if raw[: len(filters)] != filters:
        raise InvalidArguments(
            "This cursor belongs to other filters.",
            field="cursor",
            next="Repeat the filters of the call that gave it, or call again without cursor.",
        )
    packed = raw[len(filters) : len(filters) + 5]
    head = b"\xff\xff\xff" if packed[0] & 0x80 else b"\0\0\0"
    mark, told = raw[len(filters) + 5 : -3], raw[-3:]
    return Position(struct.unpack(">q", head + packed)[0], mark), struct.unpack(">I", b"\0" + told)[0]
