"""Which setting decides whether a tool may be used: every combination, against a model of a few lines."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.registry import declared, identity_of
from eventdesk_server.settings import ACCOUNT, SettingsError, load_settings
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.effects import Effect
from eventdesk_tools.permissions import APPLY, TOOL_OF_OPERATION, TOOLSETS, WRITING, Rules, tools_reached
from eventdesk_tools.ports import Capability, ProviderName

LISTS = ("not given", "names it", "names another")


@dataclass(frozen=True)
class Level:
    """What one level sets about one tool and its toolset."""

    denied: bool
    denied_in_toolset: bool
    read_only: bool
    allow: str
    allow_in_toolset: str
    on: bool

    def rules(self, tool: str, toolset: str, other: str) -> Rules:
        lists = {"names it": [tool], "names another": [other]}
        inner: dict[str, Any] = {"on": self.on, "read_only": self.read_only}
        outer: dict[str, Any] = {"toolsets": {toolset: inner}}
        for where, denied, allow in (
            (outer, self.denied, self.allow),
            (inner, self.denied_in_toolset, self.allow_in_toolset),
        ):
            where.update({"deny": [tool]} if denied else {})
            where.update({"allow": lists[allow]} if allow in lists else {})
        return Rules.model_validate(outer)

    def lets(self, *, writes: bool) -> bool:
        """The documented order: deny, read only, allow, on."""
        if self.denied or self.denied_in_toolset or (self.read_only and writes):
            return False
        allowing = {self.allow, self.allow_in_toolset} - {"not given"}
        return allowing == {"names it"} if allowing else self.on


BOTH = (False, True)
LEVELS = [Level(*values) for values in product(BOTH, BOTH, BOTH, LISTS, LISTS, BOTH)]


@pytest.mark.parametrize(
    ("tool", "toolset", "other"),
    [("update_sale", "sales", "list_sales"), ("list_sales", "sales", "update_sale"), ("get_event", "events", "create_event")],
)  # fmt: skip
def test_a_tool_is_on_where_desk_and_account_both_let_it_through(tool: str, toolset: str, other: str) -> None:
    """Every combination of the two levels, 20,736 a tool."""
    told = {level: level.rules(tool, toolset, other).refusal(tool) for level in LEVELS}
    for level, place in told.items():
        assert (place == "") is level.lets(writes=tool in WRITING), level
    assert sum(not desk and not account for desk, account in product(told.values(), repeat=2)) == sum(
        a.lets(writes=tool in WRITING) and b.lets(writes=tool in WRITING) for a, b in product(LEVELS, repeat=2)
    )


def test_the_setting_that_decides_is_the_one_that_is_named() -> None:
    rules = Rules.model_validate(
        {
            "deny": ["update_sale"],
            "toolsets": {"sales": {"on": False}, "people": {"read_only": True, "deny": ["list_attendees"]}, "events": {"allow": ["get_event"]}},
        }
    )  # fmt: skip
    assert {tool: rules.refusal(tool) for tools in TOOLSETS.values() for tool in tools if rules.refusal(tool)} == {
        "list_events": "toolsets.events.allow",
        "list_sessions": "toolsets.events.allow",
        "event_summary": "toolsets.events.allow",
        "create_event": "toolsets.events.allow",
        "update_event": "toolsets.events.allow",
        "clone_event": "toolsets.events.allow",
        "archive_event": "toolsets.events.allow",
        "list_attendees": "toolsets.people.deny",
        "register_attendee": "toolsets.people.read_only",
        "register_attendees": "toolsets.people.read_only",
        "cancel_registration": "toolsets.people.read_only",
        "list_sales": "toolsets.sales.on",
        "create_sale": "toolsets.sales.on",
        "update_sale": "deny",
    }


def test_every_tool_is_in_one_toolset_and_known_as_what_it_does() -> None:
    named = [tool for tools in TOOLSETS.values() for tool in tools]
    assert sorted([*named, APPLY]) == sorted(spec.name for spec in CATALOG)
    assert {spec.name for spec in CATALOG if spec.effect is not Effect.READ} == WRITING


REACHING = {
    "archive_event": (
        "eventschedule.delete_event eventschedule.delete_schedule eventschedule.update_event eventtia.update_event heysummit.archive_event "
        "heysummit.delete_event"
    ),
    "cancel_registration": (
        "eventschedule.delete_sale eventschedule.update_sale eventtia.cancel_registration heysummit.delete_attendee"
    ),
    "clone_event": "eventtia.clone_event",
    "create_event": "eventschedule.create_event eventtia.create_event evvnt.create_event heysummit.create_event",
    "create_sale": "eventschedule.create_sale heysummit.create_checkout_link",
    "event_summary": "eventhq.count_events eventtia.get_ticket_stats evvnt.get_event_report",
    "get_event": (
        "eventhq.view_event eventschedule.show_event eventtia.get_event evvnt.get_event evvnt.get_our_event heysummit.get_event"
    ),
    "list_attendees": (
        "eventtia.find_attendee_by_email eventtia.get_attendee eventtia.list_activity_attendees eventtia.list_attendee_activities "
        "eventtia.list_attendee_purchases eventtia.list_attendees heysummit.get_attendee heysummit.get_attendee_v1 heysummit.list_attendees "
        "heysummit.list_attendees_v1 heysummit.list_talk_attendees"
    ),
    "list_events": (
        "eventhq.list_events eventschedule.list_events eventtia.list_events eventtia.list_events_slim evvnt.list_my_events "
        "evvnt.list_our_events heysummit.list_events"
    ),
    "list_sales": (
        "eventschedule.list_sales eventschedule.show_sale eventtia.list_attendee_purchases eventtia.list_payments eventtia.list_purchases"
    ),
    "list_sessions": (
        "eventtia.get_activity eventtia.list_activities heysummit.get_talk heysummit.get_talk_v1 heysummit.list_talks heysummit.list_talks_v1"
    ),
    "register_attendee": (
        "eventschedule.create_sale eventtia.add_attendee_to_activity eventtia.register_attendee eventtia.replace_attendee_activities "
        "heysummit.add_attendee_to_talk heysummit.assign_ticket heysummit.register_attendee heysummit.register_attendee_v1"
    ),
    "update_event": (
        "eventschedule.update_event eventschedule.upload_flyer eventtia.update_event evvnt.update_event heysummit.update_event"
    ),
    "update_sale": "eventschedule.delete_sale eventschedule.update_sale",
}
"""By tool, the operations that come to what it does: whoever switches the tool off means them too."""


@pytest.mark.parametrize("tool", REACHING)
def test_a_tool_that_is_off_takes_every_operation_with_it_that_comes_to_the_same(tool: str) -> None:
    reaching = {
        f"{provider.value}.{operation.name}"
        for provider in ProviderName
        for operation in declared(provider)
        if tool in tools_reached(provider.value, operation.name)
    }
    assert reaching == set(REACHING[tool].split())


@pytest.mark.parametrize("operation", ["list_payments", "show_event", "find_attendee_by_email", "count_events"])
def test_an_operation_that_a_tool_carries_out_better_is_known_by_that_tool(operation: str) -> None:
    (provider_operation,) = [
        name for names in REACHING.values() for name in names.split() if name.endswith(f".{operation}")
    ]
    assert TOOL_OF_OPERATION[operation] in REACHING
    assert provider_operation in REACHING[TOOL_OF_OPERATION[operation]].split()


def test_what_another_tool_only_comes_near_to_is_known_by_none() -> None:
    for operation in (
        "delete_event",
        "upload_flyer",
        "get_attendee",
        "assign_ticket",
        "delete_sale",
        "create_checkout_link",
    ):
        assert operation not in TOOL_OF_OPERATION
    assert TOOL_OF_OPERATION["update_event"] == "update_event"


def test_blanks_around_names_in_a_list_are_forgiven() -> None:
    assert Rules.model_validate({"deny": " archive_event , update_sale,"}).deny == ("archive_event", "update_sale")
    assert Rules.model_validate({"deny": ["archive_event "]}).deny == ("archive_event",)


def test_an_operation_that_is_called_like_a_tool_is_known_as_that_tool() -> None:
    known = {capability.value for capability in Capability}
    for provider in ProviderName:
        for operation in declared(provider):
            reached = tools_reached(provider.value, operation.name)
            assert set(reached) <= known
            bare = operation.name.removesuffix("_v1")
            if bare in known:
                assert bare in reached


CLUB = '[accounts.club]\nprovider = "eventschedule"\nkey = "x"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('deny = ["archive_evnt"]', "'archive_evnt' is not a tool; did you mean archive_event?"),
        ("dney = []", "dney is not a setting; did you mean deny?"),
        ("allow = []", "allow: names no tool; leave it out to allow all"),
        ("[toolsets.salse]\non = false", "'salse' is not a toolset; did you mean sales?"),
        ("[toolsets.sales]\nonn = false", "toolsets.sales.onn is not a setting; did you mean on?"),
        ('[toolsets.sales]\ndeny = ["create_event"]', "is not a tool of the toolset sales; did you mean create_sale?"),
        (CLUB + "dney = []", "accounts.club.dney is not a setting; did you mean deny?"),
        (CLUB + 'allow = ["list_event"]', "accounts.club.allow: 'list_event' is not a tool; did you mean list_events?"),
        (CLUB + "[accounts.club.toolsets.peple]\non = false", "accounts.club: 'peple' is not a toolset; did you mean people?"),
        (CLUB + "[accounts.club.toolsets.people]\nreadonly = true", "people.readonly is not a setting; did you mean read_only?"),
    ],
)  # fmt: skip
def test_a_misspelt_rule_stops_the_start_with_the_nearest_word(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings({"EVENTDESK_CONFIG": str(tmp_path / "config.toml")})
    assert told in str(caught.value)


def test_variables_give_lists_and_reach_into_toolsets(tmp_path: Path) -> None:
    env = {
        "XDG_CONFIG_HOME": str(tmp_path),
        "EVENTDESK_DENY": "archive_event, update_sale",
        "EVENTDESK_TOOLSETS__PEOPLE__ON": "false",
        "EVENTDESK_ACCOUNTS__CLUB__PROVIDER": "eventschedule",
        "EVENTDESK_ACCOUNTS__CLUB__TOOLSETS__SALES__READ_ONLY": "true",
    }
    settings = load_settings(env)
    assert settings.deny == ("archive_event", "update_sale")
    assert settings.refusal("list_attendees") == "toolsets.people.on"
    assert settings.accounts["club"].refusal("create_sale") == "toolsets.sales.read_only"


def test_rules_do_not_change_which_login_an_account_is() -> None:
    """The journal's keys begin with the login: what was sent before a rule was set stays known after it."""
    given = {"provider": "evvnt", "key": "k", "secret": "s"}
    ruled = given | {"deny": ["archive_event"], "allow": ["list_events"], "toolsets": {"sales": {"on": False}}}
    assert identity_of(ACCOUNT.validate_python(given)) == identity_of(ACCOUNT.validate_python(ruled))
