"""`eventdesk install` on each chat app's own file: entered, kept, taken out; and refused without a trace."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from eventdesk_server.hosts import HOSTS, HostFileError, Machine, read_entry, read_servers
from eventdesk_server.installing import Wish, chosen_hosts, install, own_command, replace_text

SAMPLES = Path(__file__).parent / "samples"
WHOLE = sorted(path.name for path in SAMPLES.iterdir() if path.is_file())
BROKEN = sorted(path.name for path in (SAMPLES / "broken").iterdir())
NAMES = sorted(HOSTS, key=len, reverse=True)


def placed(sample: Path, home: Path, platform: str = "linux") -> tuple[Machine, Path]:
    """A computer on which the sample is the host's file; its home has a space in its name."""
    machine = Machine(platform, {}, home / "Ada Pier's computer")
    file = HOSTS[host_of(sample.name)].file(machine)
    file.parent.mkdir(parents=True)
    shutil.copyfile(sample, file)
    return machine, file


def host_of(sample: str) -> str:
    return next(name for name in NAMES if sample.startswith(name))


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def servers_in(name: str, file: Path) -> dict[str, Any]:
    return dict(read_servers(HOSTS[name], file, file.read_bytes().decode()))


MANNERS: Mapping[str, Callable[[bytes], bytes]] = {
    "as it is": lambda text: text,
    "with the line ends of Windows": lambda text: text.replace(b"\n", b"\r\n"),
    "with a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "without a last line end": lambda text: text.rstrip(b"\n"),
}


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("sample", WHOLE)
def test_it_is_entered_beside_the_others_and_taken_out_to_the_byte(
    sample: str, platform: str, manner: str, tmp_path: Path
) -> None:
    machine, file = placed(SAMPLES / sample, tmp_path, platform)
    original = MANNERS[manner](file.read_bytes())
    file.write_bytes(original)
    name = host_of(sample)
    others = servers_in(name, file)

    said = install(HOSTS[name], Wish(), machine)
    command, args = own_command()
    typed = {"type": "stdio"} if name in {"vscode", "claude-code"} else {}
    assert servers_in(name, file) == {**others, "eventdesk": {**typed, "command": command, "args": args}}
    assert f"eventdesk is entered into {file}" in said
    assert Path(f"{file}.1.bak").read_bytes() == original
    lines = iter(file.read_bytes().replace(b",", b"").split(b"\n"))
    assert all(line in lines for line in original.replace(b",", b"").split(b"\n")), "each line is there, in its order"
    assert (b"\r\n" in file.read_bytes()) == (b"\r\n" in original)

    assert "Nothing to do" in install(HOSTS[name], Wish(), machine)
    install(HOSTS[name], Wish(uninstall=True), machine)
    assert file.read_bytes() == original
    assert "Nothing to do" in install(HOSTS[name], Wish(uninstall=True), machine)


@pytest.mark.parametrize("sample", BROKEN)
@pytest.mark.parametrize("wish", [Wish(), Wish(uninstall=True), Wish(dry_run=True)], ids=["enter", "take out", "show"])
def test_a_broken_file_is_refused_and_nothing_is_touched(sample: str, wish: Wish, tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "broken" / sample, tmp_path)
    before = everything_in(tmp_path)
    with pytest.raises(HostFileError, match=r"then run this again|keep one of them") as told:
        install(HOSTS[host_of(sample)], wish, machine)
    assert str(file) in str(told.value)
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("sample", WHOLE)
def test_a_dry_run_shows_the_change_without_keys_and_writes_nothing(sample: str, tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / sample, tmp_path)
    before = everything_in(tmp_path)
    said = install(HOSTS[host_of(sample)], Wish(dry_run=True), machine)
    assert everything_in(tmp_path) == before
    assert "Nothing was written" in said
    assert any(line.startswith("+") and '"eventdesk": {' in line for line in said.splitlines())
    assert f"+++ {file} (new)" in said
    assert "invented" not in said


