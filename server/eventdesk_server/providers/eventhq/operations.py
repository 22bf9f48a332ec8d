"""EventHQ's endpoints: three, all of them reads (EventHQ API reference, Events)."""

from eventdesk_server.http.operations import Effect, Operation, Param

_SOURCE = "EventHQ API reference, Events"
_FILTERS = (
    Param("q", about="part of the name or the location"),
    Param("f", about="conditions joined by |: live:1, year:2027, event_starts >:2027-03-01, tag:<id>, test:0"),
    Param("sort", about="the field to order by, such as event_starts"),
    Param("direction", choices=("asc", "desc")),
)

LIST_EVENTS = Operation(
    name="list_events",
    method="GET",
    path="events/index",
    effect=Effect.READ,
    summary="Lists events; a page tells neither a total nor whether more follow.",
    params=(Param("limit", kind="integer", about="20 unless told"), Param("page", kind="integer"), *_FILTERS),
    source=_SOURCE,
)
COUNT_EVENTS = Operation(
    name="count_events",
    method="GET",
    path="events/count",
    effect=Effect.READ,
    summary="Counts the events that the same filters select.",
    params=_FILTERS,
    source=_SOURCE,
)
VIEW_EVENT = Operation(
    name="view_event",
    method="GET",
    path="events/view",
    effect=Effect.READ,
    summary="Shows one event with its products: tickets and extras.",
    params=(Param("event", required=True, about="the event's slug, not its id"),),
    source=_SOURCE,
)

ALL: tuple[Operation, ...] = (LIST_EVENTS, COUNT_EVENTS, VIEW_EVENT)
