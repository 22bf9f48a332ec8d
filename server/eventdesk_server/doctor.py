"""`eventdesk doctor`: everything is looked at, and what is wrong is told with what to do about it."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eventdesk_server import keyrings
from eventdesk_server.accounts.managing import NO_ACCOUNT, described, tested
from eventdesk_server.accounts.remedies import bad_trust_store, proxy_in_use
from eventdesk_server.doctor_hosts import WORDS, find_hosts
from eventdesk_server.hosts import Machine
from eventdesk_server.http.exchange import trust
from eventdesk_server.journal.listing import entries_in
from eventdesk_server.journal.store import SCHEMA
from eventdesk_server.settings import Settings, SettingsError, config_path, load_settings
from eventdesk_tools import __version__
from eventdesk_tools.errors import JournalUnusable

LITTLE_ROOM = 20 * 2**20
"""Bytes on the disk below which the journal may soon not be written."""


@dataclass(slots=True)
class Finding:
    """One line of the report: `state` is ok, note (worth knowing) or broken."""

    what: str
    state: str
    told: str
    remedy: str = ""
    command: str = ""

    def lines(self) -> list[str]:
        told = [f"{self.state.upper() if self.state == 'broken' else self.state:8}{self.what:10}{self.told}"]
        told += [f"{'':18}What to do: {self.remedy}"] if self.remedy else []
        return [*told, f"{'':18}Then: {self.command}"] if self.command else told


@dataclass(slots=True)
class Report:
    """All findings, and the same as data."""

    findings: list[Finding] = field(default_factory=list[Finding])
    data: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, what: str, state: str, told: str, remedy: str = "", command: str = "") -> None:
        self.findings.append(Finding(what, state, told, remedy, command))

    @property
    def ok(self) -> bool:
        return all(finding.state != "broken" for finding in self.findings)


def run_doctor(*, as_data: bool, flags: Mapping[str, Any]) -> int:
    """Look at everything and tell; 0 when nothing is broken."""
    report = examined(flags)
    if as_data:
        text = json.dumps({"ok": report.ok, **report.data}, ensure_ascii=False, indent=2)
    else:
        lines = [line for finding in report.findings for line in finding.lines()]
        broken = sum(finding.state == "broken" for finding in report.findings)
        end = (
            "Nothing is broken." if not broken else f"{broken} broken: do what stands below each, then run this again."
        )
        text = "\n".join([*lines, "", end])
    sys.stdout.write(text + "\n")
    return 0 if report.ok else 1


def examined(flags: Mapping[str, Any]) -> Report:
    """The whole report."""
    report = Report()
    settings = _settings(report, flags)
    _network(report)
    _accounts(report, settings)
    _journal(report, settings or Settings())
    _versions(report)
    _hosts(report, settings or Settings())
    return report


def _settings(report: Report, flags: Mapping[str, Any]) -> Settings | None:
    path = config_path(os.environ)
    data: dict[str, Any] = {"path": str(path), "found": path.exists(), "problems": [], "accounts": 0}
    report.data["settings"] = data
    try:
        settings = load_settings(flags=flags)
    except SettingsError as exc:
        data["problems"] = str(exc).splitlines()
        for problem in data["problems"]:
            where = "that variable, or remove it" if problem.startswith("EVENTDESK_") else f"it in {path}"
            report.add("settings", "broken", problem, f"Correct {where}; all settings are in docs/settings.md.")
        return None
    data["accounts"] = count = len(settings.accounts)
    told = f"{path}, {count} account{'' if count == 1 else 's'}" if path.exists() else f"none yet ({path})"
    report.add("settings", "ok", told)
    if os.name == "posix" and path.exists() and path.stat().st_mode & 0o077 and _holds_keys(settings):
        told = "Others on this computer can read the keys that stand in the settings file."
        data["problems"] = [told]
        report.add("settings", "note", told, "Make it yours alone.", f"chmod 600 '{path}'")
    return settings


def _holds_keys(settings: Settings) -> bool:
    names = {"key", "secret", "password", "client_secret"}
    return any(
        where == "the settings themselves" and setting in names
        for name, account in settings.accounts.items()
        for setting, where in described(name, account, settings)["keys"].items()
    )


def _network(report: Report) -> None:
    proxy = proxy_in_use()
    named = {name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)}
    data: dict[str, Any] = {"proxy": proxy, **{name.lower(): value for name, value in named.items()}, "problem": ""}
    report.data["network"] = data
    told = f"through the proxy {proxy}" if proxy else "no proxy"
    certificates = ", ".join(f"{name}={value}" for name, value in named.items()) or "this computer's own"
    try:
        trust()
    except OSError:
        data["problem"] = f"No certificates can be read: {certificates}."
        report.add("network", "broken", data["problem"], bad_trust_store())
    else:
        report.add("network", "ok", f"{told}; certificates: {certificates}")


def _accounts(report: Report, settings: Settings | None) -> None:
    rows: list[dict[str, Any]] = []
    report.data["accounts"] = rows
    if settings is None:
        report.add("accounts", "note", "not checked, because the settings are broken")
        return
    if not settings.accounts:
        report.add("accounts", "note", NO_ACCOUNT)
    for one in tested(settings.accounts):
        about = described(one.name, settings.accounts[one.name], settings)
        rows.append({**about, **one.as_data()})
        if one.ok:
            report.add("account", "ok", one.as_text())
        else:
            report.add("account", "broken", one.told, one.remedy.text, one.remedy.command)
    try:
        report.data["keyring"] = {"usable": True, "told": keyrings.described()}
    except keyrings.KeyringUnusable as exc:
        report.data["keyring"] = {"usable": False, "told": str(exc)}


def _journal(report: Report, settings: Settings) -> None:
    folder = Path(settings.state_folder).expanduser()
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    data: dict[str, Any] = {"folder": str(folder), "found": (folder / "journal.db").exists(), "version": SCHEMA}
    data |= {"entries": 0, "unknown": 0, "free_bytes": shutil.disk_usage(there).free, "problem": ""}
    report.data["journal"] = data
    try:
        rows = entries_in(folder)
    except JournalUnusable as exc:
        data["problem"] = exc.message
        report.add("journal", "broken", exc.message, _for_people(exc.next))
        return
    data["entries"], data["unknown"] = len(rows), sum(row["state"] == "unknown" for row in rows)
    if not (there.is_dir() and os.access(there, os.W_OK)):
        data["problem"] = f"The folder {folder} cannot be written, so the assistant cannot change anything."
        report.add("journal", "broken", data["problem"], "Make it writable, or set state_folder to one that is.")
    elif data["free_bytes"] < LITTLE_ROOM:
        data["problem"] = f"The disk of {folder} is full, so the assistant cannot change anything."
        report.add("journal", "broken", data["problem"], "Free some space.")
    else:
        report.add(
            "journal", "ok", f"{folder}, {len(rows)} writes" if data["found"] else f"nothing written yet ({folder})"
        )
    if data["unknown"]:
        report.add(
            "journal",
            "note",
            f"Of {data['unknown']} writes it is not known whether they happened.",
            "Look at the platform, then say so: eventdesk journal settle ID happened (or: not).",
            "eventdesk journal list",
        )


def _for_people(text: str) -> str:
    """What is said to the model, without who is to tell whom."""
    found = text.removeprefix("Nothing more was sent. ").removeprefix("Tell the person: ")
    return found[:1].upper() + found[1:]


def _versions(report: Report) -> None:
    data = {"eventdesk": __version__, "python": platform.python_version()}
    data |= {name: version(name) for name in ("mcp", "httpx2")}
    report.data["versions"] = data
    report.add("versions", "ok", ", ".join(f"{name} {number}" for name, number in data.items()))


def _hosts(report: Report, settings: Settings) -> None:
    hosts = find_hosts(Machine.this(), "terminal" if settings.confirm_channel == "terminal" else "page")
    report.data["hosts"] = [asdict(host) for host in hosts]
    for host in hosts:
        if host.problem:
            report.add("chat app", "broken" if host.set_up else "note", host.problem, host.remedy, host.remedy_command)
        elif host.set_up:
            report.add("chat app", "ok", f"{host.name} starts Eventdesk. {WORDS[host.confirms]}")
        else:
            report.add("chat app", "note", f"{host.name} is here, and does not start Eventdesk")
    if not any(host.set_up for host in hosts):
        client = hosts[0].client if hosts else "claude"
        report.add(
            "chat app", "note", "No chat app is set up to start Eventdesk.", "Enter it into one.",
            f"eventdesk install --client {client}",
        )  # fmt: skip
