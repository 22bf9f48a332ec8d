"""The registered platforms, and the accounts that settings make of them."""

import hashlib
import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import anyio
import httpx2
from pydantic import SecretStr

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.policy import Dialect
from eventdesk_server.providers.base import Registration
from eventdesk_server.providers.declared import DeclaredOperations, info_of
from eventdesk_server.settings import ACCOUNT, AccountSettings, Secret, Settings, SettingsError
from eventdesk_tools import __version__
from eventdesk_tools.desk import Account
from eventdesk_tools.errors import AuthenticationFailed
from eventdesk_tools.permissions import Rules
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName


def registration(name: ProviderName) -> Registration:
    """A platform's registration. Its package is imported only when an account needs it."""
    return importlib.import_module(f"eventdesk_server.providers.{name}").REGISTRATION


def declared(name: ProviderName) -> tuple[Operation, ...]:
    """Every endpoint that a platform documents, whatever the accounts. Its module is imported only when asked for."""
    return importlib.import_module(f"eventdesk_server.providers.{name}.operations").ALL


def operation_rows() -> list[dict[str, Any]]:
    """Every operation of the five platforms as data, for people and for the printed list."""
    return [
        {"provider": name.value, **asdict(info_of(operation))}
        for name in PROVIDER_TITLES
        for operation in declared(name)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSetup:
    """`eventdesk_server.providers.base.Setup` for one account."""

    account: str
    settings: AccountSettings
    provider: ProviderName
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    transport: Callable[[], httpx2.AsyncBaseTransport | None] = field(default=lambda: None)
    sleep: Callable[[float], Awaitable[None]] = field(default=anyio.sleep)
    monotonic: Callable[[], float] = field(default=anyio.current_time)
    import_folder: str = ""

    def client(self, base_url: str, dialect: Dialect, credentials: Callable[[], Credentials]) -> ProviderClient:
        return ProviderClient(
            account=self.account,
            base_url=base_url,
            dialect=dialect,
            credentials=credentials,
            transport=self.transport,
            version=__version__,
            user_agent=self.settings.user_agent,
            now=self.now,
            sleep=self.sleep,
            monotonic=self.monotonic,
        )

    def secret(self, secret: Secret | None, name: str) -> SecretStr:
        if secret is None:
            raise AuthenticationFailed(f"The account {self.account} has no {name}: set accounts.{self.account}.{name}.")
        try:
            return secret.read()
        except SettingsError as exc:
            raise AuthenticationFailed(f"The account {self.account} has no {name}: {exc}.") from None


def build_account(setup: AccountSetup) -> Account:
    """One account, ready to be called; nothing is connected yet.

    Raises:
        SettingsError: Its base URL is one to which no key may be sent.
    """
    settings = setup.settings
    try:
        provider = registration(setup.provider).build(setup)
    except ValueError as exc:
        raise SettingsError(f"accounts.{setup.account}: {exc}") from None
    if isinstance(provider, DeclaredOperations):
        provider.import_folder = setup.import_folder
    return Account(
        name=setup.account,
        provider=provider,
        zone=settings.zone,
        currency=settings.currency,
        read_only=settings.read_only,
        sandbox=settings.sandbox,
        identity=identity_of(settings),
        rules=Rules.of(settings),
    )


def identity_of(settings: AccountSettings) -> str:
    """Which login at which server an account is, whatever it is called: the journal's keys begin with it.

    Made of the base URL and of where the keys are kept; a key that stands in the settings themselves is hashed with it.
    """
    beside = {"read_only", "subjects", "groups", "user_agent", "zone", "currency"}
    told = {"contact", "organiser", "package", "calendar"}
    described = settings.model_dump(exclude={*beside, *told, *Rules.model_fields}, exclude_defaults=True)
    text = repr(_revealed(described)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:24]


def _revealed(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: _revealed(item) for key, item in cast("dict[str, object]", value).items()}
    return value


def accounts_of(settings: Settings, now: Callable[[], datetime]) -> dict[str, Account]:
    """The accounts that the settings configure."""
    return {
        name: build_account(
            AccountSetup(
                account=name,
                settings=account,
                provider=ProviderName(account.provider),
                now=now,
                import_folder=settings.import_folder,
            )
        )
        for name, account in settings.accounts.items()
    }


DEMO_SETTINGS: Mapping[ProviderName, Mapping[str, object]] = {
    ProviderName.EVENTHQ: {"zone": "Europe/London"},
    ProviderName.EVVNT: {
        "zone": "Europe/London",
        "currency": "GBP",
        "contact": {"name": "Demo Desk", "email": "desk@demo.example", "tel": "+44 20 7946 0000"},
    },
}
"""What a person would have set for the demo accounts: evvnt submits no listing without a contact."""


def sandbox_accounts(
    connections: Mapping[str, Mapping[str, str]],
    transport: Callable[[], httpx2.AsyncBaseTransport | None],
    now: Callable[[], datetime],
    overrides: Mapping[str, Mapping[str, object]] | None = None,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    import_folder: str = "",
    monotonic: Callable[[], float] = anyio.current_time,
) -> dict[str, Account]:
    """The accounts `demo-…`, one a platform, reached like any other: by their base URL and key."""
    accounts: dict[str, Account] = {}
    for provider in PROVIDER_TITLES:
        if provider not in connections:
            continue
        given = {**connections[provider], **((overrides or {}).get(provider) or {})}
        settings = ACCOUNT.validate_python(
            {"provider": provider.value, "sandbox": True, **DEMO_SETTINGS.get(provider, {}), **given}
        )
        name = f"demo-{provider.value}"
        accounts[name] = build_account(
            AccountSetup(
                account=name,
                settings=settings,
                provider=provider,
                now=now,
                transport=transport,
                sleep=sleep,
                monotonic=monotonic,
                import_folder=import_folder,
            )
        )
    return accounts
