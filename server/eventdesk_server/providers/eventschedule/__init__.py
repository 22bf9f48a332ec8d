"""Event Schedule: eventschedule.com and self-hosted servers of the same software."""

from eventdesk_server.providers.base import Registration, Setup
from eventdesk_server.settings import EventScheduleSettings
from eventdesk_tools.ports import EventProvider, ProviderName


def _build(setup: Setup) -> EventProvider:
    from eventdesk_server.providers.eventschedule.adapter import build  # noqa: PLC0415 - a start without this platform stays quick

    return build(setup)


REGISTRATION = Registration(ProviderName.EVENTSCHEDULE, EventScheduleSettings, _build)
