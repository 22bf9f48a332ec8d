"""EventHQ: British event booking, read through its API; booking is handed to a person."""

from eventdesk_server.providers.base import Registration, Setup
from eventdesk_server.settings import EventHQSettings
from eventdesk_tools.ports import EventProvider, ProviderName


def _build(setup: Setup) -> EventProvider:
    from eventdesk_server.providers.eventhq.adapter import build  # noqa: PLC0415 - starting without it stays quick

    return build(setup)


REGISTRATION = Registration(ProviderName.EVENTHQ, EventHQSettings, _build)
