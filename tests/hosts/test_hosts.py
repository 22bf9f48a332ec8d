"""Where each chat app keeps its servers on each system, and what is read there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from eventdesk_server.hosts import HOSTS, Entry, HostFileError, Machine, read_entry

SAMPLES = Path(__file__).parent / "samples"
PLACES: Mapping[str, Mapping[str, str]] = {
    "claude": {
        "linux": "~/.config/Claude/claude_desktop_config.json",
        "darwin": "~/Library/Application Support/Claude/claude_desktop_config.json",
        "win32": "~/AppData/Roaming/Claude/claude_desktop_config.json",
    },
    "claude-code": dict.fromkeys(("linux", "darwin", "win32"), "~/.claude.json"),
    "cursor": dict.fromkeys(("linux", "darwin", "win32"), "~/.cursor/mcp.json"),
    "vscode": {
        "linux": "~/.config/Code/User/mcp.json",
        "darwin": "~/Library/Application Support/Code/User/mcp.json",
        "win32": "~/AppData/Roaming/Code/User/mcp.json",
    },
    "windsurf": dict.fromkeys(("linux", "darwin", "win32"), "~/.codeium/windsurf/mcp_config.json"),
    "zed": {
        "linux": "~/.config/zed/settings.json",
        "darwin": "~/.config/zed/settings.json",
        "win32": "~/AppData/Roaming/Zed/settings.json",
    },
}


@pytest.mark.parametrize(("name", "platform"), [(name, platform) for name in HOSTS for platform in PLACES[name]])
def test_each_app_has_its_place_on_each_system(name: str, platform: str, tmp_path: Path) -> None:
    machine = Machine(platform, {}, tmp_path)
    file = HOSTS[name].file(machine)
    assert file == tmp_path / PLACES[name][platform].removeprefix("~/")
    assert not HOSTS[name].installed(machine)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert HOSTS[name].installed(machine)


def test_variables_of_the_system_move_the_places(tmp_path: Path) -> None:
    roaming, given = tmp_path / "Roaming data", tmp_path / "given"
    windows = Machine("win32", {"APPDATA": str(roaming)}, tmp_path)
    assert HOSTS["vscode"].file(windows) == roaming / "Code" / "User" / "mcp.json"
    linux = Machine("linux", {"XDG_CONFIG_HOME": str(given), "CLAUDE_CONFIG_DIR": str(given)}, tmp_path)
    assert HOSTS["zed"].file(linux) == given / "zed" / "settings.json"
    assert HOSTS["claude"].file(linux) == given / "Claude" / "claude_desktop_config.json"
    assert HOSTS["claude-code"].file(linux) == given / ".claude.json"
    assert HOSTS["zed"].file(Machine("linux", {"XDG_CONFIG_HOME": "relative"}, tmp_path)).is_relative_to(tmp_path)
    assert (
        HOSTS["zed"]
        .file(Machine("darwin", {"XDG_CONFIG_HOME": str(given)}, tmp_path))
        .is_relative_to(tmp_path / ".config")
    )


def test_the_packaged_claude_desktop_of_windows_reads_its_own_copy(tmp_path: Path) -> None:
    machine = Machine(
        "win32", {"LOCALAPPDATA": str(tmp_path / "Local"), "APPDATA": str(tmp_path / "Roaming")}, tmp_path
    )
    claude = HOSTS["claude"]
    plain = tmp_path / "Roaming" / "Claude" / "claude_desktop_config.json"
    package = tmp_path / "Local" / "Packages" / "Claude_0invented0"
    own = package / "LocalCache" / "Roaming" / "Claude" / "claude_desktop_config.json"
    assert claude.file(machine) == plain

    package.mkdir(parents=True)
    assert claude.installed(machine)
    assert claude.file(machine) == own, "neither is there: the package's own is the one it will read"

    plain.parent.mkdir(parents=True)
    plain.write_text("{}")
    assert claude.file(machine) == plain, "without a copy of its own, the package sees the plain one"

    own.parent.mkdir(parents=True)
    own.write_text("{}")
    assert claude.file(machine) == own
    assert claude.file(Machine("linux", {}, tmp_path)) != own


@pytest.mark.parametrize(
    ("file", "server", "entry"),
    [
        ("claude.json", "tickets", Entry("/opt/tickets/bin/serve", (), ("TICKETS_TOKEN",))),
        ("claude-code.json", "eventdesk", None),
        ("claude-code.json", "tracker", None),
        ("cursor.json", "old", None),
        ("vscode.jsonc", "tracker", Entry("npx", ("-y", "tracker-mcp"), ("TRACKER_KEY",))),
        ("windsurf.json", "notes", Entry("notes-mcp", ("--vault", "C:\\Users\\Ada Pier\\Notes"), ())),
        (
            "zed.jsonc",
            "calendar",
            Entry("/usr/local/bin/calendar mcp", ("--zone", "Europe/Lisbon"), ("CALENDAR_SECRET",)),
        ),
    ],
)
def test_an_entry_is_read_without_the_values_of_its_variables(file: str, server: str, entry: Entry | None) -> None:
    assert read_entry(HOSTS[file.rpartition(".")[0]], SAMPLES / file, server) == entry


def test_no_file_is_no_entry_and_a_broken_one_says_where(tmp_path: Path) -> None:
    assert read_entry(HOSTS["zed"], tmp_path / "settings.json") is None
    with pytest.raises(HostFileError, match="line 4, column 5"):
        read_entry(HOSTS["claude"], SAMPLES / "broken" / "claude-comma-missing.json")
    with pytest.raises(HostFileError, match="cannot be read"):
        read_entry(HOSTS["zed"], tmp_path)
