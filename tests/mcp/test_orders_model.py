"""Registering, selling and cancelling by every way and in any order: the platform holds what was asked for, each once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from tests.mcp.machines import LOST, Chatting
from tests.mcp.writing import ES

PEOPLE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ida@pier.example": (
        ("Ida Bérg", "ida@pier.example"),
        ("Ida Be\u0301rg", "Ida@Pier.example"),
        ("Ida  Bérg", "IDA@pier.example"),
        ("IDA BÉRG", "ida@pier.example"),
    ),
    "ida.berg@pier.example": (("Ida Bérg", "ida.berg@pier.example"), ("ida bérg", "Ida.Berg@pier.example")),
}
"""Two people of one name, by their addresses, and how each is written."""
WRITTEN = sampled_from([(email, *how) for email, ways in PEOPLE.items() for how in ways])
HOSTS = sampled_from(["", "", "run-1", "run-2"])
Key = tuple[str, int, int]
"""What the journal knows an order by: address, how many seats, which of those alike."""


@dataclass(eq=False)
class Order:
    email: str
    seats: int
    ref: str
    stands: bool = True


class Orders(Chatting):
    """Event Schedule, where a registration is an order of one ticket. `known` is what the journal must know."""

    provider = "eventschedule"

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Order] = []
        self.known: dict[Key, Order | None] = {}
        """The order that a key stands for; None while nobody knows whether its request did anything."""
        self.hosts: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self.done_under: set[tuple[str, Key]] = set()
        self.last: tuple[str, Mapping[str, Any], str, Key] | None = None

    @initialize()
    def opens(self) -> None:
        made = self.call(
            "create_event",
            {"account": ES, "calendar": "boathouse", "title": "Quay Fair", "starts": "2027-06-12T19:30",
             "published": True, "tickets": [{"name": "Seat", "price": "0 GBP", "quantity": 500}]},
        )  # fmt: skip
        self.event = made["ref"]

    @property
    def standing(self) -> list[Order]:
        return [order for order in self.orders if order.stands]

    # What is asked for ------------------------------------------------------------------------------------------------

    @rule(who=WRITTEN, how=sampled_from(list(LOST)), host=HOSTS)
    def registers(self, who: tuple[str, str, str], how: str, host: str) -> None:
        email, name, written = who
        given = {"event": self.event, "name": name, "email": written}
        self._asks("register_attendee", given, host, (email, 1, 1), how)

    @rule(who=WRITTEN, other=WRITTEN)
    def registers_a_batch(self, who: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        rows = [{"name": name, "email": written} for _, name, written in (who, other)]
        wanted = {email for email, _, _ in (who, other)}
        open_ = {
            email
            for email, seats, nth in self.known
            if self.known[email, seats, nth] is None and (seats, nth) == (1, 1)
        }
        new = {email for email in wanted - open_ if not self._held(email)}
        before = self.sent
        answer = self.call("register_attendees", {"event": self.event, "rows": rows})
        assert self.sent == before + len(new), answer
        listed = self.call("list_attendees", {"event": self.event, "fields": ["ref", "email"], "limit": 200})["rows"]
        refs = {email.lower(): ref for ref, email in listed if ref not in {order.ref for order in self.orders}}
        for email in new:
            made = Order(email, 1, refs[email])
            self.orders.append(made)
            self.known[email, 1, 1] = made

    @rule(
        who=WRITTEN, seats=sampled_from([1, 2]), nth=sampled_from([1, 1, 2]), how=sampled_from(list(LOST)), host=HOSTS
    )
    def sells(self, who: tuple[str, str, str], seats: int, nth: int, how: str, host: str) -> None:
        email, name, written = who
        given: dict[str, Any] = {"event": self.event, "name": name, "email": written}
        given |= {"items": [{"item": "Seat", "quantity": seats}], "nth": nth}
        self._asks("create_sale", given, host, (email, seats, nth), how)

    @rule(who=WRITTEN, seats=sampled_from([1, 2]), how=sampled_from(list(LOST)))
    def sells_by_its_operation(self, who: tuple[str, str, str], seats: int, how: str) -> None:
        email, name, written = who
        body = {"event_id": self.event.partition(":")[2], "name": name, "email": written, "tickets": {"Seat": seats}}
        given = {"operation": "eventschedule.create_sale", "arguments": body}
        self._asks("call_write_operation", given, "", (email, seats, 1), how)

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeats(self) -> None:
        assert self.last is not None
        tool, given, host, key = self.last
        self._asks(tool, given, host, key, "answered")

    @precondition(lambda self: bool(self.standing))
    @rule(at=sampled_from(range(4)))
    def cancels(self, at: int) -> None:
        order = self.standing[at % len(self.standing)]
        for _ in range(2):
            answer = self.call("cancel_registration", {"attendees": [order.ref], "whole_order": True})
            assert answer["rows"][0][1] in {"done", "already_done"}, answer
        order.stands = False

    # What befalls the server ------------------------------------------------------------------------------------------

    @rule()
    def starts_anew(self) -> None:
        self.start_anew()

    @rule()
    def a_person_says_that_it_did_not_happen(self) -> None:
        settled = self.settle_unknown()
        unknown = [key for key, order in self.known.items() if order is None]
        assert len(settled) == len(unknown)
        for key in unknown:
            del self.known[key]

    # What must come of it ---------------------------------------------------------------------------------------------

    def _asks(self, tool: str, given: Mapping[str, Any], host: str, key: Key, how: str) -> None:
        """A call that makes one order true: exactly what the model says is sent and answered."""
        self.last = (tool, given, host, key)
        email, seats, _ = key
        before = self.sent
        answer = self.striking(how, lambda: self.call(tool, given, host=host))
        count = self.sent - before
        if tool == "register_attendee" and self._held(email):
            assert (count, answer["outcome"]) == (0, "already_registered"), answer
            return
        if host and self.hosts.setdefault(host, (tool, given)) != (tool, given):
            assert (count, answer["error"]["code"]) == (0, "conflict"), answer
            return
        order = self.known.get(key)
        if key in self.known and order is None:
            assert (count, answer["error"]["code"]) == (0, "outcome_unknown"), answer
        elif order is not None and (order.stands or (host, key) in self.done_under):
            assert (count, answer["outcome"]) == (0, "already_done"), answer
        elif how == "lost before":
            assert (count, answer["error"]["code"]) == (1, "outcome_unknown"), answer
            self.known[key] = None
        else:
            assert (count, answer["outcome"]) == (1, "done"), answer
            made = Order(email, seats, answer["ref"].replace(":o-", ":a-"))
            self.orders.append(made)
            self.known[key] = made
            if host:
                self.done_under.add((host, key))

    def _held(self, email: str) -> bool:
        return any(order.email == email for order in self.standing)

    def _rows(self) -> list[dict[str, Any]]:
        return self.rows(
            "select s.email, l.quantity from eventschedule_sale s join eventschedule_line l on l.sale_id = s.id"
            " where s.email like '%@pier.example' and s.status != 'cancelled' and s.is_deleted = 0"
        )

    @invariant()
    def the_platform_holds_what_was_asked_for(self) -> None:
        held = sorted((row["email"].lower(), row["quantity"]) for row in self._rows())
        assert held == sorted((order.email, order.seats) for order in self.standing)


TestOrders = Orders.TestCase
TestOrders.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
