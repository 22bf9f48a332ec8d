"""What is published says the same everywhere: version, tools, settings; and has the form that its readers ask for.

Rewrite the bundle's tool list with `EVENTDESK_DOCS=write pytest tests/packaging`.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from eventdesk_server.settings import load_settings
from eventdesk_tools import __version__
from eventdesk_tools.ports import PROVIDER_TITLES

WRITE = os.environ.get("EVENTDESK_DOCS") == "write"  # while tests run, settings of the person who runs them are gone
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging"
MANIFEST = FOLDER / "mcpb" / "manifest.json"


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def run(*words: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENTDESK_", "XDG_"))}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        stdin=subprocess.DEVNULL, env={**kept, "HOME": str(home), **environ},
    )  # fmt: skip


def form_variables() -> dict[str, str]:
    """The variables that the bundle's form fills, each with a value of the kind that goes there."""
    values = {"EVENTDESK_CONFIG": "", "EVENTDESK_READ_ONLY": "true"}
    return {name: values.get(name, "invented") for name in read(MANIFEST)["server"]["mcp_config"]["env"]}


def test_every_package_has_the_version_of_the_code() -> None:
    registry = read(FOLDER / "server.json")
    assert read(MANIFEST)["version"] == __version__
    assert registry["version"] == __version__
    assert {package["version"] for package in registry["packages"]} == {__version__}
    assert f"– {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_bundle_names_the_tools_that_the_server_lists(tmp_path: Path) -> None:
    listed = json.loads(run("-m", "eventdesk_server", "tools", "--json", home=tmp_path).stdout)["tools"]
    tools = [{"name": tool["name"], "description": re.split(r"(?<=\.)\s", tool["description"])[0]} for tool in listed]
    manifest = read(MANIFEST)
    if WRITE:
        text = json.dumps({**manifest, "tools": tools}, indent=2, ensure_ascii=False)
        MANIFEST.write_text(f"{text}\n", encoding="utf-8")
        manifest = read(MANIFEST)
    assert manifest["tools"] == tools


def test_every_field_of_the_form_goes_into_one_setting() -> None:
    manifest = read(MANIFEST)
    used: list[str] = list(manifest["server"]["mcp_config"]["env"].values())
    assert sorted(used) == sorted(f"${{user_config.{name}}}" for name in manifest["user_config"])
    for name, field in manifest["user_config"].items():
        assert field.get("sensitive", False) == name.endswith(("key", "password", "secret")), name
        assert field["required"] is False, "without any key the sandbox answers"
        assert field["default"] in ("", False), "what is empty has to arrive as empty, not as the field's name"


def test_a_form_filled_for_every_platform_is_five_accounts() -> None:
    settings = load_settings(form_variables())
    assert {account.provider for account in settings.accounts.values()} == set(PROVIDER_TITLES)
    assert settings.read_only


def test_the_registry_and_the_bundle_offer_the_same_settings() -> None:
    (package,) = read(FOLDER / "server.json")["packages"]
    manifest = read(MANIFEST)
    fields = {
        name: value[len("${user_config.") : -1] for name, value in manifest["server"]["mcp_config"]["env"].items()
    }
    assert {variable["name"] for variable in package["environmentVariables"]} == set(fields)
    for variable in package["environmentVariables"]:
        sensitive = manifest["user_config"][fields[variable["name"]]].get("sensitive", False)
        assert variable.get("isSecret", False) == sensitive, variable["name"]


def test_the_registry_entry_has_the_published_form() -> None:
    entry = read(FOLDER / "server.json")
    version = entry["$schema"].split("/")[-2]
    carried = resources.files(f"skillsaw.schemas.mcp_registry.v{version.replace('-', '_')}") / "server.schema.json"
    schema = json.loads(carried.read_text(encoding="utf-8"))
    assert schema["$id"] == entry["$schema"]
    jsonschema.validate(entry, schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**entry, "description": "x" * 101}, schema)
    assert f"mcp-name: {entry['name']}" in (ROOT / "README.md").read_text(encoding="utf-8"), "the registry looks for it"


def test_the_registry_entry_passes_the_registrys_own_rules(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_bytes((FOLDER / "server.json").read_bytes())
    ran = run("-m", "skillsaw", "lint", "--strict", str(tmp_path), home=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (tmp_path / "server.json").write_text(json.dumps({**read(FOLDER / "server.json"), "version": "latest"}))
    assert run("-m", "skillsaw", "lint", "--strict", str(tmp_path), home=tmp_path).returncode == 1


def test_fields_that_were_left_empty_are_no_settings(tmp_path: Path) -> None:
    main = str(FOLDER / "mcpb" / "main.py")
    empty = {**dict.fromkeys(form_variables(), ""), "EVENTDESK_READ_ONLY": "false"}
    ran = run(main, "call", "list_accounts", home=tmp_path, **empty)
    assert ran.returncode == 0, ran.stderr
    assert "demo-heysummit" in ran.stdout
    unfilled = {name: "${user_config.x}" if "ACCOUNTS" in name else value for name, value in empty.items()}
    assert run(main, "call", "list_accounts", home=tmp_path, **unfilled).stdout == ran.stdout


def test_a_switch_that_arrives_empty_is_an_error_and_not_taken_for_off(tmp_path: Path) -> None:
    ran = run(str(FOLDER / "mcpb" / "main.py"), "tools", home=tmp_path, EVENTDESK_READ_ONLY="")
    assert ran.returncode == 2
    assert "read_only" in ran.stderr


def test_the_bundle_pins_every_package_that_was_tested(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import bundle; print(bundle.project('eventdesk-0.1.0-x.whl'))"
    )
    made = tomllib.loads(run("-c", program, str(FOLDER), home=tmp_path).stdout)
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    pins = made["tool"]["uv"]["constraint-dependencies"]
    assert len(pins) == len(re.findall(r"^\S+==", lock, re.MULTILINE))
    assert all(f"\n{pin} \\\n" in lock for pin in pins)
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert made["project"]["requires-python"] == described["requires-python"]
    assert read(MANIFEST)["compatibility"]["runtimes"]["python"] == described["requires-python"]
    assert made["tool"]["uv"]["sources"] == {"eventdesk": {"path": "eventdesk-0.1.0-x.whl"}}
