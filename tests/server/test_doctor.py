"""`eventdesk doctor`: everything is looked at, what is wrong is told with its remedy, and a broken thing ends with 1."""

import json
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.doctor_hosts import CHAT, PAGE, find_hosts
from tests.server.desks import Desk, command, desk, surroundings

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
        code, out, told = await home.run("doctor")
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
        assert account["code"] == "authentication_failed"
        assert account["command"] == "eventdesk accounts add --name talks --replace"
        (host,) = data["hosts"]
        assert (host["name"], host["set_up"], host["confirms"]) == ("Cursor", True, CHAT)
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
    assert ("BROKEN" in ran.stdout) == (told.startswith(("did", "cannot be", "No certificates")))
    assert ran.stderr == ""


def test_chat_apps_are_found_with_their_command_and_how_they_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "eventdesk"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    def write(path: str, text: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    write(
        ".config/Claude/claude_desktop_config.json",
        json.dumps({"mcpServers": {"eventdesk": {"command": str(program)}}}),
    )
    write(
        ".config/zed/settings.json", '{\n// mine\n"theme": "http://x", "context_servers": {"a": {"command": "b"},},\n}'
    )
    write(".config/Code/User/mcp.json", json.dumps({"servers": {"x": {"command": "uvx", "args": ["eventdesk"]}}}))
    write(".codeium/windsurf/mcp_config.json", "{")
    found = {host.name: host for host in find_hosts({})}
    assert list(found) == ["Claude Desktop", "VS Code", "Windsurf", "Zed"]
    assert (found["Claude Desktop"].command, found["Claude Desktop"].confirms) == (str(program), PAGE)
    assert (found["VS Code"].set_up, found["VS Code"].confirms) == (True, CHAT)
    assert (found["Zed"].set_up, found["Zed"].problem) == (False, "")
    assert "cannot be read" in found["Windsurf"].problem
    assert all(host.source for host in found.values())
