"""What organisers call things, and what they call doing something: the words behind `searching`, as data."""

import re
from collections.abc import Mapping
from functools import cache

from eventdesk_tools.effects import Effect

STOP = frozenset(
    """a about all already an and any anyone are as at be been being both by can could did do does each every everything far
    for from get give has have here how i if in into is it its just let like lets me might much my need needs now of on one or
    our out please s should so some somebody someone still than that the their them then there these they thing things this
    those to today tonight tomorrow too until up us very want wants was we were what when where which who whom whose whole why
    will with would yet yesterday you your
    list show find see read look details check view tell re ve ll t d""".split()
)
"""Words that tell nothing about what is meant."""

SAME = """
attendee door people person individual participant visitor guest registrant delegate audience somebody customer student member
attendee roster headcount turnout coming attend attendance rsvp arrive checkin scan badge registration
participant attendee delegate member
guest invite invitee invitation vip plusone companion comp
registration register signup sign booking enrol attend enlist rsvp seat
activity workshop session talk lecture class breakout seminar masterclass course keynote panel webinar excursion tour lab slot
talk session lecture presentation keynote panel webinar breakout workshop seminar plenary fireside
speaker presenter artist performer lineup line moderator host panelist talent musician dj lecturer talking speaking keynoter headliner
event show concert gig summit conference festival edition congress gala meetup party fair night convention date gathering
listing event submission advert advertisement ad promotion post gig
schedule calendar venue page curator season
group subschedule sub section subcalendar branch series strand
sale order purchase booking invoice receipt transaction checkout cash sold
purchase buy bought merchandise item extra addon spent
item merchandise product goods extra addon swag shirt tshirt upsell souvenir shop option
ticket pass type admission tier entry level wristband price
price cost fee charge rate tariff expensive tier amount
type tier fee category rate
payment money paid collected revenue finance invoice transaction refund income owe debt outstanding unpaid overdue takings turnover cash settle bank transfer
coupon discount code voucher promo discounted promotion rebate promotional
checkout buy link payment pay cart
feedback rating review said opinion star comment stars satisfaction impression
survey questionnaire form feedback poll evaluation nps
answer reply response fill answers result respond
message newsletter mail email mailing campaign blast reminder announcement mass communication
stat statistic figure count number left opened bounced failed fail percentage total rate delivered delivery bounce unopened performance
seat capacity left available remaining availability full sold
ticket seat capacity
seat ticket
used sold gone taken filled
report click reach view impression statistic performance live traffic analytics metric audience result published
flyer poster image picture banner artwork cover graphic photo visual thumbnail logo
file document upload attachment download presentation pdf slide handout deck brochure map material paper
webhook callback notify hook server endpoint integration zapier push automation ping trigger notification url sync crm
stand booth exhibitor exhibition expo trade hall pavilion
exhibitor company sponsor vendor brand firm
reservation exhibitor company booked reserved rented taken
lead contact prospect scan scanned card visited potential
zone floor area hall section sector plan
poi hotel nearby attraction restaurant sight parking transport sightseeing
point hotel nearby attraction restaurant place near location parking
interest hotel nearby attraction restaurant around
meeting networking appointment matchmaking onetoone b2b rendezvous encounter 1on1
conference networking business matchmaking b2b
business networking b2b matchmaking matching brokerage
agenda meeting appointment diary personal
unavailable available block blocked break lunch hour free busy closed pause off closing
hour time slot window
qa question moderation moderate audience ask asked
category track topic tag kind genre label theme classification level sort stream taxonomy
kind type category kind sort
country nation
region state province county canton
city town place timezone
package credit broadcast bundle plan subscription allowance quota remain balance submission
contract price package deal agreement terms tariff cost rate pricing condition
publisher site website outlet newspaper magazine guide portal media partner blog
publish published live appear online
published live appeared come published
url address link web website
user customer client reseller account subscriber member agency organisation
partner reseller agency client customer
param parameter setting option integration metadata data external
custom own extra additional special
field question form attribute column
progress ready status finished state done complete over duration long
clone copy duplicate template replica duplication copying reuse repeat
cancel withdraw
agenda programme program timetable schedule plan itinerary
activity programme program agenda timetable
talk programme program agenda timetable
refund paid
fan photo video content picture community clip submitted audience upload shot snapshot
content photo video picture clip
sponsor partner backer supporter sponsorship patron backing donor funding
count many number amount total
feed all everything public
mine own our
archive close past old retire shut
category interest genre
webhook address
admission ticket
"""
"""Words for one thing, a row each. A word may stand in several rows."""

_VERBS = """
remove: delete remove erase rid unblock drop trash wipe discard destroy purge
remove: remove delete take rid undo kick throw unbook unregister unenrol expel pull
remove: cancel withdraw call revoke void unregister annul
remove: delete stop end unsubscribe disconnect disable unhook
remove: archive close retire shut hide
remove: delete free release unblock reopen
add: create make new add set setup build open start plan write launch draft prepare organise schedule
add: add book put assign squeeze enrol place sign include enter
add: create invite add welcome
add: register sign add book enrol enter check
add: upload add attach put post share import send
add: submit fill hand send answer complete enter record
add: create publish submit post list advertise announce promote send broadcast push
add: buy create purchase top order
add: clone copy duplicate repeat reuse
add: create record take enter log sell book note ring
add: create call notify inform ping connect hook subscribe alert
add: assign give upgrade grant hand comp award
add: block add reserve keep close hold
add: generate create produce
change: update change edit modify correct fix move rename adjust amend alter revise rewrite reword tweak refresh translate
change: update change move shift postpone reschedule delay push bring extend shorten relocate
change: mark update refund confirm settle flag
change: set change assign report tag label classify categorise tell
change: replace redo swap exchange switch overwrite rebook
change: put move
change: upload replace swap change update
change: deactivate update
"""