def test_an_entry_that_differs_is_mended_and_its_variables_are_kept(tmp_path: Path) -> None:
    machine = Machine("linux", {}, tmp_path)
    file = HOSTS["cursor"].file(machine)
    file.parent.mkdir()
    file.write_text(
        '{"mcpServers": {"eventdesk": {"command": "uvx", "args": ["eventdesk"], "env": {"CLUB_KEY": "an invented value"}}}}'
    )
    said = install(HOSTS["cursor"], Wish(dry_run=True), machine)
    assert "uvx" in said
    assert "an invented value" not in said
    install(HOSTS["cursor"], Wish(), machine)
    command, args = own_command()
    env = {"CLUB_KEY": "an invented value"}
    assert servers_in("cursor", file) == {"eventdesk": {"command": command, "args": args, "env": env}}


def test_an_entry_that_says_the_same_in_fewer_words_stays(tmp_path: Path) -> None:
    machine = Machine("linux", {}, tmp_path)
    file = HOSTS["vscode"].file(machine)
    file.parent.mkdir(parents=True)
    file.write_text(f'{{"servers": {{"eventdesk": {{"command": "{own_command()[0]}"}}}}}}')
    assert "Nothing to do" in install(HOSTS["vscode"], Wish(), machine)


def test_an_entry_for_an_address_gives_way_to_the_command(tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "claude-code.json", tmp_path)
    install(HOSTS["claude-code"], Wish(name="tracker"), machine)
    assert servers_in("claude-code", file)["tracker"]["command"] == own_command()[0]
    assert "url" not in servers_in("claude-code", file)["tracker"]


def test_an_entry_in_an_older_form_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"context_servers": {"eventdesk": {"command": {"path": "uvx", "args": []}, "settings": {}}}}')
    install(HOSTS["zed"], Wish(file=str(file)), Machine("linux", {}, tmp_path))
    command, args = own_command()
    assert servers_in("zed", file) == {"eventdesk": {"command": command, "args": args}}


def test_read_only_is_handed_on_to_the_server(tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "windsurf.json", tmp_path)
    install(HOSTS["windsurf"], Wish(read_only=True), machine)
    entry = read_entry(HOSTS["windsurf"], file)
    assert entry is not None
    assert entry.args[-1] == "--read-only"


def test_an_app_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    machine = Machine("linux", {}, tmp_path)
    with pytest.raises(HostFileError, match=r"Cursor does not seem to be installed.*--create"):
        install(HOSTS["cursor"], Wish(), machine)
    with pytest.raises(HostFileError, match="None of Claude Desktop, "):
        chosen_hosts("all", machine, Wish())
    assert list(tmp_path.iterdir()) == []
    install(HOSTS["cursor"], Wish(create=True), machine)
    assert (tmp_path / ".cursor" / "mcp.json").stat().st_mode & 0o777 == 0o600
    assert [host.name for host in chosen_hosts("all", machine, Wish())] == ["cursor"]


def test_a_file_that_is_empty_or_missing_is_begun(tmp_path: Path) -> None:
    for number, text in enumerate([None, b"", b"  \r\n"]):
        machine = Machine("linux", {}, tmp_path / str(number))
        file = HOSTS["zed"].file(machine)
        file.parent.mkdir(parents=True)
        if text is not None:
            file.write_bytes(text)
        install(HOSTS["zed"], Wish(), machine)
        assert list(servers_in("zed", file)) == ["eventdesk"]


def test_earlier_backups_are_never_written_over(tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "cursor.json", tmp_path)
    original = file.read_bytes()
    Path(f"{file}.1.bak").write_text("a person's own")
    install(HOSTS["cursor"], Wish(), machine)
    install(HOSTS["cursor"], Wish(uninstall=True), machine)
    assert Path(f"{file}.1.bak").read_text() == "a person's own"
    assert Path(f"{file}.2.bak").read_bytes() == original
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "mcp.json",
        *(f"mcp.json.{n}.bak" for n in (1, 2, 3)),
    ]


def test_a_link_stays_a_link_and_the_mode_stays_as_it_is(tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "zed.jsonc", tmp_path)
    real = tmp_path / "dotfiles" / "zed.json"
    real.parent.mkdir()
    shutil.move(file, real)
    real.chmod(0o640)
    file.symlink_to(real)
    install(HOSTS["zed"], Wish(), machine)
    assert file.is_symlink()
    assert "eventdesk" in servers_in("zed", real)
    assert {path.stat().st_mode & 0o777 for path in real.parent.iterdir()} == {0o640}


