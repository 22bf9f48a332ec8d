"""A run's small world: a sandbox with a stage's season, and the settings of a server that is connected to it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.faults.deeds import ACCOUNT, Stage
from eventdesk_server.sandbox.faults import Faults
from eventdesk_server.sandbox.world import Sandbox

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def world_of(stage: Stage, faults: Faults | None = None) -> Sandbox:
    """The sandbox, without rate limits: those that are wanted are faults."""
    return Sandbox(now=NOW, limits=False, season={stage.provider: stage.season}, faults=faults)


def settings_of(
    box: Sandbox, stage: Stage, connections: Mapping[str, Mapping[str, str]], folder: Path
) -> dict[str, Any]:
    """The settings, as a settings file would hold them."""
    login: Mapping[str, str] = {}
    if stage.credentials:
        standin: Any = box.standin(stage.provider)
        login = standin.credentials_for(stage.credentials)
    account = {"provider": stage.provider, "sandbox": True, **connections[stage.provider], **login, **stage.settings}
    return {
        "now": NOW.isoformat(),
        "operations_write": True,
        "state_folder": str(folder),
        "accounts": {ACCOUNT: account},
    }
