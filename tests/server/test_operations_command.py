"""`eventdesk operations`, and the settings that operations know."""

import json
from pathlib import Path

import pytest

from eventdesk_server.app import build
from eventdesk_server.cli import main
from eventdesk_server.providers.declared import DeclaredOperations
from eventdesk_server.settings import Settings, load_settings
from eventdesk_tools.ports import PROVIDER_TITLES


def test_every_operation_of_the_five_platforms_is_listed_without_any_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["operations", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["operations"]
    assert {row["provider"] for row in rows} == {name.value for name in PROVIDER_TITLES}
    assert len(rows) >= 140
    for row in rows:
        assert {"provider", "name", "method", "path", "effect", "withheld", "summary", "params"} <= set(row)
    assert main(["operations"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows)
    assert sum("withheld: " in line for line in lines) == sum(bool(row["withheld"]) for row in rows) > 0


def test_log_ins_are_withheld_on_every_platform_that_has_them() -> None:
    from eventdesk_server.registry import operation_rows

    for row in operation_rows():
        if {"password", "client_secret"} & {param["name"] for param in row["params"]} or "magic" in row["path"]:
            assert row["withheld"], row["name"]


def test_the_settings_switch_writing_on_and_name_the_import_folder(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'operations_write = true\nimport_folder = "{tmp_path}"\n')
    settings = load_settings({"EVENTDESK_CONFIG": str(config)})
    app = build(settings)
    assert app.desk.operations_write
    adapters = [account.provider for account in app.desk.accounts.values()]
    assert [a.import_folder for a in adapters if isinstance(a, DeclaredOperations)] == [str(tmp_path)] * len(adapters)
    assert not build(Settings()).desk.operations_write
