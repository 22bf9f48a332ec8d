"""Event Schedule's endpoints, as data. Paths relative to the base URL, never with a slash at the end.

By subject: `operations_schedules` (accounts, schedules, sub-schedules, categories), `operations_events`, `operations_sales`
(orders, feedback, fan content).
"""

from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.eventschedule import operations_events, operations_sales, operations_schedules
from eventdesk_server.providers.eventschedule.operations_events import (
    CREATE_EVENT,
    DELETE_EVENT,
    LIST_EVENTS,
    SHOW_EVENT,
    UPDATE_EVENT,
)
from eventdesk_server.providers.eventschedule.operations_sales import (
    CREATE_SALE,
    DELETE_SALE,
    LIST_SALES,
    SHOW_SALE,
    UPDATE_SALE,
)
from eventdesk_server.providers.eventschedule.operations_schedules import LIST_SCHEDULE_CATEGORIES, LIST_SCHEDULES

__all__ = [
    "ALL",
    "CREATE_EVENT",
    "CREATE_SALE",
    "DELETE_EVENT",
    "DELETE_SALE",
    "LIST_EVENTS",
    "LIST_SALES",
    "LIST_SCHEDULES",
    "LIST_SCHEDULE_CATEGORIES",
    "SHOW_EVENT",
    "SHOW_SALE",
    "UPDATE_EVENT",
    "UPDATE_SALE",
]

ALL: tuple[Operation, ...] = (*operations_schedules.ALL, *operations_events.ALL, *operations_sales.ALL)
