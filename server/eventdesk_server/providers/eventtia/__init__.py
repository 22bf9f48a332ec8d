"""Eventtia: connect.eventtia.com, its API v3."""

from eventdesk_server.providers.base import Registration, Setup
from eventdesk_server.settings import EventtiaSettings
from eventdesk_tools.ports import EventProvider, ProviderName


def _build(setup: Setup) -> EventProvider:
    from eventdesk_server.providers.eventtia.adapter import build  # noqa: PLC0415 - a start without this platform stays quick

    return build(setup)


REGISTRATION = Registration(ProviderName.EVENTTIA, EventtiaSettings, _build)
