"""Names, titles and texts for the default season, in several scripts. All people are invented."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person. `first` may hold several words; `email` is unique within one `Cast`."""

    first: str
    last: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


_LATIN = (
    ("Ada Kim Ines Teo Olu Rhea Marta Jonas Priya Lena Tomás Zoë Björn Chloé Mei Amara Niamh Łukasz Iker Saga").split(),
    ("Pier Quay Vidal Marsh Adeyemi Sol Quill Berg Nair Holm Ruiz Faro Åkesson Dubois Lin Okafor Byrne Nowak").split(),
)
# (first, last, the part of the address): other scripts do not make ASCII addresses by themselves.
_OTHER = (
    ("ليلى", "حداد", "layla.haddad"),
    ("يوسف", "منصور", "yusuf.mansour"),
    ("نور", "الدين", "nour.aldin"),
    ("נועה", "לוי", "noa.levi"),
    ("איתן", "כהן", "eitan.cohen"),
    ("さくら", "田中", "sakura.tanaka"),
    ("健", "佐藤", "ken.sato"),
    ("小明", "王", "xiaoming.wang"),
    ("민준", "김", "minjun.kim"),
    ("Αλέξης", "Νικολάου", "alexis.nikolaou"),
    ("Олена", "Коваль", "olena.koval"),
    ("Anaïs", "Lefèvre-Dumont", "anais.lefevre"),
    ("Jörg 🎸", "Weiß", "joerg.weiss"),
    ("José María", "de la Cruz", "jose.delacruz"),
    ("Seán", "O'Brien", "sean.obrien"),
)
_DOMAINS = ("example.org", "example.com", "mail.example", "club.example", "studio.example")

TITLES = (
    "Harbour Folk Night", "Quayside Jazz", "Pond Survey", "Design Week", "Founders' Breakfast", "Open Studio",
    "Winter Chess Cup", "Bread & Butter: a baking day", "Night Swim", "City Half Marathon", "Choir Workshop",
    "مهرجان الربيع", "ליל ג'אז ביפו", "東京デザインの夜", "서울 개발자 모임", "春节联欢 🧧", "Été à vélo 🚲", "Fête de la Musique",
    "Ceramics for Beginners", "Data in Practice", "Harbour Lights — Closing Party 🎆", "Kraków Book Fair", "Rust & Rivets",
)  # fmt: skip
PLACES = (
    ("Old Boathouse", "1 Quay Road", "London", "SE1 0AA", "GB"),
    ("The Corn Hall", "12 Market Street", "Leeds", "LS1 1AA", "GB"),
    ("Moll 4", "Moll de la Fusta 4", "Barcelona", "08039", "ES"),
    ("Loft Nine", "9 Mercer Street", "New York", "10013", "US"),
    ("港の家", "1-2-3 Minato", "Tokyo", "108-0075", "JP"),
    ("بيت البحر", "Corniche 5", "Kuwait City", "15000", "KW"),
    ("Patan House", "Mangal Bazar 2", "Lalitpur", "44700", "NP"),
)
"""Name, address, town, postcode, country."""

_HTML_PARAGRAPHS = (
    "<p>Join us by the water for an <strong>evening of music</strong> and good company. Doors open early; the bar stays open.</p>",
    '<p>Bring a coat &amp; a friend.&nbsp;We have <a href="https://example.org/map">a map</a> and <em>plenty</em> of chairs.</p>',
    "<ul><li>Welcome drink</li><li>Two sets, 45 minutes each</li><li>Questions &lt;br&gt; answers</li></ul>",
    "<p>يبدأ البرنامج في السابعة مساءً. <br/>أهلاً بكم 🌊</p>",
    "<p>受付は開場の30分前から始まります。</p><p>ご来場をお待ちしております。</p>",
    "<h3>How to get there</h3><p>Five minutes from the station, step-free. Cycle parking at the back.</p>",
    "<p>Tickets are <strong>limited</strong>; the organiser keeps a few places for neighbours.</p>",
)
_MARKDOWN_PARAGRAPHS = (
    "# About the night\n\nA **slow** evening of songs, [stories](https://example.org/stories) and soup.",
    "- Doors at seven\n- First set at eight\n- *Last boat* at eleven",
    "> Everybody is welcome, also those who only listen.",
    "الدخول مجاني للأطفال 👧🏽",
    "雨天の場合は屋内で行います。",
    "Bring:\n\n1. A cup\n2. A coat\n3. Patience for the `A38` bus",
)


class Cast:
    """People without end, no two with the same address."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._made = 0

    def person(self) -> Person:
        self._made += 1
        domain = self._rng.choice(_DOMAINS)
        if self._rng.random() < 0.2:
            first, last, local = self._rng.choice(_OTHER)
            return Person(first, last, f"{local}{self._made}@{domain}")
        first, last = self._rng.choice(_LATIN[0]), self._rng.choice(_LATIN[1])
        plus = "+events" if self._rng.random() < 0.05 else ""
        local = f"{first}.{last}".encode("ascii", "ignore").decode().lower()
        return Person(first, last, f"{local}{self._made}{plus}@{domain}")


def long_html(rng: random.Random, paragraphs: int = 8) -> str:
    """A description as a rich-text editor would save it."""
    return "".join(rng.choice(_HTML_PARAGRAPHS) for _ in range(paragraphs))


def long_markdown(rng: random.Random, paragraphs: int = 8) -> str:
    """A description in Markdown."""
    return "\n\n".join(rng.choice(_MARKDOWN_PARAGRAPHS) for _ in range(paragraphs))
