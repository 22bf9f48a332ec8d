"""`eventdesk doctor`: everything is looked at, what is wrong is told with its remedy, and a broken thing ends with 1."""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest

from eventdesk_server.doctor import examined
from eventdesk_server.doctor_hosts import find_hosts
from eventdesk_server.hosts import HOSTS, Machine
from tests.server.desks import Desk, desk, surroundings
from tests.server.running import command

KEYS = {"ok", "settings", "network", "accounts", "keyring", "journal", "versions", "hosts"}


async def configured(home: Desk, key: str) -> None:
    talks = home.connections["heysummit"]
    home.config.write_text(
        f'[accounts.talks]\nprovider = "heysummit"\nbase_url = "{talks["base_url"]}"\nkey = "{key}"\n'
    )
    home.config.chmod(0o600)


@pytest.mark.anyio
async def test_what_is_broken_is_told_with_what_to_do_and_the_command_fails(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        await configured(home, home.connections["heysummit"]["key"])
        code, out, told = await home.run("doctor", fresh=True)
        assert (code, told) == (0, ""), out
        assert "talks (HeySummit) works: " in out
        assert out.rstrip().endswith("Nothing is broken.")
        await configured(home, "s3cret-canary")
        (home.folder / ".cursor").mkdir()
        (home.folder / ".cursor" / "mcp.json").write_text('{"mcpServers": {"desk": {"command": "/none/eventdesk"}}}')
        code, out, _ = await home.run("doctor", "--json")
        assert code == 1
        data: dict[str, Any] = json.loads(out)
        assert set(data) == KEYS
        assert data["ok"] is False
        (account,) = data["accounts"]
        page = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
        (row,) = re.findall(r"^\| `accounts` \| .*$", page, re.MULTILINE)
        assert set(account) <= set(re.findall(r"`(\w+)`", row))
        assert account["code"] == "authentication_failed"
        assert account["command"] == "eventdesk accounts add --name talks --replace"
        (host,) = data["hosts"]
        assert (host["name"], host["set_up"], host["confirms"]) == ("Cursor", True, "chat")
        assert "/none/eventdesk, which is not there" in host["problem"]
        assert "s3cret-canary" not in out
        code, out, _ = await home.run("doctor")
        assert code == 1
        assert out.rstrip().endswith("2 broken: do what stands below each, then run this again.")


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("", {}, "No account is set up, so the sandbox answers"),
        ("read_onyl = true\n", {}, "did you mean read_only?"),
        ("", {"EVENTDESK_READ_ONYL": "true"}, "did you mean read_only?\n                  What to do: Correct that variable"),
        ("", {"EVENTDESK_CONFIG": "/none/config.toml"}, "names /none/config.toml, which is not there\n                  What to do: Correct that"),
        ("", {"EVENTDESK_STATE_FOLDER": "/dev/null/state"}, "cannot be written"),
        ("", {"SSL_CERT_FILE": "/none/ca.pem"}, "No certificates can be read: SSL_CERT_FILE=/none/ca.pem"),
        ("", {"HTTPS_PROXY": "http://ada:s3cret@proxy.example.org:8080"}, "through the proxy http://proxy.example.org:8080"),
    ],
)  # fmt: skip
def test_settings_journal_and_network_are_looked_at_and_no_password_is_shown(
    tmp_path: Path, text: str, more: dict[str, str], told: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(text)
    ran = command({**surroundings(home), **more}, ("doctor",))
    assert told in ran.stdout
    assert "s3cret" not in ran.stdout
    assert ran.returncode == (1 if "BROKEN" in ran.stdout else 0)
    assert ("BROKEN" in ran.stdout) == (told.startswith(("did", "names", "cannot be", "No certificates")))
    assert ran.stderr == ""


def test_little_room_for_the_journal_is_told_before_a_write_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventdesk_server.doctor.LITTLE_ROOM", 2**80)
    report = examined({})
    assert not report.ok
    assert ["Free some space." in finding.remedy for finding in report.findings if finding.what == "journal"] == [True]
    assert report.data["journal"]["problem"].startswith("The disk of ")


def test_chat_apps_are_found_with_their_command_and_how_they_ask(tmp_path: Path) -> None:
    program = tmp_path / "a folder" / "eventdesk"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    entry = {"command": str(program)}
    write(tmp_path, "claude", json.dumps({"mcpServers": {"eventdesk": entry}}))
    write(tmp_path, "zed", '{\n// mine\n"theme": "http://x", "context_servers": {"a": {"command": "b"},},\n}')
    write(tmp_path, "vscode", json.dumps({"servers": {"x": {"command": "sh", "args": ["eventdesk"]}}}))
    (tmp_path / ".codeium" / "windsurf").mkdir(parents=True)
    found = {host.client: host for host in find_hosts(Machine("linux", {}, tmp_path))}
    assert list(found) == ["claude", "vscode", "windsurf", "zed"]
    assert [host.set_up for host in found.values()] == [True, True, False, False]
    assert not any(host.problem for host in found.values())
    assert (found["claude"].command, found["claude"].confirms) == (str(program), "page")
    assert found["vscode"].confirms == "chat"
    elsewhere = find_hosts(Machine("linux", {}, tmp_path), "terminal")
    assert [host.confirms for host in elsewhere] == ["terminal", "chat", "terminal", "terminal"]


@pytest.mark.parametrize(
    ("client", "text", "set_up", "problem", "remedy", "mend"),
    [
        ("claude", '{"mcpServers": {"eventdesk": {"command": "sh"},}}', True, "line 1, column", "Mend it in an editor", ""),
        ("windsurf", "{", False, "is malformed", "Mend it in an editor", ""),
        ("zed", '{"context_servers": ["eventdesk"]}', True, "context_servers is not an object", "Mend that", ""),
        ("cursor", '{"mcpServers": {"eventdesk": {"command": "/none/e"}}}', True, "is to start /none/e, which is not there",
         "Let Eventdesk write", "eventdesk install --client cursor"),
        ("cursor", '{"mcpServers": {"my desk": {"command": "/none/eventdesk"}}}', True, "/none/eventdesk, which is not there",
         "Let Eventdesk write", "eventdesk install --client cursor --name 'my desk'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_app_s_file_is_told_and_counts_only_where_eventdesk_is_meant(
    tmp_path: Path, client: str, text: str, set_up: bool, problem: str, remedy: str, mend: str
) -> None:
    path = write(tmp_path, client, text)
    (host,) = find_hosts(Machine("linux", {}, tmp_path))
    assert (host.client, host.set_up, host.path) == (client, set_up, str(path))
    assert problem in host.problem
    assert remedy in host.remedy
    assert host.remedy_command == mend


def write(home: Path, client: str, text: str) -> Path:
    path = HOSTS[client].file(Machine("linux", {}, home))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_names_in_the_report_are_those_that_the_page_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs read them: a new name goes into the page, and none goes away."""
    for name, value in {"SSL_CERT_DIR": "/none", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    write(tmp_path, "cursor", "{}")
    page = (Path(__file__).parents[2] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    report = examined({})
    data: dict[str, Any] = {"ok": report.ok, **report.data}
    assert set(rows) == KEYS
    assert set(data) == KEYS
    for name, row in rows.items():
        value = data[name][0] if name == "hosts" else data[name]
        if isinstance(value, dict):
            told = cast("dict[str, Any]", value)
            assert set(told) <= set(re.findall(r"`(\w+)`", row)), name
