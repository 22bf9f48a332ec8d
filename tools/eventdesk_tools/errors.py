"""Failures, each written for the model: what happened, and the exact next step. The codes are part of the answers."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from typing_extensions import override


class ErrorCode(StrEnum):
    """The stable word by which a client, a log and the troubleshooting page know a failure."""

    INVALID_ARGUMENTS = "invalid_arguments"
    UNKNOWN_REF = "unknown_ref"
    AMBIGUOUS_NAME = "ambiguous_name"
    NOT_FOUND = "not_found"
    AUTHENTICATION_FAILED = "authentication_failed"
    PERMISSION_DENIED = "permission_denied"
    PLAN_REQUIRED = "plan_required"
    CONFLICT = "conflict"
    SOLD_OUT = "sold_out"
    NOT_ON_SALE = "not_on_sale"
    REJECTED_BY_PROVIDER = "rejected_by_provider"
    RATE_LIMITED = "rate_limited"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_CHANGED = "provider_changed"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNSUPPORTED = "unsupported"
    DECLINED = "declined"
    READ_ONLY = "read_only"
    INTERNAL = "internal"


class EventdeskError(Exception):
    """A failure that the model can read and act upon.

    `message` says who and what; `next` is the exact next step; `field` names the argument at fault; `allowed` holds at
    most ten of the values that would do; `retry_after` is in seconds.
    """

    code = ErrorCode.INTERNAL
    default_next = ""

    def __init__(
        self,
        message: str,
        *,
        next: str = "",  # noqa: A002 - the word the answers use
        field: str = "",
        allowed: Sequence[str] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.next = next or self.default_next
        self.field = field
        self.allowed = tuple(allowed)
        self.retry_after = retry_after

    @override
    def __str__(self) -> str:
        return self.message


class InvalidArguments(EventdeskError):
    """An argument is missing, misspelt, ill-typed or impossible. Nothing was sent."""

    code = ErrorCode.INVALID_ARGUMENTS


class UnknownRef(EventdeskError):
    """A ref is malformed, of another kind, or names no configured account. Nothing was sent."""

    code = ErrorCode.UNKNOWN_REF
    default_next = "Call list_events for current refs, or list_accounts for the accounts."


class AmbiguousName(EventdeskError):
    """A title or name fits several records; `allowed` lists their refs."""

    code = ErrorCode.AMBIGUOUS_NAME
    default_next = "Repeat the call with one of the refs in allowed."


class Unsupported(EventdeskError):
    """The platform cannot do this, or not with this argument. Nothing was sent. `columns` are those it cannot tell."""

    code = ErrorCode.UNSUPPORTED

    def __init__(self, message: str, *, columns: Sequence[str] = (), **told: Any) -> None:
        super().__init__(message, **told)
        self.columns = tuple(columns)


class ReadOnly(EventdeskError):
    """Writing is switched off in the settings. Nothing was sent."""

    code = ErrorCode.READ_ONLY
    default_next = "Tell the person: read_only is set in Eventdesk's settings."


class JournalUnusable(ReadOnly):
    """What is sent cannot be recorded, so nothing is sent. Reads go on."""

    default_next = "Tell the person: nothing can be changed until Eventdesk's journal works again."


class Declined(EventdeskError):
    """The person said no, or did not say yes. Nothing was sent."""

    code = ErrorCode.DECLINED
    default_next = "Do not repeat the call unless the person asks for it."


class ProviderError(EventdeskError):
    """The platform refused, failed, or answered something else than it should."""


class AuthenticationFailed(ProviderError):
    """The key is missing, wrong or expired."""

    code = ErrorCode.AUTHENTICATION_FAILED
    default_next = "Tell the person to check this account's key in Eventdesk's settings. Do not retry."


class PermissionDenied(ProviderError):
    """The key is good but may not do this."""

    code = ErrorCode.PERMISSION_DENIED
    default_next = "Tell the person: the account's key has no right to do this. Do not retry."


class PlanRequired(ProviderError):
    """The platform offers this on a higher plan only."""

    code = ErrorCode.PLAN_REQUIRED
    default_next = "Tell the person which plan the platform asks for. Do not retry."


class NotFound(ProviderError):
    """The platform has no such record, or not for this key."""

    code = ErrorCode.NOT_FOUND
    default_next = "Call list_events for current refs."


class Conflict(ProviderError):
    """The record is there already, or the state forbids the change."""

    code = ErrorCode.CONFLICT


class RunsElsewhere(Conflict):
    """Another call is carrying out the same write. This one sent nothing."""

    default_next = "Make the same call again in a few seconds: it tells what became of it and sends nothing twice."


class SoldOut(ProviderError):
    """Too few places are left."""

    code = ErrorCode.SOLD_OUT
    default_next = "Call get_event for what is left, and ask the person which ticket to take."


class NotOnSale(ProviderError):
    """Sales have not begun, have ended, or are closed."""

    code = ErrorCode.NOT_ON_SALE
    default_next = "Call get_event for the tickets on sale, and tell the person."


class RejectedByProvider(ProviderError):
    """The platform refused the values; its own words are in the message."""

    code = ErrorCode.REJECTED_BY_PROVIDER
    default_next = "Correct the values as the platform says, or ask the person."


class RateLimited(ProviderError):
    """Too many requests. Nothing changed."""

    code = ErrorCode.RATE_LIMITED
    default_next = "Wait as long as retry_after says, then make the same call again."


class ProviderUnavailable(ProviderError):
    """The platform could not be reached or failed, and nothing changed."""

    code = ErrorCode.PROVIDER_UNAVAILABLE
    default_next = "Make the same call again in a minute; if it fails again, tell the person."


class ProviderChanged(ProviderError):
    """The answer is not what the platform's documentation shows."""

    code = ErrorCode.PROVIDER_CHANGED
    default_next = "Tell the person: Eventdesk does not understand this answer of the platform. Do not retry."


class ListIncomplete(ProviderChanged):
    """A list stopped before its end. What was read is good; the rest is not known."""


class OutcomeUnknown(ProviderError):
    """A write was sent and not answered: it may have happened. It is never sent again by itself."""

    code = ErrorCode.OUTCOME_UNKNOWN
    default_next = "Make the same call again in a minute: it looks first and sends nothing twice."


class StillRunning(EventdeskError):
    """A long piece of work goes on at the platform. The same call continues it; nothing is sent twice."""

    def __init__(self, message: str, values: dict[str, str]) -> None:
        super().__init__(message)
        self.values = values


def refused_alike(code: str) -> EventdeskError:
    """The refusal of an identical call, of which the code alone is known."""
    kinds = {kind.code: kind for kind in reversed(_kinds(EventdeskError)) if kind.code is not ErrorCode.INTERNAL}
    kind = next((found for known, found in kinds.items() if known.value == code), RejectedByProvider)
    return kind("An identical call at the same time was refused by the platform, so this one was not sent.")


def _kinds(kind: type[EventdeskError]) -> list[type[EventdeskError]]:
    """A failure and what narrows it, the wider ones first."""
    return [kind, *(inner for narrower in kind.__subclasses__() for inner in _kinds(narrower))]
