"""Whether accounts work, tried with the cheapest call that each platform offers."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import anyio
import httpx2

from eventdesk_server.accounts.remedies import KeyUnread
from eventdesk_server.registry import AccountSetup, build_account
from eventdesk_server.runtime import AnyioRuntime
from eventdesk_server.secret import Secret
from eventdesk_server.settings import AccountSettings, SettingsError
from eventdesk_tools.checking import CHECK_SECONDS, Checked, check_all
from eventdesk_tools.errors import RejectedByProvider
from eventdesk_tools.models import AccountFacts
from eventdesk_tools.ports import ProviderName

KEY_SECONDS = CHECK_SECONDS - 1.0
"""How long a keyring or a command may take: a little less than the whole check, so that the reason gets out."""

Transport = Callable[[], httpx2.AsyncBaseTransport | None]


async def check_accounts(
    accounts: Mapping[str, AccountSettings], transport: Transport = lambda: None
) -> dict[str, Checked]:
    """Check accounts at the same time, each within `CHECK_SECONDS`, keys included."""

    def check(name: str, settings: AccountSettings) -> Callable[[], Awaitable[AccountFacts]]:
        return lambda: _facts(name, settings, transport)

    checks = {name: check(name, settings) for name, settings in accounts.items()}
    return await check_all(AnyioRuntime(), checks)


async def _facts(name: str, settings: AccountSettings, transport: Transport) -> AccountFacts:
    read = await anyio.to_thread.run_sync(_with_keys, name, settings, abandon_on_cancel=True)
    setup = AccountSetup(
        account=name,
        settings=read,
        provider=ProviderName(read.model_dump()["provider"]),
        now=lambda: datetime.now(UTC),
        transport=transport,
    )
    try:
        account = build_account(setup)
    except SettingsError as exc:
        raise RejectedByProvider(str(exc), next="Correct it in the settings file.") from None
    try:
        return await account.provider.check()
    finally:
        with anyio.CancelScope(shield=True):
            await account.provider.aclose()


def _with_keys(name: str, settings: AccountSettings) -> AccountSettings:
    """The account with its keys read: a keyring that waits for a person must not hold up the other accounts."""
    read: dict[str, Secret] = {}
    for setting in type(settings).model_fields:
        secret = getattr(settings, setting)
        if isinstance(secret, Secret):
            try:
                read[setting] = Secret(value=secret.read(KEY_SECONDS))
            except SettingsError as exc:
                raise KeyUnread(name, setting, secret, exc) from None
    return settings.model_copy(update=read)
