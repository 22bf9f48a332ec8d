"""Which chat apps on this computer start Eventdesk, and how a person's yes is given in each."""

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

CHAT = "asks in the chat"
PAGE = "page on this computer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One chat app: where its settings of servers are, under which word, and whether it can show a question.

    `asks` is what was publicly known of protocol's form elicitation in November 2026, `source` from where. Eventdesk does
    not rely on it: each app tells for itself, when it starts the server, whether it can ask.
    """

    name: str
    paths: tuple[str, ...]
    """`~` and variables are expanded; the first that is there counts."""
    word: str = "mcpServers"
    asks: bool = False
    source: str = ""


HOSTS = (
    Host(
        name="Claude Desktop",
        paths=(
            "~/Library/Application Support/Claude/claude_desktop_config.json",
            "${APPDATA}/Claude/claude_desktop_config.json",
            "${XDG_CONFIG_HOME}/Claude/claude_desktop_config.json",
            "~/.config/Claude/claude_desktop_config.json",
        ),
        source="its documentation names no elicitation, and reports of 2026 say that it declares none",
    ),
    Host(name="Claude Code", paths=("~/.claude.json",), asks=True, source="its documentation"),
    Host(name="Cursor", paths=("~/.cursor/mcp.json",), asks=True, source="its documentation"),
    Host(
        name="VS Code",
        paths=(
            "~/Library/Application Support/Code/User/mcp.json",
            "${APPDATA}/Code/User/mcp.json",
            "${XDG_CONFIG_HOME}/Code/User/mcp.json",
            "~/.config/Code/User/mcp.json",
        ),
        word="servers",
        asks=True,
        source="its documentation, since version 1.102",
    ),
    Host(
        name="Windsurf",
        paths=("~/.codeium/windsurf/mcp_config.json",),
        source="its documentation does not say; taken as no",
    ),
    Host(
        name="Zed",
        paths=("${APPDATA}/Zed/settings.json", "${XDG_CONFIG_HOME}/zed/settings.json", "~/.config/zed/settings.json"),
        word="context_servers",
        source="its documentation says that it is not supported",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFound:
    """One chat app whose settings were found."""

    name: str
    path: str
    set_up: bool
    """Whether an entry there starts Eventdesk."""
    command: str = ""
    problem: str = ""
    remedy: str = ""
    confirms: str
    source: str


def find_hosts(environ: Mapping[str, str] | None = None) -> list[HostFound]:
    """The chat apps whose settings are on this computer, in a fixed order."""
    found: list[HostFound] = []
    for host in HOSTS:
        path = next((path for path in _places(host, environ or os.environ) if path.is_file()), None)
        if path is not None:
            found.append(_looked_at(host, path))
    return found


def _places(host: Host, environ: Mapping[str, str]) -> list[Path]:
    places: list[Path] = []
    for path in host.paths:
        variable = re.match(r"\$\{(\w+)\}", path)
        if variable is None:
            places.append(Path(path).expanduser())
        elif environ.get(variable.group(1)):
            places.append(Path(environ[variable.group(1)] + path[variable.end() :]))
    return places


def _looked_at(host: Host, path: Path) -> HostFound:
    confirms = CHAT if host.asks else PAGE

    def told(*, set_up: bool = False, command: str = "", problem: str = "", remedy: str = "") -> HostFound:
        return HostFound(
            name=host.name, path=str(path), set_up=set_up, command=command, problem=problem, remedy=remedy,
            confirms=confirms, source=host.source,
        )  # fmt: skip

    try:
        read = json.loads(_without_comments(path.read_text(encoding="utf-8-sig")) or "{}")
        servers = cast("Mapping[str, Any]", read.get(host.word) or {})
        entry = _entry(servers)
    except (OSError, ValueError, AttributeError):
        return told(
            problem=f"{path} cannot be read as JSON.", remedy=f"Correct {path}: {host.name} may not start any server."
        )
    if entry is None:
        return told()
    command = entry if isinstance(entry, str) else str(entry.get("command", ""))
    if command and not _startable(command):
        problem = f"{host.name} is to start {command}, which is not there."
        here = Path(sys.argv[0]).absolute()
        return told(
            set_up=True,
            command=command,
            problem=problem,
            remedy=f"Write the full path as command in {path}, like {here}",
        )
    return told(set_up=True, command=command)


def _entry(servers: Mapping[str, Any]) -> Mapping[str, Any] | str | None:
    """The entry called eventdesk, or whose command is."""
    for name, entry in servers.items():
        told = cast("Mapping[str, Any]", entry)
        words = [told.get("command", ""), *cast("list[Any]", told.get("args") or [])]
        if name.lower() == "eventdesk" or any("eventdesk" in str(word) for word in words):
            command = told.get("command")
            return cast("Mapping[str, Any]", command).get("path", "") if isinstance(command, Mapping) else told
    return None


def _startable(command: str) -> bool:
    """Whether such a program is there. An app may search in other places than this terminal does."""
    return shutil.which(os.path.expanduser(command)) is not None


def _without_comments(text: str) -> str:
    """JSON as editors take it: with comments and commas too many."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', lambda found: found.group(1) or "", text, flags=re.DOTALL)
    return re.sub(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', lambda found: found.group(1) or "", text)
