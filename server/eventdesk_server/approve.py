"""`eventdesk approve`: a person allows or refuses in a terminal what an assistant's server waits for."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import httpx2

from eventdesk_server.approval import request_text
from eventdesk_server.journal.previews import Waiting, answered, waiting
from eventdesk_server.journal.store import Store
from eventdesk_server.settings import load_settings
from eventdesk_tools.answers import compact
from eventdesk_tools.errors import JournalUnusable
from eventdesk_tools.text import visible

SECONDS = 10.0
_SHOWN = {"outcome", "account", "question", "requests", "changes", "notes"}
_CLOSED = "It is no longer open: it was answered, or ten minutes have passed. Nothing was changed here."


def run_approve(name: str, flags: Mapping[str, Any], *, list_only: bool) -> int:
    """Show what waits, whole, and take the answer; 0 when it was allowed or only listed.

    Raises:
        SettingsError: The settings are wrong.
    """
    folder = Path(load_settings(flags=flags).state_folder).expanduser()
    if not list_only and not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _failed("Only a person can allow this: run the command in a terminal.")
    if not (folder / "journal.db").exists():
        return _nothing(list_only=list_only)
    store = Store(folder)
    try:
        return _answer(store, name, list_only=list_only)
    except JournalUnusable as exc:
        return _failed(exc.message)
    finally:
        store.close()


def _answer(store: Store, name: str, *, list_only: bool) -> int:
    found = [one for one in waiting(store) if one.id.startswith(name.lower())]
    shown = [(one, body) for one in found if (body := _asked_for(one)) is not None]
    if list_only:
        for one, body in shown:
            _say(f"{one.name}  {_line(body)}")
        return 0 if shown else _nothing(list_only=True)
    if not shown:
        return _failed(f"Nothing of the name {name} waits. {_CLOSED}") if name else _nothing(list_only=False)
    if len(shown) > 1:
        for one, body in shown:
            _say(f"{one.name}  {_line(body)}")
        return _failed("Several changes wait. Name one: eventdesk approve NAME")
    ((one, body),) = shown
    _say(_described(body))
    sys.stdout.write("\nAllow this, once? [y/N] ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    allowed = line.strip().lower() in {"y", "yes"}
    if not line or not answered(store, one, allowed=allowed):
        return _failed(_CLOSED if line else "Nothing was answered.")
    _say("Allowed. Now tell the assistant to go on." if allowed else "Refused. Nothing will be sent.")
    return 0 if allowed else 1


def _nothing(*, list_only: bool) -> int:
    """There is nothing to list, which is an answer, or nothing to allow, which is none."""
    if not list_only:
        return _failed("Nothing waits for an answer.")
    _say("Nothing waits for an answer.")
    return 0


def _asked_for(one: Waiting) -> dict[str, Any] | None:
    """What the process that waits shows of it; None when that process has ended."""
    try:
        with httpx2.Client(trust_env=False, timeout=SECONDS) as client:
            answer = client.get(
                f"http://127.0.0.1:{one.port}/approve/{one.path}", headers={"accept": "application/json"}
            )
        return cast("dict[str, Any]", answer.json()) if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        return None


def _line(shown: Mapping[str, Any]) -> str:
    return f"{_text(shown['body'].get('account', ''))}: {' '.join(_text(shown['question']).split())}"


def _described(shown: Mapping[str, Any]) -> str:
    body = cast("Mapping[str, Any]", shown["body"])
    lines = [_text(shown["question"]), "", f"account: {_text(body.get('account', ''))}"]
    for change in body.get("changes", []):
        before, after = compact(change.get("before")), compact(change.get("after"))
        lines.append(f"{_text(change.get('field', ''))}: {_text(before)} → {_text(after)}")
    for name, value in body.items():
        if name not in _SHOWN:
            lines.append(f"{_text(name)}: {_text(value if isinstance(value, str) else compact(value))}")
    lines += [_text(note) for note in body.get("notes", [])]
    lines += ["", "What will be sent:"]
    lines += [request_text(request) for request in body.get("requests", [])]
    return "\n".join(lines)


def _text(value: object) -> str:
    return visible(str(value))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _failed(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1
