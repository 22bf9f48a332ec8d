"""Plain words to operations: rare words count more, names more than descriptions, and organisers' words mean the platforms'."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventdesk_tools.effects import Effect
from eventdesk_tools.operations import OperationInfo

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_STOP = frozenset(
    """a an and are as at be been by can could did do does for from get give has have how i if in into is it its just me my of
    on one or our out please s so somebody someone than that the their them then there these they this those to up us want was
    we were what when where which who whom whose will with would you your yet far still whole every any all
    list show find see read look details check""".split()
)

# Words that organisers use for one thing. The first is the name of the thing here; a word may stand for several.
_SAME = """
attendee door people person individual participant visitor guest registrant delegate audience somebody
guest invite invitee invitation
registration register signup sign booking enrol
activity workshop session talk lecture class
talk session lecture presentation
speaker presenter artist performer lineup line moderator host
event show concert gig summit conference festival edition
listing event submission advert advertisement
schedule calendar venue page
group subschedule sub
sale order purchase booking invoice receipt transaction
purchase buy bought merchandise item
item merchandise product goods
ticket pass type admission
price cost fee charge
payment money paid collected revenue finance invoice transaction refund income owe
coupon discount code voucher promo discounted
checkout buy link
feedback rating review said opinion
survey questionnaire form feedback
answer reply response fill answers
message newsletter mail email mailing campaign
stat statistic figure count number left opened bounced failed fail percentage total
report click reach view impression statistic performance live traffic
flyer poster image picture banner
file document upload attachment download presentation
webhook callback notify hook server
stand booth exhibitor exhibition expo
exhibitor company sponsor
lead contact prospect
zone floor area
poi hotel nearby attraction
point hotel nearby attraction
interest hotel nearby attraction
meeting networking appointment
conference networking business
unavailable available block blocked break lunch hour
qa question moderation moderate
category track topic tag kind genre label
kind type category kind sort
country nation
region state province
city town
package credit broadcast
contract price package
publisher site website outlet
publish published live
url address link
user customer client reseller account subscriber member
partner reseller
param parameter setting option
custom own
field question form
progress ready status finished state
clone copy duplicate
cancel withdraw
agenda programme program timetable
activity programme program
talk programme program
refund paid
fan photo video content picture
sponsor partner
count many number
"""
_VERBS: Mapping[str, tuple[Effect, tuple[str, ...]]] = {
    word: (effect, tuple(kin.split()))
    for effect, groups in {
        Effect.REMOVE: ("delete remove erase rid unblock drop", "remove delete take rid undo kick", "cancel withdraw call revoke",
                        "delete stop end unsubscribe", "archive close retire shut"),
        Effect.ADD: ("create make new add set setup", "add book put assign", "create invite add", "register sign add",
                     "upload add attach", "submit fill hand", "create publish submit", "buy create", "clone copy duplicate",
                     "create record take", "create call", "assign give", "block add"),
        Effect.CHANGE: ("update change edit modify correct fix move rename adjust mark refund deactivate", "set change assign report",
                        "replace redo swap", "put move"),
    }.items()
    for group in groups
    for word in group.split()
    for kin in (" ".join(dict.fromkeys(" ".join(g for g in groups if word in g.split()).split())),)
}  # fmt: skip
_PHRASES = (
    (re.compile(r"\b(?:take|taking|throw|kick|sign)\b.*\b(?:out|off)\b|\bget rid\b|\bundo\b"), "remove"),
    (re.compile(r"\btake\b.*\bback\b"), "cancel"),
    (re.compile(r"\blook up\b|\btell me about\b"), "details"),
    (re.compile(r"\b(?:signed|signs?) up\b"), "registered"),
    (re.compile(r"\badd (?:someone|somebody|a person|people) to\b"), "register"),
    (re.compile(r"\bset up\b"), "create"),
)
"""Words that mean something together, and the word for it."""
_READING = frozenset(
    "list show which who how see find read look details view check has what when where is are did".split()
)
_SINGLE = frozenset("get show view".split())
_ONE = frozenset("details one single this".split())
_TITLE_WORDS = {
    "evvnt": "listing listings site sites broadcast",
    "HeySummit": "summit",
    "Event Schedule": "schedule calendar",
    "Eventtia": "conference workshop",
}
"""What organisers call what they have at a platform."""
_FIELDS = {"name": 3.0, "summary": 1.6, "path": 1.0, "param": 0.7, "about": 0.35, "title": 1.0}
_KIN = 0.55
"""What a word of the same meaning counts, beside the word itself."""


def stem(word: str) -> str:
    """A word without its ending, as far as that is safe: `registered` and `registers` are `register`."""
    if word.startswith("listing"):
        return "listing"  # what evvnt calls an event, not the act
    for end, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith("ss"):
            cut = word[: -len(end)] + instead
            return (
                cut[:-1]
                if end in {"ing", "ed"} and len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "ls"
                else cut
            )
    return word


def words(text: str) -> list[str]:
    """The words of a text that mean something, stemmed."""
    return [stem(word) for word in (found.lower() for found in _WORD.findall(text.replace("e-mail", "email")))]


def _kin_table() -> Mapping[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for row in _SAME.strip().splitlines():
        group = [stem(word) for word in row.split()]
        for word in group:
            table.setdefault(word, set()).update(group)
    return {word: frozenset(kin - {word}) for word, kin in table.items()}


_KIN_OF = _kin_table()


@dataclass(frozen=True, slots=True)
class _Entry:
    info: OperationInfo
    weights: Mapping[str, float]
    name: tuple[str, ...]


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
        ranked = sorted(
            ((self._score(query, entry), name) for name, entry in self._entries.items()),
            key=lambda pair: (-pair[0], pair[1]),
        )
        best = ranked[0][0] if ranked else 0.0
        close = [name for score, name in ranked if score > 0 and score >= best * 0.25]
        return list(dict.fromkeys([*exact, *close]))[:most]

    def withheld(self, query: str) -> list[str]:
        """The withheld operations whose name the query says."""
        asked = {word for word in words(query) if word not in _STOP}
        said = {name: {word for word in words(info.name) if word not in _STOP} for name, info in self._withheld.items()}
        return [name for name, own in said.items() if (own and own <= asked) or query.strip() == name]

    def _score(self, query: str, entry: _Entry) -> float:
        plain = [word.lower() for word in _WORD.findall(query.replace("e-mail", "email"))]
        plain += [word for phrase, word in _PHRASES if phrase.search(query.casefold())]
        things = list(dict.fromkeys(stem(word) for word in plain if word not in _STOP and stem(word) not in _STOP))
        score = 0.0
        met: set[str] = set()
        for word in things:
            strength, term = self._match(word, entry)
            # What is to be done says less than what it is to be done to: most operations create or list something.
            score += strength * (0.4 if word in _VERBS and word in plain else 1.0)
            if term in entry.name:
                met.add(term)
        if score <= 0:
            return 0.0
        return score + self._coverage(entry, met) + _leaning(plain, entry)

    def _match(self, word: str, entry: _Entry) -> tuple[float, str]:
        """How well one word fits, by itself or by a word of the same meaning, and the operation's word that it met."""
        kin = _KIN_OF.get(word, frozenset())
        if word in _VERBS:
            kin |= frozenset(stem(verb) for verb in _VERBS[word][1])
        candidates = [(1.0, word), *((_KIN, other) for other in sorted(kin) if other != word)]
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


