"""A check's outcome in words for people, and as data."""

from dataclasses import dataclass, field
from typing import Any

from eventdesk_server.accounts.remedies import Remedy, remedy
from eventdesk_server.settings import AccountSettings
from eventdesk_tools.checking import CHECK_SECONDS, Checked
from eventdesk_tools.errors import EventdeskError
from eventdesk_tools.models import AccountFacts
from eventdesk_tools.ports import PROVIDER_TITLES, ProviderName
from eventdesk_tools.text import line

_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an account works; if not, what is wrong and what the person does."""

    name: str
    title: str
    ok: bool
    told: str
    """What the account tells of itself, or what is wrong."""
    code: str = ""
    remedy: Remedy = field(default_factory=lambda: Remedy(""))

    def as_text(self, *, command: bool = True) -> str:
        """For people; without the `command` where the person is in the middle of it."""
        if self.ok:
            return f"{self.name} ({self.title}) works" + (f": {self.told}" if self.told else ".")
        text = f"{self.told}\n  What to do: {self.remedy.text}"
        return f"{text}\n  Then: {self.remedy.command}" if command and self.remedy.command else text

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        found: dict[str, Any] = {"name": self.name, "provider": self.title, "ok": self.ok, "told": self.told}
        if not self.ok:
            found |= {"code": self.code, "remedy": self.remedy.text, "command": self.remedy.command}
        return found


def verdict(name: str, settings: AccountSettings, checked: Checked) -> Verdict:
    """A check in words."""
    title = PROVIDER_TITLES[ProviderName(settings.model_dump()["provider"])]
    if isinstance(checked, AccountFacts):
        return Verdict(name=name, title=title, ok=True, told=_facts(checked))
    if isinstance(checked, EventdeskError):
        told, code = checked.message, checked.code.value
        if name not in told:
            told = f"{title} ({name}): {told}"
    else:
        told, code = f"{title} ({name}) did not answer within {CHECK_SECONDS:g} s.", "provider_unavailable"
    return Verdict(name=name, title=title, ok=False, told=told, code=code, remedy=remedy(name, settings, checked))


def _facts(facts: AccountFacts) -> str:
    parts = [line(note, 200) for note in facts.notes]
    if facts.calendars:
        more = f" and {len(facts.calendars) - _MOST} more" if len(facts.calendars) > _MOST else ""
        parts.append(f"calendars {', '.join(line(name, 60) for name in facts.calendars[:_MOST])}{more}")
    if facts.packages:
        parts.append(f"{len(facts.packages)} packages of credits")
    return "; ".join(parts)
