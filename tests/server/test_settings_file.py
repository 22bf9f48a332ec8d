"""The settings file is changed in its place, whole or not at all, and says nothing else than before."""

import os
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from eventdesk_server.secret import SettingsError
from eventdesk_server.settings_file import drop_account, put_account, write_whole

CLUB = {"provider": "eventschedule", "key": {"keyring": "club.key"}}


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing yet\n", "read_only = true\n", "read_only = true  # for now", "read_only = true\r\n# a note\r\n",
        '[accounts.fairs]\nprovider = "eventtia"\n\n[toolsets.people]\nread_only = true\n',
        '[accounts.fairs]\nprovider = "eventtia"\n[toolsets.people]\non = true\n[accounts.talks]\nprovider = "heysummit"\n',
        'accounts = { fairs = { provider = "eventtia" } }\n', 'accounts.fairs.provider = "eventtia"\n',
        '[accounts]\nfairs.provider = "eventtia"\n', '[accounts."big"]\nprovider = "evvnt"\n[accounts."big".toolsets.people]\non = true\n',
    ],
)  # fmt: skip
def test_an_account_comes_and_goes_and_everything_else_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode())
    before = tomllib.loads(text.replace("\r\n", "\n"))
    put_account(path, "club", CLUB)
    found = tomllib.loads(path.read_text())
    assert found["accounts"].pop("club") == CLUB
    assert {**found, "accounts": found["accounts"] or None} == {"accounts": None, **before}
    assert all(line.strip() in path.read_text() for line in text.splitlines() if "#" in line)
    put_account(path, "club", {"zone": "Europe/London", "key": None})
    assert tomllib.loads(path.read_text())["accounts"]["club"] == {"provider": "eventschedule", "zone": "Europe/London"}
    drop_account(path, "club")
    assert tomllib.loads(path.read_text()) == before


def test_a_file_that_is_no_toml_is_left_alone_and_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("read_only = maybe\n")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        put_account(path, "club", CLUB)
    assert path.read_text() == "read_only = maybe\n"


def test_a_link_to_the_settings_stays_a_link_and_rights_stay_as_they_are(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "eventdesk.toml"
    real.parent.mkdir()
    real.write_text("")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    put_account(link, "club", CLUB)
    assert link.is_symlink()
    assert "club" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "config.toml"
    write_whole(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_written_leaves_the_former_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("read_only = true\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError, match="was not written"):
        write_whole(tmp_path / "folder", b"x")
    code = (
        "import sys\nfrom pathlib import Path\nfrom eventdesk_server.settings_file import put_account\n"
        "from eventdesk_server.secret import SettingsError\n"
        "try:\n    put_account(Path(sys.argv[1]), 'club', {'provider': 'evvnt'})\n"
        "except SettingsError as exc:\n    sys.exit(str(exc))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code, str(path)], capture_output=True, text=True, check=False, env=dict(os.environ),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4)),
    )  # fmt: skip
    assert "no room left on the disk" in ran.stderr
    assert "Free some space, then do it again." in ran.stderr
    assert path.read_text() == "read_only = true\n"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["config.toml", "folder"]
