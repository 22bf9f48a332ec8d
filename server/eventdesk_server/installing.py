"""`eventdesk install`: enters this server into a chat app's own file, or takes it out, and leaves all else as it was."""

import difflib
import errno
import itertools
import os
import re
import secrets
import stat
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from eventdesk_server.hosts import ENTRY_NAME, HOSTS, Host, HostFileError, Machine, read_servers, read_text
from eventdesk_server.jsonc import JsoncError, put, remove

_IMPLIED = {"type": "stdio", "args": list[str]()}
"""What an entry means where it says nothing."""
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_VALUE = re.compile(r'(:[ \t]*)"(?:[^"\\]|\\.)*"')
_SECRET = re.compile(
    r'("[^"\n]*(?:key|token|secret|password|auth|credential)[^"\n]*"[ \t]*:[ \t]*)"(?:[^"\\]|\\.)*"', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. An empty `file` is the host's own."""

    name: str = ENTRY_NAME
    file: str = ""
    uninstall: bool = False
    dry_run: bool = False
    create: bool = False
    read_only: bool = False


def chosen_hosts(client: str, machine: Machine, wish: Wish) -> Sequence[Host]:
    """The host of this name, or for `all` every one that is installed.

    Raises:
        HostFileError: There is none, or one file is named for all.
    """
    if client in HOSTS:
        return [HOSTS[client]]
    if client != "all":
        raise HostFileError(f"No chat app is called {client}. There are: {', '.join(HOSTS)}, and all.")
    if wish.file:
        raise HostFileError("A file belongs to one chat app: name it with --client.")
    found = [host for host in HOSTS.values() if host.installed(machine)]
    if not found:
        raise HostFileError(f"None of {', '.join(host.title for host in HOSTS.values())} is installed here.")
    return found


def install(host: Host, wish: Wish, machine: Machine) -> str:
    """Do what is asked for at one host, and answer what was done.

    Raises:
        HostFileError: Nothing was changed, and why.
    """
    file = Path(wish.file).expanduser().absolute() if wish.file else host.file(machine)
    if not (wish.file or wish.create or wish.uninstall or host.installed(machine)):
        raise HostFileError(
            f"{host.title} does not seem to be installed: there is no {host.signs(machine)[-1]}. Start it once, or give "
            f"--create to write {file} all the same."
        )
    before = read_text(file)
    servers = read_servers(host, file, before)
    try:
        path = (host.container, wish.name)
        after = remove(before, path) if wish.uninstall else _with(host, wish, before, servers)
    except JsoncError as exc:
        raise HostFileError(f"{file} cannot be edited: {exc}. Mend that, then run this again.") from exc
    if after == before:
        return f"{host.title}: {file} has {'no ' if wish.uninstall else 'this '}{wish.name}. Nothing to do."
    if wish.dry_run:
        return f"{host.title}: this would change. Nothing was written.\n{_diff(file, before, after)}"
    backup = replace_text(file, before, after)
    kept = f"\nThe file as it was: {backup}" if backup else ""
    done = "taken out of" if wish.uninstall else "entered into"
    ask = "" if wish.uninstall else " Then ask it: “What is coming up?”"
    return f"{host.title}: {wish.name} is {done} {file}.{kept}\n{host.after}{ask}"


def own_command() -> tuple[str, list[str]]:
    """How this installation is started from anywhere: an app with a window knows no PATH of a shell.

    Raises:
        HostFileError: It runs from a cache that is cleaned some day.
    """
    suffix = ".exe" if sys.platform == "win32" else ""
    begun = Path(sys.argv[0]).absolute()
    scripts = [begun.with_suffix(suffix)] if begun.stem == "eventdesk" else []
    scripts.append(Path(sysconfig.get_path("scripts")) / f"eventdesk{suffix}")
    found = next((script for script in scripts if script.is_file()), None)
    if "archive-v0" in (found or Path(sys.executable)).parts:
        raise HostFileError(
            "This eventdesk runs from uv's cache, which is cleaned some day. Run “uv tool install eventdesk” first, then "
            "“eventdesk install …” again."
        )
    return (str(found), []) if found else (sys.executable, ["-m", "eventdesk_server"])


def _with(host: Host, wish: Wish, text: str, servers: Mapping[str, Any]) -> str:
    command, args = own_command()
    wanted = host.entry(command, [*args, *(["--read-only"] if wish.read_only else [])])
    path = (host.container, wish.name)
    found = servers.get(wish.name)
    there = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    if not isinstance(there.get("command"), str):
        return put(text, path, wanted)
    # What else stands there is the person's own: variables, switches.
    for key, value in wanted.items():
        if there.get(key, _IMPLIED.get(key)) != value:
            text = put(text, (*path, key), value)
    return text


def _diff(file: Path, before: str, after: str) -> str:
    """What changes. Values around it are hidden, and so are secrets within it: they are keys of other servers too."""
    old, new = (re.split(r"\r?\n", text) for text in (before, after))
    lines = difflib.unified_diff(old, new, str(file), f"{file} (new)", lineterm="")
    return "\n".join((_VALUE if line.startswith(" ") else _SECRET).sub(r'\1"…"', line) for line in lines)


def replace_text(file: Path, before: str, after: str) -> Path | None:
    """Put the text in place of the old, whole or not at all, and answer where the old one is kept.

    Raises:
        HostFileError: Nothing was changed, and what to do about it.
    """
    target = Path(os.path.realpath(file))  # a link stays a link
    made: list[Path] = []
    try:
        mode = _writable_mode(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        backup = None
        if mode is not None:
            backup = _saved(_backup_name(target), before, mode, made)
        new = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        _saved(new, after, 0o600 if mode is None else mode, made)
        if read_text(target) != before:
            raise HostFileError(f"{target} was changed by another program just now. Run this again.")
        new.replace(target)
        made.clear()
    except OSError as exc:
        why = "the disk is full. Make room" if exc.errno in _FULL else f"{exc.strerror}. See to that"
        raise HostFileError(f"{target} cannot be written: {why}, then run this again.") from exc
    else:
        return backup
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def _writable_mode(target: Path) -> int | None:
    """The file's mode, or nothing when there is no file. Renaming would go round a file that is read-only."""
    if not target.exists():
        return None
    mode = stat.S_IMODE(target.stat().st_mode)
    if not mode & stat.S_IWUSR or not os.access(target, os.W_OK):
        raise HostFileError(f"{target} is read-only. Allow writing to it, then run this again.")
    return mode


def _backup_name(target: Path) -> Path:
    names = (target.with_name(f"{target.name}.{number}.bak") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def _saved(path: Path, text: str, mode: int, made: list[Path]) -> Path:
    """A new file with this text, on the disk for certain."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
    ) as file:
        made.append(path)
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)
    return path
