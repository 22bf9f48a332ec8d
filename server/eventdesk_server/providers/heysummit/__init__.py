"""HeySummit: online summits, over version 2 or version 1 of its API."""

from eventdesk_server.providers.base import Registration, Setup
from eventdesk_server.settings import HeySummitSettings
from eventdesk_tools.ports import EventProvider, ProviderName


def _build(setup: Setup) -> EventProvider:
    from eventdesk_server.providers.heysummit.adapter import build  # noqa: PLC0415 - starting without it stays quick

    return build(setup)


REGISTRATION = Registration(ProviderName.HEYSUMMIT, HeySummitSettings, _build)
