"""The chat apps that start this server: where each keeps its list of MCP servers, and what an entry looks like there.

Where each of these facts is from: docs/hosts.md.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, cast

from eventdesk_server.jsonc import JsoncError, parse

ENTRY_NAME = "eventdesk"


class HostFileError(Exception):
    """A host's file cannot be used. `problem` says which and why, `remedy` what to do; the message is both."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True, slots=True)
class Machine:
    """What the place of a file depends on. `platform` is `sys.platform`'s word for it."""

    platform: str
    environ: Mapping[str, str]
    home: Path

    @classmethod
    def this(cls) -> Self:
        """The one that this runs on."""
        return cls(sys.platform, os.environ, Path.home())

    @property
    def app_data(self) -> Path:
        """Where desktop applications keep their settings."""
        if self.platform == "win32":
            return Path(self.environ.get("APPDATA") or self.home / "AppData" / "Roaming")
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        return self.xdg_config

    @property
    def local_app_data(self) -> Path:
        """On Windows, where they keep what stays on this computer."""
        return Path(self.environ.get("LOCALAPPDATA") or self.home / "AppData" / "Local")

    @property
    def xdg_config(self) -> Path:
        """On Linux, where settings are kept."""
        given = self.environ.get("XDG_CONFIG_HOME", "")
        return Path(given) if Path(given).is_absolute() else self.home / ".config"


@dataclass(frozen=True, slots=True)
class Entry:
    """A host's entry for a server that it starts. `variables` are names alone, for their values may be keys."""

    command: str
    args: tuple[str, ...]
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Host:
    """A chat app.

    `comments` tells whether it reads comments and trailing commas in its file; one that does not takes a file with them
    for broken. `typed` entries say how the server is spoken to. `after` is what a person does next. `asks` tells whether it
    is known to put a server's question to its person (form elicitation), and `asks_source` from where. Nothing is decided by
    it: each app tells for itself, when it starts the server, whether it can ask.
    """

    name: str
    title: str
    container: str
    file: Callable[[Machine], Path]
    signs: Callable[[Machine], Sequence[Path]]
    """Folders or files of which one is there where the app is installed."""
    after: str
    asks_source: str
    asks: bool = False
    comments: bool = True
    typed: bool = False

    def installed(self, machine: Machine) -> bool:
        """Whether there is a sign of it."""
        return any(sign.exists() for sign in self.signs(machine))

    def entry(self, command: str, args: Sequence[str]) -> dict[str, Any]:
        """What is written for a server that is started with this command."""
        return {**({"type": "stdio"} if self.typed else {}), "command": command, "args": list(args)}