PHRASES = (
    (re.compile(r"\b(?:take|taking|throw|kick|sign)\b.*\b(?:out|off)\b|\bget rid\b|\bundo\b"), "remove"),
    (re.compile(r"\b(?:take|taking)\b.*\bback\b"), "cancel"),
    (re.compile(r"\bwho(?:'s| is| are| was| were| will)? (?:be )?(?:talk|speak|present|perform|play|appear)\w*"), "speaker"),
    (re.compile(r"\blook up\b|\btell me about\b|\bopen (?:the|a|one)\b|\bthe full\b"), "details"),
    (re.compile(r"\b(?:signed|signs?) up\b"), "registered"),
    (re.compile(r"\badd (?:someone|somebody|a person|people) to\b"), "register"),
    (re.compile(r"(?<!are )(?<!is )\bset up\b"), "create"),
    (re.compile(r"\S@\S+\.\w"), "email"),
    (re.compile(r"\b(?:is|are|will)\b.*\b(?:coming|attending)\b"), "attendee"),
    (re.compile(r"\bcheck(?:ed|ing|s)?[- ]ins?\b"), "checkin"),
    (re.compile(r"\b(?:one|1)[- ](?:to|on|2)[- ](?:one|1)s?\b"), "onetoone"),
    (re.compile(r"\bplus[- ]ones?\b"), "plusone"),
    (re.compile(r"\badd[- ]?ons?\b"), "addon"),
    (re.compile(r"\bt[- ]shirts?\b"), "tshirt"),
    (re.compile(r"\bsub[- ](?:schedule|calendar)s?\b"), "subschedule"),
    (re.compile(r"\bq ?(?:&|and) ?a\b"), "qa"),
    (re.compile(r"\b\d{1,2}(?::\d\d| ?[ap]m| o'?clock)\b"), "hour"),
    (re.compile(r"\b(?:move|push|put|bring)\b.*\b(?:back|forward|earlier|later)\b"), "reschedule"),
    (re.compile(r"\b(?:keep|leave|hold)\b.*\b(?:free|clear|open)\b"), "block"),
    (re.compile(r"\bcom(?:e|es|ing) (?:in|through)\b.*\b(?:money|payment)\b|\b(?:money|payment)\b.*\bc[oa]me in\b"), "paid"),
    (re.compile(r"\bat the door\b|\bon the door\b|\bbox office\b"), "sale"),
    (re.compile(r"\bhow (?:well|is|are|did)\b.*\b(?:doing|perform\w*|going)\b"), "report"),
)  # fmt: skip
"""Words that mean something together, and the word for it."""

POLITE = re.compile(
    r"^\W*(?:(?:please|hi|hey|hello|ok|so|now|then|can|could|would|will) ?(?:you|we|i|there)?|"
    r"(?:i|we)(?: would|'d)? ?(?:want|need|like|have|wish|must|should|wanna)(?: to)?|let'?s|help me(?: to)?|"
    r"how (?:do|can|could|would|should) (?:i|we|you)|is it possible to|is there a way to|just|(?:give|tell|show|send) me)\b[ ,]*",
    re.IGNORECASE,
)
"""What stands before what is wanted."""

READING = frozenset(
    """list show which who whom whose how see find read look details view has have had what when where is are was were did do does
    will any all our my display fetch lookup search compare number count overview whether why open pull latest upcoming
    current everyone everybody""".split()
)
"""A request that begins so wants to see something."""

TITLE_WORDS: Mapping[str, str] = {
    "evvnt": "listing listings site sites broadcast",
    "HeySummit": "summit",
    "Event Schedule": "schedule calendar",
    "Eventtia": "conference workshop",
}
"""What organisers call what they have at a platform."""


OWN_WORDS: Mapping[str, Mapping[str, str]] = {
    "evvnt": {"event": "listing", "publisher": "site", "user": "customer client", "package": "credit"},
    "Event Schedule": {"schedule": "calendar", "group": "subschedule", "sale": "order", "flyer": "poster"},
    "Eventtia": {"activity": "workshop session", "reservation": "exhibitor", "message": "mailing", "stand": "booth"},
    "HeySummit": {"talk": "session", "coupon": "discount"},
}
"""By platform: what else the things are called that its operations name."""


def verbs() -> Mapping[str, tuple[Effect, frozenset[str]]]:
    """Each word for doing something: what it does to the data, and the words of the same meaning."""
    found: dict[str, tuple[Effect, set[str]]] = {}
    for row in _VERBS.strip().splitlines():
        effect, _, group = row.partition(": ")
        for word in group.split():
            found.setdefault(word, (Effect(effect), set()))[1].update(group.split())
    return {word: (effect, frozenset(kin - {word})) for word, (effect, kin) in found.items()}


_ENDINGS = (("sses", "ss"), ("ies", "y"), ("ing", ""), ("ed", ""), ("s", ""))


@cache
def stem(word: str) -> str:
    """A word without its ending, as far as that is safe: `registered` and `registers` are `register`."""
    if word.startswith("listing"):
        return "listing"  # what evvnt calls an event, not the act
    for end, instead in _ENDINGS:
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith(("ss", "us")):
            word = word[: -len(end)] + instead
            if end in {"ing", "ed"} and len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@cache
def kin_of() -> Mapping[str, frozenset[str]]:
    """By stem: the stems of the words that mean the same."""
    table: dict[str, set[str]] = {}
    for row in SAME.strip().splitlines():
        group = [stem(word) for word in row.split()]
        for word in group:
            table.setdefault(word, set()).update(group)
    return {word: frozenset(kin - {word}) for word, kin in table.items()}
