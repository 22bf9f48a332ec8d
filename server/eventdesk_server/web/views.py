"""The part of the desk that one identity may use: their accounts, their effects, their previews."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import anyio

from eventdesk_server.settings import AccountSettings
from eventdesk_server.web.identity import WRITING, Identity, current
from eventdesk_tools.catalog import CATALOG
from eventdesk_tools.desk import Desk
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import RateLimited

EVERYBODY = "*"
_VIEWS_MOST = 10_000


@dataclass(slots=True)
class _Bucket:
    """Calls that are left, refilled steadily."""

    left: float
    at: float


@dataclass(slots=True)
class Views:
    """What each identity sees of the desk. An account that is bound to nobody is nobody's."""

    desk: Desk
    settings: Mapping[str, AccountSettings]
    calls_per_minute: int
    clock: Callable[[], float] = anyio.current_time
    _views: dict[Identity, Desk] = field(default_factory=dict[Identity, Desk])
    _buckets: dict[str, _Bucket] = field(default_factory=dict[str, _Bucket])

    def present(self) -> Desk:
        """The desk of the present request; the whole one where nobody had to say who they are."""
        identity = current()
        return self.desk if identity is None else self.of(identity)

    def of(self, identity: Identity) -> Desk:
        """The desk of an identity."""
        found = self._views.get(identity)
        if found is None:
            if len(self._views) >= _VIEWS_MOST:
                self._views.clear()
            found = self._views[identity] = self._made(identity)
        return found

    def _made(self, identity: Identity) -> Desk:
        accounts = {name: account for name, account in self.desk.accounts.items() if self._may(identity, name)}
        return replace(
            self.desk,
            subject=identity.subject,
            accounts=accounts,
            barred={
                spec.name: "the scopes of this login"
                for spec in CATALOG
                if not _covers(identity, spec.name, spec.effect)
            },
        )

    def _may(self, identity: Identity, account: str) -> bool:
        bound = self.settings.get(account)
        if bound is None:  # the sandbox is everybody's
            return True
        return bool({EVERYBODY, identity.subject} & set(bound.subjects)) or bool(identity.groups & set(bound.groups))

    def spend(self) -> None:
        """Count one call of the present subject.

        Raises:
            RateLimited: They have made too many; `retry_after` tells when the next one may come.
        """
        identity = current()
        if identity is None:
            return
        now, rate = self.clock(), self.calls_per_minute / 60
        bucket = self._buckets.setdefault(identity.subject, _Bucket(self.calls_per_minute, now))
        bucket.left = min(self.calls_per_minute, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            wait = (1 - bucket.left) / rate
            raise RateLimited("This login makes too many calls: nothing was sent.", retry_after=wait)
        bucket.left -= 1
        if len(self._buckets) > _VIEWS_MOST:
            self._buckets = {
                name: kept
                for name, kept in self._buckets.items()
                if kept.left + (now - kept.at) * rate < self.calls_per_minute
            }


def _covers(identity: Identity, tool: str, effect: Effect) -> bool:
    """Whether the scopes allow a tool. What carries out any write needs all three; a preview's scopes were checked with it."""
    if tool == "call_write_operation":
        return identity.effects >= WRITING
    if tool == "apply_preview":
        return bool(identity.effects & WRITING)
    return effect in identity.effects
