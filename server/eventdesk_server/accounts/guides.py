"""What each platform needs, in the order in which a person is asked for it, and where the person finds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eventdesk_server.accounts import pasted
from eventdesk_server.accounts.pasted import Meant
from eventdesk_tools.ports import ProviderName

Answers = Mapping[str, str]


def _always(_: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to know. `setting` is the account's setting, `contact.…` a part of its contact."""

    setting: str
    text: str
    clean: Callable[[str], Meant] = pasted.words
    secret: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    asked: bool = True
    """False: only a flag answers it."""
    applies: Callable[[Answers], bool] = _always

    @property
    def flag(self) -> str:
        """The flag of the command line that answers it; of no use for a secret, which no flag carries."""
        return "--" + self.setting.replace(".", "-").replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One platform for the person who connects it."""

    find: str
    """Where the key is, and what the platform asks for it."""
    renew: str
    """How to come by a key that works."""
    questions: tuple[Question, ...]


_KEY = Question(setting="key", text="API key", clean=pasted.key, secret=True)
_COMMON = (
    Question(setting="base_url", text="Address of the API", clean=pasted.address, optional=True, asked=False),
    Question(setting="zone", text="Time zone", clean=pasted.zone, optional=True, asked=False),
    Question(setting="currency", text="Currency", clean=pasted.currency, optional=True, asked=False),
)
_CONTACT: Callable[[Answers], bool] = lambda answers: bool(answers.get("contact.name"))  # noqa: E731 - a rule by name

GUIDES: Mapping[ProviderName, Guide] = {
    ProviderName.HEYSUMMIT: Guide(
        find="The key is in HeySummit under Event setup → API settings. HeySummit gives keys on its Business plan.",
        renew="In HeySummit open Event setup → API settings, see that the plan is Business, and copy the key.",
        questions=(
            _KEY,
            Question(
                setting="api_version",
                text="Version of the API",
                choices=("v2", "v1"),
                optional=True,
                asked=False,
            ),
            *_COMMON,
        ),
    ),
    ProviderName.EVENTHQ: Guide(
        find="The address is that of EventHQ in your browser. The key is a user's API key; if you do not find it, ask EventHQ.",
        renew="In EventHQ copy your user's API key, or make a new one.",
        questions=(
            Question(
                setting="subdomain",
                text="Your address at EventHQ (demo.eventhq.co.uk)",
                clean=pasted.subdomain,
                applies=lambda answers: not answers.get("base_url"),
            ),
            _KEY,
            *_COMMON,
        ),
    ),
    ProviderName.EVENTTIA: Guide(
        find="Eventdesk logs in as a user of Eventtia and sees the events which that user sees. Better is a client id "
        "and secret, which Eventtia's support gives: press Enter at the e-mail to use these.",
        renew="Log in at Eventtia in a browser with exactly this e-mail and password.",
        questions=(
            Question(setting="email", text="E-mail (Enter: client id and secret)", clean=pasted.email, optional=True),
            Question(
                setting="password",
                text="Password",
                clean=pasted.password,
                secret=True,
                applies=lambda answers: bool(answers.get("email")),
            ),
            Question(
                setting="client_id",
                text="Client id",
                clean=pasted.key,
                secret=True,
                applies=lambda answers: not answers.get("email"),
            ),
            Question(
                setting="client_secret",
                text="Client secret",
                clean=pasted.key,
                secret=True,
                applies=lambda answers: not answers.get("email"),
            ),
            *_COMMON,
        ),
    ),
    ProviderName.EVVNT: Guide(
        find="evvnt gives a key and a secret for its API (evvnt.com/partner), for an organiser, a partner or a publisher.",
        renew="Ask evvnt (evvnt.com/partner) for the key and secret of your account.",
        questions=(
            _KEY,
            Question(setting="secret", text="API secret", clean=pasted.key, secret=True),
            Question(
                setting="role",
                text="Whose key is it?",
                choices=("organiser", "partner", "publisher"),
                default="organiser",
            ),
            Question(
                setting="user_id",
                text="Number of the user you act for (Enter: none, listings can then be read only)",
                optional=True,
                applies=lambda answers: answers.get("role") == "partner",
            ),
            Question(
                setting="zone",
                text="Time zone of your events, like Europe/London (Enter: none, listings can then be read only)",
                clean=pasted.zone,
                optional=True,
            ),
            Question(
                setting="contact.name",
                text="evvnt wants a contact with every new listing. Name (Enter: none yet)",
                optional=True,
                applies=lambda answers: answers.get("role") != "publisher",
            ),
            Question(setting="contact.email", text="The contact's e-mail", clean=pasted.email, applies=_CONTACT),
            Question(setting="contact.tel", text="The contact's telephone", applies=_CONTACT),
            Question(setting="organiser", text="Organiser's name", optional=True, asked=False),
            Question(setting="package", text="Package", optional=True, asked=False),
            *(question for question in _COMMON if question.setting != "zone"),
        ),
    ),
    ProviderName.EVENTSCHEDULE: Guide(
        find="The key is made in Event Schedule's account settings, where API access is switched on. On eventschedule.com "
        "it needs the Pro plan.",
        renew="In Event Schedule's account settings switch API access off and on again, and copy the new key.",
        questions=(
            Question(
                setting="base_url",
                text="Address of your own server (Enter: eventschedule.com)",
                clean=pasted.server,
                optional=True,
            ),
            _KEY,
            Question(setting="calendar", text="Calendar", optional=True, asked=False),
            *(question for question in _COMMON if question.setting != "base_url"),
        ),
    ),
}


def all_flags() -> dict[str, Question]:
    """Every question that a flag answers, by its setting."""
    return {q.setting: q for guide in GUIDES.values() for q in guide.questions if not q.secret}
