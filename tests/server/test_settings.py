"""Settings: file, variables, flags; typos caught; keys from where they are kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventdesk_server.settings import (
    EventScheduleSettings,
    EvvntSettings,
    Secret,
    Settings,
    SettingsError,
    config_path,
    data_path,
    load_settings,
)


def written(folder: Path, text: str) -> dict[str, str]:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return {"EVENTDESK_CONFIG": str(folder / "config.toml")}


CLUB = '[accounts.club]\nprovider = "eventschedule"\nkey = { env = "K" }\n'


def test_without_a_file_and_variables_nothing_is_set(tmp_path: Path) -> None:
    settings = load_settings({"XDG_CONFIG_HOME": str(tmp_path)})
    assert settings.read_only is False


def test_no_test_reaches_the_folders_of_whoever_runs_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    program = (
        "from eventdesk_server.settings import Settings, config_path; print(Settings().state_folder, config_path({}))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    for path in (Settings().state_folder, config_path(os.environ), data_path(), *told):
        assert base in Path(path).parents, path


def test_flags_stand_above_variables_and_variables_above_the_file(tmp_path: Path) -> None:
    env = written(tmp_path, "read_only = true\nlog_level = 'info'\n")
    assert load_settings(env).read_only is True
    assert load_settings({**env, "EVENTDESK_READ_ONLY": "false"}).read_only is False
    assert load_settings({**env, "EVENTDESK_READ_ONLY": "false"}, {"read_only": True}).read_only is True
    assert load_settings({**env, "EVENTDESK_LOG_LEVEL": "debug"}).log_level == "debug"


def test_a_variable_reaches_into_an_account(tmp_path: Path) -> None:
    env = written(tmp_path, CLUB.replace("club", "my-club"))
    account = load_settings({**env, "EVENTDESK_ACCOUNTS__MY_CLUB__CURRENCY": "GBP"}).accounts["my-club"]
    assert isinstance(account, EventScheduleSettings)
    assert account.currency == "GBP"


def test_an_account_that_bears_a_platforms_name_is_one_of_it(tmp_path: Path) -> None:
    variables = {"XDG_CONFIG_HOME": str(tmp_path), "EVENTDESK_ACCOUNTS__EVENTSCHEDULE__KEY": "invented"}
    assert isinstance(load_settings(variables).accounts["eventschedule"], EventScheduleSettings)
    other = {**variables, "EVENTDESK_ACCOUNTS__EVENTSCHEDULE__PROVIDER": "evvnt"}
    assert isinstance(load_settings(other).accounts["eventschedule"], EvvntSettings)
    with pytest.raises(SettingsError, match="one of eventhq"):
        load_settings({**variables, "EVENTDESK_ACCOUNTS__CLUB__KEY": "invented"})
    with pytest.raises(SettingsError, match="accounts"):
        load_settings(written(tmp_path, 'accounts = "evvnt"'))


def test_a_variable_alone_makes_an_account(tmp_path: Path) -> None:
    env = {
        "XDG_CONFIG_HOME": str(tmp_path),
        "EVENTDESK_ACCOUNTS__LISTINGS__PROVIDER": "evvnt",
        "EVENTDESK_ACCOUNTS__LISTINGS__KEY": "k",
    }
    account = load_settings(env).accounts["listings"]
    assert isinstance(account, EvvntSettings)
    assert account.key is not None
    assert account.key.read().get_secret_value() == "k"
    assert "k'" not in repr(account.key)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("read_onyl = true", "did you mean read_only?"),
        ('[acounts.club]\nprovider = "evvnt"', "did you mean accounts?"),
        (CLUB + 'zoen = "Europe/London"', "accounts.club.zoen is not a setting; did you mean zone?"),
        (CLUB.replace("{ env", "{ evn"), "did you mean env?"),
        (CLUB + 'zone = "Europe/Londn"', "not a time zone"),
        (CLUB + 'currency = "pounds"', "currency"),
        ('[accounts.club]\nprovider = "eventbrite"', "provider must be one of"),
        ("[accounts.club]\nkey = 'x'", "provider must be one of"),
        (CLUB.replace("club", '"Big Club"'), "lower-case"),
        (CLUB.replace('{ env = "K" }', '{ env = "K", file = "x" }'), "exactly one"),
        ("read_only = maybe", "config.toml"),
        ("now = '2027-06-12T09:00'", "needs an offset"),
    ],
)
def test_a_wrong_setting_is_named_with_the_nearest_word(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("EVENTDESK_READ_ONLY", "", "EVENTDESK_READ_ONLY: read_only: "),
        ("EVENTDESK_READ_ONYL", "true", "EVENTDESK_READ_ONYL: read_onyl is not a setting; did you mean read_only?"),
        ("EVENTDESK_ACCOUNTS__CLUB__ZONE", "Europe/Londn", "EVENTDESK_ACCOUNTS__CLUB__ZONE: accounts.club.zone: "),
        ("EVENTDESK_ACCOUNTS__CLUB__CURRENCY", "EUR", "config.toml: accounts.club.zone: "),
    ],
)
def test_a_wrong_variable_is_named_rather_than_the_file(tmp_path: Path, variable: str, value: str, told: str) -> None:
    """Whoever looks into the file for what a variable says looks in vain."""
    zone = "Europe/Londn" if "CURRENCY" in variable else "Europe/London"
    with pytest.raises(SettingsError) as caught:
        load_settings({**written(tmp_path, f'{CLUB}zone = "{zone}"'), variable: value})
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not there"):
        load_settings({"EVENTDESK_CONFIG": str(tmp_path / "none.toml")})


def test_a_key_comes_from_a_variable_a_file_or_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", " from-variable\n")
    (tmp_path / "key").write_text("from-file\n")
    command = (sys.executable, "-c", "import sys; sys.stdout.write('from-command')")
    assert Secret(env="THE_KEY").read().get_secret_value() == "from-variable"
    assert Secret(file=str(tmp_path / "key")).read().get_secret_value() == "from-file"
    assert Secret(command=command).read().get_secret_value() == "from-command"


@pytest.mark.parametrize(
    "secret",
    [
        Secret(env="NOT_SET_ANYWHERE"), Secret(file="/nonexistent/key"), Secret(command=("/nonexistent/command", "s3cret")),
        Secret(command=(sys.executable, "-c", "raise SystemExit(3)", "s3cret")), Secret(command=(sys.executable, "-c", "")),
    ],
)  # fmt: skip
def test_a_key_that_is_not_there_is_named_by_its_place_and_never_shown(secret: Secret) -> None:
    with pytest.raises(SettingsError) as caught:
        secret.read()
    assert "s3cret" not in str(caught.value)