def _leaning(plain: Sequence[str], entry: _Entry) -> float:
    """What the query wants done, against what the operation does."""
    effect = entry.info.effect
    wanted = {_VERBS[word][0] for word in plain if word in _VERBS}
    lean = 1.0 if effect is Effect.READ else 0.0
    if plain[0] in _READING:
        lean = 1.5 if effect is Effect.READ else -2.0
    elif wanted:
        lean = 2.0 if effect in wanted else -2.0 if effect is Effect.READ else -0.5
    if effect is Effect.READ and entry.info.name.split("_")[0] in _SINGLE:
        lean += 0.8 if _ONE & set(plain) else -1.0
    return lean


def _entry(title: str, info: OperationInfo) -> _Entry:
    weights: dict[str, float] = {}

    def put(kind: str, found: Iterable[str]) -> None:
        for word in found:
            if word not in _STOP:
                weights[word] = max(weights.get(word, 0.0), _FIELDS[kind])

    put("name", words(info.name))
    put("summary", words(info.summary))
    put("path", words(re.sub(r"\{[^}]*\}", " ", info.path)))
    put("title", words(f"{title} {_TITLE_WORDS.get(title, '')}"))
    for param in info.params:
        put("param", words(param.name))
        put("about", words(f"{param.about} {' '.join(param.choices)}"))
    return _Entry(info, weights, tuple(word for word in dict.fromkeys(words(info.name)) if word not in _STOP))
