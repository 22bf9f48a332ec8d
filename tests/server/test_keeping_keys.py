"""Where keys are kept when the keyring is there, is not, or does not answer; nothing is ever half kept."""

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from eventdesk_server import keyrings
from eventdesk_server.keyrings import KeyringUnusable, Trouble
from eventdesk_server.secret import Secret, SettingsError
from tests.server.desks import desk, surroundings

pytestmark = pytest.mark.anyio
CALL = (
    "import sys\nfrom eventdesk_server import keyrings\n"
    "try:\n    limit = float(sys.argv[1])\n    keyrings.write('club.key', 's3cret', limit)\n"
    "    print(keyrings.read('club.key', limit), keyrings.remove('club.key'))\n"
    "except keyrings.KeyringUnusable as exc:\n    print(exc.trouble.name, exc)\n"
)


@pytest.mark.parametrize(
    ("keyring", "told"),
    [
        ("FileKeyring", "s3cret True"), ("", "NONE this computer has no keyring"), ("LockedKeyring", "LOCKED the system keyring is locked"),
        ("WaitingKeyring", "LOCKED the system keyring is locked (it did not answer within 0.2 s)"),
        ("BrokenKeyring", "FAILED the system keyring failed (ConnectionRefusedError)"),
        ("ForgetfulKeyring", "FAILED the system keyring failed (it did not keep what it was given)"),
    ],
)  # fmt: skip
def test_each_way_in_which_a_keyring_fails_is_told_apart(tmp_path: Path, keyring: str, told: str) -> None:
    env = surroundings(tmp_path / "home", keyring)
    ran = subprocess.run(
        [sys.executable, "-c", CALL, "0.2" if keyring == "WaitingKeyring" else "50"],
        capture_output=True,
        text=True,
        env=env,
        timeout=60,
        check=True,
    )
    assert ran.stdout.startswith(told)


def test_a_key_in_the_keyring_is_read_and_one_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, str] = {"club.key": " k \n"}

    def read(entry: str, _: float) -> str | None:
        return held.get(entry)

    monkeypatch.setattr(keyrings, "read", read)
    assert Secret(keyring="club.key").read().get_secret_value() == "k"
    with pytest.raises(SettingsError, match=r"the system keyring, entry other\.key is empty or not set"):
        Secret(keyring="other.key").read()

    def locked(_: str, __: float) -> str:
        raise KeyringUnusable(Trouble.LOCKED)

    monkeypatch.setattr(keyrings, "read", locked)
    with pytest.raises(SettingsError, match="the system keyring is locked"):
        Secret(keyring="club.key").read()


async def test_without_a_keyring_the_key_is_in_a_file_of_the_person_s_own_and_that_is_said(tmp_path: Path) -> None:
    async with desk(tmp_path, keyring="") as home:
        talks = home.connections["heysummit"]
        words = (
            "accounts",
            "add",
            "--provider",
            "heysummit",
            "--name",
            "talks",
            "--base-url",
            talks["base_url"],
            "--key-stdin",
        )
        code, out, _ = await home.run(*words, "--store", "keyring", typed=talks["key"])
        assert (code, home.files) == (1, [])
        code, out, _ = await home.run(*words, typed=talks["key"])
        assert code == 0
        path = home.folder / "secrets" / "talks.key"
        assert "This computer has no keyring that Eventdesk can use." in out
        assert f"as plain text that only you can read: {path}" in out
        assert path.stat().st_mode & 0o777 == 0o600
        assert home.accounts["talks"]["key"] == {"file": str(path)}
        code, out, _ = await home.run("accounts", "list")
        assert f"key: in the file {path}" in out
        assert talks["key"] not in out
        code, out, _ = await home.run("accounts", "remove", "talks")
        assert (code, path.exists()) == (1, True)
        code, out, _ = await home.run("accounts", "remove", "talks", "--yes")
        assert code == 0
        assert "The journal holds nothing of it." in out
        assert home.files == ["config.toml"]
        assert home.accounts == {}


async def test_a_locked_keyring_is_unlocked_and_tried_again_or_a_file_is_taken(tmp_path: Path) -> None:
    async with desk(tmp_path, keyring="LockedKeyring") as home:
        talks = home.connections["heysummit"]
        words = ("accounts", "add", "--provider", "heysummit", "--base-url", talks["base_url"])
        asked = [("stays invisible): ", talks["key"]), ("[Enter/f] ", ""), ("[Enter/f] ", "f")]
        code, screen = await home.talk(*words, "--name", "talks", typed=asked)
        assert code == 0, screen
        assert "The system keyring is locked. Unlock it: log in to the desktop" in screen
        assert home.files == ["config.toml", "secrets/talks.key"]
        unlocked = anyio.Path(home.env["TEST_UNLOCKED"])
        await unlocked.touch()
        code, out, _ = await home.run(*words, "--name", "more", "--key-stdin", typed=talks["key"])
        assert code == 0, out
        await unlocked.unlink()
        code, out, _ = await home.run("accounts", "test")
        assert code == 1
        assert "talks (HeySummit) works" in out
        assert "the system keyring is locked" in out
        assert "Unlock the keyring: log in to this computer's desktop" in out
        code, _, told = await home.run("accounts", "remove", "more", "--yes")
        assert code == 1
        assert "could not be removed" in told


async def test_a_full_disk_leaves_neither_settings_nor_keys(tmp_path: Path) -> None:
    async with desk(tmp_path, keyring="") as home:
        home.config.write_text("read_only = true\n")
        talks = home.connections["heysummit"]
        env = {**home.env, "PYTHONDONTWRITEBYTECODE": "1"}
        # Room for the key, none for the settings.
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({len(talks['key']) + 10},) * 2)\n"
        code = f"{limit}import sys\nfrom eventdesk_server.cli import main\nsys.exit(main(sys.argv[1:]))\n"
        words = [
            "accounts",
            "add",
            "--provider",
            "heysummit",
            "--name",
            "talks",
            "--base-url",
            talks["base_url"],
            "--key-stdin",
        ]
        ran = await anyio.run_process(
            [sys.executable, "-c", code, *words, "--keep-failing"], input=talks["key"].encode(), env=env, check=False
        )
        assert ran.returncode == 1
        assert b"there is no room left on the disk" in ran.stderr
        assert ran.stderr.rstrip().endswith(b"Nothing was saved.")
        assert home.files == ["config.toml"]
        assert home.config.read_text() == "read_only = true\n"
        assert list((home.folder / "secrets").iterdir()) == []