def read_text(file: Path) -> str:
    """A host's file as it is, line ends and byte order mark included; empty when there is none.

    Raises:
        HostFileError: It cannot be read, or is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as exc:
        raise HostFileError(f"{file} is not UTF-8.", "Save it as UTF-8 in an editor, then run this again.") from exc
    except OSError as exc:
        raise HostFileError(f"{file} cannot be read: {exc.strerror}.") from exc


def read_servers(host: Host, file: Path, text: str) -> Mapping[str, Any]:
    """The servers that a host's file lists, by name.

    Raises:
        HostFileError: The file is malformed, with line and column.
    """
    try:
        whole = parse(text, comments=host.comments)
    except JsoncError as exc:
        hint = "" if host.comments else f" {host.title} reads no comments and no trailing commas."
        raise HostFileError(f"{file} is malformed: {exc}.{hint}", "Mend it in an editor, then run this again.") from exc
    servers = cast("dict[str, Any]", whole).get(host.container, {}) if isinstance(whole, dict) else None
    if not isinstance(servers, dict):
        where = host.container if isinstance(whole, dict) else "the whole file"
        raise HostFileError(f"In {file}, {where} is not an object in {{ }}.", "Mend that, then run this again.")
    return cast("dict[str, Any]", servers)


def read_entry(host: Host, file: Path, name: str = ENTRY_NAME) -> Entry | None:
    """The entry of this name, or nothing: there is none, or it is reached at an address rather than started.

    Raises:
        HostFileError: The file cannot be read or is malformed.
    """
    return _entry(read_servers(host, file, read_text(file)).get(name))


def read_own_entry(host: Host, file: Path) -> tuple[str, Entry] | None:
    """The entry that starts this server, with its name: the one that is called so, else one whose command tells it.

    Raises:
        HostFileError: The file cannot be read or is malformed.
    """
    servers = read_servers(host, file, read_text(file))
    for name in sorted(servers, key=lambda name: name.lower() != ENTRY_NAME):
        entry = _entry(servers[name])
        if entry and (name.lower() == ENTRY_NAME or any(ENTRY_NAME in word for word in (entry.command, *entry.args))):
            return name, entry
    return None


def _entry(found: object) -> Entry | None:
    if not isinstance(found, dict):
        return None
    entry = cast("dict[str, Any]", found)
    command, args, env = entry.get("command"), entry.get("args"), entry.get("env")
    if not isinstance(command, str):
        return None
    words = cast("list[object]", args) if isinstance(args, list) else []
    names = cast("dict[str, object]", env) if isinstance(env, dict) else {}
    return Entry(command, tuple(str(word) for word in words), tuple(names))


def _claude_packages(machine: Machine) -> list[Path]:
    """Where Windows keeps what belongs to the packaged Claude Desktop."""
    packages = machine.local_app_data / "Packages"
    return sorted(packages.glob("Claude_*")) if machine.platform == "win32" else []


def _claude(machine: Machine) -> Path:
    """The package reads its own copy, when there is one, instead of the file everybody names."""
    packaged = [package / "LocalCache" / "Roaming" for package in _claude_packages(machine)]
    files = [folder / "Claude" / "claude_desktop_config.json" for folder in (*packaged, machine.app_data)]
    return next((file for file in files if file.exists()), files[0])


def _claude_code(machine: Machine) -> Path:
    given = machine.environ.get("CLAUDE_CONFIG_DIR", "")
    return (Path(given) if given else machine.home) / ".claude.json"


def _zed(machine: Machine) -> Path:
    if machine.platform == "win32":
        return machine.app_data / "Zed" / "settings.json"
    folder = machine.home / ".config" if machine.platform == "darwin" else machine.xdg_config
    return folder / "zed" / "settings.json"


HOSTS: Mapping[str, Host] = MappingProxyType(
    {
        host.name: host
        for host in (
            Host(
                name="claude",
                title="Claude Desktop",
                container="mcpServers",
                comments=False,
                file=_claude,
                signs=lambda machine: [*_claude_packages(machine), machine.app_data / "Claude"],
                asks_source="its documentation names no elicitation, and reports of 2026 say that it declares none",
                after="Quit Claude Desktop completely, from the tray or the menu bar and not only its window, and start it "
                "again. It writes this file itself while it runs: should Eventdesk be missing under Settings → Developer, "
                "run this once more while Claude Desktop is closed.",
            ),
            Host(
                name="claude-code",
                title="Claude Code",
                container="mcpServers",
                comments=False,
                typed=True,
                file=_claude_code,
                signs=lambda machine: [_claude_code(machine), machine.home / ".claude"],
                asks=True,
                asks_source="its documentation",
                after="Start a new session of Claude Code; /mcp shows the server.",
            ),
            Host(
                name="cursor",
                title="Cursor",
                container="mcpServers",
                file=lambda machine: machine.home / ".cursor" / "mcp.json",
                signs=lambda machine: [machine.home / ".cursor", machine.app_data / "Cursor"],
                asks=True,
                asks_source="its documentation",
                after="Quit Cursor and start it again; its settings list the server among the MCP tools.",
            ),
            Host(
                name="vscode",
                title="VS Code",
                container="servers",
                typed=True,
                file=lambda machine: machine.app_data / "Code" / "User" / "mcp.json",
                signs=lambda machine: [machine.app_data / "Code"],
                asks=True,
                asks_source="its documentation, since version 1.102",
                after="In VS Code, run “MCP: List Servers” and start it. Another profile than the default one has a file of "
                "its own: name it with --file.",
            ),
            Host(
                name="windsurf",
                title="Windsurf",
                container="mcpServers",
                file=lambda machine: machine.home / ".codeium" / "windsurf" / "mcp_config.json",
                signs=lambda machine: [machine.home / ".codeium" / "windsurf", machine.app_data / "Windsurf"],
                asks_source="its documentation does not say; taken as no",
                after="Quit Windsurf and start it again, or press Refresh among Cascade's MCP servers.",
            ),
            Host(
                name="zed",
                title="Zed",
                container="context_servers",
                file=_zed,
                signs=lambda machine: [_zed(machine).parent],
                asks_source="its documentation says that it is not supported",
                after="Zed reads the file at once; the settings of its Agent Panel show the server.",
            ),
        )
    }
)
"""By the name that `--client` takes."""
