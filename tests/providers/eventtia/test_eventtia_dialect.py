"""Error bodies become one sentence, without the platform's class names; operations are whole."""

from typing import Any

import pytest

from eventdesk_server.http.operations import Effect
from eventdesk_server.http.policy import Window
from eventdesk_server.providers.eventtia.dialect import DIALECT, sentence
from eventdesk_server.providers.eventtia.operations import ALL, GET_EVENT_PARAM, SET_EVENT_PARAM
from tests.providers.eventtia.scripted import example


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "Wrong username or password."}, "Wrong username or password."),
        ({"message": ["Name is blank", "Date is wrong"]}, "Name is blank; Date is wrong"),
        (
            {"message": {"email": ["already taken", "too long"], "name": "is blank"}},
            "email: already taken, too long; name: is blank",
        ),
        ({"message": "ActiveRecord::RecordNotFound"}, ""),
        (
            {"message": "ActiveRecord::RecordInvalid: Validation failed: Name is blank"},
            "Validation failed: Name is blank",
        ),
        ({"message": ["NoMethodError: undefined", None]}, "undefined"),
        ({"errors": ["Not today"]}, "Not today"),
        ({"message": None}, ""),
        ({"message": {}}, ""),
        ({}, ""),
        ([], ""),
        (["Not today"], "Not today"),
        (None, ""),
        ("Not today", "Not today"),
        (12, ""),
    ],
)
def test_a_message_is_read_in_every_shape(body: Any, words: str) -> None:
    assert sentence(body) == words


def test_the_errors_of_the_reference_are_read() -> None:
    assert sentence(example("error_not_found")) == ""
    assert sentence(example("error_wrong_login")) == "Wrong username or password."


def test_a_hundred_requests_a_minute_are_the_limit() -> None:
    assert list(DIALECT.limits) == [Window(100, 60.0)]


def test_every_operation_is_declared_whole() -> None:
    assert len({operation.name for operation in ALL}) == len(ALL)
    for operation in ALL:
        in_path = {param.name for param in operation.params if param.where == "path"}
        assert in_path == set(operation.slots), operation.name
        assert all(param.required for param in operation.params if param.where == "path")
        assert operation.summary
        assert operation.source
        assert not operation.path.startswith("/")
        assert (operation.method == "GET") == (operation.effect is Effect.READ) or operation.withheld


def test_all_69_endpoints_of_the_reference_and_the_log_in_of_servers_are_declared() -> None:
    assert len(ALL) == 69 + 1
    assert len({(operation.method, operation.path) for operation in ALL}) == len(ALL)


def test_what_takes_or_shows_a_secret_is_withheld() -> None:
    assert {operation.name: operation.withheld for operation in ALL if operation.withheld} == {
        "log_in": "it takes a password and answers a token",
        "log_in_as_server": "it takes a secret and answers a token",
        "create_account_webhook": "its path holds the account's key",
        "delete_account_webhook": "its path holds the account's key",
    }


def test_only_changes_to_absolute_values_are_repeatable() -> None:
    assert {operation.name for operation in ALL if operation.repeatable} == {
        "update_event",
        "update_activity",
        "update_unavailable_hour",
        "replace_attendee_activities",
    }


def test_what_empties_or_ends_something_removes() -> None:
    assert {operation.name for operation in ALL if operation.effect is Effect.REMOVE} == {
        "cancel_registration",
        "remove_attendee_from_activity",
        "replace_attendee_activities",
        "delete_unavailable_hour",
        "delete_event_webhook",
        "delete_account_webhook",
    }


def test_every_list_is_declared_with_its_pages() -> None:
    for operation in ALL:
        names = {param.name for param in operation.params}
        assert operation.name.startswith("list_") <= {"page[number]", "page[size]"}.issubset(names), operation.name


def test_of_the_event_params_only_the_one_without_secrets_is_offered() -> None:
    for operation in (GET_EVENT_PARAM, SET_EVENT_PARAM):
        assert [param.choices for param in operation.params if param.name == "param_name"] == [("aux_json_data",)]
