"""What a person learns of the chat apps on this computer: which of them start Eventdesk, and how a yes is given in each."""

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eventdesk_server.hosts import ENTRY_NAME, HOSTS, Host, HostFileError, Machine, read_own_entry

Channel = Literal["chat", "page", "terminal"]
_CANNOT = "It cannot ask you: what needs a yes and can be undone waits for the app's own approval alone; all else that needs one is asked"
WORDS: dict[Channel, str] = {
    "chat": "It asks for your yes in the chat",
    "page": f"{_CANNOT} on a page on this computer",
    "terminal": f"{_CANNOT} in a terminal, by eventdesk approve",
}
"""Where a yes is given, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFound:
    """One chat app of which there is a sign on this computer."""

    name: str
    client: str
    """What `eventdesk install --client` calls it."""
    path: str
    set_up: bool
    """Whether an entry there starts Eventdesk, or would, were the file whole."""
    command: str = ""
    problem: str = ""
    remedy: str = ""
    remedy_command: str = ""
    confirms: Channel
    source: str
    """From where it is known whether the app can ask."""


def find_hosts(machine: Machine, elsewhere: Channel = "page") -> list[HostFound]:
    """The chat apps on this computer, in a fixed order; `elsewhere` is where those that cannot ask have it asked."""
    return [
        _looked_at(host, machine, elsewhere)
        for host in HOSTS.values()
        if host.installed(machine) or host.file(machine).exists()
    ]


def confirms(host: Host, elsewhere: Channel = "page") -> Channel:
    """Where this app's person says yes."""
    return "chat" if host.asks else elsewhere


def _looked_at(host: Host, machine: Machine, elsewhere: Channel) -> HostFound:
    file = host.file(machine)

    def told(*, set_up: bool, command: str = "", problem: str = "", remedy: str = "", mend: str = "") -> HostFound:
        return HostFound(
            name=host.title, client=host.name, path=str(file), set_up=set_up, command=command, problem=problem,
            remedy=remedy, remedy_command=mend, confirms=confirms(host, elsewhere), source=host.asks_source,
        )  # fmt: skip

    try:
        found = read_own_entry(host, file)
    except HostFileError as exc:
        return told(set_up=_named_in(file), problem=f"{host.title}: {exc.problem}", remedy=exc.remedy)
    if found is None:
        return told(set_up=False)
    name, entry = found
    # An app may look in other places than this terminal does.
    if shutil.which(os.path.expanduser(entry.command)) is None:
        again = ["eventdesk", "install", "--client", host.name, *([] if name == ENTRY_NAME else ["--name", name])]
        return told(
            set_up=True, command=entry.command, mend=shlex.join(again),
            problem=f"{host.title} is to start {entry.command}, which is not there.",
            remedy=f"Let Eventdesk write into {file} where it is now.",
        )  # fmt: skip
    return told(set_up=True, command=entry.command)


def _named_in(file: Path) -> bool:
    """Whether a file that cannot be read as it should speaks of this server at all."""
    try:
        return ENTRY_NAME.encode() in file.read_bytes()
    except OSError:
        return False
