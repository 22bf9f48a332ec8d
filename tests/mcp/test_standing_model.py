"""Events that are published, hidden and renamed by every way and in any order: they stand as the last answered call says."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from tests.mcp.machines import LOST, Chatting
from tests.mcp.writing import ES

TITLES = sampled_from(["Quay Fair", "Late Swim"])
HOWS = sampled_from(list(LOST))


class Standing(Chatting):
    """One event at Event Schedule. `changed` is what a call left open: done or not, nobody was told."""

    provider = "eventschedule"
    method = "PUT"

    def __init__(self) -> None:
        super().__init__()
        self.title, self.hidden = "Quay Fair", True
        self.last: tuple[str, Mapping[str, Any], dict[str, Any]] | None = None

    @initialize()
    def opens(self) -> None:
        made = self.call(
            "create_event",
            {"account": ES, "calendar": "boathouse", "title": self.title, "starts": "2027-06-12T19:30",
             "tickets": [{"name": "Seat", "price": "0 GBP", "quantity": 500}]},
        )  # fmt: skip
        self.event = made["ref"]
        self.others = self._others()

    @rule(hide=sampled_from([True, False]), how=HOWS)
    def is_archived_or_restored(self, hide: bool, how: str) -> None:
        self._asks("archive_event", {"event": self.event, "restore": not hide}, {"hidden": hide}, how)

    @rule(hide=sampled_from([True, False]), how=HOWS)
    def is_published_or_hidden_by_a_change(self, hide: bool, how: str) -> None:
        self._asks("update_event", {"event": self.event, "published": not hide}, {"hidden": hide}, how)

    @rule(title=TITLES, how=HOWS)
    def is_renamed(self, title: str, how: str) -> None:
        self._asks("update_event", {"event": self.event, "title": title}, {"title": title}, how)

    @rule(title=TITLES, hide=sampled_from([True, False]), how=HOWS)
    def is_renamed_and_published_or_hidden(self, title: str, hide: bool, how: str) -> None:
        given = {"event": self.event, "title": title, "published": not hide}
        self._asks("update_event", given, {"title": title, "hidden": hide}, how)

    @rule(title=TITLES, hide=sampled_from([True, False]), how=HOWS)
    def is_changed_by_its_operation(self, title: str, hide: bool, how: str) -> None:
        body = {"event": self.event.partition(":")[2], "name": title, "is_draft": hide}
        given = {"operation": "eventschedule.update_event", "arguments": body}
        self._asks("call_write_operation", given, {"title": title, "hidden": hide}, how)

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeats(self) -> None:
        assert self.last is not None
        self._asks(*self.last, "answered")

    @rule()
    def starts_anew(self) -> None:
        self.start_anew()

    @rule()
    def a_person_says_that_it_did_not_happen(self) -> None:
        self.settle_unknown()

    def _asks(self, tool: str, given: Mapping[str, Any], wanted: dict[str, Any], how: str) -> None:
        self.last = (tool, given, wanted)
        before, asked = self.sent, len(self.human.asked)
        answer = self.striking(how, lambda: self.call(tool, given))
        count = self.sent - before
        so_already = all(getattr(self, name) == value for name, value in wanted.items())
        if "error" in answer:
            assert answer["error"]["code"] == "outcome_unknown", answer
            assert not so_already, answer
            assert how == "lost before" or count == 0, answer
            return
        assert answer["outcome"] == ("already_done" if count == 0 else "done"), answer
        if so_already:
            assert (count, len(self.human.asked)) == (0, asked), answer
        for name, value in wanted.items():
            setattr(self, name, value)

    def _others(self) -> list[str]:
        return sorted(
            str(row)
            for row in self.rows("select id, name, is_draft from eventschedule_event")
            if row["name"] not in {"Quay Fair", "Late Swim"}
        )

    @invariant()
    def it_stands_as_the_calls_said(self) -> None:
        rows = self.rows("select name, is_draft from eventschedule_event where name in ('Quay Fair', 'Late Swim')")
        assert [(row["name"], bool(row["is_draft"])) for row in rows] == [(self.title, self.hidden)]
        assert self._others() == self.others


TestStanding = Standing.TestCase
TestStanding.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
