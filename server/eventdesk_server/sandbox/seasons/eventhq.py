"""The demo season of EventHQ: thirty courses and field days, past and to come."""

import random
import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_TAGS = ("Surrey", "Ponds", "Trees", "Bats", "London", "Conference", "Online", "Beginners")
# Subject, place, days from today to the start, and what kind of record it makes.
_COURSES: tuple[tuple[str, str, int, str], ...] = (
    ("Pond Survey", "Mill Lane, Surrey", 35, "open"),
    ("Pond Survey", "Mill Lane, Surrey", -330, "past"),
    ("Introductory Bat Detector Workshop", "Memorial Hall, Milnthorpe, Cumbria,  LA7 7NR", 20, "open"),
    ("Arboriculture &amp; Bats: How To Use A Fiberscope", "Richmond Park, Surrey", 49, "open"),
    ("Surveying Trees", "Richmond Park, Surrey", 62, "two days"),
    ("Hedgerow Weekend", "The Corn Hall, 12 Market Street, Leeds", 75, "two days"),
    ("Annual Conference", "Old Boathouse, 1 Quay Road, London", 110, "tickets gone"),
    ("Moth Night", "Old Boathouse, 1 Quay Road, London", 12, "venue full"),
    ("River Fly Monitoring", "Weir Cottage, Oxfordshire", 150, "not yet"),
    ("Dormouse Ecology", "Online", 180, "not yet"),
    ("Great Crested Newts", "Mill Lane, Surrey", 9, "closed"),
    ("Badger Setts", "Peak District", 5, "closed"),
    ("Try-out: do not book", "Nowhere", 30, "test"),
    ("Checkout rehearsal", "Nowhere", -15, "test"),
    ("Members' Day", "Old Boathouse, 1 Quay Road, London", 27, "members"),
    ("Lichens for Beginners", "Kielder Forest,\tNorthumberland", 41, "open"),
    ("Été des chauves-souris", "Jersey", 55, "open"),
    ("Ymlusgiaid Cymru", "Canolfan y Gorlan, Aberystwyth", 68, "open"),
    ("野鳥の声 — Dawn Chorus", "Online", 3, "open"),
    ("Grassland Plants", "Salisbury Plain", -3, "past"),
    ("Grassland Plants", "Salisbury Plain", -368, "past"),
    ("Water Voles", "Norfolk Broads", -40, "past"),
    ("Spider Identification", "Natural History Annexe, London", -75, "past"),
    ("Wood Ants", "Caledonian Forest", -120, "past"),
    ("Peat Restoration", "Kinder Scout", -200, "past"),
    ("Annual Conference", "Old Boathouse, 1 Quay Road, London", -255, "past"),
    ("Fungi Foray", "New Forest", -190, "past"),
    ("Reptile Ramble", "Dorset Heaths", -410, "past"),
    ("Volunteers' Planning Meeting", "To be announced", 90, "undated"),
    ("Night Sky & Night Moths", "Galloway", 95, "open"),
)
_SUMMARIES = (
    "One day by the water.\r\n",
    "A one-day course for consultants; it builds on what others taught,\t\tand ends with a field session.\r\n",
    "An evening in the classroom, then outside around dusk.",
    "Bring boots &amp; a hand lens. Tea is included (worth &pound;3).\r\n\r\nNo dogs, please.",
    "",
)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _slug(text: str) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in text.lower().replace("&amp;", ""))
    return "-".join(part for part in kept.split("-") if part) or "event"


