"""What the registry gives an adapter, and what an adapter's package gives the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials
from eventdesk_server.http.policy import Dialect
from eventdesk_server.settings import AccountSettings, Secret
from eventdesk_tools.ports import EventProvider, ProviderName


class Setup(Protocol):
    """What an account is built from. Nothing is connected and no key is read before the first request."""

    @property
    def account(self) -> str: ...

    @property
    def settings(self) -> AccountSettings:
        """The account's own settings, of the class that the registration names."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The present moment, aware; pinned in rehearsals."""
        ...

    @property
    def monotonic(self) -> Callable[[], float]:
        """The seconds that pass, as everything of this account counts them."""
        ...

    def client(self, base_url: str, dialect: Dialect, credentials: Callable[[], Credentials]) -> ProviderClient:
        """A client for this account. `credentials` is called at the first request: reading a key may fail then."""
        ...

    def secret(self, secret: Secret | None, name: str) -> SecretStr:
        """Reads a key for credentials .

        Raises:
            AuthenticationFailed: It is not set or cannot be read; the message names the setting `name`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """One platform: how its account is set up."""

    name: ProviderName
    settings: type[AccountSettings]
    build: Callable[[Setup], EventProvider]
