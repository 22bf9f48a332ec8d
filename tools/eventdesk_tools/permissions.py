"""Which tools may be used: toolsets, allow and deny lists, for the whole desk and once more for each account."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator

TOOLSETS: Mapping[str, tuple[str, ...]] = {
    "events": (
        "list_events", "get_event", "list_sessions", "event_summary", "create_event", "update_event", "clone_event", "archive_event",
    ),
    "people": ("list_attendees", "register_attendee", "register_attendees", "cancel_registration"),
    "sales": ("list_sales", "create_sale", "update_sale"),
    "common": ("list_accounts", "export_list"),
    "operations": ("find_operations", "call_read_operation", "call_write_operation"),
}  # fmt: skip
"""Every tool is in one, by its subject, but `apply_preview`: it is for what the others previewed."""
TOOLSET_OF: Mapping[str, str] = {tool: name for name, tools in TOOLSETS.items() for tool in tools}
APPLY = "apply_preview"
WRITING = frozenset(
    "create_event update_event clone_event archive_event register_attendee register_attendees cancel_registration "
    "create_sale update_sale call_write_operation apply_preview".split()
)

_CARRIED_OUT: Mapping[str, str] = {
    "list_events": "list_events list_events_slim list_my_events list_our_events",
    "get_event": "get_event show_event view_event get_our_event",
    "list_attendees": "list_attendees list_attendees_v1 find_attendee_by_email",
    "list_sessions": "list_talks list_talks_v1 list_activities",
    "list_sales": "list_sales list_payments",
    "event_summary": "get_ticket_stats get_event_report count_events",
    "register_attendee": "register_attendee register_attendee_v1",
    "cancel_registration": "cancel_registration",
    "create_sale": "create_sale",
    "update_sale": "update_sale",
    "create_event": "create_event",
    "update_event": "update_event",
    "clone_event": "clone_event",
    "archive_event": "archive_event",
}
_ALSO_REACHED: Mapping[str, str] = {
    "list_attendees": (
        "get_attendee get_attendee_v1 list_attendee_activities list_attendee_purchases list_activity_attendees list_talk_attendees"
    ),
    "list_sessions": "get_talk get_talk_v1 get_activity",
    "list_sales": "show_sale get_payment list_purchases list_attendee_purchases",
    "register_attendee": (
        "assign_ticket add_attendee_to_talk add_attendee_to_activity replace_attendee_activities "
        "eventschedule.create_sale"
    ),
    "cancel_registration": "eventschedule.update_sale delete_sale delete_attendee",
    "create_sale": "create_checkout_link",
    "update_sale": "delete_sale",
    "update_event": "upload_flyer",
    "archive_event": "delete_event delete_schedule eventschedule.update_event eventtia.update_event",
}


def _by_operation(*tables: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for tool, operations in table.items():
            for operation in operations.split():
                found[operation] = (*found.get(operation, ()), tool)
    return found


TOOL_OF_OPERATION: Mapping[str, str] = {name: tools[0] for name, tools in _by_operation(_CARRIED_OUT).items()}
"""Operations that a tool carries out with refs, checks and answers alike on every platform."""
_REACHING = _by_operation(_CARRIED_OUT, _ALSO_REACHED)


def tools_reached(provider: str, operation: str) -> tuple[str, ...]:
    """The tools whose end a platform's operation reaches, if only with some arguments: it is off where one of them is."""
    return (*_REACHING.get(operation, ()), *_REACHING.get(f"{provider}.{operation}", ()))


def _listed(given: Any) -> Any:
    """A variable of the environment holds no list: `archive_event, update_sale` is one."""
    return [part for part in (text.strip() for text in given.split(",")) if part] if isinstance(given, str) else given


def _known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            raise ValueError(f"{name!r} is not {what}" + (f"; did you mean {near[0]}?" if near else ""))


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Lists(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    allow: Names | None = None
    deny: Names = ()

    @field_validator("allow", "deny")
    @classmethod
    def _tools(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        _known(names or (), (*TOOLSET_OF, APPLY), "a tool")
        return names

    @field_validator("allow")
    @classmethod
    def _some(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names == ():
            raise ValueError("names no tool; leave it out to allow all")
        return names


class ToolsetRules(_Lists):
    """What is set for one toolset. `allow` decides in place of `on`."""

    on: bool = True
    read_only: bool = False


class Rules(_Lists):
    """What is set for the desk, or for one account. A tool must pass both: an account only narrows."""

    toolsets: Mapping[str, ToolsetRules] = {}

    @model_validator(mode="before")
    @classmethod
    def _toolsets(cls, given: Any) -> Any:
        if isinstance(given, dict):
            toolsets = cast("dict[str, Any]", given).get("toolsets")
            if isinstance(toolsets, dict):
                _known(cast("dict[str, Any]", toolsets), TOOLSETS, "a toolset")
        return cast("Any", given)

    @model_validator(mode="after")
    def _in_their_toolsets(self) -> Self:
        for name, rules in self.toolsets.items():
            _known((*(rules.allow or ()), *rules.deny), TOOLSETS[name], f"a tool of the toolset {name}")
        return self

    @classmethod
    def of(cls, settings: "Rules") -> "Rules":
        """These rules alone, of whatever other settings they stand among."""
        return Rules(allow=settings.allow, deny=settings.deny, toolsets=settings.toolsets)

    def refusal(self, tool: str) -> str:
        """The setting that switches a tool off, as its place below these rules; "" where none does.

        A deny list goes before everything, then `read_only` of the toolset, then allow lists: where some concern the tool, all of them
        must name it. Only where none does, `on` of the toolset decides.
        """
        if tool in self.deny:
            return "deny"
        name = TOOLSET_OF.get(tool)
        if name is None:
            return ""
        toolset = self.toolsets.get(name, _DEFAULT)
        if tool in toolset.deny:
            return f"toolsets.{name}.deny"
        if toolset.read_only and tool in WRITING:
            return f"toolsets.{name}.read_only"
        allowing = {"allow": self.allow, f"toolsets.{name}.allow": toolset.allow}
        given = {place: names for place, names in allowing.items() if names is not None}
        for place, names in given.items():
            if tool not in names:
                return place
        return "" if given or toolset.on else f"toolsets.{name}.on"


_DEFAULT = ToolsetRules()