class _Season:
    """Draws ids and products while the season is made."""

    def __init__(self, rng: random.Random, today: date) -> None:
        self._rng = rng
        self.today = today

    def identifier(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def product(self, name: str, position: int, *prices: tuple[str, date | None], **more: Any) -> dict[str, Any]:
        made = _midnight(self.today - timedelta(days=500))[:11] + "10:20:30"
        steps = [{"value": value, "until_end_of": until.isoformat() if until else None} for value, until in prices]
        row: dict[str, Any] = {"id": self.identifier(), "name": name, "position": position, "prices": steps}
        return row | {"created": made, "modified": made} | more

    def products(self, kind: str, start: date) -> list[dict[str, Any]]:
        rng = self._rng
        fee = rng.choice(("95.50", "160.00", "25.00", "0.00"))
        early = ("60.00", start - timedelta(days=30)), ("85.00", None)
        used, places = rng.randrange(0, 12), rng.choice((None, 20, 40))
        gone = kind == "tickets gone"
        days = [start.strftime("%A"), (start + timedelta(days=1)).strftime("%A")] if kind == "two days" else []
        member = self.product("Member", 1, *early, total_available=places, total_used=used)
        if gone:
            member |= {"total_available": 20, "total_used": 20}
        member["description"] = "Includes lunch &amp; a &pound;5 guide"
        member |= {"event_days": days, "max_order_per_attendee": 2}
        other = self.product("Non-member", 2, (fee, None), total_available=10 if gone else None)
        other |= {"total_used": 10} if gone else {}
        half = self.product("Half price", 3, ("30.00", None), total_available=3, total_used=3)
        staff = self.product("Staff", 4, ("0.00", None), admin_only=True, vat_rate=20)
        lunch = self.product("Packed lunch", 5, ("7.50", None), primary=False, vat_rate="20.00")
        old = self.product("Concession", 6, ("40.00", None), published=False, deleted=True)
        old["deleted_date"] = _midnight(self.today - timedelta(days=60))
        if days:
            days_only = [
                self.product(f"{day} only", 7 + n, ("50.00", None), event_days=[day]) for n, day in enumerate(days)
            ]
            return [member, other, *days_only, lunch]
        return [member, other, *rng.sample([half, staff, lunch, old], rng.choice((1, 2)))]


def default_season(rng: random.Random, now: datetime) -> dict[str, Any]:
    """The season, in the stand-in's own format, relative to now and the same for the same seed."""
    season = _Season(rng, now.astimezone(ZoneInfo("Europe/London")).date())
    tags = [{"id": season.identifier(), "name": name} for name in _TAGS]
    events: list[dict[str, Any]] = []
    for index, (subject, place, away, kind) in enumerate(_COURSES):
        start = season.today + timedelta(days=away)
        opens, closes = start - timedelta(days=120), start - timedelta(days=1)
        if kind in ("open", "test", "members", "venue full", "tickets gone", "two days"):
            opens = min(opens, season.today - timedelta(days=10))
            closes = max(closes, season.today + timedelta(days=1))
        if kind == "not yet":
            opens = season.today + timedelta(days=14)
        if kind == "closed":
            closes = season.today - timedelta(days=2)
        name = f"{subject} {start:%B %Y}"
        marked = rng.sample(tags, rng.choice((0, 1, 2)))
        event: dict[str, Any] = {
            "id": 3307 + 4 * index,
            "name": name,
            "slug": _slug(name),
            "location": place,
            "summary": _SUMMARIES[index % len(_SUMMARIES)],
            "registration_opens": _midnight(opens),
            "registration_closes": _midnight(closes),
            "event_starts": _midnight(start),
            "event_ends": _midnight(start + timedelta(days=1 if kind == "two days" else 0)),
            "tags": [tag["id"] for tag in marked],
            "attendee_count": rng.randrange(5, 60),
            "test": kind == "test",
            "products": season.products(kind, start),
        }
        if kind == "venue full":
            event["capacity"] = event["attendee_count"]
        if kind == "undated":
            event |= dict.fromkeys(("registration_opens", "registration_closes", "event_starts", "event_ends"))
            event |= {"name": subject, "slug": _slug(subject), "products": []}
        if kind == "members":
            event["products"] = [season.product("Committee", 1, ("0.00", None), admin_only=True)]
        events.append(event)
    # The first two, so that they are there whatever is drawn: one with everything, and its edition of last year.
    everything = [product for kind in ("open", "two days") for product in season.products(kind, season.today)]
    half = season.product("Student", 9, ("30.00", None), total_available=3, total_used=3)
    old = season.product("Concession", 10, ("40.00", None), published=False, deleted=True)
    old["deleted_date"] = _midnight(season.today - timedelta(days=60))
    kept = {product["name"]: product for product in everything}
    events[0]["products"] = [kept["Member"] | {"event_days": []}, kept["Packed lunch"], half, old]
    events[0]["tags"] = [tags[0]["id"], tags[1]["id"]]
    return {"tags": tags, "events": events}
