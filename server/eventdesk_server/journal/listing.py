"""The journal as a person reads and settles it."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eventdesk_server.journal.owners import is_live
from eventdesk_server.journal.store import Store

OPEN = ("unknown", "partly done", "stuck")


class NotSettled(Exception):
    """The entry cannot be settled. The message says why."""


def entries(store: Store) -> list[dict[str, Any]]:
    """All writes, the latest first.

    `unknown`: sent, not answered, and held by nobody. `stuck`: begun with other steps than the same call takes now.
    """

    def work(db: sqlite3.Connection) -> list[dict[str, Any]]:
        rows = db.execute("SELECT * FROM entries ORDER BY updated DESC, id").fetchall()
        return [_shown(row, store.clock()) for row in rows]

    return store.run_now(work)


def entries_in(folder: Path) -> list[dict[str, Any]]:
    """All writes that the journal of a folder holds; none where there is no journal, and looking makes none.

    Raises:
        JournalUnusable: It cannot be read.
    """
    if not (folder / "journal.db").exists():
        return []
    store = Store(folder)
    try:
        return entries(store)
    finally:
        store.close()


def settle(store: Store, id_: str, *, happened: bool) -> dict[str, Any]:
    """What a person knows of a write whose outcome is unknown, or of which only a part is known to be done.

    Of a part that is done, `happened` says that nothing is left to do, and not that nothing of it is there.

    Raises:
        NotSettled: There is no such write, or it is done, or a call is carrying it out.
    """

    def work(db: sqlite3.Connection) -> dict[str, Any]:
        row = db.execute("SELECT * FROM entries WHERE id = ?", (id_.strip().lower(),)).fetchone()
        if row is None:
            raise NotSettled(f"The journal has no entry {id_}. `eventdesk journal list` shows them.")
        shown = _shown(row, store.clock())
        if shown["state"] not in OPEN:
            raise NotSettled(
                f"Entry {row['id']} is {shown['state']}: only what is unknown, partly done or stuck can be settled."
            )
        if happened:
            what = "state = 'done', step = step + (state = 'sent'), settled = 'person'"
        elif row["state"] == "sent" and row["step"]:
            what = "state = 'claimed', known = '[]', settled = ''"
        else:
            db.execute("DELETE FROM entries WHERE id = ?", (row["id"],))
            return shown
        db.execute(
            f"UPDATE entries SET {what}, owner = NULL, attempt = attempt + 1, updated = ? WHERE id = ?",  # noqa: S608 - constants
            (store.clock(), row["id"]),
        )
        return shown

    return store.run_now(work)


def _shown(row: Mapping[str, Any], now: float) -> dict[str, Any]:
    live = is_live(row["owner"], row["lease"], now)
    state = row["state"]
    if state == "sent":
        state = "sending" if live else "unknown"
    elif state == "claimed":
        state = "running" if live else "not sent" if not row["step"] else "stuck" if row["stuck"] else "partly done"
    return {
        "id": row["id"],
        "state": state,
        "account": row["account"],
        "provider": row["provider"],
        "tool": row["tool"],
        "target": row["target"],
        "step": row["step_name"] if row["state"] == "sent" else "",
        "done": f"{min(row['step'], row['steps'])}/{row['steps']}",
        "since": datetime.fromtimestamp(row["created"], UTC).isoformat(timespec="seconds"),
        "settled": row["settled"],
    }
