"""Plain words to operations: rare words count more, names more than descriptions, and organisers' words mean the platforms'."""

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventdesk_tools.effects import Effect
from eventdesk_tools.operations import OperationInfo
from eventdesk_tools.vocabulary import OWN_WORDS, PHRASES, POLITE, READING, STOP, TITLE_WORDS, kin_of, stem, verbs

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_VERBS = verbs()
_KIN_OF = kin_of()
_SINGLE = frozenset("get show view".split())
"""Operations named so show one record, whose id must be known, unless they sum up."""
_SUMS = frozenset("stats progress report agenda contract".split())
_ONE = frozenset("details one single this".split())
_FIELDS = {"name": 3.0, "own": 2.6, "summary": 1.6, "path": 1.0, "param": 0.7, "about": 0.35, "title": 1.0}
_KIN = 0.55
"""What a word of the same meaning counts, beside the word itself."""
_ALIKE = 0.8
"""From here on an unknown word is taken for a known one, misspelt."""
_VERB = 0.4
"""What is to be done says less than what it is to be done to: most operations create or list something."""


def words(text: str) -> list[str]:
    """The words of a text, stemmed."""
    return [stem(word) for word in _plain(text)]


def _plain(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(re.sub(r"\b[Ee]-mail", "email", text))]


@dataclass(frozen=True, slots=True)
class _Entry:
    info: OperationInfo
    weights: Mapping[str, float]
    name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, taken apart once: the words that tell something, each as a verb or not, and what is to happen."""

    things: tuple[tuple[str, frozenset[str], bool], ...]
    effect: Effect | None
    sure: bool
    one: bool


class Index:
    """Operations by full name, each with its platform's title, ready to be searched."""

    def __init__(self, operations: Mapping[str, tuple[str, OperationInfo]]) -> None:
        self._withheld = {name: info for name, (_, info) in operations.items() if info.withheld}
        self._entries = {name: _entry(title, info) for name, (title, info) in operations.items() if not info.withheld}
        seen = Counter(word for entry in self._entries.values() for word in entry.weights)
        self._rarity = {word: math.log(1 + len(self._entries) / count) for word, count in seen.items()}

    def search(self, query: str, most: int) -> list[str]:
        """The names that fit best, best first. A name itself, with or without its provider, comes first."""
        exact = [name for name in self._entries if query.strip().casefold() in {name, name.partition(".")[2]}]
        asked = self._asked(query)
        ranked = sorted(
            ((self._score(asked, entry), name) for name, entry in self._entries.items()),
            key=lambda pair: (-pair[0], pair[1]),
        )
        best = ranked[0][0] if ranked else 0.0
        close = [name for score, name in ranked if score > 0 and score >= best * 0.25]
        return list(dict.fromkeys([*exact, *close]))[:most]

    def withheld(self, query: str) -> list[str]:
        """The withheld operations whose name the query says."""
        asked = {word for word in words(query) if word not in STOP}
        said = {name: {word for word in words(info.name) if word not in STOP} for name, info in self._withheld.items()}
        return [name for name, own in said.items() if (own and own <= asked) or query.strip() == name]

    def _asked(self, query: str) -> _Asked:
        text = POLITE.sub("", query)
        plain = _plain(text)
        meant = [word for phrase, word in PHRASES if phrase.search(text.casefold())]
        effect, sure = _wanted(plain, meant)
        things: dict[str, tuple[str, frozenset[str], bool]] = {}
        for word in [*plain, *meant]:
            root = stem(word)
            if word in STOP or root in STOP or root in things:
                continue
            root = self._spelt(root) if word not in _VERBS else root
            kin = _KIN_OF.get(root, frozenset())
            if word in _VERBS:
                kin |= frozenset(stem(other) for other in _VERBS[word][1])
            things[root] = (root, kin - {root}, word in _VERBS)
        return _Asked(tuple(things.values()), effect, sure, bool(_ONE & {*plain, *meant}))

    def _spelt(self, word: str) -> str:
        """The word, or the known one that it may be a misspelling of."""
        if len(word) < 5 or word in self._rarity or word in _KIN_OF:
            return word
        near = difflib.get_close_matches(word, [*self._rarity, *_KIN_OF], n=1, cutoff=_ALIKE)
        return near[0] if near else word

    def _score(self, asked: _Asked, entry: _Entry) -> float:
        score = 0.0
        met: set[str] = set()
        for word, kin, verb in asked.things:
            strength, term = self._match(word, kin, entry)
            score += strength * (_VERB if verb else 1.0)
            if term in entry.name:
                met.add(term)
        if score <= 0:
            return 0.0
        return score + self._coverage(entry, met) + _leaning(asked, entry)

    def _match(self, word: str, kin: frozenset[str], entry: _Entry) -> tuple[float, str]:
        """How well one word fits, by itself or by a word of the same meaning, and the operation's word that it met."""
        candidates = [(1.0, word), *((_KIN, other) for other in sorted(kin))]
        fits = [
            (share * self._rarity[term] * entry.weights[term], term)
            for share, term in candidates
            if term in entry.weights
        ]
        return max(fits, default=(0.0, ""))

    def _coverage(self, entry: _Entry, met: set[str]) -> float:
        """An operation whose name is said whole fits better than one that has more to it."""
        whole = sum(self._rarity[word] for word in entry.name)
        return 3.0 * sum(self._rarity[word] for word in met) / whole if whole else 0.0


def _wanted(plain: Sequence[str], meant: Sequence[str]) -> tuple[Effect | None, bool]:
    """What is to happen, and whether that is sure: a request begins with its verb, a question with its question word."""
    if plain and plain[0] in READING:
        return Effect.READ, True
    doing = [word for word in [*meant, *plain[:1]] if word in _VERBS]
    if doing:
        return _VERBS[doing[0]][0], True
    later = [word for word in plain[1:] if word in _VERBS]
    return (_VERBS[later[0]][0], False) if later else (None, False)


def _leaning(asked: _Asked, entry: _Entry) -> float:
    """What the query wants done, against what the operation does."""
    effect = entry.info.effect
    reads = effect is Effect.READ
    if asked.effect is Effect.READ:
        lean = 1.5 if reads else -2.0
    elif asked.effect is None:
        lean = 1.0 if reads else 0.0
    elif asked.sure:
        lean = 2.0 if effect is asked.effect else -2.0 if reads else -0.3
    else:
        lean = 0.5 if effect is asked.effect else 0.5 if reads else 0.0
    first, _, rest = entry.info.name.partition("_")
    if reads and first in _SINGLE and not _SUMS & set(rest.split("_")):
        lean += 0.8 if asked.one else -1.0
    return lean


def _entry(title: str, info: OperationInfo) -> _Entry:
    weights: dict[str, float] = {}

    def put(kind: str, found: Iterable[str]) -> None:
        for word in found:
            if word not in STOP:
                weights[word] = max(weights.get(word, 0.0), _FIELDS[kind])

    own = OWN_WORDS.get(title, {})
    put("name", words(info.name))
    put("own", words(" ".join(own.get(word, "") for word in words(info.name))))
    put("summary", words(info.summary))
    put("path", words(re.sub(r"\{[^}]*\}", " ", info.path)))
    put("title", words(f"{title} {TITLE_WORDS.get(title, '')}"))
    for param in info.params:
        put("param", words(param.name))
        put("about", words(f"{param.about} {' '.join(param.choices)}"))
    return _Entry(info, weights, tuple(word for word in dict.fromkeys(words(info.name)) if word not in STOP))
