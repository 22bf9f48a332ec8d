"""evvnt: distributes event listings to many calendars; no attendees, no tickets."""

from eventdesk_server.providers.base import Registration, Setup
from eventdesk_server.settings import EvvntSettings
from eventdesk_tools.ports import EventProvider, ProviderName


def _build(setup: Setup) -> EventProvider:
    from eventdesk_server.providers.evvnt.adapter import build  # noqa: PLC0415 - starting without it stays quick

    return build(setup)


REGISTRATION = Registration(ProviderName.EVVNT, EvvntSettings, _build)
