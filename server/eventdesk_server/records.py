"""`eventdesk journal` and `eventdesk audit`: what was sent, for the person who has to know."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from eventdesk_server.journal.audit import audited
from eventdesk_server.journal.listing import NotSettled, entries_in, settle
from eventdesk_server.journal.store import Store
from eventdesk_server.settings import Settings
from eventdesk_tools.errors import JournalUnusable

_ENTRY = ("id", "state", "done", "since", "tool", "target", "step")
_HOW = {
    "unknown": "unknown: look at the platform, then say `eventdesk journal settle ID happened`, or `not`.",
    "partly done": "partly done: the same call completes it.",
    "stuck": "stuck: begun with other steps than the call takes now. When nothing is missing: `eventdesk journal settle ID happened`.",
}
"""What a person does about a write that is not finished."""
_LINE = ("at", "who", "tool", "target", "outcome", "entry")


def show_entries(args: argparse.Namespace, settings: Settings) -> tuple[str, bool]:
    """The journal as text, and whether it could not be read."""
    try:
        rows = entries_in(_folder(settings))
    except JournalUnusable as exc:
        return f"{exc.message}\n{exc.next}", True
    if args.json:
        return json.dumps({"entries": rows}, ensure_ascii=False, indent=2), False
    if not rows:
        return "Nothing was written yet.", False
    told = [how for state, how in _HOW.items() if any(row["state"] == state for row in rows)]
    return "\n".join([_columns(_ENTRY, rows), *(["", *told] if told else [])]), False


def settle_entry(args: argparse.Namespace, settings: Settings) -> tuple[str, bool]:
    """What was settled, or why not."""
    store = _store(settings)
    try:
        if store is None:
            return "Nothing was written yet.", True
        shown = settle(store, args.id, happened=args.what == "happened")
    except NotSettled as exc:
        return str(exc), True
    except JournalUnusable as exc:
        return f"{exc.message}\n{exc.next}", True
    finally:
        if store is not None:
            store.close()
    after = "the same call answers already_done"
    if args.what == "not":
        unknown_step = shown["state"] == "unknown" and not shown["done"].startswith("0/")
        after = "the same call goes on from there" if unknown_step else "the same call begins anew"
    return f"{shown['id']} ({shown['tool']} {shown['target']}): settled; {after}.", False


def show_audit(args: argparse.Namespace, settings: Settings) -> tuple[str, bool]:
    """The audit as text."""
    lines = list(audited(_folder(settings)))
    if args.json:
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), False
    return _columns(_LINE, lines) if lines else "Nothing was written yet.", False


ACTIONS = {"list": show_entries, "settle": settle_entry, "audit": show_audit}


def _folder(settings: Settings) -> Path:
    return Path(settings.state_folder).expanduser()


def _store(settings: Settings) -> Store | None:
    """The journal, where there is one: looking makes none."""
    folder = _folder(settings)
    return Store(folder) if (folder / "journal.db").exists() else None


def _columns(names: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    table = [[name.upper() for name in names], *([_cell(name, row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def _cell(name: str, value: object) -> str:
    """A value as a person reads it: moments on this computer's clock, to the minute."""
    if name not in {"at", "since"}:
        return str(value)
    return datetime.fromisoformat(str(value)).astimezone().strftime("%Y-%m-%d %H:%M")
