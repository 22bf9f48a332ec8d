"""The assembled server: settings or the sandbox, accounts, desk, MCP."""

import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
from mcp.server.mcpserver import MCPServer

from eventdesk_server.approval import ApprovalPage
from eventdesk_server.binding import EventdeskServer
from eventdesk_server.completions import add_completions
from eventdesk_server.journal.audit import Audit
from eventdesk_server.journal.journal import SqliteJournal
from eventdesk_server.prompting import add_prompts
from eventdesk_server.registry import accounts_of, sandbox_accounts
from eventdesk_server.resources import add_resources
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_server.settings import Settings, SettingsError, data_path, installation_key, load_settings
from eventdesk_tools import __version__
from eventdesk_tools.catalog import INSTRUCTIONS
from eventdesk_tools.desk import Account, Desk
from eventdesk_tools.permissions import Rules
from eventdesk_tools.privacy import PersonalData, Privacy

logger = logging.getLogger("eventdesk")


@dataclass(frozen=True, slots=True)
class App:
    """The server and what it runs on."""

    server: EventdeskServer
    desk: Desk
    settings: Settings


def build(settings: Settings, *, problem: str = "", make: Callable[..., EventdeskServer] = EventdeskServer) -> App:
    """Assemble the server. Nothing is connected, and the sandbox is made only when it is called.

    Args:
        make: What makes the server of a desk, a way to ask outside the chat, an audit, and the SDK's options.
    """
    logging.getLogger("eventdesk").setLevel(settings.log_level.upper())
    now = _clock(settings)
    close: Callable[[], None] = lambda: None  # noqa: E731 - nothing to close unless the sandbox is used
    if problem:
        accounts: Mapping[str, Account] = {}
    elif settings.accounts:
        accounts = accounts_of(settings, now)
    else:
        accounts, close = _sandbox(settings, now)
    journal = SqliteJournal(_state_folder(settings))
    runtime = AnyioRuntime()
    desk = Desk(
        people=_privacy(settings),
        accounts=accounts,
        now=now,
        runtime=runtime,
        journal=journal,
        read_only=settings.read_only,
        problem=problem,
        operations_write=settings.operations_write,
        import_folder=settings.import_folder,
        export_folder=settings.export_folder,
        rules=Rules.of(settings),
        structured_content=settings.structured_content,
    )
    page = ApprovalPage(journal, settings.confirm_channel)

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncGenerator[None]:
        async with anyio.create_task_group() as group:
            page.open(group)
            runtime.background.group = group
            try:
                yield
            finally:
                runtime.background.group = None
                page.close()
                group.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    for account in accounts.values():
                        await account.provider.aclose()
                    journal.store.close()
                    close()

    server = make(
        desk,
        page.offer,
        Audit(_state_folder(settings)),
        title="Eventdesk",
        version=__version__,
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        subscriptions=False,
        log_level=settings.log_level.upper(),
    )
    add_prompts(server)
    add_resources(server)
    add_completions(server)
    return App(server, desk, settings)


def build_from_environment(flags: Mapping[str, Any] | None = None, *, stay_up: bool) -> App:
    """Assemble the server from file, variables and flags.

    Raises:
        SettingsError: The settings are wrong, and `stay_up` is false. Under a host the server stays up with
            `list_accounts` alone, which says what is wrong: a host shows a server that ends as "failed" and no reason.
    """
    try:
        return build(load_settings(flags=flags))
    except SettingsError as exc:
        if not stay_up:
            raise
        logger.error("%s", exc)  # noqa: TRY400 - the person needs the sentence, not a traceback
        return build(Settings(), problem=str(exc))


def _state_folder(settings: Settings) -> Path | None:
    """Where the journal is; None in a rehearsal of this process alone, which leaves nothing behind."""
    return Path(settings.state_folder).expanduser() if settings.accounts else None


def _clock(settings: Settings) -> Callable[[], datetime]:
    pinned = settings.now
    return (lambda: pinned) if pinned is not None else (lambda: datetime.now(UTC))


def _privacy(settings: Settings) -> Privacy:
    """What of people leaves for the model. Masked values need a key that outlives the process."""
    mode = PersonalData(settings.personal_data)
    if mode is not PersonalData.MASKED:
        return Privacy(mode)
    if settings.masking_key is not None:
        return Privacy(mode, settings.masking_key.read().get_secret_value().encode("utf-8", "surrogatepass"))
    return Privacy(mode, installation_key(data_path() / "masking.key"))


def _sandbox(settings: Settings, now: Callable[[], datetime]) -> tuple[dict[str, Account], Callable[[], None]]:
    """The accounts `demo-…`. The sandbox itself is built at the first request, so that starting costs nothing."""
    from eventdesk_server.sandbox.inprocess import ROOT_URL  # noqa: PLC0415 - only the default start needs the sandbox
    from eventdesk_server.sandbox.world import Sandbox  # noqa: PLC0415 - see above

    sandbox = Sandbox(now=settings.now)
    accounts = sandbox_accounts(
        sandbox.connections(ROOT_URL), sandbox.transport, now, import_folder=settings.import_folder
    )
    return accounts, sandbox.close
