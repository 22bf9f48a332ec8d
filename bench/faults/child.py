"""One server process of the campaign: Eventdesk as `eventdesk` starts it, on pipes, by a quicker clock."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.faults.forgetting import ForgettingJournal
from bench.faults.quickloop import QuickLoop
from eventdesk_server import cli
from eventdesk_server.app import build
from eventdesk_server.settings import Settings
from eventdesk_server.transports import run_stdio


def become(order: Mapping[str, Any], pipes: Sequence[int]) -> int:
    """Turn this forked process into what was ordered: a server, or one command of the command line."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    for target, pipe in enumerate(pipes):
        os.dup2(pipe, target)
    os.closerange(3, 1024)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    if order["what"] == "command":
        os.environ.update(order["environment"])
        return cli.main(order["arguments"])
    app = build(Settings.model_validate(order["settings"]))
    if order["forget"]:
        app.server.desk = replace(app.desk, journal=ForgettingJournal())
    return run_stdio(app.server, loop_factory=QuickLoop)
