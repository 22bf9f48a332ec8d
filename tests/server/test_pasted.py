"""What people paste becomes what they mean."""

import re
from collections.abc import Callable

import pytest

from eventdesk_server import cli
from eventdesk_server.accounts import pasted
from eventdesk_server.accounts.guides import GUIDES, all_flags
from eventdesk_server.accounts.pasted import Meant
from eventdesk_server.accounts.terminal import one_of
from eventdesk_server.settings import ACCOUNT
from eventdesk_tools.ports import PROVIDER_TITLES


@pytest.mark.parametrize(
    ("clean", "given", "meant"),
    [
        (pasted.key, " abc123\n", "abc123"), (pasted.key, '"abc123",', "abc123"), (pasted.key, "“abc123”", "abc123"),
        (pasted.key, "\ufeffabc\u200b123\u00a0", "abc123"), (pasted.key, "Authorization: Token abc123", "abc123"),
        (pasted.key, "Bearer abc123", "abc123"), (pasted.key, "X-API-Key: abc123", "abc123"), (pasted.key, "a:b", "a:b"),
        (pasted.password, " pass word ", "pass word"), (pasted.password, '"quoted"', '"quoted"'),
        (pasted.email, "Ada <ada@example.org>", "ada@example.org"), (pasted.email, "mailto:ada@example.org", "ada@example.org"),
        (pasted.subdomain, "https://Demo.eventhq.co.uk/events?x=1", "demo"), (pasted.subdomain, "demo.eventhq.co.uk", "demo"),
        (pasted.subdomain, " demo ", "demo"), (pasted.server, "", ""), (pasted.server, "https://eventschedule.com/login", ""),
        (pasted.server, "events.example.org", "https://events.example.org/api"),
        (pasted.server, "https://events.example.org/api/events", "https://events.example.org/api"),
        (pasted.server, "https://events.example.org/dashboard#x", "https://events.example.org/api"),
        (pasted.currency, "gbp", "GBP"), (pasted.zone, "Europe/London", "Europe/London"),
        (one_of(("organiser", "partner")), "2", "partner"), (one_of(("organiser", "partner")), "Org", "organiser"),
        (one_of(("eventhq", "eventschedule")), "Event Schedule", "eventschedule"),
    ],
)  # fmt: skip
def test_what_is_pasted_becomes_what_is_meant(clean: Callable[[str], Meant], given: str, meant: str) -> None:
    assert clean(given).text == meant


@pytest.mark.parametrize(
    ("clean", "given", "told"),
    [
        (pasted.key, " ", "Nothing was given"), (pasted.key, "abc def", "in the middle"), (pasted.key, "abc\ndef", "in the middle"),
        (pasted.key, "clé", "a character that no key has"), (pasted.email, "ada", "no e-mail address"),
        (pasted.subdomain, "events.example.org", "is no address at EventHQ"), (pasted.subdomain, "www.eventhq.co.uk", "no address"),
        (pasted.server, "http://events.example.org", "https"), (pasted.server, "https://a:b@events.example.org", "password"),
        (pasted.zone, "London", "is no time zone"), (pasted.currency, "pounds", "three letters"),
        (pasted.account_name, "Big Club", "like big-club"), (one_of(("eventhq", "eventtia")), "event", "Type one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_with_what_to_type(clean: Callable[[str], Meant], given: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        clean(given)


def test_a_note_tells_what_was_changed_and_quotes_of_a_password_stay() -> None:
    assert "left out" in pasted.key(' "abc" ').note
    assert pasted.key("abc").note == ""
    assert "count as part" in pasted.password('"abc"').note
    assert "/api" in pasted.server("events.example.org").note


def test_the_command_line_answers_every_question_but_keys_of_settings_that_there_are() -> None:
    assert set(cli.ACCOUNT_FLAGS) == set(all_flags())
    assert tuple(name.value for name in PROVIDER_TITLES) == tuple(GUIDES)
    assert set(cli.PROVIDERS) == {name.value for name in GUIDES}
    for provider, guide in GUIDES.items():
        known = set(type(ACCOUNT.validate_python({"provider": provider.value})).model_fields)
        assert {question.setting.partition(".")[0] for question in guide.questions} <= known
