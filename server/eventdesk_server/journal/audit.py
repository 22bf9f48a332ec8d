"""The audit: one line of JSON for each write of each call, whatever became of it. No names, no addresses, no bodies."""

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import anyio
from typing_extensions import override

from eventdesk_tools.carrying import target_of
from eventdesk_tools.desk import Call, Trace
from eventdesk_tools.text import line

logger = logging.getLogger("eventdesk")
NAME = "audit.jsonl"
BYTES = 5_000_000
KEPT = 3


class _Private(RotatingFileHandler):
    """Rotates by size; readable by the person alone."""

    @override
    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """The write itself is done: what cannot be noted of it is only logged."""
        logger.warning("the audit in %s could not be written", Path(self.baseFilename).parent)


class Audit:
    """Appends lines. `folder` None keeps none: a rehearsal leaves nothing behind."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    async def write(self, lines: list[dict[str, Any]]) -> None:
        if self.folder is not None and lines:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._append, self.folder, lines)

    @staticmethod
    def _append(folder: Path, lines: list[dict[str, Any]]) -> None:
        # Opened for each call: another process may have rotated the file meanwhile.
        try:
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handler = _Private(folder / NAME, maxBytes=BYTES, backupCount=KEPT, delay=True)
        except OSError as exc:
            logger.warning("the audit in %s could not be written: %s", folder, exc.strerror)
            return
        try:
            for line in lines:
                text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
                handler.handle(logging.LogRecord("audit", logging.INFO, "", 0, text, (), None))
        finally:
            handler.close()


def lines_of(call: Call, outcome: str, who: str) -> list[dict[str, Any]]:
    """A line for each write of a call; one for a call that came to none."""
    named = target_of(call)
    traces = call.trail or [Trace(named.partition(":")[0], named, outcome)]
    seconds = round(call.desk.runtime.seconds() - call.started, 3)
    at = call.desk.now().astimezone(UTC).isoformat(timespec="seconds")
    return [
        {
            "at": at,
            "who": line(who)[:80],
            "tool": call.tool,
            "account": trace.account,
            "target": trace.target,
            "outcome": trace.outcome or "interrupted",
            "seconds": seconds,
            "entry": trace.entry,
        }
        for trace in traces
    ]


def audited(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines, the oldest first. A line that is cut off is left out."""
    for path in [*(folder / f"{NAME}.{number}" for number in range(KEPT, 0, -1)), folder / NAME]:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        for written in text.splitlines():
            try:
                yield json.loads(written)
            except ValueError:
                continue