def test_a_read_only_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "claude.json", tmp_path)
    file.chmod(0o444)
    before = everything_in(tmp_path)
    with pytest.raises(HostFileError, match=r"is read-only. Allow writing"):
        install(HOSTS["claude"], Wish(), machine)
    assert everything_in(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    machine = Machine("linux", {}, tmp_path)
    (tmp_path / ".cursor").write_text("in the way")
    with pytest.raises(HostFileError, match=r"mcp.json cannot be"):
        install(HOSTS["cursor"], Wish(), machine)


def test_what_another_program_wrote_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text('{"theirs": 1}')
    with pytest.raises(HostFileError, match="changed by another program"):
        replace_text(file, "{}", '{"ours": 1}')
    assert everything_in(tmp_path) == {str(file): b'{"theirs": 1}'}


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from eventdesk_server.cli import main
sys.exit(main(["install", "--client", "cursor"]))
"""
"""The system refuses to let a file grow past a size, as it does on a disk that is full."""


@pytest.mark.parametrize("beyond", [-300, 20], ids=["while the backup is written", "while the new file is written"])
def test_a_full_disk_leaves_the_file_and_no_halves(beyond: int, tmp_path: Path) -> None:
    machine, file = placed(SAMPLES / "cursor.json", tmp_path)
    before = everything_in(tmp_path)
    room = file.stat().st_size + beyond
    ran = run_python("-c", FULL, str(room), home=machine.home)
    assert ran.returncode == 2
    assert "the disk is full. Make room, then run this again. Nothing was changed." in ran.stderr
    assert everything_in(tmp_path) == before


def run_python(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENTDESK_", "XDG_"))}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        stdin=subprocess.DEVNULL, env={**kept, "HOME": str(home)},
    )  # fmt: skip


def test_the_command_enters_itself_everywhere_and_its_entry_starts(tmp_path: Path) -> None:
    """With one broken file among them: the others are done, and the exit code tells."""
    machine, cursor = placed(SAMPLES / "cursor.json", tmp_path)
    placed(SAMPLES / "broken" / "zed-comma-alone.json", tmp_path)
    ran = run_python("-m", "eventdesk_server", "install", "--client", "all", home=machine.home)
    assert ran.returncode == 2
    assert "Zed" not in ran.stdout
    assert "settings.json is malformed" in ran.stderr
    assert "Traceback" not in ran.stderr
    entry = read_entry(HOSTS["cursor"], cursor)
    assert entry is not None
    assert Path(entry.command).is_absolute()
    started = subprocess.run(
        [entry.command, *entry.args, "--version"], capture_output=True, text=True, timeout=60, check=True, env={}
    )
    assert started.stdout.startswith("eventdesk ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--client", "emacs"), "No chat app is called emacs. There are: claude, claude-code, cursor, "),
        (("--client", "all", "--file", "x.json"), "A file belongs to one chat app"),
        (("--client", "zed", "--file", "/proc/version"), "is malformed: line 1, column 1"),
    ],
)
def test_a_wish_that_cannot_be_met_is_an_error(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = run_python("-m", "eventdesk_server", "install", *words, home=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr


def test_the_help_names_every_app(tmp_path: Path) -> None:
    said = " ".join(run_python("-m", "eventdesk_server", "install", "--help", home=tmp_path).stdout.split())
    assert f"{', '.join(HOSTS)}, or all" in said


def test_a_file_of_a_project_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "a project" / ".mcp.json"
    install(HOSTS["claude-code"], Wish(file=str(file)), Machine("linux", {}, tmp_path))
    assert list(servers_in("claude-code", file)) == ["eventdesk"]


def test_the_copy_that_was_started_is_the_one_that_is_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "my bin" / "eventdesk"
    started.parent.mkdir()
    started.touch()
    monkeypatch.setattr(sys, "argv", [str(started)])
    assert own_command() == (str(started), [])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["my bin/eventdesk"])
    assert own_command() == (str(started), [])


def test_a_copy_in_uvs_cache_is_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "uv" / "archive-v0" / "x" / "bin" / "eventdesk"
    started.parent.mkdir(parents=True)
    started.touch()
    monkeypatch.setattr(sys, "argv", [str(started)])
    with pytest.raises(HostFileError, match="uv tool install eventdesk"):
        own_command()
