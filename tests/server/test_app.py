"""The assembled server: what settings make of it."""

import logging
from pathlib import Path

import pytest

from eventdesk_server.app import build, build_from_environment
from eventdesk_server.registry import identity_of
from eventdesk_server.settings import ACCOUNT, Settings, SettingsError, parse_now


def account(**values: object) -> str:
    return identity_of(ACCOUNT.validate_python({"provider": "eventschedule", **values}))


def test_two_logins_are_never_one_in_the_journal() -> None:
    assert account(key="a") != account(key="b")
    assert account(key={"env": "A"}) != account(key={"env": "B"})
    assert account(key="a") != account(key="a", base_url="https://other.example/api")


def test_one_login_stays_itself_when_something_beside_it_changes() -> None:
    assert account(key="a") == account(key="a", read_only=True, zone="Europe/London", currency="GBP")


@pytest.mark.parametrize(
    "base_url", ["http://events.example/api", "ftp://events.example", "events.example", "https://"]
)
def test_a_base_url_to_which_no_key_may_be_sent_is_an_error_of_the_settings(base_url: str) -> None:
    settings = Settings.model_validate(
        {"accounts": {"club": {"provider": "eventschedule", "key": "canary", "base_url": base_url}}}
    )
    with pytest.raises(SettingsError, match=r"accounts\.club") as caught:
        build(settings)
    assert "canary" not in str(caught.value)


def test_under_a_host_such_a_base_url_leaves_a_server_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.toml").write_text(
        '[accounts.club]\nprovider = "eventschedule"\nkey = "k"\nbase_url = "http://a.example"\n'
    )
    monkeypatch.setenv("EVENTDESK_CONFIG", str(tmp_path / "c.toml"))
    assert "accounts.club" in build_from_environment(stay_up=True).desk.problem


def test_the_log_level_of_the_settings_is_the_logs() -> None:
    before = logging.getLogger("eventdesk").level
    try:
        build(Settings(log_level="error"))
        assert logging.getLogger("eventdesk").level == logging.ERROR
    finally:
        logging.getLogger("eventdesk").setLevel(before)


@pytest.mark.parametrize(
    "text", ["2027", "1700000000", "2027-06-12", "2027-06-12T09:00", "yesterday", "2027-13-01T00:00Z"]
)
def test_a_pinned_clock_is_written_out_with_its_offset(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_now(text)
    assert parse_now("2027-06-12T09:00+01:00").isoformat() == "2027-06-12T09:00:00+01:00"
